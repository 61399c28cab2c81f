"""What the distribution that uses an origin does with it: judged at synth, where all its behaviors are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jsii
from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct, IValidation, Node

from ..cdk.told import with_defaults
from ..cdk.validation import is_token
from ..edge.behaviors import behavior_name, distribution_parts
from ..edge.policies import cache_key, request_policy


@dataclass(frozen=True)
class Behavior:
    """One cache behavior, as the template will have it, with its name in messages.

    ``forwards_host`` is false, and ``may_forward_host`` true, if a policy cannot be seen. ``chooses_origin`` tells
    whether a function at origin request may choose another host, or set Host. ``aliases`` are the names of the
    distribution, with None for one that only the deploy knows.
    """

    name: str
    allowed_methods: frozenset[str]
    cached_methods: frozenset[str]
    forwards_host: bool
    origin_functions: bool = False
    may_forward_host: bool = False
    chooses_origin: bool = False
    aliases: tuple[str | None, ...] = ()


def no_origin_functions(before: str) -> Callable[[Behavior], str | None]:
    """A judge of behaviors that must have no Lambda@Edge at origin events.

    Args:
        before: What is behind the behavior, why such a function cannot stand before it, and the way out.
    """

    def judge(behavior: Behavior) -> str | None:
        if not behavior.origin_functions:
            return None
        return f"{behavior.name} has Lambda@Edge at origin request or response in front of {before}"

    return judge


def validate_behaviors(
    scope: Construct, origin_id: str, judge: Callable[[Behavior], str | None], *, in_group: bool = True
) -> None:
    """Have every behavior that sends requests to an origin judged at synth; what the judge returns is the error.

    Args:
        scope: The scope an origin is bound in: its parent is the distribution.
        origin_id: The id that the origin was bound with.
        judge: Gets one behavior; returns what is wrong with it, or None.
        in_group: Whether to include behaviors that reach the origin through an origin group. Default True.
    """
    node = scope.node
    node.add_validation(_BehaviorValidation(node, origin_id, judge, in_group))


def validate_distribution(
    scope: Construct, origin_id: str, judge: Callable[[Sequence[Behavior]], Iterable[str]]
) -> None:
    """Have all behaviors that send requests to an origin judged together at synth.

    Args:
        scope: The scope an origin is bound in: its parent is the distribution.
        origin_id: The id that the origin was bound with.
        judge: Gets the behaviors; returns what is wrong.
    """
    node = scope.node
    node.add_validation(_DistributionValidation(node, origin_id, judge))


@jsii.implements(IValidation)
class _DistributionValidation:
    def __init__(self, node: Node, origin_id: str, judge: Callable[[Sequence[Behavior]], Iterable[str]]) -> None:
        self._node = node
        self._origin_id = origin_id
        self._judge = judge

    def validate(self) -> list[str]:
        distribution = self._node.scope
        if not isinstance(distribution, cloudfront.Distribution):
            return []
        return list(self._judge(list(_behaviors(distribution, self._origin_id, in_group=True))))


@jsii.implements(IValidation)
class _BehaviorValidation:
    def __init__(self, node: Node, origin_id: str, judge: Callable[[Behavior], str | None], in_group: bool) -> None:
        self._node = node
        self._origin_id = origin_id
        self._judge = judge
        self._in_group = in_group

    def validate(self) -> list[str]:
        distribution = self._node.scope
        if not isinstance(distribution, cloudfront.Distribution):
            return []
        found = (
            self._judge(behavior) for behavior in _behaviors(distribution, self._origin_id, in_group=self._in_group)
        )
        return [error for error in found if error]


def _behaviors(distribution: cloudfront.Distribution, origin_id: str, *, in_group: bool) -> Iterator[Behavior]:
    config = distribution_parts(distribution, "aliases", "defaultCacheBehavior", "cacheBehaviors", "originGroups")
    stack = distribution.stack
    given = with_defaults(stack, config.get("aliases") or [])
    aliases = tuple(alias if isinstance(alias, str) else None for alias in given)
    # An id that only the deploy knows is an object.
    origin_id = stack.resolve(origin_id) if is_token(origin_id) else origin_id
    targets: list[object] = [origin_id]
    if in_group:
        targets += [
            group["id"]
            for group in config.get("originGroups", {}).get("items", ())
            if any(member["originId"] == origin_id for member in group["members"]["items"])
        ]
    for settings in (config["defaultCacheBehavior"], *config.get("cacheBehaviors", ())):
        if settings["targetOriginId"] in targets:
            yield replace(behavior_of(distribution, settings), aliases=aliases)


def behavior_of(distribution: cloudfront.Distribution, settings: Mapping[str, Any]) -> Behavior:
    """A behavior of a distribution out of its resolved settings."""
    events = [str(function["eventType"]) for function in settings.get("lambdaFunctionAssociations") or ()]
    forwards, may_forward = _forwards_host(distribution.stack, settings)
    return Behavior(
        name=behavior_name(settings.get("pathPattern", "*"), distribution),
        allowed_methods=frozenset(settings.get("allowedMethods") or ("GET", "HEAD")),
        cached_methods=frozenset(settings.get("cachedMethods") or ("GET", "HEAD")),
        forwards_host=forwards,
        origin_functions=any(event.startswith("origin-") for event in events),
        chooses_origin="origin-request" in events,
        may_forward_host=may_forward,
    )


def _forwards_host(stack: Stack, settings: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether Host is sent on, as far as the policies can be seen, and whether it may be."""
    key, sent = cache_key(stack, settings), request_policy(stack, settings)
    by_key = None if key is None else "host" in key.headers
    by_policy = None if sent is None else sent.sends_header("host")
    return bool(by_key or by_policy), by_key is not False or by_policy is not False
