"""The logs of an edge function in one of the Regions where it runs, and the alarms on them."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..cdk.once import once
from ..cdk.typed import typed
from ..cdk.validation import duration
from .alarms import notify, require_topic_beside
from .functions import EdgeFunction
from .regions import outermost_stack_of, region_of, stack_of

# Lambda's report of a request, in JSON, has its status: success, failure, error or timeout. See
# https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html, read on 2026-12-01.
_FAILED = '{ $.type = "platform.report" && $.record.status != "success" }'
# What a function of this library tells, one JSON object a line.
_DEGRADED = '{ $.event = "*" }'


@typed
class EdgeFunctionLogs(Construct):
    """The log group of an edge function in one Region, with retention, and alarms where it fails or degrades.

    A function at the edge logs in the Region nearest to the location that runs it. Make this in a stack of its own in
    each Region that matters to you, us-east-1 among them. The group's name is known at synth, so the group is there
    before the first request: the function's stack is deployed after this one.

    Creates a log group that outlives the stack, but not a first deploy that is rolled back; and with ``add_alarms`` two
    metric filters and two alarms. If the group is there already, such as after ``cdk destroy`` or because Lambda has
    made it, ``cdk deploy --import-existing-resources`` takes it over.

    Example::

        logs = EdgeFunctionLogs(log_stack_in_ireland, "RouterLogs", function=router.function)
        logs.add_alarms(topic_in_ireland)

    Args:
        function: The function.
        retention: How long lines are kept. Default: one month.

    Attributes:
        log_group: The log group.

    Raises:
        ValueError: The function's own stack; a topic of another Region, or with a key that alarms may not use.

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
        stack = outermost_stack_of(self)
        if stack is outermost_stack_of(function):
            raise ValueError(
                f"function must be in another stack than its logs, got one of {stack.node.path}: the group's name is "
                "fixed, so the deploy fails if there is one already, and must not take the site along; make the logs "
                f"in a stack of their own, such as Stack(app, 'Logs', env=Environment(region='{region_of(stack)}'))"
            )
        stack_of(function).add_stack_dependency(stack_of(self))
        self._title = function.node.path
        self._metric = function.log_group_name.strip("/")
        self.log_group = logs.LogGroup(
            self,
            "Resource",
            log_group_name=function.log_group_name,
            retention=retention,
            # Its name is fixed: left behind by a first deploy that is rolled back, it would block the next one.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    @once
    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms where the function fails, which viewers see as 503, and where it serves without its source.

        Args:
            topic: Notified when an alarm is raised and when it is over; in this stack's Region, and not in the
                function's stack, which is deployed later.
        """
        require_topic_beside(self, topic)
        alarms = []
        for name, pattern, description in (
            ("Errors", _FAILED, "fails, and viewers get 503"),
            ("Degraded", _DEGRADED, "cannot reach its source, and serves what it remembers or the configured origin"),
        ):
            found = self.log_group.add_metric_filter(
                name,
                metric_namespace="HaPatterns/Edge",
                metric_name=f"{self._metric}-{name.lower()}",
                filter_pattern=logs.FilterPattern.literal(pattern),
            )
            alarms.append(
                found.metric(statistic="Sum", period=duration(60)).create_alarm(
                    self,
                    f"{name}Alarm",
                    threshold=1,
                    evaluation_periods=3,
                    datapoints_to_alarm=2,
                    comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                    alarm_description=f"{self._title} in {region_of(self)} {description}",
                )
            )
        return notify(topic, *alarms)
