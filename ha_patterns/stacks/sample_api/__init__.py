"""The sample origin of the reference stacks: one small Regional API, in the Regions of primary and standby."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk
import jsii
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from ...origins import Endpoint
from ..acknowledgements import SAMPLE_API, acknowledge
from ..sample_function import sample_function
from ..settings import ReferenceSettings

_CODE = Path(__file__).with_name("index.py").read_text(encoding="utf-8")
# What an HTTP API logs of a request; ``$context.resourcePath``, which the CDK's own format has, is of REST APIs. See
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html, read on 2026-11-30.
_LOGGED = {
    "requestId": "$context.requestId",
    "ip": "$context.identity.sourceIp",
    "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod",
    "path": "$context.path",
    "protocol": "$context.protocol",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
}


class SampleApiStack(cdk.Stack):
    """One Region of a sample application: an HTTP API that answers with its Region and role.

    Its stack parameter ``OriginStatus`` is the status it answers everything with, its health path included: deploy it
    as 503 to make this origin fail.

    Args:
        settings: The settings of the reference stacks.
        role: What it is there, such as ``primary``; part of every answer.
        region: Where it is deployed.
        own_name: The name of this Region's API alone.
        shared_name: The name that both Regions' APIs answer to. Default: none.
        cache_control: The ``Cache-Control`` of answers with status 200; errors keep ``no-store``, since CloudFront
            caches an error for as long as it says. Default: ``no-store`` for all.

    Attributes:
        endpoint: The API, for constructs in other stacks.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: ReferenceSettings,
        role: str,
        region: str,
        own_name: str,
        shared_name: str | None = None,
        cache_control: str | None = None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=cdk.Environment(region=region),
            description=f"ha-patterns: sample API, {role}",
        )
        acknowledge(self, SAMPLE_API)
        zone = settings.hosted_zone(self)
        status = cdk.CfnParameter(
            self,
            "OriginStatus",
            type="String",
            default="200",
            allowed_values=["200", "403", "404", "500", "502", "503", "504"],
            description="The HTTP status of every answer. Anything but 200 makes this origin fail.",
        )
        api, stage = self._api(role, status.value_as_string)
        if cache_control is not None:
            _send_when_ok(api, "cache-control", cache_control)
        certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=own_name,
            subject_alternative_names=[shared_name] if shared_name else None,
            validation=acm.CertificateValidation.from_dns(zone),
        )
        domains = {
            name: self._custom_domain(name, domain_name, certificate, api, stage)
            for name, domain_name in (("OwnName", own_name), ("SharedName", shared_name))
            if domain_name
        }
        own = domains["OwnName"]
        alias = route53.RecordTarget.from_alias(
            targets.ApiGatewayv2DomainProperties(own.regional_domain_name, own.regional_hosted_zone_id)
        )
        for record in (route53.ARecord, route53.AaaaRecord):
            record(self, record.__name__, zone=zone, record_name=f"{own_name}.", target=alias)
        self.endpoint = Endpoint.api_gateway(domain_name=own_name, custom_domain=domains.get("SharedName"))
        cdk.CfnOutput(self, "Url", value=f"https://{own_name}/", description="This Region's API by its own name")

    def _api(self, role: str, status: str) -> tuple[apigatewayv2.HttpApi, apigatewayv2.HttpStage]:
        function = sample_function(self, code=_CODE, role=role, status=status)
        api = apigatewayv2.HttpApi(
            self,
            "Api",
            create_default_stage=False,
            default_integration=integrations.HttpLambdaIntegration("Integration", function),
            disable_execute_api_endpoint=True,
            ip_address_type=apigatewayv2.IpAddressType.DUAL_STACK,
        )
        stage = api.add_stage(
            "Stage",
            auto_deploy=True,
            stage_name="$default",
            access_log_settings=_AccessLogs(self._log_group("AccessLogs")),
        )
        return api, stage

    def _custom_domain(
        self,
        construct_id: str,
        domain_name: str,
        certificate: acm.ICertificate,
        api: apigatewayv2.HttpApi,
        stage: apigatewayv2.HttpStage,
    ) -> apigatewayv2.DomainName:
        domain = apigatewayv2.DomainName(
            self,
            construct_id,
            domain_name=domain_name,
            certificate=certificate,
            security_policy=apigatewayv2.SecurityPolicy.TLS_1_2,
            ip_address_type=apigatewayv2.IpAddressType.DUAL_STACK,
        )
        apigatewayv2.ApiMapping(self, f"{construct_id}Mapping", api=api, domain_name=domain, stage=stage)
        return domain

    def _log_group(self, construct_id: str) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            construct_id,
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )


def sample_apis(
    scope: Construct,
    settings: ReferenceSettings,
    pattern: str,
    *,
    shared_name: str | None = None,
    roles: Sequence[str] = ("primary", "standby"),
) -> list[SampleApiStack]:
    """The stacks of the sample API in both Regions, in the order of the settings.

    Args:
        scope: The app.
        settings: The settings of the reference stacks.
        pattern: The pattern they serve; part of the stacks' and the APIs' names.
        shared_name: The name that both APIs answer to. Default: none.
        roles: What each is there; part of the stacks' and the APIs' names, and of every answer.
    """
    return [
        SampleApiStack(
            scope,
            f"{pattern}-{role}",
            settings=settings,
            role=role,
            region=region,
            own_name=f"{role}.{pattern}.{settings.zone_name}",
            shared_name=shared_name,
        )
        for role, region in zip(roles, settings.regions, strict=True)
    ]


def sample_api(
    scope: Construct, settings: ReferenceSettings, pattern: str, *, cache_control: str | None = None
) -> SampleApiStack:
    """The stack of the sample API in the primary's Region alone.

    Args:
        scope: The app.
        settings: The settings of the reference stacks.
        pattern: The pattern it serves; part of the stack's and the API's name.
        cache_control: The ``Cache-Control`` of its good answers. Default: ``no-store``.
    """
    return SampleApiStack(
        scope,
        f"{pattern}-primary",
        settings=settings,
        role="primary",
        region=settings.regions[0],
        own_name=f"primary.{pattern}.{settings.zone_name}",
        cache_control=cache_control,
    )


def _send_when_ok(api: apigatewayv2.HttpApi, header: str, value: str) -> None:
    """Have an API send a header with status 200; the CDK's integrations can map requests only."""
    (integration,) = (child for child in api.node.find_all() if isinstance(child, apigatewayv2.CfnIntegration))
    integration.response_parameters = {
        "200": {"ResponseParameters": [{"Destination": f"overwrite:header.{header}", "Source": value}]}
    }


@jsii.implements(apigatewayv2.IAccessLogSettings)
class _AccessLogs:
    """Access logs of a stage: the CDK's own type for them cannot be made from Python."""

    def __init__(self, log_group: logs.ILogGroup) -> None:
        self._log_group = log_group

    @property
    def destination(self) -> apigatewayv2.IAccessLogDestination:
        return apigatewayv2.LogGroupLogDestination(self._log_group)

    @property
    def format(self) -> apigateway.AccessLogFormat:
        return apigateway.AccessLogFormat.custom(json.dumps(_LOGGED))
