"""How a host answers an origin of a distribution whatever else happens: access, certificates and schemes that fail."""

from __future__ import annotations

from collections.abc import Iterator

from ..topology.model import Bucket, Distribution, Endpoint, FunctionUrl, Origin, OriginKind
from .attempts import Trouble
from .origin_access import URL_ACTIONS, Asked, encrypts_with_kms, may_ask_url, may_decrypt, may_read

_REFUSED = Trouble(status=403)


def standing_trouble(distribution: Distribution, origin: Origin, end: Endpoint) -> Trouble | None:
    """The trouble that requests of an origin meet at a host at any time; None if they meet none, or if unknown.

    Args:
        distribution: Who asks.
        origin: By which of its origins.
        end: A host that the origin's name ends at.
    """
    return next(_troubles(distribution, origin, end), None)


def _troubles(distribution: Distribution, origin: Origin, end: Endpoint) -> Iterator[Trouble]:
    target = end.target
    if isinstance(target, Bucket) and end.kind in (OriginKind.BUCKET, OriginKind.WEBSITE):
        asked = Asked(origin, target, end.kind is OriginKind.WEBSITE)
        if may_read(asked, distribution) is False:
            yield _REFUSED
        if encrypts_with_kms(target) and may_decrypt(asked, distribution) is False:
            yield _REFUSED
    if isinstance(target, FunctionUrl) and any(
        may_ask_url(distribution, origin, target, action) is False for action in URL_ACTIONS
    ):
        yield _REFUSED
