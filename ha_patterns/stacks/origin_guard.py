"""Reference stacks of an origin guard: load balancers in two Regions that only CloudFront and health checkers reach."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..edge import EDGE_REGION
from ..origins import Endpoint, GuardedListener, OriginGuard, OriginGuardSecrets
from ..outage_failover import DnsFailover, HealthCheckSettings
from .edge_stack import EdgeStack
from .sample_load_balancer import SampleLoadBalancerStack
from .settings import ReferenceSettings

_PATTERN = "origin-guard"
_CHECK = HealthCheckSettings.fast(path="/health")


def build(scope: Construct, settings: ReferenceSettings) -> GuardedListener:
    """The secrets, the load balancer in two Regions, then the edge; returns the primary's guarded listener.

    ``-c guard_generation=2`` rotates the secret, from 1.
    """
    guard = OriginGuard(
        name=f"{_PATTERN}.{settings.zone_name}", health_path="/health", generation=settings.guard_generation
    )
    secrets = cdk.Stack(
        scope,
        f"{_PATTERN}-secrets",
        env=cdk.Environment(region=EDGE_REGION),
        description=f"ha-patterns: {_PATTERN}, secrets",
    )
    settings.hosted_zone(secrets)
    OriginGuardSecrets(secrets, "Secrets", guard=guard, regions=[EDGE_REGION, *settings.regions])
    shared_name = f"origin.{_PATTERN}.{settings.zone_name}"
    stacks = {
        role: _guarded_origin(scope, settings, role, region, shared_name, guard)
        for role, region in zip(("primary", "standby"), settings.regions, strict=True)
    }
    for stack, _ in stacks.values():
        stack.add_stack_dependency(secrets)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[secrets, *(stack for stack, _ in stacks.values())])
    dns = DnsFailover(
        edge,
        "Origin",
        hosted_zone=edge.zone,
        record_name=shared_name,
        primary=stacks["primary"][1],
        secondary=stacks["standby"][1],
        primary_health_check=_CHECK,
        secondary_health_check=_CHECK,
        recovery_time_objective=cdk.Duration.minutes(2),
    )
    site = edge.site(dns.origin())
    dns.add_alarms(edge.topic)
    site.add_alarms(edge.topic)
    primary = stacks["primary"][0].guarded_listener
    assert primary is not None
    return primary


def _guarded_origin(
    scope: Construct, settings: ReferenceSettings, role: str, region: str, shared_name: str, guard: OriginGuard
) -> tuple[SampleLoadBalancerStack, Endpoint]:
    """The load balancer of one Region with its own name, and the endpoint that it is for the edge."""
    own_name = f"{role}.{_PATTERN}.{settings.zone_name}"
    stack = SampleLoadBalancerStack(
        scope,
        f"{_PATTERN}-{role}",
        settings=settings,
        role=role,
        region=region,
        domain_name=own_name,
        shared_name=shared_name,
        guard=guard,
    )
    route53.ARecord(
        stack,
        "ARecord",
        zone=stack.zone,
        record_name=f"{own_name}.",
        target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(stack.load_balancer)),
    )
    topic = sns.Topic(stack, "Alarms", enforce_ssl=True)
    assert stack.guarded_listener is not None
    stack.guarded_listener.add_alarms(topic)
    return stack, Endpoint.load_balancer(stack.load_balancer, domain_name=own_name, guard=guard)
