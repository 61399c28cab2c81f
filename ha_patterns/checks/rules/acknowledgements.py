"""What owners accept must say why, of a rule that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...topology import Topology
from ..acknowledgements import given, places
from ..rule import REGISTRY, Context, Problem, Severity, Verdict, rule

_PATH = ("Metadata", "ha-patterns", "acknowledge")


@rule(
    "HA900",
    Severity.ERROR,
    "acknowledgement without a reason",
    kind=Topology,
    why="An acknowledgement takes a finding out of every report. Without a reason, nobody can tell later whether it "
    "still holds; with the id of a rule that does not exist, it takes out nothing.",
    remedy="Write under the rule's id why what it finds is accepted here, or take the acknowledgement out.",
    page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-metadata.html",
)
def without_a_reason(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for place in places(topology):
        told = place.metadata.get("acknowledge", {})
        if not isinstance(told, dict):
            message = f"acknowledge is a {type(told).__name__}; it takes a reason under each rule's id"
            yield Problem(place=replace(place, path=_PATH), message=message)
        for rule_id, reason in given(place).items():
            here = replace(place, path=(*_PATH, rule_id))
            if rule_id not in REGISTRY:
                yield Problem(place=here, message=f"acknowledges {rule_id[:40]}, which is no rule")
            elif isinstance(reason, dict) and reason:
                for part, why in reason.items():
                    if not isinstance(why, str) or not why.strip():
                        there = replace(here, path=(*here.path, part))
                        yield Problem(place=there, message=f"acknowledges {rule_id} of {part} without a reason")
            elif not isinstance(reason, str) or not reason.strip():
                yield Problem(place=here, message=f"acknowledges {rule_id} without a reason")
