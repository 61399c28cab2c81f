"""A drill, from templates and a scenario to its result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ..command_line.durations import told
from ..semantics.attempts import Request
from ..topology import load
from ..topology.model import Endpoint, HealthCheck, Record, Thing
from ..topology.topology import Topology
from ..topology.values import host_name
from .capacity import limited
from .locations import Location
from .play import Outcome, Player, Recalls, Step, Way, merged
from .result import PlayedWay, Result, SiteResult
from .scenario import FOR_STEPS, Outage, Requests, Scenario, ScenarioError, nearest
from .scene import Scene, Site, is_played, named
from .time import SECOND, branches
from .traffic import arrivals
from .world.faults import Faults, Subject, region_of, same_things
from .world.steps import Steps
from .world.world import WARM_UP, World

Templates = str | Path | Topology | Sequence[str | Path]
#: The symptoms that a health check may have by itself.
_OF_CHECKS = ("false-alarm", "health-path-lies")
_NEEDED_BY = "only steps of people and machines do"
#: The stacks whose sites are played: one, several, or all; each a name or a pattern such as ``web-*``.
Patterns = str | Sequence[str] | None


def drill(
    templates: Templates,
    *outages: Outage,
    scenario: Scenario | str | Path | None = None,
    stack: Patterns = None,
    seed: int | None = None,
) -> Result:
    """Play outages on templates, and tell what users would have seen.

    >>> drill("cdk.out", Outage(region="eu-west-1", lasts="5m")).sites[0].summaries         # doctest: +SKIP

    Args:
        templates: A cloud assembly or a template, several of them, or a topology such as that of ``topology_of(app)``.
        outages: What fails. Default: those of the scenario, or else the Region of the primary, or the primary itself,
            silent for five minutes.
        scenario: Everything else that is played, or the file that says so. Default: one path of each behavior, asked
            from all over the world.
        stack: The stack whose sites are played; a name, or a pattern such as ``web-*``. Default: all that have what
            fails.
        seed: What phases are drawn by. Default: that of the scenario, 0.

    Raises:
        ScenarioError: No site has what fails, no template has a site, or the scenario file has a mistake.
        TemplateError: A template cannot be read.
    """
    topology = templates if isinstance(templates, Topology) else _loaded(templates)
    given = _scenario(scenario)
    given = replace(given, outages=(*given.outages, *outages), seed=given.seed if seed is None else seed)
    return play(Scene(topology), given, stack)


def _scenario(given: Scenario | str | Path | None) -> Scenario:
    if isinstance(given, (str, Path)):
        from .scenario_file import read

        return read(given)
    return Scenario() if given is None else given


def _loaded(templates: str | Path | Sequence[str | Path]) -> Topology:
    paths = [templates] if isinstance(templates, (str, Path)) else list(templates)
    return load(*(Path(path) for path in paths))


def play(scene: Scene, scenario: Scenario, stack: Patterns = None) -> Result:
    """Play a scenario on a scene; see ``drill``."""
    return Stage(scene, scenario, stack).play()


class Stage:
    """A scenario on a scene, which may be played by one seed after the other.

    Args:
        scene: What is played.
        scenario: What fails; without an outage, what the first site is built for.
        stack: As of ``drill``.

    Raises:
        ScenarioError: No site has what fails, or there is no site.
    """

    def __init__(self, scene: Scene, scenario: Scenario, stack: Patterns = None) -> None:
        sites, left_out = _playable(sites_of(scene, stack))
        self.scenario, notes = _with_outage(scenario, sites, scene)
        self._notes = (*notes, *left_out, *_needed_by_no_request(self.scenario.outages))
        self._scene = scene
        self._stack = stack
        self._faults = _faults(scene, self.scenario, sites)
        self._steps = Steps(scene, self.scenario.steps, self.scenario.outages)
        self._notes = (*self._notes, *(one.told for one in self._steps.done))
        self._had = {site: had for site in sites if (had := self._outages_of(site))}
        if not self._had:
            raise ScenarioError(_nowhere(self.scenario.outages, sites))
        # What depends on no seed.
        self._lasting: dict[Hashable, Any] = {}
        self._recalls: Recalls = {}
        self._asked: dict[Site, tuple[_Asked, ...]] = {}

    def _outages_of(self, site: Site) -> tuple[Outage, ...]:
        return tuple(outage for outage in self.scenario.outages if _has(site, outage, self._faults))

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites that have what fails."""
        return tuple(self._had)

    def player(self, seed: int) -> Player:
        """What plays the scenario by a seed."""
        scenario = replace(self.scenario, seed=seed)
        world = World(self._scene, scenario, self._faults, self._steps, self._lasting)
        return Player(world, scenario, self._recalls)

    def play(self, seed: int | None = None) -> Result:
        """Play it by a seed. Default: that of the scenario."""
        player = self.player(self.scenario.seed if seed is None else seed)
        results: list[SiteResult] = []
        for site, had in self._had.items():
            if site not in self._asked:
                self._asked[site] = _asked(player, site)
            results.append(_played(player, site, self._asked[site], had))
        return Result(player.scenario, tuple(results), self._scene.settled, self._notes, self)

    def assuming(self, name: str, value: Any) -> Stage:
        """The same scenario with another assumption."""
        assumptions = self.scenario.assumptions.changed(name, value)
        return Stage(self._scene, replace(self.scenario, assumptions=assumptions), self._stack)


def story(
    scene: Scene, scenario: Scenario, request: Request, location: Location, when: int, stack: Patterns = None
) -> tuple[Site, list[Step], Outcome]:
    """One request of the first site that has what fails, step by step.

    Args:
        scene: What is played.
        scenario: What fails.
        request: The request; its host is the site's.
        location: Where it begins.
        when: When it begins, in nanoseconds.
        stack: As of ``drill``.
    """
    stage = Stage(scene, scenario, stack)
    site = stage.sites[0]
    asked = request._replace(host=site.name, country=location.country, https=site.https)
    return site, *stage.player(stage.scenario.seed).story(site, asked, location, when)


def _with_outage(scenario: Scenario, sites: Sequence[Site], scene: Scene) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario, with the outage that the first site is built for if it has none; and a note that says so."""
    if scenario.outages:
        return scenario, ()
    outage = default_outage(sites, scene)
    note = f"{outage.described} for {told(outage.length)}: no outage was given, and this is the one of the primary"
    return replace(scenario, outages=(outage,)), (note,)


def _needed_by_no_request(outages: Iterable[Outage]) -> Iterator[str]:
    """What has to be said of outages of what requests do not need."""
    for outage in outages:
        if outage.kind in FOR_STEPS:
            yield f"{outage.kind}: no request needs it; {_NEEDED_BY}"


def _faults(scene: Scene, scenario: Scenario, sites: Sequence[Site]) -> Faults:
    chosen = {outage: _chosen(outage, sites, scene) for outage in scenario.outages}
    return Faults(scenario.outages, chosen, scenario.assumptions.zone_leaves_dns * SECOND)


def sites_of(scene: Scene, stack: Patterns) -> tuple[Site, ...]:
    """The sites of a scene, or those of some stacks.

    Raises:
        ScenarioError: There is none.
    """
    if not scene.sites:
        raise ScenarioError(
            "no template has a front door: a distribution, an accelerator, a load balancer, an API, a function URL, or "
            "a record that leads to one"
        )
    patterns = (stack,) if isinstance(stack, str) else tuple(stack or ())
    if not patterns:
        return scene.sites
    found = tuple(
        site for site in scene.sites if any(one.matches(pattern) for one in site.stacks for pattern in patterns)
    )
    if not found:
        names = sorted({one.id for site in scene.sites for one in site.stacks})
        told_near = nearest(patterns[0], names)
        raise ScenarioError(f"stack {patterns[0]!r} is of no site; there are {', '.join(names[:5])}{told_near}")
    return found


def _playable(sites: Sequence[Site]) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """The sites that can be played, and a note of the others.

    Raises:
        ScenarioError: None can.
    """
    played = tuple(site for site in sites if all(is_played(end) for end in site.door.ends))
    others = ", ".join(site.name for site in sites if site not in played)
    told_others = f"{others}: not played yet, since an accelerator answers there" if others else ""
    if not played:
        raise ScenarioError(told_others)
    return played, (told_others,) if others else ()


def default_outage(sites: Sequence[Site], scene: Scene) -> Outage:
    """The outage that the first site is built for: its primary's Region goes silent, or its primary does."""
    site = sites[0]
    endpoint = site.door
    if site.distributions:
        behavior = scene.front(site.distributions[0]).behaviors[-1]
        endpoint = behavior.legs[0].endpoint
    for _ in range(16):
        if not endpoint.records:
            break
        records = sorted(endpoint.records, key=lambda record: record.failover == "SECONDARY")
        answers = records[0].answers
        if not answers:
            break
        endpoint = answers[0]
    region = region_of(endpoint)
    if region is not None:
        return Outage(region=region)
    if isinstance(endpoint.name, str):
        return Outage(name=endpoint.name)
    if isinstance(endpoint.target, Thing):
        return Outage(resource=named(endpoint))
    raise ScenarioError(
        f"no outage was given, and what the primary is cannot be told of {named(endpoint)}: give one, or the parameters"
    )


def _chosen(outage: Outage, sites: Sequence[Site], scene: Scene) -> frozenset[Subject]:
    """The things and hosts that an outage of a resource or a name is of."""
    topology = scene.topology
    if outage.name is not None:
        endpoint = topology.endpoint(str(host_name(outage.name)))
        known = endpoint.records or endpoint.target is not None or endpoint in _hosts(scene)
        if not known:
            names = sorted({named(one) for one in _hosts(scene)})
            told = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            raise ScenarioError(
                f"name {outage.name!r} is asked by nothing; there are {told}{nearest(outage.name, names)}"
            )
        return frozenset(same for end in endpoint.ends for same in same_things(end))
    if outage.resource is None:
        return frozenset()
    wanted = outage.resource.strip("/")
    things = [thing for thing in topology.everything() if not thing.place.path]
    stacks = {stack for site in sites for stack in site.stacks}
    found = [thing for thing in things if _is_part_of(thing, wanted)]
    if not found:
        called = [thing for thing in things if _is_called(thing, wanted)]
        # Of several stacks, those of the sites that are played count first.
        found = [thing for thing in called if thing.place.stack in stacks] or called
        roots = sorted({f"{thing.place.stack.id}/{wanted}" for thing in found})
        if len(roots) > 1:
            raise ScenarioError(f"resource {outage.resource!r} is in several stacks: give {' or '.join(roots)}")
    if found and all(isinstance(one, HealthCheck) for one in found) and outage.symptom not in _OF_CHECKS:
        raise ScenarioError(
            f"resource {outage.resource!r} is a health check, which is asked nothing: give symptom={_OF_CHECKS[0]} or "
            f"{_OF_CHECKS[1]}, or what it asks"
        )
    if not found:
        for record in topology.of(Record):
            if wanted in (record.place.logical_id, record.place.name) and isinstance(record.name, str):
                raise ScenarioError(f"resource {outage.resource!r} is a record: give name={record.name}")
        names = sorted({named(thing) for thing in things})
        told_near = nearest(wanted, [*names, *(thing.place.logical_id for thing in things)])
        raise ScenarioError(
            f"resource {outage.resource!r} is in no template"
            + (told_near or f"; the templates have {', '.join(names[:5])} and others")
        )
    return frozenset(same for thing in found for same in same_things(thing))


def _is_part_of(thing: Thing, wanted: str) -> bool:
    """Whether a thing is the stack, the construct or the resource of that name, from the stack on, or a part of it."""
    names = (thing.place.name, f"{thing.place.stack.id}/{thing.place.logical_id}")
    return any(f"{one}/".startswith(f"{wanted}/") for one in names)


def _is_called(thing: Thing, wanted: str) -> bool:
    """Whether a thing is the construct or the resource of that name within its stack, or a part of it."""
    names = (thing.place.name.partition("/")[2], thing.place.logical_id)
    return any(f"{one}/".startswith(f"{wanted}/") for one in names)


def _hosts(scene: Scene) -> set[Endpoint]:
    """Every host and name that some site asks."""
    return {one for site in scene.sites for one in site.reached}


def _has(site: Site, outage: Outage, faults: Faults) -> bool:
    """Whether a site has what an outage is of."""
    if outage.kind is not None:
        return True
    if outage.name is not None and any(one.name == host_name(outage.name) for one in site.reached):
        return True
    if any(faults.hits(outage, one) for one in site.reached):
        return True
    return any(faults.hits(outage, one) for one in behind(site))


def behind(site: Site) -> Iterable[Thing]:
    """What is behind the hosts of a site, and the health checks of its records."""
    from ..semantics.behind import members
    from ..semantics.endpoints import target_groups
    from ..topology.model import Api, ApiDomain, FunctionUrl, LoadBalancer

    for one in site.reached:
        for record in one.records:
            if isinstance(record.health_check, HealthCheck):
                yield record.health_check
                yield from (child for child in record.health_check.children if isinstance(child, HealthCheck))
        target = one.target
        if isinstance(target, LoadBalancer):
            for group in target_groups(target):
                yield from members(group)
        elif isinstance(target, FunctionUrl) and isinstance(target.function, Thing):
            yield target.function
        elif isinstance(target, (Api, ApiDomain)):
            for api in target.apis if isinstance(target, ApiDomain) else (target,):
                for route in api.routes:
                    if isinstance(route.integration, Thing) and isinstance(route.integration.target, Thing):
                        yield route.integration.target


class _Asked(NamedTuple):
    """What is asked of a site from one place.

    Attributes:
        way: The way.
        request: The request.
        location: Where it begins.
        requests: The traffic that it is of.
        parts: Among how many ways that is divided.
    """

    way: Way
    request: Request
    location: Location
    requests: Requests
    parts: int


def _asked(player: Player, site: Site) -> tuple[_Asked, ...]:
    asked = list(player.ways(site))
    parts = Counter((way.method, way.path) for way, _, _ in asked)
    given = {
        (one.method, one.path): one for one in player.scenario.traffic.requests if one.host in (None, site.name)
    } or {(method, path): Requests(method=method, path=path) for method, path in parts}
    return tuple(
        _Asked(way, request, location, given[way.method, way.path], parts[way.method, way.path])
        for way, request, location in asked
    )


def _played(player: Player, site: Site, asked: Iterable[_Asked], outages: tuple[Outage, ...]) -> SiteResult:
    scenario = player.scenario
    played: list[PlayedWay] = []
    for one in asked:
        evaluate, _, _ = player.evaluation(site, one.request, one.location)
        before = merged(branches(evaluate, -WARM_UP // 2).outcomes)
        segments = player.segments(evaluate)
        coming = arrivals(one.requests, one.parts, scenario.seed, "arrivals", one.way)
        played.append(PlayedWay(one.way, before, segments, coming))
    ways = tuple(played)
    if scenario.traffic.capacity:
        capacity = scenario.traffic.capacity
        ways = limited(ways, capacity, _places(site, capacity))
        player.world.scene.assume(
            site.name,
            "requests beyond a capacity get 503, which moves no traffic: no health check and no group sees it",
        )
    named_hosts = [one for one in site.reached if one.records]
    end = max(outage.end for outage in outages)
    held = tuple(player.world.names.held(named_hosts, scenario.traffic.places, end))
    return SiteResult(site.name, scenario, outages, ways, held)


def _places(site: Site, capacity: Mapping[str, int]) -> Mapping[str, frozenset[str]]:
    """By the name of each host that may answer, the names of capacities that it counts for.

    Raises:
        ScenarioError: A capacity is of nothing that the site has.
    """
    found = {named(one): {named(one), region_of(one) or "", str(one.name)} & capacity.keys() for one in site.reached}
    unknown = capacity.keys() - set().union(*found.values())
    if unknown:
        names = sorted({name for one in site.reached for name in (named(one), region_of(one)) if name is not None})
        wanted = min(unknown)
        raise ScenarioError(
            f"capacity of {wanted!r} is of nothing that {site.name} has; there are {', '.join(names)}"
            f"{nearest(wanted, names)}"
        )
    return {host: frozenset(names) for host, names in found.items()}


def _nowhere(outages: Sequence[Outage], sites: Sequence[Site]) -> str:
    """Why nothing is played, with what there is."""
    regions = sorted({region for site in sites for one in site.reached if (region := region_of(one)) is not None})
    names = sorted({site.name for site in sites})
    outage = outages[0]
    if outage.region is not None:
        there = f"they are in {', '.join(regions)}" if regions else "no template tells their Regions"
        return f"no site is in region {outage.region!r}; {there}{nearest(outage.region, regions)}"
    return f"no site has {outage.what!r}; the sites are {', '.join(names[:5])}"
