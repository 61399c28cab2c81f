"""What edge functions may choose, ask and read, as far as their code, their roles and the origins' headers tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from ..topology import model
from ..topology.model import Endpoint, Record
from ..topology.topology import Topology
from ..topology.values import ResourceId, Value, concatenate, references, split
from .names import followed

#: An edge function's configuration beyond this is not looked at.
_LARGEST_CONFIGURATION = 1 << 20
# What CloudFront Functions choose origins by, by their ids.
# See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
_HELPERS = ("selectRequestOriginById", "createRequestOriginGroup")

_Named = TypeVar("_Named", model.Table, model.Bucket)


class Choices:
    """What the functions of a topology may choose."""

    def __init__(self, topology: Topology, names: Mapping[Value, Sequence[Record]]) -> None:
        self._names = names
        self._tables = by_name(topology.of(model.Table))
        self._buckets = {
            concatenate((bucket.name, end)): bucket
            for bucket in topology.of(model.Bucket)
            for end in (".s3.amazonaws.com", f".s3.{bucket.place.stack.region}.amazonaws.com")
        }

    def endpoints(self, function: model.Function, behavior: model.CacheBehavior) -> Iterator[Endpoint]:
        """What a function has names of: in its configuration, and in the headers of a behavior's origins."""
        texts = _configuration(function)
        for name in (name for name in self._names if name in texts):
            endpoint = Endpoint(name=name, records=tuple(self._names[name]))
            # Its own viewers' names are none that it chooses.
            if not isinstance(followed(endpoint)[0][0].target, model.Distribution):
                yield endpoint
        for value in dict.fromkeys(value for origin in behavior.origins for value in origin.headers.values()):
            bucket = self._buckets.get(value)
            if bucket is not None:
                yield Endpoint(name=value, target=bucket)

    def tables(self, function: model.Function) -> Iterator[model.Table]:
        """The tables that a function's role lets it use."""
        statements = function.role.statements if isinstance(function.role, model.Role) else ()
        for statement in statements:
            if statement.allows and any(str(action).startswith("dynamodb:") for action in statement.actions):
                for arn in statement.resources:
                    table = named(arn, "/", self._tables)
                    if table is not None:
                        yield table


def chosen_by_id(
    function: model.ViewerFunction, distribution: model.Distribution
) -> Iterator[model.Origin | model.OriginGroup]:
    """The origins, or the group of them, that a CloudFront Function chooses by their ids."""
    text = str(function.code or "")
    if not any(helper in text for helper in _HELPERS):
        return
    found = [origin for origin in distribution.origins if any(f"{quote}{origin.id}{quote}" in text for quote in "\"'`")]
    group = next((group for group in distribution.origin_groups if found and list(group.members) == found), None)
    yield from found if group is None else [group]


def by_name(things: Iterable[_Named]) -> dict[Value | ResourceId, _Named]:
    """Tables or buckets by all that an ARN may name them by."""
    return {key: thing for thing in things for key in (thing.name, thing.place.id)}


def named(arn: Value, delimiter: str, things: Mapping[Value | ResourceId, _Named]) -> _Named | None:
    """What an ARN is of: by the name after its last delimiter, or by what it refers to."""
    keys: list[Value | ResourceId] = [reference.resource for reference in references(arn)]
    parts = split(arn, delimiter)
    if isinstance(parts, list):
        keys.insert(0, parts[-1])
    return next((things[key] for key in keys if key in things), None)


def _configuration(function: model.Function) -> frozenset[str]:
    """All texts in the ``config.json`` of a function's code, which is where edge functions of this library have it."""
    if function.asset is None:
        return frozenset()
    try:
        with (function.asset / "config.json").open("rb") as file:
            content = file.read(_LARGEST_CONFIGURATION + 1)
        waiting = [json.loads(content)] if len(content) <= _LARGEST_CONFIGURATION else []
    except (OSError, ValueError, RecursionError):
        return frozenset()
    texts: set[str] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.add(value.rstrip(".").lower())
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    return frozenset(texts)
