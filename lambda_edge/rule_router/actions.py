"""What a rule does with a request once its conditions hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from ..common import responses
from ..common.header_rules import READ_ONLY, is_disallowed
from .attributes import Attribute, Request, keyed_parameters_of
from .problems import Allowed, Place
from .templates import MAX_URL, Template, UrlTemplate, fill_header, header_template, path_template, url_template

Parsed = TypeVar("Parsed")

_STATUSES = (301, 302, 303, 307, 308)
_LONGEST = 31_536_000
_MOST_TEXT = 100_000
# Patterns as text, which cost nothing until a rule needs them: all of this is on the way of a cold start.
_ABSOLUTE = r"(?s)https://([^/?{]*)(.*)"
_HEADER_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"
_PRINTABLE = r"[\x20-\x7e]{1,200}"
# Beside what CloudFront refuses: what it reads or sets itself, and what our own functions say to each other.
_OTHERS = frozenset(("cookie", "host", "range", "te"))
_OTHERS_START = ("if-", "proxy-", "x-accel-", "x-amz-", "x-amzn-", "x-forwarded-", "x-ha-")
_MOST_HEADERS = 32
# In all templates of a rule's headers and rewrite.
_MOST_FILLED = 64


class Outcome(NamedTuple):
    """What is to happen to a request.

    Attributes:
        origin: The name of the origin to ask; None for the configured one.
        uri: The path to ask it for; None for the viewer's.
        headers: Headers to set, by name.
        response: What to answer instead of asking; None where the origin is asked.
    """

    origin: str | None = None
    uri: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    response: dict[str, Any] | None = None


class Forward(NamedTuple):
    """Ask an origin.

    Attributes:
        origin: Its name; None for the configured one.
        rewrite: The path that it is asked for.
        headers: Headers to set.
        query_decides: Whether rules may let the query string decide.
        always: The outcome for every request; None if something has to be filled in.
    """

    origin: str | None
    rewrite: UrlTemplate | None
    headers: tuple[tuple[str, Template], ...]
    query_decides: bool
    always: Outcome | None

    def outcome(self, request: Request) -> Outcome | None:
        """What is to happen; None where it cannot be done."""
        if self.always is not None:
            return self.always
        uri = None
        if self.rewrite is not None:
            uri = self.rewrite.fill(request)
            if uri is None:
                return None
            if len(uri) + len(request.query) >= MAX_URL:
                # What another rule answered to a long query would be kept for everybody where the key has no query.
                return (
                    None
                    if self.query_decides
                    else Outcome(response=responses.refused("The path and query are too long"))
                )
        headers = tuple([(name, fill_header(value, request)) for name, value in self.headers])
        return Outcome(self.origin, uri, headers)

    def reads(self) -> Iterator[Attribute]:
        """What its templates read."""
        if self.rewrite is not None:
            yield from self.rewrite.reads()
        for _, value in self.headers:
            yield from value.reads()


class Redirect(NamedTuple):
    """Send the viewer elsewhere.

    Attributes:
        site: ``https://`` and a host; empty for the viewer's own.
        to: Path and query.
        status: Of the answer.
        max_age: Seconds for which it may be kept.
        parameters: Those of the query string that may decide; None where all of it may.
    """

    site: str
    to: UrlTemplate
    status: int
    max_age: int
    parameters: frozenset[str] | None

    def outcome(self, request: Request) -> Outcome | None:
        """What is to happen; None where it cannot be done."""
        target = self.to.fill(request)
        if target is None or (self.site in ("", f"https://{request.host}") and self._is_same(target, request)):
            return None
        headers = {"Location": self.site + target, "Cache-Control": _cache_control(self.max_age)}
        return Outcome(response=responses.response(self.status, headers))

    def _is_same(self, target: str, request: Request) -> bool:
        """Whether a path and query are those of the request, by what may decide."""
        path, _, query = target.partition("?")
        if path != request.uri:
            return False
        if self.parameters is None:
            return query == request.query
        then, now = keyed_parameters_of(query), request.keyed_parameters()
        return all(then.get(name) == now.get(name) for name in self.parameters)

    def reads(self) -> Iterator[Attribute]:
        """What its templates read."""
        yield from self.to.reads()


class Respond(NamedTuple):
    """Answer."""

    status: int
    body: str
    content_type: str
    max_age: int
    retry_after: int | None

    def outcome(self, request: Request) -> Outcome | None:  # noqa: ARG002 - as the other actions
        """What is to happen."""
        headers = {"Content-Type": self.content_type, "Cache-Control": _cache_control(self.max_age)}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return Outcome(response=responses.response(self.status, headers, self.body))

    def reads(self) -> Iterator[Attribute]:
        """Nothing: what a viewer sent is not answered back."""
        return iter(())


Action = Forward | Redirect | Respond


def parse_action(place: Place, allowed: Allowed) -> Action | None:
    """The action that is written at a place; None where it is wrong, which is noted there."""
    if not place.mapping(_KEYS):
        return None
    alone = [key for key in _ALONE if key in place.value]
    if len(place.value) > 1 and alone:
        place.refuse(f"{alone[0]!r} answers the viewer, and so stands alone; leave the rest out")
        return None
    if not place.value:
        place.refuse("says nothing to do; write origin, rewrite, headers, redirect or respond")
        return None
    return _ALONE[alone[0]](place.at(alone[0]), allowed) if alone else _parse_forward(place, allowed)


def settable(name: str) -> bool:
    """Whether a stack may let its rules set a header of the request; the name in lower case."""
    return bool(re.fullmatch(_HEADER_NAME, name)) and not is_never_set(name)


def is_never_set(name: str) -> bool:
    """Whether no rule sets a header, whatever a stack says; the name in lower case."""
    return (
        name.startswith(_OTHERS_START) or name in _OTHERS or name in READ_ONLY["origin-request"] or is_disallowed(name)
    )


def may_set(name: str, allowed: Allowed) -> bool:
    """Whether a stack lets its rules set a header of the request; the name in lower case."""
    return _is_among(name, allowed.request_headers)


# Rules set few, and each of them often.
@lru_cache(maxsize=1024)
def _is_among(name: str, let: tuple[str, ...]) -> bool:
    return settable(name) and any(name.startswith(each[:-1]) if each.endswith("*") else name == each for each in let)


def _parse_forward(place: Place, allowed: Allowed) -> Forward:
    origin = rewrite = None
    if "origin" in place.value:
        at = place.at("origin")
        origin = at.text()
        if origin is not None and origin not in allowed.origins:
            declared = ", ".join(sorted(allowed.origins)) or "none"
            at.refuse(f"{origin[:200]!r} is not an origin that the stack declares; declared: {declared}")
    if "rewrite" in place.value:
        rewrite = _template(place.at("rewrite"), path_template, allowed)
    headers = []
    if "headers" in place.value:
        at = place.at("headers")
        names = at.objects("header names and values")
        if len(names) > _MOST_HEADERS:
            at.refuse(f"sets {len(names)} headers, and a rule may set {_MOST_HEADERS}")
        for name in names:
            value = _template(at.at(name), header_template, allowed)
            if not may_set(name.lower(), allowed):
                can = ", ".join(allowed.request_headers) or "none; name them in the stack's request_headers"
                at.at(name).refuse(f"{name[:200]!r} is not a header that the stack lets rules set; it lets: {can}")
            elif value is not None:
                headers.append((name, value))
    always = None if rewrite or headers else Outcome(origin)
    forward = Forward(origin, rewrite, tuple(headers), allowed.parameters() is None, always)
    filled = 0 if always is not None else sum([1 for _ in forward.reads()])
    if filled > _MOST_FILLED:
        place.refuse(f"names {filled} attributes in its headers and rewrite, and a rule may name {_MOST_FILLED}")
    return forward


def _parse_redirect(place: Place, allowed: Allowed) -> Redirect | None:
    if not place.mapping({"to", "status", "max_age"}):
        return None
    at = place.at("to")
    text = at.text()
    site = ""
    absolute = re.fullmatch(_ABSOLUTE, text or "")
    if absolute is not None:
        host, text = absolute[1], absolute[2] or "/"
        site = f"https://{host}"
        if host not in allowed.redirect_hosts:
            hosts = ", ".join(sorted(allowed.redirect_hosts)) or "none"
            at.refuse(
                f"{host[:200]!r} is not a host to which the stack lets rules redirect, as it is written, without a "
                f"port; it lets: {hosts}"
            )
    elif text is not None and not text.startswith(("/", "{path}")):
        at.refuse(f"{text[:200]!r} must be a path, which starts with '/', or 'https://', a host and a path")
        return None
    to = None if text is None else _template(at, url_template, allowed, text)
    if "status" in place.value and place.value["status"] not in _STATUSES:
        place.at("status").refuse(f"must be one of {', '.join(map(str, _STATUSES))}")
        return None
    status = place.at("status").whole(_STATUSES[0], _STATUSES[-1], 302)
    max_age = place.at("max_age").whole(0, _LONGEST, 0)
    return None if to is None else Redirect(site, to, status, max_age, allowed.parameters())


def _parse_respond(place: Place, allowed: Allowed) -> Respond | None:  # noqa: ARG001 - as the other actions
    if not place.mapping({"status", "body", "content_type", "max_age", "retry_after"}):
        return None
    at = place.at("status")
    status = at.whole(200, 599)
    if 200 < status < 400:
        at.refuse(f"must be 200, or 400 to 599, got {status}; to send the viewer elsewhere, write redirect")
    body = place.at("body").text(_MOST_TEXT) if "body" in place.value else ""
    kind: str | None = "text/plain; charset=utf-8"
    if "content_type" in place.value:
        at = place.at("content_type")
        kind = at.text()
        if kind is not None and not re.fullmatch(_PRINTABLE, kind):
            at.refuse("must be a media type such as 'text/html; charset=utf-8'")
    max_age = place.at("max_age").whole(0, _LONGEST, 0)
    retry_after = place.at("retry_after").whole(0, _LONGEST) if "retry_after" in place.value else None
    return None if body is None or kind is None else Respond(status, body, kind, max_age, retry_after)


_ALONE: dict[str, Callable[[Place, Allowed], Action | None]] = {"redirect": _parse_redirect, "respond": _parse_respond}
_KEYS = {"origin", "rewrite", "headers", *_ALONE}


def _template(
    place: Place, parse: Callable[[str, bool], Parsed], allowed: Allowed, text: str | None = None
) -> Parsed | None:
    text = place.text() if text is None else text
    try:
        return None if text is None else parse(text, allowed.keeps)
    except ValueError as error:
        place.refuse(error)
        return None


def _cache_control(max_age: int) -> str:
    return f"max-age={max_age}" if max_age else "no-store"
