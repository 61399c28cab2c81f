"""What the rules say of load balancers: who reaches them, what is behind them, and whether they shift."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .dns_documents import (
    ACCELERATOR,
    ZONE,
    Resources,
    alias,
    attribute,
    balancer_arn,
    endpoint_group,
    forward,
    found,
    listener,
    load_balancer,
    primary,
    ref,
    secondary,
    target_group,
    untold,
)
from .documents import placed

# HA310: where nothing listens.


def _accelerated(
    *ports: tuple[int, int], protocol: str = "TCP", kind: str = "application", spoken: Any = "HTTPS", **group: Any
) -> Resources:
    ranges = [{"FromPort": first, "ToPort": last} for first, last in ports]
    entry = {"AcceleratorArn": ref("Accelerator"), "Protocol": protocol, "PortRanges": ranges}
    return {
        "Accelerator": ACCELERATOR["Accelerator"],
        "Entry": {"Type": "AWS::GlobalAccelerator::Listener", "Properties": entry},
        "Group": endpoint_group("eu-west-1", ref("Balancer"), **group),
        "Balancer": load_balancer(Type=kind),
        "Targets": target_group(),
        "Listener": listener(forward(), Protocol=spoken),
    }


def _override(listener_port: Any, endpoint_port: Any) -> dict[str, Any]:
    return {"PortOverrides": [{"ListenerPort": listener_port, "EndpointPort": endpoint_port}]}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_accelerated((443, 443)), None),
        (_accelerated((80, 80)), "listens at 443 over TCP, and is asked at 80"),
        (_accelerated((80, 80), (443, 443)), "is asked at 80"),
        (_accelerated((1, 442)), "is asked at 1-442"),
        (_accelerated((1, 65_535)), None),
        (_accelerated((80, 80), **_override(80, 443)), None),
        (_accelerated((80, 80), **_override(80, 8443)), "is asked at 8443"),
        (_accelerated((443, 443), **_override(443, 8443)), "is asked at 8443"),
        (_accelerated((80, 80), **_override(80, ref("Given"))), None),
        (_accelerated((80, 80), spoken=ref("Given")), None),
        (_accelerated((443, 443), protocol="UDP"), "is an Application Load Balancer, which takes no UDP"),
        (_accelerated((443, 443), protocol="UDP", kind="network", spoken="UDP"), None),
        (_accelerated((443, 443), protocol="UDP", kind="network", spoken="TCP_UDP"), None),
        (_accelerated((443, 443), protocol="UDP", kind="network", spoken="TCP"), "listens nowhere over UDP"),
        (_accelerated((443, 443), kind="network", spoken="UDP"), "listens nowhere over TCP"),
        ({**_accelerated((80, 80)), "Group": endpoint_group("eu-west-1", balancer_arn())}, None),
        (
            {**_accelerated((53, 53), protocol="UDP"), "Group": endpoint_group("eu-west-1", balancer_arn())},
            "is an Application Load Balancer",
        ),
    ],
)
def test_an_accelerator_asks_where_the_load_balancer_listens(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = found(tmp_path, "HA310", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


# HA311: what Global Accelerator refuses.


def _endpoint(*, client_ip: Any = None, dual: Any = False, name: Any = None, **balancer: Any) -> Resources:
    given = {} if client_ip is None else {"ClientIPPreservationEnabled": client_ip}
    more = balancer.pop("more", {})
    kind = "DUAL_STACK" if dual else "IPV4"
    return {
        **ACCELERATOR,
        "Accelerator": {"Type": "AWS::GlobalAccelerator::Accelerator", "Properties": {"IpAddressType": kind}},
        "Group": endpoint_group("eu-west-1", {"EndpointId": name or ref("Balancer"), **given}),
        "Balancer": load_balancer(**balancer),
        "Host": {"Type": "AWS::EC2::Instance", "Properties": {}},
        "Address": {"Type": "AWS::EC2::EIP", "Properties": {}},
        **more,
    }


_INNER = {"Scheme": "internal"}
_NETWORK = {"Type": "network", "SecurityGroups": ["sg-1"]}


def _behind_network(*, dual: bool = True, **group: Any) -> Resources:
    """A Network Load Balancer with a target group, behind an accelerator."""
    more = {"Targets": target_group(**group), "Listener": listener(forward(), Protocol="TCP")}
    kind = {"IpAddressType": "dualstack"} if dual else {}
    return _endpoint(client_ip=True, dual=dual, more=more, **kind, **_NETWORK)


_TLS = {"more": {"Targets": target_group(), "Listener": listener(forward(), Protocol="TLS")}}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_endpoint(), None),
        (_endpoint(client_ip=False), None),
        (_endpoint(client_ip=False, **_INNER), "has ClientIPPreservationEnabled false; it may be true only"),
        (_endpoint(**_INNER), None),
        (_endpoint(client_ip=ref("Given"), **_INNER), None),
        (
            _endpoint(client_ip=False, **_INNER, **_NETWORK),
            "is internal with ClientIPPreservationEnabled false and may",
        ),
        (_endpoint(**_INNER, **_NETWORK), "is internal with ClientIPPreservationEnabled not set"),
        (_endpoint(client_ip=True, **_INNER, **_NETWORK), None),
        (_endpoint(client_ip=ref("Given"), **_INNER, **_NETWORK), None),
        (_endpoint(**_NETWORK), None),
        (_endpoint(client_ip=True, Type="network"), "has no security groups"),
        (_endpoint(client_ip=True, **_NETWORK), None),
        (_endpoint(client_ip=True, **_NETWORK, **_TLS), "has a TLS listener"),
        (_endpoint(client_ip=False, name=ref("Host")), "may be true only"),
        (_endpoint(name=ref("Host")), None),
        (_endpoint(client_ip=True, name=attribute("Address", "AllocationId")), "an Elastic IP address may not"),
        (_endpoint(name=attribute("Address", "AllocationId")), None),
        (_endpoint(dual=True, name=attribute("Address", "AllocationId")), "takes load balancers and instances"),
        (_endpoint(dual=True, IpAddressType="dualstack"), None),
        (_endpoint(dual=True), "has IPv4 addresses only"),
        (_endpoint(client_ip=False, dual=True, IpAddressType="dualstack"), "keeps no client address"),
        (_endpoint(dual=True, IpAddressType="dualstack", **_NETWORK), "keeps no client address"),
        (_endpoint(dual=True, IpAddressType=ref("Given")), None),
        (
            _endpoint(client_ip=True, IpAddressType="dualstack", **_NETWORK),
            "is dual-stack, and behind an",
        ),
        (_endpoint(IpAddressType="dualstack", **_NETWORK), None),
        (_endpoint(client_ip=True, IpAddressType=ref("Given"), **_NETWORK), None),
        (_endpoint(client_ip=True, dual=True, IpAddressType="dualstack", **_NETWORK), None),
        (_behind_network(TargetType="ip"), "sends to Targets, whose targets are addresses"),
        (_behind_network(IpAddressType="ipv6"), "sends to Targets over IPv6"),
        (_behind_network(TargetType="instance"), None),
        (_behind_network(TargetType=ref("Given")), None),
        (_behind_network(IpAddressType=ref("Given")), None),
        (_behind_network(dual=False, TargetType="ip"), None),
    ],
)
def test_endpoints_that_are_refused_are_found(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA311", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


# HA312: too many groups.

_REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-northeast-1")


@pytest.mark.parametrize(("regions", "count"), [(_REGIONS[:4], 0), (_REGIONS, 1)])
def test_a_failover_tries_the_three_closest_groups(tmp_path: Path, regions: tuple[str, ...], count: int) -> None:
    groups = {f"Group{index}": endpoint_group(region, balancer_arn(region)) for index, region in enumerate(regions)}

    assert len(found(tmp_path, "HA312", {**ACCELERATOR, **groups})) == count


def test_groups_that_may_not_be_made_are_not_counted(tmp_path: Path) -> None:
    groups = {f"Group{index}": endpoint_group(region, balancer_arn(region)) for index, region in enumerate(_REGIONS)}
    groups["Group0"]["Condition"] = "Maybe"

    assert not found(tmp_path, "HA312", {**ACCELERATOR, **groups})


# HA314: nothing behind.


def _service(count: Any, *groups: str, alternate: str | None = None) -> dict[str, Any]:
    balancers: list[dict[str, Any]] = [{"ContainerName": "app", "TargetGroupArn": ref(group)} for group in groups]
    if alternate is not None:
        balancers[0]["AdvancedConfiguration"] = {"AlternateTargetGroupArn": ref(alternate)}
    properties = {"Cluster": "main", "DesiredCount": count, "LoadBalancers": balancers}
    return {"Type": "AWS::ECS::Service", "Properties": {k: v for k, v in properties.items() if v is not None}}


def _scaling(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::AutoScaling::AutoScalingGroup",
        "Properties": {"MinSize": "0", "MaxSize": "2", "TargetGroupARNs": [ref("Targets")], **properties},
    }


def _scaled(least: Any) -> Resources:
    properties = {
        "ServiceNamespace": "ecs",
        "ScalableDimension": "ecs:service:DesiredCount",
        "ResourceId": {"Fn::Sub": "service/main/${Service.Name}"},
        "MinCapacity": least,
        "MaxCapacity": 2,
    }
    return {"Scaling": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": properties}}


def _behind(*, evaluate: Any = True, **more: Any) -> Resources:
    return {
        **ZONE,
        "Balancer": load_balancer(),
        "Targets": target_group(),
        "Listener": listener(forward()),
        "First": primary(AliasTarget=alias(attribute("Balancer", "DNSName"), evaluate=evaluate), HealthCheckId=None),
        "Second": secondary(),
        **more,
    }


_IDLE = {"Idle": target_group(), "Test": listener(forward("Idle"), Port=8443)}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        # Others may register what these templates do not.
        (_behind(), None),
        (_behind(Service=_service(1, "Targets")), None),
        (_behind(Service=_service(None, "Targets")), None),
        (_behind(Service=_service(0, "Targets")), "Service has DesiredCount 0, and the failover record"),
        (_behind(Service=_service(0, "Targets"), **_scaled(1)), None),
        (_behind(Service=_service(0, "Targets"), **_scaled(0)), "Service has DesiredCount 0"),
        (_behind(Service=_service(ref("Given"), "Targets")), None),
        (_behind(Scaling=_scaling()), "Scaling has a desired capacity of 0"),
        (_behind(Scaling=_scaling(DesiredCapacity="1")), None),
        (_behind(Scaling=_scaling(MinSize="1")), None),
        (_behind(Service=_service(0, "Targets"), Scaling=_scaling(DesiredCapacity="1")), None),
        (_behind(Service=_service(1, "Targets"), **_IDLE), "nothing registers with it, and the failover record"),
        (_behind(Service=_service(1, "Targets", "Idle"), **_IDLE), None),
        (_behind(Service=_service(1, "Targets", alternate="Idle"), **_IDLE), "a blue/green deployment leaves it"),
        (_behind(**{**_IDLE, "Idle": target_group(HealthCheckEnabled=False)}, Service=_service(1, "Targets")), None),
        (_behind(evaluate=False, Service=_service(0, "Targets")), None),
        (_behind(evaluate=ref("Given"), Service=_service(0, "Targets")), None),
        (
            {
                **_behind(evaluate=False, Service=_service(0, "Targets")),
                **ACCELERATOR,
                "Group": endpoint_group("eu-west-1", ref("Balancer")),
            },
            "the accelerator's endpoint group of eu-west-1 goes by",
        ),
    ],
)
def test_each_target_group_needs_a_target(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA314", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


@pytest.mark.parametrize(
    "more",
    [
        {"Outputs": {"Idle": {"Value": ref("Idle")}}},
        {"Resources": {"Deployer": {"Type": "Custom::Deployer", "Properties": {"Group": ref("Idle")}}}},
    ],
)
def test_who_reads_the_arn_of_a_target_group_may_register_with_it(tmp_path: Path, more: dict[str, Any]) -> None:
    resources = {**_behind(Service=_service(1, "Targets"), **_IDLE), **more.pop("Resources", {})}
    path = tmp_path / "dns.template.json"
    path.write_text(json.dumps({**more, "Resources": resources}), encoding="utf-8")

    said = check(load(path), rules=[RULES["HA314"]])

    assert not said.findings
    assert ["what registers with Idle" in one.message for _, one in said.cannot_tell] == [True]


# HA315: what is not shifted.


def _shifted(status: Any = "ENABLED", *, more: Resources | None = None, **balancer: Any) -> Resources:
    attributes = balancer.pop("attributes", {"zonal_shift.config.enabled": "true"})
    given = [{"Key": key, "Value": value} for key, value in attributes.items()]
    shift = {"ResourceIdentifier": ref("Balancer"), "ZonalAutoshiftStatus": status}
    return {
        "Balancer": load_balancer(LoadBalancerAttributes=given, **balancer),
        "Shift": {"Type": "AWS::ARCZonalShift::ZonalAutoshiftConfiguration", "Properties": shift},
        **(more or {}),
    }


_CROSS = {"zonal_shift.config.enabled": "true", "load_balancing.cross_zone.enabled": "true"}
_KEEPS = {
    "TargetGroupAttributes": [{"Key": "target_health_state.unhealthy.connection_termination.enabled", "Value": "false"}]
}


def _forwarding(**group: Any) -> Resources:
    return {"Targets": target_group(**group), "Listener": listener(forward(), Protocol="TCP")}


def _across(state: str) -> dict[str, Any]:
    own = {"Key": "load_balancing.cross_zone.enabled", "Value": state}
    return {"TargetGroupAttributes": [*_KEEPS["TargetGroupAttributes"], own]}


def _spread(*subnets: Any) -> Resources:
    """An Auto Scaling group behind a load balancer."""
    return {**_forwarding(), "Scaling": _scaling(VPCZoneIdentifier=list(subnets))}


def _subnets(*zones: str) -> Resources:
    return {
        name: {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": zone}}
        for name, zone in zip(("One", "Two"), zones, strict=True)
    }


def _tasks(*subnets: str) -> dict[str, Any]:
    service = _service(1, "Targets")
    if subnets:
        network = {"AwsvpcConfiguration": {"Subnets": list(subnets)}}
        service["Properties"]["NetworkConfiguration"] = network
    return service


def _hosts(*zones: str | None) -> Resources:
    """Instances that a target group names."""
    hosts = {
        f"Host{index}": {
            "Type": "AWS::EC2::Instance",
            "Properties": {} if zone is None else {"AvailabilityZone": zone},
        }
        for index, zone in enumerate(zones)
    }
    return {**_forwarding(Targets=[{"Id": ref(name)} for name in hosts]), **hosts}


_FRONT = {"Front": target_group(TargetType="alb", Protocol="TCP", Port=443, Targets=[{"Id": ref("Balancer")}])}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_shifted(), None),
        (_shifted(attributes={}), "its attribute zonal_shift.config.enabled is not true"),
        (_shifted(attributes={"zonal_shift.config.enabled": "false"}), "zonal_shift.config.enabled is not true"),
        (_shifted("DISABLED", attributes={}), None),
        (_shifted(Subnets=["subnet-1"]), "it is in one zone"),
        (_shifted(more=_FRONT), "it is a target of Front"),
        (_shifted(Type="network", more=_forwarding(Protocol="UDP")), None),
        (_shifted(Type="network", attributes=_CROSS, more=_forwarding(Protocol="TCP", **_KEEPS)), None),
        (_shifted(Type="network", attributes=_CROSS, more=_forwarding(Protocol="UDP", **_KEEPS)), "is UDP, and may be"),
        (_shifted(Type="network", attributes=_CROSS, more=_forwarding(Protocol="TCP")), "Targets ends the connections"),
        (
            _shifted(Type="network", attributes=_CROSS, more=_forwarding(Protocol="TCP", TargetType="alb", **_KEEPS)),
            "the target of Targets is a load balancer",
        ),
        # A target group may be on by itself, or off.
        (_shifted(Type="network", more=_forwarding(Protocol="UDP", **_across("true"))), "is UDP, and may be"),
        (
            _shifted(Type="network", attributes=_CROSS, more=_forwarding(Protocol="TCP", **_across("false"))),
            "Targets has cross-zone load balancing off",
        ),
        (_shifted(more=_spread("subnet-1")), "the targets of Targets are in one zone"),
        (_shifted(more=_spread("subnet-1", "subnet-2")), None),
        (_shifted(more={**_spread(ref("One"), ref("Two")), **_subnets("eu-west-1a", "eu-west-1a")}), "are in one zone"),
        (_shifted(more={**_spread(ref("One"), ref("Two")), **_subnets("eu-west-1a", "eu-west-1b")}), None),
        (_shifted(more={**_spread("subnet-1"), "Tasks": _tasks("subnet-2")}), None),
        (_shifted(more={**_spread("subnet-1"), "Tasks": _tasks("subnet-1")}), "are in one zone"),
        (_shifted(more={**_spread("subnet-1"), "Tasks": _tasks()}), None),
        (_shifted(more={**_spread("subnet-1"), "Scaling": _scaling(VPCZoneIdentifier=ref("Given"))}), None),
        (_shifted(more=_hosts("eu-west-1a")), "are in one zone"),
        (_shifted(more=_hosts("eu-west-1a", "eu-west-1b")), None),
        (_shifted(more=_hosts("eu-west-1a", None)), None),
    ],
)
def test_aws_shifts_what_is_opted_in(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA315", resources, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_an_attribute_that_is_given_may_opt_in(tmp_path: Path) -> None:
    resources = _shifted(attributes={"zonal_shift.config.enabled": ref("Given")})

    assert untold(tmp_path, "HA315", resources, ("Given",))


@pytest.mark.parametrize(("enabled", "count"), [(True, 0), (None, 1), (False, 1)])
def test_an_auto_scaling_group_opts_in_too(tmp_path: Path, enabled: bool | None, count: int) -> None:
    more = {} if enabled is None else {"AvailabilityZoneImpairmentPolicy": {"ZonalShiftEnabled": enabled}}
    shift = {"ResourceIdentifier": ref("Servers"), "ZonalAutoshiftStatus": "ENABLED"}
    resources = {
        "Servers": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            "Properties": {"MinSize": "2", "MaxSize": "2", **more},
        },
        "Shift": {"Type": "AWS::ARCZonalShift::ZonalAutoshiftConfiguration", "Properties": shift},
    }

    assert len(found(tmp_path, "HA315", resources)) == count


# HA317: practice runs that are refused.

_ALARM = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:users"


def _practice(status: Any = "ENABLED", *, alarms: Any = (_ALARM,), **run: Any) -> Resources:
    outcome = [{"Type": "CLOUDWATCH", "AlarmIdentifier": one} for one in alarms] if alarms is not None else None
    given = {name: value for name, value in {"OutcomeAlarms": outcome, **run}.items() if value is not None}
    shifted = _shifted(status, attributes={"zonal_shift.config.enabled": "true"})
    shifted["Shift"]["Properties"]["PracticeRunConfiguration"] = given
    return {**shifted, "Down": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "down"}}}


def _blocked(*windows: Any) -> Resources:
    return _practice(BlockedWindows=list(windows))


_FAR = _ALARM.replace("eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_practice(), None),
        (_shifted(), "PracticeRunConfiguration is not set"),
        (_shifted("DISABLED"), None),
        (_shifted(ref("Given")), None),
        (_practice(alarms=None), "OutcomeAlarms is not set"),
        (_practice(alarms=[]), "OutcomeAlarms is not set"),
        (_practice(alarms=None, OutcomeAlarms=ref("Given")), None),
        (_practice(alarms=[_ALARM] * 10), None),
        (_practice(alarms=[_ALARM] * 11), "OutcomeAlarms has 11 alarms; it may have 10"),
        (_practice(alarms=[_FAR]), "OutcomeAlarms has an alarm in us-east-1, and what is shifted is in eu-west-1"),
        (_practice(alarms=[attribute("Down", "Arn")]), None),
        (_practice(alarms=[ref("Given")]), None),
        (_practice(BlockingAlarms=[{"Type": "CLOUDWATCH", "AlarmIdentifier": _FAR}]), "BlockingAlarms has an alarm in"),
        (_blocked("Mon:08:00-Mon:18:00"), None),
        (_blocked("Mon:08:00-Mon:08:01"), None),
        (_blocked("Mon:08:00-Mon:08:00"), "a window starts and ends on one day"),
        (_blocked("Sat:22:00-Sun:04:00"), "a window starts and ends on one day"),
        (_blocked("MON-20:30-21:30"), "it may be such as Mon:08:00-Mon:18:00"),
        (_blocked("Mon:23:00-Mon:24:00"), "it may be such as Mon:08:00-Mon:18:00"),
        (_blocked(ref("Given")), None),
        (_blocked(*["Mon:08:00-Mon:18:00"] * 15), None),
        (_blocked(*["Mon:08:00-Mon:18:00"] * 16), "BlockedWindows has 16 items; it may have 15"),
        (_practice(AllowedWindows=["Tue:04:00-Tue:02:00"]), "AllowedWindows has Tue:04:00-Tue:02:00"),
        (_practice(BlockedDates=["2026-12-24"]), None),
        (_practice(BlockedDates=["24.12.2026"]), "it may be such as 2026-12-24"),
        (_practice(BlockedDates=["2026-02-30"]), "it may be such as 2026-12-24"),
        (_practice(BlockedDates=ref("Given")), None),
    ],
)
def test_practice_runs_that_are_refused_are_found(tmp_path: Path, resources: Resources, said: str | None) -> None:
    path = tmp_path / "dns.template.json"
    path.write_text(json.dumps({"Parameters": {"Given": {"Type": "String"}}, "Resources": resources}))
    loaded = load(path, parameters={"AWS::Region": "eu-west-1"})
    messages = [one.message for one in placed(check(loaded, rules=[RULES["HA317"]])).findings]

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_without_a_region_alarms_may_be_where_the_load_balancer_is(tmp_path: Path) -> None:
    assert not found(tmp_path, "HA317", _practice(alarms=[_FAR]))


# HA316: CloudFront is shut out.


def _origin(*rules: dict[str, Any], policy: Any = "http-only", scheme: Any = "internet-facing") -> Resources:
    given = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, **one} for one in rules]
    group = {"GroupDescription": "x", "SecurityGroupIngress": given}
    origin = {
        "Id": "app",
        "DomainName": attribute("Balancer", "DNSName"),
        "CustomOriginConfig": {"OriginProtocolPolicy": policy},
    }
    behavior = {
        "TargetOriginId": "app",
        "ViewerProtocolPolicy": "https-only",
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    }
    config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
    return {
        "Balancer": load_balancer(Scheme=scheme, SecurityGroups=[ref("Group")]),
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
        "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
    }


_OFFICE = {"CidrIp": "203.0.113.0/24"}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_origin(_OFFICE), "admit 203.0.113.0/24 only at port 80, which origin app asks"),
        (_origin({"CidrIp": "0.0.0.0/0"}), None),
        (_origin({"SourcePrefixListId": "pl-4fa04526"}), None),
        (_origin({"CidrIp": "130.176.0.0/17"}), None),
        (_origin({"CidrIp": "10.0.0.0/8"}), "admit 10.0.0.0/8 only"),
        (_origin({"CidrIp": "0.0.0.0/0", "FromPort": 443, "ToPort": 443}), "admit nobody at port 80"),
        (_origin({"CidrIp": "0.0.0.0/0"}, policy="https-only"), "admit nobody at port 443"),
        (_origin({"CidrIp": "0.0.0.0/0"}, policy="match-viewer"), None),
        (_origin(_OFFICE, policy="match-viewer"), "admit 203.0.113.0/24 only at port 80 and 443"),
        (_origin(), None),
        (_origin(_OFFICE, scheme="internal"), None),
    ],
)
def test_a_load_balancer_admits_cloudfront(tmp_path: Path, resources: Resources, said: str | None) -> None:
    messages = found(tmp_path, "HA316", resources)

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


@pytest.mark.parametrize("source", [{"CidrIp": ref("Given")}, {"SourcePrefixListId": "pl-11111111"}])
def test_a_source_that_nobody_tells_may_be_cloudfront(tmp_path: Path, source: dict[str, Any]) -> None:
    assert untold(tmp_path, "HA316", _origin(_OFFICE, source), ("Given",))
