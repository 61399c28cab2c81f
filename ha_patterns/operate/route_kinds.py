"""What a router has of each host: rules or a tenant, in a file as people write it and in an item of a table."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..contracts.outputs import RULES_OUTPUT, TENANTS_OUTPUT
from ..edge._source import edge_module

if TYPE_CHECKING:
    from lambda_edge.rule_router.problems import Allowed, Problem

    from ..documents.yaml_reader import Path as Place

#: What a file has of a host, beside its version.
Value = dict[str, Any]
#: An item of DynamoDB, or some attributes of one.
Item = Mapping[str, Mapping[str, Any]]

# What has no version yet is judged as if it had one.
_ANY_VERSION = {"version": 1}
_LONGEST = 200
_INDEX = re.compile(r"\[([0-9]+)\]")


class Kind(ABC):
    """What the routers of one construct have of each host.

    Attributes:
        noun: How a person calls it.
        router: The construct.
        output: The stack output that names its table.
        function: The folder of its edge function.
        example: A file with one host.
        fields: The attributes of an item that have it.
        is_versioned: Whether the edge reads an item only with a version.
        unreadable: What an item is that cannot be read, and the way out.
    """

    noun: str
    router: str
    output: str
    function: str
    example: str
    fields: tuple[str, ...]
    is_versioned: bool
    unreadable: str

    @abstractmethod
    def declared(self, facts: Mapping[str, Any]) -> Any:
        """What the stack lets routes name, the same for the same facts.

        Args:
            facts: The item of a table, or the configuration of a router.

        Raises:
            KeyError, TypeError, AttributeError, ValueError: They are something else.
        """

    @abstractmethod
    def problems(self, host: str, one: Any, declared: Any) -> Iterator[tuple[Place, str]]:
        """All that is wrong with what a file has of a host, each with its place."""

    @abstractmethod
    def attributes(self, value: Value) -> dict[str, dict[str, str]]:
        """A value, of which nothing is wrong, as an item has it."""

    @abstractmethod
    def value(self, item: Item) -> Value | None:
        """What an item has; None if it cannot be read."""

    @abstractmethod
    def summary(self, value: Value) -> str:
        """A value in few words."""

    def listing(self, item: Item, value: Value) -> str:
        """What a list says of an item."""
        del item
        return self.summary(value)

    def own(self, configuration: Mapping[str, Any], folder: Path) -> dict[str, Value] | None:
        """What a router has in its asset, by host; None if it reads that elsewhere.

        Args:
            configuration: Of the router.
            folder: The asset.
        """
        del configuration, folder
        return None


class _Rules(Kind):
    noun = "rules"
    router = "RuleRouter"
    output = RULES_OUTPUT
    function = "rule_router"
    example = "{www.example.com: {rules: [...]}}"
    fields = ("rules",)
    is_versioned = True
    unreadable = "is not a version and a list of rules: put new ones, or delete it"

    def declared(self, facts: Mapping[str, Any]) -> Allowed:
        attributes = facts.get("attributes")
        allowed: Allowed = edge_module("rule_router.problems").Allowed(
            frozenset(facts["origins"]),
            frozenset(facts["redirect_hosts"]),
            tuple(name.lower() for name in facts["request_headers"]),
            None if attributes is None else frozenset(attributes),
        )
        return allowed

    def problems(self, host: str, one: Any, declared: Allowed) -> Iterator[tuple[Place, str]]:
        if declared.attributes is not None and "host" not in declared.attributes and host != "*":
            yield (
                (),
                (
                    "is never reached: the router's cache key has no host, so that only the rules of '*' count; write "
                    "them there, or add 'host' to cache_key"
                ),
            )
        check: Callable[[object, Allowed], list[Problem]] = edge_module("rule_router.rules").check
        for problem in check({**_ANY_VERSION, **one} if isinstance(one, dict) else one, declared):
            yield _place_of(one, problem), str(problem)

    def attributes(self, value: Value) -> dict[str, dict[str, str]]:
        text: str = edge_module("rule_router.rules").serialize(value["rules"]).decode("utf-8", "surrogatepass")
        return {"rules": {"S": text}}

    def value(self, item: Item) -> Value | None:
        try:
            rules = json.loads(_text(item, "rules") or "")
        except (ValueError, RecursionError):
            return None
        return {"rules": rules} if isinstance(rules, list) else None

    def summary(self, value: Value) -> str:
        count = len(value["rules"])
        return f"{count} rule{'' if count == 1 else 's'}"

    def listing(self, item: Item, value: Value) -> str:
        return f"{self.summary(value)}  {len((_text(item, 'rules') or '').encode())} bytes"

    def own(self, configuration: Mapping[str, Any], folder: Path) -> dict[str, Value] | None:
        source = configuration.get("source", {})
        if source.get("kind") != "static":
            return None
        sets: dict[str, Value] = edge_module("rule_router.packing").unpack((folder / source["file"]).read_bytes())
        return sets


class Tenancy(NamedTuple):
    """What a stack lets its tenants name.

    Attributes:
        origins: The origins that tenants can share.
        suffixes: Where they may have hosts of their own.
        unknown_status: What hosts without a tenant are answered; None if the configured origin is asked.
    """

    origins: frozenset[str]
    suffixes: tuple[str, ...]
    unknown_status: int | None


class _Tenants(Kind):
    noun = "tenants"
    router = "TenantRouter"
    output = TENANTS_OUTPUT
    function = "tenant_router"
    example = "{acme.example.com: {origin: eu}}"
    fields = ("origin", "domain_name")
    is_versioned = False
    unreadable = "has not one of origin and domain_name: put a new one, or delete it"

    def declared(self, facts: Mapping[str, Any]) -> Tenancy:
        status = facts["unknown_status"]
        if isinstance(status, list):
            # An item holds lists of texts only.
            status = int(status[0]) if status else None
        return Tenancy(frozenset(facts["origins"]), tuple(facts["suffixes"]), status)

    def problems(self, host: str, one: Any, declared: Tenancy) -> Iterator[tuple[Place, str]]:
        names = [name for name in self.fields if isinstance(one, dict) and name in one]
        if not isinstance(one, dict) or len(names) != 1:
            yield (), f"must be an object with one of {' and '.join(self.fields)}, got {_shown(one)}"
            return
        for name in one.keys() - {*self.fields, "version"}:
            yield (name,), f"{_shown(name)}: is not one of {', '.join(self.fields)} and version"
        version = one.get("version", 1)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            yield ("version",), f"version: must be a whole number from 1, got {_shown(version)}"
        yield from (((names[0],), f"{names[0]}: {wrong}") for wrong in _target_problems(host, one, declared))

    def attributes(self, value: Value) -> dict[str, dict[str, str]]:
        return {name: {"S": text} for name, text in value.items()}

    def value(self, item: Item) -> Value | None:
        found = {name: text for name in self.fields if (text := _text(item, name)) is not None}
        return found if len(found) == 1 and not any(name in item for name in set(self.fields) - found.keys()) else None

    def summary(self, value: Value) -> str:
        [(name, text)] = value.items()
        return f"{name} {text}"


def _target_problems(host: str, one: Value, declared: Tenancy) -> Iterator[str]:
    if "origin" in one:
        origin = one["origin"]
        if not isinstance(origin, str) or origin not in declared.origins:
            names = ", ".join(sorted(declared.origins)) or "none"
            yield f"{_shown(origin)} is not an origin that the stack declares; declared: {names}"
        return
    name = one["domain_name"]
    is_below = edge_module("tenant_router.handler").is_below
    if not isinstance(name, str) or not is_below(name, declared.suffixes):
        suffixes = ", ".join(declared.suffixes) or "none: the stack allows no hosts of their own"
        yield f"{_shown(name)} must be a host in lower case below one of {suffixes}"
    elif name == host:
        yield f"{_shown(name)} is the tenant's own host: requests would be sent to where they came"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _text(item: Item, name: str) -> str | None:
    text = item.get(name, {}).get("S")
    return text if isinstance(text, str) else None


def _place_of(one: Any, problem: Problem) -> Place:
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


#: The rules of a ``RuleRouter``.
RULES: Kind = _Rules()
#: The tenants of a ``TenantRouter``.
TENANTS: Kind = _Tenants()
