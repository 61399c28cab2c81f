"""Hosted zones, records, health checks and what they choose by."""

from __future__ import annotations

from collections.abc import Mapping

from ...aws.health_checks import DEFAULT_INTERVAL, DEFAULT_THRESHOLD
from ...aws.hosted_zones import ALIAS_ZONES, AliasService
from ...aws.names import CLOUDFRONT_ZONE
from ..model import (
    Alarm,
    Alias,
    AZAffinity,
    CidrCollection,
    CidrLocation,
    CidrRouting,
    CompositeAlarm,
    Endpoint,
    GeoLocation,
    GeoProximityLocation,
    HealthCheck,
    HealthCheckSource,
    HealthCheckSubnet,
    HostedZone,
    LoadBalancer,
    Policy,
    Record,
    RoutingControl,
    Thing,
    ZoneOwner,
    ZoneVpc,
)
from ..model.base import ADDRESS_TYPES, Flag
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Reference, Unresolved, Value, comparable, host_name, waiting
from .cloudwatch import alarm_of

_NO_NAME = Unresolved("a name, which the record lacks")
_POLICIES = {
    "Failover": Policy.FAILOVER,
    "Weight": Policy.WEIGHTED,
    "Region": Policy.LATENCY,
    "GeoLocation": Policy.GEOLOCATION,
    "GeoProximityLocation": Policy.GEOPROXIMITY,
    "CidrRoutingConfig": Policy.IP,
    # CloudFormation documents no property for AZ-affinity yet: the names are those of Route 53's API, read 2026-11-30,
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_AZAffinity.html
    "AZAffinity": Policy.AZ_AFFINITY,
}


def _zone(_reader: Reader, resource: Resource) -> HostedZone:
    properties = resource.properties
    return HostedZone(
        name=dns_name(properties["Name"].text()),
        private=bool(properties["VPCs"]) or properties["VPCs"].unresolved is not None,
        vpcs=tuple(ZoneVpc(id=one["VPCId"].text(), region=one["VPCRegion"].text()) for one in properties["VPCs"]),
        comment=properties["HostedZoneConfig"]["Comment"].text(),
        accelerated_recovery=properties["HostedZoneFeatures"]["EnableAcceleratedRecovery"].flag(),
        **resource.head(),
    )


def _record(reader: Reader, resource: Resource) -> Record:
    return _read_record(reader, resource, resource.properties, resource.properties)


def _record_group(reader: Reader, resource: Resource) -> list[Thing]:
    return [_read_record(reader, resource, one, resource.properties) for one in resource.properties["RecordSets"]]


def _read_record(reader: Reader, resource: Resource, given: Property, holder: Property) -> Record:
    zone_id, zone_name = (given[key].text() or holder[key].text() for key in ("HostedZoneId", "HostedZoneName"))
    record_type = given["Type"].text() or Unresolved("a type, which the record lacks")
    zone = reader.link(zone_id or zone_name, HostedZone) or Unresolved("a hosted zone, which the record lacks")
    alias = _alias(reader, given["AliasTarget"], zone, zone_id)
    values = given["ResourceRecords"].texts()
    steering = {key: given[key] for key in _POLICIES}
    policy = next((policy for key, policy in _POLICIES.items() if steering[key]), Policy.SIMPLE)
    certain = [policy for key, policy in _POLICIES.items() if _is_certain(steering[key])]
    multivalue = given["MultiValueAnswer"].flag()
    if multivalue is True:
        policy = Policy.MULTIVALUE
        certain.append(policy)
    elif multivalue and policy is Policy.SIMPLE and given["SetIdentifier"]:
        # Only records with a policy have an identifier, though the template does not tell the value.
        policy = Policy.MULTIVALUE
    if alias is not None:
        answers: tuple[Endpoint, ...] = (alias.endpoint,)
    else:
        answers = tuple(map(reader.endpoint, values)) if record_type in ADDRESS_TYPES else ()
    return Record(
        name=dns_name(given["Name"].text()),
        type=record_type,
        zone=zone,
        zone_id=zone_id or zone_name,
        ttl=given["TTL"].whole(),
        values=values,
        alias=alias,
        answers=answers,
        policy=policy,
        policies=tuple(certain),
        set_identifier=given["SetIdentifier"].text(),
        failover=steering["Failover"].text(),
        weight=steering["Weight"].whole(),
        latency_region=steering["Region"].text(),
        location=_location(steering["GeoLocation"]),
        health_check=reader.link(given["HealthCheckId"].text(), HealthCheck),
        proximity=_proximity(steering["GeoProximityLocation"]),
        cidr=_cidr(reader, steering["CidrRoutingConfig"]),
        az_affinity=_az_affinity(steering["AZAffinity"]),
        **resource.part(given),
    )


def _is_certain(given: Property) -> bool:
    """Whether a property is there for certain, whatever its value."""
    value = given.value
    return bool(given) and not (isinstance(value, Unresolved) and value.choice)


def _location(given: Property) -> GeoLocation | Unresolved | None:
    if not given or given.unresolved is not None:
        return given.unresolved
    continent, country = given["ContinentCode"].text(), given["CountryCode"].text()
    if continent is None and country is None:
        return None
    return GeoLocation(continent=continent, country=country, subdivision=given["SubdivisionCode"].text())


def _proximity(given: Property) -> GeoProximityLocation | Unresolved | None:
    if not given or given.unresolved is not None:
        return given.unresolved
    return GeoProximityLocation(
        region=given["AWSRegion"].text(),
        local_zone_group=given["LocalZoneGroup"].text(),
        latitude=given["Coordinates"]["Latitude"].text(),
        longitude=given["Coordinates"]["Longitude"].text(),
        bias=given["Bias"].whole(0) or 0,
    )


def _cidr(reader: Reader, given: Property) -> CidrRouting | Unresolved | None:
    if not given or given.unresolved is not None:
        return given.unresolved
    return CidrRouting(
        collection=reader.link(given["CollectionId"].text(), CidrCollection),
        location_name=given["LocationName"].text(),
    )


def _az_affinity(given: Property) -> AZAffinity | Unresolved | None:
    if not given or given.unresolved is not None:
        return given.unresolved
    return AZAffinity(location_type=given["LocationType"].text(), location_id=given["LocationId"].text())


def _collection(_reader: Reader, resource: Resource) -> CidrCollection:
    properties = resource.properties
    return CidrCollection(
        name=properties["Name"].text(),
        locations=tuple(
            CidrLocation(name=one["LocationName"].text(), blocks=one["CidrList"].texts())
            for one in properties["Locations"]
        ),
        **resource.head(),
    )


def dns_name(name: Value | None) -> Value:
    """A DNS name without the dot at its end, in lower case as far as it is known."""
    return _NO_NAME if name is None else host_name(name)


def _alias(reader: Reader, given: Property, zone: HostedZone | Unresolved, zone_id: Value | None) -> Alias | None:
    if not given:
        return None
    unresolved = given.unresolved
    name = unresolved or given["DNSName"].text() or Unresolved("a name, which the alias lacks")
    target_zone = unresolved or given["HostedZoneId"].text()
    linked = reader.link(target_zone, HostedZone)
    return Alias(
        endpoint=reader.endpoint(dns_name(name)),
        zone_id=target_zone,
        owner=None if target_zone is None else _owner(reader, target_zone),
        zone=linked if isinstance(linked, HostedZone) else None,
        of_aws_resource=_of_aws_resource(target_zone, linked, zone, zone_id),
        evaluate_target_health=unresolved or given["EvaluateTargetHealth"].flag(),
    )


# The attributes that are ids of hosted zones, and whose names are in them; of a load balancer, its type tells.
_ZONE_ATTRIBUTES = {
    "RegionalHostedZoneId": AliasService.API,
    "DistributionHostedZoneId": AliasService.DISTRIBUTION,
}
_BALANCERS = {
    "application": AliasService.APPLICATION_BALANCER,
    "classic": AliasService.APPLICATION_BALANCER,
    "network": AliasService.NETWORK_BALANCER,
}


def _owner(reader: Reader, zone_id: Value) -> ZoneOwner | None:
    """The service that has a hosted zone; None if it is no service's, or unknown."""
    if isinstance(zone_id, str):
        known = ALIAS_ZONES.get(zone_id)
        return None if known is None else ZoneOwner(service=known.service, region=known.region)
    if not isinstance(zone_id, Reference):
        return None
    region = reader.templates.by_stack[zone_id.resource.stack].stack.region
    service = _ZONE_ATTRIBUTES.get(zone_id.attribute)
    if zone_id.attribute.startswith("CanonicalHostedZone"):
        balancer = next(iter(reader.things(zone_id.resource)), None)
        service = _BALANCERS.get(str(balancer.type)) if isinstance(balancer, LoadBalancer) else None
    if service is None:
        return None
    return ZoneOwner(service=service, region=None if service is AliasService.DISTRIBUTION else region)


def _of_aws_resource(
    target: Value | None,
    linked: HostedZone | Unresolved | None,
    zone: HostedZone | Unresolved,
    zone_id: Value | None,
) -> Flag:
    """Whether an alias's zone is another one than its record's.

    Args:
        target: The id of the alias's zone.
        linked: That zone.
        zone: The record's zone.
        zone_id: The id of the record's zone; None where the record has the zone's name.
    """
    if target is None:
        return Unresolved("a hosted zone, which the alias lacks")
    if target == CLOUDFRONT_ZONE:
        return True
    if zone_id is not None and target == zone_id and comparable(target):
        return False
    if isinstance(linked, HostedZone) and isinstance(zone, HostedZone):
        return linked is not zone
    if isinstance(target, Reference) and not isinstance(linked, HostedZone):
        # The zone of a resource that AWS has: the attribute of a load balancer or of an API's domain.
        own = zone_id.resource if isinstance(zone_id, Reference) else None
        return own is None or own != target.resource
    if isinstance(target, str) and (isinstance(zone_id, str) or isinstance(zone, HostedZone)):
        return True
    known = zone_id if zone_id is not None or isinstance(zone, HostedZone) else zone
    unknown = next((one for value in (target, known) if value is not None for one in waiting(value)), None)
    return unknown or Unresolved(f"whether {target} is the record's own hosted zone")


def _health_check(reader: Reader, resource: Resource) -> HealthCheck:
    config = resource.properties["HealthCheckConfig"]
    kind = config["Type"].text() or config.unresolved or Unresolved("a type, which the health check lacks")
    probes = isinstance(kind, str) and kind.startswith(("HTTP", "TCP"))
    host = config["FullyQualifiedDomainName"].text()
    return HealthCheck(
        type=kind,
        endpoint=None if host is None else reader.endpoint(dns_name(host)),
        address=config["IPAddress"].text(),
        port=config["Port"].whole(),
        path=config["ResourcePath"].text(),
        search_string=config["SearchString"].text(),
        interval=config["RequestInterval"].whole(DEFAULT_INTERVAL if probes else None),
        threshold=config["FailureThreshold"].whole(DEFAULT_THRESHOLD if probes else None),
        regions=config["Regions"].texts(),
        enable_sni=config["EnableSNI"].flag() if config["EnableSNI"] else None,
        inverted=config["Inverted"].flag(),
        disabled=config["Disabled"].flag() if config["Disabled"] else False,
        measures_latency=config["MeasureLatency"].flag(),
        children=reader.links(config["ChildHealthChecks"].texts(), HealthCheck),
        healthy_children=config["HealthThreshold"].whole(),
        alarm=_alarm(reader, config["AlarmIdentifier"]),
        alarm_region=config["AlarmIdentifier"]["Region"].text(),
        insufficient_data=config["InsufficientDataHealthStatus"].text(),
        control=reader.link(config["RoutingControlArn"].text(), RoutingControl),
        endpoint_type=config["EndpointType"].text() or ("PUBLIC" if probes else None),
        source=reader.link(config["HealthCheckSourceId"].text(), HealthCheckSource),
        **resource.head(),
    )


def _source(_reader: Reader, resource: Resource) -> HealthCheckSource:
    config = resource.properties["HealthCheckSourceConfig"]
    return HealthCheckSource(
        vpc=config["VpcId"].text(),
        subnets=tuple(
            HealthCheckSubnet(
                id=one["SubnetId"].text(),
                availability_zone_id=one["AvailabilityZoneId"].text(),
                security_groups=one["SecurityGroupIdList"].texts(),
            )
            for one in config["SubnetConfigurationList"]
        ),
        **resource.head(),
    )


def _alarm(reader: Reader, identifier: Property) -> Alarm | CompositeAlarm | Unresolved | None:
    """The alarm of a name and Region, which need not be the health check's."""
    name, region = identifier["Name"].text(), identifier["Region"].text()
    if name is None:
        return identifier.unresolved
    found = alarm_of(reader, name, region)
    if not isinstance(region, str) or isinstance(name, Unresolved):
        return found
    there = None if isinstance(found, Unresolved) else found.place.stack.region
    return found if there == region or isinstance(there, Unresolved) else Unresolved(f"an alarm {name} in {region}")


READERS: Mapping[str, Read] = {
    "AWS::Route53::HostedZone": _zone,
    "AWS::Route53::RecordSet": _record,
    "AWS::Route53::RecordSetGroup": _record_group,
    "AWS::Route53::HealthCheck": _health_check,
    "AWS::Route53::HealthCheckSource": _source,
    "AWS::Route53::CidrCollection": _collection,
}
