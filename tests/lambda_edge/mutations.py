"""Events that CloudFront would never send: real ones with their structure broken, the same ones for the same seed."""

from __future__ import annotations

import marshal
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Event = dict[str, Any]
Path = tuple[str | int, ...]

_ODD_STRINGS = (
    *("", " ", "/", "//", "/\\", "\\", ".", "..", "/../../etc/passwd", "\x00", "a\r\nSet-Cookie: x=1", "\n", "\x7f"),
    *("%", "%00", "%zz", "%2f%2e%2e", "%0d%0a", "é", "日本語", "\u202e", "\ud800", "\U0001f600", "\ufeff", "\u017f"),
    *("169.254.169.254", "[::1]", "localhost", "evil.example.net", "evil.example.net:8080", "a@b", "*", "null", "0"),
    *("https://evil.example.net/", "javascript:alert(1)", "<script>alert(1)</script>", "{{7*7}}", "${x}", "' OR 1=1"),
    *("text/html;q=", "*/*;q=1e9999", "q=nan", ",;,;", "=;=;", "a=b=c", ";", "-1", "1e309", "secondary", "eu-west-1"),
)
_ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**63,
    -0.0,
    1e308,
    [],
    {},
    [None],
    [[]],
    {"": None},
    [{}],
    [{"key": "X"}],
)
_HEADERS = (
    *("host", "x-ha-origin-role", "x-ha-edge-table", "x-ha-edge-x", "connection", "via", "transfer-encoding", "cookie"),
    *("content-length", "x-amz-cf-id", "x-edge-y", "accept", "accept-encoding", "if-none-match", "x-forwarded-proto"),
    *("cloudfront-viewer-country", "cloudfront-forwarded-proto", "authorization", "", "Host", "X-HA-EDGE-UPPER"),
    *("x-ha-edge-kept", "x-ha-undecided", "x-forwarded-host", "client-cert", "x-tenant"),
)
_FIELDS = (
    *("origin", "custom", "s3", "headers", "request", "response", "body", "status", "uri", "querystring", "method"),
    *("config", "customHeaders", "domainName", "path", "authMethod", "region", "eventType", "requestId", "clientIp"),
)


def copy(value: Any) -> Any:
    """A deep copy of what JSON can hold, ten times as fast as ``copy.deepcopy``."""
    return marshal.loads(marshal.dumps(value, 2))  # noqa: S302 - what was dumped in the same breath


def mutations(events: Sequence[Event], count: int, *, seed: int) -> Iterator[Event]:
    """So many broken events, made of some real ones.

    Args:
        events: The real ones; not changed.
        count: How many.
        seed: The same seed, the same events.
    """
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    blobs = [marshal.dumps(event, 2) for event in events]
    paths = [list(_paths(event, ())) for event in events]
    for _ in range(count):
        chosen = int(draw.random() * len(events))
        event = marshal.loads(blobs[chosen])  # noqa: S302
        for _ in range(_HOW_MANY[int(draw.random() * len(_HOW_MANY))]):
            path = paths[chosen][int(draw.random() * len(paths[chosen]))]
            parent = _at(event, path[:-1])
            # What an earlier mutation took away cannot be mutated.
            if parent is not None and _has(parent, path[-1]):
                mutate = _KINDS[int(draw.random() * len(_KINDS))]
                mutate(draw, parent, path[-1], events, path)
        yield event


_HOW_MANY = (1, 1, 1, 2, 2, 3, 5)


def _paths(value: Any, path: Path) -> Iterator[Path]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from _paths(child, (*path, key))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        if not _has(value, key):
            return None
        value = value[key]
    return value


def _has(value: Any, key: str | int) -> bool:
    if isinstance(value, dict):
        return key in value
    return isinstance(value, list) and isinstance(key, int) and key < len(value)


def _one_of(draw: random.Random, values: Sequence[Any]) -> Any:
    return values[int(draw.random() * len(values))]


def _drop(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    del parent[key]


def _retype(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    parent[key] = copy(_one_of(draw, _ODD_VALUES))


def _odd_string(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    odd, old = _one_of(draw, _ODD_STRINGS), parent[key]
    if isinstance(old, str) and draw.random() < 0.5:
        at = int(draw.random() * (len(old) + 1))
        parent[key] = old[:at] + odd + old[at:]
    else:
        parent[key] = odd


def _duplicate(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    if isinstance(parent, list):
        parent.insert(key, copy(parent[key]))
    else:
        parent[_one_of(draw, (key.upper(), key.title(), f"{key} ", *_FIELDS))] = copy(parent[key])


def _deepen(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    for _ in range(_one_of(draw, (1, 2, 50))):
        parent[key] = [parent[key]] if draw.random() < 0.5 else {_one_of(draw, _FIELDS): parent[key]}


def _enlarge(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    old = parent[key]
    if isinstance(old, str):
        parent[key] = (old or "/") * _one_of(draw, (2, 20, 200, 1_500))
    elif isinstance(old, list) and old:
        parent[key] = old * _one_of(draw, (2, 40))
    elif isinstance(old, dict):
        old |= {f"x-{number}": [{"key": f"X-{number}", "value": "y" * 40}] for number in range(60)}
    else:
        parent[key] = 2**40


def _swap(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    other = _at(_one_of(draw, events), path if draw.random() < 0.5 else path[: 4 + int(draw.random() * 4)])
    parent[key] = copy(other)


def _add(draw: random.Random, parent: Any, key: Any, events: Sequence[Event], path: Path) -> None:
    target = parent if isinstance(parent, dict) else None
    if target is not None:
        name = _one_of(draw, _HEADERS)
        target[name] = [{"key": name.title(), "value": _one_of(draw, _ODD_STRINGS)}]


_KINDS: tuple[Callable[[random.Random, Any, Any, Sequence[Event], Path], None], ...] = (
    *(_drop, _drop, _retype, _retype, _odd_string, _odd_string, _odd_string),
    *(_duplicate, _deepen, _enlarge, _swap, _swap, _add),
)
