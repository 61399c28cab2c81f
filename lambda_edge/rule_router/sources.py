"""Where rules come from: the asset, buckets, or a table. All are asked the same way, by the names of hosts."""

from __future__ import annotations

import gc
import json
from binascii import crc32
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..common import world
from ..common.cache import Loaded, PartlyLoadedError
from .problems import Allowed, Problem
from .rules import RuleSet, Tables, compile_rules, is_version

if TYPE_CHECKING:
    from ..common.replicas import Turn

# What a set weighs in memory: this, and for each byte of its text so many. Measured, of many short rules; and of one.
_OVERHEAD = 1024
_BYTES_PER_BYTE = 16
_BYTES_PER_RULE = 1024
_MOST_TOLD = 1000
_SHOWN = 5
_DENIED = "AccessDenied"
# The second is how S3 refuses an object that was stored under a key of the writer's own.
_OF_ONE_OBJECT = ("InvalidObjectState", "InvalidRequest")


class Source(Protocol):
    """One place of rules.

    Attributes:
        request: The request that is being decided: what only the deploy knows of the source is in its origin.
    """

    request: Mapping[str, Any]

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet], wait: float) -> Mapping[str, Loaded[RuleSet]]:
        """The rules of some hosts; what has none is left out.

        Args:
            hosts: The names.
            known: What is remembered of them.
            wait: For how many seconds they are waited for.

        Raises:
            OSError: None was read.
            PartlyLoadedError: Not all were.
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
            last: What is remembered. It stays if it was read of the same text. Default: nothing, so that nothing is
                decided for the host while its set is malformed.
        """
        digest = digest_of(text)
        if last is not None and last.digest == digest and (version is None or is_version(version)):
            return last
        # A collector would go through all rules again and again while there is nothing to collect.
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            value = json.loads(text)
            if version is not None:
                value = {"version": version, "rules": value}
            rules = compile_rules(host, value, self._allowed, self.skipped(host))
        except (ValueError, RecursionError) as error:
            return self.unreadable(host, f"is not JSON: {type(error).__name__}", last)
        finally:
            if was_enabled:
                gc.enable()
        if rules is None:
            return last or RuleSet.unreadable(host)
        rules.digest, rules.size = digest, _weight(text)
        return rules

    def unreadable(self, host: str, why: str, last: RuleSet | None) -> RuleSet:
        """The last good rules of a host whose set cannot be read."""
        self.skipped(host)([Problem(None, "", why)])
        return last or RuleSet.unreadable(host)

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

    def load(
        self,
        hosts: Sequence[str],
        known: Mapping[str, RuleSet],  # noqa: ARG002
        wait: float,  # noqa: ARG002
    ) -> Mapping[str, Loaded[RuleSet]]:
        """As ``Source``."""
        found = {}
        for host in hosts:
            packed = self._file.part(part_of(host, self._file.hosts)).get(host)
            if packed is not None:
                exact, prefixes, lengths, longest = packed
                tables = Tables(self._table(exact), self._table(prefixes), lengths, longest)
                size = _BYTES_PER_RULE * (len(tables.exact) + len(tables.prefixes))
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

    def get(self, path: str, default: Any = None) -> Any:
        """The rules of a path. It is the one way to them: nothing else reads a part."""
        found = dict.get(self, path)
        if found is not None:
            return found
        part = part_of(path, self._parts)
        if part in self._read:
            return default
        self.update(self._file.part(self._first + part))
        self._read.add(part)
        return dict.get(self, path, default)


class BucketSource:
    """Rules in S3: an object a host, in a bucket in each of some Regions."""

    def __init__(self, settings: Mapping[str, Any], reader: Reader) -> None:
        from ..common import replicas

        self.request: Mapping[str, Any] = {}
        self._buckets: Mapping[str, str] = settings["buckets"]
        self._prefix: str = settings["prefix"]
        self._reader = reader
        regions = replicas.nearest_first(list(self._buckets), settings["order"])
        self._replicas = replicas.Replicas(regions)

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet], wait: float) -> Mapping[str, Loaded[RuleSet]]:
        """As ``Source``."""
        deadline = world.monotonic() + wait
        found: dict[str, Loaded[RuleSet]] = {}
        answered: list[str] = []
        denied: list[tuple[str, OSError]] = []
        failure: OSError | None = None
        for host in hosts:
            try:
                rules = self._load(host, known.get(host), deadline)
            except OSError as error:
                if not _is_denied(error):
                    failure = error
                    break
                denied.append((host, error))
                continue
            answered.append(host)
            if rules is not None:
                found[host] = Loaded(rules, rules.size)
        if denied and not answered:
            raise denied[0][1]
        # A role that may read one object may read them all: what is refused then is this one.
        for host, why in denied:
            answered.append(host)
            rules = self._unreadable(host, why, known.get(host))
            found[host] = Loaded(rules, rules.size)
        if failure is None:
            return found
        if not answered:
            raise failure
        raise PartlyLoadedError(failure, answered, found)

    def _load(self, host: str, last: RuleSet | None, deadline: float) -> RuleSet | None:
        """The rules of a host; None where it has none.

        Raises:
            OSError: The source fails, or refuses the object.
        """
        from ..common import aws

        def get(region: str, turn: Turn) -> aws.S3Object | OSError:
            bucket, key = self._buckets[region], f"{self._prefix}{host}.json"
            try:
                answer = aws.get_object(
                    bucket,
                    key,
                    region=region,
                    deadline=turn.deadline,
                    patient=turn.patient,
                    etag=last.tag if last else "",
                )
            except OSError as error:
                if _is_of_one_object(error):
                    return error
                raise
            if answer.status == 403:
                raise aws.AwsError(403, _DENIED)
            return answer

        answer = self._replicas.first_answer(get, deadline)
        if isinstance(answer, OSError):
            return self._unreadable(host, answer, last)
        if answer.status == 304 and last:
            return last
        if answer.status != 200:
            return None
        rules = self._reader.read(host, answer.body, last=last)
        # Buckets may have tags of their own for one text. After one that is malformed, the last good one's stays.
        if rules is not last or rules.digest == digest_of(answer.body):
            rules.tag = answer.etag
        return rules

    def _unreadable(self, host: str, error: OSError, last: RuleSet | None) -> RuleSet:
        return self._reader.unreadable(host, f"cannot be read: {error}", last)


class TableSource:
    """Rules in a DynamoDB global table: an item a host, with a replica in each of some Regions."""

    def __init__(self, settings: Mapping[str, Any], reader: Reader) -> None:
        from ..common.table import RouteTable

        self.request: Mapping[str, Any] = {}
        self._table = RouteTable(settings)
        self._reader = reader

    def load(self, hosts: Sequence[str], known: Mapping[str, RuleSet], wait: float) -> Mapping[str, Loaded[RuleSet]]:
        """As ``Source``."""
        self._table.request = self.request
        found = {}
        for item in self._table.items(hosts, wait):
            host: str = item["host"]
            text = item.get("rules")
            if not isinstance(text, str):
                text = ""
            rules = self._reader.read(host, text, item.get("version", 0), known.get(host))
            found[host] = Loaded(rules, rules.size)
        return found


SOURCES: dict[str, Callable[[Mapping[str, Any], Reader], Source]] = {
    "static": StaticSource,
    "s3": BucketSource,
    "dynamodb": TableSource,
}


def digest_of(text: str | bytes) -> tuple[int, int]:
    """What tells a text from others, as long as this process lives: the text itself would be in memory twice."""
    return len(text), hash(text)


def _weight(text: str | bytes) -> int:
    return _OVERHEAD + _BYTES_PER_BYTE * len(text)


def _is_denied(error: OSError) -> bool:
    return getattr(error, "code", "") == _DENIED


def _is_of_one_object(error: OSError) -> bool:
    """Whether S3 answers for others while it fails so for one: archived, of a key that is refused, too large."""
    code = getattr(error, "code", "")
    return isinstance(error, world.TooLargeError) or code.startswith("KMS.") or code in _OF_ONE_OBJECT


def part_of(key: str, parts: int) -> int:
    """In which of so many parts something is."""
    return crc32(key.encode("utf-8", "replace")) % parts
