"""Which records Route 53 may find unhealthy, and what makes a health check change its mind."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cache

from ..aws.health_checks import DEFAULT_PORTS
from ..aws.names import CLOUDFRONT_ZONE, VPC_ENDPOINT_SUFFIX
from ..topology.model import Alias, ApiDomain, Endpoint, HealthCheck, OriginKind, Record, RoutingControl
from ..topology.model.base import ADDRESS_TYPES, Whole
from ..topology.values import Unresolved, Value, ends
from .fold import Fold

# Highly available by design: evaluating the health of such a target changes nothing. See
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-failover-alias.html
_NEVER_UNHEALTHY = frozenset({OriginKind.API, OriginKind.BUCKET, OriginKind.WEBSITE, OriginKind.DISTRIBUTION})

#: The headers that Route 53's checkers send, in lower case; a rule of a listener may look at them.
CHECKER_HEADERS = frozenset({"host", "user-agent", "accept", "connection"})


def leads_to_distribution(alias: Alias) -> bool:
    """Whether an alias is of a distribution."""
    endpoint = alias.endpoint
    if endpoint.records:
        return False
    # Before an edge-optimized API is a distribution of API Gateway's own.
    if isinstance(endpoint.target, ApiDomain) and endpoint.target.edge_optimized is True:
        return True
    return endpoint.kind is OriginKind.DISTRIBUTION or (
        alias.zone_id == CLOUDFRONT_ZONE and endpoint.kind is OriginKind.HOST
    )


def can_fail(record: Record) -> bool | None:
    """Whether Route 53 may find a record unhealthy; None where nothing tells."""
    # Of a type that is not known, no record is known to be of the same.
    return _can_fail(record, _endpoints_can_fail(record.type if record.type in ADDRESS_TYPES else ""))


def target_can_fail(record: Record) -> bool | None:
    """Whether Route 53 evaluates what an alias leads to, and may find it unhealthy; None where nothing tells."""
    return _target_can_fail(record, _endpoints_can_fail(record.type if record.type in ADDRESS_TYPES else ""))


def probed_port(check: HealthCheck) -> Whole | None:
    """The port that checkers ask; None for a TCP health check that does not say."""
    return DEFAULT_PORTS.get(str(check.type).partition("_")[0]) if check.port is None else check.port


def follows(check: HealthCheck | Unresolved) -> tuple[Hashable, bool | None]:
    """What makes a health check change its mind, and whether it turns that around.

    Checks of which both are equal move together.
    """
    inverted: bool | None = False
    seen: set[HealthCheck] = set()
    while isinstance(check, HealthCheck) and check not in seen:
        seen.add(check)
        inverted = None if inverted is None or isinstance(check.inverted, Unresolved) else inverted != check.inverted
        if check.type != "CALCULATED" or len(check.children) != 1 or check.healthy_children != 1:
            return _source(check), inverted
        check = check.children[0]
    return check, inverted


def depends_on(check: HealthCheck | Unresolved | None, other: HealthCheck) -> bool:
    """Whether a health check is another one, or is calculated from it."""
    if not isinstance(check, HealthCheck):
        return False
    return check is other or any(child is other for child in check.children)


class Health:
    """What is healthy in one state of the world, as Route 53 works it out.

    Args:
        leaf: Whether a health check is healthy before ``Inverted`` counts; None if unknown. It is not asked of
            calculated checks, and not of disabled ones, which are healthy.
        targets: Whether what an alias leads to is healthy, of a host without records; None if unknown. Default: all
            are.
        told: Whether ``leaf`` tells the status of every health check as it is in the end.
    """

    def __init__(
        self,
        leaf: Callable[[HealthCheck], bool | None],
        targets: Callable[[Endpoint], bool | None] = lambda _endpoint: True,
        *,
        told: bool = False,
    ) -> None:
        self._leaf = leaf
        self._told = told
        self._targets = targets
        self._checks: Fold[HealthCheck, bool | None] = Fold(
            lambda check: (child for child in check.children if isinstance(child, HealthCheck)), self._check, None
        )
        self._names: dict[Value, Fold[Endpoint, bool | None]] = {}

    def check(self, check: HealthCheck | Unresolved) -> bool | None:
        """Whether a health check is healthy; None if unknown."""
        if self._told and isinstance(check, HealthCheck):
            return self._leaf(check)
        return self._checks(check) if isinstance(check, HealthCheck) else None

    def record(self, record: Record) -> bool | None:
        """Whether a record is healthy; None if unknown."""
        if record.type not in self._names:
            self._names[record.type] = self._endpoints(record.type)
        return self._record(record, self._names[record.type])

    def _check(self, check: HealthCheck, of: Callable[[HealthCheck], bool | None]) -> bool | None:
        if check.disabled is True:
            told: bool | None = True
        elif isinstance(check.disabled, Unresolved):
            told = None
        elif check.type == "CALCULATED":
            told = _enough(check, [None if isinstance(child, Unresolved) else of(child) for child in check.children])
        else:
            told = self._leaf(check)
        return None if told is None or isinstance(check.inverted, Unresolved) else told != check.inverted

    def _record(self, record: Record, of: Callable[[Endpoint], bool | None]) -> bool | None:
        parts = [True if record.health_check is None else self.check(record.health_check)]
        alias = record.alias
        if alias is not None and alias.evaluate_target_health is not False:
            known = alias.evaluate_target_health is True
            parts.append(of(alias.endpoint) if known else None)
        return False if False in parts else None if None in parts else True

    def _endpoints(self, record_type: Value) -> Fold[Endpoint, bool | None]:
        def below(endpoint: Endpoint) -> Iterator[Endpoint]:
            own = (record for record in endpoint.records if record.type == record_type)
            return (record.alias.endpoint for record in own if record.alias is not None)

        def value(endpoint: Endpoint, of: Callable[[Endpoint], bool | None]) -> bool | None:
            if not endpoint.records:
                return self._targets(endpoint)
            # Of several records one that is healthy is enough.
            found = [self._record(record, of) for record in endpoint.records if record.type == record_type]
            return True if True in found else None if None in found or not found else False

        return Fold(below, value, None)


def _enough(check: HealthCheck, children: list[bool | None]) -> bool | None:
    """Whether enough children of a calculated check are healthy."""
    needed = check.healthy_children
    if not isinstance(needed, int) or check.gaps:
        return None
    if children.count(True) >= needed:
        return True
    return False if children.count(True) + children.count(None) < needed else None


def _can_fail(record: Record, of: Callable[[Endpoint], bool | None]) -> bool | None:
    return True if record.health_check is not None else _target_can_fail(record, of)


def _target_can_fail(record: Record, of: Callable[[Endpoint], bool | None]) -> bool | None:
    alias = record.alias
    if alias is None or alias.evaluate_target_health is False:
        return False
    if isinstance(alias.evaluate_target_health, Unresolved):
        return None
    if not alias.endpoint.records and leads_to_distribution(alias):
        return False
    return of(alias.endpoint)


@cache
def _endpoints_can_fail(record_type: Value) -> Fold[Endpoint, bool | None]:
    """Whether what an alias of a type leads to may be unhealthy as a whole."""

    def members(endpoint: Endpoint) -> list[Record]:
        return [record for record in endpoint.records if record.type == record_type]

    def below(endpoint: Endpoint) -> Iterator[Endpoint]:
        return (record.alias.endpoint for record in members(endpoint) if record.alias is not None)

    def value(endpoint: Endpoint, of: Callable[[Endpoint], bool | None]) -> bool | None:
        if endpoint.records:
            # Of several records one that is healthy is enough.
            found = [_can_fail(record, of) for record in members(endpoint)]
            return False if False in found else True if found and None not in found else None
        if endpoint.kind in _NEVER_UNHEALTHY or ends(endpoint.name).endswith(VPC_ENDPOINT_SUFFIX):
            return False
        return True if endpoint.kind is OriginKind.LOAD_BALANCER else None

    return Fold(below, value, None)


def _source(check: HealthCheck) -> Hashable:
    """The same for checks that ask the same."""
    if isinstance(check.control, RoutingControl):
        return check.control
    if check.probes and (check.endpoint is not None or check.address is not None):
        asked = (check.type, check.endpoint, check.address, check.port, check.path, check.search_string)
        # A name or an address may be another thing within a VPC than on the internet.
        return (*asked, check.endpoint_type, check.source)
    return check
