"""Durations, as people write them: ``110``, ``110s``, ``2m``, ``1.5h`` or ``200ms``."""

from __future__ import annotations

import re

_UNITS = {"ms": 10**6, "s": 10**9, "": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_TEXT = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(ms|s|m|h|)", re.ASCII)
_SHOWN = 80
#: What is accepted, as a message goes on.
FORM = "seconds, or a number with ms, s, m or h behind it, such as 110, 110s or 2m"


def nanoseconds(given: object) -> int:
    """A duration in whole nanoseconds.

    >>> nanoseconds("1.5m")
    90000000000

    Args:
        given: Seconds as a number, or a text.

    Raises:
        ValueError: It is no duration, or a negative one; the message says what it must be.
    """
    if isinstance(given, str):
        match = _TEXT.fullmatch(given.strip())
        if match is not None:
            whole, part, unit = match.groups()
            # Whole numbers, so that 0.1s is a tenth of a second and no less.
            return (int(whole) * 10**9 + int((part or "0").ljust(9, "0"))) * _UNITS[unit] // 10**9
    elif isinstance(given, (int, float)) and not isinstance(given, bool) and 0 <= given < 10**9:
        return int(given) * 10**9 + round((given - int(given)) * 10**9)
    raise ValueError(f"must be {FORM}, got {shown(given)}")


def shown(given: object) -> str:
    """What was given, as a message shows it, whatever its length."""
    text = repr(given)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def argument(text: str) -> int:
    """A duration on the command line, in nanoseconds; for the ``type`` of an argument.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    try:
        return nanoseconds(text)
    except ValueError as error:
        from argparse import ArgumentTypeError

        raise ArgumentTypeError(str(error)) from None


def written(duration: int) -> str:
    """A duration in nanoseconds, as ``nanoseconds`` reads it.

    >>> written(90 * 10**9), written(120 * 10**9), written(1)
    ('90s', '2m', '0.000000001s')
    """
    if duration and duration % _UNITS["m"] == 0:
        return f"{duration // _UNITS['m']}m"
    whole, part = divmod(duration, _UNITS["s"])
    return f"{whole}.{part:09}".rstrip("0").rstrip(".") + "s"


def told(duration: int) -> str:
    """A duration in nanoseconds, as a report has it: ``0.3 s``, ``28.4 s``, ``2 min 30 s``, ``5 min``."""
    tenths = (duration + 5 * 10**7) // 10**8
    if tenths < 1200:
        whole, part = divmod(tenths, 10)
        return f"{whole}.{part} s" if part else f"{whole} s"
    minutes, seconds = divmod((duration + 5 * 10**8) // 10**9, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
