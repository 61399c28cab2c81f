"""Whether recovery is soon enough, and what it needs: each by what a template says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.managed_policies import EDITING_POLICIES

from .documents import Resources, doubts, get, messages, ref, report, resource, topology

UNKNOWN = {"Parameters": {"Given": {"Type": "String"}}}
_GIVEN = {"Ref": "Given"}


def _group(read_timeout: Any = 5, attempts: Any = 2) -> Resources:
    custom = {"OriginReadTimeout": read_timeout}
    origins = [
        {"Id": name, "DomainName": f"{name}.example.com", "ConnectionAttempts": attempts, "CustomOriginConfig": custom}
        for name in ("a", "b")
    ]
    group = {"Id": "g", "Members": {"Items": [{"OriginId": "a"}, {"OriginId": "b"}]}}
    config = {"Origins": origins, "OriginGroups": {"Items": [group]}}
    return {"Site": resource("CloudFront::Distribution", {"DistributionConfig": config})}


@pytest.mark.parametrize(("objective", "found"), [(None, False), (30, False), (29, True)])
def test_an_objective_is_met_to_the_second(tmp_path: Path, objective: int | None, found: bool) -> None:
    said = report("HA401", topology(tmp_path, _group()), recovery_seconds=objective).findings

    assert [finding.message for finding in said] == (
        ["traffic moves after up to 30 s (2 attempts x (10 s to connect + 5 s to answer)), and the objective is 29 s"]
        if found
        else []
    )


def test_a_time_that_nobody_knows_is_doubted_only(tmp_path: Path) -> None:
    said = report(
        "HA401", topology(tmp_path, _group(attempts=_GIVEN), Parameters=UNKNOWN["Parameters"]), recovery_seconds=1
    )

    assert not said.findings
    assert [one.message.partition(":")[0] for _, one in said.cannot_tell] == [
        "cannot tell whether it recovers within 1 s"
    ]


def test_the_slowest_record_of_a_name_speaks_for_all_of_them(tmp_path: Path) -> None:
    def record(kind: str, identifier: str, check: str) -> dict[str, Any]:
        properties = {
            "Name": "www.example.com.",
            "HostedZoneId": "Z0123456789ABCDEFGHIJ",
            "Type": kind,
            "TTL": 60,
            "Weight": 1,
            "SetIdentifier": identifier,
            "HealthCheckId": ref(check),
        }
        return resource("Route53::RecordSet", properties)

    resources = {
        f"{check}{kind}": record(kind, check, check) for check in ("Fast", "Slow") for kind in ("A", "AAAA")
    } | {
        name: resource("Route53::HealthCheck", {"HealthCheckConfig": {"Type": "HTTPS", "RequestInterval": interval}})
        for name, interval in (("Fast", 10), ("Slow", 30))
    }

    said = report("HA401", topology(tmp_path, resources), recovery_seconds=60).findings

    assert [(one.place.logical_id, one.message.partition(",")[0]) for one in said] == [
        ("SlowA", "traffic moves after up to 173 s (3 probes x (30 s + 6 s to fail) + 5 s in Route 53 + TTL 60 s)")
    ]


def _role(*actions: str, **rest: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **rest}
    return resource("IAM::Role", {"Policies": [{"PolicyDocument": {"Statement": [statement]}}]})


def test_errors_that_are_kept_beyond_the_objective_count(tmp_path: Path) -> None:
    def kept(seconds: int, policy: str = "658327ea-f89d-4fab-a63d-7e88639e58f6") -> list[str]:
        config = {
            "Origins": [{"Id": "one", "DomainName": "one.example.com", "CustomOriginConfig": {}}],
            "DefaultCacheBehavior": {"TargetOriginId": "one", "CachePolicyId": policy},
            "CustomErrorResponses": [{"ErrorCode": code, "ErrorCachingMinTTL": seconds} for code in (404, 503)],
        }
        resources = {"Site": resource("CloudFront::Distribution", {"DistributionConfig": config})}
        return [one.message for one in report("HA401", topology(tmp_path, resources), recovery_seconds=60).findings]

    assert kept(61) == ["503 is kept for 61 s, and the objective is 60 s"]
    assert kept(60) == []
    assert kept(61, policy="4135ea2d-6df8-44a3-9df3-4b5a84be39ad") == []


_EDIT = "route53:ChangeResourceRecordSets"
_FUNCTION = resource("Lambda::Function", {"Role": get("Role", "Arn")})
_ALARM = resource("CloudWatch::Alarm", {"AlarmActions": [ref("Topic")]})


def _subscription(endpoint: Any, protocol: str = "lambda") -> dict[str, Any]:
    return resource("SNS::Subscription", {"TopicArn": ref("Topic"), "Protocol": protocol, "Endpoint": endpoint})


def _event(target: Any, **pattern: Any) -> dict[str, Any]:
    return resource("Events::Rule", {"EventPattern": pattern, "Targets": [{"Id": "0", "Arn": target}]})


def _every(expression: Any, **more: Any) -> Resources:
    """A rule that starts the function again and again."""
    targets = [{"Id": "0", "Arn": get("Function", "Arn")}]
    return {"Event": resource("Events::Rule", {"ScheduleExpression": expression, "Targets": targets, **more})}


def _scheduled(expression: Any, **more: Any) -> Resources:
    given = {"ScheduleExpression": expression, "Target": {"Arn": get("Function", "Arn")}, **more}
    return {"Event": resource("Scheduler::Schedule", given)}


_POLLS = ("rate(1 minute)", "rate(5 minutes)", "cron(* * * * ? *)", "cron(*/2 * ? * * *)", "cron(0/5 * * * ? *)")
_SELDOM = ("rate(6 minutes)", "rate(1 hour)", "rate(1 day)", "cron(0 * * * ? *)", "cron(*/10 * * * ? *)")

_BY_TOPIC: Resources = {
    "Alarm": _ALARM,
    "Topic": resource("SNS::Topic"),
    "Subscription": _subscription(get("Function", "Arn")),
}


@pytest.mark.parametrize(
    "trigger",
    [
        _BY_TOPIC,
        {
            **_BY_TOPIC,
            "Topic": resource(
                "SNS::Topic", {"Subscription": [{"Protocol": "lambda", "Endpoint": get("Function", "Arn")}]}
            ),
            "Subscription": resource("SNS::TopicPolicy"),
        },
        {"Alarm": resource("CloudWatch::Alarm", {"AlarmActions": [get("Function", "Arn")]})},
        {
            "Alarm": resource("CloudWatch::Alarm", {"AlarmActions": [ref("Alias")]}),
            "Alias": resource("Lambda::Alias", {"FunctionName": ref("Function")}),
        },
        {
            "Alarm": resource("CloudWatch::Alarm", {"AlarmActions": [ref("Version")]}),
            "Version": resource("Lambda::Version", {"FunctionName": ref("Function")}),
        },
        {"Event": _event(get("Function", "Arn"), source=["aws.health"])},
        {"Event": _event(get("Function", "Arn"), source=["aws.cloudwatch"])},
        *(_every(expression) for expression in _POLLS),
        *(_scheduled(expression) for expression in _POLLS),
        {
            "Event": _event(ref("Machine"), source=["aws.health"]),
            "Machine": resource(
                "StepFunctions::StateMachine",
                {"DefinitionString": {"Fn::Sub": '{"States":{"Move":{"Resource":"${Function.Arn}"}}}'}},
            ),
        },
        {
            "Event": _event(ref("Machine"), source=["aws.health"]),
            "Machine": resource(
                "StepFunctions::StateMachine",
                {"Definition": {"States": {}}, "DefinitionSubstitutions": {"function": get("Function", "Arn")}},
            ),
        },
    ],
)
def test_an_outage_that_starts_an_edit_is_followed_from_its_trigger(tmp_path: Path, trigger: Resources) -> None:
    resources = {**trigger, "Function": _FUNCTION, "Role": _role(_EDIT)}

    (found,) = messages("HA402", tmp_path, resources)

    assert found.endswith(f"starts Function, whose role allows {_EDIT}")


@pytest.mark.parametrize(
    "others",
    [
        {"Function": _FUNCTION},
        {"Function": _FUNCTION, "Event": _event(get("Function", "Arn"), source=["aws.acm"])},
        {
            "Function": _FUNCTION,
            "Event": resource(
                "Events::Rule", {"ScheduleExpression": "rate(1 day)", "Targets": [{"Arn": get("Function", "Arn")}]}
            ),
        },
        {
            "Function": _FUNCTION,
            "Record": {"Type": "Custom::CertificateRecord", "Properties": {"ServiceToken": get("Function", "Arn")}},
        },
        {"Function": _FUNCTION, **_BY_TOPIC, "Subscription": _subscription("ops@example.com", "email")},
        *({"Function": _FUNCTION, **_every(expression)} for expression in _SELDOM),
        *({"Function": _FUNCTION, **_scheduled(expression)} for expression in _SELDOM),
        {"Function": _FUNCTION, **_every("rate(1 minute)", State="DISABLED")},
        {"Function": _FUNCTION, **_scheduled("rate(1 minute)", State="DISABLED")},
        {"Function": _FUNCTION, **_every(ref("AWS::StackName"))},
    ],
)
def test_edits_that_no_outage_starts_are_nobodys_recovery(tmp_path: Path, others: Resources) -> None:
    assert not messages("HA402", tmp_path, {**others, "Role": _role(_EDIT)})


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ((_EDIT,), _EDIT),
        (("route53:Change*",), _EDIT),
        (("ROUTE53:changeresourcerecordsets",), _EDIT),
        (("cloudfront:*",), "cloudfront:UpdateDistribution"),
        (("globalaccelerator:UpdateEndpointGroup",), "globalaccelerator:UpdateEndpointGroup"),
        (("elasticloadbalancing:ModifyListener",), "elasticloadbalancing:ModifyListener"),
        (("route53-recovery-control-config:*",), "route53-recovery-control-config:UpdateRoutingControl"),
        (("route53-recovery-cluster:*",), None),
        (("cloudfront:CreateInvalidation",), None),
        (("cloudfront-keyvaluestore:PutKey",), None),
        (("cloudwatch:PutMetricData", "logs:*"), None),
        (("*",), None),
    ],
)
def test_only_what_moves_traffic_counts(tmp_path: Path, actions: tuple[str, ...], said: str | None) -> None:
    found = messages("HA402", tmp_path, {**_BY_TOPIC, "Function": _FUNCTION, "Role": _role(*actions)})

    assert len(found) == (said is not None)
    assert said is None or said in found[0]


def test_who_publishes_to_a_topic_may_be_unknown(tmp_path: Path) -> None:
    resources = {**_BY_TOPIC, "Function": _FUNCTION, "Role": _role(_EDIT)}
    del resources["Alarm"]

    [message] = doubts("HA402", tmp_path, resources)
    assert message == "cannot tell whether an outage starts Function: it depends on what publishes to Topic"
    assert not doubts("HA402", tmp_path, {**resources, "Role": _role("logs:*")})


@pytest.mark.parametrize("policy", EDITING_POLICIES)
def test_policies_that_aws_manages_count(tmp_path: Path, policy: str) -> None:
    arns = [f"arn:aws:iam::aws:policy/{policy}", "arn:aws:iam::aws:policy/AmazonRoute53ReadOnlyAccess"]
    role = resource("IAM::Role", {"ManagedPolicyArns": arns})

    [message] = messages("HA402", tmp_path, {**_BY_TOPIC, "Function": _FUNCTION, "Role": role})
    assert message.endswith(f"whose role allows {EDITING_POLICIES[policy]}")


@pytest.mark.parametrize(
    "policies",
    [
        [{"Route53ChangeResourceRecordSetsPolicy": {"HostedZoneId": "Z1111111111111"}}],
        "AmazonRoute53FullAccess",
        {"Statement": [{"Effect": "Allow", "Action": _EDIT, "Resource": "*"}]},
    ],
)
@pytest.mark.parametrize(
    "event",
    [
        {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}},
        {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": "rate(1 minute)"}},
        {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["aws.health"]}}},
        {"Type": "CloudWatchEvent", "Properties": {"Pattern": {"source": ["aws.cloudwatch"]}}},
        {"Type": "SNS", "Properties": {"Topic": ref("Topic")}},
    ],
)
def test_functions_of_sam_are_followed_from_their_events(tmp_path: Path, policies: Any, event: dict[str, Any]) -> None:
    move = {"Handler": "a.b", "Runtime": "python3.13", "InlineCode": "x", "Policies": policies, "Events": {"On": event}}
    function = {"Type": "AWS::Serverless::Function", "Properties": move}
    resources = {"Alarm": _ALARM, "Topic": resource("SNS::Topic"), "Move": function}
    loaded = topology(tmp_path, resources, Transform="AWS::Serverless-2016-10-31")

    [found] = report("HA402", loaded).findings
    assert found.message.endswith(f"starts Move, whose role allows {_EDIT}")


def test_a_state_machine_that_edits_by_itself_is_found_and_what_is_denied_is_not(tmp_path: Path) -> None:
    resources = {
        "Event": _event(ref("Machine"), source=["aws.health"]),
        "Machine": resource("StepFunctions::StateMachine", {"RoleArn": get("Role", "Arn")}),
    }

    assert "the event rule Event starts Machine" in messages("HA402", tmp_path, {**resources, "Role": _role(_EDIT)})[0]
    assert not messages("HA402", tmp_path, {**resources, "Role": _role(_EDIT, Effect="Deny")})


_REGIONS = ("eu-west-1", "eu-central-1", "us-east-1")
_BALANCER = {"DNSName": "alb-9.us-west-2.elb.amazonaws.com", "HostedZoneId": "Z"}


def _weighted(*weights: Any, **first: Any) -> Resources:
    records = {
        f"Record{index}": resource(
            "Route53::RecordSet",
            {
                "Name": "www.example.com",
                "HostedZoneName": "example.com.",
                "Type": "CNAME",
                "TTL": "60",
                "ResourceRecords": [f"alb-{index}.{_REGIONS[index]}.elb.amazonaws.com"],
                "SetIdentifier": str(index),
                "Weight": weight,
            },
        )
        for index, weight in enumerate(weights)
    }
    records["Record0"]["Properties"] |= first
    return records


@pytest.mark.parametrize(
    ("records", "found"),
    [
        (_weighted(100, 0), "www.example.com has weights 100 and 0 and no health check"),
        (_weighted(1, 0, 0), "weights 1, 0 and 0"),
        (_weighted(50, 50), None),
        (_weighted(100), None),
        (_weighted(0, 0), None),
        (_weighted(100, _GIVEN), None),
        (_weighted(100, 0, HealthCheckId=_GIVEN), None),
        (
            _weighted(100, 0, AliasTarget={**_BALANCER, "EvaluateTargetHealth": True}),
            None,
        ),
        (
            _weighted(100, 0, AliasTarget={**_BALANCER, "EvaluateTargetHealth": False}),
            "weights 100 and 0",
        ),
    ],
)
def test_a_record_without_weight_waits_for_a_hand_unless_a_check_moves_traffic(
    tmp_path: Path, records: Resources, found: str | None
) -> None:
    said = messages("HA402", tmp_path, records, **UNKNOWN)

    assert len(said) == (found is not None)
    assert found is None or found in said[0]


@pytest.mark.parametrize(
    ("host", "doubted"), [("other.example.com", True), ("alb-9.eu-west-1.elb.amazonaws.com", False)]
)
def test_shares_of_one_region_or_of_who_knows_which_are_no_failover(
    tmp_path: Path, host: str, *, doubted: bool
) -> None:
    records = _weighted(100, 0)
    records["Record1"]["Properties"]["ResourceRecords"] = [host]

    assert not messages("HA402", tmp_path, records)
    assert doubted is bool(doubts("HA402", tmp_path, records))


def _panel(*safety_rules: dict[str, Any], checked: int = 2) -> Resources:
    resources = {"Panel": resource("Route53RecoveryControl::ControlPanel"), "Other": resource("SNS::Topic")}
    for index, name in enumerate(("A", "B")):
        control = {"Name": name, "ControlPanelArn": ref("Panel")}
        resources[name] = resource("Route53RecoveryControl::RoutingControl", control)
        if index < checked:
            config = {"Type": "RECOVERY_CONTROL", "RoutingControlArn": ref(name)}
            resources[f"Check{name}"] = resource("Route53::HealthCheck", {"HealthCheckConfig": config})
    return resources | {f"Rule{index}": one for index, one in enumerate(safety_rules)}


def _assertion(kind: str = "ATLEAST", *, threshold: Any = 1, inverted: Any = False, controls: Any = ("A", "B")) -> Any:
    named = [ref(one) for one in controls] if isinstance(controls, tuple) else controls
    return resource(
        "Route53RecoveryControl::SafetyRule",
        {
            "ControlPanelArn": ref("Panel"),
            "AssertionRule": {"AssertedControls": named, "WaitPeriodMs": 5000},
            "RuleConfig": {"Type": kind, "Threshold": threshold, "Inverted": inverted},
        },
    )


def _gating(threshold: int, *, gate: str = "B", target: str = "A") -> dict[str, Any]:
    gating = {"GatingControls": [ref("A"), ref(gate)], "TargetControls": [ref(target)], "WaitPeriodMs": 5000}
    config = {"Type": "ATLEAST", "Threshold": threshold, "Inverted": False}
    properties = {"ControlPanelArn": ref("Panel"), "GatingRule": gating, "RuleConfig": config}
    return resource("Route53RecoveryControl::SafetyRule", properties)


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ((), True),
        ((_assertion(),), False),
        ((_assertion("OR"),), False),
        ((_assertion("AND"),), False),
        ((_assertion(threshold=0),), True),
        ((_assertion(threshold=2, inverted=True),), True),
        ((_assertion(threshold=2, inverted=True), _assertion()), False),
        ((_assertion(threshold=_GIVEN),), False),
        ((_assertion(controls=(_GIVEN["Ref"],)),), False),
        ((_gating(1),), True),
    ],
)
def test_one_routing_control_has_to_stay_on(tmp_path: Path, rules: tuple[dict[str, Any], ...], found: bool) -> None:
    said = messages("HA403", tmp_path, _panel(*rules), **UNKNOWN)

    assert said == (["no safety rule keeps one of A, B on"] if found else [])


def test_a_routing_control_by_itself_or_without_a_health_check_decides_nothing(tmp_path: Path) -> None:
    assert not messages("HA403", tmp_path, _panel(checked=1))


def _followed(first: dict[str, Any], second: dict[str, Any], **more: Any) -> Resources:
    """Two records of a name; the zone is made here."""
    made = {"First": first, "Second": second}
    records = {
        name: resource(
            "Route53::RecordSet",
            {
                "HostedZoneId": ref("Zone"),
                "Name": "www.example.com",
                "Type": "A",
                "SetIdentifier": name,
                **({} if "AliasTarget" in properties else {"TTL": "60", "ResourceRecords": ["192.0.2.1"]}),
                **properties,
            },
        )
        for name, properties in made.items()
    }
    return {"Zone": resource("Route53::HostedZone", {"Name": "example.com"}), **records, **more}


def _checked_by(name: str, **properties: Any) -> dict[str, Any]:
    return {"HealthCheckId": ref(name), **properties}


def _either(needed: int) -> dict[str, Any]:
    config = {"Type": "CALCULATED", "HealthThreshold": needed, "ChildHealthChecks": [ref("CheckA"), ref("CheckB")]}
    return resource("Route53::HealthCheck", {"HealthCheckConfig": config})


_PRIMARY, _SECONDARY = {"Failover": "PRIMARY"}, {"Failover": "SECONDARY"}
_INNER = resource(
    "Route53::RecordSet",
    {"HostedZoneId": ref("Zone"), "Name": "in.example.com", "Type": "A", "TTL": "60", "ResourceRecords": ["192.0.2.9"]},
)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        (_followed(_checked_by("CheckA", **_PRIMARY), _checked_by("CheckB", **_SECONDARY)), True),
        (_followed(_checked_by("CheckA", Region="eu-west-1"), _checked_by("CheckB", Region="us-east-1")), True),
        # A maintenance page answers when all are off.
        (_followed(_checked_by("Either", **_PRIMARY), _SECONDARY, Either=_either(1)), False),
        (_followed(_checked_by("CheckA", **_PRIMARY), _SECONDARY), False),
        # A check of both needs both: with all off, its record is unhealthy, and so is the other.
        (_followed(_checked_by("Either", **_PRIMARY), _checked_by("CheckB", **_SECONDARY), Either=_either(2)), True),
        (_followed(_checked_by("CheckA", **_PRIMARY), _checked_by("Either", **_SECONDARY), Either=_either(0)), False),
        (
            _followed(
                _checked_by("CheckA", **_PRIMARY),
                {
                    **_SECONDARY,
                    "AliasTarget": {
                        "DNSName": "in.example.com",
                        "HostedZoneId": ref("Zone"),
                        "EvaluateTargetHealth": True,
                    },
                },
                Inner=_INNER,
            ),
            False,
        ),
    ],
)
def test_all_may_be_off_if_a_record_answers_then_on_purpose(tmp_path: Path, records: Resources, found: bool) -> None:
    assert bool(messages("HA403", tmp_path, {**_panel(), **records})) is found


def _default_panel(**more: Any) -> Resources:
    resources = {**_panel(), **more}
    del resources["Panel"]
    for name in ("A", "B"):
        properties = resources[name]["Properties"]
        del properties["ControlPanelArn"]
        properties["ClusterArn"] = ref("Cluster")
    return {**resources, "Cluster": resource("Route53RecoveryControl::Cluster", {"Name": "c"})}


_ACTIVE = _followed(_checked_by("CheckA", Region="eu-west-1"), _checked_by("CheckB", Region="us-east-1"))
_PASSIVE = _followed(_checked_by("CheckA", **_PRIMARY), _checked_by("CheckB", **_SECONDARY))
_OWN_PANEL = {"Panel2": resource("Route53RecoveryControl::ControlPanel", {"ClusterArn": ref("Cluster")})}


@pytest.mark.parametrize("more", [_ACTIVE, {**_PASSIVE, **_OWN_PANEL}])
def test_controls_of_the_default_panel_have_no_safety_rule(tmp_path: Path, more: Resources) -> None:
    assert messages("HA403", tmp_path, _default_panel(**more)) == [
        "no safety rule keeps one of A, B on, which are in the default control panel"
    ]


def test_a_safety_rule_of_the_default_panel_may_be_made_elsewhere(tmp_path: Path) -> None:
    (question,) = doubts("HA403", tmp_path, _default_panel(**_PASSIVE))

    assert "the safety rules of the default control panel" in question


def test_controls_of_a_panel_that_is_given_say_nothing(tmp_path: Path) -> None:
    resources = {**_panel(), **_PASSIVE}
    for name in ("A", "B"):
        resources[name]["Properties"]["ControlPanelArn"] = _GIVEN

    assert not messages("HA403", tmp_path, resources, **UNKNOWN)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (_assertion(threshold=2), None),
        (_assertion(threshold=3), "at least 3 routing controls have to be on, and the rule counts 2"),
        (_assertion(threshold=3, inverted=True), None),
        (_assertion(threshold=_GIVEN), None),
        (_assertion("AND", threshold=0), None),
        (_gating(2), None),
        (_gating(3), "at least 3 routing controls have to be on, and the rule counts 2"),
    ],
)
def test_a_safety_rule_can_be_kept_to(tmp_path: Path, rule: dict[str, Any], found: str | None) -> None:
    assert messages("HA404", tmp_path, _panel(rule), **UNKNOWN) == ([found] if found else [])


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        (_assertion(controls=("A", "Foreign")), ("AssertionRule", "AssertedControls")),
        (_gating(2, gate="Foreign"), ("GatingRule", "GatingControls")),
        (_gating(2, target="Foreign"), ("GatingRule", "TargetControls")),
    ],
)
def test_a_safety_rule_is_over_controls_of_its_own_panel(
    tmp_path: Path, rule: dict[str, Any], path: tuple[str, ...]
) -> None:
    far = {
        "Far": resource("Route53RecoveryControl::ControlPanel"),
        "Foreign": resource("Route53RecoveryControl::RoutingControl", {"ControlPanelArn": ref("Far")}),
    }

    [finding] = report("HA404", topology(tmp_path, {**_panel(rule), **far})).findings

    assert finding.message == "Foreign is of the panel Far, and the rule of Panel"
    assert finding.place.path == ("Properties", *path)


# Paths that stay at the first origin of a group.


def _nailed(*, target: Any = "one", domain: Any = "one.example.com", default: Any = "both", **more: Any) -> Resources:
    settings = {"CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
    members = {"Quantity": 2, "Items": [{"OriginId": "one"}, {"OriginId": "two"}]}
    codes = {"StatusCodes": {"Quantity": 4, "Items": [500, 502, 503, 504]}}
    common = {"ViewerProtocolPolicy": "https-only", "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}
    config = {
        "Origins": [
            {"Id": "one", "DomainName": domain, **settings},
            {"Id": "two", "DomainName": "two.example.com", **settings},
        ],
        "OriginGroups": {"Quantity": 1, "Items": [{"Id": "both", "Members": members, "FailoverCriteria": codes}]},
        "DefaultCacheBehavior": {"TargetOriginId": default, **common},
        "CacheBehaviors": [{"PathPattern": "/api/*", "TargetOriginId": target, **common, **more.pop("behavior", {})}],
        **more.pop("config", {}),
    }
    return {"Site": resource("CloudFront::Distribution", {"DistributionConfig": config}), **more}


_PAGES = {"CustomErrorResponses": [{"ErrorCode": 503, "ResponseCode": 503, "ResponsePagePath": "/api/sorry.html"}]}
_MOVING = _followed(_checked_by("Check", **_PRIMARY), _SECONDARY)
_EDGE = {"EventType": "origin-request", "LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f:1"}


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (_nailed(), True),
        (_nailed(target="both"), False),
        (_nailed(target="two"), False),
        # No behavior targets the group.
        (_nailed(default="two"), True),
        (_nailed(default=_GIVEN), False),
        (_nailed(default="two", behavior={"LambdaFunctionAssociations": [_EDGE]}), False),
        (_nailed(config=_PAGES), False),
        (_nailed(domain="www.example.com", **_MOVING), False),
        (_nailed(domain=get("Accelerator", "DnsName"), Accelerator=resource("GlobalAccelerator::Accelerator")), False),
        (_nailed(behavior={"LambdaFunctionAssociations": [_EDGE]}), False),
        (_nailed(target=_GIVEN), False),
        (_nailed(domain=_GIVEN), False),
        (_nailed(domain={"Fn::Sub": "${Given}.execute-api.eu-west-1.amazonaws.com"}), True),
    ],
)
def test_all_paths_of_a_site_fail_over(tmp_path: Path, resources: Resources, found: bool) -> None:
    assert bool(messages("HA405", tmp_path, resources, **UNKNOWN)) is found


def test_a_name_that_a_parameter_gives_may_have_failover_records(tmp_path: Path) -> None:
    [doubt] = doubts("HA405", tmp_path, _nailed(domain=_GIVEN), **UNKNOWN)

    assert doubt.startswith("cannot tell whether the name of origin one moves: it depends on the parameter Given")


# Region switch.


def _switched(first: Any, second: Any, *, zone: Any = None, named: Any = None) -> Resources:
    own = {
        "HostedZoneId": zone or ref("Zone"),
        "RecordName": "www.example.com",
        **({"RecordSets": named} if named else {}),
    }
    step = {
        "Name": "dns",
        "ExecutionBlockType": "Route53HealthCheck",
        "ExecutionBlockConfiguration": {"Route53HealthCheckConfig": own},
    }
    plan = {"Workflows": [{"WorkflowTargetAction": "activate", "Steps": [step]}]}
    records = {"First": {**_PRIMARY, "HealthCheckId": first}, "Second": {**_SECONDARY, "HealthCheckId": second}}
    kept = {name: {key: value for key, value in one.items() if value is not None} for name, one in records.items()}
    check = resource("Route53::HealthCheck", {"HealthCheckConfig": {"Type": "HTTP", "IPAddress": "192.0.2.1"}})
    return _followed(kept["First"], kept["Second"], Plan=resource("ARCRegionSwitch::Plan", plan), Own=check)


_VENDED = "11111111-1111-1111-1111-111111111111"


@pytest.mark.parametrize(
    ("resources", "count"),
    [
        (_switched(_VENDED, _VENDED), 0),
        (_switched(_GIVEN, get("Plan", "HealthCheck")), 0),
        (_switched(None, None), 2),
        (_switched(_VENDED, None), 1),
        (_switched(ref("Own"), _VENDED), 1),
        (_switched(None, None, zone="Z1111111111111"), 0),
        (_switched(None, None, named=[{"RecordSetIdentifier": "First", "Region": "eu-west-1"}]), 1),
    ],
)
def test_records_carry_the_health_checks_of_the_plan(tmp_path: Path, resources: Resources, count: int) -> None:
    assert len(messages("HA406", tmp_path, resources, **UNKNOWN)) == count
