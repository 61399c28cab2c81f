"""Decides as the edge does, and says why: which rules are looked at, and what does not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from ..edge._source import edge_module
from .rule_files import MOST_MISTAKES, more_mistakes

if TYPE_CHECKING:
    from lambda_edge.rule_router.attributes import Request
    from lambda_edge.rule_router.decide import Decision
    from lambda_edge.rule_router.problems import Allowed, Problem
    from lambda_edge.rule_router.rules import Rule, RuleSet

_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*)")
_NOT_IN_URL = re.compile(r"[^\x21-\x7e]+")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LONGEST = 200
# IDNA of 2003 replaces or drops these characters, and browsers keep them.
_KEPT_BY_BROWSERS = frozenset("\u00df\u03c2\u200c\u200d")


class Trace(NamedTuple):
    """What became of a request.

    Attributes:
        steps: What was looked at, line by line.
        decision: As the edge has it; None where no rule fires.
    """

    steps: list[str]
    decision: Decision | None


def request_of(
    url: str, *, method: str, cookies: Sequence[str], headers: Sequence[str], country: str | None
) -> dict[str, Any]:
    """A request as CloudFront passes it.

    Args:
        url: What the viewer asks for.
        method: How.
        cookies: NAME=VALUE each.
        headers: ``NAME: VALUE`` each.
        country: Of the viewer, two letters.

    Raises:
        ValueError: One has another form.
    """
    try:
        parts = urlsplit(url)
        name = parts.hostname
    except ValueError:
        name = None
    if not name or parts.scheme not in ("https", "http"):
        raise ValueError(f"the URL must be such as https://www.example.com/path?query, got {url!r}")
    host = _host_sent(name)
    path, query = (_NOT_IN_URL.sub(lambda found: quote(found[0]), text) for text in (parts.path, parts.query))
    given: dict[str, list[dict[str, str]]] = {}
    for text in headers:
        found = _HEADER.fullmatch(text)
        if found is None or found[1].lower() == "host":
            raise ValueError(f"a header must be 'NAME: VALUE', and Host is the URL's, got {text!r}")
        given.setdefault(found[1].lower(), []).append({"key": found[1], "value": found[2]})
    for text in cookies:
        if "=" not in text:
            raise ValueError(f"a cookie must be NAME=VALUE, got {text!r}")
    if cookies:
        given.setdefault("cookie", []).append({"key": "Cookie", "value": "; ".join(cookies)})
    if country is not None:
        if not _COUNTRY.fullmatch(country):
            raise ValueError(f"a country must be two letters such as DE, got {country!r}")
        given["cloudfront-viewer-country"] = [{"key": "CloudFront-Viewer-Country", "value": country.upper()}]
    given["host"] = [{"key": "Host", "value": host}]
    return {
        "clientIp": "192.0.2.1",
        "headers": given,
        "method": method,
        "querystring": query,
        "uri": path or "/",
    }


def _host_sent(name: str) -> str:
    """The host of a URL as browsers send it: in ASCII, for which the standard library has IDNA of 2003.

    Raises:
        ValueError: The name is none of a host, or browsers, which have a later IDNA, encode it otherwise.
    """
    name = unquote(name).lower()
    if _KEPT_BY_BROWSERS.intersection(name):
        raise ValueError(
            f"the host {name!r} has a character of which browsers make another name than IDNA of 2003 does: give it "
            "as a browser sends it, with xn--"
        )
    try:
        # One that is ASCII is sent as it is.
        host = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not edge_module("common.hosts").is_host(host.removesuffix(".")) or "*" in host:
        raise ValueError(
            "the host must be a name such as www.example.com, of labels of 1 to 63 letters, digits and hyphens, got "
            f"{name[:_LONGEST]!r}"
        )
    return host


def hosts_of(request: Mapping[str, Any], allowed: Allowed) -> tuple[str, ...]:
    """Under which names the rules for a request are kept, in the order in which they count."""
    hosts: tuple[str, ...] = edge_module("common.hosts").hosts_of(_host_of(request, allowed))
    return hosts


def _host_of(request: Mapping[str, Any], allowed: Allowed) -> str:
    host: str = edge_module("common.hosts").host_of(request) if allowed.may_read("host") else ""
    return host


def trace(
    request: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]], allowed: Allowed, draw: float = 0.0
) -> Trace:
    """What the rules say of a request, and why.

    Args:
        request: As CloudFront passes it.
        values: The sets of rules that there are, by host.
        allowed: What the stack lets rules do.
        draw: The random number, at least 0 and below 1, for choices that are not sticky.

    Raises:
        ValueError: A set is malformed as a whole, and so decides nothing.
    """
    return _Tracer(request, values, allowed, draw).trace()


class _Tracer:
    def __init__(
        self, request: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]], allowed: Allowed, draw: float
    ) -> None:
        self._request = request
        self._values = values
        self._allowed = allowed
        self._draw = draw
        self._steps: list[str] = []
        self._passed_over = 0
        self._skipped: dict[str, list[Problem]] = {name: [] for name in hosts_of(request, allowed)}

    def trace(self) -> Trace:
        host = _host_of(self._request, self._allowed)
        sets = {name: self._compiled(name) for name in self._skipped if name in self._values}
        longest = max((rules.longest for rules in sets.values() if rules is not None), default=0)
        seen = edge_module("rule_router.attributes").Request(self._request, host, longest)
        for name in self._skipped:
            if name not in sets:
                self._steps.append(f"{name}: no rules")
                continue
            rules = sets[name]
            if rules is None:
                told = "; ".join(map(str, self._skipped[name]))
                raise ValueError(
                    f"the rules of {name} cannot be read ({told}): the edge keeps the last that it could read, or does "
                    "as its router's fail_closed says"
                )
            count = len(self._values[name]["rules"])
            self._steps.append(f"{name}: {count} rule{'' if count == 1 else 's'}")
            decision = self._decision(name, rules, seen)
            if decision is not None:
                return Trace(self._steps, decision)
            if self._is_over():
                self._steps.append(f"  {self._passed_over} rules are passed over: no other is looked at")
                break
        return Trace(self._steps, None)

    def _is_over(self) -> bool:
        most: int = edge_module("rule_router.decide").MOST_PASSED_OVER
        return self._passed_over == most

    def _compiled(self, name: str) -> RuleSet | None:
        rules: RuleSet | None = edge_module("rule_router.rules").compile_rules(
            name, self._values[name], self._allowed, self._skipped[name].extend
        )
        return rules

    def _decision(self, name: str, rules: RuleSet, seen: Request) -> Decision | None:
        is_for_path = False
        for matched, candidates in rules.candidates(seen):
            is_for_path = True
            self._tell_skipped(name)
            for rule in candidates:
                written = self._values[name]["rules"][rule.number]
                label = f"  rules[{rule.number}] {written['path']}: "
                failed = self._failed(rule, written, seen)
                if failed:
                    self._steps.append(label + failed)
                    continue
                choice = rule.choose(seen, lambda: self._draw)
                seen.match(matched)
                outcome = rule.choices[choice][1].outcome(seen)
                holds = "all conditions hold" if rule.conditions else "no conditions"
                chosen = self._chosen(rule, choice, seen)
                if outcome is not None:
                    self._steps.append(f"{label}{holds}, fires{chosen}")
                    decision: Decision = edge_module("rule_router.decide").Decision(name, rule.number, choice, outcome)
                    return decision
                self._steps.append(
                    f"{label}{holds}{chosen}, and its path or redirect cannot be made of this request: passed over"
                )
                self._passed_over += 1
                if self._is_over():
                    return None
        self._tell_skipped(name)
        if not is_for_path:
            self._steps.append("  none is for this path")
        return None

    def _failed(self, rule: Rule, written: Mapping[str, Any], seen: Request) -> str | None:
        """The first condition that does not hold."""
        # A valid rule has its conditions as they are written, in their order.
        for (attribute, test), (name, said) in zip(rule.conditions, (written.get("when") or {}).items(), strict=True):
            value = seen[attribute]
            if not test(value):
                [(how, wanted)] = said.items()
                has = "there is none" if value is None else f"it is {_short(value)}"
                return f"{name} {how} {_short(wanted)} does not hold, {has}"
        return None

    def _chosen(self, rule: Rule, choice: int, seen: Request) -> str:
        if len(rule.choices) == 1:
            return ""
        below = rule.choices[choice - 1][0] if choice else 0
        share = f"choice {choice + 1} of {len(rule.choices)}, {rule.choices[choice][0] - below} %"
        if rule.sticky is None:
            return f" ({share}: drawn for each request, here {int(self._draw * 100)})"
        value = seen[rule.sticky.attribute]
        why = f"{rule.sticky.name} is {_short(value)}" if value else f"there is no {rule.sticky.name}"
        return f" ({share}: {why})"

    def _tell_skipped(self, name: str) -> None:
        """Rules are read, and judged, when a request first comes to their path."""
        problems = self._skipped[name]
        self._steps += [f"  {problem}; the edge leaves this rule out" for problem in problems[:MOST_MISTAKES]]
        if len(problems) > MOST_MISTAKES:
            self._steps.append(f"  {more_mistakes(len(problems))}, of rules that the edge leaves out")
        problems.clear()


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
