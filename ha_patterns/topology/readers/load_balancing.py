"""Load balancers, their listeners, and how their targets are checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...aws.health_checks import LAMBDA_TARGET_INTERVAL, TARGET_INTERVAL, TARGET_UNHEALTHY_THRESHOLD
from ..model import Certificate, ListenerRule, LoadBalancer, LoadBalancerListener, TargetGroup
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import ResourceId, Unresolved, Value, references


def _target_group(_reader: Reader, resource: Resource) -> TargetGroup:
    properties = resource.properties
    target_type = properties["TargetType"].text() or "instance"
    protocol = properties["Protocol"].text()
    attributes = {
        str(one["Key"].text()): one["Value"].text() or "" for one in properties["TargetGroupAttributes"] if one["Key"]
    }
    return TargetGroup(
        target_type=target_type,
        protocol=protocol,
        # Of functions it is off unless it is turned on.
        health_check_enabled=properties["HealthCheckEnabled"].flag(default=target_type != "lambda"),
        path=properties["HealthCheckPath"].text(),
        interval=properties["HealthCheckIntervalSeconds"].whole(
            LAMBDA_TARGET_INTERVAL if target_type == "lambda" else TARGET_INTERVAL
        )
        or 0,
        timeout=properties["HealthCheckTimeoutSeconds"].whole(),
        healthy_threshold=properties["HealthyThresholdCount"].whole(5) or 0,
        unhealthy_threshold=properties["UnhealthyThresholdCount"].whole(TARGET_UNHEALTHY_THRESHOLD) or 0,
        attributes=attributes,
        **resource.head(),
    )


def _load_balancer(reader: Reader, resource: Resource) -> LoadBalancer:
    properties = resource.properties
    listeners = reader.index("listeners", lambda: _by_reference(reader, "LoadBalancerArn", "Listener"))
    subnets = properties["Subnets"] or properties["SubnetMappings"]
    return LoadBalancer(
        type=properties["Type"].text() or "application",
        internal=_scheme(properties["Scheme"].text()),
        zones=len(subnets.value) if isinstance(subnets.value, list) else None,
        listeners=tuple(_listener(reader, one) for one in listeners.get(resource.id, ())),
        prefix_lists=_prefix_lists(reader, properties["SecurityGroups"]),
        **resource.head(),
    )


def _classic_load_balancer(_reader: Reader, resource: Resource) -> LoadBalancer:
    properties = resource.properties
    zones = properties["Subnets"] or properties["AvailabilityZones"]
    return LoadBalancer(
        type="classic",
        internal=_scheme(properties["Scheme"].text()),
        zones=len(zones.value) if isinstance(zones.value, list) else None,
        listeners=(),
        prefix_lists=None,
        **resource.head(),
    )


def _scheme(scheme: Value | None) -> bool | Unresolved:
    if scheme is None or isinstance(scheme, str):
        return scheme == "internal"
    return scheme if isinstance(scheme, Unresolved) else Unresolved(f"{scheme}, which AWS makes")


def _by_reference(reader: Reader, name: str, kind: str) -> dict[ResourceId, list[Resource]]:
    """Resources of a kind by the resource that one of their properties refers to."""
    found: dict[ResourceId, list[Resource]] = {}
    for resource in reader.resources(f"AWS::ElasticLoadBalancingV2::{kind}"):
        value = resource.properties[name].text()
        for reference in references(value) if value is not None else ():
            found.setdefault(reference.resource, []).append(resource)
    return found


def _listener(reader: Reader, resource: Resource) -> LoadBalancerListener:
    properties = resource.properties
    rules = reader.index("listener rules", lambda: _by_reference(reader, "ListenerArn", "ListenerRule"))
    more = reader.index("listener certificates", lambda: _by_reference(reader, "ListenerArn", "ListenerCertificate"))
    certificates = [
        reader.link(one["CertificateArn"].text(), Certificate)
        for holder in (resource, *more.get(resource.id, ()))
        for one in holder.properties["Certificates"]
    ]
    resource.gaps += [gap for holder in more.get(resource.id, ()) for gap in holder.gaps]
    ordered = [_rule(reader, one, one.properties["Actions"]) for one in rules.get(resource.id, ())]
    ordered.sort(key=lambda rule: rule.priority if isinstance(rule.priority, int) else 0)
    return LoadBalancerListener(
        port=properties["Port"].whole(),
        protocol=properties["Protocol"].text(),
        certificates=tuple(one for one in certificates if one is not None),
        rules=(*ordered, _rule(reader, resource, properties["DefaultActions"])),
        **resource.head(),
    )


def _rule(reader: Reader, resource: Resource, actions: Property) -> ListenerRule:
    paths: list[Value] = []
    headers: list[str] = []
    others: list[Value] = []
    for condition in resource.properties["Conditions"]:
        field = condition["Field"].text()
        if field == "path-pattern":
            paths += condition["PathPatternConfig"]["Values"].texts() or condition["Values"].texts()
        elif field == "http-header":
            headers.append(str(condition["HttpHeaderConfig"]["HttpHeaderName"].text()).lower())
        else:
            others.append(field or Unresolved("a field, which the condition lacks"))
    groups: list[Value] = []
    fixed: Value | None = None
    for action in actions:
        groups += action["TargetGroupArn"].one_or_more()
        for weighted in action["ForwardConfig"]["TargetGroups"]:
            groups += weighted["TargetGroupArn"].one_or_more()
        fixed = action["FixedResponseConfig"]["StatusCode"].text() or fixed
    return ListenerRule(
        priority=resource.properties["Priority"].whole(),
        paths=tuple(paths),
        headers=tuple(headers),
        others=tuple(others),
        target_groups=reader.links(tuple(dict.fromkeys(groups)), TargetGroup),
        fixed_status=fixed,
        **resource.part(actions, resource.properties["Conditions"]),
    )


def _prefix_lists(reader: Reader, groups: Property) -> tuple[Value, ...] | None:
    """The prefix lists that may ask, where nobody else may; None where others may, or nothing tells."""
    found: list[Value] = []
    ingress = reader.index("ingress", lambda: _ingress(reader))
    for group in groups.texts():
        for reference in references(group):
            rules = ingress.get(reference.resource)
            if rules is None:
                return None
            found += rules
    return tuple(found) if found and all(isinstance(one, str) or list(references(one)) for one in found) else None


def _ingress(reader: Reader) -> Mapping[ResourceId, list[Value]]:
    """By security group, the prefix lists of its rules; a rule of another kind counts as Unresolved."""
    found: dict[ResourceId, list[Value]] = {}
    for group in reader.resources("AWS::EC2::SecurityGroup"):
        rules = found.setdefault(group.id, [])
        rules += _sources(group.properties["SecurityGroupIngress"])
        rules += group.gaps_below(())
    for rule in reader.resources("AWS::EC2::SecurityGroupIngress"):
        value = rule.properties["GroupId"].text()
        for reference in references(value) if value is not None else ():
            found.setdefault(reference.resource, []).extend(_source(rule.properties))
    return found


def _sources(rules: Property) -> Iterator[Value]:
    for rule in rules if isinstance(rules.value, list) else ():
        yield from _source(rule)


def _source(rule: Property) -> Iterator[Value]:
    yield rule["SourcePrefixListId"].text() or Unresolved("another source than a prefix list")


READERS: Mapping[str, Read] = {
    "AWS::ElasticLoadBalancing::LoadBalancer": _classic_load_balancer,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
}
