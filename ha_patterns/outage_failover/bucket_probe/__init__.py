"""The health of a private bucket: a function beside it reads it, and an alarm tells what came of that."""

from __future__ import annotations

import re
from pathlib import Path

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as events_targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ...cdk.marks import mark
from ...cdk.typed import typed
from ...cdk.validation import check_whole_number, duration, is_token, refusal
from ...edge.regions import region_of
from ...origins.buckets import NamedBucket
from .._watching import OF_ITS_REGION

_CODE = Path(__file__).with_name("handler.py").read_text(encoding="utf-8")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")
# What means itself in an IAM policy: no wildcard, no variable.
_KEY = re.compile(r"[A-Za-z0-9/!_.'()-]{1,1024}")
_MINUTE = 60


@typed
class BucketProbe(Construct):
    """Reads a private bucket once a minute from within its Region, for a health check to follow.

    Route 53 cannot ask a private bucket: what S3 answers to a stranger is 403 whether all is well or not. So a
    function in the bucket's Region reads an object with its own role, and an alarm watches its errors. Where the
    Region is out, the function does not run, and the alarm has no data: an ``AlarmHealthCheck`` takes that for
    unhealthy by default.

    It also tells of an outage of Lambda or CloudWatch in that Region, which S3 may outlive; traffic then moves though
    the bucket would serve. Where that is too much, give the router a check of yours.

    Goes into a stack of the bucket's Region, deployed after the bucket's. Creates a function with its role and log
    group, a rule that runs it, and an alarm of the probe's name.

    Example::

        BucketProbe(stack_in_ireland, "Probe", bucket=content.primary, probe_name="content-eu-west-1")

    Args:
        bucket: One of the ``buckets`` of a set.
        probe_name: The name of the alarm, by which other Regions find it: 1 to 200 letters, digits, ``.``, ``_`` and
            ``-``.
        key: The object to read. While there is none, S3's answer that there is none counts as health.
            Default ``health-check``.
        failure_threshold: How many minutes in a row, 1 to 10, make it unhealthy. Default 2.

    Attributes:
        bucket: As given.
        alarm: The alarm.
        function: The function.

    Raises:
        ValueError: A stack of another Region than the bucket's; a name or number out of its range.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: NamedBucket,
        probe_name: str,
        key: str = "health-check",
        failure_threshold: int = 2,
    ) -> None:
        if not is_token(probe_name) and not _NAME.fullmatch(probe_name):
            raise refusal(
                "probe_name", "1 to 200 letters, digits, '.', '_' and '-'", probe_name, "an alarm is called by it"
            )
        if not is_token(key) and not _KEY.fullmatch(key):
            raise refusal(
                "key", "1 to 1024 of S3's safe characters except '*'", key, "the function may read this object alone"
            )
        check_whole_number("failure_threshold", failure_threshold, 1, 10, "it is a number of minutes")
        super().__init__(scope, construct_id)
        region = region_of(self)
        if not is_token(region) and not is_token(bucket.region) and region != bucket.region:
            raise refusal(
                "bucket",
                f"one of {region}, where this stack is",
                bucket.region,
                "a probe in another Region would not tell when the bucket's Region is out",
            )
        self.bucket = bucket
        self.function = self._function(bucket, key)
        if bucket.bucket.node.default_child is not None:
            # One that is imported is there already, and its stack may wait for this one.
            self.function.node.add_dependency(bucket.bucket)
        events.Rule(
            self,
            "Schedule",
            schedule=events.Schedule.rate(duration(_MINUTE)),
            targets=[events_targets.LambdaFunction(self.function)],
        )
        self.alarm = self.function.metric_errors(statistic="Sum", period=duration(_MINUTE)).create_alarm(
            self,
            "Alarm",
            alarm_name=probe_name,
            alarm_description=f"S3 does not answer for {bucket.name}",
            threshold=1,
            evaluation_periods=failure_threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
        )
        mark(self.alarm, OF_ITS_REGION)

    def _function(self, bucket: NamedBucket, key: str) -> lambda_.Function:
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Reads an object of a bucket, for a health check",
            inline_policies={
                "Probe": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{bucket.arn}/{key}"]),
                        # So that S3 says 404, and not 403, where the object is not there. It takes the key that
                        # is read for the prefix.
                        iam.PolicyStatement(
                            actions=["s3:ListBucket"],
                            resources=[bucket.arn],
                            conditions={"StringEquals": {"s3:prefix": key}},
                        ),
                        iam.PolicyStatement(
                            actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                        ),
                    ]
                )
            },
        )
        return lambda_.Function(
            self,
            "Function",
            description="Reads an object of a bucket, for a health check",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(_CODE),
            environment={"BUCKET": bucket.name, "KEY": key},
            role=role,
            log_group=log_group,
            timeout=duration(20),
            # A run that failed has told what it had to tell; the next minute has its own.
            retry_attempts=0,
            max_event_age=duration(_MINUTE),
        )
