"""What the rules say of health checks: of limits, of what they ask, and of what a template does not tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .dns_documents import (
    NO_VALUE,
    ZONE,
    Resources,
    alias,
    attribute,
    bare_check,
    forward,
    found,
    health_check,
    latency,
    listener,
    load_balancer,
    primary,
    record,
    ref,
    secondary,
    target_group,
    untold,
)

_CHECKERS = ["us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "sa-east-1"]
_CONTROL = {"Type": "AWS::Route53RecoveryControl::RoutingControl", "Properties": {"Name": "primary"}}


def _said(folder: Path, rule_id: str, check: dict[str, Any], **more: Any) -> list[str]:
    return found(folder, rule_id, {"Health": check, **more}, ("Given",))


def _connects(**config: Any) -> dict[str, Any]:
    """A TCP health check of an address; None takes a property out."""
    kept = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 443, **config}
    return bare_check(**{name: value for name, value in kept.items() if value is not None})


def _of_alarm(**config: Any) -> dict[str, Any]:
    return bare_check(Type="CLOUDWATCH_METRIC", AlarmIdentifier={"Name": "slow", "Region": "eu-west-1"}, **config)


# What Route 53 refuses.


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (health_check(RequestInterval=15), "RequestInterval is 15 seconds"),
        (health_check(FailureThreshold=11), "FailureThreshold is 11"),
        (health_check(FailureThreshold=0), "FailureThreshold is 0"),
        (health_check(Port=0), "Port is 0"),
        (health_check(Regions=["us-east-1", "eu-west-1"]), "Regions has us-east-1 and eu-west-1; it takes 3 or more"),
        (health_check(Regions=["us-east-1", "us-west-1", "eu-west-3"]), "Regions has 'eu-west-3'"),
        (health_check(FullyQualifiedDomainName=None), "HTTPS health check has no FullyQualifiedDomainName"),
        (bare_check(Type="HTTP"), "HTTP health check has no FullyQualifiedDomainName"),
        (health_check(Type="HTTPS_STR_MATCH"), "HTTPS_STR_MATCH health check has no SearchString"),
        (health_check(Type="HTTP_STR_MATCH", SearchString=""), "HTTP_STR_MATCH health check has no SearchString"),
        (health_check(Type="HTTP_STR_MATCH", SearchString="x" * 256), "SearchString has 256 characters"),
        (health_check(Type="PING"), "Type is 'PING'"),
        (bare_check(Type="RECOVERY_CONTROL"), "set RoutingControlArn"),
        (bare_check(Type="CLOUDWATCH_METRIC"), "names no alarm"),
        (bare_check(Type="RECOVERY_CONTROL", RoutingControlArn="arn:x", RequestInterval=10), "has RequestInterval 10"),
        (bare_check(Type="RECOVERY_CONTROL", RoutingControlArn="arn:x", FailureThreshold=3), "has FailureThreshold 3"),
        (bare_check(Type="RECOVERY_CONTROL", RoutingControlArn="arn:x", MeasureLatency=True), "has MeasureLatency"),
        (bare_check(Type="RECOVERY_CONTROL", RoutingControlArn="arn:x", RequestInterval=ref("Given")), "has Request"),
        (bare_check(Type="TCP", FullyQualifiedDomainName="one.example.com"), "a TCP health check has no Port"),
        (_connects(ResourcePath="/health"), "a TCP health check has ResourcePath /health; it may have none"),
        (_connects(SearchString="ready"), "a TCP health check has SearchString ready; it may have none"),
        (_connects(FullyQualifiedDomainName="one.example.com"), "IPAddress 192.0.2.1 and a FullyQualifiedDomainName"),
        (_connects(FullyQualifiedDomainName=ref("Given")), "IPAddress 192.0.2.1 and a FullyQualifiedDomainName"),
        (health_check(SearchString="ready"), "a HTTPS health check has SearchString ready; it may have none"),
        (
            health_check(AlarmIdentifier={"Region": "us-east-1", "Name": "Offline"}),
            "a HTTPS health check has an AlarmIdentifier; only a CLOUDWATCH_METRIC health check follows an alarm",
        ),
        (_connects(AlarmIdentifier={"Region": ref("Given"), "Name": "Offline"}), "a TCP health check has an Alarm"),
        (health_check(IPAddress="one.example.com"), "IPAddress is 'one.example.com'"),
        (health_check(ResourcePath="/" * 256), "ResourcePath has 256 characters; 255 are allowed"),
        (
            bare_check(Type="CALCULATED", ChildHealthChecks=["a"], HealthThreshold=1, Port=443),
            "a CALCULATED health check has Port 443; it may have none",
        ),
        (_of_alarm(IPAddress="192.0.2.1"), "a CLOUDWATCH_METRIC health check has IPAddress 192.0.2.1"),
        (_of_alarm(InsufficientDataHealthStatus="unhealthy"), "InsufficientDataHealthStatus is 'unhealthy'"),
    ],
)
def test_what_route_53_refuses_is_found(tmp_path: Path, check: dict[str, Any], said: str) -> None:
    [message] = _said(tmp_path, "HA220", check)

    assert said in message


@pytest.mark.parametrize(
    "check",
    [
        health_check(RequestInterval=30),
        health_check(RequestInterval=None, FailureThreshold=None),
        health_check(FailureThreshold=1),
        health_check(FailureThreshold=10),
        health_check(Regions=["us-east-1", "us-west-1", "eu-west-1"]),
        health_check(Regions=_CHECKERS),
        health_check(Regions=ref("Given")),
        health_check(Regions=["us-east-1", ref("Given")]),
        health_check(FullyQualifiedDomainName=None, IPAddress="192.0.2.1"),
        health_check(FullyQualifiedDomainName=ref("Given")),
        health_check(Type="HTTP_STR_MATCH", SearchString="x" * 255),
        health_check(Type="HTTP_STR_MATCH", SearchString=ref("Given")),
        health_check(Type=ref("Given"), FullyQualifiedDomainName=None),
        health_check(RequestInterval=ref("Given"), FailureThreshold=ref("Given")),
        _connects(),
        _connects(Port=ref("Given")),
        _connects(IPAddress=None, FullyQualifiedDomainName="one.example.com"),
        _connects(IPAddress=ref("Given"), FullyQualifiedDomainName={"Fn::If": ["Maybe", "a.example.com", NO_VALUE]}),
        _connects(ResourcePath=NO_VALUE, SearchString={"Fn::If": ["Maybe", "ready", NO_VALUE]}),
        health_check(IPAddress="192.0.2.1"),
        health_check(SearchString=""),
        health_check(ResourcePath="/" * 255),
        _of_alarm(InsufficientDataHealthStatus="LastKnownStatus"),
        _of_alarm(InsufficientDataHealthStatus=ref("Given")),
        bare_check(Type="RECOVERY_CONTROL", RoutingControlArn=attribute("Control", "RoutingControlArn")),
        bare_check(Type="CLOUDWATCH_METRIC", AlarmIdentifier={"Name": "slow", "Region": "eu-west-1"}),
        bare_check(Type="CLOUDWATCH_METRIC", AlarmIdentifier=ref("Given")),
        {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": ref("Given")}},
    ],
)
def test_what_route_53_takes_is_fine(tmp_path: Path, check: dict[str, Any]) -> None:
    assert not _said(tmp_path, "HA220", check, Control=_CONTROL)


# Calculated health checks.


def _calculated(children: object, needed: object = 1, **config: Any) -> dict[str, Any]:
    return bare_check(Type="CALCULATED", ChildHealthChecks=children, HealthThreshold=needed, **config)


def _children(count: int) -> list[str]:
    return [f"11111111-1111-1111-1111-{i:012}" for i in range(count)]


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (_calculated([], 1), "has no ChildHealthChecks"),
        (bare_check(Type="CALCULATED", HealthThreshold=1), "has no ChildHealthChecks"),
        (_calculated(_children(2), 0), "always healthy"),
        (_calculated(_children(2), 3), "HealthThreshold is 3 of 2 children: it is never healthy"),
        (_calculated(_children(257)), "has 257 ChildHealthChecks"),
    ],
)
def test_a_calculated_health_check_that_never_changes_is_found(
    tmp_path: Path, check: dict[str, Any], said: str
) -> None:
    [message] = _said(tmp_path, "HA222", check)

    assert said in message


@pytest.mark.parametrize(
    "check",
    [
        _calculated(_children(2), 2),
        _calculated(_children(256), 256),
        _calculated(_children(2), ref("Given")),
        _calculated([ref("Given"), *_children(1)], 2),
    ],
)
def test_a_calculated_health_check_that_changes_is_fine(tmp_path: Path, check: dict[str, Any]) -> None:
    assert not _said(tmp_path, "HA222", check)


@pytest.mark.parametrize(
    "children", [ref("Given"), [{"Fn::If": ["Maybe", "11111111-1111-1111-1111-111111111111", NO_VALUE]}]]
)
def test_children_that_are_given_are_not_counted(tmp_path: Path, children: object) -> None:
    resources = {"Health": _calculated(children, 2)}

    assert untold(tmp_path, "HA222", resources, ("Given",))


def test_each_calculated_child_is_found(tmp_path: Path) -> None:
    resources = {
        "Plain": health_check(),
        "Inner": _calculated([ref("Plain")]),
        "Outer": _calculated([ref("Plain"), ref("Inner")]),
    }

    [message] = found(tmp_path, "HA221", resources)

    assert message.startswith("the child dns/Inner is CALCULATED itself")


@pytest.mark.parametrize(
    ("children", "needed", "said"),
    [
        ([*_children(2), *_children(1)], 2, "counts twice: 2 of 3 must be healthy"),
        # Of one, or of all, that have to be healthy, it does not matter.
        ([*_children(2), *_children(1)], 1, None),
        ([*_children(2), *_children(1)], 3, None),
        ([ref("One"), ref("Two"), ref("One")], 2, "One is listed before"),
        ([ref("Given"), ref("Two"), ref("Given")], 2, "counts twice"),
        ([ref("Given"), ref("Two"), ref("Stage")], 2, None),
        ([{"Fn::If": ["Maybe", "a", "b"]}, ref("Two"), {"Fn::If": ["Maybe", "b", "a"]}], 2, None),
        (_children(3), 2, None),
        (ref("Given"), 2, None),
    ],
)
def test_a_child_counts_once(tmp_path: Path, children: object, needed: object, said: str | None) -> None:
    resources = {"Health": _calculated(children, needed), "One": health_check(), "Two": health_check()}
    messages = found(tmp_path, "HA244", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_how_many_must_be_healthy_may_be_given(tmp_path: Path) -> None:
    resources = {"Health": _calculated([*_children(2), *_children(1)], ref("Given"))}

    assert untold(tmp_path, "HA244", resources, ("Given",))


# What it asks.


def test_a_health_check_of_the_name_that_it_steers_is_found(tmp_path: Path) -> None:
    resources = {**ZONE, "Health": health_check(FullyQualifiedDomainName="ORIGIN.example.com")}
    resources |= {"First": primary(), "Second": secondary()}

    [message] = found(tmp_path, "HA223", resources)

    assert message == "asks origin.example.com, and failover records of origin.example.com follow its answer"


def test_it_is_found_through_other_names_and_calculated_checks(tmp_path: Path) -> None:
    resources = {
        **ZONE,
        "Health": health_check(FullyQualifiedDomainName="www.example.com"),
        "Any": _calculated([ref("Health")]),
        "Www": record(Name="www.example.com", Type="CNAME", ResourceRecords=["origin.example.com"]),
        "One": latency("eu-west-1", HealthCheckId=ref("Any")),
    }

    assert len(found(tmp_path, "HA223", resources)) == 1


@pytest.mark.parametrize(
    "config",
    [
        {"FullyQualifiedDomainName": "one.example.com"},
        {"FullyQualifiedDomainName": "origin.example.com", "IPAddress": "192.0.2.1"},
        {"FullyQualifiedDomainName": ref("Given")},
    ],
)
def test_a_health_check_of_another_name_or_address_is_fine(tmp_path: Path, config: dict[str, Any]) -> None:
    resources = {**ZONE, "Health": health_check(**config), "First": primary(), "Second": secondary()}

    assert not found(tmp_path, "HA223", resources, ("Given",))


def test_a_health_check_may_watch_a_name_that_it_does_not_steer(tmp_path: Path) -> None:
    resources = {**ZONE, "Health": health_check(), "First": primary(), "Second": secondary()}
    resources["Watch"] = health_check(FullyQualifiedDomainName="origin.example.com")

    assert not found(tmp_path, "HA223", resources)


@pytest.mark.parametrize(
    ("config", "count"),
    [
        ({"EnableSNI": True}, 0),
        ({"EnableSNI": False}, 1),
        ({"EnableSNI": None}, 0),
        ({"EnableSNI": ref("Given")}, 0),
        ({"EnableSNI": None, "Type": "HTTP"}, 0),
        ({"EnableSNI": None, "Type": "HTTPS_STR_MATCH", "SearchString": "up"}, 0),
        ({"EnableSNI": None, "FullyQualifiedDomainName": None, "IPAddress": "192.0.2.1"}, 0),
    ],
)
def test_https_needs_the_name_in_the_handshake(tmp_path: Path, config: dict[str, Any], count: int) -> None:
    assert count == len(_said(tmp_path, "HA224", health_check(**config)))


@pytest.mark.parametrize("config", [{}, {"Type": "HTTPS_STR_MATCH", "SearchString": "up"}])
def test_a_default_that_aws_does_not_document_is_no_finding(tmp_path: Path, config: dict[str, Any]) -> None:
    [question] = untold(tmp_path, "HA224", {"Health": health_check(EnableSNI=None, **config)})

    assert question.startswith("cannot tell whether one.example.com is told its name: it depends on the default")


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (2, 0), (None, 0), (ref("Given"), 0)])
def test_one_failed_request_is_no_outage(tmp_path: Path, threshold: Any, count: int) -> None:
    assert count == len(_said(tmp_path, "HA225", health_check(FailureThreshold=threshold)))


# What the internet does not reach.


@pytest.mark.parametrize(
    ("address", "count"),
    [
        *[(address, 1) for address in ("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1")],
        *[(address, 1) for address in ("100.64.0.1", "224.0.0.1", "fd00::1", "::1")],
        *[(address, 0) for address in ("192.0.2.1", "8.8.8.8", "2001:db8::1", ref("Given"), "nonsense")],
    ],
)
def test_an_address_is_public(tmp_path: Path, address: Any, count: int) -> None:
    check = health_check(FullyQualifiedDomainName=None, IPAddress=address)

    assert count == len(_said(tmp_path, "HA226", check))


def _name(**properties: Any) -> dict[str, Any]:
    return record(Name="one.example.com", **properties)


_OWN = {"AliasTarget": alias(attribute("Balancer", "DNSName"), zone=attribute("Balancer", "CanonicalHostedZoneID"))}


@pytest.mark.parametrize(
    ("scheme", "count"), [("internal", 1), ("internet-facing", 0), (ref("Given"), 0), (NO_VALUE, 0)]
)
@pytest.mark.parametrize("direct", [True, False])
def test_an_internal_load_balancer_is_not_reached(tmp_path: Path, scheme: object, count: int, direct: bool) -> None:
    host = attribute("Balancer", "DNSName") if direct else "one.example.com"
    more = {} if direct else {**ZONE, "Name": _name(**_OWN)}
    check = health_check(FullyQualifiedDomainName=host)

    assert count == len(_said(tmp_path, "HA226", check, Balancer=load_balancer(Scheme=scheme), **more))


def test_a_name_of_private_addresses_is_not_reached(tmp_path: Path) -> None:
    some = {**ZONE, "Name": _name(ResourceRecords=["10.0.0.1", "10.0.0.2"])}
    assert len(_said(tmp_path, "HA226", health_check(), **some)) == 1

    mixed = {**ZONE, "Name": _name(ResourceRecords=["10.0.0.1", "192.0.2.1"])}
    assert not _said(tmp_path, "HA226", health_check(), **mixed)


def test_a_name_of_a_private_zone_is_not_reached(tmp_path: Path) -> None:
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com", "VPCs": [{"VPCId": "vpc-1"}]}}

    [message] = _said(tmp_path, "HA226", health_check(), Zone=zone, Name=_name())

    assert message == "one.example.com is known in the private hosted zone example.com only"


# What is probed from a VPC.

_PRIVATE = {"EndpointType": "PRIVATE", "HealthCheckSourceId": "hcs-1"}


@pytest.mark.parametrize(
    ("config", "count"), [(_PRIVATE, 0), ({"EndpointType": "PUBLIC"}, 1), ({"EndpointType": ref("Given")}, 0)]
)
def test_a_private_check_reaches_what_the_internet_does_not(
    tmp_path: Path, config: dict[str, object], count: int
) -> None:
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com", "VPCs": [{"VPCId": "vpc-1"}]}}
    internal = {"Balancer": load_balancer(Scheme="internal")}
    by_address = health_check(FullyQualifiedDomainName=None, IPAddress="10.0.0.1", **config)
    by_name = health_check(FullyQualifiedDomainName=attribute("Balancer", "DNSName"), **config)

    assert count == len(_said(tmp_path, "HA226", by_address))
    assert count == len(_said(tmp_path, "HA226", by_name, **internal))
    assert count == len(_said(tmp_path, "HA226", health_check(**config), Zone=zone, Name=_name()))


def test_of_an_endpoint_type_that_is_given_nothing_is_said(tmp_path: Path) -> None:
    given = health_check(FullyQualifiedDomainName=None, IPAddress="10.0.0.1", EndpointType=ref("Given"))
    public = health_check(FullyQualifiedDomainName=None, IPAddress="8.8.8.8", EndpointType=ref("Given"))

    [message] = untold(tmp_path, "HA226", {"Health": given}, ("Given",))
    assert "whether it is probed from a VPC" in message
    assert not untold(tmp_path, "HA226", {"Health": public}, ("Given",))


# What lets it in.


_FORBIDDEN = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "403"}}
_SECRET = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Secret", "Values": ["swordfish"]}}


def _path(*paths: object) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(paths)}}


def _rule(priority: int, *conditions: object, action: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {
        "ListenerArn": ref("Listener"),
        "Priority": priority,
        "Conditions": list(conditions),
        "Actions": [action or forward()],
    }
    return {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties}


def _guarded(*rules: dict[str, Any], default: dict[str, Any] | None = None, **balancer: Any) -> Resources:
    return {
        **ZONE,
        "Name": _name(**_OWN),
        "Balancer": load_balancer(**balancer),
        "Targets": target_group(TargetType="ip"),
        "Listener": listener(default or _FORBIDDEN),
        **{f"Rule{index}": rule for index, rule in enumerate(rules)},
    }


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ([_rule(2, _SECRET)], 1),
        ([_rule(2, _SECRET), _rule(1, _path("/health"))], 0),
        ([_rule(2, _SECRET), _rule(1, _path("/other", "/hea*"))], 0),
        ([_rule(2, _SECRET), _rule(1, _path("/healt?"))], 0),
        ([_rule(2, _SECRET), _rule(1, _path("/HEALTH"))], 1),
        ([_rule(2, _SECRET), _rule(1, _path("/health"), _SECRET)], 1),
        ([_rule(2, _SECRET), _rule(1, _path("/health"), action=_FORBIDDEN)], 1),
        ([_rule(2, _SECRET), _rule(1, _path(ref("Given")))], 0),
        ([_rule(2, _SECRET), _rule(1, {"Field": "host-header", "HostHeaderConfig": {"Values": ["*"]}})], 0),
        ([_rule(2, _path("/other"))], 0),
        ([], 0),
    ],
)
def test_a_path_that_only_a_secret_header_opens_is_not_let_in(
    tmp_path: Path, rules: list[dict[str, Any]], count: int
) -> None:
    assert count == len(_said(tmp_path, "HA227", health_check(), **_guarded(*rules)))


def test_a_default_that_forwards_lets_everybody_in(tmp_path: Path) -> None:
    assert not _said(tmp_path, "HA227", health_check(), **_guarded(_rule(1, _SECRET), default=forward()))


def test_another_port_is_another_listener(tmp_path: Path) -> None:
    assert not _said(tmp_path, "HA227", health_check(Port=8443), **_guarded(_rule(1, _SECRET)))


def _group(*sources: object) -> dict[str, Any]:
    rules = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **one} for one in sources if isinstance(one, dict)]
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x", "SecurityGroupIngress": rules}}


_CLOUDFRONT_LIST = {"SourcePrefixListId": "pl-4fa04526"}


@pytest.mark.parametrize(
    ("sources", "count"),
    [
        ([_CLOUDFRONT_LIST], 1),
        ([_CLOUDFRONT_LIST, {"CidrIp": "0.0.0.0/0"}], 0),
        ([_CLOUDFRONT_LIST, {"SourcePrefixListId": "pl-11111111"}], 0),
        ([_CLOUDFRONT_LIST, {"SourcePrefixListId": ref("Given")}], 0),
        ([{"SourcePrefixListId": "pl-11111111"}], 0),
    ],
)
def test_security_groups_for_cloudfront_alone_keep_checkers_out(
    tmp_path: Path, sources: list[object], count: int
) -> None:
    resources = _guarded(default=forward(), SecurityGroups=[attribute("Group", "GroupId")])

    assert count == len(_said(tmp_path, "HA227", health_check(), **resources, Group=_group(*sources)))


def test_a_private_check_may_be_admitted_by_its_own_security_groups(tmp_path: Path) -> None:
    resources = _guarded(default=forward(), SecurityGroups=[attribute("Group", "GroupId")])

    assert not _said(tmp_path, "HA227", health_check(**_PRIVATE), **resources, Group=_group(_CLOUDFRONT_LIST))


def test_a_private_check_has_no_secret_header_either(tmp_path: Path) -> None:
    assert len(_said(tmp_path, "HA227", health_check(**_PRIVATE), **_guarded(_rule(1, _SECRET)))) == 1


def test_a_prefix_list_that_aws_makes_is_no_finding(tmp_path: Path) -> None:
    lists = {"Type": "Custom::PrefixLists", "Properties": {"ServiceToken": "arn"}}
    source = {"SourcePrefixListId": attribute("Lists", "CloudFront")}
    resources = _guarded(default=forward(), SecurityGroups=[attribute("Group", "GroupId")])

    assert untold(tmp_path, "HA227", {**resources, "Health": health_check(), "Lists": lists, "Group": _group(source)})


# Alarms.


def _followed(**properties: Any) -> Resources:
    metric = {"Namespace": "Shop", "MetricName": "Errors", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 3}
    kept = {name: value for name, value in (metric | properties).items() if value is not None}
    identifier = {"Name": ref("Alarm"), "Region": "eu-west-1"}
    return {
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": kept},
        "Health": bare_check(Type="CLOUDWATCH_METRIC", AlarmIdentifier=identifier),
    }


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"ExtendedStatistic": "p99", "Statistic": None}, "ExtendedStatistic p99"),
        ({"Metrics": [{"Id": "e", "Expression": "a/b"}], "MetricName": None, "Statistic": None}, "metric math"),
        ({"Period": 10}, "a Period of 10 seconds"),
        ({"DatapointsToAlarm": 2}, "DatapointsToAlarm 2 of EvaluationPeriods 3"),
    ],
)
def test_an_alarm_that_route_53_cannot_follow_is_found(tmp_path: Path, properties: dict[str, Any], said: str) -> None:
    [message] = found(tmp_path, "HA228", _followed(**properties))

    assert said in message


@pytest.mark.parametrize(
    "properties", [{}, {"Period": 300}, {"DatapointsToAlarm": 3}, {"DatapointsToAlarm": ref("Given")}]
)
def test_an_alarm_of_one_metric_is_followed(tmp_path: Path, properties: dict[str, Any]) -> None:
    assert not found(tmp_path, "HA228", _followed(**properties), ("Given",))


def _composite(name: Any) -> Resources:
    alarm = {"AlarmName": "shop-down", "AlarmRule": "ALARM(errors)"}
    identifier = {"Name": name, "Region": "eu-west-1"}
    return {
        "Alarm": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": alarm},
        "Health": bare_check(Type="CLOUDWATCH_METRIC", AlarmIdentifier=identifier),
    }


@pytest.mark.parametrize("name", [ref("Alarm"), "shop-down"])
def test_route_53_follows_no_composite_alarm(tmp_path: Path, name: Any) -> None:
    assert found(tmp_path, "HA228", _composite(name)) == ["the alarm dns/Alarm is composite; it may be one of a metric"]


@pytest.mark.parametrize("name", [ref("Given"), "another"])
def test_another_alarm_may_be_one_of_a_metric(tmp_path: Path, name: Any) -> None:
    assert not found(tmp_path, "HA228", _composite(name), ("Given",))


# What it costs, and whether it is on.


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "HTTPS and a 10-second interval cost $2.00 a month for an endpoint on AWS, else $4.00"),
        ({"Type": "HTTP", "MeasureLatency": True}, "a 10-second interval and measured latency cost $2.00 a month"),
        (
            {"FullyQualifiedDomainName": "one-1.eu-west-1.elb.amazonaws.com", "RequestInterval": 30},
            "HTTPS costs $1.00 a month",
        ),
    ],
)
def test_options_are_told_with_their_price(tmp_path: Path, config: dict[str, Any], said: str) -> None:
    [message] = _said(tmp_path, "HA229", health_check(**config))

    assert message.startswith(said)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"Disabled": True}, ["Disabled is true: it is always healthy"]),
        ({"Disabled": True, "Inverted": True}, ["Disabled is true: it is always unhealthy"]),
        ({"Disabled": False}, []),
        ({"Disabled": ref("Given")}, []),
    ],
)
def test_a_health_check_that_is_off_is_told(tmp_path: Path, config: dict[str, Any], said: list[str]) -> None:
    assert said == _said(tmp_path, "HA230", health_check(**config))


# Ports that nobody listens at.


def _balanced(*ports: Any) -> dict[str, Any]:
    listeners = {
        f"Listener{index}": listener(forward(), Port=port, Protocol="HTTP" if port == 80 else "HTTPS")
        for index, port in enumerate(ports)
    }
    return {"Balancer": load_balancer(), "Targets": target_group(), **listeners}


_AT_BALANCER = {"FullyQualifiedDomainName": attribute("Balancer", "DNSName")}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "asks dns/Balancer at port 443; it listens at 80 and 8080"),
        ({"Type": "HTTPS_STR_MATCH", "SearchString": "well"}, "at port 443"),
        ({"Type": "TCP", "Port": 5432}, "at port 5432"),
    ],
)
def test_a_port_without_a_listener_is_found(tmp_path: Path, config: dict[str, Any], said: str) -> None:
    [message] = _said(tmp_path, "HA231", health_check(**_AT_BALANCER, **config), **_balanced(8080, 80))

    assert said in message


@pytest.mark.parametrize(
    ("config", "ports"),
    [
        ({}, (443,)),
        ({"Type": "HTTP"}, (443, 80)),
        ({"Port": 8443}, (443, 8443)),
        ({"Port": ref("Given")}, (443,)),
        ({}, (80, ref("Given"))),
        ({}, ()),
        ({"IPAddress": "192.0.2.1"}, (80,)),
        ({"Type": "TCP"}, (80,)),
    ],
)
def test_a_port_that_may_have_a_listener_is_fine(
    tmp_path: Path, config: dict[str, Any], ports: tuple[Any, ...]
) -> None:
    assert not _said(tmp_path, "HA231", health_check(**_AT_BALANCER, **config), **_balanced(*ports))
