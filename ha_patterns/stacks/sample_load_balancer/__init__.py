"""The sample origin behind accelerators and zonal shifts: a load balancer over two zones, and its targets."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_elasticloadbalancingv2_targets as elbv2_targets
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ...origins import GuardedListener, OriginGuard
from ...outage_failover import AcceleratorEndpoint
from ..acknowledgements import SAMPLE_INSTANCES, SAMPLE_LOAD_BALANCER, acknowledge
from ..sample_function import sample_function
from ..settings import ReferenceSettings

_CODE = Path(__file__).with_name("index.py").read_text(encoding="utf-8")
_SERVER = Path(__file__).with_name("server.py").read_text(encoding="utf-8")
_SERVER_PORT = 8080
_KEEP_LOGS = cdk.Duration.days(90)
# Enabled: checks are off by default for Lambda functions, and then nothing ever fails over.
_HEALTH_CHECK = elbv2.HealthCheck(
    enabled=True,
    path="/health",
    interval=cdk.Duration.seconds(10),
    timeout=cdk.Duration.seconds(5),
    healthy_threshold_count=2,
    unhealthy_threshold_count=2,
)


class SampleLoadBalancerStack(cdk.Stack):
    """One Region of a sample application: a load balancer over two zones, which answers with its Region and role.

    A Lambda function is one target, and not one a zone: the load balancer calls it from every zone, so with it this
    sample shows how a Region fails and not how a zone does. For that it takes an instance in each zone.

    Its stack parameter ``OriginStatus`` is the status it answers everything with, its health path included: deploy it
    as 503 to make this origin fail.

    Args:
        settings: The settings of the reference stacks.
        role: Part of every answer.
        region: Where it is deployed.
        domain_name: The name that its certificate covers.
        shared_name: Another name that its certificate covers. Default: none.
        zonal_targets: A small EC2 instance in each zone in place of the Lambda function. Default False.
        guard: Admit requests with its header and from CloudFront alone. Default: everybody.

    Attributes:
        load_balancer: The load balancer.
        target_group: What its listener forwards to.
        guarded_listener: What admits; None without a guard.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: ReferenceSettings,
        role: str,
        region: str,
        domain_name: str,
        shared_name: str | None = None,
        zonal_targets: bool = False,
        guard: OriginGuard | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=cdk.Environment(region=region),
            description=f"ha-patterns: sample load balancer, {role}",
        )
        acknowledge(self, SAMPLE_LOAD_BALANCER)
        self.zone = settings.hosted_zone(self)
        status = cdk.CfnParameter(
            self,
            "OriginStatus",
            type="String",
            default="200",
            allowed_values=["200", "403", "404", "500", "502", "503", "504"],
            description="The HTTP status of every answer. Anything but 200 makes this origin fail.",
        )
        bucket = self._log_bucket()
        vpc = self._vpc(bucket)
        self.load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=vpc,
            internet_facing=True,
            drop_invalid_header_fields=True,
            # What is open stays open when traffic moves: five minutes in place of an hour.
            client_keep_alive=cdk.Duration.minutes(5),
        )
        self.load_balancer.log_access_logs(bucket, "load-balancer")
        self.target_group = (
            self._instances(vpc, role, status.value_as_string)
            if zonal_targets
            else elbv2.ApplicationTargetGroup(
                self,
                "Targets",
                target_type=elbv2.TargetType.LAMBDA,
                targets=[
                    elbv2_targets.LambdaTarget(
                        sample_function(self, code=_CODE, role=role, status=status.value_as_string)
                    )
                ],
                health_check=_HEALTH_CHECK,
            )
        )
        listener = self.load_balancer.add_listener(
            "Https",
            port=443,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            ssl_policy=elbv2.SslPolicy.RECOMMENDED_TLS,
            certificates=[
                acm.Certificate(
                    self,
                    "Certificate",
                    domain_name=domain_name,
                    subject_alternative_names=[shared_name] if shared_name else None,
                    validation=acm.CertificateValidation.from_dns(self.zone),
                )
            ],
            default_target_groups=None if guard else [self.target_group],
            open=guard is None,
        )
        self.guarded_listener = (
            GuardedListener(self, "Guard", guard=guard, listener=listener, target_groups=[self.target_group])
            if guard
            else None
        )
        own_name = self.load_balancer.load_balancer_dns_name
        cdk.CfnOutput(
            self,
            "Direct",
            value=f"curl -i --connect-to ::{own_name} https://{domain_name}/",
            description="This load balancer alone",
        )

    @property
    def accelerator_endpoint(self) -> AcceleratorEndpoint:
        """The load balancer as the endpoint of an accelerator, in any stack."""
        return AcceleratorEndpoint.application_load_balancer(
            self.load_balancer,
            target_groups=[self.target_group],
            # Preserved, it leaves a security group in the VPC that stops the stack from being destroyed.
            preserve_client_ip=False,
        )

    def _vpc(self, log_bucket: s3.Bucket) -> ec2.Vpc:
        """Two zones with public subnets alone: what is called here needs no way out."""
        vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public", subnet_type=ec2.SubnetType.PUBLIC, map_public_ip_on_launch=False, cidr_mask=24
                )
            ],
            # Nothing is in the default security group, and to close it takes a custom resource.
            restrict_default_security_group=False,
        )
        vpc.add_flow_log(
            "FlowLog",
            destination=ec2.FlowLogDestination.to_s3(log_bucket, "vpc"),
            traffic_type=ec2.FlowLogTrafficType.ALL,
        )
        return vpc

    def _instances(self, vpc: ec2.Vpc, role: str, status: str) -> elbv2.ApplicationTargetGroup:
        """A server in each zone, which needs nothing but the Python that Amazon Linux comes with."""
        acknowledge(self, SAMPLE_INSTANCES)
        group = elbv2.ApplicationTargetGroup(
            self,
            "Targets",
            vpc=vpc,
            port=_SERVER_PORT,
            protocol=elbv2.ApplicationProtocol.HTTP,
            health_check=_HEALTH_CHECK,
        )
        security_group = ec2.SecurityGroup(self, "InstanceSecurityGroup", vpc=vpc, allow_all_outbound=False)
        for number, subnet in enumerate(vpc.public_subnets, start=1):
            command = f"python3 /opt/server.py {status} {role} {self.region} {subnet.availability_zone} {_SERVER_PORT}"
            instance = ec2.Instance(
                self,
                f"Instance{number}",
                vpc=vpc,
                vpc_subnets=ec2.SubnetSelection(subnets=[subnet]),
                security_group=security_group,
                instance_type=ec2.InstanceType("t4g.nano"),
                machine_image=ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64),
                # A boothook runs at each start, so that another OriginStatus is taken up.
                user_data=ec2.UserData.custom(
                    "#cloud-boothook\n#!/bin/bash\n"
                    f"cat > /opt/server.py <<'END'\n{_SERVER}END\n"
                    f"systemd-run --unit=origin --property=Restart=always {command}\n"
                ),
                block_devices=[
                    ec2.BlockDevice(device_name="/dev/xvda", volume=ec2.BlockDeviceVolume.ebs(8, encrypted=True))
                ],
                detailed_monitoring=True,
                require_imdsv2=True,
                associate_public_ip_address=False,
            )
            instance.node.add_dependency(vpc.internet_connectivity_established)
            group.add_target(elbv2_targets.InstanceTarget(instance))
            instance.connections.allow_from(self.load_balancer, ec2.Port.tcp(_SERVER_PORT))
        return group

    def _log_bucket(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Logs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # Load balancers deliver their logs to buckets with this encryption only.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=_KEEP_LOGS)],
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
