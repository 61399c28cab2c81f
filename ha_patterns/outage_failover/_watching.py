"""What a health check watches: an endpoint's own place, that of another one, or a switch that somebody throws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnResource
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import IConstruct

from ..aws.health_checks import DEFAULT_PORTS, LAST_KNOWN_STATUS, METRICS_OF_NO_REGION
from ..aws.names import named_region
from ..cdk.marks import marked
from ..cdk.properties import attribute_of, unresolved_properties_of
from ..cdk.validation import is_region, is_token, normal_address, normal_name, refusal, shown, warn
from ..contracts.switches import METRIC, namespace_of
from ..edge.regions import region_of, stack_of
from ..origins import Endpoint
from ..origins.places import balancers, place_of, refuse_at_synth

#: The mark of an alarm on what is in its own Region.
OF_ITS_REGION = "of-its-region"
#: The mark of a check that follows a routing control: the role of the endpoint that it is for.
ROLE_OF_CONTROL = "role-of-control"

# The dimensions of metrics that name a load balancer, an API or a bucket by its id.
_DIMENSIONS = ("LoadBalancer", "ApiId", "BucketName")


@dataclass(frozen=True)
class _Watched:
    """What one check asks, or what the metric of its alarm is of.

    Attributes:
        what: A name, an address or an id, as it was written.
        inverted: Whether the check is healthy while that is not.
        by_alarm: Whether it is what a metric is of.
        name: What a message calls it. Default: as it was written.
    """

    what: str
    inverted: bool
    by_alarm: bool = False
    name: str | None = None

    def __str__(self) -> str:
        return self.name or shown(self.what)


def check_watches(
    argument: str,
    check: route53.IHealthCheck,
    own: Endpoint,
    others: Mapping[str, Endpoint],
    *,
    region: str | None = None,
) -> None:
    """Refuse a check that watches another member than that whose record follows it, or that fails while it answers.

    A calculated check may watch others beside its own. An inverted check of another one is meant: it fails while that
    one answers. So is an inverted check of an alarm, which may be raised while all is well.

    Args:
        argument: Where the check was given.
        check: The check.
        own: The endpoint whose record follows it.
        others: The other endpoints that share the name, by argument.
        region: The Region that the endpoint is given for. Default: that of the endpoint, if it is known.
    """
    place = place_of(own) or region
    check_switch_place(argument, check, own, place)
    watched = list(_watched(check))
    of_own = [each for each in watched if _is_of(each.what, own)]
    for each in of_own:
        if each.inverted and not each.by_alarm:
            raise refusal(
                argument,
                f"a check that is healthy while {own!r} is",
                str(each),
                "it is asked inverted, so traffic would leave the endpoint while it answers, and stay while it does "
                "not; take inverted off",
            )
    if of_own:
        return
    for each in watched:
        if each.inverted:
            continue
        for other, endpoint in others.items():
            if _is_of(each.what, endpoint):
                raise refusal(argument, f"a check of {own!r}", str(each), _watches_another(other, endpoint))
        asked = None if is_token(each.what) else named_region(each.what)
        if asked is not None:
            _require_region(argument, own, place, asked, each.what)
    for leaf, inverted in _leaves(check):
        if not inverted:
            _judge_alarm(argument, leaf, own, place, others)


def _watches_another(other: str, endpoint: Endpoint) -> str:
    return (
        f"it watches {other}, {endpoint!r}, so traffic would leave the one that is healthy and stay at the one that is "
        "not; swap the checks, or watch a name or address that only this endpoint has"
    )


def _require_region(argument: str, own: Endpoint, place: str | None, asked: str, what: str) -> None:
    if place is not None and is_region(place) and asked != place:
        raise refusal(
            argument,
            f"a check of {own!r} in {place}",
            what,
            f"it watches {asked}, so an outage of {place} would not be noticed; watch a name in {place}",
        )


def _judge_alarm(
    argument: str, check: route53.IHealthCheck, own: Endpoint, place: str | None, others: Mapping[str, Endpoint]
) -> None:
    """Look at the alarm of a check: where it is, and at synth, by which load balancer its target group is used."""
    identifier = raw_config(check).get("alarmIdentifier")
    if not isinstance(identifier, Mapping):
        return
    alarm, region = _alarm_of(check), str(identifier.get("region"))
    metric = _metric_of(check)
    dimensions = _dimensions_of(check)
    if (group := dimensions.get("TargetGroup")) is not None and "LoadBalancer" not in dimensions:
        refuse_at_synth(check, lambda: _group_of_another(argument, group, own, others))
    if alarm is not None and marked(alarm, OF_ITS_REGION):
        _require_region(argument, own, place, region, alarm.node.path)
    stays = raw_config(check).get("insufficientDataHealthStatus") == LAST_KNOWN_STATUS
    is_elsewhere = place is not None and is_region(place) and is_region(region) and region != place
    # A switch is in the Region of the standby, and what it says is repeated.
    if is_elsewhere and not stays and metric.get("namespace") not in METRICS_OF_NO_REGION:
        near = next((f"{other}, {each!r}," for other, each in others.items() if place_of(each) == region), None)
        if near is not None:
            warn(
                check,
                "health-check:other-region",
                f"{argument} follows an alarm in {region}, where {near} is, and {own!r} is in {place}: if it tells of "
                "what is there, traffic would leave the one that is healthy; give the alarm in the endpoint's own "
                "Region, or acknowledge this for one that watches it from outside",
            )


def _group_of_another(argument: str, group: str, own: Endpoint, others: Mapping[str, Endpoint]) -> Iterator[str]:
    """The error of an alarm on a target group that other load balancers forward to; to be asked at synth."""
    if _forwards_to(own, group):
        return
    for other, endpoint in others.items():
        for resource in _forwards_to(endpoint, group):
            yield str(refusal(argument, f"a check of {own!r}", resource.node.path, _watches_another(other, endpoint)))


def _forwards_to(endpoint: Endpoint, group: str) -> list[CfnResource]:
    """The target group of that name that the load balancers of an endpoint forward to, if they do."""
    groups = [each.resource for balancer in balancers([endpoint]) for each in balancer.groups]
    return [each for each in groups if attribute_of(each, "attr_target_group_full_name") == group]


def check_control(argument: str, check: route53.IHealthCheck, role: str) -> None:
    """Refuse a check that follows the routing control of the other endpoint of a pair, and not that of its own.

    Args:
        argument: Where the check was given.
        check: The check.
        role: What its endpoint is in the pair: ``primary`` or ``standby``.
    """
    followed = {marked(leaf, ROLE_OF_CONTROL) for leaf, inverted in _leaves(check) if not inverted} - {None}
    if followed and role not in followed:
        [other] = followed
        raise refusal(
            argument,
            f"one that follows the routing control {role!r}",
            check.node.path,
            f"it follows {other!r}, so to turn that Off would take out the endpoint that is to serve; swap the checks",
        )


def check_switch_place(argument: str, check: route53.IHealthCheck, own: Endpoint, place: str | None) -> None:
    """Refuse a traffic switch in the Region of the endpoint that it is to move traffic away from.

    Beside a check that notices an outage by itself, in a calculated one, a switch may be anywhere, and so may an
    inverted one, which holds traffic back. Regions that are not known pass.

    Args:
        argument: Where the check or the switch was given.
        check: The check.
        own: The endpoint whose record follows the check.
        place: Where that is, if it is known.
    """
    if place is None or not is_region(place):
        return
    deciding = children_of(check) or [check]
    if all(_region_of_switch(each) == place for each in deciding) and not raw_config(check).get("inverted"):
        raise refusal(
            argument,
            f"a switch outside {place}",
            check.node.path,
            f"its switch is in {place}, as {own!r}: an outage of {place} takes both, and nobody could move traffic "
            "away; make the switch in another Region, such as the standby's",
        )


def _region_of_switch(check: route53.IHealthCheck) -> str | None:
    """Where the traffic switch is that a check follows, the right way round; None if it follows none."""
    config = raw_config(check)
    alarm = config.get("alarmIdentifier")
    if not _is_traffic_switch(check) or config.get("inverted") or not isinstance(alarm, Mapping):
        return None
    return str(alarm.get("region"))


def _is_traffic_switch(check: route53.IHealthCheck) -> bool:
    metric = _metric_of(check)
    return metric.get("metricName") == METRIC and str(metric.get("namespace")).startswith(namespace_of(""))


def check_fails(argument: str, check: route53.IHealthCheck) -> None:
    """Refuse a check that is healthy whatever happens, since it is calculated with a threshold of 0.

    Args:
        argument: Where the check was given.
        check: The check.
    """
    if raw_config(check).get("healthThreshold") == 0:
        raise refusal(
            argument,
            "a check that can fail",
            check.node.path,
            "with a health_threshold of 0 it is healthy for ever, so traffic would never leave the endpoint",
        )


def is_switch(check: route53.IHealthCheck | None) -> bool:
    """Whether somebody throws a check: a routing control, a traffic switch, or one that is calculated with either."""
    if check is None:
        return False
    config = raw_config(check)
    if config.get("type") == route53.HealthCheckType.RECOVERY_CONTROL.value:
        return True
    if config and "alarmIdentifier" not in config and "childHealthChecks" not in config:
        return False
    if _is_traffic_switch(check):
        return True
    return any(map(is_switch, children_of(check)))


def _leaves(check: route53.IHealthCheck, *, inverted: bool = False) -> Iterator[tuple[route53.IHealthCheck, bool]]:
    """The checks that a check is calculated from, or itself; and whether it is healthy while they are not."""
    inverted = bool(raw_config(check).get("inverted")) != inverted
    children = children_of(check)
    for child in children:
        yield from _leaves(child, inverted=inverted)
    if not children:
        yield check, inverted


def _watched(check: route53.IHealthCheck) -> Iterator[_Watched]:
    for leaf, inverted in _leaves(check):
        config = raw_config(leaf)
        if asked := config.get("ipAddress") or config.get("fullyQualifiedDomainName"):
            yield _Watched(str(asked), inverted)
        for name, value in _dimensions_of(leaf).items():
            if name in _DIMENSIONS:
                yield _Watched(value, inverted, by_alarm=True)
            elif name == "ApiName" and (api := _api_named(value, leaf)) is not None:
                yield _Watched(api, inverted, by_alarm=True, name=value)


def _dimensions_of(check: route53.IHealthCheck) -> dict[str, str]:
    dimensions = _metric_of(check).get("dimensions")
    found = [each for each in dimensions if isinstance(each, Mapping)] if isinstance(dimensions, list) else []
    return {str(each.get("name")): str(each.get("value")) for each in found}


def _api_named(name: str, scope: IConstruct) -> str | None:
    """The id of the one REST API of this app that has a name, by which CloudWatch calls it; None if there are several.

    The CDK names an API by its construct id, so that two may well have one name.
    """
    found = [
        child.ref
        for child in scope.node.root.node.find_all()
        if isinstance(child, CfnResource)
        and child.cfn_resource_type == "AWS::ApiGateway::RestApi"
        and unresolved_properties_of(child).get("name") == name
    ]
    return found[0] if len(found) == 1 else None


def _metric_of(check: route53.IHealthCheck) -> Mapping[str, Any]:
    """What the alarm of a check is made of; empty for other checks, and if the alarm cannot be seen."""
    alarm = _alarm_of(check)
    resource = None if alarm is None else alarm.node.default_child
    return unresolved_properties_of(resource) if isinstance(resource, cloudwatch.CfnAlarm) else {}


def _alarm_of(check: route53.IHealthCheck) -> IConstruct | None:
    """The alarm that a check follows, as it was given, or as its name and Region tell it in this app."""
    alarm: IConstruct | None = getattr(check, "alarm", None)
    identifier = raw_config(check).get("alarmIdentifier")
    if alarm is not None or not isinstance(identifier, Mapping):
        return alarm
    name, region = identifier.get("name"), identifier.get("region")
    for child in check.node.root.node.find_all():
        if isinstance(child, cloudwatch.Alarm) and region_of(child) == region:
            resource = child.node.default_child
            named = isinstance(resource, CfnResource) and unresolved_properties_of(resource).get("alarmName") == name
            if named or (child.alarm_name == name and stack_of(child) is stack_of(check)):
                return child
    return None


def children_of(check: route53.IHealthCheck) -> list[route53.IHealthCheck]:
    """The checks of its stack that a check is calculated from, as far as they are not imported; of others, none."""
    told: Iterable[route53.IHealthCheck] | None = getattr(check, "child_health_checks", None)
    if told is not None:
        return list(told)
    ids = raw_config(check).get("childHealthChecks") or ()
    if not ids:
        return []
    made = {
        str(child.health_check_id): child
        for child in stack_of(check).node.find_all()
        if isinstance(child, route53.HealthCheck)
    }
    return [made[each] for each in map(str, ids) if each in made]


def raw_config(check: route53.IHealthCheck) -> Mapping[str, Any]:
    """The configuration of a health check with its tokens; empty if it is imported and cannot be seen."""
    resource = check.node.default_child
    config = (
        unresolved_properties_of(resource).get("healthCheckConfig")
        if isinstance(resource, route53.CfnHealthCheck)
        else None
    )
    return config if isinstance(config, Mapping) else {}


def probed_port(check: route53.IHealthCheck, endpoint: Endpoint) -> int | None:
    """The port at which a check of any making asks an endpoint; None where it asks another, or if unknown."""
    config = raw_config(check)
    asked = config.get("ipAddress") or config.get("fullyQualifiedDomainName")
    port = config.get("port", DEFAULT_PORTS.get(str(config.get("type")).partition("_")[0]))
    return int(port) if asked and _is_of(str(asked), endpoint) and isinstance(port, (int, float)) else None


def is_by_own_name(asked: str, endpoint: Endpoint) -> bool:
    """Whether a check asks an API of this app by its ``execute-api`` name, however that was put together."""
    return is_token(asked) and ".execute-api." in asked and _is_of(asked, endpoint)


def _is_of(what: str, endpoint: Endpoint) -> bool:
    """Whether a name, address or id is an endpoint's."""
    if endpoint.behind:
        return any(_is_of(what, each) for each in endpoint.behind)
    if what in _ids(endpoint):
        return True
    if is_token(what):
        # The name of an API, and others that hold an id, are made of several parts.
        return any(is_token(each) and each in what for each in _ids(endpoint))
    addresses = {normal_address(each) for each in (*endpoint.ipv4_addresses, *endpoint.ipv6_addresses)}
    return normal_name(what).removeprefix("dualstack.") in _names(endpoint) or normal_address(what) in addresses


def _names(endpoint: Endpoint) -> set[str]:
    return {normal_name(each).removeprefix("dualstack.") for each in _ids(endpoint)}


def _ids(endpoint: Endpoint) -> set[str]:
    """The names and ids of an endpoint, and of what it was made of."""
    found = [endpoint.domain_name]
    for source in (endpoint.source, endpoint.custom_domain):
        found += [attribute_of(source, name) for name in _ATTRIBUTES]
        arn = attribute_of(source, "load_balancer_arn")
        if arn is not None and not is_token(arn):
            found.append(arn.rpartition(":loadbalancer/")[2])
        made = source.node.default_child if endpoint.is_bucket and source is not None else None
        if isinstance(made, CfnResource):
            # The name that was chosen; the CDK's own attribute is a reference.
            chosen = unresolved_properties_of(made).get("bucketName")
            found.append(chosen if isinstance(chosen, str) else None)
    return {each for each in found if each}


_ATTRIBUTES = (
    "load_balancer_dns_name",
    "load_balancer_full_name",
    "rest_api_id",
    "api_id",
    "regional_domain_name",
    "domain_name_alias_domain_name",
    "bucket_regional_domain_name",
    "bucket_domain_name",
    "bucket_name",
)
