"""The picture of a topology: which of its boxes are drawn, how they hang together, and what rules have found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ..checks.rule import Severity
from ..checks.run import Finding
from ..topology.topology import Topology
from ..topology.values import PropertyPath, ResourceId
from . import describe
from .build import Builder
from .graph import Edge, Graph, Kind, Link, Mark, Node, Section

#: What is drawn with what it leads to, whatever stack it is in.
_ATTENDING = (Link.GUARD, Link.SET, Link.RESPONSE)


def draw(topology: Topology, findings: Iterable[Finding] = (), *, stacks: Sequence[str] = ()) -> Graph:
    """The picture of a topology.

    Args:
        topology: It.
        findings: What rules say of it; errors and warnings are marked. Default: none.
        stacks: Names of stacks, or patterns such as ``web-*``: what is in one of them is drawn, with what it leads
            to. Default: all.
    """
    builder = Builder(topology)
    builder.build()
    return _Picture(builder, topology, stacks).graph(findings)


class _Picture:
    """What of the boxes is drawn, and how it hangs together."""

    def __init__(self, builder: Builder, topology: Topology, stacks: Sequence[str]) -> None:
        self._boxes = builder.boxes
        self._edges = builder.edges
        self._entries = builder.entries
        self._order = {stack.id: index for index, stack in enumerate(topology.stacks)}
        self._kept = self._chosen(stacks) if stacks else set(range(len(self._boxes)))

    def graph(self, findings: Iterable[Finding]) -> Graph:
        """The picture, with what rules have found."""
        marks, elsewhere = self._marks(findings)
        sections: list[Section] = []
        count = 0
        for members in self._components():
            entries = [member for member in members if member in self._entries]
            nodes: list[Node] = []
            if entries:
                count += 1
                nodes.append(Node(id=f"n{count}", kind=Kind.USERS, title="users"))
            numbers = {member: f"n{count + place}" for place, member in enumerate(members, 1)}
            count += len(members)
            nodes += [self._node(numbers[member], member, marks.get(member, ())) for member in members]
            edges = [Edge(source=nodes[0].id, target=numbers[entry], link=Link.REQUEST) for entry in entries]
            edges += self._edges_of(numbers)
            sections.append(Section(title=self._title(members), nodes=tuple(nodes), edges=tuple(edges)))
        return Graph(sections=tuple(sections), elsewhere=elsewhere)

    def _node(self, node_id: str, number: int, marks: Sequence[Mark]) -> Node:
        box = self._boxes[number]
        return Node(
            id=node_id,
            kind=box.kind,
            title=box.title,
            details=tuple(box.details),
            frame=box.frame,
            source=box.source,
            marks=tuple(sorted(marks, key=lambda mark: (-mark.severity, mark.rule_id))),
        )

    def _edges_of(self, numbers: dict[int, str]) -> list[Edge]:
        place = {member: at for at, member in enumerate(numbers)}
        drawn = ((ends, label) for ends, label in self._edges.items() if ends[0] in place and ends[1] in place)
        edges: list[Edge] = []
        for (source, target, link), label in sorted(drawn, key=lambda one: place[one[0][0]]):
            back = link is Link.COPY and (target, source, link) in self._edges
            if not back or source < target:
                edge = Edge(source=numbers[source], target=numbers[target], link=link, label=label, both_ways=back)
                edges.append(edge)
        return edges

    def _chosen(self, stacks: Sequence[str]) -> set[int]:
        """The boxes of some stacks, what they lead to, and what guards that."""
        led_to: defaultdict[int, list[int]] = defaultdict(list)
        for source, target, link in self._edges:
            led_to[source].append(target)
            if link in _ATTENDING:
                led_to[target].append(source)
        found = [
            number
            for number, box in enumerate(self._boxes)
            if any(place.stack.matches(pattern) for place in box.places for pattern in stacks)
        ]
        return _reached(found, led_to)

    def _components(self) -> list[list[int]]:
        """The boxes that hang together, in the order of the templates."""
        neighbours: defaultdict[int, list[int]] = defaultdict(list)
        for source, target, _ in self._edges:
            if source in self._kept and target in self._kept:
                neighbours[source].append(target)
                neighbours[target].append(source)
        found: list[list[int]] = []
        left = dict.fromkeys(sorted(self._kept))
        while left:
            members = _reached([next(iter(left))], neighbours)
            found.append(sorted(members, key=lambda member: (member not in self._entries, member)))
            for member in members:
                del left[member]
        return sorted(found, key=self._place)

    def _place(self, members: Sequence[int]) -> tuple[int, int]:
        stacks = [self._order[place.stack.id] for member in members for place in self._boxes[member].places]
        return min(stacks, default=len(self._order)), members[0]

    def _title(self, members: Sequence[int]) -> str:
        found = {place.stack.id: place.stack for member in members for place in self._boxes[member].places}
        return describe.stacks(sorted(found, key=lambda stack: self._order[stack]))

    def _marks(self, findings: Iterable[Finding]) -> tuple[dict[int, list[Mark]], tuple[Mark, ...]]:
        owners: dict[ResourceId, list[tuple[PropertyPath, int]]] = {}
        for number in sorted(self._kept):
            for place in self._boxes[number].places:
                owners.setdefault(place.id, []).append((place.path, number))
        marks: dict[int, list[Mark]] = {}
        elsewhere: list[Mark] = []
        for finding in findings:
            severity = finding.rule.severity
            if severity < Severity.WARNING:
                continue
            mark = Mark(rule_id=finding.rule.id, severity=severity, message=finding.message)
            path = finding.place.path
            around = [one for one in owners.get(finding.place.id, ()) if one[0] == path[: len(one[0])]]
            if around:
                _, number = max(around, key=lambda one: len(one[0]))
                marks.setdefault(number, []).append(mark)
            else:
                elsewhere.append(mark)
        return marks, tuple(elsewhere)


def _reached(starts: Iterable[int], beside: Mapping[int, Sequence[int]]) -> set[int]:
    """What there is a way to."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        new = set(beside[waiting.pop()]) - found
        found |= new
        waiting += new
    return found
