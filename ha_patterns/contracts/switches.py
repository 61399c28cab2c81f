"""A traffic switch in CloudWatch, for the constructs that make it, the functions in it and the commands that throw it.

The state of a switch is two times: of the last act that let the standby take over, and of the last that gave traffic
back. The later act holds, and of two at the same time that of the standby. Each time is a metric, so one
``PutMetricData`` throws a switch, and CloudWatch keeps its state in the Region of the switch for 15 months. Times only
grow: the Maximum over any period is the last act, however late data is and however CloudWatch has summed it up, and to
put a time once more changes nothing.

An act that follows others is given a time after all of them that can be read, so it holds whatever the clocks were set
to. CloudWatch tells an act some time after it was put, mostly within seconds, at times after minutes, and it has no
write that asks what was there. So of acts of which the later could not read the earlier, the one with the later time
holds, by the clocks of those who acted. That is the earlier act if its clock was ahead, by more than what lies between
the two. The commands go by CloudWatch's own clock, wherever it answers, and read their act back.

Functions have the text of this file in their code; it imports nothing but the standard library.
"""

from collections.abc import Mapping
from typing import Any

#: The metric that health checks follow: 1 while the standby serves, 0 while the primary does.
METRIC = "StandbyServes"
STANDBY, PRIMARY = 1, 0
#: The metric of each act: when it was last done, in seconds since 1970; 0 is never.
ACTS = {STANDBY: "TakenOverAt", PRIMARY: "GivenBackAt"}

_MINUTE = 60
# CloudWatch times data itself where nothing else is said, and answers a reader whose clock is slow: by five minutes, as
# AWS has requests signed. See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-signing.html
_AHEAD = 15 * _MINUTE
# Seconds, how far to look back and by what period. The heartbeat repeats both times every minute. After a longer gap,
# everything is read that CloudWatch still has.
_LOOKS = ((3 * 3600, _MINUTE), (455 * 86_400, 86_400))


def namespace_of(switch_name: str) -> str:
    """Where the metrics of a switch are: IAM can allow to write to a namespace, and to nothing narrower."""
    return f"HaPatterns/{switch_name}"


def time_of_act(now: float, acts: Mapping[int, float]) -> float:
    """The time to give to an act: now, or after all acts that can be read if clocks were ahead.

    Args:
        now: The time, in seconds since 1970.
        acts: When each act was last done; empty where that cannot be read.
    """
    return max([now, *(at + 1 for at in acts.values())])


def serving(acts: Mapping[int, float]) -> int:
    """The side that serves after acts: the later one holds, and of two at the same time that of the standby."""
    return STANDBY if 0 < acts[STANDBY] >= acts[PRIMARY] else PRIMARY


def data_of_act(act: int, at: float, *, now: float | None = None) -> list[dict[str, Any]]:
    """The data points of an act.

    They say which side serves now and in the two minutes after, too: the heartbeat may read an act that late.

    Args:
        act: ``STANDBY`` or ``PRIMARY``.
        at: The time that the act is given, in seconds since 1970.
        now: The time. Default: ``at``.
    """
    now = at if now is None else now
    serves: dict[str, Any] = {"MetricName": METRIC, "Value": act}
    return [
        {"MetricName": ACTS[act], "Value": at},
        serves,
        *({**serves, "Timestamp": now + later} for later in (_MINUTE, 2 * _MINUTE)),
    ]


def data_of_heartbeat(times: Mapping[int, float]) -> list[dict[str, Any]]:
    """The data points that repeat the state of a switch: which side serves, and the times of the last acts."""
    return [
        {"MetricName": METRIC, "Value": serving(times)},
        *({"MetricName": ACTS[act], "Value": at} for act, at in times.items()),
    ]


def last_acts(cloudwatch: Any, namespace: str, now: float) -> dict[int, float]:
    """When each act was last done; 0 if never.

    Args:
        cloudwatch: A client of CloudWatch in the switch's Region.
        namespace: The switch's.
        now: The time, in seconds since 1970.

    Raises:
        RuntimeError: CloudWatch does not say.
    """
    found: dict[int, list[float]] = {}
    for back, period in _LOOKS:
        results = cloudwatch.get_metric_data(
            StartTime=now - back,
            EndTime=now + max(period, _AHEAD),
            MetricDataQueries=[
                {
                    "Id": f"act{act}",
                    "MetricStat": {
                        "Metric": {"Namespace": namespace, "MetricName": name},
                        "Period": period,
                        "Stat": "Maximum",
                    },
                }
                for act, name in ACTS.items()
            ],
        )["MetricDataResults"]
        told = {each["Id"]: each["Values"] for each in results if each["StatusCode"] == "Complete"}
        if len(told) < len(ACTS):
            raise RuntimeError(f"CloudWatch does not say how {namespace} was thrown: {results}")
        found = {act: told[f"act{act}"] for act in ACTS}
        if any(found.values()):
            break
    return {act: max(values, default=0.0) for act, values in found.items()}
