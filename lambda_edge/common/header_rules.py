"""The headers that CloudFront does not let an edge function add or change, in lower case.

As of 2026-11-30, from "Restrictions on all edge functions":
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html
A function that breaks these rules is a 502 for the viewer.
"""

from __future__ import annotations

# No event shows them, and no function may add one.
DISALLOWED = frozenset(
    (
        *("client-cert", "client-cert-chain", "cloudfront-viewer-cert-pem", "connection", "expect", "keep-alive"),
        *("proxy-authenticate", "proxy-authorization", "proxy-connection", "trailer", "upgrade"),
        *("x-accel-buffering", "x-accel-charset", "x-accel-limit-rate", "x-accel-redirect"),
        *("x-amzn-auth", "x-amzn-cf-billing", "x-amzn-cf-id", "x-amzn-cf-xff", "x-amzn-errortype"),
        *("x-amzn-fle-profile", "x-amzn-header-count", "x-amzn-header-order", "x-amzn-lambda-integration-tag"),
        *("x-amzn-requestid", "x-cache", "x-forwarded-proto", "x-real-ip"),
    )
)
DISALLOWED_PREFIXES = ("x-amz-cf-", "x-edge-")
# A function may read them, by the type of the event.
READ_ONLY = {
    "origin-request": frozenset(
        (
            *("accept-encoding", "cdn-loop", "content-length", "if-modified-since", "if-none-match", "if-range"),
            *("if-unmodified-since", "transfer-encoding", "via"),
        )
    ),
    "origin-response": frozenset(("transfer-encoding", "via")),
}


def is_disallowed(name: str) -> bool:
    """Whether no function may add a header."""
    return name in DISALLOWED or name.startswith(DISALLOWED_PREFIXES)
