"""What belongs to the edge is refused away from us-east-1, where the Region is known."""

from __future__ import annotations

import aws_cdk as cdk
import botocore.session  # type: ignore[import-untyped]
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from ha_patterns import EDGE_REGION
from ha_patterns.aws.regions import LATENCY_REGIONS
from ha_patterns.edge.alarms import notify, require_alarm_topic
from ha_patterns.edge.regions import require_edge_region, require_edge_stack

from ..samples import new_stack, properties, stack_in, text_token, warnings_of

_UNKNOWN = "@ha-patterns/edge:unknown-region"


def _topic(stack: cdk.Stack, region: str) -> sns.ITopic:
    return sns.Topic.from_topic_arn(stack, "Topic", f"arn:aws:sns:{region}:123456789012:alarms")


def _require(topic: sns.ITopic) -> None:
    require_edge_region("topic", topic, "it must be so", arn=topic.topic_arn)


def test_the_edge_is_configured_in_us_east_1() -> None:
    assert EDGE_REGION == "us-east-1"


def test_latency_records_stand_for_every_region_that_the_api_of_route_53_knows() -> None:
    shape = botocore.session.get_session().get_service_model("route53").shape_for("ResourceRecordSetRegion")

    assert sorted(shape.enum) == sorted(LATENCY_REGIONS)


def test_a_resource_of_us_east_1_passes_wherever_it_is_used() -> None:
    stack = new_stack("eu-west-1")

    _require(_topic(stack, "us-east-1"))

    assert warnings_of(stack) == set()


def test_a_resource_of_another_region_is_refused_by_argument_region_and_reason(stack: cdk.Stack) -> None:
    with pytest.raises(ValueError, match=r"^topic must be in us-east-1, got one in eu-west-1: it must be so$"):
        _require(_topic(stack, "eu-west-1"))


def test_a_resource_that_counts_as_where_it_is_imported_is_judged_by_its_arn() -> None:
    here, there = new_stack(), new_stack("eu-west-1")
    imported = {
        stack: acm.Certificate.from_certificate_arn(stack, "Certificate", f"arn:aws:acm:{region}:1:certificate/a")
        for stack, region in ((here, "eu-west-1"), (there, "us-east-1"))
    }

    require_edge_region("certificate", imported[there], "so", arn=imported[there].certificate_arn)
    with pytest.raises(ValueError, match=r"^certificate must be in us-east-1, got one in eu-west-1: so$"):
        require_edge_region("certificate", imported[here], "so", arn=imported[here].certificate_arn)


def test_a_resource_made_in_a_stack_of_another_region_is_refused(stack: cdk.Stack) -> None:
    made = sns.Topic(stack_in("ap-south-1", stack), "Topic")

    with pytest.raises(ValueError, match="got one in ap-south-1"):
        _require(made)


def test_a_resource_of_a_region_that_only_the_deploy_knows_passes(stack: cdk.Stack) -> None:
    _require(_topic(stack, text_token(stack, "Region")))
    _require(sns.Topic(stack_in(None, stack), "Topic"))

    assert warnings_of(stack) == set()


def test_a_stack_in_us_east_1_passes_without_a_word(stack: cdk.Stack) -> None:
    require_edge_stack(stack, "an alarm", "it must be so")

    assert warnings_of(stack) == set()


def test_a_stack_in_another_region_is_refused_with_the_remedy() -> None:
    with pytest.raises(
        ValueError,
        match=r"^an alarm must be in us-east-1, got a stack in eu-west-1: it must be so; "
        r"put it in a stack with env=Environment\(region='us-east-1'\)$",
    ):
        require_edge_stack(new_stack("eu-west-1"), "an alarm", "it must be so")


def test_a_stack_of_unknown_region_is_warned_of_and_that_can_be_acknowledged() -> None:
    warned, acknowledged = new_stack(None), new_stack(None)
    for stack in (warned, acknowledged):
        require_edge_stack(stack, "an alarm", "it must be so")
    cdk.Annotations.of(acknowledged).acknowledge_warning(_UNKNOWN, "deployed to us-east-1 by the pipeline")

    assert warnings_of(warned) == {("/Test", _UNKNOWN)}
    assert warnings_of(acknowledged) == set()


def test_an_alarm_and_its_topic_in_us_east_1_pass_whether_the_topic_is_made_there_or_exists() -> None:
    stack = new_stack()

    require_alarm_topic(stack, _topic(stack, "us-east-1"), "these")
    require_alarm_topic(stack, sns.Topic(stack, "Made"), "these")

    assert warnings_of(stack) == set()


@pytest.mark.parametrize("made", [True, False])
def test_an_alarm_is_refused_where_its_topic_is_in_another_region(stack: cdk.Stack, *, made: bool) -> None:
    topic = sns.Topic(stack_in("eu-west-1", stack), "Topic") if made else _topic(stack, "eu-west-1")

    with pytest.raises(ValueError, match=r"^topic must be in us-east-1, got one in eu-west-1.*its own Region only$"):
        require_alarm_topic(stack, topic, "these")


def test_an_alarm_is_refused_where_its_stack_is_in_another_region() -> None:
    stack = new_stack("eu-west-1")

    with pytest.raises(ValueError, match=r"^an alarm must be in us-east-1.*these metrics exist in us-east-1 only"):
        require_alarm_topic(stack, _topic(stack, "us-east-1"), "these")


def test_the_topic_is_told_of_the_start_and_of_the_end_of_each_alarm(stack: cdk.Stack) -> None:
    topic = sns.Topic(stack, "Topic")
    metric = cloudwatch.Metric(namespace="Any", metric_name="Any")
    alarms = [metric.create_alarm(stack, each, threshold=1, evaluation_periods=1) for each in ("One", "Two")]

    assert notify(topic, *alarms) == alarms

    found = properties(Template.from_stack(stack), "AWS::CloudWatch::Alarm")
    assert len(found) == 2
    for alarm in found:
        assert alarm["AlarmActions"] == alarm["OKActions"] == [stack.resolve(topic.topic_arn)]
