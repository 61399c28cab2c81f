"""Values that constructs refuse, as they stand in a template, with the rule that finds each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_elasticloadbalancingv2_targets as elbv2_targets
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3

from ha_patterns import (
    AcceleratorEndpoint,
    AlarmHealthCheck,
    BucketProbe,
    BucketReplication,
    CalculatedHealthCheck,
    EdgeDistribution,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    ErrorPages,
    FailoverOriginGroup,
    GracefulResponse,
    HealthCheckSettings,
    OriginSettings,
    RoutingControlFailover,
    StaleContent,
    StandbyTakesOver,
    TrafficSwitch,
)
from ha_patterns.aws import (
    accelerators,
    edge_functions,
    headers,
    health_checks,
    origin_waits,
    path_patterns,
    practice_runs,
    routing_controls,
    statuses,
)
from ha_patterns.aws.distributions import LONGEST_ORIGIN_ID, NO_LOGS_REGIONS, OTHER_ORIGIN_PORTS, POLICY_CHARACTERS

from ..samples import (
    access_point,
    bucket_dns_router,
    bucket_failover,
    bucket_pair,
    closed_listener,
    content_bucket,
    dns_failover,
    dual_stack_balancer,
    elastic_ip,
    guarded_listener,
    home_health_of,
    hybrid_failover,
    imported_balancer,
    latency_routing,
    listening,
    load_balancer,
    metric_alarm,
    multi_region_accelerator,
    new_balancer,
    path_routing,
    primary_host,
    rest_api,
    rest_domain,
    rule_router,
    same_path_site,
    secondary_host,
    stack_in,
    target_group,
    vpc_in,
    zonal_shift,
    zone_of,
)
from .apps import of_buckets

#: In place of a value: the property is left out.
ABSENT = object()


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A value that a construct refuses, in the template of an app that it accepts.

    Attributes:
        refusal: What refuses it, as ``refusals.refusals`` has it.
        app: What makes the app.
        resource: The type of the resource, with ``#1`` for the second one of the template.
        path: The property, below the resource's properties.
        value: The value, or what makes it of the resource's logical id.
        rule: The rule that finds it.
    """

    refusal: str
    app: Callable[[cdk.Stack], object]
    resource: str
    path: str
    value: Any
    rule: str

    def __str__(self) -> str:
        return f"{self.refusal} {self.path} {self.rule}"


def _site(stack: cdk.Stack, origin: cloudfront.IOrigin) -> None:
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))


def _group(stack: cdk.Stack) -> None:
    settings = OriginSettings(response_timeout=cdk.Duration.seconds(5), connection_attempts=1)
    group = FailoverOriginGroup(primary=primary_host(), secondary=secondary_host(), primary_settings=settings)
    _site(stack, group)


def _names(stack: cdk.Stack) -> None:
    checks = {"primary_health_check": HealthCheckSettings(search_string="ready")}
    _site(stack, dns_failover(stack, **checks).origin())


def _made_zone(stack: cdk.Stack) -> route53.IHostedZone:
    return route53.PublicHostedZone(stack, "Zone", zone_name="example.com")


def _own_zone(stack: cdk.Stack) -> None:
    """A pair of hosts that are known by name, in a zone that the template makes."""
    hosts = {name: Endpoint.http_host(f"{name}.example.net") for name in ("primary", "secondary")}
    dns_failover(stack, hosted_zone=_made_zone(stack), **hosts)


def _own_zone_accelerator(stack: cdk.Stack) -> None:
    multi_region_accelerator(stack, domain_name="shop.example.com", hosted_zone=_made_zone(stack))


def _own_zone_site(stack: cdk.Stack) -> None:
    origin = cloudfront.BehaviorOptions(origin=primary_host().origin())
    EdgeDistribution(
        stack, "Site", default_behavior=origin, domain_name="www.example.com", hosted_zone=_made_zone(stack)
    )


def _named_site(stack: cdk.Stack) -> None:
    """The same in front of a failover name."""
    zone = _made_zone(stack)
    hosts = {name: Endpoint.http_host(f"{name}.example.net") for name in ("primary", "secondary")}
    behavior = cloudfront.BehaviorOptions(origin=dns_failover(stack, hosted_zone=zone, **hosts).origin())
    EdgeDistribution(stack, "Site", default_behavior=behavior, domain_name="www.example.com", hosted_zone=zone)


def _aliases(stack: cdk.Stack) -> None:
    balancers = {
        name: Endpoint.load_balancer(load_balancer(stack, name), domain_name=f"{name}.example.com")
        for name in ("primary", "secondary")
    }
    dns_failover(stack, **balancers)


def _pairs(stack: cdk.Stack) -> None:
    """Pairs as members, to which records are aliases."""
    zone = zone_of(stack)
    hosts = {
        region: Endpoint.http_host(f"{region}.example.net", ipv4_addresses=[f"203.0.113.{number}"])
        for number, region in enumerate(("eu-west-1", "us-east-1"), 1)
    }
    members = {
        region: dns_failover(
            stack,
            construct_id=f"Pair-{region}",
            record_name=region,
            hosted_zone=zone,
            primary=host,
            secondary=Endpoint.http_host(f"standby.{region}.example.net", ipv4_addresses=["203.0.113.9"]),
            secondary_health_check=HealthCheckSettings(),
        )
        for region, host in hosts.items()
    }
    latency_routing(stack, hosted_zone=zone, members=members)


def _near_names(stack: cdk.Stack) -> None:
    """Members whose names tell their Regions."""
    regions = ("eu-west-1", "us-east-1")
    members = {region: Endpoint.http_host(f"a.{region}.elb.amazonaws.com") for region in regions}
    latency_routing(stack, members=members)


def _address(stack: cdk.Stack) -> None:
    dns_failover(stack, primary=Endpoint.http_host(ipv4_addresses=["203.0.113.1"]))


def _connecting(stack: cdk.Stack) -> None:
    dns_failover(stack, primary_health_check=HealthCheckSettings(protocol="TCP", port=443))


def _calculated(stack: cdk.Stack) -> None:
    children = [EndpointHealthCheck(stack, name, domain_name=f"{name}.example.net") for name in ("one", "two")]
    dns_failover(stack, primary_health_check=CalculatedHealthCheck(stack, "All", child_health_checks=children))
    CalculatedHealthCheck(stack, "Any", child_health_checks=children, health_threshold=1)


def _alarm(stack: cdk.Stack) -> None:
    dns_failover(stack, primary_health_check=AlarmHealthCheck(stack, "Check", alarm=metric_alarm(stack)))


def _guarded(stack: cdk.Stack) -> None:
    balancer = new_balancer(stack)
    guarded_listener(stack, listener=closed_listener(stack, load_balancer=balancer))
    settings = HealthCheckSettings(path="/health")
    EndpointHealthCheck(stack, "Check", domain_name=balancer.load_balancer_dns_name, settings=settings)


def _pages(stack: cdk.Stack) -> None:
    pages = ErrorPages(stack, "Pages", pages={503: "/errors/503.html"}, response_codes={503: 200})
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=primary_host().origin()),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
    )


def _graceful(stack: cdk.Stack) -> None:
    graceful = GracefulResponse(stack, "Graceful")
    EdgeDistribution(
        stack,
        "Site",
        default_behavior=graceful.behavior(FailoverOriginGroup(primary=primary_host(), secondary=graceful.endpoint)),
        additional_behaviors=graceful.behaviors,
        error_responses=graceful.error_responses,
    )


def _stale(stack: cdk.Stack) -> None:
    stale = StaleContent(stack, "Stale", origin=primary_host().origin())
    EdgeDistribution(stack, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses)


def _router(stack: cdk.Stack) -> None:
    EdgeDistribution(stack, "Site", default_behavior=rule_router(stack).behavior())


def _buckets(stack: cdk.Stack) -> None:
    of_buckets(stack, bucket_failover(stack))


def _own_bucket(stack: cdk.Stack) -> None:
    """A bucket that is in the template of its site."""
    _site(stack, origins.S3BucketOrigin.with_origin_access_control(s3.Bucket(stack, "Bucket", versioned=True)))


def _identified_bucket(stack: cdk.Stack) -> None:
    _site(stack, origins.S3BucketOrigin.with_origin_access_identity(s3.Bucket(stack, "Bucket")))


def _bucket_names(stack: cdk.Stack) -> None:
    router = bucket_dns_router(stack)
    EdgeDistribution(stack, "Site", default_behavior=router.behavior())


def _own_accelerator(stack: cdk.Stack) -> None:
    """With a load balancer that the templates show."""
    balancer = new_balancer(stack)
    protocol = elbv2.ApplicationProtocol.HTTP
    balancer.add_listener("Listener", port=443, protocol=protocol, default_target_groups=[target_group(stack)])
    groups = [
        EndpointGroup(region=region, endpoints=[AcceleratorEndpoint.application_load_balancer(balancer_of)])
        for region, balancer_of in (("us-east-1", balancer), ("eu-west-1", imported_balancer(stack, "eu-west-1")))
    ]
    multi_region_accelerator(stack, endpoint_groups=groups)


def _standby_accelerator(stack: cdk.Stack) -> None:
    """The other group is a standby by its dial."""
    groups = [
        EndpointGroup(
            region=region,
            endpoints=[AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region))],
            traffic_dial=dial,
        )
        for region, dial in (("us-east-1", 100), ("eu-west-1", 0))
    ]
    multi_region_accelerator(stack, endpoint_groups=groups)


def _unseen_clients(stack: cdk.Stack) -> None:
    """A load balancer that does not see clients' addresses, and could not if it was internal."""
    balancer = listening(new_balancer(stack))
    seen = AcceleratorEndpoint.application_load_balancer(balancer, preserve_client_ip=False)
    other = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))
    groups = [
        EndpointGroup(region=region, endpoints=[one]) for region, one in (("us-east-1", seen), ("eu-west-1", other))
    ]
    multi_region_accelerator(stack, endpoint_groups=groups)


def _addresses(stack: cdk.Stack) -> None:
    """An accelerator before an Elastic IP address."""
    address = AcceleratorEndpoint.elastic_ip(elastic_ip(stack))
    other = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))
    groups = [
        EndpointGroup(region=region, endpoints=[one]) for region, one in (("us-east-1", address), ("eu-west-1", other))
    ]
    multi_region_accelerator(stack, endpoint_groups=groups)


def _dual_stack(stack: cdk.Stack) -> None:
    balancer = AcceleratorEndpoint.application_load_balancer(listening(dual_stack_balancer(stack)))
    other = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))
    groups = [
        EndpointGroup(region=region, endpoints=[one]) for region, one in (("us-east-1", balancer), ("eu-west-1", other))
    ]
    kind = globalaccelerator.IpAddressType.DUAL_STACK
    multi_region_accelerator(stack, endpoint_groups=groups, ip_address_type=kind)


def _asked_api(stack: cdk.Stack) -> None:
    """A pair whose primary is an API that the template makes, asked by its own name."""
    primary = Endpoint.api_gateway(api=rest_api(stack), custom_domain=rest_domain(stack))
    secondary = Endpoint.http_host("standby.example.net", ipv4_addresses=["203.0.113.9"])
    settings = HealthCheckSettings(path="/health")
    dns_failover(stack, primary=primary, secondary=secondary, primary_health_check=settings)


def _asked_domain(stack: cdk.Stack) -> None:
    """A custom domain with a mapping to an API that the template makes."""
    rest_domain(stack, mapped=False).add_base_path_mapping(rest_api(stack), base_path="shop")
    settings = HealthCheckSettings(path="/shop/health")
    EndpointHealthCheck(stack, "Check", domain_name="origin.example.com", settings=settings)


def _counted(stack: cdk.Stack) -> None:
    """Two of three checks must be healthy."""
    children = [EndpointHealthCheck(stack, name, domain_name=f"{name}.example.net") for name in ("one", "two", "three")]
    CalculatedHealthCheck(stack, "Most", child_health_checks=children, health_threshold=2)


def _switched(stack: cdk.Stack) -> None:
    """A switch in the Region of the standby."""
    StandbyTakesOver(
        stack,
        "Origin",
        hosted_zone=zone_of(stack),
        record_name="origin",
        primary=Endpoint.http_host("a-1.eu-west-1.elb.amazonaws.com"),
        secondary=Endpoint.http_host("b-1.eu-central-1.elb.amazonaws.com"),
        switch=TrafficSwitch(stack_in("eu-central-1", stack), "Switch", switch_name="shop"),
    )


def _watched_targets(stack: cdk.Stack) -> None:
    """Two load balancers, each with an alarm on the target group that it forwards to."""
    endpoints: list[Endpoint] = []
    checks: list[AlarmHealthCheck] = []
    for name in ("one", "two"):
        balancer = new_balancer(stack, name)
        targets = elbv2.ApplicationTargetGroup(
            stack, f"targets-{name}", vpc=vpc_in(stack), port=80, target_type=elbv2.TargetType.IP
        )
        balancer.add_listener("Listener", port=80, open=False, default_target_groups=[targets])
        endpoints.append(Endpoint.load_balancer(balancer, domain_name=f"{name}.example.com"))
        metric = cloudwatch.Metric(
            namespace="AWS/ApplicationELB",
            metric_name="UnHealthyHostCount",
            statistic="Maximum",
            period=cdk.Duration.minutes(1),
            dimensions_map={"TargetGroup": targets.target_group_full_name},
        )
        alarm = metric_alarm(stack, f"alarm-{name}", metric=metric, alarm_name=f"shop-{name}")
        checks.append(AlarmHealthCheck(stack, f"check-{name}", alarm=alarm))
    dns_failover(
        stack,
        primary=endpoints[0],
        secondary=endpoints[1],
        primary_health_check=checks[0],
        secondary_health_check=checks[1],
        evaluate_target_health=False,
    )


def _copies(stack: cdk.Stack) -> None:
    """A bucket that is copied to another Region, and from there."""
    primary = s3.Bucket(stack, "Bucket", bucket_name="content-us-east-1", versioned=True)
    pair = bucket_pair(stack, primary=primary)
    BucketReplication(stack_in("us-east-1", stack, "Copies"), "Replication", buckets=pair)


def _composite_beside(stack: cdk.Stack) -> None:
    """A composite alarm beside one that a health check follows."""
    _alarm(stack)
    rule = cloudwatch.AlarmRule.from_boolean(value=True)
    cloudwatch.CompositeAlarm(stack, "Composite", alarm_rule=rule, composite_alarm_name="shop-down")


def _controlled(stack: cdk.Stack) -> None:
    """A pair that somebody switches."""
    RoutingControlFailover(
        stack,
        "Origin",
        hosted_zone=zone_of(stack),
        record_name="origin",
        primary=Endpoint.http_host("primary.example.net", ipv4_addresses=["203.0.113.1"]),
        secondary=Endpoint.http_host("secondary.example.net", ipv4_addresses=["203.0.113.2"]),
        cluster_arn=routing_controls.EXAMPLE_CLUSTER_ARN,
        name="shop",
    )


def _signed_access_point(stack: cdk.Stack) -> None:
    """An access point behind a distribution, beside a bucket of a Region that is enabled first."""
    _site(stack, access_point(stack).endpoint().origin())
    content_bucket(stack, "eu-south-1")


def _probe(stack: cdk.Stack) -> None:
    """A probe of a bucket, in its Region."""
    primary = s3.Bucket(stack, "Bucket", bucket_name="content-us-east-1", versioned=True)
    BucketProbe(stack, "Probe", bucket=bucket_pair(stack, primary=primary).primary, probe_name="content")


def _network_balancer(stack: cdk.Stack, **given: Any) -> tuple[elbv2.NetworkLoadBalancer, elbv2.NetworkTargetGroup]:
    """A Network Load Balancer over two zones, with security groups and a target group of instances."""
    vpc = vpc_in(stack)
    groups = [ec2.SecurityGroup(stack, "Inner", vpc=vpc)]
    balancer = elbv2.NetworkLoadBalancer(
        stack, "Network", vpc=vpc, internet_facing=True, security_groups=groups, **given
    )
    targets = elbv2.NetworkTargetGroup(stack, "Instances", vpc=vpc, port=443, target_type=elbv2.TargetType.INSTANCE)
    balancer.add_listener("Listener", port=443, default_target_groups=[targets])
    return balancer, targets


def _seen_clients(stack: cdk.Stack) -> None:
    """A Network Load Balancer that sees clients' addresses."""
    _accelerated_network(stack, elbv2.IpAddressType.IPV4, globalaccelerator.IpAddressType.IPV4)


def _dual_network(stack: cdk.Stack) -> None:
    _accelerated_network(stack, elbv2.IpAddressType.DUAL_STACK, globalaccelerator.IpAddressType.DUAL_STACK)


def _accelerated_network(stack: cdk.Stack, own: elbv2.IpAddressType, before: globalaccelerator.IpAddressType) -> None:
    balancer, _ = _network_balancer(stack, ip_address_type=own)
    seen = AcceleratorEndpoint.network_load_balancer(balancer, preserve_client_ip=True)
    other = AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, "eu-west-1"))
    groups = [
        EndpointGroup(region=region, endpoints=[one]) for region, one in (("us-east-1", seen), ("eu-west-1", other))
    ]
    multi_region_accelerator(stack, endpoint_groups=groups, ip_address_type=before)


def _shifted_network(stack: cdk.Stack) -> None:
    balancer, targets = _network_balancer(stack, cross_zone_enabled=True)
    targets.set_attribute(_ENDS, "false")
    zonal_shift(stack, load_balancer=balancer)


def _blocked_shift(stack: cdk.Stack) -> None:
    zonal_shift(stack, blocked_windows=[practice_runs.EXAMPLE_WINDOW])


def _shifted_behind(stack: cdk.Stack) -> None:
    """A load balancer that is shifted, with targets in two zones, beside one that is a target."""
    balancer = new_balancer(stack)
    servers = [
        ec2.CfnInstance(stack, f"Server{zone}", availability_zone=f"us-east-1{zone}", image_id="ami-11111111")
        for zone in "ab"
    ]
    targets = elbv2.ApplicationTargetGroup(
        stack, "Servers", vpc=vpc_in(stack), port=80, target_type=elbv2.TargetType.INSTANCE
    )
    resource = targets.node.default_child
    assert isinstance(resource, elbv2.CfnTargetGroup)
    resource.add_property_override("Targets", [{"Id": stack.resolve(server.ref)} for server in servers])
    balancer.add_listener("Listener", port=80, open=False, default_target_groups=[targets])
    other = elbv2.CfnTargetGroup.TargetDescriptionProperty(id=imported_balancer(stack).load_balancer_arn)
    elbv2.CfnTargetGroup(stack, "Front", target_type="alb", protocol="TCP", port=80, targets=[other])
    zonal_shift(stack, load_balancer=balancer)


def _api(stack: cdk.Stack) -> None:
    _site(stack, Endpoint.api_gateway(api=rest_api(stack)).origin())


def _named(stack: cdk.Stack) -> None:
    """A failover name in a zone of the template, behind a distribution."""
    hosts = {name: Endpoint.http_host(f"{name}.example.net") for name in ("primary", "secondary")}
    _site(stack, dns_failover(stack, hosted_zone=_made_zone(stack), **hosts).origin())


def _named_addresses(stack: cdk.Stack) -> None:
    """The same, with the address of a host."""
    primary = Endpoint.http_host(ipv4_addresses=["203.0.113.1"])
    _site(stack, dns_failover(stack, primary=primary).origin())


def _near_in_own_zone(stack: cdk.Stack) -> None:
    _site(stack, latency_routing(stack, hosted_zone=_made_zone(stack)).origin())


def _access_point_site(stack: cdk.Stack) -> None:
    """A Multi-Region Access Point behind a distribution whose function is on a viewer event."""
    version = lambda_.Version.from_version_arn(stack, "Version", _FUNCTION_ARN)
    behavior = cloudfront.BehaviorOptions(
        origin=access_point(stack).endpoint().origin(),
        edge_lambdas=[
            cloudfront.EdgeLambda(event_type=cloudfront.LambdaEdgeEventType.VIEWER_REQUEST, function_version=version)
        ],
    )
    cloudfront.Distribution(stack, "Site", default_behavior=behavior)


def _plain_balancer(stack: cdk.Stack) -> None:
    balancer = listening(new_balancer(stack))
    over_http = cloudfront.OriginProtocolPolicy.HTTP_ONLY
    _site(stack, Endpoint.load_balancer(balancer, protocol_policy=over_http, http_port=443).origin())


def _rooted(stack: cdk.Stack) -> None:
    behavior = cloudfront.BehaviorOptions(origin=primary_host().origin())
    EdgeDistribution(stack, "Site", default_behavior=behavior, default_root_object="index.html")


def _forwarding_balancer(stack: cdk.Stack) -> None:
    """A load balancer with targets at two ports, to which a record is an alias."""
    balancer = new_balancer(stack)
    for port in (443, 8443):
        group = elbv2.ApplicationTargetGroup(
            stack,
            f"Targets{port}",
            vpc=balancer.vpc,
            port=80,
            target_type=elbv2.TargetType.IP,
            targets=[elbv2_targets.IpTarget("10.0.0.9")],
        )
        balancer.add_listener(
            f"Listener{port}", port=port, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[group]
        )
    dns_failover(stack, primary=Endpoint.load_balancer(balancer, domain_name="own.example.com"))


def _rows(
    file: str,
    app: Callable[[cdk.Stack], object],
    resource: str,
    below: str,
    *rows: tuple[str, str, Any, str],
) -> list[Refused]:
    """Rows of one app: what refuses, the property, the value, and the rule."""
    return [
        Refused(
            refusal=f"{file}: {refusal}",
            app=app,
            resource=f"AWS::{resource}",
            path=below + path,
            value=value,
            rule=rule,
        )
        for refusal, path, value, rule in rows
    ]


def _viewer_function(name: str) -> dict[str, str]:
    return {"EventType": "viewer-request", "FunctionARN": f"arn:aws:cloudfront::111111111111:function/{name}"}


_ORIGIN = "DistributionConfig.Origins.0."
_CODES = "DistributionConfig.OriginGroups.Items.0.FailoverCriteria.StatusCodes."
_ERRORS = "DistributionConfig.CustomErrorResponses.0."
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
_TO_DISTRIBUTION = {"DNSName": "d1.cloudfront.net", "HostedZoneId": "Z2FDTNDATAQYW2", "EvaluateTargetHealth": True}
_BY_KMS = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
_FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:edge:1"
_VPCS = [{"VPCId": "vpc-11111111", "VPCRegion": "us-east-1"}]
_INTERNAL = "internal-app-1234567890.us-east-1.elb.amazonaws.com"
_TWICE = [
    {"EventType": "origin-request", "LambdaFunctionARN": f"arn:aws:lambda:us-east-1:123456789012:function:{name}:1"}
    for name in ("one", "two")
]
_IN_KEY = {"HeaderBehavior": "whitelist"}
_TO_HTTPS = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
_NO_HEADER = [{"HeaderName": "X Role", "HeaderValue": "one"}]
_WRONG_CODE = max(statuses.ERROR_CODES) + 1
_ENDS = "target_health_state.unhealthy.connection_termination.enabled"
_OFF = [{"Key": _ENDS, "Value": "false"}, {"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]
_TOO_MANY_PORTS = [{"FromPort": port, "ToPort": port} for port in range(1, accelerators.MOST_PORT_RANGES + 2)]
_TOO_MANY_BLOCKS = [practice_runs.EXAMPLE_WINDOW] * (practice_runs.MOST_BLOCKS + 1)
_OVER_MIDNIGHT = "Sat:22:00-Sun:04:00"
_FAR_ALARM = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:errors"

TABLE = [
    *_rows(
        "outage_failover/routing_controls.py",
        _controlled,
        "Route53RecoveryControl::ControlPanel",
        "",
        ("name must be {}", "Name", "two words", "HA407"),
        ("cluster_arn, by check_cluster_arn", "ClusterArn", "shop", "HA407"),
    ),
    *_rows(
        "outage_failover/_watching.py",
        _controlled,
        "Route53RecoveryControl::RoutingControl",
        "",
        ("{} must be one that follows the routing control {}", "Name", "standby", "HA408"),
    ),
    *_rows(
        "outage_failover/multi_region_access_point.py",
        _signed_access_point,
        "S3::MultiRegionAccessPoint",
        "",
        ("name must be {}", "Name", "Content", "HA413"),
        ("buckets must be each in one of {}", "Regions.0.Bucket", "content-eu-south-1", "HA414"),
    ),
    *_rows(
        "outage_failover/bucket_probe/__init__.py",
        _probe,
        "CloudWatch::Alarm",
        "",
        ("failure_threshold, by check_whole_number", "EvaluationPeriods", 0, "HA245"),
    ),
    *_rows(
        "outage_failover/_apis.py",
        _asked_api,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{} asks {} for {}, and the API has no route of GET for it: i", "ResourcePath", "/prod/other", "HA239"),
    ),
    *_rows(
        "outage_failover/_apis.py",
        _asked_api,
        "ApiGateway::RestApi",
        "",
        ("the check asks {} by its execute-api name, which disable_exe", "DisableExecuteApiEndpoint", True, "HA239"),
    ),
    *_rows(
        "outage_failover/_apis.py",
        _asked_domain,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{} asks {} for {}, and its mappings are for {} only: API Gat", "ResourcePath", "/health", "HA239"),
        ("{} asks {} for {}, which is mapped to {} of {}, and the API", "ResourcePath", "/shop/other", "HA239"),
    ),
    *_rows(
        "outage_failover/_apis.py",
        _asked_api,
        "ApiGateway::DomainName",
        "",
        ("custom_domain of {} must be of the name that is asked, {}, g", "DomainName", "api.example.com", "HA243"),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _names,
        "Route53::RecordSet",
        "",
        (
            "{} must not be a bucket, got {}: S3 chooses the bucket by it",
            "ResourceRecords",
            ["content.s3.eu-west-1.amazonaws.com"],
            "HA047",
        ),
        (
            "{} must answer to {}, got {}, which answers to its own name",
            "ResourceRecords",
            ["a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"],
            "HA047",
        ),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        (
            "{} must be reached by a record and a health check, got {}, w",
            "FullyQualifiedDomainName",
            _INTERNAL,
            "HA226",
        ),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _address,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{}, by check_watches", "IPAddress", "203.0.113.2", "HA232"),
    ),
    *_rows(
        "outage_failover/_watching.py",
        _watched_targets,
        "CloudWatch::Alarm",
        "Dimensions.0.Value.",
        ("{} must be a check of {} #2", "Fn::GetAtt.0", "targetstwo8FDB652C", "HA232"),
    ),
    *_rows(
        "outage_failover/_watching.py",
        _switched,
        "Route53::RecordSet",
        "",
        ("{} must be a switch outside {}", "ResourceRecords", ["c-1.eu-central-1.elb.amazonaws.com"], "HA237"),
        ("{}, by check_switch_place", "ResourceRecords", ["c-1.eu-central-1.elb.amazonaws.com"], "HA237"),
    ),
    *_rows(
        "outage_failover/standby_takes_over.py",
        _switched,
        "Route53::RecordSet",
        "",
        ("switch, by check_switch_place", "ResourceRecords", ["c-1.eu-central-1.elb.amazonaws.com"], "HA237"),
    ),
    *_rows(
        "outage_failover/alarm_checks.py",
        _composite_beside,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("alarm must be one on a metric", "AlarmIdentifier.Name", "shop-down", "HA228"),
    ),
    *_rows(
        "outage_failover/calculated_checks.py",
        _counted,
        "Route53::HealthCheck#3",
        "HealthCheckConfig.",
        ("{} must be different health checks", "ChildHealthChecks.2", {"Ref": "one0A8EDDC8"}, "HA244"),
    ),
    *_rows(
        "outage_failover/bucket_replication/__init__.py",
        _copies,
        "S3::Bucket",
        "",
        ("{} must be a bucket with versioning", "VersioningConfiguration", ABSENT, "HA410"),
    ),
    *_rows(
        "origins/buckets.py",
        _own_bucket,
        "S3::Bucket",
        "",
        ("{} must be encrypted by S3 itself", "BucketEncryption", _BY_KMS, "HA040"),
    ),
    *_rows(
        "origins/buckets.py",
        _identified_bucket,
        "CloudFront::Distribution",
        _ORIGIN,
        ("{} must be in a Region that was there before 2023", "DomainName", "a.s3.il-central-1.amazonaws.com", "HA016"),
    ),
    *_rows(
        "origins/settings.py",
        _group,
        "CloudFront::Distribution",
        _ORIGIN,
        ("connection_attempts, by check_whole_number", "ConnectionAttempts", origin_waits.MOST_ATTEMPTS + 1, "HA011"),
        (
            "connection_timeout, by check_seconds",
            "ConnectionTimeout",
            origin_waits.LONGEST_CONNECTION_TIMEOUT + 1,
            "HA011",
        ),
        (
            "response_timeout, by check_seconds",
            "CustomOriginConfig.OriginReadTimeout",
            origin_waits.LONGEST_RAISED_TIMEOUT + 1,
            "HA017",
        ),
        (
            "keepalive_timeout, by check_seconds",
            "CustomOriginConfig.OriginKeepaliveTimeout",
            origin_waits.LONGEST_RAISED_TIMEOUT + 1,
            "HA017",
        ),
        (
            "response_completion_timeout, by check_seconds",
            "ResponseCompletionTimeout",
            origin_waits.LONGEST_COMPLETION_TIMEOUT + 1,
            "HA011",
        ),
        ("response_completion_timeout must be at least the response_ti", "ResponseCompletionTimeout", 4, "HA012"),
    ),
    *_rows(
        "origins/endpoints.py",
        _group,
        "CloudFront::Distribution",
        f"{_ORIGIN}OriginCustomHeaders.0.",
        ("custom_headers must be none of {}", "HeaderName", f"{headers.FORBIDDEN_HEADER_PREFIXES[0]}shop", "HA034"),
        ("custom_headers must be none of {}", "HeaderName", min(headers.FORBIDDEN_HEADERS), "HA034"),
    ),
    *_rows(
        "transient_errors/origin_failover.py",
        _group,
        "CloudFront::Distribution",
        _CODES,
        ("status_codes must hold each code once, got {}: CloudFront re", "Items", [503, 504, 503], "HA002"),
        ("status_codes, by check_choice", "Items", [501, 502, 503, 504], "HA002"),
        ("status_codes must include {}, got {}: CloudFront counts {} o", "Items", [500, 502], "HA003"),
        ("status_codes must hold at least one code, got none: the grou", "Items", [], "HA003"),
    ),
    *_rows(
        "outage_failover/bucket_failover.py",
        _buckets,
        "CloudFront::Distribution",
        _CODES,
        ("status_codes must include 403 beside 404, got {}: to a reade", "Items", [404, 500, 502, 503, 504], "HA014"),
    ),
    *_rows(
        "edge/error_responses.py",
        _pages,
        "CloudFront::Distribution",
        _ERRORS,
        ("{} of {} has response_http_status {} and no response_page_pa", "ResponsePagePath", ABSENT, "HA021"),
        ("{} must be a path without a query string", "ResponsePagePath", "/errors/503.html?a=1", "HA079"),
        ("{}, by check_page_path", "ResponsePagePath", "/errors/503.html?a=1", "HA079"),
        ("{}, by check_path", "ResponsePagePath", "errors/503.html", "HA021"),
    ),
    *_rows(
        "edge/error_responses.py",
        _stale,
        "CloudFront::Distribution",
        "DistributionConfig.CustomErrorResponses.1.",
        ("{} must hold each code once, got {} more than once: CloudFro", "ErrorCode", 500, "HA075"),
    ),
    *_rows(
        "active_active/path_routing.py",
        path_routing,
        "CloudFront::Distribution",
        "DistributionConfig.CacheBehaviors.1.",
        ("path, by check_path_pattern", "PathPattern", "/api2/{id}", "HA076"),
        ("routes[{}] {} is never reached: it matches the same paths as", "PathPattern", "/api1/*", "HA077"),
        ("routes[{}] {} is never reached: routes[{}] {} matches all of", "PathPattern", "/api1/orders/*", "HA077"),
    ),
    *_rows(
        "edge/path_patterns.py",
        path_routing,
        "CloudFront::Distribution",
        "DistributionConfig.CacheBehaviors.1.",
        (
            "{} must be path patterns of 1 to {} of the characters that C",
            "PathPattern",
            "x" * (path_patterns.LONGEST + 1),
            "HA076",
        ),
        ("{} must be path patterns without //, /./ and /../", "PathPattern", "/api2//*", "HA076"),
    ),
    *_rows(
        "edge/distribution.py",
        _pages,
        "CloudFront::Distribution",
        _ERRORS,
        ("error_responses, by check_error_responses", "ErrorCode", _WRONG_CODE, "HA020"),
    ),
    *_rows(
        "transient_errors/error_pages.py",
        _pages,
        "CloudFront::Distribution",
        _ERRORS,
        ("pages, by check_error_code", "ErrorCode", _WRONG_CODE, "HA020"),
        ("pages, by check_page_path", "ResponsePagePath", "errors/503.html", "HA021"),
        ("response_codes, by check_response_code", "ResponseCode", _WRONG_CODE, "HA020"),
        ("error_ttls, by check_error_ttl", "ErrorCachingMinTTL", 0, "HA024"),
    ),
    *_rows(
        "transient_errors/graceful_response.py",
        _graceful,
        "CloudFront::Distribution",
        _ERRORS,
        ("error_codes, by check_error_code", "ErrorCode", _WRONG_CODE, "HA020"),
    ),
    *_rows(
        "transient_errors/stale_content.py",
        _stale,
        "CloudFront::Distribution",
        _ERRORS,
        ("error_ttl, by check_error_ttl", "ErrorCachingMinTTL", 0, "HA024"),
    ),
    *_rows(
        "edge/kept.py",
        _stale,
        "CloudFront::Distribution",
        "DistributionConfig.DefaultCacheBehavior.",
        ("{} of {} {}", "OriginRequestPolicyId", _ALL_VIEWER, "HA030"),
    ),
    *_rows(
        "edge/functions.py",
        _router,
        "Lambda::Function",
        "",
        ("memory_size, by check_whole_number", "MemorySize", edge_functions.MOST_MEMORY + 1, "HA105"),
        ("timeout, by check_seconds", "Timeout", edge_functions.LONGEST_TIMEOUT + 1, "HA105"),
    ),
    *_rows(
        "edge/error_responses.py",
        _pages,
        "CloudFront::Distribution",
        _ERRORS,
        ("{}, by check_choice", "ErrorCode", _WRONG_CODE, "HA020"),
        ("{}, by check_choice #2", "ResponseCode", _WRONG_CODE, "HA020"),
        ("{}, by check_error_code", "ErrorCode", _WRONG_CODE, "HA020"),
        ("{}, by check_response_code", "ResponseCode", _WRONG_CODE, "HA020"),
        ("{}, by check_seconds", "ErrorCachingMinTTL", 0, "HA024"),
    ),
    *_rows(
        "transient_errors/error_pages.py",
        _pages,
        "CloudFront::Distribution",
        _ERRORS,
        ("{} takes the error page {} from its own origin, which may be", "ResponsePagePath", "/503.html", "HA022"),
    ),
    *_rows(
        "transient_errors/origin_failover.py",
        _group,
        "CloudFront::Distribution",
        "DistributionConfig.",
        (
            "{} allows {} on an origin group, which CloudFront refuses at",
            "DefaultCacheBehavior.AllowedMethods",
            ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
            "HA005",
        ),
        (
            "{} allows OPTIONS on an origin group but does not cache it,",
            "DefaultCacheBehavior.AllowedMethods",
            ["GET", "HEAD", "OPTIONS"],
            "HA006",
        ),
    ),
    *_rows(
        "outage_failover/load_balancers.py",
        _own_accelerator,
        "ElasticLoadBalancingV2::TargetGroup",
        "",
        ("target_groups must have health checks, got {}, where they ar", "HealthCheckEnabled", False, "HA306"),
    ),
    *_rows(
        "outage_failover/health_checks.py",
        _names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("protocol, by check_choice", "Type", "UDP", "HA220"),
        ("port, by check_whole_number", "Port", health_checks.PORTS[-1] + 1, "HA220"),
        ("interval, by check_choice", "RequestInterval", health_checks.INTERVALS[-1] + 1, "HA220"),
        ("failure_threshold, by check_whole_number", "FailureThreshold", health_checks.THRESHOLDS[-1] + 1, "HA220"),
        (
            "search_string must be 1 to {} characters",
            "SearchString",
            "x" * (health_checks.LONGEST_SEARCH_STRING + 1),
            "HA220",
        ),
        (
            "regions must be at least {} different ones",
            "Regions",
            ["us-east-1"] * health_checks.FEWEST_CHECKER_REGIONS,
            "HA220",
        ),
        ("regions, by check_choice", "Regions", ["us-east-1", "eu-west-1", "eu-west-9"], "HA220"),
        ("domain_name and ip_address are both missing: a health check", "FullyQualifiedDomainName", ABSENT, "HA220"),
        ("{} needs protocol HTTP or HTTPS, got TCP: a TCP check only c", "Type", "TCP", "HA220"),
        ("path, by check_path", "ResourcePath", "/" * (health_checks.LONGEST_PATH + 1), "HA220"),
    ),
    *_rows(
        "outage_failover/health_checks.py",
        _connecting,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("port is missing: a TCP check has no default port", "Port", ABSENT, "HA220"),
    ),
    *_rows(
        "outage_failover/health_checks.py",
        _address,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("ip_address, by check_public_address", "IPAddress", "10.0.0.1", "HA226"),
    ),
    *_rows(
        "outage_failover/_watching.py",
        _calculated,
        "Route53::HealthCheck#2",
        "HealthCheckConfig.",
        ("{} must be a check that can fail", "HealthThreshold", 0, "HA222"),
    ),
    *_rows(
        "outage_failover/calculated_checks.py",
        _calculated,
        "Route53::HealthCheck#2",
        "HealthCheckConfig.",
        ("health_threshold, by check_whole_number", "HealthThreshold", 0, "HA222"),
        ("health_threshold, by check_whole_number", "HealthThreshold", 3, "HA222"),
        (
            "{} must be 1 to {} health checks",
            "ChildHealthChecks",
            [f"id-{number}" for number in range(health_checks.MOST_CHILDREN + 1)],
            "HA222",
        ),
        (
            "{} must be health checks that are not calculated",
            "ChildHealthChecks",
            [{"Ref": "Any9F5837F9"}],
            "HA221",
        ),
    ),
    *_rows(
        "outage_failover/alarm_checks.py",
        _alarm,
        "CloudWatch::Alarm",
        "",
        (
            "alarm must be one on a single metric of its own account and",
            "Metrics",
            [{"Id": "m1", "Expression": "1"}],
            "HA228",
        ),
        ("the statistic of alarm, by check_choice", "ExtendedStatistic", "p90", "HA228"),
        ("the period of alarm must be at least {} s", "Period", health_checks.SHORTEST_ALARM_PERIOD - 1, "HA228"),
        ("datapoints_to_alarm of alarm must be all {} evaluation_perio", "DatapointsToAlarm", 1, "HA228"),
    ),
    *_rows(
        "outage_failover/alarm_checks.py",
        _alarm,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("alarm and alarm_name are both missing: the health check need", "AlarmIdentifier", ABSENT, "HA220"),
    ),
    *_rows(
        "origins/guard.py",
        _guarded,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{} asks {} for {}, which its guard covers: health checkers c", "ResourcePath", "/other", "HA227"),
    ),
    *_rows(
        "origins/places.py",
        _guarded,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("{} must be a host that faces the internet", "Scheme", "internal", "HA226"),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _names,
        "Route53::RecordSet",
        "",
        ("ttl, by check_seconds", "TTL", str(health_checks.LONGEST_TTL + 1), "HA204"),
        ("{} must not be a CloudFront distribution: Route 53 cannot ev", "AliasTarget", _TO_DISTRIBUTION, "HA208"),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _own_zone,
        "Route53::RecordSet",
        "",
        ("record_name must be in the hosted_zone {}", "Name", "origin.example.org", "HA250"),
        ("record_name must not be the zone's own name where endpoints", "Name", "example.com", "HA250"),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _aliases,
        "Route53::RecordSet",
        "",
        ("ttl cannot be chosen for alias records, Route 53 answers the", "TTL", "60", "HA250"),
    ),
    *_rows(
        "outage_failover/accelerators.py",
        _own_zone_accelerator,
        "Route53::RecordSet",
        "",
        ("domain_name must be in the hosted_zone {}", "Name", "shop.example.org", "HA250"),
    ),
    *_rows(
        "edge/distribution.py",
        _own_zone_site,
        "Route53::RecordSet",
        "",
        ("domain_name must be in the hosted_zone {}, got {}: records o", "Name", "www.example.org", "HA250"),
    ),
    *_rows(
        "edge/distribution.py",
        _own_zone_site,
        "CertificateManager::Certificate",
        "",
        ("certificate must be one for {}", "DomainName", "other.example.com", "HA071"),
    ),
    *_rows(
        "edge/distribution.py",
        _own_zone_site,
        "CloudFront::Distribution",
        "DistributionConfig.",
        ("certificate is missing for domain_name {}: give one of us-ea", "ViewerCertificate", ABSENT, "HA071"),
    ),
    *_rows(
        "active_active/latency_routing.py",
        _pairs,
        "Route53::RecordSet#4",
        "AliasTarget.",
        ("{} must be in the hosted zone {}", "HostedZoneId", "Z9876543210ABCDEFGHIJ", "HA252"),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _names,
        "Route53::RecordSet#1",
        "",
        ("{} must be another place than {}, got {} and {}, which share", "ResourceRecords", ["203.0.113.1"], "HA210"),
        ("{} must have the same kinds of records, got {}: a kind that", "Type", "AAAA", "HA202"),
    ),
    *_rows(
        "outage_failover/_shared_name.py",
        _names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        (
            "{} asks {}, the shared name itself: the check would follow t",
            "FullyQualifiedDomainName",
            "origin.example.com",
            "HA223",
        ),
        (
            "{} must have a name that is not the shared name itself, got",
            "FullyQualifiedDomainName",
            "origin.example.com",
            "HA223",
        ),
    ),
    *_rows(
        "outage_failover/bucket_dns_failover.py",
        _bucket_names,
        "Route53::RecordSet",
        "",
        ("health_checks[{}] is missing: Route 53 would name that bucke", "HealthCheckId", ABSENT, "HA201"),
        ("ttl, by check_seconds", "TTL", str(health_checks.LONGEST_TTL + 1), "HA204"),
    ),
    *_rows(
        "active_active/home_health.py",
        home_health_of,
        "Route53::RecordSet",
        "",
        ("health_checks must be by the Regions of homes ({})", "HealthCheckId", ABSENT, "HA201"),
    ),
    *_rows(
        "active_active/latency_routing.py",
        latency_routing,
        "Route53::RecordSet",
        "",
        ("members, by check_choice", "Region", "eu-west-9", "HA211"),
        ("{} is missing: Route 53 would answer with {} for as long as", "HealthCheckId", ABSENT, "HA207"),
    ),
    *_rows(
        "origins/places.py",
        _near_names,
        "Route53::RecordSet",
        "",
        ("{} must be in {}", "Region", "ap-south-1", "HA213"),
    ),
    *_rows(
        "outage_failover/accelerator_endpoints.py",
        multi_region_accelerator,
        "GlobalAccelerator::EndpointGroup",
        "",
        ("weight, by check_whole_number", "EndpointConfigurations.0.Weight", accelerators.MOST_WEIGHT + 1, "HA301"),
    ),
    *_rows(
        "outage_failover/accelerator_groups.py",
        multi_region_accelerator,
        "GlobalAccelerator::EndpointGroup",
        "",
        ("weight must be above 0 for one of the endpoints, got 0 for a", "EndpointConfigurations.0.Weight", 0, "HA305"),
        ("endpoints must be 1 to {}", "EndpointConfigurations", [], "HA305"),
        ("traffic_dial must be a number from 0 to {}", "TrafficDialPercentage", accelerators.MOST_DIAL + 1, "HA301"),
        ("interval, by check_choice", "HealthCheckIntervalSeconds", accelerators.INTERVALS[-1] + 1, "HA301"),
        ("threshold, by check_whole_number", "ThresholdCount", accelerators.THRESHOLDS[-1] + 1, "HA301"),
        ("health_check has no effect where all endpoints are load bala", "HealthCheckPath", "/health", "HA302"),
        ("endpoints must be in the Region of their group, {}, got {} i", "EndpointGroupRegion", "us-west-2", "HA309"),
    ),
    *_rows(
        "outage_failover/accelerators.py",
        multi_region_accelerator,
        "GlobalAccelerator::EndpointGroup",
        "",
        ("endpoint_groups must be of different Regions", "EndpointGroupRegion", "eu-central-1", "HA308"),
    ),
    *_rows(
        "outage_failover/accelerators.py",
        _standby_accelerator,
        "GlobalAccelerator::EndpointGroup",
        "",
        ("traffic_dial must be above 0 in one of endpoint_groups, got", "TrafficDialPercentage", 0, "HA303"),
    ),
    *_rows(
        "outage_failover/load_balancers.py",
        _own_accelerator,
        "ElasticLoadBalancingV2::TargetGroup",
        "",
        ("{}", "HealthCheckEnabled", False, "HA306"),
    ),
    *_rows(
        "outage_failover/accelerators.py",
        _own_accelerator,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("endpoints must be in two zones or more", "Subnets", ["subnet-1"], "HA307"),
    ),
    *_rows(
        "outage_failover/_watching.py",
        _address,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{} must be a check of {}", "IPAddress", "203.0.113.2", "HA232"),
        ("{} must be a check that is healthy while {} is", "Inverted", True, "HA233"),
    ),
    *_rows(
        "outage_failover/_watching.py",
        _near_names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{} must be a check of {} in {}", "FullyQualifiedDomainName", "b.us-west-2.elb.amazonaws.com", "HA234"),
    ),
    *_rows(
        "active_active/latency_routing.py",
        _near_names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("{} of {}, by check_watches", "FullyQualifiedDomainName", "a.us-east-1.elb.amazonaws.com", "HA232"),
    ),
    *_rows(
        "outage_failover/health_checks.py",
        _names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("domain_name must be a host that faces the internet", "FullyQualifiedDomainName", "192.0.2.1", "HA241"),
    ),
    *_rows(
        "outage_failover/accelerators.py",
        _own_accelerator,
        "GlobalAccelerator::Listener",
        "",
        ("protocol must be TCP with Application Load Balancers", "Protocol", "UDP", "HA310"),
    ),
    *_rows(
        "outage_failover/accelerator_flaws.py",
        _own_accelerator,
        "GlobalAccelerator::Listener",
        "",
        (
            "port_ranges has {}, and {} listens {} over {}: whoever conne",
            "PortRanges",
            [{"FromPort": 80, "ToPort": 80}],
            "HA310",
        ),
    ),
    *_rows(
        "outage_failover/accelerator_endpoints.py",
        _unseen_clients,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("preserve_client_ip must be True for {}", "Scheme", "internal", "HA311"),
    ),
    *_rows(
        "outage_failover/accelerator_endpoints.py",
        _dual_stack,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("{} must be dual-stack load balancers with ip_address_type DU", "IpAddressType", "ipv4", "HA311"),
    ),
    *_rows(
        "outage_failover/accelerator_endpoints.py",
        _addresses,
        "GlobalAccelerator::Accelerator",
        "",
        ("{} must be load balancers and instances with ip_address_type", "IpAddressType", "DUAL_STACK", "HA311"),
    ),
    *_rows(
        "outage_failover/zonal_shift.py",
        zonal_shift,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("load_balancer must be over two zones or more", "Subnets", ["subnet-1"], "HA315"),
    ),
    *_rows(
        "origins/endpoints.py",
        _api,
        "ApiGateway::RestApi",
        "",
        ("api must answer at its execute-api name, got {}, where disab", "DisableExecuteApiEndpoint", True, "HA027"),
    ),
    *_rows(
        "edge/judged.py",
        _access_point_site,
        "CloudFront::Distribution",
        "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations.0.",
        ("has a Multi-Region Access Point, for which CloudFront signs", "EventType", "origin-request", "HA107"),
    ),
    *_rows(
        "active_active/latency_routing.py",
        _pairs,
        "Route53::RecordSet#1",
        "",
        ("{} would never be left: its secondary has no health check, s", "HealthCheckId", ABSENT, "HA207"),
    ),
    *_rows(
        "outage_failover/dns_failover.py",
        _named,
        "Route53::HostedZone",
        "",
        ("{}, by check_public_zone", "VPCs", _VPCS, "HA045"),
    ),
    *_rows(
        "active_active/latency_routing.py",
        _near_in_own_zone,
        "Route53::HostedZone",
        "",
        ("{}, by check_public_zone", "VPCs", _VPCS, "HA045"),
    ),
    *_rows(
        "origins/endpoints.py",
        _named_addresses,
        "Route53::RecordSet",
        "",
        ("{}, by check_public_address", "ResourceRecords", ["10.0.0.1"], "HA045"),
    ),
    *_rows(
        "origins/endpoints.py",
        _group,
        "CloudFront::Distribution",
        _ORIGIN,
        ("origin_id must be 1 to {} printable characters", "Id", "x" * (LONGEST_ORIGIN_ID + 1), "HA044"),
        ("custom_headers, by check_header", "OriginCustomHeaders", _NO_HEADER, "HA034"),
        ("{}, by check_whole_number", "CustomOriginConfig.HTTPSPort", OTHER_ORIGIN_PORTS[0] - 1, "HA044"),
        ("origin_path must be without a / at the end", "OriginPath", "/prod/", "HA044"),
        ("origin_path, by check_path", "OriginPath", "prod", "HA044"),
        ("domain_name must be a host that faces the internet", "DomainName", _INTERNAL, "HA045"),
        ("domain_name, by check_domain_name", "DomainName", "203.0.113.1", "HA044"),
        ("domain_name, by check_domain_name #2", "DomainName", "https://app.example.com", "HA044"),
        ("load_balancer must be one that faces the internet #2", "DomainName", _INTERNAL, "HA045"),
    ),
    *_rows(
        "origins/endpoints.py",
        _access_point_site,
        "CloudFront::Distribution",
        _ORIGIN,
        ("domain_name, by check_domain_name #3", "DomainName", "app.example.com/site", "HA044"),
    ),
    *_rows(
        "origins/endpoints.py",
        _plain_balancer,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("load_balancer must be one that faces the internet", "Scheme", "internal", "HA045"),
    ),
    *_rows(
        "origins/endpoints.py",
        _api,
        "ApiGateway::RestApi",
        "",
        ("CloudFront asks {} by its execute-api name, which disable_ex", "DisableExecuteApiEndpoint", True, "HA027"),
    ),
    *_rows(
        "origins/places.py",
        _plain_balancer,
        "ElasticLoadBalancingV2::Listener",
        "",
        ("{} speaks {} there: give another port, or another protocol_p", "Protocol", "HTTPS", "HA036"),
    ),
    *_rows(
        "origins/places.py",
        _forwarding_balancer,
        "ElasticLoadBalancingV2::TargetGroup",
        "",
        ("{} has no targets, and a record goes by the health of all ta", "Targets", ABSENT, "HA314"),
    ),
    *_rows(
        "edge/functions.py",
        _router,
        "CloudFront::Distribution",
        "DistributionConfig.DefaultCacheBehavior.",
        ("has two functions on {}, and Lambda@Edge runs one: give one", "LambdaFunctionAssociations", _TWICE, "HA106"),
    ),
    *_rows(
        "origins/buckets.py",
        _buckets,
        "CloudFront::Distribution",
        "DistributionConfig.Origins.1.",
        ("{} must be another bucket than {}", "DomainName", "content-eu-west-1.s3-eu-west-1.amazonaws.com", "HA008"),
        ("{} must be in another Region than {}", "DomainName", "content-other.s3.eu-west-1.amazonaws.com", "HA009"),
    ),
    *_rows(
        "transient_errors/error_pages.py",
        _pages,
        "CloudFront::Distribution",
        "DistributionConfig.CacheBehaviors.0.",
        ("path_pattern, by check_path", "PathPattern", "/errors/{id}*", "HA076"),
        ("path_pattern must be a folder such as /errors/*", "PathPattern", "/*", "HA077"),
    ),
    *_rows(
        "transient_errors/error_pages.py",
        _pages,
        "CloudFront::Distribution",
        "DistributionConfig.DefaultCacheBehavior.",
        (
            "{} is served from the bucket that holds the error pages, so",
            "TargetOriginId",
            "TestSiteDistributionOrigin2179DF9DD",
            "HA022",
        ),
    ),
    *_rows(
        "edge/distribution.py",
        _own_zone_site,
        "Route53::HostedZone",
        "",
        ("{}, by check_public_zone", "VPCs", _VPCS, "HA250"),
    ),
    *_rows(
        "edge/judged.py",
        _own_zone_site,
        "CloudFront::Distribution",
        _ORIGIN,
        ("origin {} must be another name than those of the distributio", "DomainName", "www.example.com", "HA053"),
    ),
    *_rows(
        "origins/endpoints.py",
        _own_zone_site,
        "CloudFront::Distribution",
        _ORIGIN,
        ("domain_name and {} must be different names, got {} for both:", "DomainName", "www.example.com", "HA053"),
    ),
    *_rows(
        "origins/endpoints.py",
        _named_site,
        "Route53::RecordSet",
        "",
        (
            "{}, which {} leads to, must have another name than those of",
            "ResourceRecords",
            ["www.example.com"],
            "HA053",
        ),
    ),
    *_rows(
        "transient_errors/stale_content.py",
        _stale,
        "CloudFront::CachePolicy",
        "CachePolicyConfig.",
        ("default_ttl must be at most the max_ttl of {} s", "DefaultTTL", 86_401, "HA054"),
        ("default_ttl, by check_seconds", "DefaultTTL", 366 * 86_400, "HA054"),
        ("max_ttl, by check_seconds", "MaxTTL", 0, "HA054"),
    ),
    *_rows(
        "edge/inputs.py",
        _stale,
        "CloudFront::CachePolicy",
        "CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.",
        ("{} must be {}", "HeadersConfig", _IN_KEY | {"Headers": ["CloudFront-Viewer-Address"]}, "HA054"),
        (
            "headers, cookies and query_strings have names of {} characte",
            "HeadersConfig",
            _IN_KEY | {"Headers": ["x" * (POLICY_CHARACTERS + 1)]},
            "HA054",
        ),
    ),
    *_rows(
        "edge/distribution.py",
        _rooted,
        "S3::Bucket",
        "",
        ("log_bucket must be one that takes ACLs", "OwnershipControls", ABSENT, "HA080"),
        ("log_bucket must be one that is not encrypted with AWS's own", "BucketEncryption", _BY_KMS, "HA081"),
    ),
    *_rows(
        "edge/distribution.py",
        _rooted,
        "CloudFront::Distribution",
        "DistributionConfig.",
        (
            "log_bucket must be in a Region that is enabled by default",
            "Logging.Bucket",
            f"amzn-s3-demo-bucket1.s3.{min(NO_LOGS_REGIONS)}.amazonaws.com",
            "HA080",
        ),
    ),
    *_rows(
        "origins/places.py",
        _plain_balancer,
        "ElasticLoadBalancingV2::Listener",
        "",
        ("{} only redirects to HTTPS there, so that viewers would be s", "DefaultActions", _TO_HTTPS, "HA036"),
    ),
    *_rows(
        "edge/distribution.py",
        _rooted,
        "CloudFront::Distribution",
        "DistributionConfig.",
        ("default_root_object must be an object's name of at most {} c", "DefaultRootObject", "/index.html", "HA078"),
    ),
    *_rows(
        "outage_failover/accelerator_endpoints.py",
        _dual_stack,
        "GlobalAccelerator::EndpointGroup",
        "EndpointConfigurations.0.",
        ("preserve_client_ip must be True with ip_address_type DUAL_ST", "ClientIPPreservationEnabled", False, "HA311"),
    ),
    *_rows(
        "outage_failover/accelerator_groups.py",
        multi_region_accelerator,
        "GlobalAccelerator::EndpointGroup",
        "",
        ("protocol, by check_choice", "HealthCheckProtocol", "UDP", "HA301"),
        ("port, by check_whole_number", "HealthCheckPort", health_checks.PORTS[-1] + 1, "HA301"),
        ("path, by check_path", "HealthCheckPath", "health", "HA301"),
        ("path must be of letters, digits and -@:%_\\+.~#?&/=", "HealthCheckPath", "/{id}", "HA301"),
    ),
    *_rows(
        "outage_failover/accelerators.py",
        multi_region_accelerator,
        "GlobalAccelerator::Listener",
        "",
        ("port_ranges must be 1 to {} ranges", "PortRanges", _TOO_MANY_PORTS, "HA313"),
        ("port_ranges must be from a lower to a higher port", "PortRanges.0.ToPort", 1, "HA313"),
        ("port_ranges, by check_whole_number", "PortRanges.0.ToPort", health_checks.PORTS[-1] + 1, "HA313"),
    ),
    *_rows(
        "outage_failover/accelerator_flaws.py",
        _seen_clients,
        "ElasticLoadBalancingV2::LoadBalancer",
        "",
        ("preserve_client_ip of {} needs a load balancer with security", "SecurityGroups", ABSENT, "HA311"),
        ("preserve_client_ip of {} must be left out: an accelerator of", "IpAddressType", "dualstack", "HA311"),
    ),
    *_rows(
        "outage_failover/accelerator_flaws.py",
        _seen_clients,
        "ElasticLoadBalancingV2::Listener",
        "",
        ("preserve_client_ip of {} needs listeners without TLS, and it", "Protocol", "TLS", "HA311"),
    ),
    *_rows(
        "outage_failover/accelerator_flaws.py",
        _dual_network,
        "ElasticLoadBalancingV2::TargetGroup",
        "",
        ("{} must have instances with IPv4 addresses as targets: a dua", "TargetType", "ip", "HA311"),
        ("{} must have instances with IPv4 addresses as targets: a dua", "IpAddressType", "ipv6", "HA311"),
    ),
    *_rows(
        "outage_failover/shiftable.py",
        _shifted_network,
        "ElasticLoadBalancingV2::TargetGroup",
        "",
        ("the protocol of {} must be one of {}, got {}: {}", "Protocol", "UDP", "HA315"),
        ("the target of {} must be no Application Load Balancer: {}", "TargetType", "alb", "HA315"),
        ("{} must not end the connections of unhealthy targets: {}; se", "TargetGroupAttributes", [], "HA315"),
        ("{} must have cross-zone load balancing on, as its load balan", "TargetGroupAttributes", _OFF, "HA315"),
    ),
    *_rows(
        "outage_failover/shiftable.py",
        _shifted_behind,
        "EC2::Instance#1",
        "",
        ("the targets of {} are in one zone, and AWS shifts no such ta", "AvailabilityZone", "us-east-1a", "HA315"),
    ),
    *_rows(
        "outage_failover/shiftable.py",
        _shifted_behind,
        "ElasticLoadBalancingV2::TargetGroup#1",
        "Targets.0.",
        ("load_balancer is behind a Network Load Balancer, as a target", "Id", {"Ref": "Balancer71DDC9D9"}, "HA315"),
    ),
    *_rows(
        "outage_failover/zonal_shift.py",
        _blocked_shift,
        "ARCZonalShift::ZonalAutoshiftConfiguration",
        "PracticeRunConfiguration.",
        ("{} must be at most {}", "BlockedWindows", _TOO_MANY_BLOCKS, "HA317"),
        ("{} must be such as {}, in UTC", "BlockedWindows.0", "MON-08:00-18:00", "HA317"),
        ("blocked_windows must be from a time to a later one of the sa", "BlockedWindows.0", _OVER_MIDNIGHT, "HA317"),
        (
            "{} must be in the load balancer's Region, {}, got one in {}:",
            "OutcomeAlarms.0.AlarmIdentifier",
            _FAR_ALARM,
            "HA317",
        ),
    ),
    *_rows(
        "outage_failover/health_checks.py",
        _names,
        "Route53::HealthCheck",
        "HealthCheckConfig.",
        ("domain_name, by check_domain_name", "FullyQualifiedDomainName", "192.0.2.1", "HA241"),
    ),
    *_rows(
        "outage_failover/hybrid_failover.py",
        hybrid_failover,
        "CloudFront::Distribution",
        "DistributionConfig.CacheBehaviors.0.",
        ("{}, by check_path_pattern", "PathPattern", "/cart/{id}", "HA076"),
    ),
    *_rows(
        "outage_failover/same_path.py",
        same_path_site,
        "CloudFront::Distribution",
        "DistributionConfig.CacheBehaviors.0.FunctionAssociations",
        (
            "{} has two functions at viewer request, and CloudFront takes",
            "",
            [_viewer_function("one"), _viewer_function("two")],
            "HA106",
        ),
        ("{} has the function of its reads at viewer response, which i", ".0.EventType", "viewer-response", "HA121"),
    ),
]
