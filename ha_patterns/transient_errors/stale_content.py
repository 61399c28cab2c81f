"""Stale content: what the origin cannot answer now, CloudFront answers with the copy it has, though that expired."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..aws.origin_waits import CLIENT_BUDGET
from ..cdk.typed import typed
from ..cdk.validation import check_objective, check_seconds, duration, is_token, refusal, total_seconds, warn
from ..edge.error_responses import check_error_ttl
from ..edge.kept import behavior_fields
from ..edge.regions import require_cloudfront
from ..origins.endpoints import EndpointOrigin
from .origin_failover import FailoverOriginGroup

_SERVER_ERRORS = (500, 501, 502, 503, 504)
_YEAR = 365 * 24 * 3600
_NO_TIME, _TEN_SECONDS, _MINUTE, _DAY = (duration(amount) for amount in (0, 10, 60, 24 * 3600))


@typed
class StaleContent(Construct):
    """A cache that outlives its origin: a cache policy and error caching times with which expired copies are served.

    The guide's "CloudFront can be used to serve a stale cached version of the object if available in cache instead of
    returning an error response": a part for any ``Distribution``, which takes ``behavior`` and ``error_responses``.

    When the origin answers an expired object with 5xx, does not answer or cannot be reached, viewers get the copy that
    their edge location has, and for ``error_ttl`` the origin is not asked again. What that does not cover:

    - 4xx is passed on to the viewer, also where there is a copy: an origin that answers 403 or 404 in its outage
      (a bucket whose policy is broken, a firewall) takes the content with it.
    - What was never asked for at an edge location, or was evicted there, has no copy.
    - No copy is served stale for longer than ``max_ttl``, whatever the origin says.
    - Each request that asks the origin again waits for it: after every ``error_ttl``, one at each edge location
      waits for up to ``failover_time`` before the copy is served, and requests for the same object with it. So the
      settings of the origin matter: ``OriginSettings.fail_fast()``.

    The origin can say more in ``Cache-Control``. ``stale-while-revalidate=N`` has copies served at once for N seconds
    after they expire while CloudFront asks in the background, so that nobody waits; ``stale-if-error=N`` lets copies
    be served for N seconds where it fails, and ``stale-if-error=0`` never. Both are bounded by ``max_ttl``. Only the
    origin can send them: a response headers policy acts after the cache and cannot put them in. And only its good
    answers should carry ``max-age``: an error is cached for as long as it says, if that is longer than ``error_ttl``.

    With any cache, what is ``private`` or ``no-store`` too may be served stale once it has been fetched, unless it
    says ``stale-if-error=0``. Answers to one viewer alone need a behavior of their own with ``CACHING_DISABLED``.

    Viewers get 200 while copies are served, so the alarm on 5xx errors is silent; ``add_alarms(origin_latency=...)``
    of ``EdgeDistribution`` tells of an origin that hangs.

    Creates a cache policy.

    Example::

        stale = StaleContent(
            self, "Articles", origin=Endpoint.http_host("api.example.com").origin(OriginSettings.fail_fast())
        )
        EdgeDistribution(
            self, "Site", default_behavior=stale.behavior, error_responses=stale.error_responses
        )

    Args:
        origin: Where the content is from: ``Endpoint.origin()`` or a ``FailoverOriginGroup``, whose secondary is
            asked before a copy is served.
        default_ttl: How long a copy is fresh where the origin does not say, 0 seconds to ``max_ttl``. Default:
            60 seconds.
        max_ttl: The longest that a copy is fresh, whatever the origin says, and the longest that it is served stale
            after that, 1 second to a year: the longest outage that is bridged. Default: 1 day.
        error_ttl: How long a failing origin is left alone, 1 second to a year. More makes fewer viewers wait, and
            shows later that it is back; more than 300 seconds is a warning of the distribution. It holds for the whole
            distribution. Default: 10 seconds.
        query_string_behavior: The query strings in the cache key. Default: all.
        header_behavior: The headers in the cache key. Default: none.
        cookie_behavior: The cookies in the cache key; with any, ``Set-Cookie`` is removed from answers, or CloudFront
            would send one viewer's to others. Default: none.
        recovery_time_objective: The longest that a viewer may wait for a copy. Default: none.

    Attributes:
        behavior: The cache behavior, GET and HEAD: what is in the cache key is sent to the origin and nothing else.
        cache_policy: The cache policy, for behaviors of your own.
        error_responses: The error caching times of 500, 501, 502, 503 and 504. Together with ``ErrorPages``, leave
            them out and give ``error_ttls`` there: a distribution has one entry a status.

    Raises:
        ValueError: An origin of another kind; a time out of range; a wait that misses the objective.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        origin: EndpointOrigin | FailoverOriginGroup,
        default_ttl: Duration = _MINUTE,
        max_ttl: Duration = _DAY,
        error_ttl: Duration = _TEN_SECONDS,
        query_string_behavior: cloudfront.CacheQueryStringBehavior | None = None,
        header_behavior: cloudfront.CacheHeaderBehavior | None = None,
        cookie_behavior: cloudfront.CacheCookieBehavior | None = None,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        check_seconds("max_ttl", max_ttl, 1, _YEAR, "with 0 there is no copy, and a year outlives any outage")
        check_seconds("default_ttl", default_ttl, 0, _YEAR, "more than a year is never reached")
        if not (is_token(max_ttl) or is_token(default_ttl)):
            highest, usual = total_seconds("max_ttl", max_ttl), total_seconds("default_ttl", default_ttl)
            if usual > highest:
                raise refusal(
                    "default_ttl",
                    f"at most the max_ttl of {highest} s",
                    f"{usual} s",
                    "CloudFront keeps no copy longer",
                )
        check_error_ttl("error_ttl", error_ttl)
        super().__init__(scope, construct_id)
        require_cloudfront(self, "a cache policy")
        self._origin = origin
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, "the longest wait for the origin")
        self.cache_policy = cloudfront.CachePolicy(
            self,
            "Policy",
            min_ttl=_NO_TIME,
            default_ttl=default_ttl,
            max_ttl=max_ttl,
            query_string_behavior=query_string_behavior or cloudfront.CacheQueryStringBehavior.all(),
            header_behavior=header_behavior,
            cookie_behavior=cookie_behavior,
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )
        self.behavior = cloudfront.BehaviorOptions(
            origin=origin,
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            compress=True,
            **behavior_fields(self, cache_policy=self.cache_policy, origin_request_policy=None),
        )
        self.error_responses = [cloudfront.ErrorResponse(http_status=code, ttl=error_ttl) for code in _SERVER_ERRORS]
        self._warn_if_slow()

    @property
    def failover_time(self) -> Duration:
        """The longest that a request which asks the origin again waits before the copy is served.

        Raises:
            ValueError: A setting of the origin is a token.
        """
        return self._origin.longest_wait

    def _warn_if_slow(self) -> None:
        try:
            wait = total_seconds("failover_time", self.failover_time)
        except ValueError:  # a token: not to be judged before deploy
            return
        if wait > CLIENT_BUDGET:
            warn(
                self,
                "stale-content:slow-origin",
                f"a copy is served after up to {wait} s of waiting for the origin, and viewers may give up before "
                "that: lower the settings of every origin (OriginSettings.fail_fast()), or have the origin send "
                "stale-while-revalidate",
            )
