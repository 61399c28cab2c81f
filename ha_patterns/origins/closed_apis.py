"""APIs of this app that do not answer at their ``execute-api`` name, and names that are put together of it."""

from __future__ import annotations

import json
from typing import Any, TypeGuard

from aws_cdk import CfnResource
from constructs import IConstruct

from ..cdk.properties import properties_of
from ..cdk.validation import is_token
from ..edge.regions import stack_of

_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")


def may_be_of_api(name: str | None) -> TypeGuard[str]:
    """Whether a name may be put together of that of an API: something of it is known only at deploy."""
    return name is not None and is_token(name)


def closed_api(scope: IConstruct, name: str) -> CfnResource | None:
    """The API of this app whose own name a name is, although it is turned off; None if there is none.

    To be asked at synth, when references between stacks are resolved.

    Args:
        scope: What asks by the name.
        name: The name.
    """
    stack = stack_of(scope)
    asked = json.dumps(stack.resolve(name), default=str)
    # In another stack, the id of the API is an import, and no reference.
    for child in stack.node.root.node.find_all() if "execute-api" in asked else ():
        if isinstance(child, CfnResource) and child.cfn_resource_type in _APIS and _is_closed(child):
            own = stack_of(child)
            reference = json.dumps(own.resolve(child.ref))
            if (reference in asked) if own is stack else _is_told(own.resolve(name), reference, asked):
                return child
    return None


def _is_closed(api: CfnResource) -> bool:
    return properties_of(api, "disableExecuteApiEndpoint").get("disableExecuteApiEndpoint") is True


def _is_told(name: Any, reference: str, asked: str) -> bool:
    return reference in json.dumps(name, default=str) and reference not in asked
