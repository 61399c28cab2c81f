"""Files of rules, as people write them: read one after the other, and judged before anything is done with them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..command_line.frame import CommandError
from ..documents import yaml_reader as _yaml
from ..documents.yaml_reader import DocumentError, load
from ..edge._source import edge_module

if TYPE_CHECKING:
    from lambda_edge.rule_router.problems import Allowed, Problem

# What has no version yet is judged as if it had one.
_ANY_VERSION = {"version": 1}
_INDEX = re.compile(r"\[([0-9]+)\]")
#: How a host is written.
HOST_FORM = "a host in lower case, '*.' and a host, or '*'"
#: So many mistakes are shown, and then how many more there are.
MOST_MISTAKES = 20


class Given(NamedTuple):
    """What a file says of a host.

    Attributes:
        host: Its name.
        rules: Its rules.
        base: The version in the table that they were made from; None where the file does not say.
    """

    host: str
    rules: list[Any]
    base: int | None


class RuleFiles:
    """Files that each map hosts to their rules. One of them at a time is in memory.

    Args:
        paths: Where they are.

    Attributes:
        hosts: In which file each host is, once they have been judged.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._digests: dict[str, bytes] = {}
        self.hosts: dict[str, str] = {}

    def mistakes(self, allowed: Allowed, judged: Callable[[], object]) -> Iterator[str]:
        """All that is wrong, each with its file and line.

        Args:
            allowed: What the stack lets rules do.
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
                lines: dict[_yaml.Path, int] = {}
                for place, message in self._judge(path, value, allowed, judged):
                    # Only who needs lines pays for them.
                    lines = lines or _yaml.lines(content)
                    yield f"{path}:{_line_of(lines, place)}: {message}"

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
                yield Given(host, one["rules"], one.get("version"))

    def _read(self, path: str) -> tuple[bytes, Any]:
        with Path(path).open("rb") as file:
            # No more than tells that it is too much.
            content = file.read(_yaml.MAX_SIZE + 1)
        self._digests[path] = hashlib.sha256(content).digest()
        return content, load(content, is_json=path.endswith(".json"))

    def _judge(
        self, path: str, value: Any, allowed: Allowed, judged: Callable[[], object]
    ) -> Iterator[tuple[_yaml.Path, str]]:
        if not isinstance(value, dict) or not value:
            yield (), "must map hosts to their rules, such as {www.example.com: {rules: [...]}}"
            return
        check = edge_module("rule_router.rules").check
        is_host = edge_module("common.hosts").is_host
        for host, one in value.items():
            if not is_host(host):
                yield (host,), f"{host[:200]!r} must be {host_form(host)}"
            elif host in self.hosts:
                yield (host,), f"{host} is in {self.hosts[host]} too; keep all rules of a host in one place"
            else:
                self.hosts[host] = path
                if allowed.attributes is not None and "host" not in allowed.attributes and host != "*":
                    yield (
                        (host,),
                        (
                            f"{host}: is never reached: the router's cache key has no host, so that only the rules of "
                            "'*' count; write them there, or add 'host' to cache_key"
                        ),
                    )
                yield from _problems(host, one, check, allowed)
            judged()


def _problems(
    host: str, one: Any, check: Callable[[object, Allowed], list[Problem]], allowed: Allowed
) -> Iterator[tuple[_yaml.Path, str]]:
    for problem in check({**_ANY_VERSION, **one} if isinstance(one, dict) else one, allowed):
        yield (host, *_path_of(one, problem)), f"{host}: {problem}"


def host_form(host: str) -> str:
    """The form that a host must have, for somebody who wrote another one."""
    return HOST_FORM if host.isascii() else f"{HOST_FORM}, in ASCII as a browser sends it: with xn--"


def more_mistakes(count: int) -> str:
    """How many mistakes there are beyond those that are shown."""
    left = count - MOST_MISTAKES
    return f"and {left} more mistake{'' if left == 1 else 's'}"


def stored_text(rules: list[Any]) -> str:
    """Rules as a table keeps them."""
    text: str = edge_module("rule_router.rules").serialize(rules).decode("utf-8", "surrogatepass")
    return text


def _path_of(one: Any, problem: Problem) -> _yaml.Path:
    """Where in a host's value a problem is, as far as that is there at all: a problem's place is text."""
    path: list[str | int] = []
    value, left = one, problem.place
    if problem.rule is not None:
        path += ["rules", problem.rule]
        value = one["rules"][problem.rule]
    while left:
        index = _INDEX.match(left)
        if index and isinstance(value, list):
            path.append(int(index[1]))
            value, left = value[int(index[1])], left[index.end() :]
            continue
        left = left.removeprefix(".")
        # A key may have dots itself, as cookie.plan; of a long one the place has the start.
        keys = [key for key in value if _starts(left, key[:80])] if isinstance(value, dict) else []
        if not keys:
            break
        key = max(keys, key=len)
        path.append(key)
        value, left = value[key], left[len(key[:80]) :]
    return tuple(path)


def _starts(text: str, key: str) -> bool:
    return text.startswith(key) and text[len(key) : len(key) + 1] in ("", ".", "[")


def _line_of(lines: dict[_yaml.Path, int], place: _yaml.Path) -> int:
    """The line of a value, or of the nearest around it that has one."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)
