"""What a picture has of a topology, and what it leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.diagram.graph import EDGE, Graph, Kind, Link
from ha_patterns.diagram.picture import draw
from ha_patterns.topology import load

from .conftest import (
    PATTERNS,
    Draw,
    arrows,
    behavior,
    boxes,
    distribution,
    failover,
    group,
    health_check,
    origin,
    record,
    reference,
    titles,
)

HASH = "ab" * 32
BUCKET = {"Type": "AWS::S3::Bucket"}
LOAD_BALANCER = {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Type": "application"}}
TO_DISTRIBUTION = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": {"Fn::GetAtt": ["Site", "DomainName"]}}
TO_BALANCER = {"HostedZoneId": "Z32", "DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]}}


def test_users_reach_a_distribution_by_its_name_and_origins_through_the_group(drawn: Draw) -> None:
    site = distribution(
        behavior("both"),
        origins=[origin("one"), origin("two")],
        OriginGroups={"Quantity": 1, "Items": [group("one", "two")]},
        Aliases=["www.example.com"],
    )

    graph = drawn({"Site": site, "Name": record("www.example.com", TO_DISTRIBUTION, "A")})

    assert arrows(graph) == [
        ("users", "www.example.com"),
        ("www.example.com", "Site"),
        ("Site", "failover"),
        ("failover", "one.example.com"),
        ("failover", "two.example.com"),
        ("one.example.com", "one.example.com"),
        ("two.example.com", "two.example.com"),
    ]
    assert [edge.label for edge in graph.edges if edge.label] == ["primary", "secondary"]
    [the_group] = boxes(graph, Kind.GROUP)
    assert the_group.details == ("on 500, 502, 503, 504",)
    assert boxes(graph, Kind.ORIGIN)[0].details == ("2 × (10 s + 5 s)",)  # noqa: RUF001


def test_a_distribution_without_a_name_is_reached_by_users_directly(drawn: Draw) -> None:
    graph = drawn({"Site": distribution(behavior("one"), origins=[origin("one")])})

    assert arrows(graph)[0] == ("users", "Site")


def test_behaviors_are_drawn_only_where_requests_go_different_ways(drawn: Draw) -> None:
    origins = [origin("one"), origin("two")]

    alike = drawn({"Site": distribution(behavior("one", "/a/*"), behavior("one"), origins=origins)})
    different = drawn({"Site": distribution(behavior("two", "/a/*"), behavior("one"), origins=origins)})

    assert titles(alike, Kind.BEHAVIOR) == []
    assert titles(different, Kind.BEHAVIOR) == ["/a/*", "all other paths"]


def test_paths_of_one_way_share_a_box(drawn: Draw) -> None:
    paths = [behavior("two", f"/{name}") for name in "abcdef"]

    graph = drawn({"Site": distribution(*paths, behavior("one"), origins=[origin("one"), origin("two")])})

    [first, _] = boxes(graph, Kind.BEHAVIOR)
    assert (first.title, first.details) == ("/a", ("/b", "/c", "and 3 more"))


def test_an_origin_that_the_distribution_does_not_have_is_not_guessed(drawn: Draw) -> None:
    graph = drawn({"Site": distribution(behavior("none"), origins=[origin("one")])})

    [unknown] = boxes(graph, Kind.UNKNOWN)
    assert unknown.title == "?"
    assert "none" in unknown.details[0]


def test_records_of_both_address_families_are_one_box(drawn: Draw) -> None:
    resources: dict[str, Any] = {"Balancer": LOAD_BALANCER}
    for kind in ("A", "AAAA"):
        for role in ("PRIMARY", "SECONDARY"):
            resources[f"{kind}{role}"] = record(
                "www.example.com", TO_BALANCER, kind, Failover=role, SetIdentifier=f"{kind}-{role}"
            )

    graph = drawn(resources)

    assert titles(graph, Kind.NAME) == ["www.example.com"]
    assert titles(graph, Kind.RECORD) == ["PRIMARY", "SECONDARY"]


@pytest.mark.parametrize(
    ("policy", "title"),
    [
        ({"Region": "eu-west-1"}, "near eu-west-1"),
        ({"Weight": 10}, "weight 10"),
        ({"GeoLocation": {"CountryCode": "*"}}, "from anywhere else"),
        ({"GeoLocation": {"CountryCode": "DE"}}, "from country DE"),
        ({"GeoLocation": {"CountryCode": "AF"}}, "from country AF"),
        ({"GeoLocation": {"ContinentCode": "AF"}}, "from continent AF (Africa)"),
        ({"GeoLocation": {"CountryCode": "US", "SubdivisionCode": "CA"}}, "from country US (subdivision CA)"),
        ({"AZAffinity": {"LocationType": "Region", "LocationId": "eu-west-1"}}, "first"),
        ({"MultiValueAnswer": True}, "first"),
    ],
)
def test_a_record_says_when_it_is_chosen(drawn: Draw, policy: dict[str, Any], title: str) -> None:
    graph = drawn({"Name": record("www.example.com", "a.example.net", SetIdentifier="first", **policy)})

    assert titles(graph, Kind.RECORD) == [title]


def test_a_health_check_guards_its_record_and_watches_what_answers(drawn: Draw) -> None:
    graph = drawn(
        {
            "Check": health_check("one.example.net"),
            "First": failover("www.example.com", "PRIMARY", "one.example.net", HealthCheckId={"Ref": "Check"}),
            "Second": failover("www.example.com", "SECONDARY", "two.example.net"),
        }
    )

    assert arrows(graph, Link.GUARD) == [("HTTPS /up", "PRIMARY")]
    assert arrows(graph, Link.WATCH) == [("HTTPS /up", "one.example.net")]
    assert boxes(graph, Kind.HEALTH_CHECK)[0].details == ("10 s × 3",)  # noqa: RUF001


def test_a_name_that_only_stands_for_one_thing_is_passed_over(drawn: Draw) -> None:
    site = distribution(behavior("one"), origins=[origin("one", "api.example.com")])

    graph = drawn({"Site": site, "Balancer": LOAD_BALANCER, "Name": record("api.example.com", TO_BALANCER, "A")})

    assert titles(graph, Kind.NAME) == []
    assert ("api.example.com", "a/Balancer") in arrows(graph)


def test_a_name_of_a_host_that_no_template_knows_is_not_drawn(drawn: Draw) -> None:
    assert drawn({"Mail": record("mail.example.com", "mx.example.net")}).sections == ()


def test_names_that_lead_to_each_other_in_a_circle_end(drawn: Draw) -> None:
    graph = drawn(
        {
            "A": failover("a.example.com", "PRIMARY", "b.example.com"),
            "B": failover("b.example.com", "PRIMARY", "a.example.com"),
            "C": record("c.example.com", "c.example.com"),
        }
    )

    assert titles(graph, Kind.NAME) == ["a.example.com", "b.example.com"]


def test_many_names_of_one_thing_share_a_box(drawn: Draw) -> None:
    names = {f"Name{number}": record(f"n{number}.example.com", TO_BALANCER, "A") for number in range(40)}

    graph = drawn({"Balancer": LOAD_BALANCER, **names})

    [name] = boxes(graph, Kind.NAME)
    assert (name.title, name.details[-1]) == ("n0.example.com", "and 39 more names")


def test_error_pages_lead_to_what_serves_them(drawn: Draw) -> None:
    page = {"ErrorCode": 503, "ResponseCode": "503", "ResponsePagePath": "/errors/sorry.html"}
    site = distribution(
        behavior("two", "/errors/*"),
        behavior("one"),
        origins=[origin("one"), origin("two")],
        CustomErrorResponses=[page, {**page, "ErrorCode": 504}, {"ErrorCode": 404, "ErrorCachingMinTTL": 0}],
    )

    graph = drawn({"Site": site})

    assert boxes(graph, Kind.ERROR_PAGE)[0].details == ("for 503, 504",)
    assert arrows(graph, Link.ERROR) == [("Site", "/errors/sorry.html"), ("/errors/sorry.html", "/errors/*")]


def test_buckets_that_copy_each_other_have_one_arrow_with_two_heads(drawn: Draw) -> None:
    def bucket(name: str, other: str) -> dict[str, Any]:
        rule = {"Status": "Enabled", "Destination": {"Bucket": f"arn:aws:s3:::{other}"}}
        return {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": name, "ReplicationConfiguration": {"Role": "r", "Rules": [rule]}},
        }

    hosts = [origin(name, f"{name}.s3.eu-west-1.amazonaws.com") for name in ("left", "right")]
    site = distribution(behavior("left", "/a"), behavior("right"), origins=hosts)

    graph = drawn({"Site": site, "Left": bucket("left", "right"), "Right": bucket("right", "left")})

    [copy] = [edge for edge in graph.edges if edge.link is Link.COPY]
    assert copy.both_ways


def test_buckets_that_no_request_reaches_are_not_drawn(drawn: Draw) -> None:
    graph = drawn({"Site": distribution(behavior("one"), origins=[origin("one")]), "Logs": BUCKET})

    assert titles(graph, Kind.BUCKET) == []


def test_what_is_in_a_region_is_in_its_frame_and_all_else_in_the_edge(drawn: Draw) -> None:
    host = {"Fn::GetAtt": ["Content", "RegionalDomainName"]}
    site = distribution(behavior("one"), origins=[{"Id": "one", "DomainName": host, "S3OriginConfig": {}}])

    graph = drawn({"Site": site, "Content": BUCKET})

    frames = {node.kind: node.frame for node in graph.nodes}
    assert frames == {Kind.USERS: None, Kind.DISTRIBUTION: EDGE, Kind.ORIGIN: EDGE, Kind.BUCKET: "eu-west-1"}


Site = Callable[..., Graph]


@pytest.fixture
def with_function(tmp_path: Path) -> Site:
    """The picture of a site with a Lambda@Edge function whose configuration has the name of a load balancer."""

    def draw_it(event: str, **more: Any) -> Graph:
        asset = tmp_path / f"asset.{HASH}"
        asset.mkdir()
        (asset / "config.json").write_text(json.dumps({"origins": [{"domainName": "Other.example.com"}]}))
        function = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": "b", "S3Key": f"{HASH}.zip"},
                "Handler": "h",
                "Runtime": "python3.13",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        }
        version = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Function"}}}
        association = {"EventType": event, "LambdaFunctionARN": {"Ref": "Version"}}
        site = distribution(behavior("one", LambdaFunctionAssociations=[association]), origins=[origin("one")])
        other = record("other.example.com", TO_BALANCER, "A")
        path = tmp_path / "a.json"
        resources = {"Function": function, "Version": version, "Site": site, "Balancer": LOAD_BALANCER, "Other": other}
        path.write_text(json.dumps({"Resources": {**resources, **more}}))
        return draw(load(path))

    return draw_it


def table_role(effect: str) -> dict[str, Any]:
    """A role of edge functions, with a statement about the table that is called Table in the template."""
    table = {"Fn::GetAtt": ["Table", "Arn"]}
    statement = {"Effect": effect, "Action": "dynamodb:GetItem", "Resource": table}
    policy = {"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Policies": [policy]}}


def test_what_an_edge_function_may_choose_is_in_its_configuration(with_function: Site) -> None:
    graph = with_function("origin-request")

    assert arrows(graph, Link.CHOICE) == [("Function", "a/Balancer")]
    assert ("Function", "one.example.com") in arrows(graph, Link.REQUEST)


def test_only_an_origin_request_function_of_lambda_chooses_an_origin(with_function: Site) -> None:
    graph = with_function("viewer-request")

    assert arrows(graph, Link.CHOICE) == []
    assert ("Function", "one.example.com") in arrows(graph, Link.REQUEST)


@pytest.mark.parametrize("event", ["origin-response", "viewer-response"])
def test_no_request_goes_through_a_function_that_sees_responses(with_function: Site, event: str) -> None:
    graph = with_function(event)

    assert arrows(graph, Link.RESPONSE) == [("Function", "one.example.com")]
    assert ("Site", "one.example.com") in arrows(graph, Link.REQUEST)
    assert not [ends for ends in arrows(graph, Link.REQUEST) if "Function" in ends]


@pytest.mark.parametrize(("effect", "read"), [("Allow", [("Function", "table")]), ("Deny", [])])
def test_a_function_reads_the_tables_that_its_role_lets_it(
    with_function: Site, effect: str, read: list[tuple[str, str]]
) -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "table"}}

    graph = with_function("origin-request", Table=table, Role=table_role(effect))

    assert arrows(graph, Link.READ) == read


@pytest.mark.parametrize(
    ("code", "chosen"),
    [
        ("cf.selectRequestOriginById('two')", ["two.example.com"]),
        ("cf.createRequestOriginGroup({originIds: [{originId: 'one'}, {originId: \"two\"}]})", ["failover"]),
        ("request.headers['two'] = {value: 'two'}", []),
        ("cf.selectRequestOriginById('three')", []),
    ],
)
def test_a_cloudfront_function_chooses_by_the_ids_of_origins(drawn: Draw, code: str, chosen: list[str]) -> None:
    function = {"Type": "AWS::CloudFront::Function", "Properties": {"Name": "f", "FunctionCode": code}}
    arn = {"Fn::GetAtt": ["Chooser", "FunctionARN"]}
    association = {"EventType": "viewer-request", "FunctionARN": arn}
    site = distribution(
        behavior("one", FunctionAssociations=[association]),
        origins=[origin("one"), origin("two")],
        OriginGroups={"Quantity": 1, "Items": [group("one", "two")]},
    )

    graph = drawn({"Site": site, "Chooser": function})

    assert arrows(graph, Link.CHOICE) == [("Chooser", title) for title in chosen]


def test_viewers_of_tenants_get_to_the_distribution_by_the_connection_group(drawn: Draw) -> None:
    record = {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "Name": "acme.example.com",
            "Type": "CNAME",
            "ResourceRecords": [{"Fn::GetAtt": ["Group", "RoutingEndpoint"]}],
        },
    }
    tenant = {"DistributionId": {"Ref": "Site"}, "ConnectionGroupId": {"Ref": "Group"}, "Domains": ["acme.example.com"]}
    graph = drawn(
        {
            "Site": distribution(behavior("one"), origins=[origin("one")], ConnectionMode="tenant-only"),
            "Group": {"Type": "AWS::CloudFront::ConnectionGroup", "Properties": {"Name": "all"}},
            "Tenant": {"Type": "AWS::CloudFront::DistributionTenant", "Properties": tenant},
            "Record": record,
        }
    )

    assert {("acme.example.com", "Group"), ("Group", "Site"), ("Site", "one.example.com")} <= set(
        arrows(graph, Link.REQUEST)
    )


def test_a_vpc_origin_is_drawn_with_its_target_whatever_its_domain_name_leads_to(drawn: Draw) -> None:
    private = {"VpcOriginEndpointConfig": {"Arn": {"Ref": "Balancer"}}}
    given = {"Id": "one", "DomainName": "app.example.com", "VpcOriginConfig": {"VpcOriginId": {"Ref": "Private"}}}
    graph = drawn(
        {
            "Site": distribution(behavior("one"), origins=[given]),
            "Balancer": LOAD_BALANCER,
            "Private": {"Type": "AWS::CloudFront::VpcOrigin", "Properties": private},
        }
    )

    assert ("app.example.com", "a/Balancer") in arrows(graph, Link.REQUEST)


def accelerator(*endpoints: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An accelerator with one listener and one group of endpoints."""
    listener = {"AcceleratorArn": {"Ref": "Accelerator"}, "Protocol": "TCP", "PortRanges": []}
    group = {"ListenerArn": {"Ref": "Listener"}, "EndpointGroupRegion": "eu-west-1", "TrafficDialPercentage": 0}
    configurations = {"EndpointConfigurations": list(endpoints)}
    return {
        "Accelerator": {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "n", **more}},
        "Listener": {"Type": "AWS::GlobalAccelerator::Listener", "Properties": listener},
        "Group": {"Type": "AWS::GlobalAccelerator::EndpointGroup", "Properties": {**group, **configurations}},
        "Balancer": LOAD_BALANCER,
    }


def test_an_endpoint_group_has_its_dial_and_no_probes_that_load_balancers_do_without(drawn: Draw) -> None:
    balancer = {"EndpointId": {"Ref": "Balancer"}, "Weight": 0}
    address = {"EndpointId": "eipalloc-1"}

    [balanced] = boxes(drawn(accelerator(balancer)), Kind.ENDPOINT_GROUP)
    [probed] = boxes(drawn(accelerator(balancer, address)), Kind.ENDPOINT_GROUP)

    assert balanced.details == ("dial 0 %",)
    assert probed.details == ("dial 0 %", "TCP 30 s × 3")  # noqa: RUF001


def test_a_weight_that_is_not_the_default_one_is_told(drawn: Draw) -> None:
    graph = drawn(accelerator({"EndpointId": {"Ref": "Balancer"}, "Weight": 0}, {"EndpointId": "eipalloc-1"}))

    assert [edge.label for edge in graph.edges if edge.label] == ["weight 0"]


def test_an_accelerator_that_is_off_says_so(drawn: Draw) -> None:
    [off] = boxes(drawn(accelerator(Enabled=False)), Kind.ACCELERATOR)
    [on] = boxes(drawn(accelerator()), Kind.ACCELERATOR)

    assert off.details == ("disabled",)
    assert on.details == ()


def test_a_record_says_whether_its_targets_health_counts(drawn: Draw) -> None:
    followed = {**TO_BALANCER, "EvaluateTargetHealth": True}

    graph = drawn(
        {
            "Balancer": LOAD_BALANCER,
            "First": failover("www.example.com", "PRIMARY", followed, kind="A"),
            "Second": failover("www.example.com", "SECONDARY", TO_BALANCER, kind="A"),
        }
    )

    assert [edge.label for edge in graph.edges if edge.target == boxes(graph, Kind.LOAD_BALANCER)[0].id] == [
        "if healthy",
        "",
    ]


def test_a_health_check_of_elsewhere_is_told_at_its_record(drawn: Draw) -> None:
    check: dict[str, Any] = {"HealthCheckId": {"Fn::ImportValue": "check"}}

    graph = drawn({"First": failover("www.example.com", "PRIMARY", "one.example.net", **check)})

    [first] = boxes(graph, Kind.RECORD)
    assert first.details == ("guarded by the export check",)


_SWITCH = {"Fn::GetAtt": ["Control", "RoutingControlArn"]}
_ASSERTION = {"AssertionRule": {"AssertedControls": [_SWITCH], "WaitPeriodMs": 5000}}
_GATING = {"GatingRule": {"GatingControls": [_SWITCH], "TargetControls": [_SWITCH], "WaitPeriodMs": 5000}}


@pytest.mark.parametrize(
    ("rule", "config", "told"),
    [
        (_ASSERTION, {"Type": "ATLEAST", "Threshold": 1, "Inverted": False}, "at least 1 of 1 on"),
        (_ASSERTION, {"Type": "ATLEAST", "Threshold": 1, "Inverted": True}, "not at least 1 of 1 on"),
        (_ASSERTION, {"Type": "AND", "Threshold": 0, "Inverted": False}, "all of 1 on"),
        (_ASSERTION, {"Type": "OR", "Threshold": 0, "Inverted": False}, "any of 1 on"),
        (_GATING, {"Type": "ATLEAST", "Threshold": 1, "Inverted": False}, "guarded by a gating rule"),
    ],
)
def test_a_routing_control_sets_its_check_and_has_its_safety_rule(
    drawn: Draw, rule: dict[str, Any], config: dict[str, Any], told: str
) -> None:
    check = {"HealthCheckConfig": {"Type": "RECOVERY_CONTROL", "RoutingControlArn": _SWITCH}}
    resources = {
        "Control": {"Type": "AWS::Route53RecoveryControl::RoutingControl", "Properties": {"Name": "switch"}},
        "Rule": {
            "Type": "AWS::Route53RecoveryControl::SafetyRule",
            "Properties": {"Name": "r", "ControlPanelArn": "p", "RuleConfig": config, **rule},
        },
        "Check": {"Type": "AWS::Route53::HealthCheck", "Properties": check},
    }

    graph = drawn(resources)

    assert arrows(graph, Link.SET) == [("switch", "follows a switch")]
    assert boxes(graph, Kind.CONTROL)[0].details == (told,)


@pytest.mark.parametrize(
    ("pattern", "kinds"),
    [
        ("hybrid-failover", {Kind.BEHAVIOR: 2, Kind.GROUP: 1, Kind.RECORD: 2, Kind.HEALTH_CHECK: 1, Kind.API: 2}),
        ("routing-control", {Kind.CONTROL: 2, Kind.HEALTH_CHECK: 2, Kind.RECORD: 2, Kind.API: 2}),
        ("standby-takes-over", {Kind.ALARM: 1, Kind.HEALTH_CHECK: 1, Kind.RECORD: 2}),
        ("accelerator-multi-region", {Kind.ACCELERATOR: 1, Kind.ENDPOINT_GROUP: 2, Kind.LOAD_BALANCER: 2}),
        ("multi-region-access-point", {Kind.ACCESS_POINT: 1, Kind.BUCKET: 2}),
        ("same-path-hybrid", {Kind.FUNCTION: 1, Kind.GROUP: 1, Kind.BEHAVIOR: 2}),
        ("tenant-router", {Kind.FUNCTION: 1, Kind.TABLE: 1}),
        ("error-pages", {Kind.ERROR_PAGE: 1, Kind.BUCKET: 1}),
    ],
)
def test_a_reference_pattern_has_what_it_is_made_of(pattern: str, kinds: dict[Kind, int]) -> None:
    graph = draw(reference(pattern))

    assert {kind: len(boxes(graph, kind)) for kind in kinds} == kinds


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_arrow_joins_two_boxes_of_its_section_and_users_come_first(pattern: str) -> None:
    graph = draw(reference(pattern))

    assert graph.sections
    assert _ids(graph) == [f"n{number}" for number in range(1, len(graph.nodes) + 1)]
    for section in graph.sections:
        assert {end for edge in section.edges for end in (edge.source, edge.target)} <= set(section.by_id)
        assert [node.kind is Kind.USERS for node in section.nodes[1:]] == [False] * (len(section.nodes) - 1)
    assert boxes(graph, Kind.USERS)


def _ids(graph: Graph) -> list[str]:
    return [node.id for node in graph.nodes]


def test_an_endpoint_group_of_an_accelerator_elsewhere_is_drawn_with_its_endpoints(drawn: Draw) -> None:
    group = {"EndpointGroupRegion": "eu-west-1", "EndpointConfigurations": [{"EndpointId": {"Ref": "Balancer"}}]}
    listener = {"Type": "AWS::GlobalAccelerator::Listener", "Properties": {"AcceleratorArn": {"Ref": "Unheard"}}}

    def made(listener_arn: object) -> dict[str, Any]:
        properties = {**group, "ListenerArn": listener_arn}
        return {"Type": "AWS::GlobalAccelerator::EndpointGroup", "Properties": properties}

    own = drawn({"Group": made({"Ref": "Nobody"}), "Balancer": LOAD_BALANCER})
    listened = drawn({"Group": made({"Ref": "Listener"}), "Listener": listener, "Balancer": LOAD_BALANCER})

    for graph, name in ((own, "Nobody"), (listened, "Unheard")):
        assert arrows(graph) == [("users", name), (name, "eu-west-1"), ("eu-west-1", "a/Balancer")]
        assert boxes(graph, Kind.ACCELERATOR)[0].frame == EDGE


def test_instances_and_addresses_behind_an_accelerator_are_drawn(drawn: Draw) -> None:
    endpoints: list[dict[str, Any]] = [
        {"EndpointId": {"Ref": "Instance"}, "Weight": 1},
        {"EndpointId": {"Fn::GetAtt": ["Address", "AllocationId"]}},
    ]
    resources = accelerator(*endpoints)
    resources["Instance"] = {"Type": "AWS::EC2::Instance", "Properties": {"AvailabilityZone": "eu-west-1a"}}
    resources["Other"] = {"Type": "AWS::EC2::Instance", "Properties": {}}
    resources["Address"] = {"Type": "AWS::EC2::EIP", "Properties": {"InstanceId": {"Ref": "Other"}}}
    graph = drawn(resources)

    assert [(box.title, box.details) for box in boxes(graph, Kind.INSTANCE)] == [
        ("a/Instance", ("eu-west-1a",)),
        ("a/Other", ()),
    ]
    assert titles(graph, Kind.ADDRESS) == ["a/Address"]
    assert ("a/Address", "a/Other") in arrows(graph)
    assert [edge.label for edge in graph.edges if edge.label] == ["weight 1"]
    [probed] = boxes(graph, Kind.ENDPOINT_GROUP)
    assert any(detail.startswith("TCP 30 s") for detail in probed.details)


def test_an_edge_optimized_domain_is_in_no_region(drawn: Draw) -> None:
    domain = {"Type": "AWS::ApiGateway::DomainName", "Properties": {"DomainName": "api.example.com"}}
    site = distribution(behavior("one"), origins=[origin("one", "api.example.com")])

    [box] = boxes(drawn({"Domain": domain, "Site": site}), Kind.API)

    assert box.frame == EDGE


# What is in none of the templates

BALANCER_ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188"


def endpoint_group(listener: Any, *endpoints: Any, region: str = "eu-west-1") -> dict[str, Any]:
    return {
        "Type": "AWS::GlobalAccelerator::EndpointGroup",
        "Properties": {
            "ListenerArn": listener,
            "EndpointGroupRegion": region,
            "EndpointConfigurations": [{"EndpointId": endpoint} for endpoint in endpoints],
        },
    }


def vpc_site(origin_id: Any) -> dict[str, Any]:
    one = {"Id": "one", "DomainName": "app.example.com", "VpcOriginConfig": {"VpcOriginId": origin_id}}
    return distribution(behavior("one"), origins=[one])


@pytest.mark.parametrize(
    ("origin_id", "title", "details"),
    [("vo_1234abcd", "vo_1234abcd", ()), ({"Fn::ImportValue": "Origin"}, "?", ("the export Origin",))],
)
def test_a_vpc_origin_by_id_is_not_what_its_domain_name_leads_to(
    drawn: Draw, origin_id: Any, title: str, details: tuple[str, ...]
) -> None:
    other = distribution(behavior("two"), origins=[origin("two", "app.example.com")])

    graph = drawn({"Site": vpc_site(origin_id), "Other": other})

    [box] = boxes(graph, Kind.VPC_ORIGIN)
    assert (box.title, box.details, box.frame) == (title, details, None)
    assert arrows(graph)[-1] == ("app.example.com", "app.example.com")
    assert titles(graph, Kind.HOST) == ["app.example.com"]


def test_the_target_of_a_vpc_origin_is_drawn_by_its_arn(drawn: Draw) -> None:
    config = {"Name": "web", "Arn": BALANCER_ARN, "OriginProtocolPolicy": "https-only"}
    resource = {"Type": "AWS::CloudFront::VpcOrigin", "Properties": {"VpcOriginEndpointConfig": config}}

    graph = drawn({"Origin": resource, "Site": vpc_site({"Ref": "Origin"})})

    [balancer] = boxes(graph, Kind.LOAD_BALANCER)
    assert (balancer.title, balancer.details, balancer.frame) == ("web", ("application",), "eu-west-1")


def test_an_instance_behind_a_vpc_origin_is_no_api(drawn: Draw) -> None:
    config = {
        "Name": "web",
        "Arn": {"Fn::Sub": "arn:aws:ec2:eu-west-1:${AWS::AccountId}:instance/${Server}"},
        "OriginProtocolPolicy": "https-only",
    }
    resource = {"Type": "AWS::CloudFront::VpcOrigin", "Properties": {"VpcOriginEndpointConfig": config}}

    graph = drawn(
        {
            "Server": {"Type": "AWS::EC2::Instance"},
            "Origin": resource,
            "Site": vpc_site({"Fn::GetAtt": ["Origin", "Id"]}),
        }
    )

    assert (titles(graph, Kind.INSTANCE), titles(graph, Kind.API)) == (["a/Server"], [])


@pytest.mark.parametrize(
    ("endpoint", "kind", "title", "frame"),
    [
        (BALANCER_ARN, Kind.LOAD_BALANCER, "web", "eu-west-1"),
        (BALANCER_ARN.replace("eu-west-1", "us-east-1"), Kind.LOAD_BALANCER, "web", "us-east-1"),
        (
            {"Fn::Sub": BALANCER_ARN.replace("111122223333", "${AWS::AccountId}")},
            Kind.LOAD_BALANCER,
            "web",
            "eu-west-1",
        ),
        ("eipalloc-0123", Kind.ADDRESS, "eipalloc-0123", "eu-west-1"),
        ("i-0123", Kind.INSTANCE, "i-0123", "eu-west-1"),
        ({"Fn::ImportValue": "Web"}, Kind.UNKNOWN, "?", "eu-west-1"),
    ],
)
def test_an_endpoint_of_an_accelerator_is_drawn_by_its_arn_or_id_in_its_region(
    drawn: Draw, endpoint: Any, kind: Kind, title: str, frame: str
) -> None:
    graph = drawn({"Group": endpoint_group("arn:aws:globalaccelerator::1:accelerator/a/listener/b", endpoint)})

    [box] = boxes(graph, kind)
    assert (box.title, box.frame) == (title, frame)
    assert titles(graph, Kind.HOST) == []


def test_endpoint_groups_of_one_accelerator_outside_share_its_box(drawn: Draw) -> None:
    listener = "arn:aws:globalaccelerator::111122223333:accelerator/1234abcd/listener/"

    graph = drawn(
        {
            "One": endpoint_group(f"{listener}80", "eipalloc-1"),
            "Two": endpoint_group(f"{listener}443", "eipalloc-2", region="us-east-1"),
            "Other": endpoint_group({"Fn::ImportValue": "Listener"}, "eipalloc-3"),
        }
    )

    found = [(box.title, box.details, box.frame) for box in boxes(graph, Kind.ACCELERATOR)]
    assert found == [("1234abcd", (), EDGE), ("?", ("the export Listener",), EDGE)]
    assert len(arrows(graph, Link.REQUEST)) == 8


def test_a_pseudo_parameter_of_two_stacks_is_two_things(drawn: Draw) -> None:
    group = endpoint_group({"Fn::Sub": "${AWS::StackId}"}, "eipalloc-1")

    graph = drawn({"Group": group}, {"Group": group})

    assert len(boxes(graph, Kind.ACCELERATOR)) == 2


def test_buckets_behind_an_access_point_are_drawn_where_another_template_makes_them(drawn: Draw) -> None:
    regions = [{"Bucket": "first-bucket"}, {"Bucket": {"Fn::ImportValue": "Second"}}]
    point = {"Type": "AWS::S3::MultiRegionAccessPoint", "Properties": {"Name": "both", "Regions": regions}}

    graph = drawn({"Point": point})

    assert [(box.title, box.details) for box in boxes(graph, Kind.BUCKET)] == [
        ("first-bucket", ()),
        ("?", ("the export Second",)),
    ]
    assert arrows(graph) == [("both", "first-bucket"), ("both", "?")]


@pytest.mark.parametrize(
    ("arn", "title"),
    [
        ({"Fn::GetAtt": ["Store", "Arn"]}, "routes"),
        ("arn:aws:cloudfront::111122223333:key-value-store/8aa1-4c", "8aa1-4c"),
        ({"Fn::ImportValue": "Store"}, "?"),
    ],
)
def test_a_function_reads_its_key_value_store(drawn: Draw, arn: Any, title: str) -> None:
    function = {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": "route",
            "FunctionCode": "function handler(event) { return event.request; }",
            "FunctionConfig": {
                "Comment": "",
                "Runtime": "cloudfront-js-2.0",
                "KeyValueStoreAssociations": [{"KeyValueStoreARN": arn}],
            },
        },
    }
    event = {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["Function", "FunctionARN"]}}
    store = {"Type": "AWS::CloudFront::KeyValueStore", "Properties": {"Name": "routes"}}

    graph = drawn(
        {
            "Store": store,
            "Function": function,
            "Site": distribution(behavior("one", FunctionAssociations=[event]), origins=[origin("one")]),
        }
    )

    assert [(box.title, box.frame) for box in boxes(graph, Kind.STORE)] == [(title, EDGE)]
    assert arrows(graph, Link.READ) == [("Function", title)]


# What is said once, or where it counts


def test_target_groups_that_say_the_same_are_told_once(drawn: Draw) -> None:
    groups = {
        f"T{number}": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "lambda"}}
        for number in range(3)
    }
    forward = {"TargetGroups": [{"TargetGroupArn": {"Ref": name}} for name in groups]}
    listener = {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {
            "LoadBalancerArn": {"Ref": "Balancer"},
            "Port": 443,
            "Protocol": "HTTPS",
            "DefaultActions": [{"Type": "forward", "ForwardConfig": forward}],
        },
    }

    graph = drawn(
        {"Balancer": LOAD_BALANCER, "Listener": listener, **groups, "Name": record("a.example.com", TO_BALANCER, "A")}
    )

    assert boxes(graph, Kind.LOAD_BALANCER)[0].details == ("application", "targets unchecked")


@pytest.mark.parametrize(
    ("target", "evaluated", "label"),
    [
        (TO_BALANCER, True, "if healthy"),
        (TO_BALANCER, False, ""),
        ({"HostedZoneId": "Z1", "DNSName": "checked.example.com"}, True, "if healthy"),
        # Nothing of these is ever found unhealthy.
        (TO_DISTRIBUTION, True, ""),
        ({"HostedZoneId": "Z1", "DNSName": "plain.example.com"}, True, ""),
    ],
)
def test_an_arrow_says_whether_a_record_answers_only_while_its_target_is_healthy(
    drawn: Draw, target: dict[str, Any], evaluated: bool, label: str
) -> None:
    graph = drawn(
        {
            "Balancer": LOAD_BALANCER,
            "Site": distribution(behavior("one"), origins=[origin("one")]),
            "Check": health_check("one.example.com"),
            "Checked": record("checked.example.com", "192.0.2.1", "A", HealthCheckId={"Ref": "Check"}),
            "Plain": record("plain.example.com", "192.0.2.2", "A"),
            "First": failover("www.example.com", "PRIMARY", {**target, "EvaluateTargetHealth": evaluated}, kind="A"),
            "Second": failover("www.example.com", "SECONDARY", "192.0.2.3", kind="A"),
        }
    )

    [primary] = [box for box in boxes(graph, Kind.RECORD) if box.title == "PRIMARY"]
    assert [edge.label for edge in graph.edges if edge.source == primary.id] == [label]


def test_a_simple_record_answers_whatever_its_targets_health(drawn: Draw) -> None:
    alias = {**TO_BALANCER, "EvaluateTargetHealth": True}

    graph = drawn({"Balancer": LOAD_BALANCER, "Name": record("a.example.com", alias, "A")})

    assert [edge.label for edge in graph.edges] == ["", ""]


def test_types_are_told_in_one_order_so_that_records_do_not_repeat_them(drawn: Draw) -> None:
    resources: dict[str, Any] = {"Balancer": LOAD_BALANCER}
    for role, types in (("PRIMARY", ("AAAA", "A")), ("SECONDARY", ("A", "AAAA"))):
        for kind in types:
            resources[f"{kind}{role}"] = failover("www.example.com", role, TO_BALANCER, kind)

    graph = drawn(resources)

    assert boxes(graph, Kind.NAME)[0].details == ("failover A, AAAA",)
    assert [box.details for box in boxes(graph, Kind.RECORD)] == [(), ()]


def test_the_origin_of_a_bucket_has_the_buckets_name(drawn: Draw) -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "first-bucket"}}

    graph = drawn(
        {
            "Bucket": bucket,
            "Site": distribution(
                behavior("one"), origins=[origin("one", "first-bucket.s3.eu-west-1.amazonaws.com", S3OriginConfig={})]
            ),
        }
    )

    assert arrows(graph)[-1] == ("first-bucket", "first-bucket")


def test_a_name_with_a_parameter_in_it_is_told_with_the_parameters_name(tmp_path: Path) -> None:
    name = record("", TO_BALANCER, "A")
    name["Properties"]["Name"] = {"Fn::Sub": "www.${AWS::StackName}.${Zone}"}
    template = {"Parameters": {"Zone": {"Type": "String"}}, "Resources": {"Balancer": LOAD_BALANCER, "Name": name}}
    path = tmp_path / "site.json"
    path.write_text(json.dumps(template), encoding="utf-8")

    assert titles(draw(load(path)), Kind.NAME) == ["www.site.${Zone}"]


def test_an_instance_or_address_is_drawn_behind_the_name_that_aws_gives_it(drawn: Draw) -> None:
    host = {"Fn::GetAtt": ["Server", "PublicDnsName"]}

    graph = drawn(
        {
            "Server": {"Type": "AWS::EC2::Instance", "Properties": {"AvailabilityZone": "eu-west-1a"}},
            "Fixed": {"Type": "AWS::EC2::EIP"},
            "Site": distribution(behavior("one"), origins=[{**origin("one"), "DomainName": host}]),
            "First": record("www.example.com", "192.0.2.1", "A", Failover="PRIMARY", SetIdentifier="1"),
            "Second": {
                **(second := record("www.example.com", "", "A", Failover="SECONDARY", SetIdentifier="2")),
                "Properties": {**second["Properties"], "ResourceRecords": [{"Ref": "Fixed"}]},
            },
        }
    )

    assert titles(graph, Kind.ORIGIN) == ["Server"]
    assert [(box.title, box.frame) for box in boxes(graph, Kind.INSTANCE)] == [("a/Server", "eu-west-1")]
    assert [(box.title, box.frame) for box in boxes(graph, Kind.ADDRESS)] == [("a/Fixed", "eu-west-1")]
    assert titles(graph, Kind.HOST) == ["192.0.2.1"]


def test_an_endpoint_is_in_the_region_of_its_group_where_its_stack_tells_none(tmp_path: Path) -> None:
    resources = {"Balancer": LOAD_BALANCER, "Group": endpoint_group("arn:of/it", {"Ref": "Balancer"})}
    path = tmp_path / "site.json"
    path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")

    [balancer] = boxes(draw(load(path)), Kind.LOAD_BALANCER)

    assert balancer.frame == "eu-west-1"
