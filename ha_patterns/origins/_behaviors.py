"""What the distribution that uses an origin does with it: judged at synth, where all its behaviors are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsii
from aws_cdk import Stack, Token
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct, IConstruct, IValidation, Node

# Managed origin request policies that forward the viewer's Host header, which CloudFront documents under
# using-managed-origin-request-policies.html: AllViewer, AllViewerAndCloudFrontHeaders-2022-06, HostHeaderOnly.
_POLICIES_WITH_HOST = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    "bf0718e1-ba1e-49d1-88b1-f726733018ae",
}
# Managed cache policies with Host in the cache key, and therefore in the request: UseOriginCacheControlHeaders,
# UseOriginCacheControlHeaders-QueryStrings, Amplify.
_CACHE_POLICIES_WITH_HOST = {
    "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
    "2e54312d-136d-493c-8eb9-b001f22f67d2",
}


@dataclass(frozen=True)
class Behavior:
    """One cache behavior, as the template will have it."""

    path_pattern: str
    allowed_methods: frozenset[str]
    cached_methods: frozenset[str]
    forwards_host: bool


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
        found = (self._judge(behavior) for behavior in _behaviors(distribution, self._origin_id, self._in_group))
        return [error for error in found if error]


def resolved_parts(distribution: cloudfront.Distribution, *names: str) -> dict[str, Any]:
    """Parts of a distribution's configuration, as the template will have them.

    The typed getter of the L1 cannot be read from Python once an origin group is in it. The rest of the distribution
    stays unresolved: that would take twice as long.
    """
    resource = distribution.node.default_child
    assert isinstance(resource, cloudfront.CfnDistribution)
    unresolved = resource._cfn_properties["distributionConfig"]
    parts: dict[str, Any] = resource.stack.resolve({name: unresolved.get(name) for name in names})
    return parts


def _behaviors(distribution: cloudfront.Distribution, origin_id: str, in_group: bool) -> Iterator[Behavior]:
    config = resolved_parts(distribution, "defaultCacheBehavior", "cacheBehaviors", "originGroups")
    targets = {origin_id}
    if in_group:
        for group in config.get("originGroups", {}).get("items", ()):
            if any(member["originId"] == origin_id for member in group["members"]["items"]):
                targets.add(group["id"])
    for settings in (config["defaultCacheBehavior"], *config.get("cacheBehaviors", ())):
        if settings["targetOriginId"] in targets:
            yield behavior_of(distribution, settings)


def behavior_of(distribution: cloudfront.Distribution, settings: Mapping[str, Any]) -> Behavior:
    """A behavior of a distribution out of its resolved settings."""
    return Behavior(
        path_pattern=settings.get("pathPattern", "*"),
        allowed_methods=frozenset(settings.get("allowedMethods") or ("GET", "HEAD")),
        cached_methods=frozenset(settings.get("cachedMethods") or ("GET", "HEAD")),
        forwards_host=_forwards_host(distribution, settings),
    )


def _forwards_host(scope: IConstruct, settings: Mapping[str, Any]) -> bool:
    request_policy, cache_policy = settings.get("originRequestPolicyId"), settings.get("cachePolicyId")
    return (
        request_policy in _POLICIES_WITH_HOST
        if isinstance(request_policy, str)
        else _lists_host(scope, request_policy, "originRequestPolicyConfig")
    ) or (
        cache_policy in _CACHE_POLICIES_WITH_HOST
        if isinstance(cache_policy, str)
        else _lists_host(scope, cache_policy, "cachePolicyConfig")
    )


def _lists_host(scope: IConstruct, reference: Any, config_name: str) -> bool:
    """Whether a policy made in the same stack forwards Host; one made elsewhere cannot be seen and counts as not."""
    if not reference:
        return False
    stack = Stack.of(scope)
    for candidate in stack.node.find_all():
        if not isinstance(candidate, (cloudfront.CfnOriginRequestPolicy, cloudfront.CfnCachePolicy)):
            continue
        if stack.resolve(Token.as_any(candidate.ref)) != reference:
            continue
        config = stack.resolve(candidate._cfn_properties)[config_name]
        headers = config.get("headersConfig") or config["parametersInCacheKeyAndForwardedToOrigin"]["headersConfig"]
        listed = {str(name).lower() for name in headers.get("headers", ())}
        match headers["headerBehavior"]:
            case "allViewer" | "allViewerAndWhitelistCloudFront":
                return True
            case "allExcept":
                return "host" not in listed
            case _:
                return "host" in listed
    return False
