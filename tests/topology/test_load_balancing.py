"""Load balancers with their listeners, rules and target groups, and who may reach them."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
    Address,
    Certificate,
    FixedResponse,
    Function,
    HeaderCondition,
    Instance,
    ListenerRule,
    LoadBalancer,
    LoadBalancerListener,
    QueryString,
    Redirect,
    SecurityGroup,
    Subnet,
    TargetGroup,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_V2 = "ElasticLoadBalancingV2"


def _load(more: dict[str, Any] | None = None, **properties: Any) -> Topology:
    return load_resources({"Balancer": resource(f"{_V2}::LoadBalancer", **properties), **(more or {})})


def _forward(group: str) -> dict[str, Any]:
    return {"Type": "forward", "TargetGroupArn": ref(group)}


def test_a_load_balancer_has_what_it_says() -> None:
    balancer = only(_load(Type="network", Scheme="internal", Subnets=["a", "b"]), LoadBalancer)

    assert (balancer.type, balancer.internal, len(balancer.zones or ())) == ("network", True, 2)


def test_a_load_balancer_is_an_application_s_and_public() -> None:
    balancer = only(_load(SubnetMappings=[{"SubnetId": "a"}]), LoadBalancer)

    assert (balancer.type, balancer.internal, len(balancer.zones or ())) == ("application", False, 1)


def test_a_classic_load_balancer_is_told() -> None:
    classic = resource("ElasticLoadBalancing::LoadBalancer", AvailabilityZones=["a", "b", "c"])
    balancer = only(load_resources({"Classic": classic}), LoadBalancer)

    assert (balancer.type, balancer.zones, balancer.listeners) == ("classic", ("a", "b", "c"), ())


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
    assert listener.certificate_arns == (Reference(ResourceId("Test", "Certificate")), "arn:gone")
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


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, "ipv4"), ({"IpAddressType": "ipv6"}, "ipv6")],
)
def test_by_which_addresses_targets_are_reached_is_told(given: dict[str, Any], expected: str) -> None:
    group = only(load_resources({"Group": resource(f"{_V2}::TargetGroup", **given)}), TargetGroup)

    assert group.ip_address_type == expected


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
        ([_LIST, {"SourceSecurityGroupId": "sg-1"}], [], None),
        ([_LIST, {**_LIST, "SourcePrefixListId": ref("Nobody")}], [], None),
        (ref("Nobody"), [_LIST], None),
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


def test_a_group_that_is_not_in_the_templates_may_admit_others() -> None:
    group = {"Group": resource("EC2::SecurityGroup", SecurityGroupIngress=[_LIST])}
    balancer = only(_load(group, SecurityGroups=[ref("Group"), "sg-1"]), LoadBalancer)

    assert balancer.prefix_lists is None
    assert [SecurityGroup, Unresolved] == [type(one) for one in balancer.security_groups]


# Subnets and zones


def test_subnets_are_known_one_by_one_with_their_zones() -> None:
    second = {"Fn::Select": [1, {"Fn::GetAZs": ""}]}
    zones: dict[str, dict[str, Any]] = {
        "A": {"AvailabilityZone": "eu-west-1a"},
        "B": {"AvailabilityZone": second},
        "C": {},
    }
    subnets = {name: resource("EC2::Subnet", **properties) for name, properties in zones.items()}
    topology = _load(subnets, Subnets=[ref("A"), ref("B"), ref("C"), "subnet-1"])
    balancer = only(topology, LoadBalancer)

    assert balancer.subnets[:3] == topology.of(Subnet)
    assert balancer.zones == (
        "eu-west-1a",
        Unresolved("item 1 of the function Fn::GetAZs"),
        Unresolved("the zone of C, which AWS chooses"),
        Unresolved("the zone of subnet-1, which is not in these templates"),
    )


def test_a_network_load_balancer_has_its_addresses() -> None:
    mapping = {"SubnetId": ref("Subnet"), "AllocationId": get_att("Address", "AllocationId")}
    more = {"Subnet": resource("EC2::Subnet", AvailabilityZone="a"), "Address": resource("EC2::EIP")}
    topology = _load(more, Type="network", SubnetMappings=[mapping])
    balancer = only(topology, LoadBalancer)

    assert (balancer.subnets, balancer.zones) == ((only(topology, Subnet),), ("a",))
    assert balancer.addresses == (only(topology, Address),)


def test_a_list_of_subnets_that_is_not_known_is_no_gap() -> None:
    assert only(_load(Subnets=ref("Nobody"), LoadBalancerAttributes=ref("Nobody")), LoadBalancer).gaps == ()


# Attributes


def _attributes(**given: Any) -> list[dict[str, Any]]:
    return [{"Key": key.replace("__", "."), "Value": value} for key, value in given.items()]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application", (3_600, 60, False, True)),
        ("network", (None, None, False, False)),
        ("gateway", (None, None, False, False)),
    ],
)
def test_attributes_that_are_left_out_have_the_defaults_of_their_type(kind: str, expected: Any) -> None:
    one = only(_load(Type=kind), LoadBalancer)

    assert (one.client_keep_alive, one.idle_timeout, one.zonal_shift, one.cross_zone) == expected
    assert (one.ip_address_type, dict(one.attributes)) == ("ipv4", {})


def test_attributes_have_what_the_template_says() -> None:
    given = {"client_keep_alive__seconds": 300, "idle_timeout__timeout_seconds": "30"}
    more = {"zonal_shift__config__enabled": True, "load_balancing__cross_zone__enabled": "true"}
    one = only(_load(LoadBalancerAttributes=_attributes(**given, **more), IpAddressType="dualstack"), LoadBalancer)

    assert (one.client_keep_alive, one.idle_timeout, one.zonal_shift, one.cross_zone) == (300, 30, True, True)
    assert (one.ip_address_type, one.attributes["client_keep_alive.seconds"]) == ("dualstack", "300")


def test_attributes_that_are_not_known_are_not_the_defaults() -> None:
    gap = Unresolved("Nobody, which the template does not have")
    whole = only(_load(LoadBalancerAttributes=ref("Nobody")), LoadBalancer)
    value = only(_load(LoadBalancerAttributes=_attributes(client_keep_alive__seconds=ref("Nobody"))), LoadBalancer)
    odd = only(_load(LoadBalancerAttributes=_attributes(zonal_shift__config__enabled="maybe")), LoadBalancer)
    key = only(_load(LoadBalancerAttributes=[{"Key": ref("Nobody"), "Value": "1"}]), LoadBalancer)

    assert (whole.client_keep_alive, whole.zonal_shift, whole.attribute("x")) == (gap, gap, gap)
    assert (value.client_keep_alive, value.zonal_shift) == (gap, False)
    assert isinstance(odd.zonal_shift, Unresolved)
    assert key.client_keep_alive == gap


def test_a_classic_load_balancer_has_its_instances_and_settings() -> None:
    classic = resource(
        "ElasticLoadBalancing::LoadBalancer",
        Instances=[ref("Instance"), "i-1"],
        CrossZone=True,
        ConnectionSettings={"IdleTimeout": 90},
        SecurityGroups=[ref("Group")],
    )
    more = {"Instance": resource("EC2::Instance"), "Group": resource("EC2::SecurityGroup")}
    topology = load_resources({"Classic": classic, **more})
    balancer = only(topology, LoadBalancer)

    assert [target.id for target in balancer.targets] == [Reference(ResourceId("Test", "Instance")), "i-1"]
    assert balancer.targets[0].target is only(topology, Instance)
    assert isinstance(balancer.targets[1].target, Unresolved)
    assert (balancer.cross_zone, balancer.idle_timeout, balancer.client_keep_alive) == (True, 90, None)
    assert balancer.security_groups == (only(topology, SecurityGroup),)


def _group(**properties: Any) -> TargetGroup:
    return only(load_resources({"Group": resource(f"{_V2}::TargetGroup", **properties)}), TargetGroup)


def test_a_target_group_has_the_defaults_of_its_attributes() -> None:
    group = _group(Protocol="HTTP", Port=80)

    assert (group.port, group.health_check_port, group.health_check_protocol) == (80, "traffic-port", "HTTP")
    assert (group.deregistration_delay, group.slow_start, group.stickiness) == (300, 0, False)
    assert group.cross_zone == "use_load_balancer_configuration"
    assert (group.dns_healthy_count, group.dns_healthy_percentage) == (1, None)
    assert (group.routing_healthy_count, group.routing_healthy_percentage) == (1, None)
    assert (group.success_codes, group.targets, group.unhealthy_connections_end) == (None, (), True)


def test_a_target_group_has_what_it_says() -> None:
    health = "target_group_health__{}__minimum_healthy_targets__{}".format
    attributes = {
        "deregistration_delay__timeout_seconds": "5",
        "slow_start__duration_seconds": 30,
        "load_balancing__cross_zone__enabled": "false",
        "stickiness__enabled": "true",
        health("dns_failover", "count"): "off",
        health("dns_failover", "percentage"): "50",
        health("unhealthy_state_routing", "count"): "2",
        health("unhealthy_state_routing", "percentage"): "off",
    }
    group = _group(
        Protocol="TCP",
        HealthCheckProtocol="HTTPS",
        HealthCheckPort="8443",
        Matcher={"HttpCode": "200-299"},
        TargetGroupAttributes=_attributes(**attributes),
    )

    assert (group.health_check_port, group.health_check_protocol, group.success_codes) == ("8443", "HTTPS", "200-299")
    assert (group.deregistration_delay, group.slow_start, group.stickiness) == (5, 30, True)
    assert (group.cross_zone, group.dns_healthy_count, group.dns_healthy_percentage) == ("false", None, 50)
    assert (group.routing_healthy_count, group.routing_healthy_percentage) == (2, None)


def test_attributes_of_a_target_group_may_not_be_known() -> None:
    group = _group(TargetGroupAttributes=ref("Nobody"))

    told = (group.deregistration_delay, group.dns_healthy_percentage, group.cross_zone, group.stickiness)
    assert told == (Unresolved("Nobody, which the template does not have"),) * 4


@pytest.mark.parametrize(
    ("properties", "preserved"),
    [
        ({"Protocol": "TCP"}, True),
        ({"Protocol": "TCP", "TargetType": "ip"}, False),
        ({"Protocol": "UDP", "TargetType": "ip"}, True),
        ({"Protocol": "TCP", "TargetType": "alb"}, True),
        ({"Protocol": "HTTP"}, False),
        ({"TargetType": "lambda"}, False),
        (
            {
                "Protocol": "TCP",
                "TargetType": "ip",
                "TargetGroupAttributes": _attributes(preserve_client_ip__enabled="true"),
            },
            True,
        ),
        ({"Protocol": ref("Nobody")}, Unresolved("Nobody, which the template does not have")),
    ],
)
def test_whether_targets_see_the_client_s_address_is_told(properties: Any, preserved: Any) -> None:
    assert _group(**properties).client_ip_preserved == preserved


def test_an_address_behind_a_load_balancer_that_has_a_name_leaves_its_rules_as_they_are() -> None:
    group = resource(f"{_V2}::TargetGroup", TargetType="ip", Targets=[{"Id": "10.0.0.10"}])
    listener = resource(f"{_V2}::Listener", LoadBalancerArn=ref("Balancer"), DefaultActions=[_forward("Group")])
    balancer = resource(f"{_V2}::LoadBalancer", Name="web")
    topology = load_resources({"Group": group, "Listener": listener, "Balancer": balancer})

    assert only(topology, LoadBalancerListener).target_groups == (only(topology, TargetGroup),)


def test_registered_targets_are_linked() -> None:
    targets = [{"Id": ref("Instance"), "Port": 8080}, {"Id": "10.0.0.1", "AvailabilityZone": "all"}]
    more = {
        "Instance": resource("EC2::Instance"),
        "Instances": resource(f"{_V2}::TargetGroup", Protocol="HTTP", Targets=targets),
        "Fn": resource("Lambda::Function"),
        "Functions": resource(f"{_V2}::TargetGroup", TargetType="lambda", Targets=[{"Id": get_att("Fn", "Arn")}]),
        "Balancers": resource(
            f"{_V2}::TargetGroup", Protocol="TCP", TargetType="alb", Targets=[{"Id": ref("Balancer")}]
        ),
    }
    topology = _load(more)
    first, second = named(topology, TargetGroup, "Instances").targets

    assert (first.target, first.port, first.zone) == (only(topology, Instance), 8080, None)
    assert (second.id, second.port, second.zone) == ("10.0.0.1", None, "all")
    assert second.target == Unresolved("10.0.0.1, which is not in these templates")
    assert named(topology, TargetGroup, "Functions").targets[0].target is only(topology, Function)
    assert named(topology, TargetGroup, "Balancers").targets[0].target is only(topology, LoadBalancer)


# Listener rules


def _rule(conditions: Any = (), *actions: Any, **properties: Any) -> ListenerRule:
    more = {
        "Listener": resource(f"{_V2}::Listener", LoadBalancerArn=ref("Balancer"), DefaultActions=[]),
        "Rule": resource(
            f"{_V2}::ListenerRule", ListenerArn=ref("Listener"), Conditions=conditions, Actions=actions, **properties
        ),
        "One": resource(f"{_V2}::TargetGroup"),
        "Two": resource(f"{_V2}::TargetGroup"),
    }
    topology = _load(more)
    (listener,) = only(topology, LoadBalancer).listeners
    assert listener is only(topology, LoadBalancerListener)
    assert listener.rules[0] is named(topology, ListenerRule, "Rule")
    assert listener.default_rule is listener.rules[1]
    return listener.rules[0]


def test_a_rule_tells_all_that_it_looks_at() -> None:
    queries = [{"Key": "version", "Value": "1"}, {"Value": "*beta*"}]
    rule = _rule(
        [
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com"]}},
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Secret", "Values": ["a", ref("B")]}},
            {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}},
            {"Field": "query-string", "QueryStringConfig": {"Values": queries}},
            {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
        ]
    )

    assert (rule.hosts, rule.methods, rule.source_ips) == (("*.example.com",), ("GET",), ("10.0.0.0/8",))
    values = ("a", Unresolved("B, which the template does not have"))
    assert rule.header_conditions == (HeaderCondition(name="x-secret", values=values),)
    assert rule.query_strings == ((QueryString(key="version", value="1"), QueryString(key=None, value="*beta*")),)
    assert (rule.others, rule.headers, rule.paths) == ((), ("x-secret",), ())


def test_the_older_form_of_a_host_condition_is_read() -> None:
    assert _rule([{"Field": "host-header", "Values": ["a.example.com"]}]).hosts == ("a.example.com",)


@pytest.mark.parametrize(
    "condition",
    [
        {"Field": "host-header", "RegexValues": ["^a"]},
        {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/a"]}},
        {"Field": "new-field"},
        {"Field": "query-string", "QueryStringConfig": {"Values": ref("Nobody")}},
    ],
)
def test_what_cannot_be_judged_is_told(condition: Any) -> None:
    assert _rule([condition]).others == (condition["Field"],)


def test_a_rule_forwards_by_weights() -> None:
    groups = [{"TargetGroupArn": ref("One"), "Weight": 0}, {"TargetGroupArn": ref("Two"), "Weight": "9"}]
    rule = _rule((), {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}})
    alone = _rule((), _forward("One"))
    both = _rule((), {**_forward("One"), "ForwardConfig": {"TargetGroups": groups[:1]}})

    assert [(forward.target_group, forward.weight) for forward in rule.forwards] == [
        (rule.target_groups[0], 0),
        (rule.target_groups[1], 9),
    ]
    assert [(forward.target_group, forward.weight) for forward in alone.forwards] == [(alone.target_groups[0], 1)]
    assert [forward.weight for forward in both.forwards] == [0]
    assert (len(both.target_groups), rule.redirect, rule.fixed_response) == (1, None, None)


def test_a_rule_redirects() -> None:
    config = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    rule = _rule((), {"Type": "redirect", "RedirectConfig": config})

    assert rule.redirect == Redirect(
        protocol="HTTPS", host="#{host}", port="443", path="/#{path}", query="#{query}", status="HTTP_301"
    )
    assert (rule.forwards, rule.fixed_status) == ((), None)


def test_a_rule_answers_by_itself() -> None:
    config = {"StatusCode": "503", "ContentType": "text/plain"}
    rule = _rule((), {"Type": "fixed-response", "FixedResponseConfig": config})

    assert (rule.fixed_response, rule.fixed_status) == (FixedResponse(status="503", content_type="text/plain"), "503")


def test_a_rule_may_authenticate_and_rewrite() -> None:
    rule = _rule((), {"Type": "authenticate-oidc"}, _forward("One"), Transforms=[{"Type": "url-rewrite"}])

    assert (rule.authenticates, rule.transforms) == (True, ("url-rewrite",))
    assert _rule((), _forward("One")).authenticates is False


def test_a_listener_of_a_load_balancer_elsewhere_is_kept_with_its_rules() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/1"
    listener = resource(f"{_V2}::Listener", LoadBalancerArn=arn, Port=80, DefaultActions=[_forward("Group")])
    topology = load_resources({"Listener": listener, "Group": resource(f"{_V2}::TargetGroup")})
    one = only(topology, LoadBalancerListener)

    assert (one.load_balancer_arn, one.port) == (arn, 80)
    assert one.target_groups == (only(topology, TargetGroup),)


_ARN = "arn:aws:elasticloadbalancing:{}:loadbalancer/app/front/50dc6c495c0c9188"


@pytest.mark.parametrize(
    ("where", "is_linked"),
    [("eu-west-1:123456789012", True), ("us-east-1:123456789012", False), ("eu-west-1:111122223333", False)],
)
def test_a_listener_is_linked_by_the_arn_of_a_load_balancer_that_has_a_name(where: str, is_linked: bool) -> None:
    listener = resource(f"{_V2}::Listener", LoadBalancerArn=_ARN.format(where), DefaultActions=[])
    topology = _load({"Listener": listener}, Name="front")
    balancer, one = only(topology, LoadBalancer), only(topology, LoadBalancerListener)

    assert balancer.listeners == ((one,) if is_linked else ())
    assert one.load_balancer is (balancer if is_linked else None)


@pytest.mark.parametrize("stated", [ref("Balancer"), _ARN.format("eu-west-1:123456789012")])
def test_a_listener_is_linked_by_an_arn_that_another_stack_exports(stated: Any) -> None:
    balancer = resource(f"{_V2}::LoadBalancer", Name="front")
    exported = {"Arn": {"Value": stated, "Export": {"Name": "arn"}}}
    listener = resource(f"{_V2}::Listener", LoadBalancerArn={"Fn::ImportValue": "arn"}, DefaultActions=[])
    topology = load_stacks(
        {"One": {"Resources": {"Balancer": balancer}, "Outputs": exported}, "Two": {"Resources": {"L": listener}}}
    )

    assert only(topology, LoadBalancer).listeners == (only(topology, LoadBalancerListener),)


def test_targets_of_a_gateway_load_balancer_have_defaults_of_their_own() -> None:
    group = only(load_resources({"Group": resource(f"{_V2}::TargetGroup", Protocol="GENEVE", Port=6081)}), TargetGroup)

    assert (group.interval, group.health_check_port, group.health_check_protocol) == (10, "80", "TCP")
