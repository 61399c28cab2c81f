"""What Lambda calls: a function that never raises, whatever the event and whatever fails behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import configuration, origin, responses, world

# Gets the whole ``cf`` part of the event; returns a request or a response. It decides first and writes last, so that
# a request is never sent on half changed.
Decide = Callable[[dict[str, Any]], dict[str, Any]]
Handler = Callable[[Any, Any], dict[str, Any]]


def entry(
    build: Callable[[dict[str, Any]], Decide],
    load: Callable[[], dict[str, Any]] | None = None,
    *,
    on_response: bool = False,
    keep: Callable[[dict[str, Any]], dict[str, Any]] = origin.keep,
) -> Handler:
    """The handler of a function.

    What it cannot decide goes on to the configured origin, or, where the configuration says ``fail_closed``, is
    answered 503. A response that it cannot judge goes on as it is.

    Args:
        build: Makes the deciding part of the configuration, once a container, at its first event.
        load: Where the configuration comes from. Default: the asset.
        on_response: Whether it is a function of responses, which have their origin behind them. Default False.
        keep: How a request goes on to the configured origin. Default: as it is.
    """
    decide: Decide | None = None
    fail_closed = False

    def handler(event: Any, context: object = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda gives both
        nonlocal decide, fail_closed
        cf: Any = None
        try:
            cf = event["Records"][0]["cf"]
            if ("response" in cf) is not on_response:
                raise ValueError("an event of the other kind")
            if decide is None:
                settings = (load or configuration.load)()
                fail_closed = bool(settings.get("fail_closed"))
                decide = build(settings)
            decided = decide(cf)
            # What is passed on as it came may be anything, and CloudFront takes nothing but an object.
            if not isinstance(decided, dict):
                raise TypeError(f"neither a request nor a response: {type(decided).__name__}")
            return decided
        except Exception as error:
            world.log("undecided", error=f"{type(error).__name__}: {error}")
            return _undecided(cf, responses.unavailable if fail_closed else lambda: keep(cf["request"]))

    return handler


def _undecided(cf: Any, instead: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        if "response" in cf:
            given = cf["response"]
            return given if isinstance(given, dict) else responses.unavailable()
        return instead()
    except Exception:
        return responses.unavailable()
