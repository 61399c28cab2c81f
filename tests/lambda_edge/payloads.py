"""The events that CloudFront sends, as tests/events holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_EVENTS = Path(__file__).parents[1] / "events"
_PREFIX = "cloudfront_"

#: The name of every payload: ``origin_request_custom`` and so on.
NAMES = tuple(sorted(path.stem.removeprefix(_PREFIX) for path in _EVENTS.glob(f"{_PREFIX}*.json")))


def payload(name: str) -> dict[str, Any]:
    """A new copy of an event."""
    event: dict[str, Any] = json.loads((_EVENTS / f"{_PREFIX}{name}.json").read_text(encoding="utf-8"))
    return event


def as_sent_on(event: dict[str, Any]) -> dict[str, Any]:
    """The request that an event is about, as a function sends it on unchanged: without what its viewer forged."""
    request = request_of(event)
    headers = {name: lines for name, lines in request["headers"].items() if not name.startswith("x-ha-")}
    return request | {"headers": headers}


def request_of(event: dict[str, Any]) -> dict[str, Any]:
    """The request that an event is about."""
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    return request
