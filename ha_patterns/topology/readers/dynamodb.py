"""Tables of DynamoDB with their replicas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..model import Table, TableReplica
from ..properties import Property
from ..reader import Read, Reader, Resource, complete
from ..values import Reference, Unresolved, Value
from .iam import policy
from .kms import key

_NO_REGION = Unresolved("a Region, which the replica lacks")
# A replica in another account has its settings from there.
_OF_SOURCE = Unresolved("a setting of the table that this one is a replica of")


def _table(reader: Reader, resource: Resource) -> Table:
    properties = resource.properties
    name = properties["TableName"].text() or Reference(resource.id)
    copies = reader.index("replicas", lambda: _replicas(reader))
    found = (*copies.get(Reference(resource.id), ()), *(copies.get(name, ()) if isinstance(name, str) else ()))
    own = _replica(reader, resource, properties, resource.template.stack.region)
    replicas: dict[Value, TableReplica] = {}
    for replica in (own, *found) if found else ():
        replicas.setdefault(replica.region, replica)
    return Table(
        name=name,
        replicas=tuple(replicas.values()),
        source=None,
        witnesses=(),
        strong=False,
        billing=properties["BillingMode"].text() or "PROVISIONED",
        key=own.key,
        deletion_protected=own.deletion_protected,
        point_in_time_recovery=own.point_in_time_recovery,
        stream=properties["StreamSpecification"]["StreamViewType"].text(),
        statements=own.statements,
        **resource.head(),
    )


def _replicas(reader: Reader) -> dict[Value | None, list[TableReplica]]:
    """By table's name, where the custom resource of the CDK's older tables copies it to."""
    found: dict[Value | None, list[TableReplica]] = {}
    for resource in reader.resources("Custom::DynamoDBReplica"):
        region = resource.properties["Region"].text()
        if region is not None:
            replica = TableReplica(
                replica_region=region,
                account=resource.template.stack.account,
                key=None,
                deletion_protected=False,
                point_in_time_recovery=False,
                statements=(),
                **resource.head(),
            )
            found.setdefault(resource.properties["TableName"].text(), []).append(replica)
    return found


def _replica(reader: Reader, resource: Resource, given: Property, region: Value) -> TableReplica:
    document = given["ResourcePolicy"]["PolicyDocument"]
    return TableReplica(
        replica_region=region,
        account=resource.template.stack.account,
        key=key(reader, given["SSESpecification"]["KMSMasterKeyId"].text(), resource, region),
        deletion_protected=given["DeletionProtectionEnabled"].flag(),
        point_in_time_recovery=given["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"].flag(),
        statements=policy(resource, document) if document else (),
        **resource.part(given),
    )


def _global_table(reader: Reader, resource: Resource) -> Table:
    properties = resource.properties
    region = resource.template.stack.region
    replicas = tuple(
        _replica(reader, resource, one, one["Region"].text() or _NO_REGION) for one in properties["Replicas"]
    )
    here = next((replica for replica in replicas if replica.region == region), None)
    # With one replica only, it is the one of the stack's Region.
    here = replicas[0] if here is None and len(replicas) == 1 else here
    unknown = Unresolved("the replica of the stack's Region")
    source = properties["GlobalTableSourceArn"].text()
    table = Table(
        name=properties["TableName"].text() or Reference(resource.id),
        replicas=replicas,
        source=source if source is None or isinstance(source, Unresolved) else Unresolved(f"{source}"),
        witnesses=tuple(one["Region"].text() or _NO_REGION for one in properties["GlobalTableWitnesses"]),
        strong=_strong(properties["MultiRegionConsistency"]),
        billing=properties["BillingMode"].text() or ("PROVISIONED" if source is None else _OF_SOURCE),
        key=here.key if here else unknown,
        deletion_protected=here.deletion_protected if here else unknown,
        point_in_time_recovery=here.point_in_time_recovery if here else unknown,
        stream=properties["StreamSpecification"]["StreamViewType"].text(),
        statements=here.statements if here else None,
        **resource.head(),
    )
    if source is not None:
        reader.later(lambda: complete(table, replace(table, source=_source(reader, table, source))))
    return table


def _source(reader: Reader, table: Table, arn: Value) -> Table | Unresolved | None:
    # All replicas have one name: of a source in a Region that no template tells, nothing else is sure to be it.
    found = reader.link(arn, Table)
    return Unresolved(f"{arn}, which is not in these templates") if found is table else found


def _strong(consistency: Property) -> bool | Unresolved:
    told = consistency.text()
    return told if isinstance(told, Unresolved) else told == "STRONG"


READERS: Mapping[str, Read] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::DynamoDB::GlobalTable": _global_table,
}
