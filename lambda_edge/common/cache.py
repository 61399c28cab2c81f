"""What a container remembers of a source: bounded, and served stale while the source fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from . import world

Value = TypeVar("Value")


class UnavailableError(Exception):
    """The source does not answer, and nothing is remembered of what was asked."""


class PartlyLoadedError(Exception):
    """The source failed after it had answered for some of the keys, which need not be asked again.

    Args:
        failure: What it failed with.
        keys: Those that it answered for.
        found: What it holds of them; what is left out is not there.
    """

    def __init__(self, failure: Exception, keys: Sequence[str], found: Mapping[str, Loaded[Any]]) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.keys = keys
        self.found = found


class Loaded(NamedTuple, Generic[Value]):
    """What a source said of a key.

    Attributes:
        value: What it holds.
        size: What it weighs against the cache's ``max_size``.
        ttl: Seconds for which it holds. Default: the cache's.
    """

    value: Value
    size: int = 1
    ttl: float | None = None


class _Entry(NamedTuple, Generic[Value]):
    value: Value
    size: int
    loaded: float
    ttl: float


class Cache(Generic[Value]):
    """Values by key out of one source.

    A key is read at most once in its time to live; that the source has nothing under it is remembered too, apart, so
    that unknown keys never push out known ones. Where the source fails, what was read last is served, however old, and
    the source is left alone for the back-off: one request waits for it, not each.

    Args:
        load: Reads some keys at once, those read longest ago first; what it leaves out is not there. Gets what is
            remembered of each, fresh or not, for sources that can say "not changed". An exception counts as a failure
            of the source; ``PartlyLoadedError`` brings what was read before it.
        ttl: Seconds for which a value is taken as it is.
        negative_ttl: Seconds for which the absence of a value is.
        back_off: Seconds after a failure in which the source is not asked.
        max_size: What all values may weigh together; the one read longest ago goes first.
        max_absent: How many absent keys are remembered.
        on_failure: Told of each failure, for the log.
    """

    def __init__(
        self,
        load: Callable[[Sequence[str], Mapping[str, Value]], Mapping[str, Loaded[Value]]],
        *,
        ttl: float,
        negative_ttl: float,
        back_off: float,
        max_size: int,
        max_absent: int,
        on_failure: Callable[[Exception], None],
    ) -> None:
        self._load = load
        self._ttl = ttl
        self._negative_ttl = negative_ttl
        self._back_off = back_off
        self._max_size = max_size
        self._max_absent = max_absent
        self._on_failure = on_failure
        self._entries: dict[str, _Entry[Value]] = {}
        self._absent: dict[str, float] = {}
        self._size = 0
        self._failed: float | None = None

    def get(self, key: str) -> Value | None:
        """The value of a key; None where the source has none.

        Raises:
            UnavailableError: The source fails, and nothing is remembered of the key.
        """
        entry = self._entries.get(key)
        if entry is not None and 0 <= world.now() - entry.loaded < entry.ttl:
            return entry.value
        return self.get_all((key,))[0]

    def get_all(self, keys: Sequence[str]) -> list[Value | None]:
        """The values of several keys, read together where any of them must be read.

        Raises:
            UnavailableError: The source fails, and nothing is remembered of one of the keys.
        """
        now = world.now()
        entries = self._entries
        values: list[Value | None] = []
        wanted = []
        for key in keys:
            # A clock that was set back makes what it dated later unusable, not eternal.
            entry = entries.get(key)
            if entry is not None:
                if 0 <= now - entry.loaded < entry.ttl:
                    values.append(entry.value)
                    continue
            else:
                since = self._absent.get(key)
                if since is not None and 0 <= now - since < self._negative_ttl:
                    values.append(None)
                    continue
            wanted.append(key)
        if not wanted:
            return values
        # A source that is too slow for all of them gets on with each try.
        wanted.sort(key=self._read_at)
        self._refresh(wanted, keys, now)
        return [entry.value if (entry := entries.get(key)) is not None else None for key in keys]

    def _refresh(self, keys: list[str], in_use: Sequence[str], now: float) -> None:
        if self._failed is None or not 0 <= now - self._failed < self._back_off:
            known = {key: self._entries[key].value for key in keys if key in self._entries}
            try:
                found = self._load(keys, known)
            except PartlyLoadedError as error:
                self._failed = world.now()
                self._on_failure(error.failure)
                self._keep(error.keys, error.found, in_use, self._failed)
            except Exception as error:
                self._failed = world.now()
                self._on_failure(error)
            else:
                self._failed = None
                self._keep(keys, found, in_use, world.now())
                return
        unknown = [key for key in keys if key not in self._entries and key not in self._absent]
        if unknown:
            raise UnavailableError(f"nothing is known of {unknown[0]!r}")

    def _keep(self, keys: Sequence[str], found: Mapping[str, Loaded[Value]], in_use: Sequence[str], now: float) -> None:
        for key in keys:
            self._forget(key)
            if key in found:
                value, size, ttl = found[key]
                self._entries[key] = _Entry(value, size, now, self._ttl if ttl is None else ttl)
                self._size += size
            else:
                self._absent[key] = now
        # What the request asked for stays, whatever it weighs: it is about to be used.
        while self._size > self._max_size:
            oldest = next((key for key in self._entries if key not in in_use), None)
            if oldest is None:
                break
            self._forget(oldest)
        while len(self._absent) > self._max_absent:
            del self._absent[next(iter(self._absent))]

    def _read_at(self, key: str) -> float:
        entry = self._entries.get(key)
        return self._absent.get(key, 0.0) if entry is None else entry.loaded

    def _forget(self, key: str) -> None:
        self._absent.pop(key, None)
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry.size
