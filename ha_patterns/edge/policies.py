"""CloudFront's policies as constructs see them: in the values of ``aws.policies``, as far as a stack tells."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from typing import Any

from aws_cdk import Stack, Token
from aws_cdk import aws_cloudfront as cloudfront
from constructs import IConstruct

from ..aws.policies import (
    MANAGED_CACHE_POLICIES,
    MANAGED_ORIGIN_REQUEST_POLICIES,
    CachePolicy,
    OriginRequestPolicy,
    Selection,
    Unknown,
)
from ..cdk.properties import properties_of

_NOTHING = Selection("none")
_DAY = 86_400
_YEAR = 365 * _DAY
#: A behavior without an origin request policy sends its cache key alone.
SENDS_NOTHING = OriginRequestPolicy(name="none", headers=_NOTHING, cookies=_NOTHING, query_strings=_NOTHING)

_MODES: Mapping[str, Selection] = {"none": _NOTHING, "all": Selection("all"), "allViewer": Selection("all")}
_SET_COOKIE = "set-cookie"
_MADE_HERE = (cloudfront.CachePolicy, cloudfront.OriginRequestPolicy, cloudfront.ResponseHeadersPolicy)
_RESOURCES = (cloudfront.CfnCachePolicy, cloudfront.CfnOriginRequestPolicy, cloudfront.CfnResponseHeadersPolicy)


# By the policy's object: to ask the CDK's process takes several round trips.
_read: weakref.WeakKeyDictionary[cloudfront.ICachePolicy, CachePolicy | None] = weakref.WeakKeyDictionary()


def cache_policy_of(policy: cloudfront.ICachePolicy) -> CachePolicy | None:
    """A cache policy's settings, as it was made; None for one that is imported, which cannot be seen."""
    if policy not in _read:
        managed = MANAGED_CACHE_POLICIES.get(policy.cache_policy_id)
        _read[policy] = managed or _cache_policy(_made(policy))
    return _read[policy]


def request_policy_of(policy: cloudfront.IOriginRequestPolicy | None) -> OriginRequestPolicy | None:
    """An origin request policy's settings; None for one that is imported, which cannot be seen."""
    if policy is None:
        return SENDS_NOTHING
    managed = MANAGED_ORIGIN_REQUEST_POLICIES.get(policy.origin_request_policy_id)
    return managed or _request_policy(_made(policy))


def removes_set_cookie(policy: cloudfront.IResponseHeadersPolicy) -> bool:
    """Whether a response headers policy is sure to remove Set-Cookie from every answer."""
    return _removes_set_cookie(_made(policy))


def cache_key(stack: Stack, behavior: Mapping[str, Any]) -> CachePolicy | None:
    """The cache policy of a behavior; None if the policy cannot be seen.

    Args:
        stack: The distribution's stack. A policy is looked for in it, in its parents and in the stacks that
            it depends on.
        behavior: The behavior as the template has it.
    """
    reference = behavior.get("cachePolicyId")
    if isinstance(reference, str):
        return MANAGED_CACHE_POLICIES.get(reference)
    return _cache_policy(_found(stack, reference))


def request_policy(stack: Stack, behavior: Mapping[str, Any]) -> OriginRequestPolicy | None:
    """The origin request policy of a behavior, as ``cache_key``; ``SENDS_NOTHING`` if the behavior has none."""
    reference = behavior.get("originRequestPolicyId")
    if reference is None:
        return SENDS_NOTHING
    if isinstance(reference, str):
        return MANAGED_ORIGIN_REQUEST_POLICIES.get(reference)
    return _request_policy(_found(stack, reference))


def behavior_removes_set_cookie(stack: Stack, behavior: Mapping[str, Any]) -> bool:
    """Whether a behavior's response headers policy is sure to remove Set-Cookie."""
    return _removes_set_cookie(_found(stack, behavior.get("responseHeadersPolicyId")))


def _made(policy: object) -> Mapping[str, Any]:
    """The properties of a policy that this app makes; empty for another, and for one of AWS's."""
    resource = policy.node.default_child if isinstance(policy, _MADE_HERE) else None
    return _properties(resource) if resource is not None else {}


def _found(stack: Stack, reference: Any) -> Mapping[str, Any]:
    """The properties of the policy that a reference names; empty if it is in none of the stacks at hand."""
    if not reference or isinstance(reference, str):
        return {}
    for candidate in constructs_within_reach(stack):
        # How a reference is written depends on the stack that has it.
        if isinstance(candidate, _RESOURCES) and stack.resolve(Token.as_any(candidate.ref)) == reference:
            return _properties(candidate)
    return {}


def constructs_within_reach(stack: Stack) -> Iterator[IConstruct]:
    """The constructs that a stack's resources can refer to: its own, its parents' and those of its dependencies."""
    yield from stack.node.find_all()
    parent = stack.nested_stack_parent
    while parent is not None:
        yield from parent.node.find_all()
        parent = parent.nested_stack_parent
    for other in stack.dependencies:
        yield from other.node.find_all()


def _properties(resource: IConstruct) -> Mapping[str, Any]:
    if not isinstance(resource, _RESOURCES):
        return {}
    return properties_of(resource)


def _cache_policy(properties: Mapping[str, Any]) -> CachePolicy | None:
    config = properties.get("cachePolicyConfig")
    if not isinstance(config, Mapping):
        return None
    parts = config.get("parametersInCacheKeyAndForwardedToOrigin") or {}
    return CachePolicy(
        name=_text(config.get("name")),
        min_ttl=_seconds(config.get("minTtl"), 0),
        default_ttl=_seconds(config.get("defaultTtl"), _DAY),
        max_ttl=_seconds(config.get("maxTtl"), _YEAR),
        headers=_selection(parts.get("headersConfig"), "header"),
        cookies=_selection(parts.get("cookiesConfig"), "cookie"),
        query_strings=_selection(parts.get("queryStringsConfig"), "queryString"),
        gzip=parts.get("enableAcceptEncodingGzip") is True,
        brotli=parts.get("enableAcceptEncodingBrotli") is True,
    )


def _request_policy(properties: Mapping[str, Any]) -> OriginRequestPolicy | None:
    config = properties.get("originRequestPolicyConfig")
    if not isinstance(config, Mapping):
        return None
    headers = config.get("headersConfig") or {}
    added = frozenset[str]()
    if headers.get("headerBehavior") == "allViewerAndWhitelistCloudFront":
        added = frozenset(str(name).lower() for name in headers.get("headers") or ())
    return OriginRequestPolicy(
        name=_text(config.get("name")),
        headers=Selection("all") if added else _selection(headers, "header"),
        cookies=_selection(config.get("cookiesConfig"), "cookie"),
        query_strings=_selection(config.get("queryStringsConfig"), "queryString"),
        cloudfront_headers=added,
    )


def _removes_set_cookie(properties: Mapping[str, Any]) -> bool:
    config = properties.get("responseHeadersPolicyConfig")
    removed = config.get("removeHeadersConfig") if isinstance(config, Mapping) else None
    items = removed.get("items") if isinstance(removed, Mapping) else None
    return any(str(item.get("header")).lower() == _SET_COOKIE for item in items or () if isinstance(item, Mapping))


def _selection(config: Any, kind: str) -> Selection:
    """A part of a policy; what is an intrinsic of CloudFormation may be anything."""
    given = config if isinstance(config, Mapping) else {}
    mode = given.get(f"{kind}Behavior", "none")
    if isinstance(mode, str) and mode in _MODES:
        return _MODES[mode]
    listed = given.get(f"{kind}s")
    if not isinstance(mode, str) or not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        return Selection("all", known=False)
    names = frozenset(name.lower() if kind == "header" else name for name in listed)
    return Selection("some" if mode == "whitelist" else "all-except", names)


def _seconds(value: Any, default: int) -> int | Unknown:
    if value is None:
        return default
    return int(value) if isinstance(value, (int, float)) else Unknown()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
