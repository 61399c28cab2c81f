"""A scenario: what fails, how and for how long, and who asks for what meanwhile."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property

from ..command_line.durations import nanoseconds
from .assumptions import DEFAULTS, Assumptions
from .locations import WORLD, Location

#: What a fault looks like, by its symptom.
SYMPTOMS = {
    "silent": "packets are lost: attempts to connect get no answer",
    "refused": "connections are refused",
    "hangs": "connections are accepted, and requests get no answer",
    "errors": "requests get an error: status, 503 if none is given",
    "denied": "requests get 403",
    "slow": "requests are answered later: by latency",
    "name-gone": "the name does not resolve",
    "certificate-expired": "no client accepts the certificate",
    "health-path-lies": "requests get an error, and health checks pass",
    "false-alarm": "requests are answered, and health checks fail",
}
#: What may fail that is in no template, by its kind.
KINDS = {
    "checkers": "all health checkers of Route 53",
    "cloudfront-names": "the names of all distributions",
    "route53-control-plane": "every change of a record or a health check",
    "cloudfront-control-plane": "every change of a distribution",
    "sts": "every temporary credential that is asked for",
    "iam": "every sign-in",
}
# What says which thing fails; one of them is given.
_WHAT = ("resource", "name", "region", "zone", "kind")
_WORDS = {
    "silent": "goes silent",
    "refused": "refuses connections",
    "hangs": "hangs",
    "denied": "denies",
    "slow": "is slow",
    "name-gone": "loses its name",
    "certificate-expired": "has an expired certificate",
    "health-path-lies": "fails while its health path answers",
    "false-alarm": "fails its health checks alone",
}


class ScenarioError(ValueError):
    """A scenario that cannot be played: the message says what is wrong, and what is allowed."""


def _time(name: str, given: object) -> int:
    try:
        return nanoseconds(given)
    except ValueError as error:
        raise ScenarioError(f"{name} {error}") from None


def _share(name: str, given: object) -> Fraction:
    share: Fraction | None = None
    if isinstance(given, str) and given.endswith("%") and given[:-1].replace(".", "", 1).isdecimal():
        share = Fraction(given[:-1]) / 100
    elif isinstance(given, (int, float, Fraction)) and not isinstance(given, bool):
        share = Fraction(str(given))
    if share is None or not 0 < share <= 1:
        raise ScenarioError(f"{name} must be a share such as 30% or 0.3, above 0 and at most 1, got {given!r}")
    return share


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A thing that fails for a while. Exactly one of the first five arguments names it.

    >>> Outage(region="eu-west-1", symptom="silent", lasts="5m").described
    'eu-west-1 goes silent'

    Args:
        resource: A resource, by its construct path or its logical id, such as ``Site/Content``.
        name: A host name, and what answers at it.
        region: An AWS Region, with everything in it.
        zone: An Availability Zone, such as ``eu-west-1a``: a share of each load balancer in it.
        kind: What is in no template: one of ``KINDS``.
        symptom: One of ``SYMPTOMS``. Default ``silent``.
        status: The status of ``errors`` and ``health-path-lies``: 400 to 599. Default 503.
        share: The share of requests that meet it. Default 1.
        latency: How much later ``slow`` answers come, in seconds or such as ``10s``. Default 10 s.
        at: When it begins. Default 120 s.
        lasts: How long it lasts. Default 300 s.
        every: Of a fault that comes and goes: from one beginning to the next. Default: it stays.
        burst: Of a fault that comes and goes: how long it is there each time.

    Raises:
        ScenarioError: An argument is wrong, missing or excludes another one.
    """

    resource: str | None = None
    name: str | None = None
    region: str | None = None
    zone: str | None = None
    kind: str | None = None
    symptom: str = "silent"
    status: int = 503
    share: object = 1
    latency: object = 10
    at: object = 120
    lasts: object = 300
    every: object = None
    burst: object = None

    def __post_init__(self) -> None:
        given = [name for name in _WHAT if getattr(self, name) is not None]
        if len(given) != 1:
            raise ScenarioError(
                f"an outage needs exactly one of {', '.join(_WHAT)}, got {' and '.join(given) or 'none'}"
            )
        what = getattr(self, given[0])
        if not isinstance(what, str) or not what:
            raise ScenarioError(f"{given[0]} must be text, got {what!r}")
        if self.kind is not None and self.kind not in KINDS:
            raise ScenarioError(f"kind must be one of {', '.join(KINDS)}, got {self.kind!r}{nearest(self.kind, KINDS)}")
        if self.symptom not in SYMPTOMS:
            told = nearest(self.symptom, SYMPTOMS)
            raise ScenarioError(f"symptom must be one of {', '.join(SYMPTOMS)}, got {self.symptom!r}{told}")
        if isinstance(self.status, bool) or not isinstance(self.status, int) or not 400 <= self.status <= 599:
            raise ScenarioError(f"status must be a whole number from 400 to 599, got {self.status!r}")
        if (self.every is None) != (self.burst is None):
            raise ScenarioError("every and burst are given together: a fault comes once each every, for burst")
        if self.every is not None and not 0 < self.burst_time < self.period:
            raise ScenarioError(
                f"burst must be shorter than every, and more than 0, got {self.burst!r} of {self.every!r}"
            )
        if self.length == 0:
            raise ScenarioError(f"lasts must be more than 0, got {self.lasts!r}")
        # These are read so that a mistake is told here.
        _ = self.part, self.delay, self.start

    @cached_property
    def start(self) -> int:
        """When it begins, in nanoseconds."""
        return _time("at", self.at)

    @cached_property
    def length(self) -> int:
        """How long it lasts, in nanoseconds."""
        return _time("lasts", self.lasts)

    @property
    def end(self) -> int:
        """When it ends, in nanoseconds."""
        return self.start + self.length

    @cached_property
    def part(self) -> Fraction:
        """The share of requests that meet it."""
        return _share("share", self.share)

    @cached_property
    def delay(self) -> int:
        """How much later answers come, in nanoseconds."""
        return _time("latency", self.latency)

    @cached_property
    def period(self) -> int:
        """From one beginning to the next, in nanoseconds; 0 if it stays."""
        return 0 if self.every is None else _time("every", self.every)

    @cached_property
    def burst_time(self) -> int:
        """How long it is there each time, in nanoseconds; 0 if it stays."""
        return 0 if self.burst is None else _time("burst", self.burst)

    @property
    def what(self) -> str:
        """What fails, in a few words."""
        return (
            KINDS[self.kind]
            if self.kind is not None
            else next(str(getattr(self, name)) for name in _WHAT if getattr(self, name) is not None)
        )

    @property
    def described(self) -> str:
        """What happens, as a sentence."""
        if self.symptom == "errors":
            told = f"{self.what} answers with {self.status}"
        elif self.kind is not None:
            told = f"{self.what}: out of order"
        else:
            told = f"{self.what} {_WORDS[self.symptom]}"
        return told if self.part == 1 else f"{told}, in {float(self.part):.3g} of all cases"


@dataclass(frozen=True, kw_only=True)
class Client:
    """How a user's client behaves.

    Args:
        patience: How long it waits for an answer, in seconds or such as ``10s``. Default 60 s.
        retries: How often it asks again after an error, 0 to 10. Default 0.
        retry_after: How long it waits before it does. Default 1 s.
    """

    patience: object = 60
    retries: int = 0
    retry_after: object = 1

    def __post_init__(self) -> None:
        if isinstance(self.retries, bool) or not isinstance(self.retries, int) or not 0 <= self.retries <= 10:
            raise ScenarioError(f"retries must be a whole number from 0 to 10, got {self.retries!r}")
        if not self.patience_time:
            raise ScenarioError(f"patience must be more than 0, got {self.patience!r}")
        _ = self.pause

    @cached_property
    def patience_time(self) -> int:
        """How long it waits for an answer, in nanoseconds."""
        return _time("patience", self.patience)

    @cached_property
    def pause(self) -> int:
        """How long it waits before it asks again, in nanoseconds."""
        return _time("retry_after", self.retry_after)


@dataclass(frozen=True, kw_only=True)
class Requests:
    """Requests of one kind.

    Args:
        path: The path, such as ``/products/1``.
        method: The method. Default ``GET``.
        host: The name that is asked; None for each site's own. Default None.
        rate: Requests a second at all locations together: a number, or steps of it such as
            ``[[0, 100], ["5m", 800]]``, each from a time on. Default 1000.
    """

    path: str
    method: str = "GET"
    host: str | None = None
    rate: object = 1000

    def __post_init__(self) -> None:
        if not isinstance(self.path, str) or not self.path.startswith("/") or "?" in self.path:
            raise ScenarioError(f"path must begin with / and be without a query string, got {self.path!r}")
        if not isinstance(self.method, str) or not self.method.isalpha() or self.method != self.method.upper():
            raise ScenarioError(f"method must be such as GET or POST, got {self.method!r}")
        if self.host is not None and not isinstance(self.host, str):
            raise ScenarioError(f"host must be a name, got {self.host!r}")
        _ = self.steps

    @cached_property
    def steps(self) -> tuple[tuple[int, Fraction], ...]:
        """The rates, each with the time from which on it counts."""
        if not isinstance(self.rate, (list, tuple)):
            return ((0, _rate(self.rate)),)
        steps: list[tuple[int, Fraction]] = []
        for step in self.rate:
            if not isinstance(step, (list, tuple)) or len(step) != 2:
                raise ScenarioError(f"each step of rate must be a time and a rate, such as [5m, 800], got {step!r}")
            steps.append((_time("rate", step[0]), _rate(step[1])))
        if not steps or steps[0][0] != 0 or [when for when, _ in steps] != sorted({when for when, _ in steps}):
            raise ScenarioError(f"the steps of rate must begin at 0 and be in their order, got {self.rate!r}")
        return tuple(steps)


def _rate(given: object) -> Fraction:
    told = given.removesuffix("/s") if isinstance(given, str) else given
    try:
        rate = Fraction(str(told)) if not isinstance(told, bool) else Fraction(-1)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(-1)
    if not 0 <= rate <= 10**9:
        raise ScenarioError(f"rate must be requests a second, from 0 to 1000000000, got {given!r}")
    return rate


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Who asks for what.

    Args:
        locations: ``world``, or names of cities such as ``["Dublin", "Tokyo"]``. Default ``world``.
        requests: What is asked for. Default: of each behavior one path of its own, with GET and POST as it takes them.
        client: How clients behave.
        capacity: How many requests a second a Region or an origin takes at most, by its name. Default: any number.
    """

    locations: object = "world"
    requests: tuple[Requests, ...] = ()
    client: Client = Client()
    capacity: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        _ = self.places
        for name, most in (self.capacity or {}).items():
            if isinstance(most, bool) or not isinstance(most, int) or most < 0:
                raise ScenarioError(f"capacity of {name} must be a whole number of requests a second, got {most!r}")

    @cached_property
    def places(self) -> tuple[Location, ...]:
        """The locations."""
        if self.locations == "world":
            return WORLD
        known = {one.name: one for one in WORLD}
        named = self.locations if isinstance(self.locations, (list, tuple)) else [self.locations]
        for name in named:
            if name not in known:
                told = nearest(str(name), known)
                raise ScenarioError(f"locations must be world or some of {', '.join(known)}, got {name!r}{told}")
        if not named:
            raise ScenarioError("locations must be at least one")
        return tuple(known[str(name)] for name in dict.fromkeys(named))


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is played.

    Args:
        outages: What fails. Default: what the site is built for, see ``drill``.
        traffic: Who asks for what.
        title: A line for the report.
        lasts: How long all of it lasts, in seconds or such as ``20m``. Default: until 10 minutes after the last outage.
        assumptions: What is assumed.
        seed: What phases are drawn by: those of resolvers, checkers and connections. Default 0.
    """

    outages: tuple[Outage, ...] = ()
    traffic: Traffic = Traffic()
    title: str = ""
    lasts: object = None
    assumptions: Assumptions = DEFAULTS
    seed: int = 0

    def __post_init__(self) -> None:
        if self.lasts is not None and _time("lasts", self.lasts) <= max((one.end for one in self.outages), default=0):
            raise ScenarioError(
                f"lasts must be longer than all outages, so that service comes back, got {self.lasts!r}"
            )

    @property
    def end(self) -> int:
        """When it ends, in nanoseconds."""
        if self.lasts is not None:
            return _time("lasts", self.lasts)
        return max((one.end for one in self.outages), default=0) + 600 * 10**9

    def changed(self, **given: object) -> Scenario:
        """The scenario with other values of some arguments."""
        return Scenario(**{**{one.name: getattr(self, one.name) for one in fields(self)}, **given})


def nearest(name: str, known: object) -> str:
    """The known name that is most like a misspelt one, as a message goes on; empty if none is."""
    found = difflib.get_close_matches(name, list(known), n=1)  # type: ignore[call-overload]
    return f"; did you mean {found[0]}?" if found else ""
