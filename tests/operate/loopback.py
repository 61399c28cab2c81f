"""A stand-in on loopback for a service that answers at several endpoints, and the ways in which one of them fails."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Failure:
    """What a service says when it refuses."""

    code: str
    message: str


#: What a proxy sends in place of the service.
PAGE = object()

Answer = tuple[int, Any]
Fault = Callable[[], Answer | None]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that gave up is what some tests are about."""


class StandIn:
    """A service behind a port for each Region. What it is, its subclasses say."""

    request_id = "x-amzn-requestid"

    def __init__(self, regions: Sequence[str]) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.signed_for: set[tuple[str, str]] = set()
        self.faults: dict[str, Fault] = {}
        self.servers: dict[str, Server] = {}
        self.refusing: dict[str, socket.socket] = {}
        for region in regions:
            server = self.servers[region] = Server(("127.0.0.1", 0), self._handler(region))
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def read(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[str, dict[str, Any]]:
        """The operation that a request asks for, and what it gives."""
        raise NotImplementedError

    def answer(self, operation: str, given: dict[str, Any]) -> Answer:
        """The status and the answer of an endpoint that works."""
        raise NotImplementedError

    def encode(self, answer: Any) -> bytes:
        """An answer or a ``Failure`` as the service sends it."""
        raise NotImplementedError

    def close(self) -> None:
        for server in self.servers.values():
            server.shutdown()
            server.server_close()
        for held in self.refusing.values():
            held.close()

    def refuse(self, region: str) -> None:
        """A port that is taken and listens to nobody."""
        server = self.servers.pop(region)
        server.shutdown()
        server.server_close()
        held = self.refusing[region] = socket.socket()
        held.bind(("127.0.0.1", 0))

    @property
    def ports(self) -> dict[str, int]:
        live = {region: server.server_address[1] for region, server in self.servers.items()}
        return live | {region: held.getsockname()[1] for region, held in self.refusing.items()}

    def asked(self, operation: str) -> list[str]:
        """The Regions whose endpoints were asked, in order."""
        return [region for region, name, _ in self.calls if name == operation]

    def sent(self, operation: str) -> list[dict[str, Any]]:
        return [body for _, name, body in self.calls if name == operation]

    def _handler(stand_in, region: str) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - self is the request's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                operation, given = stand_in.read(self, body)
                stand_in.signed_for.add((self.path, self.headers["authorization"].split("/")[2]))
                stand_in.calls.append((region, operation, given))
                fault = stand_in.faults.get(region)
                status, answer = (fault and fault()) or stand_in.answer(operation, given)
                payload = b"sign in to this network" if answer is PAGE else stand_in.encode(answer)
                self.send_response(status)
                if answer is not PAGE:
                    self.send_header(stand_in.request_id, "1")
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PATCH = _serve  # noqa: N815 - as the server calls them

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


def unavailable() -> Answer:
    return 503, Failure("EndpointTemporarilyUnavailableException", "try another")


def broken() -> Answer:
    return 500, Failure("InternalServerException", "broken")


def throttled() -> Answer:
    return 400, Failure("ThrottlingException", "slow down")


def somebody_else() -> Answer:
    return 404, PAGE


def intercepted() -> Answer:
    return 200, PAGE


def hanging() -> None:
    time.sleep(0.6)


FAULTS: dict[str, Fault] = {
    "500": broken,
    "503": unavailable,
    "throttled": throttled,
    "hanging": hanging,
    "somebody else": somebody_else,
    "a page of a proxy": intercepted,
}
