"""The behaviors that an edge function is associated with, as the template will have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack, Stage
from aws_cdk import aws_cloudfront as cloudfront
from constructs import IConstruct

from .policies import Selection, cache_key, request_policy

if TYPE_CHECKING:
    # Distributions without an edge function need none of it, and it is slow to import.
    from aws_cdk import aws_lambda as lambda_


_ASSOCIATIONS = "lambdaFunctionAssociations"


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
        return [str(association.get("eventType")) for association in _objects(self.settings, _ASSOCIATIONS)]

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
    """The behaviors that a version of a function is on: of its own stack, nested ones, and those that depend on it."""
    for resource, settings, origins in _targets(stack, *_dependents(stack)):
        # How a reference is written depends on the stack that has it.
        arn = resource.stack.resolve(version.function_arn)
        if any(association.get("lambdaFunctionArn") == arn for association in _objects(settings, _ASSOCIATIONS)):
            yield _edge_behavior(resource, settings, origins)


def behaviors_to(stack: Stack, domain_name: str) -> Iterator[EdgeBehavior]:
    """The behaviors of a stack's distributions that send requests to a name, through an origin group too."""
    for resource, settings, origins in _targets(stack):
        if any(origin.get("domainName") == domain_name for origin in origins):
            yield _edge_behavior(resource, settings, origins)


def _dependents(stack: Stack) -> Iterator[Stack]:
    stage = Stage.of(stack)
    for other in _stacks(stage) if stage is not None else ():
        if other is not stack and stack in other.dependencies:
            yield other


def _stacks(scope: IConstruct) -> Iterator[Stack]:
    for child in scope.node.children:
        if isinstance(child, Stack):
            yield child
        else:
            yield from _stacks(child)


def _targets(
    *stacks: Stack,
) -> Iterator[tuple[cloudfront.CfnDistribution, Mapping[str, Any], tuple[Mapping[str, Any], ...]]]:
    """Each behavior of the distributions of some stacks, with the origins that it sends requests to.

    What is an intrinsic of CloudFormation, as an included template may have, cannot be read and is passed over.
    """
    for resource in (resource for stack in stacks for resource in stack.node.find_all()):
        if not isinstance(resource, cloudfront.CfnDistribution):
            continue
        parts = distribution_parts(resource, "defaultCacheBehavior", "cacheBehaviors", "origins", "originGroups")
        origins = {origin.get("id"): origin for origin in _objects(parts, "origins")}
        groups = {
            group.get("id"): [member.get("originId") for member in _objects(group.get("members"), "items")]
            for group in _objects(parts.get("originGroups"), "items")
        }
        for settings in (parts.get("defaultCacheBehavior"), *_objects(parts, "cacheBehaviors")):
            target = settings.get("targetOriginId") if isinstance(settings, dict) else None
            if isinstance(settings, dict) and isinstance(target, str):
                members = groups.get(target, [target])
                yield resource, settings, tuple(origins[member] for member in members if member in origins)


def _objects(parent: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects in a list of a template; none where there is no list to be read."""
    found = parent.get(name) if isinstance(parent, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _edge_behavior(
    resource: cloudfront.CfnDistribution, settings: Mapping[str, Any], origins: tuple[Mapping[str, Any], ...]
) -> EdgeBehavior:
    return EdgeBehavior(
        path_pattern=settings.get("pathPattern", "*"),
        settings=settings,
        origins=origins,
        cache_key=cache_key(resource.stack, settings),
        request_policy=request_policy(resource.stack, settings),
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
