"""How long CloudFront waits for an origin.

As https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html has it, read on
2026-11-30: CloudFront repeats the attempt to connect for any request, and the whole attempt for GET and HEAD.
"""

from __future__ import annotations

#: What an origin has if its settings are left out; all times are in seconds.
DEFAULT_ATTEMPTS = 3
DEFAULT_CONNECTION_TIMEOUT = 10
DEFAULT_READ_TIMEOUT = 30
DEFAULT_KEEPALIVE_TIMEOUT = 5
#: The most that CloudFront takes.
MOST_ATTEMPTS = 3
LONGEST_CONNECTION_TIMEOUT = 10
LONGEST_COMPLETION_TIMEOUT = 3600
#: Quotas of an account that nobody has raised; AWS raises them on request, and tells no limit. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html, read on 2026-11-30.
LONGEST_READ_TIMEOUT = 120
LONGEST_KEEPALIVE_TIMEOUT = 300
#: The longest of the two that constructs take: this library's choice, as long as a whole response may take.
LONGEST_RAISED_TIMEOUT = LONGEST_COMPLETION_TIMEOUT

#: Seconds that a client waits for an answer before it gives up, if nobody has said: this library's choice.
CLIENT_BUDGET = 30
#: Seconds in which a failover is hardly noticed: this library's choice.
CONNECT_BUDGET = 5

REPEATED = frozenset({"GET", "HEAD"})


def connect_wait(attempts: int, connection_timeout: int, completion_timeout: int | None = None) -> int:
    """The seconds that a request waits for an origin that accepts no connection.

    Args:
        attempts: How often CloudFront tries to connect.
        connection_timeout: Seconds for each attempt.
        completion_timeout: Seconds after which CloudFront ends all attempts. Default: none.
    """
    return _capped(attempts * connection_timeout, completion_timeout)


def longest_wait(
    attempts: int,
    connection_timeout: int,
    read_timeout: int,
    completion_timeout: int | None = None,
    *,
    method: str = "GET",
) -> int:
    """The seconds that a request waits for an origin that accepts each connection late and then does not answer.

    Args:
        attempts: How often CloudFront tries to connect, and sends a GET or HEAD; it sends another method once.
        connection_timeout: Seconds for each attempt.
        read_timeout: Seconds for an answer.
        completion_timeout: Seconds after which CloudFront ends all attempts. Default: none.
        method: The request's, in any case. Default ``GET``.
    """
    answers = attempts if method.upper() in REPEATED else 1
    return _capped(attempts * connection_timeout + answers * read_timeout, completion_timeout)


def _capped(seconds: int, cap: int | None) -> int:
    return seconds if cap is None else min(seconds, cap)
