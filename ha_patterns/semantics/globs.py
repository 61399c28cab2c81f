"""Whether a text with wildcards is another text, of which either may be known in part only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..topology.values import Reference, Unresolved, Value, atoms, comparable, starts

_WILDCARD = re.compile(r"[*?]")
_PARTITION = re.compile(r"arn:aws(?:-[a-z-]+)?:")
_CHINA = ".amazonaws.com.cn"
_USUAL = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
# What is in no id or name that AWS makes, so that no text with it is one: a * where nothing looks for patterns.
_NO_ID = frozenset("*?")
#: Texts that are longer than this are not compared: no ARN is, whose parts take 2,048 characters at most.
_LONGEST = 4_096


class _Part(NamedTuple):
    """A part of a text.

    Attributes:
        text: A character; empty for what is not known.
        any: Whether it is ``*``.
        one: Whether it is ``?``, which stands for one character.
        made: What AWS makes, where it is that.
        unknown: What the part waits for, where it is not known.
    """

    text: str = ""
    any: bool = False
    one: bool = False
    made: Reference | None = None
    unknown: Unresolved | None = None


def same(value: Value, names: tuple[Value, ...], *, any_case: bool = False) -> bool | None:
    """Whether a value is one of some names, which all mean the same; None where nothing tells.

    Args:
        value: What is compared.
        names: Other ways to say one text.
        any_case: Whether capital letters and small ones are the same.
    """
    return _compare(value, names, wild=False, any_case=any_case)


def selects(pattern: Value, names: tuple[Value, ...], *, any_case: bool = False) -> bool | None:
    """Whether a pattern of a policy, with ``*`` and ``?``, selects what some names mean; None where nothing tells.

    Args:
        pattern: As the policy has it.
        names: Other ways to say one text; a ``*`` in it is a part that is not known, a ``?`` a character that is not.
        any_case: Whether capital letters and small ones are the same.
    """
    return _compare(pattern, names, wild=True, any_case=any_case)


def _compare(pattern: Value, names: Sequence[Value], *, wild: bool, any_case: bool) -> bool | None:
    # All names mean one text: what is sure of one of them is sure of all.
    told = [_at_a_glance(pattern, name, wild=wild, any_case=any_case) for name in names]
    if True in told or False in told:
        return True in told
    for name in names:
        sure = _go_through(pattern, name, wild=wild, any_case=any_case)
        if sure is not None:
            return sure
    return None


def _go_through(pattern: Value, name: Value, *, wild: bool, any_case: bool) -> bool | None:
    one, other = _parts(pattern, any_case=any_case), _parts(name, any_case=any_case)
    if len(one) + len(other) > _LONGEST:
        return None
    if wild:
        one = tuple(_wild(part) for part in one)
    other = tuple(_unknown(part) for part in other)
    if _meet(one, other, sure=True):
        return True
    return None if _meet(one, other, sure=False) else False


def _at_a_glance(pattern: Value, name: Value, *, wild: bool, any_case: bool) -> bool | None:
    """Whether two texts are one, where that is seen without going through them; None where it is not."""
    if wild and pattern == "*":
        return True
    if pattern == name and comparable(pattern) and (wild or not _has_wildcard(name)):
        return True
    if isinstance(pattern, str) and isinstance(name, str) and not _has_wildcard(name):
        one, other = _usual(pattern), _usual(name)
        one, other = (one.lower(), other.lower()) if any_case else (one, other)
        return _pattern(one).fullmatch(other) is not None if wild else one == other
    one, other = _known_start(pattern, wild=wild), _known_start(name, wild=True)
    length = min(len(one), len(other))
    one, other = (one.lower(), other.lower()) if any_case else (one, other)
    return False if one[:length] != other[:length] else None


@lru_cache(maxsize=1_024)
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of policies as a regular expression, which tries no part of a text twice for one part of itself."""
    first, *rest = ("".join("." if one == "?" else re.escape(one) for one in part) for part in text.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    # What comes between two * is best where it comes first: to look further on finds nothing more.
    between = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{between}.*{rest[-1]}", re.DOTALL)


def _usual(text: str) -> str:
    """A text with the partition and the suffix that it would have outside of China and GovCloud."""
    text = _PARTITION.sub("arn:aws:", text, count=1)
    return text.removesuffix(".cn") if text.endswith(_CHINA) else text


def _known_start(value: Value, *, wild: bool) -> str:
    """What a text surely starts with, with the usual partition; up to its first wildcard."""
    known = starts(value)
    known = _PARTITION.sub("arn:aws:", known, count=1) if known.startswith("arn:aws-") else known
    # An arn:aws that goes on may be of another partition.
    known = known.removesuffix("aws") if known == "arn:aws" else known
    return _WILDCARD.split(known, maxsplit=1)[0] if wild else known


def _has_wildcard(value: Value) -> bool:
    return any(isinstance(atom, str) and _WILDCARD.search(atom) is not None for atom in atoms(value))


def _wild(part: _Part) -> _Part:
    if part.text == "*":
        return _Part(any=True)
    return _Part(one=True) if part.text == "?" else part


def _unknown(part: _Part) -> _Part:
    if part.text == "*":
        return _Part(unknown=Unresolved("the rest of a name"))
    return _Part(one=True) if part.text == "?" else part


def _parts(value: Value, *, any_case: bool) -> tuple[_Part, ...]:
    """The parts of a value, with the partition and the suffix that it would have outside of China and GovCloud."""
    parts: list[_Part] = []
    for index, atom in enumerate(atoms(value)):
        if isinstance(atom, Unresolved):
            atom = next((usual for name, usual in _USUAL.items() if atom.waits_for.startswith(name)), atom)
        if isinstance(atom, Reference):
            parts.append(_Part(made=atom))
        elif isinstance(atom, Unresolved):
            parts.append(_Part(unknown=atom))
        else:
            text = _PARTITION.sub("arn:aws:", atom, count=1) if index == 0 else atom
            text = text.removesuffix(".cn") if text.endswith(_CHINA) else text
            parts += [_Part(text=character) for character in (text.lower() if any_case else text)]
    return tuple(parts)


def _meet(pattern: tuple[_Part, ...], name: tuple[_Part, ...], *, sure: bool) -> bool:
    """Whether two texts are one: for certain, or else if what is not known happens to be right."""
    # By how much of the name is behind, whether the pattern so far may end there.
    reached = {0}
    for part in pattern:
        reached = _closed(reached, name, sure=sure)
        reached = _step(part, reached, name, sure=sure)
        if not reached:
            return False
    return len(name) in _closed(reached, name, sure=sure)


def _closed(reached: set[int], name: tuple[_Part, ...], *, sure: bool) -> set[int]:
    """With those behind what may be empty in the name."""
    if sure:
        return reached
    found = set(reached)
    for index, part in enumerate(name):
        if index in found and part.unknown is not None:
            found.add(index + 1)
    return found


def _step(part: _Part, reached: set[int], name: tuple[_Part, ...], *, sure: bool) -> set[int]:
    """How much of the name may be behind after one more part of the pattern."""
    if part.any:
        return set(range(min(reached), len(name) + 1)) if reached else set()
    found: set[int] = set()
    for start in reached:
        other = name[start] if start < len(name) else _Part()
        if start < len(name) and _equal(part, other, sure=sure):
            found.add(start + 1)
        if sure:
            continue
        # What is not known in the name goes on, or ends.
        if other.unknown is not None or (
            other.made is not None and (part.text or part.one) and part.text not in _NO_ID
        ):
            found |= {start, start + 1}
        if part.unknown is not None:
            found |= set(range(start, len(name) + 1))
        if part.made is not None:
            found |= set(_made(part.made, start, name))
    return found


def _made(made: Reference, start: int, name: tuple[_Part, ...]) -> Iterator[int]:
    """How much of the name may be behind what AWS makes, which is never empty.

    One attribute of two resources is never the same. Another attribute may have it inside, and go on behind it: the ARN
    of an API has the id of the API.
    """
    for end in range(start, len(name)):
        other = name[end].made
        if other is not None:
            if other.attribute == made.attribute:
                return
            yield end
        yield end + 1


def _equal(part: _Part, other: _Part, *, sure: bool) -> bool:
    if part.one:
        return bool(other.text) or other.one
    if part.text:
        return part.text == other.text or (other.one and not sure)
    if part.made is not None:
        return part.made == other.made
    if part.unknown is not None and sure:
        return other.unknown is not None and part.unknown == other.unknown and comparable(part.unknown)
    return part.unknown is not None
