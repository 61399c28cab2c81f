"""How the parts of a topology are called in a picture: a few words each."""

from __future__ import annotations

from collections.abc import Sequence

from ..aws.accelerators import DEFAULT_WEIGHT
from ..semantics.health import target_can_fail
from ..topology import model
from ..topology.model import Endpoint, Policy, Record, Thing
from ..topology.values import Reference, Unresolved, Value, atoms

TIMES = "\N{MULTIPLICATION SIGN}"
_MOST_LINES = 3
_PSEUDO = {"AWS::AccountId": "ACCOUNT", "AWS::Region": "REGION", "AWS::StackName": "STACK"}


def short_name(thing: Thing) -> str:
    """The construct, without its stack."""
    path = thing.place.construct_path
    return path.partition("/")[2] or path if path else thing.place.logical_id


def shown(value: Value) -> str:
    """A value, with words for what only a deploy knows."""
    if isinstance(value, Unresolved):
        return pseudo(value.waits_for)
    # Beside other text, a parameter is told by its name: of the whole, a detail says more.
    return "".join(
        _PSEUDO.get(atom.waits_for, str(atom)) if isinstance(atom, Unresolved) else str(atom) for atom in atoms(value)
    )


def pseudo(name: str) -> str:
    """The word for what only a deploy knows; ``?`` if it is no pseudo parameter."""
    return _PSEUDO.get(name, "?")


def named(name: Value | None, thing: Thing) -> str:
    """The name that a resource was given, or the construct."""
    return thing.place.name if name is None or isinstance(name, (Reference, Unresolved)) else shown(name)


def host(endpoint: Endpoint) -> str:
    """A host name; what answers, where AWS makes the name, and of a bucket its own name without the host's rest."""
    if isinstance(endpoint.target, model.Bucket):
        return named(endpoint.target.name, endpoint.target)
    if isinstance(endpoint.name, Reference) and endpoint.target is None:
        return endpoint.name.resource.logical_id
    if isinstance(endpoint.name, str) or endpoint.target is None:
        return shown(endpoint.name)
    return endpoint.target.place.name


def gap(value: Value) -> str:
    """What would have to be known; empty where something is."""
    return value.waits_for.partition(",")[0] if isinstance(value, Unresolved) else ""


def some(lines: Sequence[str]) -> list[str]:
    """The first of some lines, and how many are left out."""
    if len(lines) <= _MOST_LINES:
        return list(lines)
    return [*lines[: _MOST_LINES - 1], f"and {len(lines) - _MOST_LINES + 1} more"]


def stacks(names: Sequence[str]) -> str:
    """Several stacks: what their names begin with, or the first ones."""
    if len(names) == 1:
        return names[0]
    shared = _shared(names)
    if len(shared) > 1:
        return shared.rstrip("-_/.")
    return ", ".join(some(names))


def _shared(names: Sequence[str]) -> str:
    first, last = (min(names), max(names)) if names else ("", "")
    length = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    cut = first[:length]
    at = max(cut.rfind(mark) for mark in "-_/.")
    return cut if len(cut) == len(first) else cut[: at + 1]


# DNS


def types(records: Sequence[Record]) -> str:
    """Their types, in one order wherever they are written."""
    return ", ".join(sorted({str(record.type) for record in records}))


def ttl(records: Sequence[Record]) -> str:
    """How long resolvers keep them; empty for aliases."""
    known = dict.fromkeys(str(record.ttl) for record in records if record.ttl is not None)
    return f"TTL {' or '.join(known)} s" if known else ""


def texts(records: Sequence[Record]) -> str:
    """What TXT records say."""
    return ", ".join(str(value).strip('"') for record in records if record.type == "TXT" for value in record.values[:2])


def health(records: Sequence[Record]) -> list[str]:
    """The health check elsewhere that takes them out; those in these templates are drawn."""
    check = records[0].health_check
    return [f"guarded by {gap(check)}"] if isinstance(check, Unresolved) else []


def evaluated(one: Record) -> str:
    """What an arrow from a record says of its target's health; empty where Route 53 does not heed it.

    A simple record is the answer whatever its target's health.
    See https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
    """
    heeded = one.alias is not None and one.alias.evaluate_target_health is True and one.policy is not Policy.SIMPLE
    return "if healthy" if heeded and target_can_fail(one) is not False else ""


def of_record(records: Sequence[Record]) -> list[str]:
    """What records that say the same are: types, TTL, the texts of TXT records, and what takes them out."""
    return [types(records), ttl(records), texts(records), *health(records)]


def record(one: Record) -> str:
    """When Route 53 chooses it."""
    match one.policy:
        case Policy.FAILOVER:
            return str(one.failover)
        case Policy.LATENCY:
            return f"near {one.latency_region}"
        case Policy.WEIGHTED:
            return f"weight {one.weight}"
        case Policy.GEOLOCATION:
            return f"from {one.location}"
        case _:
            return str(one.set_identifier or one.policy.value)


# CloudFront


def pattern(behavior: model.CacheBehavior) -> str:
    """The paths that a behavior is for."""
    return "all other paths" if behavior.is_default else str(behavior.pattern)


def function(association: model.FunctionAssociation) -> str:
    """The function of an association."""
    return (
        shown(association.arn) if isinstance(association.function, Unresolved) else short_name(association.function)
    ).removesuffix("/Function")


def codes(group: model.OriginGroup) -> str:
    """The codes that a group leaves its primary for."""
    return f"on {', '.join(map(str, group.status_codes))}" if group.status_codes else ""


def waits(origin: model.Origin) -> str:
    """How long CloudFront waits for an origin."""
    return f"{origin.connection_attempts} {TIMES} ({origin.connection_timeout} s + {origin.read_timeout} s)"


# Health


def health_check(check: model.HealthCheck) -> str:
    """What a health check is."""
    if check.probes:
        return " ".join(str(part) for part in (str(check.type).removesuffix("_STR_MATCH"), check.path or "") if part)
    match check.type:
        case "CALCULATED":
            return f"{check.healthy_children} of {len(check.children)} healthy"
        case "CLOUDWATCH_METRIC":
            return "follows an alarm"
        case "RECOVERY_CONTROL":
            return "follows a switch"
        case _:
            return str(check.type)


def health_details(check: model.HealthCheck) -> list[str]:
    """How a health check probes, and whether it turns things round."""
    found: list[str] = []
    if check.probes:
        if check.endpoint is not None and check.endpoint.records:
            found.append(shown(check.endpoint.name))
        found.append(f"{check.interval} s {TIMES} {check.threshold}")
    found += ["inverted"] if check.inverted is True else []
    found += ["disabled"] if check.disabled is True else []
    return found


def alarm(one: model.Alarm) -> str:
    """What an alarm watches."""
    return one.place.name if one.metric_name is None else shown(one.metric_name)


def alarm_details(one: model.Alarm) -> list[str]:
    """Where its metric is, and how long it takes."""
    times = f"{one.period} s {TIMES} {one.evaluation_periods}" if one.period is not None else ""
    return [text for text in (shown(one.namespace or ""), times) if text]


def safety_rule(rule: model.SafetyRule) -> str:
    """What a rule demands of its switches."""
    if rule.kind != "assertion":
        return "guarded by a gating rule"
    demanded = {"ATLEAST": f"at least {rule.threshold}", "AND": "all", "OR": "any"}.get(str(rule.rule_type), "?")
    return f"{'not ' if rule.inverted is True else ''}{demanded} of {len(rule.controls)} on"


# What answers


def endpoint_group(group: model.EndpointGroup) -> list[str]:
    """What share of its Region's traffic it takes, and how it is checked: of load balancers, by their target groups.

    See https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-health-check-options.html
    """
    found = [f"dial {group.traffic_dial} %"]
    if not all(_is_balancer(endpoint) for endpoint in group.endpoints):
        found.append(f"{group.protocol} {group.interval} s {TIMES} {group.threshold}")
    return found


def _is_balancer(endpoint: model.AcceleratorEndpoint) -> bool:
    return isinstance(endpoint.target, model.LoadBalancer) or ":loadbalancer/" in shown(endpoint.id)


def weight(endpoint: model.AcceleratorEndpoint) -> str:
    """Its weight; empty where it is the default one."""
    return "" if endpoint.weight == DEFAULT_WEIGHT else f"weight {endpoint.weight}"


def protocol(thing: Thing) -> str:
    """What an API speaks."""
    match thing:
        case model.Api():
            return f"{thing.protocol} API"
        case model.ApiDomain():
            return "edge-optimized domain" if thing.edge_optimized is True else "custom domain"
        case model.FunctionUrl():
            return f"auth {thing.auth_type}" if thing.auth_type is not None else ""
        case _:
            return ""


def balancer(one: model.LoadBalancer) -> str:
    """What kind it is."""
    zones = f"{len(one.zones)} zones" if one.zones else ""
    return ", ".join(part for part in (str(one.type), "internal" if one.internal is True else "", zones) if part)


def zone(instance: model.Instance) -> list[str]:
    """The Availability Zone that an instance is in; empty where nothing tells."""
    return [instance.zone] if isinstance(instance.zone, str) else []


def target_group(group: model.TargetGroup) -> str:
    """How its targets are checked."""
    if group.health_check_enabled is False:
        return "targets unchecked"
    return f"targets {group.path or group.protocol or ''} {group.interval} s {TIMES} {group.unhealthy_threshold}"
