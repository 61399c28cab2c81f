"""What the rules say of alarms of which nobody is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import get, ref, resource
from .edge_documents import UNKNOWN, asked, said

_ACCOUNT = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}
_OWNER = {"Effect": "Allow", "Principal": {"AWS": _ACCOUNT}, "Action": "kms:*", "Resource": "*"}
_CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
_MANAGED = "stack/Topic is encrypted with the key that AWS manages, which CloudWatch may not use"
_KEY = "stack/Topic is encrypted with stack/Key, whose policy does not let CloudWatch use it"
_POLICY = "stack/Topic has a policy that does not let CloudWatch publish"


def _alarm(key: Any = None, *, uses: Any = (), publishes: Any = None, **alarm: Any) -> dict[str, Any]:
    """An alarm that notifies a topic; beside a key, and a policy of the topic if there are statements."""
    encrypted = {} if key is None else {"KmsMasterKeyId": key}
    document = {"Topics": [ref("Topic")], "PolicyDocument": {"Statement": publishes}}
    return {
        "Topic": resource("SNS::Topic", encrypted),
        "Key": resource("KMS::Key", {"KeyPolicy": {"Statement": [_OWNER, *uses]}}),
        "Alarm": resource("CloudWatch::Alarm", {"AlarmActions": [ref("Topic")], **alarm}),
        **({} if publishes is None else {"Policy": resource("SNS::TopicPolicy", document)}),
    }


def _may(*actions: str, principal: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal or _CLOUDWATCH,
        "Action": list(actions),
        "Resource": "*",
        **more,
    }


# What a topic of the CDK gets by enforce_ssl. It is in place of what SNS would allow.
_TLS_ALONE = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sns:Publish",
    "Resource": ref("Topic"),
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def _of_alarm(name: str) -> dict[str, Any]:
    arn = {"Fn::Sub": f"arn:aws:cloudwatch:${{AWS::Region}}:${{AWS::AccountId}}:alarm:{name}"}
    return _may("sns:Publish", Condition={"ArnLike": {"aws:SourceArn": arn}})


_ARN = {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sns"}
_USES = _may("kms:Decrypt", "kms:GenerateDataKey*")
_BY_OWNER = {"StringEquals": {"AWS:SourceOwner": {"Ref": "AWS::AccountId"}}}
_OF_ACCOUNT = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (_alarm("alias/aws/sns"), _MANAGED),
        (_alarm(_ARN), _MANAGED),
        (_alarm(ref("Key")), _KEY),
        (_alarm(get("Key", "Arn"), uses=[_may("kms:Decrypt")]), _KEY),
        (_alarm(ref("Key"), uses=[_may("kms:*", principal={"Service": "sns.amazonaws.com"})]), _KEY),
        (_alarm(publishes=[_may("sns:Publish", principal={"Service": "events.amazonaws.com"})]), _POLICY),
        (_alarm(publishes=[_TLS_ALONE]), _POLICY),
        (_alarm(publishes=[_may("sns:Subscribe")]), _POLICY),
        (_alarm(publishes=[_of_alarm("other")], AlarmName="errors"), _POLICY),
        (
            {
                **_alarm("alias/aws/sns", AlarmActions=[]),
                "All": resource("CloudWatch::CompositeAlarm", {"AlarmRule": "FALSE", "AlarmActions": [ref("Topic")]}),
            },
            _MANAGED,
        ),
    ],
)
def test_an_alarm_that_its_topic_does_not_tell_of_is_found(tmp_path: Path, resources: dict[str, Any], why: str) -> None:
    assert said(tmp_path, resources, "HA409") == [why]


@pytest.mark.parametrize(
    "resources",
    [
        _alarm(),
        _alarm(ref("Key"), uses=[_USES]),
        _alarm(ref("Key"), uses=[{**_USES, "Condition": _OF_ACCOUNT}]),
        _alarm(ref("Key"), uses=[_may("kms:*")], publishes=[_may("sns:Publish", Condition=_OF_ACCOUNT)]),
        _alarm(publishes=[_may("sns:Publish", principal="*")]),
        _alarm(publishes=[_TLS_ALONE, _may("sns:Publish")]),
        # As SNS itself allows it.
        _alarm(publishes=[_may("SNS:Publish", principal={"AWS": "*"}, Condition=_BY_OWNER)]),
        _alarm(publishes=[_of_alarm("errors")], AlarmName="errors"),
        _alarm(publishes=[_of_alarm("*")]),
        # A name that AWS makes may be any.
        _alarm(publishes=[_of_alarm("errors")]),
        _alarm(publishes=UNKNOWN),
        _alarm("alias/aws/sns", ActionsEnabled=False),
        _alarm("alias/aws/sns", AlarmActions=["arn:aws:sns:us-east-1:111122223333:others"]),
    ],
)
def test_an_alarm_that_may_be_told_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA409")


def test_the_key_of_a_topic_may_be_unknown(tmp_path: Path) -> None:
    (message,) = asked(tmp_path, _alarm(UNKNOWN), "HA409")

    assert message.startswith("cannot tell whether Topic tells of the alarm: it depends on the parameter Unknown")
