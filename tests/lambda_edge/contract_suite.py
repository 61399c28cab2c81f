"""What every edge function must stand: whole events of every kind, and a flood of broken ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any
from unittest import mock

from hypothesis import given, settings

from lambda_edge.common import world

from .contract import check, forged
from .mutations import copy, mutations
from .payloads import NAMES, payload
from .strategies import events, origin_requests, origin_responses

# By profile: how many whole events, and how many broken ones.
_FLOODS = {"brief": (5, 600), "default": (250, 25_000), "fuzz": (10_000, 1_000_000)}
# The counts that are returned are those of so many broken events.
_COUNTED_OF = 60_000
_EVENTS = {"origin": events, "origin-request": origin_requests, "origin-response": origin_responses}

Handler = Callable[[Any, Any], Any]


def assert_contract(
    handler: Handler,
    declared: Collection[str] = (),
    *,
    redirects: Collection[str] = (),
    event_type: str = "origin",
    payloads: Sequence[dict[str, Any]] = (),
    seed: int = 1,
    share: float = 1,
) -> Counter[str]:
    """Hold a handler to CloudFront's contract (see ``contract.check``) whatever it is given.

    All payloads of tests/events, whole events that Hypothesis makes, and broken ones: forty times as many in
    ``make fuzz``, so a test that calls this is marked ``property``; a fortieth on the Pythons beside the suite's own.

    Args:
        handler: The function, as Lambda calls it. What it reads of the world is the caller's to replace; its log is
            counted here.
        declared: The domain names of the origins that its stack declared; ``.example.com`` for all below it.
        redirects: The hosts to which it may send viewers.
        event_type: ``origin-request`` or ``origin-response``, for a function that is put on that alone. Default: both.
        payloads: More events, of the kind that this function is made for: they are mutated too.
        seed: Of the mutations.
        share: How much of the usual number is enough, for a function of few branches. Default: all of it.

    Returns:
        How often it let a request pass (``kept``), changed one (``changed``), answered itself (``answered``), and
        logged each kind of event, for every 60,000 broken events: for the test to see that what it is about took
        place.
    """
    whole, broken = (int(count * share) for count in _FLOODS[settings.get_current_profile_name()])
    names = [name for name in NAMES if name.startswith(event_type.replace("-", "_"))]
    real = [payload(name) for name in names] + list(payloads)
    seen: Counter[str] = Counter()

    def judge(event: dict[str, Any], origin: str) -> None:
        try:
            output = handler(copy(event), None)
            check(event, output, declared=declared, redirects=redirects)
            assert not (left := forged(event, output)), f"a viewer's header reaches an origin: {left}"
        except Exception as error:
            shown = json.dumps(event)
            raise AssertionError(f"{origin}: {type(error).__name__}: {error}; event: {shown[:4000]}") from error
        seen[_what(event, output)] += 1

    @settings(max_examples=max(1, whole))
    @given(_EVENTS[event_type]())
    def whole_events(event: dict[str, Any]) -> None:
        judge(event, "a whole event")

    with mock.patch.object(world, "log", lambda event, **fields: seen.update((f"log:{event}",))):
        for number, event in enumerate(real):
            judge(event, f"payload {number}")
        whole_events()
        for number, event in enumerate(mutations(real, broken, seed=seed)):
            judge(event, f"mutation {number} of seed {seed}")
    return Counter({what: round(count * _COUNTED_OF / broken) for what, count in seen.items()})


def _what(event: dict[str, Any], output: dict[str, Any]) -> str:
    if "uri" not in output and "origin" not in output:
        return "answered"
    try:
        return "kept" if output["origin"] == event["Records"][0]["cf"]["request"]["origin"] else "changed"
    except (LookupError, TypeError):
        return "changed"
