"""What sets of records that several endpoints share a name by have in common: kinds, targets, TTL, health checks."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct, IConstruct

from ..aws.health_checks import ALIAS_TTL, LONGEST_TTL, USUAL_TTL
from ..aws.load_balancers import ADVISED_KEEP_ALIVE
from ..cdk.told import usual, with_defaults
from ..cdk.validation import (
    check_domain_name,
    check_seconds,
    duration,
    is_in_zone,
    is_token,
    normal_name,
    refusal,
    template_seconds,
    total_seconds,
    warn,
)
from ..origins import Endpoint
from ..origins.closed_apis import may_be_of_api
from ..origins.places import (
    at_synth,
    fault_of_port,
    idle_groups,
    named_balancer,
    one_place,
    refuse_at_synth,
    warn_of_balancers,
    when_made,
)
from ._apis import asks_closed_api, foreign_domains, unanswered_path, unmapped_domains
from ._watching import check_fails, check_watches, children_of, is_by_own_name, probed_port, raw_config
from .health_checks import EndpointHealthCheck, HealthCheckSettings, check_config, probed_name, require_same_stack
from .load_balancers import client_keep_alive, limit_keep_alive

_Type = route53.RecordType
# What makes two checks ask the same.
_ASKED = ("type", "fullyQualifiedDomainName", "ipAddress", "port", "resourcePath", "searchString")


@jsii.implements(route53.IAliasRecordTarget)
class EvaluatedAlias:
    """Any alias target, with its health evaluated: most of the CDK's own cannot say so from Python."""

    def __init__(self, target: route53.IAliasRecordTarget) -> None:
        self._target = target

    def bind(
        self, record: route53.IRecordSet, zone: route53.IHostedZone | None = None
    ) -> route53.AliasRecordTargetConfig:
        bound = self._target.bind(record, zone)
        return route53.AliasRecordTargetConfig(
            dns_name=bound.dns_name, hosted_zone_id=bound.hosted_zone_id, evaluate_target_health=True
        )


def full_name(record_name: str, zone_name: str) -> str:
    """The shared name in full, without the final dot."""
    name = record_name.removesuffix(".")
    is_full = record_name.endswith(".") or is_token(name)
    if not is_token(zone_name):
        zone_name = zone_name.removesuffix(".")
        is_full = is_full or is_in_zone(name, zone_name)
    if not is_full:
        if not is_token(zone_name) and _is_of_another_zone(name, zone_name):
            raise refusal(
                "record_name",
                f"relative to the hosted_zone {zone_name}, or a name in it",
                record_name,
                f"it would become {name}.{zone_name}; if that is meant, end it with .{zone_name}.",
            )
        name = f"{name}.{zone_name}"
    check_domain_name("record_name", name, "it is the name that the endpoints share")
    if not is_token(name) and not is_token(zone_name) and not is_in_zone(name, zone_name):
        raise refusal("record_name", f"in the hosted_zone {zone_name}", record_name, "no record can be made elsewhere")
    return name


def _is_of_another_zone(name: str, zone_name: str) -> bool:
    """Whether a name that is not in a zone was meant in full: it ends as the zone does, or has its domain in it."""
    *_, domain, last = ["", *normal_name(name).split(".")]
    *labels, top = normal_name(zone_name).split(".")
    return bool(domain) and (last == top or domain in labels[-1:])


def check_endpoints(endpoints: Mapping[str, Endpoint], name: str) -> None:
    """Refuse endpoints, by argument, that are one place, that are reached differently, or that cannot share a name."""
    for (argument, endpoint), (later, other) in combinations(endpoints.items(), 2):
        if shared := endpoint.shared_with(other):
            raise ValueError(
                f"{later} must be another place than {argument}, got {endpoint!r} and {other!r}, which share {shared}: "
                "one outage takes them both"
            )
    connections = {
        argument: (e.protocol_policy.name, e.http_port, e.https_port, shared_path(e))
        for argument, e in endpoints.items()
    }
    if len(set(connections.values())) > 1:
        raise ValueError(
            f"{' and '.join(endpoints)} must be connected to in the same way, got "
            f"{' and '.join(map(str, connections.values()))}: behind one name, CloudFront cannot tell them apart; "
            f"give {_all_of(endpoints)} the same protocol_policy, ports and origin_path"
        )
    if len({endpoint.guard for endpoint in endpoints.values()}) > 1:
        guards = [endpoint.guard.secret_name if endpoint.guard else None for endpoint in endpoints.values()]
        raise ValueError(
            f"{' and '.join(endpoints)} must have the same guard, got {' and '.join(map(str, guards))}: behind one "
            f"name, CloudFront sends all of them one header; give {_all_of(endpoints)} the same guard, which an "
            "endpoint that does not check it ignores"
        )
    for argument, endpoint in endpoints.items():
        check_other_name(argument, endpoint.domain_name, name)
        if endpoint.by_cloudfront_only:
            raise ValueError(
                f"{argument} must be reached by a record and a health check, got {endpoint!r}, which CloudFront alone "
                "reaches or knows how to: make it with Endpoint.http_host(...) or load_balancer(...), or put it into "
                "an origin group"
            )
        if endpoint.is_bucket:
            raise ValueError(
                f"{argument} must not be a bucket, got {endpoint!r}: S3 chooses the bucket by its own name, so buckets "
                "cannot share one; put two buckets into an origin group (BucketFailover)"
            )
        if not endpoint.accepts_viewer_host and endpoint.alias_target is None:
            raise ValueError(
                f"{argument} must answer to {name}, got {endpoint!r}, which answers to its own name only: give it a "
                "custom domain of the shared name in its Region, Endpoint.api_gateway(custom_domain=...)"
            )
        if isinstance(endpoint.alias_target, targets.CloudFrontTarget):
            raise ValueError(
                f"{argument} must not be a CloudFront distribution: Route 53 cannot evaluate its health, and a name "
                "belongs to one distribution only; fail over behind it, with an origin group or this pair as its origin"
            )


def check_other_name(argument: str, own_name: str | None, name: str) -> None:
    """Refuse an endpoint whose own name is the one that is shared."""
    if own_name is not None and normal_name(own_name) == normal_name(name):
        raise ValueError(
            f"{argument} must have a name that is not the shared name itself, got {name!r}: its health check and "
            "record would follow the failover that they decide; give it a name or address that only it has"
        )


def possible_kinds(endpoint: Endpoint) -> frozenset[_Type]:
    """The kinds of records that an endpoint can have."""
    if endpoint.alias_target is not None:
        return frozenset({_Type.A, _Type.AAAA})
    families = {_Type.A: endpoint.ipv4_addresses, _Type.AAAA: endpoint.ipv6_addresses}
    return frozenset(kind for kind, addresses in families.items() if addresses) or frozenset({_Type.CNAME})


def shared_kinds(
    possible: Mapping[str, frozenset[_Type]], aliases: frozenset[str], name: str, zone_name: str
) -> list[_Type]:
    """The kinds of records that all endpoints have; a kind that only some have would never fail over.

    Args:
        possible: The kinds that each endpoint can have, by argument.
        aliases: The arguments whose records are aliases: an alias can be in either family, so beside an endpoint
            with IPv4 addresses alone it is in that one alone.
        name: The shared name.
        zone_name: The name of its zone.
    """
    kinds = frozenset.intersection(*possible.values())
    if not kinds or any(kinds != given for argument, given in possible.items() if argument not in aliases):
        names = ["+".join(sorted(kind.value for kind in given)) for given in possible.values()]
        raise ValueError(
            f"{' and '.join(possible)} must have the same kinds of records, got {' and '.join(names)}: a kind that "
            f"only {'one' if len(possible) == 2 else 'some'} of them has never fails over; give "
            f"{_all_of(possible)} IPv4 addresses, and IPv6 to {_all_of(possible)} or "
            f"{'neither' if len(possible) == 2 else 'none'}, or {_all_of(possible)} a name alone"
        )
    if kinds == {_Type.CNAME} and normal_name(name) == normal_name(zone_name):
        raise ValueError(
            f"record_name must not be the zone's own name where endpoints are known by name alone, got {name!r}: "
            "DNS allows no CNAME there; give the endpoints addresses or an alias"
        )
    return [kind for kind in (_Type.A, _Type.AAAA, _Type.CNAME) if kind in kinds]


def record_target(endpoint: Endpoint, kind: _Type) -> route53.RecordTarget:
    """What a record of an endpoint points at."""
    if endpoint.alias_target is not None:
        return route53.RecordTarget.from_alias(EvaluatedAlias(endpoint.alias_target))
    values = {
        _Type.A: endpoint.ipv4_addresses,
        _Type.AAAA: endpoint.ipv6_addresses,
        _Type.CNAME: [str(endpoint.domain_name)],
    }
    return route53.RecordTarget.from_values(*values[kind])


def leave_to_check(record: route53.RecordSet, endpoint: Endpoint) -> None:
    """Have a record go by its health check alone, whatever the health of its alias target.

    In the template, since the CDK refuses failover aliases that do not evaluate it. Route 53 takes them: see
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-failover-alias.html
    """
    if endpoint.alias_target is not None:
        resource = record.node.default_child
        assert isinstance(resource, route53.CfnRecordSet)
        resource.add_property_override("AliasTarget.EvaluateTargetHealth", value=False)


def shared_path(endpoint: Endpoint) -> str | None:
    """The path before each request's own at the shared name; a custom domain of an API leads to its stage by itself."""
    return endpoint.origin_path if endpoint.accepts_viewer_host else None


def shared_endpoint(name: str, endpoints: Sequence[Endpoint]) -> Endpoint:
    """The shared name as an endpoint of its own; its endpoints are connected to in the same way."""
    first = endpoints[0]
    shared = Endpoint.http_host(
        name,
        origin_path=shared_path(first),
        protocol_policy=first.protocol_policy,
        http_port=first.http_port,
        https_port=first.https_port,
        accepts_viewer_host=all(endpoint.accepts_viewer_host for endpoint in endpoints),
        guard=first.guard,
    )
    shared.behind = tuple(endpoints)
    return shared


def checked_ttl(ttl: Duration | None, *, all_aliases: bool, why: str) -> Duration:
    """The TTL of the records that are no aliases."""
    if ttl is None:
        return duration(USUAL_TTL)
    check_seconds("ttl", ttl, 0, LONGEST_TTL, why)
    if all_aliases:
        raise ValueError(
            f"ttl cannot be chosen for alias records, Route 53 answers them with {ALIAS_TTL} s: leave it out"
        )
    return ttl


def warn_of_long_ttl(scope: Construct, pattern: str, ttl: Duration, dead: str) -> None:
    """Warn of a TTL that outlasts what health checks gain."""
    ttl = usual(ttl)
    if not is_token(ttl) and template_seconds(ttl) > USUAL_TTL:
        warn(
            scope,
            f"{pattern}:long-ttl",
            f"resolvers send traffic to a dead {dead} for {template_seconds(ttl):g} s after it was noticed: "
            f"a ttl of {USUAL_TTL} s or less is usual with health checks",
        )


def judge_at_synth(
    scope: Construct,
    pattern: str,
    endpoints: Sequence[Endpoint],
    checks: Sequence[route53.IHealthCheck | None],
    evaluated: Sequence[Endpoint],
    names: Sequence[str],
) -> None:
    """Have endpoints that share a name looked at when everything is made.

    Args:
        scope: The construct of the records.
        pattern: What its warnings' ids start with.
        endpoints: All of them.
        checks: What each of the records follows.
        evaluated: Those whose aliases follow the health of their targets.
        names: The names that clients ask them by.
    """

    def judge() -> None:
        place = one_place(endpoints)
        if any(one.shared_by_default(other) for one, other in combinations(endpoints, 2)):
            warn(
                scope,
                f"{pattern}:one-place",
                "by the defaults of parameters, endpoints have one name or address: one outage takes them; give each "
                "its own",
            )
        elif place is not None:
            warn(
                scope,
                f"{pattern}:one-region",
                f"all endpoints are in {place}: an outage of the Region takes them all; give one in another Region",
            )
        shared = {normal_name(usual(name)) for name in names}
        for endpoint in endpoints:
            warn_of_balancers([endpoint], "a record", by_health=endpoint in evaluated)
            if endpoint.domain_name is not None and normal_name(usual(endpoint.domain_name)) in shared:
                warn(
                    scope,
                    f"{pattern}:own-name",
                    f"by the default of a parameter, {endpoint!r} has the shared name itself: its health check would "
                    "follow the failover that it decides; give it a name that only it has",
                )
        _warn_of_keep_alive(endpoints)

    when_made(scope, endpoints, judge)
    if any(endpoint.custom_domain is not None for endpoint in endpoints):
        refuse_at_synth(scope, lambda: [*foreign_domains(endpoints, names), *unmapped_domains(endpoints)])
    if any(endpoint.source is not None for endpoint in evaluated):
        refuse_at_synth(scope, lambda: idle_groups(evaluated))
    if len(checks) > 1 and None not in checks:
        at_synth(scope, lambda: warn_of_one_check(scope, pattern, checks))


def limit_keep_alives(endpoints: Sequence[Endpoint]) -> None:
    """Have clients of load balancers of this app reconnect before long: DNS moves new connections only."""
    for source in _sources(endpoints):
        limit_keep_alive(source)


def drain_seconds(endpoints: Sequence[Endpoint]) -> int | None:
    """How long connections go on that are open when DNS leaves endpoints that still answer; None if unknown of one."""
    times = [None if each.source is None else client_keep_alive(each.source) for each in endpoints]
    known = [time for time in times if time is not None]
    return max(known) if known and len(known) == len(times) else None


def _warn_of_keep_alive(endpoints: Sequence[Endpoint]) -> None:
    for source in _sources(endpoints):
        found = client_keep_alive(source)
        if found is not None and found > ADVISED_KEEP_ALIVE:
            warn(
                source,
                "load-balancer:long-keep-alive",
                "a record moves new connections only, and clients keep those to a load balancer that still answers "
                f"for {found} s: a client_keep_alive of {ADVISED_KEEP_ALIVE} s or less is what AWS advises",
            )


def _sources(endpoints: Sequence[Endpoint]) -> list[IConstruct]:
    return [endpoint.source for endpoint in endpoints if endpoint.source is not None]


def warn_of_one_check(scope: Construct, pattern: str, checks: Sequence[route53.IHealthCheck | None]) -> None:
    """Warn of records that all follow the same health check; to be asked when everything is made."""
    followed = {None if check is None else _followed(check) for check in checks}
    if len(checks) > 1 and len(followed) == 1 and None not in followed:
        warn(
            scope,
            f"{pattern}:one-check",
            "all records follow the same health check: when it fails, Route 53 answers as if all were healthy, and "
            "traffic never moves; give each endpoint a check of its own",
        )


def _followed(check: route53.IHealthCheck) -> tuple[str, bool] | None:
    """What a check asks, and whether it turns the answer around; None for one that is imported, and unknown."""
    config = with_defaults(check.stack, check_config(check))
    if not config:
        return None
    inverted = bool(config.get("inverted"))
    children = children_of(check)
    if len(children) == 1 and config.get("healthThreshold") == 1:
        below = _followed(children[0])
        return None if below is None else (below[0], below[1] != inverted)
    if "fullyQualifiedDomainName" not in config and "ipAddress" not in config:
        return check.node.path, inverted
    return json.dumps({name: config.get(name) for name in _ASKED}), inverted


def answer_ttl(endpoint: Endpoint, ttl: Duration) -> int:
    """For how many seconds resolvers keep an endpoint as the answer.

    Raises:
        ValueError: The TTL is a token.
    """
    return ALIAS_TTL if endpoint.alias_target else total_seconds("ttl", ttl)


def default_check(endpoint: Endpoint) -> HealthCheckSettings:
    """Fast, in the protocol that CloudFront uses."""
    http_only = endpoint.protocol_policy is cloudfront.OriginProtocolPolicy.HTTP_ONLY
    return HealthCheckSettings.fast(protocol="HTTP" if http_only else "HTTPS")


def health_check(
    scope: Construct,
    construct_id: str,
    pattern: str,
    argument: str,
    endpoint: Endpoint,
    given: HealthCheckSettings | route53.IHealthCheck,
    name: str,
    others: Mapping[str, Endpoint],
    region: str | None = None,
) -> route53.IHealthCheck:
    """The check that an endpoint's records follow: made from settings, or the given one.

    Args:
        scope: The construct of the records.
        construct_id: What a check that is made is called there.
        pattern: What its warnings' ids start with.
        argument: Where the check was given.
        endpoint: What to ask.
        given: How to ask it, or a check.
        name: The shared name.
        others: The other endpoints, by argument, which the check must not watch in its place.
        region: The Region that the endpoint is given for. Default: that of the endpoint, if it is known.
    """
    if isinstance(given, HealthCheckSettings):
        check = EndpointHealthCheck(
            scope,
            construct_id,
            settings=_how_to_ask(scope, pattern, argument, endpoint, given),
            **_what_to_ask(argument, endpoint, name),
        )
        when_made(check, [endpoint], lambda: _warn_of_port(check, argument, endpoint, check.settings.port))
        if endpoint.source is not None and check.settings.protocol != "TCP":
            asked = check.settings.path or "/"
            refuse_at_synth(check, lambda: unanswered_path(argument, endpoint, asked))
        return check
    require_same_stack(argument, given, scope, "record")
    # Of a calculated check, its children ask.
    for asking in children_of(given) or [given]:
        if probed_name(asking) == normal_name(name):
            raise ValueError(
                f"{argument} asks {name}, the shared name itself: the check would follow the failover "
                "that it decides; check a name or address that only this endpoint has"
            )
        by_name = raw_config(asking).get("fullyQualifiedDomainName")
        if not isinstance(asking, EndpointHealthCheck) and may_be_of_api(by_name):
            refuse_at_synth(scope, functools.partial(asks_closed_api, asking, by_name))
        if path := _probed_path(asking, endpoint):
            _require_open(argument, endpoint, path)
            if endpoint.source is not None:
                refuse_at_synth(scope, functools.partial(unanswered_path, argument, endpoint, path))
        if (port := probed_port(asking, endpoint)) is not None:
            when_made(scope, [endpoint], functools.partial(_warn_of_port, asking, argument, endpoint, port))
    check_fails(argument, given)
    check_watches(argument, given, endpoint, others, region=region)
    return given


def _how_to_ask(
    scope: Construct, pattern: str, argument: str, endpoint: Endpoint, settings: HealthCheckSettings
) -> HealthCheckSettings:
    """The settings, at the port where CloudFront will ask, too, and under the path where it will."""
    if settings.protocol == "HTTPS" and endpoint.protocol_policy is cloudfront.OriginProtocolPolicy.HTTP_ONLY:
        warn(
            scope,
            f"{pattern}:other-protocol",
            f"{argument} asks for HTTPS what CloudFront asks for HTTP: an endpoint without HTTPS looks dead from "
            "the start; give HealthCheckSettings(protocol='HTTP', ...)",
        )
    if settings.protocol == "TCP":
        return settings
    port = endpoint.https_port if settings.protocol == "HTTPS" else endpoint.http_port
    if endpoint.guard is not None and settings.path is None:
        path = endpoint.guard.health_path
    else:
        path = f"{endpoint.origin_path or ''}{settings.path or '/'}"
    _require_open(argument, endpoint, path)
    return replace(settings, port=port if settings.port is None else settings.port, path=path)


def _warn_of_port(check: route53.IHealthCheck, argument: str, endpoint: Endpoint, port: int | None) -> None:
    """Warn of a check that the endpoint's load balancer, if it is of this app, does not answer at its port."""
    protocol = str(raw_config(check).get("type")).partition("_")[0]
    # A check that asks a load balancer by its own name has been looked at where it was made.
    asks = isinstance(check, EndpointHealthCheck) and named_balancer(check.domain_name or "") is not None
    why = None if port is None or asks else fault_of_port(endpoint, port, protocol)
    if why is not None:
        warn(
            check,
            "health-check:no-listener",
            f"{argument} asks {endpoint!r} over {protocol} at port {port}, and {why}: it looks dead from the start; "
            "give HealthCheckSettings(protocol=..., port=...), or add a listener",
        )


def _probed_path(check: route53.IHealthCheck, endpoint: Endpoint) -> str | None:
    """The path that a check of any making asks an endpoint for; None where it asks for none, or asks another."""
    config = raw_config(check)
    asked = config.get("ipAddress") or normal_name(str(config.get("fullyQualifiedDomainName") or ""))
    own = {normal_name(endpoint.domain_name)} if endpoint.domain_name else set()
    is_own = asked in {*own, *endpoint.ipv4_addresses, *endpoint.ipv6_addresses} or is_by_own_name(asked, endpoint)
    if not is_own:
        return None
    return str(config.get("resourcePath") or "/") if str(config["type"]).startswith("HTTP") else None


def _require_open(argument: str, endpoint: Endpoint, path: str) -> None:
    """Refuse a probe of what the endpoint's guard covers."""
    if endpoint.guard is not None:
        prefix, open_path = endpoint.origin_path or "", endpoint.guard.health_path
        remedy = (
            f"HealthCheckSettings(path={open_path.removeprefix(prefix)!r})"
            if open_path.startswith(f"{prefix}/")
            else "HealthCheckSettings without a path"
        )
        endpoint.guard.require_open(argument, repr(endpoint), path, remedy)


def _what_to_ask(argument: str, endpoint: Endpoint, name: str) -> dict[str, Any]:
    if endpoint.domain_name is not None:
        return {"domain_name": endpoint.domain_name}
    addresses = endpoint.ipv4_addresses or endpoint.ipv6_addresses
    if len(addresses) != 1:
        raise ValueError(
            f"{argument} cannot be made: {endpoint!r} has no name of its own and not one address, and a health "
            "check asks one; give the endpoint a domain_name, or a health check of yours"
        )
    # The address alone says where to ask; the name is sent as Host and SNI, as CloudFront will.
    return {"domain_name": name, "ip_address": addresses[0]}


def _all_of(endpoints: Mapping[str, object]) -> str:
    return "both" if len(endpoints) == 2 else "all"
