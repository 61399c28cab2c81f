"""Custom error responses: pages that an outage takes with it, errors that they hide, and errors that are not kept.

As https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html,
custom-error-pages-response-code.html and custom-error-pages-expiration.html have it, read on 2026-12-01.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TypeVar

from .distributions import WRITES
from .names import BUCKETS, OriginKind

Host = TypeVar("Host", bound=Hashable)

#: The errors of an origin that is down or does not keep up: a page for them has to come from elsewhere.
DOWN = (502, 503, 504)
#: The errors with which an API refuses, and which a site's page with status 200 hides from programs.
REFUSALS = (403, 404)


def is_gone(needed: frozenset[Host], members: Sequence[Host], codes: Collection[object] | None, code: object) -> bool:
    """Whether the hosts that a page needs have all failed when viewers get an error of a behavior.

    Args:
        needed: The hosts that the page is served from.
        members: The host of the behavior's origin, or those of its origin group in order.
        codes: The failover status codes of the group; None for a single origin.
        code: The error.
    """
    if codes is None:
        return needed == frozenset(members)
    # The second is asked for the failover status codes only; where it has the page, it is meant to stand in.
    first = members[0]
    return needed <= frozenset(members) and first in needed and (code in codes or needed == {first})


def is_lost(gone: Iterable[bool | None], kinds: Iterable[OriginKind]) -> bool:
    """Whether a page is out of reach when the errors come that it is for.

    Args:
        gone: For each behavior that the page may stand in for, ``is_gone``; None if it is not known.
        kinds: What serves the page.
    """
    found = list(gone)
    # A bucket that serves a site and the page of its API is there when the API is not.
    return all(found) if BUCKETS.issuperset(kinds) else True in found


def answers_programs(kinds: Collection[OriginKind], methods: Collection[str]) -> bool:
    """Whether a behavior is for programs rather than people, as far as its origins and methods tell."""
    if not kinds or not BUCKETS.isdisjoint(kinds):
        return False
    return not {OriginKind.API, OriginKind.FUNCTION_URL}.isdisjoint(kinds) or not WRITES.isdisjoint(methods)


def is_not_kept(code: object, least: object) -> bool:
    """Whether every request for what fails with an error goes to the sick origin again."""
    return isinstance(code, int) and code >= 500 and least == 0
