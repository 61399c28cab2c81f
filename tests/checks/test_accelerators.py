"""What the rules say of accelerators and load balancers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .dns_documents import (
    ACCELERATOR,
    ZONE,
    Resources,
    alias,
    attribute,
    balancer_arn,
    endpoint_group,
    forward,
    found,
    latency,
    listener,
    load_balancer,
    record,
    ref,
    target_group,
    untold,
)

_OTHER = {"Other": endpoint_group("us-east-1", balancer_arn("us-east-1"))}


def _said(folder: Path, rule_id: str, group: dict[str, Any], **more: Any) -> list[str]:
    return found(folder, rule_id, {**ACCELERATOR, "Group": group, **_OTHER, **more}, ("Given",))


def _group(*endpoints: object, **properties: Any) -> dict[str, Any]:
    return endpoint_group("eu-west-1", *(endpoints or ("eipalloc-1",)), **properties)


def _weighted(weight: object) -> dict[str, object]:
    return {"EndpointId": "eipalloc-1", "Weight": weight}


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (_group(HealthCheckIntervalSeconds=15), "HealthCheckIntervalSeconds is 15; it may be 10 or 30"),
        (_group(ThresholdCount=20), "ThresholdCount is 20; it may be 1 to 10"),
        (_group(ThresholdCount=0), "ThresholdCount is 0"),
        (_group(TrafficDialPercentage=150), "TrafficDialPercentage is 150; it may be 0 to 100"),
        (_group(TrafficDialPercentage=-1), "TrafficDialPercentage is -1"),
        (_group(_weighted(256)), "Weight is 256; it may be 0 to 255"),
        (_group(HealthCheckProtocol="UDP"), "HealthCheckProtocol is 'UDP'; it may be TCP, HTTP, HTTPS"),
        (_group(HealthCheckPort=0), "HealthCheckPort is 0; it may be 1 to 65535"),
        (_group(HealthCheckPort=65536), "HealthCheckPort is 65536"),
        (_group(HealthCheckPath="health"), "HealthCheckPath is 'health'; it may be a path"),
        (_group(HealthCheckPath="/{health}"), "HealthCheckPath is '/{health}'"),
        (_group(HealthCheckPath=f"/{'x' * 255}"), "a path of at most 255 characters"),
        (_group(*(f"eipalloc-{number}" for number in range(11))), "has 11 endpoints; it may have 10"),
    ],
)
def test_what_global_accelerator_refuses_is_found(tmp_path: Path, group: dict[str, Any], said: str) -> None:
    [message] = _said(tmp_path, "HA301", group)

    assert said in message


@pytest.mark.parametrize(
    "group",
    [
        _group(),
        _group(HealthCheckIntervalSeconds=10, ThresholdCount=1, TrafficDialPercentage=100),
        _group(HealthCheckIntervalSeconds=30, ThresholdCount=10, TrafficDialPercentage=0),
        _group(TrafficDialPercentage=99.5),
        _group(_weighted(0), _weighted(255)),
        _group(_weighted(ref("Given")), HealthCheckIntervalSeconds=ref("Given"), ThresholdCount=ref("Given")),
        _group(HealthCheckProtocol="HTTPS", HealthCheckPort=65535, HealthCheckPath=f"/{'x' * 254}"),
        _group(HealthCheckProtocol="HTTP", HealthCheckPort=1, HealthCheckPath="/health?deep=1&for=a%20b"),
        # CloudFormation's word for the port of the listener.
        _group(HealthCheckPort=-1),
        _group(HealthCheckProtocol=ref("Given"), HealthCheckPort=ref("Given"), HealthCheckPath=ref("Given")),
        _group(*(f"eipalloc-{number}" for number in range(10))),
    ],
)
def test_what_global_accelerator_takes_is_fine(tmp_path: Path, group: dict[str, Any]) -> None:
    assert not _said(tmp_path, "HA301", group)


def _entry(*ranges: tuple[object, object], **properties: Any) -> Resources:
    given = {"AcceleratorArn": ref("Accelerator"), "PortRanges": [{"FromPort": a, "ToPort": b} for a, b in ranges]}
    listener_of = {"Type": "AWS::GlobalAccelerator::Listener", "Properties": {**given, **properties}}
    return {**ACCELERATOR, "Entry": listener_of}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_entry((1, 1), (65535, 65535), (80, 443)), None),
        (_entry(*((port, port) for port in range(1, 11))), None),
        (_entry(*((port, port) for port in range(1, 12))), "PortRanges has 11 ranges; it may have 10"),
        (_entry((0, 80)), "PortRanges has 0; a port is 1 to 65535"),
        (_entry((80, 65536)), "PortRanges has 65536"),
        (_entry((443, 80)), "PortRanges has 443 to 80; FromPort may be at most ToPort"),
        (_entry((443, ref("Given"))), None),
        (_entry((443, 443), PortRanges=ref("Given")), None),
        (_entry((443, 443), Protocol="TLS"), "Protocol is 'TLS'; it may be TCP or UDP"),
        (_entry((443, 443), Protocol=ref("Given"), ClientAffinity=ref("Given")), None),
        (_entry((443, 443), Protocol="UDP", ClientAffinity="SOURCE_IP"), None),
        (_entry((443, 443), ClientAffinity="COOKIE"), "ClientAffinity is 'COOKIE'; it may be NONE or SOURCE_IP"),
    ],
)
def test_listeners_that_are_refused_are_found(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA313", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


@pytest.mark.parametrize(
    ("endpoints", "count"),
    [
        ((balancer_arn(),), 1),
        ((ref("Balancer"),), 1),
        (({"Fn::Sub": "arn:aws:elasticloadbalancing:eu-west-1:${AWS::AccountId}:loadbalancer/net/a/1"},), 1),
        ((balancer_arn(), "eipalloc-1"), 0),
        (("eipalloc-1",), 0),
        ((ref("Given"),), 0),
    ],
)
def test_settings_are_ignored_where_all_endpoints_are_load_balancers(
    tmp_path: Path, endpoints: tuple[object, ...], count: int
) -> None:
    group = _group(*endpoints, HealthCheckPath="/health", HealthCheckProtocol="HTTPS")

    assert count == len(_said(tmp_path, "HA302", group, Balancer=load_balancer()))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"HealthCheckPort": 443}, "HealthCheckPort has no effect"),
        ({"HealthCheckPort": 443, "ThresholdCount": 2}, "HealthCheckPort and ThresholdCount have no effect"),
    ],
)
def test_what_is_ignored_is_named(tmp_path: Path, settings: dict[str, Any], said: str) -> None:
    [message] = _said(tmp_path, "HA302", _group(balancer_arn(), **settings))

    assert message.endswith(said)


def test_without_settings_nothing_is_ignored(tmp_path: Path) -> None:
    assert not _said(tmp_path, "HA302", _group(balancer_arn()))


@pytest.mark.parametrize(
    ("dial", "other", "count"),
    [(0, 0, 1), (0, 1, 0), (0, 100, 0), (1, 0, 0), (ref("Given"), 100, 0), (0, ref("Given"), 0)],
)
def test_a_dial_of_zero_is_for_a_standby_of_a_group_with_traffic(
    tmp_path: Path, dial: Any, other: Any, count: int
) -> None:
    group = endpoint_group("us-east-1", balancer_arn("us-east-1"), TrafficDialPercentage=other)
    given = _group(TrafficDialPercentage=dial)
    said = _said(tmp_path, "HA303", given, Other=group)

    assert [one for one in said if "eu-west-1" in one] == [
        "TrafficDialPercentage of eu-west-1 is 0, and no other endpoint group has more than 0"
    ] * count


@pytest.mark.parametrize(
    "more",
    [
        {"Other": endpoint_group("us-east-1", "eipalloc-2", TrafficDialPercentage=ref("Given"))},
        {"Other": endpoint_group("us-east-1", "eipalloc-2", ListenerArn=ref("Given"))},
    ],
)
def test_a_group_of_a_dial_that_nobody_tells_may_have_traffic(tmp_path: Path, more: Resources) -> None:
    resources = {**ACCELERATOR, "Group": _group(TrafficDialPercentage=0), **more}

    assert untold(tmp_path, "HA303", resources, ("Given",))


def test_a_standby_of_a_listener_that_is_given_may_stand_by_for_others(tmp_path: Path) -> None:
    resources = {"Group": _group(TrafficDialPercentage=0, ListenerArn=ref("Given"))}

    assert untold(tmp_path, "HA303", resources, ("Given",))


def test_a_dial_and_all_weights_of_zero_are_off(tmp_path: Path) -> None:
    assert not _said(tmp_path, "HA303", _group(_weighted(0), TrafficDialPercentage=0))


def test_a_listener_whose_groups_are_given_may_have_another_region(tmp_path: Path) -> None:
    elsewhere = endpoint_group("us-east-1", "eipalloc-2", ListenerArn=ref("Given"))

    assert untold(tmp_path, "HA304", {**ACCELERATOR, "Group": _group(), "Elsewhere": elsewhere}, ("Given",))


@pytest.mark.parametrize("name", [ref("Entry"), attribute("Entry", "ListenerArn"), {"Fn::Sub": "${Entry}"}])
def test_a_listener_that_an_output_names_may_have_another_region(tmp_path: Path, name: object) -> None:
    document = {"Resources": {**ACCELERATOR, "Group": _group()}, "Outputs": {"Arn": {"Value": name}}}
    path = tmp_path / "dns.template.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    said = check(load(path), rules=[RULES["HA304"]])

    assert not said.findings
    assert ["output" in one.message for _, one in said.cannot_tell] == [True]


def test_a_listener_that_a_parameter_store_keeps_may_have_another_region(tmp_path: Path) -> None:
    kept = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": ref("Entry")}}

    assert untold(tmp_path, "HA304", {**ACCELERATOR, "Group": _group(), "Kept": kept})


def test_a_listener_without_groups_has_them_elsewhere(tmp_path: Path) -> None:
    assert not found(tmp_path, "HA304", ACCELERATOR)


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("eu-west-1", "is in eu-west-1"),
        (ref("AWS::Region"), "is in the stack's own Region"),
        (ref("Given"), "is in ${Given}"),
        (None, "names no Region"),
    ],
)
def test_the_region_of_the_only_group_is_told(tmp_path: Path, region: Any, said: str) -> None:
    resources = {**ACCELERATOR, "Group": endpoint_group(region, "eipalloc-1")}

    assert found(tmp_path, "HA304", resources, ("Given",)) == [f"the listener's only endpoint group {said}"]


@pytest.mark.parametrize(
    ("group", "count"),
    [
        (endpoint_group("eu-west-1"), 1),
        (_group(_weighted(0), _weighted(0)), 1),
        (_group(_weighted(0), _weighted(1)), 0),
        (_group(_weighted(ref("Given"))), 0),
        (endpoint_group("eu-west-1", EndpointConfigurations=ref("Given")), 0),
    ],
)
def test_a_group_has_an_endpoint_that_is_chosen(tmp_path: Path, group: dict[str, Any], count: int) -> None:
    assert count == len(_said(tmp_path, "HA305", group))


@pytest.mark.parametrize(("region", "count"), [("us-east-1", 1), ("eu-west-1", 0), (ref("Given"), 0)])
def test_a_listener_has_one_group_a_region(tmp_path: Path, region: object, count: int) -> None:
    assert count == len(_said(tmp_path, "HA308", endpoint_group(region, "eipalloc-1")))


def test_two_listeners_may_have_a_group_each_in_one_region(tmp_path: Path) -> None:
    second = {**ACCELERATOR["Entry"]}
    group = endpoint_group("us-east-1", "eipalloc-1", ListenerArn=ref("Entry2"))

    assert not _said(tmp_path, "HA308", group, Entry2=second)


def test_groups_of_one_region_under_a_condition_are_no_finding(tmp_path: Path) -> None:
    group = {**endpoint_group("us-east-1", "eipalloc-1"), "Condition": "Maybe"}

    assert not _said(tmp_path, "HA308", group)


# Load balancers.


def _balanced(group: dict[str, Any], **balancer: Any) -> Resources:
    return {"Balancer": load_balancer(**balancer), "Listener": listener(forward()), "Targets": group}


_LAMBDA = target_group(TargetType="lambda")


@pytest.mark.parametrize(
    ("group", "count"),
    [
        (_LAMBDA, 1),
        (target_group(TargetType="lambda", HealthCheckEnabled=True), 0),
        (target_group(TargetType="ip"), 0),
        (target_group(TargetType="ip", HealthCheckEnabled=False), 1),
        (target_group(TargetType="ip", HealthCheckEnabled=ref("Given")), 0),
    ],
)
def test_targets_behind_an_accelerator_are_checked(tmp_path: Path, group: dict[str, Any], count: int) -> None:
    assert count == len(_said(tmp_path, "HA306", _group(ref("Balancer")), **_balanced(group)))


@pytest.mark.parametrize(
    ("record_of", "evaluate", "count"),
    [(latency, True, 1), (latency, False, 0), (lambda _region, **given: record(**given), True, 0)],
)
def test_targets_behind_records_are_checked_where_their_health_moves_traffic(
    tmp_path: Path, record_of: Any, evaluate: bool, count: int
) -> None:
    target = alias(attribute("Balancer", "DNSName"), evaluate=evaluate)
    resources = {**ZONE, **_balanced(_LAMBDA), "Name": record_of("eu-west-1", AliasTarget=target)}

    assert count == len(found(tmp_path, "HA306", resources))


def test_a_listener_whose_arn_others_have_may_have_their_rules(tmp_path: Path) -> None:
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    shared = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": ref("Listener")}}
    resources = {"Balancer": load_balancer(), "Listener": listener(fixed), "Shared": shared}
    resources |= {**ACCELERATOR, "Group": _group(ref("Balancer")), **_OTHER}

    assert not found(tmp_path, "HA306", resources)
    [question] = untold(tmp_path, "HA306", resources)
    assert question == (
        "cannot tell whether a listener of dns/Balancer has target groups: it depends on the rules that others add to "
        "Listener by its ARN"
    )


@pytest.mark.parametrize(
    ("action", "count"),
    [
        ({"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}, 1),
        ({"Type": "forward", "TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/1"}, 0),
        ({"Type": "forward", "TargetGroupArn": ref("Given")}, 0),
    ],
)
def test_a_load_balancer_has_targets_to_go_by(tmp_path: Path, action: dict[str, Any], count: int) -> None:
    resources = {"Balancer": load_balancer(), "Listener": listener(action)}

    assert count == len(_said(tmp_path, "HA306", _group(ref("Balancer")), **resources))


@pytest.mark.parametrize(
    ("properties", "count"),
    [
        ({"Subnets": ["subnet-1"]}, 1),
        ({"Subnets": ["subnet-1", "subnet-2"]}, 0),
        ({"Subnets": ref("Given")}, 0),
        ({"Subnets": ref("AWS::NoValue"), "SubnetMappings": [{"SubnetId": "subnet-1"}]}, 1),
    ],
)
def test_a_load_balancer_that_traffic_moves_to_is_in_two_zones(
    tmp_path: Path, properties: dict[str, Any], count: int
) -> None:
    balancer = load_balancer(Type="network", **properties)

    assert count == len(_said(tmp_path, "HA307", _group(ref("Balancer")), Balancer=balancer))


def test_a_load_balancer_that_nothing_fails_over_to_may_be_in_one_zone(tmp_path: Path) -> None:
    target = alias(attribute("Balancer", "DNSName"))
    resources = {**ZONE, "Balancer": load_balancer(Subnets=["subnet-1"]), "Name": record(AliasTarget=target)}

    assert not found(tmp_path, "HA307", resources)
    resources["Name"] = latency("eu-west-1", AliasTarget=target)
    assert len(found(tmp_path, "HA307", resources)) == 1


@pytest.mark.parametrize(
    ("endpoint", "region", "said"),
    [
        (balancer_arn("us-east-1"), "eu-west-1", ["is in us-east-1, and the endpoint group of eu-west-1"]),
        (balancer_arn(), "eu-west-1", []),
        (balancer_arn("us-east-1"), ref("Given"), []),
        (ref("Given"), "eu-west-1", []),
        ("eipalloc-1", "eu-west-1", []),
        ({"Fn::Sub": "arn:aws:elasticloadbalancing:${Given}:111111111111:loadbalancer/app/a/1"}, "eu-west-1", []),
    ],
)
def test_a_group_takes_endpoints_of_its_own_region(tmp_path: Path, endpoint: Any, region: Any, said: list[str]) -> None:
    messages = found(tmp_path, "HA309", {**ACCELERATOR, "Group": endpoint_group(region, endpoint)}, ("Given",))

    assert [message.partition(" ")[2] for message in messages] == said


def _two_listeners(first: Any, second: Any, **more: Any) -> dict[str, Any]:
    """An accelerator with two listeners, of which the second may have another protocol or accelerator."""

    def entry(ports: Any, **properties: Any) -> dict[str, Any]:
        given = {"AcceleratorArn": ref("Accelerator"), "Protocol": "TCP", "PortRanges": ports, **properties}
        return {"Type": "AWS::GlobalAccelerator::Listener", "Properties": given}

    accelerator = {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "shop"}}
    return {"Accelerator": accelerator, "Another": accelerator, "One": entry(first), "Two": entry(second, **more)}


def _ports(first: Any, last: Any = None) -> dict[str, Any]:
    return {"FromPort": first, "ToPort": first if last is None else last}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_two_listeners([_ports(443)], [_ports(443)]), "dns/Two has the TCP port 443, which dns/One has too"),
        (_two_listeners([_ports(80), _ports(443)], [_ports(400, 443)]), "has the TCP port 443, which"),
        (_two_listeners([_ports(1, 1000)], [_ports(500, 600)]), "dns/Two has the TCP port 500, which dns/One"),
        # A range that ends before another one does not hide that one.
        (_two_listeners([_ports(1, 1000), _ports(2000)], [_ports(1000)]), "dns/Two has the TCP port 1000, which"),
        (_two_listeners([_ports(80, 90), _ports(90, 95)], [_ports(443)]), "dns/One has the TCP port 90 twice"),
        (_two_listeners([_ports(443)], [_ports(444)]), None),
        (_two_listeners([_ports(443)], [_ports(443)], Protocol="UDP"), None),
        (_two_listeners([_ports(443)], [_ports(443)], Protocol=ref("Given")), None),
        (_two_listeners([_ports(443)], [_ports(443)], AcceleratorArn=ref("Another")), None),
        (_two_listeners([_ports(443)], [_ports(443)], AcceleratorArn=ref("Given")), None),
        (_two_listeners([_ports(443)], [_ports(ref("Given"))]), None),
    ],
)
def test_a_port_of_an_accelerator_belongs_to_one_listener(
    tmp_path: Path, resources: dict[str, Any], said: str | None
) -> None:
    messages = found(tmp_path, "HA323", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_a_listener_that_a_condition_makes_takes_no_port(tmp_path: Path) -> None:
    resources = _two_listeners([_ports(443)], [_ports(443)])
    resources["Two"]["Condition"] = "Given"
    path = tmp_path / "stack.json"
    conditions = {"Given": {"Fn::Equals": [ref("Stage"), "prod"]}}
    document = {"Parameters": {"Stage": {"Type": "String"}}, "Conditions": conditions, "Resources": resources}
    path.write_text(json.dumps(document))

    assert not check(load(path), rules=[RULES["HA323"]]).findings
