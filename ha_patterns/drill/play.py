"""A scenario, played: each way that users may go, as spans of time in which all that they may meet stays the same."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from ..semantics import cloudfront
from ..semantics.attempts import Answer, Failure, Leg, Request, Trouble, ask
from ..topology.model import Distribution, Endpoint
from .locations import Location, served
from .recall import Draw, Look, Recall
from .scenario import Client, Scenario
from .scene import Site, api_path, named
from .time import Branches, Change, Changing, Constant, Moment, branches
from .world.faults import region_of
from .world.resolvers import Answers
from .world.world import World

T = TypeVar("T")

_LENIENT = frozenset({502, 503, 504})
_UNHEARD = (Failure.SILENT, Failure.NO_ANSWER)


@dataclass(frozen=True, slots=True)
class Way:
    """What some users ask for, from one place.

    Attributes:
        site: The name of the front door.
        location: The city.
        behavior: The path pattern of the behavior that takes it; ``*`` if no distribution does.
        method: The method.
        path: The path.
    """

    site: str
    location: str
    behavior: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} at {self.site} from {self.location}"


class Outcome(NamedTuple):
    """What a user gets.

    Attributes:
        status: The status; 0 if there is none.
        by: The host that answered; empty if none did.
        latency: Nanoseconds until the user had it, or gave up.
        legs: How many origins were asked at the last try.
        tries: How often the client asked.
        page: Whether an error page was sent.
        why: Why there was no answer, or why CloudFront answered itself.
    """

    status: int
    by: str
    latency: int
    legs: int = 1
    tries: int = 1
    page: bool = False
    why: str = ""


class Segment(NamedTuple):
    """A span of time in which requests of a way may come to the same.

    Attributes:
        start: When it begins.
        end: When it ends.
        outcomes: What they may come to, with the probability of each.
        ended_by: The change that ends it; None at the end of the scenario.
    """

    start: int
    end: int
    outcomes: tuple[tuple[Fraction, Outcome], ...]
    ended_by: Change | None


class Step(NamedTuple):
    """A step of one request on its way, for its story."""

    when: int
    what: str


class At:
    """The world as requests meet it that come from one city.

    Args:
        world: The world.
        location: The city.
    """

    def __init__(self, world: World, location: Location) -> None:
        self.world = world
        self.location = location
        self.moment = Moment(0)
        self.story: list[Step] | None = None
        self.log: Log | None = None
        self._drawn: dict[tuple[object, ...], Endpoint | None] = {}
        self._timelines: dict[tuple[Any, ...], Changing[Any]] = {}
        self._trips: dict[Endpoint, int] = {}

    def begin(self, moment: Moment, log: Log | None) -> None:
        """Start a request.

        Args:
            moment: When.
            log: What keeps all that it sees; None if nobody asks.
        """
        self.moment = moment
        self.log = log
        self._drawn.clear()

    def timeline(self, key: tuple[Any, ...]) -> Changing[Any]:
        """What a request may look up: ``("gone", endpoint)``, ``("answers", endpoint)`` or
        ``("troubles", end, leg, request)``.
        """
        if key not in self._timelines:
            self._timelines[key] = self._made(*key)
        return self._timelines[key]

    def _made(self, kind: str, end: Endpoint, *asked: Any) -> Changing[Any]:
        match kind:
            case "gone":
                return self.world.names.is_gone(end)
            case "answers":
                return self.world.names.connections(end, self.location)
        return self.world.troubles(end, *asked)

    def _see(self, *key: Any) -> Any:
        """What a request sees now."""
        value = self.moment.see(self.timeline(key))
        if self.log is not None:
            self.log.saw(self, key, self.moment.elapsed, value)
        return value

    @property
    def elapsed(self) -> int:
        """The nanoseconds since the request began."""
        return self.moment.elapsed

    async def resolve(self, endpoint: Endpoint) -> Endpoint | None:
        """The host that a name leads to, over the connections that are open."""
        start = endpoint
        for _ in range(17):
            if not endpoint.records:
                found = None if self._see("gone", endpoint) else endpoint
                if self.story is not None:
                    self._tell(_leads(start, found))
                return found
            chosen = self._chosen(endpoint, self._see("answers", endpoint))
            if chosen is None:
                if self.story is not None:
                    self._tell(_leads(start, None))
                return None
            endpoint = chosen
        return None

    def _chosen(self, endpoint: Endpoint, answers: Answers) -> Endpoint | None:
        """One of the answers of a name; the same one for as long as the resolver has them."""
        if len(answers.chances) == 1:
            return answers.chances[0][1]
        key = (endpoint, answers)
        if key not in self._drawn:
            left = Fraction(1)
            self._drawn[key] = answers.chances[-1][1]
            for share, end in answers.chances[:-1]:
                if self.chance(share / left):
                    self._drawn[key] = end
                    break
                left -= share
        return self._drawn[key]

    async def state(self, end: Endpoint, leg: Leg, request: Request) -> tuple[Trouble, ...]:
        """What a request meets at a host now."""
        troubles: tuple[Trouble, ...] = self._see("troubles", end, leg, request)
        return troubles

    async def sleep(self, duration: int) -> None:
        """Let time pass."""
        self.moment.wait(duration)

    def chance(self, share: Fraction) -> bool:
        """Whether something happens that does with this probability."""
        return self.moment.chance(share) if self.log is None else self.log.drew(self.moment, share)

    def codes(self, failure: Failure) -> frozenset[int]:
        """The failover status codes by which an origin group leaves an origin that failed so."""
        assumed = self.world.assumptions
        if failure is Failure.EXPIRED and assumed.completion_timeout != "fails over as 504":
            return frozenset()
        if failure in (Failure.SILENT, Failure.REFUSED) and assumed.connect_failure_codes != "503":
            return _LENIENT
        return frozenset({failure.code})

    def round_trip(self, end: Endpoint) -> int:
        """The nanoseconds to a host and back."""
        trip = self._trips.get(end)
        if trip is None:
            trip = self._trips[end] = self.world.round_trip(self.location.name, end)
        return trip

    def service_time(self, _end: Endpoint) -> int:
        """The nanoseconds that a host takes for an answer if nothing is wrong."""
        return self.world.service_time

    def _tell(self, what: str) -> None:
        assert self.story is not None
        self.story.append(Step(self.moment.start + self.moment.elapsed, what))


class Log:
    """All that a request sees and that chance decides, for its ``Recall``.

    Args:
        recall: What keeps it.
        edge: The edge location that serves the request.
        drawn: What chance has decided already, which is not left to chance again.
    """

    def __init__(self, recall: Recall[Outcome], edge: At, drawn: list[bool]) -> None:
        self.steps: list[Look | Draw] = []
        self._recall = recall
        self._edge = edge
        self._drawn = iter(drawn)

    def saw(self, at: At, key: tuple[Any, ...], elapsed: int, value: Any) -> None:
        """The request looked something up."""
        lasting = None if key[0] == "answers" else at.timeline(key)
        if isinstance(lasting, Constant):
            # Whoever looks again sees the same.
            return
        self.steps.append(Look(self._recall.slot((at is self._edge, *key), lasting), elapsed, value))

    def drew(self, moment: Moment, share: Fraction) -> bool:
        """Whether something happens that does with this probability."""
        known = next(self._drawn, None)
        happens = moment.chance(share) if known is None else known
        self.steps.append(Draw(share, happens))
        return happens


def _leads(start: Endpoint, end: Endpoint | None) -> str:
    """Where a name leads, in the story of a request."""
    if end is None:
        return f"{named(start)} does not resolve"
    if start is end:
        return f"{named(end)} is asked"
    where = region_of(end)
    return f"{named(start)} leads to {named(end)}{f' in {where}' if where else ''}"


async def visit(at: At, edge: At, site: Site, request: Request, client: Client) -> Outcome:
    """One request as a client makes it: with patience, and again after an error."""
    patience, tries = client.patience_time, 0
    while True:
        began = at.elapsed
        tries += 1
        answer = await _asked(at, edge, site, request, patience)
        status = answer.status
        if at.elapsed - began > patience:
            # It has long gone when the answer comes.
            at.moment.elapsed = began + patience
            status, answer = 0, answer._replace(by=None, reason="the client gave up")
        if 0 < status < 500 or tries > client.retries:
            return Outcome(
                status,
                at.world.name_of(answer.by) if answer.by is not None else "",
                at.elapsed,
                answer.legs,
                tries,
                answer.page,
                answer.reason or (answer.failure.told if answer.failure is not None else ""),
            )
        await at.sleep(client.pause)


async def _asked(at: At, edge: At, site: Site, request: Request, patience: int) -> Answer:
    """The answer of a front door: of a distribution's edge location, or of the host that the door's name leads to."""
    end = await at.resolve(site.door)
    if end is None:
        return Answer(0, None, Failure.NAME, legs=0)
    met = at.world.at_door(end, site.door)
    if met is not None:
        return _at_door(end, met)
    # It is the same for all requests, so that these look up the same.
    leg: Leg = at.world.lasting(lambda: Leg(end, 1, patience + 1, patience + 1), "door", end, patience)
    if isinstance(end.target, Distribution):
        if at.world.fails_itself(end):
            for trouble in await at.state(end, leg, request):
                if at.chance(trouble.share):
                    await at.sleep(patience + 1 if trouble.failure in _UNHEARD else trouble.delay)
                    if trouble.failure is not None or trouble.status is not None:
                        return Answer(trouble.status or 0, None, trouble.failure, legs=0, reason="CloudFront fails")
        return await cloudfront.serve(edge, at.world.scene.front(end.target), request)
    answer = await ask(at, leg, request)
    # Without CloudFront, nobody turns the lack of an answer into a status.
    return answer if answer.failure is None else answer._replace(status=0)


def _at_door(end: Endpoint, met: Trouble) -> Answer:
    """What a viewer gets whom a front door does not take."""
    if met.failure is not None:
        return Answer(0, None, met.failure, legs=0)
    return Answer(met.status or 403, None, legs=0, reason=f"{named(end)} does not know the name")


#: What requests to a site came to, each from one city.
Recalls = dict[tuple[Site, Request, Location], Recall[Outcome]]


class Player:
    """Plays the ways of a scenario.

    Args:
        world: The world.
        scenario: The scenario.
        recalls: What requests came to by another seed. Default: nothing is known.
    """

    def __init__(self, world: World, scenario: Scenario, recalls: Recalls | None = None) -> None:
        self.world = world
        self.scenario = scenario
        self._recalls: Recalls = {} if recalls is None else recalls
        self._places: dict[Location, At] = {}
        # Equal outcomes are one object, so that whoever judges them does so once.
        self._outcomes: dict[tuple[tuple[Fraction, Outcome], ...], tuple[tuple[Fraction, Outcome], ...]] = {}
        self._alike: dict[tuple[int, Segment], tuple[Segment, ...]] = {}

    def ways(self, site: Site) -> Iterator[tuple[Way, Request, Location]]:
        """What is asked of a site, from where."""
        places = self.scenario.traffic.places
        for behavior, request in self._requests(site):
            for location in places:
                way = Way(site.name, location.name, behavior, request.method, request.path)
                yield way, request._replace(country=location.country, https=site.https), location

    def _requests(self, site: Site) -> Iterator[tuple[str, Request]]:
        given = self.scenario.traffic.requests
        fronts = [self.world.scene.front(one) for one in site.distributions]
        host = site.name
        if given:
            for one in given:
                if one.host in (None, site.name):
                    pattern = cloudfront.behavior_at(fronts[0].behaviors, one.path).pattern if fronts else "*"
                    yield pattern, Request(one.method, one.path, host)
            return
        if not fronts:
            paths = {method: api_path(site.door, method) for method in ("GET", "POST")}
            if set(paths.values()) == {None}:
                paths = {"GET": "/"}
            for method, path in paths.items():
                if path is not None:
                    yield "*", Request(method, path, host)
        for distribution in site.distributions[:1]:
            for behavior, path in self.world.scene.default_paths(distribution):
                for method in ("GET", "POST"):
                    if method in behavior.allowed:
                        yield behavior.pattern, Request(method, path, host)

    def evaluation(
        self, site: Site, request: Request, location: Location
    ) -> tuple[Callable[[Moment], Outcome], At, At]:
        """One request as a function of the moment at which it begins."""
        at = self._at(location)
        classes = {one.price_class for one in site.distributions if isinstance(one.price_class, str)}
        edge = self._at(served(location, next(iter(classes)))) if len(classes) == 1 else at
        client = self.scenario.traffic.client
        recall = self._recalls.setdefault((site, request, location), Recall())
        timelines: list[Changing[Any]] = []

        def timeline(slot: int) -> Changing[Any]:
            while slot >= len(timelines):
                (is_edge, *key), lasting = recall.looked_up[len(timelines)]
                timelines.append(lasting or (edge if is_edge else at).timeline(tuple(key)))
            return timelines[slot]

        def evaluate(moment: Moment) -> Outcome:
            log = None
            if at.story is None:
                outcome, drawn = recall.find(moment, timeline)
                if outcome is not None:
                    return outcome
                log = Log(recall, edge, drawn)
            at.begin(moment, log)
            if edge is not at:
                edge.begin(moment, log)
            outcome = driven(visit(at, edge, site, request, client))
            if log is not None:
                recall.learn(log.steps, moment.elapsed, outcome)
            return outcome

        return evaluate, at, edge

    def _at(self, location: Location) -> At:
        if location not in self._places:
            self._places[location] = At(self.world, location)
        return self._places[location]

    def segments(self, evaluate: Callable[[Moment], Outcome]) -> tuple[Segment, ...]:
        """A way, from the beginning of the scenario to its end."""
        found: list[Segment] = []
        known = self._outcomes
        when, end = 0, self.scenario.end
        while when < end:
            branch: Branches[Outcome] = branches(evaluate, when)
            until = min(branch.until, end)
            ended_by = branch.ended_by if branch.until < end else None
            outcomes = merged(branch.outcomes)
            outcomes = known.setdefault(outcomes, outcomes)
            if found and found[-1].outcomes == outcomes:
                found[-1] = Segment(found[-1].start, until, outcomes, ended_by)
            else:
                found.append(Segment(when, until, outcomes, ended_by))
            when = until
        # Ways that fare alike, as two methods from one place, are kept once.
        segments = tuple(found)
        alike = self._alike.setdefault((len(segments), segments[-1]), segments)
        return alike if alike == segments else segments

    def story(self, site: Site, request: Request, location: Location, when: int) -> tuple[list[Step], Outcome]:
        """One request, step by step; where chance decides, the first way that it may go."""
        evaluate, at, edge = self.evaluation(site, request, location)
        steps: list[Step] = []
        at.story = edge.story = steps
        try:
            outcome = evaluate(Moment(when, lambda _share: True))
        finally:
            at.story = edge.story = None
        return steps, outcome


def merged(outcomes: tuple[tuple[Fraction, Outcome], ...]) -> tuple[tuple[Fraction, Outcome], ...]:
    """Outcomes of which those that are equal are one."""
    if len(outcomes) == 1:
        return outcomes
    found: dict[Outcome, Fraction] = {}
    for share, outcome in outcomes:
        found[outcome] = found.get(outcome, Fraction(0)) + share
    return tuple((share, outcome) for outcome, share in found.items() if share)


def driven(coroutine: Coroutine[None, None, T]) -> T:
    """The result of a coroutine that waits for nothing but the virtual clock."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("a request waits for something that is not of the virtual world")
