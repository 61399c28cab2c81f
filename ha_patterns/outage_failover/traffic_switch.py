"""A switch that moves traffic to the standby: one data point throws it, and it stays as it was thrown."""

from __future__ import annotations

import re

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..cdk.validation import duration, is_token, refusal
from ..contracts.switches import METRIC, STANDBY, namespace_of

_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")


class TrafficSwitch(Construct):
    """A metric and an alarm on it, for an ``AlarmHealthCheck`` to follow: 1 moves traffic away, 0 gives it back.

    It is thrown by one ``PutMetricData`` in its own Region, with ``ha-patterns standby take-over`` and ``give-back``.
    Route 53 keeps the last known status when no more data comes, so it stays as it was thrown. Before it is ever
    thrown the primary serves.

    Of both acts within one minute, to take over wins; a give-back needs a minute of its own.

    Creates a CloudWatch alarm of the switch's name.

    Example::

        switch = TrafficSwitch(standby_stack, "Switch", switch_name="shop")
        AlarmHealthCheck(edge_stack, "Primary", alarm=switch.alarm)

    Args:
        switch_name: Its name in its Region: 1 to 200 letters, digits, ``.``, ``_`` and ``-``.

    Attributes:
        switch_name: As given.
        alarm: The alarm.

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

    def metric(self) -> cloudwatch.Metric:
        """1 where the standby was told to serve, 0 where the primary was; of each minute, where there is data."""
        return cloudwatch.Metric(
            namespace=namespace_of(self.switch_name), metric_name=METRIC, statistic="Maximum", period=duration(60)
        )

    def grant_throw(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow somebody to throw this switch, and no other.

        Args:
            grantee: Who may. ``PutMetricData`` is granted by namespace, for it knows no resources.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["cloudwatch:PutMetricData"],
            resource_arns=["*"],
            conditions={"StringEquals": {"cloudwatch:namespace": namespace_of(self.switch_name)}},
        )
