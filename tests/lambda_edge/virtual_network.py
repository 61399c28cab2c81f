"""A network on a virtual clock: round trips, and servers that answer, hang, or drop connections; nobody waits for it.

The code of the edge functions runs down to ``http_transport._tcp`` and ``_tls``, and to ``world.datagram``. A TCP
connection takes one round trip, TLS 1.3 one more and TLS 1.2 two, a question one and the time of the service.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from lambda_edge.common import http_transport, world

# The fate of a connection while a container was frozen: its end has come; its end comes for an answer, as if a packet
# got lost while nobody listened; nothing comes any more; or nothing happened to it.
Drop = Literal["closed", "reset", "silent", "none"]
# The state of a Region: it answers, nothing of it does, it refuses connections, it takes them and goes no further, it
# takes the question and never answers, it answers that it is unavailable.
State = Literal["works", "dark", "refuses", "no tls", "hangs", "fails"]

NOW = 1_900_000_000.0
# Seconds that each side computes for a handshake.
_HANDSHAKE = 0.005
_TTL = 60
_RESOLVING = 0.001
_RESOLVER = "192.0.2.53"


@dataclass
class Region:
    """One Region, as the function sees it.

    Attributes:
        round_trip: Seconds.
        state: The state of its services.
        service: Seconds that DynamoDB, S3 and Secrets Manager take for an answer.
    """

    round_trip: float
    state: State = "works"
    service: float = 0.01


@dataclass
class Network:
    """Two clocks that only waiting moves, what is connected to what, and who answers what.

    Attributes:
        regions: By name.
        answer: The body of an answer of a service: gets its host and the whole question.
        texts: TXT records, by name, whose nameservers are as far away as ``nameserver`` says.
        drop: The fate of connections while the container is frozen.
        tls: The version, whose handshake takes one round trip less than its last digit says.
        addresses: How many each host has.
        dark_addresses: How many of these are dark, the first ones.
    """

    regions: dict[str, Region]
    answer: Callable[[str, bytes], tuple[int, dict[str, str], bytes]]
    texts: dict[str, str] = field(default_factory=dict)
    nameserver: Region = field(default_factory=lambda: Region(0.02))
    drop: Drop = "closed"
    tls: Literal["1.3", "1.2"] = "1.3"
    addresses: int = 1
    dark_addresses: int = 0
    time: float = 0.0
    frozen: float = 0.0
    connections: list[Connection] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    _hosts: list[str] = field(default_factory=list)
    _resolved: dict[str, float] = field(default_factory=dict)

    def now(self) -> float:
        return NOW + self.time + self.frozen

    def wait(self, until: float) -> None:
        self.time = max(self.time, until)

    def freeze(self, seconds: float) -> None:
        """Between two events: nothing runs, one of the clocks stands still, and servers drop what says nothing."""
        self.frozen += seconds
        for connection in self.connections:
            connection.dropped = self.drop
        self.connections.clear()

    # -- names

    def datagram(self, address: str, message: bytes, *, deadline: float) -> bytes:
        """A resolver close by, which asks a zone's nameservers once, whoever asks it meanwhile."""
        question = message[12 : message.index(b"\0", 12) + 5]
        name = _text(question)
        ttl, ready = _TTL, self.time
        if name in self.texts:
            known = self._resolved.get(name)
            if known is None or self.now() >= known + _TTL:
                known = self._resolved[name] = self.now() + self.nameserver.round_trip
            text = self.texts[name].encode()
            values = [bytes([len(text)]) + text]
            # The rest of it, which is what a resolver hands out.
            ttl = int(_TTL - max(0.0, self.now() - known))
            ready += max(0.0, known - self.now())
        else:
            if name not in self._hosts:
                self._hosts.append(name)
            host = self._hosts.index(name)
            values = [bytes((10, 0, host, number)) for number in range(self.addresses)]
        ready += _RESOLVING
        if ready > deadline or (name in self.texts and self.nameserver.state != "works"):
            self.wait(deadline)
            raise TimeoutError("timed out")
        self.wait(ready)
        records = b"".join(b"\xc0\x0c" + question[-4:] + struct.pack("!IH", ttl, len(each)) + each for each in values)
        return message[:2] + struct.pack("!5H", 0x8180, 1, len(values), 0, 0) + question + records

    # -- connections

    def tcp(self, address: str, port: int, seconds: float) -> Connection:
        _, _, host_number, number = map(int, address.split("."))
        host = self._hosts[host_number]
        region = self.regions[next(part for part in host.split(".") if part in self.regions)]
        if region.state == "refuses":
            self.wait(self.time + min(seconds, region.round_trip))
            raise ConnectionRefusedError(host)
        self._pass(seconds, region.round_trip, region.state == "dark" or number < self.dark_addresses)
        connection = Connection(self, host, region)
        self.connections.append(connection)
        return connection

    def secure(self, raw: Connection, host: str, seconds: float) -> Connection:
        trips = 1 if self.tls == "1.3" else 2
        self._pass(seconds, trips * raw.region.round_trip + _HANDSHAKE, raw.region.state == "no tls")
        return raw

    def _pass(self, seconds: float, takes: float, never: bool) -> None:
        self.wait(self.time + min(seconds, takes))
        if never or takes > seconds:
            raise TimeoutError("timed out")


def _text(question: bytes) -> str:
    """The name in a question, whose labels have their length before them."""
    labels, start = [], 0
    while question[start]:
        labels.append(question[start + 1 : start + 1 + question[start]].decode())
        start += 1 + question[start]
    return ".".join(labels)


class Connection:
    """A socket as ``http_transport`` uses one."""

    def __init__(self, network: Network, host: str, region: Region) -> None:
        self.dropped: Drop = "none"
        self.region = region
        self._network = network
        self._host = host
        self._timeout = 0.0
        self._question = b""
        # Bytes on their way, with the time at which they are there.
        self._coming: list[tuple[float, bytes]] = []

    def settimeout(self, seconds: float) -> None:
        self._timeout = seconds

    def close(self) -> None:
        """Nothing hears of it."""

    def send(self, data: bytes) -> int:
        self._question += bytes(data)
        head, end, body = self._question.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if end and len(body) >= length:
            question, self._question = self._question, b""
            if self.dropped == "none" and self.region.state != "hangs":
                self._coming.append((self._there(), self._answer(question)))
        return len(data)

    def _there(self) -> float:
        return self._network.time + self.region.round_trip + self.region.service

    def _answer(self, question: bytes) -> bytes:
        status, headers, body = self._network.answer(self._host, question)
        if self.region.state == "fails":
            status, headers, body = 503, {}, b"{}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {status} Told\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body

    def recv_into(self, buffer: Any) -> int:
        data = self._receive(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def recv(self, size: int) -> bytes:
        return self._receive(size)

    def _receive(self, size: int) -> bytes:
        network = self._network
        if self.dropped == "closed":
            return b""
        if self.dropped == "reset" and self._timeout:
            network.wait(network.time + min(self._timeout, self.region.round_trip))
            raise ConnectionResetError
        if not self._coming or self._coming[0][0] > network.time + self._timeout:
            if not self._timeout:
                raise BlockingIOError
            network.wait(network.time + self._timeout)
            raise TimeoutError("timed out")
        there, data = self._coming.pop(0)
        network.wait(there)
        if data[size:]:
            self._coming.insert(0, (there, data[size:]))
        return data[:size]


@contextmanager
def connected(network: Network, region: str) -> Iterator[Network]:
    """The function's world: the network, from one Region."""
    environment = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    with pytest.MonkeyPatch.context() as patch:
        for name, replacement in {
            "now": network.now,
            "monotonic": lambda: network.time,
            "draw": lambda: 0.5,
            "region": lambda: region,
            "environment": environment.get,
            "nameservers": lambda: [_RESOLVER],
            "datagram": network.datagram,
            "log": lambda event, **fields: network.logged.append(json.dumps([event, fields], default=str)),
        }.items():
            patch.setattr(world, name, replacement)
        patch.setattr(http_transport, "_tcp", network.tcp)
        patch.setattr(http_transport, "_tls", network.secure)
        patch.setattr(http_transport, "_kept", {})
        yield network
