"""Secrets with their replicas, and parameters of Systems Manager."""

from __future__ import annotations

from ha_patterns.topology.model import Key, Parameter, Secret
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, only, ref, resource

_PARAMETERS = {"Given": {"Type": "String"}}
_POLICY = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}]}


def test_a_secret_has_what_it_says() -> None:
    replicas = [
        {"Region": "us-east-1"},
        {"Region": "us-west-2", "KmsKeyId": "arn:aws:kms:us-west-2:1:key/a"},
        {"Region": ref("Given")},
    ]
    resources = {
        "Secret": resource("SecretsManager::Secret", Name="guard", KmsKeyId=ref("Key"), ReplicaRegions=replicas),
        "Policy": resource("SecretsManager::ResourcePolicy", SecretId=ref("Secret"), ResourcePolicy=_POLICY),
        "Key": resource("KMS::Key"),
    }
    topology = load_resources(resources, Parameters=_PARAMETERS)
    secret = only(topology, Secret)
    first, second, third = secret.replicas

    assert (secret.name, secret.key) == ("guard", only(topology, Key))
    assert (first.region, first.key, second.region) == ("us-east-1", None, "us-west-2")
    assert [Unresolved] * 2 == [type(one) for one in (second.key, third.region)]
    assert second.place.path == ("Properties", "ReplicaRegions", 1)
    assert secret.statements is not None
    assert [one.effect for one in secret.statements] == ["Deny"]


def test_a_secret_without_anything_is_aws_s() -> None:
    secret = only(load_resources({"Secret": resource("SecretsManager::Secret")}), Secret)

    assert (secret.name, secret.key, secret.replicas, secret.statements) == (None, None, (), None)


def test_a_secret_may_not_be_known() -> None:
    secret = resource("SecretsManager::Secret", Name=ref("Given"), KmsKeyId=ref("Given"), ReplicaRegions=ref("Given"))
    found = only(load_resources({"Secret": secret}, Parameters=_PARAMETERS), Secret)

    assert [Unresolved] * 2 == [type(one) for one in (found.name, found.key)]
    assert (found.replicas, len(found.gaps)) == ((), 1)


def test_an_alias_of_a_key_is_of_the_replicas_region() -> None:
    resources = {
        "Secret": resource("SecretsManager::Secret", ReplicaRegions=[{"Region": "us-east-1", "KmsKeyId": "alias/a"}]),
        "Key": resource("KMS::Key"),
        "Alias": resource("KMS::Alias", AliasName="alias/a", TargetKeyId=ref("Key")),
    }
    (replica,) = only(load_resources(resources), Secret).replicas

    assert isinstance(replica.key, Unresolved)


def test_a_parameter_has_its_name_and_value() -> None:
    given = {"Name": "/site/table", "Type": "String", "Value": get_att("Table", "Arn")}
    resources = {"Parameter": resource("SSM::Parameter", **given), "Empty": resource("SSM::Parameter")}
    topology = load_resources({**resources, "Table": resource("DynamoDB::Table")})
    full, empty = topology.of(Parameter)

    assert (full.name, full.type, str(full.value)) == ("/site/table", "String", "${Table.Arn}")
    assert (empty.name, empty.type, empty.value) == (None, None, None)
