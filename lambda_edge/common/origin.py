"""What an origin-request function can know about the leg it serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Set by the constructs on each member of an origin group, with another value on each.
ROLE_HEADER = "x-ha-origin-role"


def role(request: Mapping[str, Any]) -> str | None:
    """``primary`` or ``secondary``: the member of the origin group that CloudFront is about to ask.

    Read from the origin's own custom headers only: what a viewer sends in the request's headers says nothing.
    None where the origin carries no role, as outside an origin group.
    """
    for origin in (request.get("origin") or {}).values():
        for header in (origin.get("customHeaders") or {}).get(ROLE_HEADER, ()):
            return str(header["value"])
    return None
