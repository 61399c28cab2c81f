"""Nested stacks whose template is one of the given files: by its path, or by the file name in its URL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

from .assets import Assets
from .stacks import Template
from .templates import Templates
from .values import Value, ends

NESTED = "AWS::CloudFormation::Stack"
_NOT_AT_HAND = "is not at hand"


class GivenFiles:
    """The given files that may be templates of nested stacks.

    Args:
        assets: Finds templates beside their parents.
    """

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._by_name: dict[str, dict[Path, Path]] = {}
        self._stacks: set[str] = set()

    def add(self, template: Template) -> None:
        """Take in a given file."""
        path = template.stack.template
        self._stacks.add(template.stack.id)
        self._by_name.setdefault(path.name, {}).setdefault(path.resolve(), path)

    def nested(self, templates: Templates, parent: Template, logical_id: str) -> Path | str:
        """The template of a nested stack; or why there is none, as a sentence goes on."""
        beside = self._assets.nested(parent, logical_id)
        if beside is not None:
            return beside
        properties = parent.properties(logical_id)
        name = _file_name(templates.resolver(parent.stack.id).text(properties.get("TemplateURL")))
        found = list(self._by_name.get(name, {}).values())
        if len(found) > 1:
            return f"is one of {len(found)} given files that are called {name}"
        return found[0] if found else _NOT_AT_HAND

    def by_themselves(self, templates: Templates) -> list[Template]:
        """The templates without the given files that others of them nest."""
        files = {path: path for paths in self._by_name.values() for path in paths}
        own = {template.stack.id: template.stack.template.resolve() for template in templates.all}
        nests: dict[Path, set[Path]] = {}
        for template, logical_id in templates.of_type(NESTED):
            path = self.nested(templates, template, logical_id)
            file = path.resolve() if isinstance(path, Path) else None
            if file in files and file != own[template.stack.id]:
                nests.setdefault(own[template.stack.id], set()).add(file)
        if not nests:
            return templates.all
        nested = {file for children in nests.values() for file in children}
        # Of files that nest each other in a circle, the first that is given is a stack by itself.
        first = [path for path in own.values() if path not in nested]
        alone = set(_beginnings([*first, *own.values()], nests))
        return [
            template
            for template in templates.all
            if template.stack.id not in self._stacks or own[template.stack.id] in alone
        ]


def _beginnings(files: Iterable[Path], nests: Mapping[Path, Iterable[Path]]) -> Iterator[Path]:
    """The files that no earlier one leads to."""
    seen: set[Path] = set()
    for file in files:
        if file in seen:
            continue
        yield file
        waiting = [file]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += nests.get(one, ())


def _file_name(url: Value) -> str:
    """The name of the file that a URL is known to end with; empty if it is not known."""
    known: str = ends(url)
    known = known.partition("?")[0].partition("#")[0]
    folders: Sequence[str] = known.split("/")
    return unquote(folders[-1]) if len(folders) > 1 or url == known else ""
