"""What a person gives to a drill, judged: durations, shares, rates, names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from fractions import Fraction

from ..command_line.durations import nanoseconds, shown

_PERCENT = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s?%", re.ASCII)
_NUMBER = re.compile(r"\d{1,10}(?:\.\d{1,9})?|\d{1,9}/0{0,8}[1-9]\d{0,8}", re.ASCII)
_MOST_REQUESTS = 10**9
#: By how many seeds a scenario is played at most: what each comes to is kept.
MOST_SEEDS = 1_000


class ScenarioError(ValueError):
    """A scenario that cannot be played: the message says what is wrong, and what is allowed.

    The message begins with the name of the argument that is wrong, if it is one.
    """


def time_of(name: str, given: object) -> int:
    """A duration, in nanoseconds."""
    try:
        return nanoseconds(given)
    except ValueError as error:
        raise ScenarioError(f"{name} {error}") from None


def share_of(name: str, given: object, *, may_be_none: bool = False) -> Fraction:
    """A share of a whole, such as ``30%``, ``0.3`` or ``1/3``."""
    percent = _PERCENT.fullmatch(given) if isinstance(given, str) else None
    share = Fraction(percent[1]) / 100 if percent else _fraction(given)
    if share is None or not 0 <= share <= 1 or (share == 0 and not may_be_none):
        least = "from 0 to 1" if may_be_none else "above 0 and at most 1"
        raise ScenarioError(f"{name} must be a share such as 30% or 0.3, {least}, got {shown(given)}")
    return share


def rate_of(name: str, given: object) -> Fraction:
    """Requests a second, such as ``800`` or ``800/s``."""
    rate = _fraction(given.removesuffix("/s") if isinstance(given, str) else given)
    if rate is None or not 0 <= rate <= _MOST_REQUESTS:
        raise ScenarioError(f"{name} must be requests a second, from 0 to {_MOST_REQUESTS}, got {shown(given)}")
    return rate


def _fraction(given: object) -> Fraction | None:
    """A number, exactly as it was written; None if it is none, or far too large."""
    if isinstance(given, str):
        return Fraction(given) if _NUMBER.fullmatch(given) else None
    if isinstance(given, (int, float, Fraction)) and not isinstance(given, bool) and 0 <= given <= 10**10:
        return Fraction(str(given))
    return None


def whole_of(name: str, given: object, least: int, most: int) -> int:
    """A whole number."""
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise ScenarioError(f"{name} must be a whole number from {least} to {most}, got {shown(given)}")
    return given


def choice_of(name: str, given: object, known: Iterable[str]) -> str:
    """One of some words."""
    words = tuple(known)
    if not isinstance(given, str) or given not in words:
        raise ScenarioError(f"{name} must be one of {', '.join(words)}, got {shown(given)}{nearest(given, words)}")
    return given


def all_of(name: str, given: object, kind: type) -> None:
    """Refuse what is no sequence of objects of a class."""
    if not isinstance(given, (list, tuple)) or not all(isinstance(one, kind) for one in given):
        raise ScenarioError(f"{name} must be a list, each a {kind.__name__}, got {shown(given)}")


def nearest(name: object, known: Iterable[str]) -> str:
    """The known name that is most like a misspelt one, as a message goes on; empty if none is."""
    found = difflib.get_close_matches(name[:80], list(known), n=1) if isinstance(name, str) else []
    return f"; did you mean {found[0]}?" if found else ""
