"""Path patterns of cache behaviors: the paths that they match, and those that they leave to later ones.

As https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html has it, read
on 2026-11-30.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: The characters that a pattern may have, and how many at most.
CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.*$/~\"'@:+&?")
LONGEST = 255

# A character of paths that no pattern can name: only a wildcard matches it.
_OTHER = ","


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


def covers(earlier: str, later: str) -> bool:
    """Whether every path that a later pattern matches is matched by an earlier one, so that it is never reached.

    ``*`` matches any characters, none and ``/`` included, and ``?`` exactly one; a leading slash means nothing.

    Reads the later pattern and keeps, for each way to read it, where the earlier one can stand. A wildcard is read as
    characters that no pattern names: if the earlier one matches these, then it matches any others in their place.
    """
    wide, narrow = _normal(earlier), _normal(later)
    standings = {_settled(wide, {0})}
    for symbol in narrow:
        if symbol == "*":
            unread = list(standings)
            while unread:
                after = _after(wide, unread.pop(), _OTHER)
                if after not in standings:
                    standings.add(after)
                    unread.append(after)
        else:
            character = _OTHER if symbol == "?" else symbol
            standings = {_after(wide, standing, character) for standing in standings}
        # Who can stand at fewer places matches less: the worst decide.
        standings = {mine for mine in standings if not any(other < mine for other in standings)}
    return all(len(wide) in standing for standing in standings)


@lru_cache(maxsize=1024)
def _normal(pattern: str) -> str:
    """A pattern without its leading slash, and with ``?`` before ``*`` where they meet, which means the same."""
    pattern = pattern.removeprefix("/")
    return re.sub(r"[*?]*\*[*?]*", lambda run: "?" * run[0].count("?") + "*", pattern)


def _after(pattern: str, standing: frozenset[int], character: str) -> frozenset[int]:
    """Where a pattern can stand once one more character is read."""
    places = {place for place in standing if pattern[place : place + 1] == "*"}
    places |= {place + 1 for place in standing if pattern[place : place + 1] in {"?", character}}
    return _settled(pattern, places)


def _settled(pattern: str, places: set[int]) -> frozenset[int]:
    """The places with those after each ``*``, which may match nothing, and without those before the last ``*``.

    What can be matched from before a ``*`` can be matched by that ``*`` as well.
    """
    stars = [place for place in places if pattern[place : place + 1] == "*"]
    if stars:
        places = {place for place in places if place >= max(stars)} | {max(stars) + 1}
    return frozenset(places)
