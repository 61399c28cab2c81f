"""Answers that a function gives in place of an origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DESCRIPTIONS = {
    "200": "OK",
    "301": "Moved Permanently",
    "302": "Found",
    "303": "See Other",
    "307": "Temporary Redirect",
    "308": "Permanent Redirect",
    "400": "Bad Request",
    "403": "Forbidden",
    "404": "Not Found",
    "410": "Gone",
    "414": "URI Too Long",
    "429": "Too Many Requests",
    "451": "Unavailable For Legal Reasons",
    "500": "Internal Server Error",
    "503": "Service Unavailable",
}


def response(status: int, headers: Mapping[str, str], body: str = "") -> dict[str, Any]:
    """A response as CloudFront takes it.

    Args:
        status: 200 to 599.
        headers: By name; what CloudFront does not let be set has no place here.
        body: Text, at most 1 MB with the headers on an origin event.
    """
    code = str(status)
    return {
        "status": code,
        "statusDescription": _DESCRIPTIONS.get(code, ""),
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
        "body": body,
    }


def refused(why: str) -> dict[str, Any]:
    """The answer to a request that nothing is sent on of: 400, of which CloudFront keeps none that names no time.

    So no other viewer gets it, whatever the cache key. Other errors, 404 and 414 among them, may be kept for all. See
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html, read on 2026-11-30.

    Args:
        why: For the viewer, without a full stop.
    """
    return response(400, {"Cache-Control": "no-store", "Content-Type": "text/plain"}, f"{why}\n")


def unavailable() -> dict[str, Any]:
    """The answer if nothing can be decided, and a guess is not wanted or could be kept: 503, kept by nobody."""
    return response(503, {"Cache-Control": "no-store", "Content-Type": "text/plain"}, "Service unavailable\n")
