"""Load balancers, their listeners, and how their targets are checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ...aws.health_checks import (
    GENEVE_TARGET_INTERVAL,
    LAMBDA_TARGET_INTERVAL,
    TARGET_INTERVAL,
    TARGET_UNHEALTHY_THRESHOLD,
)
from ...aws.load_balancers import HEALTHY_THRESHOLD
from ..model import (
    Address,
    Certificate,
    FixedResponse,
    HeaderCondition,
    Instance,
    ListenerRule,
    LoadBalancer,
    LoadBalancerListener,
    QueryString,
    Redirect,
    RegisteredTarget,
    SecurityGroup,
    TargetGroup,
    WeightedTargetGroup,
)
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Reference, ResourceId, Text, Unresolved, Value, references, unknown
from .compute import placed
from .functions import lambda_function
from .references import link_to, referring

_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
_CERTIFICATE = "AWS::ElasticLoadBalancingV2::ListenerCertificate"
_NO_TARGET = Unresolved("a target, which has no id")
_NO_FIELD = Unresolved("a field, which the condition lacks")
_NO_TRANSFORM = Unresolved("a type, which the transform lacks")
# What a classic load balancer has as properties, by the attributes of the others that mean the same.
_CLASSIC = (
    ("load_balancing.cross_zone.enabled", ("CrossZone",)),
    ("idle_timeout.timeout_seconds", ("ConnectionSettings", "IdleTimeout")),
)


def _target_group(reader: Reader, resource: Resource) -> TargetGroup:
    properties = resource.properties
    target_type = properties["TargetType"].text() or "instance"
    protocol = properties["Protocol"].text()
    attributes, unknown = _attributes(properties["TargetGroupAttributes"])
    is_lambda, is_geneve = target_type == "lambda", protocol == "GENEVE"
    checked = "HTTP" if is_lambda or protocol in ("HTTP", "HTTPS") else "TCP"
    matcher = properties["Matcher"]
    return TargetGroup(
        target_type=target_type,
        ip_address_type=properties["IpAddressType"].text() or "ipv4",
        protocol=protocol,
        port=properties["Port"].whole(),
        # Of functions it is off unless it is turned on.
        health_check_enabled=properties["HealthCheckEnabled"].flag(default=not is_lambda),
        path=properties["HealthCheckPath"].text(),
        health_check_port=properties["HealthCheckPort"].text() or ("80" if is_geneve else "traffic-port"),
        health_check_protocol=properties["HealthCheckProtocol"].text()
        or (protocol if isinstance(protocol, Unresolved) else checked),
        success_codes=matcher["HttpCode"].text() or matcher["GrpcCode"].text(),
        interval=properties["HealthCheckIntervalSeconds"].whole(
            LAMBDA_TARGET_INTERVAL if is_lambda else GENEVE_TARGET_INTERVAL if is_geneve else TARGET_INTERVAL
        )
        or 0,
        timeout=properties["HealthCheckTimeoutSeconds"].whole(),
        healthy_threshold=properties["HealthyThresholdCount"].whole(HEALTHY_THRESHOLD) or 0,
        unhealthy_threshold=properties["UnhealthyThresholdCount"].whole(TARGET_UNHEALTHY_THRESHOLD) or 0,
        attributes=attributes,
        unknown_attributes=unknown,
        targets=tuple(_targets(reader, resource, target_type)),
        **resource.head(),
    )


def _attributes(given: Property) -> tuple[Mapping[str, Value], Unresolved | None]:
    """Attributes by name, and what would tell those that cannot be read."""
    if not isinstance(given.value, list):
        return MappingProxyType({}), given.unresolved
    found: dict[str, Value] = {}
    unknown: Unresolved | None = None
    for one in given.resolved():
        key = one.get("Key") if isinstance(one, dict) else one
        if isinstance(one, dict) and isinstance(key, str):
            found[key] = _text(one.get("Value"))
        elif key is not None:
            unknown = key if isinstance(key, Unresolved) else Unresolved("an attribute's name")
    return MappingProxyType(found), unknown


def _text(value: Any) -> Value:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int, float)):
        return str(value)
    return value if isinstance(value, (Reference, Text, Unresolved)) else ""


def _targets(reader: Reader, resource: Resource, target_type: Value) -> Iterator[RegisteredTarget]:
    for one in resource.properties["Targets"]:
        target_id = one["Id"].text() or _NO_TARGET
        yield RegisteredTarget(
            target=lambda_function(reader, target_id)
            if target_type == "lambda"
            else link_to(reader, target_id, Instance, LoadBalancer) or _NO_TARGET,
            id=target_id,
            port=one["Port"].whole(),
            zone=one["AvailabilityZone"].text(),
            **resource.part(one),
        )


def _load_balancer(reader: Reader, resource: Resource) -> LoadBalancer:
    properties = resource.properties
    listeners = reader.index("listeners of balancers", lambda: _listeners(reader))
    subnets, zones = placed(reader, properties["Subnets"] or properties["SubnetMappings"])
    attributes, unknown = _attributes(properties["LoadBalancerAttributes"])
    return LoadBalancer(
        type=properties["Type"].text() or "application",
        internal=_scheme(properties["Scheme"].text()),
        ip_address_type=properties["IpAddressType"].text() or "ipv4",
        subnets=subnets,
        zones=zones,
        addresses=reader.links(_allocations(properties["SubnetMappings"]), Address),
        security_groups=reader.links(properties["SecurityGroups"].texts(), SecurityGroup),
        targets=(),
        listeners=tuple(_listener(reader, one) for one in listeners.get(resource.id, ())),
        attributes=attributes,
        unknown_attributes=unknown,
        **resource.head(),
    )


def _listeners(reader: Reader) -> dict[ResourceId, list[Resource]]:
    """The listeners of each load balancer, by a reference to it or by an ARN that has its name."""
    found: dict[ResourceId, list[Resource]] = {}
    for listener in reader.resources(_LISTENER):
        arn = listener.properties["LoadBalancerArn"].text()
        ids = [reference.resource for reference in references(arn)] if arn is not None else []
        named = reader.named(LoadBalancer, arn) if arn is not None and not ids else None
        for one in ids if named is None else [named]:
            found.setdefault(one, []).append(listener)
    return found


def _allocations(mappings: Property) -> tuple[Value, ...]:
    """The Elastic IP addresses of a load balancer, by their allocation ids."""
    given = mappings.resolved() if isinstance(mappings.value, list) else []
    ids = [one.get("AllocationId") for one in given if isinstance(one, dict)]
    return tuple(one for one in ids if isinstance(one, (str, Reference, Text, Unresolved)))


def _classic_load_balancer(reader: Reader, resource: Resource) -> LoadBalancer:
    properties = resource.properties
    subnets, zones = placed(reader, properties["Subnets"], properties["AvailabilityZones"])
    attributes: dict[str, Value] = {}
    for name, path in _CLASSIC:
        given = properties
        for part in path:
            given = given[part]
        value = given.text()
        if value is not None:
            attributes[name] = value
    return LoadBalancer(
        type="classic",
        internal=_scheme(properties["Scheme"].text()),
        ip_address_type="ipv4",
        subnets=subnets,
        zones=zones,
        addresses=(),
        security_groups=reader.links(properties["SecurityGroups"].texts(), SecurityGroup),
        targets=tuple(_instances(reader, resource)),
        listeners=(),
        attributes=MappingProxyType(attributes),
        unknown_attributes=None,
        **resource.head(),
    )


def _instances(reader: Reader, resource: Resource) -> Iterator[RegisteredTarget]:
    given = resource.properties["Instances"]
    for one in given.texts():
        target = reader.link(one, Instance) or _NO_TARGET
        yield RegisteredTarget(target=target, id=one, port=None, zone=None, **resource.part(given))


def _scheme(scheme: Value | None) -> bool | Unresolved:
    if scheme is None or isinstance(scheme, str):
        return scheme == "internal"
    return unknown(scheme)


def _listener(reader: Reader, resource: Resource) -> LoadBalancerListener:
    """A listener, made once: its load balancer has it, and it is a thing of its own."""
    made: dict[ResourceId, LoadBalancerListener] = reader.index("listeners", dict)
    if resource.id not in made:
        made[resource.id] = _read_listener(reader, resource)
    return made[resource.id]


def _read_listener(reader: Reader, resource: Resource) -> LoadBalancerListener:
    properties = resource.properties
    rules = referring(reader, "ListenerArn", _RULE).get(resource.id, ())
    more = referring(reader, "ListenerArn", _CERTIFICATE).get(resource.id, ())
    given = [one["CertificateArn"].text() for holder in (resource, *more) for one in holder.properties["Certificates"]]
    arns = tuple(arn for arn in given if arn is not None)
    resource.gaps += [gap for holder in more for gap in holder.gaps]
    ordered = [_own_rule(reader, one) for one in rules]
    ordered.sort(key=lambda rule: rule.priority if isinstance(rule.priority, int) else 0)
    return LoadBalancerListener(
        load_balancer_arn=properties["LoadBalancerArn"].text(),
        port=properties["Port"].whole(),
        protocol=properties["Protocol"].text(),
        certificates=reader.links(arns, Certificate),
        certificate_arns=arns,
        rules=(*ordered, _rule(reader, resource, properties["DefaultActions"])),
        **resource.head(),
    )


def _own_rule(reader: Reader, resource: Resource) -> ListenerRule:
    """A rule that is a resource, made once: its listener has it, and it is a thing of its own."""
    made: dict[ResourceId, ListenerRule] = reader.index("listener rules", dict)
    if resource.id not in made:
        made[resource.id] = _rule(reader, resource, resource.properties["Actions"])
    return made[resource.id]


def _rule(reader: Reader, resource: Resource, actions: Property) -> ListenerRule:
    conditions = _Conditions()
    for condition in resource.properties["Conditions"]:
        conditions.add(condition)
    groups: list[Value] = []
    forwards: list[tuple[Value, int | Unresolved]] = []
    redirect: Redirect | None = None
    fixed: FixedResponse | None = None
    authenticates = False
    for action in actions:
        alone = action["TargetGroupArn"].one_or_more()
        weighted = [
            (group, one["Weight"].whole(1) or 0)
            for one in action["ForwardConfig"]["TargetGroups"]
            for group in one["TargetGroupArn"].one_or_more()
        ]
        groups += (*alone, *(group for group, _ in weighted))
        # With both, which must name the same group, the weights are those of the second.
        forwards += weighted or [(group, 1) for group in alone]
        redirect = _redirect(action["RedirectConfig"]) or redirect
        fixed = _fixed_response(action["FixedResponseConfig"]) or fixed
        authenticates = authenticates or str(action["Type"].text()).startswith(("authenticate-", "jwt-"))
    return ListenerRule(
        priority=resource.properties["Priority"].whole(),
        paths=tuple(conditions.paths),
        hosts=tuple(conditions.hosts),
        header_conditions=tuple(conditions.headers),
        methods=tuple(conditions.methods),
        query_strings=tuple(conditions.query_strings),
        source_ips=tuple(conditions.source_ips),
        others=tuple(conditions.others),
        forwards=tuple(
            WeightedTargetGroup(target_group=reader.link(group, TargetGroup) or _NO_TARGET, weight=weight)
            for group, weight in forwards
        ),
        target_groups=reader.links(tuple(dict.fromkeys(groups)), TargetGroup),
        redirect=redirect,
        fixed_response=fixed,
        authenticates=authenticates,
        transforms=tuple(one["Type"].text() or _NO_TRANSFORM for one in resource.properties["Transforms"]),
        **resource.part(actions, resource.properties["Conditions"]),
    )


class _Conditions:
    """The conditions of a rule, by what they look at; a regular expression is not judged."""

    def __init__(self) -> None:
        self.paths: list[Value] = []
        self.hosts: list[Value] = []
        self.headers: list[HeaderCondition] = []
        self.methods: list[Value] = []
        self.query_strings: list[tuple[QueryString, ...]] = []
        self.source_ips: list[Value] = []
        self.others: list[Value] = []

    def add(self, condition: Property) -> None:
        """Take in one more."""
        field = condition["Field"].text()
        config = condition[_CONFIGS.get(field, "")] if isinstance(field, str) else condition
        if condition["RegexValues"] or (isinstance(config.value, dict) and config["RegexValues"]):
            self.others.append(field or _NO_FIELD)
            return
        match field:
            case "path-pattern":
                self.paths += config["Values"].texts() or condition["Values"].texts()
            case "host-header":
                self.hosts += config["Values"].one_or_more() or condition["Values"].one_or_more()
            case "http-header":
                name = config["HttpHeaderName"].text()
                if isinstance(name, str):
                    self.headers.append(HeaderCondition(name=name.lower(), values=config["Values"].one_or_more()))
                else:
                    self.others.append(field)
            case "http-request-method":
                self.methods += config["Values"].one_or_more()
            case "query-string":
                self._add_query(field, config["Values"])
            case "source-ip":
                self.source_ips += config["Values"].one_or_more()
            case _:
                self.others.append(field or _NO_FIELD)

    def _add_query(self, field: Value, values: Property) -> None:
        if values.unresolved is not None:
            self.others.append(field)
            return
        self.query_strings.append(
            tuple(QueryString(key=one["Key"].text(), value=one["Value"].text() or "") for one in values)
        )


_CONFIGS: Mapping[str, str] = {
    "path-pattern": "PathPatternConfig",
    "host-header": "HostHeaderConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}


def _redirect(given: Property) -> Redirect | None:
    if not given:
        return None
    return Redirect(
        protocol=given["Protocol"].text() or "#{protocol}",
        host=given["Host"].text() or "#{host}",
        port=given["Port"].text() or "#{port}",
        path=given["Path"].text() or "/#{path}",
        query=given["Query"].text() or "#{query}",
        status=given["StatusCode"].text() or Unresolved("a status code, which the redirect lacks"),
    )


def _fixed_response(given: Property) -> FixedResponse | None:
    if not given:
        return None
    return FixedResponse(status=given["StatusCode"].text(), content_type=given["ContentType"].text())


READERS: Mapping[str, Read] = {
    "AWS::ElasticLoadBalancing::LoadBalancer": _classic_load_balancer,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
    _LISTENER: _listener,
    _RULE: _own_rule,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
}
