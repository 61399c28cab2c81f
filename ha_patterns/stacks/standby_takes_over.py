"""Reference stacks of standby takes over: an API in two Regions, a switch in the standby's, CloudFront in front."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from ..outage_failover import StandbyTakesOver, TrafficSwitch
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "standby-takes-over"


def build(scope: Construct, settings: ReferenceSettings) -> StandbyTakesOver:
    """The API in two Regions and the switch in the standby's, then the edge."""
    shared_name = f"origin.{_PATTERN}.{settings.zone_name}"
    primary, standby = sample_apis(scope, settings, _PATTERN, shared_name=shared_name)
    switch = _SwitchStack(scope, settings)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[primary, standby, switch])
    takes_over = StandbyTakesOver(
        edge,
        "Origin",
        hosted_zone=edge.zone,
        record_name=shared_name,
        primary=primary.endpoint,
        secondary=standby.endpoint,
        switch=switch.switch,
        recovery_time_objective=cdk.Duration.seconds(185),
    )
    site = edge.site(takes_over.origin())
    takes_over.add_alarms(edge.topic)
    site.add_alarms(edge.topic)
    return takes_over


class _SwitchStack(cdk.Stack):
    """The switch, in the standby's Region, with nothing else that could keep the stack from being deployed."""

    def __init__(self, scope: Construct, settings: ReferenceSettings) -> None:
        region = settings.regions[1]
        super().__init__(
            scope,
            f"{_PATTERN}-switch",
            env=cdk.Environment(region=region),
            description=f"ha-patterns: {_PATTERN}, switch",
        )
        # For its refusal of the placeholder alone: without the other stacks the switch moves nothing.
        settings.hosted_zone(self)
        self.switch = TrafficSwitch(self, "TrafficSwitch", switch_name=_PATTERN)
        topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        self.switch.add_alarms(topic)
        cdk.CfnOutput(self, "AlarmTopic", value=topic.topic_arn, description="Subscribe to it to be notified")
        for act in ("take-over", "give-back"):
            cdk.CfnOutput(
                self,
                act.title().replace("-", ""),
                value=f"ha-patterns standby {act} --switch {_PATTERN} --region {region}",
                description="Moves traffic; keep it where an outage cannot take it",
            )
