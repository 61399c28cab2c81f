"""Host names, and what they lead to."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ...aws.names import OriginKind as OriginKind
from ..values import Value
from .base import Thing, thing

if TYPE_CHECKING:
    from .route53 import Record

# Of a name, how many it is followed through: a name of a large estate has some dozens.
_FURTHEST = 256


@thing
class Endpoint:
    """What a host name leads to; one for each name.

    Names may lead to each other in circles, so what follows the name is put in when all that has a name is read.

    Attributes:
        name: The host name, in lower case, without a dot at its end.
        kind: What answers there, as far as the name or a template tells.
        target: The resource that answers; None where it is not in these templates, or the name has records.
        records: The records of these templates that answer to the name.
        region: Where it is; None where it is everywhere, or nothing tells.
    """

    name: Value
    kind: OriginKind = OriginKind.HOST
    target: Thing | None = None
    records: tuple[Record, ...] = ()
    region: str | None = None

    def __repr__(self) -> str:
        return f"<Endpoint {self.name}>"

    @cached_property
    def way(self) -> tuple[Endpoint, ...]:
        """The name, and all that it leads to by any of its records' answers.

        What a name leads to by more than 256 names is not followed further: the last one stands for the rest.
        """
        seen: dict[int, Endpoint] = {}
        waiting = [self]
        while waiting and len(seen) <= _FURTHEST:
            endpoint = waiting.pop()
            if id(endpoint) not in seen:
                seen[id(endpoint)] = endpoint
                waiting.extend(answer for record in reversed(endpoint.records) for answer in reversed(record.answers))
        return tuple(seen.values())

    @cached_property
    def ends(self) -> tuple[Endpoint, ...]:
        """The hosts that the name ends at; itself where it has no records."""
        followed, rest = self.way[:_FURTHEST], self.way[_FURTHEST:]
        return (*(endpoint for endpoint in followed if not endpoint.records), *rest)

    @property
    def targets(self) -> tuple[Thing, ...]:
        """All resources that may answer."""
        return tuple({id(end.target): end.target for end in self.ends if end.target is not None}.values())

    @property
    def regions(self) -> frozenset[str] | None:
        """All Regions that may answer; None where one of them is not known."""
        regions = {end.region for end in self.ends}
        return None if None in regions or not regions else frozenset(region for region in regions if region)
