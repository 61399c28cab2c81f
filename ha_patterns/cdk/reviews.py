"""Acknowledgements of what a security review (cdk-nag, AwsSolutions) finds in constructs, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def answer(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Record answers on a construct, for it and all below it.

    Args:
        scope: The construct.
        reasons: By the id of the finding, such as ``S1``, or ``IAM5[Resource::*]`` for one resource of a policy.
    """
    told = [Acknowledgment(id=f"AwsSolutions::AwsSolutions-{each}", reason=reason) for each, reason in reasons.items()]
    Validations.of(scope).acknowledge(*told)


def resource_of(scope: IConstruct, arn: str) -> str:
    """The id of the finding that a policy names more than one resource by an ARN, as cdk-nag writes it.

    Args:
        scope: What is in the stack of the policy.
        arn: The ARN.
    """
    return f"IAM5[Resource::{_plain(Stack.of(scope).resolve(arn))}]"


def _plain(value: Any) -> str:
    """A value of a template: references stand in angle brackets."""
    if isinstance(value, str):
        return value
    ((function, given),) = value.items()
    if function == "Fn::Join":
        separator, parts = given
        return str(separator).join(map(_plain, parts))
    return f"<{'.'.join(given) if isinstance(given, list) else given}>"
