"""HTTP over TLS with one deadline for everything: name, connect, handshake, question, and the whole answer.

What is asked here only reads, so it may be asked twice. No redirects, no proxies, and of the environment only where
the system keeps its certificate authorities.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from . import world
from .replicas import share

# Twice what the largest read needs: three items of a table.
MAX_ANSWER = 8 * 1024 * 1024
MAX_KEPT = 8
# Of a new connection until its answer: TCP, TLS 1.3, the question.
_ROUND_TRIPS = 3
# The local cloud.
_LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1"}


class _Server(NamedTuple):
    tls: bool
    host: str
    port: int


_kept: dict[_Server, _Link] = {}
_tls_context: Any = None


def ask(url: str, *, method: str, headers: Mapping[str, str], body: bytes, deadline: float) -> world.HttpAnswer:
    """Ask a server, on a connection kept from an earlier event where there is one.

    A container is frozen between events, and what it kept may be dead by then, with or without a word of it: a kept
    connection has half of the time to begin its answer, or all of it where a new one could not answer in the other
    half; then a new one is made, once.

    A connection is kept even where its answer did not begin in time, so that the next question need not wait for a
    new one: before that is asked, the late answer is read and thrown away. One that is not there by then never comes.

    Args:
        url: ``https``; ``http`` for a loopback name only.
        method: What to do.
        headers: Sent as they are.
        body: Sent where it is not empty.
        deadline: Of ``world.monotonic``, for everything together.

    Raises:
        OSError: No answer in time, or none at all, or one of more than 8 MiB; ``TimeoutError`` is one.
        ValueError: The address is one that is not asked.
    """
    parts = urlsplit(url)
    tls = parts.scheme == "https"
    host = parts.hostname or ""
    if not host or not (tls or (parts.scheme == "http" and host in _LOOPBACK)):
        raise ValueError(f"only https is asked, and http on loopback, not {url!r}")
    server = _Server(tls, host, parts.port or (443 if tls else 80))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    kept = _kept.pop(server, None)
    if kept is not None and _is_ready(kept, deadline):
        now = world.monotonic()
        half = now + (deadline - now) / 2
        begin = half if deadline - half >= _ROUND_TRIPS * kept.round_trip else deadline
        try:
            return _ask_on(kept, server, path, method, headers, body, begin, deadline)
        except OSError:
            if kept.answered:
                raise
    return _ask_on(_connect(server, deadline), server, path, method, headers, body, deadline, deadline)


def _ask_on(
    link: _Link,
    server: _Server,
    path: str,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    begin: float,
    deadline: float,
) -> world.HttpAnswer:
    link.expect(begin, deadline)
    connection = http.client.HTTPConnection(server.host, server.port)
    # It never connects by itself: that would have no deadline.
    connection.auto_open = 0
    connection.sock = link
    keep = False
    try:
        connection.request(method, path, body or None, dict(headers))
        link.owes = method
        answer = connection.getresponse()
        content = answer.read(MAX_ANSWER + 1)
        if len(content) > MAX_ANSWER:
            raise world.TooLargeError(f"{server.host} answered more than {MAX_ANSWER} bytes")
        if answer.length:
            raise OSError(f"{server.host} closed in the midst of its answer")
        keep = not answer.will_close
        link.owes = ""
        return world.HttpAnswer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
    except TimeoutError:
        # Where nothing was sent, or everything and nothing came of its answer, one knows where the next one begins.
        keep = begin == deadline and not link.answered and (bool(link.owes) or not link.sent)
        raise
    except http.client.HTTPException as error:
        raise OSError(f"{server.host} does not speak HTTP: {type(error).__name__}") from error
    finally:
        if keep:
            _keep(server, link)
        else:
            link.shut()


def _is_ready(link: _Link, deadline: float) -> bool:
    """Whether a kept connection can take a question, after the late answer to its last one is read: if not, it is shut.

    What comes unasked is its end, or a word about it (408), which would be taken for the answer.
    """
    link.expect(deadline, deadline, waits=False)
    try:
        whole = True
        if link.owes:
            late = http.client.HTTPResponse(link, method=link.owes)  # type: ignore[arg-type]  # as much as it uses
            late.begin()
            whole = len(late.read(MAX_ANSWER + 1)) <= MAX_ANSWER and not late.length and not late.will_close
        ready = whole and link.is_silent()
    except (OSError, http.client.HTTPException):
        ready = False
    if ready:
        link.owes = ""
    else:
        link.shut()
    return ready


def _keep(server: _Server, link: _Link) -> None:
    if (other := _kept.pop(server, None)) is not None:
        other.shut()
    _kept[server] = link
    while len(_kept) > MAX_KEPT:
        _kept.pop(next(iter(_kept))).shut()


def _connect(server: _Server, deadline: float) -> _Link:
    """A new connection, to the first address that takes it; each has its share of the time left, TLS included."""
    addresses = _addresses(server.host, deadline)
    failure: OSError = OSError(f"{server.host} has no address")
    for address in addresses:
        until = share(deadline, last=address == addresses[-1])
        raw = socket.socket()
        try:
            raw.settimeout(_left(until))
            started = world.monotonic()
            raw.connect((address, server.port))
            round_trip = world.monotonic() - started
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.tls:
                raw.settimeout(_left(until))
                return _Link(_context().wrap_socket(raw, server_hostname=server.host), round_trip)
            return _Link(raw, round_trip)
        except OSError as error:
            raw.close()
            failure = error
    raise failure


def _addresses(host: str, deadline: float) -> list[str]:
    """Of a server, as the small resolver says: the C library's keeps no deadline. Lambda@Edge has no IPv6."""
    if host in _LOOPBACK:
        return [_LOOPBACK[host]]
    from . import dns

    try:
        return dns.resolve(host, "A", deadline=deadline).values
    except dns.ResolutionError as error:
        raise OSError(str(error)) from error


def _context() -> Any:
    global _tls_context
    if _tls_context is None:
        import ssl

        # Made by hand: the default one would write the keys of its sessions where the environment asks for it.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_default_certs()
        _tls_context = context
    return _tls_context


def _left(deadline: float) -> float:
    left = deadline - world.monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    return left


class _Link:
    """A connected socket, as ``http.client`` uses one, which asks the clock before each wait.

    A time-out of the socket itself begins anew with each byte: a server that drips would hold the request for hours.
    """

    def __init__(self, raw: socket.socket, round_trip: float) -> None:
        self._raw = raw
        self._until = 0.0
        self._deadline = 0.0
        self._waits = True
        #: Seconds that connecting took.
        self.round_trip = round_trip
        #: Whether anything of the question may have gone, and anything of its answer has come.
        self.sent = self.answered = False
        #: The method of a question that was sent and whose answer is still to be read; else empty.
        self.owes = ""

    def expect(self, begin: float, deadline: float, *, waits: bool = True) -> None:
        """A new question, whose answer must have begun by the one time and be whole by the other.

        Args:
            begin: When it must have begun.
            deadline: When it must be whole.
            waits: Whether to wait for it, or to read only what is there.
        """
        self._until = begin
        self._deadline = deadline
        self._waits = waits
        self.sent = self.answered = False

    def sendall(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            self._raw.settimeout(_left(self._until))
            self.sent = True
            left = left[self._raw.send(left) :]

    def receive(self, buffer: Any) -> int:
        left = _left(self._until)
        self._raw.settimeout(left if self._waits else 0)
        count = self._raw.recv_into(buffer)
        if count:
            self.answered = True
            self._until = self._deadline
        return count

    def is_silent(self) -> bool:
        """Whether it is open and nothing is there to be read; TLS has messages of its own, which are no answer."""
        from ssl import SSLWantReadError

        self._raw.settimeout(0)
        try:
            self._raw.recv(1)
        except (BlockingIOError, SSLWantReadError):
            return True
        return False

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - http.client only reads one
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        """Left to whoever holds the link: ``http.client`` closes it before the answer is read."""

    def shut(self) -> None:
        self._raw.close()


class _Reader(io.RawIOBase):
    def __init__(self, link: _Link) -> None:
        self._link = link

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._link.receive(buffer)
