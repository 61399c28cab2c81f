"""Origins by their names: those that CloudFront refuses, cannot reach, or is not answered at."""

from __future__ import annotations

from collections.abc import Iterator

from ...aws.addresses import is_address
from ...aws.distributions import LONGEST_ORIGIN_ID, ORIGIN_PORTS, OTHER_ORIGIN_PORTS, is_origin_port
from ...aws.names import HOST_SUFFIXES
from ...aws.regions import GLOBAL_NAMES_REGION, OPT_IN_REGIONS
from ...semantics.answered_names import is_known_name
from ...semantics.apis import mapping_of
from ...semantics.origin_requests import behaviors_of, under_its_own_name
from ...semantics.requests import may_choose_host
from ...topology.model import (
    Api,
    ApiDomain,
    Bucket,
    CacheBehavior,
    Distribution,
    Endpoint,
    HostedZone,
    Origin,
    OriginGroup,
    OriginKind,
    Record,
)
from ...topology.names import named_region
from ...topology.topology import Topology
from ...topology.values import Reference, Unresolved, Value, atoms, comparable
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import found_as, listed, said, unreached

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_ORIGIN = f"{_GUIDE}DownloadDistValuesOrigin.html"
_PORTS = f"{', '.join(map(str, ORIGIN_PORTS))} or {OTHER_ORIGIN_PORTS[0]} to {OTHER_ORIGIN_PORTS[-1]}"
_APIS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"


@rule(
    "HA044",
    Severity.ERROR,
    "origin that CloudFront refuses",
    kind=Distribution,
    why="CloudFront refuses the distribution at deploy, so that neither this change nor what else is in it arrives.",
    remedy="Give the origin a host name as its DomainName, without scheme, port and path; exactly one of "
    "S3OriginConfig (for the name of a bucket, and not of its website), CustomOriginConfig and VpcOriginConfig; an "
    f"OriginPath that starts with a slash and does not end with one; an Id of at most {LONGEST_ORIGIN_ID} characters; "
    f"and {_PORTS} as HTTPPort and HTTPSPort.",
    page=_ORIGIN,
)
def refused_origin(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        if (why := _no_host(origin.endpoint.name)) is not None:
            yield problem(origin, f"DomainName of origin {origin.id} {why}", "DomainName")
        elif (why := _wrong_configuration(origin)) is not None:
            place = origin.configurations[:1] if isinstance(origin.configurations, tuple) else ()
            yield problem(origin, f"origin {origin.id} {why}", *(place or ("S3OriginConfig",)))
        path = origin.path
        if isinstance(path, str) and path and (not path.startswith("/") or path.endswith("/")):
            message = f"OriginPath of origin {origin.id} is {path}; it starts with a slash, and ends with none"
            yield problem(origin, message, "OriginPath")
        if isinstance(origin.id, str) and len(origin.id) > LONGEST_ORIGIN_ID:
            message = f"Id of origin {origin.id[:20]}... has {len(origin.id)} characters"
            yield problem(origin, f"{message}; CloudFront takes {LONGEST_ORIGIN_ID}", "Id")
        for name, port in (("HTTPPort", origin.http_port), ("HTTPSPort", origin.https_port)):
            if not origin.vpc and not origin.s3 and isinstance(port, int) and not is_origin_port(port):
                message = f"{name} of origin {origin.id} is {port}; CloudFront asks at {_PORTS}"
                yield problem(origin, message, "CustomOriginConfig", name)


def _no_host(name: Value) -> str | None:
    """Why a domain name is no host name, as a sentence goes on; None where it is one, or nothing tells."""
    for atom in atoms(name):
        if isinstance(atom, str) and ("/" in atom or (":" in atom and not is_address(atom))):
            return f"is {said(name)}, which is no host name"
    return f"is the IP address {name}" if isinstance(name, str) and is_address(name) else None


# What S3OriginConfig is for; an access point of one Region has the name of a bucket.
_OTHERS = {
    OriginKind.WEBSITE: "the website of a bucket",
    OriginKind.ACCESS_POINT: "a Multi-Region Access Point",
    OriginKind.LOAD_BALANCER: "a load balancer",
    OriginKind.API: "an API",
    OriginKind.FUNCTION_URL: "a function URL",
    OriginKind.ACCELERATOR: "an accelerator",
    OriginKind.DISTRIBUTION: "a distribution",
}


def _wrong_configuration(origin: Origin) -> str | None:
    given, endpoint = origin.configurations, origin.endpoint
    if isinstance(given, Unresolved) or origin.gaps:
        return None
    if len(given) != 1:
        has = f"has {listed(given)}" if given else "has no configuration: no S3OriginConfig and no other"
        return f"{has}; CloudFront takes exactly one"
    if given != ("S3OriginConfig",):
        return None
    name = endpoint.name
    # A name of one's own, or a name with records, is none of a bucket.
    if endpoint.records or (endpoint.kind is OriginKind.HOST and _is_own(name)):
        return f"has an S3OriginConfig, and {said(name)} is no name of a bucket"
    if endpoint.kind in _OTHERS:
        return f"has an S3OriginConfig, and {said(name)} is {_OTHERS[endpoint.kind]}"
    return None


def _is_own(name: Value) -> bool:
    return isinstance(name, str) and not name.endswith(HOST_SUFFIXES)


@rule(
    "HA045",
    Severity.ERROR,
    "origin that CloudFront does not reach",
    kind=Distribution,
    why="CloudFront asks an origin over the internet, unless it is a VPC origin. It never reaches a private address, "
    "an internal load balancer or a private API, and viewers get 502 or 504; of a second origin, or the second "
    "record of its name, this is noticed only in the outage that it is for.",
    remedy="Ask an internal load balancer or an instance as a VPC origin (AWS::CloudFront::VpcOrigin); or make the "
    "endpoint public, and let in CloudFront alone.",
    page=f"{_GUIDE}private-content-vpc-origins.html",
)
def unreached_origin(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        if origin.vpc:
            continue
        told = [what for what in map(unreached, _ends(origin)) if what is not None]
        zones = [one.zone for one in origin.endpoint.records]
        name = said(origin.endpoint.name)
        if told:
            yield problem(origin, f"origin {origin.id} asks {listed(dict.fromkeys(told))}", "DomainName")
        elif zones and all(isinstance(zone, HostedZone) and zone.private for zone in zones):
            yield problem(origin, f"{name} of origin {origin.id} is known in a private hosted zone only", "DomainName")


@rule(
    "HA053",
    Severity.ERROR,
    "distribution that is its own origin",
    kind=Distribution,
    why="CloudFront asks itself for what it does not have, until it ends the circle with an error. Of a second origin, "
    "or the second record of its name, this is noticed only in the outage that it is for.",
    remedy="Give what answers a name of its own, with a record of its own, and ask that.",
    page=_ORIGIN,
)
def own_origin(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        why = None if origin.vpc else _itself(distribution, origin.endpoint)
        behaviors = behaviors_of(distribution, origin)
        if why is None or not behaviors:
            continue
        unknown = _elsewhere(origin.endpoint)
        # A function may send the requests elsewhere.
        if all(map(may_choose_host, behaviors)):
            unknown = Unresolved("what a function of the behavior does")
        if unknown is not None:
            question = f"whether origin {origin.id} is the distribution itself"
            yield cannot_tell(origin, unknown, question, "DomainName")
        else:
            yield problem(origin, f"origin {origin.id} asks {said(origin.endpoint.name)}, {why}", "DomainName")


def _elsewhere(endpoint: Endpoint) -> Unresolved | None:
    """What would tell of records of its own that a name has which a wildcard answers here; None if none does.

    Those of a host of one's own are often made by hand.
    """
    names = [name for name in endpoint.way if any(record.name != name.name for record in name.records)]
    return Unresolved(f"the records of {said(names[0].name)} itself, which are in no template") if names else None


def _itself(distribution: Distribution, endpoint: Endpoint) -> str | None:
    """Why a name leads to a distribution, as a sentence goes on; None if it does not, or if nothing tells."""
    for end in endpoint.ends:
        # A name without a record in these templates is the one that viewers ask.
        if end.target is distribution or (comparable(end.name) and end.name in distribution.aliases):
            is_own = end is endpoint and end.target is None
            return "which is one of the distribution's Aliases" if is_own else "which leads to the distribution itself"
    return None


def _ends(origin: Origin) -> Iterator[Endpoint]:
    """The ends of an origin without an API that it names itself, of which another rule tells."""
    for end in origin.endpoint.ends:
        if end is not origin.endpoint or not isinstance(end.target, (Api, ApiDomain)):
            yield end


@rule(
    "HA046",
    Severity.ERROR,
    "origin asks a custom domain where no API is mapped",
    kind=Distribution,
    why="API Gateway answers 403 at a custom domain for a path that no mapping is for. Of a second origin this is "
    "noticed only in the outage that it is for.",
    remedy="Map an API to the path that the origin is asked for, which is its OriginPath and that of the behavior; or "
    "leave the key of the mapping empty.",
    page=f"{_APIS}http-api-mappings.html",
)
def unmapped_path(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    for origin in distribution.origins:
        for end in () if origin.vpc else origin.endpoint.ends:
            if isinstance(end.target, ApiDomain) and _is_unmapped(distribution, origin, end.target):
                message = f"origin {origin.id} asks {end.target.place.name} for paths that none of its mappings is for"
                yield problem(origin, message, "DomainName")


def _is_unmapped(distribution: Distribution, origin: Origin, domain: ApiDomain) -> bool:
    """Whether a domain has mappings, and none of them is for any request of an origin."""
    behaviors = behaviors_of(distribution, origin)
    if not domain.mappings or not behaviors or any(behavior.functions for behavior in behaviors):
        return False
    paths = [_literal(origin, behavior) for behavior in behaviors]
    return all(path is not None and _answers_not(domain, path) for path in paths)


def _answers_not(domain: ApiDomain, path: str) -> bool:
    """Whether no mapping is for a path, or for one below it."""
    if mapping_of(domain, path) is not None:
        return False
    below = path.strip("/")
    return not any(
        not isinstance(mapping.path, str) or not below or mapping.path.startswith(f"{below}/") or mapping.path == below
        for mapping in domain.mappings
    )


def _literal(origin: Origin, behavior: CacheBehavior) -> str | None:
    """How the path of every request starts that a behavior sends to an origin, in whole parts; None if unknown."""
    if not isinstance(origin.path, str) or not isinstance(behavior.pattern, str):
        return None
    pattern = behavior.pattern if behavior.pattern.startswith("/") else f"/{behavior.pattern}"
    whole = origin.path + pattern
    wild = min((whole.index(one) for one in "*?" if one in whole), default=len(whole))
    return whole if wild == len(whole) else whole[: whole.rindex("/", 0, wild) + 1]


@rule(
    "HA049",
    Severity.WARNING,
    "members of a group are asked for different paths",
    kind=OriginGroup,
    why="At its execute-api name a REST API answers under the name of a stage only, and 403 to everything else. One "
    "member of the group has an OriginPath for that and the other has none: for the same request they are asked for "
    "different paths, and the second answers with errors in the outage that it is for.",
    remedy="Give both origins an OriginPath with the stage of their API, as in /prod; acknowledge this if the other is "
    "an HTTP API with the stage $default.",
    page=f"{_APIS}how-to-call-api.html",
)
def different_paths(group: OriginGroup, _context: Context) -> Iterator[Verdict]:
    one, other = group.primary, group.secondary
    if one is None or other is None or one.endpoint is other.endpoint:
        return
    without = [origin for origin in (one, other) if origin.path == ""]
    if len(without) != 1 or not all(_at_execute_api(origin.endpoint) for origin in (one, other)):
        return
    # Of an API of these templates its stages tell.
    if without[0].endpoint.target is None:
        path = other.path if without[0] is one else one.path
        message = f"origin {without[0].id} of the group {group.id} has no OriginPath, and the other member has"
        yield problem(without[0], f"{message} {said(path)}", "OriginPath")


def _at_execute_api(endpoint: Endpoint) -> bool:
    return endpoint.kind is OriginKind.API and not isinstance(endpoint.target, ApiDomain) and not endpoint.records


@rule(
    "HA050",
    Severity.WARNING,
    "bucket that is asked by its global name",
    kind=Origin,
    why="The global name of a bucket, without a Region, leads to us-east-1 first. For hours after it is made, S3 "
    "answers there with a redirect to the bucket's Region, which CloudFront hands to viewers, and for buckets of "
    "Regions that are enabled first with 400 for good. A second origin is asked by that name in the outage for the "
    "first time.",
    remedy="Use the attribute RegionalDomainName, or a name with the bucket's Region, as in "
    "amzn-s3-demo-bucket.s3.eu-west-1.amazonaws.com.",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html",
)
def global_name(origin: Origin, _context: Context) -> Iterator[Verdict]:
    for end in origin.endpoint.ends:
        if not isinstance(end.target, Bucket) or end.kind is not OriginKind.BUCKET or not _is_global(end.name):
            continue
        region = end.target.place.stack.region
        if isinstance(region, Unresolved):
            question = f"whether origin {origin.id} asks a bucket of us-east-1 by its global name"
            yield cannot_tell(origin, region, question, "DomainName")
        elif region != GLOBAL_NAMES_REGION:
            refused = ", where that name is refused" if region in OPT_IN_REGIONS else ""
            message = f"{said(end.name)} of origin {origin.id} names no Region, and the bucket is in {region}{refused}"
            yield problem(origin, message, "DomainName")


def _is_global(name: Value) -> bool:
    if isinstance(name, Reference):
        return name.attribute == "DomainName"
    last = atoms(name)[-1]
    return isinstance(last, str) and last.endswith(("s3.amazonaws.com",)) and named_region(name) is None


@rule(
    "HA047",
    Severity.ERROR,
    "name that what answers does not know",
    kind=Topology,
    why="CloudFront answers 403 to a name that is not among the distribution's Aliases, API Gateway to one that is not "
    "that of the custom domain, S3 asks for a bucket with that name, and a function URL or an execute-api name answers "
    "to itself alone. Of a second record or origin this is noticed only in the outage that it is for.",
    remedy="Add the name to the distribution's Aliases, with a certificate that covers it, or make a custom domain of "
    "API Gateway with it; or lead the name to what answers to any name, such as a load balancer.",
    page=f"{_GUIDE}CNAMEs.html",
)
def unknown_name(topology: Topology, _context: Context) -> Iterator[Verdict]:
    seen: set[int] = set()
    for entry in topology.entries:
        for record, end in _leads(entry):
            # Of APIs, HA243 tells.
            if isinstance(end.target, (Api, ApiDomain)):
                continue
            if id(record) not in seen and is_known_name(end, entry.name) is False:
                seen.add(id(record))
                path = "AliasTarget" if record.alias is not None else "ResourceRecords"
                yield problem(record, f"{said(entry.name)} leads to {found_as(end)}, {_knows(end)}", path)
    for distribution in topology.of(Distribution):
        for origin in distribution.origins:
            # A VPC origin, and S3's own name, are asked otherwise.
            if origin.vpc or origin.s3 or not any(under_its_own_name(distribution, origin)):
                continue
            name = origin.endpoint.name
            for end in origin.endpoint.ends:
                if is_known_name(end, name) is False:
                    message = f"origin {origin.id} asks {found_as(end)} as {said(name)}, {_knows(end)}"
                    yield problem(origin, message, "DomainName")


def _leads(entry: Endpoint) -> Iterator[tuple[Record, Endpoint]]:
    """The records on the way of a name whose answer is what answers, and that."""
    for endpoint in entry.way:
        for record in endpoint.records:
            for answer in record.answers:
                if not answer.records:
                    yield record, answer


def _knows(end: Endpoint) -> str:
    """To which names an end answers, as a sentence goes on."""
    target = end.target
    if isinstance(target, Distribution):
        return f"whose Aliases are {listed(map(said, target.aliases))}" if target.aliases else "which has no Aliases"
    if isinstance(target, ApiDomain):
        return f"which is the custom domain {said(target.name)}"
    if end.kind in (OriginKind.BUCKET, OriginKind.WEBSITE):
        return "which answers to the name of the bucket"
    return "which answers to its own name"
