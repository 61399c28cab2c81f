"""The table of a router: reads what it has of each host, and writes each only over the version that it replaces."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..aws.regions import EDGE_REGION
from ..contracts.outputs import path_before
from ..contracts.route_tables import FACTS_KEY
from .endpoints import Endpoint, Endpoints, OperationError, outputs_of
from .route_facts import chosen
from .route_files import Given
from .route_kinds import Item, Kind, Value

#: How many hosts are written at a time: each waits for the network, not for the processor.
AT_ONCE = 8

_TAKEN = "ConditionalCheckFailedException"


class ConflictError(Exception):
    """Somebody else's change stands, and this one was not made."""


@dataclass(frozen=True)
class Stored:
    """What a table has of a host.

    Attributes:
        host: Its name.
        version: Of its value; None if it has none, or one that the edge does not take for one.
        value: Its rules, or its tenant; None if they cannot be read.
        item: As it is stored.
    """

    host: str
    version: int | None
    value: Value | None
    item: Item

    @classmethod
    def read(cls, kind: Kind, item: Item) -> Stored:
        """What an item has; whoever wrote it."""
        version = item.get("version", {}).get("N", "")
        value = kind.value(item)
        number = int(version) if version.isdecimal() and int(version) else None
        return cls(item["host"]["S"], number, value, item)

    def is_readable(self, kind: Kind) -> bool:
        """Whether the edge can read it."""
        return self.value is not None and not (kind.is_versioned and self.version is None)


@dataclass(frozen=True)
class Change:
    """What became of a host.

    Attributes:
        host: Its name.
        before: The version that it had; None where it had none.
        after: The version that it has; None where it has none.
        is_change: Whether anything is other than it was.
        value: What it has; None where it has nothing any more.
    """

    host: str
    before: int | None
    after: int | None
    is_change: bool = True
    value: Value | None = None


class RouteTable:
    """A table of routes, asked and written in one Region, where conditions on an item hold.

    Args:
        kind: What it has of each host.
        name: The table.
        region: The Region.
    """

    def __init__(self, kind: Kind, name: str, region: str) -> None:
        self.kind = kind
        self.name = name
        self.region = region
        final = {
            _TAKEN: "",
            "AccessDeniedException": f"{kind.router}.grant_write allows it, and list where it is for all hosts.",
            "ExpiredTokenException": "",
            "InvalidSignatureException": "",
            "ResourceNotFoundException": f"The output {kind.output} of the router's stack is the table's name; its "
            "Region is the one that all writes go to.",
            "UnrecognizedClientException": "",
            "ValidationException": "",
        }
        self._endpoints = Endpoints("dynamodb", [Endpoint(region)], of=f"the table {name}", final=final)

    def declared(self) -> Any:
        """What the deployed stack lets its routes name.

        Raises:
            OperationError: The table does not tell, or cannot be asked.
        """
        item = self._item(FACTS_KEY)
        if item is None:
            raise OperationError(
                f"the table {self.name} in {self.region} has no item {FACTS_KEY}, in which its stack tells what "
                f"{self.kind.noun} may name: deploy the router's stack, or check with --app cdk.out"
            )
        try:
            facts = {name: [one["S"] for one in item[name]["L"]] for name in item if name != "host"}
            return self.kind.declared(facts)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise OperationError(
                f"the item {FACTS_KEY} of the table {self.name} cannot be read ({type(error).__name__}: {error}): "
                "deploy the router's stack again, or check with --app cdk.out"
            ) from None

    def get(self, host: str) -> Stored | None:
        """What there is of a host.

        Raises:
            OperationError: It cannot be asked.
        """
        item = self._item(host)
        return None if item is None else self._read(item)

    def all(self) -> Iterator[Stored]:
        """What there is of all hosts, in no order.

        Raises:
            OperationError: They cannot be asked.
        """
        start: dict[str, Any] = {}
        while True:
            page = self._endpoints.ask("scan", {"TableName": self.name, "ConsistentRead": True, **start})
            for item in page["Items"]:
                if item["host"]["S"] != FACTS_KEY:
                    yield self._read(item)
            if not page.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def put(self, given: Given, *, dry_run: bool) -> Change:
        """Write what a host has, with the next version; nothing where the table has it already.

        Args:
            given: The host, of which nothing is wrong.
            dry_run: Whether to only say what would be done.

        Raises:
            ConflictError: The table has another version than the value was made from.
            OperationError: It cannot be asked.
        """
        item = self._item(given.host)
        now = None if item is None else self._read(item)
        before = None if now is None else now.version
        if now is not None and now.is_readable(self.kind) and now.value == given.value:
            return Change(given.host, before, before, is_change=False, value=given.value)
        if given.base is not None and given.base != before:
            raise _stale(given, now)
        # A host that was deleted and is written again must not have a version that somebody still has a file of.
        after = int(time.time()) if before is None else before + 1
        if not dry_run:
            self._put(given.host, {"version": {"N": str(after)}, **self.kind.attributes(given.value)}, item)
        return Change(given.host, before, after, value=given.value)

    def delete(self, host: str, *, dry_run: bool) -> Change:
        """Take away what there is of a host.

        Args:
            host: Its name.
            dry_run: Whether to only say what would be done.

        Raises:
            ConflictError: Somebody changed it meanwhile.
            OperationError: There is nothing, or the table cannot be asked.
        """
        item = self._item(host)
        if item is None:
            raise self.has_no(host)
        if not dry_run:
            try:
                self._change("delete_item", {"Key": {"host": {"S": host}}}, item)
            except OperationError as error:
                # An attempt without an answer may have done it; gone is what was wanted.
                if error.code == _TAKEN and error.answer.get("Item"):
                    raise self._overtaken(host, error.answer["Item"], "look at it, and delete again") from None
                if error.code != _TAKEN:
                    raise
        return Change(host, self._read(item).version, None)

    def has_no(self, host: str) -> OperationError:
        """That there is nothing of a host."""
        return OperationError(f"the table {self.name} has no {self.kind.noun} of {host}")

    def _put(self, host: str, attributes: Mapping[str, Any], over: Mapping[str, Any] | None) -> None:
        # What else somebody keeps in the item stays.
        kept = {name: value for name, value in (over or {}).items() if name not in self.kind.fields}
        written = {**kept, "host": {"S": host}, **attributes}
        try:
            self._change("put_item", {"Item": written}, over)
        except OperationError as error:
            # An attempt without an answer may have written it, and then its own version is in the way of the next.
            if error.code == _TAKEN and error.answer.get("Item") != written:
                raise self._overtaken(host, error.answer.get("Item"), _THEN) from None
            if error.code != _TAKEN:
                raise

    def _change(self, operation: str, given: Mapping[str, Any], over: Mapping[str, Any] | None) -> None:
        """Change an item that still has all that was read, or is not there where it was not.

        An edit by hand may leave the version as it was.
        """
        was: dict[str, Any] = dict.fromkeys(("version", *self.kind.fields))
        was.update({name: value for name, value in (over or {}).items() if name != "host"})
        numbered = list(enumerate(was.values()))
        request = {
            "TableName": self.name,
            **given,
            "ConditionExpression": " AND ".join(
                f"attribute_not_exists(#{index})" if value is None else f"#{index} = :{index}"
                for index, value in numbered
            ),
            "ExpressionAttributeNames": {f"#{index}": name for index, name in enumerate(was)},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        values = {f":{index}": value for index, value in numbered if value is not None}
        if values:
            request["ExpressionAttributeValues"] = values
        self._endpoints.ask(operation, request, changes=True)

    def _read(self, item: Item) -> Stored:
        return Stored.read(self.kind, item)

    def _overtaken(self, host: str, item: Item | None, then: str) -> ConflictError:
        if not item:
            return ConflictError(f"{host}: somebody else deleted it meanwhile; put again to write it anew")
        return ConflictError(
            f"{host}: somebody else wrote {_version(self._read(item))} meanwhile, which stands; {then}"
        )

    def _item(self, host: str) -> Mapping[str, Any] | None:
        key = {"host": {"S": host}}
        answer = self._endpoints.ask("get_item", {"TableName": self.name, "Key": key, "ConsistentRead": True})
        item: Mapping[str, Any] | None = answer.get("Item")
        return item


def put_all(table: RouteTable, given: Iterator[Given], *, dry_run: bool) -> Iterator[Change | ConflictError]:
    """Put some hosts at a time; what became of each, in their order.

    Args:
        table: Where.
        given: The hosts.
        dry_run: Whether to only say what would be done.

    Raises:
        OperationError: The table cannot be asked; what was told before it has been done, and nothing else.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while some := list(itertools.islice(given, AT_ONCE)):
            failure: OperationError | None = None
            for task in [pool.submit(table.put, one, dry_run=dry_run) for one in some]:
                try:
                    yield task.result()
                except ConflictError as error:
                    yield error
                except OperationError as error:
                    failure = failure or error
            if failure is not None:
                raise failure


def table_of(kind: Kind, stack: str, router: str | None) -> str:
    """The table of a router, by the outputs of its stack.

    Args:
        kind: What the router has of each host.
        stack: The stack.
        router: The router, if the stack has several: the end of its path.

    Raises:
        OperationError: CloudFormation cannot be asked; no such output, or several.
    """
    instead = "--table NAME"
    outputs = outputs_of(stack, EDGE_REGION, instead=instead)
    paths = {key: path_before(key, kind.output) for key in outputs}
    found = {path or key: outputs[key] for key, path in paths.items() if path is not None}
    names = list(found) if router is None else chosen(found, router)
    tables = {found[name] for name in names}
    if len(tables) == 1:
        return tables.pop()
    there = f"stack {stack} in {EDGE_REGION} has"
    if not found:
        raise OperationError(
            f"{there} no output with {kind.output} in its name, which each {kind.router} writes since 0.1.0: deploy it "
            f"again, or give {instead}"
        )
    told = ", ".join(sorted(found))
    if router is None:
        raise OperationError(f"{there} several routers, {told}: choose one with --router, or give {instead}")
    raise OperationError(
        f"{there} {len(names)} routers called {router!r}, out of {told}: choose one, or give {instead}"
    )


_THEN = "get it, merge, and put again"


def _stale(given: Given, now: Stored | None) -> ConflictError:
    if now is None:
        return ConflictError(
            f"{given.host}: the file was made from version {given.base}, and somebody has deleted the host since; "
            "leave version out of the file to write it anew"
        )
    return ConflictError(
        f"{given.host}: the file was made from version {given.base}, and the table has {_version(now)}, which "
        f"stands; {_THEN}, or leave version out of the file to replace whatever is there"
    )


def _version(stored: Stored) -> str:
    return "an item without a version" if stored.version is None else f"version {stored.version}"
