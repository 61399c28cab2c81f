"""How long a failover takes: the one arithmetic of constructs, checks and documents. All times are in seconds.

Each function gives the longest time for something that goes silent: that neither refuses a connection nor answers.
``detection`` is how long it takes to be unhealthy, ``switch`` how long until users have left it.
"""

from __future__ import annotations

from .health_checks import ANSWER_LIMITS

#: From a change of health until Route 53 answers by it everywhere. AWS publishes no figure: this library's choice.
PROPAGATION = 5
#: From a flip of a routing control until Route 53 answers by it; AWS says 5 s on average, at most 15 s. See
#: https://docs.aws.amazon.com/r53recovery/latest/dg/introduction-regions-routing.html, read on 2026-11-30.
CONTROL_SECONDS = 15
#: From a change of an endpoint's health until an accelerator sends new connections elsewhere. AWS publishes no figure
#: but "within tens of seconds" for the whole failover: this library's choice. See
#: https://docs.aws.amazon.com/global-accelerator/latest/dg/introduction-how-it-works.html, read on 2026-11-30.
ACCELERATOR_SECONDS = 10
#: Until the first data point of a new metric can be read. See
#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html, read on 2026-11-30.
FIRST_DATA_POINT = 120

# For as many periods older data counts, beside the evaluation periods, when data stops; AWS says that there are some,
# and an alarm of 2 x 60 s follows after 4 to 6 minutes.
_OLDER_PERIODS = 4


def probe_detection(interval: int, threshold: int, kind: str) -> int:
    """How long until a health check that probes an endpoint is unhealthy.

    A checker starts its interval when the last probe has ended, and a silent endpoint makes each probe last as long as
    the checker waits.

    Args:
        interval: Between two probes of one checker.
        threshold: How many in a row must fail.
        kind: The type of the check, such as ``HTTPS_STR_MATCH``.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
    """
    return threshold * (interval + ANSWER_LIMITS[kind])


def target_detection(interval: int, threshold: int, timeout: int) -> int:
    """How long until a load balancer takes a target for unhealthy; it sends its probes at a fixed pace.

    Args:
        interval: Between two probes.
        threshold: How many in a row must fail.
        timeout: How long the last one waits for an answer.
    """
    return interval * threshold + timeout


def alarm_detection(period: int, evaluation_periods: int, *, data_stops: bool) -> int:
    """How long until a health check that follows an alarm is unhealthy.

    An outage begins within a period that may not breach yet. If the data stops, as it does in a Region that is lost,
    CloudWatch looks at older periods before it counts any as missing.

    Args:
        period: Of the alarm.
        evaluation_periods: How many must breach.
        data_stops: Whether missing data makes the check unhealthy, so that the outage may be one that ends the data.

    See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, read on 2026-11-30.
    """
    return period * (evaluation_periods + (_OLDER_PERIODS if data_stops else 1))


def take_over_detection() -> int:
    """How long until a traffic switch is followed that has just been thrown for the first time."""
    return max(FIRST_DATA_POINT, alarm_detection(60, 1, data_stops=False))


def dns_switch(ttl: int, check_type: str | None = None) -> int:
    """How long after a change of health all resolvers have left an answer.

    Args:
        ttl: How long they keep it.
        check_type: The type of the health check that decides. The time of a routing control's is its whole way to
            Route 53's answers, so nothing is added. Default: any other.
    """
    return ttl if check_type == "RECOVERY_CONTROL" else PROPAGATION + ttl
