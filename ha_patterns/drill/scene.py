"""A topology, settled: every value that a drill needs and no template tells becomes a plain one, and is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..aws.distributions import READS, WRITES
from ..aws.health_checks import DEFAULT_INTERVAL, DEFAULT_THRESHOLD
from ..aws.origin_waits import (
    DEFAULT_ATTEMPTS,
    DEFAULT_CONNECTION_TIMEOUT,
    DEFAULT_READ_TIMEOUT,
)
from ..semantics.attempts import Leg
from ..semantics.cloudfront import Behavior, ErrorPage, Front
from ..semantics.requests import behavior_of
from ..semantics.standing import asks_https
from ..topology.model import (
    Accelerator,
    Api,
    ApiDomain,
    ApiRoute,
    CacheBehavior,
    Distribution,
    Endpoint,
    FunctionAssociation,
    GeoRestriction,
    HealthCheck,
    Origin,
    OriginGroup,
    Thing,
    ViewerFunction,
)
from ..topology.stacks import Stack
from ..topology.topology import Topology
from ..topology.values import Unresolved
from .time import SECOND

_ALL_METHODS = READS | WRITES | {"OPTIONS"}


@dataclass(frozen=True, slots=True)
class Settled:
    """A value that no template tells, and what it was taken to be.

    Attributes:
        where: The construct or resource that it is of.
        what: What was taken, as a sentence.
    """

    where: str
    what: str


@dataclass(frozen=True, eq=False)
class Site:
    """A front door, and everything that it leads to.

    Attributes:
        name: The name that users ask, or else the construct.
        door: The same, as the topology has it.
        reached: The hosts that answer there, and behind that.
        stacks: The stacks that make them.
    """

    name: str
    door: Endpoint
    reached: tuple[Endpoint, ...]
    stacks: tuple[Stack, ...]

    @cached_property
    def https(self) -> bool:
        """Whether users ask over HTTPS."""
        return asks_https(self.door)

    @cached_property
    def distributions(self) -> tuple[Distribution, ...]:
        """The distributions that the door leads to."""
        found = dict.fromkeys(end.target for end in self.door.ends)
        return tuple(target for target in found if isinstance(target, Distribution))


class Scene:
    """A topology that can be played.

    Args:
        topology: The topology.
    """

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self._settled: dict[Settled, None] = {}
        self._fronts: dict[Distribution, Front] = {}

    @property
    def settled(self) -> tuple[Settled, ...]:
        """What had to be assumed of what no template tells, each once."""
        return tuple(self._settled)

    def assume(self, where: Thing | Endpoint | str, what: str) -> None:
        """List something that had to be assumed."""
        self._settled.setdefault(Settled(named(where), what))

    def whole(self, value: int | Unresolved | None, default: int, what: str, thing: Thing) -> int:
        """A number; if it is unknown, the default of AWS."""
        if isinstance(value, int):
            return value
        if value is not None:
            self.assume(thing, f"{what} is {default}, its default; nothing tells {value.waits_for}")
        return default

    def flag(self, value: bool | Unresolved, what: str, thing: Thing, *, default: bool) -> bool:
        """A truth; if it is unknown, the default of AWS."""
        if isinstance(value, bool):
            return value
        self.assume(thing, f"{what}: {'yes' if default else 'no'}, its default; nothing tells {value.waits_for}")
        return default

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """What users ask, each with what it leads to."""
        return tuple(self._site(door) for door in self.topology.entries)

    def _site(self, door: Endpoint) -> Site:
        reached: dict[Endpoint, None] = dict.fromkeys(door.way)
        for end in door.ends:
            if isinstance(end.target, Distribution):
                for origin in end.target.origins:
                    reached.update(dict.fromkeys(origin.endpoint.way))
        things = [thing for one in reached for thing in (one.target, *one.records) if thing is not None]
        stacks = tuple(dict.fromkeys(thing.place.stack for thing in things))
        return Site(door_name(door), door, tuple(reached), stacks)

    def front(self, distribution: Distribution) -> Front:
        """A distribution, with everything known that decides an answer."""
        if distribution not in self._fronts:
            self._fronts[distribution] = self._front(distribution)
        return self._fronts[distribution]

    def _front(self, distribution: Distribution) -> Front:
        admits, refuses = self._countries(distribution.geo_restriction, distribution)
        return Front(
            distribution,
            tuple(self._behavior(distribution, behavior) for behavior in distribution.behaviors),
            self._pages(distribution),
            admits,
            refuses,
            self.flag(distribution.enabled, "the distribution is enabled", distribution, default=True),
        )

    def _countries(
        self, given: GeoRestriction | Unresolved | None, distribution: Distribution
    ) -> tuple[frozenset[str] | None, frozenset[str]]:
        if isinstance(given, Unresolved):
            self.assume(distribution, "viewers of all countries are served: the restriction is unknown")
        if not isinstance(given, GeoRestriction) or given.kind == "none":
            return None, frozenset()
        countries = frozenset(country for country in given.countries if isinstance(country, str))
        return (countries, frozenset()) if given.kind == "whitelist" else (None, countries)

    def _pages(self, distribution: Distribution) -> Mapping[int, ErrorPage]:
        found: dict[int, ErrorPage] = {}
        for response in distribution.error_responses:
            code, page, status = response.error_code, response.page, response.response_code
            if isinstance(code, int) and isinstance(page, str) and page:
                found[code] = ErrorPage(page, status if isinstance(status, int) else code)
        return found

    def _behavior(self, distribution: Distribution, behavior: CacheBehavior) -> Behavior:
        allowed, cached = behavior.allowed_methods, behavior.cached_methods
        if isinstance(allowed, Unresolved):
            self.assume(behavior, "all methods are taken: AllowedMethods is unknown")
            allowed = _ALL_METHODS
        protocol = behavior.viewer_protocol_policy
        if not isinstance(protocol, str):
            self.assume(behavior, "viewers may use HTTP and HTTPS: ViewerProtocolPolicy is unknown")
        pattern = behavior.pattern
        if not isinstance(pattern, str):
            self.assume(behavior, "no request is for its path pattern, which is unknown")
        origins, codes = self._asked(distribution, behavior)
        return Behavior(
            behavior,
            # No path has a line break.
            pattern if isinstance(pattern, str) else "\n",
            allowed,
            READS if isinstance(cached, Unresolved) else cached,
            protocol if isinstance(protocol, str) else "allow-all",
            tuple(self._leg(distribution, behavior, origin) for origin in origins),
            codes,
        )

    def _asked(self, distribution: Distribution, behavior: CacheBehavior) -> tuple[tuple[Origin, ...], frozenset[int]]:
        """The origin or the two of a group, and the failover status codes."""
        target: Origin | OriginGroup | Unresolved = behavior.target
        for association in behavior.functions:
            target = self._by_function(association, distribution) or target
        if isinstance(target, Origin):
            return (target,), frozenset()
        if isinstance(target, OriginGroup):
            members = tuple(member for member in target.members if isinstance(member, Origin))
            if len(members) < len(target.members):
                self.assume(behavior, "of the origin group, only the origins that are known are asked")
            codes = frozenset(code for code in target.status_codes if isinstance(code, int))
            if len(codes) < len(target.status_codes) or target.gaps:
                self.assume(behavior, "the failover status codes that are unknown are none")
            if members:
                return members, codes
        self.assume(behavior, f"the first origin is asked: {behavior.target_id} is unknown")
        return distribution.origins[:1], frozenset()

    def _by_function(self, association: FunctionAssociation, distribution: Distribution) -> Origin | OriginGroup | None:
        """The only origin or group that a CloudFront Function chooses; other functions pass requests on."""
        function = association.function
        if isinstance(function, ViewerFunction):
            chosen = self.topology.choices.by_id(function, distribution)
            if len(chosen) == 1 and isinstance(chosen[0], OriginGroup):
                self.assume(association, "GET and HEAD go to the origin group that its code makes")
                return chosen[0]
            if not chosen:
                return None
        elif association.event not in ("origin-request", "origin-response"):
            return None
        self.assume(association, "the function is not played: it passes requests and answers on")
        return None

    def _leg(self, distribution: Distribution, behavior: CacheBehavior, origin: Origin) -> Leg:
        if any(isinstance(end.target, Distribution) for end in origin.endpoint.ends):
            self.assume(origin, "it is a distribution that always answers: what is behind it is not played")
        complete = origin.response_completion_timeout
        if isinstance(complete, Unresolved):
            self.assume(origin, "there is no response completion timeout: it is unknown")
        return Leg(
            origin.endpoint,
            self.whole(origin.connection_attempts, DEFAULT_ATTEMPTS, "ConnectionAttempts", origin),
            self.whole(origin.connection_timeout, DEFAULT_CONNECTION_TIMEOUT, "ConnectionTimeout", origin) * SECOND,
            self.whole(origin.read_timeout, DEFAULT_READ_TIMEOUT, "OriginReadTimeout", origin) * SECOND,
            complete * SECOND if isinstance(complete, int) else None,
            origin,
            behavior,
            distribution,
        )

    def check_rhythm(self, check: HealthCheck) -> tuple[int, int]:
        """The interval of a health check in seconds, and its threshold."""
        return (
            self.whole(check.interval, DEFAULT_INTERVAL, "RequestInterval", check),
            self.whole(check.threshold, DEFAULT_THRESHOLD, "FailureThreshold", check),
        )

    def default_paths(self, distribution: Distribution) -> Iterator[tuple[Behavior, str]]:
        """Of each behavior a path of its own; behaviors that no path reaches are left out."""
        front = self.front(distribution)
        for behavior in front.behaviors:
            for path in _paths(behavior.pattern, is_default=behavior is front.behaviors[-1]):
                if behavior_of(distribution.behaviors, path) is behavior.behavior:
                    yield behavior, path
                    break


def api_path(door: Endpoint, method: str) -> str | None:
    """A path that the APIs behind a front door answer for a method; ``/`` of any other host, and if none is known.

    None if all routes of the APIs are known, and none is for the method.
    """
    found = [one for target in door.targets for one in _api_bases(target)]
    for api, base in found:
        for route in api.routes:
            path = _route_path(route, method)
            if path is not None:
                return base + path
    is_known = bool(found) and all(api.routes and api.unknown_routes is None and not api.gaps for api, _ in found)
    return None if is_known else "/"


def _api_bases(target: Thing) -> Iterator[tuple[Api, str]]:
    """The APIs that answer at a host, each with what comes before the paths of its routes."""
    if isinstance(target, ApiDomain):
        for mapping in target.mappings:
            if isinstance(mapping.api, Api) and isinstance(mapping.path, str):
                yield mapping.api, f"/{mapping.path}".rstrip("/")
    elif isinstance(target, Api):
        for stage in target.stages:
            if isinstance(stage.name, str):
                yield target, "" if stage.name == "$default" else f"/{stage.name}"


def _route_path(route: ApiRoute, method: str) -> str | None:
    """A path that a route takes, with something in place of its parameters; None if it is of another method."""
    if route.key == "$default":
        return "/"
    if route.method not in (method, "ANY") or not isinstance(route.path, str):
        return None
    return re.sub(r"\{[^}]*\}", "drill", route.path)


def _paths(pattern: str, *, is_default: bool) -> Iterable[str]:
    """Paths of which a behavior may have one to itself."""
    if is_default:
        return ("/", "/index.html", "/drill", "/drill/any/page")
    slashed = pattern if pattern.startswith(("/", "*")) else f"/{pattern}"
    filled = [slashed.replace("*", one).replace("?", "x") for one in ("1", "drill", "drill/1")]
    return tuple(one if one.startswith("/") else f"/{one}" for one in filled)


def door_name(door: Endpoint) -> str:
    """The name of a front door: the one that users ask, or else the construct."""
    if isinstance(door.name, str):
        return door.name
    if isinstance(door.target, Distribution):
        alias = next((alias for alias in door.target.aliases if isinstance(alias, str)), None)
        if alias is not None:
            return alias
    return named(door)


def named(one: Thing | Endpoint | str) -> str:
    """How a person finds something."""
    if isinstance(one, str):
        return one
    if isinstance(one, Thing):
        return one.place.name.removesuffix("/Resource").removesuffix("/Default")
    if isinstance(one.name, str):
        return one.name
    if one.target is not None:
        return named(one.target)
    return str(one.name)


def identity(one: Thing | Endpoint) -> str:
    """The same text for the same thing, whether or not the templates tell of the constructs that made them."""
    if isinstance(one, Thing):
        return str(one.place.id)
    return str(one.name) if isinstance(one.name, str) or one.target is None else identity(one.target)


def is_played(end: Endpoint) -> bool:
    """Whether a drill knows how a host answers: of an accelerator and what is behind it, it does not yet."""
    return not isinstance(end.target, Accelerator)
