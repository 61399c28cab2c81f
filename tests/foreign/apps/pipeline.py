"""Stages with Fargate behind load balancers in two Regions, and the edge in us-east-1.

One that a pipeline deploys; one that is deployed by hand, and judged by the plugin; and one whose certificates lack
the name that the Regions share.
"""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_codecommit as codecommit
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as ecs_patterns
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk import pipelines
from constructs import Construct

from ha_patterns import Endpoint, HealthCheckSettings, HybridFailover
from ha_patterns.checks import HaChecks

_STAGES = {"dev": "111111111111", "prod": "222222222222"}


def with_pipeline(app: cdk.App) -> None:
    """The stage that is deployed by a pipeline."""
    stack = cdk.Stack(app, "Pipeline", env=cdk.Environment(account="333333333333", region="eu-west-1"))
    source = pipelines.CodePipelineSource.code_commit(codecommit.Repository(stack, "Repo", repository_name="s"), "main")
    pipeline = pipelines.CodePipeline(
        stack,
        "Pipe",
        cross_account_keys=True,
        synth=pipelines.ShellStep("Synth", input=source, commands=["npx cdk synth"]),
    )
    pipeline.add_stage(_Shop(stack, "prod", covers_shared_name=True))


def by_hand(app: cdk.App) -> None:
    """The stage that is deployed by hand."""
    cdk.Validations.of(app).add_plugins(HaChecks())
    _Shop(app, "dev", covers_shared_name=True)


def uncovered(app: cdk.App) -> None:
    """The stage as it was first written."""
    _Shop(app, "dev", covers_shared_name=False)


class _Shop(cdk.Stage):
    def __init__(self, scope: Construct, name: str, *, covers_shared_name: bool) -> None:
        super().__init__(scope, name)
        zone_name = f"{name}.example.com"
        services = [
            _Service(
                self,
                role,
                zone_name=zone_name,
                covers_shared_name=covers_shared_name,
                env=cdk.Environment(account=_STAGES[name], region=region),
            )
            for role, region in (("Primary", "eu-west-1"), ("Standby", "eu-central-1"))
        ]
        env = cdk.Environment(account=_STAGES[name], region="us-east-1")
        edge = cdk.Stack(self, "Edge", cross_region_references=True, env=env)
        primary, standby = (
            Endpoint.load_balancer(service.load_balancer, domain_name=service.own_name) for service in services
        )
        site = HybridFailover(
            edge,
            "Site",
            hosted_zone=_zone(edge, zone_name),
            domain_name=f"www.{zone_name}",
            failover_record_name="origin",
            primary=primary,
            secondary=standby,
            write_paths=["/cart/*"],
            read_write_paths=["/api/*"],
            primary_health_check=HealthCheckSettings.fast(path="/health"),
            recovery_time_objective=cdk.Duration.seconds(180),
        )
        site.add_alarms(sns.Topic(edge, "Alarms"))


class _Service(cdk.Stack):
    def __init__(self, scope: Construct, name: str, *, zone_name: str, covers_shared_name: bool, **given: Any) -> None:
        super().__init__(scope, name, cross_region_references=True, **given)
        zone = _zone(self, zone_name)
        self.own_name = f"{self.region}.{zone_name}"
        service = ecs_patterns.ApplicationLoadBalancedFargateService(
            self,
            "Service",
            vpc=ec2.Vpc(self, "Vpc", availability_zones=[f"{self.region}{zone}" for zone in "ab"], nat_gateways=1),
            certificate=acm.Certificate(
                self,
                "Certificate",
                domain_name=self.own_name,
                subject_alternative_names=[f"origin.{zone_name}"] if covers_shared_name else None,
                validation=acm.CertificateValidation.from_dns(zone),
            ),
            desired_count=2,
            task_image_options=ecs_patterns.ApplicationLoadBalancedTaskImageOptions(
                image=ecs.ContainerImage.from_registry("nginx")
            ),
            domain_name=self.own_name,
            domain_zone=zone,
        )
        service.target_group.configure_health_check(path="/health")
        self.load_balancer = service.load_balancer


def _zone(scope: Construct, name: str) -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id="Z0ZONE00000000000000", zone_name=name
    )
