"""What the readers of JSON and of YAML have in common: the bounds, and how a mistake is told."""

from __future__ import annotations

from typing import NamedTuple

#: What a person may write: far more than any sensible file has.
MAX_SIZE = 32 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 4_000_000

#: Where a value is: the keys and indices that lead to it.
Path = tuple[str | int, ...]


class DocumentError(Exception):
    """A file that is not one document of YAML or JSON, with the place in it.

    Attributes:
        line: The line, counted from 1; None where it is the whole file.
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Repeated(NamedTuple):
    """A key that a mapping has again; the last one counts.

    Attributes:
        key: The key.
        line: The line of the later one, counted from 1.
    """

    key: str
    line: int


#: How many repeated keys of one file are told.
MOST_REPEATED = 100


def decode(content: bytes, max_size: int) -> str:
    """The text of a file.

    Raises:
        DocumentError: It is too large, empty, or not text in UTF-8.
    """
    if len(content) > max_size:
        raise DocumentError(f"has {len(content)} bytes; at most {max_size} are read")
    # Those of UTF-32 begin or end with these.
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise DocumentError("is in UTF-16 or UTF-32; save it in UTF-8")
    nul = content.find(b"\x00")
    if nul >= 0:
        raise DocumentError("is not text: it has a NUL byte", content.count(b"\n", 0, nul) + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"is not text in UTF-8: {error.reason}", content.count(b"\n", 0, error.start) + 1) from None
    if not text or text.isspace():
        raise DocumentError("is empty", 1)
    return text


def shown(name: str) -> str:
    """A name as a message shows it, whatever its length."""
    return name if len(name) <= 80 else f"{name[:80]}..."


def twice(key: str) -> str:
    """What is wrong with a mapping that has a key again."""
    return f"has the key {shown(key)!r} twice"


def too_deep() -> str:
    """What is wrong with a document that is nested beyond the bound."""
    return f"is nested more than {MAX_DEPTH} deep"


def too_many() -> str:
    """What is wrong with a document that has values beyond the bound."""
    return f"has more than {MAX_NODES} values"
