"""Bad input of health checks, failover records, switches, buckets, accelerators and zonal shifts.

Inputs that the CDK accepts in silence and AWS refuses at deploy, or worse, accepts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_elasticloadbalancingv2_targets as elbv2_targets
from aws_cdk import aws_globalaccelerator as globalaccelerator
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ha_patterns import (
    AcceleratorEndpoint,
    AcceleratorHealthCheck,
    AlarmHealthCheck,
    BucketProbe,
    BucketReplication,
    BucketSet,
    CalculatedHealthCheck,
    Endpoint,
    EndpointGroup,
    EndpointHealthCheck,
    HealthCheckSettings,
    MultiRegionAccessPoint,
    RoutingControlFailover,
    RoutingControls,
    SamePathReads,
    TrafficSwitch,
)

from ..bad_input import (
    LIST,
    NUMBER,
    TEXT,
    TIME,
    Build,
    accelerated,
    accelerator_group,
    accepted,
    add_alarms,
    address_group,
    alarm_topic,
    api_by_name,
    assert_accepted,
    assert_refused,
    behind_cloudfront,
    bucket_endpoint,
    built,
    cdk_check,
    elsewhere,
    endpoint_check,
    host_at,
    imported_checks,
    imported_site,
    in_partition,
    in_seconds,
    in_stack,
    load_balanced,
    make,
    origin_failover,
    origin_group,
    refused,
    shop_of,
    site_of,
)
from ..samples import (
    CERTIFICATE_ARN,
    CLUSTER_ARN,
    TOPIC_ARN,
    access_point,
    bucket_dns_router,
    bucket_failover,
    bucket_pair,
    bucket_probe,
    content_bucket,
    dns_failover,
    elastic_ip,
    errors_alarm,
    home_health_of,
    hybrid_failover,
    imported_balancer,
    imported_bucket,
    instance_in,
    latency_routing,
    listening,
    load_balancer,
    metric_alarm,
    multi_az_accelerator,
    multi_region_accelerator,
    new_balancer,
    number_token,
    path_routing,
    primary_host,
    rest_api,
    rest_domain,
    same_path_site,
    secondary_host,
    seconds_token,
    stack_in,
    target_group,
    text_token,
    vpc_in,
    zonal_shift,
    zone_of,
)

_EDGE_FUNCTIONS_PAGE = "edge-function-restrictions-all.html"


_ROLES = ("primary", "secondary")


_PATHS = ("write_paths", "read_write_paths")


_Methods = cloudfront.AllowedMethods


_Policy = cloudfront.OriginRequestPolicy


def _routing_controls(stack: cdk.Stack, **given: Any) -> RoutingControls:
    return RoutingControls(stack, "Controls", **{"cluster_arn": CLUSTER_ARN, **given})


def _routing_failover(stack: cdk.Stack, **given: Any) -> RoutingControlFailover:
    arguments = {"cluster_arn": CLUSTER_ARN, "hosted_zone": zone_of(stack), "record_name": "origin", **given}
    return RoutingControlFailover(stack, "Failover", primary=primary_host(), secondary=secondary_host(), **arguments)


def _of_account(stack: cdk.Stack, account: str) -> cdk.Stack:
    """A second stack of the same app, of an account."""
    environment = cdk.Environment(region="us-east-1", account=account)
    return cdk.Stack(cdk.App.of(stack), f"Of-{account}", env=environment)


def _own_function(stack: cdk.Stack) -> cloudfront.FunctionAssociation:
    """A function of someone else's at viewer request."""
    function = cloudfront.Function(stack, "Own", code=cloudfront.FunctionCode.from_inline("function handler() {}"))
    return cloudfront.FunctionAssociation(function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST)


def _edge_lambda(stack: cdk.Stack, kind: cloudfront.LambdaEdgeEventType) -> cloudfront.EdgeLambda:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:own:7"
    return cloudfront.EdgeLambda(function_version=lambda_.Version.from_version_arn(stack, "Own", arn), event_type=kind)


def _with_edge_lambda(
    stack: cdk.Stack, *, origin: cloudfront.IOrigin, kind: cloudfront.LambdaEdgeEventType
) -> cloudfront.Distribution:
    return site_of(stack, origin=origin, edge_lambdas=[_edge_lambda(stack, kind)])


def _viewer_lambda(stack: cdk.Stack, event: str) -> list[cloudfront.EdgeLambda]:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:own:7"
    version = lambda_.Version.from_version_arn(stack, "Version", arn)
    kind = cloudfront.LambdaEdgeEventType[f"VIEWER_{event.upper()}"]
    return [cloudfront.EdgeLambda(function_version=version, event_type=kind)]


def _calculated(stack: cdk.Stack, **given: Any) -> CalculatedHealthCheck:
    if "child_health_checks" not in given:
        given["child_health_checks"] = imported_checks(stack, 2)
    return CalculatedHealthCheck(stack, "Check", **given)


def _calculated_of_the_shared_name(stack: cdk.Stack) -> CalculatedHealthCheck:
    child = cdk_check(stack, fqdn="origin.example.com")
    return CalculatedHealthCheck(stack, "Calculated", child_health_checks=[child])


def _of_no_child(stack: cdk.Stack) -> route53.HealthCheck:
    kind = route53.HealthCheckType.CALCULATED
    return route53.HealthCheck(
        stack, "Check", type=kind, child_health_checks=imported_checks(stack, 2), health_threshold=0
    )


def _calculated_of(stack: cdk.Stack, *, names: Sequence[str], turned: int = 0) -> CalculatedHealthCheck:
    children = [EndpointHealthCheck(stack, f"Of-{name}", domain_name=name, inverted=turned == 2) for name in names]
    return CalculatedHealthCheck(stack, "Calculated", child_health_checks=children, inverted=turned > 0)


def _checked_by(stack: cdk.Stack, pair: Sequence[Endpoint], name: str) -> object:
    check = endpoint_check(stack, domain_name=name)
    return dns_failover(stack, primary=pair[0], secondary=pair[1], primary_health_check=check)


def _balancers_checked(stack: cdk.Stack) -> object:
    """Load balancers of two stacks, whose logical ids are the same; the check asks the other one."""
    there = stack_in("eu-west-1", stack)
    balancers = [new_balancer(each) for each in (stack, there)]
    pair = [Endpoint.load_balancer(one, domain_name=f"b{n}.example.com") for n, one in enumerate(balancers)]
    return _checked_by(there, pair, balancers[1].load_balancer_dns_name)


def _imported_balancers_checked(stack: cdk.Stack) -> object:
    pair = [Endpoint.load_balancer(load_balancer(stack, n), domain_name=f"{n}.example.com") for n in ("one", "two")]
    return _checked_by(stack, pair, "dualstack.two.eu-west-1.elb.amazonaws.com")


def _metric_checked(stack: cdk.Stack) -> object:
    """The check follows an alarm on the other load balancer."""
    balancers = [new_balancer(stack, "One"), new_balancer(stack, "Two")]
    pair = [Endpoint.load_balancer(one, domain_name=f"b{n}.example.com") for n, one in enumerate(balancers)]
    metric = balancers[1].metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT, period=Duration.seconds(60))
    alarm = metric.create_alarm(stack, "Failing", threshold=1, evaluation_periods=1)
    check = AlarmHealthCheck(stack, "Check", alarm=alarm)
    return dns_failover(stack, primary=pair[0], secondary=pair[1], primary_health_check=check)


def _of_metric(stack: cdk.Stack, namespace: str, **dimensions: str) -> AlarmHealthCheck:
    """A check that follows an alarm on a metric with dimensions."""
    metric = cloudwatch.Metric(
        namespace=namespace, metric_name="Errors", dimensions_map=dimensions, period=Duration.seconds(60)
    )
    return AlarmHealthCheck(
        stack, "Check", alarm=metric.create_alarm(stack, "Failing", threshold=1, evaluation_periods=1)
    )


def rest_pair(stack: cdk.Stack, *names: str) -> dict[str, Endpoint]:
    """Two REST APIs with custom domains, of which the CDK takes the ids for their names."""
    return {
        role: Endpoint.api_gateway(api=rest_api(stack, name), custom_domain=rest_domain(stack, f"Domain{name}"))
        for role, name in zip(_ROLES, names or ("One", "Two"), strict=True)
    }


def _api_name_checked(stack: cdk.Stack) -> object:
    pair = rest_pair(stack)
    return dns_failover(stack, **pair, primary_health_check=_of_metric(stack, "AWS/ApiGateway", ApiName="Two"))


def _named_alarm_checked(stack: cdk.Stack) -> object:
    """The alarm is given by its name and Region, as the CDK's own check takes it, and is of this app."""
    pair = rest_pair(stack)
    metric_alarm(
        stack,
        metric=cloudwatch.Metric(namespace="AWS/ApiGateway", metric_name="5XXError", dimensions_map={"ApiName": "Two"}),
    )
    check = route53.HealthCheck(
        stack,
        "Check",
        type=route53.HealthCheckType.CLOUDWATCH_METRIC,
        alarm_identifier=route53.AlarmIdentifier(name="shop-errors", region="us-east-1"),
    )
    return dns_failover(stack, **pair, primary_health_check=check)


def group_checked(stack: cdk.Stack, watched: str = "Two") -> object:
    """The check follows an alarm on a target group of a load balancer that gets its listener later."""
    groups = {name: target_group(stack, f"Targets{name}") for name in ("One", "Two")}
    balancers = {name: new_balancer(stack, name) for name in groups}
    pair = [Endpoint.load_balancer(one, domain_name=f"b{name}.example.com") for name, one in balancers.items()]
    check = _of_metric(stack, "AWS/ApplicationELB", TargetGroup=groups[watched].target_group_full_name)
    made = dns_failover(stack, primary=pair[0], secondary=pair[1], primary_health_check=check)
    for name, balancer in balancers.items():
        balancer.add_listener(
            "Listener", port=443, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[groups[name]]
        )
    return made


def _of_cdk_children(stack: cdk.Stack, *names: str) -> route53.HealthCheck:
    children = [EndpointHealthCheck(stack, f"Of-{name}", domain_name=name) for name in names]
    kind = route53.HealthCheckType.CALCULATED
    return route53.HealthCheck(stack, "Check", type=kind, child_health_checks=children, health_threshold=1)


def _controls_checked(stack: cdk.Stack, roles: Sequence[str]) -> object:
    controls = _routing_controls(stack)
    checks = {"primary": controls.primary_health_check, "standby": controls.standby_health_check}
    given = [checks[role] for role in roles]
    return dns_failover(stack, primary_health_check=given[0], secondary_health_check=given[1])


def _probe_wrapped(stack: cdk.Stack) -> object:
    """A check of one's own follows the alarm of the probe of the other bucket."""
    buckets = bucket_pair(stack)
    check = _alarm_check(stack, alarm=bucket_probe(buckets.secondary, stack).alarm)
    return bucket_dns_router(stack, buckets=buckets, health_checks={"eu-west-1": check})


def _apis_checked(stack: cdk.Stack) -> object:
    apis = [rest_api(stack, name) for name in ("One", "Two")]
    pair = [
        Endpoint.api_gateway(api=api, custom_domain=rest_domain(stack, f"Domain{n}"), origin_path="/prod")
        for n, api in enumerate(apis)
    ]
    return _checked_by(stack, pair, f"{apis[1].rest_api_id}.execute-api.us-east-1.amazonaws.com")


def service_of(scope: Construct, target_group_arn: str, *, tasks: int | None = 1) -> cdk.CfnResource:
    """A service whose tasks are the targets of a target group."""
    balance = {"containerName": "web", "containerPort": 80, "targetGroupArn": target_group_arn}
    return cdk.CfnResource(
        scope, "Service", type="AWS::ECS::Service", properties={"desiredCount": tasks, "loadBalancers": [balance]}
    )


def idle_balancer(scope: Construct) -> tuple[elbv2.ApplicationLoadBalancer, elbv2.ApplicationTargetGroup]:
    """A load balancer and its one target group, which has no targets."""
    balancer = new_balancer(scope)
    group = elbv2.ApplicationTargetGroup(
        scope, "IdleTargets", vpc=vpc_in(scope), port=80, target_type=elbv2.TargetType.IP
    )
    balancer.add_listener("Listener", port=443, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[group])
    return balancer, group


def _idle(stack: cdk.Stack, *, tasks: int | None = None) -> Endpoint:
    """A load balancer whose one target group has no targets."""
    balancer, group = idle_balancer(stack)
    if tasks is not None:
        service_of(stack, group.target_group_arn, tasks=tasks)
    return Endpoint.load_balancer(balancer, domain_name="idle.example.com")


def _alarm_check(stack: cdk.Stack, **given: Any) -> AlarmHealthCheck:
    return AlarmHealthCheck(stack, "Check", **given)


def _switch(stack: cdk.Stack, **given: Any) -> TrafficSwitch:
    return TrafficSwitch(stack, "Switch", **given)


def _joined(*regions: str) -> Build:
    """An access point over buckets that exist already."""
    return lambda stack: access_point(stack, buckets=[imported_bucket(stack, region) for region in regions])


def _routes_to(*, point: MultiRegionAccessPoint, active: Sequence[str]) -> str:
    return point.routes_command(active)


_HEALTH_CHECKS = [
    *(
        refused(
            f"interval of {seconds:g} s",
            make(HealthCheckSettings, interval=in_seconds(seconds)),
            f"interval must be one of 10, 30, got {seconds:g}",
            "in seconds",
        )
        for seconds in (15, 0, 10.5, 60)
    ),
    refused(
        "interval that is a number",
        make(HealthCheckSettings, interval=10),
        "interval must be a Duration",
        "got 10, an int: write Duration.seconds(10)",
    ),
    *(
        refused(
            f"{threshold!r} failures",
            make(HealthCheckSettings, failure_threshold=threshold),
            f"failure_threshold must be a whole number from 1 to 10, got {threshold!r}",
        )
        for threshold in (0, 11)
    ),
    *(
        refused(
            f"checks from {len(regions)} Regions, {len(set(regions))} of them different",
            make(HealthCheckSettings, regions=regions),
            f"regions must be at least 3 different ones, got {regions!r}",
        )
        for regions in ([], ["us-east-1", "eu-west-1"], ["us-east-1", "us-east-1", "eu-west-1"])
    ),
    *(
        refused(
            f"checks from {region}",
            make(HealthCheckSettings, regions=["us-east-1", "eu-west-1", region]),
            "regions must be one of us-east-1, us-west-1, us-west-2, eu-west-1, ap-southeast-1",
            f"got {region!r}",
            "Route 53 has checkers there only",
        )
        for region in ("eu-west-3", "mars-1")
    ),
    *(
        refused(
            f"a check over {protocol!r}",
            make(HealthCheckSettings, protocol=protocol),
            f"protocol must be one of HTTPS, HTTP, TCP, got {protocol!r}",
        )
        for protocol in ("ICMP", "https", "HTTPS_STR_MATCH", "")
    ),
    refused(
        "a TCP check without a port",
        make(HealthCheckSettings, protocol="TCP"),
        "port is missing: a TCP check has no default port",
    ),
    *(
        refused(
            f"a TCP check with a {argument}",
            make(HealthCheckSettings, protocol="TCP", port=1, **{argument: "/"}),
            f"{argument} needs protocol HTTP or HTTPS, got TCP",
        )
        for argument in ("path", "search_string")
    ),
    *(
        refused(
            f"a check of port {port!r}",
            make(HealthCheckSettings, port=port),
            f"port must be a whole number from 1 to 65535, got {port!r}",
        )
        for port in (0, 65536)
    ),
    *(
        refused(
            f"a check of path {path[:8]!r}",
            make(HealthCheckSettings, path=path),
            f"path must be a path of at most 255 characters that starts with /, got {path!r}",
        )
        for path in ("health", "", f"/{'a' * 255}", "/\n")
    ),
    *(
        refused(
            f"a search for {length} characters",
            make(HealthCheckSettings, search_string="x" * length),
            f"search_string must be 1 to 255 characters, got '{length} characters'",
        )
        for length in (0, 256)
    ),
    *(
        refused(
            f"a check over {protocol} of nothing",
            in_stack(endpoint_check, settings=HealthCheckSettings(protocol=protocol, port=443)),
            "domain_name and ip_address are both missing",
            "a health check needs something to ask",
        )
        for protocol in ("HTTPS", "HTTP", "TCP")
    ),
    refused(
        "a check of an address as a name",
        in_stack(endpoint_check, domain_name="203.0.113.1"),
        "domain_name must be a domain name and not an IP address, got '203.0.113.1'",
        "an address is given as ip_address",
    ),
    *(
        refused(
            f"a check of {address}",
            in_stack(endpoint_check, ip_address=address),
            f"ip_address must be a public IPv{version} address, got {address!r}",
        )
        for address, version in (("10.0.0.1", 4), ("a.example.com", 4), ("fd00::1", 6), ("::g", 6))
    ),
]


_CALCULATED_HEALTH_CHECKS = [
    *(
        refused(
            f"a status out of {count} checks",
            in_stack(_calculated, child_health_checks=in_stack(imported_checks, count=count)),
            f"child_health_checks must be 1 to 256 health checks, got '{count} of them'",
        )
        for count in (0, 257)
    ),
    *(
        refused(
            f"{threshold!r} of 2 checks",
            in_stack(_calculated, health_threshold=threshold),
            f"health_threshold must be a whole number from 1 to 2, got {threshold!r}",
            "with 0 the check is always healthy, and with more than there are children it never is",
        )
        for threshold in (0, 3, -1)
    ),
    refused(
        "a check that counts twice",
        lambda stack: _calculated(stack, child_health_checks=2 * imported_checks(stack, 1)),
        "child_health_checks must be different health checks, got ['Test/Child0', 'Test/Child0']",
    ),
    refused(
        "a status out of a calculated one",
        lambda stack: CalculatedHealthCheck(stack, "Nested", child_health_checks=[_calculated(stack)]),
        "child_health_checks must be health checks that are not calculated, got 'Test/Check'",
        "give its children",
    ),
    refused(
        "a status out of a calculated one of the CDK's",
        lambda stack: _calculated(
            stack,
            child_health_checks=[
                route53.HealthCheck(
                    stack,
                    "Nested",
                    type=route53.HealthCheckType.CALCULATED,
                    child_health_checks=imported_checks(stack, 1),
                )
            ],
        ),
        "child_health_checks must be health checks that are not calculated, got 'Test/Nested'",
    ),
    refused(
        "a status out of a check of another stack",
        in_stack(
            lambda stack, **given: _calculated(stack, child_health_checks=list(given.values())),
            child=elsewhere(in_stack(endpoint_check, domain_name="a.example.com")),
        ),
        "child_health_checks must be made in the stack of the calculated check, got one of Elsewhere",
        "make both in one stack",
    ),
]


_ALARM_HEALTH_CHECKS = [
    refused("a check of no alarm", in_stack(_alarm_check), "alarm and alarm_name are both missing"),
    refused(
        "a check of an alarm without its Region",
        in_stack(_alarm_check, alarm_name="errors"),
        "alarm_region is missing: Route 53 finds an alarm by name and Region",
    ),
    *(
        refused(
            f"an alarm beside its {argument}",
            in_stack(_alarm_check, alarm=metric_alarm, **{argument: "eu-west-1"}),
            "alarm excludes alarm_name and alarm_region",
        )
        for argument in ("alarm_name", "alarm_region")
    ),
    *(
        refused(
            f"an alarm called {name[:8]!r}",
            in_stack(_alarm_check, alarm_name=name, alarm_region="eu-west-1"),
            f"alarm_name must be 1 to 255 characters, got {name!r}",
        )
        for name in ("", "x" * 256, "a\n")
    ),
    *(
        refused(
            f"an alarm in {region!r}",
            in_stack(_alarm_check, alarm_name="errors", alarm_region=region),
            f"alarm_region must be an AWS Region such as eu-west-1, got {region!r}",
        )
        for region in ("mars", "", "eu-west-1a")
    ),
    *(
        refused(
            f"an alarm with {what}",
            in_stack(_alarm_check, alarm=in_stack(metric_alarm, **given)),
            said,
            "health-checks-creating-values.html",
        )
        for what, given, said in (
            ("a percentile", {"statistic": "p90"}, "the statistic of alarm must be one of Average, Minimum, Maximum"),
            ("high resolution", {"period": in_seconds(10)}, "the period of alarm must be at least 60 s, got '10 s'"),
            (
                "2 of 3 periods",
                {"evaluation_periods": 3, "datapoints_to_alarm": 2},
                "datapoints_to_alarm of alarm must be all 3 evaluation_periods, got 2",
            ),
            (
                "metric math",
                {
                    "metric": cloudwatch.MathExpression(
                        expression="a * 2",
                        using_metrics={"a": cloudwatch.Metric(namespace="Shop", metric_name="Errors")},
                    )
                },
                "alarm must be one on a single metric of its own account and Region, got 'Test/Errors'",
            ),
            (
                "a metric of another account",
                {"metric": cloudwatch.Metric(namespace="Shop", metric_name="Errors", account="210987654321")},
                "alarm must be one on a single metric of its own account and Region, got 'Test/Errors'",
            ),
        )
    ),
    refused(
        "a composite alarm",
        in_stack(
            _alarm_check,
            alarm=lambda stack: cloudwatch.CompositeAlarm(
                stack, "Both", alarm_rule=cloudwatch.AlarmRule.from_boolean(value=True)
            ),
        ),
        "alarm must be one on a metric, got 'Test/Both'",
    ),
    refused(
        "an alarm of another stack without a chosen name",
        in_stack(_alarm_check, alarm=elsewhere(in_stack(metric_alarm, alarm_name=None))),
        "alarm must be one with an alarm_name that was chosen, got 'Elsewhere/Errors'",
    ),
    refused(
        "an alarm of a stack without a Region",
        in_stack(_alarm_check, alarm=lambda stack: metric_alarm(stack_in(None, stack))),
        "alarm must be one in a stack with a Region, got 'Elsewhere/Errors'",
        "env=Environment(region=",
    ),
    refused(
        "an alarm of another account",
        lambda stack: AlarmHealthCheck(
            cdk.Stack(cdk.App.of(stack), "Mine", env=cdk.Environment(region="us-east-1", account="123456789012")),
            "Check",
            alarm=metric_alarm(
                cdk.Stack(cdk.App.of(stack), "Theirs", env=cdk.Environment(region="us-east-1", account="210987654321"))
            ),
        ),
        "alarm must be one of this account, 123456789012, got 'one of 210987654321'",
    ),
    refused(
        "a status without data that is none",
        in_stack(_alarm_check, alarm=metric_alarm, insufficient_data_health_status="Ok"),
        "insufficient_data_health_status must be an InsufficientDataHealthStatusEnum of aws_route53 or None, got 'Ok'",
        "write InsufficientDataHealthStatusEnum.HEALTHY or .UNHEALTHY or .LAST_KNOWN_STATUS",
    ),
]


_TRAFFIC_SWITCHES = [
    *(
        refused(
            f"a switch called {name[:8]!r}",
            in_stack(_switch, switch_name=name),
            f"switch_name must be 1 to 200 letters, digits, '.', '_' and '-', got {name!r}",
        )
        for name in ("", "x" * 201, "a b", "a/b", "shop\n", "straße")
    ),
    *(
        row
        for construct in (dns_failover, hybrid_failover)
        for row in (
            refused(
                f"a failback of a {construct.__name__} that is none",
                in_stack(construct, failback="never"),
                "failback must be one of automatic, manual, got 'never'",
            ),
        )
    ),
    refused(
        "a manual failback in another Region",
        elsewhere(in_stack(dns_failover, failback="manual")),
        "failback='manual' must be in us-east-1, got a stack in eu-west-1",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
    refused(
        "a manual failback over a calculated check",
        in_stack(dns_failover, failback="manual", primary_health_check=_calculated),
        "child_health_checks must be health checks that are not calculated, got 'Test/Check'",
    ),
]


_DNS_FAILOVER = [
    *(
        refused(
            f"{what} as both endpoints",
            in_stack(dns_failover, primary=one, secondary=two),
            "secondary must be another place than primary, got Endpoint(",
            "one outage takes them both",
        )
        for what, one, two in (
            ("the same name", host_at("a.example.com", "203.0.113.1"), host_at("a.example.com", "203.0.113.2")),
            ("the same address", host_at(None, "203.0.113.1"), host_at(None, "203.0.113.1")),
            (
                "one of several addresses",
                host_at(None, "203.0.113.1", "203.0.113.2"),
                host_at(None, "203.0.113.2", "203.0.113.3"),
            ),
        )
    ),
    refused(
        "the same address under two names as both endpoints",
        in_stack(
            dns_failover,
            primary=host_at("a.example.com", "203.0.113.1"),
            secondary=host_at("b.example.com", "203.0.113.1"),
        ),
        "secondary must be another place than primary, got Endpoint(a.example.com) and Endpoint(b.example.com)",
        "which share 203.0.113.1: one outage takes them both",
    ),
    refused(
        "the same load balancer under two names as both endpoints",
        lambda stack: dns_failover(
            stack,
            **{
                role: Endpoint.load_balancer(balancer, domain_name=f"{role}.example.com")
                for balancer in [load_balancer(stack)]
                for role in _ROLES
            },
        ),
        "secondary must be another place than primary",
    ),
    refused(
        "endpoints that are connected to in two ways",
        in_stack(dns_failover, secondary=host_at("b.example.com", "203.0.113.2", https_port=8443)),
        "primary and secondary must be connected to in the same way",
        "got ('HTTPS_ONLY', 80, 443, None) and ('HTTPS_ONLY', 80, 8443, None)",
        "give both the same protocol_policy, ports and origin_path",
    ),
    *(
        refused(f"{what} as {role}", in_stack(dns_failover, **{role: endpoint}), f"{role} must {says}", remedy)
        for what, endpoint, says, remedy in (
            (
                "a bucket",
                bucket_endpoint,
                "not be a bucket, got Endpoint(content.s3.eu-west-1.amazonaws.com)",
                "put two buckets into an origin group (BucketFailover)",
            ),
            (
                "a distribution",
                behind_cloudfront,
                "not be a CloudFront distribution",
                "fail over behind it, with an origin group or this pair as its origin",
            ),
            (
                "an API without a custom domain",
                make(Endpoint.api_gateway, api=rest_api, origin_path="/prod"),
                "answer to origin.example.com, got Endpoint(",
                "Endpoint.api_gateway(custom_domain=...)",
            ),
        )
        for role in _ROLES
    ),
    *(
        refused(
            what,
            in_stack(dns_failover, primary=one, secondary=two),
            f"primary and secondary must have the same kinds of records, got {kinds}",
            "give both IPv4 addresses, and IPv6 to both or neither, or both a name alone",
        )
        for what, one, two, kinds in (
            ("an address beside a name", primary_host(), host_at("b.example.com"), "A and CNAME"),
            (
                "IPv6 of one alone",
                host_at("a.example.com", "203.0.113.1", ipv6_addresses=["2001:db8::1"]),
                secondary_host(),
                "A+AAAA and A",
            ),
            (
                "IPv4 beside IPv6",
                primary_host(),
                host_at("b.example.com", ipv6_addresses=["2001:db8::1"]),
                "A and AAAA",
            ),
            ("a name beside an alias", host_at("a.example.com"), accelerated, "CNAME and A+AAAA"),
            ("an alias beside a name", accelerated, host_at("a.example.com"), "A+AAAA and CNAME"),
        )
    ),
    refused(
        "names alone at the apex of the zone",
        in_stack(
            dns_failover,
            record_name="example.com",
            primary=host_at("a.example.net"),
            secondary=host_at("b.example.net"),
        ),
        "record_name must not be the zone's own name where endpoints are known by name alone, got 'example.com'",
        "give the endpoints addresses or an alias",
    ),
    *(
        refused(
            f"{name!r} as record name",
            in_stack(dns_failover, record_name=name),
            "record_name must be a domain name such as origin.example.com (no scheme, no port, no path)",
            f"got '{name}.example.com'",
            "it is the name that the endpoints share",
        )
        for name in ("", "or igin", "https://origin", "*")
    ),
    *(
        refused(
            f"{name!r} as record name in the zone example.com",
            in_stack(dns_failover, record_name=name),
            "record_name must be in the hosted_zone example.com",
            f"got {name!r}",
        )
        for name in ("origin.example.org.", "myexample.com.")
    ),
    *(
        refused(
            f"{name!r}, without a final dot, as record name in the zone example.com",
            in_stack(dns_failover, record_name=name),
            "record_name must be relative to the hosted_zone example.com, or a name in it",
            f"got {name!r}: it would become {name}.example.com",
            "if that is meant, end it with .example.com.",
        )
        for name in ("origin.example.org", "origin.shop.com", "Origin.EXAMPLE.net", "myexample.com")
    ),
    *(
        refused(
            f"a zone whose name is not given, at {what}",
            in_stack(
                build,
                hosted_zone=lambda stack: route53.HostedZone.from_hosted_zone_id(stack, "ById", "Z2ABCDEFGHIJKL"),
                **given,
            ),
            "hosted_zone must be a zone whose name is given, got 'a zone with an id alone': ",
            "in place of from_hosted_zone_id, write HostedZone.from_hosted_zone_attributes(self, ",
        )
        for what, build, given in (
            ("a failover", dns_failover, {}),
            ("a full name", dns_failover, {"record_name": "origin.example.com."}),
            ("routing by latency", latency_routing, {}),
            ("a hybrid site", hybrid_failover, {}),
            ("a router of buckets", bucket_dns_router, {}),
            ("an accelerator", multi_az_accelerator, {"domain_name": "www.example.com"}),
            ("the health of homes", home_health_of, {}),
            ("paths", path_routing, {}),
        )
    ),
    *(
        refused(
            f"a private zone, {what}",
            in_stack(dns_failover, hosted_zone=zone),
            "hosted_zone must be a public one, got 'example.com'",
            "nobody outside its VPCs can ask a private one",
        )
        for what, zone in (
            ("by its class", lambda s: route53.PrivateHostedZone(s, "Z", zone_name="example.com", vpc=vpc_in(s))),
            ("by its VPCs", lambda s: route53.HostedZone(s, "Z", zone_name="example.com", vpcs=[vpc_in(s)])),
        )
    ),
    refused(
        "a zone of another account",
        lambda stack: dns_failover(
            _of_account(stack, "111111111111"),
            hosted_zone=route53.PublicHostedZone(_of_account(stack, "222222222222"), "Zone", zone_name="example.com"),
        ),
        "hosted_zone must be one of the stack's own account, 111111111111, got 'one of 222222222222'",
        "delegate a zone to this one",
    ),
    refused(
        "a TTL for aliases",
        in_stack(dns_failover, primary=accelerated, secondary=load_balanced, ttl=in_seconds(30)),
        "ttl cannot be chosen for alias records, Route 53 answers them with 60 s",
        "leave it out",
    ),
    *(
        refused(
            f"a TTL of {seconds:g} s",
            in_stack(dns_failover, ttl=in_seconds(seconds)),
            f"ttl must be whole seconds from 0 to 3600, got '{seconds:g} s'",
            "resolvers keep the primary's answer that long into an outage",
        )
        for seconds in (3601, 0.5)
    ),
    refused(
        "a TTL that is a number",
        in_stack(dns_failover, ttl=60),
        "ttl must be a Duration",
        "got 60, an int: write Duration.seconds(60)",
    ),
    *(
        refused(
            f"a check of the failover name, {what}",
            in_stack(dns_failover, **given),
            f"{argument} asks origin.example.com, the shared name itself",
            "the check would follow the failover that it decides",
            "check a name or address that only this endpoint has",
        )
        for what, argument, given in (
            (
                "by an EndpointHealthCheck",
                "primary_health_check",
                {"primary_health_check": in_stack(endpoint_check, domain_name="origin.example.com")},
            ),
            (
                "by a HealthCheck of the CDK",
                "primary_health_check",
                {"primary_health_check": in_stack(cdk_check, fqdn="ORIGIN.example.com")},
            ),
            (
                "by a HealthCheck of the CDK, for the secondary",
                "secondary_health_check",
                {"secondary_health_check": in_stack(cdk_check, fqdn="origin.example.com.")},
            ),
            (
                "by a child of a calculated check",
                "primary_health_check",
                {"primary_health_check": _calculated_of_the_shared_name},
            ),
        )
    ),
    *(
        refused(
            f"a {role} whose own name is the failover name, {what}",
            in_stack(
                dns_failover, **{role: host_at(name, *addresses), other: host_at("b.example.com", *others)}, **given
            ),
            f"{role} must have a name that is not the shared name itself, got 'origin.example.com'",
            "its health check and record would follow the failover that they decide",
            "give it a name or address that only it has",
        )
        for role, other in (_ROLES, reversed(_ROLES))
        for what, name, addresses, others, given in (
            ("with an address", "Origin.example.com.", ["203.0.113.1"], ["203.0.113.2"], {}),
            (
                "so that its record points at itself",
                "origin.example.com",
                [],
                [],
                {"primary_health_check": in_stack(cdk_check, fqdn="health.example.com")},
            ),
        )
    ),
    *(
        refused(
            f"a check of the other endpoint, {what}",
            in_stack(dns_failover, **given),
            f"{argument} must be a check of Endpoint({own}), got {got}",
            "so traffic would leave the one that is healthy and stay at the one that is not; swap the checks",
        )
        for what, argument, own, got, given in (
            (
                "by its name",
                "primary_health_check",
                "primary.example.com",
                "'Secondary.example.com.': it watches secondary, Endpoint(secondary.example.com)",
                {"primary_health_check": in_stack(cdk_check, fqdn="Secondary.example.com.")},
            ),
            (
                "by its address",
                "primary_health_check",
                "primary.example.com",
                "'203.0.113.2': it watches secondary",
                {"primary_health_check": in_stack(endpoint_check, ip_address="203.0.113.2")},
            ),
            (
                "for the secondary",
                "secondary_health_check",
                "secondary.example.com",
                "'primary.example.com': it watches primary",
                {"secondary_health_check": in_stack(endpoint_check, domain_name="primary.example.com")},
            ),
            (
                "by a child of a calculated check",
                "primary_health_check",
                "primary.example.com",
                "'secondary.example.com': it watches secondary",
                {"primary_health_check": in_stack(_calculated_of, names=["secondary.example.com", "a.example.net"])},
            ),
            (
                "by a child of a calculated check of the CDK's",
                "primary_health_check",
                "primary.example.com",
                "'secondary.example.com': it watches secondary",
                {"primary_health_check": lambda stack: _of_cdk_children(stack, "secondary.example.com")},
            ),
            (
                "turned around twice",
                "primary_health_check",
                "primary.example.com",
                "'secondary.example.com': it watches secondary",
                {"primary_health_check": in_stack(_calculated_of, names=["secondary.example.com"], turned=2)},
            ),
        )
    ),
    *(
        refused(
            f"a check of the other {what}",
            build,
            "primary_health_check must be a check of Endpoint(",
            "it watches secondary",
        )
        for what, build in (
            ("load balancer", _balancers_checked),
            ("imported load balancer", _imported_balancers_checked),
            ("load balancer, by its metric", _metric_checked),
            ("API", _apis_checked),
            ("API, by the name that its metric has", _api_name_checked),
            ("API, by an alarm that is given by its name", _named_alarm_checked),
        )
    ),
    refused(
        "a check of the other load balancer, by the metric of its target group",
        group_checked,
        "primary_health_check must be a check of Endpoint(bOne.example.com), got 'Test/TargetsTwo/Resource'",
        "it watches secondary, Endpoint(bTwo.example.com)",
        at="Test/Check",
    ),
    *(
        refused(
            f"the {own} follows the routing control of the {other}",
            make_controls,
            f"{argument} must be one that follows the routing control {own!r}, got 'Test/Controls/",
            f"it follows {other!r}, so to turn that Off would take out the endpoint that is to serve; swap the checks",
        )
        for argument, own, other, make_controls in (
            (
                "primary_health_check",
                "primary",
                "standby",
                lambda stack: _controls_checked(stack, ("standby", "primary")),
            ),
            (
                "secondary_health_check",
                "standby",
                "primary",
                lambda stack: _controls_checked(stack, ("primary", "primary")),
            ),
        )
    ),
    *(
        refused(
            f"a check of the endpoint, turned around, {what}",
            in_stack(dns_failover, **given),
            f"{argument} must be a check that is healthy while Endpoint({own}) is, got {own!r}",
            "traffic would leave the endpoint while it answers, and stay while it does not; take inverted off",
        )
        for what, argument, own, given in (
            (
                "by its name",
                "primary_health_check",
                "primary.example.com",
                {"primary_health_check": in_stack(endpoint_check, domain_name="primary.example.com", inverted=True)},
            ),
            (
                "of the CDK",
                "primary_health_check",
                "primary.example.com",
                {"primary_health_check": in_stack(cdk_check, fqdn="primary.example.com", inverted=True)},
            ),
            (
                "by a calculated check",
                "primary_health_check",
                "primary.example.com",
                {"primary_health_check": in_stack(_calculated_of, names=["primary.example.com"], turned=1)},
            ),
            (
                "for the secondary",
                "secondary_health_check",
                "secondary.example.com",
                {
                    "secondary_health_check": in_stack(
                        endpoint_check, domain_name="secondary.example.com", inverted=True
                    )
                },
            ),
        )
    ),
    refused(
        "a check that never fails, as none of its children counts",
        in_stack(dns_failover, primary_health_check=_of_no_child),
        "primary_health_check must be a check that can fail, got 'Test/Check'",
        "with a health_threshold of 0 it is healthy for ever",
    ),
    refused(
        "a switch in the Region of its endpoint",
        lambda stack: dns_failover(
            stack,
            primary=load_balanced(stack),
            secondary=accelerated(stack),
            primary_health_check=_alarm_check(
                stack, alarm=_switch(stack_in("eu-west-1", stack, "Switches"), switch_name="shop").alarm
            ),
        ),
        "primary_health_check must be a switch outside eu-west-1, got 'Test/Check': its switch is in eu-west-1",
        "make the switch in another Region, such as the standby's",
    ),
    refused(
        "a check in another Region than its endpoint's",
        lambda stack: dns_failover(
            stack,
            primary=load_balanced(stack),
            secondary=accelerated(stack),
            primary_health_check=endpoint_check(stack, domain_name="shop.us-east-1.elb.amazonaws.com"),
        ),
        "primary_health_check must be a check of Endpoint(a.example.com) in eu-west-1, got "
        "'shop.us-east-1.elb.amazonaws.com'",
        "it watches us-east-1, so an outage of eu-west-1 would not be noticed; watch a name in eu-west-1",
    ),
    *(
        refused(
            f"a target group {what}, of a record that evaluates the health of its target",
            in_stack(dns_failover, primary=build, secondary=accelerated),
            "Test/IdleTargets/Resource has no targets, and a record goes by the health of all target groups of "
            "Test/Balancer/Resource",
            "register targets, or, if they come from elsewhere, give evaluate_target_health=False",
            at="Test/Origin",
        )
        for what, build in (("without targets", _idle), ("with a service of 0 tasks", in_stack(_idle, tasks=0)))
    ),
    refused(
        "a check of an internal load balancer",
        in_stack(endpoint_check, domain_name="internal-a-1.eu-west-1.elb.amazonaws.com"),
        "domain_name must be a host that faces the internet, got 'internal-a-1.eu-west-1.elb.amazonaws.com'",
        "health checkers do not reach it",
    ),
    refused(
        "a check of another stack",
        in_stack(
            dns_failover,
            primary_health_check=lambda stack: endpoint_check(
                stack_in("us-east-1", stack), domain_name="a.example.com"
            ),
        ),
        "primary_health_check must be made in the stack of the record, got one of Elsewhere",
        "make both in one stack",
    ),
    refused(
        "a check of an endpoint with several addresses and no name",
        in_stack(dns_failover, primary=host_at(None, "203.0.113.1", "203.0.113.3")),
        "primary_health_check cannot be made: Endpoint(203.0.113.1, 203.0.113.3) has no name of its own",
        "give the endpoint a domain_name, or a health check of yours",
    ),
    refused(
        "an objective that a pair cannot meet",
        in_stack(dns_failover, recovery_time_objective=in_seconds(112)),
        "recovery_time_objective of 112 s cannot be met: failover takes up to 113 s",
        "48 s until an outage is noticed + 65 s until traffic has moved",
        "lower these settings or raise the objective",
    ),
    refused(
        "an objective for a check whose time is not known",
        in_stack(
            dns_failover,
            primary_health_check=in_stack(cdk_check, fqdn="a.example.com"),
            recovery_time_objective=in_seconds(600),
        ),
        "failover_time cannot be computed: Test/Check has no detection_time",
        "make it with HealthCheckSettings(...)",
    ),
    refused(
        "an objective for a TTL that only the deploy knows",
        in_stack(dns_failover, ttl=in_stack(seconds_token, construct_id="Ttl"), recovery_time_objective=in_seconds(90)),
        "ttl is a token, known only at deploy",
        "give it as a plain Duration",
    ),
    refused(
        "alarms on checks in another Region",
        elsewhere(make(add_alarms, construct=dns_failover, topic=alarm_topic)),
        "an alarm must be in us-east-1, got a stack in eu-west-1: health checks' metrics exist in us-east-1 only",
        "put it in a stack with env=Environment(region='us-east-1')",
    ),
]


_ROUTING_CONTROLS = [
    refused(
        "routing controls without a cluster",
        in_stack(_routing_controls, cluster_arn=None),
        "give cluster_arn or create_cluster=True, got neither",
        "a new one costs $2.50 an hour, about $1,825 a month",
    ),
    refused(
        "routing controls with two clusters",
        in_stack(_routing_controls, create_cluster=True),
        "give cluster_arn or create_cluster=True, got both",
    ),
    *(
        refused(
            f"cluster {arn!r}",
            in_stack(_routing_controls, cluster_arn=arn),
            "cluster_arn must be the ARN of a cluster such as arn:aws:route53-recovery-control::123456789012:cluster/",
            f"got {arn!r}: control panels are made in one",
        )
        for arn in (
            "",
            "8d47920e",
            f"{CLUSTER_ARN}/x",
            CLUSTER_ARN.replace("cluster/", "controlpanel/"),
            CLUSTER_ARN.replace("::", ":us-west-2:"),
            TOPIC_ARN,
        )
    ),
    *(
        refused(
            f"name of routing controls {name!r}",
            in_stack(_routing_controls, name=name),
            "name must be 1 to 64 characters without white space and & > < ' \" ;",
            f"got {name!r}",
            "routing-control.html",
        )
        for name in ("", "two words", "a;b", "it's", "x" * 65)
    ),
    refused(
        "routing controls in another Region",
        elsewhere(in_stack(_routing_controls)),
        "routing controls must be in one of us-east-1, us-west-2",
        "got a stack in eu-west-1: CloudFormation has them nowhere else",
        "put them, and the records that follow them, in a stack of us-east-1",
    ),
    refused(
        "an objective that a switch and the TTL cannot meet",
        in_stack(_routing_failover, recovery_time_objective=in_seconds(74)),
        "recovery_time_objective of 74 s cannot be met: failover takes up to 75 s",
    ),
]


_HYBRID_FAILOVER = [
    *(
        refused(
            f"write path {pattern!r}, which covers everything",
            in_stack(hybrid_failover, write_paths=["/cart/*", pattern]),
            f"write_paths must be patterns that leave something to read, got {pattern!r}",
            "give it as read_write_paths, or use DnsFailover behind an EdgeDistribution",
        )
        for pattern in ("/*", "*", "/", "/**")
    ),
    *(
        refused(
            f"{pattern[:8]!r} in {paths}",
            in_stack(hybrid_failover, **{paths: [pattern]}),
            f"{paths} must be path patterns of 1 to 255 of the characters that CloudFront takes",
            f"got {pattern!r}",
            "DownloadDistValuesCacheBehavior.html",
        )
        for paths in _PATHS
        for pattern in ("", "/a b", "/a\n", "/straße", "/a#b", "/[ab]", f"/{'a' * 255}")
    ),
    *(
        refused(
            f"{pattern!r}, which no path is like once it is normalised, in {paths}",
            in_stack(hybrid_failover, **{paths: [pattern]}),
            f"{paths} must be path patterns without //, /./ and /../, got {pattern!r}",
            "none is left that could match",
        )
        for paths in _PATHS
        for pattern in ("/a//b", "//a", "/a/./b", "/a/..", "../a")
    ),
    *(
        refused(
            f"{paths} that are one string",
            in_stack(hybrid_failover, **{paths: "/cart/*"}),
            f"{paths} must be a list of text, got '/cart/*', a str",
            f"write {paths}=[",
        )
        for paths in _PATHS
    ),
    refused(
        "a star alone as what is read and written",
        in_stack(hybrid_failover, read_write_paths=["*"]),
        "read_write_paths must be '/*' for every path, got '*'",
    ),
    *(
        refused(
            f"{paths} with one pattern twice",
            in_stack(hybrid_failover, **{"write_paths": ["/b"], paths: ["/a", "a"]}),
            f"{paths} must be different patterns, got ['/a', 'a']: /a and a are one to CloudFront",
        )
        for paths in _PATHS
    ),
    *(
        refused(
            f"what is read and written under the write path {first!r}",
            in_stack(hybrid_failover, write_paths=["/x", first], read_write_paths=["/y", pattern]),
            f"read_write_paths must be patterns that no write path covers, got {pattern!r}",
            f"write_paths come first, and {first!r} takes all its requests",
            "take that out, or narrow it",
        )
        for first, pattern in (("/a", "a"), ("/api/*", "/api/orders"), ("api/*", "/api/v?/*"), ("*.php", "/cart/*.php"))
    ),
    refused(
        "a standby without a name",
        in_stack(hybrid_failover, secondary=host_at(None, "203.0.113.2")),
        "secondary must have a name of its own, got addresses only",
        "reads that cannot wait for DNS ask it by that name",
    ),
    refused(
        "a standby whose name is the failover name",
        in_stack(hybrid_failover, secondary=host_at("origin.example.com", "203.0.113.2")),
        "secondary must have a name that is not the shared name itself, got 'origin.example.com'",
    ),
    *(
        refused(
            f"a site under the failover name, written {name!r}",
            in_stack(hybrid_failover, domain_name="www.example.com", failover_record_name=name),
            "domain_name and failover_record_name must be different names, got 'www.example.com' for both",
            "CloudFront would be its own origin",
        )
        for name in ("www", "WWW.example.com.")
    ),
    *(
        refused(
            f"a site under the name of a member, of {what}",
            build,
            "domain_name",
            "got 'www.example.com'",
        )
        for what, build in (
            (
                "an OriginFailover",
                in_stack(
                    origin_failover,
                    primary=host_at("www.example.com"),
                    domain_name="www.example.com",
                    hosted_zone=zone_of,
                ),
            ),
            ("a HybridFailover", in_stack(hybrid_failover, secondary=host_at("WWW.example.com", "203.0.113.2"))),
        )
    ),
    refused(
        "a bucket behind a hybrid failover",
        in_stack(hybrid_failover, primary=bucket_endpoint),
        "primary must not be a bucket",
        "BucketFailover",
    ),
    refused(
        "an objective that a hybrid failover cannot meet",
        in_stack(
            hybrid_failover,
            primary_health_check=HealthCheckSettings.fast(failure_threshold=1),
            recovery_time_objective=in_seconds(80),
        ),
        "recovery_time_objective of 80 s cannot be met: failover takes up to 81 s",
        "lower these settings or raise the objective",
    ),
    refused(
        "a hybrid failover in another Region",
        elsewhere(hybrid_failover),
        "a certificate for CloudFront must be in us-east-1, got a stack in eu-west-1",
        "env=Environment(region='us-east-1')",
    ),
]


_SAME_PATH = [
    refused(
        "a group whose ids the CDK makes up",
        in_stack(same_path_site, group={"origin_id": None}),
        "origin_group must have an origin_id, got one without",
        "give it FailoverOriginGroup(origin_id='reads', ...)",
    ),
    refused(
        "an id that only the deploy knows, in a function's code",
        in_stack(same_path_site, group=lambda stack: {"origin_id": text_token(stack, "Given")}),
        "origin_id of origin_group must be known at synth, got a token",
        "give it as a plain value",
    ),
    refused(
        "a code that only the deploy knows, in a function's code",
        in_stack(same_path_site, group=lambda stack: {"status_codes": [503, 504, number_token(stack, "Given")]}),
        "status_codes of origin_group must be known at synth, got a token",
        "give it as a plain value",
    ),
    *(
        refused(
            f"an id of {len(origin_id)} characters that begins with {origin_id[:2]!r}",
            make(primary_host().origin, origin_id=origin_id),
            "origin_id must be 1 to 128 printable characters, got ",
        )
        for origin_id in ("", "a" * 129, "a\n", "\u2028")
    ),
    refused(
        "an id of a group that is too long with the role",
        make(origin_group, origin_id="a" * 119),
        "origin_id must be 1 to 128 printable characters, got 'aaa",
        "-secondary'",
    ),
    refused(
        "a distribution that does not have the group",
        in_stack(same_path_site, default_origin=make(primary_host().origin)),
        "behavior '/api/*' of Test/Site reads through an origin group that the distribution does not have",
        "give the group to another behavior as its origin, such as the default one",
        at="Test/Reads",
    ),
    refused(
        "the function at viewer response",
        lambda stack: shop_of(
            stack,
            origin=primary_host().origin(),
            function_associations=[
                cloudfront.FunctionAssociation(
                    function=SamePathReads(stack, "Reads", origin_group=origin_group(origin_id="reads")).function,
                    event_type=cloudfront.FunctionEventType.VIEWER_RESPONSE,
                )
            ],
        ),
        "behavior '/shop/*' of Test/Site has the function of its reads at viewer response",
        "which it cannot answer: give the behavior its association",
        at="Test/Reads",
    ),
    refused(
        "a second function at viewer request",
        in_stack(same_path_site, functions=lambda stack: [_own_function(stack)]),
        "behavior '/api/*' of Test/Site has two functions at viewer request, and CloudFront takes one",
        _EDGE_FUNCTIONS_PAGE,
        at="Test/Reads",
    ),
    *(
        refused(
            f"Lambda@Edge at viewer {event} beside the function",
            in_stack(same_path_site, edge_lambdas=in_stack(_viewer_lambda, event=event)),
            "behavior '/api/*' of Test/Site has Lambda@Edge at viewer request or response beside a CloudFront function",
            "move it to origin request or response",
            _EDGE_FUNCTIONS_PAGE,
            at="Test/Reads",
        )
        for event in ("request", "response")
    ),
    *(
        refused(
            f"viewer's Host to an API that is the {role} of reads",
            in_stack(
                same_path_site, group=make(dict, **{role: api_by_name()}), origin_request_policy=_Policy.ALL_VIEWER
            ),
            "behavior '/api/*' of Test/Site forwards the viewer's Host header to api.example.com",
            "ALL_VIEWER_EXCEPT_HOST_HEADER",
            at="Test/Reads",
        )
        for role in _ROLES
    ),
    refused(
        "a function of reads in another Region",
        elsewhere(lambda stack: SamePathReads(stack, "Reads", origin_group=origin_group(origin_id="reads"))),
        "the log group of a CloudFront function must be in us-east-1, got a stack in eu-west-1",
        "such functions log there only",
    ),
    refused(
        "a topic in another Region, of a function of reads",
        make(add_alarms, construct=same_path_site, topic=in_stack(alarm_topic, region="eu-west-1")),
        "topic must be in us-east-1, got one in eu-west-1",
    ),
]


_BUCKET_FAILOVER = [
    refused(
        "replication of a bucket without versions",
        lambda stack: BucketReplication(
            stack,
            "Replication",
            buckets=bucket_pair(stack, secondary=content_bucket(stack, "eu-central-1", versioned=False)),
        ),
        "secondary must be a bucket with versioning, got 'Content-eu-central-1/Bucket/Resource'",
        "make it with versioned=True",
    ),
    refused(
        "missing keys as 404 where keys may not be listed",
        in_stack(bucket_failover, status_codes=[404, 500, 502, 503, 504]),
        "status_codes must include 403 beside 404, got [404, 500, 502, 503, 504]",
        "add 403, or read with origin access control and allow_listing=True",
    ),
    refused(
        "missing keys as 404 where an identity reads",
        lambda stack: bucket_failover(
            stack,
            buckets=bucket_pair(stack, allow_listing=True),
            origin_access_identity=cloudfront.OriginAccessIdentity(stack, "Identity"),
            status_codes=[404, 503, 504],
        ),
        "status_codes must include 403 beside 404",
    ),
    refused(
        "an objective that a bucket failover cannot meet",
        in_stack(bucket_failover, recovery_time_objective=in_seconds(13)),
        "recovery_time_objective of 13 s cannot be met: failover takes up to 14 s",
    ),
    refused(
        "writes to a pair of buckets",
        lambda stack: site_of(
            stack,
            origin=origin_group(**dict(zip(_ROLES, bucket_pair(stack).endpoints(stack), strict=True))),
            allowed_methods=_Methods.ALLOW_ALL,
        ),
        "behavior '*' of Test/Site allows DELETE, PATCH, POST, PUT on an origin group",
        at="Test/Site/Origin1",
    ),
]


def _region_of_bucket(region: str) -> Build:
    """A bucket router whose second bucket is in a Region."""
    return lambda stack: bucket_dns_router(
        stack, buckets=bucket_pair(stack, secondary=imported_bucket(stack, region)), health_checks=_of_ireland(stack)
    )


def _of_ireland(stack: cdk.Stack) -> dict[str, route53.IHealthCheck]:
    return {"eu-west-1": imported_checks(stack, 1)[0]}


def _probe(stack: cdk.Stack, *, region: str = "eu-west-1", **given: Any) -> BucketProbe:
    pair = bucket_pair(stack)
    return BucketProbe(stack_in(region, stack), "Probe", **{"bucket": pair.primary, "probe_name": "content", **given})


def _probes_swapped(stack: cdk.Stack) -> object:
    pair = bucket_pair(stack)
    probes = {
        one.region: bucket_probe(other, stack) for one, other in zip(pair.buckets, reversed(pair.buckets), strict=True)
    }
    return bucket_dns_router(stack, buckets=pair, health_checks=probes)


_BUCKET_DNS = [
    refused(
        "buckets routed by weight",
        in_stack(bucket_dns_router, routing="weighted"),
        "routing must be one of failover, latency, got 'weighted'",
    ),
    refused(
        "failover of three buckets",
        lambda stack: bucket_dns_router(
            stack,
            buckets=BucketSet([imported_bucket(stack, region) for region in ("eu-west-1", "us-east-1", "us-west-2")]),
            health_checks=_of_ireland(stack),
        ),
        "buckets must be two for failover, a primary and a secondary, got ['eu-west-1', 'us-east-1', 'us-west-2']",
        "use routing='latency'",
    ),
    refused(
        "a primary bucket without health",
        in_stack(bucket_dns_router, health_checks={}),
        "health_checks['eu-west-1'] is missing: Route 53 would name that bucket for as long as it is out",
        "give a BucketProbe of it, or a health check",
    ),
    refused(
        "a nearest bucket without health",
        in_stack(bucket_dns_router, routing="latency", health_checks=_of_ireland),
        "health_checks['eu-central-1'] is missing",
    ),
    refused(
        "a check of a Region without a bucket",
        lambda stack: bucket_dns_router(
            stack, health_checks=dict(zip(("eu-west-1", "us-east-1"), imported_checks(stack, 2), strict=True))
        ),
        "health_checks must be by the Regions of the buckets, eu-west-1, eu-central-1, got 'us-east-1'",
        "it checks no bucket",
    ),
    refused(
        "a probe of another Region's bucket",
        _probes_swapped,
        "health_checks['eu-west-1'] must be a probe of the bucket in eu-west-1, got 'one of eu-central-1'",
    ),
    refused(
        "a check of one's own that follows the probe of the other bucket",
        _probe_wrapped,
        "health_checks['eu-west-1'] must be a check of Endpoint(",
        "in eu-west-1, got 'Probe-eu-central-1/Probe/Alarm': it watches eu-central-1",
    ),
    refused(
        "a check of the other bucket, by its metric",
        lambda stack: bucket_dns_router(
            stack,
            health_checks={"eu-west-1": _of_metric(stack, "AWS/S3", BucketName="content-eu-central-1")},
        ),
        "health_checks['eu-west-1'] must be a check of Endpoint(",
        "got 'content-eu-central-1': it watches the bucket in eu-central-1",
    ),
    *(
        refused(
            f"a check of the other bucket, by {name}",
            in_stack(
                bucket_dns_router,
                health_checks=lambda stack, name=name: {"eu-west-1": endpoint_check(stack, domain_name=name)},
            ),
            "health_checks['eu-west-1'] must be a check of Endpoint(",
            f"got '{name}': it watches ",
        )
        for name in ("content-eu-central-1.s3.eu-central-1.amazonaws.com", "other.s3.eu-central-1.amazonaws.com")
    ),
    refused(
        "a check of a bucket in another stack",
        in_stack(
            bucket_dns_router,
            health_checks=lambda stack: {
                "eu-west-1": endpoint_check(stack_in("us-east-1", stack), domain_name="a.example.com"),
            },
        ),
        "health_checks['eu-west-1'] must be made in the stack of the record, got one of Elsewhere",
    ),
    *(
        refused(
            f"a bucket's record that is kept for {seconds} s",
            in_stack(bucket_dns_router, ttl=in_seconds(seconds)),
            "ttl must be whole seconds from 5 to 3600, got",
            "the function asks no more often",
        )
        for seconds in (0, 4, 3601)
    ),
    refused(
        "a bucket's record that is kept for as long as only the deploy knows",
        lambda stack: bucket_dns_router(stack, ttl=seconds_token(stack, "Given")),
        "ttl is a token",
    ),
    refused(
        "a bucket's record outside the zone",
        in_stack(bucket_dns_router, record_name="bucket.example.org."),
        "record_name must be in the hosted_zone example.com, got 'bucket.example.org.'",
    ),
    refused(
        "an objective that buckets cannot meet",
        in_stack(bucket_dns_router, recovery_time_objective=in_seconds(429)),
        "recovery_time_objective of 429 s cannot be met: failover takes up to 430 s",
        "360 s until an outage is noticed + 70 s until traffic has moved",
    ),
    *(
        refused(
            f"a bucket in {region}, which an identity cannot read",
            _region_of_bucket(region),
            "origins['" + region + "'] must be in a Region that was there before 2023",
        )
        for region in ("il-central-1", "mx-central-1")
    ),
    refused(
        "a bucket router in another Region",
        lambda stack: bucket_dns_router(
            stack_in("eu-west-1", stack), buckets=bucket_pair(stack), health_checks=_of_ireland(stack)
        ),
        "a Lambda@Edge function must be in us-east-1, got a stack in eu-west-1",
    ),
    *(
        refused(
            f"a probe called {name!r}",
            in_stack(_probe, probe_name=name),
            "probe_name must be 1 to 200 letters, digits, '.', '_' and '-'",
            f"got {name!r}",
        )
        for name in ("", "a b", "a" * 201)
    ),
    *(
        refused(f"a probe of {key!r}", in_stack(_probe, key=key), "key must be 1 to 1024 of S3's safe characters")
        for key in ("", "*", "a?", "${aws:username}", "a" * 1025)
    ),
    *(
        refused(
            f"a probe that fails after {threshold} minutes",
            in_stack(_probe, failure_threshold=threshold),
            "failure_threshold must be",
            "it is a number of minutes",
        )
        for threshold in (0, 11)
    ),
    refused(
        "a probe in another Region",
        in_stack(_probe, region="us-west-2"),
        "bucket must be one of us-west-2, where this stack is, got 'eu-west-1'",
        "would not tell when the bucket's Region is out",
    ),
]


_ACCESS_POINTS = [
    *(
        refused(
            f"a name of an access point with {what}",
            in_stack(access_point, name=name),
            f"name must be 3 to 50 lower-case letters, digits and hyphens, got {name!r}",
        )
        for what, name in (
            ("capitals", "Content"),
            ("2 characters", "ab"),
            ("51 characters", "a" * 51),
            ("a hyphen at its end", "content-"),
            ("a dot", "content.mrap"),
            ("a line feed", "content\n"),
        )
    ),
    refused(
        "an access point over one bucket",
        _joined("eu-west-1"),
        "buckets must be at least 2, got 1: with one there is nowhere to turn to",
    ),
    refused(
        "an access point over one bucket under two Regions",
        lambda stack: access_point(
            stack,
            buckets=[
                s3.Bucket.from_bucket_attributes(stack, region, bucket_name="content", region=region)
                for region in ("eu-west-1", "eu-central-1")
            ],
        ),
        "buckets[1] must be another bucket than buckets[0], got 'content'",
    ),
    refused(
        "an access point over two buckets of one Region",
        lambda stack: access_point(
            stack, buckets=[imported_bucket(stack, "eu-west-1"), content_bucket(stack, "eu-west-1")]
        ),
        "buckets[1] must be in another Region than buckets[0], got 'eu-west-1'",
    ),
    refused(
        "an access point over a bucket in a Region that is not enabled by default",
        _joined("eu-west-1", "eu-south-1"),
        "buckets must be each in one of ap-northeast-1, ",
        "got 'eu-south-1': it is not enabled by default",
    ),
    refused(
        "an access point over a bucket of another stack without a name",
        lambda stack: access_point(
            stack,
            buckets=[imported_bucket(stack, "eu-west-1"), content_bucket(stack, "eu-central-1", bucket_name=None)],
        ),
        "buckets[1] must be a bucket with a bucket_name, got 'Content-eu-central-1/Bucket'",
    ),
    refused(
        "an access point over a bucket with a KMS key",
        lambda stack: access_point(
            stack,
            buckets=[
                content_bucket(stack, "eu-west-1", encryption=s3.BucketEncryption.KMS),
                imported_bucket(stack, "eu-central-1"),
            ],
        ),
        "buckets[0] must be encrypted by S3 itself, got 'Content-eu-west-1/Bucket'",
    ),
    refused(
        "an access point in another Region than CloudFront's",
        elsewhere(_joined("us-east-1", "us-west-2")),
        "an origin access control's distribution must be in us-east-1, got a stack in eu-west-1",
    ),
    refused(
        "an objective that routes cannot meet",
        in_stack(access_point, recovery_time_objective=in_seconds(119)),
        "recovery_time_objective of 119 s cannot be met: failover takes up to 120 s",
    ),
    refused(
        "an access point for two distributions",
        lambda stack: [
            point.allow(imported_site(stack, name)) for point in [access_point(stack)] for name in ("One", "Two")
        ],
        "distribution must be the only one that is allowed, got Test/Two after another",
        "make an access point for each distribution",
    ),
    *(
        refused(
            f"routes with {what} active",
            make(_routes_to, point=access_point, active=active),
            f"active must be some of eu-west-1, eu-central-1, got {list(active)!r}",
        )
        for what, active in (("none", ()), ("a Region without a bucket", ("eu-west-1", "us-east-1")))
    ),
    refused(
        "one Region as text for all that are active",
        make(_routes_to, point=access_point, active="eu-west-1"),
        "active must be a list of text, got 'eu-west-1', a str: write active=['eu-west-1']",
    ),
    refused(
        "the viewer's Host to an access point",
        lambda stack: site_of(
            stack, origin=access_point(stack).endpoint().origin(), origin_request_policy=_Policy.ALL_VIEWER
        ),
        "behavior '*' of Test/Site forwards the viewer's Host header",
        at="Test/Site/Origin1",
    ),
    *(
        refused(
            f"Lambda@Edge at {event} in front of an access point{what}",
            in_stack(_with_edge_lambda, origin=origin, kind=event),
            "behavior '*' of Test/Site has Lambda@Edge at origin request or response in front of a Multi-Region Access "
            "Point, which CloudFront signs for with SigV4A",
            "alone or in an origin group: use viewer request, a CloudFront function, or BucketFailover",
            at="Test/Site/Origin1",
        )
        for event in (cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST, cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE)
        for what, origin in (
            ("", lambda stack: access_point(stack).endpoint().origin()),
            (
                " in an origin group",
                lambda stack: origin_group(primary=access_point(stack).endpoint(), secondary=primary_host()),
            ),
        )
    ),
]


# Accelerators
def _alb(stack: cdk.Stack, region: str = "us-east-1", name: str = "a", **given: Any) -> AcceleratorEndpoint:
    return AcceleratorEndpoint.application_load_balancer(imported_balancer(stack, region, name), **given)


def _nowhere(stack: cdk.Stack) -> AcceleratorEndpoint:
    balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        stack, "Nowhere", load_balancer_arn=text_token(stack, "Arn"), security_group_id="sg-0123456789abcdef0"
    )
    return AcceleratorEndpoint.application_load_balancer(balancer)


def _ports(*given: tuple[int, int | None]) -> Build:
    ranges = [globalaccelerator.PortRange(from_port=first, to_port=last) for first, last in given]
    return in_stack(multi_region_accelerator, port_ranges=lambda _: ranges)


def _pair(**second: Any) -> Build:
    """Two groups, the second of them changed."""
    return lambda stack: [
        accelerator_group(stack, "eu-west-1"),
        accelerator_group(stack, **{"region": "eu-central-1", **built(second, stack)}),
    ]


def _dual_stack(second: Build) -> Build:
    return lambda stack: multi_region_accelerator(
        stack,
        endpoint_groups=[
            accelerator_group(stack, "eu-west-1"),
            EndpointGroup(region="us-east-1", endpoints=[second(stack)]),
        ],
        ip_address_type=globalaccelerator.IpAddressType.DUAL_STACK,
    )


_UDP = globalaccelerator.ConnectionProtocol.UDP


def _ranges(*given: tuple[int, int | None]) -> list[globalaccelerator.PortRange]:
    return [globalaccelerator.PortRange(from_port=first, to_port=last) for first, last in given]


def _balancer_at(*ports: int) -> Build:
    return lambda stack: listening(new_balancer(stack), *ports)


def _network_at(
    protocol: elbv2.Protocol, *, grouped: bool = False, dual: bool = False, **given: Any
) -> Callable[[cdk.Stack], elbv2.NetworkLoadBalancer]:
    """A Network Load Balancer that listens at 443."""

    def build(stack: cdk.Stack) -> elbv2.NetworkLoadBalancer:
        balancer = elbv2.NetworkLoadBalancer(
            stack,
            "Network",
            vpc=vpc_in(stack),
            security_groups=[ec2.SecurityGroup(stack, "Group", vpc=vpc_in(stack))] if grouped else None,
        )
        if dual:
            resource: Any = balancer.node.default_child
            resource.ip_address_type = "dualstack"
        behind = elbv2.Protocol.TCP if protocol is elbv2.Protocol.TLS else protocol
        group = elbv2.NetworkTargetGroup(stack, "NetworkTargets", vpc=vpc_in(stack), port=443, protocol=behind, **given)
        certificates = [elbv2.ListenerCertificate.from_arn(CERTIFICATE_ARN)] if protocol is elbv2.Protocol.TLS else None
        balancer.add_listener(
            "Listener", port=443, protocol=protocol, certificates=certificates, default_target_groups=[group]
        )
        return balancer

    return build


def _internal(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
    subnets = ec2.SubnetSelection(subnets=vpc_in(stack).public_subnets)
    return new_balancer(stack, internet_facing=False, vpc_subnets=subnets)


def _behind_accelerator(
    build: Build, *, preserve_client_ip: bool | None = None, target_groups: Sequence[Any] = (), **given: Any
) -> Build:
    def accelerated(stack: cdk.Stack) -> object:
        balancer = build(stack)
        is_network = isinstance(balancer, elbv2.NetworkLoadBalancer)
        make_endpoint: Any = (
            AcceleratorEndpoint.network_load_balancer if is_network else AcceleratorEndpoint.application_load_balancer
        )
        endpoint = make_endpoint(balancer, target_groups=target_groups, preserve_client_ip=preserve_client_ip)
        return multi_az_accelerator(stack, endpoints=[endpoint], **given)

    return accelerated


def _over(*regions: str, standby: str) -> Build:
    """An accelerator with traffic in some Regions and a standby in another one."""
    dials = {**dict.fromkeys(regions, 100), standby: 0}
    return lambda stack: multi_region_accelerator(
        stack,
        endpoint_groups=[accelerator_group(stack, region, traffic_dial=dial) for region, dial in dials.items()],
    )


_GA_HEALTH = "about-endpoint-groups-health-check-options.html"


_ACCELERATORS = [
    refused(
        "interval of an accelerator's check of 15 s",
        make(AcceleratorHealthCheck, interval=Duration.seconds(15)),
        "interval must be one of 10, 30, got 15: Global Accelerator knows these two intervals",
    ),
    refused(
        "interval of an accelerator's check as a number",
        make(AcceleratorHealthCheck, interval=10),
        "interval must be a Duration",
        "got 10, an int: write Duration.seconds(10)",
    ),
    *(
        refused(
            f"threshold of an accelerator's check of {threshold}",
            make(AcceleratorHealthCheck, threshold=threshold),
            f"threshold must be a whole number from 1 to 10, got {threshold}: Global Accelerator allows no other",
            _GA_HEALTH,
        )
        for threshold in (0, 11, 20)
    ),
    refused(
        "protocol of an accelerator's check",
        make(AcceleratorHealthCheck, protocol="UDP"),
        "protocol must be one of TCP, HTTP, HTTPS, got 'UDP': Global Accelerator has no other",
        _GA_HEALTH,
    ),
    refused(
        "port of an accelerator's check",
        make(AcceleratorHealthCheck, port=0),
        "port must be a whole number from 1 to 65535, got 0: it is a TCP port",
    ),
    refused(
        "path of an accelerator's TCP check",
        make(AcceleratorHealthCheck, path="/health"),
        "path needs protocol HTTP or HTTPS, got TCP: a TCP check only connects",
    ),
    refused(
        "path of an accelerator's check",
        make(AcceleratorHealthCheck, protocol="HTTP", path="health"),
        "path must be a path of at most 255 characters that starts with /, got 'health'",
    ),
    *(
        refused(
            f"weight of {weight}",
            in_stack(_alb, weight=weight),
            f"weight must be a whole number from 0 to 255, got {weight}: it is a share of the endpoint group's traffic",
        )
        for weight in (-1, 256)
    ),
    refused(
        "weights that are all 0",
        in_stack(accelerator_group, endpoints=lambda stack: [_alb(stack, weight=0), _alb(stack, name="b", weight=0)]),
        "weight must be above 0 for one of the endpoints, got 0 for all",
        "an endpoint with weight 0 is not chosen when others fail",
        "for one that takes over give it traffic_dial=0",
    ),
    *(
        refused(
            f"traffic dial of {dial}",
            in_stack(accelerator_group, traffic_dial=dial),
            f"traffic_dial must be a number from 0 to 100, got {dial!r}: it is a percentage",
        )
        for dial in (-1, 150)
    ),
    refused(
        "dials that are all 0",
        in_stack(
            multi_region_accelerator,
            endpoint_groups=lambda stack: [
                accelerator_group(stack, region, traffic_dial=0) for region in ("eu-west-1", "eu-central-1")
            ],
        ),
        "traffic_dial must be above 0 in one of endpoint_groups, got 0 in all",
        "give 0 to the standby alone",
    ),
    refused(
        "health check of load balancers alone",
        in_stack(accelerator_group, health_check=make(AcceleratorHealthCheck)),
        "health_check has no effect where all endpoints are load balancers: Global Accelerator asks for the health of "
        "their targets; set interval and unhealthy_threshold_count in the health_check of the target groups",
        _GA_HEALTH,
    ),
    *(
        refused(
            f"target group whose health checks are {what}",
            in_stack(_alb, target_groups=lambda stack, enabled=enabled: [target_group(stack, enabled=enabled)]),
            f"target_groups must have health checks, got Test/Targets, where they are off{why}",
            "nothing ever fails over; make it with health_check=HealthCheck(enabled=True, path=...)",
        )
        for what, enabled, why in (
            ("off by default", None, " (the default for a Lambda function)"),
            ("switched off", False, " (the default for a Lambda function)"),
        )
    ),
    refused(
        "no endpoint",
        in_stack(accelerator_group, endpoints=lambda _: []),
        "endpoints must be 1 to 10, got 0",
        "limits-global-accelerator.html",
    ),
    refused(
        "eleven endpoints",
        in_stack(accelerator_group, endpoints=lambda stack: [_alb(stack, name=f"a{number}") for number in range(11)]),
        "endpoints must be 1 to 10, got 11",
    ),
    *(
        refused(
            f"{what} as an endpoint",
            in_stack(accelerator_group, endpoints=lambda stack, build=build: [build(stack)]),
            "endpoints[0] must be an AcceleratorEndpoint, got ",
            ": it is of a load balancer, an EC2 instance or an Elastic IP address",
        )
        for what, build in (
            ("an API", rest_api),
            ("an Endpoint", lambda _: primary_host()),
            ("a distribution", lambda stack: site_of(stack, origin=primary_host().origin())),
        )
    ),
    refused(
        "endpoint of another Region by its ARN",
        in_stack(accelerator_group, endpoints=lambda stack: [_alb(stack, "eu-west-3")]),
        "endpoints must be in the Region of their group, us-east-1, got Application load balancer "
        "Test/Imported-eu-west-3-a in eu-west-3: give each Region an EndpointGroup",
    ),
    refused(
        "endpoint of another Region by its stack",
        in_stack(
            accelerator_group,
            region="eu-west-1",
            endpoints=lambda stack: [AcceleratorEndpoint.instance(instance_in(stack))],
        ),
        "endpoints must be in the Region of their group, eu-west-1, got EC2 instance Test/Instance in us-east-1",
    ),
    refused(
        "Region that is none",
        in_stack(accelerator_group, region="mars-1"),
        "region must be an AWS Region such as eu-west-1, got 'mars-1'",
    ),
    refused(
        "one endpoint group",
        in_stack(multi_region_accelerator, endpoint_groups=lambda stack: [accelerator_group(stack)]),
        "endpoint_groups must be two or more, got ['us-east-1']: with one there is no other Region to go to",
    ),
    refused(
        "two endpoint groups of one Region",
        in_stack(
            multi_region_accelerator,
            endpoint_groups=_pair(region="eu-west-1", endpoints=lambda s: [_alb(s, "eu-west-1", "b")]),
        ),
        "endpoint_groups must be of different Regions, got ['eu-west-1', 'eu-west-1']",
        "put the endpoints of a Region into one EndpointGroup",
    ),
    *(
        refused(
            f"one zone behind an accelerator, {what}",
            in_stack(multi_az_accelerator, endpoints=build),
            "endpoints must be in two zones or more, got ",
            "one zone would take them all with it; give a load balancer over several zones, or an endpoint in each",
        )
        for what, build in (
            ("of one instance", lambda stack: [AcceleratorEndpoint.instance(instance_in(stack))]),
            ("of one address", lambda stack: [AcceleratorEndpoint.elastic_ip(elastic_ip(stack))]),
            (
                "of two instances",
                lambda stack: [
                    AcceleratorEndpoint.instance(instance_in(stack, 0, name)) for name in ("Instance", "Other")
                ],
            ),
            (
                "as the other is drained",
                lambda stack: [
                    AcceleratorEndpoint.instance(instance_in(stack)),
                    AcceleratorEndpoint.instance(instance_in(stack, 1, "Other"), weight=0),
                ],
            ),
            (
                "of a load balancer",
                lambda stack: [
                    AcceleratorEndpoint.network_load_balancer(
                        elbv2.NetworkLoadBalancer(
                            stack,
                            "Network",
                            vpc=vpc_in(stack),
                            vpc_subnets=ec2.SubnetSelection(subnets=[vpc_in(stack).public_subnets[0]]),
                        )
                    )
                ],
            ),
        )
    ),
    refused(
        "Region of an accelerator that is not known",
        in_stack(multi_az_accelerator, endpoints=lambda stack: [_nowhere(stack)]),
        "region is missing: that of Application load balancer ",
        "is not known here, give it as region='...'",
    ),
    refused(
        "no endpoint of an accelerator over zones",
        in_stack(multi_az_accelerator, endpoints=lambda _: []),
        "endpoints must be 1 to 10, got 0",
    ),
    refused("no port", _ports(), "port_ranges must be 1 to 10 ranges, got 0"),
    refused(
        "eleven port ranges", _ports(*((port, None) for port in range(1, 12))), "port_ranges must be 1 to 10 ranges"
    ),
    *(
        refused(
            f"port range {first}-{last}",
            _ports((first, last)),
            f"port_ranges must be a whole number from 1 to 65535, got {bad}: these are ports",
        )
        for first, last, bad in ((0, 5, 0), (1, 65536, 65536))
    ),
    refused(
        "port range the wrong way round",
        _ports((90, 80)),
        "port_ranges must be from a lower to a higher port, got '90-80': turn them round",
    ),
    refused(
        "UDP for an Application Load Balancer",
        in_stack(multi_region_accelerator, protocol=globalaccelerator.ConnectionProtocol.UDP),
        "protocol must be TCP with Application Load Balancers, got 'UDP'",
        "speaks HTTP over TCP only",
    ),
    refused(
        "Elastic IP address behind a dual-stack accelerator",
        _dual_stack(lambda stack: AcceleratorEndpoint.elastic_ip(elastic_ip(stack))),
        "endpoints must be load balancers and instances with ip_address_type DUAL_STACK",
        "a dual-stack accelerator takes no such endpoint",
        "about-endpoints-caveats.html",
    ),
    refused(
        "client address lost behind a dual-stack accelerator",
        _dual_stack(in_stack(_alb, preserve_client_ip=False)),
        "preserve_client_ip must be True with ip_address_type DUAL_STACK, got False",
    ),
    refused(
        "IPv4 load balancer behind a dual-stack accelerator",
        _dual_stack(lambda stack: AcceleratorEndpoint.application_load_balancer(new_balancer(stack))),
        "endpoints must be dual-stack load balancers with ip_address_type DUAL_STACK",
    ),
    *(
        refused(
            f"accelerator of {what}",
            build,
            says,
            at="Test/Accelerator",
        )
        for what, build, says in (
            (
                "a port where its load balancer does not listen",
                _behind_accelerator(_balancer_at(80, 8080)),
                "port_ranges has 443, and Application load balancer Test/Balancer listens at 80, 8080 over TCP",
            ),
            (
                "two ranges, of which one is not listened to",
                _behind_accelerator(_balancer_at(443), port_ranges=_ranges((80, 90), (443, None))),
                "port_ranges has 80-90, and Application load balancer Test/Balancer listens at 443 over TCP",
            ),
            (
                "a load balancer without a listener",
                _behind_accelerator(new_balancer),
                "port_ranges has 443, and Application load balancer Test/Balancer listens nowhere over TCP",
            ),
            (
                "UDP in front of a load balancer of TCP",
                _behind_accelerator(_network_at(elbv2.Protocol.TCP), protocol=_UDP),
                "port_ranges has 443, and Network load balancer Test/Network listens nowhere over UDP",
            ),
            (
                "TCP in front of a load balancer of UDP",
                _behind_accelerator(_network_at(elbv2.Protocol.UDP)),
                "port_ranges has 443, and Network load balancer Test/Network listens nowhere over TCP",
            ),
            (
                "targets without security groups that are to see the client",
                _behind_accelerator(_network_at(elbv2.Protocol.TCP), preserve_client_ip=True),
                "preserve_client_ip of Network load balancer Test/Network needs a load balancer with security groups",
            ),
            (
                "targets behind TLS that are to see the client",
                _behind_accelerator(_network_at(elbv2.Protocol.TLS, grouped=True), preserve_client_ip=True),
                "preserve_client_ip of Network load balancer Test/Network needs listeners without TLS, and it has one",
            ),
            (
                "IPv4 in front of dual stack that is to show the client",
                _behind_accelerator(_network_at(elbv2.Protocol.TCP, grouped=True, dual=True), preserve_client_ip=True),
                "preserve_client_ip of Network load balancer Test/Network must be left out: an accelerator of IPv4",
            ),
            (
                "dual stack in front of addresses",
                _behind_accelerator(
                    _network_at(elbv2.Protocol.TCP, grouped=True, dual=True, target_type=elbv2.TargetType.IP),
                    preserve_client_ip=True,
                    ip_address_type=globalaccelerator.IpAddressType.DUAL_STACK,
                ),
                "Test/NetworkTargets/Resource must have instances with IPv4 addresses as targets",
            ),
            (
                "target groups of another load balancer",
                lambda stack: _behind_accelerator(_balancer_at(443), target_groups=[target_group(stack, "Others")])(
                    stack
                ),
                "target_groups of Application load balancer Test/Balancer must be what its listeners forward to",
            ),
        )
    ),
    refused(
        "Network Load Balancer of which nothing shows the client behind a dual-stack accelerator",
        _dual_stack(
            lambda stack: AcceleratorEndpoint.network_load_balancer(_network_at(elbv2.Protocol.TCP, dual=True)(stack))
        ),
        "preserve_client_ip must be True with ip_address_type DUAL_STACK, got None",
    ),
    *(
        refused(
            f"{what} that does not see the client",
            build,
            f"preserve_client_ip must be True for an {what}, got False",
            "Global Accelerator shows it the client's address always",
        )
        for what, build in (
            ("EC2 instance", lambda s: AcceleratorEndpoint.instance(instance_in(s), preserve_client_ip=False)),
            (
                "internal load balancer",
                lambda s: AcceleratorEndpoint.application_load_balancer(
                    new_balancer(
                        s, internet_facing=False, vpc_subnets=ec2.SubnetSelection(subnets=vpc_in(s).public_subnets)
                    ),
                    preserve_client_ip=False,
                ),
            ),
        )
    ),
    refused(
        "standby beyond the three closest groups of all with traffic",
        _over("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", standby="ap-southeast-2"),
        "endpoint_groups must be such that the standby is among the 3 closest groups of one with traffic, got "
        "'ap-southeast-2': Global Accelerator tries no other when a group is unhealthy",
        "about-endpoints-endpoint-weights.unhealthy-endpoints.html",
    ),
    refused(
        "zone of an accelerator without a name",
        in_stack(multi_region_accelerator, hosted_zone=zone_of),
        "domain_name is missing: a hosted_zone serves only a name of the accelerator's own",
    ),
    refused(
        "name of an accelerator that is none",
        in_stack(multi_region_accelerator, domain_name="api", hosted_zone=zone_of),
        "domain_name must be a domain name such as origin.example.com",
    ),
    refused(
        "name of an accelerator outside the zone",
        in_stack(multi_region_accelerator, domain_name="api.example.org", hosted_zone=zone_of),
        "domain_name must be in the hosted_zone example.com, got 'api.example.org': no record can be made elsewhere",
    ),
    refused(
        "accelerator as an origin without a name",
        lambda stack: multi_region_accelerator(stack).origin(),
        "domain_name is missing: CloudFront refuses a certificate that does not cover the name it connects to",
        "give domain_name and hosted_zone",
    ),
    refused(
        "objective of an accelerator",
        lambda stack: multi_region_accelerator(
            stack,
            target_group=target_group(stack, interval=Duration.seconds(10), timeout=Duration.seconds(5)),
            recovery_time_objective=Duration.seconds(34),
        ),
        "recovery_time_objective of 34 s cannot be met: failover takes up to 35 s",
        "25 s until an outage is noticed + 10 s until traffic has moved",
    ),
    refused(
        "objective of an accelerator whose target groups are not known",
        in_stack(multi_region_accelerator, recovery_time_objective=Duration.seconds(60)),
        "failover_time cannot be computed: the health checks of a load balancer's target groups decide it",
        "give target_groups=[...], made in this app",
    ),
    refused(
        "alarms of an accelerator in another Region",
        make(add_alarms, construct=multi_region_accelerator, topic=alarm_topic),
        "an alarm must be in us-west-2, got one in us-east-1: Global Accelerator's metrics exist in us-west-2 only",
        "put the accelerator and its topic in a stack with env=Environment(region='us-west-2')",
    ),
    refused(
        "topic of an accelerator's alarm in another Region",
        lambda stack: multi_region_accelerator(stack_in("us-west-2", beside=stack)).add_alarms(alarm_topic(stack)),
        "topic must be in us-west-2, got one in us-east-1",
    ),
]


# Zonal shift
def _one_zone(stack: cdk.Stack) -> elbv2.NetworkLoadBalancer:
    subnets = ec2.SubnetSelection(subnets=[vpc_in(stack).public_subnets[0]])
    return elbv2.NetworkLoadBalancer(stack, "Network", vpc=vpc_in(stack), vpc_subnets=subnets)


def _network(
    stack: cdk.Stack, *, cross_zone: bool = True, ends: bool = False, **given: Any
) -> elbv2.NetworkLoadBalancer:
    """A Network Load Balancer in front of targets of its own."""
    balancer = elbv2.NetworkLoadBalancer(
        stack, "Network", vpc=vpc_in(stack), internet_facing=True, cross_zone_enabled=cross_zone
    )
    settings = {"protocol": elbv2.Protocol.TCP, "vpc": vpc_in(stack), "port": 443, **given}
    group = elbv2.NetworkTargetGroup(stack, "NetworkTargets", **settings)
    if not ends:
        group.set_attribute("target_health_state.unhealthy.connection_termination.enabled", "false")
    balancer.add_listener("Listener", port=443, protocol=settings["protocol"], default_target_groups=[group])
    return balancer


def _whose_targets_are_off(stack: cdk.Stack) -> elbv2.NetworkLoadBalancer:
    balancer = _network(stack)
    group: Any = stack.node.find_child("NetworkTargets")
    group.set_attribute("load_balancing.cross_zone.enabled", "false")
    return balancer


def _behind_a_network(stack: cdk.Stack) -> elbv2.ApplicationLoadBalancer:
    balancer = new_balancer(stack)
    listener = balancer.add_listener("Http", port=80, default_target_groups=[target_group(stack)])
    _network(
        stack,
        cross_zone=False,
        port=80,
        target_type=elbv2.TargetType.ALB,
        targets=[elbv2_targets.AlbListenerTarget(listener)],
    )
    return balancer


def _before(stack: cdk.Stack, *targets: elbv2.IApplicationLoadBalancerTarget) -> elbv2.ApplicationLoadBalancer:
    balancer = new_balancer(stack)
    balancer.add_listener("Http", port=80).add_targets("Servers", port=80, targets=list(targets))
    return balancer


def _of_servers(*zones: int) -> Build:
    return lambda stack: _before(
        stack, *(elbv2_targets.InstanceTarget(instance_in(stack, zone, f"Server{zone}")) for zone in zones)
    )


def _of_a_fleet(zones: int) -> Build:
    return lambda stack: _before(
        stack,
        autoscaling.AutoScalingGroup(
            stack,
            "Fleet",
            vpc=vpc_in(stack),
            vpc_subnets=ec2.SubnetSelection(subnets=vpc_in(stack).public_subnets[:zones]),
            instance_type=ec2.InstanceType("t4g.nano"),
            machine_image=ec2.MachineImage.generic_linux({"us-east-1": "ami-1"}),
        ),
    )


_NOT_SHIFTED = [
    (
        "a load balancer behind a Network Load Balancer",
        _behind_a_network,
        (
            "load_balancer is behind a Network Load Balancer, as a target of Test/NetworkTargets",
            "give the Network Load Balancer to the ZonalShift",
        ),
    ),
    *(
        (
            f"a Network Load Balancer over zones with {what}",
            in_stack(_network, **given),
            (says, "AWS enables zonal shift for no Network Load Balancer with cross-zone load balancing otherwise"),
        )
        for what, given, says in (
            (
                "targets over UDP",
                {"protocol": elbv2.Protocol.UDP},
                "the protocol of Test/NetworkTargets/Resource must be one of TCP, TLS, got 'UDP'",
            ),
            (
                "targets over TCP and UDP",
                {"protocol": elbv2.Protocol.TCP_UDP},
                "the protocol of Test/NetworkTargets/Resource must be one of TCP, TLS, got 'TCP_UDP'",
            ),
            (
                "a load balancer as its target",
                {"target_type": elbv2.TargetType.ALB},
                "the target of Test/NetworkTargets/Resource must be no Application Load Balancer",
            ),
            (
                "connections that end",
                {"ends": True},
                "Test/NetworkTargets/Resource must not end the connections of unhealthy targets",
            ),
        )
    ),
    (
        "a Network Load Balancer over zones whose targets are not",
        _whose_targets_are_off,
        ("Test/NetworkTargets/Resource must have cross-zone load balancing on",),
    ),
    *(
        (
            f"a load balancer of {what} in one zone",
            build,
            (
                "the targets of Test/Balancer/Http/ServersGroup/Resource are in one zone",
                "put targets into two zones or more",
            ),
        )
        for what, build in (("a server", _of_servers(0)), ("a fleet", _of_a_fleet(1)))
    ),
]


_ZONAL_SHIFT = [
    refused(
        "imported load balancer to be shifted",
        in_stack(zonal_shift, load_balancer=imported_balancer),
        "load_balancer must be an ApplicationLoadBalancer of aws_elasticloadbalancingv2 or a NetworkLoadBalancer of ",
        "got an IApplicationLoadBalancer of aws_elasticloadbalancingv2: an imported one cannot be changed",
    ),
    refused(
        "load balancer of another Region to be shifted",
        in_stack(zonal_shift, load_balancer=lambda stack: new_balancer(stack_in("eu-west-1", beside=stack))),
        "load_balancer must be in the Region of this stack, us-east-1, got one in eu-west-1",
        "make the ZonalShift in the load balancer's stack",
    ),
    refused(
        "load balancer in one zone to be shifted",
        in_stack(zonal_shift, load_balancer=_one_zone),
        "load_balancer must be over two zones or more, got 'Test/Network': there would be no zone left",
    ),
    refused(
        "autoshift without an alarm",
        in_stack(zonal_shift, outcome_alarm=None),
        "outcome_alarm is missing: autoshift comes with weekly practice runs",
        "give one, or autoshift=False",
    ),
    *(
        refused(
            f"{argument} without autoshift",
            in_stack(zonal_shift, autoshift=False, **{"outcome_alarm": None, argument: value}),
            f"{argument} needs autoshift=True: only the practice runs of autoshift go by it",
        )
        for argument, value in (
            ("outcome_alarm", errors_alarm),
            ("blocking_alarm", errors_alarm),
            ("blocked_windows", lambda _: ["Mon:08:00-Mon:18:00"]),
            ("blocked_dates", lambda _: ["2026-12-24"]),
        )
    ),
    *(
        refused(
            f"{argument} of another Region",
            in_stack(zonal_shift, **{argument: lambda stack: errors_alarm(stack_in("eu-west-1", beside=stack))}),
            f"{argument} must be in the load balancer's Region, us-east-1, got one in eu-west-1",
        )
        for argument in ("outcome_alarm", "blocking_alarm")
    ),
    *(
        refused(
            f"window {window}",
            in_stack(zonal_shift, blocked_windows=lambda _, window=window: [window]),
            f"blocked_windows must be such as Mon:08:00-Mon:18:00, in UTC, got {window!r}: ARC takes no other form",
        )
        for window in ("Mon:8:00-Mon:18:00", "Mon:24:00-Tue:01:00", "Monday:08:00-Monday:18:00", "Mon:08:00", "")
    ),
    *(
        refused(
            f"window {window}, which is over no part of one day",
            in_stack(zonal_shift, blocked_windows=lambda _, window=window: [window]),
            f"blocked_windows must be from a time to a later one of the same day, got {window!r}: ARC takes no other",
            "split a window at midnight, such as Sat:22:00-Sat:23:59 and Sun:00:00-Sun:04:00",
        )
        for window in ("Sat:22:00-Sun:04:00", "Mon:18:00-Mon:08:00", "Mon:08:00-Mon:08:00", "Sun:00:00-Sat:23:59")
    ),
    *(
        refused(f"{what} to be shifted", in_stack(zonal_shift, load_balancer=build), *says, at="Test/ZonalShift")
        for what, build, says in _NOT_SHIFTED
    ),
    *(
        refused(
            f"date {day}",
            in_stack(zonal_shift, blocked_dates=lambda _, day=day: [day]),
            f"blocked_dates must be such as 2026-12-24, in UTC, got {day!r}: ARC takes no other form",
        )
        for day in ("2026-13-01", "24.12.2026", "20261224", "2026-02-30")
    ),
    refused(
        "one window as text",
        in_stack(zonal_shift, blocked_windows="Mon:08:00-Mon:18:00"),
        "blocked_windows must be a list of text, got 'Mon:08:00-Mon:18:00'",
    ),
    refused(
        "sixteen dates",
        in_stack(zonal_shift, blocked_dates=lambda _: [f"2026-12-{day}" for day in range(10, 26)]),
        "blocked_dates must be at most 15, got 16: ARC takes no more",
    ),
    refused(
        "objective of a zonal shift",
        in_stack(zonal_shift, recovery_time_objective=Duration.seconds(364)),
        "recovery_time_objective of 364 s cannot be met: failover takes up to 365 s (DNS with its TTL + "
        "client_keep_alive)",
    ),
]


_NOT_IN_GOVCLOUD = (
    ("routing controls", _routing_controls, "a routing control of ARC"),
    ("an accelerator", multi_region_accelerator, "Global Accelerator"),
    ("a Multi-Region Access Point", _joined("eu-west-1", "us-east-1"), "a Multi-Region Access Point of S3"),
    ("a hybrid failover", hybrid_failover, "CloudFront"),
    ("a CloudFront function", same_path_site, "CloudFront"),
    ("the function of a bucket router", bucket_dns_router, "Lambda@Edge"),
    ("a bucket failover", bucket_failover, "CloudFront"),
)


_PARTITIONS = [
    *(
        refused(
            f"{what} in GovCloud",
            in_partition("us-gov-west-1", build),
            f"{what} cannot be made in us-gov-west-1: {service} does not exist in AWS GovCloud (US), in no Region",
            "health checks, DnsFailover, StandbyTakesOver, LatencyRouting and ZonalShift work there",
            "endpoints in GovCloud by their public names",
        )
        for what, build, service in _NOT_IN_GOVCLOUD
    ),
    *(
        refused(
            f"{what} in China",
            in_partition("cn-north-1", build),
            f"{what} cannot be made in cn-north-1: {service} does not exist in the China Regions, in no Region",
            "health checks, DnsFailover, StandbyTakesOver, LatencyRouting and ZonalShift work there",
        )
        for what, build, service in _NOT_IN_GOVCLOUD
        if service != "CloudFront"
    ),
    *(
        refused(
            f"{what} in {region}",
            in_partition(region, build),
            f"{what} cannot be made in {region}: it needs the status of a health check as a metric",
            "make an alarm on metric_status() where you see the metric",
        )
        for what, build, regions in (
            ("failback='manual'", in_stack(dns_failover, failback="manual"), ["cn-north-1", "us-gov-west-1"]),
            (
                "an alarm on a health check",
                make(
                    add_alarms,
                    construct=in_stack(endpoint_check, domain_name="a.example.com"),
                    topic=in_stack(alarm_topic, region="cn-northwest-1"),
                ),
                ["cn-northwest-1", "us-gov-west-1"],
            ),
        )
        for region in regions
    ),
]


def _checked(stack: cdk.Stack, **settings: Any) -> EndpointHealthCheck:
    return endpoint_check(stack, domain_name="a.example.com", settings=HealthCheckSettings(**settings))


def _checked_addresses(stack: cdk.Stack, **settings: Any) -> None:
    check = AcceleratorHealthCheck(**{"protocol": "HTTP", **settings})
    groups = [accelerator_group(stack, "eu-west-1"), address_group(stack, health_check=check)]
    multi_region_accelerator(stack, endpoint_groups=groups)


_ACCEPTED = [
    accepted("port of a check", in_stack(_checked, port=NUMBER)),
    accepted("path of a check", in_stack(_checked, path=TEXT)),
    accepted("search string", in_stack(_checked, search_string=TEXT)),
    accepted("interval", in_stack(_checked, interval=TIME)),
    accepted("failure threshold", in_stack(_checked, failure_threshold=NUMBER)),
    accepted(
        "one of the Regions of a check",
        lambda stack: _checked(stack, regions=["us-east-1", "eu-west-1", TEXT(stack)]),
    ),
    accepted(
        "all Regions of a check",
        in_stack(_checked, regions=LIST),
    ),
    accepted("name that a check asks", in_stack(endpoint_check, domain_name=TEXT)),
    accepted("address that a check asks", in_stack(endpoint_check, ip_address=TEXT)),
    accepted("threshold of a calculated check", in_stack(_calculated, health_threshold=NUMBER)),
    accepted("name of an alarm", in_stack(_alarm_check, alarm_name=TEXT, alarm_region="eu-west-1")),
    accepted("Region of an alarm", in_stack(_alarm_check, alarm_name="errors", alarm_region=TEXT)),
    accepted("periods of an alarm", in_stack(_alarm_check, alarm=in_stack(metric_alarm, evaluation_periods=NUMBER))),
    accepted("name of a switch", in_stack(_switch, switch_name=TEXT)),
    accepted("IPv4 address", lambda stack: dns_failover(stack, primary=host_at("a.example.com", TEXT(stack)))),
    accepted(
        "all IPv4 addresses",
        in_stack(dns_failover, primary=make(Endpoint.http_host, domain_name="a.example.com", ipv4_addresses=LIST)),
    ),
    accepted("TTL", in_stack(dns_failover, ttl=TIME)),
    accepted(
        "port of both endpoints",
        lambda stack: [
            dns_failover(
                stack,
                primary=host_at("a.example.com", "203.0.113.1", https_port=port),
                secondary=host_at("b.example.com", "203.0.113.2", https_port=port),
            )
            for port in [NUMBER(stack)]
        ],
    ),
    accepted("record name", in_stack(dns_failover, record_name=TEXT)),
    accepted(
        "name of the zone of a relative record name",
        in_stack(dns_failover, hosted_zone=in_stack(zone_of, name=TEXT)),
    ),
    accepted(
        "name of the zone of a record name in full",
        lambda stack: dns_failover(
            stack, record_name=f"origin.{(name := TEXT(stack))}", hosted_zone=zone_of(stack, name)
        ),
    ),
    accepted("ARN of a cluster", in_stack(_routing_controls, cluster_arn=TEXT)),
    accepted("name of routing controls", in_stack(_routing_controls, name=TEXT)),
    accepted("TTL behind a switch", in_stack(_routing_failover, ttl=TIME)),
    accepted(
        "name of an imported bucket of a pair",
        lambda stack: bucket_failover(
            stack,
            buckets=bucket_pair(
                stack,
                primary=s3.Bucket.from_bucket_attributes(stack, "One", bucket_name=TEXT(stack), region="eu-west-1"),
            ),
        ),
    ),
    accepted(
        "Region of an imported bucket of a pair",
        lambda stack: bucket_failover(
            stack,
            buckets=bucket_pair(
                stack, primary=s3.Bucket.from_bucket_attributes(stack, "One", bucket_name="one", region=TEXT(stack))
            ),
        ),
    ),
    accepted("path in the buckets", in_stack(bucket_failover, origin_path=TEXT)),
    accepted("object of the root", in_stack(bucket_failover, default_root_object=TEXT)),
    accepted("name of an access point", in_stack(access_point, name=TEXT)),
    accepted(
        "name of an imported bucket of an access point",
        lambda stack: access_point(
            stack,
            buckets=[
                s3.Bucket.from_bucket_attributes(stack, "One", bucket_name=TEXT(stack), region="eu-west-1"),
                imported_bucket(stack, "eu-central-1"),
            ],
        ),
    ),
    accepted("path that is read and written", lambda stack: hybrid_failover(stack, read_write_paths=[TEXT(stack)])),
    accepted("write path", lambda stack: hybrid_failover(stack, write_paths=[TEXT(stack)])),
    *(
        accepted(f"{argument} of an accelerator's check", in_stack(_checked_addresses, **{argument: given}))
        for argument, given in (("port", NUMBER), ("path", TEXT), ("interval", TIME), ("threshold", NUMBER))
    ),
    accepted(
        "weight",
        in_stack(
            multi_region_accelerator,
            endpoint_groups=_pair(endpoints=lambda s: [_alb(s, "eu-central-1", weight=NUMBER(s))]),
        ),
    ),
    accepted("traffic dial", in_stack(multi_region_accelerator, endpoint_groups=_pair(traffic_dial=NUMBER))),
    accepted("Region of a group", in_stack(multi_region_accelerator, endpoint_groups=_pair(region=TEXT))),
    accepted(
        "port of a listener",
        lambda stack: multi_region_accelerator(
            stack, port_ranges=[globalaccelerator.PortRange(from_port=NUMBER(stack), to_port=65535)]
        ),
    ),
    accepted("name of an accelerator", in_stack(multi_region_accelerator, domain_name=TEXT, hosted_zone=zone_of)),
    accepted(
        "ARN of an outcome alarm",
        in_stack(
            zonal_shift,
            outcome_alarm=lambda stack: cloudwatch.Alarm.from_alarm_arn(stack, "Alarm", TEXT(stack)),
        ),
    ),
    accepted("blocked window", lambda stack: zonal_shift(stack, blocked_windows=[TEXT(stack)])),
    accepted("blocked date", lambda stack: zonal_shift(stack, blocked_dates=[TEXT(stack)])),
    accepted("all blocked dates", in_stack(zonal_shift, blocked_dates=LIST)),
    accepted("name of the records of buckets", in_stack(bucket_dns_router, record_name=TEXT)),
    accepted("hybrid's failover name", in_stack(hybrid_failover, failover_record_name=TEXT)),
]


@pytest.mark.parametrize(
    ("build", "says", "at"),
    [
        *_HEALTH_CHECKS,
        *_CALCULATED_HEALTH_CHECKS,
        *_ALARM_HEALTH_CHECKS,
        *_TRAFFIC_SWITCHES,
        *_DNS_FAILOVER,
        *_ROUTING_CONTROLS,
        *_HYBRID_FAILOVER,
        *_SAME_PATH,
        *_BUCKET_FAILOVER,
        *_BUCKET_DNS,
        *_ACCESS_POINTS,
        *_ACCELERATORS,
        *_ZONAL_SHIFT,
        *_PARTITIONS,
    ],
)
def test_bad_input_is_refused_with_all_that_is_needed_to_mend_it(
    stack: cdk.Stack, build: Build, says: Sequence[str], at: str | None
) -> None:
    assert_refused(stack, build, says, at)


@pytest.mark.parametrize("build", _ACCEPTED)
def test_what_only_the_deploy_knows_is_let_through_to_the_template(stack: cdk.Stack, build: Build) -> None:
    assert_accepted(stack, build)
