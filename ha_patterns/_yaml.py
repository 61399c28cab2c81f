"""YAML and JSON files of people, read with bounds, and with the line of each value.

Built from the events of PyYAML's parser, one after the other: building by recursion ends the process where a file is
nested deeply enough.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from typing import Any

from ._commands import extra

#: What a person may write: far more than any sensible file has.
MAX_SIZE = 32 * 1024 * 1024
_MAX_DEPTH = 64
_MAX_NODES = 4_000_000

# The core schema of YAML 1.2: unlike in YAML 1.1, ``NO`` is a country and not false.
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_FRACTION = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?")

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


def load(content: bytes, *, is_json: bool) -> Any:
    """The value of a file.

    Args:
        content: The file.
        is_json: Whether it is JSON, which is read faster.

    Raises:
        DocumentError: It is too large, too deep, no document, or has a key twice.
        CommandError: PyYAML is not installed, and the file is YAML.
    """
    if len(content) > MAX_SIZE:
        raise DocumentError(f"has {len(content)} bytes; at most {MAX_SIZE} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"is not text in UTF-8: {error.reason}", content.count(b"\n", 0, error.start) + 1) from None
    return _load_json(text) if is_json else _load_yaml(text, None)


def lines(content: bytes) -> dict[Path, int]:
    """The line of each value of a file that has been loaded.

    JSON is YAML, too, but for an escape that stands for half a character; what comes after one has no line.
    """
    found: dict[Path, int] = {}
    with contextlib.suppress(DocumentError):
        _load_yaml(content.decode("utf-8-sig"), found)
    return found


def dump(value: Any) -> str:
    """A value as YAML that ``load`` reads as the same value.

    Raises:
        CommandError: PyYAML is not installed.
    """
    yaml: Any = extra("cli", "yaml")

    class Writer(yaml.SafeDumper):  # type: ignore[misc]
        def ignore_aliases(self, _: Any) -> bool:
            return True

    def text(writer: Any, given: str) -> Any:
        # PyYAML writes as YAML 1.1 reads, where 089 and 1e3 are text.
        plain = None if _plain(given) == given else "'"
        return writer.represent_scalar("tag:yaml.org,2002:str", given, style=plain)

    Writer.add_representer(str, text)
    written: str = yaml.dump(value, Dumper=Writer, allow_unicode=True, sort_keys=False, width=120)
    return written


def _load_json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            raise DocumentError(f"has the key {next(key for key in keys if keys.count(key) > 1)!r} twice")
        return made

    def whole(digits: str) -> int:
        if len(digits) > 19:
            raise DocumentError("has a number of more than 18 digits")
        return int(digits)

    def constant(word: str) -> Any:
        raise DocumentError(f"has {word}, which is not JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_int=whole, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise DocumentError(f"is not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise DocumentError("is nested too deeply") from None


class _Open:
    """A collection that is being filled."""

    __slots__ = ("anchor", "awaits_key", "before", "key", "made")

    def __init__(self, made: Any, anchor: str | None, before: int) -> None:
        self.made = made
        self.anchor = anchor
        self.before = before
        self.key: str | int = -1
        self.awaits_key = isinstance(made, dict)

    def put(self, value: Any) -> None:
        if isinstance(self.made, dict):
            self.made[self.key] = value
            self.awaits_key = True
        else:
            self.made.append(value)
            self.key = len(self.made) - 1


class _Builder:
    """Puts a document together, event by event.

    Args:
        found: Gets the line of each value; None where nobody asks.
    """

    def __init__(self, found: dict[Path, int] | None) -> None:
        self._found = found
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0
        self.value: Any = None

    def scalar(self, event: Any, line: int) -> None:
        if self._awaits_key():
            self._key(event.value, line)
            return
        tag, plain = event.tag, event.implicit[0]
        if tag not in (None, "!", "tag:yaml.org,2002:str"):
            raise DocumentError(f"has the tag {tag}, which is not known here", line)
        value = _plain(event.value) if plain and tag is None else event.value
        self._put(value, line, 1)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)

    def alias(self, event: Any, line: int) -> None:
        if event.anchor not in self._anchors:
            raise DocumentError(f"has *{event.anchor}, which is not anchored before, or holds itself", line)
        value, weight = self._anchors[event.anchor]
        if self._awaits_key():
            self._key(value, line)
        else:
            self._put(value, line, weight)

    def start(self, made: Any, event: Any, line: int) -> None:
        if self._awaits_key():
            raise DocumentError("has a key that is not text", line)
        if len(self._open) >= _MAX_DEPTH:
            raise DocumentError(f"is nested more than {_MAX_DEPTH} deep", line)
        before = self._nodes
        self._put(made, line, 1)
        self._open.append(_Open(made, event.anchor, before))

    def end(self) -> None:
        closed = self._open.pop()
        if closed.anchor:
            self._anchors[closed.anchor] = (closed.made, self._nodes - closed.before)

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].awaits_key

    def _key(self, key: Any, line: int) -> None:
        parent = self._open[-1]
        if not isinstance(key, str):
            raise DocumentError("has a key that is not text", line)
        if key in parent.made:
            raise DocumentError(f"has the key {key[:80]!r} twice", line)
        parent.key, parent.awaits_key = key, False

    def _put(self, value: Any, line: int, weight: int) -> None:
        self._nodes += weight
        if self._nodes > _MAX_NODES:
            raise DocumentError(f"has more than {_MAX_NODES} values", line)
        if self._open:
            self._open[-1].put(value)
        else:
            self.value = value
        if self._found is not None:
            self._found[tuple(parent.key for parent in self._open)] = line


def _load_yaml(text: str, found: dict[Path, int] | None) -> Any:
    yaml: Any = extra("cli", "yaml")
    builder = _Builder(found)
    documents = 0
    handle: dict[type, Callable[[Any, int], None]] = {
        yaml.ScalarEvent: builder.scalar,
        yaml.AliasEvent: builder.alias,
        yaml.MappingStartEvent: lambda event, line: builder.start({}, event, line),
        yaml.SequenceStartEvent: lambda event, line: builder.start([], event, line),
        yaml.MappingEndEvent: lambda _event, _line: builder.end(),
        yaml.SequenceEndEvent: lambda _event, _line: builder.end(),
    }
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise DocumentError("has more than one document", line)
            elif type(event) in handle:
                handle[type(event)](event, line)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise DocumentError(f"is not YAML: {problem}", mark.line + 1 if mark else None) from None
    return builder.value


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
