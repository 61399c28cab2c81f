"""What a parent gives the stacks that are nested in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .intrinsics import MISSING
from .stacks import Template
from .templates import Templates
from .values import concatenate


class GivenByParent(Mapping[str, Any]):
    """The parameters of a nested stack, worked out when they are asked for: siblings may be read later.

    A parent's pseudo parameters are its nested stacks' too; its other parameters are not.
    """

    def __init__(self, templates: Templates, parent: Template, logical_id: str) -> None:
        self._resolver = templates.resolver(parent.stack.id)
        given = self._resolver.step(parent.properties(logical_id).get("Parameters"), ())[0]
        given = given if isinstance(given, dict) else {}
        self._raw = {name: raw for name, raw in given.items() if raw != {"Ref": "AWS::NoValue"}}
        self._pseudo = {name: parent.given[name] for name in parent.given if name.startswith("AWS::")}
        self._names = dict.fromkeys((*self._pseudo, *self._raw))

    def __getitem__(self, name: str) -> Any:
        if name not in self._raw:
            return self._pseudo[name]
        path = ("Properties", "Parameters", name)
        value = self._resolver.resolve(self._raw[name], path)
        if isinstance(value, list):
            texts = [self._resolver.as_text(item, path) for item in value]
            return concatenate(part for index, text in enumerate(texts) for part in ((",", text) if index else (text,)))
        return self._resolver.as_text(None if value is MISSING else value, path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names
