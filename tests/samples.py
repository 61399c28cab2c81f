"""Sample stacks and endpoints, and what tests read out of a synthesized stack."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_elasticloadbalancingv2_targets as elbv2_targets
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Annotations, Match, Template
from constructs import Construct

from ha_patterns import (
    AcceleratorEndpoint,
    BucketDnsRouter,
    BucketFailover,
    BucketPair,
    BucketProbe,
    BucketSet,
    DnsFailover,
    Endpoint,
    EndpointGroup,
    FailoverOriginGroup,
    GuardedListener,
    HomeHealth,
    HomeRegionRouter,
    HybridFailover,
    LatencyRouting,
    MultiAzAccelerator,
    MultiRegionAccelerator,
    MultiRegionAccessPoint,
    NamedBucket,
    NearestBucket,
    OriginGuard,
    PathRoute,
    PathRouting,
    RuleRouter,
    RuleSource,
    SamePathReads,
    TenantRouter,
    ZonalShift,
)

Properties = dict[str, Any]

#: All feature flags that this repository recommends.
ALL_FLAGS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "cdk.json").read_text())["context"]
CERTIFICATE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0c9b5c4e"
CLUSTER_ARN = "arn:aws:route53-recovery-control::123456789012:cluster/8d47920e-d789-437d-803a-2dcc4b204393"
TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:alarms"


def new_stack(region: str | None = "us-east-1", *, flags: Mapping[str, Any] | None = None) -> cdk.Stack:
    """An empty stack; without feature flags, as of someone who never had a ``cdk.json``."""
    app = cdk.App(context=dict(flags or {}))
    return cdk.Stack(app, "Test", env=cdk.Environment(region=region) if region else None)


def stack_in(region: str | None, beside: Construct, construct_id: str = "Elsewhere") -> cdk.Stack:
    """A second stack of the same app."""
    app = cdk.App.of(beside)
    return cdk.Stack(app, construct_id, env=cdk.Environment(region=region) if region else None)


def zone_of(scope: Construct, name: str = "example.com") -> route53.IHostedZone:
    """A public zone that exists already."""
    return route53.HostedZone.from_hosted_zone_attributes(
        scope, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name=name
    )


def text_token(scope: Construct, construct_id: str) -> str:
    """A string that only the deploy knows."""
    return cdk.CfnParameter(scope, construct_id).value_as_string


def number_token(scope: Construct, construct_id: str) -> int:
    """A number that only the deploy knows."""
    # What the CDK hands out is a float, which stands for whatever number it will be.
    return cdk.CfnParameter(scope, construct_id, type="Number").value_as_number  # type: ignore[return-value]


def list_token(scope: Construct, construct_id: str) -> list[str]:
    """A list that only the deploy knows."""
    return cdk.CfnParameter(scope, construct_id, type="CommaDelimitedList").value_as_list


def seconds_token(scope: Construct, construct_id: str) -> cdk.Duration:
    """A duration that only the deploy knows."""
    return cdk.Duration.seconds(number_token(scope, construct_id))


def primary_host() -> Endpoint:
    """An on-premises host with a name and an address."""
    return Endpoint.http_host("primary.example.com", ipv4_addresses=["203.0.113.1"])


def secondary_host() -> Endpoint:
    """Another one."""
    return Endpoint.http_host("secondary.example.com", ipv4_addresses=["203.0.113.2"])


def load_balancer(scope: Construct, construct_id: str = "LoadBalancer") -> elbv2.ILoadBalancerV2:
    """A load balancer that exists already."""
    return elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        scope,
        construct_id,
        load_balancer_arn=f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/{construct_id}/50dc6c49",
        security_group_id="sg-0123456789abcdef0",
        load_balancer_dns_name=f"{construct_id}.eu-west-1.elb.amazonaws.com",
        load_balancer_canonical_hosted_zone_id="Z32O12XQLNTSW2",
    )


def accelerator(scope: Construct, construct_id: str = "Accelerator") -> globalaccelerator.IAccelerator:
    """An accelerator that exists already."""
    return globalaccelerator.Accelerator.from_accelerator_attributes(
        scope,
        construct_id,
        accelerator_arn=f"arn:aws:globalaccelerator::123456789012:accelerator/{construct_id}",
        dns_name="a1234567890abcdef.awsglobalaccelerator.com",
    )


def rest_api(
    scope: Construct, construct_id: str = "RestApi", kind: apigateway.EndpointType = apigateway.EndpointType.REGIONAL
) -> apigateway.RestApi:
    """A REST API with two methods."""
    api = apigateway.RestApi(scope, construct_id, endpoint_types=[kind])
    api.root.add_method("GET")
    api.root.add_resource("health").add_method("GET")
    return api


def certificate(scope: Construct, construct_id: str = "Certificate") -> acm.ICertificate:
    """A certificate that exists already, in us-east-1."""
    return acm.Certificate.from_certificate_arn(scope, construct_id, CERTIFICATE_ARN)


def rest_domain(
    scope: Construct,
    construct_id: str = "RestDomain",
    kind: apigateway.EndpointType = apigateway.EndpointType.REGIONAL,
    *,
    name: str = "origin.example.com",
    mapped: bool = True,
) -> apigateway.DomainName:
    """A custom domain of API Gateway v1, which leads to an API that exists already."""
    domain = apigateway.DomainName(
        scope,
        construct_id,
        domain_name=name,
        certificate=certificate(scope, f"{construct_id}Certificate"),
        endpoint_type=kind,
    )
    if mapped:
        apigateway.CfnBasePathMapping(
            scope, f"{construct_id}Mapping", domain_name=domain.domain_name, rest_api_id="a1b2c3d4e5", stage="prod"
        )
    return domain


def http_domain(
    scope: Construct, construct_id: str = "HttpDomain", *, name: str = "origin.example.com", mapped: bool = True
) -> apigatewayv2.DomainName:
    """A custom domain of API Gateway v2, which leads to an API that exists already."""
    domain = apigatewayv2.DomainName(
        scope,
        construct_id,
        domain_name=name,
        certificate=certificate(scope, f"{construct_id}Certificate"),
    )
    if mapped:
        apigatewayv2.CfnApiMapping(
            scope, f"{construct_id}Mapping", domain_name=domain.name, api_id="a1b2c3d4e5", stage="$default"
        )
    return domain


def dns_failover(stack: cdk.Stack, **given: Any) -> DnsFailover:
    """A failover pair of two hosts under origin.example.com, where nothing else is said."""
    arguments: dict[str, Any] = {
        "record_name": "origin",
        "primary": primary_host(),
        "secondary": secondary_host(),
        **given,
    }
    if "hosted_zone" not in arguments:
        arguments["hosted_zone"] = zone_of(stack)
    return DnsFailover(stack, arguments.pop("construct_id", "Origin"), **arguments)


def hybrid_failover(stack: cdk.Stack, **given: Any) -> HybridFailover:
    """Two hosts under origin.example.com behind www.example.com, where nothing else is said."""
    arguments: dict[str, Any] = {
        "domain_name": "www.example.com",
        "failover_record_name": "origin",
        "primary": primary_host(),
        "secondary": secondary_host(),
        "write_paths": ["/cart/*", "/login"],
        **given,
    }
    if "hosted_zone" not in arguments:
        arguments["hosted_zone"] = zone_of(stack)
    return HybridFailover(stack, "Site", **arguments)


def same_path_site(
    stack: cdk.Stack,
    *,
    default_origin: cloudfront.IOrigin | None = None,
    functions: Sequence[cloudfront.FunctionAssociation] = (),
    group: Mapping[str, Any] | None = None,
    **options: Any,
) -> SamePathReads:
    """Someone else's distribution, with a path that is read and written, where nothing else is said."""
    origin_group = FailoverOriginGroup(
        **{"primary": primary_host(), "secondary": secondary_host(), "origin_id": "reads", **(group or {})}
    )
    reads = SamePathReads(stack, "Reads", origin_group=origin_group)
    site = cloudfront.Distribution(
        stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=default_origin or origin_group)
    )
    site.add_behavior(
        "/api/*",
        Endpoint.http_host("writes.example.com").origin(),
        allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
        function_associations=[reads.association, *functions],
        **options,
    )
    return reads


def metric_alarm(scope: Construct, construct_id: str = "Errors", **given: Any) -> cloudwatch.Alarm:
    """An alarm of a kind that Route 53 follows, named, where nothing else is said."""
    of_metric = {name: given.pop(name) for name in ("period", "statistic") if name in given}
    metric = cloudwatch.Metric(
        namespace="Shop", metric_name="Errors", **{"period": cdk.Duration.seconds(60), "statistic": "Sum", **of_metric}
    )
    return cloudwatch.Alarm(
        scope,
        construct_id,
        **{"metric": metric, "alarm_name": "shop-errors", "threshold": 1, "evaluation_periods": 2, **given},
    )


def imported_balancer(
    scope: Construct, region: str = "us-west-2", name: str = "a", vpc: ec2.IVpc | None = None
) -> elbv2.IApplicationLoadBalancer:
    """A load balancer of any Region that exists already; the same one each time."""
    found: Any = scope.node.try_find_child(f"Imported-{region}-{name}")
    return found or elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        scope,
        f"Imported-{region}-{name}",
        load_balancer_arn=f"arn:aws:elasticloadbalancing:{region}:123456789012:loadbalancer/app/{name}/50dc6c49",
        security_group_id="sg-0123456789abcdef0",
        vpc=vpc,
    )


def vpc_in(scope: Construct) -> ec2.IVpc:
    """A VPC over two zones: the one of the scope."""
    found = scope.node.try_find_child("Vpc")
    if isinstance(found, ec2.Vpc):
        return found
    return ec2.Vpc(
        scope,
        "Vpc",
        max_azs=2,
        nat_gateways=0,
        subnet_configuration=[ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC)],
    )


def new_balancer(scope: Construct, construct_id: str = "Balancer", **given: Any) -> elbv2.ApplicationLoadBalancer:
    """A load balancer over two zones."""
    return elbv2.ApplicationLoadBalancer(
        scope, construct_id, **{"vpc": vpc_in(scope), "internet_facing": True, **given}
    )


def listening(balancer: elbv2.ApplicationLoadBalancer, *ports: int) -> elbv2.ApplicationLoadBalancer:
    """A load balancer with listeners, in front of one target group."""
    group = target_group(balancer, "ListenersTargets")
    for port in ports or (443,):
        balancer.add_listener(
            f"Listener{port}", port=port, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[group]
        )
    return balancer


def dual_stack_balancer(scope: Construct) -> elbv2.ApplicationLoadBalancer:
    """A load balancer with IPv4 and IPv6 addresses."""
    vpc = ec2.Vpc(
        scope,
        "DualStackVpc",
        max_azs=2,
        nat_gateways=0,
        ip_protocol=ec2.IpProtocol.DUAL_STACK,
        subnet_configuration=[ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC)],
    )
    return new_balancer(scope, vpc=vpc, ip_address_type=elbv2.IpAddressType.DUAL_STACK)


def instance_in(scope: Construct, zone: int = 0, construct_id: str = "Instance") -> ec2.Instance:
    """A server of one's own, in one of the zones of the VPC."""
    return ec2.Instance(
        scope,
        construct_id,
        vpc=vpc_in(scope),
        vpc_subnets=ec2.SubnetSelection(subnets=[vpc_in(scope).public_subnets[zone]]),
        instance_type=ec2.InstanceType("t4g.nano"),
        machine_image=ec2.MachineImage.generic_linux({"us-west-2": "ami-1", "us-east-1": "ami-1"}),
    )


def elastic_ip(scope: Construct, region: str | None = None) -> ec2.CfnEIP:
    """An address, of another Region where one is given."""
    home = scope if region is None else stack_in(region, beside=scope)
    return ec2.CfnEIP(home, "Address")


def lambda_target(scope: Construct, construct_id: str = "TargetFunction") -> elbv2_targets.LambdaTarget:
    """A function that a load balancer calls."""
    function = lambda_.Function(
        scope,
        construct_id,
        runtime=lambda_.Runtime.PYTHON_3_14,
        handler="index.handler",
        code=lambda_.Code.from_inline("handler = None"),
    )
    return elbv2_targets.LambdaTarget(function)


def target_group(
    scope: Construct, construct_id: str = "Targets", *, enabled: bool | None = True, **health_check: Any
) -> elbv2.ApplicationTargetGroup:
    """A function behind a load balancer, with its health checks on."""
    return elbv2.ApplicationTargetGroup(
        scope,
        construct_id,
        target_type=elbv2.TargetType.LAMBDA,
        targets=[lambda_target(scope, f"{construct_id}Function")],
        health_check=elbv2.HealthCheck(enabled=enabled, **health_check),
    )


def endpoint_group(
    scope: Construct, region: str, target_group: elbv2.IApplicationTargetGroup | None = None, **given: Any
) -> EndpointGroup:
    """A group of one load balancer that exists already."""
    endpoint = AcceleratorEndpoint.application_load_balancer(
        imported_balancer(scope, region), target_groups=[target_group] if target_group else []
    )
    return EndpointGroup(**{"region": region, "endpoints": [endpoint], **given})


def multi_region_accelerator(
    stack: cdk.Stack, target_group: elbv2.IApplicationTargetGroup | None = None, **given: Any
) -> MultiRegionAccelerator:
    """An accelerator over two Regions, where nothing else is said."""
    if "endpoint_groups" not in given:
        regions = ("eu-west-1", "eu-central-1")
        given["endpoint_groups"] = [endpoint_group(stack, region, target_group) for region in regions]
    return MultiRegionAccelerator(stack, "Accelerator", **given)


def multi_az_accelerator(stack: cdk.Stack, **given: Any) -> MultiAzAccelerator:
    """An accelerator in front of a load balancer over two zones, where nothing else is said."""
    if "endpoints" not in given:
        given["endpoints"] = [AcceleratorEndpoint.application_load_balancer(listening(new_balancer(stack)))]
    return MultiAzAccelerator(stack, "Accelerator", **given)


def errors_alarm(scope: Construct, construct_id: str = "Errors") -> cloudwatch.Alarm:
    """An alarm on what users get."""
    metric = cloudwatch.Metric(namespace="Sample", metric_name="Errors")
    return metric.create_alarm(scope, construct_id, threshold=1, evaluation_periods=1)


def zonal_shift(stack: cdk.Stack, **given: Any) -> ZonalShift:
    """A load balancer over two zones that can leave one of them, where nothing else is said."""
    if "load_balancer" not in given:
        given["load_balancer"] = new_balancer(stack)
    if "outcome_alarm" not in given:
        given["outcome_alarm"] = errors_alarm(stack)
    return ZonalShift(stack, "ZonalShift", **given)


def guard(**given: Any) -> OriginGuard:
    """What the origins of a shop agree on, where nothing else is said."""
    return OriginGuard(**{"name": "shop/guard", "health_path": "/health", **given})


def closed_listener(stack: cdk.Stack, **given: Any) -> elbv2.ApplicationListener:
    """A listener that answers nobody yet."""
    balancer = given.pop("load_balancer", None) or new_balancer(stack)
    certificates = [elbv2.ListenerCertificate.from_arn(CERTIFICATE_ARN)]
    return balancer.add_listener("Https", **{"port": 443, "certificates": certificates, "open": False, **given})


def guarded_listener(stack: cdk.Stack, **given: Any) -> GuardedListener:
    """A listener in front of one target group, where nothing else is said."""
    arguments = {"guard": guard(), **given}
    if "listener" not in arguments:
        arguments["listener"] = closed_listener(stack)
    if "target_groups" not in arguments:
        arguments["target_groups"] = [target_group(stack)]
    return GuardedListener(stack, "Guard", **arguments)


def content_bucket(stack: cdk.Stack, region: str, **given: Any) -> s3.Bucket:
    """A bucket that replicates, made by another stack of the app."""
    arguments = {"bucket_name": f"content-{region}", "versioned": True, **given}
    return s3.Bucket(stack_in(region, stack, f"Content-{region}"), "Bucket", **arguments)


def imported_bucket(stack: cdk.Stack, region: str) -> s3.IBucket:
    """A bucket that exists already."""
    return s3.Bucket.from_bucket_attributes(
        stack, f"Imported-{region}", bucket_name=f"imported-{region}", region=region
    )


def bucket_pair(stack: cdk.Stack, **given: Any) -> BucketPair:
    """Content in Ireland and Frankfurt, where nothing else is said."""
    arguments = dict(given)
    for role, region in (("primary", "eu-west-1"), ("secondary", "eu-central-1")):
        if role not in arguments:
            arguments[role] = content_bucket(stack, region)
    return BucketPair(**arguments)


def bucket_failover(stack: cdk.Stack, **given: Any) -> BucketFailover:
    """A site out of a pair of buckets, where nothing else is said."""
    return BucketFailover(stack, "Site", **{"buckets": given.pop("buckets", None) or bucket_pair(stack), **given})


def access_point(stack: cdk.Stack, **given: Any) -> MultiRegionAccessPoint:
    """Content in Ireland and Frankfurt under one name, where nothing else is said."""
    if "buckets" not in given:
        given["buckets"] = [content_bucket(stack, region) for region in ("eu-west-1", "eu-central-1")]
    return MultiRegionAccessPoint(stack, "AccessPoint", **{"name": "content", **given})


def nearest_bucket(stack: cdk.Stack, **given: Any) -> NearestBucket:
    """A site out of the nearer of two buckets, where nothing else is said."""
    return NearestBucket(stack, "Site", **{"buckets": given.pop("buckets", None) or bucket_pair(stack), **given})


def bucket_probe(bucket: NamedBucket, beside: Construct, **given: Any) -> BucketProbe:
    """A probe in a stack of the bucket's Region."""
    stack = stack_in(bucket.region, beside, f"Probe-{bucket.region}")
    return BucketProbe(stack, "Probe", **{"bucket": bucket, "probe_name": f"content-{bucket.region}", **given})


def bucket_dns_router(stack: cdk.Stack, **given: Any) -> BucketDnsRouter:
    """Buckets under bucket.example.com, each with a probe: a pair, where nothing else is said."""
    buckets: BucketSet = given.pop("buckets", None) or bucket_pair(stack)
    arguments: dict[str, Any] = {"buckets": buckets, "record_name": "bucket", **given}
    if "hosted_zone" not in arguments:
        arguments["hosted_zone"] = zone_of(stack)
    if "health_checks" not in arguments:
        arguments["health_checks"] = {bucket.region: bucket_probe(bucket, stack) for bucket in buckets.buckets}
    return BucketDnsRouter(stack, "Router", **arguments)


def latency_routing(stack: cdk.Stack, **given: Any) -> LatencyRouting:
    """Two hosts in two Regions under api.example.com, where nothing else is said."""
    arguments: dict[str, Any] = {
        "record_name": "api",
        "members": {"eu-west-1": primary_host(), "us-east-1": secondary_host()},
        **given,
    }
    if "hosted_zone" not in arguments:
        arguments["hosted_zone"] = zone_of(stack)
    return LatencyRouting(stack, "Api", **arguments)


def rule_router(stack: cdk.Stack, **given: Any) -> RuleRouter:
    """Rules in a table that choose between two hosts, where nothing else is said."""
    arguments: dict[str, Any] = {
        "origins": {"stable": primary_host(), "canary": secondary_host()},
        "default_origin": "stable",
        "source": RuleSource.table(replica_regions=["eu-west-1", "ap-southeast-2"]),
        **given,
    }
    return RuleRouter(stack, "Router", **arguments)


def static_rules(stack: cdk.Stack, *rules: Any, host: str = "*", **given: Any) -> RuleRouter:
    """The same with rules in the function."""
    return rule_router(stack, source=RuleSource.static({host: {"rules": list(rules)}}), **given)


def tenant_router(stack: cdk.Stack, **given: Any) -> TenantRouter:
    """Tenants below apps.example.com, where nothing else is said."""
    arguments: dict[str, Any] = {
        "default": primary_host(),
        "allowed_origin_suffixes": [".apps.example.com"],
        "replica_regions": ["eu-west-1"],
        **given,
    }
    return TenantRouter(stack, "Tenants", **arguments)


def _two_homes() -> dict[str, Endpoint]:
    return {"eu-west-1": Endpoint.http_host("eu.example.com"), "us-west-2": Endpoint.http_host("us.example.com")}


def home_health_of(stack: cdk.Stack, **given: Any) -> HomeHealth:
    """The health of two hosts in two Regions below home.example.com, where nothing else is said."""
    arguments: dict[str, Any] = {"record_name": "home", "homes": _two_homes(), **given}
    if "hosted_zone" not in arguments:
        arguments["hosted_zone"] = zone_of(stack)
    return HomeHealth(stack, "Health", **arguments)


def home_router(stack: cdk.Stack, **given: Any) -> HomeRegionRouter:
    """Homes on two hosts in two Regions, where nothing else is said; homes may be given by name."""
    homes = {
        region: Endpoint.http_host(home) if isinstance(home, str) else home
        for region, home in given.pop("homes", _two_homes()).items()
    }
    return HomeRegionRouter(stack, "Homes", homes=homes, **given)


def path_routing(stack: cdk.Stack, **given: Any) -> PathRouting:
    """Two hosts by path behind www.example.com, where nothing else is said."""
    arguments: dict[str, Any] = {
        "routes": [
            PathRoute(path="/api1/*", to=primary_host()),
            PathRoute(path="/api2/*", to=secondary_host()),
            PathRoute(path="*", to=Endpoint.http_host("other.example.com")),
        ],
        "domain_name": "www.example.com",
        **given,
    }
    if "hosted_zone" not in arguments:
        arguments["hosted_zone"] = zone_of(stack)
    return PathRouting(stack, "Paths", **arguments)


def properties(template: Template, resource_type: str) -> list[Properties]:
    """The properties of all resources of a type, in the order of the template."""
    return [dict(resource.get("Properties", {})) for resource in template.find_resources(resource_type).values()]


def only(template: Template, resource_type: str) -> Properties:
    """The properties of the one resource of a type."""
    (found,) = properties(template, resource_type)
    return found


def deployable(stack: cdk.Stack) -> dict[str, Any]:
    """A template that an account takes which was never bootstrapped."""
    template = dict(Template.from_stack(stack).to_json())
    template["Parameters"].pop("BootstrapVersion")
    template.pop("Rules")
    return template


def logical_id(template: Template, resource_type: str) -> str:
    """The logical id of the one resource of a type."""
    (found,) = template.find_resources(resource_type)
    return str(found)


def distribution_config(template: Template) -> Properties:
    """The configuration of the one distribution."""
    return dict(only(template, "AWS::CloudFront::Distribution")["DistributionConfig"])


def origin(config: Properties, origin_id: str) -> Properties:
    """One origin of a distribution."""
    (found,) = (each for each in config["Origins"] if each["Id"] == origin_id)
    return dict(found)


def group_members(config: Properties, group_id: str | None = None) -> list[Properties]:
    """The origins of a distribution's one origin group, or of the one with an id: the primary first."""
    (group,) = (each for each in config["OriginGroups"]["Items"] if group_id in {None, each["Id"]})
    return [origin(config, member["OriginId"]) for member in group["Members"]["Items"]]


def failover_codes(config: Properties) -> list[int]:
    """The status codes of a distribution's one origin group."""
    (group,) = config["OriginGroups"]["Items"]
    return list(group["FailoverCriteria"]["StatusCodes"]["Items"])


def headers_of(member: Properties) -> dict[str, str]:
    """The headers that CloudFront adds to each request to an origin."""
    return {header["HeaderName"]: header["HeaderValue"] for header in member.get("OriginCustomHeaders", ())}


def waits(origin_of_config: Properties) -> tuple[Any, Any, Any]:
    """How often CloudFront tries to connect to an origin, and how long it waits for that and for a response."""
    return (
        origin_of_config["ConnectionAttempts"],
        origin_of_config["ConnectionTimeout"],
        origin_of_config["CustomOriginConfig"]["OriginReadTimeout"],
    )


def warnings_of(stack: cdk.Stack) -> set[tuple[str, str]]:
    """The warnings of a stack: the construct's path, and the id that acknowledges it."""
    found = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    ids = ((message.id, re.search(r"\[ack: ([^\]]+)\]$", str(message.entry.data))) for message in found)
    return {(path, acknowledgment[1]) for path, acknowledgment in ids if acknowledgment}


def refused_synth(stack: cdk.Stack) -> str:
    """What the synth of a stack says when it is refused."""
    try:
        Template.from_stack(stack)
    except RuntimeError as error:
        return str(error)
    raise AssertionError("the synth was not refused")
