"""A switch that moves traffic to the standby: one data point throws it, and it stays as it was thrown."""

from __future__ import annotations

import re

from aws_cdk import CfnOutput
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as events_targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..cdk.marks import mark
from ..cdk.once import once
from ..cdk.typed import typed
from ..cdk.validation import duration, is_token, refusal
from ..contracts.outputs import SWITCH_OUTPUT
from ..contracts.switches import METRIC, STANDBY, namespace_of
from ..edge.alarms import notify, require_topic_beside
from .alarm_checks import REPEATED
from .hold import switch_function

_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")
_MINUTE = 60


@typed
class TrafficSwitch(Construct):
    """A metric and an alarm on it, for an ``AlarmHealthCheck`` to follow: 1 moves traffic away, 0 gives it back.

    One ``PutMetricData`` in the switch's own Region throws it: ``ha-patterns standby take-over`` and ``give-back``.
    Before the first act the primary serves. Of several acts the last one holds; a give-back counts from the next
    minute. CloudWatch tells an act only some time after it was put: the commands read theirs back, and say so if it
    does not hold.

    The switch stays as it was thrown. A heartbeat, a function that runs every minute in the same Region, reads the
    times of the last acts and puts the state again, 0 included. So there is data for every minute, a health check that
    is made anew takes the state over, and so does a switch that is made anew under the same name. The state is kept by
    CloudWatch alone: with the Lambda service out for a while, a check keeps its last known status.

    Creates a CloudWatch alarm of the switch's name, a function with its role, log group and schedule, and an output of
    the stack by which ``ha-patterns standby --stack`` finds the switch. Metrics and
    requests cost about $2 a month.

    Example::

        switch = TrafficSwitch(standby_stack, "Switch", switch_name="shop")
        AlarmHealthCheck(edge_stack, "Primary", alarm=switch.alarm)

    Args:
        switch_name: Its name in its Region: 1 to 200 letters, digits, ``.``, ``_`` and ``-``.

    Attributes:
        switch_name: As given.
        alarm: The alarm.
        heartbeat: The function that repeats the state.

    Raises:
        ValueError: A name with other characters, or too long.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, switch_name: str) -> None:
        if not is_token(switch_name) and not _NAME.fullmatch(switch_name):
            raise refusal(
                "switch_name",
                "1 to 200 letters, digits, '.', '_' and '-'",
                switch_name,
                "an alarm and a metric's namespace are called by it",
            )
        super().__init__(scope, construct_id)
        self.switch_name = switch_name
        self.alarm = self.metric().create_alarm(
            self,
            "Alarm",
            alarm_name=switch_name,
            alarm_description=f"The traffic switch {switch_name}: in alarm, the standby serves",
            threshold=STANDBY,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            # The alarm, too, stays as it is, so that the console shows where traffic was sent.
            treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
        )
        mark(self.alarm, REPEATED)
        CfnOutput(self, SWITCH_OUTPUT, value=switch_name, description="What ha-patterns standby --stack throws")
        self.heartbeat, role = switch_function(
            self, "repeat", switch_name, "Repeats the state of a traffic switch every minute"
        )
        self.grant_throw(role)
        events.Rule(
            self,
            "Schedule",
            schedule=events.Schedule.rate(duration(_MINUTE)),
            targets=[events_targets.LambdaFunction(self.heartbeat)],
        )

    def metric(self) -> cloudwatch.Metric:
        """1 while the standby serves, 0 while the primary does: the highest of each minute."""
        return cloudwatch.Metric(
            namespace=namespace_of(self.switch_name), metric_name=METRIC, statistic="Maximum", period=duration(_MINUTE)
        )

    def grant_throw(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to throw this switch, and no other, and to read metrics: an act follows those before it.

        Args:
            grantee: Who may. ``PutMetricData`` is granted by namespace, for it knows no resources; ``GetMetricData``
                knows neither.
        """
        throw = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["cloudwatch:PutMetricData"],
            resource_arns=["*"],
            conditions={"StringEquals": {"cloudwatch:namespace": namespace_of(self.switch_name)}},
        )
        read = iam.Grant.add_to_principal(grantee=grantee, actions=["cloudwatch:GetMetricData"], resource_arns=["*"])
        return throw.combine(read)

    @once
    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """An alarm that tells when the heartbeat has been silent for three minutes.

        Traffic stays where it is then. Route 53 should not go by a last known status for more than a few hours.

        Args:
            topic: Notified when the alarm is raised and when it is over; in the Region of the switch.

        Raises:
            ValueError: The topic is in another Region, or alarms may not use its key.
        """
        require_topic_beside(self, topic)
        silent = (
            self.metric()
            .with_(statistic="SampleCount")
            .create_alarm(
                self,
                "Silent",
                alarm_description=f"The heartbeat of the traffic switch {self.switch_name} is silent",
                threshold=1,
                evaluation_periods=3,
                comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            )
        )
        return notify(topic, silent)
