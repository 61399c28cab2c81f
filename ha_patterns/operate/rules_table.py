"""The table of a rule router: reads sets of rules, and writes each only over the version that it replaces."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..aws.regions import EDGE_REGION
from ..contracts.rule_tables import FACTS_KEY, TABLE_OUTPUT
from .endpoints import Endpoint, Endpoints, OperationError, stack_outputs
from .rule_facts import allowed_of
from .rule_files import Given, stored_text

if TYPE_CHECKING:
    from lambda_edge.rule_router.problems import Allowed

# Where everything at the edge is.

#: How many hosts are written at a time: each waits for the network, not for the processor.
AT_ONCE = 8

_TAKEN = "ConditionalCheckFailedException"
_FINAL = {
    _TAKEN: "",
    "AccessDeniedException": "RuleRouter.grant_write allows it, and list where it is for all hosts.",
    "ExpiredTokenException": "",
    "InvalidSignatureException": "",
    "ResourceNotFoundException": f"The output {TABLE_OUTPUT} of the router's stack is the table's name; its Region is "
    "the one that all writes go to.",
    "UnrecognizedClientException": "",
    "ValidationException": "",
}


class ConflictError(Exception):
    """Somebody else's change stands, and this one was not made."""


@dataclass(frozen=True)
class Stored:
    """What a table has of a host.

    Attributes:
        host: Its name.
        version: Of its rules; None where that cannot be read.
        text: Its rules, as they are stored.
        rules: Its rules; None where they cannot be read.
    """

    host: str
    version: int | None
    text: str
    rules: list[Any] | None

    @classmethod
    def read(cls, item: Mapping[str, Mapping[str, str]]) -> Stored:
        """What an item has; whoever wrote it."""
        text = item.get("rules", {}).get("S", "")
        version = item.get("version", {}).get("N", "")
        try:
            rules = json.loads(text)
        except (ValueError, RecursionError):
            rules = None
        return cls(
            item["host"]["S"],
            # The edge takes no other for one.
            int(version) if version.isdecimal() and int(version) else None,
            text,
            rules if isinstance(rules, list) else None,
        )


@dataclass(frozen=True)
class Change:
    """What became of a host.

    Attributes:
        host: Its name.
        before: The version that it had; None where it had none.
        after: The version that it has; None where it has none any more.
        rules: How many rules it has.
    """

    host: str
    before: int | None
    after: int | None
    rules: int = 0


class RulesTable:
    """A table of rules, asked and written in one Region, where conditions on an item hold.

    Args:
        name: The table.
        region: The Region.
    """

    def __init__(self, name: str, region: str) -> None:
        self.name = name
        self.region = region
        self._endpoints = Endpoints("dynamodb", [Endpoint(region)], of=f"the table {name}", final=_FINAL)

    def allowed(self) -> Allowed:
        """What the deployed stack lets rules do.

        Raises:
            OperationError: The table does not tell, or cannot be asked.
        """
        item = self._item(FACTS_KEY)
        if item is None:
            raise OperationError(
                f"the table {self.name} in {self.region} has no item {FACTS_KEY}, in which its stack tells what rules "
                "may name: deploy the router's stack, or check with --app cdk.out"
            )
        try:
            facts = {name: [one["S"] for one in item[name]["L"]] for name in item if name != "host"}
            return allowed_of(facts)
        except (KeyError, TypeError, AttributeError) as error:
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
        return None if item is None else Stored.read(item)

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
                    yield Stored.read(item)
            if not page.get("LastEvaluatedKey"):
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def put(self, given: Given, *, dry_run: bool) -> Change:
        """Write the rules of a host, with the next version; nothing where the table has them already.

        Args:
            given: The rules, of which nothing is wrong.
            dry_run: Whether to only say what would be done.

        Raises:
            ConflictError: The table has another version than the rules were made from.
            OperationError: It cannot be asked.
        """
        item = self._item(given.host)
        now = None if item is None else Stored.read(item)
        before = None if now is None else now.version
        if now is not None and before is not None and now.rules == given.rules:
            return Change(given.host, before, before, len(given.rules))
        if given.base is not None and given.base != before:
            raise _stale(given, now)
        # A host that was deleted and is written again must not have a version that somebody still has a file of.
        after = int(time.time()) if before is None else before + 1
        text = stored_text(given.rules)
        if not dry_run:
            self._put(given.host, {"version": {"N": str(after)}, "rules": {"S": text}}, item)
        return Change(given.host, before, after, len(given.rules))

    def delete(self, host: str, *, dry_run: bool) -> Change:
        """Take the rules of a host away.

        Args:
            host: Its name.
            dry_run: Whether to only say what would be done.

        Raises:
            ConflictError: Somebody changed them meanwhile.
            OperationError: There are none, or the table cannot be asked.
        """
        item = self._item(host)
        if item is None:
            raise OperationError(f"the table {self.name} has no rules of {host}")
        if not dry_run:
            try:
                self._change("delete_item", {"Key": {"host": {"S": host}}}, item)
            except OperationError as error:
                # An attempt without an answer may have done it; gone is what was wanted.
                if error.code == _TAKEN and error.answer.get("Item"):
                    raise _overtaken(host, error.answer["Item"], "look at it, and delete again") from None
                if error.code != _TAKEN:
                    raise
        return Change(host, Stored.read(item).version, None)

    def _put(self, host: str, attributes: Mapping[str, Any], over: Mapping[str, Any] | None) -> None:
        written = {"host": {"S": host}, **attributes}
        try:
            self._change("put_item", {"Item": written}, over)
        except OperationError as error:
            # An attempt without an answer may have written it, and then its own version is in the way of the next.
            if error.code == _TAKEN and error.answer.get("Item") != written:
                raise _overtaken(host, error.answer.get("Item"), _THEN) from None
            if error.code != _TAKEN:
                raise

    def _change(self, operation: str, given: Mapping[str, Any], over: Mapping[str, Any] | None) -> None:
        """Change an item that still has the version and the rules that were read, or none where it had none.

        An edit by hand may leave the version as it was.
        """
        was = {name: (over or {}).get(name) for name in ("version", "rules")}
        request = {
            "TableName": self.name,
            **given,
            "ConditionExpression": " AND ".join(
                f"attribute_not_exists(#{name})" if value is None else f"#{name} = :{name}"
                for name, value in was.items()
            ),
            "ExpressionAttributeNames": {f"#{name}": name for name in was},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        values = {f":{name}": value for name, value in was.items() if value is not None}
        if values:
            request["ExpressionAttributeValues"] = values
        self._endpoints.ask(operation, request, changes=True)

    def _item(self, host: str) -> Mapping[str, Any] | None:
        key = {"host": {"S": host}}
        answer = self._endpoints.ask("get_item", {"TableName": self.name, "Key": key, "ConsistentRead": True})
        item: Mapping[str, Any] | None = answer.get("Item")
        return item


def put_all(table: RulesTable, given: Iterator[Given], *, dry_run: bool) -> Iterator[Change | ConflictError]:
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


def table_of(stack: str) -> str:
    """The table of a router's stack, by its outputs.

    Raises:
        OperationError: As ``stack_outputs``.
    """
    [name] = stack_outputs(stack, EDGE_REGION, [TABLE_OUTPUT], instead="--table NAME")
    return name


_THEN = "get it, merge, and put again"


def _stale(given: Given, now: Stored | None) -> ConflictError:
    if now is None:
        return ConflictError(
            f"{given.host}: the file was made from version {given.base}, and somebody has deleted the host since; "
            "leave version out of the file to write it anew"
        )
    return ConflictError(
        f"{given.host}: the file was made from version {given.base}, and the table has version {now.version}, which "
        f"stands; {_THEN}, or leave version out of the file to replace whatever is there"
    )


def _overtaken(host: str, item: Mapping[str, Any] | None, then: str) -> ConflictError:
    if not item:
        return ConflictError(f"{host}: somebody else deleted it meanwhile; put again to write it anew")
    return ConflictError(
        f"{host}: somebody else wrote version {Stored.read(item).version} meanwhile, which stands; {then}"
    )
