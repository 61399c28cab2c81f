"""Secrets with their replicas, and parameters of Systems Manager."""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Parameter, Secret, SecretReplica
from ..reader import Read, Reader, Resource
from ..values import Unresolved
from .iam import policies
from .kms import key

_NO_REGION = Unresolved("a Region, which the replica lacks")


def _secret(reader: Reader, resource: Resource) -> Secret:
    properties = resource.properties
    name = properties["Name"].text()
    attached = policies(reader, "AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy")
    replicas = []
    for one in properties["ReplicaRegions"]:
        region = one["Region"].text() or _NO_REGION
        encrypts = key(reader, one["KmsKeyId"].text(), resource, region)
        replicas.append(SecretReplica(replica_region=region, key=encrypts, **resource.part(one)))
    return Secret(
        name=name,
        key=key(reader, properties["KmsKeyId"].text(), resource),
        replicas=tuple(replicas),
        statements=attached.get(resource.id if name is None or resource.id in attached else name),
        **resource.head(),
    )


def _parameter(_reader: Reader, resource: Resource) -> Parameter:
    properties = resource.properties
    return Parameter(
        name=properties["Name"].text(),
        type=properties["Type"].text(),
        value=properties["Value"].text(),
        **resource.head(),
    )


READERS: Mapping[str, Read] = {
    "AWS::SecretsManager::Secret": _secret,
    "AWS::SSM::Parameter": _parameter,
}
