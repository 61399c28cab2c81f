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


class Ring(NamedTuple):
    """What is known of the secret.

    Attributes:
        signs: None where nothing may be signed.
        believed: Whose cookies count.
    """

    signs: Key | None = None
    believed: Sequence[Key] = ()


def reader(configuration: Mapping[str, Any]) -> Callable[[], Ring]:
    """What gives the keys; none at all where the secret cannot be read and was never read.

    Where only its previous version cannot be read, the current one counts, with the other that was known before, and
    both are read again after the back-off. Where it is not known whether there is another, nothing is signed until
    then: a user whose cookie is of the previous one seems to have none, and would be moved.

    Args:
        configuration: ``name`` of the secret, the ``regions`` that have it, and their ``order`` by the Region that runs
            the function.
    """
    name: str = configuration["name"]
    replicas = Replicas(nearest_first(configuration["regions"], configuration["order"]), back_off=_REGION_BACK_OFF)

    def load(_keys: Sequence[str], known: Mapping[str, Ring]) -> dict[str, Loaded[Ring]]:
        deadline = world.monotonic() + _DEADLINE

        def read(region: str, until: float) -> Loaded[Ring]:
            version = aws.get_secret_value(name, region=region, deadline=until)
            current = _key(version)
            try:
                # With the current one no other Region is needed, so this may take all the time that is left.
                older = [_key(aws.get_secret_value(name, region=region, deadline=deadline, stage="AWSPREVIOUS"))]
            except (OSError, ValueError) as error:
                # Before its first rotation a secret has one version.
                if not isinstance(error, aws.AwsError) or error.code != "ResourceNotFoundException":
                    on_failure(error)
                    last = known.get(_ALL, Ring())
                    older = [key for key in last.believed if key != current][:1]
                    if not older and last.signs != current:
                        return Loaded(Ring(None, (current,)), ttl=_BACK_OFF)
                    return Loaded(ring(version, current, older), ttl=_BACK_OFF)
                older = []
            return Loaded(ring(version, current, older))

        return {_ALL: replicas.first_answer(read, deadline)}

    def ring(version: aws.SecretValue, current: Key, older: list[Key]) -> Ring:
        settled = world.now() - version.created >= _SETTLED
        return Ring(current if settled or not older else older[0], (current, *older))

    def on_failure(error: Exception) -> None:
        world.log("no keys", error=f"{type(error).__name__}: {error}")

    cache: Cache[Ring] = Cache(
        load,
        ttl=_TTL,
        negative_ttl=_TTL,
        back_off=_BACK_OFF,
        max_size=1,
        max_absent=1,
        on_failure=on_failure,
    )

    def keys() -> Ring:
        try:
            return cache.get(_ALL) or Ring()
        except UnavailableError:
            return Ring()

    return keys


def _key(version: aws.SecretValue) -> Key:
    import hmac

    secret = version.value.encode()
    if len(secret) < _SHORTEST:
        raise ValueError(f"a key of {len(secret)} bytes is too short, {_SHORTEST} are needed")
    return Key(hmac.digest(secret, b"ha-patterns home-region key id", "sha256").hex()[:8], secret)
