"""A small CloudFront in front of a synthesized distribution, with a store of answers.

The library has the cache key and the request to the origin (``ha_patterns.topology.cache_key``). Here are the store,
the events of edge functions, and a small origin: it echoes its request, without the headers that CloudFront sends by
itself, and sets a new cookie with every answer.

Not here: functions at viewer request (that of ``SamePathReads`` chooses an origin by the method alone, the same one for
GET and HEAD), error pages in place of errors (the error itself is judged), and copies that expired.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from ha_patterns.aws.cache_key import AS_DOCUMENTED, CacheKey, Forwarded, Parse, ViewerRequest, cache_key, forwarded
from ha_patterns.aws.policies import CachePolicy
from ha_patterns.semantics.requests import behavior_of
from ha_patterns.topology.model import CacheBehavior, Distribution, Function, Origin, OriginGroup
from ha_patterns.topology.values import Unresolved, Value

from .packaged import Packaged

Headers = dict[str, list[dict[str, str]]]

_CONFIG = {
    "distributionDomainName": "d111111abcdef8.cloudfront.net",
    "distributionId": "EDFDVBD6EXAMPLE",
    # The same one for every request: an answer of a function's own may name it, and that is meant.
    "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
}
# The paths that make the origin answer so.
_STATUS = re.compile(r"/status-(\d{3})")
_PRIMARY_STATUS = re.compile(r"/primary-(\d{3})")
_CACHE_CONTROL = re.compile(r"/(no-store|private|max-age=\d+)")

# HTTPStatusCodes.html: errors that are kept whatever they say, and those that are kept if they say for how long.
_KEPT_ERRORS = frozenset({404, 414, 500, 501, 502, 503, 504})
_KEPT_IF_TOLD = frozenset({400, 403, 405, 412, 415})
# custom-error-pages-expiration.html: errors of which no-store and its kin are honoured; of no others.
_HONOURED = frozenset({404, 410, 414, 501})
_ERROR_TTL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the origin, or of a function in its place.

    Attributes:
        serial: Of the request that it was made for.
        headers: Names in lower case.
        body: The echo of the request to the origin; the text, if a function answered.
    """

    serial: int
    status: int
    headers: tuple[tuple[str, str], ...]
    body: Any

    @property
    def cookies(self) -> tuple[str, ...]:
        """The cookies that it sets."""
        return tuple(value for name, value in self.headers if name == "set-cookie")

    @property
    def cache_control(self) -> str:
        return ", ".join(value for name, value in self.headers if name == "cache-control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision of a behavior's functions: the same for all requests that share a key.

    Attributes:
        made: The answers of their own.
        origins: The origins that they chose, each with the path and the headers that they set.
    """

    made: tuple[str, ...]
    origins: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The outcome of a request that the cache did not answer."""

    answer: Answer
    decision: Decision

    @property
    def echo(self) -> tuple[int, Any]:
        """The part that is the same for all requests that share a key: all but the cookie."""
        return self.answer.status, self.answer.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The answer to a viewer.

    Attributes:
        serial: Of the viewer's request.
        hit: Whether the cache answered.
        key: The cache key; None if the answer is not kept.
    """

    serial: int
    answer: Answer
    hit: bool
    key: CacheKey | None


class CloudFront:
    """One distribution at one location.

    Args:
        distribution: As the topology has it.
        resource: As the template has it, for what the topology does not know.
        resources: All resources of its template.
        functions: Those of the behaviors, by their logical ids.
    """

    def __init__(
        self,
        distribution: Distribution,
        resource: Mapping[str, Any],
        resources: Mapping[str, Mapping[str, Any]],
        functions: Mapping[str, Packaged],
    ) -> None:
        self.distribution = distribution
        self._functions = functions
        config = resource["Properties"]["DistributionConfig"]
        settings = [*config.get("CacheBehaviors", ()), config["DefaultCacheBehavior"]]
        self._removed = {
            id(behavior): frozenset(_removed_headers(one, resources))
            for behavior, one in zip(distribution.behaviors, settings, strict=True)
        }
        self._origins = {id(origin): _as_event_has_it(origin) for origin in distribution.origins}
        self._error_ttls = {
            each.error_code: each.caching_min_ttl
            for each in distribution.error_responses
            if isinstance(each.caching_min_ttl, int)
        }
        self._serials = count(1)
        self._store: dict[CacheKey, tuple[float, Answer]] = {}
        self.now = 0.0

    @property
    def keeping(self) -> list[CacheBehavior]:
        """The behaviors that keep answers; one whose policy cannot be seen does."""
        return [behavior for behavior in self.distribution.behaviors if keeps(behavior)]

    @property
    def functions(self) -> list[Packaged]:
        """The functions of its stack."""
        return list(self._functions.values())

    def empty(self) -> None:
        """Forget all answers."""
        self._store.clear()

    def behavior(self, request: ViewerRequest) -> CacheBehavior:
        """The behavior of a request's path."""
        found = behavior_of(self.distribution.behaviors, request.uri)
        assert not isinstance(found, Unresolved), found
        return found

    def ask(self, request: ViewerRequest, *, parse: Parse = AS_DOCUMENTED) -> Served:
        """Answer a viewer, from the cache or the origin."""
        serial = next(self._serials)
        behavior = self.behavior(request)
        assert isinstance(behavior.allowed_methods, frozenset)
        assert isinstance(behavior.cached_methods, frozenset)
        if request.method not in behavior.allowed_methods:
            refused = Answer(serial=serial, status=403, headers=(), body="method not allowed")
            return Served(serial=serial, answer=refused, hit=False, key=None)
        key = cache_key(behavior.cache_policy, request, parse=parse) if keeps(behavior) else None
        if request.method not in behavior.cached_methods:
            key = None
        if key is not None:
            until, kept = self._store.get(key, (0.0, None))
            if kept is not None and self.now < until:
                return Served(serial=serial, answer=self._as_viewers_get(behavior, kept), hit=True, key=key)
        answer = self.fetch(request, parse=parse, serial=serial).answer
        if key is not None and (ttl := self._ttl(behavior, answer)):
            self._store[key] = (self.now + ttl, answer)
        return Served(serial=serial, answer=self._as_viewers_get(behavior, answer), hit=False, key=key)

    def fetch(self, request: ViewerRequest, *, parse: Parse = AS_DOCUMENTED, serial: int = 0) -> Fetched:
        """Answer a request without the cache.

        Args:
            request: The request.
            parse: How CloudFront parses it.
            serial: Of the request.
        """
        behavior = self.behavior(request)
        made: list[str] = []
        origins: list[tuple[str, str, str]] = []
        answer = None
        for member, codes in _members(behavior):
            sent = forwarded(
                behavior.cache_policy,
                behavior.origin_request_policy,
                request,
                origin=_text(member.endpoint.name),
                parse=parse,
            )
            event, given = self._request_event(request, sent, member)
            returned = event
            function = self._function(behavior, "origin-request")
            if function is not None:
                returned = function.handler(_records("origin-request", request=event), None)
            if "status" in returned:
                answer = _generated(returned, serial)
                made.append(json.dumps(returned, sort_keys=True))
            else:
                origins.append(_decided(returned, given))
                answer = _origin_answers(returned, given, sent, serial)
                if (issuer := self._function(behavior, "origin-response")) is not None:
                    answer = _answered(issuer, returned, answer)
            if answer.status not in codes:
                break
        assert answer is not None
        answer = self._as_cloudfront_keeps(behavior, answer)
        return Fetched(answer=answer, decision=Decision(made=tuple(made), origins=tuple(origins)))

    def _function(self, behavior: CacheBehavior, event: str) -> Packaged | None:
        for association in behavior.functions:
            if association.event == event and isinstance(association.function, Function):
                return self._functions[association.function.place.logical_id]
        return None

    def _request_event(self, request: ViewerRequest, sent: Forwarded, member: Origin) -> tuple[dict[str, Any], Headers]:
        """The request as a function gets it, and its headers once more: a function changes them in place."""
        headers: Headers = {}
        for name, value in (*sent.headers, *sent.added):
            headers.setdefault(name.lower(), []).append({"key": name, "value": value})
        ((kind, settings),) = self._origins[id(member)].items()
        origin = {kind: {**settings, "customHeaders": dict(settings["customHeaders"])}}
        event = {
            "clientIp": request.address,
            "headers": headers,
            "method": request.method,
            "origin": origin,
            "querystring": sent.shown_querystring,
            "uri": request.uri,
        }
        return event, {name: list(lines) for name, lines in headers.items()}

    def _as_cloudfront_keeps(self, behavior: CacheBehavior, answer: Answer) -> Answer:
        """Without Set-Cookie if no cookie is sent to the origin (Cookies.html)."""
        policies = (behavior.cache_policy, behavior.origin_request_policy)
        if any(isinstance(each, Unresolved) or (each is not None and each.cookies.mode != "none") for each in policies):
            return answer
        return _without(answer, frozenset({"set-cookie"}))

    def _as_viewers_get(self, behavior: CacheBehavior, answer: Answer) -> Answer:
        """Without what the response headers policy removes, "whether the object is served from the cache or from the
        origin" (understanding-response-headers-policies.html)."""
        return _without(answer, self._removed[id(behavior)])

    def _ttl(self, behavior: CacheBehavior, answer: Answer) -> int:
        """For how many seconds an answer is kept (Expiration.html, HTTPStatusCodes.html)."""
        policy = behavior.cache_policy
        least, usual, most = (0, 86_400, 31_536_000) if isinstance(policy, Unresolved) else _ttls(policy)
        told = re.search(r"max-age=(\d+)", answer.cache_control)
        refuses = re.search(r"no-store|no-cache|private", answer.cache_control) is not None
        if answer.status >= 400:
            floor = self._error_ttls.get(answer.status, _ERROR_TTL)
            if answer.status not in _KEPT_ERRORS and not (answer.status in _KEPT_IF_TOLD and told):
                return 0
            if refuses:
                return 0 if answer.status in _HONOURED else floor
            return max(floor, min(int(told[1]), most)) if told else floor
        if refuses:
            return least
        return min(max(int(told[1]), least), most) if told else max(usual, least)


def keeps(behavior: CacheBehavior) -> bool:
    """Whether a behavior keeps answers; one whose policy cannot be seen does."""
    return isinstance(behavior.cache_policy, Unresolved) or behavior.cache_policy.caches


def _ttls(policy: CachePolicy) -> tuple[int, int, int]:
    least, usual, most = policy.min_ttl, policy.default_ttl, policy.max_ttl
    assert isinstance(least, int)
    assert isinstance(usual, int)
    assert isinstance(most, int)
    return least, usual, most


def _removed_headers(behavior: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    reference = behavior.get("ResponseHeadersPolicyId")
    if isinstance(reference, dict):
        config = resources[reference["Ref"]]["Properties"]["ResponseHeadersPolicyConfig"]
        for item in (config.get("RemoveHeadersConfig") or {}).get("Items", ()):
            yield item["Header"].lower()


def _members(behavior: CacheBehavior) -> Sequence[tuple[Origin, frozenset[Any]]]:
    """The origins to ask, each with the codes with which the next one is asked."""
    target = behavior.target
    if isinstance(target, OriginGroup):
        assert target.primary is not None
        assert target.secondary is not None
        return ((target.primary, frozenset(target.status_codes)), (target.secondary, frozenset()))
    assert isinstance(target, Origin), target
    return ((target, frozenset()),)


def _text(value: Value | None) -> str:
    return str(value or "").replace("${AWS::URLSuffix}", "amazonaws.com")


def _as_event_has_it(origin: Origin) -> dict[str, Any]:
    common: dict[str, Any] = {
        "customHeaders": {name: [{"key": name, "value": _text(value)}] for name, value in origin.headers.items()},
        "domainName": _text(origin.endpoint.name),
        "path": _text(origin.path),
        "readTimeout": origin.read_timeout,
    }
    if origin.protocol is None:
        signed = origin.access == "oai"
        found = re.search(r"\.s3\.([a-z0-9-]+)\.amazonaws\.com$", common["domainName"])
        return {
            "s3": {
                **common,
                "authMethod": "origin-access-identity" if signed else "none",
                "region": found[1] if found and signed else "",
            }
        }
    plain = origin.protocol == "http-only"
    return {
        "custom": {
            **common,
            "keepaliveTimeout": origin.keepalive_timeout,
            "port": origin.http_port if plain else origin.https_port,
            "protocol": "http" if plain else "https",
            "sslProtocols": ["TLSv1.2"],
        }
    }


def _records(kind: str, **cf: Any) -> dict[str, Any]:
    return {"Records": [{"cf": {"config": {**_CONFIG, "eventType": kind}, **cf}}]}


def _flat(headers: Mapping[str, Sequence[Mapping[str, str]]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, line["value"]) for name in sorted(headers) for line in headers[name])


def _generated(returned: Mapping[str, Any], serial: int) -> Answer:
    headers = _flat(returned.get("headers", {}))
    return Answer(serial=serial, status=int(returned["status"]), headers=headers, body=(headers, returned.get("body")))


def _changed(returned: Mapping[str, Any], given: Headers) -> Headers:
    """The headers that a function set."""
    return {name: lines for name, lines in returned["headers"].items() if lines != given.get(name)}


def _querystring(returned: Mapping[str, Any], sent: Forwarded) -> str:
    """The query string to the origin. A function that saw none, and left it so, changed nothing."""
    unchanged = returned["querystring"] == sent.shown_querystring
    return sent.querystring if unchanged else str(returned["querystring"])


def _decided(returned: Mapping[str, Any], given: Headers) -> tuple[str, str, str]:
    headers = json.dumps(_flat(_changed(returned, given)))
    return json.dumps(returned["origin"], sort_keys=True), returned["uri"], headers


def _origin_answers(returned: Mapping[str, Any], given: Headers, sent: Forwarded, serial: int) -> Answer:
    """The origin: tells what it was sent, and sets a cookie for this answer alone."""
    ((_, own),) = returned["origin"].items()
    # No answer depends on headers that CloudFront sends by itself, but on those that a function set in their place.
    by_itself = {name.lower() for name, _ in sent.added} - set(_changed(returned, given))
    headers = {name: lines for name, lines in returned["headers"].items() if name not in by_itself}
    uri = returned["uri"]
    echo = (
        own["domainName"],
        own["path"] + uri,
        _querystring(returned, sent),
        _flat(headers),
        _flat(own["customHeaders"]),
    )
    is_primary = any(value == "primary" for name, value in echo[4] if name == "x-ha-origin-role")
    status = _STATUS.search(uri) or (_PRIMARY_STATUS.search(uri) if is_primary else None)
    cache_control = _CACHE_CONTROL.search(uri)
    answers: list[tuple[str, str]] = [("set-cookie", f"visit={serial}")]
    if cache_control:
        answers.append(("cache-control", cache_control[1]))
    return Answer(serial=serial, status=int(status[1]) if status else 200, headers=tuple(answers), body=echo)


def _answered(function: Packaged, request: Mapping[str, Any], answer: Answer) -> Answer:
    """The answer as a function at origin response leaves it."""
    headers: Headers = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append({"key": name, "value": value})
    response = {"status": str(answer.status), "statusDescription": "", "headers": headers}
    returned = function.handler(_records("origin-response", request=request, response=response), None)
    return Answer(
        serial=answer.serial, status=int(returned["status"]), headers=_flat(returned["headers"]), body=answer.body
    )


def _without(answer: Answer, names: frozenset[str]) -> Answer:
    if not any(name in names for name, _ in answer.headers):
        return answer
    headers = tuple(line for line in answer.headers if line[0] not in names)
    return Answer(serial=answer.serial, status=answer.status, headers=headers, body=answer.body)
