"""What a request at a host stands on: what is behind a load balancer or an API, and how its failure shows there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..aws.edge_functions import DEFAULT_TIMEOUT
from ..aws.load_balancers import CONNECT_TIMEOUT, IDLE_TIMEOUT
from ..topology.model import (
    Accelerator,
    AccessPoint,
    Api,
    ApiDomain,
    ApiIntegration,
    ApiRoute,
    Endpoint,
    Function,
    FunctionUrl,
    ListenerRule,
    LoadBalancer,
    LoadBalancerListener,
    TargetGroup,
    Thing,
)
from ..topology.topology import Topology
from ..topology.values import Unresolved, Value
from .apis import Refusal, asked_route
from .attempts import Failure, Trouble
from .endpoints import nothing_behind
from .listeners import answering_rule

SECOND = 10**9
#: How the failure of something behind a front shows, by the failure.
Shows = Mapping[Failure, Trouble]

# API Gateway waits for what is behind it for at most this many seconds, unless the integration says less. See
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_API_WAITS = {"HTTP": 30, "REST": 29}


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Something that a request needs in order to be answered.

    Attributes:
        what: The host, or what is behind it.
        shows: How its failure shows at the host; None for the host itself, where it shows as it is.
    """

    what: Thing | Endpoint
    shows: Shows | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way that a request may go behind a host.

    Attributes:
        share: The share of requests that go it.
        parts: Everything that they need, from front to back.
        standing: The trouble that they meet whatever else happens, as a fixed response is; None if there is none.
    """

    share: Fraction
    parts: tuple[Part, ...]
    standing: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a host gets it.

    Attributes:
        method: The method.
        path: The path, with what the origin puts before it.
        host: The name in ``Host``; None if it is unknown.
        port: The port; None if it is unknown.
        headers: Headers by name, in lower case.
    """

    method: str
    path: str
    host: Value | None
    port: int | None
    headers: Mapping[str, Value]


def ways_behind(end: Endpoint, asked: Asked, topology: Topology) -> tuple[tuple[Way, ...], Unresolved | None]:
    """The ways behind a host, which together take all requests; and what had to be guessed to know them."""
    front = Part(end)
    target = end.target
    if isinstance(target, LoadBalancer):
        return _behind_balancer(front, target, asked, topology)
    if isinstance(target, (Api, ApiDomain)):
        return _behind_api(front, target, asked)
    if isinstance(target, FunctionUrl) and isinstance(target.function, Function):
        return _one(front, Part(target.function, _by_lambda(target.function))), None
    unplayed = target if isinstance(target, (Accelerator, AccessPoint)) else None
    return _one(front), None if unplayed is None else Unresolved(f"what is behind {unplayed.place.name}")


def _one(*parts: Part, standing: Trouble | None = None) -> tuple[Way, ...]:
    return (Way(Fraction(1), parts, standing),)


def _answers(status: int) -> Trouble:
    return Trouble(status=status)


def _behind_balancer(
    front: Part, balancer: LoadBalancer, asked: Asked, topology: Topology
) -> tuple[tuple[Way, ...], Unresolved | None]:
    if balancer.type == "classic" or not balancer.listeners:
        return _one(front), Unresolved(f"the targets of {balancer.place.name}")
    listener = next((one for one in balancer.listeners if one.port == asked.port), None)
    if listener is None:
        if balancer.gaps or asked.port is None or any(isinstance(one.port, Unresolved) for one in balancer.listeners):
            return _one(front), Unresolved(f"the listener of {balancer.place.name} that answers")
        return _one(front, standing=Trouble(Failure.SILENT)), None
    rule = answering_rule(
        listener,
        asked.path,
        asked.headers,
        host=asked.host if isinstance(asked.host, str) else None,
        method=asked.method,
    )
    guess = None
    if rule is None:
        rule, guess = _likeliest(listener), Unresolved(f"the rule of {listener.place.name} that takes {asked.path}")
    if rule.fixed_response is not None:
        status = rule.fixed_response.status
        known = isinstance(status, str) and status.isdecimal()
        return _one(front, standing=_answers(int(str(status))) if known else None), guess
    if rule.redirect is not None or rule.authenticates:
        return _one(front, standing=_answers(302)), guess
    shows = _by_balancer(balancer)
    return tuple(_forwards(front, rule, shows, topology)) or _one(front), guess


def _likeliest(listener: LoadBalancerListener) -> ListenerRule:
    """The first rule that forwards, or else the default one."""
    return next((rule for rule in listener.rules if rule.target_groups), listener.default_rule)


def _forwards(front: Part, rule: ListenerRule, shows: Shows, topology: Topology) -> Iterator[Way]:
    """A way for each target group that a rule forwards to."""
    weights = [(one.target_group, one.weight if isinstance(one.weight, int) else 1) for one in rule.forwards]
    weights = weights or [(group, 1) for group in rule.target_groups]
    total = sum(weight for _, weight in weights)
    for group, weight in weights:
        if not weight and total:
            continue
        share = Fraction(weight, total) if total else Fraction(1, len(weights))
        if isinstance(group, Unresolved):
            yield Way(share, (front,))
        elif isinstance(nothing_behind(group, topology), str):
            # See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
            yield Way(share, (front, Part(group, shows)), _answers(503))
        else:
            yield Way(share, (front, *(Part(one, shows) for one in members(group))))


def members(group: TargetGroup) -> Iterator[Thing]:
    """A target group, and what fails as a whole behind it: its only target, or its only service."""
    yield group
    behind: list[Thing] = [*group.services, *group.scaling_groups]
    behind += [one.target for one in group.targets if isinstance(one.target, Thing)]
    if len(behind) == 1:
        yield from behind


def _by_balancer(balancer: LoadBalancer) -> Shows:
    """How failing targets show at a load balancer; a Network Load Balancer hands on the connection itself.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
    """
    if balancer.type != "application":
        return {}
    idle = balancer.idle_timeout
    waits = idle if isinstance(idle, int) else IDLE_TIMEOUT
    return {
        Failure.SILENT: Trouble(status=504, delay=CONNECT_TIMEOUT * SECOND),
        Failure.REFUSED: Trouble(status=502),
        Failure.TLS: Trouble(status=502),
        Failure.NO_ANSWER: Trouble(status=504, delay=waits * SECOND),
    }


def _by_lambda(function: Function) -> Shows:
    """How a failing function shows at its URL."""
    waits = function.timeout if isinstance(function.timeout, int) else DEFAULT_TIMEOUT
    timed_out = Trouble(status=502, delay=waits * SECOND)
    return {
        Failure.SILENT: timed_out,
        Failure.REFUSED: Trouble(status=502),
        Failure.TLS: Trouble(status=502),
        Failure.NO_ANSWER: timed_out,
    }


def _behind_api(front: Part, target: Api | ApiDomain, asked: Asked) -> tuple[tuple[Way, ...], Unresolved | None]:
    route = asked_route(target, asked.host, asked.method, asked.path)
    if isinstance(route, Refusal):
        return _one(front, standing=_answers(403)), None
    if isinstance(route, Unresolved) or route is None:
        return _one(front), route or Unresolved(f"the route of {target.place.name} that takes {asked.path}")
    return tuple(_integrated(front, target, route)), None


def _integrated(front: Part, target: Api | ApiDomain, route: ApiRoute) -> Iterator[Way]:
    integration = route.integration
    if not isinstance(integration, ApiIntegration) or not isinstance(integration.target, (Thing, Endpoint)):
        yield from _one(front)
        return
    yield from _one(front, Part(integration.target, _by_api(target, integration)))


def _by_api(target: Api | ApiDomain, integration: ApiIntegration) -> Shows:
    """How a failing integration shows at an API: an HTTP API answers 503 for what times out, a REST API 504.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html and
    https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    """
    apis = target.apis if isinstance(target, ApiDomain) else (target,)
    protocol = apis[0].protocol if apis else "REST"
    waits = integration.timeout
    seconds = waits // 1000 if isinstance(waits, int) else _API_WAITS.get(protocol, 29)
    timed_out = Trouble(status=503 if protocol == "HTTP" else 504, delay=seconds * SECOND)
    broken = Trouble(status=500 if protocol == "HTTP" else 502)
    return {
        Failure.SILENT: timed_out,
        Failure.REFUSED: broken,
        Failure.TLS: broken,
        Failure.NO_ANSWER: timed_out,
    }


def shown(trouble: Trouble, part: Part) -> Trouble:
    """A trouble of something behind a host, as a request at the host meets it."""
    if part.shows is None or trouble.failure is None:
        return trouble
    seen = part.shows.get(trouble.failure)
    return trouble if seen is None else Trouble(seen.failure, seen.status, seen.delay, trouble.share)
