"""Which rule of a load balancer's listener answers a request, as far as template and request tell."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.semantics.listeners import answering_rule
from ha_patterns.topology.model import ListenerRule, LoadBalancer, LoadBalancerListener
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from ..topology.loading import load_resources, only, ref, resource

_V2 = "ElasticLoadBalancingV2"
_HOST = {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.Example.com"]}}
_PATH = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a*"]}}
_METHOD = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET", "HEAD"]}}
_SOURCE = {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}


def _header(*values: Any) -> dict[str, Any]:
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Secret", "Values": list(values)}}


def _query(*values: Any) -> dict[str, Any]:
    return {"Field": "query-string", "QueryStringConfig": {"Values": list(values)}}


def _listener(*conditions: Any) -> LoadBalancerListener:
    more = {
        "Balancer": resource(f"{_V2}::LoadBalancer"),
        "Listener": resource(f"{_V2}::Listener", LoadBalancerArn=ref("Balancer"), DefaultActions=[]),
        "Rule": resource(f"{_V2}::ListenerRule", ListenerArn=ref("Listener"), Priority=1, Conditions=conditions),
        "Secret": resource("SecretsManager::Secret"),
    }
    return only(load_resources(more), LoadBalancer).listeners[0]


def _number(listener: LoadBalancerListener, rule: ListenerRule | None) -> int | None:
    """0 for the rule, 1 for the default action, None where it cannot be told."""
    return None if rule is None else listener.rules.index(rule)


@pytest.mark.parametrize(
    ("conditions", "given", "expected"),
    [
        ([], {}, 0),
        ([_PATH], {}, 0),
        ([{**_PATH, "PathPatternConfig": {"Values": ["/b"]}}], {}, 1),
        ([_HOST], {}, None),
        ([_HOST], {"host": "www.EXAMPLE.com"}, 0),
        ([_HOST], {"host": "example.com"}, 1),
        ([{"Field": "host-header", "HostHeaderConfig": {"Values": [ref("Nobody")]}}], {"host": "a"}, None),
        ([{"Field": "host-header", "HostHeaderConfig": {"Values": [ref("Nobody"), "a"]}}], {"host": "a"}, 0),
        ([_METHOD], {}, None),
        ([_METHOD], {"method": "HEAD"}, 0),
        ([_METHOD], {"method": "POST"}, 1),
        ([_METHOD], {"method": "get"}, 1),
        ([_SOURCE], {}, None),
        ([_SOURCE, _HOST], {"host": "a.example.com"}, None),
        ([_SOURCE, _HOST], {"host": "other.org"}, 1),
        ([{"Field": "unheard-of"}, _METHOD], {"method": "POST"}, 1),
        ([{"Field": "unheard-of"}, _METHOD], {"method": "GET"}, None),
        # Whatever else it looks at, its path does not match.
        ([{"Field": "unheard-of"}, {**_PATH, "PathPatternConfig": {"Values": ["/b"]}}], {}, 1),
    ],
)
def test_a_rule_is_judged_by_host_and_method_where_they_are_told(conditions: Any, given: Any, expected: Any) -> None:
    listener = _listener(*conditions)

    assert _number(listener, answering_rule(listener, "/a/b", **given)) == expected


_MADE = Reference(ResourceId("Test", "Secret"))


@pytest.mark.parametrize(
    ("values", "headers", "expected"),
    [
        (["a"], (), 1),
        (["a"], ["x-other"], 1),
        (["a"], ["x-secret"], None),
        (["a"], {"x-other": "a"}, 1),
        (["a"], {"x-secret": "A"}, 0),
        (["a"], {"x-secret": "b"}, 1),
        (["b", "a*"], {"x-secret": "abc"}, 0),
        ([ref("Secret")], {"x-secret": _MADE}, 0),
        ([ref("Secret")], {"x-secret": "a"}, None),
        (["*"], {"x-secret": _MADE}, 0),
        ([ref("Nobody")], {"x-secret": Unresolved("Nobody, which the template does not have")}, None),
    ],
)
def test_a_rule_is_judged_by_the_values_of_headers(values: Any, headers: Any, expected: Any) -> None:
    listener = _listener(_header(*values))

    assert _number(listener, answering_rule(listener, "/", headers)) == expected


@pytest.mark.parametrize(
    ("conditions", "given", "expected"),
    [
        ([_query({"Key": "v", "Value": "1"})], None, None),
        ([_query({"Key": "v", "Value": "1"})], {}, 1),
        ([_query({"Key": "V", "Value": "1"})], {"v": "1"}, 0),
        ([_query({"Key": "v", "Value": "1"})], {"v": "2"}, 1),
        ([_query({"Key": "v", "Value": "1"})], {"w": "1"}, 1),
        ([_query({"Value": "b*"})], {"w": "beta"}, 0),
        ([_query({"Key": "v", "Value": "1"}, {"Value": "x"})], {"w": "x"}, 0),
        ([_query({"Key": "v", "Value": "1"}), _query({"Value": "x"})], {"w": "x"}, 1),
        ([_query({"Key": "v", "Value": "1"}), _query({"Value": "x"})], {"w": "x", "v": "1"}, 0),
        ([_query({"Key": "v", "Value": ref("Nobody")})], {"v": "1"}, None),
        ([_query({"Key": ref("Nobody"), "Value": "1"})], {"v": "2"}, 1),
    ],
)
def test_a_rule_is_judged_by_the_query_string_where_it_is_told(conditions: Any, given: Any, expected: Any) -> None:
    listener = _listener(*conditions)

    assert _number(listener, answering_rule(listener, "/", query_strings=given)) == expected


def test_a_header_whose_name_nothing_tells_may_be_any() -> None:
    unknown = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": ref("Nobody"), "Values": ["a"]}}
    listener = _listener(unknown)

    assert answering_rule(listener, "/", {"x": "a"}) is None


def test_a_rule_whose_priority_nothing_tells_may_come_first_or_last() -> None:
    def rule(path: str) -> dict[str, Any]:
        conditions = [{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}]
        priority = ref("Nobody")
        return resource(f"{_V2}::ListenerRule", ListenerArn=ref("Listener"), Priority=priority, Conditions=conditions)

    topology = load_resources(
        {
            "Balancer": resource(f"{_V2}::LoadBalancer"),
            "Listener": resource(f"{_V2}::Listener", LoadBalancerArn=ref("Balancer"), DefaultActions=[]),
            "All": rule("/*"),
            "A": rule("/a"),
        }
    )
    listener = only(topology, LoadBalancer).listeners[0]

    assert answering_rule(listener, "/a") is None
