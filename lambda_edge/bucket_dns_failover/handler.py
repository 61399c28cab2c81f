"""Sends requests for a bucket to the one that a TXT record names: what Route 53 holds for healthy, or for nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..common import dns, world
from ..common.cache import Cache, Loaded, UnavailableError
from ..common.entry import Decide, entry
from ..common.origin import DeclaredOrigins, configured, keep, role

# The header of the configured origin with the record's name, where only the deploy knows it.
RECORD_NAME = "record-name"
# Resolvers hand out the rest of a TTL, down to 0: an answer is taken for that long at least.
LEAST_TTL = 5
_BACK_OFF = 5


def build(configuration: dict[str, Any]) -> Decide:
    """What the stack baked.

    Its parts:
        origins: The buckets by the key that records name them by.
        record_name: The record; None where a header tells it.
        longest_ttl: Seconds for which an answer is taken at most.
    """
    declared = DeclaredOrigins(configuration["origins"])
    keys: list[str] = list(configuration["origins"])
    baked: str | None = configuration["record_name"]
    longest: int = configuration["longest_ttl"]

    def load(names: Sequence[str], _known: Mapping[str, str], wait: float) -> dict[str, Loaded[str]]:
        return {name: _ask(name, declared, longest, wait) for name in names}

    answers = Cache(
        load,
        ttl=longest,
        negative_ttl=_BACK_OFF,
        back_off=_BACK_OFF,
        max_size=1,
        max_absent=1,
        on_failure=lambda error: world.log("bucket-unresolved", error=f"{type(error).__name__}: {error}"),
        wait=dns.FIRST_WAIT,
        refresh_wait=dns.REFRESH_WAIT,
    )

    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = cf["request"]
        name = baked or configured(request, RECORD_NAME)
        if not name:
            raise LookupError(f"the configured origin does not tell the {RECORD_NAME}")
        try:
            key = answers.get(name)
        except UnavailableError:
            key = None
        if key is None:
            return keep(request)
        if role(request) == "secondary":
            # Of an origin group: the bucket that is named has just failed this request.
            key = keys[(keys.index(key) + 1) % len(keys)]
        return declared.send(request, key)

    return decide


def _ask(name: str, declared: DeclaredOrigins, longest: int, wait: float) -> Loaded[str]:
    values, ttl = dns.resolve(name, "TXT", deadline=world.monotonic() + wait)
    for key in values:
        if key in declared:
            return Loaded(key, ttl=min(max(ttl, LEAST_TTL), longest))
    raise LookupError(f"{name} names no declared bucket: {values!r}"[:500])


handler = entry(build, fails_open=True)
