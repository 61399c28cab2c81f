"""What edge functions may choose and ask, as far as their code and the origins' headers tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import model
from .model import Endpoint
from .values import Unresolved, Value, concatenate, host_name

if TYPE_CHECKING:
    from .topology import Topology

#: An edge function's configuration beyond this is not looked at.
_LARGEST_CONFIGURATION = 1 << 20
# What CloudFront Functions choose origins by, by their ids, and by a host's name.
# See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/helper-functions-origin-modification.html
_SELECT, _MAKE, _UPDATE = "selectRequestOriginById", "createRequestOriginGroup", "updateRequestOrigin"
# The argument of a helper: an object, or the name of one.
_ARGUMENT = re.compile(rf"{_MAKE}\s*\(\s*(?P<name>[A-Za-z_$][\w$]*)?")
_MEMBER = re.compile(r"""\boriginId["']?\s*:\s*["'`]([^"'`]+)["'`]""")
_CODES = re.compile(r"""\bstatusCodes["']?\s*:\s*\[([\s\d,]*)\]""")
_SELECTION = re.compile(r"""\bselectionCriteria["']?\s*:\s*["'`]([^"'`]+)["'`]""")
_DOMAIN = re.compile(r"""\bdomainName["']?\s*:\s*["'`]([^"'`${}]+)["'`]""")
#: The longest object that is looked for in a function's code, in characters: its own limit is 10 KB.
_LONGEST_OBJECT = 10_240


class Choices:
    """What the functions of a topology may choose."""

    def __init__(self, topology: Topology) -> None:
        self._records = topology.records_by_name
        self._endpoint = topology.endpoint
        self._by_id: dict[
            tuple[model.ViewerFunction, model.Distribution], tuple[model.Origin | model.OriginGroup, ...]
        ] = {}
        self._buckets = {
            concatenate((bucket.name, end)): bucket
            for bucket in topology.of(model.Bucket)
            for end in (".s3.amazonaws.com", f".s3.{bucket.place.stack.region}.amazonaws.com")
        }

    def hosts_of(self, association: model.FunctionAssociation) -> Iterator[Endpoint]:
        """The hosts that a function of a behavior may send its requests to."""
        function, behavior = association.function, association.behavior
        if isinstance(function, model.ViewerFunction):
            yield from self.hosts(function)
        elif isinstance(function, model.Function) and behavior is not None and association.event == "origin-request":
            yield from self.endpoints(function, behavior)

    def hosts(self, function: model.ViewerFunction) -> Iterator[Endpoint]:
        """What a CloudFront Function sends requests to by names that stand in its code."""
        text = str(function.code or "")
        for name in dict.fromkeys(_DOMAIN.findall(text)) if _UPDATE in text else ():
            yield self._endpoint(name)

    def endpoints(self, function: model.Function, behavior: model.CacheBehavior) -> Iterator[Endpoint]:
        """The hosts that a function has names of: in its configuration, and in the headers of a behavior's origins."""
        for name in self._configured(function):
            endpoint = self._endpoint(name)
            # Its own viewers' names are none that it chooses.
            if endpoint.records and not any(isinstance(target, model.Distribution) for target in endpoint.targets):
                yield endpoint
        # A bucket's name is in the configuration if synth knows it, else in a header.
        texts = _configuration(function)
        configured = (name for name in self._buckets if name in texts)
        headers = (host_name(value) for origin in behavior.origins for value in origin.headers.values())
        for value in dict.fromkeys((*configured, *headers)):
            bucket = self._buckets.get(value)
            if bucket is not None:
                region = bucket.known_region
                yield Endpoint(name=value, kind=model.OriginKind.BUCKET, target=bucket, region=region)

    def asked(self, function: model.Function) -> Iterator[Endpoint]:
        """The names that a function has in its configuration to ask for what they say: those without an address."""
        for name in self._configured(function):
            if not self._endpoint(name).records:
                yield Endpoint(name=name, records=tuple(self._records[name]))

    def _configured(self, function: model.Function) -> Iterator[Value]:
        texts = _configuration(function)
        return (name for name in self._records if name in texts)

    def by_id(
        self, function: model.ViewerFunction, distribution: model.Distribution
    ) -> tuple[model.Origin | model.OriginGroup, ...]:
        """What a CloudFront Function chooses by the ids of origins: origins, and groups that it makes of them."""
        key = (function, distribution)
        if key not in self._by_id:
            self._by_id[key] = tuple(_chosen_by_id(function, distribution))
        return self._by_id[key]


def _chosen_by_id(
    function: model.ViewerFunction, distribution: model.Distribution
) -> Iterator[model.Origin | model.OriginGroup]:
    text = str(function.code or "")
    if _MAKE in text:
        for code in _objects(text):
            group = _made(function, distribution, code)
            if group.member_ids:
                # One that the template has is the same, and has its own place.
                yield next((one for one in distribution.origin_groups if _same(one, group)), group)
            else:
                yield from _quoted(text, distribution)
    if _SELECT in text:
        yield from _quoted(text, distribution)


def _quoted(text: str, distribution: model.Distribution) -> list[model.Origin]:
    """The origins whose ids stand in some code."""
    return [origin for origin in distribution.origins if any(f"{mark}{origin.id}{mark}" in text for mark in "\"'`")]


def _objects(text: str) -> Iterator[str]:
    """What a group is made of, as JavaScript has it, wherever the code makes one."""
    for match in _ARGUMENT.finditer(text):
        start = match.end()
        if match["name"]:
            assigned = re.search(rf"\b{re.escape(match['name'])}\s*=\s*", text)
            start = assigned.end() if assigned else len(text)
        yield _object(text, start)


def _object(text: str, start: int) -> str:
    """The object that starts at a place of some code; empty where none does."""
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST_OBJECT)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth <= 0:
            return text[start : at + 1] if at > start else ""
    return ""


def _made(function: model.ViewerFunction, distribution: model.Distribution, code: str) -> model.OriginGroup:
    """The group that an object of a function's code describes."""
    origins = {origin.id: origin for origin in distribution.origins}
    ids = _MEMBER.findall(code)
    codes, selection = _CODES.search(code), _SELECTION.search(code)
    unread = Unresolved("the failover status codes of a group that a function makes", function.place.id)
    return model.OriginGroup(
        id=Unresolved("the id of a group that a function makes"),
        members=tuple(origins.get(one) or Unresolved(f"the origin {one}, which is not here") for one in ids),
        member_ids=tuple(ids),
        status_codes=tuple(int(one) for one in re.findall(r"\d{1,9}", codes[1])) if codes else (),
        selection=selection[1] if selection else "default",
        place=function.place,
        gaps=() if codes else (unread,),
    )


def _same(group: model.OriginGroup, made: model.OriginGroup) -> bool:
    """Whether a group of a distribution is what a function makes, as far as that can be read."""
    if group.member_ids != made.member_ids:
        return False
    return made.gaps != () or (frozenset(group.status_codes), group.selection) == (
        frozenset(made.status_codes),
        made.selection,
    )


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
            texts.add(str(host_name(value)))
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
    return frozenset(texts)
