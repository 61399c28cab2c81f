"""A host name leads to its records, to the resource that answers, or to what AWS's names tell by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
    Api,
    ApiDomain,
    Bucket,
    Certificate,
    Distribution,
    Endpoint,
    HostedZone,
    Origin,
    OriginKind,
    Record,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Text, atoms

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_URL = {"Fn::Select": [2, {"Fn::Split": ["/", get_att("Url", "FunctionUrl")]}]}
_HTTP_API = {"Fn::Select": [2, {"Fn::Split": ["/", get_att("HttpApi", "ApiEndpoint")]}]}
_WEBSITE = {"Fn::Select": [2, {"Fn::Split": ["/", get_att("Bucket", "WebsiteURL")]}]}
_REGIONAL = {"Types": ["REGIONAL"]}
_RESOURCES = {
    "Bucket": resource("S3::Bucket"),
    "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
    "Classic": resource("ElasticLoadBalancing::LoadBalancer"),
    "Url": resource("Lambda::Url", TargetFunctionArn=ref("Function")),
    "Function": resource("Lambda::Function"),
    "RestApi": resource("ApiGateway::RestApi"),
    "HttpApi": resource("ApiGatewayV2::Api", ProtocolType="HTTP"),
    "Domain": resource(
        "ApiGateway::DomainName", DomainName="api.example.com", EndpointConfiguration={"Types": ["REGIONAL"]}
    ),
    "Edge": resource("ApiGateway::DomainName", DomainName="edge.example.com"),
    "Accelerator": resource("GlobalAccelerator::Accelerator"),
    "Points": resource("S3::MultiRegionAccessPoint", Regions=[{"Bucket": ref("Bucket")}]),
    "Other": resource("CloudFront::Distribution", DistributionConfig={}),
    "Server": resource("EC2::Instance"),
    "Zone": resource("Route53::HostedZone", Name="example.com."),
    "Unlike": resource("Route53::HostedZone", Name="example.net"),
}


def _site(name: Any) -> dict[str, Any]:
    origins = [{"Id": "one", "DomainName": name}]
    return resource("CloudFront::Distribution", DistributionConfig={"Origins": origins})


def _endpoint(name: Any, resources: dict[str, Any] | None = None) -> Endpoint:
    topology = load_resources({"Site": _site(name), **(_RESOURCES if resources is None else resources)})
    return only(topology, Origin).endpoint


@pytest.mark.parametrize(
    ("name", "kind", "target", "region"),
    [
        (get_att("Bucket", "DomainName"), OriginKind.BUCKET, "Bucket", "eu-west-1"),
        (get_att("Bucket", "RegionalDomainName"), OriginKind.BUCKET, "Bucket", "eu-west-1"),
        ({"Fn::Sub": "${Bucket}.s3.amazonaws.com"}, OriginKind.BUCKET, "Bucket", "eu-west-1"),
        ({"Fn::Sub": "${Bucket}.s3-website-${AWS::Region}.amazonaws.com"}, OriginKind.WEBSITE, "Bucket", "eu-west-1"),
        (_WEBSITE, OriginKind.WEBSITE, "Bucket", "eu-west-1"),
        (get_att("Balancer", "DNSName"), OriginKind.LOAD_BALANCER, "Balancer", "eu-west-1"),
        ({"Fn::Sub": "dualstack.${Balancer.DNSName}"}, OriginKind.LOAD_BALANCER, "Balancer", "eu-west-1"),
        (get_att("Classic", "DNSName"), OriginKind.LOAD_BALANCER, "Classic", "eu-west-1"),
        (_URL, OriginKind.FUNCTION_URL, "Url", "eu-west-1"),
        (_HTTP_API, OriginKind.API, "HttpApi", "eu-west-1"),
        (
            {"Fn::Sub": "${RestApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
            OriginKind.API,
            "RestApi",
            "eu-west-1",
        ),
        (get_att("Domain", "RegionalDomainName"), OriginKind.API, "Domain", "eu-west-1"),
        ("api.example.com", OriginKind.API, "Domain", "eu-west-1"),
        ("edge.example.com", OriginKind.API, "Edge", None),
        (get_att("Accelerator", "DnsName"), OriginKind.ACCELERATOR, "Accelerator", None),
        ({"Fn::Sub": "${Points.Alias}.accesspoint.s3-global.amazonaws.com"}, OriginKind.ACCESS_POINT, "Points", None),
        (get_att("Other", "DomainName"), OriginKind.DISTRIBUTION, "Other", None),
        (get_att("Server", "PublicDnsName"), OriginKind.HOST, None, "eu-west-1"),
        ({"Fn::Sub": "www.${Zone}"}, OriginKind.HOST, None, None),
    ],
)
def test_a_reference_leads_to_the_resource(name: Any, kind: OriginKind, target: str | None, region: str | None) -> None:
    endpoint = _endpoint(name)
    found = endpoint.target.place.logical_id if endpoint.target else None

    assert (kind, target, region) == (endpoint.kind, found, endpoint.region)


@pytest.mark.parametrize(
    ("name", "kind", "region"),
    [
        ("b.s3.amazonaws.com", OriginKind.BUCKET, None),
        ("b.c.s3.eu-central-1.amazonaws.com", OriginKind.BUCKET, "eu-central-1"),
        ("b.s3-eu-west-1.amazonaws.com", OriginKind.BUCKET, "eu-west-1"),
        ("b.s3.dualstack.us-west-2.amazonaws.com", OriginKind.BUCKET, "us-west-2"),
        ("b.s3.cn-north-1.amazonaws.com.cn", OriginKind.BUCKET, "cn-north-1"),
        ("b.s3-website-us-east-1.amazonaws.com", OriginKind.WEBSITE, "us-east-1"),
        ("b.s3-website.eu-central-1.amazonaws.com", OriginKind.WEBSITE, "eu-central-1"),
        ("m.mrap.accesspoint.s3-global.amazonaws.com", OriginKind.ACCESS_POINT, None),
        ("my-alb-123.us-gov-west-1.elb.amazonaws.com", OriginKind.LOAD_BALANCER, "us-gov-west-1"),
        ("my-nlb-123.elb.ap-southeast-2.amazonaws.com", OriginKind.LOAD_BALANCER, "ap-southeast-2"),
        ("abc.execute-api.eu-west-1.amazonaws.com", OriginKind.API, "eu-west-1"),
        ("abc.lambda-url.eu-west-1.on.aws", OriginKind.FUNCTION_URL, "eu-west-1"),
        ("a1.awsglobalaccelerator.com", OriginKind.ACCELERATOR, None),
        ("a1.dualstack.awsglobalaccelerator.com", OriginKind.ACCELERATOR, None),
        ("D111.CloudFront.net.", OriginKind.DISTRIBUTION, None),
        ("ec2-1-2-3-4.eu-west-1.compute.amazonaws.com", OriginKind.HOST, "eu-west-1"),
        ("abc.eu-west-1.awsapprunner.com", OriginKind.HOST, "eu-west-1"),
        ("api.eu-west-1.example.com", OriginKind.HOST, None),
        ("www.example.com", OriginKind.HOST, None),
        ("s3.amazonaws.com", OriginKind.HOST, None),
        ("a." * 5_000 + "com", OriginKind.HOST, None),
    ],
)
def test_a_name_of_aws_tells_what_answers_and_where(name: str, kind: OriginKind, region: str | None) -> None:
    endpoint = _endpoint(name, {})

    assert (kind, region, None) == (endpoint.kind, endpoint.region, endpoint.target)


def test_a_bucket_is_found_by_its_name_wherever_its_stack_is() -> None:
    bucket = {"Bucket": resource("S3::Bucket", BucketName={"Fn::Sub": "site-${AWS::AccountId}"})}
    site = {"Site": _site({"Fn::Sub": "site-${AWS::AccountId}.s3.us-east-1.amazonaws.com"})}
    topology = load_stacks({"A": {"Resources": bucket}, "B": {"Resources": site}}, {"A": "us-east-1"})
    endpoint = only(topology, Origin).endpoint

    assert only(topology, Bucket) is endpoint.target
    assert endpoint.region == "us-east-1"


def _records(*given: tuple[str, str, str], zone: Any = None) -> dict[str, Any]:
    """Records by name, type and value."""
    return {
        f"R{index}": resource(
            "Route53::RecordSet",
            Name=name,
            Type=kind,
            TTL="60",
            ResourceRecords=[value],
            HostedZoneId=zone or ref("Zone"),
        )
        for index, (name, kind, value) in enumerate(given)
    }


def _ends(topology: Topology) -> list[str]:
    return [str(end.name) for end in only(topology, Origin).endpoint.ends]


def _load(name: Any, records: dict[str, Any]) -> Topology:
    return load_resources({"Site": _site(name), "Zone": _RESOURCES["Zone"], **records})


def test_records_are_followed_to_where_they_end() -> None:
    chain = _records(("A.example.com.", "CNAME", "b.example.com"), ("b.example.com", "CNAME", "C.example.net."))
    topology = _load("a.example.com", chain)

    assert _ends(topology) == ["c.example.net"]


def test_records_that_lead_to_each_other_in_a_circle_have_an_end() -> None:
    circle = _records(("a.example.com", "CNAME", "b.example.com"), ("b.example.com", "CNAME", "a.example.com"))
    topology = _load("a.example.com", circle)
    endpoint = only(topology, Origin).endpoint

    assert (endpoint.ends, endpoint.targets, endpoint.regions) == ((), (), None)
    assert only(topology, Origin).kind == OriginKind.HOST


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("a.example.com", "of-all.example.net"),
        ("a.b.example.com", "of-all.example.net"),
        ("x.sub.example.com", "of-sub.example.net"),
        ("own.example.com", "own.example.net"),
        # What has a record of another type has no address: a wildcard does not stand in for it.
        ("text.example.com", "of-all.example.net"),
        ("example.com", "example.com"),
        ("a.example.org", "a.example.org"),
    ],
)
def test_the_closest_wildcard_answers(name: str, end: str) -> None:
    records = _records(
        ("*.example.com", "CNAME", "of-all.example.net"),
        ("*.sub.example.com", "CNAME", "of-sub.example.net"),
        ("own.example.com", "CNAME", "own.example.net"),
        ("text.example.com", "TXT", "text"),
    )
    if name == "text.example.com":
        end = name

    assert [end] == _ends(_load(name, records))


def test_a_name_of_which_some_is_known_has_its_records() -> None:
    name = {"Fn::Sub": "www.${Host}"}
    record = resource("Route53::RecordSet", Name=name, Type="A", ResourceRecords=["192.0.2.1"], HostedZoneId="Z1")
    topology = load_resources({"Site": _site(name), "R": record}, Parameters={"Host": {"Type": "String"}})

    assert _ends(topology) == ["192.0.2.1"]


def test_what_is_in_a_private_zone_is_for_its_vpcs() -> None:
    private = resource("Route53::HostedZone", Name="example.com", VPCs=[{"VPCId": "vpc-1"}])
    records = {
        **_records(("a.example.com", "A", "192.0.2.1")),
        "Inside": {**_records(("a.example.com", "A", "10.0.0.1"), zone=ref("Private"))["R0"]},
    }

    assert _ends(_load("a.example.com", {**records, "Private": private})) == ["192.0.2.1"]


def test_a_reference_to_a_record_is_its_name() -> None:
    topology = _load(ref("R0"), _records(("a.example.com", "A", "192.0.2.1")))

    assert (only(topology, Record),) == only(topology, Origin).endpoint.records


def test_a_reference_to_a_domain_is_its_name() -> None:
    alias = {"DNSName": get_att("Domain", "RegionalDomainName"), "HostedZoneId": "Z1"}
    record = resource("Route53::RecordSet", Name="api.example.com", Type="A", AliasTarget=alias, HostedZoneId="Z2")
    topology = load_resources({"Site": _site(ref("Domain")), "Domain": _RESOURCES["Domain"], "Record": record})
    endpoint = only(topology, Origin).endpoint

    assert (only(topology, Record),) == endpoint.records
    assert (only(topology, ApiDomain),) == endpoint.targets


def test_records_of_two_regions_lead_to_both() -> None:
    def template(region: str) -> dict[str, Any]:
        alias = {"DNSName": get_att("Balancer", "DNSName"), "HostedZoneId": "Z1", "EvaluateTargetHealth": True}
        record = resource("Route53::RecordSet", Name="api.example.com", Type="A", HostedZoneId="Z2", AliasTarget=alias)
        record["Properties"] |= {"Region": region, "SetIdentifier": region}
        return {"Resources": {"Balancer": _RESOURCES["Balancer"], "Record": record}}

    stacks = {
        "A": template("eu-west-1"),
        "B": template("us-east-1"),
        "C": {"Resources": {"S": _site("api.example.com")}},
    }
    topology = load_stacks(stacks, {"B": "us-east-1", "C": "us-east-1"})
    origin = only(topology, Origin)

    assert origin.kind == OriginKind.LOAD_BALANCER
    assert {"eu-west-1", "us-east-1"} == set(origin.endpoint.regions or ())
    assert len(origin.endpoint.targets) == 2
    assert len(topology.record_sets) == 1


def test_names_that_each_wait_for_something_of_their_own_are_not_one_host() -> None:
    origins = [{"Id": name, "DomainName": {"Fn::Transform": {"Name": name}}} for name in ("one", "two")]
    topology = load_resources({"S": resource("CloudFront::Distribution", DistributionConfig={"Origins": origins})})
    one, two = topology.of(Origin)

    assert one.endpoint is not two.endpoint
    assert named(topology, Origin, "S").endpoint is one.endpoint


@pytest.mark.parametrize("name", ["api.example.com", "API.Example.com.", {"Fn::Sub": "API.Example.com."}])
@pytest.mark.parametrize("domain", ["api.example.com", "Api.example.COM"])
def test_the_name_of_a_domain_is_one_in_any_case(name: Any, domain: str) -> None:
    resources = {"Domain": resource("ApiGateway::DomainName", DomainName=domain)}
    topology = load_resources({"Site": _site(name), **resources})

    assert only(topology, Origin).endpoint.target is only(topology, ApiDomain)
    assert topology.endpoint("API.EXAMPLE.COM.").target is only(topology, ApiDomain)


def test_a_name_of_which_some_is_known_is_one_in_any_case() -> None:
    parameters = {"Env": {"Type": "String"}}
    record = resource(
        "Route53::RecordSet", Name={"Fn::Sub": "${Env}.Example.com."}, Type="CNAME", ResourceRecords=["a.example.net"]
    )
    site = _site({"Fn::Sub": "${Env}.EXAMPLE.com"})
    topology = load_resources({"Site": site, "Record": record}, Parameters=parameters)
    one = only(topology, Record)

    assert only(topology, Origin).endpoint.records == (one,)
    assert topology.record_set(Text((*atoms(one.name)[:1], ".EXAMPLE.COM.")), "CNAME") is topology.set_of(one)


def test_a_mapping_has_the_domain_of_its_name_in_any_case() -> None:
    domain = resource("ApiGatewayV2::DomainName", DomainName="Api.example.com")
    mapping = resource("ApiGatewayV2::ApiMapping", DomainName="api.example.com.", ApiId=ref("Api"), Stage="a")
    api = resource("ApiGatewayV2::Api", ProtocolType="HTTP")
    topology = load_resources({"Domain": domain, "Mapping": mapping, "Api": api})

    assert only(topology, ApiDomain).apis == (only(topology, Api),)


def test_a_hosted_zone_is_found_by_its_name_in_any_case() -> None:
    record = resource(
        "Route53::RecordSet",
        HostedZoneName="example.com.",
        Name="a.example.com",
        Type="A",
        ResourceRecords=["192.0.2.1"],
    )
    topology = load_resources({"Zone": resource("Route53::HostedZone", Name="Example.com"), "Record": record})

    assert only(topology, Record).zone is only(topology, HostedZone)


def test_names_of_viewers_and_of_certificates_are_in_lower_case() -> None:
    config = {"Aliases": ["WWW.Example.com.", {"Fn::Sub": "${Env}.Example.com"}]}
    certificate = resource(
        "CertificateManager::Certificate", DomainName="WWW.example.com", SubjectAlternativeNames=["*.B.c."]
    )
    resources = {"Site": resource("CloudFront::Distribution", DistributionConfig=config), "Certificate": certificate}
    topology = load_resources(resources, Parameters={"Env": {"Type": "String"}})

    assert [str(name) for name in only(topology, Distribution).aliases] == ["www.example.com", "${Env}.example.com"]
    assert only(topology, Certificate).names == ("www.example.com", "*.b.c")
