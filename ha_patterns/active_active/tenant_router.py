"""Tenant routing: one distribution for all tenants, each host served by its tenant's origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from constructs import Construct

from ..aws.partitions import Service
from ..aws.regions import nearest
from ..cdk.partitions import require_service
from ..cdk.typed import typed
from ..cdk.validation import (
    baked_seconds,
    check_choice,
    check_domain_name,
    check_seconds,
    duration,
    is_token,
    normal_name,
    refusal,
    warn,
)
from ..contracts.outputs import TENANTS_OUTPUT
from ..edge.behaviors import EdgeBehavior
from ..edge.fail_open import FailOpen, routed_behavior
from ..edge.functions import EdgeFunction
from ..edge.inputs import RoutingInputs
from ..edge.judged import own_names
from ..edge.routing_table import RoutingTable
from ..edge.table_facts import TableFacts, grant_facts, path_in_stack
from ..origins import DeclaredOrigins, Endpoint, OriginSettings
from ..origins.declared import custom_origin

_BACK_OFF = 5
_CACHE_BYTES = 16 * 1024 * 1024
_UNKNOWN = {"configured-origin": None, "not-found": 404}


@typed
class TenantRouter(Construct):
    """Sends each request to the origin of the tenant whose host it came to.

    The guide's multi-tenant routing with Lambda@Edge and DynamoDB global tables: a wildcard name, one distribution,
    and a table that says by host where a tenant is served. A tenant is added, moved to another Region or taken out by
    one write to the table, which every location follows within ``ttl``, or twice that if it is far away; neither
    function nor distribution change.

    A tenant names an origin that the stack declares, or a host of its own below a suffix that the stack allows: no
    write to the table can send requests anywhere else. Its application gets its own name as Host, and the one that the
    viewer asked for as ``X-Forwarded-Host``. While no replica of the table answers, what was read last stays; for hosts
    that were never read, the default origin is asked. On behaviors that keep answers, the answer is 503 then, since
    CloudFront would keep the default origin's under the tenant's host.

    A behavior that keeps answers sends an origin the cache key and nothing else of the viewer's, allows GET and HEAD,
    and removes ``Set-Cookie`` if the key holds a cookie.

    Creates the function; where none is given, the table; in the table the item ``#origins``, which says what the stack
    declares; and an output of the stack by which ``ha-patterns tenants --stack`` finds the table.

    Example::

        tenants = TenantRouter(
            self,
            "Tenants",
            default=Endpoint.http_host("welcome.example.com"),
            allowed_origin_suffixes=[".apps.example.com"],
            replica_regions=["eu-west-1"],
        )
        EdgeDistribution(
            self,
            "Site",
            default_behavior=tenants.behavior(),
            domain_name="*.tenants.example.com",
            hosted_zone=zone,
        )

    Tenants are written with ``ha-patterns tenants``; ``ha-patterns tenants put --help`` says what a file is. An item:
    ``{"host": "acme.tenants.example.com", "domain_name": "acme.apps.example.com"}``, or with ``origin`` and the name of
    a declared one; its host may be ``*.tenants.example.com`` for all without an item.

    Args:
        default: The configured origin: for hosts that have no tenant, and where nothing is known. Its name must always
            resolve: CloudFront answers 502 before the function runs otherwise.
        origins: Origins that tenants can share, by the names that items use. Default: none.
        allowed_origin_suffixes: Where tenants may have hosts of their own, each such as ``.apps.example.com``; they
            speak HTTPS. Default: nowhere.
        table: The table. Default: one is made.
        replica_regions: Of the table that is made: see ``RoutingTable``.
        ttl: How long a location goes by what it has read, 1 to 3600 seconds; up to twice as long at an edge that is
            80 ms or more from every replica, and so cannot renew within 0.3 s. Default 60 seconds.
        unknown: What a host without a tenant gets: ``configured-origin``, or ``not-found`` for a 404. Default
            ``configured-origin``.
        fail_closed: Whether a request is answered 503 while nothing is known of its host; if not, the default origin is
            asked. Default: True on behaviors that keep answers, False on others. If False is given, a second function
            keeps such an answer out of the cache, which needs a ``min_ttl`` of 0.
        settings: How long requests wait for origins. Default: CloudFront's own.
        memory_size: Of the function, see ``EdgeFunction``. Default 1024 MB.

    Attributes:
        function: The ``EdgeFunction``.
        edge_lambda: The association, for any behavior.
        table: The ``RoutingTable``.
        origin: The default endpoint as the configured origin, with what the function has to be told.
        kept_origin: The same, for behaviors that keep answers.

    Raises:
        ValueError: Neither ``origins`` nor ``allowed_origin_suffixes``; a suffix that is none, or a whole top-level
            domain; both or neither of ``table`` and ``replica_regions``; a default without a name; an origin that
            ``DeclaredOrigins`` refuses; a time out of range, or known only at deploy.

    See https://docs.aws.amazon.com/whitepapers/latest/secure-content-delivery-amazon-cloudfront/multi-tenant-saas-deployments.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        default: Endpoint,
        origins: Mapping[str, Endpoint] | None = None,
        allowed_origin_suffixes: Sequence[str] = (),
        table: RoutingTable | None = None,
        replica_regions: Sequence[str] | None = None,
        ttl: Duration | None = None,
        unknown: str = "configured-origin",
        fail_closed: bool | None = None,
        settings: OriginSettings | None = None,
        memory_size: int = 1024,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "the function of a tenant router", Service.EDGE_FUNCTIONS)
        for suffix in allowed_origin_suffixes:
            _check_suffix(suffix)
        if not origins and not allowed_origin_suffixes:
            raise ValueError(
                "origins and allowed_origin_suffixes are both missing: a tenant could be nowhere; give the one, the "
                "other, or both"
            )
        if (table is None) == (replica_regions is None):
            raise ValueError("table and replica_regions: give exactly one of them, as the table that tenants are in")
        if is_token(unknown):
            raise refusal("unknown", "known at synth", unknown, "it is baked into the function")
        check_choice("unknown", unknown, _UNKNOWN, "it is what a host without a tenant gets")
        ttl = ttl or duration(60)
        check_seconds("ttl", ttl, 1, 3600, "a location keeps what it has read for so long")
        self.table = table or RoutingTable(self, "Table", replica_regions=replica_regions or ())
        declared = DeclaredOrigins(origins, settings) if origins else None
        suffixes = self._suffixes = [normal_name(suffix) for suffix in allowed_origin_suffixes]
        self._fail_open = FailOpen(self) if fail_closed is False else None
        self.function = EdgeFunction(
            self,
            "Function",
            function="tenant_router",
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            configuration={
                "fail_closed": fail_closed,
                "max_size": _CACHE_BYTES,
                "origins": declared.configuration if declared else {},
                "router": path_in_stack(self),
                "own_origin": custom_origin("", settings or OriginSettings()),
                "suffixes": suffixes,
                "table": {
                    "back_off": _BACK_OFF,
                    "order": nearest(self.table.regions),
                    "regions": list(self.table.regions),
                },
                "ttl": baked_seconds("ttl", ttl),
                "unknown_status": _UNKNOWN[unknown],
            },
            configuration_headers={
                "table": self.table.table.table_name,
                **(declared.configuration_headers if declared else {}),
            },
            inputs=RoutingInputs(headers=["Host"]),
            chooses_hosts=True,
            told_if_kept=True,
            judges=[
                self._warn_of_suffixes,
                *([] if self._fail_open is None else [self._fail_open.judge]),
            ],
            memory_size=memory_size,
            description="Sends each host's requests to its tenant's origin",
        )
        self.table.grant_read(self.function)
        self.edge_lambda = self.function.edge_lambda
        self.origin, self.kept_origin = (
            default.origin(settings, custom_headers=headers, host_is_set=True)
            for headers in (self.function.custom_headers, self.function.kept_headers)
        )
        CfnOutput(
            self,
            TENANTS_OUTPUT,
            value=self.table.table.table_name,
            description=f"Whose tenants ha-patterns tenants --router {path_in_stack(self)} writes",
        )
        status = _UNKNOWN[unknown]
        self._tell(
            {
                "origins": declared.names if declared else [],
                "suffixes": suffixes,
                "unknown_status": [] if status is None else [str(status)],
            }
        )

    def behavior(
        self,
        *,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
        allowed_methods: cloudfront.AllowedMethods | None = None,
        response_headers_policy: cloudfront.IResponseHeadersPolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        """A behavior that routes by tenant, for any distribution of this stack.

        Args:
            cache_policy: With Host in the key, or without a cache. Default: ``CACHING_DISABLED``; see
                ``function.cache_policy()``.
            origin_request_policy: With Host, if nothing is cached. Default: all that the viewer sends; none if answers
                are kept.
            allowed_methods: Default: all; GET and HEAD if answers are kept.
            response_headers_policy: See ``EdgeFunction.behavior``.

        Raises:
            ValueError: As ``EdgeFunction.behavior``.
        """
        return routed_behavior(
            self.function,
            self._fail_open,
            origin=self.origin,
            kept_origin=self.kept_origin,
            cache_policy=cache_policy,
            origin_request_policy=origin_request_policy,
            allowed_methods=allowed_methods,
            response_headers_policy=response_headers_policy,
        )

    def grant_write(
        self, grantee: iam.IGrantable, *, hosts: Sequence[str] | None = None, regions: Sequence[str] | None = None
    ) -> iam.Grant:
        """Let somebody add, change and take out tenants, and read what they are checked against; see ``RoutingTable``.

        Args:
            grantee: Who.
            hosts: Of which hosts. Default: all.
            regions: In which Regions of the table. Default: us-east-1.

        Raises:
            ValueError: As ``RoutingTable``.
        """
        grant = self.table.grant_write(grantee, hosts=hosts, regions=regions)
        if hosts is not None:
            grant_facts(self.table, grantee, regions)
        return grant

    def _warn_of_suffixes(self, behavior: EdgeBehavior) -> None:
        """Warn of a suffix below which the site itself has a name."""
        for name in own_names(behavior.distribution):
            for suffix in self._suffixes:
                if isinstance(name, str) and (
                    name.endswith(suffix) or (name.startswith("*.") and suffix.endswith(name.removeprefix("*")))
                ):
                    warn(
                        self,
                        "tenant-router:suffix-of-site",
                        f"allowed_origin_suffixes has {suffix!r}, and the site itself answers below it as {name}: a "
                        "tenant could have CloudFront as its own origin; give hosts of tenants a suffix elsewhere, or "
                        "see that none is the site",
                    )

    def _tell(self, facts: Mapping[str, Sequence[str]]) -> None:
        """Keep in the table what the stack declares; of several routers with one table, what the first does."""
        told = self.table.node.try_find_child("Facts")
        if told is None:
            TableFacts(self.table, "Facts", table=self.table, facts=facts)
        elif isinstance(told, TableFacts) and told.facts != facts:
            warn(
                self,
                "tenant-router:shared-table",
                f"{self.table.node.path} is the table of another router, which declares other origins or suffixes, and "
                "ha-patterns tenants judges by those: judge with --app and --router",
            )


def _check_suffix(suffix: str) -> None:
    if is_token(suffix):
        raise refusal(
            "allowed_origin_suffixes", "known at synth", suffix, "what tenants may name is baked into the function"
        )
    if not suffix.startswith("."):
        raise refusal(
            "allowed_origin_suffixes",
            "a suffix that starts with a dot, such as .apps.example.com",
            suffix,
            "without it, notapps.example.com would be allowed with apps.example.com",
        )
    check_domain_name("allowed_origin_suffixes", suffix[1:], "tenants may have hosts below it, in a domain of yours")
