"""Which column each box of a section is in: as far to the right as the longest way to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .graph import Kind, Link, Section

#: Where requests go, in contrast to what looks after them.
_REQUESTS = (Link.REQUEST, Link.CHOICE, Link.ERROR)


def columns_of(section: Section) -> dict[str, int]:
    """The column of each node, from 0 on: users first, and what is in a Region right of all that is not."""
    nodes = section.by_id
    forward = _forward(section)
    # Users stand left of the edge's frame.
    has_users = any(node.kind is Kind.USERS for node in section.nodes)
    column = {node.id: int(has_users and node.kind is not Kind.USERS) for node in section.nodes}
    edge = [node for node in forward if not nodes[node].regional]
    regional = [node for node in forward if nodes[node].regional]
    _push(column, edge, forward)
    first_regional = max((column[node] + 1 for node in edge), default=0)
    column |= dict.fromkeys(regional, first_regional)
    _push(column, regional, forward)
    # What no request goes through stands as far to the right as what it leads to allows.
    entered = {edge.target for edge in section.edges if edge.link in _REQUESTS}
    for node in reversed(edge):
        after = [min(column[other], first_regional) for other in forward[node]]
        if node not in entered and nodes[node].kind is not Kind.USERS and after:
            column[node] = min(after) - 1
    return column


def _push(column: dict[str, int], order: Sequence[str], forward: Mapping[str, Sequence[str]]) -> None:
    """Move what stands beside or before what leads to it."""
    pushed = set(order)
    for node in order:
        for other in pushed.intersection(forward[node]):
            column[other] = max(column[other], column[node] + 1)


def _forward(section: Section) -> dict[str, list[str]]:
    """What each node leads to, in an order in which all arrows lead forward: those that do not are turned."""
    nodes = section.by_id
    arrows: dict[str, list[str]] = {node: [] for node in nodes}
    for edge in section.edges:
        if edge.link is not Link.COPY and edge.source != edge.target:
            back = nodes[edge.source].regional and not nodes[edge.target].regional
            left, right = (edge.target, edge.source) if back else (edge.source, edge.target)
            arrows[left].append(right)
    place = {node: at for at, node in enumerate(_topological(arrows))}
    forward: dict[str, list[str]] = {node: [] for node in place}
    for node, others in arrows.items():
        for other in others:
            left, right = sorted((node, other), key=place.__getitem__)
            forward[left].append(right)
    return forward


def _topological(arrows: Mapping[str, Sequence[str]]) -> list[str]:
    """An order in which arrows lead forward, but for one of each circle."""
    found: list[str] = []
    seen: set[str] = set()
    for start in reversed(list(arrows)):
        if start in seen:
            continue
        seen.add(start)
        waiting = [(start, iter(reversed(arrows[start])))]
        while waiting:
            node, others = waiting[-1]
            other = next((one for one in others if one not in seen), None)
            if other is None:
                found.append(node)
                waiting.pop()
            else:
                seen.add(other)
                waiting.append((other, iter(reversed(arrows[other]))))
    return found[::-1]
