"""Whether a home is healthy, by what the nameservers say: Route 53 decides that, and not a function at the edge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..common import dns, world
from ..common.cache import Cache, Loaded, UnavailableError

# Resolvers hand out the rest of a TTL, down to 0: an answer is taken for that long at least.
LEAST_TTL = 5
_BACK_OFF = 5


def judge(records: Mapping[str, Mapping[str, Any]]) -> Callable[[str], bool]:
    """What tells whether a home is healthy.

    It is where nothing says that it is not: where the nameservers fail, what they said last holds, and a home of
    which they never said anything is taken for healthy, since moving users for nothing is the greater harm.

    Args:
        records: By home: the ``name`` and ``kind`` of the record to ask for, and the ``values`` that it has while the
            home is healthy.
    """
    began = waited = 0.0

    def load(homes: Sequence[str], _known: Mapping[str, bool], _wait: float) -> dict[str, Loaded[bool]]:
        nonlocal began, waited
        now, started = world.now(), world.monotonic()
        if not 0 <= now - began < _BACK_OFF:
            began, waited = now, 0.0
        # All homes together are waited for this long in a back-off, and a record that gets no answer leaves half of the
        # time to those of the others.
        until = started + (dns.FIRST_WAIT - waited) / 2
        try:
            return {home: _ask(records[home], until) for home in homes}
        finally:
            waited += world.monotonic() - started

    # One each: that the record of one cannot be read says nothing of the others.
    answers = {
        home: Cache(
            load,
            ttl=LEAST_TTL,
            negative_ttl=_BACK_OFF,
            back_off=_BACK_OFF,
            max_size=1,
            max_absent=1,
            on_failure=lambda error: world.log("health unknown", error=f"{type(error).__name__}: {error}"),
            wait=dns.FIRST_WAIT,
            refresh_wait=dns.FIRST_WAIT,
        )
        for home in records
    }

    def is_healthy(home: str) -> bool:
        try:
            return answers[home].get(home) is not False
        except UnavailableError:
            return True

    return is_healthy


def _ask(record: Mapping[str, Any], deadline: float) -> Loaded[bool]:
    values, ttl = dns.resolve(record["name"], record["kind"], deadline=deadline)
    if not values:
        raise LookupError(f"{record['name']} has no {record['kind']} record")
    return Loaded(not set(values).isdisjoint(record["values"]), ttl=max(ttl, LEAST_TTL))
