"""Path patterns of cache behaviors: which CloudFront takes, and which leave nothing for others to match."""

from __future__ import annotations

import re
from functools import lru_cache

from .._validation import is_token, refusal

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html"
_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.*$/~\"'@:+&?")
# What RFC 3986 takes out of a path, which CloudFront does before it matches.
_NEVER_MATCHED = re.compile(r"//|(?:^|/)\.{1,2}(?:/|$)")
# A character of paths that no pattern can name: only a wildcard matches it.
_OTHER = ","


def check_path_pattern(argument: str, pattern: str) -> None:
    """Refuse what CloudFront does not take as a path pattern, or never matches; tokens pass."""
    if is_token(pattern):
        return
    if not pattern or len(pattern) > 255 or not set(pattern) <= _CHARACTERS:
        raise refusal(
            argument, "path patterns of 1 to 255 of the characters that CloudFront takes", pattern, f"see {_PAGE}"
        )
    if _NEVER_MATCHED.search(pattern):
        raise refusal(
            argument,
            "path patterns without //, /./ and /../",
            pattern,
            f"CloudFront takes these out of a path before it matches, so none is left that could match; see {_PAGE}",
        )


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
