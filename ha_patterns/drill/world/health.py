"""Health, as Route 53 and load balancers find it out: probes, opinions of checkers, and verdicts.

See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ...aws.health_checks import HEALTHY_SHARE
from ..time import NEVER, Change, Changing, Computed, Timeline, number


class Probe(NamedTuple):
    """One question of a checker.

    Attributes:
        passes: Whether the answer counts as healthy.
        takes: Nanoseconds until the checker knows.
    """

    passes: bool
    takes: int


class Rhythm(NamedTuple):
    """How a checker asks, and how often it must hear the same before it changes its mind.

    Attributes:
        interval: Nanoseconds between two questions.
        fails: How many in a row make it say unhealthy.
        passes: How many in a row make it say healthy.
        from_answer: Whether the interval begins when the last answer has come, and not when its question was sent.
    """

    interval: int
    fails: int
    passes: int
    from_answer: bool


class Opinion(NamedTuple):
    """A checker's change of mind.

    Attributes:
        when: The moment.
        healthy: What it says from then on.
        because: The change of what it asks that it has noticed.
    """

    when: int
    healthy: bool
    because: Change | None


#: What a checker may hear if it asks at a moment, with the probability of each.
Chances = tuple[tuple[Fraction, Probe], ...]


def opinions(state: Changing[Chances], rhythm: Rhythm, first: int, end: int, *key: object) -> list[Opinion]:
    """When a checker changes its mind; before its first question it says healthy.

    Args:
        state: What it may hear.
        rhythm: How it asks.
        first: When it asks first.
        end: Until when it is followed.
        key: What is drawn by if it may hear several things.
    """
    found: list[Opinion] = []
    healthy, against, when = True, 0, first
    span, because = state.at(when), None
    while when < end:
        while span.until <= when:
            because = span.ended_by
            span = state.at(span.until)
        heard = _heard(span.value, when, key)
        period = rhythm.interval + (heard.takes if rhythm.from_answer else 0)
        if heard.passes == healthy:
            against = 0
            if len(span.value) > 1:
                when += period
            elif span.until >= NEVER:
                break
            else:
                # All that it asks until then tells it the same.
                when += max(1, -((when - span.until) // period)) * period
            continue
        against += 1
        if against == (rhythm.fails if healthy else rhythm.passes):
            healthy, against = heard.passes, 0
            found.append(Opinion(when + heard.takes, healthy, because))
        when += period
    return found


def _heard(chances: Chances, when: int, key: tuple[object, ...]) -> Probe:
    if len(chances) == 1:
        return chances[0][1]
    drawn = Fraction(number(*key, when), 1 << 64)
    for share, probe in chances:
        drawn -= share
        if drawn < 0:
            return probe
    return chances[-1][1]


def verdict(name: str, checkers: Sequence[Sequence[Opinion]], delay: int, *, inverted: bool = False) -> Timeline[bool]:
    """What Route 53 makes of its checkers, from when its nameservers go by it.

    Args:
        name: The health check's, for the report.
        checkers: The changes of mind of each.
        delay: Nanoseconds until all nameservers know.
        inverted: Whether the report tells the opposite, which the check becomes.
    """
    count = healthy = len(checkers)
    status = True
    changes: list[tuple[Change, bool]] = []
    for opinion in sorted((one for each in checkers for one in each), key=lambda one: one.when):
        healthy += 1 if opinion.healthy else -1
        now = healthy * 100 > HEALTHY_SHARE * count
        if now != status:
            status = now
            seen = f"{healthy} of {count} checkers see it well" if now else f"{count - healthy} of {count} see it fail"
            becomes = f"{'healthy' if now != inverted else 'unhealthy'}{', as it is inverted' if inverted else ''}"
            told = f"health check {name} becomes {becomes}: {seen}"
            changes.append((Change(opinion.when + delay, "check", told, opinion.because), now))
    return Timeline(first=True, changes=changes)


def settled(opinions_of: Sequence[Opinion], name: str) -> Timeline[bool]:
    """What one prober alone makes of something, such as a load balancer of its targets."""
    return Timeline(
        first=True,
        changes=(
            (
                Change(one.when, "targets", f"{name} becomes {'healthy' if one.healthy else 'unhealthy'}", one.because),
                one.healthy,
            )
            for one in opinions_of
        ),
    )


def flipped(status: Changing[bool]) -> Changing[bool]:
    """The status of a check that is inverted."""
    return Computed(lambda moment: not moment.see(status))
