"""Where rules come from: the asset, buckets, or a table. All are asked the same way, by the names of hosts."""

from __future__ import annotations

import json
from binascii import crc32
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from ..common import world
from ..common.cache import Loaded
from .problems import Allowed, Problem
from .rules import RuleSet, Tables, compile_rules

# What a set weighs in memory beside its text, about.
_OVERHEAD = 1024
_MOST_TOLD = 1000
_SHOWN = 5


class Source(Protocol):
    """One place of rules.

    Attributes:
        request: The request that is being decided: what only the deploy knows of the source is in its origin.
    """

    request: Mapping[str, Any]

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet]) -> Mapping[str, Loaded[RuleSet]]:
        """The rules of some hosts; what has none is left out.

        Args:
            hosts: The names.
            known: What is remembered of them.

        Raises:
            OSError: They were not all read.
        """


class Reader:
    """Makes rules of what a source holds, and says of each that is skipped, once.

    Args:
        allowed: What the stack lets its rules do.
    """

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._told: set[tuple[str, Problem]] = set()

    def read(self, host: str, text: str | bytes, version: object = None, last: RuleSet | None = None) -> RuleSet:
        """The rules of a host; the last good ones where its set as a whole is malformed.

        Args:
            host: Under which they are kept.
            text: The set as JSON; with a version, the list of rules alone.
            version: The set's, where it is kept beside the rules. Default: it is in the text.
            last: What is remembered. Default: nothing, so that nothing is decided for the host while it stays so.
        """
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            self.skipped(host)([Problem(None, "", f"is not JSON: {type(error).__name__}")])
            value = None
        else:
            if version is not None:
                value = {"version": version, "rules": value}
            value = compile_rules(host, value, self._allowed, self.skipped(host))
        return value or last or RuleSet.unreadable(host)

    def sorted(self, host: str, tables: Tables) -> RuleSet:
        """The rules of a host that were judged and sorted by path at synth."""
        return RuleSet(host, tables, self._allowed, self.skipped(host))

    def skipped(self, host: str) -> Callable[[list[Problem]], None]:
        """What is told of the problems in a host's rules."""

        def tell(problems: list[Problem]) -> None:
            new = [problem for problem in problems if (host, problem) not in self._told]
            if new:
                if len(self._told) > _MOST_TOLD:
                    self._told.clear()
                self._told.update((host, problem) for problem in new)
                world.log("rules-skipped", host=host, count=len(new), problems=[str(each) for each in new[:_SHOWN]])

        return tell


class StaticSource:
    """Rules that are in the asset, as ``packing`` writes them: only what is asked for is read."""

    def __init__(self, settings: Mapping[str, Any], reader: Reader) -> None:
        from ..common import configuration

        self.request: Mapping[str, Any] = {}
        self._file = PartedFile(configuration.path(settings["file"]))
        self._reader = reader

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet]) -> Mapping[str, Loaded[RuleSet]]:  # noqa: ARG002
        """As ``Source``."""
        found = {}
        for host in hosts:
            packed = self._file.part(part_of(host, self._file.hosts)).get(host)
            if packed is not None:
                exact, prefixes, lengths, longest = packed
                tables = Tables(self._table(exact), self._table(prefixes), lengths, longest)
                size = 100 * (len(tables.exact) + len(tables.prefixes))
                found[host] = Loaded(self._reader.sorted(host, tables), _OVERHEAD + size)
        return found

    def _table(self, packed: dict[str, Any] | list[int]) -> dict[str, Any]:
        return packed if isinstance(packed, dict) else PartedTable(self._file, *packed)


class PartedFile:
    """A line that says how many parts are hosts' and where each part starts; then the parts.

    Attributes:
        hosts: How many parts hold hosts; the others hold the rules of hosts that have too many for one.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib is slow to import
            self.hosts, *self._starts = json.loads(file.readline())

    def part(self, number: int) -> dict[str, Any]:
        """What is in a part."""
        with open(self._path, "rb") as file:  # noqa: PTH123
            file.seek(self._starts[number])
            held: dict[str, Any] = json.loads(file.read(self._starts[number + 1] - self._starts[number]))
        return held


class PartedTable(dict[str, Any]):
    """The rules of one host by path, of which each part is read when a path in it is first asked for.

    Args:
        file: Where they are.
        first: The first of its parts.
        parts: How many it has.
    """

    def __init__(self, file: PartedFile, first: int, parts: int) -> None:
        super().__init__()
        self._file = file
        self._first = first
        self._parts = parts
        self._read: set[int] = set()

    def __contains__(self, path: object) -> bool:
        if super().__contains__(path):
            return True
        part = part_of(str(path), self._parts)
        if part in self._read:
            return False
        self.update(self._file.part(self._first + part))
        self._read.add(part)
        return super().__contains__(path)


class BucketSource:
    """Rules in S3: an object a host, in a bucket in each of some Regions."""

    def __init__(self, settings: Mapping[str, Any], reader: Reader) -> None:
        from ..common import replicas

        self.request: Mapping[str, Any] = {}
        self._buckets: Mapping[str, str] = settings["buckets"]
        self._prefix: str = settings["prefix"]
        self._deadline: float = settings["deadline"]
        self._reader = reader
        regions = replicas.nearest_first(list(self._buckets), settings["order"])
        self._replicas = replicas.Replicas(regions, back_off=settings["back_off"])

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet]) -> Mapping[str, Loaded[RuleSet]]:
        """As ``Source``."""
        from ..common import aws

        deadline = world.monotonic() + self._deadline
        found = {}
        for host in hosts:
            last = known.get(host)
            etag = last.tag if last else ""

            def get(region: str, until: float, host: str = host, etag: str = etag) -> aws.S3Object:
                bucket, key = self._buckets[region], f"{self._prefix}{host}.json"
                answer = aws.get_object(bucket, key, region=region, deadline=until, etag=etag)
                if answer.status == 403:
                    raise aws.AwsError(403, "AccessDenied")
                return answer

            answer = self._replicas.first_answer(get, deadline)
            if answer.status == 304 and last:
                found[host] = Loaded(last, last.size)
            elif answer.status == 200:
                rules = self._reader.read(host, answer.body, last=last)
                if rules is not last:
                    rules.tag, rules.size = answer.etag, _OVERHEAD + len(answer.body)
                found[host] = Loaded(rules, rules.size)
        return found


class TableSource:
    """Rules in a DynamoDB global table: an item a host, with a replica in each of some Regions."""

    def __init__(self, settings: Mapping[str, Any], reader: Reader) -> None:
        from ..common.table import RouteTable

        self.request: Mapping[str, Any] = {}
        self._table = RouteTable(settings)
        self._reader = reader

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet]) -> Mapping[str, Loaded[RuleSet]]:
        """As ``Source``."""
        self._table.request = self.request
        found = {}
        for item in self._table.items(hosts):
            host: str = item["host"]
            text = item.get("rules")
            if not isinstance(text, str):
                text = ""
            rules = self._reader.read(host, text, item.get("version", 0), known.get(host))
            found[host] = Loaded(rules, _OVERHEAD + len(text))
        return found


SOURCES: dict[str, Callable[[Mapping[str, Any], Reader], Source]] = {
    "static": StaticSource,
    "s3": BucketSource,
    "dynamodb": TableSource,
}


def part_of(key: str, parts: int) -> int:
    """In which of so many parts something is."""
    return crc32(key.encode("utf-8", "replace")) % parts
