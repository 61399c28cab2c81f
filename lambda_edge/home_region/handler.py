"""Sends each user to the Region where the user's data is at home, by a signed cookie that says which one that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from ..common import origin, responses, world
from ..common.entry import Decide, entry
from ..common.origin import DeclaredOrigins
from ..common.replicas import nearest_first
from . import cookie, health, keys
from .cookie import SECONDS_PER_DAY, Cookie

# A custom header of the origin that was asked: so a viewer cannot have sent it, and the response's event shows it.
ISSUED_HEADER = "x-ha-home-cookie"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})

# Of an answer; the body of an origin's stays where it is, and is in no event.
_KEPT = ("status", "statusDescription")

Unhealthy = Literal["fail", "read-elsewhere", "move"]


def _build(configuration: dict[str, Any]) -> Decide:
    """What the stack baked.

    Its parts:
        origins: The homes, by Region.
        order: By the Region that runs the function, the homes in order of nearness.
        key: The argument of ``keys.Secret``.
        days: For how many days a cookie counts.
        unhealthy: What to do where a user's home is unhealthy: ``fail``, ``read-elsewhere`` or ``move``.
        health: What ``health.judge`` takes; empty with ``fail``.
        user_cookie: The cookie that says who a user is, where homes are bound to users; else None.
        fail_closed: Whether the answer is 503 if a cookie names a home and its key cannot be read. If None or missing,
            the answer is 503 only if CloudFront may keep it.
    """
    declared = DeclaredOrigins(configuration["origins"])
    homes: Sequence[str] = list(configuration["origins"])
    nearest = nearest_first(homes, configuration["order"])
    days: int = configuration["days"]
    unhealthy: Unhealthy = configuration["unhealthy"]
    user_cookie: str | None = configuration["user_cookie"]
    fail_closed: bool | None = configuration.get("fail_closed")
    secret = keys.Secret(configuration["key"])
    is_healthy = health.judge(configuration["health"]) if unhealthy != "fail" else _always

    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        request: dict[str, Any] = cf["request"]
        distribution: str = cf["config"]["distributionId"]
        today = int(world.now() // SECONDS_PER_DAY)
        user = "" if user_cookie is None else cookie.value_of(request["headers"], user_cookie) or ""

        given = _given(request, today) if user or user_cookie is None else None
        signs, believed, complete = secret.ring(given.key_id if given is not None else "")
        held, undecided = None, False
        if given is not None:
            key = next((key for key in believed if key.id == given.key_id), None)
            held = given if key is not None and cookie.is_signed(given, key, distribution, user) else None
            undecided = key is None and not complete
            if held is not None and signs is not None:
                # Never with an older key than it has, which may be forgotten sooner.
                signs = next(each for each in believed if each in (key, signs))
        kept = origin.is_kept(request)
        if undecided and (kept if fail_closed is None else fail_closed):
            return responses.unavailable()
        if held is None:
            home = asked = _first(nearest, is_healthy)
        elif unhealthy == "fail" or is_healthy(held.region):
            home = asked = held.region
        elif unhealthy == "move":
            home = asked = _first([held.region, *nearest], is_healthy)
        else:
            home = held.region
            asked = _first([home, *nearest], is_healthy) if request["method"] in _READS else home
        issued = None
        # Renewed if it was issued on an earlier day, so that it counts for all its days from the last visit on.
        # A cookie whose key is not known may be a good one: no other takes its place.
        if (
            signs is not None
            # Nobody issues a cookie with an answer that is kept.
            and not kept
            and not undecided
            and (user or user_cookie is None)
            and (held is None or held.region != home or held.key_id != signs.id or held.day < today + days)
        ):
            issued = cookie.sign(signs, distribution, home, today + days, user)

        declared.send(request, asked)
        _tell(request, issued, undecided=undecided and kept)
        return request

    def _given(request: dict[str, Any], today: int) -> Cookie | None:
        """The user's cookie, if it names a home that is still one; whether it is signed is not judged."""
        text = cookie.value_of(request["headers"], cookie.NAME)
        given = None if text is None else cookie.parse(text)
        return None if given is None or given.region not in declared or given.day < today else given

    return decide


def _tell(request: dict[str, Any], issued: Cookie | None, *, undecided: bool) -> None:
    """Tell the function of responses, by headers of the origin that is asked."""
    if issued is not None:
        (own,) = request["origin"].values()
        own["customHeaders"][ISSUED_HEADER] = [{"key": ISSUED_HEADER, "value": str(issued)}]
    if undecided:
        origin.mark_undecided(request)


def _always(_home: str) -> bool:
    return True


def _first(homes: Sequence[str], is_healthy: Callable[[str], bool]) -> str:
    """The first that is healthy; where none is, the first: something must answer, if only an error."""
    return next((home for home in homes if is_healthy(home)), homes[0])


def _build_issuer(_configuration: dict[str, Any]) -> Decide:
    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        response: dict[str, Any] = cf["response"]
        issued = _issued(cf["request"])
        # An error may be kept and sent to others, even where nothing else is.
        if issued is None or response["status"] >= "400":
            return response
        left = int((issued.day + 1) * SECONDS_PER_DAY - world.now())
        value = f"{cookie.NAME}={issued}; Max-Age={left}; Path=/; Secure; HttpOnly; SameSite=Lax"
        headers = response["headers"]
        values = [*cookie.as_lines(other["value"] for other in headers.get("set-cookie", ())), value]
        changed = {**headers, "set-cookie": [{"key": "Set-Cookie", "value": each} for each in values]}
        return {field: response[field] for field in _KEPT if field in response} | {"headers": changed}

    return decide


def _issued(request: dict[str, Any]) -> Cookie | None:
    """What the request's function gave the origin that was asked."""
    for own in request["origin"].values():
        for header in own["customHeaders"].get(ISSUED_HEADER, ()):
            return cookie.parse(header["value"])
    return None


on_request = entry(_build)
on_response = entry(_build_issuer, on_response=True)
