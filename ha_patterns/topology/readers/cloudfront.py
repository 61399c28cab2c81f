"""Distributions, and the policies of their behaviors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from ...aws.health_checks import DEFAULT_PORTS
from ...aws.origin_waits import DEFAULT_ATTEMPTS, DEFAULT_CONNECTION_TIMEOUT, DEFAULT_READ_TIMEOUT
from ...aws.policies import (
    MANAGED_CACHE_POLICIES,
    MANAGED_ORIGIN_REQUEST_POLICIES,
    MANAGED_RESPONSE_HEADERS_POLICIES,
    CachePolicy,
    OriginRequestPolicy,
    Selection,
)
from ..intrinsics import function_of
from ..model import (
    CacheBehavior,
    Certificate,
    ConnectionGroup,
    ContinuousDeployment,
    CustomPolicy,
    Distribution,
    DistributionTenant,
    Endpoint,
    ErrorResponse,
    Function,
    FunctionAssociation,
    FunctionVersion,
    GeoRestriction,
    Instance,
    LoadBalancer,
    Origin,
    OriginAccessControl,
    OriginGroup,
    OriginKind,
    Qualifier,
    ViewerFunction,
    VpcOrigin,
)
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import PropertyPath, Unresolved, Value, atoms, concatenate, ends, host_name, references, unknown
from .functions import lambda_function
from .references import link_to

AnyPolicy = TypeVar("AnyPolicy", bound="CachePolicy | OriginRequestPolicy | Unresolved")
_CACHE_POLICY, _CACHE_POLICY_CONFIG = "AWS::CloudFront::CachePolicy", "CachePolicyConfig"
_REQUEST_POLICY, _REQUEST_POLICY_CONFIG = "AWS::CloudFront::OriginRequestPolicy", "OriginRequestPolicyConfig"
_KEY = "ParametersInCacheKeyAndForwardedToOrigin"
_READ = frozenset({"GET", "HEAD"})
_DAY = 86_400
_NONE = Selection("none")
_NO_FUNCTION = Unresolved("a function")
_NO_NAME = Unresolved("a name, which the resource lacks")
# See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tenant-customization.html
_TENANT_PARAMETER = re.compile(r"\{\{([A-Za-z0-9_-]+)\}\}")
# What is not known may be all.
_ANY = Selection("all", known=False)
_MODES: Mapping[str, Selection] = {"none": _NONE, "all": Selection("all"), "allViewer": Selection("all")}


def _distribution(reader: Reader, resource: Resource) -> Distribution:
    config = resource.properties["DistributionConfig"]
    connection_mode = config["ConnectionMode"].text() or "direct"
    origins = tuple(_origins(reader, resource, config["Origins"], of_tenants=connection_mode == "tenant-only"))
    by_id = {origin.id: origin for origin in origins}
    groups = tuple(_origin_groups(resource, config["OriginGroups"]["Items"], by_id))
    targets: dict[Value, Origin | OriginGroup] = {**by_id, **{group.id: group for group in groups}}
    behaviors = [_behavior(reader, resource, one, targets) for one in config["CacheBehaviors"]]
    if config["DefaultCacheBehavior"]:
        behaviors.append(_behavior(reader, resource, config["DefaultCacheBehavior"], targets))
    viewer = config["ViewerCertificate"]
    policy = config["ContinuousDeploymentPolicyId"].text()
    # An empty one is none.
    logs = config["Logging"]["Bucket"].text() or None
    return Distribution(
        enabled=config["Enabled"].flag(default=True),
        connection_mode=connection_mode,
        staging=config["Staging"].flag(),
        continuous_deployment=reader.link(policy, ContinuousDeployment) if policy else None,
        # An empty one is none.
        default_root_object=config["DefaultRootObject"].text() or None,
        geo_restriction=_geo_restriction(resource, config["Restrictions"]["GeoRestriction"]),
        price_class=config["PriceClass"].text() or "PriceClass_All",
        http_version=config["HttpVersion"].text() or "http1.1",
        ipv6=config["IPV6Enabled"].flag(),
        aliases=tuple(map(host_name, config["Aliases"].texts())),
        origins=origins,
        origin_groups=groups,
        behaviors=tuple(behaviors),
        error_responses=tuple(_error_responses(resource, config["CustomErrorResponses"])),
        certificate=reader.link(viewer["AcmCertificateArn"].text(), Certificate),
        certificate_arn=viewer["AcmCertificateArn"].text(),
        own_certificate=_own_certificate(viewer),
        web_acl=config["WebACLId"].text(),
        log_bucket=None if logs is None else reader.endpoint(logs),
        **resource.head(),
    )


def _own_certificate(viewer: Property) -> bool | Unresolved:
    """Whether a distribution names a certificate of somebody's own."""
    for given in (viewer, viewer["AcmCertificateArn"], viewer["IamCertificateId"]):
        if given and isinstance(given.value, Unresolved) and given.value.choice:
            return given.value
    if viewer.unresolved is not None:
        return viewer.unresolved
    return bool(viewer["AcmCertificateArn"]) or bool(viewer["IamCertificateId"])


def _origins(reader: Reader, resource: Resource, given: Property, *, of_tenants: bool) -> Iterator[Origin]:
    for one in given:
        custom, bucket, vpc = one["CustomOriginConfig"], one["S3OriginConfig"], one["VpcOriginConfig"]
        waits = custom or (vpc or bucket)
        domain = one["DomainName"].text() or Unresolved("a domain name, which the origin lacks")
        if of_tenants:
            domain = _of_tenants(domain, resource)
        vpc_origin = _named_vpc_origin(reader, vpc) if vpc else None
        yield Origin(
            id=one["Id"].text() or Unresolved("an id, which the origin lacks"),
            endpoint=reader.endpoint(domain) if vpc_origin is None else _behind(vpc_origin, domain),
            vpc_origin=vpc_origin,
            configurations=_configurations(one),
            s3=bool(bucket) and bucket.unresolved is None,
            path=one["OriginPath"].text() or "",
            protocol=custom["OriginProtocolPolicy"].text(),
            http_port=custom["HTTPPort"].whole(DEFAULT_PORTS["HTTP"]) or 0,
            https_port=custom["HTTPSPort"].whole(DEFAULT_PORTS["HTTPS"]) or 0,
            connection_attempts=_whole(one["ConnectionAttempts"], DEFAULT_ATTEMPTS),
            connection_timeout=_whole(one["ConnectionTimeout"], DEFAULT_CONNECTION_TIMEOUT),
            read_timeout=_whole(waits["OriginReadTimeout"], DEFAULT_READ_TIMEOUT),
            keepalive_timeout=_whole(waits["OriginKeepaliveTimeout"], 5),
            # CloudFormation's 0 is the same as none.
            response_completion_timeout=one["ResponseCompletionTimeout"].whole() or None,
            shield_region=_shield(one["OriginShield"]),
            headers=MappingProxyType(dict(_headers(one["OriginCustomHeaders"]))),
            ip_address_type=custom["IpAddressType"].text() or "ipv4",
            # An empty one is how a template says that there is none.
            access_control=reader.link(one["OriginAccessControlId"].text() or None, OriginAccessControl),
            access_identity=bucket["OriginAccessIdentity"].text() or None,
            client_certificate=custom["OriginMtlsConfig"]["ClientCertificateArn"].text(),
            **resource.part(one),
        )


def _configurations(origin: Property) -> tuple[str, ...] | Unresolved:
    given = [(name, origin[name]) for name in ("CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig")]
    unknown = next((one.unresolved for _, one in given if one.unresolved is not None), None)
    return unknown or tuple(name for name, one in given if one)


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


def _of_tenants(text: Value, distribution: Resource) -> Value:
    """A text in which ``{{name}}`` is a parameter that each tenant has its own value of."""
    parts: list[Value] = []
    for atom in atoms(text):
        if not isinstance(atom, str):
            parts.append(atom)
            continue
        # Every second piece is a name.
        for index, piece in enumerate(_TENANT_PARAMETER.split(atom)):
            waits_for = f"the parameter {piece} of each tenant of {distribution.id}"
            parts.append(Unresolved(waits_for, distribution.id) if index % 2 else piece)
    return concatenate(parts)


def _named_vpc_origin(reader: Reader, given: Property) -> VpcOrigin | Unresolved:
    named = given["VpcOriginId"].text() or given.unresolved
    return reader.link(named, VpcOrigin) or Unresolved("a VPC origin, which the origin does not name")


def _behind(vpc_origin: VpcOrigin | Unresolved, domain: Value) -> Endpoint:
    """What answers at a VPC origin: its target, whatever records the domain name has."""
    domain = host_name(domain)
    target = None if isinstance(vpc_origin, Unresolved) else vpc_origin.target
    if isinstance(target, Unresolved) or target is None:
        return Endpoint(name=domain, kind=OriginKind.VPC)
    return Endpoint(name=domain, kind=OriginKind.VPC, target=target, region=target.known_region)


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
        viewer_protocol_policy=one["ViewerProtocolPolicy"].text() or "allow-all",
        allowed_methods=_methods(one["AllowedMethods"]),
        cached_methods=_methods(one["CachedMethods"]),
        target=targets.get(target_id) or _no_origin(target_id, resource),
        target_id=target_id,
        cache_policy=_legacy_policy(one, legacy) if cache_policy is None else _once(reader, _policy, cache_policy),
        origin_request_policy=_legacy_request_policy(legacy)
        if request_policy is None
        else _once(reader, _request_policy, request_policy),
        removes_set_cookie=_removes_set_cookie(reader, one["ResponseHeadersPolicyId"].text()),
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
            return unknown(method)
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
            include_body=one["IncludeBody"].flag(),
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
    for config in _config(reader, policy_id, _CACHE_POLICY, _CACHE_POLICY_CONFIG):
        return _cache_policy(config)
    return _not_here(policy_id)


def _cache_policy(config: Property) -> CachePolicy:
    parameters = config[_KEY]
    return CachePolicy(
        name=config["Name"].text() or "",
        **_ttls(config),
        headers=_selection(parameters["HeadersConfig"], "HeaderBehavior", "Headers"),
        cookies=_selection(parameters["CookiesConfig"], "CookieBehavior", "Cookies"),
        query_strings=_selection(parameters["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
        gzip=parameters["EnableAcceptEncodingGzip"].flag() is True,
        brotli=parameters["EnableAcceptEncodingBrotli"].flag() is True,
    )


def _request_policy(reader: Reader, policy_id: Value) -> OriginRequestPolicy | Unresolved:
    if isinstance(policy_id, str) and policy_id in MANAGED_ORIGIN_REQUEST_POLICIES:
        return MANAGED_ORIGIN_REQUEST_POLICIES[policy_id]
    for config in _config(reader, policy_id, _REQUEST_POLICY, _REQUEST_POLICY_CONFIG):
        return _origin_request_policy(config)
    return _not_here(policy_id)


def _origin_request_policy(config: Property) -> OriginRequestPolicy:
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


def _custom_cache_policy(_reader: Reader, resource: Resource) -> CustomPolicy:
    config = resource.properties[_CACHE_POLICY_CONFIG]
    return _custom_policy(resource, _cache_policy(config), config[_KEY])


def _custom_request_policy(_reader: Reader, resource: Resource) -> CustomPolicy:
    config = resource.properties[_REQUEST_POLICY_CONFIG]
    return _custom_policy(resource, _origin_request_policy(config), config)


def _custom_policy(resource: Resource, policy: CachePolicy | OriginRequestPolicy, parameters: Property) -> CustomPolicy:
    return CustomPolicy(
        policy=policy,
        headers=parameters["HeadersConfig"]["Headers"].texts(),
        cookies=parameters["CookiesConfig"]["Cookies"].texts(),
        query_strings=parameters["QueryStringsConfig"]["QueryStrings"].texts(),
        **resource.head(),
    )


def _removes_set_cookie(reader: Reader, policy_id: Value | None) -> bool | Unresolved:
    """Whether a response headers policy removes Set-Cookie; without a policy nothing does."""
    if policy_id is None or (isinstance(policy_id, str) and policy_id in MANAGED_RESPONSE_HEADERS_POLICIES):
        return False
    for config in _config(reader, policy_id, "AWS::CloudFront::ResponseHeadersPolicy", "ResponseHeadersPolicyConfig"):
        removed = config["RemoveHeadersConfig"]["Items"]
        names = [one["Header"].text() for one in removed]
        if any(isinstance(name, str) and name.lower() == "set-cookie" for name in names):
            return True
        unread = [config.unresolved, removed.unresolved, *(name for name in names if isinstance(name, Unresolved))]
        return next((value for value in unread if value is not None), False)
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


def _geo_restriction(resource: Resource, given: Property) -> GeoRestriction | Unresolved | None:
    if not given:
        return None
    if given.unresolved is not None:
        return given.unresolved
    return GeoRestriction(
        kind=given["RestrictionType"].text() or "none", countries=given["Locations"].texts(), **resource.part(given)
    )


def _access_control(_reader: Reader, resource: Resource) -> OriginAccessControl:
    config = resource.properties["OriginAccessControlConfig"]
    return OriginAccessControl(
        name=config["Name"].text() or _NO_NAME,
        origin_type=config["OriginAccessControlOriginType"].text() or Unresolved("a type of origins"),
        signing_behavior=config["SigningBehavior"].text() or Unresolved("a signing behavior"),
        signing_protocol=config["SigningProtocol"].text() or Unresolved("a signing protocol"),
        **resource.head(),
    )


def _continuous_deployment(reader: Reader, resource: Resource) -> ContinuousDeployment:
    config = resource.properties["ContinuousDeploymentPolicyConfig"]
    traffic = config["TrafficConfig"]
    # Older templates have both beside the rest.
    weight = traffic["SingleWeightConfig"] or config["SingleWeightPolicyConfig"]
    header = traffic["SingleHeaderConfig"] or config["SingleHeaderPolicyConfig"]
    name, value = header["Header"].text(), header["Value"].text()
    return ContinuousDeployment(
        enabled=config["Enabled"].flag(default=True),
        staging=tuple(map(reader.endpoint, config["StagingDistributionDnsNames"].texts())),
        weight=weight["Weight"].text(),
        header=None if name is None or value is None else (name, value),
        **resource.head(),
    )


def _connection_group(_reader: Reader, resource: Resource) -> ConnectionGroup:
    properties = resource.properties
    return ConnectionGroup(
        name=properties["Name"].text() or _NO_NAME,
        enabled=properties["Enabled"].flag(default=True),
        ipv6=properties["Ipv6Enabled"].flag(default=True),
        **resource.head(),
    )


def _tenant(reader: Reader, resource: Resource) -> DistributionTenant:
    properties = resource.properties
    own = properties["Customizations"]
    parameters = ((one["Name"].text(), one["Value"].text()) for one in properties["Parameters"])
    return DistributionTenant(
        name=properties["Name"].text() or _NO_NAME,
        enabled=properties["Enabled"].flag(default=True),
        distribution=reader.link(properties["DistributionId"].text(), Distribution)
        or Unresolved("a distribution, which the tenant does not name"),
        connection_group=reader.link(properties["ConnectionGroupId"].text(), ConnectionGroup),
        domains=tuple(map(host_name, properties["Domains"].texts())),
        parameters=MappingProxyType({name: value or "" for name, value in parameters if isinstance(name, str)}),
        certificate=reader.link(own["Certificate"]["Arn"].text(), Certificate),
        certificate_arn=own["Certificate"]["Arn"].text(),
        geo_restriction=_geo_restriction(resource, own["GeoRestrictions"]),
        **resource.head(),
    )


def _vpc_origin(reader: Reader, resource: Resource) -> VpcOrigin:
    config = resource.properties["VpcOriginEndpointConfig"]
    return VpcOrigin(
        target=link_to(reader, config["Arn"].text(), LoadBalancer, Instance) or Unresolved("an endpoint"),
        protocol=config["OriginProtocolPolicy"].text() or "match-viewer",
        http_port=_whole(config["HTTPPort"], 80),
        https_port=_whole(config["HTTPSPort"], 443),
        **resource.head(),
    )


READERS: Mapping[str, Read] = {
    _CACHE_POLICY: _custom_cache_policy,
    "AWS::CloudFront::ConnectionGroup": _connection_group,
    "AWS::CloudFront::ContinuousDeploymentPolicy": _continuous_deployment,
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::CloudFront::DistributionTenant": _tenant,
    "AWS::CloudFront::OriginAccessControl": _access_control,
    _REQUEST_POLICY: _custom_request_policy,
    "AWS::CloudFront::VpcOrigin": _vpc_origin,
}
