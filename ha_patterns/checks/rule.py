"""What a rule is, and what it says of a thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, TypeAlias

from ..topology.model import Place, Thing
from ..topology.topology import Topology
from ..topology.values import Unresolved, Value, waiting


class Severity(IntEnum):
    """How bad what a rule finds is; a higher one is worse."""

    #: Worth knowing.
    NOTE = 1
    #: Traffic may not move, or moves later than people think.
    WARNING = 2
    #: Traffic does not move, or AWS refuses the template.
    ERROR = 3

    @property
    def word(self) -> str:
        """It in a sentence."""
        return self.name.lower()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong, in one sentence with the value, and where."""

    place: Place
    message: str


@dataclass(frozen=True, kw_only=True)
class CannotTell:
    """What a rule would have to know: never a finding."""

    place: Place
    message: str


Verdict: TypeAlias = Problem | CannotTell


@dataclass(frozen=True, kw_only=True)
class Objectives:
    """What the owner demands.

    Attributes:
        recovery_seconds: How long until users are served again, at most; None if nobody has said.
    """

    recovery_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a rule may ask beside the thing that it looks at."""

    topology: Topology
    objectives: Objectives


Judge: TypeAlias = Callable[[Any, Context], Iterator[Verdict]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        id: As people name it; it never changes.
        severity: Of what it finds.
        title: What it finds, in a few words.
        why: What happens in an outage.
        remedy: How to mend it.
        page: The page of AWS that it follows.
        kind: What it looks at; ``Topology`` where it looks at all at once.
        judge: Looks at one of that kind.
    """

    id: str
    severity: Severity
    title: str
    why: str
    remedy: str
    page: str
    kind: type[Thing] | type[Topology]
    judge: Judge


#: Every rule by id, as the modules of ``rules`` register them.
REGISTRY: dict[str, Rule] = {}


def rule(
    rule_id: str,
    severity: Severity,
    title: str,
    *,
    kind: type[Thing] | type[Topology],
    why: str,
    remedy: str,
    page: str,
) -> Callable[[Judge], Judge]:
    """Make a rule of a function that looks at one thing; see ``Rule`` for the arguments."""

    def register(judge: Judge) -> Judge:
        if rule_id in REGISTRY:
            raise ValueError(f"{rule_id} is the id of another rule, {REGISTRY[rule_id].title!r}")
        REGISTRY[rule_id] = Rule(
            id=rule_id, severity=severity, title=title, why=why, remedy=remedy, page=page, kind=kind, judge=judge
        )
        return judge

    return register


def problem(thing: Thing, message: str, *path: str | int) -> Problem:
    """Something is wrong with a thing, at a property below its place."""
    return Problem(place=_below(thing.place, path), message=message)


def cannot_tell(thing: Thing, value: Value | Unresolved, question: str, *path: str | int) -> CannotTell:
    """Nothing tells: what the rule asks, and what the answer waits for."""
    waits_for = next((unresolved.waits_for for unresolved in waiting(value)), f"{value}, which AWS makes")
    return CannotTell(place=_below(thing.place, path), message=f"cannot tell {question}: it depends on {waits_for}")


def _below(place: Place, path: tuple[str | int, ...]) -> Place:
    return replace(place, path=(*place.path, *path)) if path else place
