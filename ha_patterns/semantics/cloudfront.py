"""A viewer's request at a distribution, from the behavior to the answer, as if no cache held anything.

See ``attempts`` for the protocol by which the world is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..aws.distributions import READS
from ..aws.path_patterns import matches
from ..topology.model import CacheBehavior, Distribution
from .attempts import Answer, Leg, Request, World, ask

# CloudFront's own answers. See
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html
_REFUSED, _MOVED = 403, 301


@dataclass(frozen=True, slots=True, eq=False)
class Behavior:
    """Requests of some paths, and who is asked.

    Attributes:
        behavior: The same, as the template has it.
        pattern: The paths.
        allowed: The methods that are taken.
        cached: The methods whose answers may be kept.
        viewer_protocol: ``allow-all``, ``redirect-to-https`` or ``https-only``.
        legs: The origin, or those of an origin group in order.
        codes: The failover status codes of the group; empty for one origin.
    """

    behavior: CacheBehavior
    pattern: str
    allowed: frozenset[str]
    cached: frozenset[str]
    viewer_protocol: str
    legs: tuple[Leg, ...]
    codes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class ErrorPage:
    """The page that is sent in place of an error.

    Attributes:
        path: Its path, which a behavior of the same distribution serves.
        status: The status that it is sent with.
    """

    path: str
    status: int


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """A distribution, with everything known that decides an answer.

    Attributes:
        distribution: The same, as the template has it.
        behaviors: In the order in which they are tried, the default one last.
        pages: By the status that they stand in for.
        admits: The countries whose viewers are served; None for all.
        refuses: The countries whose viewers are not.
        enabled: Whether it answers at all.
    """

    distribution: Distribution
    behaviors: tuple[Behavior, ...]
    pages: Mapping[int, ErrorPage]
    admits: frozenset[str] | None = None
    refuses: frozenset[str] = frozenset()
    enabled: bool = True
    _taken: dict[str, Behavior] = field(default_factory=dict)

    def behavior(self, path: str) -> Behavior:
        """The behavior that takes a path."""
        found = self._taken.get(path)
        if found is None:
            found = self._taken[path] = behavior_at(self.behaviors, path)
        return found


async def serve(world: World, front: Front, request: Request) -> Answer:
    """The answer to a viewer's request."""
    if not front.enabled:
        return Answer(_REFUSED, legs=0, reason="the distribution is disabled")
    if request.country and not _is_served(front, request.country):
        # An error page may tell users why. See
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html
        answer = Answer(_REFUSED, legs=0, reason=f"the distribution does not serve {request.country}")
        return await _with_page(world, front, answer)
    behavior = front.behavior(request.path)
    if not request.https and behavior.viewer_protocol != "allow-all":
        if behavior.viewer_protocol == "https-only":
            return Answer(_REFUSED, legs=0, reason=f"{behavior.pattern} takes HTTPS only")
        return Answer(_MOVED, legs=0, reason=f"{behavior.pattern} redirects to HTTPS")
    if request.method not in behavior.allowed:
        return Answer(_REFUSED, legs=0, reason=f"{behavior.pattern} does not take {request.method}")
    return await _with_page(world, front, await fetch(world, behavior, request))


def _is_served(front: Front, country: str) -> bool:
    return country not in front.refuses and (front.admits is None or country in front.admits)


def behavior_at(behaviors: Sequence[Behavior], path: str) -> Behavior:
    """The first behavior whose pattern matches a path; the last one takes all that is left."""
    return next((one for one in behaviors if matches(one.pattern, path)), behaviors[-1])


async def fetch(world: World, behavior: Behavior, request: Request) -> Answer:
    """Ask the origin; of an origin group, the second one if the first fails with one of the failover status codes.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
    """
    answer = await ask(world, behavior.legs[0], request)
    if len(behavior.legs) > 1 and fails_over(behavior, request.method):
        codes = frozenset({answer.status}) if answer.failure is None else world.codes(answer.failure)
        if codes & behavior.codes:
            answer = (await ask(world, behavior.legs[1], request))._replace(legs=2)
    return answer


def fails_over(behavior: Behavior, method: str) -> bool:
    """Whether requests with a method go on to the second origin of a group."""
    return method in READS or (method == "OPTIONS" and method in behavior.cached)


async def _with_page(world: World, front: Front, answer: Answer) -> Answer:
    """The error page, if there is one; if it cannot be had, the status with which its own origin answers.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html
    """
    page = front.pages.get(answer.status)
    if page is None:
        return answer
    behavior = front.behavior(page.path)
    shown = await fetch(world, behavior, Request("GET", page.path))
    if shown.status >= 400:
        return shown._replace(legs=answer.legs, failure=shown.failure or answer.failure)
    return Answer(page.status, shown.by, answer.failure, answer.legs, page=True)
