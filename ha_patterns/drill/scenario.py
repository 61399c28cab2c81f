"""A scenario: what fails, how and for how long, and who asks for what meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property

from ..command_line.durations import shown, told
from .assumptions import DEFAULTS, Assumptions
from .given import ScenarioError as ScenarioError
from .given import all_of, choice_of, rate_of, share_of, time_of, whole_of
from .given import nearest as nearest
from .locations import WORLD, Location
from .objective import Objective

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
#: Of these, what requests need nothing of: only steps of people and machines do.
FOR_STEPS = frozenset({"route53-control-plane", "cloudfront-control-plane", "sts", "iam"})
_MOST_SEEDS = 2**53
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
        symptom: How it fails: one of ``SYMPTOMS``. Default ``silent``.
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
            raise ScenarioError(f"{given[0]} must be text, got {shown(what)}")
        if self.kind is not None:
            choice_of("kind", self.kind, KINDS)
        choice_of("symptom", self.symptom, SYMPTOMS)
        whole_of("status", self.status, 400, 599)
        if (self.every is None) != (self.burst is None):
            raise ScenarioError("every and burst are given together: a fault comes once each every, for burst")
        if self.every is not None and not 0 < self.burst_time < self.period:
            raise ScenarioError(
                f"burst must be shorter than every, and more than 0, got {shown(self.burst)} of {shown(self.every)}"
            )
        if self.length == 0:
            raise ScenarioError(f"lasts must be more than 0, got {shown(self.lasts)}")
        # These are read so that a mistake is told here.
        _ = self.part, self.delay, self.start

    @cached_property
    def start(self) -> int:
        """When it begins, in nanoseconds."""
        return time_of("at", self.at)

    @cached_property
    def length(self) -> int:
        """How long it lasts, in nanoseconds."""
        return time_of("lasts", self.lasts)

    @property
    def end(self) -> int:
        """When it ends, in nanoseconds."""
        return self.start + self.length

    @cached_property
    def part(self) -> Fraction:
        """The share of requests that meet it."""
        return share_of("share", self.share)

    @cached_property
    def delay(self) -> int:
        """How much later answers come, in nanoseconds."""
        return time_of("latency", self.latency)

    @cached_property
    def period(self) -> int:
        """From one beginning to the next, in nanoseconds; 0 if it stays."""
        return 0 if self.every is None else time_of("every", self.every)

    @cached_property
    def burst_time(self) -> int:
        """How long it is there each time, in nanoseconds; 0 if it stays."""
        return 0 if self.burst is None else time_of("burst", self.burst)

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
        whole_of("retries", self.retries, 0, 10)
        if not self.patience_time:
            raise ScenarioError(f"patience must be more than 0, got {shown(self.patience)}")
        _ = self.pause

    @cached_property
    def patience_time(self) -> int:
        """How long it waits for an answer, in nanoseconds."""
        return time_of("patience", self.patience)

    @cached_property
    def pause(self) -> int:
        """How long it waits before it asks again, in nanoseconds."""
        return time_of("retry_after", self.retry_after)


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
            raise ScenarioError(f"path must begin with / and be without a query string, got {shown(self.path)}")
        if not isinstance(self.method, str) or not self.method.isalpha() or self.method != self.method.upper():
            raise ScenarioError(f"method must be such as GET or POST, got {shown(self.method)}")
        if self.host is not None and not isinstance(self.host, str):
            raise ScenarioError(f"host must be a name, got {shown(self.host)}")
        _ = self.steps

    @cached_property
    def steps(self) -> tuple[tuple[int, Fraction], ...]:
        """The rates, each with the time from which on it counts."""
        if not isinstance(self.rate, (list, tuple)):
            return ((0, rate_of("rate", self.rate)),)
        steps: list[tuple[int, Fraction]] = []
        for step in self.rate:
            if not isinstance(step, (list, tuple)) or len(step) != 2:
                raise ScenarioError(
                    f"each step of rate must be a time and a rate, such as [5m, 800], got {shown(step)}"
                )
            steps.append((time_of("rate", step[0]), rate_of("rate", step[1])))
        if not steps or steps[0][0] != 0 or [when for when, _ in steps] != sorted({when for when, _ in steps}):
            raise ScenarioError(f"the steps of rate must begin at 0 and be in their order, got {shown(self.rate)}")
        return tuple(steps)


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
        all_of("requests", self.requests, Requests)
        asked = [(one.method, one.path, one.host) for one in self.requests]
        for number, (method, path, host) in enumerate(asked):
            if any((method, path) == two[:2] and (host == two[2] or None in (host, two[2])) for two in asked[:number]):
                raise ScenarioError(f"requests have {method} {path} of the same host twice; give their rates as one")
        if not isinstance(self.client, Client):
            raise ScenarioError(f"client must be a Client, got {shown(self.client)}")
        if self.capacity is not None and not isinstance(self.capacity, Mapping):
            raise ScenarioError(f"capacity must be names, each with requests a second, got {shown(self.capacity)}")
        for name, most in (self.capacity or {}).items():
            whole_of(f"capacity of {name}", most, 0, 10**9)

    @cached_property
    def places(self) -> tuple[Location, ...]:
        """The locations."""
        if self.locations == "world":
            return WORLD
        known = {one.name: one for one in WORLD}
        named = self.locations if isinstance(self.locations, (list, tuple)) else [self.locations]
        for name in named:
            if not isinstance(name, str) or name not in known:
                told = nearest(name, known)
                raise ScenarioError(f"locations must be world or some of {', '.join(known)}, got {shown(name)}{told}")
        if not named:
            raise ScenarioError("locations must be at least one")
        return tuple(known[str(name)] for name in dict.fromkeys(named))


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a person or a machine during an outage.

    >>> Step(at="4m", run="edit-record origin.example.com standby.example.com").name
    'origin.example.com'

    Args:
        at: When it is run.
        run: The command. ``edit-record NAME VALUE`` makes the records of a name lead to a host, as somebody does in
            the console of Route 53; it needs Route 53's control plane, and credentials.

    Raises:
        ScenarioError: It is no command that a drill plays.
    """

    at: object
    run: str

    def __post_init__(self) -> None:
        words = self.run.split() if isinstance(self.run, str) else []
        if len(words) != 3 or words[0] != "edit-record":
            raise ScenarioError(
                "run must be edit-record NAME VALUE, such as edit-record origin.example.com standby.example.com; "
                f"other commands are not played yet, got {shown(self.run)}"
            )
        _ = self.when

    @cached_property
    def when(self) -> int:
        """When it is run, in nanoseconds."""
        return time_of("at", self.at)

    @property
    def name(self) -> str:
        """The name whose records are edited."""
        return self.run.split()[1]

    @property
    def value(self) -> str:
        """The host that they lead to then."""
        return self.run.split()[2]

    @property
    def told(self) -> str:
        """The step, for a report."""
        return f"{self.run} at {told(self.when)}"


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
        objectives: What it must come to. Default: nothing is asked.
        steps: What people and machines do meanwhile. Default: nothing.
    """

    outages: tuple[Outage, ...] = ()
    traffic: Traffic = Traffic()
    title: str = ""
    lasts: object = None
    assumptions: Assumptions = DEFAULTS
    seed: int = 0
    objectives: tuple[Objective, ...] = ()
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        all_of("outages", self.outages, Outage)
        all_of("steps", self.steps, Step)
        all_of("objectives", self.objectives, Objective)
        for name, kind in (("traffic", Traffic), ("assumptions", Assumptions), ("title", str)):
            value = getattr(self, name)
            if not isinstance(value, kind):
                must_be = "text" if kind is str else f"of {kind.__name__}"
                raise ScenarioError(f"{name} must be {must_be}, got {shown(value)}")
        whole_of("seed", self.seed, 0, _MOST_SEEDS)
        if self.lasts is not None and time_of("lasts", self.lasts) <= max((one.end for one in self.outages), default=0):
            raise ScenarioError(
                f"lasts must be longer than all outages, so that service comes back, got {shown(self.lasts)}"
            )

    @property
    def end(self) -> int:
        """When it ends, in nanoseconds."""
        if self.lasts is not None:
            return time_of("lasts", self.lasts)
        ends = [*(one.end for one in self.outages), *(one.when for one in self.steps)]
        return max(ends, default=0) + 600 * 10**9

    def changed(self, **given: object) -> Scenario:
        """The scenario with other values of some arguments."""
        return Scenario(**{**{one.name: getattr(self, one.name) for one in fields(self)}, **given})
