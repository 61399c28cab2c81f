"""Rule router: rules by host and path say which origin answers, and they change without a deploy."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from ..aws.certificates import covers
from ..aws.headers import spelled
from ..aws.partitions import Service
from ..aws.regions import nearest
from ..cdk.partitions import require_service
from ..cdk.reviews import answer, resource_of
from ..cdk.typed import typed
from ..cdk.validation import (
    baked_seconds,
    check_seconds,
    duration,
    is_token,
    refusal,
    warn,
)
from ..contracts.outputs import RULES_OUTPUT
from ..edge._source import edge_module
from ..edge.behaviors import EdgeBehavior
from ..edge.fail_open import FailOpen, routed_behavior
from ..edge.functions import EdgeFunction, refuse_tokens
from ..edge.inputs import RoutingInputs, unusable_in_key
from ..edge.judged import own_names
from ..edge.regions import stack_of
from ..edge.routing_table import RoutingTable
from ..edge.table_facts import TableFacts, grant_facts, path_in_stack
from ..origins import Endpoint, OriginSettings
from ..origins.buckets import NamedBucket, named_bucket
from ..origins.declared import DeclaredOrigins

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-examples.html"

# By host. What is below a host is judged as the rules of a file are.
Rules = Mapping[str, Any]

# Seconds that a first request waits at most for all buckets together, longer than for a table: three objects are read
# for a host, one after the other.
_BUCKETS_DEADLINE = 2.0
# Seconds for which no request waits for a source that failed.
_BACK_OFF = 10
# Bytes that rules may take of a container's memory, which is 128 MB.
_REMEMBERED = 48 * 1024 * 1024
_FOR_EVER = 10**10
_SHOWN = 5
_STATIC_FILE = "rules.json"
_HOST_RULES = "{'*': {'rules': [...]}}"
_IN_CACHE_KEYS = "of host, country, header.NAME, cookie.NAME, query and query.NAME"
# They stand for others in the resource of a policy.
_POLICY_CHARACTERS = frozenset("*?$")


@dataclass(frozen=True)
class _Bound:
    """A source as the router needs it."""

    settings: Mapping[str, Any]
    headers: Mapping[str, str]
    files: Mapping[str, bytes]
    grant: Callable[[EdgeFunction], None] = lambda _: None
    table: RoutingTable | None = None


@typed
class RuleSource(ABC):
    """Where a ``RuleRouter`` has its rules from.

    Example::

        RuleSource.table(replica_regions=["eu-west-1", "ap-southeast-2"])
        RuleSource.buckets({"eu-west-1": european, "us-east-1": american})
        RuleSource.static({"*": {"rules": [{"path": "/api/*", "then": {"origin": "api"}}]}})
    """

    @staticmethod
    def table(*, replica_regions: Sequence[str]) -> RuleSource:
        """A DynamoDB global table that the router creates: an item for each host, written with ``ha-patterns rules``.

        A change is seen everywhere within the router's ``ttl`` and some seconds of replication.

        Args:
            replica_regions: Regions of replicas beside us-east-1.
        """
        return _TableSource(replica_regions)

    @staticmethod
    def buckets(buckets: Mapping[str, s3.IBucket], *, prefix: str = "rules/") -> RuleSource:
        """S3 buckets that you have: an object for each host, such as ``rules/www.example.com.json``.

        The nearest is asked, then the next nearest; that they hold the same is up to you, for instance by replication.

        Args:
            buckets: Buckets by Region, encrypted by S3 itself. One of the app needs a ``bucket_name`` and a stack with
                that Region, and is deployed before the router; one that exists already is imported with it:
                ``Bucket.from_bucket_attributes(..., bucket_name=..., region=...)``.
            prefix: What the objects' keys start with.

        Raises:
            ValueError: No bucket; one without a name that is known at synth, of another Region than it is given under,
                or with a KMS key; a prefix that starts with ``/``, or with characters that mean something in a policy.
        """
        return _BucketSource(buckets, prefix)

    @staticmethod
    def static(rules: Rules) -> RuleSource:
        """Rules that are in the function itself: nothing is read, and a change is a deploy.

        Args:
            rules: What a file of ``ha-patterns rules`` holds: by host, an object with ``rules``. A host is a name,
                ``*.example.com`` for those one label below, ``*`` for all.
        """
        return _StaticSource(rules)

    def _inputs(self, allowed: Any) -> list[str]:  # noqa: ARG002 - for rules that are known
        """What has to be sent to the function where nothing is cached, beside all that viewers send."""
        return ["host", "country"]

    def _redirects_to(self, redirect_hosts: Sequence[str]) -> tuple[str, ...]:
        """The hosts to which a rule may redirect a request for the very path that is asked for there."""
        return tuple(redirect_hosts)

    @abstractmethod
    def _bind(self, router: RuleRouter, allowed: Any, ttl: Duration) -> _Bound:
        """What the function needs to know of it."""


@typed
class RuleRouter(Construct):
    """Rules keyed by host and path choose the origin of each request at the edge.

    The guide's "Web applications with advanced routing", as OutSystems and TrueCar built it: a Lambda@Edge function
    looks the request up - exact path, then longest prefix, then the host's default, its wildcard's and that of all
    hosts - and chooses one of the declared origins, rewrites the path, sets headers, redirects or answers. How rules
    are written, ``ha-patterns rules put --help`` says.

    Rules are remembered for ``ttl``; while their source is down, what was read last goes on being served, and one
    request in ten seconds waits 0.3 s, and one in ``ttl`` 1.5 s (buckets: 2 s), to see whether it is back. While
    nothing is known, the configured origin is asked. On behaviors that keep answers, the answer is 503 then, since
    CloudFront would keep the configured origin's for all viewers. A rule that is wrong is left out, and logged; the
    others stay.

    A behavior that keeps answers (``cache_key``) sends an origin the cache key and nothing else of the viewer's, allows
    GET and HEAD, and removes ``Set-Cookie`` if the key holds a cookie. Of the query string, origins get the parameters
    of the key.

    Every origin is asked by its own name. An application that needs the name that the viewer asked for gets it in a
    header that a rule sets: ``{"headers": {"x-viewer-host": "{host}"}}``.

    Creates the function with its role; with ``RuleSource.table`` a global table, in it the item ``#origins``, which
    says what the stack declares, and an output of the stack by which ``ha-patterns rules --stack`` finds the table.

    Example::

        router = RuleRouter(
            self,
            "Router",
            origins={"stable": Endpoint.http_host("a.example.com"), "canary": Endpoint.http_host("b.example.com")},
            default_origin="stable",
            source=RuleSource.table(replica_regions=["eu-west-1"]),
        )
        EdgeDistribution(self, "Site", default_behavior=router.behavior())

    Args:
        origins: The origins that rules can choose, by name: lower-case letters, digits and hyphens.
        default_origin: The name of the one that is asked where no rule decides: the configured origin.
        source: Where the rules are.
        settings: How long requests wait for the origins. Default: CloudFront's own.
        cache_key: What rules may read, and the cache key holds beside the path: ``host``, ``country``,
            ``header.NAME``, ``cookie.NAME``, ``query.NAME``, and ``query`` for the whole query string. Default:
            nothing is cached, and rules read everything.
        redirect_hosts: Hosts to which rules may redirect, beside the viewer's own. A name of the distribution itself
            needs ``host`` in ``cache_key``, or a redirect may never end, which a warning says. Default: none.
        request_headers: Headers that rules may set on the request to the origin; ``x-shop-*`` for all that start so.
            Default: none.
        ttl: How long rules are remembered, 1 to 3600 seconds; up to twice as long at an edge that is 80 ms or more from
            every place of the rules, and so cannot renew them within 0.3 s. Default 60 seconds.
        fail_closed: Whether a request is answered 503 while the rules are not known; if not, the configured origin is
            asked. Default: True on behaviors that keep answers, False on others. If False is given, a second function
            keeps such an answer out of the cache, which needs a ``min_ttl`` of 0.

    Attributes:
        function: The ``EdgeFunction``.
        edge_lambda: Its association, for the ``edge_lambdas`` of any behavior.
        table: The ``RoutingTable``; None where the rules are elsewhere.
        origins: The ``DeclaredOrigins``.
        origin: The default one as the configured origin, with what the function has to be told.
        kept_origin: The same, for behaviors that keep answers.

    Raises:
        ValueError: A default that is not among the origins; a rule that is wrong, with its place; what is read and
            cannot be in a cache key; more parts of a request than a cache key holds; buckets without a Region; and as
            ``EdgeFunction``, ``DeclaredOrigins`` and ``RoutingTable``.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-examples.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        origins: Mapping[str, Endpoint],
        default_origin: str,
        source: RuleSource,
        settings: OriginSettings | None = None,
        cache_key: Sequence[str] | None = None,
        redirect_hosts: Sequence[str] = (),
        request_headers: Sequence[str] = (),
        ttl: Duration | None = None,
        fail_closed: bool | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        require_service(self, "the function of a rule router", Service.EDGE_FUNCTIONS)
        self.origins = DeclaredOrigins(origins, settings)
        if default_origin not in origins:
            raise refusal(
                "default_origin", f"one of {', '.join(origins)}", default_origin, "it is asked where no rule decides"
            )
        ttl = ttl or duration(60)
        check_seconds("ttl", ttl, 1, 3600, "rules are read again when it is over")
        self._cached = cache_key is not None
        allowed = _allowed(self.origins.names, redirect_hosts, request_headers, cache_key)
        bound = source._bind(self, allowed, ttl)
        self.table = bound.table
        self._fail_open = FailOpen(self) if fail_closed is False else None
        # Without the host, nothing tells a rule that the viewer is already where it redirects to.
        self._blind_redirects = () if allowed.may_read("host") else source._redirects_to(redirect_hosts)
        self.function = EdgeFunction(
            self,
            "Function",
            function="rule_router",
            event_type=cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST,
            configuration={
                "origins": self.origins.configuration,
                "redirect_hosts": list(redirect_hosts),
                "request_headers": [name.lower() for name in request_headers],
                "attributes": sorted(allowed.attributes) if self._cached else None,
                "fail_closed": fail_closed,
                "router": path_in_stack(self),
                "source": bound.settings,
            },
            configuration_headers={**self.origins.configuration_headers, **bound.headers},
            files=bound.files,
            inputs=_routing_inputs(source._inputs(allowed) if cache_key is None else _attributes(cache_key)),
            drops_query_strings=self._cached and "query" not in allowed.attributes,
            chooses_hosts=True,
            told_if_kept=True,
            judges=[
                self._refuse_cache,
                self._refuse_query,
                self._warn_of_loop,
                *([] if self._fail_open is None else [self._fail_open.judge]),
            ],
            description=f"Routes requests by rules: {self.node.path}"[:256],
        )
        self.edge_lambda = self.function.edge_lambda
        self.origin, self.kept_origin = (
            origins[default_origin].origin(settings, custom_headers=headers, host_is_set=True)
            for headers in (self.function.custom_headers, self.function.kept_headers)
        )
        bound.grant(self.function)
        if self.table is not None:
            CfnOutput(
                self,
                RULES_OUTPUT,
                value=self.table.table.table_name,
                description=f"Whose rules ha-patterns rules --router {path_in_stack(self)} writes",
            )
            TableFacts(
                self,
                "Facts",
                table=self.table,
                facts={
                    "origins": self.origins.names,
                    "redirect_hosts": redirect_hosts,
                    "request_headers": request_headers,
                    **({"attributes": sorted(allowed.attributes)} if self._cached else {}),
                },
            )

    def behavior(
        self,
        *,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
        allowed_methods: cloudfront.AllowedMethods | None = None,
        response_headers_policy: cloudfront.IResponseHeadersPolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        """A behavior that is routed by the rules, for any distribution of this stack.

        Args:
            cache_policy: With what rules read in the cache key. Default: nothing is cached; with ``cache_key`` given,
                a policy that holds it, the same for all behaviors.
            origin_request_policy: See ``EdgeFunction.behavior``.
            allowed_methods: Default: all; GET and HEAD if answers are kept.
            response_headers_policy: See ``EdgeFunction.behavior``.

        Raises:
            ValueError: As ``EdgeFunction.behavior``.
        """
        if cache_policy is None and self._cached:
            cache_policy = self._cache_policy()
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
        """Let somebody change rules in the table, and read what they are checked against.

        Args:
            grantee: Who.
            hosts: The hosts whose rules they may change. Default: all.
            regions: The Regions that they may write to, which ``ha-patterns rules --write-region`` chooses from; see
                ``RoutingTable``. Default: us-east-1.

        Raises:
            ValueError: The rules are not in a table of this router; as ``RoutingTable``.
        """
        if self.table is None:
            raise ValueError(
                "the rules of this router are in no table that it made, so there is nothing to grant: "
                "use RuleSource.table(...), or grant writes to the buckets"
            )
        grant = self.table.grant_write(grantee, hosts=hosts, regions=regions)
        if hosts is not None:
            grant_facts(self.table, grantee, regions)
        return grant

    def _cache_policy(self) -> cloudfront.ICachePolicy:
        made: Any = self.function.node.try_find_child("CachePolicy")
        return made or self.function.cache_policy()

    def _refuse_cache(self, behavior: EdgeBehavior) -> str | None:
        if self._cached or not behavior.caches:
            return None
        return (
            "caches, and this router's rules may read all of a request, so that one viewer's answer would be "
            "another's: give the router a cache_key, or use CACHING_DISABLED"
        )

    def _refuse_query(self, behavior: EdgeBehavior) -> str | None:
        inputs = self.function.inputs
        sent = [policy for policy in (behavior.cache_key, behavior.request_policy) if policy is not None]
        if not (inputs.query_strings or inputs.all_query_strings) or any(
            policy.query_strings.mode == "all" for policy in sent
        ):
            return None
        return (
            "does not send on the whole query string, and Lambda@Edge shows a function none of it unless all of it is "
            "sent on: leave origin_request_policy to behavior(), or have it send all query strings, "
            "see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html"
        )

    def _warn_of_loop(self, behavior: EdgeBehavior) -> None:
        """Warn of redirects to a name of the distribution itself by a router that does not know the viewer's host."""
        names = [name for name in own_names(behavior.distribution) if isinstance(name, str)]
        found = [host for host in self._blind_redirects if covers(names, host)]
        self._blind_redirects = tuple(host for host in self._blind_redirects if host not in found)
        if found:
            warn(
                self,
                "rule-router:redirect-loop",
                f"rules may redirect to {', '.join(found)}, which is a name of "
                f"{behavior.distribution.node.path.removesuffix('/Resource')} itself, and cache_key has no host: a "
                "redirect to the path that was asked for never ends for viewers of that name; add 'host' to "
                "cache_key, or take the name out of redirect_hosts",
            )


class _StaticSource(RuleSource):
    def __init__(self, rules: Rules) -> None:
        try:
            plain = json.loads(json.dumps(rules))
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"rules must be what JSON can hold, by host: {error}") from None
        refuse_tokens("rules", plain)
        for host, given in plain.items():
            if isinstance(given, list):
                raise refusal(
                    f"rules[{host!r}]",
                    f"an object with rules, such as {_HOST_RULES}",
                    "a list",
                    f"it is written as in a file: {{{host!r}: {{'rules': [...]}}}}",
                )
        # A file that get has written has versions, which mean nothing here.
        self._rules = {
            host: {"version": 1, **given} if isinstance(given, dict) else given for host, given in plain.items()
        }

    def _redirects_to(self, redirect_hosts: Sequence[str]) -> tuple[str, ...]:
        rules = [rule for given in self._rules.values() for rule in given["rules"]]
        return tuple(host for host in redirect_hosts if any(_may_loop(rule, host) for rule in rules))

    def _inputs(self, allowed: Any) -> list[str]:
        engine = edge_module("rule_router.rules")
        read = {name for value in self._rules.values() for name in engine.reads(value, allowed)}
        return sorted(read | self._hosts())

    def _hosts(self) -> set[str]:
        return {"host"} if self._rules.keys() - {"*"} else set()

    def _bind(self, router: RuleRouter, allowed: Any, ttl: Duration) -> _Bound:  # noqa: ARG002 - as the other sources
        engine, is_host = edge_module("rule_router.rules"), edge_module("common.hosts").is_host
        wrong = []
        for host, value in self._rules.items():
            if not is_host(host):
                wrong.append(f"[{host!r}]: must be a host in lower case, '*.' and a host, or '*'")
            wrong += [f"[{host!r}]: {problem}" for problem in engine.check(value, allowed, max_size=None)]
        if allowed.attributes is not None and self._hosts() - allowed.attributes:
            wrong.append(": there are rules of single hosts, and the cache key has no host; add 'host' to cache_key")
        if wrong:
            more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
            raise ValueError("; ".join(f"rules{text}" for text in wrong[:_SHOWN]) + more)
        packed = edge_module("rule_router.packing").pack(self._rules)
        settings = {"kind": "static", "file": _STATIC_FILE, **_memory(_FOR_EVER)}
        return _Bound(settings, {}, {_STATIC_FILE: packed})


class _TableSource(RuleSource):
    def __init__(self, replica_regions: Sequence[str]) -> None:
        self._replica_regions = replica_regions

    def _bind(self, router: RuleRouter, allowed: Any, ttl: Duration) -> _Bound:  # noqa: ARG002 - as the other sources
        table = RoutingTable(router, "Table", replica_regions=self._replica_regions)
        regions = list(table.regions)
        settings = {"kind": "dynamodb", "regions": regions, **_remote(regions, ttl)}
        return _Bound(settings, {"table": table.table.table_name}, {}, table.grant_read, table)


class _BucketSource(RuleSource):
    def __init__(self, buckets: Mapping[str, s3.IBucket], prefix: str) -> None:
        if not buckets:
            raise refusal("buckets", "at least one by its Region", {}, "there is nothing to read rules from")
        if is_token(prefix) or prefix.startswith("/"):
            raise refusal("prefix", "text known at synth, without a / at the start", prefix, "keys start with it")
        if set(prefix) & _POLICY_CHARACTERS:
            raise refusal(
                "prefix", "without *, ? and $", prefix, "the policy of the function's role would let it read other keys"
            )
        self._buckets = {region: _rules_bucket(region, bucket) for region, bucket in buckets.items()}
        self._prefix = prefix

    def _bind(self, router: RuleRouter, allowed: Any, ttl: Duration) -> _Bound:  # noqa: ARG002 - as the other sources
        for bucket in self._buckets.values():
            bucket.deploy_before(stack_of(router))
        names = {region: bucket.name for region, bucket in self._buckets.items()}
        settings = {
            "kind": "s3",
            "buckets": names,
            "prefix": self._prefix,
            "deadline": _BUCKETS_DEADLINE,
            **_remote(list(names), ttl),
        }
        return _Bound(settings, {}, {}, self._grant_read)

    def _grant_read(self, function: EdgeFunction) -> None:
        for bucket in self._buckets.values():
            function.role.add_to_principal_policy(
                iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{bucket.arn}/{self._prefix}*"])
            )
            answer(
                function.role,
                {
                    resource_of(
                        function, f"{bucket.arn}/{self._prefix}*"
                    ): "There is an object for each host, below one prefix."
                },
            )
            # Without it S3 answers 403 where there is nothing, as it does where the role may not read.
            function.role.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=["s3:ListBucket"],
                    resources=[bucket.arn],
                    conditions={"StringLike": {"s3:prefix": [f"{self._prefix}*"]}},
                )
            )


def _may_loop(rule: Mapping[str, Any], host: str) -> bool:
    """Whether a rule redirects to a host, and to a path that may be the rule's own."""
    path: str = rule["path"]
    start = path.removesuffix("*")
    for done in (choice["then"] for choice in rule.get("choices", [rule])):
        asked, slash, rest = done.get("redirect", {}).get("to", "").removeprefix("https://").partition("/")
        # A template that begins with {path} has the slash in that.
        if asked.partition("{")[0] != host:
            continue
        known, brace, _ = (asked.removeprefix(host) + slash + rest).partition("?")[0].partition("{")
        if brace or path.endswith("*"):
            same = min(len(known), len(start)) if brace else len(start)
            if known[:same] == start[:same]:
                return True
        elif (known or "/") == path:
            return True
    return False


def _rules_bucket(region: str, bucket: s3.IBucket) -> NamedBucket:
    argument = f"buckets[{region!r}]"
    named = named_bucket(argument, bucket)
    if is_token(named.name):
        raise refusal(
            argument, "a bucket whose name is known at synth", bucket.node.path, "it is baked into the function"
        )
    if not is_token(named.region) and named.region != region:
        raise refusal(
            argument,
            f"a bucket in {region}",
            named.region,
            "it is asked there; one that is imported without its region is taken for one of the stack's",
        )
    return named


def _remote(regions: list[str], ttl: Duration) -> dict[str, Any]:
    return {"order": nearest(regions), **_memory(baked_seconds("ttl", ttl))}


def _memory(ttl: int) -> dict[str, Any]:
    return {"ttl": ttl, "back_off": _BACK_OFF, "max_size": _REMEMBERED}


def _allowed(
    origins: Sequence[str],
    redirect_hosts: Sequence[str],
    request_headers: Sequence[str],
    cache_key: Sequence[str] | None,
) -> Any:
    """What the rules are judged by, as the engine has it."""
    is_host = edge_module("common.hosts").is_host
    for host in redirect_hosts:
        if is_token(host) or host.startswith("*") or not is_host(host):
            raise refusal("redirect_hosts", "names of hosts in lower case, known at synth", host, "rules name them")
    settable = edge_module("rule_router.actions").settable
    for name in request_headers:
        # A prefix is judged by a name that starts so.
        start = name.lower().removesuffix("*")
        if is_token(name) or not start or not settable(start + ("a" if name.endswith("*") else "")):
            raise refusal(
                "request_headers",
                "names of headers, or starts of names and '*', that CloudFront lets a function set",
                name,
                "see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html",
            )
    attributes = None
    if cache_key is not None:
        attributes = frozenset(_attributes(cache_key))
    return edge_module("rule_router.problems").Allowed(
        frozenset(origins),
        frozenset(redirect_hosts),
        tuple(name.lower() for name in request_headers),
        attributes,
    )


def _attributes(cache_key: Sequence[str]) -> list[str]:
    """What a cache key holds, each once: a header is the same in capitals."""
    return list(dict.fromkeys(map(_attribute, cache_key)))


def _attribute(name: str) -> str:
    if name in ("host", "query"):
        return name
    try:
        found: str = edge_module("rule_router.attributes").attribute(name, in_template=False).name
    except ValueError as error:
        # The rest of the message lists what conditions can test.
        raise refusal("cache_key", _IN_CACHE_KEYS, name, str(error).partition("; write")[0]) from None
    if found == "method":
        raise refusal(
            "cache_key", "without the method", name, "CloudFront keeps answers to each method apart by itself"
        )
    kind, dot, key = found.partition(".")
    why = unusable_in_key(kind, key) if dot else None
    if why is not None:
        allowed, reason = why
        raise refusal("cache_key", allowed, name, reason)
    return found


def _routing_inputs(attributes: Iterable[str]) -> RoutingInputs:
    """The parts of a request that decide, as cache policies name them."""
    names = list(attributes)
    single = {"host": "Host", "country": "CloudFront-Viewer-Country"}
    parts = [name.partition(".") for name in names]
    return RoutingInputs(
        headers=[
            *(single[name] for name in names if name in single),
            *(spelled(key) for kind, _, key in parts if kind == "header"),
        ],
        cookies=[key for kind, _, key in parts if kind == "cookie"],
        query_strings=[key for kind, dot, key in parts if kind == "query" and dot],
        all_query_strings="query" in names,
    )
