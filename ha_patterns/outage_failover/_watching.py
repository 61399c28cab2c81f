"""What a health check watches: an endpoint's own place, that of another one, or a switch that somebody throws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53

from ..aws.health_checks import DEFAULT_PORTS
from ..aws.names import named_region
from ..cdk.properties import attribute_of, unresolved_properties_of
from ..cdk.validation import is_region, is_token, normal_address, normal_name, refusal, shown
from ..contracts.switches import METRIC, namespace_of
from ..origins import Endpoint
from ..origins.places import place_of

# The dimensions of metrics that name a load balancer or an API.
_DIMENSIONS = ("LoadBalancer", "ApiId")


@dataclass(frozen=True)
class _Watched:
    """What one check asks, or what the metric of its alarm is of: a name, an address or an id, as it was written."""

    what: str
    inverted: bool
    by_alarm: bool = False


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
                shown(each.what),
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
                raise refusal(
                    argument,
                    f"a check of {own!r}",
                    shown(each.what),
                    f"it watches {other}, {endpoint!r}, so traffic would leave the one that is healthy and stay at the "
                    "one that is not; swap the checks, or watch a name or address that only this endpoint has",
                )
        asked = None if is_token(each.what) else named_region(each.what)
        if asked is not None and place is not None and is_region(place) and asked != place:
            raise refusal(
                argument,
                f"a check of {own!r} in {place}",
                each.what,
                f"it watches {asked}, so an outage of {place} would not be noticed; watch a name in {place}",
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
    deciding = list(getattr(check, "child_health_checks", [check]))
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
    if raw_config(check).get("type") == route53.HealthCheckType.RECOVERY_CONTROL.value:
        return True
    if _is_traffic_switch(check):
        return True
    return any(map(is_switch, getattr(check, "child_health_checks", ())))


def _watched(check: route53.IHealthCheck, *, inverted: bool = False) -> Iterator[_Watched]:
    config = raw_config(check)
    inverted = bool(config.get("inverted")) != inverted
    for child in getattr(check, "child_health_checks", ()):
        yield from _watched(child, inverted=inverted)
    if asked := config.get("ipAddress") or config.get("fullyQualifiedDomainName"):
        yield _Watched(str(asked), inverted)
    for dimension in _metric_of(check).get("dimensions") or ():
        if isinstance(dimension, Mapping) and dimension.get("name") in _DIMENSIONS:
            yield _Watched(str(dimension.get("value")), inverted, by_alarm=True)


def _metric_of(check: route53.IHealthCheck) -> Mapping[str, Any]:
    """What the alarm of a check is made of; empty for other checks, and if the alarm cannot be seen."""
    alarm = getattr(check, "alarm", None)
    resource = None if alarm is None else alarm.node.default_child
    return unresolved_properties_of(resource) if isinstance(resource, cloudwatch.CfnAlarm) else {}


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
)
