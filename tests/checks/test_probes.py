"""What the rules say of health checks that are held against the records that follow them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .dns_documents import (
    ZONE,
    Resources,
    alias,
    attribute,
    balancer_name,
    bare_check,
    endpoint_group,
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

_FIRST, _SECOND = "192.0.2.1", "198.51.100.1"


def _at(address: Any, **config: Any) -> dict[str, Any]:
    """A check that asks an address."""
    return health_check(Type="HTTP", FullyQualifiedDomainName=None, EnableSNI=None, IPAddress=address, **config)


def _pair(first: object = None, second: object = None, **more: Any) -> Resources:
    """A failover pair of the first and the second address, with the checks that they follow."""
    return {
        **ZONE,
        "First": primary(HealthCheckId=first),
        "Second": secondary(HealthCheckId=second),
        "OfFirst": _at(_FIRST),
        "OfSecond": _at(_SECOND),
        **more,
    }


def _calculated(*children: str, threshold: int = 1, inverted: bool = False) -> dict[str, Any]:
    return bare_check(
        Type="CALCULATED",
        ChildHealthChecks=list(map(ref, children)),
        HealthThreshold=threshold,
        Inverted=inverted,
    )


# HA232: of another record's endpoint.


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_pair(ref("OfFirst"), ref("OfSecond")), 0),
        (_pair(ref("OfSecond"), ref("OfFirst")), 2),
        (_pair(ref("OfFirst"), ref("Other"), Other=_at(_FIRST, ResourcePath="/other")), 1),
        (_pair(ref("OfFirst"), ref("Other"), Other=_at("203.0.113.1")), 0),
        (_pair(ref("Both"), Both=_calculated("OfFirst", "OfSecond")), 0),
        (_pair(ref("One"), One=_calculated("OfSecond")), 1),
        # It stands by: healthy while the first is not.
        (_pair(ref("OfFirst"), ref("Not"), Not=_at(_FIRST, Inverted=True)), 0),
        (_pair(ref("OfFirst"), ref("Not"), Not=_calculated("OfFirst", inverted=True)), 0),
        (_pair(ref("OfFirst"), ref("Not"), Not=_at(_FIRST, Inverted=ref("Given"))), 0),
        (_pair(ref("Given")), 0),
        (_pair(ref("Mixed"), Mixed=_calculated("OfSecond", "Unseen"), Unseen=_at(ref("Given"))), 0),
        (_pair(ref("Named"), Named=health_check(FullyQualifiedDomainName="two.example.com")), 0),
    ],
)
def test_a_record_follows_what_it_leads_to(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA232", resources, ("Given",))) == count


def test_a_name_and_an_alias_are_what_they_lead_to(tmp_path: Path) -> None:
    resources = {
        **ZONE,
        "One": load_balancer(),
        "Two": load_balancer(),
        "Name": record(Name="one.example.com", AliasTarget=alias(attribute("One", "DNSName"))),
        "Health": health_check(FullyQualifiedDomainName="one.example.com"),
        "West": latency("eu-west-1", AliasTarget=alias(attribute("One", "DNSName"))),
        "East": latency("us-east-1", AliasTarget=alias(attribute("Two", "DNSName")), HealthCheckId=ref("Health")),
    }

    [message] = found(tmp_path, "HA232", resources)

    assert message == (
        "record us-east-1 of origin.example.com A follows Health, which watches what record eu-west-1 leads to"
    )


def _by_metric(name: str, of: str) -> Resources:
    dimension = {"Name": name, "Value": attribute(of, f"{name}FullName")}
    metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "HealthyHostCount", "Statistic": "Minimum"}
    periods = {"Period": 60, "EvaluationPeriods": 2, "Threshold": 1, "ComparisonOperator": "LessThanThreshold"}
    alarm = {"Dimensions": [dimension], **metric, **periods, "TreatMissingData": "breaching"}
    return {
        **ZONE,
        "Balancer": load_balancer(),
        "Targets": target_group(),
        "Listener": listener(forward()),
        "Other": load_balancer(),
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
        "Health": bare_check(Type="CLOUDWATCH_METRIC", AlarmIdentifier={"Name": ref("Alarm"), "Region": "eu-west-1"}),
        "First": primary(AliasTarget=alias(attribute("Balancer", "DNSName"), evaluate=False)),
        "Second": secondary(ResourceRecords=None, TTL=None, AliasTarget=alias(attribute("Other", "DNSName"))),
    }


@pytest.mark.parametrize(
    ("name", "of", "count"),
    [("LoadBalancer", "Balancer", 0), ("LoadBalancer", "Other", 1), ("TargetGroup", "Targets", 0)],
)
def test_an_alarm_is_of_what_its_metric_is_of(tmp_path: Path, name: str, of: str, count: int) -> None:
    assert len(found(tmp_path, "HA232", _by_metric(name, of))) == count


_ADDRESS = {"Type": "AWS::EC2::EIP", "Properties": {}}


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (ref("One"), 0),
        (attribute("One", "PublicIp"), 0),
        (attribute("Two", "PublicIp"), 1),
        (ref("Given"), 0),
    ],
)
def test_an_address_that_aws_makes_is_one_by_whichever_attribute(tmp_path: Path, asked: object, count: int) -> None:
    resources = _pair(ref("OfFirst"), OfFirst=_at(asked), One=_ADDRESS, Two=_ADDRESS)
    resources["First"] = primary(HealthCheckId=ref("OfFirst"), ResourceRecords=[ref("One")])
    resources["Second"] = secondary(ResourceRecords=[ref("Two")])

    assert len(found(tmp_path, "HA232", resources, ("Given",))) == count


@pytest.mark.parametrize(("asked", "count"), [("FirstAddress", 0), ("SecondAddress", 1)])
def test_a_parameter_is_one_address_whatever_it_is(tmp_path: Path, asked: str, count: int) -> None:
    resources = _pair(ref("OfFirst"), OfFirst=_at(ref(asked)))
    resources["First"] = primary(HealthCheckId=ref("OfFirst"), ResourceRecords=[ref("FirstAddress")])
    resources["Second"] = secondary(ResourceRecords=[ref("SecondAddress")])

    assert len(found(tmp_path, "HA232", resources, ("FirstAddress", "SecondAddress"))) == count


# HA233: turned around.


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_pair(ref("Not"), Not=_at(_FIRST, Inverted=True)), 1),
        (_pair(ref("Not"), Not=_calculated("OfFirst", inverted=True)), 1),
        (_pair(ref("Twice"), Twice=_calculated("Not", inverted=True), Not=_at(_FIRST, Inverted=True)), 0),
        (_pair(ref("OfFirst"), ref("Not"), Not=_at(_SECOND, Inverted=True)), 1),
        (_pair(ref("OfFirst"), ref("Not"), Not=_at(_FIRST, Inverted=True)), 0),
        (_pair(ref("Not"), Not=_at(_FIRST, Inverted=ref("Given"))), 0),
        (_pair(ref("Not"), Not=_at("203.0.113.1", Inverted=True)), 0),
        # It is off, and somebody may turn it around by hand.
        (_pair(ref("Not"), Not=_at(_FIRST, Inverted=True, Disabled=True)), 0),
        (_pair(ref("Both"), Both=_calculated("OfFirst", "Not"), Not=_at(_FIRST, Inverted=True)), 0),
    ],
)
def test_a_record_is_unhealthy_while_its_endpoint_is(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA233", resources, ("Given",))) == count


# HA234: in another Region.


def _in_region(asked: Any, **more: Any) -> Resources:
    return {
        **ZONE,
        "Health": health_check(FullyQualifiedDomainName=asked),
        "First": primary(AliasTarget=alias(balancer_name("eu-west-1"))),
        "Second": secondary(ResourceRecords=None, TTL=None, AliasTarget=alias(balancer_name("eu-central-1"))),
        **more,
    }


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_in_region(balancer_name("us-east-1", "other")), 1),
        (_in_region(balancer_name("eu-west-1", "other")), 0),
        (_in_region("one.example.com"), 0),
        (_in_region(ref("Given")), 0),
        # HA232 tells it.
        (_in_region(balancer_name("eu-central-1")), 0),
        (
            _in_region(
                "one.example.com", Name=record(Name="one.example.com", AliasTarget=alias(balancer_name("us-east-1")))
            ),
            1,
        ),
        (
            _in_region(
                balancer_name("us-east-1"),
                Health=_calculated("Here", "There"),
                Here=health_check(FullyQualifiedDomainName=balancer_name("eu-west-1")),
                There=health_check(FullyQualifiedDomainName=balancer_name("us-east-1", "other")),
            ),
            0,
        ),
    ],
)
def test_a_check_is_in_the_region_of_its_record(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA234", resources, ("Given",))) == count


# HA235: answered in front.

_FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
_DOWN = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
_REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
_LOGIN = {"Type": "authenticate-oidc", "Order": 1}


def _at_path(path: object, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    conditions = [{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}, *more.pop("Conditions", [])]
    return {
        "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
        "Properties": {"ListenerArn": ref("Listener"), "Priority": 1, "Conditions": conditions, "Actions": [action]},
    }


def _balanced(action: dict[str, Any], check: dict[str, Any] | None = None, **more: Any) -> Resources:
    return {
        **ZONE,
        "Balancer": load_balancer(),
        "Targets": target_group(),
        "Listener": listener(action),
        "Health": check or health_check(FullyQualifiedDomainName=attribute("Balancer", "DNSName")),
        **more,
    }


_SHARED = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": ref("Listener")}}
_OF_LISTENER = {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": {"ResourceArn": ref("Listener")}}
_AT_BALANCER = {"FullyQualifiedDomainName": attribute("Balancer", "DNSName")}
_HOST = {"Field": "host-header", "HostHeaderConfig": {"Values": ["one.example.com"]}}
_NAME = record(Name="one.example.com", AliasTarget=alias(attribute("Balancer", "DNSName")))


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_balanced(forward()), None),
        (_balanced(_FIXED), "answers /health with a fixed 200, so that the health check is healthy whatever"),
        (_balanced(_DOWN), "answers /health with a fixed 503, so that the health check is never healthy"),
        (_balanced(_REDIRECT), "redirects /health (301), so that the health check is healthy whatever"),
        (_balanced(forward(), Rule=_at_path("/health", _FIXED)), "answers /health with a fixed 200"),
        (_balanced(forward(), Rule=_at_path("/other", _FIXED)), None),
        (_balanced(_FIXED, Rule=_at_path("/health", forward())), None),
        # Others may add a rule for the path.
        (_balanced(_FIXED, Shared=_SHARED), None),
        (_balanced(_FIXED, Alarm=_OF_LISTENER), "answers /health with a fixed 200"),
        (_balanced(forward(), Rule=_at_path(ref("Given"), _FIXED)), None),
        (
            _balanced(forward(), health_check(**_AT_BALANCER, ResourcePath=None), Rule=_at_path("/", _FIXED)),
            "answers /",
        ),
        (_balanced(forward(), health_check(**_AT_BALANCER, ResourcePath=ref("Given"))), None),
        (_balanced(_FIXED, health_check(**_AT_BALANCER, IPAddress="203.0.113.1")), None),
        (
            _balanced(_FIXED, health_check(**_AT_BALANCER, Type="HTTPS_STR_MATCH", SearchString="up")),
            "the same whatever",
        ),
        (_balanced(forward(), health_check(**_AT_BALANCER, Type="TCP", Port=443)), "accepts every connection itself"),
        (_balanced(forward(), health_check(**_AT_BALANCER, Type="TCP", Port=80)), None),
        (_balanced(forward(), Rule=_at_path("/health", _LOGIN)), "sends those who ask /health to log in"),
        (_balanced(forward(), Name=_NAME, Rule=_at_path("/health", _FIXED, Conditions=[_HOST])), None),
        (
            _balanced(forward(), health_check(), Name=_NAME, Rule=_at_path("/health", _FIXED, Conditions=[_HOST])),
            "answers /health with a fixed 200",
        ),
    ],
)
def test_a_load_balancer_that_answers_itself_tells_nothing_of_its_targets(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = found(tmp_path, "HA235", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def _accelerated(action: dict[str, Any], *more_endpoints: Any, check: Any = None, **given: Any) -> Resources:
    """A load balancer behind an accelerator that checkers ask by its own name."""
    ports = given.pop("ports", [(443, 443)])
    entry = {
        "AcceleratorArn": ref("Accelerator"),
        "PortRanges": [{"FromPort": first, "ToPort": last} for first, last in ports],
        **given.pop("entry", {}),
    }
    asked = check or health_check(FullyQualifiedDomainName=attribute("Accelerator", "DnsName"))
    return {
        **_balanced(action, asked),
        "Accelerator": {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"Name": "shop"}},
        "Entry": {"Type": "AWS::GlobalAccelerator::Listener", "Properties": entry},
        "Group": endpoint_group("eu-west-1", ref("Balancer"), *more_endpoints, **given),
    }


def _override(at: Any, port: Any) -> dict[str, Any]:
    return {"PortOverrides": [{"ListenerPort": at, "EndpointPort": port}]}


_OTHER_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/other/1111111111111111"
_BY_TCP = health_check(
    Type="TCP",
    Port=443,
    FullyQualifiedDomainName=attribute("Accelerator", "DnsName"),
    ResourcePath=None,
    EnableSNI=None,
)
_OF_ACCELERATOR = {
    "Health": health_check(),
    "Name": record(
        Name="one.example.com", AliasTarget=alias(attribute("Accelerator", "DnsName"), zone="Z2BJ6XQ5FK7U4H")
    ),
}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_accelerated(forward()), None),
        (_accelerated(_FIXED), "dns/Balancer answers /health with a fixed 200, so that the health check is healthy"),
        (_accelerated(_DOWN), "so that the health check is never healthy"),
        ({**_accelerated(_REDIRECT), **_OF_ACCELERATOR}, "redirects /health (301)"),
        (_accelerated(forward(), check=_BY_TCP), "accepts every connection itself"),
        (_accelerated(_FIXED, ports=[(80, 80)]), None),
        (_accelerated(_FIXED, ports=[(1, 65_535)]), "answers /health with a fixed 200"),
        (_accelerated(_FIXED, ports=[(ref("Given"), 443)]), None),
        (_accelerated(_FIXED, entry={"Protocol": "UDP"}), None),
        (_accelerated(_FIXED, **_override(443, 8443)), None),
        (_accelerated(_FIXED, **_override(443, 443)), "answers /health with a fixed 200"),
        (_accelerated(_FIXED, **_override(80, 8443)), "answers /health with a fixed 200"),
        (_accelerated(_FIXED, **_override(443, ref("Given"))), None),
        (_accelerated(_FIXED, **_override(ref("Given"), 8443)), None),
        # Another endpoint may answer what is behind it.
        (_accelerated(_FIXED, _OTHER_BALANCER), None),
        (_accelerated(_FIXED, ref("Given")), None),
        (_accelerated(_FIXED, EndpointConfigurations=ref("Given")), None),
    ],
)
def test_behind_an_accelerator_a_load_balancer_answers_too(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = found(tmp_path, "HA235", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def _behind_network(action: dict[str, Any], *targets: Any, **group: Any) -> Resources:
    """An Application Load Balancer behind a Network Load Balancer that checkers ask."""
    asked = health_check(FullyQualifiedDomainName=attribute("Front", "DNSName"))
    sent = [{"Id": one} for one in targets or (ref("Balancer"),)]
    properties = {"TargetType": "alb", "Protocol": "TCP", "Port": 443, "Targets": sent, **group}
    return {
        **_balanced(action, asked),
        "Front": load_balancer(Type="network"),
        "Behind": target_group(**properties),
        "Entry": listener(forward("Behind"), LoadBalancerArn=ref("Front"), Protocol="TCP"),
    }


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_behind_network(forward()), None),
        (_behind_network(_FIXED), "dns/Balancer answers /health with a fixed 200"),
        (_behind_network(_FIXED, Port=8443), None),
        (_behind_network(_FIXED, Port=ref("Given")), None),
        (_behind_network(_FIXED, Port=80, Targets=[{"Id": ref("Balancer"), "Port": 443}]), "with a fixed 200"),
        (_behind_network(_FIXED, TargetType="ip"), None),
        (_behind_network(_FIXED, TargetType=ref("Given")), None),
        (_behind_network(_FIXED, Targets=ref("Given")), None),
        (_behind_network(_FIXED, ref("Balancer"), _OTHER_BALANCER), None),
    ],
)
def test_behind_a_network_load_balancer_another_one_answers_too(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = found(tmp_path, "HA235", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


@pytest.mark.parametrize(("evaluate", "count"), [(True, 0), (False, 1)])
def test_an_alias_goes_by_the_health_of_what_is_in_front(tmp_path: Path, evaluate: bool, count: int) -> None:
    first = primary(AliasTarget=alias(attribute("Front", "DNSName"), evaluate=evaluate))
    resources = {**_behind_network(_FIXED), "First": first, "Second": secondary()}

    assert len(found(tmp_path, "HA235", resources)) == count


@pytest.mark.parametrize(("evaluate", "count"), [(True, 0), (False, 1), (ref("Given"), 1)])
def test_target_health_moves_traffic_whatever_the_check_is_told(tmp_path: Path, evaluate: object, count: int) -> None:
    first = primary(AliasTarget=alias(attribute("Balancer", "DNSName"), evaluate=evaluate))

    assert len(found(tmp_path, "HA235", _balanced(_FIXED, First=first, Second=secondary()), ("Given",))) == count


def _site(check: dict[str, Any] | None = None, **more: Any) -> Resources:
    behavior = {
        "TargetOriginId": "app",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": more.pop("CachePolicyId", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"),
        **more.pop("behavior", {}),
    }
    origin = {
        "Id": "app",
        "DomainName": "app.example.com",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
    }
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior, **more.pop("config", {})}
    return {
        "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
        "Health": check or health_check(FullyQualifiedDomainName=attribute("Site", "DomainName")),
        **more,
    }


_BY_HTTP = health_check(Type="HTTP", EnableSNI=None, FullyQualifiedDomainName=attribute("Site", "DomainName"))


def _errors(code: Any, shown: Any) -> dict[str, Any]:
    return {
        "config": {
            "CustomErrorResponses": [{"ErrorCode": code, "ResponseCode": shown, "ResponsePagePath": "/sorry.html"}]
        }
    }


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_site(), None),
        (_site(_BY_HTTP), "answers /health over HTTP with 403, so that the health check is never healthy"),
        (_site(_BY_HTTP, behavior={"ViewerProtocolPolicy": "redirect-to-https"}), "redirects /health to HTTPS (301)"),
        (_site(_BY_HTTP, behavior={"ViewerProtocolPolicy": "allow-all"}), None),
        (_site(behavior={"ViewerProtocolPolicy": "redirect-to-https"}), None),
        (_site(**_errors(502, 200)), "sends an error page with 200 in place of 502"),
        (_site(**_errors(502, 503)), None),
        (_site(**_errors(404, 200)), None),
        (_site(**_errors(502, ref("Given"))), None),
    ],
)
def test_a_distribution_may_answer_before_the_origin(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA235", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


# HA236: from the cache.


def _policy(least: Any, default: Any) -> Resources:
    key = {"EnableAcceptEncodingGzip": False, "EnableAcceptEncodingBrotli": False}
    for name, behavior in (("Cookies", "Cookie"), ("Headers", "Header"), ("QueryStrings", "QueryString")):
        key[f"{name}Config"] = {f"{behavior}Behavior": "none"}  # type: ignore[assignment]
    config = {"Name": "p", "MinTTL": least, "DefaultTTL": default, "MaxTTL": 86_400}
    properties = {"CachePolicyConfig": {**config, "ParametersInCacheKeyAndForwardedToOrigin": key}}
    return {
        "Policy": {"Type": "AWS::CloudFront::CachePolicy", "Properties": properties},
        "CachePolicyId": ref("Policy"),
    }


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_site(**_policy(0, 0)), None),
        (_site(**_policy(0, 10)), None),
        (_site(**_policy(0, 11)), "keeps the answer at /health for 11 s unless the origin says otherwise"),
        (_site(**_policy(11, 11)), "keeps the answer at /health for 11 s"),
        (_site(**_policy(0, ref("Given"))), None),
        (
            _site(
                config={
                    "CacheBehaviors": [
                        {
                            "PathPattern": "/health",
                            "TargetOriginId": "app",
                            "ViewerProtocolPolicy": "https-only",
                            "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                        }
                    ]
                },
                **_policy(60, 60),
            ),
            None,
        ),
        (_site(health_check(), **_policy(60, 60)), None),
    ],
)
def test_what_checkers_get_is_not_kept(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA236", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or messages[0].endswith(said)


@pytest.mark.parametrize(
    ("aliases", "count"), [(["one.example.com"], 1), (["two.example.com"], 0), ([ref("Given")], 0)]
)
def test_an_alternate_name_of_a_distribution_leads_to_it(tmp_path: Path, aliases: list[object], count: int) -> None:
    resources = _site(health_check(), config={"Aliases": aliases}, **_policy(60, 60))

    assert len(found(tmp_path, "HA236", resources, ("Given",))) == count


def test_a_cache_policy_that_is_given_may_keep_the_answer(tmp_path: Path) -> None:
    assert untold(tmp_path, "HA236", _site(CachePolicyId=ref("Given")), ("Given",))


# HA237: an alarm that falls silent.


def _silent(treat: Any, status: Any, *, there: str = "us-east-1", **more: Any) -> Resources:
    alarm = {
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "HealthyHostCount",
        "Statistic": "Minimum",
        "Period": 60,
        "EvaluationPeriods": 2,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        **({} if treat is None else {"TreatMissingData": treat}),
    }
    config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": ref("Alarm"), "Region": ref("AWS::Region")}}
    if status is not None:
        config["InsufficientDataHealthStatus"] = status
    return {
        **ZONE,
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
        "Health": bare_check(**config, **more.pop("config", {})),
        "First": primary(AliasTarget=alias(balancer_name(there), evaluate=False)),
        "Second": secondary(ResourceRecords=None, TTL=None, AliasTarget=alias(balancer_name("eu-central-1"))),
        **more,
    }


_PROBE = {
    "Health": _calculated("Followed", "Probe", threshold=2),
    "Probe": health_check(FullyQualifiedDomainName=balancer_name("us-east-1")),
}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_silent("notBreaching", "Healthy"), "is healthy"),
        (_silent("missing", "Healthy"), "is healthy"),
        (_silent(None, None), "keeps its last status"),
        (_silent("ignore", "LastKnownStatus"), "keeps its last status"),
        (_silent("breaching", "Unhealthy"), None),
        (_silent("breaching", None), None),
        (_silent(None, "Unhealthy"), None),
        (_silent(ref("Given"), "Healthy"), None),
        (_silent("notBreaching", ref("Given")), None),
        # It watches from elsewhere, or is not known to be in the same Region.
        (_silent("notBreaching", "Healthy", there="eu-west-1"), None),
    ],
)
def test_a_metric_that_ends_with_its_region_moves_traffic(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = found_in_region(tmp_path, "HA237", resources)

    assert len(messages) == (said is not None)
    assert said is None or f"the health check {said} (" in messages[0]


@pytest.mark.parametrize(("evaluate", "count"), [(False, 1), (True, 0), (ref("Given"), 0)])
def test_target_health_moves_traffic_whatever_the_alarm_says(tmp_path: Path, evaluate: object, count: int) -> None:
    resources = _silent("notBreaching", "Healthy")
    resources["First"] = primary(AliasTarget=alias(balancer_name("us-east-1"), evaluate=evaluate))

    assert len(found_in_region(tmp_path, "HA237", resources)) == count


def test_a_latency_record_tells_where_an_address_is(tmp_path: Path) -> None:
    resources = _silent("notBreaching", "Healthy")
    resources["First"] = latency("us-east-1", HealthCheckId=ref("Health"))
    resources["Second"] = latency("eu-west-1", ResourceRecords=[_SECOND], HealthCheckId=ref("Other"))
    resources["Other"] = _at(_SECOND)

    assert len(found_in_region(tmp_path, "HA237", resources)) == 1


def test_a_probe_beside_the_alarm_notices_the_outage(tmp_path: Path) -> None:
    resources = _silent("notBreaching", "Healthy")
    resources["Followed"] = resources["Health"]

    assert not found_in_region(tmp_path, "HA237", {**resources, **_PROBE})


def test_a_standby_that_stays_healthy_is_no_fault(tmp_path: Path) -> None:
    resources = _silent("notBreaching", "Healthy")
    resources["First"] = primary(AliasTarget=alias(balancer_name("us-east-1")), HealthCheckId=None)
    resources["Second"] = secondary(
        ResourceRecords=None, TTL=None, AliasTarget=alias(balancer_name("us-east-1")), HealthCheckId=ref("Health")
    )

    assert not found_in_region(tmp_path, "HA237", resources)


def found_in_region(folder: Path, rule_id: str, resources: Resources, region: str = "us-east-1") -> list[str]:
    """The messages of one rule, of a stack in a Region."""
    from .documents import messages

    return messages(rule_id, folder, resources, region=region, Parameters={"Given": {"Type": "String"}})


# HA238: a metric that is elsewhere.


def _alarm_on(namespace: Any, *, queries: bool = False) -> Resources:
    stat = {"Metric": {"Namespace": namespace, "MetricName": "m"}, "Period": 60, "Stat": "Sum"}
    properties = {"Metrics": [{"Id": "a", "MetricStat": stat}]} if queries else {"Namespace": namespace}
    return {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}


@pytest.mark.parametrize(
    ("resources", "region", "count"),
    [
        (_alarm_on("AWS/Route53"), "us-east-1", 0),
        (_alarm_on("AWS/Route53"), "eu-west-1", 1),
        (_alarm_on("AWS/CloudFront", queries=True), "eu-west-1", 1),
        (_alarm_on("AWS/GlobalAccelerator"), "us-east-1", 1),
        (_alarm_on("AWS/GlobalAccelerator"), "us-west-2", 0),
        (_alarm_on("AWS/ApplicationELB"), "eu-west-1", 0),
        (_alarm_on(ref("Given")), "eu-west-1", 0),
        (_alarm_on("AWS/Route53"), None, 0),
        (_alarm_on("AWS/Route53"), "us-gov-west-1", 0),
    ],
)
def test_an_alarm_is_where_its_metric_is(tmp_path: Path, resources: Resources, region: str | None, count: int) -> None:
    assert len(found_in_region(tmp_path, "HA238", resources, region)) == count  # type: ignore[arg-type]


# HA245: an alarm that CloudWatch refuses.


def _refused(**properties: Any) -> Resources:
    defaults = {"Namespace": "Shop", "MetricName": "Errors", "Period": 60, "EvaluationPeriods": 3}
    return {"Errors": {"Type": "AWS::CloudWatch::Alarm", "Properties": {**defaults, **properties}}}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_refused(), None),
        (_refused(Period=10), None),
        (_refused(Period=15), "Period is 15 s; it may be 10, 20, 30 or whole minutes"),
        (_refused(Period=90), "Period is 90 s"),
        (_refused(Period=0), "Period is 0 s"),
        (_refused(Period=ref("Given")), None),
        (_refused(EvaluationPeriods=1), None),
        (_refused(EvaluationPeriods=0), "EvaluationPeriods is 0; it may be 1 or more"),
        (_refused(EvaluationPeriods=ref("Given")), None),
        (_refused(EvaluationPeriods=1440), None),
        (_refused(EvaluationPeriods=1441), "1441 periods of 60 s are 86460 s; 86400 are allowed"),
        (_refused(Period=3600, EvaluationPeriods=168), None),
        (_refused(Period=3600, EvaluationPeriods=169), "604800 are allowed"),
        (_refused(DatapointsToAlarm=3), None),
        (_refused(DatapointsToAlarm=4), "DatapointsToAlarm is 4 of EvaluationPeriods 3"),
        (_refused(DatapointsToAlarm=0), "DatapointsToAlarm is 0"),
        (_refused(DatapointsToAlarm=4, EvaluationPeriods=ref("Given")), None),
    ],
)
def test_alarms_that_are_refused_are_found(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA245", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


# HA239: an API that refuses.

_OWN_NAME = {"Fn::Sub": "${Api}.execute-api.eu-west-1.amazonaws.com"}


def _api(path: Any = "/live/health", *, name: Any = None, **properties: Any) -> Resources:
    method = {
        "RestApiId": ref("Api"),
        "ResourceId": ref("Path"),
        "HttpMethod": properties.pop("method", "GET"),
        "AuthorizationType": properties.pop("authorization", "NONE"),
        "Integration": properties.pop("integration", {"Type": "HTTP_PROXY", "Uri": "https://app.example.com"}),
    }
    resource = {"RestApiId": ref("Api"), "ParentId": attribute("Api", "RootResourceId"), "PathPart": "health"}
    stage = properties.pop("stage", "live")
    kinds = properties.pop("types", ["REGIONAL"])
    return {
        "Api": {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {"Name": "shop", "EndpointConfiguration": {"Types": kinds}, **properties},
        },
        "Path": {"Type": "AWS::ApiGateway::Resource", "Properties": resource},
        "Get": {"Type": "AWS::ApiGateway::Method", "Properties": method},
        "Live": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": ref("Api"), "StageName": stage}},
        "Health": health_check(FullyQualifiedDomainName=name or _OWN_NAME, ResourcePath=path),
    }


def _at_root(path: str, **integration: str) -> Resources:
    """An API with a MOCK, or another integration, at its root alone."""
    resources = _api(path, integration=integration or {"Type": "MOCK"})
    resources["Get"]["Properties"]["ResourceId"] = attribute("Api", "RootResourceId")
    return resources


def _staged(path: Any) -> Resources:
    """An API with a stage of its own."""
    stage = {"RestApiId": ref("Api"), "StageName": "main", "DeploymentId": ref("Live")}
    return {**_api(path), "Main": {"Type": "AWS::ApiGateway::Stage", "Properties": stage}}


_HTTP_API = {
    "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "shop", "ProtocolType": "HTTP"}},
    "Health": health_check(FullyQualifiedDomainName=_OWN_NAME),
}


def _http_stage(name: Any) -> Resources:
    return {
        **_HTTP_API,
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"ApiId": ref("Api"), "StageName": name}},
    }


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_api(), None),
        (_api("/health"), "answers below its stage, /live, and not at /health"),
        (_api("/"), "answers below its stage, /live, and not at the path without one"),
        (_api("/live"), "has no route for GET /"),
        (_api("/live/health/deep"), "has no route for GET /health/deep"),
        (_api("/live/other?a=b"), "has no route for GET /other"),
        (_api("/live/other", method="POST"), "has no route for GET /other"),
        (_api(method="POST"), "has no route for GET /health"),
        (_api(method="ANY"), None),
        # A MOCK at the root is there for the stage to be made, and others add routes.
        (_at_root("/live/other"), None),
        (_at_root("/other"), "answers below its stage, /live, and not at /other"),
        (_at_root("/live/other", Type="HTTP", Uri="https://app.example.com"), "has no route for GET /other"),
        (_api("/live/other", integration={"Type": "MOCK"}), "has no route for GET /other"),
        (_api("/live/other", Body=ref("Given")), None),
        (_api(ref("Given")), None),
        (_api(ref("Given"), DisableExecuteApiEndpoint=True), "has DisableExecuteApiEndpoint"),
        (_staged({"Fn::Sub": "/${Main}/health"}), None),
        (_staged({"Fn::Sub": "/${Main}/other"}), "has no route for GET /other"),
        (_staged({"Fn::Sub": "/health/${Main}"}), "and not at /health"),
        (_staged({"Fn::Sub": "/${Main}/${Given}"}), None),
        (_api("/health", stage=ref("Given")), None),
        (_api(DisableExecuteApiEndpoint=True), "has DisableExecuteApiEndpoint"),
        (_api(DisableExecuteApiEndpoint=ref("Given")), None),
        (_api(types=["PRIVATE"]), "is private"),
        (_api(authorization="AWS_IAM"), "wants AWS_IAM for GET /health; checkers have none"),
        (_api(authorization=ref("Given")), None),
        (_http_stage("$default"), None),
        (_http_stage("health"), None),
        (_http_stage("live"), "answers below its stage, /live"),
        (_HTTP_API, None),
        (_api(name="a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", path="/health"), None),
    ],
)
def test_an_api_answers_below_its_stage_by_a_name_that_is_on(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = found(tmp_path, "HA239", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def _domain(asked: Any, name: Any = "api.example.com", mapped: Any = None, path: str = "/health") -> Resources:
    domain = {"DomainName": name, "EndpointConfiguration": {"Types": ["REGIONAL"]}}
    mapping = {"DomainName": ref("Domain"), "RestApiId": ref("Api"), "Stage": "live", "BasePath": mapped}
    leads = record(Name="eu.example.com", AliasTarget=alias(attribute("Domain", "RegionalDomainName")))
    return {
        **ZONE,
        **_api(path, name=asked),
        "Domain": {"Type": "AWS::ApiGateway::DomainName", "Properties": domain},
        "Mapping": {
            "Type": "AWS::ApiGateway::BasePathMapping",
            "Properties": {key: value for key, value in mapping.items() if value is not None},
        },
        "Name": leads,
    }


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_domain("api.example.com"), None),
        (_domain("eu.example.com", "eu.example.com"), None),
        (_domain("eu.example.com", "*.example.com"), None),
        (_domain("eu.example.com"), "answers to api.example.com only, and not to eu.example.com"),
        (_domain(attribute("Domain", "RegionalDomainName")), "and not to the name that AWS makes for it"),
        (_domain("eu.example.com", ref("Given")), None),
        (_domain("api.example.com", mapped="shop"), "has no API at /health"),
        (_domain("api.example.com", mapped="health"), "has no route for GET /"),
        (_domain("api.example.com", mapped="health", path="/health/health"), None),
    ],
)
def test_a_custom_domain_answers_to_its_own_name(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA239", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


@pytest.mark.parametrize(
    ("output", "said"), [({}, False), ({"Export": {"Name": "api"}}, True)], ids=["an output", "an export"]
)
def test_who_imports_an_api_may_add_routes(tmp_path: Path, output: dict[str, Any], said: bool) -> None:
    path = tmp_path / "dns.template.json"
    outputs = {"Api": {"Value": ref("Api"), **output}}
    path.write_text(json.dumps({"Outputs": outputs, "Resources": _api("/live/other")}), encoding="utf-8")
    report = check(load(path), rules=[RULES["HA239"]])

    assert (not report.findings, bool(report.cannot_tell)) == (said, said)


@pytest.mark.parametrize(
    ("integration", "count"), [({"Type": "MOCK"}, 1), ({"Type": "HTTP_PROXY", "Uri": "https://app.example.com"}, 0)]
)
def test_an_integration_that_answers_itself_tells_nothing_of_a_backend(
    tmp_path: Path, integration: dict[str, Any], count: int
) -> None:
    assert len(found(tmp_path, "HA235", _api(integration=integration))) == count


def test_a_private_api_is_not_on_the_internet(tmp_path: Path) -> None:
    [message] = found(tmp_path, "HA226", _api(types=["PRIVATE"]))

    assert "leads to the private API dns/Api" in message


# HA240 and HA241: the name.

_SIX = ["2600:1f18::1"]


def _named(*kinds: str, check: dict[str, Any] | None = None, **more: Any) -> Resources:
    records = {
        f"Name{kind}": record(Name="one.example.com", Type=kind, ResourceRecords=_SIX if kind == "AAAA" else [_FIRST])
        for kind in kinds
    }
    return {**ZONE, **records, "Health": check or health_check(), **more}


_CNAME = {"Name": "one.example.com", "Type": "CNAME"}


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_named("AAAA"), 1),
        (_named("AAAA", "A"), 0),
        (_named("A"), 0),
        (_named(), 0),
        (_named("AAAA", check=health_check(IPAddress=_SIX[0])), 0),
        (
            {
                **_named(check=health_check(FullyQualifiedDomainName="two.example.com")),
                "Six": record(Name="one.example.com", Type="AAAA", ResourceRecords=_SIX),
                "Two": record(Name="two.example.com", Type="CNAME", ResourceRecords=["one.example.com"]),
            },
            1,
        ),
        (_named(Name=record(**_CNAME, ResourceRecords=["two.example.net"])), 0),
        (_named(Maybe={**record(Name="one.example.com", Type="AAAA", ResourceRecords=_SIX), "Condition": "Maybe"}), 0),
        (_named(check=health_check(**_AT_BALANCER), Balancer=load_balancer(IpAddressType="dualstack")), 0),
        (
            _named(
                check=health_check(**_AT_BALANCER),
                Balancer=load_balancer(IpAddressType="dualstack-without-public-ipv4"),
            ),
            1,
        ),
    ],
)
def test_checkers_ask_a_name_over_ipv4(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA240", resources)) == count


def test_an_a_record_of_a_zone_that_is_elsewhere_may_be_there(tmp_path: Path) -> None:
    routed = latency("eu-west-1", Name="one.example.com", Type="AAAA", ResourceRecords=_SIX, HostedZoneId="Z1")

    assert untold(tmp_path, "HA240", {"Six": routed, "Health": health_check()})


_URL = {"Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": "f", "AuthType": "NONE"}}}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("one.example.com", None),
        ("https://one.example.com/health", "it is a URL"),
        ("one.example.com/health", "it has a path"),
        ("one.example.com:8443", "it has a port"),
        ({"Fn::Sub": "https://${Given}"}, "it is a URL"),
        (ref("Given"), None),
        ({"Fn::Sub": "${Given}.example.com"}, None),
        (attribute("Url", "FunctionUrl"), "it is a URL"),
        ({"Fn::Select": [2, {"Fn::Split": ["/", attribute("Url", "FunctionUrl")]}]}, None),
        ("192.0.2.1", "it is an IP address"),
    ],
)
def test_a_url_is_no_name(tmp_path: Path, name: Any, why: str | None) -> None:
    resources = {**_URL, "Health": health_check(FullyQualifiedDomainName=name)}
    messages = found(tmp_path, "HA241", resources, ("Given",))

    assert len(messages) == (why is not None)
    assert why is None or messages[0].endswith(why)


# Who is admitted.


def _group(*rules: dict[str, Any]) -> dict[str, Any]:
    given = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **one} for one in rules]
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x", "SecurityGroupIngress": given}}


def _admitting(*rules: dict[str, Any], **more: Any) -> Resources:
    resources = _balanced(forward(), **more)
    resources["Balancer"] = load_balancer(SecurityGroups=[ref("Group")])
    return {**resources, "Group": _group(*rules)}


_OFFICE = {"CidrIp": "203.0.113.0/24"}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_admitting(_OFFICE), "admit 203.0.113.0/24 only at port 443"),
        (_admitting({"CidrIp": "0.0.0.0/0"}), None),
        (_admitting({"CidrIp": "15.177.0.0/18"}), None),
        (_admitting({"CidrIp": "54.228.16.0/26"}), None),
        (_admitting({"CidrIp": "54.0.0.0/8"}), None),
        (_admitting({"CidrIpv6": "::/0"}), "admit ::/0 only at port 443"),
        (_admitting({"SourceSecurityGroupId": "sg-1"}), "admit a security group only"),
        (_admitting(_OFFICE, {"CidrIp": "0.0.0.0/0", "FromPort": 80, "ToPort": 80}), "admit 203.0.113.0/24 only"),
        (_admitting(_OFFICE, {"CidrIp": "0.0.0.0/0", "FromPort": 1, "ToPort": 65535}), None),
        (_admitting(_OFFICE, {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}), None),
        (_admitting(_OFFICE, {"CidrIp": "0.0.0.0/0", "IpProtocol": "udp"}), "admit 203.0.113.0/24 only"),
        (_admitting({"CidrIp": "0.0.0.0/0", "FromPort": 80, "ToPort": 80}), "admit nobody at port 443"),
        (_admitting(), None),
        (_admitting(_OFFICE, Health=health_check(**_AT_BALANCER, EndpointType="PRIVATE")), None),
    ],
)
def test_security_groups_admit_the_checkers(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA227", resources)

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


@pytest.mark.parametrize(
    "rule",
    [
        {"CidrIp": ref("Given")},
        {"SourcePrefixListId": ref("Given")},
        {"CidrIp": "0.0.0.0/0", "FromPort": ref("Given")},
        {"CidrIp": "0.0.0.0/0", "IpProtocol": ref("Given")},
    ],
)
def test_a_source_that_nobody_tells_may_be_the_checkers(tmp_path: Path, rule: dict[str, Any]) -> None:
    assert untold(tmp_path, "HA227", _admitting(_OFFICE, rule), ("Given",))


def _server(asked: Any, *rules: dict[str, Any], **more: Any) -> Resources:
    return {
        "Server": {"Type": "AWS::EC2::Instance", "Properties": {"SecurityGroupIds": [ref("Group")]}},
        "Address": {"Type": "AWS::EC2::EIP", "Properties": {"InstanceId": ref("Server")}},
        "Group": _group(*({"FromPort": 80, "ToPort": 80, **rule} for rule in rules)),
        "Health": _at(asked),
        **more,
    }


_BY_RECORD = {
    **ZONE,
    "Name": record(Name="one.example.com", ResourceRecords=[ref("Address")]),
    "Health": health_check(Type="HTTP", EnableSNI=None),
}


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_server(ref("Address"), _OFFICE), 1),
        (_server(attribute("Server", "PublicIp"), _OFFICE), 1),
        (_server(ref("Address"), {"CidrIp": "0.0.0.0/0"}), 0),
        (_server("192.0.2.1", _OFFICE), 0),
        (_server(ref("Address"), _OFFICE, **_BY_RECORD), 1),
        (_server(ref("Address"), {"CidrIp": "0.0.0.0/0"}, **_BY_RECORD), 0),
    ],
)
def test_the_security_groups_of_a_server_admit_the_checkers(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA227", resources)) == count


def _geo(kind: Any, *countries: Any, **config: Any) -> Resources:
    restriction = {"RestrictionType": kind, "Locations": list(countries)}
    check = health_check(FullyQualifiedDomainName=attribute("Site", "DomainName"), **config)
    return _site(check, config={"Restrictions": {"GeoRestriction": restriction}})


_EUROPE = ["eu-west-1", "sa-east-1", "ap-southeast-1"]


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_geo("none"), 0),
        (_geo("whitelist", "DE", "AT"), 1),
        (_geo("whitelist", "US"), 0),
        (_geo("whitelist", "IE"), 1),
        (_geo("whitelist", "IE", Regions=_EUROPE), 0),
        (_geo("whitelist", "DE", "IE", "SG"), 0),
        (_geo("blacklist", "US"), 0),
        (_geo("blacklist", "US", "IE", "SG", "AU", "JP"), 1),
        (_geo("whitelist", ref("Given")), 0),
        (_geo(ref("Given"), "DE"), 0),
        (_geo("whitelist", "DE", Regions=ref("Given")), 0),
    ],
)
def test_a_geo_restriction_admits_checkers(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(found(tmp_path, "HA227", resources, ("Given",))) == count


# Which protocol.


@pytest.mark.parametrize(
    ("kind", "port", "spoken", "count"),
    [
        ("HTTPS", 443, "HTTPS", 0),
        ("HTTP", 443, "HTTPS", 1),
        ("HTTPS", 443, "HTTP", 1),
        ("HTTPS_STR_MATCH", 443, "HTTP", 1),
        ("HTTP", 443, "TCP", 0),
        ("HTTPS", 443, "TLS", 0),
        ("HTTP", 443, "TLS", 1),
        ("TCP", 443, "HTTPS", 0),
        ("TCP", 443, "UDP", 1),
        ("HTTP", 443, ref("Given"), 0),
    ],
)
def test_checkers_speak_what_the_listener_does(tmp_path: Path, kind: str, port: int, spoken: Any, count: int) -> None:
    search = {"SearchString": "up"} if kind.endswith("MATCH") else {}
    resources = _balanced(forward(), health_check(**_AT_BALANCER, Type=kind, Port=port, **search))
    resources["Listener"] = listener(forward(), Protocol=spoken)

    assert len(found(tmp_path, "HA231", resources, ("Given",))) == count
