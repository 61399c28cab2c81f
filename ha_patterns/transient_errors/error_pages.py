"""Static error pages: what viewers get in place of an error, from another place than the origin that failed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jsii
from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_s3 as s3
from constructs import Construct, IConstruct, IValidation, Node

from ..aws.path_patterns import matches
from ..aws.statuses import ERROR_CODES, NEVER_CACHED
from ..cdk.marks import marked
from ..cdk.reviews import answer
from ..cdk.typed import typed
from ..cdk.validation import check_choice, check_path, duration, is_token, refusal, shown, template_seconds, warn
from ..edge.behaviors import behavior_name, distribution_parts
from ..edge.error_responses import (
    behavior_of_page,
    check_error_code,
    check_error_ttl,
    check_page_path,
    check_response_code,
    kept_for,
)
from ..edge.judged import tell_no_masks
from ..edge.regions import require_cloudfront
from ..origins import Endpoint, OriginSettings
from ..origins.places import ORIGIN_PLACE, place_of, place_of_stack

_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html"
    "#HTTPStatusCodes-custom-error-pages"
)
# What the host of a load balancer or bucket of the same stack is, as a template has it.
_OWN_HOST = re.compile(r'"(?:DNSName|RegionalDomainName|DomainName)"\]')
# CloudFront's own default, said so that it is seen.
_TTL = duration(10)


@typed
class ErrorPages(Construct):
    """Static error pages, kept in a bucket of their own.

    The guide's "CloudFront can be configured to fail to a static file hosted in a different location using Custom
    Error Page": a part for any ``Distribution``, which takes ``behaviors`` and ``error_responses``. Pages that a
    behavior would ask of another origin, and a bucket that serves content too, are refused at synth: the pages would
    be asked of what has just failed.

    Error responses hold for the whole distribution: an API behind it answers with these pages too. Where CloudFront
    has an expired copy of what was asked for, a 5xx is answered with that and not with a page (see ``StaleContent``);
    where an origin group's secondary answers, there is no error.

    The pages are yours to upload, each under its path, before they are needed: in place of one that is not there,
    viewers get 403. One command does it (``aws s3 cp``); ``BucketDeployment`` would bring a function with wildcard
    permissions and the AWS command line in a layer.

    Creates, where none is given, a private, encrypted bucket that outlives the stack. It is in the Region of the
    distribution's stack, which is another one than that of most origins, but not of origins in us-east-1: give these
    a bucket of another Region. A warning tells where an origin's name shows that it is beside the pages.

    Example::

        pages = ErrorPages(
            self,
            "ErrorPages",
            pages={502: "/errors/5xx.html", 503: "/errors/5xx.html", 504: "/errors/5xx.html"},
            error_ttls=dict.fromkeys((502, 503, 504), Duration.seconds(5)),
        )
        EdgeDistribution(
            self,
            "Site",
            default_behavior=cloudfront.BehaviorOptions(origin=Endpoint.http_host("api.example.com").origin()),
            additional_behaviors=pages.behaviors,
            error_responses=pages.error_responses,
        )

    Args:
        pages: The path of the page for each status: 400, 403, 404, 405, 414, 416, 500, 501, 502, 503 or 504.
        response_codes: The status that a page is sent with in place of the error's own: 200, or one of the above.
            Clients and the alarm on 5xx errors take 200 for success, which a warning says. Default: each error's own.
        error_ttls: How long an edge location answers a status from its cache before it asks the origin again, 1
            second to a year; also of statuses without a page. A page is kept as long, by the cache policy of its
            behavior, which CloudFront goes by: so statuses with the same page have the same time. More spares a
            failing origin, and less shows sooner that it is back: more than 300 seconds of one from 500 on is a
            warning of the distribution. It has no effect where a behavior does not cache, nor on 416, and on 400, 403
            and 405 only where the origin sends ``max-age`` with them. Default: 10 seconds each.
        path_pattern: The paths of the pages; a cache behavior sends them to the bucket. Default ``/errors/*``.
        bucket: A bucket for the pages: made in the distribution's stack, or imported with its Region, and then its
            policy is yours to extend. Default: one is made.

    Attributes:
        behaviors: The behavior of the pages by its path pattern, for ``additional_behaviors``; put it first. A page
            that is kept for another time than most has a behavior of its own before that.
        error_responses: What the distribution answers for each status.
        bucket: The bucket.
        path_pattern: The paths of the pages.

    Raises:
        ValueError: No pages; a status that CloudFront has no page for, or sends none with; a page outside
            ``path_pattern``, or with a query string; a pattern that takes the whole site; a response code without
            its page; a time out of range; statuses of one page with several times.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        pages: Mapping[int, str],
        response_codes: Mapping[int, int] | None = None,
        error_ttls: Mapping[int, Duration] | None = None,
        path_pattern: str = "/errors/*",
        bucket: s3.IBucket | None = None,
    ) -> None:
        response_codes, error_ttls = response_codes or {}, error_ttls or {}
        _check_pattern(path_pattern)
        _check_pages(pages, path_pattern)
        for code, sent_as in response_codes.items():
            check_choice("response_codes", code, pages, "a status is replaced only together with a page, in pages")
            check_response_code("response_codes", sent_as)
        for code, ttl in error_ttls.items():
            cached = [each for each in ERROR_CODES if each != NEVER_CACHED]
            check_choice("error_ttls", code, cached, "CloudFront lets no other be cached for a time of your own")
            check_error_ttl("error_ttls", ttl)
        times = _times(pages, error_ttls)
        super().__init__(scope, construct_id)
        require_cloudfront(self, "a cache policy")
        self.bucket = bucket or _bucket(self)
        self.path_pattern = path_pattern
        self.error_responses = [
            cloudfront.ErrorResponse(
                http_status=code,
                response_page_path=pages.get(code),
                response_http_status=response_codes.get(code, code) if code in pages else None,
                ttl=None if code == NEVER_CACHED else error_ttls.get(code, _TTL),
            )
            for code in {**pages, **error_ttls}
        ]
        known = frozenset(path for path in pages.values() if not (is_token(path) or is_token(path_pattern)))
        masked = sorted(code for code, sent_as in response_codes.items() if sent_as == 200)
        self._origin = _PagesOrigin(self, known, masks=bool(masked))
        usual = _most_common(times.values())
        policies: dict[float, cloudfront.CachePolicy] = {}
        self.behaviors: dict[str, cloudfront.BehaviorOptions] = {}
        apart = {path: time for path, time in times.items() if template_seconds(time) != template_seconds(usual)}
        for pattern, time in {**apart, path_pattern: usual}.items():
            seconds = template_seconds(time)
            if seconds not in policies:
                policy_id = "CachePolicy" if time is usual else f"CachePolicy{len(policies) + 1}"
                policies[seconds] = kept_for(self, policy_id, time)
            self.behaviors[pattern] = cloudfront.BehaviorOptions(
                origin=self._origin,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                compress=True,
                cache_policy=policies[seconds],
            )
        self.node.add_validation(_IsUsed(self._origin))
        if masked:
            warn(
                self,
                "error-pages:masked-as-200",
                f"{', '.join(map(str, masked))} of every behavior, an API's too, is answered with status 200: clients "
                "and search engines take the page for the content, and alarms on errors stay silent; "
                "keep the error's own status where that is not meant",
            )


@jsii.implements(cloudfront.IOrigin)
class _PagesOrigin:
    """The bucket, as an origin that sees to it that nothing else is behind it."""

    def __init__(self, owner: ErrorPages, paths: frozenset[str], *, masks: bool) -> None:
        self._owner = owner
        self._masks = masks
        self._paths = paths
        endpoint = Endpoint.bucket(owner.bucket)
        self.place = place_of(endpoint)
        # A viewer who gets an error page has waited already.
        self._origin = endpoint.origin(OriginSettings.fail_fast())
        self.is_used = False

    def bind(
        self, scope: Construct, *, origin_id: str, distribution_id: str | None = None
    ) -> cloudfront.OriginBindConfig:
        self.is_used = True
        if self._masks and scope.node.scope is not None:
            tell_no_masks(scope.node.scope)
        bound = self._origin.bind(scope, origin_id=origin_id, distribution_id=distribution_id)
        properties = bound.origin_property
        assert isinstance(properties, cloudfront.CfnDistribution.OriginProperty)
        node = scope.node
        node.add_validation(_StandsApart(self._owner, self._paths, node, properties.id, self.place))
        return bound


@jsii.implements(IValidation)
class _IsUsed:
    def __init__(self, origin: _PagesOrigin) -> None:
        self._origin = origin

    def validate(self) -> list[str]:
        if self._origin.is_used:
            return []
        error = (
            "no distribution has the behavior of these error pages, so they would be asked of the origin that failed: "
            "give it additional_behaviors={**pages.behaviors}"
        )
        return [error]


@jsii.implements(IValidation)
class _StandsApart:
    """The pages of a distribution come from the bucket, and nothing else does."""

    def __init__(self, owner: ErrorPages, paths: frozenset[str], node: Node, origin_id: str, place: str | None) -> None:
        self._owner = owner
        self._paths = paths
        self._node = node
        self._origin_id = origin_id
        self._place = place

    def validate(self) -> list[str]:
        distribution = self._node.scope
        if not isinstance(distribution, cloudfront.Distribution):
            return []
        config = distribution_parts(
            distribution, "defaultCacheBehavior", "cacheBehaviors", "originGroups", "origins", "customErrorResponses"
        )
        self._warn_of_one_region(config, distribution)
        return [*self._lost_pages(config, distribution), *self._shared_bucket(config, distribution)]

    def _lost_pages(self, config: Mapping[str, Any], distribution: cloudfront.Distribution) -> Iterator[str]:
        shown = [response.get("responsePagePath") for response in config.get("customErrorResponses", ())]
        if self._paths and not any(path in self._paths for path in shown if isinstance(path, str)):
            yield "no error is answered with these pages: give the distribution error_responses=pages.error_responses"
        for page in sorted(self._paths):
            first = behavior_of_page(config, page)
            if first["targetOriginId"] != self._origin_id:
                yield (
                    f"{behavior_name(first.get('pathPattern', '*'), distribution)} takes the error page {page} from "
                    "its own origin, which may be the one that failed: put the behavior "
                    f"{self._owner.path_pattern!r} before it"
                )

    def _shared_bucket(self, config: Mapping[str, Any], distribution: cloudfront.Distribution) -> Iterator[str]:
        """Behaviors that reach the bucket of the pages for anything else, by themselves or through a group."""
        names = {origin["id"]: origin["domainName"] for origin in config["origins"]}
        members = {
            group["id"]: [member["originId"] for member in group["members"]["items"]]
            for group in (config.get("originGroups") or {}).get("items", ())
        }
        for behavior in _behaviors(config):
            target, pattern = behavior["targetOriginId"], behavior.get("pathPattern", "*")
            reached = [names[origin_id] for origin_id in members.get(target, [target])]
            # A pattern that only the deploy knows can be no other's than the pages': the target is theirs.
            is_pages = not isinstance(pattern, str) or pattern in self._owner.behaviors
            if not (is_pages and target == self._origin_id) and names[self._origin_id] in reached:
                yield (
                    f"{behavior_name(pattern, distribution)} is served from the bucket that holds the error pages, so "
                    "that its failure takes the pages too: give the pages a bucket of their own"
                )

    def _warn_of_one_region(self, config: Mapping[str, Any], distribution: cloudfront.Distribution) -> None:
        place = self._place
        if place is None:
            return
        others = {str(origin["id"]): json.dumps(origin["domainName"]) for origin in config["origins"]}
        own = others.pop(self._origin_id)
        here = place_of_stack(distribution)
        beside = [
            *(f"an origin of {child.node.path}" for child in self._others(distribution, place)),
            *(name for name in others.values() if f".{place}." in name),
            # A load balancer or bucket of the distribution's own stack.
            *(name for name in others.values() if here == place and name != own and _OWN_HOST.search(name)),
        ]
        if beside:
            warn(
                self._owner,
                "error-pages:same-region",
                f"the error pages are in {place}, and so is an origin that they stand in for ({beside[0]}): an outage "
                "of the Region takes both; give a bucket of another Region",
            )

    def _others(self, distribution: cloudfront.Distribution, place: str) -> Iterator[IConstruct]:
        """The scopes that the other origins of a distribution in a place are bound in."""
        own = self._node.path
        for child in distribution.node.children:
            if marked(child, ORIGIN_PLACE) == place and child.node.path != own:
                yield child


def _behaviors(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """In the order in which CloudFront tries them."""
    return [*config.get("cacheBehaviors", ()), config["defaultCacheBehavior"]]


def _check_pattern(pattern: str) -> None:
    check_path("path_pattern", pattern, "it is the path pattern of a cache behavior")
    if not is_token(pattern) and matches(pattern, "/"):
        raise refusal(
            "path_pattern", "a folder such as /errors/*", pattern, "the whole site would be asked of the pages"
        )


def _check_pages(pages: Mapping[int, str], pattern: str) -> None:
    if not pages:
        raise refusal("pages", "at least one path by its status", {}, "write pages={503: '/errors/503.html'}")
    for code, path in pages.items():
        check_error_code("pages", code)
        check_page_path("pages", path)
        if not (is_token(path) or is_token(pattern) or matches(pattern, path)):
            raise refusal(
                "pages", f"paths that path_pattern {pattern} matches", path, "only these are asked of the bucket"
            )


def _times(pages: Mapping[int, str], error_ttls: Mapping[int, Duration]) -> dict[str, Duration]:
    """How long each page is kept; refuses several times for one page."""
    times: dict[str, Duration] = {}
    for code, path in pages.items():
        time = _TTL if code == NEVER_CACHED else error_ttls.get(code, _TTL)
        other = times.setdefault(path, time)
        if code != NEVER_CACHED and template_seconds(other) != template_seconds(time):
            raise refusal(
                "error_ttls",
                "the same for all statuses of one page",
                f"{template_seconds(other):g} s and {template_seconds(time):g} s for {shown(path)}",
                "CloudFront keeps the page by the cache policy of its behavior, which has one time; give each time a "
                f"page of its own, see {_PAGE}",
            )
    return times


def _most_common(times: Iterable[Duration]) -> Duration:
    """The time of most pages, the first of several."""
    given = list(times)
    seconds = [template_seconds(time) for time in given]
    return max(given, key=lambda time: seconds.count(template_seconds(time)))


def _bucket(scope: Construct) -> s3.Bucket:
    bucket = s3.Bucket(
        scope,
        "Bucket",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
    )
    reason = "The pages are public, and read by the distribution alone, whose own logs tell who was sent them."
    answer(bucket, {"S1": reason})
    return bucket
