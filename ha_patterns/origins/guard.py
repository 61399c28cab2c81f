"""What origins and CloudFront agree on, so that nobody asks an origin past CloudFront."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import SecretValue

from ..cdk.typed import typed
from ..cdk.validation import check_path, check_whole_number, is_token, refusal

if TYPE_CHECKING:
    from aws_cdk import aws_elasticloadbalancingv2 as elbv2

#: The header that CloudFront sends to guarded origins, with a secret for its value.
ORIGIN_GUARD_HEADER = "x-ha-origin-guard"

# What Secrets Manager allows in a name, but for the / and the number that are put after it.
_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,400}")
# What a path condition of a listener takes literally; * and ? would open more than one path.
_PATH = re.compile(r"/[A-Za-z0-9_.$/~\"'@:+&-]{0,127}")
_MOST_GENERATIONS = 1_000_000


@typed
@dataclass(frozen=True, kw_only=True)
class OriginGuard:
    """A secret header that CloudFront sends, and the one path that is open without it.

    An origin that anybody can reach can be asked past CloudFront: past its cache, its web ACL and its failover. A
    guarded one admits only requests with the header. Route 53's health checkers cannot send one, so the path that
    they probe stays open to all: closed, the origin would look dead in every Region at once. A health check of a
    guarded endpoint that asks for another path is refused.

    This is the agreement alone, the same value for all stacks that have a part in it; it creates nothing:

    - ``OriginGuardSecrets`` makes the secrets, in a stack that is deployed before the others;
    - ``guard=`` of an ``Endpoint`` has CloudFront send the header to it, also as a member of an origin group or behind
      a failover name;
    - ``GuardedListener`` has an Application Load Balancer demand it. Whatever else answers demands it by itself: a
      host reads the header, an API of API Gateway needs a web ACL or a Lambda authorizer of yours, for API Gateway
      looks at no header. Both must leave the health path open, too. Buckets are guarded by origin access control.

    **Rotation**: raise ``generation`` by one, and deploy. Each generation is a secret of its own: its name is in the
    templates, so that CloudFormation notices (a new value under the same name it would not), and its value never is.
    CloudFront sends one value; origins admit that one, the one before it and the one after it. So no request is lost
    while both change over, whichever comes first, and one step back, which is what undoing a deploy is, is as safe. By
    more than one at a time, CloudFront would send what origins no longer admit until both are through. A value that
    has leaked is admitted until the generation is two higher: rotate twice.

    **Introduction** to origins that serve already: first deploy the secrets and ``guard=`` of the endpoints, so that
    CloudFront sends what nobody demands yet; then the ``GuardedListener``, in one Region after the other while traffic
    is in another, for a listener that exists refuses everybody in the seconds between its new default and its new
    rules. To take the guard away, the listener goes first.

    Whoever may read the configuration of the distribution or of the listener's rules sees the values there, and an
    edge function sees one in its event, among the origin's custom headers. A template may hold 60 such references: one
    for each origin that is made of a guarded endpoint, so have behaviors share one. A load balancer in private subnets,
    as a VPC origin, would need no guard; but then Route 53 cannot probe it either.

    Example::

        guard = OriginGuard(name="shop/origin-guard", health_path="/health")
        Endpoint.load_balancer(alb, domain_name="eu-west-1.example.com", guard=guard)

    Args:
        name: What the names of the secrets start with, 1 to 400 of the letters, digits and ``/_+=.@-`` that Secrets
            Manager allows. Where ``OriginGuardSecrets`` does not make them, they exist as ``NAME/GENERATION``.
        health_path: The path that is open, at most 128 characters. The comparison is literal, upper and lower case
            are different, and the query string is left out. Whatever it answers, everybody can have.
        generation: Which secret CloudFront sends, 1 or more; see above. Default 1.

    Attributes:
        secret_name: The secret that CloudFront sends the value of.
        headers: The header by name, with a reference to its value, as ``custom_headers`` of an origin.
        accepted_generations: What origins admit.
        kept_generations: What secrets there are.

    Raises:
        ValueError: A name that Secrets Manager does not allow; a path with wildcards; a generation below 1, or a
            token, which cannot be counted from.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html
    """

    name: str
    health_path: str
    generation: int = 1

    def __post_init__(self) -> None:
        if not is_token(self.name) and not _NAME.fullmatch(self.name):
            raise refusal(
                "name", "1 to 400 letters, digits and /_+=.@-", self.name, "Secrets Manager allows no others in a name"
            )
        if is_token(self.health_path):
            raise refusal("health_path", "known now", self.health_path, "health checks are held against it")
        check_path("health_path", self.health_path, "it is what health checks ask for")
        if not _PATH.fullmatch(self.health_path):
            raise refusal(
                "health_path",
                "one path of at most 128 characters out of letters, digits and _-.$/~\"'@:+&",
                self.health_path,
                "a load balancer takes * and ? for any character, and so would open other paths, too",
            )
        if is_token(self.generation):
            raise refusal("generation", "a plain number", self.generation, "the secrets before and after it are named")
        check_whole_number("generation", self.generation, 1, _MOST_GENERATIONS, "it counts the rotations")

    @property
    def secret_name(self) -> str:
        return self.secret_name_of(self.generation)

    @property
    def headers(self) -> dict[str, str]:
        return {ORIGIN_GUARD_HEADER: self._value(self.generation)}

    @property
    def accepted_generations(self) -> range:
        return self._generations(1)

    @property
    def kept_generations(self) -> range:
        # CloudFormation still reads a secret when it takes the reference to it out of a template, and cannot without
        # it (aws-cloudformation/cloudformation-coverage-roadmap#1246): so also what was admitted a step ago is kept.
        return self._generations(2)

    def secret_name_of(self, generation: int) -> str:
        """The name of the secret of a generation."""
        return f"{self.name}/{generation}"

    def condition(self) -> elbv2.ListenerCondition:
        """What a request must have to be admitted, for rules of your own of a guarded listener."""
        from aws_cdk import aws_elasticloadbalancingv2 as elbv2

        return elbv2.ListenerCondition.http_header(
            ORIGIN_GUARD_HEADER, [self._value(generation) for generation in self.accepted_generations]
        )

    def require_open(self, argument: str, endpoint: str, path: str, remedy: str) -> None:
        """Refuse a health check that asks for what the guard covers; tokens pass.

        Args:
            argument: Where the check was given.
            endpoint: What it asks, for the message.
            path: What it asks for.
            remedy: How the check would ask for the open path.
        """
        asked = path if is_token(path) else path.partition("?")[0]
        if is_token(path) or asked == self.health_path:
            return
        raise ValueError(
            f"{argument} asks {endpoint} for {path}, which its guard covers: health checkers cannot send the header, "
            "so the endpoint would look dead from the start, and so would every other with this guard; ask for the "
            f"path that is open, {remedy}, or give the guard health_path={asked!r}"
        )

    def _generations(self, around: int) -> range:
        return range(max(1, self.generation - around), self.generation + around + 1)

    def _value(self, generation: int) -> str:
        """A reference that CloudFormation resolves when it makes or changes what holds it."""
        return SecretValue.secrets_manager(self.secret_name_of(generation)).unsafe_unwrap()
