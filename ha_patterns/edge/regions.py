"""Where the edge is configured: CloudFront, its certificates and its metrics live in us-east-1."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from aws_cdk import IResource, Stack
from constructs import IConstruct

from ..aws.regions import CLOUDFRONT_PARTITIONS, EDGE_REGION, WHOLE_EDGE_PARTITIONS, partition_of
from ..cdk.validation import is_token, refusal, warn

_GOVCLOUD = "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-cloudfront.html"
_CHINA = "https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html"
# Neither ever changes, and each question is a round trip to the CDK's process.
_stacks: WeakKeyDictionary[IConstruct, Stack] = WeakKeyDictionary()
_regions: WeakKeyDictionary[Stack, str] = WeakKeyDictionary()


def stack_of(scope: IConstruct) -> Stack:
    """The stack that a construct is in."""
    if isinstance(scope, Stack):
        return scope
    if scope not in _stacks:
        _stacks[scope] = Stack.of(scope)
    return _stacks[scope]


def outermost_stack_of(scope: IConstruct) -> Stack:
    """The stack that a construct is deployed with: of a nested stack, the one that it is nested in."""
    stack = stack_of(scope)
    while (parent := stack.nested_stack_parent) is not None:
        stack = parent
    return stack


def region_of(scope: IConstruct) -> str:
    """The Region of the stack that a construct is in."""
    stack = stack_of(scope)
    if stack not in _regions:
        _regions[stack] = stack.region
    return _regions[stack]


def elsewhere(region: str) -> str | None:
    """Why nothing of the edge can be made in a Region, with the way out; None in the standard partition.

    Args:
        region: The Region.
    """
    partition, _ = partition_of(region)
    if partition in WHOLE_EDGE_PARTITIONS:
        return None
    standard = (
        f"make it in {EDGE_REGION} of a standard account, and name what serves in {region} as an origin, "
        "Endpoint.http_host(...)"
    )
    if partition not in CLOUDFRONT_PARTITIONS:
        return f"CloudFront is not available in the partition {partition}, see {_GOVCLOUD}; {standard}"
    return (
        "CloudFront in China takes no certificate of ACM, serves no name of its own and has no Lambda@Edge, see "
        f"{_CHINA}; origin groups, error pages and stale content work there with cloudfront.Distribution and a "
        f"certificate of IAM's store (IamCertificateId); or {standard}"
    )


def without_cloudfront(scope: IConstruct, what: str) -> str | None:
    """Why a construct cannot be where it is, since its partition has no CloudFront; None if it has, or if unknown.

    Args:
        scope: The construct.
        what: Its name in the message.
    """
    region = region_of(scope)
    if is_token(region) or partition_of(region)[0] in CLOUDFRONT_PARTITIONS:
        return None
    return f"{what} cannot be in {region}: {elsewhere(region)}"


def require_cloudfront(scope: IConstruct, what: str) -> None:
    """Refuse a construct whose partition has no CloudFront: see ``without_cloudfront``."""
    why = without_cloudfront(scope, what)
    if why is not None:
        raise ValueError(why)


def require_whole_edge(scope: IConstruct, what: str) -> None:
    """Refuse a construct in a Region whose CloudFront lacks certificates of ACM and Lambda@Edge, or that has none.

    Args:
        scope: The construct.
        what: Its name in the message.
    """
    region = region_of(scope)
    why = None if is_token(region) else elsewhere(region)
    if why is not None:
        raise ValueError(f"{what} cannot be in {region}: {why}")


def require_edge_region(argument: str, resource: IResource, why: str, *, arn: str) -> None:
    """Refuse a resource that lives in another Region than us-east-1; an unknown Region passes.

    What is imported counts as being in the Region of the stack that imports it, so its ARN is asked first.
    """
    if is_token(arn):
        region = resource.env.region
    elif arn.count(":") >= 5:
        region = arn.split(":")[3]
    else:
        raise refusal(argument, f"one with an ARN of {EDGE_REGION}", arn, why)
    if not is_token(region) and region != EDGE_REGION:
        raise ValueError(f"{argument} must be in {EDGE_REGION}, got one in {region}: {elsewhere(region) or why}")


def require_edge_stack(scope: IConstruct, what: str, why: str) -> None:
    """Refuse a construct whose stack is in another Region than us-east-1; warn where the Region is not known."""
    region = region_of(scope)
    if is_token(region):
        warn(
            scope,
            "edge:unknown-region",
            f"{what} must be in {EDGE_REGION} ({why}), and this stack's Region is known only at deploy: "
            f"give the stack env=Environment(region='{EDGE_REGION}')",
        )
    elif region != EDGE_REGION:
        require_whole_edge(scope, what)
        raise ValueError(
            f"{what} must be in {EDGE_REGION}, got a stack in {region}: {why}; "
            f"put it in a stack with env=Environment(region='{EDGE_REGION}')"
        )
