"""Reference stacks of routing control: an API in two Regions behind one name that a switch moves, and CloudFront."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from ..outage_failover import RoutingControlFailover
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import CREATE_CLUSTER, PLACEHOLDER_CLUSTER, ReferenceSettings

_PATTERN = "routing-control"


def build(scope: Construct, settings: ReferenceSettings) -> RoutingControlFailover:
    """The API in two Regions, then the edge with its two switches.

    A cluster costs $2.50 an hour from the moment it is deployed, so it is made for those alone who write ``create``.
    Whoever says nothing gets a template for a placeholder cluster, which synthesizes and refuses to be deployed.
    """
    shared_name = f"origin.{_PATTERN}.{settings.zone_name}"
    primary, standby = sample_apis(scope, settings, _PATTERN, shared_name=shared_name)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[primary, standby])
    cluster = settings.routing_control_cluster
    create = cluster == CREATE_CLUSTER
    if create:
        cdk.Annotations.of(edge).acknowledge_warning(
            "@ha-patterns/routing-control:cluster-cost",
            "Asked for by name, with -c routing_control_cluster=create.",
        )
    if cluster == PLACEHOLDER_CLUSTER:
        _refuse_to_deploy(edge)
    failover = RoutingControlFailover(
        edge,
        "Origin",
        hosted_zone=edge.zone,
        record_name=shared_name,
        primary=primary.endpoint,
        secondary=standby.endpoint,
        cluster_arn=None if create else cluster,
        create_cluster=create,
        name=f"ha-patterns-{_PATTERN}",
        recovery_time_objective=cdk.Duration.seconds(90),
    )
    site = edge.site(failover.origin())
    site.add_alarms(edge.topic)
    return failover


def _refuse_to_deploy(scope: Construct) -> None:
    refusal = cdk.CfnRule(scope, "PlaceholderCluster")
    refusal.add_assertion(
        cdk.Fn.condition_contains(["a cluster of yours"], PLACEHOLDER_CLUSTER),
        "This template was synthesized for a placeholder cluster: synthesize it again with "
        "-c routing_control_cluster=ARN of one of yours, or with -c routing_control_cluster=create for a new one, "
        "which costs $2.50 an hour (about $1,825 a month) until it is deleted.",
    )
