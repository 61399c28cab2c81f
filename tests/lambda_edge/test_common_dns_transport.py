"""DNS over sockets, against a stand-in for a nameserver on loopback."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.message
import dns.rrset
import pytest

from lambda_edge.common import dns_transport, world
from lambda_edge.common.dns import ResolutionError, resolve

pytestmark = pytest.mark.measures_time

_NAME = "bucket.example.com"
_LOOPBACK = "127.0.0.1"

# Gets a query, its sender, and what sends a datagram there.
Answer = Callable[[bytes], list[bytes]]


class Nameserver:
    """Answers on one port of loopback, over UDP and TCP, what ``datagrams`` and ``streamed`` make of a query."""

    def __init__(self) -> None:
        self.datagrams: Answer = lambda query: []
        self.streamed: Answer = lambda query: []
        self.ports: list[int] = []
        self._tcp = socket.create_server((_LOOPBACK, 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((_LOOPBACK, self.port))
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.stranger.bind((_LOOPBACK, 0))
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def _serve_udp(self) -> None:
        try:
            while True:
                query, sender = self._udp.recvfrom(65_535)
                if not query:
                    return
                self.ports.append(sender[1])
                for answer in self.datagrams(query):
                    self._udp.sendto(answer, sender)
        except OSError:
            return

    def _serve_tcp(self) -> None:
        try:
            while True:
                connection, _ = self._tcp.accept()
                with connection:
                    length = int.from_bytes(connection.recv(2, socket.MSG_WAITALL), "big")
                    for part in self.streamed(connection.recv(length, socket.MSG_WAITALL)):
                        connection.sendall(part)
        except OSError:
            return

    def close(self) -> None:
        with self.stranger:
            self.stranger.sendto(b"", (_LOOPBACK, self.port))
        self._udp.close()
        self._tcp.shutdown(socket.SHUT_RDWR)
        self._tcp.close()


@pytest.fixture
def nameserver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Nameserver]:
    server = Nameserver()
    monkeypatch.setattr(dns_transport, "_PORT", server.port)
    monkeypatch.setattr(world, "nameservers", lambda: [_LOOPBACK])
    yield server
    server.close()


def _deadline(seconds: float = 5.0) -> float:
    return world.monotonic() + seconds


def _answer(query: bytes, *texts: str, identity: int | None = None) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(query))
    response.answer = [dns.rrset.from_text(f"{_NAME}.", 60, "IN", "TXT", *texts)] if texts else []
    if identity is not None:
        response.id = identity
    return response.to_wire(max_size=65_535, prefer_truncation=True)


def _whole(message: bytes) -> list[bytes]:
    return [struct.pack("!H", len(message)), message]


def test_a_name_is_resolved_over_udp(nameserver: Nameserver) -> None:
    nameserver.datagrams = lambda query: [_answer(query, "eu-west-1")]

    assert resolve(_NAME, "TXT", deadline=_deadline()) == (["eu-west-1"], 60)


def test_each_question_comes_from_a_port_of_its_own(nameserver: Nameserver) -> None:
    nameserver.datagrams = lambda query: [_answer(query, "eu-west-1")]

    for _ in range(8):
        resolve(_NAME, "TXT", deadline=_deadline())

    assert len(set(nameserver.ports)) > 4


def test_forged_answers_are_dropped_and_the_wait_goes_on(nameserver: Nameserver) -> None:
    def datagrams(query: bytes) -> list[bytes]:
        identity = dns.message.from_wire(query).id
        other = dns.message.make_query("other.example.com", "TXT", id=identity)
        forged = [
            b"",
            b"\0" * 12,
            query,
            _answer(query, "forged", identity=identity ^ 1),
            dns.message.make_response(other).to_wire(),
        ]
        return [*forged * 20, _answer(query, "true")]

    nameserver.datagrams = datagrams

    assert resolve(_NAME, "TXT", deadline=_deadline()).values == ["true"]
    assert len(nameserver.ports) == 1


def test_a_datagram_from_another_address_is_dropped(nameserver: Nameserver) -> None:
    def datagrams(query: bytes) -> list[bytes]:
        nameserver.stranger.sendto(_answer(query, "forged"), (_LOOPBACK, nameserver.ports[-1]))
        time.sleep(0.05)
        return [_answer(query, "true")]

    nameserver.datagrams = datagrams

    assert resolve(_NAME, "TXT", deadline=_deadline()).values == ["true"]
    assert len(nameserver.ports) == 1


def test_a_stream_of_forged_answers_does_not_move_the_deadline(nameserver: Nameserver) -> None:
    stop = threading.Event()

    def datagrams(query: bytes) -> list[bytes]:
        for _ in range(200):
            if stop.is_set():
                break
            nameserver._udp.sendto(b"forged", (_LOOPBACK, nameserver.ports[-1]))
            time.sleep(0.01)
        return []

    nameserver.datagrams = datagrams
    start = time.monotonic()

    with pytest.raises(TimeoutError):
        dns_transport.datagram(_LOOPBACK, b"\0" * 40, deadline=_deadline(0.2))

    waited = time.monotonic() - start
    stop.set()
    assert 0.2 <= waited < 1


def test_an_answer_too_long_for_a_datagram_comes_over_tcp(nameserver: Nameserver) -> None:
    texts = [f"{number:03}{'x' * 200}" for number in range(100)]
    nameserver.datagrams = lambda query: [_answer(query, *texts)[:2] + b"\x83" + _answer(query)[3:]]
    nameserver.streamed = lambda query: _whole(_answer(query, *texts))

    assert sorted(resolve(_NAME, "TXT", deadline=_deadline()).values) == texts


@pytest.mark.parametrize("part", [b"", b"\0", b"\0\x09", b"\0\x09half"])
def test_a_connection_that_ends_early_is_no_answer(nameserver: Nameserver, part: bytes) -> None:
    nameserver.streamed = lambda query: [part]

    with pytest.raises(ConnectionError, match="closed before the answer was whole"):
        dns_transport.stream(_LOOPBACK, b"question", deadline=_deadline())


def test_the_deadline_holds_for_the_whole_stream(nameserver: Nameserver) -> None:
    def streamed(query: bytes) -> Iterator[bytes]:
        yield b"\xff\xff"
        while True:
            time.sleep(0.05)
            yield b"x"

    nameserver.streamed = streamed  # type: ignore[assignment]
    start = time.monotonic()

    with pytest.raises(TimeoutError):
        dns_transport.stream(_LOOPBACK, b"question", deadline=_deadline(0.3))

    assert 0.3 <= time.monotonic() - start < 1


def test_silence_ends_at_the_deadline(nameserver: Nameserver) -> None:
    start = time.monotonic()

    with pytest.raises(ResolutionError, match=r"127\.0\.0\.1: timed out; 127\.0\.0\.1: timed out"):
        resolve(_NAME, "TXT", deadline=_deadline(0.3))

    assert 0.3 <= time.monotonic() - start < 1
    assert len(nameserver.ports) == 2


@pytest.mark.parametrize("ask", [dns_transport.datagram, dns_transport.stream])
def test_where_nobody_listens_the_refusal_is_an_error_at_once(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[..., bytes]
) -> None:
    with socket.create_server((_LOOPBACK, 0)) as free:
        monkeypatch.setattr(dns_transport, "_PORT", free.getsockname()[1])

    with pytest.raises(ConnectionRefusedError):
        ask(_LOOPBACK, b"question", deadline=_deadline())


@pytest.mark.parametrize("ask", [dns_transport.datagram, dns_transport.stream])
@pytest.mark.parametrize("address", ["nameserver.example.com", "", "256.0.0.1"])
def test_a_nameserver_is_an_address_and_never_a_name(ask: Callable[..., bytes], address: str) -> None:
    with pytest.raises(OSError):
        ask(address, b"question", deadline=_deadline())


@pytest.mark.parametrize("ask", [dns_transport.datagram, dns_transport.stream])
def test_after_the_deadline_nothing_is_sent(nameserver: Nameserver, ask: Callable[..., bytes]) -> None:
    with pytest.raises(TimeoutError):
        ask(_LOOPBACK, b"question", deadline=_deadline(-1))

    assert nameserver.ports == []


def test_a_nameserver_may_have_an_ipv6_address(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with server:
        monkeypatch.setattr(dns_transport, "_PORT", server.getsockname()[1])

        with dns_transport._connected("::1", socket.SOCK_STREAM, _deadline()) as own:
            assert own.getpeername()[:2] == server.getsockname()[:2]


def test_the_nameservers_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resolvers = tmp_path / "resolv.conf"
    resolvers.write_bytes(
        b"; made by \xff\n# nameserver 192.0.2.9\nsearch example.com\noptions ndots:5\nnameserver\n"
        b"nameserver 192.0.2.1\n  nameserver\t2001:db8::1 # second\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n"
    )
    monkeypatch.setattr(dns_transport, "_RESOLVERS", str(resolvers))

    assert world.nameservers() == ["192.0.2.1", "2001:db8::1", "192.0.2.3"]


def test_without_a_list_of_nameservers_the_failure_is_the_resolvers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns_transport, "_RESOLVERS", str(tmp_path / "missing"))

    with pytest.raises(ResolutionError, match="no nameserver is known"):
        resolve(_NAME, "TXT", deadline=_deadline())
