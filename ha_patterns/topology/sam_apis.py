"""The APIs of SAM, with their domains and the records of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .sam_made import Made, digest, section

# The zone of all of CloudFront's names.
_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
_RECORD_SETS = "AWS::Route53::RecordSetGroup"


def _rest_api(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
    endpoints = given.get("EndpointConfiguration")
    if isinstance(endpoints, str):
        endpoints = {"Types": [endpoints]}
    elif isinstance(endpoints, dict) and "Type" in endpoints:
        endpoints = {"Types": [endpoints["Type"]], "VpcEndpointIds": endpoints.get("VPCEndpointIds")}
    properties = {"Name": given.get("Name"), "EndpointConfiguration": endpoints, **_definition(given)}
    made.main(logical_id, "AWS::ApiGateway::RestApi", {k: v for k, v in properties.items() if v is not None})
    deployment = f"{logical_id}Deployment"
    made.add(deployment, "AWS::ApiGateway::Deployment", {"RestApiId": {"Ref": logical_id}})
    made.name(f"{logical_id}.Deployment", deployment)
    stage = given.get("StageName")
    properties = {"RestApiId": {"Ref": logical_id}, "DeploymentId": {"Ref": deployment}, "StageName": stage}
    properties |= {"Variables": given["Variables"]} if "Variables" in given else {}
    _stage(made, logical_id, "AWS::ApiGateway::Stage", properties)
    _rest_domain(made, logical_id, section(given, "Domain"))


def _api(protocol: str, default_stage: str) -> Callable[[Made, str, Mapping[str, Any]], None]:
    def expand(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
        properties = {**({"Name": given["Name"]} if "Name" in given else {}), **_definition(given)}
        made.main(logical_id, "AWS::ApiGatewayV2::Api", {**properties, "ProtocolType": protocol})
        stage = {"StageName": given.get("StageName", default_stage), "AutoDeploy": True}
        stage |= {"StageVariables": given["StageVariables"]} if "StageVariables" in given else {}
        _stage(made, logical_id, "AWS::ApiGatewayV2::Stage", {"ApiId": {"Ref": logical_id}, **stage}, default_stage)
        _domain(made, logical_id, section(given, "Domain"))

    return expand


def _definition(given: Mapping[str, Any]) -> dict[str, Any]:
    """What an API answers; without a definition the transform makes one of the functions' events, which is not read."""
    disabled = "DisableExecuteApiEndpoint"
    found = {disabled: given[disabled]} if disabled in given else {}
    if "DefinitionUri" in given:
        return {**found, "BodyS3Location": given["DefinitionUri"]}
    return {**found, "Body": given.get("DefinitionBody", {"Fn::Transform": {"Name": "AWS::Serverless-2016-10-31"}})}


def _stage(made: Made, api: str, kind: str, properties: Mapping[str, Any], default: str = "") -> None:
    name = properties["StageName"] if isinstance(properties["StageName"], str) else ""
    if name == "$default":
        logical_id = f"{api}ApiGatewayDefaultStage"
    elif name and name == default:
        logical_id = f"{api}DefaultStage"
    else:
        logical_id = f"{api}{name}Stage" if name.isalnum() else f"{api}Stage{digest(name)}"
    made.add(logical_id, kind, properties)
    made.name(f"{api}.Stage", logical_id)


def _rest_domain(made: Made, api: str, domain: Mapping[str, Any]) -> None:
    if not domain:
        return
    kind = domain.get("EndpointConfiguration") or "REGIONAL"
    certificate = "RegionalCertificateArn" if kind == "REGIONAL" else "CertificateArn"
    version = "V2" if kind == "PRIVATE" else ""
    logical_id = f"ApiGatewayDomainName{version}{digest(domain.get('DomainName'))}"
    properties = {
        "DomainName": domain.get("DomainName"),
        certificate: domain.get("CertificateArn"),
        "EndpointConfiguration": {"Types": [kind]},
    }
    made.add(logical_id, f"AWS::ApiGateway::DomainName{version}", properties)
    made.name(f"{api}.DomainName{version}", logical_id)
    named = {"DomainNameArn" if version else "DomainName": {"Ref": logical_id}}
    normalized = domain.get("NormalizeBasePath") is not False
    for mapping, path in _paths(f"{api}%sBasePathMapping", domain, normalized=normalized):
        properties = {**named, "RestApiId": {"Ref": api}, "Stage": {"Ref": f"{api}.Stage"}, **path}
        made.add(mapping, f"AWS::ApiGateway::BasePathMapping{version}", properties)
    _records(made, logical_id, domain, str(kind))


def _domain(made: Made, api: str, domain: Mapping[str, Any]) -> None:
    if not domain:
        return
    logical_id = f"ApiGatewayDomainNameV2{digest(domain.get('DomainName'))}"
    config = {"CertificateArn": domain.get("CertificateArn"), "EndpointType": "REGIONAL"}
    properties = {"DomainName": domain.get("DomainName"), "DomainNameConfigurations": [config]}
    made.add(logical_id, "AWS::ApiGatewayV2::DomainName", properties)
    made.name(f"{api}.DomainName", logical_id)
    for mapping, path in _paths(f"{api}%sApiMapping", domain, normalized=False):
        properties = {"DomainName": {"Ref": logical_id}, "ApiId": {"Ref": api}, "Stage": {"Ref": f"{api}.Stage"}}
        made.add(mapping, "AWS::ApiGatewayV2::ApiMapping", {**properties, **path})
    _records(made, logical_id, domain, "REGIONAL")


def _paths(logical_id: str, domain: Mapping[str, Any], *, normalized: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings of a domain: one for each base path, or the one of all."""
    paths = domain.get("BasePath")
    for path in paths if isinstance(paths, list) else [paths]:
        name = path if isinstance(path, str) else ""
        letters = "".join(letter for letter in name if letter.isalnum())
        yield logical_id % letters, {"BasePath": letters if normalized else path} if letters else {}


def _records(made: Made, domain_id: str, domain: Mapping[str, Any], kind: str) -> None:
    """The records of a domain, in the group that SAM has for each hosted zone."""
    given = section(domain, "Route53")
    zone = {name: given[name] for name in ("HostedZoneId", "HostedZoneName") if given.get(name) is not None}
    if not zone:
        return
    record = {
        "Name": domain.get("DomainName"),
        "AliasTarget": _alias(domain_id, given, kind),
        **{name: given[name] for name in ("Region", "SetIdentifier") if given.get(name) is not None},
    }
    types = ("A", "AAAA") if given.get("IpV6") is True else ("A",)
    records = [{**record, "Type": one} for one in types]
    key = next(iter(zone.values()))
    if given.get("SeparateRecordSetGroup") is True:
        key = [key, domain.get("DomainName")]
    logical_id = f"RecordSetGroup{digest(key)}"
    made.add(logical_id, _RECORD_SETS, {**zone, "RecordSets": []})
    group = made.added(logical_id)
    if group is not None:
        group["Properties"]["RecordSets"] += records


def _alias(domain_id: str, given: Mapping[str, Any], kind: str) -> dict[str, Any]:
    health = given.get("EvaluateTargetHealth")
    alias = {} if health is None else {"EvaluateTargetHealth": health}
    if kind == "EDGE":
        name = given.get("DistributionDomainName") or {"Fn::GetAtt": [domain_id, "DistributionDomainName"]}
        return {**alias, "HostedZoneId": _CLOUDFRONT_ZONE, "DNSName": name}
    if kind == "PRIVATE":
        name = given.get("VpcEndpointDomainName")
        return {**alias, "HostedZoneId": given.get("VpcEndpointHostedZoneId"), "DNSName": name}
    return {
        **alias,
        "HostedZoneId": {"Fn::GetAtt": [domain_id, "RegionalHostedZoneId"]},
        "DNSName": {"Fn::GetAtt": [domain_id, "RegionalDomainName"]},
    }


EXPANDERS: Mapping[str, Callable[[Made, str, Mapping[str, Any]], None]] = {
    "Api": _rest_api,
    "HttpApi": _api("HTTP", "$default"),
    "WebSocketApi": _api("WEBSOCKET", "default"),
}
