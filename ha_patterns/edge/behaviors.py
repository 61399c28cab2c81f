"""The behaviors that an edge function is associated with, as the template will have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack, Stage
from aws_cdk import aws_cloudfront as cloudfront
from constructs import IConstruct

from ..aws.names import BUCKETS, OriginKind, answers_at
from ..aws.policies import CachePolicy, OriginRequestPolicy
from ..cdk.properties import parts_of
from ..cdk.told import told_text
from .kept import KeptBehavior
from .policies import behavior_removes_set_cookie, cache_key, constructs_within_reach, request_policy

if TYPE_CHECKING:
    # Distributions without an edge function need none of it, and it is slow to import.
    from aws_cdk import aws_lambda as lambda_


#: The parts of a distribution that its behaviors are read from.
BEHAVIOR_PARTS = ("defaultCacheBehavior", "cacheBehaviors", "origins", "originGroups")
_ANY_PATH = "*"
_ASSOCIATIONS = "lambdaFunctionAssociations"


@dataclass(frozen=True, kw_only=True)
class Sends:
    """What of a request an edge function sends on, and where.

    Attributes:
        query_strings: The parameters of the query string that it lets through; None if it drops none.
        hosts: Whether it may send a request to a host that is no bucket, whatever the configured origin is.
    """

    query_strings: frozenset[str] | None = None
    hosts: bool = False


_AS_CONFIGURED = Sends()


@dataclass(frozen=True, kw_only=True)
class EdgeBehavior:
    """One cache behavior with an edge function on it.

    Attributes:
        path_pattern: The paths of its requests; ``*`` for the default behavior.
        settings: The whole behavior, as the template has it.
        origins: The origins it sends requests to, as the template has them: one, or the members of a group in order.
        cache_key: The cache policy; None if it cannot be seen.
        request_policy: The origin request policy, of what is sent on beside the cache key; None if it cannot be seen.
        distribution: The distribution that has it.
    """

    path_pattern: str
    settings: Mapping[str, Any]
    origins: tuple[Mapping[str, Any], ...]
    cache_key: CachePolicy | None
    request_policy: OriginRequestPolicy | None
    distribution: cloudfront.CfnDistribution

    @property
    def name(self) -> str:
        """Its name in messages."""
        return behavior_name(self.path_pattern, self.distribution)

    @property
    def stack(self) -> Stack:
        """The stack of its distribution."""
        return Stack.of(self.distribution)

    @property
    def event_types(self) -> list[str]:
        """The events that have a Lambda function."""
        return [str(association.get("eventType")) for association in _objects(self.settings, _ASSOCIATIONS)]

    @property
    def function_arns(self) -> list[Any]:
        """The ARNs of its Lambda functions, as the template has them."""
        return _function_arns(self.settings)

    @property
    def caches(self) -> bool:
        """Whether anything may be cached; a policy that cannot be seen may."""
        return self.cache_key is None or self.cache_key.caches

    def kept(self, sends: Sends = _AS_CONFIGURED) -> KeptBehavior:
        """The settings that say what is kept, and for whom.

        Args:
            sends: Of its edge function. Default: requests go to the configured origin as they are.
        """
        return KeptBehavior(
            key=self.cache_key,
            sent=self.request_policy,
            methods=self.methods,
            cached_methods=self._methods("cachedMethods"),
            to_buckets=self.is_configured_to_buckets and not sends.hosts,
            passes=sends.query_strings,
            removes_set_cookie=(self.cache_key is None or bool(self.cache_key.cookies))
            and behavior_removes_set_cookie(self.stack, self.settings),
        )

    @property
    def kinds(self) -> list[OriginKind]:
        """What answers at its origins, as far as their names tell."""
        return [
            OriginKind.BUCKET if "s3OriginConfig" in origin else answers_at(told_text(origin.get("domainName")))[0]
            for origin in self.origins
        ]

    @property
    def methods(self) -> frozenset[str]:
        """The methods that it allows."""
        return self._methods("allowedMethods")

    @property
    def is_configured_to_buckets(self) -> bool:
        """Whether its configured origins are buckets, all of them."""
        return bool(self.origins) and BUCKETS.issuperset(self.kinds)

    def _methods(self, setting: str) -> frozenset[str]:
        given = self.settings.get(setting)
        return frozenset(map(str, given)) if isinstance(given, list) and given else frozenset({"GET", "HEAD"})


def behavior_name(path_pattern: str, distribution: cloudfront.Distribution | cloudfront.CfnDistribution) -> str:
    """The name of a behavior in messages."""
    return f"behavior {path_pattern!r} of {distribution.node.path.removesuffix('/Resource')}"


def distribution_parts(
    distribution: cloudfront.Distribution | cloudfront.CfnDistribution, *names: str
) -> dict[str, Any]:
    """Parts of a distribution's configuration, as the template will have them.

    The typed getter of the L1 cannot be read from Python once an origin group is in it. The rest of the distribution
    stays unresolved: that would take twice as long.
    """
    resource = distribution.node.default_child if isinstance(distribution, cloudfront.Distribution) else distribution
    assert isinstance(resource, cloudfront.CfnDistribution)
    return dict(parts_of(resource, "distributionConfig", *names))


def behaviors_with(stack: Stack, version: lambda_.IVersion) -> Iterator[EdgeBehavior]:
    """The behaviors that a version of a function is on: of its own stack, nested ones, and those that depend on it."""
    for resource, settings, origins in _targets(stack, *_dependents(stack)):
        # How a reference is written depends on the stack that has it.
        made_in = resource.stack
        arn = made_in.resolve(version.function_arn)
        if arn in _function_arns(settings):
            yield _edge_behavior(resource, made_in, settings, origins)


def behaviors_in(
    resource: cloudfront.CfnDistribution, parts: Mapping[str, Any] | None = None
) -> Iterator[EdgeBehavior]:
    """The behaviors of a distribution, by its resource.

    Args:
        resource: The resource.
        parts: ``distribution_parts`` of it, ``BEHAVIOR_PARTS`` among them. Default: they are asked for.
    """
    stack = resource.stack
    for settings, origins in _behaviors(distribution_parts(resource, *BEHAVIOR_PARTS) if parts is None else parts):
        yield _edge_behavior(resource, stack, settings, origins)


def behaviors_of(distribution: cloudfront.Distribution, *, without: Sequence[str] = ()) -> Iterator[EdgeBehavior]:
    """The behaviors of a distribution.

    Args:
        distribution: The distribution.
        without: Path patterns of behaviors to leave out; ``*`` is the default behavior. One that only the deploy knows
            leaves out none. Default: none.
    """
    resource = distribution.node.default_child
    assert isinstance(resource, cloudfront.CfnDistribution)
    stack: Stack | None = None
    for settings, origins in _behaviors(distribution_parts(resource, *BEHAVIOR_PARTS)):
        if settings.get("pathPattern", _ANY_PATH) not in without:
            stack = stack or resource.stack
            yield _edge_behavior(resource, stack, settings, origins)


def sends_of(behavior: EdgeBehavior) -> Sends:
    """What a behavior's function sends on, as its metadata declares it."""
    arns = behavior.function_arns
    if not arns:
        return _AS_CONFIGURED
    from aws_cdk import aws_lambda as lambda_

    stack = behavior.stack
    for version in constructs_within_reach(stack):
        if not isinstance(version, lambda_.Version) or stack.resolve(version.function_arn) not in arns:
            continue
        resource = version.lambda_.node.default_child
        declared = resource.get_metadata("ha-patterns") if isinstance(resource, lambda_.CfnFunction) else None
        sends = declared.get("sends") if isinstance(declared, dict) else None
        if isinstance(sends, dict) and sends:
            names = sends.get("query_strings")
            return Sends(
                query_strings=None if names is None else frozenset(map(str, names)), hosts=sends.get("hosts") is True
            )
    return _AS_CONFIGURED


def behaviors_to(stack: Stack, domain_name: str) -> Iterator[EdgeBehavior]:
    """The behaviors of a stack's distributions that send requests to a name, through an origin group too."""
    for resource, settings, origins in _targets(stack):
        if any(origin.get("domainName") == domain_name for origin in origins):
            yield _edge_behavior(resource, resource.stack, settings, origins)


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
        if isinstance(resource, cloudfront.CfnDistribution):
            for settings, origins in _behaviors(distribution_parts(resource, *BEHAVIOR_PARTS)):
                yield resource, settings, origins


def _behaviors(parts: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], tuple[Mapping[str, Any], ...]]]:
    """Each behavior of a distribution, with the origins that it sends requests to."""
    # An id that only the deploy knows is an object.
    origins = {str(origin.get("id")): origin for origin in _objects(parts, "origins")}
    groups = {
        str(group.get("id")): [str(member.get("originId")) for member in _objects(group.get("members"), "items")]
        for group in _objects(parts.get("originGroups"), "items")
    }
    for settings in (parts.get("defaultCacheBehavior"), *_objects(parts, "cacheBehaviors")):
        target = settings.get("targetOriginId") if isinstance(settings, dict) else None
        if isinstance(settings, dict) and target is not None:
            members = groups.get(str(target), [str(target)])
            yield settings, tuple(origins[member] for member in members if member in origins)


def _objects(parent: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects in a list of a template; none where there is no list to be read."""
    found = parent.get(name) if isinstance(parent, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _function_arns(settings: Mapping[str, Any]) -> list[Any]:
    return [association.get("lambdaFunctionArn") for association in _objects(settings, _ASSOCIATIONS)]


def _edge_behavior(
    resource: cloudfront.CfnDistribution,
    stack: Stack,
    settings: Mapping[str, Any],
    origins: tuple[Mapping[str, Any], ...],
) -> EdgeBehavior:
    return EdgeBehavior(
        path_pattern=settings.get("pathPattern", _ANY_PATH),
        settings=settings,
        origins=origins,
        cache_key=cache_key(stack, settings),
        request_policy=request_policy(stack, settings),
        distribution=resource,
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
