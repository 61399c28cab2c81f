"""The logs of an edge function in one of the Regions where it runs, and the alarms on them."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..cdk.references import weak
from ..cdk.validation import duration
from .alarms import notify, require_topic_beside
from .functions import EdgeFunction
from .regions import region_of, stack_of


class EdgeFunctionLogs(Construct):
    """The log group of an edge function in one Region, with retention, and alarms where it fails or degrades.

    A function at the edge logs in the Region nearest to the location that runs it, in a group that Lambda makes there
    and keeps for ever. Make this in a stack of each Region that matters to you, before the first request if you can:
    CloudFormation does not take over a group that is there already.

    Creates a log group that outlives the stack, but not a first deploy that is rolled back; and with ``add_alarms`` a
    metric filter and two alarms.

    Example::

        logs = EdgeFunctionLogs(stack_in_ireland, "RouterLogs", function=router.function)
        logs.add_alarms(topic_in_ireland)

    Args:
        function: The function; its stack is deployed before this one.
        retention: How long lines are kept. Default: one month.

    Attributes:
        log_group: The log group.

    Raises:
        ValueError: A topic of another Region.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: EdgeFunction,
        retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = stack_of(self)
        same = stack is stack_of(function)
        resource = function.function.node.default_child
        assert isinstance(resource, lambda_.CfnFunction)
        name = resource.ref
        self._replica = f"us-east-1.{name if same else weak(name)}"
        if not same:
            stack.add_stack_dependency(stack_of(function))
        self._title = function.node.path
        self.log_group = logs.LogGroup(
            self,
            "Resource",
            log_group_name=f"/aws/lambda/{self._replica}",
            retention=retention,
            # Its name is fixed: left behind by a first deploy that is rolled back, it would block the next one.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms where the function fails, which viewers see as 503, and where it serves without its source.

        Args:
            topic: Notified when an alarm is raised and when it is over; in this stack's Region.
        """
        require_topic_beside(self, topic)
        degraded = self.log_group.add_metric_filter(
            "Degraded",
            metric_namespace="HaPatterns/Edge",
            metric_name=f"{self._replica}-degraded",
            filter_pattern=logs.FilterPattern.exists("$.event"),
        )
        metrics = {
            "Errors": (
                cloudwatch.Metric(
                    namespace="AWS/Lambda",
                    metric_name="Errors",
                    dimensions_map={"FunctionName": self._replica},
                    statistic="Sum",
                    period=duration(60),
                ),
                "fails, and viewers get 503",
            ),
            "Degraded": (
                degraded.metric(statistic="Sum", period=duration(60)),
                "cannot reach its source, and serves what it remembers or the configured origin",
            ),
        }
        alarms = [
            metric.create_alarm(
                self,
                f"{name}Alarm",
                threshold=1,
                evaluation_periods=3,
                datapoints_to_alarm=2,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                alarm_description=f"{self._title} in {region_of(self)} {description}",
            )
            for name, (metric, description) in metrics.items()
        ]
        return notify(topic, *alarms)
