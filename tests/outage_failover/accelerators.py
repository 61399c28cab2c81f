"""What tests of accelerators share: a stack where their metrics are, and the endpoint groups of a template."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from ha_patterns import AcceleratorEndpoint, EndpointGroup

from ..samples import properties


def accelerator_stack() -> cdk.Stack:
    """A stack in the Region of the accelerators' metrics."""
    return cdk.Stack(cdk.App(), "Test", env=cdk.Environment(region="us-west-2"))


def groups_of(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The properties of the endpoint groups of a stack, by Region."""
    found = properties(Template.from_stack(stack), "AWS::GlobalAccelerator::EndpointGroup")
    return {group["EndpointGroupRegion"]: group for group in found}


def group_in(region: str, *endpoints: AcceleratorEndpoint, **given: Any) -> EndpointGroup:
    """A group of some endpoints."""
    return EndpointGroup(region=region, endpoints=endpoints, **given)
