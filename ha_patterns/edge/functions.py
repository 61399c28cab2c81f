"""Lambda@Edge functions: how one of this library's is packaged, what it may do, and what guards it."""

from __future__ import annotations

import ast
import json
import math
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import jsii
from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IValidation

from ..aws.distributions import POLICY_NAMES
from ..aws.edge_functions import LARGEST_CODE, LEAST_MEMORY, LONGEST_TIMEOUT, MOST_MEMORY
from ..aws.headers import spelled
from ..aws.policies import Selection, missing_inputs
from ..cdk.references import follow_producers
from ..cdk.reviews import answer, resource_of
from ..cdk.told import usual
from ..cdk.typed import check_typed, typed
from ..cdk.validation import (
    check_header,
    check_seconds,
    check_whole_number,
    duration,
    is_token,
    refusal,
    template_seconds,
    warn,
)
from ._source import source_folder
from .behaviors import EdgeBehavior, Sends, behaviors_with
from .inputs import RoutingInputs
from .judged import is_judged, refuse_access_point, warn_of_quotas
from .kept import ALL_BUT_HOST, NOT_KEPT, behavior_fields, keeps
from .policies import cache_policy_of
from .regions import outermost_stack_of, require_edge_stack, stack_of

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html"
_LIMITS = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"

#: How the headers of the configured origin are named that carry what only the deploy knows; the function takes them
#: out.
CONFIGURATION_PREFIX = "x-ha-edge-"
#: The header of the configured origin that tells the function that the behavior may keep answers.
KEPT_HEADER = f"{CONFIGURATION_PREFIX}kept"

_ORIGIN_EVENTS = {
    cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST: "origin-request",
    cloudfront.LambdaEdgeEventType.ORIGIN_RESPONSE: "origin-response",
}
_LONGEST_COMMENT = 128
_LONGEST_SHOWN = 60
# See https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
_NOT_IN_LOG_GROUPS = re.compile(r"[^A-Za-z0-9._/#-]")

#: What can be baked.
_JSON = Mapping[str, Any] | Sequence[Any] | str | float | bool | None

#: Says what is wrong with a behavior that the function is on; None where nothing is.
Judge = Callable[[EdgeBehavior], str | None]


# What an asset of a function has already.
_OWN_FILES = ("lambda_edge", "config.json")
_FILE = re.compile(r"[A-Za-z0-9._/-]+")


@typed
class EdgeFunction(Construct):
    """One function of ``lambda_edge`` on CloudFront's origin events, with its role, its version and its guards.

    What is under the routers of this library, which make theirs with it. What was known at synth is baked into the
    asset, since Lambda@Edge has no environment variables; what only the deploy knows travels in custom headers of the
    configured origin, which a viewer cannot forge. The same input gives the same asset.

    Every behavior that the function is on, in its stack or one that depends on it, is judged at synth: whether what it
    reads is in the cache key, or at least sent on, and whether Lambda@Edge allows the combination at all.

    The checks of any template do the same (HA108, HA112). The function's resource tells them what it reads, in its
    metadata, and another function's may::

        Metadata:
          ha-patterns:
            reads: {headers: [x-version], cookies: [home], query_strings: [v], by_region: true}
            sends: {query_strings: [v], hosts: true}

    Each key is there only if there is something to declare. ``sends`` names the parameters of the query string that
    the function lets through, if it drops all others; ``hosts: true`` declares that it may send a request to a host
    that is no bucket, whatever the configured origin is. ``all_query_strings: true`` under ``reads`` declares that the
    function reads the whole query string.

    A behavior that keeps answers (its cache policy has a MaxTTL above 0) sends the origin its cache key and no more,
    takes reads only, and sets no cookie. Otherwise CloudFront would send one viewer's answer to others.

    Creates the function and a version, both kept when the stack is deleted, since Lambda refuses to delete what
    CloudFront has replicated; a role that Lambda and Lambda@Edge may take, which writes logs and nothing else.

    Args:
        function: The folder of ``lambda_edge``.
        handler: The function in its module ``handler``, by a name that the module has. Default ``handler``.
        event_type: ``ORIGIN_REQUEST`` or ``ORIGIN_RESPONSE``.
        configuration: What the function knows at synth; JSON values without tokens.
        configuration_headers: What it knows at deploy, by name without the prefix. Each behavior's origins must carry
            them: see ``custom_headers``. Default: none.
        files: Further files of the asset, by their path in it, with ``/``: none that the function has already.
            Default: none.
        inputs: What of a request, beside its path, decides what the function does. Default: nothing.
        drops_query_strings: Whether the function drops every parameter of the query string that is not one of
            ``inputs``, if answers are kept. Lambda@Edge sees a query string only if all of it is sent on, so a single
            parameter can decide on such a behavior in no other way. Default False.
        chooses_hosts: Whether the function may send a request to a host that is no bucket. A bucket as the configured
            origin then tells nothing of who answers. Default False.
        told_if_kept: Whether a header of the configured origin must tell the function that the behavior keeps answers.
            Default False.
        uses_region: Whether it chooses by the Region it runs in, which Origin Shield would make one and the same.
            Default False.
        judges: Further demands on the behaviors it is on, beside those that the configuration comes with, as that of
            ``DeclaredOrigins`` does. Default: none.
        memory_size: MB, 128 to 10240; processor time goes with it. Default 1024.
        timeout: 1 to 30 seconds; what a function of this library waits for is bounded far below. Default 5 seconds.
        description: Shown in the console. Default: none.

    Attributes:
        function: The Lambda function.
        version: Its version, which CloudFront replicates.
        role: Its role.
        edge_lambda: The association, for the ``edge_lambdas`` of any behavior.
        inputs: As given.
        log_group_name: The name of its log group, in each Region where it runs: ``/ha-patterns/``, its stack and its
            path. ``EdgeFunctionLogs`` makes the group; where nobody does, Lambda makes it, and keeps it for ever.
        custom_headers: The configuration headers, for the custom headers of the configured origin.
        kept_headers: The same, for the configured origin of behaviors that keep answers; with ``told_if_kept``, the
            header that tells the function so is among them.

    Raises:
        ValueError: A stack of another Region than us-east-1; a viewer event; no function of ``lambda_edge``, or no
            handler of it; a file that is no path in the asset, or one of the function's own; a token, or what JSON does
            not hold, in what is baked; memory or time-out out of Lambda@Edge's range; an asset larger than it takes.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: str,
        handler: str = "handler",
        event_type: cloudfront.LambdaEdgeEventType,
        configuration: Mapping[str, Any],
        configuration_headers: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        inputs: RoutingInputs | None = None,
        drops_query_strings: bool = False,
        chooses_hosts: bool = False,
        told_if_kept: bool = False,
        uses_region: bool = False,
        judges: Sequence[Judge] = (),
        memory_size: int = 1024,
        timeout: Duration | None = None,
        description: str | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        follow_producers(stack_of(self))
        require_edge_stack(self, "a Lambda@Edge function", "CloudFront replicates functions from there only")
        if event_type not in _ORIGIN_EVENTS:
            raise refusal(
                "event_type", " or ".join(_ORIGIN_EVENTS.values()), event_type.name, "viewers' events choose no origin"
            )
        allowed = f"Lambda@Edge allows no other, see {_LIMITS}"
        check_whole_number("memory_size", memory_size, LEAST_MEMORY, MOST_MEMORY, allowed)
        timeout = timeout or duration(5)
        check_seconds("timeout", timeout, 1, LONGEST_TIMEOUT, allowed)
        self._warn_of_defaults(memory_size, timeout)
        functions = sorted(path.parent.name for path in source_folder().glob("*/handler.py"))
        if function not in functions:
            given = "a token, known only at deploy" if is_token(function) else function[:_LONGEST_SHOWN]
            raise refusal("function", f"one of {', '.join(functions)}", given, "it is a folder of lambda_edge")
        _check_handler(function, handler)
        _check_files(function, files or {})
        # In this order: what is no JSON cannot be asked whether it is a token.
        _refuse_no_json("configuration", configuration)
        refuse_tokens("configuration", configuration)
        for name, value in (configuration_headers or {}).items():
            check_header("configuration_headers", name, value)
        self.custom_headers = {
            f"{CONFIGURATION_PREFIX}{name}": value for name, value in (configuration_headers or {}).items()
        }
        self.kept_headers = {**self.custom_headers, **({KEPT_HEADER: "true"} if told_if_kept else {})}
        self.inputs = inputs or RoutingInputs()
        self.log_group_name = _log_group_name(self)
        self._warn_of_policy_quotas()
        self._sends = Sends(
            query_strings=frozenset(self.inputs.query_strings)
            if drops_query_strings and self.inputs.query_strings
            else None,
            hosts=chooses_hosts,
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("lambda.amazonaws.com"), iam.ServicePrincipal("edgelambda.amazonaws.com")
            ),
            description=f"The edge function {self.node.path}",
        )
        with tempfile.TemporaryDirectory() as folder:
            _write_asset(Path(folder), function, configuration, files or {})
            self.function = lambda_.Function(
                self,
                "Function",
                runtime=lambda_.Runtime.PYTHON_3_14,
                handler=f"lambda_edge.{function}.handler.{handler}",
                code=lambda_.Code.from_asset(folder),
                role=self.role,
                memory_size=memory_size,
                timeout=timeout,
                description=description,
                current_version_options=lambda_.VersionOptions(removal_policy=RemovalPolicy.RETAIN),
            )
        resource = self.function.node.default_child
        assert isinstance(resource, lambda_.CfnFunction)
        declared = _declared(self.inputs, uses_region=uses_region, sends=self._sends)
        if declared:
            resource.add_metadata("ha-patterns", declared)
        # Of a log group that the CDK may make, as the app's flags say: replicas write to one in each Region.
        self.function.node.try_remove_child("LogGroup")
        # A group of this name has no prefix of a Region, so it is known at synth, and may be there first.
        resource.logging_config = lambda_.CfnFunction.LoggingConfigProperty(
            log_format="JSON", log_group=self.log_group_name
        )
        self.function.apply_removal_policy(RemovalPolicy.RETAIN)
        self.version = self.function.current_version
        # It names the function, so it is made after it; and it has to be there before the first use.
        self.version.node.add_dependency(self._logs_policy())
        self.edge_lambda = cloudfront.EdgeLambda(function_version=self.version, event_type=event_type)
        self._event_type = _ORIGIN_EVENTS[event_type]
        self._uses_region = uses_region
        self._judges = [*judges, *(each for each in _judges_in(configuration) if each not in judges)]
        self._cache_policy: cloudfront.CachePolicy | None = None
        self.node.add_validation(_Associations(self))

    def _warn_of_defaults(self, memory_size: int, timeout: Duration) -> None:
        """Warn of what the defaults of parameters make refused."""
        memory, time = usual(memory_size), usual(timeout)
        for name, value, most in (
            ("memory_size", memory, MOST_MEMORY),
            ("timeout", None if is_token(time) else template_seconds(time), LONGEST_TIMEOUT),
        ):
            if value is not None and not is_token(value) and value > most:
                warn(
                    self,
                    "edge-function:default",
                    f"by the default of a parameter, {name} is {value:g}, and Lambda@Edge allows at most {most}, see "
                    f"{_LIMITS}",
                )

    def behavior(
        self,
        origin: cloudfront.IOrigin,
        *,
        cache_policy: cloudfront.ICachePolicy | None = None,
        origin_request_policy: cloudfront.IOriginRequestPolicy | None = None,
        allowed_methods: cloudfront.AllowedMethods | None = None,
        response_headers_policy: cloudfront.IResponseHeadersPolicy | None = None,
    ) -> cloudfront.BehaviorOptions:
        """A behavior with the function on it, for any distribution of this stack.

        With a cache policy that keeps answers, the origin gets the cache key and nothing else that viewers send. If the
        key holds a cookie, ``Set-Cookie`` is removed from answers. See
        https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html

        Creates, if none is given and one is needed, an origin request policy and a response headers policy; behaviors
        share them.

        Args:
            origin: The configured origin, with ``custom_headers`` on it, or ``kept_headers`` if answers are kept. The
                origin is asked if the function cannot decide. Its name must always resolve: CloudFront answers 502
                before the function runs otherwise.
            cache_policy: Whether answers are kept, and by which cache key: see ``cache_policy``. Default:
                ``CACHING_DISABLED``.
            origin_request_policy: The policy of what is sent on. Default: all that the viewer sends, without Host
                unless the function reads it; nothing beyond the cache key if answers are kept, except that all query
                strings go to a function with ``drops_query_strings``.
            allowed_methods: The methods that viewers may use. Default: all; GET and HEAD if answers are kept.
            response_headers_policy: The policy of headers that are set on answers, or removed. Default: none; one that
                removes Set-Cookie if answers are kept by a cookie.

        Raises:
            ValueError: Answers are kept, and a policy sends the origin what the cache key does not hold and an answer
                may depend on; methods that write are allowed, and the key does not hold all cookies and query strings;
                or a response headers policy leaves Set-Cookie in.
        """
        cache_policy = cache_policy or NOT_KEPT
        if origin_request_policy is None:
            origin_request_policy = self._default_request_policy(cache_policy)
        fields = behavior_fields(
            self,
            cache_policy=cache_policy,
            origin_request_policy=origin_request_policy,
            allowed_methods=allowed_methods,
            response_headers_policy=response_headers_policy,
            unkept_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            passes=self._sends.query_strings,
        )
        return cloudfront.BehaviorOptions(
            origin=origin,
            edge_lambdas=[self.edge_lambda],
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            **fields,
        )

    def cache_policy(
        self,
        *,
        default_ttl: Duration | None = None,
        min_ttl: Duration | None = None,
        max_ttl: Duration | None = None,
    ) -> cloudfront.CachePolicy:
        """The cache policy with what the function reads in the cache key; the same one each time.

        Args:
            default_ttl: Where the origin says nothing. Default: 1 day.
            min_ttl: The least. Default: 0.
            max_ttl: The most. Default: 1 year.

        Raises:
            ValueError: Other times than at the first call; a ``max_ttl`` of 0, with which CloudFront takes no key.
        """
        times = (default_ttl, min_ttl, max_ttl)
        if max_ttl is not None and template_seconds(max_ttl) == 0:
            raise refusal("max_ttl", "more than 0", "0 s", "nothing would be cached: use CachePolicy.CACHING_DISABLED")
        if self._cache_policy is not None:
            if any(times):
                raise ValueError(
                    "default_ttl, min_ttl and max_ttl are those of the first call: cache_policy() has been called "
                    "before; keep what it returned, or make a cache policy of your own with the same key"
                )
            return self._cache_policy
        inputs = self.inputs
        self._cache_policy = cloudfront.CachePolicy(
            self,
            "CachePolicy",
            comment=f"What {self.node.path} reads"[:_LONGEST_COMMENT],
            default_ttl=default_ttl,
            min_ttl=min_ttl,
            max_ttl=max_ttl,
            header_behavior=cloudfront.CacheHeaderBehavior.allow_list(*map(spelled, inputs.headers))
            if inputs.headers
            else None,
            cookie_behavior=cloudfront.CacheCookieBehavior.allow_list(*inputs.cookies) if inputs.cookies else None,
            query_string_behavior=_keyed_query_strings(inputs),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )
        return self._cache_policy

    def problems(self) -> Iterator[str]:
        """What is wrong with the behaviors that the function is on; each ends a synth."""
        for behavior in behaviors_with(stack_of(self), self.version):
            for judge in (
                self._refuse_combination,
                self._refuse_origins,
                self._refuse_missing_headers,
                self._refuse_cache_key,
                self._refuse_dropped_query,
                *self._judges,
            ):
                problem = judge(behavior)
                if problem is not None:
                    yield f"{behavior.name} {problem}"
            self._judge_distribution(behavior)
            # Told once: a function of responses is on the same behavior.
            if self._event_type == "origin-request":
                for finding in behavior.kept(self._sends).findings():
                    if finding.refused:
                        yield f"{behavior.name} {finding.text}"

    def _judge_distribution(self, behavior: EdgeBehavior) -> None:
        """Warn of quotas of a distribution that nothing else of this library judges."""
        owner = behavior.distribution.node.scope
        if owner is None or not is_judged(owner):
            warn_of_quotas(behavior.distribution)

    def _warn_of_policy_quotas(self) -> None:
        inputs = self.inputs
        for kind in ("headers", "cookies", "query_strings"):
            count = len(getattr(inputs, kind))
            if count > POLICY_NAMES:
                warn(
                    self,
                    "edge-function:quota",
                    f"the function reads {count} {kind}, and a policy of CloudFront takes {POLICY_NAMES} unless the "
                    f"quota is raised: ask for a higher one before the deploy, or read fewer, see {_LIMITS}",
                )

    def _refuse_combination(self, behavior: EdgeBehavior) -> str | None:
        if behavior.event_types.count(self._event_type) > 1:
            return (
                f"has two functions on {self._event_type}, and Lambda@Edge runs one: give one of them its own behavior"
            )
        return None

    def _refuse_origins(self, behavior: EdgeBehavior) -> str | None:
        owner = behavior.distribution.node.scope
        if (owner is None or not is_judged(owner)) and (problem := refuse_access_point(behavior)):
            return problem
        for origin in behavior.origins:
            if origin.get("vpcOriginConfig"):
                return f"has a VPC origin, on which Lambda@Edge has no origin events: use a public origin, see {_PAGE}"
            if self._uses_region and (origin.get("originShield") or {}).get("enabled"):
                return (
                    "has Origin Shield on, which makes the function run in the shield's Region for all viewers, and it "
                    "chooses by the Region it runs in: turn origin_shield_enabled off"
                )
        return None

    def _refuse_missing_headers(self, behavior: EdgeBehavior) -> str | None:
        for origin in behavior.origins:
            carried = {str(header["headerName"]).lower() for header in origin.get("originCustomHeaders") or ()}
            missing = sorted(self.custom_headers.keys() - carried)
            if not missing and behavior.caches and self.kept_headers.keys() - carried:
                return (
                    "keeps answers, and its origin does not tell the function so, whose guesses would be kept for all "
                    "viewers: make the behavior with behavior(), or give it kept_origin, or an origin with "
                    "custom_headers=...kept_headers"
                )
            if missing:
                return (
                    f"has an origin without the headers that tell the function what only the deploy knows "
                    f"({', '.join(missing)}): make it with custom_headers=...custom_headers"
                )
        return None

    def _refuse_cache_key(self, behavior: EdgeBehavior) -> str | None:
        if not self.inputs:
            return None
        key, sent = behavior.cache_key, behavior.request_policy
        if key is None or (not key.caches and sent is None):
            return (
                "has a policy that cannot be seen from here, so nothing tells whether what the function reads "
                f"({', '.join(self.inputs.labels)}) is in it: make the policy in the distribution's stack or the "
                f"function's, for instance with cache_policy(){self._between_stacks(behavior)}"
            )
        if key.caches:
            missing, place, remedy = (
                missing_inputs(self.inputs, key),
                "in its cache key",
                "use cache_policy(), or CACHING_DISABLED",
            )
        else:
            assert sent is not None
            missing = [
                label for label in missing_inputs(self.inputs, key) if label in missing_inputs(self.inputs, sent)
            ]
            place, remedy = "sent on by its origin request policy", "leave origin_request_policy to behavior()"
        if missing:
            return f"does not have {', '.join(missing)} {place}, by which the function chooses: {remedy}"
        return None

    def _between_stacks(self, behavior: EdgeBehavior) -> str:
        # A nested stack's own name is known only at deploy.
        own, other = stack_of(self).node.path, behavior.stack.node.path
        return "" if own == other else f" (the function is in stack {own}, the distribution in stack {other})"

    def _refuse_dropped_query(self, behavior: EdgeBehavior) -> str | None:
        key, passed = behavior.cache_key, self._sends.query_strings
        if passed is None or key is None or not key.caches:
            return None
        if not key.query_strings.without(Selection("some", passed)):
            return None
        return (
            f"has query strings in its cache key that the function drops, which lets {', '.join(sorted(passed))} "
            "through alone: use cache_policy(), or have it read the whole query string, as RuleRouter does with "
            "cache_key=['query']"
        )

    def _default_request_policy(self, cache_policy: cloudfront.ICachePolicy) -> cloudfront.IOriginRequestPolicy | None:
        if not keeps(cache_policy):
            return self._origin_request_policy()
        key, passed = cache_policy_of(cache_policy), self._sends.query_strings
        # A key without these parameters is refused at synth, for what it lacks.
        if passed and key is not None and all(name in key.query_strings for name in passed):
            return self._query_string_policy()
        return None

    def _query_string_policy(self) -> cloudfront.IOriginRequestPolicy:
        """All query strings and nothing else: Lambda@Edge shows a function none unless all are sent on."""
        found: Any = self.node.try_find_child("QueryStrings")
        return found or cloudfront.OriginRequestPolicy(
            self,
            "QueryStrings",
            comment=f"The query string, of which {self.node.path} drops the rest"[:_LONGEST_COMMENT],
            query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
        )

    def _origin_request_policy(self) -> cloudfront.IOriginRequestPolicy:
        names = [name.lower() for name in self.inputs.headers]
        made = [spelled(name) for name in self.inputs.headers if name.lower().startswith("cloudfront-")]
        if made:
            found: Any = self.node.try_find_child("OriginRequestPolicy")
            return found or cloudfront.OriginRequestPolicy(
                self,
                "OriginRequestPolicy",
                comment=f"What {self.node.path} reads, and all else that viewers send"[:_LONGEST_COMMENT],
                header_behavior=cloudfront.OriginRequestHeaderBehavior.all(*made),
                cookie_behavior=cloudfront.OriginRequestCookieBehavior.all(),
                query_string_behavior=cloudfront.OriginRequestQueryStringBehavior.all(),
            )
        if "host" in names:
            return cloudfront.OriginRequestPolicy.ALL_VIEWER
        return ALL_BUT_HOST

    def _logs_policy(self) -> iam.Policy:
        log_group = f"arn:{Aws.PARTITION}:logs:*:{Aws.ACCOUNT_ID}:log-group:{self.log_group_name}"
        policy = iam.Policy(
            self,
            "Logs",
            roles=[self.role],
            statements=[
                iam.PolicyStatement(
                    actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[log_group, f"{log_group}:*"],
                )
            ],
        )
        reason = "Lambda@Edge writes to this one log group in whichever Region it runs."
        answer(policy, {resource_of(self, part): reason for part in (log_group, f"{log_group}:*")})
        return policy


@jsii.implements(IValidation)
class _Associations:
    def __init__(self, function: EdgeFunction) -> None:
        self._function = function

    def validate(self) -> list[str]:
        return list(self._function.problems())


def _declared(inputs: RoutingInputs, *, uses_region: bool, sends: Sends) -> dict[str, Any]:
    """The metadata of a function's resource: what it reads and lets through; see ``topology.model``."""
    names = {"headers": inputs.headers, "cookies": inputs.cookies, "query_strings": inputs.query_strings}
    reads = {
        **{kind: list(given) for kind, given in names.items() if given},
        **({"all_query_strings": True} if inputs.all_query_strings else {}),
        **({"by_region": True} if uses_region else {}),
    }
    sent = {
        **({} if sends.query_strings is None else {"query_strings": sorted(sends.query_strings)}),
        **({"hosts": True} if sends.hosts else {}),
    }
    return {name: part for name, part in (("reads", reads), ("sends", sent)) if part}


def _log_group_name(function: EdgeFunction) -> str:
    """The stack's own name is in it, which no other stack of the account has in this Region."""
    stack = outermost_stack_of(function)
    path = function.node.path.removeprefix(f"{stack.node.path}/")
    plain = _NOT_IN_LOG_GROUPS.sub("-", path)
    return f"/ha-patterns/{stack.stack_name}/{plain if plain == path else f'{plain}-{function.node.addr[-8:]}'}"


def _keyed_query_strings(inputs: RoutingInputs) -> cloudfront.CacheQueryStringBehavior | None:
    if inputs.all_query_strings:
        return cloudfront.CacheQueryStringBehavior.all()
    return cloudfront.CacheQueryStringBehavior.allow_list(*inputs.query_strings) if inputs.query_strings else None


class JudgedConfiguration(dict[str, Any]):
    """A part of what a function knows that comes with a demand on the behaviors that the function is on.

    Attributes:
        judge: The demand; None if there is none.
    """

    judge: Judge | None = None


def _judges_in(configuration: object) -> Iterator[Judge]:
    """The demands that come with a configuration, or with a part of it."""
    if isinstance(configuration, JudgedConfiguration) and configuration.judge is not None:
        yield configuration.judge
    parts: Iterable[object] = ()
    if isinstance(configuration, Mapping):
        parts = configuration.values()
    elif isinstance(configuration, Sequence) and not isinstance(configuration, str):
        parts = configuration
    for part in parts:
        yield from _judges_in(part)


def _check_handler(function: str, handler: str) -> None:
    """Refuse a handler that the module of a function does not have."""
    module = ast.parse((source_folder() / function / "handler.py").read_text(encoding="utf-8"))
    names = [name for node in module.body if (name := _handler_of(node)) is not None]
    if handler not in names:
        given = "a token, known only at deploy" if is_token(handler) else handler[:_LONGEST_SHOWN]
        raise refusal("handler", f"one of {', '.join(names)}", given, f"it is a function of {function}/handler.py")


def _handler_of(node: ast.stmt) -> str | None:
    """The name of the handler that a statement of a module makes; None if it makes none."""
    match node:
        case ast.FunctionDef(name=name, args=ast.arguments(args=[ast.arg(arg="event"), ast.arg(arg="context")])):
            return name
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="entry")))
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=ast.Name(id="entry")))
        ):
            return name
    return None


def _check_files(function: str, files: Mapping[str, bytes]) -> None:
    """Refuse files that would be outside of the asset, or that would take the place of what the function is made of."""
    for name in files:
        path = PurePosixPath(name)
        is_inside = path.parts and not path.is_absolute() and ".." not in path.parts
        if is_token(name) or not is_inside or str(path) != name or not _FILE.fullmatch(name):
            given = "a token, known only at deploy" if is_token(name) else name[:_LONGEST_SHOWN]
            raise refusal("files", "by paths in the asset such as data/rules.json", given, "the asset is a folder")
        if path.parts[0] in _OWN_FILES:
            raise refusal("files", f"without {' and '.join(_OWN_FILES)}", name, f"these are what {function} is made of")


def refuse_tokens(place: str, value: object) -> None:
    """What is baked is text in a file: a token would be its internal name."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            refuse_tokens(f"{place}[{key!r}]", part)
    elif isinstance(value, Sequence) and not isinstance(value, str) and not is_token(value):
        for index, part in enumerate(value):
            refuse_tokens(f"{place}[{index}]", part)
    elif is_token(value):
        raise ValueError(
            f"{place} is a token, known only at deploy, and what the function knows is baked at synth: give plain "
            "text, or pass it in a configuration header of the configured origin"
        )


def _refuse_no_json(place: str, value: object) -> None:
    """What is baked is written as JSON."""
    check_typed(place, value, _JSON)
    if isinstance(value, float) and not math.isfinite(value):
        raise refusal(place, "a finite number", value, "it is baked into the function's asset as JSON")
    if isinstance(value, Mapping):
        for key, part in value.items():
            _refuse_no_json(f"{place}[{key!r}]", part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, part in enumerate(value):
            _refuse_no_json(f"{place}[{index}]", part)


def _as_json(value: Any) -> Any:
    """What JSON holds of a mapping that is no dictionary, and of a sequence that is no list."""
    return dict(value) if isinstance(value, Mapping) else list(value)


def _write_asset(folder: Path, function: str, configuration: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    source = source_folder()
    without = shutil.ignore_patterns("__pycache__", "*.js")
    for name in ("common", function):
        shutil.copytree(source / name, folder / "lambda_edge" / name, ignore=without)
    baked = json.dumps(configuration, sort_keys=True, separators=(",", ":"), default=_as_json).encode()
    for name, content in {"config.json": baked, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    largest = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if largest > LARGEST_CODE:
        zipped = sum(len(zlib.compress(path.read_bytes())) for path in folder.rglob("*") if path.is_file())
        if zipped > LARGEST_CODE:
            raise refusal(
                "configuration",
                f"at most {LARGEST_CODE} bytes when zipped, with the function's code",
                zipped,
                f"Lambda@Edge takes no more, see {_LIMITS}; keep what is so large in a table or bucket",
            )
