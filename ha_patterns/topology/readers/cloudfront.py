"""Distributions, and the policies of their behaviors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ...aws.origin_waits import DEFAULT_ATTEMPTS, DEFAULT_CONNECTION_TIMEOUT, DEFAULT_READ_TIMEOUT
from ...aws.policies import (
    MANAGED_CACHE_POLICIES,
    MANAGED_ORIGIN_REQUEST_POLICIES,
    CachePolicy,
    OriginRequestPolicy,
    Selection,
)
from ..intrinsics import function_of
from ..model import (
    CacheBehavior,
    Certificate,
    Distribution,
    ErrorResponse,
    Function,
    FunctionAssociation,
    FunctionVersion,
    Instance,
    LoadBalancer,
    Origin,
    OriginGroup,
    Qualifier,
    ViewerFunction,
    VpcOrigin,
)
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import PropertyPath, Unresolved, Value, ends, references
from .functions import lambda_function
from .references import link_to

AnyPolicy = TypeVar("AnyPolicy", bound="CachePolicy | OriginRequestPolicy | Unresolved")
_READ = frozenset({"GET", "HEAD"})
_DAY = 86_400
_NONE = Selection("none")
_NO_FUNCTION = Unresolved("a function")
# What is not known may be all.
_ANY = Selection("all", known=False)
_MODES: Mapping[str, Selection] = {"none": _NONE, "all": Selection("all"), "allViewer": Selection("all")}


def _distribution(reader: Reader, resource: Resource) -> Distribution:
    config = resource.properties["DistributionConfig"]
    origins = tuple(_origins(reader, resource, config["Origins"]))
    by_id = {origin.id: origin for origin in origins}
    groups = tuple(_origin_groups(resource, config["OriginGroups"]["Items"], by_id))
    targets: dict[Value, Origin | OriginGroup] = {**by_id, **{group.id: group for group in groups}}
    behaviors = [_behavior(reader, resource, one, targets) for one in config["CacheBehaviors"]]
    if config["DefaultCacheBehavior"]:
        behaviors.append(_behavior(reader, resource, config["DefaultCacheBehavior"], targets))
    viewer = config["ViewerCertificate"]
    return Distribution(
        aliases=tuple(name.lower() if isinstance(name, str) else name for name in config["Aliases"].texts()),
        origins=origins,
        origin_groups=groups,
        behaviors=tuple(behaviors),
        error_responses=tuple(_error_responses(resource, config["CustomErrorResponses"])),
        certificate=reader.link(viewer["AcmCertificateArn"].text(), Certificate),
        web_acl=config["WebACLId"].text(),
        **resource.head(),
    )


def _origins(reader: Reader, resource: Resource, given: Property) -> Iterator[Origin]:
    for one in given:
        custom, bucket, vpc = one["CustomOriginConfig"], one["S3OriginConfig"], one["VpcOriginConfig"]
        waits = custom or (vpc or bucket)
        domain = one["DomainName"].text() or Unresolved("a domain name, which the origin lacks")
        yield Origin(
            id=one["Id"].text() or Unresolved("an id, which the origin lacks"),
            endpoint=reader.endpoint(domain),
            vpc=bool(vpc),
            s3=bool(bucket) and bucket.unresolved is None,
            path=one["OriginPath"].text() or "",
            protocol=custom["OriginProtocolPolicy"].text(),
            http_port=custom["HTTPPort"].whole(80) or 0,
            https_port=custom["HTTPSPort"].whole(443) or 0,
            connection_attempts=_whole(one["ConnectionAttempts"], DEFAULT_ATTEMPTS),
            connection_timeout=_whole(one["ConnectionTimeout"], DEFAULT_CONNECTION_TIMEOUT),
            read_timeout=_whole(waits["OriginReadTimeout"], DEFAULT_READ_TIMEOUT),
            keepalive_timeout=_whole(waits["OriginKeepaliveTimeout"], 5),
            # CloudFormation's 0 is the same as none.
            response_completion_timeout=one["ResponseCompletionTimeout"].whole() or None,
            shield_region=_shield(one["OriginShield"]),
            headers=dict(_headers(one["OriginCustomHeaders"])),
            access=_access(one, bucket),
            **resource.part(one),
        )


def _whole(given: Property, default: int) -> int | Unresolved:
    value = given.whole(default)
    return default if value is None else value


def _shield(given: Property) -> Value | None:
    enabled = given["Enabled"].flag()
    if isinstance(enabled, Unresolved):
        return enabled
    return given["OriginShieldRegion"].text() if enabled else None


def _headers(given: Property) -> Iterator[tuple[str, Value]]:
    for header in given:
        name = header["HeaderName"].text()
        if isinstance(name, str):
            yield name.lower(), header["HeaderValue"].text() or ""


def _access(origin: Property, bucket: Property) -> str | None:
    # An empty identity is how a template says that there is none.
    if origin["OriginAccessControlId"].text():
        return "oac"
    return "oai" if bucket["OriginAccessIdentity"].text() else None


def _origin_groups(resource: Resource, given: Property, origins: Mapping[Value, Origin]) -> Iterator[OriginGroup]:
    for one in given:
        no_id = Unresolved("an id, which the member lacks")
        member_ids = tuple(member["OriginId"].text() or no_id for member in one["Members"]["Items"])
        yield OriginGroup(
            id=one["Id"].text() or Unresolved("an id, which the origin group lacks"),
            members=tuple(origins.get(member_id) or _no_origin(member_id, resource) for member_id in member_ids),
            member_ids=member_ids,
            status_codes=one["FailoverCriteria"]["StatusCodes"]["Items"].wholes(),
            selection=one["SelectionCriteria"].text() or "default",
            **resource.part(one),
        )


def _no_origin(origin_id: Value, resource: Resource) -> Unresolved:
    if isinstance(origin_id, Unresolved):
        return origin_id
    return Unresolved(f"the origin {origin_id}, which the distribution does not have", resource.id)


def _behavior(
    reader: Reader, resource: Resource, one: Property, targets: Mapping[Value, Origin | OriginGroup]
) -> CacheBehavior:
    target_id = one["TargetOriginId"].text() or Unresolved("an origin, which the behavior does not name")
    pattern = one["PathPattern"].text()
    legacy = one["ForwardedValues"]
    cache_policy = one["CachePolicyId"].text()
    request_policy = one["OriginRequestPolicyId"].text()
    return CacheBehavior(
        pattern=pattern or "*",
        is_default=pattern is None,
        allowed_methods=_methods(one["AllowedMethods"]),
        cached_methods=_methods(one["CachedMethods"]),
        target=targets.get(target_id) or _no_origin(target_id, resource),
        target_id=target_id,
        cache_policy=_legacy_policy(one, legacy) if cache_policy is None else _once(reader, _policy, cache_policy),
        origin_request_policy=_legacy_request_policy(legacy)
        if request_policy is None
        else _once(reader, _request_policy, request_policy),
        functions=(
            *_associations(reader, resource, one["LambdaFunctionAssociations"], "LambdaFunctionARN"),
            *_associations(reader, resource, one["FunctionAssociations"], "FunctionARN"),
        ),
        **resource.part(one),
    )


def _methods(given: Property) -> frozenset[str] | Unresolved:
    if given.unresolved is not None:
        return given.unresolved
    found: set[str] = set()
    for method in given.texts() if given else ():
        if not isinstance(method, str):
            return method if isinstance(method, Unresolved) else Unresolved(f"{method}, which AWS makes")
        found.add(method.upper())
    return frozenset(found) or _READ


def _associations(reader: Reader, resource: Resource, given: Property, key: str) -> Iterator[FunctionAssociation]:
    at_edge = key == "LambdaFunctionARN"
    for one in given:
        arn = one[key].text() or Unresolved("a function, which the association does not name")
        function: Function | ViewerFunction | Unresolved
        if at_edge:
            function, qualifier, version = _lambda(reader, arn)
        else:
            function = reader.link(arn, ViewerFunction) or _NO_FUNCTION
            qualifier, version = Qualifier.UNKNOWN, None
        yield FunctionAssociation(
            event=one["EventType"].text() or Unresolved("an event, which the association lacks"),
            arn=arn,
            at_edge=at_edge,
            function=function,
            qualifier=qualifier,
            version=version,
            held_by=_held_by(resource, one[key].path),
            **resource.part(one),
        )


def _held_by(resource: Resource, path: PropertyPath) -> str | None:
    """What makes another stack keep the value that a property has from it."""
    given: Any = resource.raw
    for step in path:
        if isinstance(given, list) and isinstance(step, int):
            given = given[step] if step < len(given) else None
        else:
            given = given.get(step) if isinstance(given, dict) else None
    name = function_of(given)
    if name == "Fn::ImportValue":
        return name
    if name == "Fn::GetAtt":
        argument = given[name]
        parts = argument.split(".") if isinstance(argument, str) else argument
        reader = str(parts[0]) if isinstance(parts, list) and parts else ""
        kind = resource.template.resources.get(reader, {}).get("Type")
        return kind if kind == "Custom::CrossRegionExportReader" else None
    return None


def _lambda(reader: Reader, arn: Value) -> tuple[Function | Unresolved, Qualifier, FunctionVersion | None]:
    """The function that an ARN names, and what of it."""
    version = reader.link(arn, FunctionVersion)
    if isinstance(version, FunctionVersion):
        return version.function, Qualifier.VERSION, version
    return lambda_function(reader, arn), _qualifier(reader, arn), None


def _qualifier(reader: Reader, arn: Value) -> Qualifier:
    """What of a function an ARN names, as its end tells."""
    for reference in references(arn):
        kind = reader.templates.type_of(reference.resource)
        if kind == "AWS::Lambda::Alias":
            return Qualifier.ALIAS
        if kind == "AWS::Lambda::Function" and arn == reference:
            return Qualifier.LATEST
    last = ends(arn).rpartition(":")
    if not last[1] or not last[2]:
        return Qualifier.UNKNOWN
    if last[2].isdecimal():
        return Qualifier.VERSION
    if last[2] == "$LATEST":
        return Qualifier.LATEST
    # arn:aws:lambda:us-east-1:123456789012:function:name has no eighth part.
    parts = arn.count(":") + 1 if isinstance(arn, str) else 0
    return {8: Qualifier.ALIAS, 7: Qualifier.LATEST}.get(parts, Qualifier.UNKNOWN)


def _once(reader: Reader, read: Callable[[Reader, Value], AnyPolicy], policy_id: Value) -> AnyPolicy:
    """A policy that many behaviors have, read once."""
    policy: AnyPolicy = reader.index((read, policy_id), lambda: read(reader, policy_id))
    return policy


def _policy(reader: Reader, policy_id: Value) -> CachePolicy | Unresolved:
    if isinstance(policy_id, str) and policy_id in MANAGED_CACHE_POLICIES:
        return MANAGED_CACHE_POLICIES[policy_id]
    for config in _config(reader, policy_id, "AWS::CloudFront::CachePolicy", "CachePolicyConfig"):
        parameters = config["ParametersInCacheKeyAndForwardedToOrigin"]
        return CachePolicy(
            name=config["Name"].text() or "",
            **_ttls(config),
            headers=_selection(parameters["HeadersConfig"], "HeaderBehavior", "Headers"),
            cookies=_selection(parameters["CookiesConfig"], "CookieBehavior", "Cookies"),
            query_strings=_selection(parameters["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
            gzip=parameters["EnableAcceptEncodingGzip"].flag() is True,
            brotli=parameters["EnableAcceptEncodingBrotli"].flag() is True,
        )
    return _not_here(policy_id)


def _request_policy(reader: Reader, policy_id: Value) -> OriginRequestPolicy | Unresolved:
    if isinstance(policy_id, str) and policy_id in MANAGED_ORIGIN_REQUEST_POLICIES:
        return MANAGED_ORIGIN_REQUEST_POLICIES[policy_id]
    kind = "AWS::CloudFront::OriginRequestPolicy"
    for config in _config(reader, policy_id, kind, "OriginRequestPolicyConfig"):
        headers = config["HeadersConfig"]
        added: frozenset[str] = frozenset()
        if headers["HeaderBehavior"].text() == "allViewerAndWhitelistCloudFront":
            added = frozenset(name.lower() for name in headers["Headers"].texts() if isinstance(name, str))
        return OriginRequestPolicy(
            name=config["Name"].text() or "",
            headers=Selection("all") if added else _selection(headers, "HeaderBehavior", "Headers"),
            cookies=_selection(config["CookiesConfig"], "CookieBehavior", "Cookies"),
            query_strings=_selection(config["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
            cloudfront_headers=added,
        )
    return _not_here(policy_id)


def _config(reader: Reader, policy_id: Value, kind: str, name: str) -> Iterator[Property]:
    for reference in references(policy_id):
        if reader.templates.type_of(reference.resource) == kind:
            yield reader.resource(reference.resource).properties[name]


def _ttls(given: Property) -> dict[str, int | Unresolved]:
    """The three times; one that is left out is not less than those before it."""
    least = _whole(given["MinTTL"], 0)
    default = _whole(given["DefaultTTL"], max(_DAY, least) if isinstance(least, int) else _DAY)
    most = _whole(given["MaxTTL"], max(365 * _DAY, default) if isinstance(default, int) else 365 * _DAY)
    return {"min_ttl": least, "default_ttl": default, "max_ttl": most}


def _not_here(policy_id: Value) -> Unresolved:
    if isinstance(policy_id, Unresolved):
        return policy_id
    return Unresolved(f"the policy {policy_id}, which is not in these templates")


def _selection(given: Property, mode: str, names: str) -> Selection:
    behavior = given[mode].text()
    if isinstance(behavior, str) and behavior in _MODES:
        return _MODES[behavior]
    listed = given[names].texts()
    found = frozenset(name.lower() if names == "Headers" else name for name in listed if isinstance(name, str))
    unread = given[names].unresolved is not None
    if behavior in ("whitelist", "allowList"):
        # A name that is not known may be any.
        return Selection("some", found) if len(found) == len(set(listed)) and not unread else _ANY
    if behavior in ("allExcept", "blacklist"):
        return Selection("all-except", found, known=len(found) == len(set(listed)) and not unread)
    return _NONE if behavior is None else _ANY


def _legacy_policy(behavior: Property, given: Property) -> CachePolicy | Unresolved:
    """What ForwardedValues say, which all is in the cache key."""
    if not given:
        return behavior.unresolved or Unresolved("a cache policy, which the behavior lacks")
    if given.unresolved is not None:
        return given.unresolved
    headers = frozenset(name.lower() for name in given["Headers"].texts() if isinstance(name, str))
    strings = frozenset(name for name in given["QueryStringCacheKeys"].texts() if isinstance(name, str))
    cookies = given["Cookies"]
    if given["QueryString"].flag() is not True:
        query = _NONE
    else:
        query = Selection("some", strings) if strings else Selection("all")
    # All headers in the key means that nothing is kept.
    ttls = {"min_ttl": 0, "default_ttl": 0, "max_ttl": 0} if "*" in headers else _ttls(behavior)
    return CachePolicy(
        name="ForwardedValues",
        **ttls,
        headers=Selection("all") if "*" in headers else Selection("some", headers) if headers else _NONE,
        cookies=_selection(cookies, "Forward", "WhitelistedNames"),
        query_strings=query,
        gzip=True,
        brotli=True,
    )


def _legacy_request_policy(given: Property) -> OriginRequestPolicy | None:
    """The query string that ForwardedValues send on beyond the cache key: all of it, if some keys are named.

    See https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_QueryStringCacheKeys.html, read on 2026-11-30.
    """
    if not given or given["QueryString"].flag() is not True or not given["QueryStringCacheKeys"].texts():
        return None
    return OriginRequestPolicy(name="ForwardedValues", headers=_NONE, cookies=_NONE, query_strings=Selection("all"))


def _error_responses(resource: Resource, given: Property) -> Iterator[ErrorResponse]:
    for one in given:
        yield ErrorResponse(
            error_code=one["ErrorCode"].whole(),
            response_code=one["ResponseCode"].whole(),
            page=one["ResponsePagePath"].text(),
            caching_min_ttl=_whole(one["ErrorCachingMinTTL"], 10),
            **resource.part(one),
        )


def _vpc_origin(reader: Reader, resource: Resource) -> VpcOrigin:
    arn = resource.properties["VpcOriginEndpointConfig"]["Arn"].text()
    target = link_to(reader, arn, LoadBalancer, Instance) or Unresolved("an endpoint")
    return VpcOrigin(target=target, **resource.head())


READERS: Mapping[str, Read] = {
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::CloudFront::VpcOrigin": _vpc_origin,
}
