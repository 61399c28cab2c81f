"""Practice runs of zonal autoshift: when none may start.

See https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_CreatePracticeRunConfiguration.html, read on 2026-12-01.
"""

from __future__ import annotations

import re
from datetime import date

#: The most windows, and the most dates, of one configuration; and the most alarms of one kind.
MOST_BLOCKS = 15
MOST_ALARMS = 10
#: How windows and dates are written, in UTC.
EXAMPLE_WINDOW = "Mon:08:00-Mon:18:00"
EXAMPLE_DATE = "2026-12-24"

_MOMENT = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun):((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_WINDOW = re.compile(f"{_MOMENT}-{_MOMENT}")


def is_window(value: str) -> bool:
    """Whether a text is a window of the week; ``is_backwards`` tells whether it ends after it starts."""
    return _WINDOW.fullmatch(value) is not None


def is_backwards(window: str) -> bool:
    """Whether a window does not start and end, in this order, on one day; one that is none is not backwards."""
    found = _WINDOW.fullmatch(window)
    if found is None:
        return False
    day, start, last_day, end = found.groups()
    return day != last_day or start >= end


def is_date(value: str) -> bool:
    """Whether a text is a day, as ARC takes it."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
