"""A topic that alarms notify lets them: by its policy, if it has one, and by the policy of its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import EndpointHealthCheck, HealthCheckSettings, TrafficSwitch

from ..samples import multi_az_accelerator, new_stack, only, stack_in

_OF_THIS_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def _check(stack: cdk.Stack, name: str = "Check") -> EndpointHealthCheck:
    return EndpointHealthCheck(
        stack, name, domain_name=f"{name.lower()}.example.com", settings=HealthCheckSettings.fast(path="/health")
    )


def _publishers(stack: cdk.Stack) -> list[dict[str, Any]]:
    statements = only(Template.from_stack(stack), "AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    return [each for each in statements if each["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]


def test_a_topic_that_refuses_plain_http_lets_alarms_publish(stack: cdk.Stack) -> None:
    _check(stack).add_alarms(sns.Topic(stack, "Topic", enforce_ssl=True))

    (publisher,) = _publishers(stack)
    del publisher["Sid"]
    assert publisher == {
        "Effect": "Allow",
        "Action": "sns:Publish",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Resource": {"Ref": "TopicBFC7AF6E"},
        "Condition": _OF_THIS_ACCOUNT,
    }


def test_so_does_a_topic_that_gets_its_policy_later(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic")
    _check(stack).add_alarms(topic)
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["sns:Publish"], resources=["*"], principals=[iam.ServicePrincipal("events.amazonaws.com")]
        )
    )

    assert [each["Action"] for each in _publishers(stack)] == ["sns:Publish"]


def test_the_alarms_of_several_constructs_are_let_in_once(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic", enforce_ssl=True)
    for name in ("First", "Second"):
        _check(stack, name).add_alarms(topic)

    assert len(_publishers(stack)) == 1
    assert len(_publishers(stack)) == 1, "an app that is synthesized twice"


def test_alarms_of_another_account_are_let_in_by_its_id() -> None:
    app = cdk.App()
    there = cdk.Stack(app, "There", env=cdk.Environment(account="111122223333", region="us-east-1"))
    topic = sns.Topic(there, "Topic", topic_name="alarms", enforce_ssl=True)
    here = cdk.Stack(app, "Here", env=cdk.Environment(account="444455556666", region="us-east-1"))
    _check(here).add_alarms(topic)

    (publisher,) = _publishers(there)
    assert publisher["Condition"] == {"StringEquals": {"aws:SourceAccount": "444455556666"}}


def test_a_topic_without_a_policy_keeps_the_one_that_sns_gives_it(stack: cdk.Stack) -> None:
    """It lets everything of the account publish, alarms among them; a policy would be in its place."""
    _check(stack).add_alarms(sns.Topic(stack, "Topic"))

    Template.from_stack(stack).resource_count_is("AWS::SNS::TopicPolicy", 0)


def test_the_key_of_a_topic_lets_alarms_use_it(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic", master_key=kms.Key(stack, "Key"))
    for name in ("First", "Second"):
        _check(stack, name).add_alarms(topic)

    _, *others = only(Template.from_stack(stack), "AWS::KMS::Key")["KeyPolicy"]["Statement"]
    assert others == [
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Resource": "*",
            "Condition": _OF_THIS_ACCOUNT,
        }
    ]


def test_a_key_that_is_imported_is_left_to_its_owner(stack: cdk.Stack) -> None:
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:us-east-1:123456789012:key/1234abcd")

    (alarm,) = _check(stack).add_alarms(sns.Topic(stack, "Topic", master_key=key))

    assert alarm.alarm_arn


@pytest.mark.parametrize(
    ("region", "make"),
    [
        ("us-east-1", _check),
        ("eu-central-1", lambda stack: TrafficSwitch(stack, "Switch", switch_name="shop")),
        ("us-west-2", multi_az_accelerator),
    ],
    ids=["health check", "switch", "accelerator"],
)
def test_fails_with_the_key_that_sns_has_by_default(region: str, make: Callable[[cdk.Stack], Any]) -> None:
    stack = stack_in(region, new_stack())
    made = make(stack)
    key = kms.Alias.from_alias_name(stack, "Key", "alias/aws/sns")
    before = len(stack.node.find_all())
    topic = sns.Topic(stack, "Topic", master_key=key)

    with pytest.raises(ValueError, match=r"topic must be .*customer managed key, got '.*/Topic'") as refused:
        made.add_alarms(topic)

    assert "alias/aws/sns" in str(refused.value)
    assert len(stack.node.find_all()) == before + len(topic.node.find_all())
