"""The function behind the sample origins, which answers with its role and the status that it was deployed with."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs


def sample_function(stack: cdk.Stack, *, code: str, role: str, status: str) -> lambda_.Function:
    """The function, with its role and log group, as children of a stack.

    Args:
        stack: Where it is made, once.
        code: Of its module ``index``.
        role: What it is there, such as ``primary``.
        status: What it answers everything with.
    """
    log_group = logs.LogGroup(
        stack, "FunctionLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=cdk.RemovalPolicy.DESTROY
    )
    function_role = iam.Role(stack, "FunctionRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(function_role)
    return lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_14,
        architecture=lambda_.Architecture.ARM_64,
        handler="index.handler",
        code=lambda_.Code.from_inline(code),
        environment={"ROLE": role, "ORIGIN_STATUS": status},
        role=function_role,
        log_group=log_group,
        timeout=cdk.Duration.seconds(5),
    )
