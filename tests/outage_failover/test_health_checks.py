"""Route 53 asks an endpoint from many places."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import CHECKER_REGIONS, EndpointHealthCheck, HealthCheckSettings
from ha_patterns.outage_failover.health_checks import probed_name

from ..samples import (
    TOPIC_ARN,
    Properties,
    logical_id,
    new_stack,
    number_token,
    only,
    properties,
    seconds_token,
    text_token,
    warnings_of,
)

_SINGLE_FAILURE = "@ha-patterns/health-check:single-failure"
_NAME = "primary.example.com"


def _check(stack: cdk.Stack, settings: HealthCheckSettings | None = None, **asked: Any) -> EndpointHealthCheck:
    return EndpointHealthCheck(stack, "Check", **(asked or {"domain_name": _NAME}), settings=settings)


def _config(settings: HealthCheckSettings | None = None, **asked: Any) -> Properties:
    """The configuration of a check, without what is the same for all of them."""
    stack = new_stack()
    _check(stack, settings, **asked)
    config = dict(only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"])
    assert config.pop("Inverted") is False
    assert config.pop("MeasureLatency") is False
    return config


def test_without_settings_https_is_asked_fast_with_the_name_in_the_handshake() -> None:
    assert _config() == {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": _NAME,
        "Port": 443,
        "ResourcePath": "/",
        "EnableSNI": True,
        "RequestInterval": 10,
        "FailureThreshold": 3,
    }


@pytest.mark.parametrize(
    ("settings", "specific"),
    [
        pytest.param(
            HealthCheckSettings(protocol="HTTP", path="/health"),
            {"Type": "HTTP", "Port": 80, "ResourcePath": "/health"},
            id="HTTP",
        ),
        pytest.param(
            HealthCheckSettings(protocol="HTTP", port=8080, search_string="ready"),
            {"Type": "HTTP_STR_MATCH", "Port": 8080, "ResourcePath": "/", "SearchString": "ready"},
            id="HTTP with a search string",
        ),
        pytest.param(
            HealthCheckSettings(port=8443, path="/health?deep=1"),
            {"Type": "HTTPS", "Port": 8443, "ResourcePath": "/health?deep=1", "EnableSNI": True},
            id="HTTPS",
        ),
        pytest.param(
            HealthCheckSettings(search_string="x" * 255),
            {
                "Type": "HTTPS_STR_MATCH",
                "Port": 443,
                "ResourcePath": "/",
                "SearchString": "x" * 255,
                "EnableSNI": True,
            },
            id="HTTPS with a search string",
        ),
        pytest.param(HealthCheckSettings(protocol="TCP", port=5432), {"Type": "TCP", "Port": 5432}, id="TCP"),
    ],
)
def test_each_protocol_has_what_it_needs_and_nothing_else(
    settings: HealthCheckSettings, specific: dict[str, Any]
) -> None:
    common = {"FullyQualifiedDomainName": _NAME, "RequestInterval": 10, "FailureThreshold": 3}

    assert _config(settings) == {**common, **specific}


@pytest.mark.parametrize("address", ["203.0.113.1", "2001:db8::1"])
def test_an_address_is_asked_without_a_name(address: str) -> None:
    config = _config(ip_address=address)

    assert config["IPAddress"] == address
    assert "FullyQualifiedDomainName" not in config


def test_an_address_is_asked_for_a_name() -> None:
    config = _config(ip_address="203.0.113.1", domain_name="origin.example.com")

    assert (config["IPAddress"], config["FullyQualifiedDomainName"]) == ("203.0.113.1", "origin.example.com")


@pytest.mark.parametrize(
    ("settings", "interval", "threshold", "seconds"),
    [
        pytest.param(HealthCheckSettings.fast(), 10, 3, 48, id="fast"),
        pytest.param(HealthCheckSettings.standard(), 30, 3, 108, id="standard"),
        pytest.param(HealthCheckSettings.fast(search_string="ready"), 10, 3, 54, id="with a search string"),
        pytest.param(HealthCheckSettings.fast(protocol="TCP", port=443), 10, 3, 60, id="TCP"),
        pytest.param(HealthCheckSettings.fast(failure_threshold=1), 10, 1, 16, id="fast, on the first failure"),
        pytest.param(HealthCheckSettings.standard(failure_threshold=10), 30, 10, 360, id="the slowest there is"),
        pytest.param(HealthCheckSettings(interval=Duration.minutes(0.5)), 30, 3, 108, id="in minutes"),
    ],
)
def test_an_outage_is_noticed_after_threshold_times_interval_and_the_wait_for_an_answer(
    settings: HealthCheckSettings, interval: int, threshold: int, seconds: int
) -> None:
    config = _config(settings)

    assert (config["RequestInterval"], config["FailureThreshold"]) == (interval, threshold)
    assert settings.detection_time.to_seconds() == seconds


def test_a_preset_takes_every_other_setting_and_gives_way_to_what_is_said() -> None:
    assert HealthCheckSettings.fast(path="/health", port=8443) == HealthCheckSettings(path="/health", port=8443)
    assert HealthCheckSettings.standard(interval=Duration.seconds(10)).detection_time.to_seconds() == 48


def test_a_check_takes_its_time_from_its_settings(stack: cdk.Stack) -> None:
    settings = HealthCheckSettings.standard()
    check = _check(stack, settings)

    assert check.settings is settings
    assert (check.domain_name, check.ip_address) == (_NAME, None)
    assert check.detection_time.to_seconds() == 108


@pytest.mark.parametrize("argument", ["interval", "failure_threshold"])
def test_no_time_is_computed_from_a_token_and_the_refusal_names_it(stack: cdk.Stack, argument: str) -> None:
    given: dict[str, Any] = {"interval": seconds_token, "failure_threshold": number_token}
    settings = HealthCheckSettings(**{argument: given[argument](stack, "Setting")})

    with pytest.raises(ValueError, match=f"^{argument} is a token, known only at deploy.*give it as a plain"):
        _ = settings.detection_time


def test_there_are_eight_regions_to_check_from_and_all_are_used_unless_some_are_chosen() -> None:
    assert set(CHECKER_REGIONS) == {
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "sa-east-1",
    }
    assert "Regions" not in _config()
    assert _config(HealthCheckSettings(regions=CHECKER_REGIONS))["Regions"] == list(CHECKER_REGIONS)
    assert _config(HealthCheckSettings(regions=CHECKER_REGIONS[2:5]))["Regions"] == list(CHECKER_REGIONS[2:5])


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"domain_name": _NAME}, _NAME),
        ({"ip_address": "203.0.113.1"}, "203.0.113.1"),
        ({"domain_name": _NAME, "ip_address": "203.0.113.1"}, _NAME),
    ],
)
def test_the_console_lists_a_check_by_what_it_asks(stack: cdk.Stack, asked: dict[str, Any], name: str) -> None:
    _check(stack, **asked)

    tags = only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckTags"]

    assert tags == [{"Key": "Name", "Value": name}]


def test_a_single_lost_probe_that_moves_all_traffic_is_warned_of_and_that_can_be_acknowledged() -> None:
    warned, acknowledged, two = new_stack(), new_stack(), new_stack()
    _check(warned, HealthCheckSettings(failure_threshold=1))
    cdk.Annotations.of(_check(acknowledged, HealthCheckSettings(failure_threshold=1))).acknowledge_warning(
        _SINGLE_FAILURE, "90 s are too many"
    )
    _check(two, HealthCheckSettings(failure_threshold=2))

    assert warnings_of(warned) == {("/Test/Check", _SINGLE_FAILURE)}
    assert warnings_of(acknowledged) == set()
    assert warnings_of(two) == set()


def test_an_alarm_tells_of_a_check_that_is_unhealthy_or_silent(stack: cdk.Stack) -> None:
    (alarm,) = _check(stack).add_alarms(sns.Topic.from_topic_arn(stack, "Topic", TOPIC_ARN))

    template = Template.from_stack(stack)

    assert alarm.node.path == "Test/Check/Alarm"
    assert only(template, "AWS::CloudWatch::Alarm") == {
        "AlarmDescription": f"{_NAME} is unhealthy",
        "Namespace": "AWS/Route53",
        "MetricName": "HealthCheckStatus",
        "Dimensions": [{"Name": "HealthCheckId", "Value": {"Ref": logical_id(template, "AWS::Route53::HealthCheck")}}],
        "Statistic": "Minimum",
        "Period": 60,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "EvaluationPeriods": 1,
        "TreatMissingData": "breaching",
        "AlarmActions": [TOPIC_ARN],
        "OKActions": [TOPIC_ARN],
    }


def test_the_status_can_be_watched_by_an_alarm_of_ones_own(stack: cdk.Stack) -> None:
    _check(stack).metric_status().create_alarm(stack, "Mine", threshold=1, evaluation_periods=5)

    (alarm,) = properties(Template.from_stack(stack), "AWS::CloudWatch::Alarm")

    assert (alarm["MetricName"], alarm["Period"], alarm["EvaluationPeriods"]) == ("HealthCheckStatus", 60, 5)


def _l2(stack: cdk.Stack, construct_id: str, **given: Any) -> route53.IHealthCheck:
    return route53.HealthCheck(stack, construct_id, type=route53.HealthCheckType.HTTPS, **given)


def test_the_name_that_a_check_asks_is_seen_in_checks_of_any_making(stack: cdk.Stack) -> None:
    asked = {
        "ours": EndpointHealthCheck(stack, "Ours", domain_name="Primary.Example.COM."),
        "the CDK's": _l2(stack, "L2", fqdn="Primary.Example.COM."),
        "by address": _l2(stack, "Address", ip_address="203.0.113.1", fqdn=_NAME),
        "by address alone": _l2(stack, "AddressAlone", ip_address="203.0.113.1"),
        "imported": route53.HealthCheck.from_health_check_id(stack, "Imported", "0c9b5c4e"),
        "known at deploy": _l2(stack, "Token", fqdn=text_token(stack, "Name")),
    }

    assert {name: probed_name(check) for name, check in asked.items()} == {
        "ours": _NAME,
        "the CDK's": _NAME,
        "by address": None,
        "by address alone": None,
        "imported": None,
        "known at deploy": None,
    }


def test_a_check_can_be_healthy_while_the_endpoint_is_not(stack: cdk.Stack) -> None:
    EndpointHealthCheck(stack, "Check", domain_name=_NAME, inverted=True)

    assert only(Template.from_stack(stack), "AWS::Route53::HealthCheck")["HealthCheckConfig"]["Inverted"] is True


def test_settings_cannot_be_changed_after_they_were_judged() -> None:
    with pytest.raises(AttributeError):
        HealthCheckSettings().failure_threshold = 11  # type: ignore[misc]
