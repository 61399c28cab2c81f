"""Which of a few formats a viewer would rather have, by its Accept header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# A media type or range, and its quality; other parameters say nothing about formats as different as these.
_RANGE = re.compile(r"\s*([a-z0-9!#$&^_.+*-]+)/([a-z0-9!#$&^_.+*-]+)\s*(;.*)?", re.DOTALL)
_QUALITY = re.compile(r";\s*q\s*=\s*([^;]*)")
_NUMBER = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*")
# A header may be 32 KB long; whoever sends more than this gets what the first of it says.
_MOST_CHARACTERS = 1_000


def preferred(accept: str, formats: Mapping[str, str]) -> str:
    """The format with the highest quality; of equals the one that is named most exactly, then the first.

    The first is also for a viewer that wants none of them.

    Args:
        accept: The header; several are joined with commas.
        formats: By name, the media type that each goes by.
    """
    ranges = list(_ranges(accept[:_MOST_CHARACTERS].lower()))
    # max takes the first of equals.
    return max(formats, key=lambda name: _wish(formats[name], ranges))


def _ranges(accept: str) -> list[tuple[str, str, float]]:
    """Type, subtype and quality of each part; one that is malformed says nothing."""
    found = []
    for part in accept.split(","):
        media = _RANGE.fullmatch(part)
        if media is None:
            continue
        quality = _QUALITY.search(media[3] or "")
        if quality is None:
            found.append((media[1], media[2], 1.0))
        elif _NUMBER.fullmatch(quality[1]):
            found.append((media[1], media[2], float(quality[1])))
    return found


def _wish(media_type: str, ranges: Sequence[tuple[str, str, float]]) -> tuple[float, int]:
    """The quality that the most exact range gives, and how exact it is; nothing where it is not wanted."""
    fits = [(_exactness(media_type, kind, subtype), quality) for kind, subtype, quality in ranges]
    exactness, quality = max(fits, default=(0, 0.0))
    return (quality, exactness) if exactness and quality else (0.0, 0)


def _exactness(media_type: str, kind: str, subtype: str) -> int:
    """How exactly a range names a media type: 0 where it does not; application/problem+json is JSON."""
    own_kind, _, own_subtype = media_type.partition("/")
    if kind == subtype == "*":
        return 1
    if kind != own_kind:
        return 0
    if subtype == own_subtype or subtype.endswith(f"+{own_subtype}"):
        return 3
    return 2 if subtype == "*" else 0
