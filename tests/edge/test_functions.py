"""An edge function is what Lambda@Edge takes, and every behavior that it is on is judged at synth."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as cloudfront_origins
from aws_cdk.assertions import Match, Template
from constructs import Construct

from ha_patterns import EdgeDistribution, EdgeFunction, Endpoint, RoutingInputs
from ha_patterns.edge.behaviors import EdgeBehavior

from ..samples import ALL_FLAGS, new_balancer, new_stack, only, refused_synth, stack_in, text_token, warnings_of

_NOT_CACHED = cloudfront.CachePolicy.CACHING_DISABLED
_ORIGIN_REQUEST = cloudfront.LambdaEdgeEventType.ORIGIN_REQUEST

pytestmark = pytest.mark.usefixtures("source")


def _function(stack: Construct, construct_id: str = "Router", **given: Any) -> EdgeFunction:
    return EdgeFunction(
        stack,
        construct_id,
        **{"function": "sample", "event_type": _ORIGIN_REQUEST, "configuration": {"origins": {}}, **given},
    )


def _origin(function: EdgeFunction | None = None, **given: Any) -> cloudfront.IOrigin:
    headers = function.custom_headers if function else {}
    return Endpoint.http_host("origin.example.com", **given).origin(custom_headers=headers)


def _errors(
    inputs: RoutingInputs | None = None,
    *,
    behavior: Callable[[EdgeFunction], cloudfront.BehaviorOptions] | None = None,
    **given: Any,
) -> str:
    """What a synth says of a distribution with the function on its one behavior; empty where it is content."""
    stack = new_stack()
    function = _function(stack, inputs=inputs, **given)
    options = behavior(function) if behavior else function.behavior(_origin(function))
    cloudfront.Distribution(stack, "Site", default_behavior=options)
    return "\n".join(function.problems())


def _with(**options: Any) -> Callable[[EdgeFunction], cloudfront.BehaviorOptions]:
    return lambda function: cloudfront.BehaviorOptions(
        **{"origin": _origin(function), "edge_lambdas": [function.edge_lambda], **options}
    )


def _asset(stack: cdk.Stack) -> dict[str, bytes]:
    """The files of the one asset, once synthesized."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    folder = Path(app.synth().directory)
    (asset,) = [path for path in folder.iterdir() if path.name.startswith("asset.")]
    assert not zipfile.is_zipfile(asset)
    return {str(path.relative_to(asset)): path.read_bytes() for path in sorted(asset.rglob("*")) if path.is_file()}


def test_the_function_is_one_that_cloudfront_can_replicate() -> None:
    stack = new_stack()
    function = _function(stack, description="Routes")
    template = Template.from_stack(stack)

    made = only(template, "AWS::Lambda::Function")
    assert {name: made[name] for name in ("Runtime", "Handler", "MemorySize", "Timeout", "Description")} == {
        "Runtime": "python3.14",
        "Handler": "lambda_edge.sample.handler.handler",
        "MemorySize": 1024,
        "Timeout": 5,
        "Description": "Routes",
    }
    assert (
        not {"Environment", "VpcConfig", "Layers", "DeadLetterConfig", "TracingConfig", "Architectures"} & made.keys()
    )
    assert function.edge_lambda.event_type is _ORIGIN_REQUEST


def test_function_and_version_outlive_the_stack_since_replicas_do() -> None:
    stack = new_stack()
    _function(stack)

    template = Template.from_stack(stack)

    for kind in ("AWS::Lambda::Function", "AWS::Lambda::Version"):
        template.has_resource(kind, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})


@pytest.mark.parametrize(
    ("given", "declared"),
    [
        ({}, None),
        ({"uses_region": True}, {"by_region": True}),
        (
            {"inputs": RoutingInputs(headers=["X-Version"], cookies=["home"], query_strings=["v"])},
            {"headers": ["X-Version"], "cookies": ["home"], "query_strings": ["v"]},
        ),
        ({"inputs": RoutingInputs(cookies=["home"]), "uses_region": True}, {"cookies": ["home"], "by_region": True}),
    ],
)
def test_its_resource_declares_to_checks_what_it_chooses_by(
    given: dict[str, Any], declared: dict[str, Any] | None
) -> None:
    stack = new_stack()
    _function(stack, **given)

    (resource,) = Template.from_stack(stack).find_resources("AWS::Lambda::Function").values()

    assert resource.get("Metadata", {}).get("ha-patterns") == (declared and {"reads": declared})


def test_the_role_is_for_lambda_and_its_edge_and_writes_one_log_group_in_any_region() -> None:
    stack = new_stack()
    _function(stack)
    template = Template.from_stack(stack)

    trust = only(template, "AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    assert {statement["Principal"]["Service"] for statement in trust} == {
        "edgelambda.amazonaws.com",
        "lambda.amazonaws.com",
    }
    (statement,) = only(template, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert all(action.startswith("logs:") and "*" not in action for action in statement["Action"])
    assert len(statement["Resource"]) == 2
    for resource in statement["Resource"]:
        parts = resource["Fn::Join"][1]
        assert parts[2] == ":logs:*:"
        assert parts[4].removesuffix(":*") == ":log-group:/ha-patterns/Test/Router"


@pytest.mark.parametrize("flags", [{}, ALL_FLAGS], ids=["no flags", "all flags"])
def test_it_logs_as_json_to_a_group_whose_name_synth_knows_and_that_it_does_not_make(flags: dict[str, Any]) -> None:
    stack = new_stack(flags=flags)
    function = _function(stack)
    template = Template.from_stack(stack)

    assert only(template, "AWS::Lambda::Function")["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": function.log_group_name,
    }
    template.resource_count_is("AWS::Logs::LogGroup", 0)


def test_the_log_groups_of_two_functions_never_have_one_name() -> None:
    app = cdk.App()
    env = cdk.Environment(region="us-east-1")
    one, other = (cdk.Stack(app, name, stack_name=f"edge-{name}", env=env) for name in ("One", "Other"))
    nested = cdk.NestedStack(one, "Nested")
    scopes = [one, other, nested, Construct(one, "A b"), Construct(one, "A-b")]
    names = [_function(scope).log_group_name for scope in scopes]

    assert names[:3] == [
        "/ha-patterns/edge-One/Router",
        "/ha-patterns/edge-Other/Router",
        "/ha-patterns/edge-One/Nested/Router",
    ]
    assert len(set(names)) == 5
    assert all(re.fullmatch(r"[\.\-_/#A-Za-z0-9]{1,512}", name) for name in names)


def test_the_version_waits_for_the_right_to_log() -> None:
    stack = new_stack()
    _function(stack)

    Template.from_stack(stack).has_resource(
        "AWS::Lambda::Version", {"DependsOn": Match.array_with([Match.string_like_regexp("RouterLogs")])}
    )


def test_the_asset_holds_the_function_what_all_share_and_what_it_knows() -> None:
    stack = new_stack()
    _function(stack, configuration={"b": [1, "x"], "a": None}, files={"rules/0.json": b"{}"})

    assert _asset(stack) == {
        "config.json": b'{"a":null,"b":[1,"x"]}',
        "lambda_edge/common/world.py": b"",
        "lambda_edge/sample/handler.py": b"def handler(event, context): ...\n",
        "rules/0.json": b"{}",
    }


def test_a_mapping_that_is_no_dictionary_is_baked_as_one() -> None:
    stack = new_stack()
    _function(stack, configuration=MappingProxyType({"homes": MappingProxyType({"eu-west-1": range(2)})}))

    assert _asset(stack)["config.json"] == b'{"homes":{"eu-west-1":[0,1]}}'


def test_the_same_input_gives_the_same_asset_and_another_one_another() -> None:
    def key(configuration: dict[str, Any]) -> str:
        stack = new_stack()
        _function(stack, configuration=configuration)
        code = only(Template.from_stack(stack), "AWS::Lambda::Function")["Code"]
        return str(code["S3Key"])

    assert key({"a": 1, "b": 2}) == key({"b": 2, "a": 1})
    assert key({"a": 1}) != key({"a": 2})


def test_a_behavior_made_by_the_function_is_content(source: Path) -> None:
    assert source
    for inputs in (
        None,
        RoutingInputs(headers=["x-version"], cookies=["home"], query_strings=["v"]),
        RoutingInputs(headers=["Host"]),
        RoutingInputs(headers=["CloudFront-Viewer-Country"]),
    ):
        assert not _errors(inputs, configuration_headers={"table": "t"})


def test_a_behavior_that_caches_by_the_functions_policy_is_content() -> None:
    inputs = RoutingInputs(headers=["x-version"], cookies=["home"], query_strings=["v"])

    assert not _errors(inputs, behavior=lambda made: made.behavior(_origin(), cache_policy=made.cache_policy()))


@pytest.mark.parametrize(
    ("inputs", "missing"),
    [
        (RoutingInputs(headers=["x-version"]), "header x-version"),
        (RoutingInputs(cookies=["home"]), "cookie home"),
        (RoutingInputs(query_strings=["v"]), "query string v"),
    ],
)
def test_what_it_reads_must_be_in_the_cache_key(inputs: RoutingInputs, missing: str) -> None:
    errors = _errors(inputs, behavior=_with(cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED))

    assert errors == (
        f"behavior '*' of Test/Site does not have {missing} in its cache key, by which the function chooses: "
        "use cache_policy(), or CACHING_DISABLED"
    )


def test_the_whole_query_string_is_not_in_a_key_that_leaves_parameters_out() -> None:
    def errors(query_strings: cloudfront.CacheQueryStringBehavior) -> str:
        def behavior(function: EdgeFunction) -> cloudfront.BehaviorOptions:
            policy = cloudfront.CachePolicy(function, "Policy", query_string_behavior=query_strings)
            return _with(cache_policy=policy)(function)

        return _errors(RoutingInputs(all_query_strings=True), behavior=behavior)

    assert "does not have the whole query string in its cache key" in errors(
        cloudfront.CacheQueryStringBehavior.deny_list("utm_source")
    )
    assert not errors(cloudfront.CacheQueryStringBehavior.all())


@pytest.mark.parametrize(
    ("policy", "inputs", "content"),
    [
        (None, RoutingInputs(headers=["x-version"]), False),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER, RoutingInputs(headers=["x-version", "host"]), True),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER, RoutingInputs(headers=["cloudfront-viewer-country"]), False),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, RoutingInputs(headers=["host"]), False),
        (cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER, RoutingInputs(cookies=["home"]), True),
        (cloudfront.OriginRequestPolicy.USER_AGENT_REFERER_HEADERS, RoutingInputs(cookies=["home"]), False),
    ],
)
def test_without_a_cache_what_it_reads_must_be_sent_on(
    policy: cloudfront.IOriginRequestPolicy | None, inputs: RoutingInputs, content: bool
) -> None:
    errors = _errors(inputs, behavior=_with(cache_policy=_NOT_CACHED, origin_request_policy=policy))

    assert ("sent on by its origin request policy" not in errors) is content
    assert (not errors) is content


def test_a_policy_made_elsewhere_cannot_be_seen_and_is_refused_only_where_something_is_read() -> None:
    def elsewhere(function: EdgeFunction) -> cloudfront.BehaviorOptions:
        policy = cloudfront.CachePolicy.from_cache_policy_id(
            function, "Imported", "0f0e0d0c-0000-4000-8000-000000000000"
        )
        return _with(cache_policy=policy)(function)

    assert "has a policy that cannot be seen from here" in _errors(RoutingInputs(cookies=["a"]), behavior=elsewhere)
    assert not _errors(behavior=elsewhere)


def test_the_configured_origin_must_carry_what_only_the_deploy_knows() -> None:
    errors = _errors(
        configuration_headers={"table": "t"},
        behavior=lambda made: made.behavior(Endpoint.http_host("origin.example.com").origin()),
    )

    assert "has an origin without the headers" in errors
    assert "x-ha-edge-table" in errors


def test_both_members_of_a_group_must_carry_it() -> None:
    other = Endpoint.http_host("other.example.com")
    errors = _errors(
        configuration_headers={"table": "t"},
        behavior=lambda made: made.behavior(
            cloudfront_origins.OriginGroup(primary_origin=_origin(made), fallback_origin=other.origin())
        ),
    )

    assert "x-ha-edge-table" in errors


def test_origin_shield_is_refused_where_the_functions_region_decides() -> None:
    shielded = cloudfront_origins.HttpOrigin(
        "origin.example.com", origin_shield_enabled=True, origin_shield_region="eu-west-1"
    )

    assert "has Origin Shield on" in _errors(behavior=_with(origin=shielded), uses_region=True)
    assert not _errors(behavior=_with(origin=shielded))


def test_a_vpc_origin_has_no_origin_events() -> None:
    def behavior(function: EdgeFunction) -> cloudfront.BehaviorOptions:
        origin = cloudfront_origins.VpcOrigin.with_application_load_balancer(new_balancer(function))
        return _with(origin=origin)(function)

    assert "has a VPC origin" in _errors(behavior=behavior)


def test_two_functions_on_one_event_are_refused() -> None:
    stack = new_stack()
    first, second = _function(stack), _function(stack, "Second", function="other")
    cloudfront.Distribution(
        stack, "Site", default_behavior=_with(edge_lambdas=[first.edge_lambda, second.edge_lambda])(first)
    )

    assert [problem.split(":")[0] for problem in first.problems()] == [
        "behavior '*' of Test/Site has two functions on origin-request, and Lambda@Edge runs one"
    ]


def test_a_function_can_demand_more_of_its_behaviors() -> None:
    def no_posts(behavior: EdgeBehavior) -> str | None:
        return "takes POST" if "POST" in behavior.settings["allowedMethods"] else None

    assert _errors(judges=[no_posts]) == "behavior '*' of Test/Site takes POST"


def test_every_behavior_is_judged_and_named_and_those_without_the_function_are_not() -> None:
    stack = new_stack()
    function = _function(stack, inputs=RoutingInputs(cookies=["home"]))
    bad = _with(cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED)(function)
    cloudfront.Distribution(
        stack,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(origin=_origin()),
        additional_behaviors={"/a/*": bad, "/b/*": function.behavior(_origin(function)), "/c/*": bad},
    )

    assert [problem.split(" does")[0] for problem in function.problems()] == [
        "behavior '/a/*' of Test/Site",
        "behavior '/c/*' of Test/Site",
    ]


def test_a_problem_ends_the_synth_and_names_the_construct() -> None:
    stack = new_stack()
    function = _function(stack, inputs=RoutingInputs(cookies=["home"]))
    EdgeDistribution(
        stack, "Site", default_behavior=_with(cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED)(function)
    )

    assert "[Test/Router] behavior '*' of Test/Site/Distribution does not have cookie home" in refused_synth(stack)


@pytest.mark.parametrize("nested", [False, True])
def test_a_distribution_of_another_stack_is_judged_too(nested: bool) -> None:
    stack = new_stack()
    function = _function(stack, inputs=RoutingInputs(cookies=["home"]))
    other = cdk.NestedStack(stack, "Nested") if nested else stack_in("us-east-1", stack)
    bad = _with(cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED)(function)
    site = cloudfront.Distribution(other, "Site", default_behavior=bad)

    assert f"[Test/Router] behavior '*' of {site.node.path} does not have cookie home" in refused_synth(stack)


@pytest.mark.parametrize("nested", [False, True])
def test_a_distribution_of_another_stack_keeps_answers_by_the_functions_own_policy(nested: bool) -> None:
    stack = new_stack()
    function = _function(stack, inputs=RoutingInputs(cookies=["home"]))
    other = cdk.NestedStack(stack, "Nested") if nested else stack_in("us-east-1", stack)
    options = function.behavior(_origin(function), cache_policy=function.cache_policy())
    cloudfront.Distribution(other, "Site", default_behavior=options)

    app = stack.node.root
    assert isinstance(app, cdk.App)
    app.synth()


def test_a_policy_that_cannot_be_seen_is_refused_with_the_names_of_both_stacks() -> None:
    stack = new_stack()
    function = _function(stack, inputs=RoutingInputs(cookies=["home"]))
    other = stack_in("us-east-1", stack)
    imported = cloudfront.CachePolicy.from_cache_policy_id(other, "Policy", "0f0e0d0c-0000-4000-8000-000000000000")
    cloudfront.Distribution(other, "Site", default_behavior=_with(cache_policy=imported)(function))

    said = refused_synth(stack)

    assert "behavior '*' of Elsewhere/Site has a policy that cannot be seen from here" in said
    assert "(the function is in stack Test, the distribution in stack Elsewhere)" in said


def test_a_distribution_of_a_stack_that_has_nothing_to_do_with_it_is_left_alone() -> None:
    stack = new_stack()
    _function(stack, inputs=RoutingInputs(cookies=["home"]))
    cloudfront.Distribution(
        stack_in("us-east-1", stack), "Site", default_behavior=cloudfront.BehaviorOptions(origin=_origin())
    )

    assert Template.from_stack(stack)


def test_distributions_that_cannot_be_read_are_passed_over() -> None:
    stack = new_stack()
    function = _function(stack)
    unknown = cdk.Fn.condition_if("Some", "a", cdk.Aws.NO_VALUE)
    cdk.CfnCondition(stack, "Some", expression=cdk.Fn.condition_equals(cdk.Aws.REGION, "us-east-1"))
    legacy = {"dnsName": "a.example.com", "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"]}
    behavior = {"targetOriginId": "a", "viewerProtocolPolicy": "https-only"}
    for construct_id, configuration in {
        "Legacy": {"customOrigin": legacy, "defaultCacheBehavior": behavior},
        "Conditional": {"origins": unknown, "cacheBehaviors": unknown, "defaultCacheBehavior": behavior},
    }.items():
        resource = cloudfront.CfnDistribution(
            stack, construct_id, distribution_config={"enabled": True, **configuration}
        )
        assert resource

    assert not list(function.problems())


def test_comments_are_no_longer_than_cloudfront_takes_however_deep_the_construct_is() -> None:
    stack = new_stack()
    scope = stack
    for _ in range(6):
        scope = Construct(scope, "AVeryLongNameOfAConstructIndeed")  # type: ignore[assignment]
    function = _function(scope, inputs=RoutingInputs(headers=["CloudFront-Viewer-Country"]))
    function.behavior(_origin(function))
    function.cache_policy()
    template = Template.from_stack(stack)

    assert len(only(template, "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]["Comment"]) == 128
    request = only(template, "AWS::CloudFront::OriginRequestPolicy")["OriginRequestPolicyConfig"]
    assert len(request["Comment"]) == 128


def test_the_cache_policy_is_one_and_the_same() -> None:
    function = _function(new_stack())
    policy = function.cache_policy(default_ttl=cdk.Duration.minutes(1))

    assert function.cache_policy() is policy
    with pytest.raises(ValueError, match="are those of the first call"):
        function.cache_policy(default_ttl=cdk.Duration.minutes(2))


def test_fails_for_a_cache_policy_that_caches_nothing() -> None:
    with pytest.raises(ValueError, match=r"max_ttl must be more than 0, got '0 s'.*CACHING_DISABLED"):
        _function(new_stack()).cache_policy(max_ttl=cdk.Duration.seconds(0))


@pytest.mark.parametrize(("more", "warned"), [({"x-a": "1"}, False), ({"x-a": "1", "x-b": "2"}, True)])
def test_all_headers_of_an_origin_together_are_counted(more: dict[str, str], *, warned: bool) -> None:
    stack = new_stack()
    made = _function(stack, configuration_headers={f"h{number}": "x" for number in range(29)})
    origin = Endpoint.http_host("o.example.com").origin(custom_headers={**made.custom_headers, **more})
    cloudfront.Distribution(stack, "Site", default_behavior=made.behavior(origin))

    assert (("/Test/Site", "@ha-patterns/edge:quota") in warnings_of(stack)) is warned


@pytest.mark.parametrize(("count", "warned"), [(10, False), (11, True)])
@pytest.mark.parametrize("field", ["headers", "cookies", "query_strings"])
def test_more_inputs_than_the_quota_of_a_policy_are_a_warning(field: str, count: int, *, warned: bool) -> None:
    stack = new_stack()
    _function(stack, inputs=RoutingInputs(**{field: [f"x-{number}" for number in range(count)]}))  # type: ignore[arg-type]

    assert (("/Test/Router", "@ha-patterns/edge-function:quota") in warnings_of(stack)) is warned


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"configuration": {}}, "configuration['a']['b'][1] is a token"),
        ({"memory_size": 64}, "memory_size must be a whole number from 128 to 10240, got 64"),
        ({"timeout": cdk.Duration.seconds(31)}, "timeout must be whole seconds from 1 to 30, got '31 s'"),
        ({"event_type": cloudfront.LambdaEdgeEventType.VIEWER_REQUEST}, "event_type must be origin-request or"),
    ],
)
def test_fails_for_what_lambda_at_the_edge_does_not_take(given: dict[str, Any], says: str) -> None:
    stack = new_stack()
    if "configuration" in given:
        given = {"configuration": {"a": {"b": ["x", text_token(stack, "Token")]}}}

    with pytest.raises(ValueError) as error:
        _function(stack, **given)

    assert says in str(error.value)


def test_fails_in_a_stack_of_another_region() -> None:
    with pytest.raises(ValueError, match="us-east-1"):
        _function(new_stack("eu-west-1"))


def test_fails_for_an_asset_that_lambda_at_the_edge_does_not_take() -> None:
    noise = os.urandom(51 * 1024 * 1024)

    with pytest.raises(ValueError, match="at most 52428800 bytes when zipped"):
        _function(new_stack(), files={"rules.bin": noise})


@pytest.mark.parametrize("field", ["headers", "cookies", "query_strings"])
def test_fails_for_longer_names_than_a_cache_policy_holds_and_for_one_string(field: str) -> None:
    RoutingInputs(**{field: ["x" * 1024]})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="have names of 1025 characters, and a policy of CloudFront holds 1024"):
        RoutingInputs(**{field: ["x" * 512, "y" * 513]})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"{field} must be a list"):
        RoutingInputs(**{field: "x-version"})  # type: ignore[arg-type]
