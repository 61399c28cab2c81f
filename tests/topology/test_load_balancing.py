"""Load balancers with their listeners, rules and target groups, and who may reach them."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import Certificate, LoadBalancer, LoadBalancerListener, TargetGroup
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, only, ref, resource

_V2 = "ElasticLoadBalancingV2"


def _load(more: dict[str, Any] | None = None, **properties: Any) -> Topology:
    return load_resources({"Balancer": resource(f"{_V2}::LoadBalancer", **properties), **(more or {})})


def _forward(group: str) -> dict[str, Any]:
    return {"Type": "forward", "TargetGroupArn": ref(group)}


def test_a_load_balancer_has_what_it_says() -> None:
    balancer = only(_load(Type="network", Scheme="internal", Subnets=["a", "b"]), LoadBalancer)

    assert (balancer.type, balancer.internal, balancer.zones) == ("network", True, 2)


def test_a_load_balancer_is_an_application_s_and_public() -> None:
    balancer = only(_load(SubnetMappings=[{"SubnetId": "a"}]), LoadBalancer)

    assert (balancer.type, balancer.internal, balancer.zones) == ("application", False, 1)


def test_a_classic_load_balancer_is_told() -> None:
    classic = resource("ElasticLoadBalancing::LoadBalancer", AvailabilityZones=["a", "b", "c"])
    balancer = only(load_resources({"Classic": classic}), LoadBalancer)

    assert (balancer.type, balancer.zones, balancer.listeners) == ("classic", 3, ())


def test_what_subnets_there_are_may_not_be_known() -> None:
    balancer = only(_load(Subnets=ref("Nobody"), Scheme=ref("Nobody")), LoadBalancer)

    assert balancer.zones is None
    assert isinstance(balancer.internal, Unresolved)


def test_a_listener_has_its_rules_in_their_order_and_its_certificates() -> None:
    conditions = [
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a*"]}},
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Secret", "Values": ["x"]}},
    ]
    weighted = {"TargetGroups": [{"TargetGroupArn": ref("One")}, {"TargetGroupArn": ref("Two")}]}
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
    rule = f"{_V2}::ListenerRule"
    more = {
        "Listener": resource(
            f"{_V2}::Listener",
            LoadBalancerArn=ref("Balancer"),
            Port="443",
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": ref("Certificate")}],
            DefaultActions=[fixed],
        ),
        "Late": resource(rule, ListenerArn=ref("Listener"), Priority=20, Actions=[_forward("One")]),
        "Early": resource(
            rule,
            ListenerArn=ref("Listener"),
            Priority="1",
            Conditions=conditions,
            Actions=[{"Type": "forward", "ForwardConfig": weighted}],
        ),
        "More": resource(
            f"{_V2}::ListenerCertificate", ListenerArn=ref("Listener"), Certificates=[{"CertificateArn": "arn:gone"}]
        ),
        "Certificate": resource("CertificateManager::Certificate", DomainName="a.example.com"),
        "One": resource(f"{_V2}::TargetGroup"),
        "Two": resource(f"{_V2}::TargetGroup"),
    }
    (listener,) = only(_load(more), LoadBalancer).listeners
    early, late, default = listener.rules

    assert (listener.port, listener.protocol) == (443, "HTTPS")
    assert [Certificate, Unresolved] == [type(one) for one in listener.certificates]
    assert (early.priority, early.paths, early.headers, len(early.target_groups)) == (1, ("/a*",), ("x-secret",), 2)
    assert (late.priority, late.paths, late.fixed_status) == (20, (), None)
    assert (default.priority, default.fixed_status) == (None, "403")
    assert [group.place.logical_id for group in listener.target_groups] == ["One", "Two"]
    assert isinstance(listener, LoadBalancerListener)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Protocol": "HTTP"}, (True, 30, 5, 2, None)),
        ({"TargetType": "lambda"}, (False, 35, 5, 2, None)),
        (
            {
                "HealthCheckEnabled": "true",
                "HealthCheckIntervalSeconds": 5,
                "HealthyThresholdCount": 2,
                "UnhealthyThresholdCount": 3,
                "HealthCheckPath": "/health",
            },
            (True, 5, 2, 3, "/health"),
        ),
    ],
)
def test_how_targets_are_checked_is_told(properties: dict[str, Any], expected: tuple[Any, ...]) -> None:
    group = only(load_resources({"Group": resource(f"{_V2}::TargetGroup", **properties)}), TargetGroup)

    assert expected == (
        group.health_check_enabled,
        group.interval,
        group.healthy_threshold,
        group.unhealthy_threshold,
        group.path,
    )


def test_attributes_are_told() -> None:
    attributes = [{"Key": "deregistration_delay.timeout_seconds", "Value": "5"}, {"Key": ref("AWS::NoValue")}]
    properties = {"Protocol": "TCP", "TargetGroupAttributes": attributes}
    group = only(load_resources({"Group": resource(f"{_V2}::TargetGroup", **properties)}), TargetGroup)

    assert group.attributes["deregistration_delay.timeout_seconds"] == "5"


_LIST = {"IpProtocol": "tcp", "SourcePrefixListId": "pl-1"}


@pytest.mark.parametrize(
    ("ingress", "more", "expected"),
    [
        ([_LIST], [], ("pl-1",)),
        ([], [_LIST], ("pl-1",)),
        ([_LIST, {"CidrIp": "0.0.0.0/0"}], [], None),
        ([_LIST], [{"CidrIp": "0.0.0.0/0"}], None),
        ([], [], None),
    ],
)
def test_who_may_reach_a_load_balancer_by_prefix_list_only_is_told(ingress: Any, more: Any, expected: Any) -> None:
    rules = {
        f"Rule{index}": resource("EC2::SecurityGroupIngress", GroupId=get_att("Group", "GroupId"), **rule)
        for index, rule in enumerate(more)
    }
    group = {"Group": resource("EC2::SecurityGroup", SecurityGroupIngress=ingress)}

    assert expected == only(_load({**group, **rules}, SecurityGroups=[ref("Group")]), LoadBalancer).prefix_lists


def test_a_prefix_list_of_a_custom_resource_is_one() -> None:
    rule = {**_LIST, "SourcePrefixListId": get_att("Lookup", "Id")}
    more = {
        "Group": resource("EC2::SecurityGroup", SecurityGroupIngress=[rule]),
        "Lookup": resource("Custom::PrefixList"),
    }
    balancer = only(_load(more, SecurityGroups=[get_att("Group", "GroupId")]), LoadBalancer)

    assert balancer.prefix_lists == (Reference(ResourceId("Test", "Lookup"), "Id"),)
