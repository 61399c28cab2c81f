"""Reads that fail over on a path that is written, too: a function makes an origin group for each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import jsii
from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct, IValidation

from ..aws.partitions import Service
from ..cdk.once import once
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import duration, is_token
from ..edge._source import source_folder
from ..edge.alarms import notify, require_alarm_topic
from ..edge.behaviors import distribution_parts
from ..edge.regions import require_edge_stack, stack_of
from ..origins._behaviors import behavior_of
from ..transient_errors.origin_failover import FailoverOriginGroup

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html"
_FAILURES = {
    "FunctionExecutionErrors": "the function of its reads fails, and viewers get 503",
    "FunctionValidationErrors": "CloudFront refuses what the function of its reads returns, and viewers get 502",
    "FunctionThrottles": "the function of its reads is throttled, and viewers get 503",
}
# What the function logs where it could not make the group.
_EVENT = "read-without-failover"


@typed
class SamePathReads(Construct):
    """A CloudFront function with which GET and HEAD fail over on a path that takes writes, too.

    A behavior that allows writes cannot have an origin group. So its origin is where writes go, a ``DnsFailover`` for
    one, and this function at viewer request makes an origin group for each request that is a GET or HEAD. Writes are
    not touched and never reach the secondary through the group. ``OPTIONS`` stays with the writes: CloudFront fails it
    over only where it is cached. Nothing but the method of a request has a say.

    A part for any ``Distribution``; ``HybridFailover`` has it as ``read_write_paths``. The function runs on every
    request of its behaviors, those that the cache answers included, at a charge for each.

    CDK puts an origin into a distribution only with a behavior that uses it. So another behavior has to have the
    group, such as the default one; where every path is read and written, ``/*`` goes before it.

    Creates the function and its log group.

    Example::

        group = FailoverOriginGroup(
            primary=failover.endpoint(), secondary=Endpoint.http_host("dc2.example.com"), origin_id="reads"
        )
        reads = SamePathReads(self, "Reads", origin_group=group)
        cloudfront.Distribution(
            self,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=group),
            additional_behaviors={
                "/api/*": cloudfront.BehaviorOptions(
                    origin=failover.origin(),
                    allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                    cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                    origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                    function_associations=[reads.association],
                )
            },
        )

    Args:
        origin_group: Where reads go, with an ``origin_id``; its status codes hold for them. Both members are asked
            with the settings that they have in it.

    Attributes:
        origin_group: Where reads go.
        association: What a behavior of the same stack takes as one of its ``function_associations``.
        function: The function.
        log_group: Has a line for each read that was left to the behavior's origin since no group could be made.

    Raises:
        ValueError: A stack of another Region than us-east-1, where such functions log; a group without an
            ``origin_id``; an id or status codes that are tokens, since they are written into the function. At synth:
            a distribution that does not have the group; a behavior that has it at viewer response, another
            function at viewer request beside it, or Lambda@Edge at viewer request or response; one that forwards the
            viewer's Host header to a member that answers to its own name only.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, origin_group: FailoverOriginGroup) -> None:
        member_ids = _known_ids(origin_group)
        super().__init__(scope, construct_id)
        require_service(self, "a CloudFront function", Service.CLOUDFRONT)
        require_edge_stack(self, "the log group of a CloudFront function", "such functions log there only")
        # Few need it, and to import it takes time.
        from aws_cdk import aws_logs as logs

        self.origin_group = origin_group
        self.function = cloudfront.Function(
            self,
            "Function",
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            code=cloudfront.FunctionCode.from_inline(_code(member_ids, origin_group.status_codes)),
            comment="GET and HEAD through an origin group",
        )
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/cloudfront/function/{self.function.function_name}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        # Deleted after the function: a line that the function still logs would make the group again, and the next
        # deploy would find its name taken.
        self.function.node.add_dependency(self.log_group)
        self.association = cloudfront.FunctionAssociation(
            function=self.function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
        )
        self.node.add_validation(_UseValidation(self, member_ids))

    @property
    def failover_time(self) -> Duration:
        """The longest that a read waits for the primary before the secondary is asked."""
        return self.origin_group.failover_time

    @once
    def add_alarms(self, topic: sns.ITopic) -> list[cloudwatch.Alarm]:
        """Alarms on what the function does wrong: reads that it could not make a group for, and requests it fails.

        Args:
            topic: Notified of each; in us-east-1, where the metrics are.

        Raises:
            ValueError: The topic is in another Region, or alarms may not use its key.
        """
        require_alarm_topic(self, topic, "CloudFront's")
        from aws_cdk import aws_logs as logs

        degraded = self.log_group.add_metric_filter(
            "Degraded",
            filter_pattern=logs.FilterPattern.all_terms(_EVENT),
            metric_namespace="HaPatterns/Edge",
            metric_name=f"{self.function.function_name}-degraded",
        )
        metrics = {"Degraded": (degraded.metric(statistic="Sum", period=duration(60)), "reads do not fail over")}
        for name, description in _FAILURES.items():
            metric = cloudwatch.Metric(
                namespace="AWS/CloudFront",
                metric_name=name,
                dimensions_map={"FunctionName": self.function.function_name, "Region": "Global"},
                statistic="Sum",
                period=duration(60),
            )
            metrics[name] = (metric, description)
        alarms = [
            metric.create_alarm(
                self,
                f"{name}Alarm",
                threshold=1,
                evaluation_periods=1,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                alarm_description=f"{self.node.path}: {description}",
            )
            for name, (metric, description) in metrics.items()
        ]
        return notify(topic, *alarms)


@jsii.implements(IValidation)
class _UseValidation:
    """What the behaviors that have the function must be like; known at synth, when all of them are there."""

    def __init__(self, reads: SamePathReads, member_ids: Sequence[str]) -> None:
        self._reads = reads
        self._member_ids = set(member_ids)

    def validate(self) -> list[str]:
        found = stack_of(self._reads).node.find_all()
        distributions = [each for each in found if isinstance(each, cloudfront.Distribution)]
        return [error for distribution in distributions for error in self._judge(distribution)]

    def _judge(self, distribution: cloudfront.Distribution) -> Iterator[str]:
        mine = stack_of(self._reads).resolve(self._reads.function.function_arn)
        config = distribution_parts(distribution, "origins", "defaultCacheBehavior", "cacheBehaviors")
        known = {origin["id"] for origin in config["origins"]}
        for settings in (config["defaultCacheBehavior"], *config.get("cacheBehaviors", ())):
            functions = settings.get("functionAssociations") or ()
            events = {function["eventType"] for function in functions if function["functionArn"] == mine}
            if not events:
                continue
            behavior = behavior_of(distribution, settings)
            where = behavior.name
            if not self._member_ids <= known:
                yield (
                    f"{where} reads through an origin group that the distribution does not have, so no read would fail "
                    "over: give the group to another behavior as its origin, such as the default one"
                )
            if events != {"viewer-request"}:
                yield (
                    f"{where} has the function of its reads at viewer response, which it cannot answer: "
                    "give the behavior its association"
                )
            if [function["eventType"] for function in functions].count("viewer-request") > 1:
                yield (
                    f"{where} has two functions at viewer request, and CloudFront takes one: "
                    f"put the other's code elsewhere, or into a behavior of its own; see {_PAGE}"
                )
            if any(
                each["eventType"].startswith("viewer-") for each in settings.get("lambdaFunctionAssociations") or ()
            ):
                yield (
                    f"{where} has Lambda@Edge at viewer request or response beside a CloudFront function, which "
                    f"CloudFront refuses at deploy: move it to origin request or response; see {_PAGE}"
                )
            for member in (self._reads.origin_group.primary, self._reads.origin_group.secondary):
                if refused := member.refuse_viewer_host(behavior):
                    yield refused


def _known_ids(group: FailoverOriginGroup) -> tuple[str, str]:
    if group.member_ids is None:
        raise ValueError(
            "origin_group must have an origin_id, got one without: the function names the members by their ids, and "
            "those that the CDK makes are not known here; give it FailoverOriginGroup(origin_id='reads', ...)"
        )
    for what, values in (("origin_id", group.member_ids), ("status_codes", group.status_codes)):
        if any(map(is_token, values)):
            raise ValueError(
                f"{what} of origin_group must be known at synth, got a token: it is written into the function's code, "
                "which nothing checks once the deploy has filled it in; give it as a plain value"
            )
    return group.member_ids


def _code(member_ids: Sequence[str], status_codes: Sequence[int]) -> str:
    """The function with its origin group. JSON in ASCII is JavaScript, whatever is in it."""
    source = (source_folder() / "same_path_hybrid" / "function.js").read_text(encoding="utf-8")
    group = {
        "originIds": [{"originId": member_id} for member_id in member_ids],
        "failoverCriteria": {"statusCodes": list(status_codes)},
    }
    return source.replace("ORIGIN_GROUP", json.dumps(group))
