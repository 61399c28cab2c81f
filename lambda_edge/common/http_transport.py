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
# A server must accept a connection within this part of the time, the first of several addresses within a third: the
# answer takes three round trips, so if the first one takes longer, the answer is too late.
_TO_CONNECT = 2 / 5
# A handshake may take so many round trips and seconds if another address or server is left: TLS 1.2 needs two, and
# both compute.
_HANDSHAKE_TRIPS = 4
_COMPUTING = 0.25
# An answer on a kept connection may take so many round trips, and so many seconds for the service; that on a new one
# the other seconds if another server is left, for a service may be slow.
_ANSWER_TRIPS = 1.5
_SERVICE = 0.1
_SLOW_SERVICE = 0.25
# Every server keeps an idle connection for so many seconds.
_SURELY_KEPT = 5
# The local cloud.
_LOOPBACK = {"localhost": "127.0.0.1", "127.0.0.1": "127.0.0.1"}


class _Server(NamedTuple):
    tls: bool
    host: str
    port: int


_kept: dict[_Server, _Link] = {}
_tls_context: Any = None


def ask(
    url: str, *, method: str, headers: Mapping[str, str], body: bytes, deadline: float, patient: bool = True
) -> world.HttpAnswer:
    """Ask a server, on a connection kept from an earlier event where there is one.

    A container is frozen between events, and what it kept may be dead by then, with or without a word of it. So a kept
    connection must begin its answer soon, or else a new one is made, once. If there is time for one of the two only,
    the kept one is asked if it was used a moment ago, or if the time is too short for a new one.

    A connection is kept even where its answer did not begin in time, so that the next question need not wait for a
    new one: before that is asked, the late answer is read and thrown away. One that is not there by then never comes.

    Args:
        url: ``https``; ``http`` for a loopback name only.
        method: What to do.
        headers: Sent as they are.
        body: Sent where it is not empty.
        deadline: Of ``world.monotonic``, for everything together.
        patient: Whether a new connection waits until then. If not, since another server is asked next, it waits only
            for what the round trip that it took to connect explains. Default True.

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
        begin = _begin_by(kept, deadline)
        if begin is None:
            kept.shut()
        else:
            try:
                return _ask_on(kept, server, path, method, headers, body, begin, deadline)
            except OSError:
                if kept.answered:
                    raise
    link = _connect(server, deadline, patient=patient)
    begin = deadline if patient else min(deadline, _answer_by(link, _SLOW_SERVICE))
    return _ask_on(link, server, path, method, headers, body, begin, deadline)


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


def _begin_by(kept: _Link, deadline: float) -> float | None:
    """By when a kept connection must begin its answer; None if a new one is made at once."""
    now = world.monotonic()
    spare = deadline - now - kept.takes_anew
    if spare <= 0:
        return deadline
    soon = _answer_by(kept, _SERVICE)
    if now + spare >= soon:
        return soon
    return deadline if 0 <= world.now() - kept.used < _SURELY_KEPT else None


def _answer_by(link: _Link, service: float) -> float:
    """By when an answer has begun, if the service takes so many seconds for it."""
    return world.monotonic() + _ANSWER_TRIPS * link.round_trip + service


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
    link.used = world.now()
    _kept[server] = link
    while len(_kept) > MAX_KEPT:
        _kept.pop(next(iter(_kept))).shut()


def _connect(server: _Server, deadline: float, *, patient: bool) -> _Link:
    """A new connection, to the first address that takes it.

    The caller asks another server next, so a dead one must be found out soon: all its addresses together have
    ``_TO_CONNECT`` of the time.
    """
    if server.tls:
        _context()
    by = _connect_by(deadline)
    addresses = _addresses(server.host, by)
    failure: OSError = OSError(f"{server.host} has no address")
    for address in addresses:
        last = address == addresses[-1]
        try:
            started = world.monotonic()
            raw = _tcp(address, server.port, _left(share(by, last=last)))
            now = world.monotonic()
            round_trip = now - started
            if server.tls:
                by = _connect_by(deadline)
                until = (
                    deadline if last and patient else min(deadline, now + _HANDSHAKE_TRIPS * round_trip + _COMPUTING)
                )
                raw = _tls(raw, server.host, _left(until))
            return _Link(raw, round_trip, world.monotonic() - started)
        except OSError as error:
            failure = error
    raise failure


def _connect_by(deadline: float) -> float:
    now = world.monotonic()
    return now + (deadline - now) * _TO_CONNECT


def _tcp(address: str, port: int, seconds: float) -> socket.socket:
    """A connection; a test has it lead into a network of its own."""
    raw = socket.socket()
    try:
        raw.settimeout(seconds)
        raw.connect((address, port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        raw.close()
        raise
    return raw


def _tls(raw: socket.socket, host: str, seconds: float) -> socket.socket:
    """TLS on a connection, which is closed if that fails."""
    try:
        raw.settimeout(seconds)
        secure: socket.socket = _context().wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise
    return secure


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

    def __init__(self, raw: socket.socket, round_trip: float, connecting: float) -> None:
        self._raw = raw
        self._until = 0.0
        self._deadline = 0.0
        self._waits = True
        #: Seconds that a round trip takes, and a new connection with its first answer, as far as connecting showed.
        self.round_trip = round_trip
        self.takes_anew = connecting + round_trip
        #: When it was used last, of ``world.now``: the other clock may stand still while a container is frozen.
        self.used = 0.0
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
