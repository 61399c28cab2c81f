"""Which IP addresses CloudFront and Route 53's health checkers can reach."""

from __future__ import annotations

import ipaddress

# The special-purpose registries of IANA (https://www.iana.org/assignments/iana-ipv4-special-registry/ and
# iana-ipv6-special-registry/, read on 2026-11-30) without the ranges for documentation, which examples and tests use.
# Route 53 refuses to probe addresses of these ranges:
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
        *("::/127", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "2001:2::/48", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)


def is_address(text: str) -> bool:
    """Whether a text is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether the internet can reach an IP address; an IPv6 address with a zone never is.

    Args:
        address: An address for which ``is_address`` is true.

    Raises:
        ValueError: The text is no address.
    """
    ip = ipaddress.ip_address(address)
    return "%" not in address and not any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)


def version(text: str) -> int | None:
    """4 or 6 for an IP address of that version; None for any other text."""
    return ipaddress.ip_address(text).version if is_address(text) else None
