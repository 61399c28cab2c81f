"""What a load balancer's listener answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ..aws.path_patterns import fits
from ..topology.model import HeaderCondition, ListenerRule, LoadBalancerListener, QueryString
from ..topology.topology import Topology
from ..topology.values import Unresolved, Value, comparable

_TO_HTTPS = ("HTTPS", "#{host}")
# What refers to a listener and makes no rule of it that is not known.
_NO_RULES = frozenset(
    {
        *("AWS::ElasticLoadBalancingV2::ListenerRule", "AWS::ElasticLoadBalancingV2::ListenerCertificate"),
        *("AWS::CodeDeploy::DeploymentGroup", "AWS::WAFv2::WebACLAssociation", "AWS::ApiGatewayV2::Integration"),
    }
)


def rules_elsewhere(listener: LoadBalancerListener, topology: Topology) -> Unresolved | None:
    """What would tell of rules that others add to a listener, by its ARN; None if nobody is given that.

    Args:
        listener: The listener.
        topology: All that is known.
    """
    users = topology.mentions.of(listener.place.id) - _NO_RULES
    return Unresolved(f"the rules that others add to {listener.place.logical_id} by its ARN") if users else None


def answering_rule(
    listener: LoadBalancerListener,
    path: str,
    headers: Collection[str] | Mapping[str, Value] = (),
    *,
    host: str | None = None,
    method: str | None = None,
    query_strings: Mapping[str, Value] | None = None,
) -> ListenerRule | None:
    """The rule that answers a request; None if that cannot be told.

    A rule that looks at something that the arguments do not tell may match or not, and so may one that looks at the
    client's address. A host, a method or a query string that surely does not match rules it out all the same.

    Args:
        listener: The listener; its rules are in the order in which it tries them.
        path: The request's path.
        headers: The headers that the request has, in lower case. With their values, a mapping; without them, a rule
            that looks at one of them may match or not. Default: none, so that a rule that looks at a header does not
            match.
        host: The request's host name. Default: unknown.
        method: The request's method. Default: unknown.
        query_strings: The parameters of the query string with their values. Default: unknown.

    See https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
    """
    for rule in listener.rules:
        meets = [_header(condition, headers) for condition in rule.header_conditions]
        more = (_hosts(rule, host), _methods(rule, method), _queries(rule, query_strings), *meets)
        known = all(isinstance(pattern, str) for pattern in rule.paths) and not rule.gaps
        matches = not rule.paths or any(fits(str(pattern), path) for pattern in rule.paths)
        if False in more or (known and not matches):
            continue
        # One whose priority is not known may come before or after the others.
        told = not (rule.others or rule.source_ips or rule.place.condition or isinstance(rule.priority, Unresolved))
        return rule if known and told and None not in more else None
    return None


def only_redirects(listener: LoadBalancerListener, topology: Topology) -> bool:
    """Whether it is known that all that a listener does is to redirect to HTTPS at the same host."""
    if listener.gaps or rules_elsewhere(listener, topology) is not None:
        return False
    return all(
        not rule.gaps and rule.redirect is not None and (rule.redirect.protocol, rule.redirect.host) == _TO_HTTPS
        for rule in listener.rules
    )


def _hosts(rule: ListenerRule, host: str | None) -> bool | None:
    """Whether the host is one that the rule is for; None if that cannot be told."""
    if not rule.hosts:
        return True
    return None if host is None else _any(_fits(pattern, host) for pattern in rule.hosts)


def _methods(rule: ListenerRule, method: str | None) -> bool | None:
    if not rule.methods:
        return True
    return None if method is None else _any(_same(one, method) for one in rule.methods)


def _queries(rule: ListenerRule, given: Mapping[str, Value] | None) -> bool | None:
    if not rule.query_strings:
        return True
    if given is None:
        return None
    return _all(_any(_query(one, given) for one in group) for group in rule.query_strings)


def _query(wanted: QueryString, given: Mapping[str, Value]) -> bool | None:
    key, pairs = wanted.key, given.items()
    if key is None:
        return _any(_fits(wanted.value, value) for _, value in pairs)
    return _any(_all((_fits(key, name), _fits(wanted.value, value))) for name, value in pairs)


def _header(condition: HeaderCondition, headers: Collection[str] | Mapping[str, Value]) -> bool | None:
    """Whether a request has a header with one of the values; None if that cannot be told."""
    if condition.name not in headers:
        return False
    if not isinstance(headers, Mapping):
        return None
    return _any(_fits(value, headers[condition.name]) for value in condition.values)


def _fits(pattern: Value, value: Value) -> bool | None:
    """Whether a value fits a pattern, whatever the case of both; None if that cannot be told."""
    if isinstance(pattern, str) and isinstance(value, str):
        return fits(pattern.lower(), value.lower())
    if pattern == "*":
        return True
    # What a deploy makes is one value, whatever it is, unless it has a wildcard, which matches itself as well.
    return True if pattern == value and comparable(pattern) else None


def _same(one: Value, method: str) -> bool | None:
    return one == method if isinstance(one, str) else None


def _any(found: Iterable[bool | None]) -> bool | None:
    """Whether one of some holds; None if that cannot be told."""
    told = list(found)
    return True if True in told else None if None in told else False


def _all(found: Iterable[bool | None]) -> bool | None:
    told = list(found)
    return False if False in told else None if None in told else True
