"""What a container remembers of a source: bounded, and served stale while the source fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from . import world

Value = TypeVar("Value")

#: Seconds that a request waits at most for a value that is not known. TCP, TLS and the answer take 0.9 s if a round
#: trip takes 300 ms, and if the first Region is dead the next one must have that time too.
FIRST_WAIT = 1.5
#: Seconds that a request waits at most to renew a value that is known.
REFRESH_WAIT = 0.3
# For so many combinations of keys what is known is remembered together.
_MOST_TOGETHER = 1000
# A value that is older than so many times to live is waited for as if it were not known.
_OVERDUE = 2


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

    A container is frozen between requests, so nothing can be read meanwhile: a request waits, or the old value is
    served. A request waits for ``wait`` if the value is not known, and for ``refresh_wait`` to renew one that is. If
    the source is too far away for the latter, no request waits until the value is twice as old as its time to live.
    From that age on one request in a time to live waits for ``wait`` again.

    Args:
        load: Reads some keys at once, those read longest ago first; what it leaves out is not there. Gets what is
            remembered of each, fresh or not, for sources that can say "not changed"; and how many seconds it has. An
            exception counts as a failure of the source; ``PartlyLoadedError`` brings what was read before it.
        ttl: Seconds for which a value is taken as it is.
        negative_ttl: Seconds for which the absence of a value is.
        back_off: Seconds after a failure in which the source is not asked.
        max_size: What all values may weigh together; the one read longest ago goes first.
        max_absent: How many absent keys are remembered.
        on_failure: Told of each failure, for the log.
        wait: Seconds that a request waits for a value that is not known. Default: ``FIRST_WAIT``.
        refresh_wait: Seconds that a request waits to renew a value. Default: ``REFRESH_WAIT``.
    """

    def __init__(
        self,
        load: Callable[[Sequence[str], Mapping[str, Value], float], Mapping[str, Loaded[Value]]],
        *,
        ttl: float,
        negative_ttl: float,
        back_off: float,
        max_size: int,
        max_absent: int,
        on_failure: Callable[[Exception], None],
        wait: float = FIRST_WAIT,
        refresh_wait: float = REFRESH_WAIT,
    ) -> None:
        self._load = load
        self._ttl = ttl
        self._negative_ttl = negative_ttl
        self._back_off = back_off
        self._max_size = max_size
        self._max_absent = max_absent
        self._on_failure = on_failure
        self._wait = wait
        self._refresh_wait = refresh_wait
        self._entries: dict[str, _Entry[Value]] = {}
        self._absent: dict[str, float] = {}
        self._size = 0
        # By keys that are asked for together: from when to when their values hold, and the values; until any changes.
        self._together: dict[tuple[str, ...], tuple[float, float, Sequence[Value | None]]] = {}
        # When the source failed last, and when it failed in a long wait; None if it has answered since.
        self._failed: float | None = None
        self._failed_at_length: float | None = None
        # How long the last answer took, and whether a short wait is too short for the source.
        self._took = 0.0
        self._is_far = False

    def get(self, key: str) -> Value | None:
        """The value of a key; None where the source has none.

        Raises:
            UnavailableError: The source fails, and nothing is remembered of the key.
        """
        entry = self._entries.get(key)
        if entry is not None and 0 <= world.now() - entry.loaded < entry.ttl:
            return entry.value
        return self.get_all((key,))[0]

    def get_all(self, keys: tuple[str, ...]) -> Sequence[Value | None]:
        """The values of several keys, read together where any of them must be read.

        Raises:
            UnavailableError: The source fails, and nothing is remembered of one of the keys.
        """
        now = world.now()
        together = self._together.get(keys)
        # A clock that was set back makes what it dated later unusable, not eternal.
        if together is not None and together[0] <= now < together[1]:
            return together[2]
        entries, absent = self._entries, self._absent
        value: Value | None
        loaded: float | None
        values: list[Value | None] = []
        wanted = []
        start, end = 0.0, float("inf")
        for key in keys:
            entry = entries.get(key)
            if entry is not None:
                value, _, loaded, ttl = entry
            else:
                value, loaded, ttl = None, absent.get(key), self._negative_ttl
            if loaded is not None and loaded <= now < loaded + ttl:
                values.append(value)
                start, end = max(start, loaded), min(end, loaded + ttl)
            else:
                wanted.append(key)
        if not wanted:
            if len(self._together) >= _MOST_TOGETHER:
                self._together.clear()
            self._together[keys] = start, end, values
            return values
        # A source that is too slow for all of them gets on with each try.
        wanted.sort(key=self._read_at)
        self._refresh(wanted, keys, now)
        return [entry.value if (entry := entries.get(key)) is not None else None for key in keys]

    def _refresh(self, keys: list[str], in_use: Sequence[str], now: float) -> None:
        wait = self._wait_for(keys, now)
        if wait:
            known = {key: self._entries[key].value for key in keys if key in self._entries}
            started = world.monotonic()
            try:
                found = self._load(keys, known, wait)
            except PartlyLoadedError as error:
                self._fail(error.failure, wait, started)
                self._keep(error.keys, error.found, in_use, world.now())
            except Exception as error:
                self._fail(error, wait, started)
            else:
                self._failed = self._failed_at_length = None
                self._took = world.monotonic() - started
                self._is_far = self._is_far and self._took > self._refresh_wait / 2
                self._keep(keys, found, in_use, world.now())
                return
        unknown = [key for key in keys if not self._is_known(key)]
        if unknown:
            raise UnavailableError(f"nothing is known of {unknown[0]!r}")

    def _wait_for(self, keys: Sequence[str], now: float) -> float:
        """How many seconds the source has; 0 if it is not asked."""
        if not all(map(self._is_known, keys)):
            return 0.0 if _is_within(self._back_off, self._failed_at_length, now) else self._wait
        if _is_within(self._back_off, self._failed, now):
            return 0.0
        patience = max(self._back_off, self._ttl)
        if not _is_within(patience, self._failed_at_length, now) and any(self._is_overdue(key, now) for key in keys):
            return self._wait
        return 0.0 if self._is_far else self._refresh_wait

    def _fail(self, error: Exception, wait: float, started: float) -> None:
        self._failed = world.now()
        if wait == self._wait:
            self._failed_at_length = self._failed
        # A source that answered well within such a wait before is not far; and a refusal comes soon.
        elif self._took > wait / 2 and world.monotonic() - started > wait / 2:
            self._is_far = True
        self._on_failure(error)

    def _is_known(self, key: str) -> bool:
        return key in self._entries or key in self._absent

    def _is_overdue(self, key: str, now: float) -> bool:
        entry = self._entries.get(key)
        ttl = self._negative_ttl if entry is None else entry.ttl
        return not _is_within(_OVERDUE * ttl, self._read_at(key), now)

    def _keep(self, keys: Sequence[str], found: Mapping[str, Loaded[Value]], in_use: Sequence[str], now: float) -> None:
        self._together.clear()
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


def _is_within(seconds: float, moment: float | None, now: float) -> bool:
    """Whether a moment is less than some seconds ago; a later one, after a clock was set back, is not."""
    return moment is not None and 0 <= now - moment < seconds
