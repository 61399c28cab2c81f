"""How AWS matches the path of a request to patterns, and CloudFront to those of behaviors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .values import Unresolved, Value

if TYPE_CHECKING:
    from .model import CacheBehavior


def matches(pattern: str, path: str) -> bool:
    """Whether the pattern of a behavior matches a path. Case matters; a leading slash and dot segments do not."""
    return fits(pattern.removeprefix("/"), normal(path).removeprefix("/"))


def fits(pattern: str, path: str) -> bool:
    """Whether a pattern fits all of a path: ``*`` any characters, none and ``/`` included, and ``?`` exactly one.

    The time it takes grows with the product of both lengths, at worst.
    """
    at = read = 0
    star, retry = -1, 0
    while read < len(path):
        symbol = pattern[at : at + 1]
        if symbol == "*":
            star, retry = at, read
            at += 1
        elif symbol == "?" or (symbol and symbol == path[read]):
            at += 1
            read += 1
        elif star >= 0:
            # The last star takes one more; what came before it need not be tried again.
            retry += 1
            at, read = star + 1, retry
        else:
            return False
    return not pattern[at:].strip("*")


def normal(path: str) -> str:
    """A path without its dot segments and doubled slashes, which CloudFront takes out before it matches."""
    if "//" not in path and "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    ending = "/" if kept and parts[-1] in ("", ".", "..") else ""
    return f"/{'/'.join(kept)}{ending}"


def behavior_of(behaviors: Iterable[CacheBehavior], path: Value) -> CacheBehavior | Unresolved:
    """The first behavior whose pattern matches, as CloudFront chooses; a path that is not known matches only ``*``."""
    for behavior in behaviors:
        pattern = behavior.pattern
        if behavior.is_default or pattern in ("*", "/*", path):
            return behavior
        for value in (pattern, path):
            if not isinstance(value, str):
                return value if isinstance(value, Unresolved) else Unresolved(f"{value}, which AWS makes")
        if isinstance(pattern, str) and isinstance(path, str) and matches(pattern, path):
            return behavior
    return Unresolved("a default behavior, which the distribution lacks")
