"""What an edge architecture is made of: each resource that says where requests go, linked to those it speaks of.

Everything is immutable, and two things are equal only where they are the same resource. What a template does not tell
is Unresolved, with what it waits for: nothing is guessed. A property that is left out has CloudFormation's default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from ..aws.policies import CachePolicy, OriginRequestPolicy
from .stacks import Stack
from .values import PropertyPath, ResourceId, Unresolved, Value

#: The types of the records that a host name is followed through.
ADDRESS_TYPES = frozenset({"A", "AAAA", "CNAME"})
# Of a name, how many it is followed through: a name of a large estate has some dozens.
_FURTHEST = 256

Whole: TypeAlias = int | Unresolved
Flag: TypeAlias = bool | Unresolved


@dataclass(frozen=True, eq=False, kw_only=True)
class Place:
    """Where a thing is written.

    Attributes:
        stack: The stack.
        logical_id: The resource.
        resource_type: The resource's type.
        construct_path: The CDK's name for it; None where no CDK made it.
        path: The property; empty for the whole resource.
        metadata: What the resource's metadata says under ``ha-patterns``.
        condition: What would tell whether the resource is made at all; None where it is.
    """

    stack: Stack
    logical_id: str
    resource_type: str
    construct_path: str | None = None
    path: PropertyPath = ()
    metadata: Mapping[str, object]
    condition: Unresolved | None = None

    @property
    def id(self) -> ResourceId:
        """The resource."""
        return ResourceId(self.stack.id, self.logical_id)

    @property
    def name(self) -> str:
        """How a person finds it: the construct, or the resource."""
        return self.construct_path or f"{self.stack.id}/{self.logical_id}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Thing:
    """Anything that has a place in a template.

    Attributes:
        place: It.
        gaps: Lists and objects in it that could not be read: what seems to be missing may be there.
    """

    place: Place
    gaps: tuple[Unresolved, ...] = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.place.name}>"


# CloudFront


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Certificate(Thing):
    """A certificate of ACM, with the names it is for."""

    names: tuple[Value, ...]


class OriginKind(Enum):
    """What answers at an origin."""

    BUCKET = "S3 bucket"
    WEBSITE = "S3 website"
    ACCESS_POINT = "S3 Multi-Region Access Point"
    LOAD_BALANCER = "load balancer"
    API = "API Gateway"
    FUNCTION_URL = "Lambda function URL"
    ACCELERATOR = "Global Accelerator"
    DISTRIBUTION = "CloudFront"
    VPC = "VPC origin"
    HOST = "host"


@dataclass(frozen=True, eq=False, kw_only=True)
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


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Origin(Thing):
    """An origin of a distribution, with how long CloudFront waits for it, in seconds and attempts.

    Attributes:
        id: What behaviors and groups call it.
        endpoint: What its domain name leads to.
        vpc: Whether it is a VPC origin.
        s3: Whether CloudFront asks it by S3's API, whatever its name leads to.
        path: What is put before each request's path.
        protocol: ``http-only``, ``https-only``, ``match-viewer``; None for a bucket.
        response_completion_timeout: None where there is no end.
        shield_region: The Region of Origin Shield; None where it is off.
        headers: Custom headers by name, in lower case.
        access: ``oac``, ``oai`` or None.
    """

    id: Value
    endpoint: Endpoint
    vpc: bool
    s3: bool
    path: Value
    protocol: Value | None
    http_port: Whole
    https_port: Whole
    connection_attempts: Whole
    connection_timeout: Whole
    read_timeout: Whole
    keepalive_timeout: Whole
    response_completion_timeout: Whole | None
    shield_region: Value | None
    headers: Mapping[str, Value]
    access: str | None

    @property
    def kind(self) -> OriginKind:
        """What answers at it; of records that lead to several kinds, the first."""
        if self.vpc:
            return OriginKind.VPC
        told = self.endpoint.ends[0].kind if self.endpoint.ends else OriginKind.HOST
        return OriginKind.BUCKET if self.s3 and told is OriginKind.HOST else told


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class OriginGroup(Thing):
    """Two origins, of which the second is asked where the first fails with one of the codes.

    Attributes:
        members: Unresolved where the distribution has no such origin, or nothing tells which.
        member_ids: As the template has them.
    """

    id: Value
    members: tuple[Origin | Unresolved, ...]
    member_ids: tuple[Value, ...]
    status_codes: tuple[Whole, ...]
    selection: Value

    @property
    def primary(self) -> Origin | None:
        """The first member; None where it is not known."""
        return self._member(0)

    @property
    def secondary(self) -> Origin | None:
        """The second member; None where it is not known."""
        return self._member(1)

    def _member(self, index: int) -> Origin | None:
        member = self.members[index] if index < len(self.members) else None
        return None if isinstance(member, Unresolved) else member


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ErrorResponse(Thing):
    """What CloudFront sends in place of an error; an entry without a page only says how long errors are kept."""

    error_code: Whole | None
    response_code: Whole | None
    page: Value | None
    caching_min_ttl: Whole


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Statement(Thing):
    """A statement of a policy; texts as far as they are known."""

    effect: str
    actions: tuple[Value, ...]
    not_actions: tuple[Value, ...]
    resources: tuple[Value, ...]
    not_resources: tuple[Value, ...]
    conditions: Mapping[str, object]

    @property
    def allows(self) -> bool:
        """Whether it allows rather than denies."""
        return self.effect == "Allow"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Role(Thing):
    """A role with the statements of all policies in these templates that are attached to it.

    Attributes:
        trusted: The services that may take it.
        managed: The managed policies that it names.
    """

    trusted: frozenset[Value]
    statements: tuple[Statement, ...]
    managed: tuple[Value, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Reads:
    """What a function reads of a request, as its resource's metadata declares it.

    Attributes:
        headers: In lower case.
        all_query_strings: Whether it reads the whole query string.
        by_region: Whether it chooses by the Region that it runs in.
    """

    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    query_strings: tuple[str, ...] = ()
    all_query_strings: bool = False
    by_region: bool = False


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Function(Thing):
    """A Lambda function, at the edge or not.

    Attributes:
        environment: Names of its environment variables.
        extras: What it has beside its code, such as layers, as the template's properties are called; a property that
            turns something off, or that nothing tells of, is none.
        role: Its role; Unresolved where it is not in these templates.
        asset: The folder with its code; None where there is none at hand.
        retained: Whether it stays when the stack is deleted.
        reads: What its metadata declares that it reads; None where it declares nothing.
        passed_query_strings: The parameters of the query string that its metadata declares it lets through, dropping
            all others; None if it declares none.
        sends_to_hosts: Whether its metadata declares that it may send a request to a host that is no bucket.
    """

    name: Value | None
    runtime: Value | None
    handler: Value | None
    timeout: Whole
    memory_size: Whole
    architectures: tuple[Value, ...]
    package_type: Value
    ephemeral_storage: Whole
    environment: tuple[str, ...]
    extras: tuple[str, ...]
    role: Role | Unresolved | None
    asset: Path | None
    retained: bool
    reads: Reads | None
    passed_query_strings: frozenset[str] | None = None
    sends_to_hosts: bool = False


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunctionVersion(Thing):
    """A numbered version of a function, which CloudFront can replicate.

    Attributes:
        extras: What it has of its own, such as provisioned concurrency, as the template's properties are called.
        retained: Whether it stays when the stack is deleted.
    """

    function: Function | Unresolved
    extras: tuple[str, ...]
    retained: bool


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class KeyValueStore(Thing):
    """A key value store of CloudFront Functions."""

    name: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ViewerFunction(Thing):
    """A CloudFront Function."""

    name: Value | None
    runtime: Value | None
    code: Value | None
    stores: tuple[KeyValueStore | Unresolved, ...]


class Qualifier(Enum):
    """What of a Lambda function is named."""

    VERSION = "version"
    LATEST = "$LATEST"
    ALIAS = "alias"
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunctionAssociation(Thing):
    """A function on an event of a behavior.

    Attributes:
        event: ``viewer-request``, ``origin-request``, ``origin-response`` or ``viewer-response``.
        arn: As the template names it.
        at_edge: Whether it is Lambda@Edge; a CloudFront Function otherwise.
        function: Unresolved where it is not in these templates.
        qualifier: What of it is named; of Lambda@Edge only.
        version: The version, where it is in these templates.
        held_by: What holds another stack to its value, where the template has it from there: ``Fn::ImportValue``, or
            the type of a custom resource; None where nothing does.
    """

    event: Value
    arn: Value
    at_edge: bool
    function: Function | ViewerFunction | Unresolved
    qualifier: Qualifier
    version: FunctionVersion | None
    held_by: str | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CacheBehavior(Thing):
    """Requests of some paths, and what is done with them.

    Attributes:
        pattern: ``*`` for the default one.
        target: Unresolved where the distribution has no such origin, or nothing tells which.
        target_id: As the template has it.
        origin_request_policy: None where it has none.
    """

    pattern: Value
    is_default: bool
    allowed_methods: frozenset[str] | Unresolved
    cached_methods: frozenset[str] | Unresolved
    target: Origin | OriginGroup | Unresolved
    target_id: Value
    cache_policy: CachePolicy | Unresolved
    origin_request_policy: OriginRequestPolicy | Unresolved | None
    functions: tuple[FunctionAssociation, ...]

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins that may answer, as far as they are known."""
        if isinstance(self.target, Unresolved):
            return ()
        members = self.target.members if isinstance(self.target, OriginGroup) else (self.target,)
        return tuple(origin for origin in members if isinstance(origin, Origin))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Distribution(Thing):
    """A distribution. Its behaviors are in the order in which CloudFront tries them, the default one last."""

    aliases: tuple[Value, ...]
    origins: tuple[Origin, ...]
    origin_groups: tuple[OriginGroup, ...]
    behaviors: tuple[CacheBehavior, ...]
    error_responses: tuple[ErrorResponse, ...]
    certificate: Certificate | Unresolved | None
    web_acl: Value | None


# What reacts to an outage


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StateMachine(Thing):
    """A state machine of Step Functions, with the functions that its definition calls."""

    role: Role | Unresolved | None
    functions: tuple[Function, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Topic(Thing):
    """A topic of SNS, with the functions that get its messages."""

    functions: tuple[Function, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EventRule(Thing):
    """A rule of EventBridge.

    Attributes:
        sources: Where the events come from that it is for; empty where it does not choose by that.
        starts: What of these templates its targets are.
    """

    sources: tuple[Value, ...]
    starts: tuple[Topic | Function | StateMachine, ...]


# Route 53


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HostedZone(Thing):
    """A hosted zone."""

    name: Value
    private: bool


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alarm(Thing):
    """An alarm of CloudWatch. Its Region is its stack's.

    Attributes:
        actions: What it does when it goes off, as the template names it.
        starts: What of these templates its actions start.
    """

    namespace: Value | None
    metric_name: Value | None
    statistic: Value | None
    extended_statistic: Value | None
    period: Whole | None
    evaluation_periods: Whole | None
    datapoints_to_alarm: Whole | None
    has_metric_math: bool
    actions: tuple[Value, ...]
    starts: tuple[Topic | Function | StateMachine, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ControlPanel(Thing):
    """A panel of routing controls."""

    name: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RoutingControl(Thing):
    """A switch of Application Recovery Controller."""

    name: Value | None
    panel: ControlPanel | Unresolved | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SafetyRule(Thing):
    """What a change of routing controls must keep to.

    Attributes:
        kind: ``assertion`` or ``gating``.
        controls: The controls that it asserts, or that it guards.
        gates: The controls that have to be on before those that it guards may change; empty for an assertion.
        rule_type: ``ATLEAST``, ``AND`` or ``OR``, of the controls that it asserts or of the gates.
        wait_period: Milliseconds.
    """

    kind: str
    panel: ControlPanel | Unresolved | None
    controls: tuple[RoutingControl | Unresolved, ...]
    gates: tuple[RoutingControl | Unresolved, ...]
    rule_type: Value | None
    threshold: Whole | None
    inverted: Flag
    wait_period: Whole | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HealthCheck(Thing):
    """A health check.

    Attributes:
        type: As Route 53 calls it: ``HTTP``, ``HTTPS``, ``HTTP_STR_MATCH``, ``HTTPS_STR_MATCH``, ``TCP``,
            ``CALCULATED``, ``CLOUDWATCH_METRIC``, ``RECOVERY_CONTROL``.
        endpoint: What its domain name leads to; None where it has none.
        address: The IP address it probes; None where it goes by name.
        interval: Seconds between two probes of one checker; None for a check that probes nothing.
        threshold: Probes in a row that change its mind; None likewise.
        regions: Where it is probed from; empty for all.
        children: Of a calculated check.
        healthy_children: How many of them must be healthy.
        alarm: What an alarm-backed check follows.
        control: What a routing control's check follows.
    """

    type: Value
    endpoint: Endpoint | None
    address: Value | None
    port: Whole | None
    path: Value | None
    search_string: Value | None
    interval: Whole | None
    threshold: Whole | None
    regions: tuple[Value, ...]
    enable_sni: Flag | None
    inverted: Flag
    disabled: Flag
    measures_latency: Flag
    children: tuple[HealthCheck | Unresolved, ...]
    healthy_children: Whole | None
    alarm: Alarm | Unresolved | None
    insufficient_data: Value | None
    control: RoutingControl | Unresolved | None

    @property
    def probes(self) -> bool:
        """Whether checkers ask an endpoint."""
        return isinstance(self.type, str) and self.type.startswith(("HTTP", "TCP"))


class Policy(Enum):
    """How Route 53 chooses among the records of one name."""

    SIMPLE = "simple"
    FAILOVER = "failover"
    WEIGHTED = "weighted"
    LATENCY = "latency"
    GEOLOCATION = "geolocation"
    GEOPROXIMITY = "geoproximity"
    MULTIVALUE = "multivalue"
    IP = "IP-based"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alias:
    """What an alias record is answered with.

    Attributes:
        endpoint: What its name leads to.
        zone_id: As the template has it.
    """

    endpoint: Endpoint
    zone_id: Value | None
    evaluate_target_health: Flag


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record(Thing):
    """A record.

    Attributes:
        name: In lower case, without the dot at its end.
        zone: Unresolved where it is not in these templates.
        zone_id: As the template has it: its id, or its name.
        ttl: Seconds; None for an alias, which has its target's.
        values: What it is answered with; empty for an alias.
        answers: The hosts that it is answered with: those of the alias, or of a CNAME or an address.
        failover: ``PRIMARY`` or ``SECONDARY``.
        weight: Of a weighted record.
        region: Of a latency record.
        location: Of a geolocation record: a country, continent or ``*``.
    """

    name: Value
    type: Value
    zone: HostedZone | Unresolved
    zone_id: Value | None
    ttl: Whole | None
    values: tuple[Value, ...]
    alias: Alias | None
    answers: tuple[Endpoint, ...]
    policy: Policy
    set_identifier: Value | None
    failover: Value | None
    weight: Whole | None
    region: Value | None
    location: Value | None
    health_check: HealthCheck | Unresolved | None


# Load balancing and Global Accelerator


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class TargetGroup(Thing):
    """A target group with how its targets are checked; times in seconds."""

    target_type: Value
    protocol: Value | None
    health_check_enabled: Flag
    path: Value | None
    interval: Whole
    timeout: Whole | None
    healthy_threshold: Whole
    unhealthy_threshold: Whole
    attributes: Mapping[str, Value]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ListenerRule(Thing):
    """What a listener does with some requests.

    Attributes:
        paths: Path patterns that it is for; empty for any.
        headers: Names of headers that it looks at, in lower case.
        others: What else it looks at, as the template's conditions are called.
        target_groups: Where it forwards to.
        fixed_status: The status of a fixed response; None where it forwards or redirects.
    """

    priority: Whole | None
    paths: tuple[Value, ...]
    headers: tuple[str, ...]
    others: tuple[Value, ...]
    target_groups: tuple[TargetGroup | Unresolved, ...]
    fixed_status: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LoadBalancerListener(Thing):
    """A listener of a load balancer; its rules in their order, the default action last."""

    port: Whole | None
    protocol: Value | None
    certificates: tuple[Certificate | Unresolved, ...]
    rules: tuple[ListenerRule, ...]

    @property
    def target_groups(self) -> tuple[TargetGroup, ...]:
        """All target groups in these templates that it forwards to."""
        found = {id(group): group for rule in self.rules for group in rule.target_groups}
        return tuple(group for group in found.values() if isinstance(group, TargetGroup))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LoadBalancer(Thing):
    """A load balancer.

    Attributes:
        type: ``application``, ``network``, ``gateway`` or ``classic``.
        internal: Whether it is reached from its VPC only.
        zones: How many subnets it is in; None where nothing tells.
        prefix_lists: Where its security groups let requests in from by prefix list only: their ids; None where they
            let others in too, or nothing tells.
    """

    type: Value
    internal: Flag
    zones: int | None
    listeners: tuple[LoadBalancerListener, ...]
    prefix_lists: tuple[Value, ...] | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AcceleratorEndpoint(Thing):
    """What an accelerator sends traffic to."""

    target: LoadBalancer | Unresolved
    id: Value
    weight: Whole


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class EndpointGroup(Thing):
    """An accelerator's endpoints in one Region.

    Attributes:
        health_settings: The names of the health check's properties that the template sets.
    """

    listener: AcceleratorListener | Unresolved
    region: Value
    traffic_dial: Whole
    interval: Whole
    threshold: Whole
    protocol: Value
    health_settings: tuple[str, ...]
    endpoints: tuple[AcceleratorEndpoint, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AcceleratorListener(Thing):
    """A listener of an accelerator."""

    accelerator: Accelerator | Unresolved
    protocol: Value
    affinity: Value


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Accelerator(Thing):
    """An accelerator."""

    enabled: Flag


# APIs, buckets, tables


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Api(Thing):
    """An API of API Gateway: ``REST``, ``HTTP`` or ``WEBSOCKET``."""

    protocol: str


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ApiDomain(Thing):
    """A custom domain name of API Gateway.

    Attributes:
        edge_optimized: Whether a distribution of API Gateway's own is before it.
        apis: The APIs that it is mapped to, as far as they are in these templates.
    """

    name: Value
    certificate: Certificate | Unresolved | None
    edge_optimized: bool
    apis: tuple[Api, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FunctionUrl(Thing):
    """The URL of a Lambda function."""

    function: Function | Unresolved
    auth_type: Value | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Bucket(Thing):
    """A bucket.

    Attributes:
        statements: Of its policy, wherever it is; None where no template here has one, or not all of it is known.
        replicates_to: The buckets that it is copied to, by ARN.
    """

    name: Value
    versioned: Flag
    website: bool
    statements: tuple[Statement, ...] | None
    replicates_to: tuple[Value, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AccessPoint(Thing):
    """An access point, or one of several Regions, with its buckets."""

    name: Value | None
    multi_region: bool
    buckets: tuple[Bucket | Unresolved, ...]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Table(Thing):
    """A table of DynamoDB.

    Attributes:
        replicas: The Regions that have it; empty for a table of its stack's Region only.
        strong: Whether its replicas agree before a write is answered.
    """

    name: Value
    replicas: tuple[Value, ...]
    strong: bool


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class VpcOrigin(Thing):
    """A VPC origin."""

    target: LoadBalancer | Unresolved
