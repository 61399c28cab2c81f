"""The rules of all hosts as one file of the asset, of which the function reads what a request asks for."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

from .rules import by_path
from .sources import part_of

# Small enough to be read in no time, large enough that the line of their places stays short.
_PART_SIZE = 4 * 1024
# A host's rules are read as a whole up to this: they are looked up faster then. A request may read six such tables.
_WHOLE_SIZE = 128 * 1024

Part = dict[str, Any]


def pack(sets: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The file, the same for the same rules.

    Args:
        sets: By host; nothing is wrong with them.
    """
    small: Part = {}
    large: dict[tuple[str, int], list[Part]] = {}
    for host in sorted(sets):
        (exact, prefixes, lengths, longest), _ = by_path(sets[host]["rules"])
        whole = [_without_paths(exact), _without_paths(prefixes)]
        for place, table in enumerate(whole):
            if len(_dump(table)) > _WHOLE_SIZE:
                large[host, place] = _parts(table)
        small[host] = [*whole, lengths, longest]
    for host, place in large:
        small[host][place] = []
    parts = _parts(small)
    hosts = len(parts)
    # Where the parts of the large ones are is known now, and how many there are of the small ones stays.
    for (host, place), split in large.items():
        parts[part_of(host, hosts)][host][place] = [len(parts), len(split)]
        parts += split
    return _joined(hosts, parts)


def unpack(content: bytes) -> dict[str, dict[str, Any]]:
    """The sets of rules that a file has, by host, as they were packed; for people who look at it, not for the function.

    Args:
        content: The file.
    """
    hosts, *starts = json.loads(content[: content.index(b"\n")])
    parts = [json.loads(content[start:end]) for start, end in itertools.pairwise(starts)]
    found: dict[str, dict[str, Any]] = {}
    for part in parts[:hosts]:
        for host, (exact, prefixes, _, _) in part.items():
            rules = {**_rules(exact, parts, ""), **_rules(prefixes, parts, "*")}
            found[host] = {"rules": [rules[index] for index in sorted(rules)]}
    return found


def _rules(table: Part | list[int], parts: list[Part], end: str) -> dict[int, dict[str, Any]]:
    """The rules of a table, by their places."""
    if isinstance(table, list):
        first, count = table
        table = {path: rules for part in parts[first : first + count] for path, rules in part.items()}
    return {index: {"path": path + end, **rule} for path, rules in table.items() for index, rule in rules}


def _without_paths(table: Part) -> Part:
    """The rules of a table without what they are found by."""
    return {
        path: [(index, {key: value for key, value in rule.items() if key != "path"}) for index, rule in rules]
        for path, rules in table.items()
    }


def _parts(whole: Part) -> list[Part]:
    parts: list[Part] = [{} for _ in range(len(_dump(whole)) // _PART_SIZE + 1)]
    for key, value in whole.items():
        parts[part_of(key, len(parts))][key] = value
    return parts


def _joined(hosts: int, parts: list[Part]) -> bytes:
    texts = [_dump(part) for part in parts]
    # The line's own length decides where the parts start, so its numbers are of a fixed width.
    starts = [(len(parts) + 2) * 11 + 2]
    for text in texts:
        starts.append(starts[-1] + len(text))
    line = ",".join(f"{number:10}" for number in (hosts, *starts))
    return f"[{line}]\n".encode() + b"".join(texts)


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()
