"""Objectives: what a drill must come to, for a test, a scenario file or ``--rto``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..command_line.durations import shown
from .given import ScenarioError, share_of, time_of


@dataclass(frozen=True, kw_only=True)
class Objective:
    """Something that must hold. Exactly one of ``lost``, ``slow``, ``recovered_within`` and ``two_writers`` is given.

    >>> Objective(methods={"GET", "HEAD"}, lost=0).described
    'at most 0 % of GET and HEAD are lost'

    Args:
        methods: The methods that it is about. Default: all.
        behavior: The path pattern of the behavior that it is about. Default: all, the default one ``*`` included.
        lost: The share of requests that may be lost while the outage lasts and until all is as before.
        slow: The share of requests that may take more than a second longer than before.
        recovered_within: Until when every way is as before, and stays so until the outage ends: seconds after it
            begins.
        two_writers: The seconds for which two sides may take writes at once that do not before.

    Raises:
        ScenarioError: An argument is wrong, missing or excludes another one.
    """

    methods: Collection[str] = ()
    behavior: str | None = None
    lost: object = None
    slow: object = None
    recovered_within: object = None
    two_writers: object = None

    def __post_init__(self) -> None:
        kinds = ("lost", "slow", "recovered_within", "two_writers")
        given = [name for name in kinds if getattr(self, name) is not None]
        if len(given) != 1:
            raise ScenarioError(
                f"an objective needs exactly one of {', '.join(kinds)}, got {' and '.join(given) or 'none'}"
            )
        listed = isinstance(self.methods, Collection) and not isinstance(self.methods, (str, Mapping))
        if not listed or not all(isinstance(one, str) and one.isalpha() and one.isupper() for one in self.methods):
            raise ScenarioError(f"methods must be a list such as [GET, HEAD], got {shown(self.methods)}")
        if self.behavior is not None and not isinstance(self.behavior, str):
            raise ScenarioError(f"behavior must be a path pattern such as /api/*, got {shown(self.behavior)}")
        _ = self.limit

    @property
    def kind(self) -> str:
        """Which of the four it is."""
        return next(
            name for name in ("lost", "slow", "recovered_within", "two_writers") if getattr(self, name) is not None
        )

    @cached_property
    def limit(self) -> Fraction:
        """The most that is allowed: a share, or nanoseconds."""
        given = getattr(self, self.kind)
        if self.kind in ("lost", "slow"):
            return share_of(self.kind, given, may_be_none=True)
        return Fraction(time_of(self.kind, given))

    def is_about(self, method: str, behavior: str) -> bool:
        """Whether it is about requests of a method and a behavior."""
        return (not self.methods or method in self.methods) and self.behavior in (None, behavior)

    @property
    def described(self) -> str:
        """What must hold, as a sentence."""
        from ..command_line.durations import told

        asked = " and ".join(sorted(self.methods)) or "all requests"
        if self.behavior is not None:
            asked += f" of behavior {self.behavior}"
        if self.kind in ("lost", "slow") and not self.limit:
            return f"nothing of {asked} is {self.kind}"
        if self.kind in ("lost", "slow"):
            return f"at most {float(self.limit) * 100:.3g} % of {asked} are {self.kind}"
        if self.kind == "two_writers":
            return f"two sides take writes at once for at most {told(int(self.limit))}"
        return f"{asked} as before within {told(int(self.limit))}"
