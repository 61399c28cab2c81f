"""The one stack of a reference pattern that holds the accelerator."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..outage_failover import ACCELERATOR_REGION
from .settings import ReferenceSettings


class AcceleratorStack(cdk.Stack):
    """Accelerator, records, alarms and their topic, in us-west-2.

    CloudFormation makes accelerators from any Region; their metrics, and so their alarms, are in us-west-2.

    Args:
        settings: The settings of the reference stacks.
        pattern: The pattern; part of the names.
        origins: The stacks that must be there before.

    Attributes:
        zone: The hosted zone.
        topic: What alarms notify; subscribe to it after the deploy.
    """

    def __init__(
        self, scope: Construct, settings: ReferenceSettings, pattern: str, *, origins: Sequence[cdk.Stack]
    ) -> None:
        super().__init__(
            scope,
            f"{pattern}-accelerator",
            env=cdk.Environment(region=ACCELERATOR_REGION),
            description=f"ha-patterns: {pattern}, accelerator",
        )
        for origin in origins:
            self.add_stack_dependency(origin)
        self.zone = settings.hosted_zone(self)
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        cdk.CfnOutput(
            self,
            "Read",
            value=f"curl -i https://{pattern}.{settings.zone_name}/",
            description="Which Region answers",
        )
        cdk.CfnOutput(self, "AlarmTopic", value=self.topic.topic_arn, description="Subscribe to it to be notified")
