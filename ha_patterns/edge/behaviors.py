"""The behaviors that an edge function is associated with, as the template will have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront

from .policies import Selection, cache_key, request_policy

if TYPE_CHECKING:
    # Distributions without an edge function need none of it, and it is slow to import.
    from aws_cdk import aws_lambda as lambda_


@dataclass(frozen=True, kw_only=True)
class EdgeBehavior:
    """One cache behavior with an edge function on it.

    Attributes:
        path_pattern: Which requests it gets; ``*`` for the default behavior.
        settings: The whole behavior, as the template has it.
        origins: The origins it sends requests to, as the template has them: one, or the members of a group in order.
        cache_key: What is in the cache key; None where its policy cannot be seen.
        request_policy: What is sent on beside the cache key; None where its policy cannot be seen.
    """

    path_pattern: str
    settings: Mapping[str, Any]
    origins: tuple[Mapping[str, Any], ...]
    cache_key: Selection | None
    request_policy: Selection | None

    @property
    def event_types(self) -> list[str]:
        """The events that have a Lambda function."""
        return [association["eventType"] for association in self.settings.get("lambdaFunctionAssociations") or ()]

    @property
    def has_viewer_function(self) -> bool:
        """Whether there is a CloudFront Function, which are on viewer events only."""
        return bool(self.settings.get("functionAssociations"))

    @property
    def caches(self) -> bool:
        """Whether anything may be cached; a policy that cannot be seen may."""
        return self.cache_key is None or self.cache_key.caches


def distribution_parts(
    distribution: cloudfront.Distribution | cloudfront.CfnDistribution, *names: str
) -> dict[str, Any]:
    """Parts of a distribution's configuration, as the template will have them.

    The typed getter of the L1 cannot be read from Python once an origin group is in it. The rest of the distribution
    stays unresolved: that would take twice as long.
    """
    resource = distribution.node.default_child if isinstance(distribution, cloudfront.Distribution) else distribution
    assert isinstance(resource, cloudfront.CfnDistribution)
    unresolved = resource._cfn_properties["distributionConfig"]
    parts: dict[str, Any] = resource.stack.resolve({name: unresolved.get(name) for name in names})
    return parts


def behaviors_with(stack: Stack, version: lambda_.IVersion) -> Iterator[EdgeBehavior]:
    """The behaviors of a stack's distributions that a version of a function is on."""
    arn = stack.resolve(version.function_arn)
    for settings, origins in _targets(stack):
        associations = settings.get("lambdaFunctionAssociations") or ()
        if any(association["lambdaFunctionArn"] == arn for association in associations):
            yield _edge_behavior(stack, settings, origins)


def behaviors_to(stack: Stack, domain_name: str) -> Iterator[EdgeBehavior]:
    """The behaviors of a stack's distributions that send requests to a name, through an origin group too."""
    for settings, origins in _targets(stack):
        if any(origin["domainName"] == domain_name for origin in origins):
            yield _edge_behavior(stack, settings, origins)


def _targets(stack: Stack) -> Iterator[tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]]]:
    """Each behavior of a stack's distributions, with the origins that it sends requests to."""
    for resource in stack.node.find_all():
        if not isinstance(resource, cloudfront.CfnDistribution):
            continue
        parts = distribution_parts(resource, "defaultCacheBehavior", "cacheBehaviors", "origins", "originGroups")
        origins = {origin["id"]: origin for origin in parts["origins"]}
        groups = {
            group["id"]: [member["originId"] for member in group["members"]["items"]]
            for group in parts.get("originGroups", {}).get("items", ())
        }
        for settings in (parts["defaultCacheBehavior"], *parts.get("cacheBehaviors", ())):
            target = settings["targetOriginId"]
            yield settings, tuple(origins[member] for member in groups.get(target, [target]))


def _edge_behavior(stack: Stack, settings: Mapping[str, Any], origins: tuple[Mapping[str, Any], ...]) -> EdgeBehavior:
    return EdgeBehavior(
        path_pattern=settings.get("pathPattern", "*"),
        settings=settings,
        origins=origins,
        cache_key=cache_key(stack, settings),
        request_policy=request_policy(stack, settings),
    )


def reads_with(
    stack: Stack, identity: cloudfront.IOriginAccessIdentity, remedy: str
) -> Callable[[EdgeBehavior], str | None]:
    """A judge of behaviors whose function chooses among buckets: what it may send a request to is read in one way.

    Args:
        stack: The stack of the function.
        identity: What the policies of the buckets admit.
        remedy: What to use instead, for the message.
    """
    named = stack.resolve(f"origin-access-identity/cloudfront/{identity.origin_access_identity_id}")

    def judge(behavior: EdgeBehavior) -> str | None:
        if all(
            (origin.get("s3OriginConfig") or {}).get("originAccessIdentity") == named for origin in behavior.origins
        ):
            return None
        return (
            "has an origin that is not read with the function's origin access identity, with which Lambda@Edge "
            f"signs for whichever bucket it chooses: use {remedy}"
        )

    return judge
