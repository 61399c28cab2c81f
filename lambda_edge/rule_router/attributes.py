"""What rules can read of a request, and how it is called in conditions and templates.

Headers, cookies and query strings are taken apart only when a rule asks for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Patterns as text, which cost nothing until a rule needs them: all of this is on the way of a cold start.
_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"
_PARAMETER = r"[^{}\x00-\x20\x7f]{1,128}"


class Request:
    """A request as rules see it.

    Attributes:
        method: As CloudFront passes it.
        uri: The path, percent-encoded as the viewer sent it.
        host: The name that the viewer asked for, in lower case; empty where CloudFront does not pass it on.
        path: The path in normal form, see ``normal_form``.
        has_dots: Whether the path has a segment ``.`` or ``..``, see ``has_dots``.
        matched: How much of the path the matching rule names: the length of its prefix.

    Raises:
        KeyError, TypeError: It is no request such as CloudFront passes.
    """

    __slots__ = ("_cookies", "_parameters", "has_dots", "headers", "host", "matched", "method", "path", "query", "uri")

    def __init__(self, request: Mapping[str, Any], host: str = "", longest: int = 0) -> None:
        self.method: str = request["method"]
        self.uri: str = request["uri"]
        self.query: str = request.get("querystring", "")
        if not (type(self.method) is type(self.uri) is type(self.query) is str):
            raise TypeError("method, uri and querystring are text")
        self.headers: Mapping[str, list[Mapping[str, str]]] = request["headers"]
        self.host = host
        self.path, self.has_dots = normal_form(self.uri, longest)
        self.matched = 0
        self._cookies: dict[str, str] | None = None
        self._parameters: dict[str, str] | None = None

    def header(self, name: str) -> str | None:
        """All values of a header, as one; the name in lower case."""
        given = self.headers.get(name)
        if not given:
            return None
        return given[0]["value"] if len(given) == 1 else ", ".join(line["value"] for line in given)

    def cookie(self, name: str) -> str | None:
        """The first cookie of a name."""
        if self._cookies is None:
            self._cookies = {}
            for line in self.headers.get("cookie") or ():
                for pair in line["value"].split(";"):
                    key, equals, value = pair.partition("=")
                    if equals:
                        # Not more than a browser strips: other white space is part of a name.
                        self._cookies.setdefault(key.strip(" \t"), value.strip(" \t"))
        return self._cookies.get(name)

    def parameter(self, name: str) -> str | None:
        """The first value of a name in the query string, decoded."""
        if self._parameters is None:
            self._parameters = parameters_of(self.query)
        return self._parameters.get(name)

    def rest(self) -> str:
        """What comes after the matching prefix, as the viewer sent it."""
        if self.path == self.uri:
            return self.uri[self.matched :]
        position = 0
        for _ in range(self.matched):
            escape = _ESCAPE.match(self.uri, position)
            position += 3 if escape and chr(int(escape[1], 16)) in _UNRESERVED else 1
        return self.uri[position:]


class Attribute(NamedTuple):
    """One thing that can be read.

    Attributes:
        name: As it is written, header names in lower case: ``cookie.plan``.
        read: Reads it, given the part of its name after the dot; None where the request has none.
        key: That part.
    """

    name: str
    read: Callable[[Request, str], str | None]
    key: str

    def of(self, request: Request) -> str | None:
        """Its value."""
        return self.read(request, self.key)


# What a condition can test; a template can fill in these and PLACES.
_NAMED: dict[str, tuple[Callable[[Request, str], str | None], str]] = {
    "header": (Request.header, _NAME),
    "cookie": (Request.cookie, _NAME),
    "query": (Request.parameter, _PARAMETER),
}
_PLAIN: dict[str, Callable[[Request, str], str | None]] = {
    "method": lambda request, _: request.method,
    "country": lambda request, _: request.header("cloudfront-viewer-country"),
}
_PLACES: dict[str, Callable[[Request, str], str | None]] = {
    "host": lambda request, _: request.host,
    "path": lambda request, _: request.uri,
    "rest": lambda request, _: request.rest(),
    "query": lambda request, _: request.query,
}
_IN_CONDITIONS = "method, country, header.NAME, cookie.NAME or query.NAME"
_IN_TEMPLATES = f"path, rest, host, query, {_IN_CONDITIONS}"
_INSTEAD = {"header.host": "host", "header.cookie": "cookie.NAME", "header.cloudfront-viewer-country": "country"}


def attribute(text: str, *, in_template: bool) -> Attribute:
    """The attribute of a name.

    Raises:
        ValueError: There is none; the message says which there are.
    """
    kind, dot, key = text.partition(".")
    if not dot:
        read = _PLAIN.get(kind) or (_PLACES.get(kind) if in_template else None)
        if read is not None:
            return Attribute(text, read, "")
    elif kind in _NAMED and re.fullmatch(_NAMED[kind][1], key):
        read = _NAMED[kind][0]
        key = key.lower() if kind == "header" else key
        name = f"{kind}.{key}"
        if name in _INSTEAD:
            raise ValueError(f"{text!r} is written {_INSTEAD[name]!r}")
        return Attribute(name, read, key)
    raise ValueError(f"{text[:80]!r} is not an attribute; write {_IN_TEMPLATES if in_template else _IN_CONDITIONS}")


def normal_form(uri: str, longest: int) -> tuple[str, bool]:
    """The path in the form in which rules write it, and whether it has a segment ``.`` or ``..``.

    As RFC 3986, 6.2.2: hexadecimal digits in upper case, and no escape for what needs none. Of the path, that is its
    first ``longest`` characters and what comes with them: no more is compared, so no more is looked at.
    """
    if "%" not in uri:
        return uri, has_dots(uri)
    # An escape is three characters: this much holds ``longest`` of them.
    cut = 3 * longest + 2
    return _ESCAPE.sub(_normal_escape, uri[:cut]) + uri[cut:], has_dots(uri)


def has_dots(path: str) -> bool:
    """Whether a path has a segment ``.`` or ``..``, the dots or what is around them escaped, or backslashes, or not."""
    if "%" in path:
        path = path.replace("%2e", ".").replace("%2E", ".")
    # A dot alone is found much faster than two characters are, in a path of nothing but slashes.
    if "." not in path:
        return False
    # Servers that undo escapes before they look where a path leads see separators here.
    for separator in ("%2f", "%2F", "%5c", "%5C", "\\"):
        if separator in path:
            path = path.replace(separator, "/")
    return "/." in path and ("/./" in path or "/../" in path or path.endswith(("/.", "/..")))


def parameters_of(query: str) -> dict[str, str]:
    """The first value of each name in a query string, decoded."""
    found: dict[str, str] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        found.setdefault(_decoded(key), _decoded(value))
    return found


def _normal_escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in _UNRESERVED else found[0].upper()


def _decoded(text: str) -> str:
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    start, *others = text.encode("utf-8", "replace").split(b"%")
    parts = [start]
    for part in others:
        escape = _ESCAPE.match("%" + part[:2].decode("latin-1"))
        parts.append(bytes((int(escape[1], 16),)) + part[2:] if escape else b"%" + part)
    return b"".join(parts).decode("utf-8", "replace")
