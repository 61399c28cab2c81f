"""The global table that edge functions read their routes from: one item a host, a replica in each Region asked for."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..aws.regions import PLACES
from ..cdk.typed import typed
from ..cdk.validation import is_token, refusal
from ._source import edge_module
from .functions import EdgeFunction
from .regions import region_of, require_edge_stack

_READ = ["dynamodb:BatchGetItem", "dynamodb:GetItem"]
_WRITE = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
_LIST = ["dynamodb:Scan"]


@typed
class RoutingTable(Construct):
    """A DynamoDB global table with one item for each host, which edge functions read in the Region nearest to them.

    The guide's "routing rules in DynamoDB Global Tables". A read asks the replica nearest to where the function runs,
    then the next nearest; all writes go to one Region, us-east-1, so that conditions on an item hold. While that
    Region is down nothing can be written, and everything that is written is still read.

    Creates the table with a replica in each further Region: on-demand capacity, encrypted, with point-in-time recovery
    and deletion protection on every replica. It outlives the stack.

    Example::

        table = RoutingTable(self, "Routes", replica_regions=["eu-west-1", "ap-southeast-2"])
        table.grant_read(router.function)
        table.grant_write(deployer, hosts=["www.example.com"])

    Args:
        replica_regions: Regions of further replicas; us-east-1 always has one. At least one, or a Region's outage
            takes all routes with it. CloudFormation adds or takes away one in each update of a table: of two, deploy
            one, then the other.

    Attributes:
        table: The table, whose partition key is ``host``.
        regions: The Regions of all replicas; us-east-1 first.

    Raises:
        ValueError: A stack of another Region than us-east-1; no further Region, one twice, or what is no Region.

    See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, replica_regions: Sequence[str]) -> None:
        super().__init__(scope, construct_id)
        require_edge_stack(self, "the table of an edge function", "its stack holds everything at the edge")
        home = region_of(self)
        for region in replica_regions:
            if region not in PLACES:
                raise refusal(
                    "replica_regions",
                    "AWS Regions such as eu-west-1, known at synth",
                    region,
                    "the function's asset has the order in which replicas are read",
                )
        if not replica_regions:
            raise refusal("replica_regions", "at least one", [], f"an outage of {home} would take all routes with it")
        self.regions = (home, *replica_regions)
        if len(set(self.regions)) < len(self.regions):
            raise refusal(
                "replica_regions", f"different Regions, without {home}", list(replica_regions), f"{home} has one always"
            )
        recovery = dynamodb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True)
        self.table = dynamodb.TableV2(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="host", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            point_in_time_recovery_specification=recovery,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
            replicas=[
                dynamodb.ReplicaTableProps(
                    region=region, point_in_time_recovery_specification=recovery, deletion_protection=True
                )
                for region in replica_regions
            ],
        )

    def arn_in(self, region: str) -> str:
        """The ARN of the replica in a Region."""
        return f"arn:{Aws.PARTITION}:dynamodb:{region}:{Aws.ACCOUNT_ID}:table/{self.table.table_name}"

    def grant_read(self, function: EdgeFunction) -> None:
        """Let an edge function read items by their host, in every Region that has a replica."""
        function.role.add_to_principal_policy(
            iam.PolicyStatement(actions=_READ, resources=[self.arn_in(region) for region in self.regions])
        )

    def grant_write(
        self, grantee: iam.IGrantable, *, hosts: Sequence[str] | None = None, regions: Sequence[str] | None = None
    ) -> iam.Grant:
        """Let somebody read, put and delete the items of hosts, in us-east-1, where all writes go.

        Args:
            grantee: Who.
            hosts: The hosts whose items they may change: names, ``*.`` and a name, or ``*``. What only the deploy knows
                must be in lower case then. Default: all, and to list them.
            regions: The Regions of replicas that they may write to. Whoever shall turn to another while us-east-1 is
                down needs that one too; of writes in two Regions at a time, one is lost. Default: us-east-1.

        Raises:
            ValueError: No host, or what is none; no Region, or one without a replica.
        """
        conditions = None
        if hosts is not None:
            conditions = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": _keys(hosts)}}
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=_WRITE if hosts is not None else _WRITE + _LIST,
            resource_arns=self.write_arns(regions),
            conditions=conditions,
        )

    def write_arns(self, regions: Sequence[str] | None = None) -> list[str]:
        """The ARNs of the replicas that somebody writes to.

        Args:
            regions: Their Regions. Default: us-east-1.

        Raises:
            ValueError: No Region, or one without a replica.
        """
        if regions is None:
            regions = self.regions[:1]
        for region in regions:
            if region not in self.regions:
                raise refusal("regions", f"of {', '.join(self.regions)}", region, "the table has a replica in no other")
        if not regions:
            raise refusal("regions", "at least one", [], "nothing could be written")
        return [self.arn_in(region) for region in regions]

    def apply_removal_policy(self, policy: RemovalPolicy) -> None:
        """Whether the table goes with the stack; deletion protection stays on all the same."""
        self.table.apply_removal_policy(policy)


def _keys(hosts: Sequence[str]) -> list[str]:
    """The keys of the items of hosts."""
    if not hosts:
        raise refusal("hosts", "at least one", [], "nothing could be written; leave it out to grant all")
    # Lower case would break the internal name of a token.
    keys = [host if is_token(host) else host.lower() for host in hosts]
    is_host = edge_module("common.hosts").is_host
    for host in keys:
        if not is_token(host) and not is_host(host):
            raise refusal("hosts", "hosts, '*.' and a host, or '*'", host, "nothing is kept under other names")
    return keys
