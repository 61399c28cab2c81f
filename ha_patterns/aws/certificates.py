"""Certificates: the names that one covers."""

from __future__ import annotations

from collections.abc import Iterable


def covers(names: Iterable[str], host: str) -> bool:
    """Whether a certificate for some names is valid for a host; a wildcard stands for one label.

    See https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html, read on 2026-11-30.

    Args:
        names: The certificate's names, in any case.
        host: The host, in any case; ``*.`` and a domain for all hosts in it.
    """
    asked = host.lower().removesuffix(".")
    above = "*." + asked.partition(".")[2]
    return any(name.lower().removesuffix(".") in (asked, above) for name in names)
