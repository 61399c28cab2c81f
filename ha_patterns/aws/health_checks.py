"""Health checks and recovery times: what Route 53, load balancers and accelerators take, and their arithmetic."""

from __future__ import annotations

#: Of a Route 53 health check. See https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html,
#: read on 2026-11-30; intervals are in seconds.
INTERVALS = (10, 30)
THRESHOLDS = range(1, 11)
PORTS = range(1, 65_536)
FEWEST_CHECKER_REGIONS = 3
LONGEST_SEARCH_STRING = 255
MOST_CHILDREN = 256
#: Of an alarm that a health check follows: its statistics, and its shortest period in seconds. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
ALARM_STATISTICS = ("Average", "Minimum", "Maximum", "Sum", "SampleCount")
SHORTEST_ALARM_PERIOD = 60
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

#: Of a target group whose settings are left out; the interval is in seconds. See
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
TARGET_INTERVAL = 30
LAMBDA_TARGET_INTERVAL = 35
GENEVE_TARGET_INTERVAL = 10
TARGET_UNHEALTHY_THRESHOLD = 2

#: Seconds until the health check of a routing control has followed a flip; AWS says 5 s on average, at most 15 s. See
#: https://docs.aws.amazon.com/r53recovery/latest/dg/introduction-regions-routing.html
CONTROL_SECONDS = 10
#: Seconds for which resolvers keep the answer of an alias: of a load balancer, an API or an accelerator, and of a
#: website of S3. See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
ALIAS_TTL = 60
WEBSITE_TTL = 5
#: Seconds: the longest TTL that this library lets a record have which fails over, and the longest that is usual with
#: health checks, for as long as it lasts resolvers send users to what has failed. See
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html#rrsets-values-basic-ttl
LONGEST_TTL = 3_600
USUAL_TTL = 60


def detection_time(interval: int, threshold: int) -> int:
    """The seconds that an outage lasts before so many probes, or periods of an alarm, in a row have failed.

    Args:
        interval: Seconds from one to the next.
        threshold: How many.
    """
    return interval * threshold
