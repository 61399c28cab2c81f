"""What Lambda calls: a function that never raises, whatever the event and whatever fails behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import configuration, origin, responses, world

# Gets the whole ``cf`` part of the event; returns a request or a response, or None if nothing is known of a request.
# Such a function decides first and writes last, so that a request is never sent on half changed.
Decide = Callable[[dict[str, Any]], dict[str, Any] | None]
Handler = Callable[[Any, Any], dict[str, Any]]
# Sends a request on to the configured origin.
Keep = Callable[[dict[str, Any]], dict[str, Any]]


def entry(
    build: Callable[[dict[str, Any]], Decide],
    load: Callable[[], dict[str, Any]] | None = None,
    *,
    on_response: bool = False,
    keep: Callable[[dict[str, Any]], Keep] = lambda _: origin.keep,
    fails_open: bool = False,
) -> Handler:
    """The handler of a function.

    A request that it cannot decide is answered 503, or goes on to the configured origin, by ``fail_closed`` of the
    configuration: true, always 503; null, 503 if CloudFront may keep the answer; false, always on, and an answer that
    CloudFront may keep is marked as undecided. A response that it cannot judge goes on as it is.

    Args:
        build: Makes the deciding part of the configuration, once a container, at its first event.
        load: Where the configuration comes from. Default: the asset.
        on_response: Whether it is a function of responses, which have their origin behind them. Default False.
        keep: Makes of the configuration the function that sends a request on to the configured origin. The
            configuration is empty while it cannot be loaded. Default: requests go on as they are.
        fails_open: Whether an undecided request goes on whatever the configuration says, because the configured
            origin answers as any other would, like the copies of a bucket. Default False.
    """
    decide: Decide | None = None
    undecided = _undecided({}, keep, fails_open=fails_open)

    def handler(event: Any, context: object = None) -> dict[str, Any]:  # noqa: ARG001 - Lambda gives both
        nonlocal decide, undecided
        cf: Any = None
        try:
            cf = event["Records"][0]["cf"]
            if ("response" in cf) is not on_response:
                raise ValueError("an event of the other kind")
            if decide is None:
                settings = (load or configuration.load)()
                undecided = _undecided(settings, keep, fails_open=fails_open)
                decide = build(settings)
            decided = decide(cf)
            if isinstance(decided, dict):
                return decided
            # What is passed on as it came may be anything, and CloudFront takes nothing but an object.
            if decided is not None:
                raise TypeError(f"neither a request nor a response: {type(decided).__name__}")
        except Exception as error:
            world.log("undecided", error=f"{type(error).__name__}: {error}")
        return _without_a_decision(cf, undecided)

    return handler


def _undecided(settings: dict[str, Any], keep: Callable[[dict[str, Any]], Keep], *, fails_open: bool) -> Keep:
    """The function that answers a request of which nothing is known."""
    fail_closed = settings.get("fail_closed")
    try:
        go_on = keep(settings)
    except Exception:
        # The owner's choice between 503 and going on holds, whatever else of the configuration is broken.
        go_on = keep({})

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        # Before the configuration headers go.
        is_kept = origin.is_kept(request)
        if not fails_open and (is_kept if fail_closed is None else fail_closed):
            return responses.unavailable()
        go_on(request)
        if is_kept and not fails_open:
            origin.mark_undecided(request)
        return request

    return answer


def _without_a_decision(cf: Any, undecided: Keep) -> dict[str, Any]:
    try:
        if "response" in cf:
            given = cf["response"]
            return given if isinstance(given, dict) else responses.unavailable()
        return undecided(cf["request"])
    except Exception:
        return responses.unavailable()
