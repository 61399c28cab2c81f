"""Game servers: a Network Load Balancer a Region, TCP for the login and UDP for the game, by accelerators."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_route53 as route53

from ha_patterns import AcceleratorEndpoint, EndpointGroup, MultiRegionAccelerator

_ACCOUNT = "111122223333"


def build(app: cdk.App) -> None:
    games = {region: _Game(app, region) for region in ("eu-west-1", "us-east-1")}
    env = cdk.Environment(account=_ACCOUNT, region="us-west-2")
    stack = cdk.Stack(app, "Accelerators", env=env, cross_region_references=True)
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="game.example.com"
    )
    login = MultiRegionAccelerator(
        stack,
        "Login",
        endpoint_groups=[_group(region, game, game.login) for region, game in games.items()],
        domain_name="login.game.example.com",
        hosted_zone=zone,
    )
    assert login.failover_time.to_seconds() > 0
    MultiRegionAccelerator(
        stack,
        "Play",
        endpoint_groups=[_group(region, game, game.play) for region, game in games.items()],
        protocol=globalaccelerator.ConnectionProtocol.UDP,
        port_ranges=[globalaccelerator.PortRange(from_port=7777, to_port=7777)],
        client_affinity=globalaccelerator.ClientAffinity.SOURCE_IP,
        domain_name="play.game.example.com",
        hosted_zone=zone,
    )


def _group(region: str, game: _Game, targets: elbv2.NetworkTargetGroup) -> EndpointGroup:
    endpoint = AcceleratorEndpoint.network_load_balancer(game.balancer, target_groups=[targets])
    return EndpointGroup(region=region, endpoints=[endpoint])


class _Game(cdk.Stack):
    def __init__(self, app: cdk.App, region: str) -> None:
        env = cdk.Environment(account=_ACCOUNT, region=region)
        super().__init__(app, f"Game-{region}", env=env, cross_region_references=True)
        vpc = ec2.Vpc(self, "Vpc", availability_zones=[f"{region}a", f"{region}b"], nat_gateways=0)
        self.balancer = elbv2.NetworkLoadBalancer(
            self,
            "Balancer",
            vpc=vpc,
            internet_facing=True,
            security_groups=[ec2.SecurityGroup(self, "Group", vpc=vpc)],
        )
        fleet = autoscaling.AutoScalingGroup(
            self,
            "Fleet",
            vpc=vpc,
            instance_type=ec2.InstanceType("c7g.large"),
            machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        )
        self.login = self.balancer.add_listener("Login", port=443, protocol=elbv2.Protocol.TCP).add_targets(
            "LoginTargets", port=443, protocol=elbv2.Protocol.TCP, targets=[fleet]
        )
        self.play = self.balancer.add_listener("Play", port=7777, protocol=elbv2.Protocol.UDP).add_targets(
            "PlayTargets",
            port=7777,
            protocol=elbv2.Protocol.UDP,
            targets=[fleet],
            health_check=elbv2.HealthCheck(protocol=elbv2.Protocol.TCP, port="443", interval=cdk.Duration.seconds(10)),
        )
