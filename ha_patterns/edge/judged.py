"""Faults of a whole distribution, found at synth, when all its origins and behaviors are known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import aws_cloudfront as cloudfront
from constructs import IConstruct, IValidation

from ..aws.distributions import ACCESS_POINT_HOST, ALTERNATE_NAMES, BEHAVIORS, ORIGIN_GROUPS, ORIGINS
from ..aws.error_pages import DOWN, REFUSALS, answers_programs, is_gone, is_lost, is_not_kept
from ..aws.headers import CUSTOM_HEADERS
from ..aws.statuses import LONGEST_USUAL_ERROR, SERVER_ERROR
from ..cdk.marks import mark, marked
from ..cdk.told import told_text, with_defaults
from ..cdk.validation import normal_name, warn
from .behaviors import BEHAVIOR_PARTS, EdgeBehavior, behaviors_in, distribution_parts
from .error_responses import serves_page
from .regions import stack_of, without_cloudfront

_JUDGED = "judged"
_QUOTAS_TOLD = "quotas-told"
_MASKS_TOLD = "masks-told"
_ORIGIN_EVENTS = {"origin-request", "origin-response"}
_ERRORS = "customErrorResponses"
_QUOTA_PARTS = ("aliases", "cacheBehaviors", "origins", "originGroups")
_QUOTAS_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
_ERRORS_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html"
_ACCESS_POINT_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
    "private-content-restricting-access-to-s3-mrap.html"
)


def judge_distribution(scope: IConstruct) -> None:
    """Have a distribution judged at synth, once, whoever asks.

    Args:
        scope: The distribution; anything else is left alone.
    """
    if isinstance(scope, cloudfront.Distribution) and not is_judged(scope):
        mark(scope, _JUDGED)
        scope.node.add_validation(_Judged(scope))


def is_judged(distribution: IConstruct) -> bool:
    """Whether ``judge_distribution`` was called for a distribution."""
    return bool(marked(distribution, _JUDGED))


def is_own_name(resource: cloudfront.CfnDistribution, name: str) -> bool:
    """Whether a name that something behind a distribution was given is a name of the distribution itself."""
    return _normal(stack_of(resource).resolve(name)) in own_names(resource)


def own_names(resource: cloudfront.CfnDistribution) -> list[Any]:
    """The names of a distribution as its template has them: its own, and last the one that CloudFront gives it."""
    return _own_names(resource, distribution_parts(resource, "aliases"))


def _own_names(resource: cloudfront.CfnDistribution, parts: Mapping[str, Any]) -> list[Any]:
    return [*map(_normal, _listed(parts, "aliases")), stack_of(resource).resolve(resource.attr_domain_name)]


def tell_no_quotas(distribution: cloudfront.Distribution) -> None:
    """Leave the warning of quotas to a construct around a distribution, which names what its owner wrote."""
    mark(distribution, _QUOTAS_TOLD)


def tell_no_masks(distribution: IConstruct) -> None:
    """Leave the warning of errors that are sent as 200 to the construct of the pages, which warns of them itself."""
    mark(distribution, _MASKS_TOLD)


@jsii.implements(IValidation)
class _Judged:
    def __init__(self, distribution: cloudfront.Distribution) -> None:
        self._distribution = distribution

    def validate(self) -> list[str]:
        resource = self._distribution.node.default_child
        assert isinstance(resource, cloudfront.CfnDistribution)
        parts = distribution_parts(resource, *dict.fromkeys((*_QUOTA_PARTS, *BEHAVIOR_PARTS, _ERRORS)))
        if not marked(self._distribution, _QUOTAS_TOLD):
            _warn_of_quotas(resource, parts)
        behaviors = list(behaviors_in(resource, parts))
        if any(behavior.caches for behavior in behaviors):
            _warn_of_kept_errors(resource, parts)
        _warn_of_error_responses(resource, behaviors, parts, tells_masks=not marked(self._distribution, _MASKS_TOLD))
        elsewhere = without_cloudfront(resource, "a distribution")
        return [
            *([elsewhere] if elsewhere else []),
            *_own_origins(resource, parts),
            *(
                f"{behavior.name} {problem}"
                for behavior in behaviors
                if _ORIGIN_EVENTS & set(behavior.event_types) and (problem := refuse_access_point(behavior))
            ),
        ]


def refuse_access_point(behavior: EdgeBehavior) -> str | None:
    """What is wrong with a behavior that has a function on origin events; None if no access point is behind it."""
    for origin in behavior.origins:
        if ACCESS_POINT_HOST in str(origin.get("domainName")) and origin.get("originAccessControlId"):
            return (
                "has a Multi-Region Access Point, for which CloudFront signs with SigV4A, and Lambda@Edge has no "
                "origin events on such an origin, alone or in an origin group: take the function off the behavior, or "
                f"use the buckets themselves, as NearestBucket does, see {_ACCESS_POINT_PAGE}"
            )
    return None


def _own_origins(resource: cloudfront.CfnDistribution, parts: Mapping[str, Any]) -> Iterator[str]:
    """Origins that are the distribution itself, by its own name or by the one that CloudFront gives it."""
    own = _own_names(resource, parts)
    for origin in _listed(parts, "origins"):
        name = origin.get("domainName") if isinstance(origin, Mapping) else None
        if name is not None and _normal(name) in own:
            told = name if isinstance(name, str) else "a name that only the deploy knows"
            yield (
                f"origin {told} must be another name than those of the distribution: CloudFront would be its own "
                "origin; give the origin a name of its own"
            )


def warn_of_quotas(resource: cloudfront.CfnDistribution) -> None:
    """Warn of more than a new account's quotas, all of which AWS raises on request."""
    _warn_of_quotas(resource, distribution_parts(resource, *_QUOTA_PARTS))


def _warn_of_quotas(resource: cloudfront.CfnDistribution, parts: Mapping[str, Any]) -> None:
    groups = parts.get("originGroups")
    counts = (
        ("behaviors beside the default one", len(_listed(parts, "cacheBehaviors")), BEHAVIORS),
        ("origins", len(_listed(parts, "origins")), ORIGINS),
        ("origin groups", len(_listed(groups, "items")), ORIGIN_GROUPS),
        ("names of its own", len(_listed(parts, "aliases")), ALTERNATE_NAMES),
        (
            "custom headers of one origin",
            max((len(_listed(origin, "originCustomHeaders")) for origin in _listed(parts, "origins")), default=0),
            CUSTOM_HEADERS,
        ),
    )
    for what, count, most in counts:
        if count > most:
            warn(
                resource.node.scope or resource,
                "edge:quota",
                f"the distribution has {count} {what}, and CloudFront takes {most} unless the quota is raised: ask for "
                f"a higher one before the deploy, or use fewer, see {_QUOTAS_PAGE}",
            )


def _warn_of_kept_errors(resource: cloudfront.CfnDistribution, parts: Mapping[str, Any]) -> None:
    """Warn of errors of the server that are answered for longer than a failover or a short outage lasts."""
    responses = _listed(parts, _ERRORS)
    times = [(one.get("errorCode"), one.get("errorCachingMinTtl")) for one in responses if isinstance(one, Mapping)]
    kept = {
        code: seconds
        for code, seconds in times
        if isinstance(code, (int, float)) and code >= SERVER_ERROR and isinstance(seconds, (int, float))
    }
    if max(kept.values(), default=0) > LONGEST_USUAL_ERROR:
        told = ", ".join(f"{code:g} for {seconds:g} s" for code, seconds in sorted(kept.items()))
        warn(
            resource.node.scope or resource,
            "edge:long-error-ttl",
            f"errors are answered without asking the origin again, {told}: viewers see them, or old copies, for so "
            f"long after the origin is back; keep them {LONGEST_USUAL_ERROR} s at most, CloudFront's default is 10 s, "
            f"see {_ERRORS_PAGE}",
        )


def _warn_of_error_responses(
    resource: cloudfront.CfnDistribution,
    behaviors: Sequence[EdgeBehavior],
    given: Mapping[str, Any],
    *,
    tells_masks: bool,
) -> None:
    """Warn of error pages that an outage takes with it, that hide an API's errors, and of errors that are not kept.

    Args:
        resource: The distribution.
        behaviors: Its behaviors, the default one first.
        given: Its parts.
        tells_masks: Whether to warn of errors that are sent as 200.
    """
    if not given.get(_ERRORS) or not behaviors:
        return
    parts = with_defaults(resource.stack, {name: given.get(name) for name in (_ERRORS, "originGroups")})
    responses = [each for each in _listed(parts, _ERRORS) if isinstance(each, Mapping)]
    if not responses:
        return
    scope = resource.node.scope or resource
    unkept = [each["errorCode"] for each in responses if is_not_kept(each.get("errorCode"), _least(each))]
    if unkept and any(behavior.cache_key is not None and behavior.cache_key.caches for behavior in behaviors):
        warn(
            scope,
            "edge:errors-not-kept",
            f"the error caching minimum TTL of {', '.join(map(str, unkept))} is 0: every request for what has failed "
            "goes to the sick origin again; give a few seconds",
        )
    codes = {
        str(group.get("id")): _listed(_object(_object(group, "failoverCriteria"), "statusCodes"), "items")
        for group in _listed(parts.get("originGroups"), "items")
    }
    default, *others = behaviors
    for page in _pages(responses):
        shown = [each for each in responses if json.dumps(each.get("responsePagePath")) == page]
        serving = next((one for one in others if serves_page(one.path_pattern, shown[0]["responsePagePath"])), default)
        down = [each["errorCode"] for each in shown if each.get("errorCode") in DOWN]
        if lost := [code for code in down if _is_lost(behaviors, serving, codes, code)]:
            warn(
                scope,
                "edge:page-of-failed-origin",
                f"the error page {shown[0]['responsePagePath']} for {', '.join(map(str, lost))} is asked of the origin "
                "that has failed, so that viewers get the bare error: put it into a bucket with a behavior of its own "
                "(ErrorPages does both)",
            )
        masked = [each["errorCode"] for each in shown if _is_masked(each)]
        if tells_masks and masked and (apis := _programs_beside(behaviors, serving)):
            warn(
                scope,
                "edge:masked-as-200",
                f"{', '.join(map(str, masked))} of {', '.join(one.name for one in apis)}, too, is answered with "
                f"{shown[0]['responsePagePath']} and status 200: programs take it for an answer, and alarms on errors "
                "stay silent; rewrite unknown paths in a CloudFront Function at viewer request",
            )


def _pages(responses: Sequence[Mapping[str, Any]]) -> list[str]:
    """The paths of pages, as JSON."""
    return list(dict.fromkeys(json.dumps(page) for each in responses if (page := each.get("responsePagePath"))))


def _least(response: Mapping[str, Any]) -> Any:
    return response.get("errorCachingMinTtl")


def _is_masked(response: Mapping[str, Any]) -> bool:
    return response.get("errorCode") in REFUSALS and response.get("responseCode") == 200


def _is_lost(
    behaviors: Sequence[EdgeBehavior], serving: EdgeBehavior, codes: Mapping[str, Sequence[Any]], code: object
) -> bool:
    """Whether the behavior that serves a page is gone when viewers get the error that the page is for."""
    needed = frozenset(_hosts(serving))
    # A behavior for the page alone serves nothing that the page would have to stand in for.
    others = [one for one in behaviors if one is not serving or one is behaviors[0]]
    gone = [is_gone(needed, _hosts(one), codes.get(str(one.settings.get("targetOriginId"))), code) for one in others]
    return is_lost(gone, serving.kinds)


def _programs_beside(behaviors: Sequence[EdgeBehavior], serving: EdgeBehavior) -> list[EdgeBehavior]:
    """The behaviors for programs whose hosts do not serve a page."""
    own = frozenset(_hosts(serving))
    return [one for one in behaviors if answers_programs(one.kinds, one.methods) and own.isdisjoint(_hosts(one))]


def _hosts(behavior: EdgeBehavior) -> list[str]:
    """The hosts of a behavior's origins; one that only the deploy knows is the same where its reference is."""
    names = [origin.get("domainName") for origin in behavior.origins]
    return [told_text(name) if isinstance(name, str) else json.dumps(name) for name in names]


def _object(parent: Any, name: str) -> Any:
    return parent.get(name) if isinstance(parent, Mapping) else None


def _normal(name: Any) -> Any:
    return normal_name(name) if isinstance(name, str) else name


def _listed(parent: Any, name: str) -> list[Any]:
    """The items of a list of a template; none if there is no list that can be read."""
    found = parent.get(name) if isinstance(parent, Mapping) else None
    return list(found) if isinstance(found, list) else []
