"""Health checks: what Route 53, load balancers and accelerators take, and how long each waits for an answer."""

from __future__ import annotations

#: Of a Route 53 health check. See https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html,
#: read on 2026-11-30; intervals are in seconds.
INTERVALS = (10, 30)
THRESHOLDS = range(1, 11)
#: The same of a health check that is given none.
DEFAULT_INTERVAL = 30
DEFAULT_THRESHOLD = 3
PORTS = range(1, 65_536)
DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443}
FEWEST_CHECKER_REGIONS = 3
LONGEST_SEARCH_STRING = 255
LONGEST_PATH = 255
MOST_CHILDREN = 256
#: Of an alarm that a health check follows: its statistics, and its shortest period in seconds. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
ALARM_STATISTICS = ("Average", "Minimum", "Maximum", "Sum", "SampleCount")
SHORTEST_ALARM_PERIOD = 60
#: The ``InsufficientDataHealthStatus`` of a check that stays as it was while its alarm has no data.
LAST_KNOWN_STATUS = "LastKnownStatus"
#: What that setting may be.
INSUFFICIENT_DATA = ("Healthy", "Unhealthy", LAST_KNOWN_STATUS)
#: The namespaces of metrics that CloudWatch has in one Region for all, and that Region; in the partition ``aws``. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html,
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html and
#: https://docs.aws.amazon.com/global-accelerator/latest/dg/cloudwatch-monitoring.html, read on 2026-12-01.
METRIC_REGIONS = {"AWS/Route53": "us-east-1", "AWS/CloudFront": "us-east-1", "AWS/GlobalAccelerator": "us-west-2"}
#: These namespaces.
METRICS_OF_NO_REGION = frozenset(METRIC_REGIONS)
#: What checkers that get no more than this share of healthy answers, in percent, make of a health check: it is
#: unhealthy. See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
HEALTHY_SHARE = 18
#: The countries that Route 53's checkers are in, by Region.
CHECKER_COUNTRIES = {
    **dict.fromkeys(("us-east-1", "us-west-1", "us-west-2"), "US"),
    "eu-west-1": "IE",
    "ap-southeast-1": "SG",
    "ap-southeast-2": "AU",
    "ap-northeast-1": "JP",
    "sa-east-1": "BR",
}
#: Of such an alarm, as a template calls them: the settings that Route 53 copies into the health check, and reads again
#: only when the check is saved. See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_CloudWatchAlarmConfiguration.html and
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-updating-cloudwatch-alarm-settings.html, read
#: on 2026-11-30. CloudFormation saves a check when a property of it changes, of which its tags are one.
COPIED_ALARM_SETTINGS = (
    "ComparisonOperator",
    "Dimensions",
    "EvaluationPeriods",
    "MetricName",
    "Namespace",
    "Period",
    "Statistic",
    "Threshold",
)

#: Seconds for which a checker of Route 53 waits before a probe has failed, by the type of the check: 10 to connect for
#: TCP; for HTTP 4 to connect and 2 for the status, and 2 more for the body if it is searched. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html,
#: read on 2026-11-30.
ANSWER_LIMITS = {
    "TCP": 10,
    "HTTP": 4 + 2,
    "HTTPS": 4 + 2,
    "HTTP_STR_MATCH": 4 + 2 + 2,
    "HTTPS_STR_MATCH": 4 + 2 + 2,
}
#: The seconds of these in which a check over HTTP must be connected.
CONNECT_LIMIT = 4

#: Of a target group whose settings are left out; the interval is in seconds. See
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
TARGET_INTERVAL = 30
LAMBDA_TARGET_INTERVAL = 35
GENEVE_TARGET_INTERVAL = 10
TARGET_UNHEALTHY_THRESHOLD = 2

#: Seconds for which resolvers keep the answer of an alias: of a load balancer, an API or an accelerator, and of a
#: website of S3. See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
ALIAS_TTL = 60
WEBSITE_TTL = 5
#: Seconds: the longest TTL that this library lets a record have which fails over, and the longest that is usual with
#: health checks, for as long as it lasts resolvers send users to what has failed. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html#rrsets-values-basic-ttl
LONGEST_TTL = 3_600
USUAL_TTL = 60


def target_timeout(target_type: str, protocol: str, check_protocol: str) -> int:
    """The seconds for which a load balancer waits for a target to answer, if the target group does not say.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html, read on
    2026-11-30.

    Args:
        target_type: Such as ``instance`` or ``lambda``.
        protocol: The target group's.
        check_protocol: The protocol of its health checks.
    """
    if target_type == "lambda":
        return 30
    if protocol in ("HTTP", "HTTPS", "GENEVE"):
        return 5
    return 6 if check_protocol == "HTTP" else 10
