"""One origin, asked: each attempt, what it may meet, and how long it waits.

This is written once, against a small protocol, for whatever drives it: a drill does on a virtual clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from typing import NamedTuple, Protocol

from ..aws import statuses
from ..aws.origin_waits import REPEATED
from ..topology.model import CacheBehavior, Distribution, Endpoint, Origin

#: The share of everything.
WHOLE = Fraction(1)


class Failure(Enum):
    """Why an origin gave no status at all.

    Attributes:
        status: The status that viewers get instead.
        code: The failover status code of an origin group that stands for it.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """

    SILENT = "does not answer the attempt to connect", statuses.NO_ANSWER, statuses.CANNOT_CONNECT
    REFUSED = "refuses connections", statuses.UNUSABLE, statuses.CANNOT_CONNECT
    TLS = "has no certificate that is accepted", statuses.UNUSABLE, statuses.UNUSABLE
    NAME = "has a name that does not resolve", statuses.UNUSABLE, statuses.UNUSABLE
    NO_ANSWER = "accepts connections and does not answer", statuses.NO_ANSWER, statuses.NO_ANSWER
    EXPIRED = "has not answered completely in time", statuses.NO_ANSWER, statuses.NO_ANSWER

    def __init__(self, told: str, status: int, code: int) -> None:
        self.told = told
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong with a host, as a connection to it meets it.

    Attributes:
        failure: Why there is no status; None if there is one.
        status: The status; None if it is the one that the host has without the trouble.
        delay: Nanoseconds that the host takes for its answer, beyond the usual time.
        share: The share of the connections that meet it.
    """

    failure: Failure | None = None
    status: int | None = None
    delay: int = 0
    share: Fraction = WHOLE


class Request(NamedTuple):
    """A request of a viewer.

    Attributes:
        method: In upper case.
        path: From the first slash on, without the query string.
        host: The name that the viewer asked.
        country: The viewer's, such as ``IE``; empty if it is unknown.
        https: Whether the viewer came over TLS.
    """

    method: str
    path: str
    host: str = ""
    country: str = ""
    https: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """A host that is asked, with how long it is waited for; all times are in nanoseconds.

    Attributes:
        endpoint: The name that is asked.
        attempts: How often a connection is tried, and a GET or HEAD sent.
        connect: For each attempt to connect.
        read: For an answer, and between two packets of it.
        complete: For all attempts together; None if there is no end.
        origin: The origin of a distribution; None if a viewer asks the host itself.
        behavior: The behavior whose requests it gets; None likewise.
        distribution: The distribution; None likewise.
    """

    endpoint: Endpoint
    attempts: int
    connect: int
    read: int
    complete: int | None = None
    origin: Origin | None = None
    behavior: CacheBehavior | None = None
    distribution: Distribution | None = None


class Answer(NamedTuple):
    """The answer to a request, or the lack of one.

    Attributes:
        status: The status that the viewer gets.
        by: The host that answered; None if none did.
        failure: Why none did.
        legs: How many origins were asked.
        page: Whether an error page was sent instead.
        reason: Why CloudFront answered itself; empty if it did not.
    """

    status: int
    by: Endpoint | None = None
    failure: Failure | None = None
    legs: int = 1
    page: bool = False
    reason: str = ""


class World(Protocol):
    """The world as a request meets it, from one place."""

    @property
    def elapsed(self) -> int:
        """The nanoseconds since the request began."""
        ...

    async def resolve(self, endpoint: Endpoint) -> Endpoint | None:
        """The host that a name leads to now; None if it does not resolve."""
        ...

    async def state(self, end: Endpoint, leg: Leg, request: Request) -> tuple[Trouble, ...]:
        """What a request meets at a host now, the trouble of which the rest depends first."""
        ...

    async def sleep(self, duration: int) -> None:
        """Let nanoseconds pass."""
        ...

    def chance(self, share: Fraction) -> bool:
        """Whether something happens that does with this probability."""
        ...

    def codes(self, failure: Failure) -> frozenset[int]:
        """The failover status codes by which an origin group leaves an origin that failed so."""
        ...

    def round_trip(self, end: Endpoint) -> int:
        """The nanoseconds to a host and back."""
        ...

    def service_time(self, end: Endpoint, /) -> int:
        """The nanoseconds that a host takes for an answer if nothing is wrong."""
        ...


async def ask(world: World, leg: Leg, request: Request) -> Answer:
    """Ask a host until it answers, or the attempts or the time are used up.

    Each attempt meets the state in which the host is when the attempt begins.
    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
    """
    end = await world.resolve(leg.endpoint)
    if end is None:
        return _failed(Failure.NAME)
    began = world.elapsed
    failure: Failure | None = None
    for _ in range(leg.attempts):
        status, failure, takes = await _attempt(world, leg, end, request)
        if leg.complete is not None and world.elapsed + takes - began > leg.complete:
            await world.sleep(began + leg.complete - world.elapsed)
            return _failed(Failure.EXPIRED)
        await world.sleep(takes)
        if failure is None:
            return Answer(status, end)
        if failure is Failure.TLS or (failure is Failure.NO_ANSWER and request.method not in REPEATED):
            break
    assert failure is not None
    return _failed(failure)


def _failed(failure: Failure) -> Answer:
    return Answer(failure.status, None, failure)


async def _attempt(world: World, leg: Leg, end: Endpoint, request: Request) -> tuple[int, Failure | None, int]:
    """The status or the failure of an attempt that begins now, and how long it takes.

    Both the way to connect and the way of the request and its answer take a round trip.
    """
    trip = world.round_trip(end)
    status, delay = 200, 0
    for trouble in await world.state(end, leg, request):
        if trouble.share is not WHOLE and not world.chance(trouble.share):
            continue
        match trouble.failure:
            case Failure.SILENT:
                return 0, Failure.SILENT, leg.connect
            case Failure.NO_ANSWER:
                return 0, Failure.NO_ANSWER, trip + leg.read
            case Failure():
                return 0, trouble.failure, trip
        delay += trouble.delay
        if trouble.status is not None:
            # Whoever answers with an error asks nothing that is behind.
            status = trouble.status
            break
    answers = trip + world.service_time(end) + delay
    if answers > leg.read:
        return 0, Failure.NO_ANSWER, trip + leg.read
    return status, None, trip + answers


def alternatives(troubles: Sequence[Trouble], delay: int = 0) -> Iterator[Trouble]:
    """All that may come of meeting or not meeting some troubles, of which exactly one does; their shares sum to 1.

    They are met one after another, until one is an answer or the lack of one. What delays alone is added to what comes
    after it.

    Args:
        troubles: The troubles.
        delay: Nanoseconds that those before have taken.
    """
    if not troubles:
        yield Trouble(delay=delay)
        return
    one, rest = troubles[0], troubles[1:]
    if one.failure is not None or one.status is not None:
        yield replace(one, delay=one.delay + delay)
    else:
        for then in alternatives(rest, delay + one.delay):
            yield replace(then, share=one.share * then.share)
    if one.share < 1:
        for then in alternatives(rest, delay):
            yield replace(then, share=(1 - one.share) * then.share)
