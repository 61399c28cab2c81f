"""Links back: what a thing is asked by, made of those that ask it once all are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from .model import (
    Accelerator,
    AcceleratorListener,
    Alarm,
    Api,
    ApiDomain,
    AutoScalingGroup,
    Bucket,
    CacheBehavior,
    ConnectionGroup,
    ControlPanel,
    Distribution,
    DistributionTenant,
    EcsService,
    EndpointGroup,
    Function,
    FunctionAssociation,
    HealthCheck,
    HostedZone,
    Key,
    ListenerRule,
    LoadBalancer,
    LoadBalancerListener,
    Record,
    ReplicationRule,
    RoutingControl,
    SafetyRule,
    Secret,
    SecretReplica,
    Subscription,
    Table,
    TableReplica,
    TargetGroup,
    Thing,
    Topic,
    ZonalAutoshift,
)
from .reader import complete

One = TypeVar("One", bound=Thing)
Other = TypeVar("Other", bound=Thing)


class Links:
    """All things by kind, to be linked.

    Args:
        things: All of them, with the parts of distributions.
    """

    def __init__(self, things: Iterable[Thing]) -> None:
        self._by_kind: dict[type[Thing], list[Thing]] = {}
        for thing in things:
            self._by_kind.setdefault(type(thing), []).append(thing)

    def of(self, kind: type[One]) -> Iterator[One]:
        """All things of a kind."""
        for thing in self._by_kind.get(kind, ()):
            assert isinstance(thing, kind)
            yield thing

    def back(
        self,
        kind: type[One],
        asks: Callable[[One], Iterable[object]],
        other: type[Other],
        linked: Callable[[Other, tuple[One, ...]], Other],
    ) -> None:
        """Put those of one kind into what they ask.

        Args:
            kind: Which things ask.
            asks: What one of them asks, known or not.
            other: Which things are linked back.
            linked: One of these with those that ask it, in the order of the templates.
        """
        found: dict[Other, list[One]] = {}
        for one in self.of(kind):
            for asked in dict.fromkeys(asks(one)):
                if isinstance(asked, other):
                    found.setdefault(asked, []).append(one)
        for asked, asking in found.items():
            complete(asked, linked(asked, tuple(asking)))


def link_back(things: Iterable[Thing]) -> None:
    """Fill in all links back."""
    links = Links(things)
    links.back(
        AcceleratorListener,
        lambda one: [one.accelerator],
        Accelerator,
        lambda one, found: replace(one, listeners=found),
    )
    links.back(
        EndpointGroup,
        lambda one: [one.listener],
        AcceleratorListener,
        lambda one, found: replace(one, endpoint_groups=found),
    )
    links.back(
        DistributionTenant,
        lambda one: [one.connection_group],
        ConnectionGroup,
        lambda one, found: replace(one, tenants=found),
    )
    links.back(
        DistributionTenant, lambda one: [one.distribution], Distribution, lambda one, found: replace(one, tenants=found)
    )
    links.back(
        FunctionAssociation, lambda one: [one.function], Function, lambda one, found: replace(one, associations=found)
    )
    links.back(
        CacheBehavior,
        lambda one: one.functions,
        FunctionAssociation,
        lambda one, found: replace(one, behavior=found[0]),
    )
    links.back(Record, lambda one: [one.zone], HostedZone, lambda one, found: replace(one, records=found))
    links.back(Record, lambda one: [one.health_check], HealthCheck, lambda one, found: replace(one, records=found))
    links.back(HealthCheck, lambda one: one.children, HealthCheck, lambda one, found: replace(one, parents=found))
    links.back(RoutingControl, lambda one: [one.panel], ControlPanel, lambda one, found: replace(one, controls=found))
    links.back(SafetyRule, lambda one: [one.panel], ControlPanel, lambda one, found: replace(one, safety_rules=found))
    links.back(
        HealthCheck, lambda one: [one.control], RoutingControl, lambda one, found: replace(one, health_checks=found)
    )
    links.back(
        SafetyRule,
        lambda one: (*one.controls, *one.gates),
        RoutingControl,
        lambda one, found: replace(one, safety_rules=found),
    )
    links.back(HealthCheck, lambda one: [one.alarm], Alarm, lambda one, found: replace(one, health_checks=found))
    links.back(Subscription, lambda one: [one.topic], Topic, lambda one, found: replace(one, subscriptions=found))
    links.back(
        LoadBalancer,
        lambda one: one.listeners,
        LoadBalancerListener,
        lambda one, found: replace(one, load_balancer=found[0]),
    )
    links.back(
        LoadBalancerListener, lambda one: one.rules, ListenerRule, lambda one, found: replace(one, listener=found[0])
    )
    links.back(ListenerRule, lambda one: one.target_groups, TargetGroup, lambda one, found: replace(one, rules=found))
    links.back(EcsService, lambda one: one.target_groups, TargetGroup, lambda one, found: replace(one, services=found))
    links.back(
        AutoScalingGroup,
        lambda one: one.target_groups,
        TargetGroup,
        lambda one, found: replace(one, scaling_groups=found),
    )
    links.back(
        ZonalAutoshift, lambda one: [one.resource], LoadBalancer, lambda one, found: replace(one, autoshift=found[0])
    )
    links.back(ApiDomain, lambda one: one.apis, Api, lambda one, found: replace(one, domains=found))
    _link_keys(links)


def _link_keys(links: Links) -> None:
    """Put into each key what it encrypts."""
    found: dict[Key, list[Thing]] = {}
    encrypted: list[Bucket | Function | Secret | SecretReplica | Table | TableReplica | Topic] = [
        *links.of(Bucket),
        *links.of(Function),
        *links.of(Secret),
        *links.of(SecretReplica),
        *links.of(Table),
        *links.of(TableReplica),
        *links.of(Topic),
    ]
    for user in encrypted:
        encrypts = user.key
        if isinstance(encrypts, Key):
            found.setdefault(encrypts, []).append(user)
    for rule in links.of(ReplicationRule):
        if isinstance(rule.replica_key, Key):
            found.setdefault(rule.replica_key, []).append(rule)
    for key, users in found.items():
        complete(key, replace(key, users=tuple(users)))
