"""The rules of all hosts as one file of the asset, of which the function reads what a request asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .rules import by_path
from .sources import part_of

# Small enough to be read in a millisecond, large enough that the line of their places stays short.
_PART_SIZE = 32 * 1024


def pack(sets: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The file, the same for the same rules.

    Args:
        sets: By host; nothing is wrong with them.
    """
    packed = {}
    for host, value in sets.items():
        exact, prefixes, _ = by_path(value["rules"])
        packed[host] = {"exact": exact, "prefixes": prefixes}
    total = sum(len(_dump(tables)) for tables in packed.values())
    parts: list[dict[str, Any]] = [{} for _ in range(total // _PART_SIZE + 1)]
    for host in sorted(packed):
        parts[part_of(host, len(parts))][host] = packed[host]
    texts = [_dump(part) for part in parts]
    # The line's own length decides where the parts start, so its numbers are of a fixed width.
    width = 2 + (len(parts) + 1) * 11
    starts = [width]
    for text in texts:
        starts.append(starts[-1] + len(text))
    line = "[" + ",".join(f"{start:10}" for start in starts) + "]\n"
    return line.encode() + b"".join(texts)


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()
