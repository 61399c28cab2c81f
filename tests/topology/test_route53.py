"""Zones, records with every routing policy, and health checks of every type."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.aws.hosted_zones import AliasService
from ha_patterns.semantics.health import follows
from ha_patterns.topology.model import (
    Alarm,
    AZAffinity,
    CidrCollection,
    CidrLocation,
    CidrRouting,
    GeoLocation,
    GeoProximityLocation,
    HealthCheck,
    HealthCheckSource,
    HealthCheckSubnet,
    HostedZone,
    Policy,
    Record,
    RoutingControl,
    ZoneOwner,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_ZONE = resource("Route53::HostedZone", Name="Example.com.")
_PARAMETERS = {"Given": {"Type": "String"}}
_GIVEN = Unresolved("the parameter Given of Test, which has no default")


def _record(more: dict[str, Any] | None = None, **given: Any) -> Record:
    record = resource(
        "Route53::RecordSet", **{"Name": "a.example.com", "Type": "A", "HostedZoneId": ref("Zone"), **given}
    )
    return only(load_resources({"Zone": _ZONE, "Record": record, **(more or {})}), Record)


def _check(more: dict[str, Any] | None = None, **config: Any) -> HealthCheck:
    check = resource("Route53::HealthCheck", HealthCheckConfig=config)
    return named(load_resources({"Check": check, **(more or {})}), HealthCheck, "Check")


@pytest.mark.parametrize(
    ("given", "policy", "told"),
    [
        ({}, Policy.SIMPLE, {}),
        ({"Failover": "PRIMARY"}, Policy.FAILOVER, {"failover": "PRIMARY"}),
        ({"Weight": 0}, Policy.WEIGHTED, {"weight": 0}),
        ({"Weight": "10"}, Policy.WEIGHTED, {"weight": 10}),
        ({"Region": "eu-west-1"}, Policy.LATENCY, {"latency_region": "eu-west-1"}),
        ({"GeoLocation": {"CountryCode": "*"}}, Policy.GEOLOCATION, {"location": GeoLocation(country="*")}),
        ({"GeoLocation": {"ContinentCode": "EU"}}, Policy.GEOLOCATION, {"location": GeoLocation(continent="EU")}),
        ({"GeoProximityLocation": {"AWSRegion": "eu-west-1"}}, Policy.GEOPROXIMITY, {}),
        ({"MultiValueAnswer": True}, Policy.MULTIVALUE, {}),
        ({"CidrRoutingConfig": {"CollectionId": "c", "LocationName": "l"}}, Policy.IP, {}),
        (
            {"AZAffinity": {"LocationType": "AvailabilityZone", "LocationId": "use1-az1"}},
            Policy.AZ_AFFINITY,
            {"az_affinity": AZAffinity(location_type="AvailabilityZone", location_id="use1-az1")},
        ),
        (
            {"Failover": {"Ref": "AWS::NoValue"}},
            Policy.SIMPLE,
            {"failover": None, "location": None, "proximity": None, "cidr": None, "az_affinity": None},
        ),
    ],
)
def test_every_routing_policy_is_told(given: dict[str, Any], policy: Policy, told: dict[str, Any]) -> None:
    record = _record(**given)

    assert policy is record.policy
    assert record.policies == (() if policy is Policy.SIMPLE else (policy,))
    assert told == {name: getattr(record, name) for name in told}


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ({"ContinentCode": "AF"}, "continent AF (Africa)"),
        ({"CountryCode": "AF"}, "country AF"),
        ({"CountryCode": "US", "SubdivisionCode": "CA"}, "country US (subdivision CA)"),
        ({"CountryCode": "*"}, "anywhere else"),
        ({"ContinentCode": "XX"}, "continent XX"),
        ({"CountryCode": ref("AWS::StackName")}, "country Test"),
    ],
)
def test_a_location_says_whether_it_is_a_continent_or_a_country(location: dict[str, Any], text: str) -> None:
    assert str(_record(GeoLocation=location).location) == text


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("GeoLocation", "location"),
        ("GeoProximityLocation", "proximity"),
        ("CidrRoutingConfig", "cidr"),
        ("AZAffinity", "az_affinity"),
    ],
)
def test_of_a_place_that_is_given_the_policy_is_known(name: str, field: str) -> None:
    resources = {"Zone": _ZONE, "Record": resource("Route53::RecordSet", Name="a.b", Type="A", **{name: ref("Given")})}
    record = only(load_resources(resources, Parameters=_PARAMETERS), Record)

    assert record.policy is not Policy.SIMPLE
    assert getattr(record, field) == _GIVEN


def test_a_geoproximity_record_has_its_place_and_its_bias() -> None:
    coordinates = {"Latitude": "49.22", "Longitude": "-74.01"}
    by_region = _record(GeoProximityLocation={"AWSRegion": "eu-west-1", "Bias": "-20"}).proximity
    by_zone = _record(GeoProximityLocation={"LocalZoneGroup": "us-west-2-lax-1"}).proximity
    by_place = _record(GeoProximityLocation={"Coordinates": coordinates, "Bias": 99}).proximity

    nowhere: dict[str, Any] = {"region": None, "local_zone_group": None, "latitude": None, "longitude": None, "bias": 0}
    assert by_region == GeoProximityLocation(**nowhere | {"region": "eu-west-1", "bias": -20})
    assert by_zone == GeoProximityLocation(**nowhere | {"local_zone_group": "us-west-2-lax-1"})
    assert by_place == GeoProximityLocation(**nowhere | {"latitude": "49.22", "longitude": "-74.01", "bias": 99})


def test_an_ip_based_record_has_the_collection_and_its_location() -> None:
    locations = [{"LocationName": "office", "CidrList": ["192.0.2.0/24"]}, {"LocationName": "empty", "CidrList": []}]
    collection = {"Places": resource("Route53::CidrCollection", Name="places", Locations=locations)}
    record = _record(collection, CidrRoutingConfig={"CollectionId": ref("Places"), "LocationName": "office"})

    assert isinstance(record.cidr, CidrRouting)
    assert isinstance(record.cidr.collection, CidrCollection)
    assert (record.cidr.location_name, record.cidr.collection.name) == ("office", "places")
    assert record.cidr.collection.locations == (
        CidrLocation(name="office", blocks=("192.0.2.0/24",)),
        CidrLocation(name="empty", blocks=()),
    )


def test_a_collection_may_be_elsewhere_or_empty() -> None:
    record = _record(CidrRoutingConfig={"CollectionId": "c-1", "LocationName": "*"})
    empty = only(load_resources({"Empty": resource("Route53::CidrCollection")}), CidrCollection)

    assert isinstance(record.cidr, CidrRouting)
    assert isinstance(record.cidr.collection, Unresolved)
    assert (empty.name, empty.locations) == (None, ())


@pytest.mark.parametrize("kind", ["TXT", "MX", "SRV", "CAA"])
def test_records_of_every_type_keep_their_values(kind: str) -> None:
    record = _record(Type=kind, TTL=60, ResourceRecords=["10 one", "20 two"])

    assert (record.type, record.values, record.answers) == (kind, ("10 one", "20 two"), ())


def test_a_zone_has_its_vpcs_and_whether_it_recovers_faster() -> None:
    zone = resource(
        "Route53::HostedZone",
        Name="example.com",
        VPCs=[{"VPCId": ref("Network"), "VPCRegion": "eu-west-1"}],
        HostedZoneConfig={"Comment": "within"},
        HostedZoneFeatures={"EnableAcceleratedRecovery": "true"},
    )
    found = only(load_resources({"Zone": zone, "Network": resource("EC2::VPC")}), HostedZone)

    assert (found.private, found.comment, found.accelerated_recovery) == (True, "within", True)
    [vpc] = found.vpcs
    assert isinstance(vpc.id, Reference)
    assert vpc.region == "eu-west-1"


def test_a_zone_is_public_and_recovers_as_others_do() -> None:
    found = only(load_resources({"Zone": _ZONE}), HostedZone)

    assert (found.private, found.vpcs, found.comment, found.accelerated_recovery) == (False, (), None, False)


def test_of_a_zone_whose_vpcs_are_given_nothing_is_guessed() -> None:
    zone = resource("Route53::HostedZone", Name="example.com", VPCs=ref("Given"), HostedZoneFeatures=ref("Given"))
    found = only(load_resources({"Zone": zone}, Parameters=_PARAMETERS), HostedZone)

    assert (found.private, found.vpcs) == (True, ())
    assert found.gaps == (_GIVEN,)
    assert isinstance(found.accelerated_recovery, Unresolved)


def test_a_record_has_its_zone_name_and_values() -> None:
    record = _record(Name="WWW.Example.com.", TTL="60", ResourceRecords=["192.0.2.1", "192.0.2.2"])

    assert (record.name, record.type, record.ttl, record.values) == (
        "www.example.com",
        "A",
        60,
        ("192.0.2.1", "192.0.2.2"),
    )
    assert isinstance(record.zone, HostedZone)
    assert (record.zone.name, record.zone.private) == ("example.com", False)
    assert [answer.name for answer in record.answers] == ["192.0.2.1", "192.0.2.2"]


@pytest.mark.parametrize("name", ["Example.com.", "Example.com"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert isinstance(_record(HostedZoneId=ref("AWS::NoValue"), HostedZoneName=name).zone, HostedZone)


@pytest.mark.parametrize("given", [{"HostedZoneId": "Z1"}, {"HostedZoneId": {"Ref": "AWS::NoValue"}}])
def test_a_zone_that_is_not_here_is_not_known(given: dict[str, Any]) -> None:
    assert isinstance(_record(**given).zone, Unresolved)


def test_texts_are_no_hosts() -> None:
    assert _record(Type="TXT", ResourceRecords=["a.example.com"]).answers == ()


def test_an_alias_tells_where_it_leads() -> None:
    alias = {"DNSName": get_att("Balancer", "DNSName"), "HostedZoneId": "Z1", "EvaluateTargetHealth": "true"}
    record = _record({"Balancer": resource("ElasticLoadBalancingV2::LoadBalancer")}, AliasTarget=alias)

    assert record.alias is not None
    assert (record.alias.zone_id, record.alias.evaluate_target_health, record.ttl) == ("Z1", True, None)
    assert (record.alias.endpoint,) == record.answers


_BALANCER = resource("ElasticLoadBalancingV2::LoadBalancer")
_NETWORK = resource("ElasticLoadBalancingV2::LoadBalancer", Type="network")
_DOMAIN = resource("ApiGateway::DomainName", DomainName="api.example.com")


@pytest.mark.parametrize(
    ("zone_id", "service", "region"),
    [
        ("Z32O12XQLNTSW2", AliasService.APPLICATION_BALANCER, "eu-west-1"),
        ("Z2IFOLAFXWLO4F", AliasService.NETWORK_BALANCER, "eu-west-1"),
        ("Z2FDTNDATAQYW2", AliasService.DISTRIBUTION, None),
        ("Z2BJ6XQ5FK7U4H", AliasService.ACCELERATOR, None),
        (get_att("Balancer", "CanonicalHostedZoneID"), AliasService.APPLICATION_BALANCER, "eu-west-1"),
        (get_att("Network", "CanonicalHostedZoneID"), AliasService.NETWORK_BALANCER, "eu-west-1"),
        (get_att("Domain", "RegionalHostedZoneId"), AliasService.API, "eu-west-1"),
        (get_att("Domain", "DistributionHostedZoneId"), AliasService.DISTRIBUTION, None),
    ],
)
def test_an_alias_tells_whose_zone_it_names(zone_id: Any, service: AliasService, region: str | None) -> None:
    more = {"Balancer": _BALANCER, "Network": _NETWORK, "Domain": _DOMAIN}
    target = {"DNSName": "a.example.com", "HostedZoneId": zone_id}
    record = resource("Route53::RecordSet", Name="a.example.com", Type="A", HostedZoneId="Z1", AliasTarget=target)
    found = only(load_resources({"Record": record, **more}), Record)

    assert found.alias is not None
    assert found.alias.owner == ZoneOwner(service=service, region=region)
    assert found.alias.zone is None


@pytest.mark.parametrize("zone_id", ["Z1", ref("Given"), get_att("Missing", "CanonicalHostedZoneID"), ref("Zone")])
def test_a_zone_of_somebody_s_own_or_unknown_has_no_owner(zone_id: Any) -> None:
    target = {"DNSName": "b.example.com", "HostedZoneId": zone_id}
    record = resource("Route53::RecordSet", Name="a.example.com", Type="A", HostedZoneId="Z1", AliasTarget=target)
    found = only(load_resources({"Record": record, "Zone": _ZONE}, Parameters=_PARAMETERS), Record)

    assert found.alias is not None
    assert found.alias.owner is None
    assert isinstance(found.alias.zone, HostedZone) == (zone_id == ref("Zone"))


@pytest.mark.parametrize(
    ("given", "policy", "policies"),
    [
        ({"Failover": "PRIMARY", "Region": "eu-west-1"}, Policy.FAILOVER, (Policy.FAILOVER, Policy.LATENCY)),
        ({"Weight": 0, "MultiValueAnswer": True}, Policy.MULTIVALUE, (Policy.WEIGHTED, Policy.MULTIVALUE)),
        ({"Weight": ref("Given")}, Policy.WEIGHTED, (Policy.WEIGHTED,)),
        ({"Weight": {"Fn::If": ["Maybe", 1, ref("AWS::NoValue")]}}, Policy.WEIGHTED, ()),
        ({"MultiValueAnswer": ref("Given"), "SetIdentifier": "a"}, Policy.MULTIVALUE, ()),
        ({"MultiValueAnswer": ref("Given")}, Policy.SIMPLE, ()),
    ],
)
def test_policies_are_those_that_are_certain(
    given: dict[str, Any], policy: Policy, policies: tuple[Policy, ...]
) -> None:
    record = resource("Route53::RecordSet", Name="a.example.com", Type="A", **given)
    conditions = {"Maybe": {"Fn::Equals": [ref("Given"), "yes"]}}
    found = only(load_resources({"Record": record}, Parameters=_PARAMETERS, Conditions=conditions), Record)

    assert (found.policy, found.policies) == (policy, policies)


def test_a_group_has_its_records_in_the_zone_of_all() -> None:
    records = [{"Name": name, "Type": "A", "TTL": 5, "ResourceRecords": ["192.0.2.1"]} for name in ("a.b", "c.d")]
    group = resource("Route53::RecordSetGroup", HostedZoneId=ref("Zone"), RecordSets=records)
    topology = load_resources({"Zone": _ZONE, "Group": group})

    assert [record.name for record in topology.of(Record)] == ["a.b", "c.d"]
    assert all(isinstance(record.zone, HostedZone) for record in topology.of(Record))
    assert [record.place.path[2] for record in topology.of(Record)] == [0, 1]


@pytest.mark.parametrize("kind", ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"])
def test_a_check_is_public_where_nothing_else_is_said(kind: str) -> None:
    check = _check(Type=kind, FullyQualifiedDomainName="a.example.com")

    assert (check.endpoint_type, check.private, check.source) == ("PUBLIC", False, None)


@pytest.mark.parametrize("kind", ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"])
def test_a_check_that_probes_has_route_53_s_defaults(kind: str) -> None:
    check = _check(Type=kind, FullyQualifiedDomainName="A.example.com", Port=8443)

    assert (check.probes, check.interval, check.threshold, check.port, check.enable_sni) == (True, 30, 3, 8443, None)
    assert check.endpoint is not None
    assert check.endpoint.name == "a.example.com"


def test_a_check_has_what_it_says() -> None:
    check = _check(
        Type="HTTPS_STR_MATCH",
        IPAddress="192.0.2.1",
        ResourcePath="/health",
        SearchString="ok",
        RequestInterval=10,
        FailureThreshold="1",
        Regions=["eu-west-1", "us-east-1", "us-west-2"],
        EnableSNI=False,
        Inverted="true",
        Disabled=True,
        MeasureLatency=True,
    )

    assert (check.address, check.endpoint, check.path, check.search_string) == ("192.0.2.1", None, "/health", "ok")
    assert (check.interval, check.threshold, len(check.regions), check.enable_sni) == (10, 1, 3, False)
    assert (check.inverted, check.disabled, check.measures_latency) == (True, True, True)


def _source(**config: Any) -> dict[str, Any]:
    return {"Source": resource("Route53::HealthCheckSource", HealthCheckSourceConfig=config)}


def test_a_private_check_probes_from_its_source() -> None:
    subnets = [
        {"SubnetId": "subnet-1", "AvailabilityZoneId": "euw1-az1", "SecurityGroupIdList": ["sg-1"]},
        {"SubnetId": "subnet-2", "SecurityGroupIdList": ["sg-1", "sg-2"]},
    ]
    check = _check(
        _source(VpcId="vpc-1", SubnetConfigurationList=subnets),
        Type="HTTP",
        IPAddress="10.0.0.1",
        EndpointType="PRIVATE",
        HealthCheckSourceId=ref("Source"),
    )

    assert (check.endpoint_type, check.private) == ("PRIVATE", True)
    assert isinstance(check.source, HealthCheckSource)
    assert check.source.vpc == "vpc-1"
    assert check.source.subnets == (
        HealthCheckSubnet(id="subnet-1", availability_zone_id="euw1-az1", security_groups=("sg-1",)),
        HealthCheckSubnet(id="subnet-2", availability_zone_id=None, security_groups=("sg-1", "sg-2")),
    )


def test_a_source_may_be_empty_given_or_elsewhere() -> None:
    empty = only(load_resources(_source()), HealthCheckSource)
    given = only(
        load_resources(_source(SubnetConfigurationList=ref("Given")), Parameters=_PARAMETERS),
        HealthCheckSource,
    )

    assert (empty.vpc, empty.subnets, empty.gaps) == (None, (), ())
    assert (given.subnets, given.gaps) == ((), (_GIVEN,))
    assert isinstance(_check(Type="TCP", HealthCheckSourceId="hcs-1").source, Unresolved)


def test_checks_of_one_address_from_the_internet_and_from_a_vpc_ask_different_things() -> None:
    def check(**config: Any) -> dict[str, Any]:
        return resource("Route53::HealthCheck", HealthCheckConfig={"Type": "TCP", "IPAddress": "192.0.2.1", **config})

    resources = {"One": check(), "Same": check(EndpointType="PUBLIC"), "Other": check(EndpointType="PRIVATE")}
    one, same, other = load_resources(resources).of(HealthCheck)

    assert follows(one) == follows(same)
    assert follows(one) != follows(other)


def test_a_check_that_probes_nothing_is_of_no_endpoint_type() -> None:
    check = _check(Type="CALCULATED", ChildHealthChecks=["one"])

    assert (check.endpoint_type, check.private) == (None, False)


def test_a_calculated_check_has_its_children() -> None:
    child = resource("Route53::HealthCheck", HealthCheckConfig={"Type": "TCP"})
    check = _check({"Child": child}, Type="CALCULATED", ChildHealthChecks=[ref("Child"), "gone"], HealthThreshold=1)

    assert (check.healthy_children, check.interval, check.threshold, check.probes) == (1, None, None, False)
    assert [HealthCheck, Unresolved] == [type(one) for one in check.children]


def test_a_check_that_is_its_own_child_has_an_end() -> None:
    (child,) = _check(Type="CALCULATED", ChildHealthChecks=[ref("Check")]).children

    assert Unresolved("Check, which refers to itself") == child


def test_a_check_follows_a_routing_control() -> None:
    control = resource("Route53RecoveryControl::RoutingControl", Name="primary")
    check = _check({"Control": control}, Type="RECOVERY_CONTROL", RoutingControlArn=ref("Control"))

    assert isinstance(check.control, RoutingControl)
    assert check.control.name == "primary"


def _with_alarm(region: str, **identifier: Any) -> Topology:
    alarm = resource("CloudWatch::Alarm", AlarmName="down", Namespace="AWS/ApplicationELB", MetricName="5xx", Period=60)
    config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": identifier, "InsufficientDataHealthStatus": "Healthy"}
    check = resource("Route53::HealthCheck", HealthCheckConfig=config)
    return load_stacks({"A": {"Resources": {"Alarm": alarm}}, "B": {"Resources": {"Check": check}}}, {"A": region})


def test_a_check_follows_an_alarm_of_another_stack_by_its_name() -> None:
    topology = _with_alarm("us-east-1", Name="down", Region="us-east-1")
    check = only(topology, HealthCheck)

    assert only(topology, Alarm) is check.alarm
    assert (check.insufficient_data, only(topology, Alarm).period) == ("Healthy", 60)


def test_an_alarm_of_another_region_is_another_alarm() -> None:
    check = only(_with_alarm("us-east-1", Name="down", Region="eu-west-1"), HealthCheck)

    assert Unresolved("an alarm down in eu-west-1") == check.alarm


def test_of_alarms_of_one_name_that_of_the_region_is_followed() -> None:
    alarm = {"Alarm": resource("CloudWatch::Alarm", AlarmName="down")}
    config = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": "down", "Region": "us-east-1"}}
    check = {"Check": resource("Route53::HealthCheck", HealthCheckConfig=config)}
    stacks = {"A": {"Resources": alarm}, "B": {"Resources": alarm}, "C": {"Resources": check}}
    topology = load_stacks(stacks, {"A": "us-east-1"})

    assert only(topology, HealthCheck).alarm is topology.of(Alarm)[0]


def test_a_record_has_its_check() -> None:
    check = resource("Route53::HealthCheck", HealthCheckConfig={"Type": "TCP"})

    assert isinstance(_record({"C": check}, HealthCheckId=ref("C")).health_check, HealthCheck)
    assert isinstance(_record(HealthCheckId="5f4e").health_check, Unresolved)
    assert _record().health_check is None


# Whether an alias is of a resource of AWS.

_ALB = "Z32O12XQLNTSW2"


@pytest.mark.parametrize(
    ("record_zone", "alias_zone", "of_resource"),
    [
        ({"HostedZoneId": ref("Zone")}, ref("Zone"), False),
        ({"HostedZoneId": ref("Zone")}, get_att("Zone", "Id"), False),
        ({"HostedZoneName": "example.com."}, ref("Zone"), False),
        ({"HostedZoneId": "Z1"}, "Z1", False),
        ({"HostedZoneId": ref("Given")}, ref("Given"), False),
        ({"HostedZoneId": ref("Zone")}, _ALB, True),
        ({"HostedZoneName": "example.com"}, _ALB, True),
        ({"HostedZoneId": "Z1"}, _ALB, True),
        ({"HostedZoneId": ref("Zone")}, get_att("Balancer", "CanonicalHostedZoneID"), True),
        ({"HostedZoneId": ref("Given")}, get_att("Balancer", "CanonicalHostedZoneID"), True),
        ({"HostedZoneId": ref("Given")}, "Z2FDTNDATAQYW2", True),
        ({"HostedZoneId": ref("Zone")}, ref("Given"), "the parameter Given of Test, which has no default"),
        ({"HostedZoneId": ref("Given")}, _ALB, "the parameter Given of Test, which has no default"),
        ({"HostedZoneId": ref("Given")}, ref("Other"), "the parameter Other of Test, which has no default"),
        ({"HostedZoneName": "other.com"}, _ALB, "other.com, which is not in these templates"),
        ({"HostedZoneId": ref("Zone")}, None, "a hosted zone, which the alias lacks"),
    ],
)
def test_an_alias_of_another_zone_than_its_record_s_is_of_a_resource_of_aws(
    record_zone: dict[str, Any], alias_zone: Any, of_resource: Any
) -> None:
    target = {"DNSName": ref("Name"), **({} if alias_zone is None else {"HostedZoneId": alias_zone})}
    record = resource("Route53::RecordSet", **record_zone, Name="www.example.com", Type="A", AliasTarget=target)
    resources = {
        "Zone": resource("Route53::HostedZone", Name="example.com"),
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
        "Record": record,
    }
    parameters = {name: {"Type": "String"} for name in ("Given", "Other", "Name")}
    alias = only(load_resources(resources, Parameters=parameters), Record).alias

    assert alias is not None
    said = alias.of_aws_resource
    assert (said.waits_for if isinstance(said, Unresolved) else said) == of_resource
