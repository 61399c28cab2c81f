"""Faults of a whole distribution, found at synth, when all its origins and behaviors are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsii
from aws_cdk import aws_cloudfront as cloudfront
from constructs import IConstruct, IValidation

from ..aws.distributions import ACCESS_POINT_HOST, ALTERNATE_NAMES, BEHAVIORS, ORIGIN_GROUPS, ORIGINS
from ..aws.headers import CUSTOM_HEADERS
from ..aws.statuses import LONGEST_USUAL_ERROR, SERVER_ERROR
from ..cdk.marks import mark, marked
from ..cdk.validation import normal_name, warn
from .behaviors import EdgeBehavior, behaviors_in, distribution_parts
from .regions import stack_of, without_cloudfront

_JUDGED = "judged"
_QUOTAS_TOLD = "quotas-told"
_ORIGIN_EVENTS = {"origin-request", "origin-response"}
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


@jsii.implements(IValidation)
class _Judged:
    def __init__(self, distribution: cloudfront.Distribution) -> None:
        self._distribution = distribution

    def validate(self) -> list[str]:
        resource = self._distribution.node.default_child
        assert isinstance(resource, cloudfront.CfnDistribution)
        parts = distribution_parts(resource, *_QUOTA_PARTS)
        if not marked(self._distribution, _QUOTAS_TOLD):
            _warn_of_quotas(resource, parts)
        behaviors = list(behaviors_in(resource))
        if any(behavior.caches for behavior in behaviors):
            _warn_of_kept_errors(resource)
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


def _warn_of_kept_errors(resource: cloudfront.CfnDistribution) -> None:
    """Warn of errors of the server that are answered for longer than a failover or a short outage lasts."""
    responses = _listed(distribution_parts(resource, "customErrorResponses"), "customErrorResponses")
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


def _normal(name: Any) -> Any:
    return normal_name(name) if isinstance(name, str) else name


def _listed(parent: Any, name: str) -> list[Any]:
    """The items of a list of a template; none if there is no list that can be read."""
    found = parent.get(name) if isinstance(parent, Mapping) else None
    return list(found) if isinstance(found, list) else []
