"""DNS messages over sockets: to one address, from that address, within a deadline."""

from __future__ import annotations

import socket

from . import dns, world

_PORT = 53
_RESOLVERS = "/etc/resolv.conf"
# What the C library reads of that file.
_MOST_RESOLVERS = 3


def datagram(address: str, message: bytes, *, deadline: float) -> bytes:
    """Ask over UDP. The system gives each socket a random port of its own.

    What does not come from the address, or does not answer the question, is dropped, and the wait goes on.

    Raises:
        OSError: No answer in time, or none at all.
    """
    with _connected(address, socket.SOCK_DGRAM, deadline) as own:
        own.send(message)
        while True:
            own.settimeout(_left(deadline))
            answer = own.recv(65_535)
            if dns.is_answer(message, answer):
                return answer


def stream(address: str, message: bytes, *, deadline: float) -> bytes:
    """Ask over TCP; both messages have their length before them.

    Raises:
        OSError: No answer in time, or none at all.
    """
    with _connected(address, socket.SOCK_STREAM, deadline) as own:
        own.settimeout(_left(deadline))
        own.sendall(len(message).to_bytes(2, "big") + message)
        return _read(own, int.from_bytes(_read(own, 2, deadline), "big"), deadline)


def nameservers() -> list[str]:
    """The addresses in the system's list of resolvers.

    Raises:
        OSError: There is no list.
    """
    with open(_RESOLVERS, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - pathlib is slow to import
        lines = [line.split() for line in file]
    return [line[1] for line in lines if len(line) > 1 and line[0] == "nameserver"][:_MOST_RESOLVERS]


def _connected(address: str, kind: socket.SocketKind, deadline: float) -> socket.socket:
    """A socket to one address: the system drops what comes from any other."""
    family, _, protocol, _, target = socket.getaddrinfo(address, _PORT, type=kind, flags=socket.AI_NUMERICHOST)[0]
    own = socket.socket(family, kind, protocol)
    try:
        own.settimeout(_left(deadline))
        own.connect(target)
    except BaseException:
        own.close()
        raise
    return own


def _read(own: socket.socket, length: int, deadline: float) -> bytes:
    parts = []
    while length:
        own.settimeout(_left(deadline))
        part = own.recv(length)
        if not part:
            raise ConnectionError("closed before the answer was whole")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _left(deadline: float) -> float:
    left = deadline - world.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
