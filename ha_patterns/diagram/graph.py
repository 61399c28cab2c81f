"""What a picture of a topology shows: nodes, edges and frames, before anybody has laid them out.

All of it is immutable, and in the order of the templates: the same topology is the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ..checks.rule import Severity

#: The frame of what is in no Region: CloudFront, Route 53, Global Accelerator.
EDGE = "edge"


class Kind(Enum):
    """What a node is, as the picture calls it."""

    USERS = "users"
    NAME = "DNS name"
    RECORD = "record"
    DISTRIBUTION = "distribution"
    BEHAVIOR = "behavior"
    FUNCTION = "edge function"
    GROUP = "origin group"
    ORIGIN = "origin"
    ERROR_PAGE = "error page"
    ACCELERATOR = "accelerator"
    ENDPOINT_GROUP = "endpoint group"
    HEALTH_CHECK = "health check"
    CONTROL = "routing control"
    ALARM = "alarm"
    TABLE = "table"
    STORE = "key value store"
    API = "API Gateway"
    LOAD_BALANCER = "load balancer"
    INSTANCE = "EC2 instance"
    ADDRESS = "Elastic IP address"
    FUNCTION_URL = "function URL"
    VPC_ORIGIN = "VPC origin"
    BUCKET = "bucket"
    ACCESS_POINT = "access point"
    HOST = "host"
    UNKNOWN = "not known"


#: What colours a node has, by its kind; what answers has its own.
_FAMILIES = {
    Kind.USERS: "plain",
    Kind.UNKNOWN: "plain",
    Kind.NAME: "dns",
    Kind.RECORD: "dns",
    Kind.DISTRIBUTION: "cloudfront",
    Kind.BEHAVIOR: "cloudfront",
    Kind.FUNCTION: "cloudfront",
    Kind.GROUP: "cloudfront",
    Kind.ORIGIN: "cloudfront",
    Kind.ERROR_PAGE: "cloudfront",
    Kind.STORE: "cloudfront",
    Kind.ACCELERATOR: "cloudfront",
    Kind.HEALTH_CHECK: "health",
    Kind.CONTROL: "health",
    Kind.ALARM: "health",
}


class Link(Enum):
    """What an edge is, as the legend calls it."""

    REQUEST = "requests"
    CHOICE = "may send requests"
    ERROR = "in place of an error"
    WATCH = "watches"
    GUARD = "guards"
    SET = "sets"
    READ = "reads"
    RESPONSE = "changes responses"
    COPY = "copies"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a rule has found about a node."""

    rule_id: str
    severity: Severity
    message: str


@dataclass(frozen=True, kw_only=True)
class Node:
    """A box.

    Attributes:
        id: Unique in the picture; the same for the same topology.
        kind: What it is.
        title: Its name.
        details: What else is worth knowing, a line each.
        frame: The Region that it is in, or ``EDGE``; None for what is in neither, or nobody knows where.
        source: Where it is written, for who wants to look it up; empty for users.
        marks: What rules have found, the worst first.
    """

    id: str
    kind: Kind
    title: str
    details: tuple[str, ...] = ()
    frame: str | None = None
    source: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def family(self) -> str:
        """What it has its colours from."""
        return _FAMILIES.get(self.kind, "answer")

    @property
    def regional(self) -> bool:
        """Whether it is not at the edge: in a Region, or nobody knows where."""
        return self.frame != EDGE and self.kind is not Kind.USERS

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst mark; None where there is none."""
        return self.marks[0].severity if self.marks else None


@dataclass(frozen=True, kw_only=True)
class Edge:
    """An arrow.

    Attributes:
        both_ways: Whether it has two heads.
    """

    source: str
    target: str
    link: Link
    label: str = ""
    both_ways: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """Nodes that hang together, drawn apart from the others.

    Attributes:
        title: The stacks that they are in.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def frames(self) -> tuple[str, ...]:
        """The frames, the edge first, Regions in the order of their nodes."""
        found = dict.fromkeys(node.frame for node in self.nodes if node.frame is not None)
        return tuple(sorted(found, key=lambda frame: frame != EDGE))


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A picture.

    Attributes:
        sections: In the order of the templates.
        elsewhere: What rules have found about things that are not drawn.
    """

    sections: tuple[Section, ...]
    elsewhere: tuple[Mark, ...] = ()

    @property
    def titled(self) -> bool:
        """Whether the sections have titles that tell them apart."""
        return len({section.title for section in self.sections}) > 1

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes."""
        return tuple(node for section in self.sections for node in section.nodes)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All edges."""
        return tuple(edge for section in self.sections for edge in section.edges)


def frame_title(frame: str) -> str:
    """What a frame is called."""
    return "edge, in no Region" if frame == EDGE else frame
