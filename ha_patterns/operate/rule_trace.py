"""Decides as the edge does, and says why: which rules are looked at, and what does not hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from ..command_line.frame import extra
from ..edge._source import edge_module
from .route_files import MOST_MISTAKES, more_mistakes

if TYPE_CHECKING:
    from lambda_edge.rule_router.attributes import Attribute, Request
    from lambda_edge.rule_router.decide import Decision
    from lambda_edge.rule_router.problems import Allowed, Problem
    from lambda_edge.rule_router.rules import Rule, RuleSet

_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*)")
_NOT_IN_URL = re.compile(r"[^\x21-\x7e]+")
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LONGEST = 200
_JOINERS = "\u200c\u200d"
# The directions of characters that make a host one to which the Bidi rule of RFC 5893 applies.
_RIGHT_TO_LEFT = ("R", "AL", "AN")


class Trace(NamedTuple):
    """What became of a request.

    Attributes:
        steps: What was looked at, line by line.
        decision: As the edge has it; None where no rule fires.
        refused: The answer that the edge gives before it looks at any rule; None if it looks at them.
    """

    steps: list[str]
    decision: Decision | None
    refused: dict[str, Any] | None = None


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
        CommandError: The host is not ASCII, and the package that encodes it is not installed.
    """
    parts = _parts_of(url)
    host = _host_sent(_host_typed(parts))
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


def host_typed(url: str) -> str:
    """The host of a URL as it is written there, without its port.

    Raises:
        ValueError: It is no URL of a website.
    """
    return _host_typed(_parts_of(url))


def _parts_of(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        # Half of a surrogate pair cannot be sent, and a port that is no number raises.
        url.encode()
        is_url = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_url = False
    if not is_url:
        raise ValueError(f"the URL must be such as https://www.example.com/path?query, got {url[:_LONGEST]!r}")
    return parts


def _host_typed(parts: SplitResult) -> str:
    """The host, which ``hostname`` would have in lower case: Python and browsers do that differently."""
    host = parts.netloc.rpartition("@")[2]
    return host if host.startswith("[") else host.partition(":")[0]


def _host_sent(typed: str) -> str:
    """The host of a URL as browsers send it, in ASCII.

    Raises:
        ValueError: It is not a name that a browser sends.
        CommandError: The host is not ASCII, and the package that encodes it is not installed.
    """
    name = unquote(typed)
    # One that is ASCII is sent as it is.
    host = name.lower() if name.isascii() else _encoded(name)
    if not edge_module("common.hosts").is_host(host.removesuffix(".")) or "*" in host:
        raise ValueError(
            "the host must be a name such as www.example.com, of labels of 1 to 63 letters, digits and hyphens, got "
            f"{name[:_LONGEST]!r}"
        )
    return host


def _encoded(name: str) -> str:
    """A host as browsers encode it: by UTS 46, non-transitional, with CheckBidi and CheckJoiners only.

    ``idna.encode`` is for those who register names. It refuses emoji and other names that browsers send.
    """
    idna: Any = extra("ha-patterns[cli]", "idna")
    try:
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        is_bidi = any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for label in labels for each in label)
        for label in labels:
            # Of an empty one, the caller tells.
            if label and (is_bidi or not label.isascii()):
                _check_label(idna, label, is_bidi=is_bidi)
        return ".".join(
            label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in labels
        )
    except ValueError as error:
        # Those of the package are, too.
        raise ValueError(
            f"the host {name[:_LONGEST]!r} cannot be encoded as browsers do: {str(error)[:_LONGEST]}"
        ) from None


def _check_label(idna: Any, label: str, *, is_bidi: bool) -> None:
    idna.check_initial_combiner(label)
    for place, each in enumerate(label):
        if each in _JOINERS and not idna.valid_contextj(label, place):
            raise ValueError(f"the joiner U+{ord(each):04X} joins nothing there")
    if is_bidi:
        idna.check_bidi(label, check_ltr=True)


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
        request: As CloudFront passes it, but for its origin. If the router has a cache key, the answer counts as one
            that may be kept.
        values: The sets of rules that there are, by host.
        allowed: What the stack lets rules do.
        draw: The random number, at least 0 and below 1, for choices that are not sticky.

    Raises:
        ValueError: A set is malformed as a whole, and so decides nothing.
    """
    left, refused = _left_by_key(request, allowed)
    if refused is not None:
        repeated = edge_module("rule_router.handler").repeated(request["querystring"], allowed.parameters())
        names = ", ".join(f"query.{name}" for name in repeated)
        step = (
            f"{names[:_LONGEST]}: in the cache key and sent more than once; if answers are kept, the function refuses "
            "the request before it looks at rules, and CloudFront does not keep the refusal"
        )
        return Trace([step], None, refused)
    steps = []
    if left["querystring"] != request["querystring"]:
        steps.append(
            f"query string: if answers are kept, the function drops what is not in the cache key, and leaves "
            f"{_short(left['querystring'])}"
        )
    return _Tracer(left, values, allowed, draw, steps).trace()


def _left_by_key(request: Mapping[str, Any], allowed: Allowed) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What the function leaves of a request whose answer may be kept, and the answer if it refuses the request."""
    origin = edge_module("common.origin")
    kept = f"{origin.CONFIGURATION_PREFIX}{origin.KEPT}"
    own = {"customHeaders": {kept: [{"key": kept, "value": "true"}]} if allowed.keeps else {}}
    left = {**request, "origin": {"custom": own}}
    refused: dict[str, Any] | None = edge_module("rule_router.handler").keyed(allowed)(left)
    return left, refused


class _Tracer:
    def __init__(
        self,
        request: Mapping[str, Any],
        values: Mapping[str, Mapping[str, Any]],
        allowed: Allowed,
        draw: float,
        steps: list[str],
    ) -> None:
        self._request = request
        self._values = values
        self._allowed = allowed
        self._draw = draw
        self._steps = steps
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
            # All that is wrong is told first, also of rules that do not fire: the edge reads what they do when they do.
            good = [rule for rule in candidates if rule.choices]
            self._tell_skipped(name)
            for rule in good:
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
                has = f"there is none{_unread(attribute, seen)}" if value is None else f"it is {_short(value)}"
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
        none = f"there is no {rule.sticky.name}{_unread(rule.sticky.attribute, seen)}"
        why = f"{rule.sticky.name} is {_short(value)}" if value else none
        return f" ({share}: {why})"

    def _tell_skipped(self, name: str) -> None:
        """Rules are read, and judged, when a request first comes to their path."""
        problems = self._skipped[name]
        self._steps += [f"  {problem}; the edge leaves this rule out" for problem in problems[:MOST_MISTAKES]]
        if len(problems) > MOST_MISTAKES:
            self._steps.append(f"  {more_mistakes(len(problems))}, of rules that the edge leaves out")
        problems.clear()


def _unread(attribute: Attribute, seen: Request) -> str:
    """Why an attribute counts as absent if the request has it; empty if it does not."""
    plain: Attribute = edge_module("rule_router.attributes").attribute(attribute.name, in_template=False)
    if seen[plain] is None or seen[attribute] is not None:
        return ""
    return ", since it is sent twice, or in a form that the cache key does not read"


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
