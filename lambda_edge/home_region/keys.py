"""The keys that sign cookies: two versions of a secret that is replicated to several Regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..common import aws, world
from ..common.cache import FIRST_WAIT, Cache, Loaded, UnavailableError
from ..common.replicas import Replicas, Turn, nearest_first

# Of this age a version is read anew; at the latest at twice the age, see ``Cache``.
_TTL = 300
# A new version signs once all containers know it: if one did not, it would take a cookie of that key for none.
_SETTLED = 3 * _TTL
_BACK_OFF = 10
# Shorter ones could be tried out; what the construct makes is twice as long.
_SHORTEST = 32
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


class Key(NamedTuple):
    """One version of the secret; its id comes of it, and so is the same in every Region."""

    id: str
    secret: bytes


class Ring(NamedTuple):
    """What is known of the secret.

    Attributes:
        signs: None if nothing may be signed.
        believed: The keys whose cookies count, the newest first.
        complete: Whether the cookies of all other keys are sure not to count.
    """

    signs: Key | None = None
    believed: Sequence[Key] = ()
    complete: bool = False


class _Version(NamedTuple):
    """When a version was made, and when it was read."""

    key: Key
    created: float
    read: float


class Secret:
    """The secret, as far as this container knows it.

    The previous version is read only if it matters: if a cookie names another key than the current one, or if that one
    is so new that the previous one still signs. If it cannot be read, cookies of the key that was the current one
    before, in this container, count in its place.

    Args:
        configuration: ``name`` of the secret, the ``regions`` that have it, and their ``order`` by the Region that runs
            the function.
    """

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        self._name: str = configuration["name"]
        self._replicas = Replicas(nearest_first(configuration["regions"], configuration["order"]))
        # The Regions that have the secret: that another one has no previous version of it says nothing.
        self._holders: set[str] = set()
        self._former: tuple[Key, ...] = ()
        self._until = 0.0
        # The previous version is kept under the current one's id, for it changes with that.
        self._versions: Cache[_Version] = Cache(
            self._load,
            ttl=_TTL,
            negative_ttl=_TTL,
            back_off=_BACK_OFF,
            max_size=2,
            max_absent=1,
            on_failure=lambda error: world.log("no keys", error=f"{type(error).__name__}: {error}"),
        )

    def ring(self, key_id: str) -> Ring:
        """The keys for one request, whose reads together have ``FIRST_WAIT``.

        None at all if the secret cannot be read and was never read.

        Args:
            key_id: The id of the key that the request's cookie names; empty if there is no cookie.
        """
        self._until = world.monotonic() + FIRST_WAIT
        try:
            current = self._versions.get(_CURRENT)
        except UnavailableError:
            current = None
        if current is None:
            return Ring()
        settled = world.now() - current.created >= _SETTLED
        if settled and key_id in ("", current.key.id):
            return Ring(current.key, (current.key,), complete=True)
        try:
            previous = self._versions.get(current.key.id)
        except UnavailableError:
            return Ring(current.key if settled else None, (current.key, *self._former))
        if previous is not None and previous.created > current.created:
            # The key has changed twice since the current one was read.
            return Ring(None, (previous.key,))
        older = [previous.key] if previous is not None else []
        # A version that was made after the current one was read does not sign yet.
        complete = 0 <= world.now() - current.read < _SETTLED
        return Ring(current.key if settled or not older else older[0], (current.key, *older), complete)

    def _load(self, wanted: Sequence[str], known: Mapping[str, _Version], wait: float) -> dict[str, Loaded[_Version]]:
        # One at a time: which version is the previous one is known once the current one is.
        (each,) = wanted
        stage = _CURRENT if each == _CURRENT else _PREVIOUS
        deadline = min(self._until, world.monotonic() + wait)
        version = self._replicas.first_answer(lambda region, turn: self._read(region, turn, stage), deadline)
        if version is None:
            return {}
        last = known.get(_CURRENT)
        if last is not None and last.key != version.key:
            self._former = (last.key,)
        return {each: Loaded(version)}

    def _read(self, region: str, turn: Turn, stage: str) -> _Version | None:
        try:
            value = aws.get_secret_value(
                self._name, region=region, deadline=turn.deadline, patient=turn.patient, stage=stage
            )
        except aws.AwsError as error:
            # Before its first rotation a secret has one version.
            if stage == _PREVIOUS and error.code == "ResourceNotFoundException" and region in self._holders:
                return None
            raise
        self._holders.add(region)
        return _Version(_key(value), value.created, world.now())


def _key(version: aws.SecretValue) -> Key:
    import hmac

    secret = version.value.encode()
    if len(secret) < _SHORTEST:
        raise ValueError(f"a key of {len(secret)} bytes is too short, {_SHORTEST} are needed")
    return Key(hmac.digest(secret, b"ha-patterns home-region key id", "sha256").hex()[:8], secret)
