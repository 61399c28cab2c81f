"""Manual failback: a switch that throws itself when the primary fails, and that a person gives back."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import Acknowledgment, RemovalPolicy, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ..cdk.validation import duration
from ..contracts.switches import METRIC, STANDBY, namespace_of
from ..edge.regions import require_edge_stack
from .alarm_checks import AlarmHealthCheck
from .calculated_checks import CalculatedHealthCheck
from .health_checks import status_metric
from .traffic_switch import TrafficSwitch

_CODE = Path(__file__).with_name("hold") / "index.py"


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
        failed.add_alarm_action(cloudwatch_actions.LambdaAction(self._thrower()))

    def _thrower(self) -> lambda_.Function:
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(role)
        self.switch.grant_throw(role)
        Validations.of(role).acknowledge(
            Acknowledgment(
                id="AwsSolutions::AwsSolutions-IAM5[Resource::*]",
                reason="PutMetricData knows no resources; a condition restricts it to the namespace of one switch.",
            )
        )
        return lambda_.Function(
            self,
            "Function",
            description="Throws a traffic switch when a health check has failed",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(_CODE.read_text(encoding="utf-8")),
            environment={
                "NAMESPACE": namespace_of(self.switch.switch_name),
                "METRIC": METRIC,
                "VALUE": str(STANDBY),
            },
            role=role,
            log_group=log_group,
            timeout=duration(30),
        )
