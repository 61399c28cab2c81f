"""The keys that sign cookies: two versions of a secret that is replicated to several Regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..common import aws, world
from ..common.cache import Cache, Loaded, UnavailableError
from ..common.replicas import Replicas, nearest_first

# All reads of it together: a request waits for them, once in a while.
_DEADLINE = 0.3
_TTL = 300
# A new version signs when whoever reads the secret knows it: a cookie that some do not know would be taken for none.
_SETTLED = 2 * _TTL
_BACK_OFF = 10
_REGION_BACK_OFF = 60
# Shorter ones could be tried out; what the construct makes is twice as long.
_SHORTEST = 32
_ALL = "keys"


class Key(NamedTuple):
    """One version of the secret; its id comes of it, and so is the same in every Region."""

    id: str
    secret: bytes


def reader(configuration: Mapping[str, Any]) -> Callable[[], Sequence[Key]]:
    """What gives the keys: the one that signs first, then the other, which is only believed.

    None at all where the secret cannot be read and was never read.

    Args:
        configuration: ``name`` of the secret, the ``regions`` that have it, and their ``order`` by the Region that runs
            the function.
    """
    name: str = configuration["name"]
    replicas = Replicas(nearest_first(configuration["regions"], configuration["order"]), back_off=_REGION_BACK_OFF)

    def load(_keys: Sequence[str], _known: Mapping[str, Sequence[Key]]) -> dict[str, Loaded[Sequence[Key]]]:
        return {_ALL: Loaded(replicas.first_answer(read, world.monotonic() + _DEADLINE))}

    def read(region: str, deadline: float) -> Sequence[Key]:
        version = aws.get_secret_value(name, region=region, deadline=deadline)
        current = _key(version)
        try:
            previous = _key(aws.get_secret_value(name, region=region, deadline=deadline, stage="AWSPREVIOUS"))
        except aws.AwsError as error:
            # Before its first rotation a secret has one version.
            if error.code != "ResourceNotFoundException":
                raise
            return (current,)
        return (current, previous) if world.now() - version.created >= _SETTLED else (previous, current)

    cache: Cache[Sequence[Key]] = Cache(
        load,
        ttl=_TTL,
        negative_ttl=_TTL,
        back_off=_BACK_OFF,
        max_size=1,
        max_absent=1,
        on_failure=lambda error: world.log("no keys", error=f"{type(error).__name__}: {error}"),
    )

    def keys() -> Sequence[Key]:
        try:
            return cache.get(_ALL) or ()
        except UnavailableError:
            return ()

    return keys


def _key(version: aws.SecretValue) -> Key:
    import hmac

    secret = version.value.encode()
    if len(secret) < _SHORTEST:
        raise ValueError(f"a key of {len(secret)} bytes is too short, {_SHORTEST} are needed")
    return Key(hmac.digest(secret, b"ha-patterns home-region key id", "sha256").hex()[:8], secret)
