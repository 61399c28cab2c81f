"""A guarded listener, as requests meet it: what its rules let through, and from which addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Match, Template

from ha_patterns import ORIGIN_GUARD_HEADER, GuardedListener

from ..samples import closed_listener, guard, guarded_listener, new_balancer, new_stack, only, properties, target_group

_GUARDED = guard(generation=2)
_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
_INGRESS = "AWS::EC2::SecurityGroupIngress"
_OK = elbv2.ListenerAction.fixed_response(200)


def _value(generation: int) -> str:
    """What stands for a secret's value in a template; CloudFormation puts the value there."""
    return f"{{{{resolve:secretsmanager:shop/guard/{generation}:SecretString:::}}}}"


def _matches(pattern: str, text: str) -> bool:
    """As a load balancer compares: * for any characters, ? for one."""
    wild = {"*": ".*", "?": "."}
    return re.fullmatch("".join(wild.get(letter, re.escape(letter)) for letter in pattern), text) is not None


def _holds(condition: Mapping[str, Any], path: str, headers: Mapping[str, str]) -> bool:
    match condition["Field"]:
        case "path-pattern":
            patterns = condition["PathPatternConfig"]["Values"]
            return any(_matches(pattern, path.partition("?")[0]) for pattern in patterns)
        case "http-header":
            wanted = condition["HttpHeaderConfig"]
            sent = {name.lower(): value.lower() for name, value in headers.items()}
            value = sent.get(wanted["HttpHeaderName"].lower())
            return value is not None and any(_matches(each.lower(), value) for each in wanted["Values"])
        case other:
            raise AssertionError(f"a condition this test does not know: {other}")


def _answer(template: Template, path: str, headers: Mapping[str, str]) -> str:
    """Whether a request is forwarded, or the status it is answered with."""
    rules = sorted(properties(template, _RULE), key=lambda rule: float(rule["Priority"]))
    default = {"Conditions": [], "Actions": only(template, "AWS::ElasticLoadBalancingV2::Listener")["DefaultActions"]}
    for rule in (*rules, default):
        if all(_holds(condition, path, headers) for condition in rule["Conditions"]):
            [action] = rule["Actions"]
            return str(action["FixedResponseConfig"]["StatusCode"] if "TargetGroupArn" not in action else "forwarded")
    raise AssertionError("no rule holds, not even the default")


@pytest.mark.parametrize(
    ("path", "headers", "answer"),
    [
        ("/", {ORIGIN_GUARD_HEADER: _value(2)}, "forwarded"),
        ("/", {ORIGIN_GUARD_HEADER.title(): _value(2)}, "forwarded"),
        ("/orders?x=1", {ORIGIN_GUARD_HEADER: _value(1)}, "forwarded"),
        ("/", {ORIGIN_GUARD_HEADER: _value(3)}, "forwarded"),
        ("/", {ORIGIN_GUARD_HEADER: _value(4)}, "403"),
        ("/", {ORIGIN_GUARD_HEADER: "guessed"}, "403"),
        ("/", {ORIGIN_GUARD_HEADER: ""}, "403"),
        ("/", {ORIGIN_GUARD_HEADER: "*"}, "403"),
        ("/", {"x-other": _value(2)}, "403"),
        ("/", {}, "403"),
        ("/health", {}, "forwarded"),
        ("/health?deep=1", {}, "forwarded"),
        ("/health", {ORIGIN_GUARD_HEADER: "guessed"}, "forwarded"),
        ("/health/", {}, "403"),
        ("/Health", {}, "403"),
        ("/healthy", {}, "403"),
        ("/x/health", {}, "403"),
    ],
)
def test_a_request_needs_the_header_but_for_the_health_path(path: str, headers: dict[str, str], answer: str) -> None:
    assert _answer(_TEMPLATE, path, headers) == answer


def _template(**given: Any) -> Template:
    stack = new_stack("eu-west-1")
    guarded_listener(stack, **{"guard": _GUARDED, **given})
    return Template.from_stack(stack)


_TEMPLATE = _template()


def test_a_rule_of_ones_own_comes_first_and_takes_the_guards_condition() -> None:
    stack = new_stack("eu-west-1")
    guarded = guarded_listener(stack, guard=_GUARDED)
    guarded.listener.add_action(
        "Gone",
        priority=1,
        conditions=[_GUARDED.condition(), elbv2.ListenerCondition.path_patterns(["/gone"])],
        action=elbv2.ListenerAction.fixed_response(410),
    )

    template = Template.from_stack(stack)
    assert _answer(template, "/gone", {ORIGIN_GUARD_HEADER: _value(2)}) == "410"
    assert _answer(template, "/gone", {}) == "403"


def test_the_conditions_stay_within_what_a_rule_may_have() -> None:
    """Five values a rule, forty characters a header's name, the lowest priority: quotas of a load balancer."""
    rules = properties(_TEMPLATE, _RULE)

    values = [
        value
        for rule in rules
        for condition in rule["Conditions"]
        for config in ("HttpHeaderConfig", "PathPatternConfig")
        for value in condition.get(config, {}).get("Values", ())
    ]
    assert len(values) == 4
    assert len(ORIGIN_GUARD_HEADER) <= 40
    assert [rule["Priority"] for rule in rules] == [49_999, 50_000]


def test_the_port_is_open_to_cloudfront_and_to_the_checkers_and_to_nobody_else() -> None:
    looked_up = only(_TEMPLATE, "Custom::ManagedPrefixLists")
    assert looked_up["Names"] == {
        "CloudFront": "com.amazonaws.global.cloudfront.origin-facing",
        "HealthCheckers": "com.amazonaws.eu-west-1.route53-healthchecks",
    }
    [custom] = _TEMPLATE.find_resources("Custom::ManagedPrefixLists")

    rules = properties(_TEMPLATE, _INGRESS)
    assert [rule["SourcePrefixListId"]["Fn::GetAtt"] for rule in rules] == [
        [custom, "CloudFront"],
        [custom, "HealthCheckers"],
    ]
    assert {(rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in rules} == {("tcp", 443, 443)}
    # 55 and 25 rules: together more than the 60 that a group may have.
    groups = [rule["GroupId"] for rule in rules]
    assert groups[0] != groups[1]
    attached = only(_TEMPLATE, "AWS::ElasticLoadBalancingV2::LoadBalancer")["SecurityGroups"]
    assert all(group in attached for group in groups)
    opened = [group.get("SecurityGroupIngress") for group in properties(_TEMPLATE, "AWS::EC2::SecurityGroup")]
    assert opened == [None] * 3


def test_what_another_listener_opens_stays_out_of_the_groups_of_the_guard() -> None:
    stack = new_stack("eu-west-1")
    balancer = guarded_listener(stack).listener.load_balancer
    balancer.add_listener("Other", port=8443, protocol=elbv2.ApplicationProtocol.HTTP, default_action=_OK)

    template = Template.from_stack(stack)
    [opened] = [each for each in properties(template, "AWS::EC2::SecurityGroup") if "SecurityGroupIngress" in each]
    assert opened["GroupDescription"].startswith("Automatically created")
    assert len(properties(template, _INGRESS)) == 2


def test_the_region_of_the_checkers_list_may_be_known_only_at_deploy() -> None:
    stack = new_stack(None)
    guarded_listener(stack)

    names = only(Template.from_stack(stack), "Custom::ManagedPrefixLists")["Names"]
    assert names["HealthCheckers"] == {
        "Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".route53-healthchecks"]]
    }


def test_the_function_may_list_prefix_lists_and_nothing_else() -> None:
    [found] = [
        policy["PolicyDocument"]["Statement"]
        for policy in properties(_TEMPLATE, "AWS::IAM::Policy")
        if "PrefixLists" in policy["PolicyName"]
    ]

    assert [statement["Action"] for statement in found] == [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "ec2:DescribeManagedPrefixLists",
    ]


def test_without_restricted_addresses_there_is_the_header_alone() -> None:
    stack = new_stack("eu-west-1")
    guarded = guarded_listener(stack, listener=closed_listener(stack, open=True), restrict_addresses=False)

    template = Template.from_stack(stack)
    assert guarded.security_groups == []
    template.resource_count_is("Custom::ManagedPrefixLists", 0)
    assert _answer(template, "/", {}) == "403"


def test_a_port_that_only_another_listener_opens_is_no_hindrance() -> None:
    stack = new_stack("eu-west-1")
    balancer = new_balancer(stack)
    balancer.add_redirect()

    guarded = guarded_listener(stack, listener=closed_listener(stack, load_balancer=balancer))

    assert isinstance(guarded, GuardedListener)


def test_the_port_may_be_known_only_at_deploy() -> None:
    stack = new_stack("eu-west-1")
    port = cdk.CfnParameter(stack, "Port", type="Number").value_as_number
    listener = closed_listener(stack, port=port, protocol=elbv2.ApplicationProtocol.HTTPS)
    guarded_listener(stack, listener=listener)

    Template.from_stack(stack).has_resource_properties(_INGRESS, {"FromPort": {"Ref": "Port"}})


def test_the_alarm_counts_what_was_refused() -> None:
    stack = new_stack("eu-west-1")
    guarded = guarded_listener(stack)

    [alarm] = guarded.add_alarms(sns.Topic(stack, "Topic"), refused_per_minute=50)

    assert alarm.node.scope is guarded
    Template.from_stack(stack).has_resource_properties(
        "AWS::CloudWatch::Alarm",
        {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTP_Fixed_Response_Count",
            "Dimensions": [{"Name": "LoadBalancer", "Value": Match.any_value()}],
            "Threshold": 50,
            "AlarmActions": [Match.any_value()],
            "OKActions": [Match.any_value()],
        },
    )


def test_several_target_groups_share_what_is_admitted() -> None:
    stack = new_stack("eu-west-1")
    groups = [target_group(stack, name) for name in ("Blue", "Green")]

    guarded = guarded_listener(stack, target_groups=groups)

    rules = properties(Template.from_stack(stack), _RULE)
    assert len(guarded.rules) == len(rules) == 2
    for rule in rules:
        [action] = rule["Actions"]
        assert len(action["ForwardConfig"]["TargetGroups"]) == 2
