"""What rules can read of a request, and how it is called in conditions and templates.

Headers, cookies and query strings are taken apart only when a rule asks for one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DIGITS = "0123456789ABCDEFabcdef"
# Patterns as text, which cost nothing until a rule needs them: all of this is on the way of a cold start.
_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}"
_PARAMETER = r"[^{}\x00-\x20\x7f]{1,128}"
# So many cookies, and so many parameters, are looked at if nothing is kept; no browser keeps as many for a site.
_MOST_PAIRS = 300
# A path of a rule has no more slashes, so no more are looked at in a request's path.
MAX_SLASHES = 64
# A reader of cookies may strip these around a name, and so take another name for this one.
_SPACES = " \t\r\n\x0b\x0c\x85\xa0"
_BEFORE_NAMES = f"{_SPACES}$"


class Request(dict["Attribute | Whole | Piece", Any]):
    """A request as rules see it, and what was read of it: the value of an attribute, what a template makes of that.

    Each is read, or made, when it is first asked for, and then remembered: however many rules look at it, a request
    pays once.

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

    __slots__ = ("_longest", "has_dots", "headers", "host", "matched", "method", "path", "query", "uri")

    def __init__(self, request: Mapping[str, Any], host: str = "", longest: int = 0) -> None:
        self.method: str = (method := request["method"])
        self.uri: str = (uri := request["uri"])
        self.query: str = (query := request.get("querystring", ""))
        if not (type(method) is type(uri) is type(query) is str):
            raise TypeError("method, uri and querystring are text")
        self.headers: Mapping[str, list[Mapping[str, str]]] = request["headers"]
        self.host = host
        # Most paths are in normal form, as a glance tells.
        self.path, self.has_dots = normal_form(uri, longest) if "%" in uri or "." in uri else (uri, False)
        self.matched = 0
        self._longest = longest

    def __missing__(self, asked: Attribute | Whole | Piece) -> Any:
        found = self[asked] = asked.of(self)
        return found

    def match(self, length: int) -> None:
        """From now on a rule is asked that names so much of the path."""
        self.matched = length
        if self:
            for asked in [asked for asked in self if asked.name == "rest"]:
                del self[asked]

    def lengths(self) -> list[int]:
        """How long the prefixes of the path are that a rule can name, the longest first: no more slashes are in one."""
        found: list[int] = []
        end = self.path.find("/") + 1
        while end and len(found) < MAX_SLASHES:
            found.append(end)
            end = self.path.find("/", end) + 1
        return found[::-1]

    def header(self, name: str) -> str | None:
        """All values of a header, as one; the name in lower case."""
        given = self.headers.get(name)
        if not given:
            return None
        return given[0]["value"] if len(given) == 1 else ", ".join([line["value"] for line in given])

    def keyed_header(self, name: str) -> str | None:
        """All values of a header, the same however they are spread over lines and spaced: the key may not tell it."""
        value = self.header(name)
        return value if value is None else as_list(value)

    def cookie(self, name: str) -> str | None:
        """The first cookie of a name."""
        value: str | None = self[_COOKIES].get(name)
        return value

    def keyed_cookie(self, name: str) -> str | None:
        """The cookie of a name; None if it is doubled or not in standard form.

        CloudFront takes ``name=value`` with ``; `` between the pairs, and no name that starts with ``$``. Which of two
        with one name is in the key is not said. See
        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Cookies.html, read on 2026-11-30.
        """
        pair: str | None = self[_KEYED_COOKIES].get(name)
        if pair is None or not pair.startswith(f" {name}="):
            return None
        value = pair[len(name) + 2 :]
        return value if value == value.strip() else None

    def parameter(self, name: str) -> str | None:
        """The first value of a name in the query string, decoded."""
        value: str | None = self[_PARAMETERS].get(name)
        return value if value is None else decoded(value)

    def keyed_parameter(self, name: str) -> str | None:
        """The value of a name in the query string, decoded; None if it is doubled: see ``keyed_parameters_of``."""
        value = self.keyed_parameters().get(name)
        return value if value is None else decoded(value)

    def keyed_parameters(self) -> dict[str, str | None]:
        """The parameters of the query string, as ``keyed_parameters_of`` has them."""
        found: dict[str, str | None] = self[_KEYED_PARAMETERS]
        return found

    def rest(self) -> str:
        """What comes after the matching prefix, as the viewer sent it."""
        if self.path == self.uri:
            return self.uri[self.matched :]
        from bisect import bisect_left

        # The places where one character of the path stands for an escape, which is two longer.
        undone = self[_UNDONE]
        return self.uri[self.matched + 2 * bisect_left(undone, self.matched) :]

    def undone(self) -> list[int]:
        """The places in the path where an escape was undone, as far as a rule may name it."""
        return _normal.shorter(self.uri[: _raw_length(self._longest)])

    def cookie_line(self) -> str:
        """All cookies."""
        return "; ".join([line["value"] for line in self.headers.get("cookie") or ()])


class Attribute(NamedTuple):
    """One thing that can be read. Its value in a request is ``request[attribute]``; None if the request has none.

    Attributes:
        name: As it is written, header names in lower case: ``cookie.plan``.
        read: Reads it, given the part of its name after the dot.
        key: That part.
    """

    name: str
    read: Callable[[Request, str], str | None]
    key: str

    def of(self, request: Request) -> str | None:
        """Its value."""
        return self.read(request, self.key)


class Whole(NamedTuple):
    """Something that is taken apart as a whole. In a request it is ``request[whole]``.

    Attributes:
        name: Its name.
        of: Takes it apart.
    """

    name: str
    of: Callable[[Request], Any]


class Piece(NamedTuple):
    """An attribute as it is written at one place. In a request it is ``request[piece]``.

    Attributes:
        attribute: The attribute.
        make: Makes it of the value, which is empty if the request has none.
    """

    attribute: Attribute
    make: Callable[[str], Any]

    @property
    def name(self) -> str:
        """The attribute's."""
        return self.attribute.name

    def of(self, request: Request) -> Any:
        """The attribute's value as it is written."""
        return self.make(request[self.attribute] or "")


def _cookies(request: Request) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in request.cookie_line().split(";", _MOST_PAIRS)[:_MOST_PAIRS]:
        name, equals, value = pair.partition("=")
        if equals:
            # Not more than a browser strips: other white space is part of a name.
            found.setdefault(name.strip(" \t"), value.strip(" \t"))
    return found


def _keyed_cookies(request: Request) -> dict[str, str | None]:
    """As they were sent, by the name that a reader may take for theirs; None if two may be taken for one."""
    found: dict[str, str | None] = {}
    for pair, times in Counter(f" {request.cookie_line()}".split(";")).items():
        name = pair.partition("=")[0].strip(_SPACES).lstrip(_BEFORE_NAMES)
        found[name] = None if times > 1 or name in found else pair
    return found


def _parameters(request: Request) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in request.query.split("&", _MOST_PAIRS)[:_MOST_PAIRS]:
        name, _, value = pair.partition("=")
        found.setdefault(decoded(name), value)
    return found


# Taken apart as a whole, once a request.
_COOKIES = Whole("cookies", _cookies)
_KEYED_COOKIES = Whole("keyed cookies", _keyed_cookies)
_PARAMETERS = Whole("parameters", _parameters)
_KEYED_PARAMETERS = Whole("keyed parameters", lambda request: keyed_parameters_of(request.query))
_UNDONE = Whole("undone", Request.undone)

# What a condition can test; a template can fill in these and PLACES.
_Read = Callable[[Request, str], "str | None"]
# How each is read if nothing is kept, and if an answer may be: then by the cache key alone.
_NAMED: dict[str, tuple[_Read, _Read, str]] = {
    "header": (Request.header, Request.keyed_header, _NAME),
    "cookie": (Request.cookie, Request.keyed_cookie, _NAME),
    "query": (Request.parameter, Request.keyed_parameter, _PARAMETER),
}
_PLAIN: dict[str, _Read] = {
    "method": lambda request, _: request.method,
    "country": lambda request, _: request.header("cloudfront-viewer-country"),
}
_PLACES: dict[str, _Read] = {
    "host": lambda request, _: request.host,
    "path": lambda request, _: request.uri,
    "rest": lambda request, _: request.rest(),
    "query": lambda request, _: request.query,
}
_IN_CONDITIONS = "method, country, header.NAME, cookie.NAME or query.NAME"
_IN_TEMPLATES = f"path, rest, host, query, {_IN_CONDITIONS}"
_INSTEAD = {"header.host": "host", "header.cookie": "cookie.NAME", "header.cloudfront-viewer-country": "country"}


# Rules name few, and each of them often.
@lru_cache(maxsize=1024)
def attribute(text: str, *, in_template: bool, kept: bool = False) -> Attribute:
    """The attribute of a name.

    Args:
        text: The name.
        in_template: Whether it is to be filled in, and not to be tested.
        kept: Whether an answer may be kept. Default False.

    Raises:
        ValueError: There is none; the message says which there are.
    """
    kind, dot, key = text.partition(".")
    if not dot:
        read = _PLAIN.get(kind) or (_PLACES.get(kind) if in_template else None)
        if read is not None:
            return Attribute(text, read, "")
    elif kind in _NAMED and re.fullmatch(_NAMED[kind][2], key):
        first_or_keyed = _NAMED[kind][:2]
        key = key.lower() if kind == "header" else key
        name = f"{kind}.{key}"
        if name in _INSTEAD:
            raise ValueError(f"{text!r} is written {_INSTEAD[name]!r}")
        return Attribute(name, first_or_keyed[kept], key)
    raise ValueError(f"{text[:80]!r} is not an attribute; write {_IN_TEMPLATES if in_template else _IN_CONDITIONS}")


def normal_form(uri: str, longest: int) -> tuple[str, bool]:
    """The path in the form in which rules write it, and whether it has a segment ``.`` or ``..``.

    As RFC 3986, 6.2.2: hexadecimal digits in upper case, and no escape for what needs none. Of the path, that is its
    first ``longest`` characters and what comes with them: no more is compared, so no more is looked at.
    """
    if "%" not in uri:
        return uri, has_dots(uri)
    cut = _raw_length(longest)
    return _normal.replace(uri[:cut]) + uri[cut:], has_dots(uri)


def _raw_length(longest: int) -> int:
    """How many characters hold so many of a path in normal form: an escape is three, and may stand for one."""
    return 3 * longest + 2


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


def keyed_parameters_of(query: str) -> dict[str, str | None]:
    """The value of each name in a query string, both as they were sent; None for a name that is there twice.

    CloudFront parts parameters at ``&`` alone, and tells names and values apart by their case. That it undoes escapes,
    and which of two with one name is in the cache key, is not said. See
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/QueryStringParameters.html, read on 2026-11-30.
    """
    found: dict[str, str | None] = {}
    for pair, times in Counter(query.split("&")).items():
        key, _, value = pair.partition("=")
        found[key] = None if times > 1 or key in found else value
    return found


def as_list(value: str) -> str:
    """A header's value with each comma and the spaces around its parts in one form."""
    return ", ".join([part.strip(" \t") for part in value.split(",")]) if "," in value else value.strip(" \t")


def _normal_escape(digits: str) -> str:
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"


class _Escapes:
    """The text for each escape, by its two digits: made when the first is met, which most cold starts do not do.

    Args:
        make: Makes it of the digits.
    """

    __slots__ = ("_make", "_table")

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make
        self._table: dict[str, str] = {}

    def replace(self, text: str) -> str:
        """Text with these in place of its escapes; a percent sign that starts none stays."""
        return "".join(self._parts(text)) if "%" in text else text

    def shorter(self, text: str) -> list[int]:
        """The places, in the text that ``replace`` makes, where one character stands for an escape."""
        found = []
        end = 0
        for place, part in enumerate(self._parts(text)):
            if place % 2 and len(part) == 1:
                found.append(end)
            end += len(part)
        return found

    def _parts(self, text: str) -> list[str]:
        """The text between escapes and the text for each escape, in turns."""
        if not self._table:
            self._table = {first + last: self._make(first + last) for first in _DIGITS for last in _DIGITS}
        parts = _ESCAPE.split(text)
        parts[1::2] = map(self._table.__getitem__, parts[1::2])
        return parts


_normal = _Escapes(_normal_escape)
# By the code of ISO-8859-1, which has a character for each byte.
_bytes = _Escapes(lambda digits: chr(int(digits, 16)))


def decoded(text: str) -> str:
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    return (
        _bytes.replace(text.encode("utf-8", "replace").decode("latin-1")).encode("latin-1").decode("utf-8", "replace")
    )
