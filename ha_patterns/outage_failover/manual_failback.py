"""Manual failback: a switch that throws itself when the primary fails, and that a person gives back."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ..edge.regions import require_edge_stack
from .alarm_checks import AlarmHealthCheck
from .calculated_checks import CalculatedHealthCheck
from .health_checks import require_status_metric, status_metric
from .hold import switch_function
from .traffic_switch import TrafficSwitch


class ManualFailback(Construct):
    """Holds traffic at the standby once a health check has failed; ``DnsFailover(failback="manual")`` makes it.

    Attributes:
        switch: The ``TrafficSwitch``.
        switch_check: The check that follows the switch.
        health_check: Healthy while both the given check and the switch are: what records follow.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, switch_name: str, health_check: route53.IHealthCheck
    ) -> None:
        super().__init__(scope, construct_id)
        require_status_metric(self, "failback='manual'")
        require_edge_stack(self, "failback='manual'", "the status that it latches is a metric there only")
        self.switch = TrafficSwitch(self, "Switch", switch_name=switch_name)
        self.switch_check = AlarmHealthCheck(self, "SwitchHealthCheck", alarm=self.switch.alarm)
        self.health_check = CalculatedHealthCheck(
            self, "HealthCheck", child_health_checks=[health_check, self.switch_check]
        )
        failed = status_metric(health_check).create_alarm(
            self,
            "Failed",
            alarm_description=f"{health_check.node.path} has failed: throws the traffic switch {switch_name}",
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            # Silence is no failure: the records follow the checks, and so must the switch.
            treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
        )
        thrower, role = switch_function(
            self, "throw", switch_name, "Throws a traffic switch when a health check has failed"
        )
        self.switch.grant_throw(role)
        failed.add_alarm_action(cloudwatch_actions.LambdaAction(thrower))
