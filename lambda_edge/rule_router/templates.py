"""Values with attributes of the request in them: ``/tenants/{cookie.tenant}/{rest}``.

What comes from a viewer is encoded for the place where it goes, so that it is one piece of a path or of a query and
never more. What would still be another place than the rule's writer meant is refused when it is filled in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from .attributes import Attribute, Piece, Request, attribute, has_dots

# Path, question mark and query together, as CloudFront counts them.
MAX_URL = 8191
MAX_HEADER = 1024

# Patterns as text, which cost nothing until a rule needs them: all of this is on the way of a cold start.
_ATTRIBUTE = r"\{([^{}]*)\}"
_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
# RFC 3986: what a path may hold, and a query too. What a viewer sent as a path has its escapes already.
_IN_PATH = _UNRESERVED + "!$&'()*+,;=:@/%"
_IN_QUERY = _IN_PATH + "?"
_LITERAL_PATH = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]++|%[0-9A-Fa-f]{2})*+"
_LITERAL_QUERY = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]++|%[0-9A-Fa-f]{2})*+"
_LITERAL_HEADER = r"[\x20-\x7e]*"
_BAD_ESCAPE = "%(?![0-9A-Fa-f]{2})"
_CONTROLS = bytes((*range(0x20), 0x7F))
_MOST_ATTRIBUTES = 32


# A rule may have hundreds of templates, all of which are read when it first fires.
_pattern = cache(re.compile)


class _Encoder:
    """Percent-encodes what is not allowed at a place.

    Args:
        allowed: The characters that are; with ``%`` among them, escapes stay as they are.
    """

    __slots__ = ("_allowed", "_plain", "_table")

    def __init__(self, allowed: str) -> None:
        self._allowed = allowed
        self._plain: re.Pattern[str] | None = None
        self._table: list[str] = []

    def __call__(self, text: str) -> str:
        """The text encoded; of one that makes any URL too long, as much as tells that."""
        if self._plain is None:
            self._plain = re.compile(f"[{re.escape(self._allowed)}]*")
            self._table = [chr(byte) if chr(byte) in self._allowed else f"%{byte:02X}" for byte in range(256)]
        text = text[: MAX_URL + 1]
        if not self._plain.fullmatch(text):
            # A lone surrogate, which no viewer can send, becomes a question mark.
            table = self._table
            text = "".join([table[byte] for byte in text.encode("utf-8", "replace")[: MAX_URL + 1]])
        # If % is allowed, one that starts no escape would be an error at the origin; each grows by two.
        return (
            re.sub(_BAD_ESCAPE, "%25", text, count=MAX_URL // 2 + 1) if "%" in text and "%" in self._allowed else text
        )


_encode_value = _Encoder(_UNRESERVED)
_encode_path = _Encoder(_IN_PATH)
_encode_query = _Encoder(_IN_QUERY)


class Template(NamedTuple):
    """A value to fill in.

    Attributes:
        start: What comes before the first attribute.
        parts: Each attribute as it is encoded, and what comes after it.
    """

    start: str
    parts: tuple[tuple[Piece, str], ...]

    def fill(self, request: Request, most: int = sys.maxsize) -> str | None:
        """The value for a request, in which an attribute that it lacks is empty; None if that is too long."""
        pieces = [self.start]
        left = most - len(self.start)
        for piece, literal in self.parts:
            text: str = request[piece]
            left -= len(text) + len(literal)
            if left < 0:
                return None
            pieces += (text, literal)
        return "".join(pieces)

    def reads(self) -> list[Attribute]:
        """The attributes in it."""
        return [piece.attribute for piece, _ in self.parts]


class UrlTemplate(NamedTuple):
    """A path, and a query where one is meant.

    Attributes:
        path: The path.
        query: The query without its question mark; None where there is none.
    """

    path: Template
    query: Template | None

    def fill(self, request: Request) -> str | None:
        """The path and query for a request; None where they would be another place than was meant."""
        path = self.path.fill(request, MAX_URL)
        # The encoders leave neither a backslash nor a control character.
        if path is None or path[:1] != "/" or path[1:2] == "/" or has_dots(path):
            return None
        if self.query is not None:
            query = self.query.fill(request, MAX_URL)
            if query is None:
                return None
            if query:
                path = f"{path}?{query}"
        return path if len(path) <= MAX_URL else None

    def reads(self) -> Iterator[Attribute]:
        """The attributes in it."""
        yield from self.path.reads()
        if self.query is not None:
            yield from self.query.reads()


def header_template(text: str, kept: bool = False) -> Template:
    """The template of a header's value.

    Args:
        text: The template.
        kept: Whether an answer may be kept. Default False.

    Raises:
        ValueError: What cannot be in one.
    """
    return _template(text, _LITERAL_HEADER, "printable ASCII characters", {}, _printable, kept)


def fill_header(template: Template, request: Request) -> str:
    """The value of a header: one line, of a bounded length."""
    return (template.fill(request) or "").strip()[:MAX_HEADER]


def path_template(text: str, kept: bool = False) -> UrlTemplate:
    """The template of a path.

    Args:
        text: The template.
        kept: Whether an answer may be kept. Default False.

    Raises:
        ValueError: What cannot be in one.
    """
    if not text.startswith(("/", "{path}")) or text.startswith("//"):
        raise ValueError(f"{text[:200]!r} must start with one '/', or with '{{path}}'")
    if "?" in text or "{query}" in text:
        raise ValueError(f"{text[:200]!r} must be a path without a query")
    if has_dots(text):
        raise ValueError(f"{text[:200]!r} has a segment '.' or '..'; write the path that is meant")
    encoders = {"path": _encode_path, "rest": _encode_path}
    return UrlTemplate(_template(text, _LITERAL_PATH, "characters of a path", encoders, _encode_value, kept), None)


def url_template(text: str, kept: bool = False) -> UrlTemplate:
    """The template of a path, and of a query where there is a question mark.

    Args:
        text: The template.
        kept: Whether an answer may be kept. Default False.

    Raises:
        ValueError: What cannot be in one.
    """
    path, mark, query = text.partition("?")
    template = path_template(path, kept)
    if not mark:
        return template
    filled = _template(query, _LITERAL_QUERY, "characters of a query", {"query": _encode_query}, _encode_value, kept)
    return template._replace(query=filled)


def _template(
    text: str,
    literal: str,
    said: str,
    encoders: Mapping[str, Callable[[str], str]],
    encode: Callable[[str], str],
    kept: bool,
) -> Template:
    start, *others = _pattern(_ATTRIBUTE).split(text)
    is_literal = _pattern(literal).fullmatch
    for piece in (start, *others[1::2]):
        if not is_literal(piece):
            raise ValueError(
                f"{piece[:200]!r} must be {said}, others percent-encoded, and a brace only around an attribute's name"
            )
    names, literals = others[::2], others[1::2]
    if len(names) > _MOST_ATTRIBUTES:
        raise ValueError(f"{text[:200]!r} names {len(names)} attributes, and a template may name {_MOST_ATTRIBUTES}")
    if kept and "method" in names:
        raise ValueError(
            "'{method}' tells GET from HEAD, which CloudFront answers out of one cache; leave it out, or route where "
            "nothing is cached"
        )
    return Template(
        start,
        tuple(
            [
                (Piece(attribute(name, in_template=True, kept=kept), encoders.get(name, encode)), after)
                for name, after in zip(names, literals, strict=True)
            ]
        ),
    )


def _printable(text: str) -> str:
    """The characters of a text that a header may hold."""
    return text.encode("ascii", "ignore").translate(None, _CONTROLS).decode("ascii")[:MAX_HEADER]
