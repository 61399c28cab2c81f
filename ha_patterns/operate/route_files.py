"""Files of routes, as people write them: read one after the other, and judged before anything is done with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..command_line.frame import CommandError
from ..documents import yaml_reader as _yaml
from ..documents.yaml_reader import DocumentError, load
from ..edge._source import edge_module
from .route_kinds import Kind, Value

#: How a host is written.
HOST_FORM = "a host in lower case, '*.' and a host, or '*'"
#: So many mistakes are shown, and then how many more there are.
MOST_MISTAKES = 20


class Given(NamedTuple):
    """What a file says of a host.

    Attributes:
        host: Its name.
        value: Its rules, or its tenant.
        base: The version in the table that it was made from; None where the file does not say.
    """

    host: str
    value: Value
    base: int | None


class RouteFiles:
    """Files that each map hosts to their rules or tenants. One of them at a time is in memory.

    Args:
        kind: What they map hosts to.
        paths: Where they are.

    Attributes:
        hosts: In which file each host is, once they have been judged.
    """

    def __init__(self, kind: Kind, paths: Sequence[str]) -> None:
        self._kind = kind
        self._paths = paths
        self._digests: dict[str, bytes] = {}
        self.hosts: dict[str, str] = {}

    def mistakes(self, declared: Any, judged: Callable[[], object]) -> Iterator[str]:
        """All that is wrong, each with its file and line.

        Args:
            declared: What the stack declares.
            judged: Called after each host.
        """
        for path in self._paths:
            try:
                content, value = self._read(path)
            except OSError as error:
                yield f"{path}: {error.strerror}"
            except DocumentError as error:
                yield f"{path}{f':{error.line}' if error.line else ''}: {error}"
            else:
                lines: dict[bool, dict[_yaml.Path, int]] = {}
                for place, message, of_key in self._judge(path, value, declared, judged):
                    # Only who needs lines pays for them.
                    if of_key not in lines:
                        lines[of_key] = _yaml.lines(content, of_keys=of_key)
                    yield f"{path}:{_line_of(lines[of_key], place)}: {message}"

    def given(self) -> Iterator[Given]:
        """What the files say, host by host; to be asked when they have been judged and nothing is wrong.

        Raises:
            CommandError: A file is not what it was then.
        """
        for path in self._paths:
            before = self._digests[path]
            try:
                _, value = self._read(path)
            except (OSError, DocumentError):
                value = None
            if self._digests[path] != before or value is None:
                raise CommandError(f"{path} has changed since it was checked")
            for host, one in value.items():
                yield Given(host, {name: one[name] for name in one if name != "version"}, one.get("version"))

    def _read(self, path: str) -> tuple[bytes, Any]:
        with Path(path).open("rb") as file:
            # No more than tells that it is too much.
            content = file.read(_yaml.MAX_SIZE + 1)
        self._digests[path] = hashlib.sha256(content).digest()
        return content, load(content, is_json=path.endswith(".json"))

    def _judge(
        self, path: str, value: Any, declared: Any, judged: Callable[[], object]
    ) -> Iterator[tuple[_yaml.Path, str, bool]]:
        """What is wrong: the value's place, the message, and whether the key itself is wrong."""
        if not isinstance(value, dict) or not value:
            yield (), f"must map hosts to their {self._kind.noun}, such as {self._kind.example}", False
            return
        is_host = edge_module("common.hosts").is_host
        for host, one in value.items():
            if not is_host(host):
                yield (host,), f"{host[:200]!r} must be {host_form(host)}", True
            elif host in self.hosts:
                together = f"keep all {self._kind.noun} of a host in one place"
                yield (host,), f"{host} is in {self.hosts[host]} too; {together}", True
            else:
                self.hosts[host] = path
                for place, message in self._kind.problems(host, one, declared):
                    yield (host, *place), f"{host}: {message}", False
            judged()


def host_form(host: str) -> str:
    """The form that a host must have, for somebody who wrote another one."""
    return HOST_FORM if host.isascii() else f"{HOST_FORM}, in ASCII as a browser sends it: with xn--"


def more_mistakes(count: int) -> str:
    """How many mistakes there are beyond those that are shown."""
    left = count - MOST_MISTAKES
    return f"and {left} more mistake{'' if left == 1 else 's'}"


def _line_of(lines: dict[_yaml.Path, int], place: _yaml.Path) -> int:
    """The line of a value, or of the nearest around it that has one."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
