"""Readers may ask for a thing's place and gaps at any moment of its reading."""

from __future__ import annotations

import time

import pytest

from ha_patterns.topology import loading
from ha_patterns.topology.model import Accelerator, AcceleratorEndpoint, Bucket, EndpointGroup, Record
from ha_patterns.topology.reader import Reader, Resource
from ha_patterns.topology.values import Unresolved

from .loading import load_resources, named, only, ref, resource

_TEMPLATE = {
    "Group": resource(
        "Test::Group",
        Names=ref("Names"),
        Endpoints=[{"Weights": ref("Weights"), "Ids": ref("Ids")}, {"Ids": ["a"]}],
    )
}
_PARAMETERS = {name: {"Type": "CommaDelimitedList"} for name in ("Names", "Weights", "Ids")}


def _read(_reader: Reader, group: Resource) -> EndpointGroup:
    """Asks for place and gaps before anything is read."""
    head = group.head()
    endpoints = []
    for one in group.properties["Endpoints"]:
        part = group.part(one)
        ids = one["Ids"].texts()
        endpoint = AcceleratorEndpoint(
            **part,
            target=Unresolved("a target"),
            id=str(ids),
            weight=128,
            client_ip_preserved=False,
            attachment=None,
            endpoint_group_region="eu-west-1",
        )
        endpoints.append(endpoint)
        # Also what is read when the part is made already.
        one["Weights"].texts()
    made = EndpointGroup(
        **head,
        listener=Unresolved("a listener"),
        endpoint_group_region="eu-west-1",
        traffic_dial=100,
        interval=30,
        threshold=3,
        protocol="TCP",
        health_check_port=None,
        health_check_path="/",
        port_overrides=(),
        health_settings=(),
        endpoints=tuple(endpoints),
    )
    group.properties["Names"].texts()
    return made


def _names(gaps: tuple[Unresolved, ...]) -> list[object]:
    return [gap.path[-2] for gap in gaps]


def test_gaps_that_are_found_after_place_and_gaps_were_asked_for_are_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "READERS", {"AWS::Test::Group": _read})

    group = only(load_resources(_TEMPLATE, Parameters=_PARAMETERS), EndpointGroup)

    assert _names(group.gaps) == ["Ids", "Weights", "Names"]
    first, second = group.endpoints
    assert _names(first.gaps) == ["Ids", "Weights"]
    assert second.gaps == ()


def test_a_thing_is_completed_and_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Accelerator] = []

    def read(_reader: Reader, accelerator: Resource) -> Accelerator:
        made.append(Accelerator(**accelerator.head(), enabled=True, ip_address_type="IPV4"))
        accelerator.properties["Names"].texts()
        return made[0]

    monkeypatch.setattr(loading, "READERS", {"AWS::Test::Accelerator": read})
    topology = load_resources({"One": resource("Test::Accelerator", Names=ref("Names"))}, Parameters=_PARAMETERS)

    assert only(topology, Accelerator) is made[0]
    assert _names(made[0].gaps) == ["Names"]


@pytest.mark.parametrize(
    ("arn", "found"),
    [
        ("arn:aws:s3:::accesspoint", True),
        ("arn:aws:s3:::accesspoint/key:1", True),
        ("arn:aws:s3:eu-west-1:123456789012:accesspoint/zz", False),
        ("arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/accesspoint", False),
    ],
)
def test_the_arn_of_an_access_point_is_of_no_bucket(arn: str, found: bool) -> None:
    rules = [{"Destination": {"Bucket": arn}, "Status": "Enabled"}]
    source = resource("S3::Bucket", ReplicationConfiguration={"Rules": rules})
    topology = load_resources({"Source": source, "Copy": resource("S3::Bucket", BucketName="accesspoint")})

    (rule,) = named(topology, Bucket, "Source").replication
    assert isinstance(rule.destination, Bucket) is found


def test_a_resource_of_thousands_of_parts_with_gaps_is_read_in_time() -> None:
    unknown = {"Fn::If": ["Some", ["192.0.2.1"], ["192.0.2.2"]]}
    records = [
        {"Name": f"r{index}.example.com", "Type": "A", "TTL": "60", "ResourceRecords": unknown} for index in range(4000)
    ]
    group = resource("Route53::RecordSetGroup", HostedZoneName="example.com.", RecordSets=records)
    conditions = {"Some": {"Fn::Equals": [ref("Given"), "yes"]}}

    start = time.process_time()
    topology = load_resources({"Group": group}, Parameters={"Given": {"Type": "String"}}, Conditions=conditions)
    elapsed = time.process_time() - start

    assert [len(record.gaps) for record in topology.of(Record)] == [1] * 4000
    # Under a second; 20 seconds when each part looked at all gaps.
    assert elapsed < 5
