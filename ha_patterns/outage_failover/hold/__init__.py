"""The functions that throw a traffic switch and keep it thrown. Their code is shipped inline."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from ...cdk.inline import inline_code
from ...cdk.reviews import answer
from ...cdk.validation import duration
from ...contracts.switches import namespace_of


def switch_function(
    scope: Construct, handler: str, switch_name: str, description: str
) -> tuple[lambda_.Function, iam.Role]:
    """A function of a switch with its role, which may write to its log group and nothing else yet.

    Args:
        scope: Where the function, the role and the log group are made.
        handler: The module of this folder.
        switch_name: The name of the switch.
        description: The description of the function.
    """
    log_group = logs.LogGroup(
        scope, "Logs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
    )
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(role)
    reason = (
        "CloudWatch's metrics are no resources of IAM. Writing is restricted to the namespace of one switch by a "
        "condition; for reading there is none."
    )
    answer(role, {"IAM5[Resource::*]": reason})
    function = lambda_.Function(
        scope,
        "Function",
        description=description,
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.ARM_64,
        handler="index.handler",
        code=lambda_.Code.from_inline(inline_code(Path(__file__).with_name(f"{handler}.py"))),
        environment={"NAMESPACE": namespace_of(switch_name)},
        role=role,
        log_group=log_group,
        timeout=duration(30),
    )
    return function, role
