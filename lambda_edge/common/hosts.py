"""The name that a viewer asked for, and under which names what is kept for it can be found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LABEL = "(?!-)[a-z0-9_-]{1,63}(?<!-)"
_HOST = re.compile(rf"(?:\*|(?:\*\.)?{_LABEL}(?:\.{_LABEL})*)")


def is_host(name: str) -> bool:
    """Whether something can be kept under a name: a host in lower case, ``*.`` and a domain, or ``*``."""
    return len(name) <= 253 and _HOST.fullmatch(name) is not None


def host_of(request: Mapping[str, Any]) -> str:
    """The name that the viewer asked for, where CloudFront passes it on: lower case, without port or final dot."""
    given = request["headers"].get("host")
    return named(given[0]["value"]) if given else ""


def named(value: str) -> str:
    """The name in the value of a Host header."""
    return value.lower().partition(":")[0].removesuffix(".")


def hosts_of(host: str) -> tuple[str, ...]:
    """Under which names what is kept for a host is looked for, in the order in which they count.

    Itself, its wildcard, all hosts.
    """
    # What is no name is nobody's, and must not be asked for.
    if not is_host(host) or host[0] == "*":
        return ("*",)
    _, dot, parent = host.partition(".")
    return (host, f"*.{parent}", "*") if dot else (host, "*")
