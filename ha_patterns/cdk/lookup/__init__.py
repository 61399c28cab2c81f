"""What CloudFormation cannot tell is asked at deploy, by a small function that may do nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import CustomResource, RemovalPolicy
from constructs import Construct

from ..inline import inline_code
from ..validation import duration

_CODE = inline_code(Path(__file__).with_name("handler.py"))


def look_up(
    scope: Construct,
    construct_id: str,
    resource_type: str,
    *,
    description: str,
    actions: Sequence[str],
    resources: Sequence[str],
    properties: Mapping[str, Any],
) -> CustomResource:
    """A custom resource whose attributes are what was found, with its function, role and log group beside it.

    Args:
        scope: Where they are made.
        construct_id: Of the custom resource; what the ids of the others start with.
        resource_type: What to look up: one of ``LOOKUPS`` of the function.
        description: Of the function.
        actions: What the function may do.
        resources: What it may do it to.
        properties: What the look-up goes by; it is done again when they change.
    """
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_logs as logs

    log_group = logs.LogGroup(
        scope,
        f"{construct_id}Logs",
        retention=logs.RetentionDays.ONE_MONTH,
        removal_policy=RemovalPolicy.DESTROY,
    )
    role = iam.Role(scope, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(role)
    allowed = role.add_to_principal_policy(iam.PolicyStatement(actions=list(actions), resources=list(resources)))
    function = lambda_.Function(
        scope,
        f"{construct_id}Function",
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.ARM_64,
        handler="index.handler",
        code=lambda_.Code.from_inline(_CODE),
        description=description,
        role=role,
        log_group=log_group,
        timeout=duration(60),
    )
    resource = CustomResource(
        scope,
        construct_id,
        service_token=function.function_arn,
        resource_type=resource_type,
        properties=dict(properties),
    )
    # Without its policy the function would be refused, and the deploy with it.
    if allowed.policy_dependable is not None:
        resource.node.add_dependency(allowed.policy_dependable)
    return resource
