"""Edge functions that choose an origin: whether what they choose by reaches them, and is kept apart in the cache."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.policies import CachePolicy, OriginRequestPolicy, missing_inputs
from ...aws.runtimes import ORIGIN_EVENTS
from ...semantics.function_code import FunctionCode, code_of
from ...semantics.permissions import allowed
from ...semantics.requests import edge_functions
from ...topology.model import CacheBehavior, Function, Reads, Role, Table, ViewerFunction
from ...topology.topology import Topology
from ...topology.values import Reference, Unresolved, Value, atoms, ends, references, split
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"


@rule(
    "HA108",
    Severity.WARNING,
    "shielded origin behind a function that chooses by its Region",
    kind=CacheBehavior,
    why="With Origin Shield an origin-request function runs in the shield's Region for all viewers. One that chooses "
    "the nearest origin by the Region it runs in then chooses the same for everybody: all traffic depends on one "
    "Region.",
    remedy="Turn OriginShield off for this origin.",
    page=f"{_GUIDE}origin-shield.html",
)
def origin_shield(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    for function, reads in _readers(behavior):
        if not reads.by_region:
            continue
        for origin in behavior.origins:
            if isinstance(origin.shield_region, Unresolved):
                yield cannot_tell(origin, origin.shield_region, "whether Origin Shield is on", "OriginShield")
            elif origin.shield_region is not None:
                yield problem(
                    origin,
                    f"Origin Shield is on in {origin.shield_region}, and {function.place.logical_id} on behavior "
                    f"{behavior.pattern} chooses by the Region it runs in",
                    "OriginShield",
                )


_READ = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan")
# What these allow is known, and no table is in it; of any other policy of AWS or another stack nothing is known.
_WITHOUT_TABLES = ("/AWSLambdaBasicExecutionRole", "/AWSLambdaVPCAccessExecutionRole")


@rule(
    "HA111",
    Severity.WARNING,
    "edge function that may read one replica of a table only",
    kind=Topology,
    why="A Lambda@Edge function runs in many Regions, and the table has replicas in several. A role that lets it read "
    "in one of them makes every request far from there slow, and an outage of that Region stops the routing of all.",
    remedy="Allow the reads on the table's ARN in each replica's Region, and have the function ask a near one first "
    "and another where that fails.",
    page="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
)
def one_replica(topology: Topology, _context: Context) -> Iterator[Verdict]:
    tables = [table for table in topology.of(Table) if len(table.regions) > 1]
    for function, _ in edge_functions(topology) if tables else ():
        role = function.role
        if not isinstance(role, Role) or role.gaps or not all(map(_without_tables, role.managed)):
            continue
        readable = _readable(role)
        for table in tables if readable is not None else ():
            regions = _read_in(readable or [], table)
            if regions is not None and len(regions) == 1:
                where = "one Region" if isinstance(regions[0], Unresolved) else str(regions[0])
                yield problem(
                    role,
                    f"the role of {function.place.logical_id} lets it read {table.place.logical_id} in {where} only; "
                    f"the table has replicas in {', '.join(map(str, table.regions))}",
                )


def _without_tables(policy: Value) -> bool:
    return bool(list(references(policy))) or ends(policy).endswith(_WITHOUT_TABLES)


def _readable(role: Role) -> list[tuple[Value | None, Value]] | None:
    """What a role may read, by Region and the last part of its ARN; None where that may be all, or nothing tells."""
    found: list[tuple[Value | None, Value]] = []
    for statement in role.statements:
        if not statement.allows:
            continue
        if statement.not_actions or statement.not_resources:
            return None
        if list(allowed(statement, _READ)):
            for resource in statement.resources:
                parts = _parts(resource)
                if parts is None:
                    return None
                found.append(parts)
        elif any(not isinstance(action, str) or not action.strip("*") for action in statement.actions):
            return None
    return found


def _parts(resource: Value) -> tuple[Value | None, Value] | None:
    """Region and last part of an ARN; the Region is None where it is that of the stack that makes it."""
    first = atoms(resource)[0]
    if isinstance(first, Reference) and first.attribute == "Arn":
        return None, first
    # What Ref gives of a table is its name.
    parts = split(resource, ":", lambda reference, _: bool(reference.attribute))
    return None if isinstance(parts, Unresolved) or len(parts) < 6 else (parts[3], parts[5])


def _read_in(readable: list[tuple[Value | None, Value]], table: Table) -> list[Value] | None:
    """The Regions where a table may be read; None where that may be all, or nothing tells."""
    found: dict[Value, None] = {}
    for told, name in readable:
        if _names(name, table):
            region = table.place.stack.region if told is None else told
            if (isinstance(region, str) and "*" in region) or _is_unknown(region):
                return None
            found[region] = None
    return list(found)


def _names(resource: Value, table: Table) -> bool:
    """Whether the last part of an ARN may be of the table."""
    if not isinstance(resource, str):
        named = list(references(resource))
        return not named or any(reference.resource == table.place.id for reference in named)
    name = resource.removeprefix("table/").partition("/")[0]
    return "*" in name or name == table.name


def _is_unknown(region: Value) -> bool:
    """Whether nothing tells a Region; that of the stack is one of which a message can speak."""
    own = isinstance(region, Unresolved) and region.waits_for == "AWS::Region" and not region.choice
    return not isinstance(region, str) and not own


@rule(
    "HA112",
    Severity.ERROR,
    "edge function that does not get, or does not keep apart, what it chooses by",
    kind=CacheBehavior,
    why="CloudFront keeps one answer for each cache key, and sends a function what its policies name. What decides and "
    "is not in the key sends where one viewer was routed to, to all; what is not sent on decides nothing.",
    remedy="Put it into the behavior's cache policy; or, where nothing is cached, into its origin request policy.",
    page=f"{_GUIDE}controlling-the-cache-key.html",
)
def cache_key(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    yield from _chosen_before_the_cache(behavior)
    for function, reads in _readers(behavior):
        if not (reads.headers or reads.cookies or reads.query_strings or reads.all_query_strings):
            continue
        key, sent = behavior.cache_policy, behavior.origin_request_policy
        name = function.place.logical_id
        question = f"whether what {name} reads is in the cache key"
        if isinstance(key, Unresolved):
            yield cannot_tell(behavior, key, question, "CachePolicyId")
            continue
        missing = missing_inputs(reads, key)
        if not missing:
            if reads.query_strings and _hides_query_string(key, sent):
                what = (
                    f"{name} on behavior {behavior.pattern} reads query strings, and Lambda@Edge shows a function none "
                    f"unless a policy sends all of them on{'; it has no origin request policy' if sent is None else ''}"
                )
                yield problem(behavior, what, "OriginRequestPolicyId")
            continue
        if isinstance(key.max_ttl, Unresolved):
            yield cannot_tell(behavior, key.max_ttl, question, "CachePolicyId")
        elif key.caches:
            what = (
                f"{name} on behavior {behavior.pattern} reads {', '.join(missing)}, not in the cache key of {key.name}"
            )
            yield problem(behavior, what, "CachePolicyId")
        elif isinstance(sent, Unresolved):
            yield cannot_tell(behavior, sent, f"whether {name} gets what it reads", "OriginRequestPolicyId")
        else:
            missing = missing if sent is None else [one for one in missing_inputs(reads, sent) if one in missing]
            policy = (
                f"its cache policy, {key.name}; it has no origin request policy"
                if sent is None
                else f"its origin request policy, {sent.name}"
            )
            if missing:
                what = f"{name} on behavior {behavior.pattern} reads {', '.join(missing)}, not sent on by {policy}"
                yield problem(behavior, what, "OriginRequestPolicyId")


def _chosen_before_the_cache(behavior: CacheBehavior) -> Iterator[Verdict]:
    """CloudFront Functions, which get all of a request, and whose choice is kept for all with the same key."""
    key = behavior.cache_policy
    for association in behavior.functions:
        function = association.function
        if not isinstance(function, ViewerFunction) or association.event != "viewer-request":
            continue
        if isinstance(key, CachePolicy) and not isinstance(key.max_ttl, Unresolved) and not key.caches:
            continue
        reads = _decides(function)
        if reads is None:
            continue
        name = function.place.logical_id
        question = f"whether what {name} chooses an origin by is in the cache key"
        missing = [] if isinstance(reads, Unresolved) or isinstance(key, Unresolved) else missing_inputs(reads, key)
        if isinstance(reads, Unresolved):
            yield cannot_tell(function, reads, question, "Properties", "FunctionCode")
        elif isinstance(key, Unresolved):
            yield cannot_tell(behavior, key, question, "CachePolicyId")
        elif missing and isinstance(key.max_ttl, Unresolved):
            yield cannot_tell(behavior, key.max_ttl, question, "CachePolicyId")
        elif missing:
            what = (
                f"{name} on behavior {behavior.pattern} chooses an origin by {', '.join(missing)}, not in the cache "
                f"key of {key.name}"
            )
            yield problem(behavior, what, key.name if key.name == "ForwardedValues" else "CachePolicyId")


def _decides(function: ViewerFunction) -> Reads | Unresolved | None:
    """What of a request a CloudFront Function chooses an origin by; None if it chooses none, or by nothing of it."""
    if function.reads is not None:
        return function.reads
    code = code_of(function)
    if not isinstance(code, FunctionCode):
        return code
    if not code.chooses:
        return None
    return code.chooses_by or Unresolved("what the code computes")


def _hides_query_string(key: CachePolicy, sent: OriginRequestPolicy | Unresolved | None) -> bool:
    """Whether no policy sends on all query strings, for certain."""
    if isinstance(sent, Unresolved):
        return False
    selections = [policy.query_strings for policy in (key, sent) if policy is not None]
    return all(selection.known and selection.mode != "all" for selection in selections)


def _readers(behavior: CacheBehavior) -> Iterator[tuple[Function, Reads]]:
    """The functions on a behavior's origin events that declare what they choose by."""
    for association in behavior.functions:
        function = association.function
        if association.event in ORIGIN_EVENTS and isinstance(function, Function) and function.reads is not None:
            yield function, function.reads
