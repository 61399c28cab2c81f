"""One deadline holds for everything, whatever the server does; a connection that died while frozen is replaced."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_edge.common import http_transport, world
from lambda_edge.common.cache import FIRST_WAIT
from lambda_edge.common.replicas import Replicas, Turn
from lambda_edge.common.world import HttpAnswer

from .servers import Authority, Distance, Script, Server, answer, serving

pytestmark = pytest.mark.measures_time

# What a machine under load may add to a wait; far below what a deadline that is not kept would take.
_LATE = 1.5


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    yield
    while http_transport._kept:
        http_transport._kept.popitem()[1].shut()


def _ask(url: str, seconds: float = 5.0, *, method: str = "GET", body: bytes = b"") -> HttpAnswer:
    return world.https(url, method=method, headers={"x-a": "b"}, body=body, deadline=world.monotonic() + seconds)


def _says(*parts: bytes, every: float = 0.0, keep: bool = True) -> Script:
    def script(connection: socket.socket, question: bytes) -> bool:
        for part in parts:
            connection.sendall(part)
            time.sleep(every)
        return keep

    return script


def _hangs(connection: socket.socket, question: bytes) -> bool:
    connection.recv(1)
    return False


def test_the_question_goes_as_it_is_and_the_answer_comes_whole() -> None:
    with serving(_says(answer(b"hello", status=503, headers="X-B: C\r\n"))) as server:
        told = _ask(f"{server.url}//a%20b?c=d&e", method="POST", body=b"body")

        assert (told.status, told.body, told.headers["x-b"]) == (503, b"hello", "C")
        [[question]] = server.connections
        head, _, body = question.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert lines[0] == b"POST //a%20b?c=d&e HTTP/1.1"
        assert f"Host: localhost:{server.port}".encode() in lines
        assert b"x-a: b" in lines
        assert body == b"body"


def test_one_connection_serves_several_events() -> None:
    with serving(_says(answer(b"x"))) as server:
        for _ in range(5):
            _ask(server.url)

        assert [len(questions) for questions in server.connections] == [5]


@pytest.mark.parametrize(
    "told",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.0 200 OK\r\n\r\nx",
    ],
)
def test_a_connection_that_the_server_ends_is_not_kept(told: bytes) -> None:
    with serving(_says(told, keep=False)) as server:
        assert _ask(server.url).body == _ask(server.url).body == b"x"

        assert len(server.connections) == 2
        assert not http_transport._kept


def test_answers_in_chunks_are_read_and_the_connection_goes_on() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with serving(_says(chunked)) as server:
        assert _ask(server.url).body == _ask(server.url).body == b"abcde"

        assert len(server.connections) == 1


def test_a_connection_that_was_closed_while_frozen_is_replaced() -> None:
    with serving(_says(answer(b"x"))) as server:
        _ask(server.url)
        server.drop()

        assert _ask(server.url).body == b"x"
        assert len(server.connections) == 2


def test_a_connection_that_died_without_a_word_is_replaced_within_the_deadline() -> None:
    def script(connection: socket.socket, question: bytes) -> bool:
        if len(server.connections) == 1 and len(server.connections[0]) == 2:
            return _hangs(connection, question)
        connection.sendall(answer(b"x"))
        return True

    with serving(script) as server:
        _ask(server.url)
        started = time.monotonic()

        assert _ask(server.url, 1.0).body == b"x"
        # Not at once, since an answer takes its time.
        assert 0.1 <= time.monotonic() - started < 1.0
        assert len(server.connections) == 2


def test_it_is_replaced_once_and_not_again() -> None:
    with serving(_says(answer(b"x"))) as server:
        _ask(server.url)
        server.script = _says(keep=False)

        with pytest.raises(OSError):
            _ask(server.url)
        assert [len(questions) for questions in server.connections] == [2, 1]


def test_an_answer_that_breaks_off_is_not_asked_for_again() -> None:
    with serving(_says(answer(b"x"))) as server:
        _ask(server.url)
        server.script = _says(answer(b"whole")[:-1], keep=False)

        with pytest.raises(OSError, match="localhost"):
            _ask(server.url)
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(_hangs, id="says nothing"),
        pytest.param(_says(*[b"H"] * 100, every=0.1), id="drips its first line"),
        pytest.param(_says(b"HTTP/1.1 200 OK\r\n", *[b"A: b\r\n"] * 90, every=0.1), id="drips headers"),
        pytest.param(_says(answer(b"x" * 99)[:-98], *[b"x"] * 98, every=0.1), id="drips its body"),
        pytest.param(
            _says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 90, every=0.1),
            id="drips chunks",
        ),
        pytest.param(_says(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 100, every=0.1), id="has it wait"),
    ],
)
def test_the_deadline_holds_for_everything_together(script: Script) -> None:
    with serving(script) as server:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            _ask(server.url, 0.3)

        assert 0.3 <= time.monotonic() - started < _LATE


def test_a_server_that_does_not_read_does_not_hold_the_question() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            _ask(f"http://127.0.0.1:{listener.getsockname()[1]}", 0.3, method="POST", body=b"x" * 50_000_000)

        assert time.monotonic() - started < _LATE


def test_a_handshake_that_never_comes_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            _ask(f"https://127.0.0.1:{listener.getsockname()[1]}", 0.3)

        assert time.monotonic() - started < _LATE


def test_a_deadline_that_has_passed_sends_nothing() -> None:
    with serving(_says(answer(b"x"))) as server:
        with pytest.raises(TimeoutError):
            _ask(server.url, 0.0)

        assert server.connections == []


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_an_answer_that_is_none_is_a_failure_of_the_source(told: bytes) -> None:
    with serving(_says(told, keep=False)) as server, pytest.raises(OSError, match="localhost"):
        _ask(server.url)


@pytest.mark.parametrize("head", [b"Content-Length: 999999999", b"Connection: close", b"Transfer-Encoding: chunked"])
def test_an_answer_has_a_bound(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_transport, "MAX_ANSWER", 100_000)
    part = b"8000\r\n" + b"x" * 0x8000 + b"\r\n" if head.endswith(b"chunked") else b"x" * 0x8000

    def script(connection: socket.socket, question: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        while True:
            connection.sendall(part)

    with serving(script) as server, pytest.raises(world.TooLargeError, match="more than 100000 bytes"):
        _ask(server.url)


def test_an_answer_of_exactly_the_bound_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_transport, "MAX_ANSWER", 10)
    with serving(_says(answer(b"x" * 10))) as server:
        assert _ask(server.url).body == b"x" * 10


def test_a_redirect_is_an_answer_like_any_other() -> None:
    with serving(_says(answer(b"", status=302, headers="Location: http://localhost:1/\r\n"))) as server:
        assert _ask(server.url).status == 302


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://localhost:1")
    with serving(_says(answer(b"x"))) as server:
        assert _ask(server.url).status == 200


@pytest.mark.parametrize(
    "url", ["http://example.com/", "http://10.0.0.1/", "http://localhost.example.com/", "ftp://localhost/", "/", "x"]
)
def test_without_tls_nothing_but_loopback_is_asked(url: str) -> None:
    with pytest.raises(ValueError, match="only https"):
        _ask(url)


def test_a_port_where_nobody_listens_is_a_failure_of_the_source() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(OSError):
        _ask(f"http://localhost:{port}")


def test_the_number_of_kept_connections_has_a_bound_and_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_transport, "MAX_KEPT", 2)
    servers = [Server(_says(answer(b"x"))) for _ in range(3)]
    try:
        for server in servers:
            _ask(server.url)

        assert [server.port for server in servers[1:]] == [kept.port for kept in http_transport._kept]
        _ask(servers[0].url)
        _ask(servers[2].url)
        assert [len(server.connections) for server in servers] == [2, 1, 1]
    finally:
        for server in servers:
            server.close()


def test_over_tls_the_answer_comes_and_the_connection_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(http_transport, "_tls_context", None)
    with serving(_says(answer(b"x")), authority.context) as server:
        assert [_ask(server.url).body for _ in range(3)] == [b"x"] * 3
        assert len(server.connections) == 1

        server.drop()
        assert _ask(server.url).body == b"x"

        server.script = _says(*[b"H"] * 100, every=0.1)
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            _ask(server.url, 0.3)
        assert time.monotonic() - started < _LATE


@pytest.mark.parametrize("trusted", [False, True])
def test_a_certificate_that_is_not_the_server_s_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    authority = Authority(tmp_path, "other.example.com" if trusted else "localhost")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(http_transport, "_tls_context", None)
    with serving(_says(answer(b"x")), authority.context) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            _ask(server.url)

        assert server.connections in ([], [[]])


class _Names:
    """A nameserver that says one address of every name; without any it says nothing, for as long as it may."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
        self.addresses = addresses
        monkeypatch.setattr(world, "nameservers", lambda: ["192.0.2.53"])
        monkeypatch.setattr(world, "datagram", self.datagram)

    def datagram(self, address: str, message: bytes, *, deadline: float) -> bytes:
        if not self.addresses:
            time.sleep(max(0.0, deadline - time.monotonic()))
            raise TimeoutError
        question = message[12:-11]
        head = message[:2] + struct.pack("!5H", 0x8180, 1, len(self.addresses), 0, 0)
        records = (b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(one) for one in self.addresses)
        return head + question + b"".join(records)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.2", "127.0.0.1"]])
def test_a_name_leads_to_the_first_of_its_addresses_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    authority = Authority(tmp_path, "api.example.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(http_transport, "_tls_context", None)
    _Names(monkeypatch, *addresses)
    with serving(_says(answer(b"x")), authority.context) as server:
        assert _ask(f"https://api.example.com:{server.port}").body == b"x"


def test_the_deadline_holds_for_the_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _Names(monkeypatch)
    started = time.monotonic()
    with pytest.raises(OSError, match=r"api\.example\.com"):
        _ask("https://api.example.com", 0.3)

    assert time.monotonic() - started < _LATE


def test_a_name_without_addresses_is_a_failure_of_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "nameservers", list)
    with pytest.raises(OSError, match="no nameserver"):
        _ask("https://api.example.com")


# -- from afar -----------------------------------------------------------------------------------------------------


@pytest.fixture
def far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server over TLS, whose answers say how many questions it had before."""
    authority = Authority(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(http_transport, "_tls_context", None)
    # Not part of a round trip, and slow to be made the first time.
    http_transport._context()

    def script(connection: socket.socket, question: bytes) -> bool:
        connection.sendall(answer(b"%d" % (sum(map(len, server.connections)) - 1)))
        return True

    with serving(script, authority.context) as server:
        yield server


def _replicas(urls: dict[str, str], seconds: float) -> tuple[str, list[str]]:
    asked = []

    def call(region: str, turn: Turn) -> str:
        asked.append(region)
        return world.https(urls[region], headers={}, deadline=turn.deadline, patient=turn.patient).body.decode()

    return Replicas(list(urls), back_off=60).first_answer(call, world.monotonic() + seconds), asked


@pytest.mark.parametrize("round_trip", [0.1, 0.3])
def test_the_nearest_of_two_replicas_answers_from_afar(
    far: Server, round_trip: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Distance(far, round_trip, monkeypatch)
    started = time.monotonic()

    assert _replicas({"near": way.url, "farther": far.url}, FIRST_WAIT) == ("0", ["near"])
    assert time.monotonic() - started > 3 * round_trip


def test_the_second_is_reached_where_the_first_is_dead(far: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    way = Distance(far, 0.02, monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as dead:
        urls = {"dead": f"https://localhost:{dead.getsockname()[1]}", "near": way.url}

        assert _replicas(urls, FIRST_WAIT) == ("0", ["dead", "near"])


def test_a_connection_whose_answer_came_too_late_is_kept_and_the_late_answer_is_not_taken(
    far: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = Distance(far, 0.15, monkeypatch)
    with pytest.raises(TimeoutError):
        _ask(way.url, 0.4)
    time.sleep(0.3)

    assert _ask(way.url, 0.4).body == b"1"
    assert [len(questions) for questions in far.connections] == [2]


def test_a_connection_on_which_nothing_could_be_asked_any_more_is_kept(
    far: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = http_transport._connect

    def late(server: http_transport._Server, deadline: float, *, patient: bool) -> http_transport._Link:
        link = connect(server, deadline, patient=patient)
        time.sleep(max(0.0, deadline - time.monotonic()))
        return link

    with monkeypatch.context() as patch:
        patch.setattr(http_transport, "_connect", late)
        with pytest.raises(TimeoutError):
            _ask(far.url, 0.4)

    assert _ask(far.url).body == b"0"
    assert len(far.connections) == 1


def test_a_late_answer_that_never_comes_is_not_waited_for() -> None:
    with serving(_hangs) as server:
        with pytest.raises(TimeoutError):
            _ask(server.url, 0.2)
        server.script = _says(answer(b"x"))
        started = time.monotonic()

        assert _ask(server.url).body == b"x"
        assert time.monotonic() - started < _LATE
        assert len(server.connections) == 2


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(answer(b"late")[:-1], id="is not whole"),
        pytest.param(answer(b"late", headers="Connection: close\r\n"), id="is the last"),
        pytest.param(b"garbage\r\n\r\n", id="is none"),
    ],
)
def test_a_connection_whose_late_answer_cannot_be_read_off_is_replaced(rest: bytes) -> None:
    def script(connection: socket.socket, question: bytes) -> bool:
        time.sleep(0.4)
        connection.sendall(rest)
        return True

    with serving(script) as server:
        with pytest.raises(TimeoutError):
            _ask(server.url, 0.2)
        time.sleep(0.4)
        server.script = _says(answer(b"x"))

        assert _ask(server.url).body == b"x"
        assert len(server.connections) == 2


def test_what_comes_unasked_is_not_taken_for_an_answer() -> None:
    with serving(_says(answer(b"x"))) as server:
        _ask(server.url)
        server.open[0].sendall(answer(b"", status=408))
        time.sleep(0.1)

        assert _ask(server.url).status == 200
        assert len(server.connections) == 2


def test_a_handshake_that_never_comes_leaves_the_next_address_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path, "api.example.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.setattr(http_transport, "_tls_context", None)
    _Names(monkeypatch, "127.0.0.2", "127.0.0.1")
    with (
        serving(_says(answer(b"x")), authority.context) as server,
        socket.create_server(("127.0.0.2", server.port)),
    ):
        assert _ask(f"https://api.example.com:{server.port}", 2.0).body == b"x"
