"""Calculated health checks: one status out of several checks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ..aws.health_checks import MOST_CHILDREN
from ..cdk.told import usual
from ..cdk.typed import typed
from ..cdk.validation import check_whole_number, duration, is_token, refusal, total_seconds, warn
from .health_checks import NamedHealthCheck, check_config, require_same_stack, time_to_notice

_NOT_IN_A_TAG = re.compile(r"[^A-Za-z0-9 _.:/=+@-]")


@typed
class CalculatedHealthCheck(NamedHealthCheck):
    """A health check that is healthy while enough others are: all of them, any, or so many.

    Creates a Route 53 health check, named after its place in the app.

    Example::

        CalculatedHealthCheck(self, "Primary", child_health_checks=[site, orders, stock], health_threshold=2)

    Args:
        child_health_checks: The checks that count, 1 to 256 different ones, made in this stack or imported; none of
            them calculated itself.
        health_threshold: How many of them must be healthy: 1 is OR, all is AND. 1 to as many as there are.
            Default: all.
        inverted: Healthy where it would be unhealthy. Default False.

    Attributes:
        child_health_checks: As given.

    Raises:
        ValueError: No children or too many, the same twice, a calculated one, one of another stack; a threshold that
            is always or never reached.

    See https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        child_health_checks: Sequence[route53.IHealthCheck],
        health_threshold: int | None = None,
        inverted: bool = False,
    ) -> None:
        children = list(child_health_checks)
        _check_children(children, scope)
        if health_threshold is None:
            health_threshold = len(children)
        check_whole_number(
            "health_threshold",
            health_threshold,
            1,
            len(children),
            "with 0 the check is always healthy, and with more than there are children it never is",
        )
        super().__init__(
            scope,
            construct_id,
            shown_as=_tag_value(f"{scope.node.path}/{construct_id}"),
            type=route53.HealthCheckType.CALCULATED,
            child_health_checks=children,
            health_threshold=health_threshold,
            inverted=inverted,
        )
        needed = usual(health_threshold)
        if not is_token(needed) and not 1 <= needed <= len(children):
            warn(
                self,
                "calculated-check:default",
                f"by the default of a parameter, {needed} of {len(children)} children must be healthy, so that it "
                "never changes: give 1 or more, and at most as many as there are children",
            )
        self.child_health_checks = children
        self._all_must_be_healthy = health_threshold == len(children)

    @property
    def detection_time(self) -> Duration:
        """How long an endpoint is silent before the check is unhealthy: as long as its slowest child takes.

        If all children must be healthy, those that probe an endpoint count alone, if there are any.

        Raises:
            ValueError: A child that counts has no ``detection_time``, or has a token in it.
        """
        probes = [child for child in self.child_health_checks if _probes(child)]
        counted = probes if probes and self._all_must_be_healthy else self.child_health_checks
        return duration(
            max(total_seconds("detection_time", time_to_notice("detection_time", child)) for child in counted)
        )


def _probes(check: route53.IHealthCheck) -> bool:
    return str(check_config(check).get("type")).startswith(("HTTP", "TCP"))


def _tag_value(path: str) -> str:
    """A construct's path as a tag can hold it; of one that is too long, the end tells more."""
    return _NOT_IN_A_TAG.sub("-", path)[-256:]


def _check_children(children: Sequence[route53.IHealthCheck], scope: Construct) -> None:
    argument = "child_health_checks"
    if not 1 <= len(children) <= MOST_CHILDREN:
        raise refusal(
            argument,
            f"1 to {MOST_CHILDREN} health checks",
            f"{len(children)} of them",
            "Route 53 calculates a status out of no other number",
        )
    paths = [child.node.path for child in children]
    if len(set(paths)) != len(paths):
        raise refusal(argument, "different health checks", paths, "one that counts twice outvotes the others")
    for child in children:
        if check_config(child).get("type") == route53.HealthCheckType.CALCULATED.value:
            raise refusal(
                argument,
                "health checks that are not calculated",
                child.node.path,
                "Route 53 calculates no status out of calculated ones; give its children",
            )
        require_same_stack(argument, child, scope, "calculated check")
