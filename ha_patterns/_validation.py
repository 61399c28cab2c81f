"""How arguments are judged, and how a refusal reads: argument, what is allowed, what was given, why, the way out."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

import aws_cdk as cdk
from constructs import IConstruct

# What neither CloudFront nor a health checker can reach. Python's own is_global also excludes the ranges that
# documentation uses, which examples and tests need.
_NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
]
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)$")


def is_token(value: object) -> bool:
    """Whether a value is known only at deploy, and so cannot be judged now."""
    if isinstance(value, cdk.Duration):
        return value.is_unresolved()
    return cdk.Token.is_unresolved(value)


def refusal(argument: str, allowed: str, value: object, why: str) -> ValueError:
    """The error for a bad argument, in the one shape all of them share."""
    return ValueError(f"{argument} must be {allowed}, got {value!r}: {why}")


def check_whole_number(argument: str, value: float, low: int, high: int, why: str) -> None:
    """Refuse what is not a whole number from low to high; tokens pass."""
    if is_token(value):
        return
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise refusal(argument, f"a whole number from {low} to {high}", value, why)


def check_seconds(argument: str, value: cdk.Duration, low: int, high: int, why: str) -> None:
    """Refuse a duration that is not whole seconds from low to high; tokens pass."""
    if not isinstance(value, cdk.Duration):
        raise refusal(
            argument, f"a Duration from {low} to {high} seconds", value, f"write Duration.seconds(...); {why}"
        )
    if is_token(value):
        return
    milliseconds = value.to_milliseconds()
    if milliseconds % 1000 or not low * 1000 <= milliseconds <= high * 1000:
        raise refusal(argument, f"whole seconds from {low} to {high}", f"{milliseconds / 1000:g} s", why)


def check_choice(argument: str, value: object, allowed: Iterable[object], why: str) -> None:
    """Refuse a value outside a closed set; tokens pass."""
    choices = list(allowed)
    if not is_token(value) and value not in choices:
        raise refusal(argument, f"one of {', '.join(map(str, choices))}", value, why)


def check_domain_name(argument: str, value: str, why: str) -> None:
    """Refuse what cannot be a DNS host name, IP addresses included; tokens pass."""
    if is_token(value):
        return
    name = normal_name(value)
    if is_ip_address(name):
        raise refusal(argument, "a domain name and not an IP address", value, why)
    if len(name) > 253 or "." not in name or not all(_LABEL.match(label) for label in name.split(".")):
        raise refusal(argument, "a domain name such as origin.example.com (no scheme, no port, no path)", value, why)


def check_path(argument: str, value: str, why: str) -> None:
    """Refuse what is not an absolute URL path of at most 255 characters; tokens pass."""
    if not is_token(value) and (not value.startswith("/") or len(value) > 255 or not value.isprintable()):
        raise refusal(argument, "a path of at most 255 characters that starts with /", value, why)


def check_public_address(argument: str, value: str, version: int) -> None:
    """Refuse what is not a public IP address of a version, 4 or 6; tokens pass."""
    if is_token(value):
        return
    if not is_ip_address(value):
        raise refusal(argument, f"a public IPv{version} address", value, "it is not an IP address")
    address = ipaddress.ip_address(value)
    if address.version != version:
        raise refusal(argument, f"a public IPv{version} address", value, f"it is an IPv{address.version} address")
    if any(address in network for network in _NOT_PUBLIC):
        raise refusal(argument, f"a public IPv{version} address", value, "it cannot be reached over the internet")


def is_ip_address(value: str) -> bool:
    """Whether a string is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def normal_name(domain_name: str) -> str:
    """A domain name as DNS compares it: lower case, without the final dot."""
    return domain_name if is_token(domain_name) else domain_name.rstrip(".").lower()


def total_seconds(argument: str, value: cdk.Duration) -> int:
    """A duration as whole seconds, for arithmetic; a token cannot be added up, and says so."""
    if is_token(value):
        raise ValueError(
            f"{argument} is a token, known only at deploy, so no failover time can be computed from it: "
            "give it as a plain Duration"
        )
    return int(value.to_seconds())


def check_objective(objective: cdk.Duration | None, reached: cdk.Duration | None, how: str) -> None:
    """Refuse a recovery time objective that the settings cannot meet."""
    if objective is None or reached is None:
        return
    wanted, needed = total_seconds("recovery_time_objective", objective), total_seconds("failover_time", reached)
    if needed > wanted:
        raise ValueError(
            f"recovery_time_objective of {wanted} s cannot be met: failover takes up to {needed} s ({how}); "
            "lower these settings or raise the objective"
        )


def warn(scope: IConstruct, rule: str, message: str) -> None:
    """Risky but legal: a warning that can be acknowledged by its id."""
    cdk.Annotations.of(scope).add_warning_v2(f"@ha-patterns/{rule}", message)
