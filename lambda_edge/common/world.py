"""All that comes from outside: clock, randomness, the Region, the network, the log.

Every module calls it as ``world.name(...)``, so that a test or a drill replaces a name here and nowhere else.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any


class HttpAnswer(NamedTuple):
    """What a server answered: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TooLargeError(OSError):
    """A server answered more than is read."""


def now() -> float:
    """Seconds since 1970: for what is kept and what expires. It may jump, and goes on while a container is frozen."""
    return time.time()


def monotonic() -> float:
    """Seconds that never go back: for deadlines within one request."""
    return time.monotonic()


def draw() -> float:
    """A random number, at least 0 and below 1."""
    import random

    return random.random()  # noqa: S311 - chooses among declared origins


def region() -> str:
    """The Region in which the function runs: the one nearest to CloudFront's location that handles the request."""
    return os.environ.get("AWS_REGION", "us-east-1")


def environment(name: str) -> str | None:
    """A variable that Lambda itself sets, such as the credentials of the function's role."""
    return os.environ.get(name)


def https(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str],
    body: bytes = b"",
    deadline: float,
    patient: bool = True,
) -> HttpAnswer:
    """Ask a server, within a deadline (of ``monotonic``) that holds for everything together.

    If not ``patient``, a new connection also ends if the server takes far longer than its distance explains.

    Raises:
        OSError: No answer in time, or none at all; ``TimeoutError`` is one. ``TooLargeError`` where it is too much.
    """
    from . import http_transport

    return http_transport.ask(url, method=method, headers=headers, body=body, deadline=deadline, patient=patient)


def datagram(address: str, message: bytes, *, deadline: float) -> bytes:
    """One DNS question over UDP to port 53 of an address, and the first datagram from it that answers the question.

    Raises:
        OSError: None came in time.
    """
    from . import dns_transport

    return dns_transport.datagram(address, message, deadline=deadline)


def stream(address: str, message: bytes, *, deadline: float) -> bytes:
    """One DNS question over TCP to port 53 of an address; the answer without its length.

    Raises:
        OSError: None came in time.
    """
    from . import dns_transport

    return dns_transport.stream(address, message, deadline=deadline)


def nameservers() -> list[str]:
    """The addresses of the resolvers that this machine uses."""
    from . import dns_transport

    return dns_transport.nameservers()


def log(event: str, **fields: Any) -> None:
    """One structured line, lost where it cannot be written: no request fails for want of a log."""
    import contextlib
    import json
    import sys

    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(json.dumps({"event": event, **fields}, default=str) + "\n")
        sys.stdout.flush()
