"""``Fn::ForEach`` of AWS::LanguageExtensions: one fragment of a template for each item of a list.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .intrinsics import Resolver
from .transforms import is_logical_id
from .values import Unresolved

_LOOP = "Fn::ForEach::"
#: CloudFormation's own limits are 500 resources and 5 levels.
_MOST = 10_000
_DEEPEST = 5
#: How many values may be made, whatever is in the fragments.
_MOST_VALUES = 2_000_000
_VARIABLE = re.compile(r"([$&])\{([^{}]*)\}")
_NOT_LETTERS = re.compile(r"[^A-Za-z0-9]")


class _LeftError(Exception):
    """Why a loop is left as it is."""


class Loops:
    """Expands the loops of one template.

    Args:
        resolver: Of the template, before it has any resources.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._made = 0
        self._values = 0

    def expand(self, section: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """A section with what its loops make, and by loop, why some are left out."""
        found: dict[str, Any] = {}
        left: dict[str, str] = {}
        for key, value in section.items():
            try:
                found.update(self._looped(value) if key.startswith(_LOOP) else {key: self._inside(value)})
            except _LeftError as error:
                left[key] = str(error)
                if not key.startswith(_LOOP):
                    found[key] = value
        return found, left

    def _looped(self, loop: Any) -> dict[str, Any]:
        made = dict(self._loop(loop, {}, 1))
        refused = next((name for name in made if not is_logical_id(name)), None)
        if refused is not None:
            raise _LeftError(f"Fn::ForEach makes a logical id that CloudFormation refuses: {refused[:80]!r}")
        return made

    def _inside(self, value: Any) -> Any:
        """A value of the template with the loops that are somewhere in it."""
        return self._filled(value, {}, 1) if _has_loop(value) else value

    def _loop(self, loop: Any, given: Mapping[str, str], level: int) -> Iterator[tuple[str, Any]]:
        if level > _DEEPEST:
            raise _LeftError(f"Fn::ForEach is nested more than {_DEEPEST} deep")
        if (
            not isinstance(loop, list)
            or len(loop) != 3
            or not isinstance(loop[0], str)
            or not isinstance(loop[2], dict)
        ):
            raise _LeftError("Fn::ForEach has not a name, a list and an object")
        for item in self._items(self._filled(loop[1], given, level)):
            variables = {**given, loop[0]: item}
            for key, value in loop[2].items():
                if key.startswith(_LOOP):
                    yield from self._loop(value, variables, level + 1)
                    continue
                self._made += 1
                if self._made > _MOST:
                    raise _LeftError(f"Fn::ForEach makes more than {_MOST} of them")
                yield _filled_text(key, variables), self._filled(value, variables, level)

    def _items(self, collection: Any) -> list[str]:
        items = self._resolver.resolve(collection)
        if isinstance(items, Unresolved):
            raise _LeftError(f"Fn::ForEach depends on {items.waits_for}")
        texts = [self._resolver.as_text(item) for item in items] if isinstance(items, list) else [None]
        known = [text for text in texts if isinstance(text, str)]
        if len(known) < len(texts):
            raise _LeftError("Fn::ForEach has a list of which nothing tells what is in it")
        return known

    def _filled(self, value: Any, given: Mapping[str, str], level: int) -> Any:
        """A part of a fragment with the items put in."""
        self._values += 1
        if self._values > _MOST_VALUES:
            raise _LeftError("Fn::ForEach makes too much")
        if isinstance(value, str):
            return _filled_text(value, given)
        if isinstance(value, list):
            return [self._filled(one, given, level) for one in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and isinstance(value.get("Ref"), str) and value["Ref"] in given:
            return given[value["Ref"]]
        made: dict[str, Any] = {}
        for key, one in value.items():
            if key.startswith(_LOOP):
                made.update(self._loop(one, given, level + 1))
            else:
                made[_filled_text(key, given)] = self._filled(one, given, level)
        return made


def _filled_text(text: str, given: Mapping[str, str]) -> str:
    def put(match: re.Match[str]) -> str:
        item = given.get(match[2])
        if item is None:
            return match[0]
        return item if match[1] == "$" else _NOT_LETTERS.sub("", item)

    return _VARIABLE.sub(put, text) if given else text


def _has_loop(value: Any) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if any(key.startswith(_LOOP) for key in one):
                return True
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return False
