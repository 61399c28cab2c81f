"""YAML and JSON files of people, read with bounds, and with the line of each value.

Built from the events of PyYAML's parser, one after the other: building by recursion ends the process where a file is
nested deeply enough.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable, Collection
from typing import Any

from ..command_line.frame import extra
from . import json_reader as _json
from .document import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_SIZE,
    MOST_REPEATED,
    DocumentError,
    Path,
    Repeated,
    decode,
    shown,
    too_deep,
    too_many,
    twice,
)
from .yaml_tags import CLOUDFORMATION_TAGS, Tag, Tags

__all__ = ["CLOUDFORMATION_TAGS", "MAX_SIZE", "DocumentError", "Path", "Repeated", "Tags", "dump", "lines", "load"]

# The core schema of YAML 1.2: unlike in YAML 1.1, ``NO`` is a country and not false.
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_FRACTION = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,3})?")

# Tags that say no more than the value does; the key is the type.
_YAML = "tag:yaml.org,2002:"
_PLAIN_TAGS: dict[type, tuple[str | None, ...]] = {
    str: (None, "!", f"{_YAML}str"),
    dict: (None, "!", f"{_YAML}map"),
    list: (None, "!", f"{_YAML}seq"),
}

# libyaml compares each with all before it.
_MAX_TAG_DIRECTIVES = 64
_TAG_DIRECTIVE = re.compile("(?:\\A|[\n\r\x85\u2028\u2029])%TAG")

# What ends a line in YAML beside a line feed and a carriage return.
_BREAKS = frozenset("\x85\u2028\u2029")


def load(
    content: bytes,
    *,
    is_json: bool,
    tags: Tags | None = None,
    max_size: int = MAX_SIZE,
    repeated: list[Repeated] | None = None,
) -> Any:
    """The value of a file.

    Args:
        content: The file.
        is_json: Whether it is JSON, which is read faster.
        tags: What tags in YAML stand for. A file that may have them may also have merge keys (``<<``).
        max_size: How many bytes are read.
        repeated: Gets the keys that a mapping has twice, of which the last one counts, at most ``MOST_REPEATED``.
            Default: such a file is refused.

    Raises:
        DocumentError: The file is too large, too deep or no document; or it has a key twice, without ``repeated``.
        CommandError: PyYAML is not installed, and the file is YAML.
    """
    text = decode(content, max_size)
    return _json.load(text, repeated) if is_json else _load_yaml(text, tags, None, repeated)


def lines(
    content: bytes, *, tags: Tags | None = None, wanted: Collection[Path] | None = None, of_keys: bool = False
) -> dict[Path, int]:
    """The line of each value of a file that has been loaded, or of those that are wanted.

    The value of a tag is where the mapping that it stands for has it; a key that was merged is where the ``<<`` is.
    JSON is YAML, too, but for an escape that stands for half a character; what comes after one has no line. Of a key
    that a mapping has twice, the last one counts.

    Args:
        content: The file.
        tags: The tags that it may have. Default: none.
        wanted: The values whose lines are wanted. Default: all.
        of_keys: Whether the line of what a mapping has is that of its key, and not of the value. Default False.
    """
    found: dict[Path, int] = {} if wanted is None else _Wanted(wanted)
    with contextlib.suppress(DocumentError):
        _load_yaml(content.decode("utf-8-sig"), tags, found, [], of_keys=of_keys)
    return found


def dump(value: Any) -> str:
    """A value as YAML that ``load`` reads as the same value.

    Raises:
        CommandError: PyYAML is not installed.
    """
    yaml: Any = extra("ha-patterns-cli[terminal]", "yaml")

    class Writer(yaml.SafeDumper):  # type: ignore[misc]
        def ignore_aliases(self, _: Any) -> bool:
            return True

    def text(writer: Any, given: str) -> Any:
        # PyYAML writes as YAML 1.1 reads, where 089 and 1e3 are text.
        plain = None if _plain(given) == given else "'"
        # Only between double quotes are breaks of lines written as what they are.
        style = '"' if _BREAKS.intersection(given) else plain
        return writer.represent_scalar("tag:yaml.org,2002:str", given, style=style)

    Writer.add_representer(str, text)
    written: str = yaml.dump(value, Dumper=Writer, allow_unicode=True, sort_keys=False, width=120)
    return written


class _Wanted(dict[Path, int]):
    """Keeps the lines that are wanted: those of all values of a large file would fill the memory."""

    def __init__(self, wanted: Collection[Path]) -> None:
        super().__init__()
        self._wanted = wanted

    def __setitem__(self, path: Path, line: int) -> None:
        if path in self._wanted:
            super().__setitem__(path, line)


class _MergeKey(str):
    """The key ``<<`` where it was not quoted."""

    __slots__ = ()


_MERGE = _MergeKey("<<")


class _Open:
    """A collection that is being filled.

    Args:
        made: What it is filled into.
        anchor: Its name, for aliases.
        before: How many values the document had before it.
    """

    __slots__ = ("anchor", "awaits_key", "before", "is_mapping", "is_tag", "key", "made", "merged")

    def __init__(self, made: Any, anchor: str | None, before: int) -> None:
        self.made = made
        self.anchor = anchor
        self.before = before
        self.is_mapping = self.awaits_key = isinstance(made, dict)
        self.key: str = ""
        # A mapping that a tag stands for ends with its only value.
        self.is_tag = False
        self.merged: tuple[Any, int] | None = None


class _Builder:
    """Puts a document together, event by event.

    Args:
        tags: What tags stand for; None where there are neither tags nor merge keys.
        found: Gets the line of each value; None where nobody asks.
        of_keys: Whether the lines are those of keys, as of ``lines``.
        repeated: Gets the keys that a mapping has twice; None if they are refused.
    """

    def __init__(
        self, tags: Tags | None, found: dict[Path, int] | None, repeated: list[Repeated] | None, *, of_keys: bool
    ) -> None:
        self._tags = tags
        self._repeated = repeated
        self._found = found
        self._of_keys = of_keys
        self._documents: list[Any] = []
        # The first holds the documents, so that every value is put into something.
        self._open = [_Open(self._documents, None, 0)]
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0

    @property
    def value(self) -> Any:
        if not self._documents:
            raise DocumentError("is empty", 1)
        return self._documents[0]

    def document(self, event: Any) -> None:
        if self._documents:
            raise DocumentError("has more than one document", _line(event))

    def scalar(self, event: Any) -> None:
        tag: str | None = event.tag
        if self._open[-1].awaits_key:
            self._key(event.value, event)
        elif tag is None:
            value = _plain(event.value) if event.implicit[0] else event.value
            self._put(value, event, 1)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
        elif tag in _PLAIN_TAGS[str]:
            self._put(event.value, event, 1)
            if event.anchor:
                self._anchors[event.anchor] = (event.value, 1)
        else:
            self._tagged_scalar(event)

    def alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            name = shown(event.anchor)
            raise DocumentError(f"has *{name}, which is not anchored before, or holds itself", _line(event))
        value, weight = self._anchors[event.anchor]
        if self._open[-1].awaits_key:
            self._key(value, event, is_alias=True)
        else:
            self._put(value, event, weight)

    def mapping(self, event: Any) -> None:
        self._collection({}, event)

    def sequence(self, event: Any) -> None:
        self._collection([], event)

    def end(self, _: Any = None) -> None:
        closed = self._open.pop()
        if closed.merged:
            self._merge(closed.made, *closed.merged)
        if closed.anchor:
            self._anchors[closed.anchor] = (closed.made, self._nodes - closed.before)
        if self._open[-1].is_tag:
            self.end()

    def _tagged_scalar(self, event: Any) -> None:
        tag = self._start_tag(event)
        if tag.splits:
            self._start([], None, event)
            for part in event.value.split(".", 1):
                self._put(part, event, 1)
        else:
            # Text, whatever it looks like: !Sub 1 is no number.
            self._put(event.value, event, 1)
        self.end()

    def _collection(self, made: Any, event: Any) -> None:
        if self._open[-1].awaits_key:
            raise DocumentError("has a key that is not text", _line(event))
        if event.tag in _PLAIN_TAGS[type(made)]:
            self._start(made, event.anchor, event)
        else:
            self._start_tag(event)
            self._start(made, None, event)

    def _start_tag(self, event: Any) -> Tag:
        """Start the mapping that a tag stands for."""
        tag = self._tags.get(event.tag) if self._tags else None
        if tag is None:
            raise DocumentError(f"has the tag {shown(event.tag)}, which is not known here", _line(event))
        self._start({}, event.anchor, event)
        parent = self._open[-1]
        parent.key, parent.awaits_key, parent.is_tag = tag.key, False, True
        return tag

    def _start(self, made: Any, anchor: str | None, event: Any) -> None:
        if len(self._open) > MAX_DEPTH:
            raise DocumentError(too_deep(), _line(event))
        before = self._nodes
        self._put(made, event, 1)
        self._open.append(_Open(made, anchor, before))

    def _key(self, key: Any, event: Any, *, is_alias: bool = False) -> None:
        parent = self._open[-1]
        if not isinstance(key, str):
            raise DocumentError("has a key that is not text", _line(event))
        if not is_alias:
            if self._tags is not None and key == "<<" and _is_merge(event):
                key = _MERGE
            elif event.tag not in _PLAIN_TAGS[str]:
                raise DocumentError(f"has the tag {shown(event.tag)} on a key", _line(event))
        if key in parent.made if key is not _MERGE else parent.merged:
            if self._repeated is None or key is _MERGE:
                raise DocumentError(twice(key), _line(event))
            self._replace(key, self._repeated, event)
        parent.key, parent.awaits_key = key, False
        if self._found is not None and self._of_keys and key is not _MERGE:
            self._found[self._path()] = _line(event)

    def _replace(self, key: str, repeated: list[Repeated], event: Any) -> None:
        """Let the last value of a key count, and forget the lines of what the earlier one has."""
        # Beyond these, what is found may be on the line of an earlier value: each goes through all lines.
        if len(repeated) >= MOST_REPEATED:
            return
        repeated.append(Repeated(key, _line(event)))
        path = (*self._path()[:-1], key)
        for stale in [one for one in self._found or () if one[: len(path)] == path]:
            del self._found[stale]  # type: ignore[union-attr]

    def _put(self, value: Any, event: Any, weight: int) -> None:
        self._nodes += weight
        if self._nodes > MAX_NODES:
            raise DocumentError(too_many(), _line(event))
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.made.append(value)
        elif parent.key is _MERGE:
            parent.merged = value, _line(event)
            parent.awaits_key = True
        else:
            parent.made[parent.key] = value
            parent.awaits_key = True
        if self._found is not None and not (self._of_keys and parent.is_mapping):
            self._found[self._path()] = _line(event)

    def _path(self) -> Path:
        return tuple(parent.key if parent.is_mapping else len(parent.made) - 1 for parent in self._open[1:])

    def _merge(self, own: dict[str, Any], merged: Any, line: int) -> None:
        """Add what ``<<`` names: a mapping's own keys win, and earlier mappings win over later ones."""
        path = self._path()
        for mapping in merged if isinstance(merged, list) else [merged]:
            if not isinstance(mapping, dict):
                raise DocumentError("has << of what is neither a mapping nor a sequence of mappings", line)
            for key, value in mapping.items():
                if key not in own:
                    own[key] = value
                    if self._found is not None:
                        self._found[(*path, key)] = line


def _load_yaml(
    text: str,
    tags: Tags | None,
    found: dict[Path, int] | None,
    repeated: list[Repeated] | None = None,
    *,
    of_keys: bool = False,
) -> Any:
    yaml: Any = extra("ha-patterns-cli[terminal]", "yaml")
    if text.count("%TAG") > _MAX_TAG_DIRECTIVES and len(_TAG_DIRECTIVE.findall(text)) > _MAX_TAG_DIRECTIVES:
        raise DocumentError(f"has more than {_MAX_TAG_DIRECTIVES} lines that begin with %TAG")
    builder = _Builder(tags, found, repeated, of_keys=of_keys)
    handle: dict[type, Callable[[Any], None]] = {
        yaml.DocumentStartEvent: builder.document,
        yaml.ScalarEvent: builder.scalar,
        yaml.AliasEvent: builder.alias,
        yaml.MappingStartEvent: builder.mapping,
        yaml.SequenceStartEvent: builder.sequence,
        yaml.MappingEndEvent: builder.end,
        yaml.SequenceEndEvent: builder.end,
    }
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            handler = handle.get(type(event))
            if handler:
                handler(event)
    except yaml.YAMLError as error:
        raise _not_yaml(yaml, error, text) from None
    return builder.value


def _not_yaml(yaml: Any, error: Any, text: str) -> DocumentError:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        # Of a character that it does not take, the parser tells an offset only, and not in each case.
        match = yaml.reader.Reader.NON_PRINTABLE.search(text)
        if match is None:
            return DocumentError("is not YAML: it cannot be read")
        line = text.count("\n", 0, match.start()) + 1
        return DocumentError(f"is not YAML: it has the control character U+{ord(match[0]):04X}", line)
    problem = shown(error.problem)
    if "maximum nesting" in problem:
        # A newer libyaml has a bound of its own, and looks ahead.
        return DocumentError(too_deep(), mark.line + 1)
    if text[mark.index : mark.index + 1] == "\t":
        problem = "it has a tab where only spaces may be"
    return DocumentError(f"is not YAML: {problem}", mark.line + 1)


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _is_merge(event: Any) -> bool:
    """Whether a key that reads ``<<`` is one that merges: plain, or with the tag that says so."""
    return event.tag == f"{_YAML}merge" or (event.tag is None and event.implicit[0])


def _plain(text: str) -> Any:
    """What a word without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    # Most are words.
    if text[0] not in "+-.0123456789":
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    if _FRACTION.fullmatch(text):
        number = float(text)
        return text if math.isinf(number) else number
    return text
