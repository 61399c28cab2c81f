"""Keeps the answer to a request out of the cache if its function did not know what to decide."""

from __future__ import annotations

from typing import Any

from ..common import origin
from ..common.entry import Decide, entry

# They say how long an answer may be kept, beside Cache-Control.
_OLDER = ("expires", "pragma")


def _build(_settings: dict[str, Any]) -> Decide:
    def decide(cf: dict[str, Any]) -> dict[str, Any]:
        response: dict[str, Any] = cf["response"]
        if not origin.is_undecided(cf["request"]):
            return response
        headers = {name: value for name, value in response["headers"].items() if name not in _OLDER}
        # If the origin cannot be reached, CloudFront may serve even such an answer again unless it says so, see
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
        headers["cache-control"] = [{"key": "Cache-Control", "value": "no-store, stale-if-error=0"}]
        # No body is returned, so the origin's stays.
        return {
            "status": response["status"],
            "statusDescription": response.get("statusDescription", ""),
            "headers": headers,
        }

    return decide


# Without a configuration there is none that cannot be read.
handler = entry(_build, dict, on_response=True)
