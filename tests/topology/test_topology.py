"""A topology tells what users ask, what any name leads to, and where things are."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, MutableMapping, MutableSequence, MutableSet
from typing import Any

import pytest

from ha_patterns.topology import (
    Accelerator,
    AccessPoint,
    ApiDomain,
    Bucket,
    Distribution,
    EndpointGroup,
    HealthCheck,
    LoadBalancer,
    Record,
    Role,
    Thing,
    Topology,
    Unresolved,
    model,
)
from ha_patterns.topology.model import OriginKind

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_BALANCER = resource("ElasticLoadBalancingV2::LoadBalancer", Scheme="internet-facing")


def _record(name: str, *values: Any, kind: str = "CNAME", **more: Any) -> dict[str, Any]:
    return resource("Route53::RecordSet", Name=name, Type=kind, ResourceRecords=list(values), TTL=60, **more)


def _alias(name: Any, target: Any, kind: str = "A", **more: Any) -> dict[str, Any]:
    alias = {"DNSName": target, "HostedZoneId": "Z2", "EvaluateTargetHealth": True}
    return resource("Route53::RecordSet", Name=name, Type=kind, AliasTarget=alias, **more)


def _site(*hosts: Any, **more: Any) -> dict[str, Any]:
    origins = [{"Id": str(index), "DomainName": host} for index, host in enumerate(hosts)]
    return resource("CloudFront::Distribution", DistributionConfig={"Origins": origins, **more})


def _names(topology: Topology) -> list[str]:
    return [str(entry.name) for entry in topology.entries]


def test_users_ask_the_name_of_a_distribution_and_not_those_of_its_origins() -> None:
    topology = load_resources(
        {
            "Www": _alias("www.example.com", get_att("Site", "DomainName")),
            "Site": _site("origin.example.com"),
            "Origin": _alias("origin.example.com", get_att("Balancer", "DNSName")),
            "Balancer": _BALANCER,
        }
    )

    assert _names(topology) == ["www.example.com"]
    assert topology.entries[0].targets == (only(topology, Distribution),)


def test_users_ask_a_distribution_without_a_name_by_its_own() -> None:
    topology = load_resources({"Site": _site("origin.example.com"), "Staging": _site("a.example.com", Staging=True)})
    [entry] = topology.entries

    assert str(entry.name) == "${Site.DomainName}"
    assert (entry.kind, entry.region) == (OriginKind.DISTRIBUTION, None)
    assert entry.target is named(topology, Distribution, "Site")


def test_a_name_of_one_leg_that_only_a_health_check_asks_is_asked_by_no_user() -> None:
    def half(name: str, which: str) -> dict[str, Any]:
        target = get_att(name, "DNSName")
        return _alias("www.example.com", target, Failover=which, SetIdentifier=which, HealthCheckId=ref(f"{name}Check"))

    def check(host: str) -> dict[str, Any]:
        return resource("Route53::HealthCheck", HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": host})

    topology = load_resources(
        {
            "First": _BALANCER,
            "Second": _BALANCER,
            "Primary": half("First", "PRIMARY"),
            "Secondary": half("Second", "SECONDARY"),
            "Own": _alias("first.example.com", get_att("First", "DNSName")),
            "FirstCheck": check("first.example.com"),
            "SecondCheck": check("second.example.com"),
        }
    )

    assert _names(topology) == ["www.example.com"]


def test_all_names_of_what_nothing_else_leads_to_are_asked() -> None:
    topology = load_resources(
        {
            "Balancer": _BALANCER,
            "One": _alias("one.example.com", get_att("Balancer", "DNSName")),
            "Two": _alias("two.example.com", get_att("Balancer", "DNSName")),
        }
    )

    assert _names(topology) == ["one.example.com", "two.example.com"]


def test_a_name_behind_another_name_is_asked_by_no_user() -> None:
    topology = load_resources(
        {
            "Balancer": _BALANCER,
            "Inner": _alias("inner.example.com", get_att("Balancer", "DNSName")),
            "Outer": _alias("outer.example.com", "inner.example.com"),
        }
    )

    assert _names(topology) == ["outer.example.com"]


def test_a_name_that_is_not_known_is_asked_all_the_same() -> None:
    name = {"Fn::Sub": ["www.${Zone}", {"Zone": {"Fn::ImportValue": {"Fn::Sub": "${ZoneStack}-Name"}}}]}
    records = {kind: _alias(name, get_att("Site", "DomainName"), kind) for kind in ("A", "AAAA")}
    parameters = {"ZoneStack": {"Type": "String"}}
    topology = load_resources({"Site": _site("origin.example.com"), **records}, Parameters=parameters)
    [entry] = topology.entries

    assert str(entry.name) == "www.?"
    assert [record.type for record in entry.records] == ["A", "AAAA"]
    assert entry.targets == (only(topology, Distribution),)


def test_names_that_are_not_known_are_one_only_where_they_lead_to_the_same() -> None:
    sites = {site: _site(f"{site.lower()}.example.com") for site in ("One", "Other")}
    records = {
        f"{site}Name": _alias({"Ref": {"Fn::FindInMap": ["Names", site, "Parameter"]}}, get_att(site, "DomainName"))
        for site in sites
    }

    assert [len(entry.records) for entry in load_resources({**sites, **records}).entries] == [1, 1]


def test_a_name_of_what_aws_has_is_asked_though_no_template_has_that() -> None:
    topology = load_resources({"Www": _alias("www.example.com", "d111111abcdef8.cloudfront.net")})
    [entry] = topology.entries

    assert [end.kind for end in entry.ends] == [OriginKind.DISTRIBUTION]


def test_mail_and_hosts_that_no_template_knows_are_no_entries() -> None:
    mail = resource("Route53::RecordSet", Name="example.com", Type="MX", ResourceRecords=["10 mail.example.com"])

    assert load_resources({"Mail": mail, "Blog": _record("blog.example.com", "blog.example.net")}).entries == ()


@pytest.mark.parametrize(
    ("resources", "names"),
    [
        ({"Balancer": _BALANCER}, ["${Balancer.DNSName}"]),
        ({"Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", Scheme="internal")}, []),
        ({"Api": resource("ApiGatewayV2::Api", DisableExecuteApiEndpoint=True)}, []),
        ({"Api": resource("ApiGateway::RestApi", EndpointConfiguration={"Types": ["PRIVATE"]})}, []),
        ({"Api": resource("ApiGatewayV2::Api")}, ["${Api}.execute-api.${AWS::Region}.amazonaws.com"]),
        ({"Url": resource("Lambda::Url", TargetFunctionArn="f")}, ["${Url.FunctionUrl}"]),
        ({"Accelerator": resource("GlobalAccelerator::Accelerator")}, ["${Accelerator.DnsName}"]),
        ({"Bucket": resource("S3::Bucket")}, []),
    ],
)
def test_what_answers_and_has_nothing_before_it_is_asked_by_its_own_name(
    resources: dict[str, Any], names: list[str]
) -> None:
    assert _names(load_stacks({"Test": {"Resources": resources}}, regions={"Test": "unknown-region"})) == names


def _domain(**more: Any) -> dict[str, Any]:
    return {
        "Api": resource("ApiGatewayV2::Api"),
        "Domain": resource("ApiGatewayV2::DomainName", DomainName="api.example.com"),
        "Mapping": resource("ApiGatewayV2::ApiMapping", ApiId=ref("Api"), DomainName=ref("Domain"), Stage="live"),
        **more,
    }


def test_users_ask_a_domain_of_an_api_that_has_no_record_and_not_the_api() -> None:
    topology = load_resources(_domain())
    [entry] = topology.entries

    assert (entry.name, entry.kind, entry.region) == ("api.example.com", OriginKind.API, "eu-west-1")
    assert entry.target is only(topology, ApiDomain)


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"Www": _alias("api.example.com", get_att("Domain", "RegionalDomainName"))}, ["api.example.com"]),
        ({"Www": _alias("other.example.com", get_att("Domain", "RegionalDomainName"))}, ["other.example.com"]),
        ({"Site": _site(get_att("Domain", "RegionalDomainName"))}, ["${Site.DomainName}"]),
        ({"Site": _site("api.example.com")}, ["${Site.DomainName}"]),
    ],
)
def test_a_domain_of_an_api_that_something_leads_to_is_asked_by_that(more: dict[str, Any], names: list[str]) -> None:
    assert _names(load_resources(_domain(**more))) == names


def test_domains_of_one_name_in_two_regions_are_asked_by_what_asks_the_name() -> None:
    site = _site("api.example.com")
    stacks = {"A": {"Resources": _domain(Site=site)}, "B": {"Resources": _domain()}}

    assert not [entry for entry in load_stacks(stacks, {"B": "us-east-1"}).entries if entry.name == "api.example.com"]


def test_a_private_domain_of_an_api_is_asked_by_no_user() -> None:
    domain = resource("ApiGateway::DomainNameV2", DomainName="api.example.com")

    assert load_resources({"Domain": domain}).entries == ()


def test_users_ask_the_connection_group_of_a_distribution_of_tenants() -> None:
    group = resource("CloudFront::ConnectionGroup", Name="group")
    topology = load_resources({"Site": _site("a.example.com", ConnectionMode="tenant-only"), "Group": group})

    assert _names(topology) == ["${Group.RoutingEndpoint}"]


def test_any_name_leads_to_its_records_or_to_what_its_form_tells() -> None:
    topology = load_resources(
        {
            "Wild": _record("*.example.com", "target.example.net"),
            "Media": resource("S3::Bucket", BucketName="media"),
        }
    )

    assert topology.endpoint("Any.Example.com.").records == (only(topology, Record),)
    assert topology.endpoint("media.s3.eu-west-1.amazonaws.com").target is only(topology, Bucket)
    assert topology.endpoint("d1.cloudfront.net").kind is OriginKind.DISTRIBUTION
    assert topology.endpoint("elsewhere.example.org").kind is OriginKind.HOST
    # Of one name there is one endpoint, which records are answered with, too.
    assert topology.endpoint("target.example.net") is only(topology, Record).answers[0]
    assert topology.endpoint("elsewhere.example.org") is topology.endpoint("elsewhere.example.org")


def test_records_are_found_by_name_and_type() -> None:
    topology = load_resources(
        {
            "Address": _record("www.example.com.", "198.51.100.1", kind="A"),
            "Text": _record("www.example.com", '"hello"', kind="TXT"),
        }
    )
    found = topology.record_set("WWW.example.com", "TXT")

    assert found is not None
    assert found.records == (named(topology, Record, "Text"),)
    assert topology.record_set("www.example.com", "AAAA") is None
    assert topology.record_set("other.example.com", "A") is None


@pytest.mark.parametrize("zones", [("Private", "Public"), ("Public", "Private")])
def test_of_a_public_and_a_private_zone_users_ask_the_public_one(zones: tuple[str, str]) -> None:
    topology = load_resources(
        {
            "Private": resource("Route53::HostedZone", Name="example.com", VPCs=[{"VPCId": "v"}]),
            "Public": resource("Route53::HostedZone", Name="example.com"),
            **{f"In{zone}": _record("www.example.com", "a.example.net", HostedZoneId=ref(zone)) for zone in zones},
        }
    )
    found = topology.record_set("www.example.com", "CNAME")

    assert found is not None
    assert found.records == (named(topology, Record, "InPublic"),)
    assert not found.private


def test_a_thing_is_where_its_stack_is_and_what_is_everywhere_is_in_no_region() -> None:
    resources = {
        "Bucket": resource("S3::Bucket"),
        "Balancer": _BALANCER,
        "Site": _site("a.example.com"),
        "Check": resource("Route53::HealthCheck", HealthCheckConfig={"Type": "TCP", "IPAddress": "198.51.100.1"}),
        "Role": resource("IAM::Role"),
        "Accelerator": resource("GlobalAccelerator::Accelerator"),
        "Group": resource("GlobalAccelerator::EndpointGroup", EndpointGroupRegion="ap-south-1"),
        "Points": resource("S3::MultiRegionAccessPoint", Regions=[{"Bucket": ref("Bucket")}]),
        "Point": resource("S3::AccessPoint", Bucket=ref("Bucket")),
        "Edge": resource("ApiGateway::DomainName", DomainName="a.example.com"),
    }
    topology = load_stacks({"Test": {"Resources": resources}}, regions={"Test": "eu-west-1"})

    assert {only(topology, kind).region for kind in (Bucket, LoadBalancer)} == {"eu-west-1"}
    assert {only(topology, kind).region for kind in (Distribution, HealthCheck, Role, Accelerator, ApiDomain)} == {None}
    assert only(topology, EndpointGroup).region == "ap-south-1"
    assert named(topology, AccessPoint, "Points").region is None
    assert named(topology, AccessPoint, "Point").region == "eu-west-1"


def test_where_a_thing_is_is_told_by_nothing_else_than_its_region() -> None:
    kinds = [
        kind
        for kind in (getattr(model, name) for name in dir(model))
        if isinstance(kind, type) and issubclass(kind, Thing)
    ]
    fields = {f"{kind.__name__}.{field.name}" for kind in kinds for field in dataclasses.fields(kind)}

    assert len(kinds) > 50
    # A field of that name would hide where a thing is.
    assert not [name for name in fields if name.endswith(".region")]


def test_a_region_that_nobody_has_told_is_not_taken_for_none() -> None:
    topology = load_stacks({"Test": {"Resources": {"Bucket": resource("S3::Bucket")}}}, {"Test": "unknown-region"})

    assert isinstance(only(topology, Bucket).region, Unresolved)


def _held(value: Any) -> list[Any]:
    """A value, and all that is in it, if it is a collection."""
    if isinstance(value, (tuple, frozenset)):
        return [value, *(inner for one in value for inner in _held(one))]
    return [value]


def test_nothing_of_a_topology_can_be_changed() -> None:
    balancer = {"LoadBalancerAttributes": [{"Key": "idle_timeout.timeout_seconds", "Value": "30"}]}
    headers = [{"HeaderName": "X-Key", "HeaderValue": "secret"}]
    config = {"Origins": [{"Id": "one", "DomainName": "a.example.com", "OriginCustomHeaders": headers}]}
    topology = load_resources(
        {
            "Site": {
                **resource("CloudFront::Distribution", DistributionConfig=config),
                "Metadata": {"ha-patterns": {"acknowledge": {}}},
            },
            "Tenant": resource("CloudFront::DistributionTenant", Parameters=[{"Name": "a", "Value": "b"}]),
            "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer", **balancer),
            "Nothing": resource("ElasticLoadBalancingV2::LoadBalancer"),
            "Classic": resource("ElasticLoadBalancing::LoadBalancer", CrossZone=True),
            "Group": resource("ElasticLoadBalancingV2::TargetGroup"),
            "Function": resource("Lambda::Function", Environment={"Variables": {"A": "b"}}),
            "Rest": resource("ApiGateway::RestApi"),
            "Stage": resource("ApiGateway::Stage", RestApiId=ref("Rest"), StageName="a", Variables={"a": "b"}),
            "Deployed": resource("ApiGateway::Deployment", RestApiId=ref("Rest"), StageName="b"),
            "Http": resource("ApiGatewayV2::Api", Target=get_att("Function", "Arn")),
            "Record": _record("www.example.com", "a.example.com"),
        }
    )
    places = [one.place for one in topology.everything()]
    owners = [*topology.everything(), *places]
    held = [inner for owner in owners for one in vars(owner).values() for inner in _held(one)]
    collections = [one for one in held if isinstance(one, Collection) and not isinstance(one, (str, tuple, frozenset))]

    assert len(collections) > 15
    assert [one for one in collections if isinstance(one, (MutableMapping, MutableSequence, MutableSet))] == []
    mappings = (topology.counts, topology.not_expanded, topology.records_by_name)
    assert [one for one in mappings if isinstance(one, MutableMapping)] == []


def _tenant(*domains: str, **more: Any) -> dict[str, Any]:
    return resource("CloudFront::DistributionTenant", DistributionId=ref("Site"), Domains=list(domains), **more)


@pytest.mark.parametrize("group", [{}, {"ConnectionGroupId": "cg_2whCJoXMYCjHcxaLGrkllvyABC"}])
def test_users_ask_the_domains_of_tenants_whose_connection_group_no_template_makes(group: dict[str, Any]) -> None:
    tenants = {"One": _tenant("One.example.com", "two.example.com.", **group), "Other": _tenant("three.example.com")}
    topology = load_resources({"Site": _site("a.example.com", ConnectionMode="tenant-only"), **tenants})

    assert _names(topology) == ["one.example.com", "two.example.com", "three.example.com"]
    assert {entry.target for entry in topology.entries} == {only(topology, Distribution)}
    assert {(entry.kind, entry.region) for entry in topology.entries} == {(OriginKind.DISTRIBUTION, None)}


def test_a_domain_of_a_tenant_that_has_a_record_is_one_entry() -> None:
    record = _record("one.example.com", "d111111abcdef8.cloudfront.net")
    site = _site("a.example.com", ConnectionMode="tenant-only")
    topology = load_resources({"Site": site, "One": _tenant("one.example.com"), "Record": record})

    assert _names(topology) == ["one.example.com"]


def test_a_tenant_of_a_distribution_elsewhere_is_asked_all_the_same() -> None:
    tenant = resource("CloudFront::DistributionTenant", DistributionId="E1ABCDEF", Domains=["one.example.com"])
    [entry] = load_resources({"One": tenant}).entries

    assert (entry.name, entry.target) == ("one.example.com", None)


def _regional(name: str = "api.example.com") -> dict[str, Any]:
    mapping = {"DomainName": ref("Domain"), "ApiId": ref("Api"), "Stage": "$default"}
    return {
        "Api": resource("ApiGatewayV2::Api", ProtocolType="HTTP"),
        "Domain": resource("ApiGatewayV2::DomainName", DomainName=name),
        "Mapping": resource("ApiGatewayV2::ApiMapping", **mapping),
    }


@pytest.mark.parametrize("asked", [True, False])
def test_users_ask_no_api_behind_a_domain_that_is_in_two_regions(asked: bool) -> None:
    site = {"Site": _site("api.example.com")} if asked else {}
    stacks = {"Near": {"Resources": {**_regional(), **site}}, "Far": {"Resources": _regional("API.example.com")}}
    topology = load_stacks(stacks, {"Far": "us-east-1"})

    if asked:
        assert _names(topology) == ["${Site.DomainName}"]
    else:
        assert _names(topology) == ["api.example.com"] * 2
        assert {entry.region for entry in topology.entries} == {"eu-west-1", "us-east-1"}


@pytest.mark.parametrize(("disabled", "count"), [(True, 0), (False, 1), (ref("Given"), 1)])
def test_users_ask_no_default_endpoint_that_is_disabled(disabled: Any, count: int) -> None:
    api = resource("ApiGatewayV2::Api", ProtocolType="HTTP", DisableExecuteApiEndpoint=disabled)

    assert len(load_resources({"Api": api}, Parameters={"Given": {"Type": "String"}}).entries) == count
