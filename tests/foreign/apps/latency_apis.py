"""Three Regions, each with a REST API and an HTTP API behind names that all of them share; and nested pairs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns

from ha_patterns import DnsFailover, EdgeDistribution, Endpoint, HealthCheckSettings, LatencyRouting

_ACCOUNT = "111122223333"
_CHECK = HealthCheckSettings.fast(path="/health")


def build(app: cdk.App) -> None:
    """Both kinds of API, and a site in front of one."""
    edge, zone = _edge(app)
    apis = {region: _Apis(app, region) for region in ("eu-west-1", "us-east-1", "ap-southeast-2")}
    LatencyRouting(
        edge,
        "Rest",
        hosted_zone=zone,
        record_name="api",
        members={
            region: Endpoint.api_gateway(api=each.rest, custom_domain=each.rest_name) for region, each in apis.items()
        },
        health_checks=_CHECK,
    )
    http = LatencyRouting(
        edge,
        "Http",
        hosted_zone=zone,
        record_name="http",
        members={region: each.http_endpoint for region, each in apis.items()},
        health_checks=_CHECK,
        recovery_time_objective=cdk.Duration.seconds(180),
    )
    EdgeDistribution(
        edge,
        "Site",
        domain_name="www.example.com",
        hosted_zone=zone,
        default_behavior=cloudfront.BehaviorOptions(
            origin=http.origin(),
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        ),
    )
    http.add_alarms(sns.Topic(edge, "Alarms"))


def nested_pairs(app: cdk.App) -> None:
    """A failover pair in each part of the world, and latency records over the pairs."""
    edge, zone = _edge(app)
    members = {}
    for region, standby in (("eu-west-1", "eu-central-1"), ("us-east-1", "us-west-2")):
        members[region] = DnsFailover(
            edge,
            f"Pair-{region}",
            hosted_zone=zone,
            record_name=f"{region}.pair",
            primary=_Apis(app, region).http_endpoint,
            secondary=_Apis(app, standby).http_endpoint,
            primary_health_check=_CHECK,
            secondary_health_check=_CHECK,
        )
    LatencyRouting(edge, "Latency", hosted_zone=zone, record_name="http", members=members)


def _edge(app: cdk.App) -> tuple[cdk.Stack, route53.IHostedZone]:
    env = cdk.Environment(account=_ACCOUNT, region="us-east-1")
    edge = cdk.Stack(app, "Edge", env=env, cross_region_references=True)
    zone = route53.HostedZone.from_hosted_zone_attributes(
        edge, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    return edge, zone


class _Apis(cdk.Stack):
    def __init__(self, app: cdk.App, region: str) -> None:
        env = cdk.Environment(account=_ACCOUNT, region=region)
        super().__init__(app, f"Api-{region}", env=env, cross_region_references=True)
        function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(event, context): return {'statusCode': 200}"),
        )
        certificate = acm.Certificate.from_certificate_arn(
            self, "Certificate", f"arn:aws:acm:{region}:{_ACCOUNT}:certificate/1"
        )
        self.rest = apigateway.LambdaRestApi(
            self, "Rest", handler=function, endpoint_types=[apigateway.EndpointType.REGIONAL]
        )
        self.rest_name = apigateway.DomainName(
            self,
            "RestName",
            domain_name="api.example.com",
            certificate=certificate,
            endpoint_type=apigateway.EndpointType.REGIONAL,
            mapping=self.rest,
        )
        http = apigatewayv2.HttpApi(
            self, "Http", default_integration=integrations.HttpLambdaIntegration("Integration", function)
        )
        name = apigatewayv2.DomainName(self, "HttpName", domain_name="http.example.com", certificate=certificate)
        apigatewayv2.ApiMapping(self, "Mapping", api=http, domain_name=name)
        self.http_endpoint = Endpoint.api_gateway(api=http, custom_domain=name)
