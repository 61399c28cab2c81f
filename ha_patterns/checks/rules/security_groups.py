"""Security groups: whether AWS takes them, and whether CloudFront gets a connection to VPC origins behind them."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.names import CLOUDFRONT_PREFIX_LISTS
from ...aws.security_groups import CLOUDFRONT_PREFIX_LIST_WEIGHT, INBOUND_RULES
from ...semantics.admission import is_at
from ...semantics.origin_requests import asked_at
from ...semantics.security_groups import Admitted, admits_vpc_origin, ingress_of
from ...topology.model import Distribution, IngressRule, LoadBalancer, Origin, SecurityGroup
from ...topology.model.base import Whole
from ..rule import Context, Severity, Verdict, problem, rule
from ..words import admitting, said

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"


@rule(
    "HA051",
    Severity.ERROR,
    "security groups shut a VPC origin out",
    kind=Distribution,
    why="CloudFront comes to a VPC origin from the VPC. It gets no connection to a load balancer whose security groups "
    "do not admit it, waits for all its attempts, and answers 504. Of a second origin this is noticed only in the "
    "outage that it is for.",
    remedy="Admit the prefix list com.amazonaws.global.cloudfront.origin-facing, or the security group "
    "CloudFront-VPCOrigins-Service-SG, at the port that the origin is asked at.",
    page=f"{_GUIDE}private-content-vpc-origins.html",
)
def shut_out(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin, balancer, port, admitted in _asked(distribution):
        if admitted is Admitted.NO:
            asked = f"origin {origin.id} asks at port {port}"
            admitted_only = admitting(_admitted(balancer, port))
            message = f"the security groups of {balancer.place.name}, which {asked}, {admitted_only}"
            yield problem(origin, message, "DomainName")


@rule(
    "HA052",
    Severity.WARNING,
    "security group may be another than that of CloudFront",
    kind=Distribution,
    why="CloudFront comes to a VPC origin by a security group that it makes itself, CloudFront-VPCOrigins-Service-SG. "
    "If the group that is named is another one, CloudFront gets no connection, waits for all its attempts, and "
    "answers 504.",
    remedy="Admit the prefix list com.amazonaws.global.cloudfront.origin-facing; or see that the id is that of "
    "CloudFront-VPCOrigins-Service-SG, and acknowledge this.",
    page=f"{_GUIDE}private-content-vpc-origins.html",
)
def other_group(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin, balancer, port, admitted in _asked(distribution):
        if admitted is Admitted.BY_GROUP:
            asked = f"the VPC origin {origin.id} asks at port {port}"
            admitted_only = admitting(_admitted(balancer, port))
            message = f"the security groups of {balancer.place.name}, which {asked}, {admitted_only}"
            yield problem(origin, message, "DomainName")


def _asked(distribution: Distribution) -> Iterator[tuple[Origin, LoadBalancer, Whole, Admitted]]:
    """The load balancers that VPC origins ask, and whether they admit CloudFront."""
    for origin in distribution.origins:
        _, port = asked_at(distribution, origin) or ("", 0)
        for target in origin.endpoint.targets if port and origin.vpc else ():
            if isinstance(target, LoadBalancer):
                yield origin, target, port, admits_vpc_origin(target, port)


def _admitted(balancer: LoadBalancer, port: Whole) -> list[str]:
    """Whom security groups admit at a port, each once."""
    rules = ingress_of(balancer)
    return list(dict.fromkeys(_source(one) for one in rules if isinstance(port, int) and is_at(one, port)))


def _source(one: IngressRule) -> str:
    if isinstance(one.source_group, SecurityGroup):
        return f"the security group {one.source_group.place.name}"
    if one.source_group is not None:
        return f"the security group {one.source_group.waits_for.partition(',')[0]}"
    return said(one.cidr or one.cidr_v6 or one.prefix_list or "another source")


@rule(
    "HA322",
    Severity.WARNING,
    "security group with more rules than a new account's quota",
    kind=SecurityGroup,
    why="EC2 refuses the rules above the quota, so that the deploy fails, unless the account's quota has been raised. "
    f"A rule that names the prefix list of CloudFront counts as {CLOUDFRONT_PREFIX_LIST_WEIGHT} rules, so that a "
    "security group has room for one.",
    remedy="Admit CloudFront at one range of ports, or by a security group for each port, which the load balancer has "
    "together; or have the quota raised and acknowledge this.",
    page="https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html",
)
def above_quota(group: SecurityGroup, _context: Context) -> Iterator[Verdict]:
    rules = [one for one in group.ingress if one.place.condition is None]
    lists = sum(one.prefix_list in CLOUDFRONT_PREFIX_LISTS for one in rules)
    by_group = sum(one.cidr is None and one.cidr_v6 is None for one in rules) - lists
    weight = lists * CLOUDFRONT_PREFIX_LIST_WEIGHT
    for family, count in (
        ("IPv4", weight + by_group + sum(one.cidr is not None for one in rules)),
        ("IPv6", by_group + sum(one.cidr_v6 is not None for one in rules)),
    ):
        if count > INBOUND_RULES:
            named = f", {weight} of them for the prefix list of CloudFront" if lists and family == "IPv4" else ""
            counts = f"the rules of {group.place.name} count as {count} for {family}{named}"
            last = rules[-1]
            path = ("IpProtocol",) if last.place.path else ("Properties", "IpProtocol")
            yield problem(last, f"{counts}; the quota is {INBOUND_RULES}", *path)
