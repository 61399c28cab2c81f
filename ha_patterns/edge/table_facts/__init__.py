"""What a stack lets the routes in its table name, kept in the table itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import CustomResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from ...cdk.inline import inline_code
from ...contracts.route_tables import FACTS_KEY
from ..routing_table import RoutingTable

_CODE = inline_code(Path(__file__).with_name("handler.py"))


class TableFacts(Construct):
    """The item ``#origins`` of a table: what the deployed stack declares, for whoever writes rules to check against.

    Creates a function with its role and log group, and the custom resource that has it write the item at each change,
    and remove it with the stack.

    Args:
        table: The table.
        facts: Lists of texts by name: ``origins`` and whatever else routes are judged by.

    Attributes:
        facts: The same.
        item: The custom resource.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, table: RoutingTable, facts: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__(scope, construct_id)
        self.facts = facts
        log_group = logs.LogGroup(
            self, "FunctionLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        description = "Writes what the stack declares into its table"
        role = iam.Role(
            self,
            "FunctionRole",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=description,
            inline_policies={
                "Policy": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=["dynamodb:DeleteItem", "dynamodb:PutItem"],
                            resources=[table.arn_in(table.regions[0])],
                            conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [FACTS_KEY]}},
                        ),
                        iam.PolicyStatement(
                            actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log_group.log_group_arn]
                        ),
                    ]
                )
            },
        )
        function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=lambda_.Code.from_inline(_CODE),
            description=description,
            role=role,
            log_group=log_group,
            timeout=Duration.minutes(3),
        )
        self.item = CustomResource(
            self,
            "Item",
            resource_type="Custom::TableFacts",
            service_token=function.function_arn,
            # Longer than the function can take: a function that cannot answer fails the deploy soon.
            service_timeout=Duration.minutes(5),
            properties={
                "Table": table.table.table_name,
                "Host": FACTS_KEY,
                "Facts": {name: list(values) for name, values in facts.items()},
            },
        )


def grant_facts(table: RoutingTable, grantee: iam.IGrantable, regions: Sequence[str] | None) -> None:
    """Let somebody who may write some hosts of a table read what the stack declares.

    Args:
        table: The table.
        grantee: Who.
        regions: In which Regions of the table. Default: us-east-1.
    """
    iam.Grant.add_to_principal(
        grantee=grantee,
        actions=["dynamodb:GetItem"],
        resource_arns=table.write_arns(regions),
        conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [FACTS_KEY]}},
    )


def path_in_stack(router: IConstruct) -> str:
    """Where a router is in its stack, by which the commands choose one of several."""
    return router.node.path.removeprefix(Stack.of(router).node.path).strip("/")
