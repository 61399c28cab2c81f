"""Tables with their replicas, keys and streams."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import EventSourceMapping, Function, Key, Table
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, load_stacks, only, ref, resource

_PARAMETERS = {"Given": {"Type": "String"}}


def test_a_global_table_has_its_replicas() -> None:
    replicas = [{"Region": "eu-west-1"}, {"Region": "us-east-1"}]
    properties = {"TableName": "t", "Replicas": replicas, "MultiRegionConsistency": "STRONG"}
    table = only(load_resources({"Table": resource("DynamoDB::GlobalTable", **properties)}), Table)

    assert (table.name, table.regions, table.strong) == ("t", ("eu-west-1", "us-east-1"), True)


def test_a_table_is_in_its_region_only() -> None:
    table = only(load_resources({"Table": resource("DynamoDB::Table")}), Table)

    assert (table.name, table.regions, table.strong) == (Reference(ResourceId("Test", "Table")), (), False)


@pytest.mark.parametrize("name", [{}, {"TableName": "t"}])
def test_the_older_tables_of_the_cdk_have_their_replicas(name: dict[str, str]) -> None:
    replica = resource("Custom::DynamoDBReplica", TableName=ref("Table"), Region="us-east-1")
    table = only(load_resources({"Table": resource("DynamoDB::Table", **name), "Replica": replica}), Table)

    assert table.regions == ("eu-west-1", "us-east-1")
    assert [one.place.logical_id for one in table.replicas] == ["Table", "Replica"]


def test_a_table_has_dynamodb_s_defaults() -> None:
    table = only(load_resources({"Table": resource("DynamoDB::Table")}), Table)

    assert (table.billing, table.key, table.stream, table.statements) == ("PROVISIONED", None, None, ())
    assert (table.deletion_protected, table.point_in_time_recovery) == (False, False)
    assert (table.source, table.witnesses, table.replicas) == (None, (), ())


def test_a_table_has_what_it_says() -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*"}}
    table = resource(
        "DynamoDB::Table",
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": "true"},
        ResourcePolicy={"PolicyDocument": document},
        SSESpecification={"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": get_att("Key", "Arn")},
        StreamSpecification={"StreamViewType": "NEW_IMAGE"},
    )
    topology = load_resources({"Table": table, "Key": resource("KMS::Key")})
    found = only(topology, Table)

    assert (found.billing, found.key, found.stream) == ("PAY_PER_REQUEST", only(topology, Key), "NEW_IMAGE")
    assert (found.deletion_protected, found.point_in_time_recovery) == (True, True)
    assert found.statements is not None
    assert [one.actions for one in found.statements] == [("dynamodb:GetItem",)]


@pytest.mark.parametrize("kind", ["DynamoDB::Table", "DynamoDB::GlobalTable"])
def test_a_table_may_not_be_known(kind: str) -> None:
    given = ref("Given")
    names = ("BillingMode", "MultiRegionConsistency", "StreamSpecification")
    table = resource(kind, Replicas=given, ResourcePolicy=given, SSESpecification=given, **dict.fromkeys(names, given))
    found = only(load_resources({"Table": table}, Parameters=_PARAMETERS), Table)

    assert [Unresolved] * 3 == [type(one) for one in (found.billing, found.stream, found.key)]
    assert found.statements is None
    assert kind == "DynamoDB::Table" or isinstance(found.strong, Unresolved)


def test_a_replica_has_a_key_of_its_own() -> None:
    replicas = [
        {
            "Region": "eu-west-1",
            "DeletionProtectionEnabled": True,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {"KMSMasterKeyId": get_att("Key", "Arn")},
        },
        {"Region": "us-east-1", "SSESpecification": {"KMSMasterKeyId": "arn:aws:kms:us-east-1:1:key/other"}},
        {"Region": ref("Given")},
    ]
    witnesses = [{"Region": "us-west-2"}]
    table = resource("DynamoDB::GlobalTable", Replicas=replicas, GlobalTableWitnesses=witnesses)
    topology = load_resources({"Table": table, "Key": resource("KMS::Key")}, Parameters=_PARAMETERS)
    found = only(topology, Table)
    here, there, unknown = found.replicas

    assert (here.key, here.deletion_protected, here.point_in_time_recovery) == (only(topology, Key), True, True)
    assert (found.key, found.deletion_protected, found.point_in_time_recovery) == (here.key, True, True)
    assert (here.region, here.account, here.statements) == ("eu-west-1", "123456789012", ())
    assert isinstance(there.key, Unresolved)
    assert (there.deletion_protected, there.point_in_time_recovery) == (False, False)
    assert (type(unknown.region), unknown.key) == (Unresolved, None)
    assert (found.witnesses, found.source, found.billing) == (("us-west-2",), None, "PROVISIONED")


def test_of_replicas_elsewhere_the_stacks_own_is_not_known() -> None:
    replicas = [{"Region": "us-east-1"}, {"Region": "us-west-2"}]
    found = only(load_resources({"Table": resource("DynamoDB::GlobalTable", Replicas=replicas)}), Table)

    assert (type(found.key), type(found.deletion_protected), found.statements) == (Unresolved, Unresolved, None)


_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/routes"


def test_a_replica_in_another_account_has_its_source() -> None:
    source = resource("DynamoDB::GlobalTable", TableName="routes", Replicas=[{"Region": "us-east-1"}])
    copy = resource(
        "DynamoDB::GlobalTable", TableName="routes", Replicas=[{"Region": "eu-west-1"}], GlobalTableSourceArn=_ARN
    )
    stacks = {"Source": {"Resources": {"Table": source}}, "Copy": {"Resources": {"Table": copy}}}
    for order in (stacks, dict(reversed(stacks.items()))):
        topology = load_stacks(order, {"Source": "us-east-1"})
        found = {table.place.stack.name: table for table in topology.of(Table)}

        assert (found["Copy"].source, found["Source"].source) == (found["Source"], None)
        assert isinstance(found["Copy"].billing, Unresolved)


@pytest.mark.parametrize("arn", [_ARN, ref("Given"), get_att("Table", "Arn")])
def test_a_source_may_not_be_in_these_templates(arn: Any) -> None:
    replicas = [{"Region": "eu-west-1"}]
    table = resource("DynamoDB::GlobalTable", TableName="routes", Replicas=replicas, GlobalTableSourceArn=arn)
    found = only(load_resources({"Table": table}, Parameters=_PARAMETERS), Table)

    assert isinstance(found.source, Unresolved)


@pytest.mark.parametrize(
    "source",
    [get_att("Table", "StreamArn"), "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/2026-01-01T00:00:00.000"],
)
def test_a_stream_is_of_its_table(source: Any) -> None:
    resources = {
        "Table": resource("DynamoDB::Table", TableName="t"),
        "Function": resource("Lambda::Function"),
        "Mapping": resource(
            "Lambda::EventSourceMapping", EventSourceArn=source, FunctionName=ref("Function"), BatchSize=10
        ),
    }
    topology = load_resources(resources)
    found = only(topology, EventSourceMapping)

    assert (found.table, found.function) == (only(topology, Table), only(topology, Function))
    assert (found.enabled, found.batch_size) == (True, 10)


def test_a_queue_is_no_table() -> None:
    mapping = resource("Lambda::EventSourceMapping", EventSourceArn="arn:aws:sqs:eu-west-1:1:jobs", Enabled=False)
    found = only(load_resources({"Mapping": mapping}), EventSourceMapping)

    assert (found.table, found.source, found.enabled) == (None, "arn:aws:sqs:eu-west-1:1:jobs", False)
    assert (found.batch_size, type(found.function)) == (None, Unresolved)
