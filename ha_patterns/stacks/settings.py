"""What the context of the app says: which pattern, which zone, which Regions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ..aws.regions import EDGE_REGION
from ..catalog import BY_NAME, CATALOG, Pattern
from ..cdk.validation import check_cluster_arn, check_domain_name, check_whole_number, is_region

#: The zone that templates are synthesized for when none is given; no deploy accepts it.
PLACEHOLDER_ZONE_NAME = "example.com"
PLACEHOLDER_ZONE_ID = "Z00000000000000000000"
#: The routing-control cluster that templates are synthesized for when none is given; no deploy accepts it.
PLACEHOLDER_CLUSTER = "arn:aws:route53-recovery-control::000000000000:cluster/00000000-0000-0000-0000-000000000000"
#: What asks for a cluster to be made.
CREATE_CLUSTER = "create"

_ZONE_ID = re.compile(r"Z[0-9A-Z]{1,31}")


@dataclass(frozen=True, kw_only=True)
class ReferenceSettings:
    """How the reference stacks are built.

    Args:
        patterns: What to build. Default: the whole catalog.
        zone_name: The public hosted zone that all names are made in. Default: a placeholder.
        zone_id: Its id. Default: a placeholder, with which a deploy is refused.
        regions: The Regions of the primary and of the standby. Default: eu-west-1 and eu-central-1.
        routing_control_cluster: The ARN of a routing-control cluster, or ``create`` for one to be made, at $2.50 an
            hour. Default: a placeholder, with which a deploy is refused.
        guard_generation: Which secret the origin guard sends; one higher rotates it. Default 1.

    Raises:
        ValueError: A zone, id, Region or cluster that cannot be one; a name without its id; anything but two Regions;
            a generation below 1.
    """

    patterns: tuple[Pattern, ...] = CATALOG
    zone_name: str = PLACEHOLDER_ZONE_NAME
    zone_id: str = PLACEHOLDER_ZONE_ID
    regions: tuple[str, ...] = ("eu-west-1", "eu-central-1")
    routing_control_cluster: str = PLACEHOLDER_CLUSTER
    guard_generation: int = 1

    def __post_init__(self) -> None:
        check_domain_name("zone_name", self.zone_name, "it is a public hosted zone of yours")
        if not _ZONE_ID.fullmatch(self.zone_id):
            raise ValueError(
                f"zone_id must be the id of a hosted zone such as Z0123456789ABCDEFGHIJ, got {self.zone_id!r}"
            )
        if (self.zone_name == PLACEHOLDER_ZONE_NAME) != (self.zone_id == PLACEHOLDER_ZONE_ID):
            raise ValueError(
                f"zone_name and zone_id go together, got {self.zone_name!r} and {self.zone_id!r}: "
                "give both (-c zone_name=... -c zone_id=...), or neither to synthesize for a placeholder"
            )
        for region in self.regions:
            if not is_region(region):
                raise ValueError(f"regions must be AWS Regions such as eu-west-1, got {region!r}")
        if len(self.regions) != 2 or len(set(self.regions)) != 2:
            raise ValueError(
                "regions must be two different ones, of the primary and the standby, such as eu-west-1,eu-central-1; "
                f"got {','.join(self.regions)!r}"
            )
        check_cluster_arn("routing_control_cluster", self.routing_control_cluster, CREATE_CLUSTER)
        check_whole_number("guard_generation", self.guard_generation, 1, 1000, "it counts the rotations, from 1")

    @classmethod
    def from_context(cls, context: Callable[[str], str | None]) -> ReferenceSettings:
        """Read ``-c`` values of the command line.

        Args:
            context: ``app.node.try_get_context``.

        Raises:
            ValueError: A pattern that is not in the catalog, or as above.
        """
        texts = ("zone_name", "zone_id", "routing_control_cluster")
        given = {name: str(value) for name in texts if (value := context(name)) is not None}
        name = context("pattern")
        if name is not None and name not in BY_NAME:
            raise ValueError(f"pattern must be one of {', '.join(BY_NAME)}; got {name!r}")
        regions = context("regions")
        generation = str(context("guard_generation") or cls.guard_generation)
        if not generation.isdecimal():
            raise ValueError(f"guard_generation must be a whole number such as 2, got {generation!r}")
        return cls(
            patterns=CATALOG if name is None else (BY_NAME[name],),
            regions=cls.regions if regions is None else tuple(part.strip() for part in str(regions).split(",")),
            guard_generation=int(generation),
            **given,
        )

    @property
    def replica_regions(self) -> tuple[str, ...]:
        """The Regions to which the edge's stack replicates what it has: all but its own."""
        return tuple(region for region in self.regions if region != EDGE_REGION)

    @property
    def name_part(self) -> str:
        """A part of names that nobody else may have, such as those of buckets: made of the zone, which is yours alone.

        Known at synth. CloudFormation takes over what ``cdk destroy`` has left only under a name without a reference,
        such as to the account. See
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html, read on
        2026-12-01.
        """
        return hashlib.sha256(self.zone_id.encode()).hexdigest()[:10]

    def hosted_zone(self, scope: Construct) -> route53.IHostedZone:
        """The zone, which exists; a template that names the placeholder refuses to be deployed."""
        if self.zone_id == PLACEHOLDER_ZONE_ID:
            refusal = cdk.CfnRule(scope, "PlaceholderZone")
            refusal.add_assertion(
                cdk.Fn.condition_contains(["a hosted zone of yours"], PLACEHOLDER_ZONE_ID),
                "This template was synthesized for a placeholder zone: synthesize it again with "
                "-c zone_name=... -c zone_id=... of a public hosted zone of yours.",
            )
        return route53.HostedZone.from_hosted_zone_attributes(
            scope, "Zone", hosted_zone_id=self.zone_id, zone_name=self.zone_name
        )
