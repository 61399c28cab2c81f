"""Scenario files, in YAML or JSON: the words are those of Python, and each mistake is told with its line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from ..command_line.durations import nanoseconds, shown, written
from ..command_line.files import write_whole
from ..command_line.frame import CommandError
from ..documents import yaml_reader
from ..documents.yaml_reader import DocumentError
from .assumptions import Assumptions
from .given import ScenarioError, nearest
from .objective import Objective
from .scenario import Client, Outage, Requests, Scenario, Step, Traffic

T = TypeVar("T")
Place = yaml_reader.Path

#: What a person may write: far more than any sensible scenario has.
MAX_SIZE = 1024 * 1024
#: The arguments that have arguments of their own, by the class that has them; with a list of one or of several.
PARTS: Mapping[type, Mapping[str, type]] = {
    Scenario: {
        "traffic": Traffic,
        "outages": Outage,
        "objectives": Objective,
        "assumptions": Assumptions,
        "steps": Step,
    },
    Traffic: {"requests": Requests, "client": Client},
}
LISTS = frozenset({"outages", "objectives", "requests", "steps"})
#: The arguments that are durations.
DURATIONS = frozenset({"at", "lasts", "latency", "every", "burst"}) | {
    *("patience", "retry_after", "recovered_within", "two_writers"),
}
# What is written first, as a person reads it.
_FIRST = ("title", "lasts", "outages", "traffic")
# What is written though it is the default: what somebody will want to change.
_SPELLED_OUT = {
    Outage: {"symptom", "at", "lasts"},
    Traffic: {"locations", "client"},
    Client: {"patience", "retries", "retry_after"},
    Requests: {"method", "rate"},
}


class _MistakeError(Exception):
    """Something that is wrong, with its place in the file.

    Args:
        message: What it is.
        place: Where it is.
        of_key: Whether the key itself is wrong, and not its value.
    """

    def __init__(self, message: str, place: Place, *, of_key: bool = False) -> None:
        super().__init__(message)
        self.place = place
        self.of_key = of_key


def read(path: str | Path) -> Scenario:
    """The scenario that a file has.

    Args:
        path: The file; JSON if its name ends so, else YAML.

    Raises:
        ScenarioError: It has a mistake; the message begins with its file and line.
        CommandError: PyYAML is not installed, and the file is YAML.
    """
    try:
        with Path(path).open("rb") as file:
            # No more than tells that it is too much.
            content = file.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError(f"{path}: cannot be read: {reason}") from None
    try:
        given = yaml_reader.load(content, is_json=str(path).endswith(".json"), max_size=MAX_SIZE)
        return _made(Scenario, given, ())
    except DocumentError as error:
        raise ScenarioError(f"{path}{f':{error.line}' if error.line else ''}: {error}") from None
    except _MistakeError as mistake:
        raise ScenarioError(f"{path}{_line(content, mistake)}: {mistake}") from None


def _line(content: bytes, mistake: _MistakeError) -> str:
    """The line of a mistake, or of the nearest around it that has one, as a message has it after the file."""
    lines: Mapping[Place, int] = {}
    # JSON is read without PyYAML, but has no lines then.
    with contextlib.suppress(CommandError):
        lines = yaml_reader.lines(content, of_keys=mistake.of_key)
    place = mistake.place
    while place and place not in lines:
        place = place[:-1]
    return f":{lines[place]}" if place in lines else ":1" if lines else ""


def _made(made: type[T], given: Any, place: Place) -> T:
    """An object of a class from its arguments.

    Raises:
        _MistakeError: One of them is wrong.
    """
    known = {one.name: one for one in fields(made)}  # type: ignore[arg-type]
    if not isinstance(given, dict):
        what = f"{place[-1]} must have" if place and isinstance(place[-1], str) else "it must have"
        raise _MistakeError(f"{what} keys such as {', '.join(list(known)[:5])}, got {shown(given)}", place)
    for key in given:
        if key not in known:
            told = f"there is no {shown(key)} here; there are {', '.join(known)}{nearest(key, known)}"
            raise _MistakeError(told, (*place, key), of_key=True)
        if given[key] is None:
            raise _MistakeError(f"{key} has no value; leave it out for the default", (*place, key))
    for name, one in known.items():
        if name not in given and one.default is MISSING:
            raise _MistakeError(f"{name} is missing", place)
    values = {key: _part(made, key, value, (*place, key)) for key, value in given.items()}
    try:
        return made(**values)
    except ScenarioError as error:
        named = str(error).partition(" ")[0]
        raise _MistakeError(str(error), (*place, named) if named in given else place) from None


def _part(whole: type, name: str, given: Any, place: Place) -> Any:
    """The value of an argument; objects, if it has arguments of its own."""
    made = PARTS.get(whole, {}).get(name)
    if made is None:
        return given
    if name not in LISTS:
        return _made(made, given, place)
    if not isinstance(given, list):
        raise _MistakeError(f"{name} must be a list, got {shown(given)}", place)
    return tuple(_made(made, one, (*place, number)) for number, one in enumerate(given))


def write(path: Path, scenario: Scenario) -> None:
    """Write a scenario to a file; JSON if its name ends so, else YAML.

    Raises:
        CommandError: It cannot be written, or PyYAML is not installed.
    """
    given = as_mapping(scenario)
    told = {name: given[name] for name in (*_FIRST, *given) if name in given}
    if path.name.endswith(".json"):
        write_whole(path, json.dumps(told, indent=2) + "\n", "--write-scenario")
        return
    text = "".join(f"{yaml_reader.dump({name: value})}" for name, value in told.items())
    write_whole(path, f"# Play it with: ha-patterns drill TEMPLATES --scenario {path.name}\n{text}", "--write-scenario")


def as_mapping(one: Any) -> dict[str, Any]:
    """The arguments of an object, as a file has them: those that are not the default, and a few more."""
    return dict(_arguments(one))


def _arguments(one: Any) -> Iterator[tuple[str, Any]]:
    kind = type(one)
    for argument in fields(kind):
        value = getattr(one, argument.name)
        spelled_out = argument.name in _SPELLED_OUT.get(kind, ())
        if value is not None and (spelled_out or argument.default is MISSING or value != argument.default):
            yield argument.name, _plain(kind, argument.name, value)


def _plain(kind: type, name: str, value: Any) -> Any:
    """The value of an argument, as YAML and JSON have it."""
    if name in PARTS.get(kind, {}):
        return [as_mapping(one) for one in value] if name in LISTS else as_mapping(value)
    return written(nanoseconds(value)) if name in DURATIONS else _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _value(one) for name, one in value.items()}
    if isinstance(value, Collection) and not isinstance(value, str):
        listed = [_value(one) for one in value]
        return sorted(listed) if isinstance(value, (set, frozenset)) else listed
    return value
