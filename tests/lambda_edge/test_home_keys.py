"""Whatever becomes of the Regions that have the key, and whenever it is changed, a user stays at home."""

from __future__ import annotations

import json
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.common import http_transport
from lambda_edge.common.cache import FIRST_WAIT
from lambda_edge.home_region import cookie, handler

from .test_home_region import key_of
from .test_latency import DISTRIBUTION, REGIONS, event_of, home_router
from .virtual_network import NOW, Drop, Network, Region, State, connected

_DAY = 86_400
_NOT_FOUND = b'{"__type":"ResourceNotFoundException"}'


class _Secret:
    """A secret whose replicas get a new version late."""

    def __init__(self, chance: Random) -> None:
        self.network = Network(
            {"near": Region(chance.choice([0.02, 0.1, 0.3])), "next": Region(chance.choice([0.1, 0.3]))},
            self._answer,
            drop=chance.choice(get_args(Drop)),
        )
        self._late = {"near": chance.choice([0, 30]), "next": chance.choice([0, 30, 90])}
        self._versions = [("0" * 64, NOW - 10 * _DAY)]

    @property
    def newest(self) -> str:
        return self._versions[-1][0]

    def change(self) -> None:
        self._versions.append((f"{len(self._versions):064}", self.network.now()))

    def _answer(self, host: str, question: bytes) -> tuple[int, dict[str, str], bytes]:
        late = self._late[host.split(".")[1]]
        there = [version for version in self._versions if version[1] + late <= self.network.now()]
        stage = json.loads(question.partition(b"\r\n\r\n")[2])["VersionStage"]
        place = {"AWSCURRENT": 1, "AWSPREVIOUS": 2}[stage]
        if len(there) < place:
            return 400, {}, _NOT_FOUND
        secret, created = there[-place]
        return 200, {}, json.dumps({"VersionId": secret, "SecretString": secret, "CreatedDate": created}).encode()


@pytest.mark.property
@given(chance=st.randoms(use_true_random=False))
def test_a_user_stays_at_home_through_outages_and_changes_of_the_key(chance: Random) -> None:
    """The key is changed once the user has a cookie of the one before; three containers know what they know of it."""
    secret = _Secret(chance)
    network = secret.network
    with connected(network, "edge"):
        containers = [home_router(REGIONS) for _ in range(3)]
        today = int(network.now() // _DAY)
        held = cookie.sign(key_of(secret.newest), DISTRIBUTION, "far", today + 90, "")
        for _ in range(50):
            if chance.random() < 0.1:
                for region in network.regions.values():
                    region.state = chance.choice(["works", *get_args(State)])
            if chance.random() < 0.05 and held.key_id == key_of(secret.newest).id:
                secret.change()
            kept = chance.random() < 0.5
            # Each container has connections of its own.
            http_transport._kept.clear()
            before = network.time
            output = chance.choice(containers)(event_of(str(held), **({"kept": "true"} if kept else {})), None)
            assert network.time - before <= FIRST_WAIT + 0.01
            if kept:
                assert "status" in output or output["origin"]["custom"]["domainName"] == "far.example.com"
            else:
                issued = output["origin"]["custom"]["customHeaders"].get(handler.ISSUED_HEADER)
                if issued is not None:
                    parsed = cookie.parse(issued[0]["value"])
                    assert parsed is not None
                    assert parsed.region == "far"
                    held = parsed
            network.freeze(chance.choice([0.5, 5, 20, 60, 200, 300, 900, 3600, _DAY / 2, _DAY]))
