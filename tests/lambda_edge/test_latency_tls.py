"""The model of distance that the latency table rests on, and a real network with TLS: they agree."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from lambda_edge.common import http_transport, world

from .servers import Authority, Distance, answer, serving
from .test_latency import MINUTE, OVER_HTTP, REGIONS, REQUESTS, play, service
from .virtual_network import NOW, Network, Region


@pytest.mark.measures_time
@pytest.mark.parametrize("round_trip", [0.1, 0.3])
def test_real_tls_from_afar_takes_what_the_model_says(
    round_trip: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve requests a minute apart: only that minute is not waited for."""
    authority = Authority(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(http_transport, "_tls_context", None)
    monkeypatch.setattr(http_transport, "_kept", {})
    http_transport._context()

    def script(connection: socket.socket, question: bytes) -> bool:
        _, _, body = service("secretsmanager.near", question)
        connection.sendall(answer(body))
        return True

    frozen = 0.0
    right, waited = [], []
    with serving(script, authority.context) as server:
        way = Distance(server, round_trip, monkeypatch)
        environment = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": way.url}
        monkeypatch.setattr(world, "environment", environment.get)
        monkeypatch.setattr(world, "region", lambda: "edge")
        monkeypatch.setattr(world, "now", lambda: NOW + frozen + time.monotonic())
        ask = OVER_HTTP["home of a cookie"](Network({}, service))
        for number in range(REQUESTS):
            started = time.monotonic()
            right.append(ask(number))
            waited.append(time.monotonic() - started)
            server.drop()
            frozen += MINUTE
        way.close()
        for link in http_transport._kept.values():
            link.shut()

    modelled_right, modelled = play(
        OVER_HTTP["home of a cookie"], Network(dict.fromkeys(REGIONS, Region(round_trip)), service)
    )
    assert right == modelled_right == [True] * REQUESTS
    # A busy machine adds to a wait, and nothing takes from one.
    assert [seconds for seconds in waited if seconds > 0.15] == pytest.approx(
        [seconds for seconds in modelled if seconds > 0.15], abs=0.2
    )
    assert waited[0] > 3 * round_trip
