"""An answer made here where the origin has failed: on the failover leg, and in place of a static error page."""

from __future__ import annotations

import re
from typing import Any

from ..common import origin, responses, world
from ..common.entry import Decide, entry
from .accept import preferred

#: The role of the origin behind the path of the error page; that of the failover leg is the group's own.
ERROR_PAGE = "error-page"
_FAILOVER_LEG = "secondary"

_MEDIA_TYPES = {"html": "text/html", "json": "application/json"}
_CONTENT_TYPES = {"html": "text/html; charset=utf-8", "json": "application/json"}

#: The longest that a value in a template gets.
MOST_CHARACTERS = 512
_OTHER = re.compile(r"[^A-Za-z0-9/._~%=-]")


def build(configuration: dict[str, Any]) -> Decide:
    """The deciding part.

    Args:
        configuration: ``templates`` by format, the first being for viewers that want none; ``status`` and ``max_age``
            of the failover leg, and ``retry_after``, in seconds.
    """
    templates: dict[str, str] = configuration["templates"]
    media_types = {name: _MEDIA_TYPES[name] for name in templates}
    retry_after = str(configuration["retry_after"])
    max_age = configuration["max_age"]
    # By the role of the origin. CloudFront takes a page that comes with an error's status for a page that failed.
    answers = {
        _FAILOVER_LEG: (configuration["status"], "no-store" if max_age is None else f"max-age={max_age}"),
        ERROR_PAGE: (200, "no-store"),
    }

    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        request = cf["request"]
        role = origin.role(request)
        if role not in answers:
            return origin.keep(request)
        status, cache_control = answers[role]
        name = preferred(_accept(request), media_types)
        request_id = plain(cf["config"]["requestId"])
        path = "/" + plain(request["uri"]).lstrip("/")
        body = templates[name]
        for placeholder, value in (("path", path), ("request_id", request_id), ("retry_after", retry_after)):
            body = body.replace("{{" + placeholder + "}}", value)
        headers = {
            "Cache-Control": cache_control,
            "Content-Type": _CONTENT_TYPES[name],
            "Retry-After": retry_after,
            "X-Content-Type-Options": "nosniff",
        }
        if len(templates) > 1:
            headers["Vary"] = "Accept"
        world.log("answered", role=role, request_id=request_id)
        # A HEAD request gets the body too, which CloudFront leaves away: what it keeps may serve a GET.
        return responses.response(status, headers, body)

    return decide


def plain(text: str) -> str:
    """A viewer's text in letters, digits and a few marks, the rest percent-encoded; not longer than a line or two.

    So it is the same in HTML, within quotes, in JSON, in a script and in a link, and can end none of them.
    """
    encoded = _OTHER.sub(lambda found: _percent(found[0]), text[:MOST_CHARACTERS])
    return encoded[:MOST_CHARACTERS]


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _accept(request: dict[str, Any]) -> str:
    return ",".join(header["value"] for header in request["headers"].get("accept", ()))


handler = entry(build, fails_open=True)
