"""Alarms of CloudWatch: what it takes.

See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, read on 2026-12-01.
"""

from __future__ import annotations

#: Seconds: periods of high resolution; all others are whole minutes.
SHORT_PERIODS = (10, 20, 30)
MINUTE = 60
#: Seconds that all periods of an alarm may be together: with periods of less than an hour, and with longer ones.
LONGEST_EVALUATION = 86_400
LONGEST_HOURLY_EVALUATION = 604_800
_HOUR = 3_600


def is_period(seconds: int) -> bool:
    """Whether an alarm may have a period."""
    return seconds in SHORT_PERIODS or (seconds > 0 and seconds % MINUTE == 0)


def longest_evaluation(period: int) -> int:
    """The seconds that all periods of an alarm may be together, by the length of one."""
    return LONGEST_EVALUATION if period < _HOUR else LONGEST_HOURLY_EVALUATION
