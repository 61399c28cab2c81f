"""Where a finding is, as people and tools name it: the property, the file, the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..command_line.frame import CommandError
from ..documents.yaml_reader import CLOUDFORMATION_TAGS, lines
from ..topology import Place
from ..topology.values import PropertyPath


def dotted(path: PropertyPath) -> str:
    """A property as it is written in messages: ``Properties.Origins[0].Id``."""
    said = ""
    for key in path:
        said += f"[{key}]" if isinstance(key, int) else f".{key}" if said else key
    return said


def fingerprint(rule_id: str, place: Place) -> str:
    """What stays the same of a finding from one synth to the next."""
    return writable(" ".join((rule_id, place.stack.id, place.logical_id, dotted(place.path))))


def writable(text: str) -> str:
    """A text that may have the name of a file in it, which may be no text at all."""
    return text.encode("utf-8", "backslashreplace").decode()


class Lines:
    """The line of each place in its file; files are read once, and only those with findings."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._wanted: dict[Path, set[PropertyPath]] = {}
        for place in places:
            self._wanted.setdefault(place.stack.template, set()).update(_ways(place))
        self._found: dict[Path, dict[PropertyPath, int]] = {}

    def __call__(self, place: Place) -> int | None:
        """The line; of the nearest thing around it that is in the file, where it is not; None where nothing is."""
        file = place.stack.template
        if file not in self._found:
            try:
                wanted = self._wanted.get(file, set())
                self._found[file] = lines(file.read_bytes(), tags=CLOUDFORMATION_TAGS, wanted=wanted)
            except (OSError, CommandError):
                # The file has gone, or PyYAML is not there: what is found stays true without lines.
                self._found[file] = {}
        return next((self._found[file][way] for way in _ways(place) if way in self._found[file]), None)


def _ways(place: Place) -> Iterator[PropertyPath]:
    """The place, and what is around it, from the innermost out."""
    path = place.path
    while path:
        yield ("Resources", place.logical_id, *path)
        path = path[:-1]
    yield ("Resources", place.logical_id)
