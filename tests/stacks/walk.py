"""Walks a topology from a name that users ask to all that may answer, by what semantics tell and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from ha_patterns.semantics.apis import mapping_of, route_of
from ha_patterns.semantics.listeners import answering_rule
from ha_patterns.semantics.names import followed
from ha_patterns.semantics.origin_groups import failover_codes_of
from ha_patterns.semantics.requests import behavior_of
from ha_patterns.topology import (
    Accelerator,
    AccessPoint,
    Api,
    ApiDomain,
    ApiIntegration,
    Bucket,
    CacheBehavior,
    Distribution,
    Endpoint,
    Function,
    LoadBalancer,
    Origin,
    OriginGroup,
    Policy,
    Record,
    Thing,
    Topology,
    Unresolved,
    ViewerFunction,
)


class Walk:
    """The ways of one path and method through a topology.

    Args:
        topology: It.
        path: The request's path.
        method: The request's method.
    """

    def __init__(self, topology: Topology, path: str, method: str) -> None:
        self._topology = topology
        self._path = path
        self._method = method

    def from_name(self, endpoint: Endpoint, origin: Origin | None = None) -> Iterator[str]:
        """What may answer at a name, in the order in which it is asked.

        Args:
            endpoint: What the name leads to.
            origin: The origin that asks it; None for users.
        """
        answers, _ = followed(endpoint)
        for answer in answers:
            if not answer.records:
                yield from self._answer(answer, origin)
                continue
            for record in answer.records:
                # Both address families say the same.
                for one in record.answers if record.type != "AAAA" else ():
                    for said in self.from_name(one, origin):
                        yield f"{_said(record)}{said}"

    def _answer(self, endpoint: Endpoint, origin: Origin | None) -> Iterator[str]:
        target = endpoint.target
        match target:
            case Distribution():
                yield from self._distribution(target)
            case Accelerator():
                for listener in target.listeners:
                    for group in listener.endpoint_groups:
                        for one in group.endpoints:
                            assert isinstance(one.target, LoadBalancer)
                            for said in self._balancer(one.target, None):
                                yield f"{group.region} at {group.traffic_dial} %: {said}"
            case LoadBalancer():
                yield from self._balancer(target, origin)
            case ApiDomain():
                yield self._domain(target)
            case Bucket():
                yield f"bucket in {target.region}"
            case AccessPoint():
                regions = [bucket.region for bucket in target.buckets if isinstance(bucket, Bucket)]
                yield f"nearest of buckets in {', '.join(map(str, regions))}"
            case None:
                yield f"{endpoint.kind.value} {endpoint.name}"
            case _:
                yield f"{type(target).__name__}"

    def _distribution(self, distribution: Distribution) -> Iterator[str]:
        behavior = behavior_of(distribution.behaviors, self._path)
        assert isinstance(behavior, CacheBehavior)
        methods = behavior.allowed_methods
        assert not isinstance(methods, Unresolved)
        if self._method not in methods:
            yield "CloudFront refuses the method"
            return
        assert not isinstance(behavior.target, Unresolved)
        yield from self._target(behavior.target)
        for association in behavior.functions:
            function = association.function
            if isinstance(function, ViewerFunction):
                # A function makes groups for reads alone.
                for chosen in self._topology.choices.by_id(function, distribution) if self._method == "GET" else ():
                    for said in self._target(chosen):
                        yield f"a function may choose: {said}"
            for host in self._topology.choices.hosts_of(association):
                if host not in [origin.endpoint for origin in behavior.origins]:
                    for said in self.from_name(host):
                        yield f"a function may choose: {said}"

    def _target(self, target: Origin | OriginGroup) -> Iterator[str]:
        if isinstance(target, Origin):
            yield from self._origin(target)
            return
        # A group passes on reads only.
        if self._method not in ("GET", "HEAD", "OPTIONS"):
            yield "CloudFront refuses the method"
            return
        codes = failover_codes_of(target)
        assert not isinstance(codes, Unresolved)
        for member, word in zip(target.members, ("first", f"on {_listed(codes)}"), strict=True):
            assert isinstance(member, Origin)
            for said in self._origin(member):
                yield f"{word}: {said}"

    def _origin(self, origin: Origin) -> Iterator[str]:
        return self.from_name(origin.endpoint, origin)

    def _balancer(self, balancer: LoadBalancer, origin: Origin | None) -> Iterator[str]:
        port = 443 if origin is None else origin.https_port
        [listener] = [listener for listener in balancer.listeners if listener.port == port]
        rule = answering_rule(listener, self._path, {} if origin is None else origin.headers, method=self._method)
        if rule is None:
            yield f"load balancer in {balancer.region}, if its rules let the request in"
            return
        if rule.fixed_response is not None:
            yield f"load balancer in {balancer.region} answers {rule.fixed_response.status}"
        for group in rule.target_groups:
            assert not isinstance(group, Unresolved)
            what = [type(one.target).__name__ for one in group.targets]
            yield f"load balancer in {balancer.region}, {', '.join(what)}"

    def _domain(self, domain: ApiDomain) -> str:
        found = mapping_of(domain, self._path)
        assert isinstance(found, tuple)
        mapping, path = found
        assert isinstance(mapping.api, Api)
        route = route_of(mapping.api, self._method, path)
        assert not isinstance(route, Unresolved)
        if route is None:
            return f"API in {domain.region} answers 404"
        assert isinstance(route.integration, ApiIntegration)
        target = route.integration.target
        behind = type(target).__name__ if isinstance(target, Thing) else "MOCK" if route.integration.is_mock else "?"
        assert not isinstance(target, Function) or target.region == domain.region
        return f"API in {domain.region}, {behind}"


def _said(record: Record) -> str:
    """When Route 53 chooses a record."""
    match record.policy:
        case Policy.FAILOVER:
            return f"{record.failover}: "
        case Policy.LATENCY:
            return f"near {record.latency_region}: "
        case Policy.SIMPLE:
            return ""
        case _:
            return f"{record.policy.value} {record.weight}: "


def _listed(codes: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(codes)))
