"""Load balancers and their target groups, as the templates of this app will describe them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import jsii
from constructs import IConstruct, IValidation

from ..aws.health_checks import (
    LAMBDA_TARGET_INTERVAL,
    TARGET_INTERVAL,
    TARGET_UNHEALTHY_THRESHOLD,
    target_timeout,
)
from ..aws.load_balancers import ADVISED_KEEP_ALIVE, CLIENT_KEEP_ALIVE, KEEP_ALIVE_ATTRIBUTE
from ..aws.recovery_times import target_detection
from ..cdk.properties import properties_if_made
from ..origins.places import is_checked

if TYPE_CHECKING:
    # Imported where it is used: most users of this package have no load balancer.
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2


def check_target_groups(groups: Sequence[elbv2.ITargetGroup]) -> None:
    """Refuse target groups whose health checks are off."""
    for flaw in filter(None, map(_flaw_of, groups)):
        raise ValueError(flaw)


def _flaw_of(group: elbv2.ITargetGroup) -> str | None:
    """Why nothing will ever fail over away from a target group, if so."""
    found = _target_group_properties(group) or {}
    if is_checked(found):
        return None
    is_lambda = found.get("targetType") == "lambda"
    return (
        f"target_groups must have health checks, got {group.node.path}, where they are off"
        f"{' (the default for a Lambda function)' if is_lambda else ''}: its targets always count as healthy, so "
        "nothing ever fails over; make it with health_check=HealthCheck(enabled=True, path=...)"
    )


def detection_seconds(group: elbv2.ITargetGroup) -> int | None:
    """How long an outage of a target lasts before it is unhealthy; None for an imported group.

    That is interval x threshold + the timeout of the last probe.

    Raises:
        ValueError: One of these is a token.
    """
    found = _target_group_properties(group)
    if found is None:
        return None
    target_type, protocol = str(found.get("targetType")), str(found.get("protocol"))
    is_lambda = target_type == "lambda"
    check_protocol = str(found.get("healthCheckProtocol", "TCP"))
    interval = found.get("healthCheckIntervalSeconds", LAMBDA_TARGET_INTERVAL if is_lambda else TARGET_INTERVAL)
    threshold = found.get("unhealthyThresholdCount", TARGET_UNHEALTHY_THRESHOLD)
    timeout = found.get("healthCheckTimeoutSeconds", target_timeout(target_type, protocol, check_protocol))
    times = [int(value) for value in (interval, threshold, timeout) if isinstance(value, (int, float))]
    if len(times) < 3:
        raise ValueError(
            f"failover_time cannot be computed: the health check of {group.node.path} has a setting that only "
            "the deploy knows; give it as a plain value"
        )
    return target_detection(*times)


@jsii.implements(IValidation)
class HealthChecksOn:
    """Judges target groups again at synth: their targets can be added after the accelerator is made."""

    def __init__(self, groups: Sequence[elbv2.ITargetGroup]) -> None:
        self._groups = groups

    def validate(self) -> list[str]:
        """The errors of the synth."""
        return [flaw for flaw in map(_flaw_of, self._groups) if flaw is not None]


def _target_group_properties(group: elbv2.ITargetGroup) -> Mapping[str, Any] | None:
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    return properties_if_made(group, elbv2.CfnTargetGroup)


def balancer_properties(resource: IConstruct) -> Mapping[str, Any] | None:
    """What the template will say of a load balancer made in this app; None of anything else."""
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

    return properties_if_made(resource, elbv2.CfnLoadBalancer)


def client_keep_alive(resource: IConstruct) -> int | None:
    """The seconds for which clients may keep a connection that they use; None if unknown.

    An Application Load Balancer of this app ends connections by that time. Nothing tells of one that is imported, a
    Network Load Balancer ends none, and AWS publishes no time for an API.
    """
    attributes = _keep_alive_attributes(resource)
    if attributes is None:
        return None
    found = str(attributes.get(KEEP_ALIVE_ATTRIBUTE, CLIENT_KEEP_ALIVE))
    return int(found) if found.isdigit() else None


def limit_keep_alive(resource: IConstruct) -> None:
    """Have clients of an Application Load Balancer reconnect as often as AWS advises, unless its owner says how often.

    It is left alone if it is imported.
    """
    attributes = _keep_alive_attributes(resource)
    if attributes is not None and KEEP_ALIVE_ATTRIBUTE not in attributes:
        resource.set_attribute(KEEP_ALIVE_ATTRIBUTE, str(ADVISED_KEEP_ALIVE))  # type: ignore[attr-defined]


def _keep_alive_attributes(resource: IConstruct) -> Mapping[str, Any] | None:
    """The attributes of an Application Load Balancer of this app; None for anything else."""
    # Few endpoints are load balancers, and to import them takes time.
    found = balancer_properties(resource) if hasattr(resource, "set_attribute") else None
    if found is None or found.get("type", "application") != "application":
        return None
    return {one["key"]: one.get("value") for one in found.get("loadBalancerAttributes", ())}
