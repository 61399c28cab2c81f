"""Text in a picture: how wide it is in any font that a viewer may have, and how it is cut to fit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

# Per hundred of the font's size, in DejaVu Sans, which is among the widest fonts that stand for sans-serif.
_WIDTHS = {
    28: "'ijl",
    30: "IJ",
    32: " ,.",
    34: "/:;\\|",
    36: "f",
    38: "-",
    40: "()[]t",
    42: "!r",
    46: '"',
    50: "*_`",
    54: "?sz",
    56: "Lc",
    58: "Fk",
    60: "vxy",
    62: "PTYaeo",
    64: "$0123456789ESbdghnpqu{}",
    66: "K",
    70: "ABCRVXZ",
    74: "U",
    76: "HN",
    78: "&DG",
    80: "OQ",
    82: "w",
    84: "#+<=>^~",
    88: "M",
    96: "%",
    98: "m",
    100: "@W",
}
_WIDTH = {character: width for width, characters in _WIDTHS.items() for character in characters}
_BOLDER = 8
# Outside of ASCII: as wide as anything but the widest scripts.
_OTHER = 100
_WIDE = 170
_FIRST_WIDE = 0x2E80
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
# What XML 1.0 has no way to write, and what turns the text around it the other way.
_DROPPED = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Behind a mark, but not within a Region's name; before a capital that begins a word; before the hash that ends an id of
# the CDK. Ids of AWS, capitals and digits in any order, are one piece.
_BREAKS = re.compile(
    r"(?<=[./:_, ])|(?<=-)(?!(?:[a-z]+-)?\d(?![0-9A-Za-z]))"
    r"|(?<=[a-z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9A-F]{8}(?![0-9A-Za-z]))"
)
# How much wider than the mean a line may be; the smallest that will do makes lines alike.
_SHARES = (1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, math.inf)
_LONGEST = 400


def clean(text: str) -> str:
    """One line, without what no picture can show."""
    return " ".join(_DROPPED.sub("", text).split())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line may be, in the unit of the size."""
    extra = _BOLDER if bold else 0
    total = sum(_WIDTH.get(one, _WIDE if ord(one) >= _FIRST_WIDE else _OTHER) + extra for one in text)
    return total * size / 100


def shortened(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """A line that is not wider than ``most``: what is too much is taken out of its middle."""
    if width(text, size, bold=bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        kept = (low + high + 1) // 2
        if width(_without_middle(text, kept), size, bold=bold) <= most:
            low = kept
        else:
            high = kept - 1
    return _without_middle(text, low)


def wrapped(text: str, size: float, most: float, lines: int, *, bold: bool = False) -> list[str]:
    """The text in as few lines as it needs, of much the same width: broken where names have a mark, and shortened.

    Args:
        text: It.
        size: Of the font.
        most: How wide a line is at most.
        lines: How many there are at most.
        bold: Whether the font is.
    """
    pieces = [piece for piece in _BREAKS.split(text[:_LONGEST]) if piece]
    widths = [width(piece, size, bold=bold) for piece in pieces]
    if not pieces:
        return [""]
    for count in range(1, lines + 1):
        for share in _SHARES:
            limit = min(most, sum(widths) / count * share)
            found = _filled(pieces, widths, limit)
            if len(found) <= count and len(text) <= _LONGEST and max(widths, default=0.0) <= most:
                return [line.rstrip() for line in found]
    first = _filled(pieces, widths, most)[: lines - 1]
    first = first if all(width(line, size, bold=bold) <= most for line in first) else []
    return [*(line.rstrip() for line in first), shortened(text[len("".join(first)) :], size, most, bold=bold)]


def _filled(pieces: Sequence[str], widths: Sequence[float], limit: float) -> list[str]:
    """The pieces in lines; a piece that is too wide for any makes one that is."""
    found: list[str] = []
    left = 0.0
    for piece, wide in zip(pieces, widths, strict=True):
        if found and wide <= left:
            found[-1] += piece
        else:
            found.append(piece)
            left = limit
        left -= wide
    return found


def _without_middle(text: str, kept: int) -> str:
    if kept >= len(text):
        return text
    head = (kept + 1) // 2
    return text[:head] + ELLIPSIS + text[len(text) - (kept - head) :]
