"""A server on loopback that answers what a test tells it to, byte for byte, and misbehaves where it is told to."""

from __future__ import annotations

import contextlib
import datetime
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lambda_edge.common import http_transport

# Gets a connection and the whole question that came on it; returns whether to read another one.
Script = Callable[[socket.socket, bytes], bool]


def answer(body: bytes, *, status: int = 200, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status} Told\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


class Server:
    """A server: the questions that came, by connection, and what it does with each."""

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.connections: list[list[bytes]] = []
        self.open: list[socket.socket] = []
        self.stopped = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if context else "http"
        self.port = self._listener.getsockname()[1]
        self.url = f"{scheme}://localhost:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.stopped.set()
        self._listener.close()
        self.drop()

    def drop(self) -> None:
        """Close every connection, as a server does with one that says nothing for long."""
        for connection in self.open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self.open.clear()

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        questions: list[bytes] = []
        self.connections.append(questions)
        # A client that leaves early is part of the tests.
        with contextlib.suppress(OSError, ValueError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            self.open.append(connection)
            while question := _read(connection):
                questions.append(question)
                if not self.script(connection, question):
                    break
        connection.close()


class Distance:
    """A way to a server on which a round trip takes its time, that of connecting too.

    Loopback connects at once, so ``http_transport`` is made to wait for it.
    """

    def __init__(self, server: Server, round_trip: float, patch: pytest.MonkeyPatch) -> None:
        self._connect = http_transport._tcp
        patch.setattr(http_transport, "_tcp", self._tcp)
        self._target = server.port
        self._round_trip = round_trip
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self.url = server.url.replace(str(server.port), str(self._port))
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in (self._listener, *self._ends):
            # So that no thread waits for it any longer.
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _tcp(self, address: str, port: int, seconds: float) -> socket.socket:
        if port == self._port:
            time.sleep(min(self._round_trip, seconds))
            seconds -= self._round_trip
            if seconds <= 0:
                raise TimeoutError("timed out")
        return self._connect(address, port, seconds)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self._ends += [near, far]
            for source, target, delay in ((near, far, self._round_trip), (far, near, 0.0)):
                on_way: queue.Queue[tuple[float, bytes]] = queue.Queue()
                threading.Thread(target=_take, args=(source, on_way, delay), daemon=True).start()
                threading.Thread(target=_bring, args=(target, on_way), daemon=True).start()


def _take(source: socket.socket, on_way: queue.Queue[tuple[float, bytes]], delay: float) -> None:
    data = b"x"
    while data:
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        on_way.put((time.monotonic() + delay, data))


def _bring(target: socket.socket, on_way: queue.Queue[tuple[float, bytes]]) -> None:
    data = b"x"
    with contextlib.suppress(OSError):
        while data:
            moment, data = on_way.get()
            time.sleep(max(0.0, moment - time.monotonic()))
            if data:
                target.sendall(data)
            else:
                target.shutdown(socket.SHUT_WR)


def _read(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


class Authority:
    """A server's certificate, and the authority that vouches for it: itself."""

    def __init__(self, folder: Path, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file)


@contextlib.contextmanager
def serving(script: Script, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(script, context)
    try:
        yield server
    finally:
        server.close()
