"""Requests and sets of rules that the tests of the rule router share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_edge.common.hosts import host_of, hosts_of
from lambda_edge.rule_router.decide import Decision, decide
from lambda_edge.rule_router.problems import Allowed, Problem
from lambda_edge.rule_router.rules import RuleSet, compile_rules

HOST = "www.example.com"
#: A stack that caches nothing, and so lets rules read everything.
ALLOWED = Allowed(
    origins=frozenset({"a", "b", "c"}),
    redirect_hosts=frozenset({"www.example.com", "new.example.com"}),
    request_headers=("x-tenant", "x-shop-*"),
)


def request_of(uri: str = "/", *, host: str = HOST, query: str = "", method: str = "GET", **headers: str) -> Any:
    """A request as CloudFront passes it; ``x_plan="a"`` is the header ``x-plan``."""
    given = {name.replace("_", "-"): [{"key": name, "value": value}] for name, value in headers.items()}
    return {
        "clientIp": "203.0.113.178",
        "headers": {"host": [{"key": "Host", "value": host}], **given},
        "method": method,
        "querystring": query,
        "uri": uri,
    }


def compiled(host: str, *rules: object, allowed: Allowed = ALLOWED) -> RuleSet:
    """Rules of which none is wrong."""
    found: list[Problem] = []
    rule_set = compile_rules(host, {"version": 1, "rules": list(rules)}, allowed, found.extend)
    assert rule_set is not None
    for table in (rule_set._exact, rule_set._prefixes):
        for key in table:
            rule_set._read(table, key)
    assert found == []
    return rule_set


def decided(request: Any, sets: Mapping[str, RuleSet] | RuleSet, draw: float = 0.0) -> Decision | None:
    """The decision of sets by host, or of the one set that the host has."""
    by_host = {sets.host: sets} if isinstance(sets, RuleSet) else sets
    host = host_of(request)
    return decide(request, host, [by_host.get(name) for name in hosts_of(host)], lambda: draw)


def origin_of(request: Any, sets: Mapping[str, RuleSet] | RuleSet, draw: float = 0.0) -> str | None:
    """The origin that is chosen; None for the configured one."""
    found = decided(request, sets, draw)
    return found and found.outcome.origin
