"""Where the edge is configured: CloudFront, its certificates and its metrics live in us-east-1."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from aws_cdk import IResource, Stack
from constructs import IConstruct

from ..aws.regions import EDGE_REGION
from ..cdk.validation import is_token, refusal, warn

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
        raise ValueError(f"{argument} must be in {EDGE_REGION}, got one in {region}: {why}")


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
        raise ValueError(
            f"{what} must be in {EDGE_REGION}, got a stack in {region}: {why}; "
            f"put it in a stack with env=Environment(region='{EDGE_REGION}')"
        )
