"""Home Regions: each user is served where the user's data is at home, by a signed cookie that names that Region."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import jsii
from aws_cdk import Aws, Duration, Fn, Names, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from constructs import Construct, IValidation

from ..aws.partitions import Service
from ..aws.regions import EDGE_REGION, PLACES, nearest
from ..cdk.partitions import require_service
from ..cdk.reviews import answer
from ..cdk.structs import replace_fields
from ..cdk.typed import typed
from ..cdk.validation import (
    baked_seconds,
    check_choice,
    check_objective,
    check_seconds,
    duration,
    is_token,
    refusal,
    warn,
)
from ..edge.behaviors import EdgeBehavior, behaviors_with
from ..edge.fail_open import FailOpen, routed_behavior
from ..edge.functions import EdgeFunction
from ..edge.inputs import RoutingInputs
from ..edge.regions import require_edge_stack, stack_of
from ..origins import DeclaredOrigins, Endpoint, OriginSettings
from ..origins.places import refuse_swapped
from ..outage_failover.dns_failover import DnsFailover
from ..outage_failover.failover_parts import FailoverParts
from .home_health import HomeHealth, failover_parts, health_records
from .home_key import warn_of_far_edges

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

#: The cookie that says where a user is at home.
HOME_COOKIE = "__Host-home"

_SECONDS_PER_DAY = 86_400
# Browsers keep no cookie for longer.
_MOST_DAYS = 400
_DEFAULT_DAYS = 90
_UNHEALTHY = ("fail", "read-elsewhere", "move")
# A cookie's name, as RFC 6265 has it.
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_LIKE_AN_ARN = re.compile("-.{6}$")
_WHY_NO_ROTATION = (
    "Two versions are believed, so the key may change as often as all users come back in between, and only the site's "
    "owner knows how often that is; put-secret-value changes it."
)
_KEY_CHARACTERS = 64


@typed
class HomeRegionRouter(Construct):
    """Sends each user to the Region where the user's data is at home, wherever the user is.

    The guide's "home Region" out of a cookie, with Lambda@Edge. A user without one is at home in the Region nearest to
    the edge location that is asked first, and gets a cookie that says so: ``__Host-home``, signed by a key that only
    the function can read, so that nobody invents a Region or a cookie. It holds nothing of the user, so that answers
    can be cached by it; and so it can be copied from one user to another, who is then at home there. Where that
    matters, bind it to a user (``user_cookie``), which turns caching off.

    The cookie is issued in answers, on behaviors that cache nothing: CloudFront would store one user's ``Set-Cookie``
    for all, so the function that issues it is refused on others. On those that cache, requests go home by a cookie
    that was issued elsewhere on the site, such as on its login. It is renewed for as long as its user comes back; one
    who stays away for longer than ``cookie_lifetime``, or through two changes of the key, is a new user.

    Where a home is unhealthy its users get errors (``fail``); or their reads (GET, HEAD, OPTIONS) go to the nearest
    healthy home and their writes still go to their own (``read-elsewhere``); or the nearest healthy home becomes
    theirs (``move``), where their data must then be. New users are sent to a healthy home. Where nothing is known of a
    home's health it counts as healthy, and while the key cannot be read anywhere every user counts as new and gets no
    cookie; a key that was read once stays. On behaviors that keep answers, a user with a cookie is answered 503 then,
    since CloudFront would keep another home's answer under that cookie.

    A behavior that keeps answers sends a home the cache key and nothing else of the viewer's, allows GET and HEAD, and
    removes ``Set-Cookie``.

    Creates two edge functions, for requests and for answers; and the key, a secret with replicas in other Regions.

    To change the key, put a new value of at least 32 random characters into it with
    ``aws secretsmanager put-secret-value``, less often than users come back; it signs a quarter of an hour later,
    when all locations know it, and the one before it is still believed.

    The key outlives the stack and keeps its name, so a deploy after a destroy fails: give it another ``key_name``, or
    delete the secret before, and its replicas before that. A first deploy that is rolled back leaves no secret.

    Example::

        homes = {"eu-west-1": Endpoint.http_host("eu.example.com"), "us-east-1": Endpoint.http_host("us.example.com")}
        router = HomeRegionRouter(
            self,
            "Homes",
            homes=homes,
            unhealthy_home="read-elsewhere",
            health=HomeHealth(self, "Health", hosted_zone=zone, record_name="home", homes=homes),
            recovery_time_objective=Duration.seconds(120),
        )
        EdgeDistribution(
            self,
            "Site",
            default_behavior=router.behavior(),
            additional_behaviors={"/catalog/*": router.behavior(cache_policy=router.request_function.cache_policy())},
            domain_name="www.example.com",
            hosted_zone=zone,
        )

    Args:
        homes: What serves the users of each Region; at least two. The first is the configured origin, which is asked
            where the function cannot decide: its name must always resolve.
        unhealthy_home: ``fail``, ``read-elsewhere`` or ``move``. Default ``fail``.
        health: What tells the health of the homes, for the latter two: the records of a ``HomeHealth``, or by Region
            the ``DnsFailover`` whose primary is the home, of addresses or names. Default: none.
        key_regions: Where else than in us-east-1 the key is, and so from where it can be read; at least one. Default:
            the Regions of the homes. A warning names the Regions where functions run that are more than 150 ms from
            all of these, since the first request of each container there waits for the key.
        key_name: The secret's name; not one that ends in a hyphen and six characters. Default: made of the
            construct's path.
        cookie_lifetime: How long a cookie counts, 1 to 400 whole days. A cookie is renewed once a day, so that a user
            who returns within this time, less a day, to a behavior that issues cookies is never new. Default 90 days.
        user_cookie: The name of a cookie of yours that says who a user is, and stays the same for as long as the home
            shall. A user without it gets no home. Default: none, and homes are not bound to users.
        fail_closed: Whether a user with a cookie is answered 503 while the key cannot be read; if not, the nearest home
            is asked. Default: True on behaviors that keep answers, False on others. If False is given, a second
            function keeps such an answer out of the cache, which needs a ``min_ttl`` of 0.
        settings: How long requests wait for a home. Default: CloudFront's own.
        memory_size: Of the functions, see ``EdgeFunction``. Default 1024 MB.
        recovery_time_objective: The longest until the users of a home that is lost are served elsewhere.
            Default: none.

    Attributes:
        homes: As given.
        key: The secret.
        key_regions: Every Region that has it, us-east-1 first.
        origin: The first home as the configured origin, with what the function has to be told.
        kept_origin: The same, for behaviors that keep answers.
        request_function: The ``EdgeFunction`` that routes.
        response_function: The ``EdgeFunction`` that issues cookies.

    Raises:
        ValueError: Fewer than two homes, two that are one place or each in the Region of the other, as far as their
            names tell, or one that ``DeclaredOrigins`` refuses; what is no Region; a policy that needs ``health``
            without it, or the reverse; a name or time out of range or known only at deploy; an objective that cannot
            be met; a stack of another Region than us-east-1. At synth: behaviors that cache with the function that
            issues cookies, or with homes bound to users; or that viewers
            reach without TLS. That no behavior of the stack issues cookies is warned of.

    See https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        homes: Mapping[str, Endpoint],
        unhealthy_home: str = "fail",
        health: HomeHealth | Mapping[str, DnsFailover] | None = None,
        key_regions: Sequence[str] | None = None,
        key_name: str | None = None,
        cookie_lifetime: Duration | None = None,
        user_cookie: str | None = None,
        fail_closed: bool | None = None,
        settings: OriginSettings | None = None,
        memory_size: int = 1024,
        recovery_time_objective: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "a home Region router", Service.EDGE_FUNCTIONS)
        require_edge_stack(self, "a home Region router", "CloudFront replicates functions from there only")
        _check_homes(homes)
        _check_unhealthy(unhealthy_home, health)
        _check_user_cookie(user_cookie)
        self.homes = dict(homes)
        self.key_regions = (EDGE_REGION, *_replicas(key_regions, homes))
        warn_of_far_edges(self, self.key_regions)
        self._health = health
        self._binds_users = user_cookie is not None
        name = (
            key_name if key_name is not None else f"{Names.unique_resource_name(self, separator='-')}/home-region/key"
        )
        _check_key_name(name)
        declared = DeclaredOrigins(homes, settings)
        self._fail_open = FailOpen(self) if fail_closed is False else None
        self.key = self._make_key(name)
        answer(self.key, {"SMG4": _WHY_NO_ROTATION})
        self.request_function = EdgeFunction(
            self,
            "Request",
            function="home_region",
            handler="on_request",
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            configuration={
                "fail_closed": fail_closed,
                "days": _days(cookie_lifetime or duration(_DEFAULT_DAYS * _SECONDS_PER_DAY)),
                "health": {} if health is None else health_records(health, homes),
                "key": {"name": name, "order": nearest(self.key_regions), "regions": list(self.key_regions)},
                "order": nearest(homes),
                "origins": declared.configuration,
                "unhealthy": unhealthy_home,
                "user_cookie": user_cookie,
            },
            configuration_headers=declared.configuration_headers,
            inputs=RoutingInputs(cookies=[HOME_COOKIE, *([user_cookie] if user_cookie else [])]),
            chooses_hosts=True,
            told_if_kept=True,
            uses_region=True,
            judges=[
                self._refuse_cached_users,
                _refuse_plain_http,
                *([] if self._fail_open is None else [self._fail_open.judge]),
            ],
            memory_size=memory_size,
            description="Sends each user to the Region where the user is at home",
        )
        self.response_function = EdgeFunction(
            self,
            "Response",
            function="home_region",
            handler="on_response",
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE,
            configuration={},
            judges=[_refuse_cached_cookies, self._refuse_alone],
            memory_size=memory_size,
            description="Tells each user's browser where the user is at home",
        )
        self.node.add_validation(_IssuesCookies(self))
        self._grant_key()
        first = next(iter(homes.values()))
        self.origin, self.kept_origin = (
            first.origin(settings, custom_headers=headers)
            for headers in (self.request_function.custom_headers, self.request_function.kept_headers)
        )
        if recovery_time_objective is not None:
            check_objective(recovery_time_objective, self.failover_time, str(self.failover_parts))

    @property
    def failover_time(self) -> Duration:
        """How long until users of a home that has gone silent are served elsewhere; see ``HomeHealth``.

        Raises:
            ValueError: Nothing fails over (``unhealthy_home="fail"``); or how long it takes cannot be computed.
        """
        return self.failover_parts.failover_time

    @property
    def failover_parts(self) -> FailoverParts:
        """What ``failover_time`` is the sum of; ``drain`` is 0, since the function sends each request anew.

        Raises:
            ValueError: As ``failover_time``.
        """
        if self._health is None:
            raise ValueError(
                "failover_time cannot be computed: with unhealthy_home='fail' the users of a lost home wait for it; "
                "choose 'read-elsewhere' or 'move'"
            )
        return failover_parts(self._health)

    def behavior(
        self,
        *,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
        allowed_methods: cloudfront.AllowedMethods | None = None,
        response_headers_policy: cloudfront.IResponseHeadersPolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        """A behavior that sends users home, for any distribution of this stack.

        Without a cache policy it caches nothing, and issues cookies; with one it sends home who has a cookie already.

        Args:
            cache_policy: With the cookie in the key, such as ``request_function.cache_policy()``. Default: nothing is
                cached, and cookies are issued, which they are not with ``CACHING_DISABLED`` written out.
            origin_request_policy: The policy of what is sent on. Default: all that the viewer sends but the Host
                header; none if answers are kept.
            allowed_methods: Default: all; GET and HEAD if answers are kept.
            response_headers_policy: See ``EdgeFunction.behavior``.

        Raises:
            ValueError: As ``EdgeFunction.behavior``.
        """
        behavior = routed_behavior(
            self.request_function,
            self._fail_open,
            origin=self.origin,
            kept_origin=self.kept_origin,
            cache_policy=cache_policy,
            origin_request_policy=origin_request_policy,
            allowed_methods=allowed_methods,
            response_headers_policy=response_headers_policy,
        )
        if cache_policy is not None:
            return behavior
        return replace_fields(
            behavior, edge_lambdas=[self.request_function.edge_lambda, self.response_function.edge_lambda]
        )

    def apply_removal_policy(self, policy: RemovalPolicy) -> None:
        """Whether the key goes with the stack; without it every user is a new one."""
        self.key.apply_removal_policy(policy)

    def _make_key(self, name: str) -> secretsmanager.Secret:
        from aws_cdk import aws_secretsmanager as secretsmanager

        return secretsmanager.Secret(
            self,
            "Key",
            secret_name=name,
            description=f"Signs the home Region cookies of {self.node.path}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=_KEY_CHARACTERS, exclude_punctuation=True
            ),
            replica_regions=[secretsmanager.ReplicaRegion(region=region) for region in self.key_regions[1:]],
            # What a first deploy that fails left behind would have the name that the next one needs.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )

    def _grant_key(self) -> None:
        # A replica has the ARN of the primary but for the Region, with the random end of its name.
        name = Fn.select(6, Fn.split(":", self.key.secret_arn))
        self.request_function.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["secretsmanager:GetSecretValue"],
                resources=[
                    f"arn:{Aws.PARTITION}:secretsmanager:{region}:{Aws.ACCOUNT_ID}:secret:{name}"
                    for region in self.key_regions
                ],
            )
        )

    def _refuse_cached_users(self, behavior: EdgeBehavior) -> str | None:
        if self._binds_users and behavior.caches:
            return (
                "caches, and homes are bound to users, each of whom would have a cache of their own: leave "
                "cache_policy out, or leave user_cookie out"
            )
        return None

    def _refuse_alone(self, behavior: EdgeBehavior) -> str | None:
        # How a reference is written depends on the stack that has it.
        arn = behavior.stack.resolve(self.request_function.version.function_arn)
        associations: list[dict[str, Any]] = behavior.settings["lambdaFunctionAssociations"]
        if not any(association["lambdaFunctionArn"] == arn for association in associations):
            return "issues cookies and does not go by them: put the request_function on it too, or use behavior()"
        return None


@jsii.implements(IValidation)
class _IssuesCookies:
    def __init__(self, router: HomeRegionRouter) -> None:
        self._router = router

    def validate(self) -> list[str]:
        """Warn of users who are never told where they are at home; nothing is refused."""
        stack = stack_of(self._router)
        routes, issues = (
            any(behaviors_with(stack, function.version))
            for function in (self._router.request_function, self._router.response_function)
        )
        if routes and not issues:
            warn(
                self._router,
                "home-region:no-cookie",
                "no behavior of this stack issues the cookie, so that no user is at home anywhere: give one of the "
                "site that caches nothing, such as its login, behavior() without a cache policy",
            )
        return []


def _refuse_cached_cookies(behavior: EdgeBehavior) -> str | None:
    if behavior.caches:
        return (
            "caches, and CloudFront would store one user's Set-Cookie and send it to all: leave the response_function "
            "out there, and issue cookies on a behavior with CACHING_DISABLED"
        )
    return None


def _refuse_plain_http(behavior: EdgeBehavior) -> str | None:
    if behavior.settings.get("viewerProtocolPolicy") == "allow-all":
        return (
            f"lets viewers in without TLS, where browsers send no {HOME_COOKIE}: give it viewer_protocol_policy "
            "REDIRECT_TO_HTTPS or HTTPS_ONLY"
        )
    return None


def _check_homes(homes: Mapping[str, Endpoint]) -> None:
    for region in homes:
        if region not in PLACES:
            raise refusal("homes", "by AWS Regions such as eu-west-1", region, "users are sent to the nearest one")
    if len(homes) < 2:
        raise refusal("homes", "at least two", list(homes), "with one, every user is at home there")
    for (region, endpoint), (later, other) in combinations(homes.items(), 2):
        if shared := endpoint.shared_with(other):
            raise ValueError(
                f"homes[{later!r}] must be another place than homes[{region!r}], got {endpoint!r} and {other!r}, which "
                f"share {shared}: users would be at home in neither Region"
            )
    refuse_swapped(
        {region: (f"homes[{region!r}]", [endpoint]) for region, endpoint in homes.items()},
        lambda region, place: f"users at home in {region} would be sent to {place}, where their data is not",
    )


def _check_unhealthy(unhealthy_home: str, health: HomeHealth | Mapping[str, DnsFailover] | None) -> None:
    if is_token(unhealthy_home):
        raise refusal("unhealthy_home", "known at synth", unhealthy_home, "it is baked into the function")
    check_choice("unhealthy_home", unhealthy_home, _UNHEALTHY, "it is what happens to the users of a home that is down")
    if unhealthy_home != "fail" and health is None:
        raise ValueError(
            f"health is missing for unhealthy_home={unhealthy_home!r}: nothing would tell that a home is down; give a "
            "HomeHealth"
        )
    if unhealthy_home == "fail" and health is not None:
        raise ValueError(
            "health is of no use with unhealthy_home='fail', which sends users home whatever its health: choose "
            "'read-elsewhere' or 'move', or leave health out"
        )


def _check_user_cookie(name: str | None) -> None:
    if name is not None and (is_token(name) or not _TOKEN.fullmatch(name) or name == HOME_COOKIE):
        raise refusal(
            "user_cookie",
            "the name of a cookie of yours, known at synth",
            name,
            "the function tells users apart by its value",
        )


def _check_key_name(name: str) -> None:
    if is_token(name) or not _SECRET_NAME.fullmatch(name):
        raise refusal(
            "key_name",
            "1 to 512 letters, digits and /_+=.@-, known at synth",
            name,
            "the function reads the key by its name, the same in all Regions",
        )
    if _LIKE_AN_ARN.search(name):
        raise refusal(
            "key_name",
            "without a hyphen and six characters at the end",
            name,
            "Secrets Manager ends the ARNs of secrets so, and may take the name for part of one",
        )


def _replicas(key_regions: Sequence[str] | None, homes: Mapping[str, Endpoint]) -> list[str]:
    if key_regions is None:
        return [region for region in homes if region != EDGE_REGION]
    for region in key_regions:
        if region not in PLACES or region == EDGE_REGION:
            raise refusal(
                "key_regions",
                f"AWS Regions such as eu-west-1, without {EDGE_REGION}",
                region,
                "the key is there always",
            )
    if not key_regions or len(set(key_regions)) < len(key_regions):
        raise refusal(
            "key_regions",
            "at least one, none twice",
            list(key_regions),
            f"an outage of {EDGE_REGION} would take the only key with it",
        )
    return list(key_regions)


def _days(lifetime: Duration) -> int:
    check_seconds(
        "cookie_lifetime", lifetime, _SECONDS_PER_DAY, _MOST_DAYS * _SECONDS_PER_DAY, "browsers keep no cookie longer"
    )
    days, rest = divmod(baked_seconds("cookie_lifetime", lifetime), _SECONDS_PER_DAY)
    if rest:
        raise refusal("cookie_lifetime", "whole days", f"{days} days and {rest} s", "a cookie counts until a day ends")
    return days
