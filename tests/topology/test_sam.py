"""SAM's resources become what its translator makes of them, as far as it matters to where requests go."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology.loading import load
from ha_patterns.topology.model import (
    Api,
    ApiDomain,
    Bucket,
    Endpoint,
    EventRule,
    EventSourceMapping,
    Function,
    FunctionAlias,
    FunctionAssociation,
    FunctionUrl,
    FunctionVersion,
    Origin,
    OriginKind,
    Permission,
    Policy,
    Qualifier,
    Record,
    Role,
    Schedule,
    StateMachine,
    Table,
    Topic,
)
from ha_patterns.topology.sam import expand
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Unresolved, atoms

from .loading import get_att, load_resources, named, only, ref, resource

_TRANSFORM = "AWS::Serverless-2016-10-31"


def _sam(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::Serverless::{kind}", "Properties": properties}


def _load(resources: dict[str, Any], **sections: Any) -> Topology:
    return load_resources(resources, Transform=_TRANSFORM, **sections)


def _site(name: Any, arn: Any = None) -> dict[str, Any]:
    functions = [] if arn is None else [{"EventType": "origin-request", "LambdaFunctionARN": arn}]
    behavior = {"TargetOriginId": "one", "LambdaFunctionAssociations": functions}
    config = {"Origins": [{"Id": "one", "DomainName": name}], "DefaultCacheBehavior": behavior}
    return resource("CloudFront::Distribution", DistributionConfig=config)


def _endpoint(name: Any, **resources: Any) -> Endpoint:
    return only(_load({"Site": _site(name), **resources}), Origin).endpoint


def test_a_function_is_lambda_s() -> None:
    function = only(
        _load(
            {
                "Fn": _sam(
                    "Function",
                    Runtime="python3.13",
                    Handler="index.handler",
                    Timeout=5,
                    Environment={"Variables": {"A": "1"}},
                    Tracing="Active",
                    Policies=[{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}],
                )
            }
        ),
        Function,
    )

    assert (function.runtime, function.handler, function.timeout) == ("python3.13", "index.handler", 5)
    assert tuple(function.environment) == ("A",)
    assert "TracingConfig" in function.extras
    assert isinstance(function.role, Role)
    assert function.role.trusted == {"lambda.amazonaws.com"}
    assert [statement.actions for statement in function.role.statements] == [("s3:GetObject",)]


def test_a_function_has_the_role_that_it_names() -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": ["edgelambda.amazonaws.com"]}}]}
    role = resource("IAM::Role", AssumeRolePolicyDocument=trust)
    topology = _load({"Fn": _sam("Function", Role=get_att("Role", "Arn")), "Role": role})

    assert only(topology, Function).role is only(topology, Role)


def test_a_policy_template_is_a_gap_of_the_role() -> None:
    role = only(_load({"Fn": _sam("Function", Policies=[{"DynamoDBCrudPolicy": {"TableName": "t"}}, "AWSXray"])}), Role)

    assert [gap.waits_for for gap in role.gaps] == ["the function Fn::DynamoDBCrudPolicy"]
    assert len(role.managed) == 2


@pytest.mark.parametrize(
    ("arn", "qualifier"),
    [
        (ref("Fn.Version"), Qualifier.VERSION),
        (get_att("Fn.Version", "FunctionArn"), Qualifier.VERSION),
        ({"Fn::GetAtt": "Fn.Version.FunctionArn"}, Qualifier.VERSION),
        ({"Fn::Sub": "${Fn.Version}"}, Qualifier.VERSION),
        (ref("Fn.Alias"), Qualifier.ALIAS),
        (ref("FnAliaslive"), Qualifier.ALIAS),
        (get_att("Fn", "Arn"), Qualifier.LATEST),
    ],
)
def test_a_published_function_is_found_by_its_version_and_alias(arn: Any, qualifier: Qualifier) -> None:
    topology = _load({"Site": _site("a", arn), "Fn": _sam("Function", AutoPublishAlias="live")})
    association = only(topology, FunctionAssociation)

    assert (association.function, association.qualifier) == (only(topology, Function), qualifier)
    assert only(topology, FunctionVersion).retained


def test_an_alias_may_be_a_parameter() -> None:
    parameters = {"Alias": {"Type": "String", "Default": "my-live"}}
    topology = _load({"Fn": _sam("Function", AutoPublishAlias=ref("Alias"))}, Parameters=parameters)

    assert topology.counts["AWS::Lambda::Alias"] == 1


def test_environments_are_kept_ready_for_the_alias() -> None:
    ready = {"ProvisionedConcurrentExecutions": 10}
    topology = _load({"Fn": _sam("Function", AutoPublishAlias="live", ProvisionedConcurrencyConfig=ready)})

    assert only(topology, FunctionAlias).provisioned_concurrency == 10


def test_globals_are_merged() -> None:
    common = {
        "Function": {"Timeout": 9, "Runtime": "python3.13", "Environment": {"Variables": {"A": "1"}}, "Layers": ["a"]}
    }
    function = {"Timeout": 5, "Environment": {"Variables": {"B": "2"}}, "Layers": ["b"]}
    found = only(_load({"Fn": _sam("Function", **function)}, Globals=common), Function)

    assert (found.timeout, found.runtime, tuple(found.environment)) == (5, "python3.13", ("A", "B"))


def test_globals_are_ignored_where_it_is_asked_for() -> None:
    function = {**_sam("Function"), "IgnoreGlobals": ["Timeout"]}
    found = only(_load({"Fn": function}, Globals={"Function": {"Timeout": 9, "MemorySize": 512}}), Function)

    assert (found.timeout, found.memory_size) == (3, 512)


def test_a_function_url_is_an_origin() -> None:
    function = _sam("Function", FunctionUrlConfig={"AuthType": "AWS_IAM"}, AutoPublishAlias="live")
    topology = _load(
        {"Site": _site({"Fn::Select": [2, {"Fn::Split": ["/", get_att("FnUrl", "FunctionUrl")]}]}), "Fn": function}
    )
    url = only(topology, FunctionUrl)

    assert (url.auth_type, url.function) == ("AWS_IAM", only(topology, Function))
    assert only(topology, Origin).endpoint.target is url
    assert only(topology, Origin).kind is OriginKind.FUNCTION_URL


@pytest.mark.parametrize(("properties", "qualifiers"), [({}, {None}), ({"AutoPublishAlias": "live"}, {"live"})])
def test_anybody_may_ask_a_public_function_url(properties: Any, qualifiers: set[Any]) -> None:
    topology = _load({"Fn": _sam("Function", FunctionUrlConfig={"AuthType": "NONE"}, **properties)})
    permissions = only(topology, FunctionUrl).permissions

    assert {(one.principal, one.action) for one in permissions} == {
        ("*", "lambda:InvokeFunctionUrl"),
        ("*", "lambda:InvokeFunction"),
    }
    assert {one.qualifier for one in permissions} == qualifiers


@pytest.mark.parametrize(
    ("name", "resources"),
    [
        ("${Api}.execute-api.${AWS::Region}.amazonaws.com", {"Api": _sam("Api", StageName="Prod")}),
        ("${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}", {"Api": _sam("HttpApi")}),
        (
            "${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com",
            {"Fn": _sam("Function", Events={"E": {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}}})},
        ),
        (
            "${ServerlessHttpApi}.execute-api.${AWS::Region}.amazonaws.com",
            {"Fn": _sam("Function", Events={"E": {"Type": "HttpApi"}})},
        ),
    ],
)
def test_an_api_is_an_origin(name: str, resources: dict[str, Any]) -> None:
    endpoint = _endpoint({"Fn::Sub": name}, **resources)

    assert (endpoint.kind, endpoint.region) == (OriginKind.API, "eu-west-1")
    assert isinstance(endpoint.target, Api)


def test_events_of_an_api_that_is_there_make_none() -> None:
    event = {"Type": "Api", "Properties": {"RestApiId": ref("Api")}}
    topology = _load({"Api": _sam("Api", StageName="Prod"), "Fn": _sam("Function", Events={"E": event})})

    assert [api.place.logical_id for api in topology.of(Api)] == ["Api"]
    assert topology.counts["AWS::ApiGateway::Stage"] == 1


_DOMAIN: dict[str, Any] = {
    "DomainName": "api.example.com",
    "CertificateArn": "arn:c",
    "Route53": {"HostedZoneId": "Z1"},
}


@pytest.mark.parametrize("kind", ["Api", "HttpApi"])
def test_a_domain_has_its_records(kind: str) -> None:
    routing = {"Region": "eu-west-1", "SetIdentifier": "eu", "EvaluateTargetHealth": True, "IpV6": True}
    latency = {**_DOMAIN["Route53"], **routing}
    topology = _load({"Api": _sam(kind, StageName="Prod", Domain={**_DOMAIN, "Route53": latency})})
    domain = only(topology, ApiDomain)
    records = topology.of(Record)

    assert (domain.name, domain.edge_optimized, domain.apis) == ("api.example.com", False, (only(topology, Api),))
    assert [(record.name, record.type, record.policy) for record in records] == [
        ("api.example.com", "A", Policy.LATENCY),
        ("api.example.com", "AAAA", Policy.LATENCY),
    ]
    for record in records:
        assert record.alias is not None
        assert (record.alias.endpoint.target, record.alias.evaluate_target_health) == (domain, True)


def test_a_domain_at_the_edge_has_an_alias_to_cloudfront() -> None:
    topology = _load({"Api": _sam("Api", StageName="Prod", Domain={**_DOMAIN, "EndpointConfiguration": "EDGE"})})
    record = only(topology, Record)

    assert record.alias is not None
    assert record.alias.zone_id == "Z2FDTNDATAQYW2"
    assert only(topology, ApiDomain).edge_optimized


def test_apis_of_one_zone_have_one_group_of_records() -> None:
    apis = {
        name: _sam("Api", StageName="Prod", Domain={**_DOMAIN, "DomainName": f"{name}.example.com".lower()})
        for name in ("One", "Two")
    }
    topology = _load(apis)

    assert topology.counts["AWS::Route53::RecordSetGroup"] == 1
    assert {record.name for record in topology.of(Record)} == {"one.example.com", "two.example.com"}


@pytest.mark.parametrize("attribute", ["RootResourceId", "Stage", "Deployment"])
def test_what_templates_ask_of_an_api_is_linked(attribute: str) -> None:
    value = ref(f"Api.{attribute}") if attribute != "RootResourceId" else get_att("Api", attribute)
    bucket = resource("S3::Bucket", BucketName={"Fn::Join": ["", ["a", value]]})
    topology = _load({"Api": _sam("Api", StageName="Prod"), "Bucket": bucket})

    assert "?" not in str(only(topology, Bucket).name)


def test_a_simple_table_is_dynamodb_s() -> None:
    assert only(_load({"Table": _sam("SimpleTable", TableName="t")}), Table).name == "t"


@pytest.mark.parametrize(
    ("properties", "billing", "restored"),
    [
        ({}, "PAY_PER_REQUEST", False),
        ({"ProvisionedThroughput": {"ReadCapacityUnits": 5}}, "PROVISIONED", False),
        ({"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}, "PAY_PER_REQUEST", True),
    ],
)
def test_a_simple_table_is_paid_by_request_unless_it_has_a_throughput(
    properties: Any, billing: str, restored: bool
) -> None:
    table = only(_load({"Table": _sam("SimpleTable", **properties)}), Table)

    assert (table.billing, table.point_in_time_recovery) == (billing, restored)


def test_the_role_that_is_made_has_the_boundary_and_path_that_its_owner_says() -> None:
    role = only(_load({"Fn": _sam("Function", PermissionsBoundary="arn:aws:iam::1:policy/b", RolePath="/edge/")}), Role)

    assert (role.boundary, role.path) == ("arn:aws:iam::1:policy/b", "/edge/")


@pytest.mark.parametrize(
    ("kind", "properties", "logical_id", "stage"),
    [
        ("Api", {"StageName": "Prod", "Variables": {"a": "b"}}, "ApiProdStage", ("Prod", True, {"a": "b"})),
        ("HttpApi", {}, "ApiApiGatewayDefaultStage", ("$default", True, {})),
        ("HttpApi", {"StageVariables": {"a": "b"}}, "ApiApiGatewayDefaultStage", ("$default", True, {"a": "b"})),
        ("WebSocketApi", {}, "ApiDefaultStage", ("default", True, {})),
    ],
)
def test_a_stage_is_deployed_and_has_its_variables(kind: str, properties: Any, logical_id: str, stage: Any) -> None:
    [found] = only(_load({"Api": _sam(kind, **properties)}), Api).stages

    assert found.place.logical_id == logical_id
    assert (found.name, found.deployed, found.variables) == stage


@pytest.mark.parametrize(
    ("kind", "more", "path"),
    [
        ("Api", {}, "foobar"),
        ("Api", {"NormalizeBasePath": False}, "foo-bar"),
        ("HttpApi", {}, "foo-bar"),
    ],
)
def test_of_a_base_path_of_a_rest_api_letters_and_digits_are_taken(kind: str, more: Any, path: str) -> None:
    domain = {"DomainName": "api.example.com", "CertificateArn": "c", "BasePath": ["foo-bar"], **more}
    [mapping] = only(_load({"Api": _sam(kind, StageName="Prod", Domain=domain)}), ApiDomain).mappings

    assert mapping.path == path


def test_what_is_made_has_the_condition_of_what_it_is_made_of() -> None:
    function = {**_sam("Function", AutoPublishAlias="live", FunctionUrlConfig={}), "Condition": "No"}
    topology = _load({"Fn": function, "B": resource("S3::Bucket")}, Conditions={"No": {"Fn::Equals": [1, 2]}})

    assert topology.counts == {"AWS::S3::Bucket": 1}


def test_what_is_not_expanded_is_told_and_counted() -> None:
    kinds = ("LayerVersion", "Connector", "GraphQLApi")
    topology = _load(
        {kind: _sam(kind) for kind in kinds} | {"App": _sam("Application", Location={"ApplicationId": "x"})}
    )

    assert set(topology.not_expanded) == {f"Test/{kind}" for kind in (*kinds, "App")}
    assert topology.counts["AWS::Serverless::Connector"] == 1


def test_the_template_s_own_resources_win_over_those_that_are_made() -> None:
    own = resource("IAM::Role", RoleName="own")
    topology = _load({"Fn": _sam("Function"), "FnRole": own})

    assert topology.counts["AWS::IAM::Role"] == 1
    assert isinstance(only(topology, Function).role, Role)


def test_an_application_of_a_file_is_a_nested_stack(tmp_path: Path) -> None:
    child = {"Resources": {"Bucket": resource("S3::Bucket")}, "Outputs": {"Name": {"Value": "told"}}}
    parent = {
        "Transform": [_TRANSFORM],
        "Resources": {
            "App": _sam("Application", Location="./child.json"),
            "Outer": resource("S3::Bucket", BucketName=get_att("App", "Outputs.Name")),
        },
    }
    (tmp_path / "child.json").write_text(json.dumps(child), encoding="utf-8")
    (tmp_path / "parent.json").write_text(json.dumps(parent), encoding="utf-8")
    topology = load(tmp_path / "parent.json")

    assert [stack.id for stack in topology.stacks] == ["parent", "parent/App"]
    assert topology.of(Bucket)[0].name == "told"


def test_the_code_of_a_function_is_the_folder_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    template = {"Transform": _TRANSFORM, "Resources": {"Fn": _sam("Function", CodeUri="./src/")}}
    (tmp_path / "template.json").write_text(json.dumps(template), encoding="utf-8")

    assert only(load(tmp_path / "template.json"), Function).asset == tmp_path / "src"


@pytest.mark.parametrize(
    "odd", [None, [], 1, "x", {}, {"a": 1}, [[]], {"Ref": "X"}, {"Fn::If": [1]}, {"Type": []}, True]
)
def test_whatever_a_property_is_nothing_raises(odd: Any) -> None:
    names = (
        *("CodeUri", "Role", "Policies", "Events", "AutoPublishAlias", "FunctionUrlConfig", "VpcConfig", "Tracing"),
        *("Domain", "StageName", "EndpointConfiguration", "PrimaryKey", "Location", "DeadLetterQueue", "Layers"),
    )
    domain = {"DomainName": odd, "CertificateArn": odd, "BasePath": odd, "EndpointConfiguration": odd, "Route53": odd}
    request = {"Type": "Api", "Properties": {"Path": odd or "/", "Method": odd or "get", "RestApiId": odd}}
    records = {"HostedZoneId": odd or "Z1", "IpV6": odd, "DistributionDomainName": odd}
    for kind in ("Function", "Api", "HttpApi", "WebSocketApi", "SimpleTable", "Application"):
        resources = {f"R{index}": _sam(kind, **{name: odd}) for index, name in enumerate(names)}
        resources["Domain"] = _sam(kind, Domain=domain)
        resources["Records"] = _sam(kind, Domain={**_DOMAIN, "Route53": records})
        resources["Events"] = _sam(kind, Events={"E": odd, "F": {"Type": "Api", "Properties": odd}, "G": request})
        resources["Odd"] = {
            "Type": f"AWS::Serverless::{kind}",
            "Properties": odd,
            "Condition": odd,
            "IgnoreGlobals": odd,
        }
        _load(resources, Globals={"Function": odd, kind: {"Events": odd, "Domain": odd}})
        _load(resources, Globals=odd)


# Inputs of the translator's own tests, and how many resources of each type its outputs have.
_EVENT = {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}}
_PAIRS: list[tuple[dict[str, Any], dict[str, int]]] = [
    (
        {"Fn": _sam("Function", CodeUri="s3://b/k", Events={"E": _EVENT}, AutoPublishAlias="live")},
        {
            "AWS::Lambda::Function": 1,
            "AWS::Lambda::Version": 1,
            "AWS::Lambda::Alias": 1,
            "AWS::Lambda::Permission": 1,
            "AWS::IAM::Role": 1,
            "AWS::ApiGateway::RestApi": 1,
            "AWS::ApiGateway::Deployment": 1,
            "AWS::ApiGateway::Stage": 1,
        },
    ),
    (
        {"Api": _sam("Api", StageName="Prod", Domain={**_DOMAIN, "BasePath": ["/get", "/post"]})},
        {
            "AWS::ApiGateway::RestApi": 1,
            "AWS::ApiGateway::Deployment": 1,
            "AWS::ApiGateway::Stage": 1,
            "AWS::ApiGateway::DomainName": 1,
            "AWS::ApiGateway::BasePathMapping": 2,
            "AWS::Route53::RecordSetGroup": 1,
        },
    ),
    (
        {"Api": _sam("HttpApi", Domain=_DOMAIN)},
        {
            "AWS::ApiGatewayV2::Api": 1,
            "AWS::ApiGatewayV2::Stage": 1,
            "AWS::ApiGatewayV2::DomainName": 1,
            "AWS::ApiGatewayV2::ApiMapping": 1,
            "AWS::Route53::RecordSetGroup": 1,
        },
    ),
]


@pytest.mark.parametrize(("resources", "counts"), _PAIRS)
def test_the_types_are_those_of_the_translator(resources: dict[str, Any], counts: dict[str, int]) -> None:
    made = expand({}, resources).resources

    assert Counter(one["Type"] for one in made.values()) == counts


def test_logical_ids_are_those_of_the_translator() -> None:
    made = expand(
        {}, {"MyApi": _sam("Api", StageName="Prod", Domain={"DomainName": "admin.one.com", "CertificateArn": "c"})}
    )

    assert {"MyApi", "MyApiProdStage", "MyApiBasePathMapping"} < set(made.resources)
    assert made.names["MyApi.Stage"] == "MyApiProdStage"
    assert made.names["MyApi.DomainName"].startswith("ApiGatewayDomainName")


# What starts functions and state machines.


def _started(**event: Any) -> Topology:
    topic = resource("SNS::Topic")
    return _load({"Fn": _sam("Function", Events={"Out": event}), "Topic": topic})


def test_a_topic_starts_the_function_that_has_it_as_an_event() -> None:
    topology = _started(Type="SNS", Properties={"Topic": ref("Topic")})

    assert only(topology, Topic).functions == (only(topology, Function),)
    assert topology.counts["AWS::SNS::Subscription"] == 1


@pytest.mark.parametrize("kind", ["EventBridgeRule", "CloudWatchEvent"])
def test_a_rule_starts_the_function_that_has_it_as_an_event(kind: str) -> None:
    topology = _started(Type=kind, Properties={"Pattern": {"source": ["aws.health"]}})

    rule = only(topology, EventRule)
    assert rule.sources == ("aws.health",)
    assert rule.starts == (only(topology, Function),)
    assert rule.place.logical_id == "FnOut"


def test_a_schedule_is_a_rule() -> None:
    rule = only(_started(Type="Schedule", Properties={"Schedule": "rate(1 minute)", "Enabled": False}), EventRule)

    assert not rule.sources
    assert [one.place.logical_id for one in rule.starts] == ["Fn"]


def test_a_schedule_of_the_scheduler_is_one() -> None:
    topology = _started(Type="ScheduleV2", Properties={"ScheduleExpression": "rate(1 minute)"})

    schedule = only(topology, Schedule)
    assert schedule.name == "FnOut"
    assert schedule.starts == (only(topology, Function),)
    assert schedule.role is named(topology, Role, "FnOutRole")
    assert schedule.role.trusted == {"scheduler.amazonaws.com"}
    assert [(one.actions, str(one.resources[0])) for one in schedule.role.statements] == [
        (("lambda:InvokeFunction",), "${Fn.Arn}")
    ]


def test_a_schedule_of_the_scheduler_starts_a_state_machine_by_a_role_with_its_boundary() -> None:
    schedule = {"ScheduleExpression": "rate(1 minute)", "PermissionsBoundary": "arn:b", "OmitName": True}
    events = {"Out": {"Type": "ScheduleV2", "Properties": schedule}}
    topology = _load({"Machine": _sam("StateMachine", Events=events)})
    role = only(topology, Schedule).role

    assert only(topology, Schedule).name is None
    assert isinstance(role, Role)
    assert (role.place.logical_id, role.boundary) == ("MachineOutRole", "arn:b")
    assert [one.actions for one in role.statements] == [("states:StartExecution",)]


def test_a_schedule_of_the_scheduler_may_have_a_role_of_its_own() -> None:
    own = {"ScheduleExpression": "rate(1 minute)", "Name": "each", "RoleArn": get_att("Own", "Arn")}
    events = {"Out": {"Type": "ScheduleV2", "Properties": own}}
    topology = _load({"Fn": _sam("Function", Role="arn:r", Events=events), "Own": resource("IAM::Role")})

    assert only(topology, Schedule).role is only(topology, Role)
    assert only(topology, Schedule).name == "each"


@pytest.mark.parametrize(
    ("queue", "counts"),
    [
        (True, {"AWS::SQS::Queue": 1, "AWS::Lambda::EventSourceMapping": 1}),
        ({"QueueArn": "arn:aws:sqs:eu-west-1:1:q", "QueueUrl": "x"}, {"AWS::Lambda::EventSourceMapping": 1}),
    ],
)
def test_a_topic_may_send_to_a_queue_that_the_function_reads(queue: Any, counts: dict[str, int]) -> None:
    topology = _started(Type="SNS", Properties={"Topic": ref("Topic"), "SqsSubscription": queue})

    assert not only(topology, Topic).functions
    made = {kind: count for kind, count in topology.counts.items() if "SQS" in kind or "Mapping" in kind}
    assert made == counts


@pytest.mark.parametrize(
    ("kind", "properties", "principal", "source"),
    [
        ("SNS", {"Topic": ref("Topic")}, "sns", "${Topic}"),
        ("Schedule", {"Schedule": "rate(1 minute)"}, "events", "${FnOut.Arn}"),
        ("CloudWatchEvent", {"Pattern": {"source": ["aws.health"]}}, "events", "${FnOut.Arn}"),
        ("EventBridgeRule", {"Pattern": {"source": ["aws.health"]}}, "events", "${FnOut.Arn}"),
    ],
)
def test_an_event_may_invoke_the_function_that_has_it(kind: str, properties: Any, principal: str, source: str) -> None:
    topology = _started(Type=kind, Properties=properties)
    permission = only(topology, Permission)

    assert permission.place.logical_id == "FnOutPermission"
    assert (permission.principal, str(permission.source_arn)) == (f"{principal}.amazonaws.com", source)
    assert (permission.function, permission.action) == (only(topology, Function), "lambda:InvokeFunction")


@pytest.mark.parametrize(
    ("kind", "properties", "logical_id", "requests"),
    [
        ("Api", {"Path": "/a/{id}/", "Method": "get"}, "FnOutPermissionProd", "${ServerlessRestApi}/*/GET/a/*"),
        ("Api", {"Path": "/", "Method": "any", "RestApiId": ref("Rest")}, "FnOutPermissionv1", "${Rest}/*/*/"),
        ("HttpApi", {"Path": "/{proxy+}", "Method": "post"}, "FnOutPermission", "${ServerlessHttpApi}/*/POST/*"),
        ("HttpApi", {}, "FnOutPermission", "${ServerlessHttpApi}/*/*"),
    ],
)
def test_an_api_may_invoke_the_function_that_has_its_event(
    kind: str, properties: Any, logical_id: str, requests: str
) -> None:
    function = _sam("Function", Events={"Out": {"Type": kind, "Properties": properties}})
    permission = only(_load({"Fn": function, "Rest": _sam("Api", StageName="v1")}), Permission)

    assert permission.place.logical_id == logical_id
    assert permission.principal == "apigateway.amazonaws.com"
    assert str(permission.source_arn) == f"arn:aws:execute-api:eu-west-1:123456789012:{requests}"


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("SNS", {}),
        ("SNS", {"Topic": ref("Topic"), "SqsSubscription": True}),
        ("Api", {"Path": "/", "Method": "get", "RestApiId": ["Rest"]}),
        ("Api", {"Path": "/"}),
    ],
)
def test_an_event_without_a_source_of_its_own_permits_nothing(kind: str, properties: Any) -> None:
    assert not _started(Type=kind, Properties=properties).of(Permission)


@pytest.mark.parametrize(
    ("kind", "named_by"),
    [
        *(("DynamoDB", "Stream"), ("Kinesis", "Stream"), ("MSK", "Stream"), ("SQS", "Queue")),
        *(("MQ", "Broker"), ("DocumentDB", "Cluster")),
    ],
)
def test_a_function_reads_the_queue_or_stream_that_it_has_as_an_event(kind: str, named_by: str) -> None:
    topology = _started(Type=kind, Properties={named_by: "arn:aws:a:b:1:c", "BatchSize": 7, "Enabled": False})
    mapping = only(topology, EventSourceMapping)

    assert mapping.place.logical_id == "FnOut"
    assert (mapping.function, mapping.source) == (only(topology, Function), "arn:aws:a:b:1:c")
    assert (mapping.batch_size, mapping.enabled) == (7, False)


def test_a_mapping_has_the_table_whose_stream_is_read() -> None:
    events = {"Out": {"Type": "DynamoDB", "Properties": {"Stream": get_att("Table", "StreamArn")}}}
    topology = _load({"Fn": _sam("Function", Events=events), "Table": resource("DynamoDB::Table")})

    assert only(topology, EventSourceMapping).table is only(topology, Table)


def test_nothing_is_read_where_the_event_does_not_say_what() -> None:
    assert not _started(Type="SQS", Properties={"BatchSize": 1}).of(EventSourceMapping)


def test_a_permission_is_of_the_alias_that_is_published() -> None:
    events = {"Out": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}}
    permission = only(_load({"Fn": _sam("Function", AutoPublishAlias="live", Events=events)}), Permission)

    assert permission.qualifier == "live"


def test_a_state_machine_needs_no_permission() -> None:
    events = {"Out": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}}

    assert not _load({"Machine": _sam("StateMachine", Events=events)}).of(Permission)


def test_events_start_the_alias_that_is_published() -> None:
    events = {"Out": {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["aws.health"]}}}}
    topology = _load({"Fn": _sam("Function", AutoPublishAlias="live", Events=events)})

    assert only(topology, EventRule).starts == (only(topology, Function),)


@pytest.mark.parametrize("event", [None, {}, {"Type": "S3"}, {"Type": []}, {"Type": "SNS"}, "text"])
def test_events_that_cannot_be_read_end_nothing(event: Any) -> None:
    topology = _load({"Fn": _sam("Function", Events={"Out": event})})

    assert [one.place.logical_id for one in topology.of(Function)] == ["Fn"]


def test_what_is_made_of_events_has_the_function_s_condition() -> None:
    events = {"Out": {"Type": "EventBridgeRule", "Properties": {}}}
    function = {**_sam("Function", Events=events), "Condition": "No"}
    topology = _load({"Fn": function}, Conditions={"No": {"Fn::Equals": [1, 2]}})

    assert not topology.counts


def test_a_state_machine_is_step_functions_own() -> None:
    machine = _sam(
        "StateMachine",
        DefinitionUri="move.asl.json",
        DefinitionSubstitutions={"Move": get_att("Fn", "Arn")},
        Policies=[{"Statement": [{"Effect": "Allow", "Action": "route53:ChangeResourceRecordSets", "Resource": "*"}]}],
        Events={"Out": {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["aws.health"]}}}},
    )
    topology = _load({"Fn": _sam("Function"), "Machine": machine})

    made = only(topology, StateMachine)
    assert made.functions == (only(topology, Function),)
    assert isinstance(made.role, Role)
    assert [statement.actions for statement in made.role.statements] == [("route53:ChangeResourceRecordSets",)]
    assert only(topology, EventRule).starts == (made,)


def test_a_state_machine_may_have_a_role_of_its_own() -> None:
    topology = _load({"Own": resource("IAM::Role"), "Machine": _sam("StateMachine", Role=get_att("Own", "Arn"))})

    assert only(topology, StateMachine).role is only(topology, Role)
    assert not only(topology, StateMachine).functions


_LOG_GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:"
_THINGS = {
    "Bucket": resource("S3::Bucket"),
    "Pool": resource("Cognito::UserPool"),
    "Group": resource("Logs::LogGroup"),
}


@pytest.mark.parametrize(
    ("kind", "properties", "logical_id", "source", "account"),
    [
        ("S3", {"Bucket": ref("Bucket"), "Events": "s3:ObjectCreated:*"}, "FnOutPermission", None, "123456789012"),
        ("Cognito", {"UserPool": ref("Pool"), "Trigger": "PreSignUp"}, "FnCognitoPermission", "${Pool.Arn}", None),
        (
            *("IoTRule", {"Sql": "SELECT * FROM 'a'"}, "FnOutPermission"),
            *("arn:aws:iot:eu-west-1:123456789012:rule/${FnOut}", "123456789012"),
        ),
        ("CloudWatchLogs", {"LogGroupName": "/a/b"}, "FnOutPermission", f"{_LOG_GROUP}/a/b:*", None),
        ("CloudWatchLogs", {"LogGroupName": ref("Group")}, "FnOutPermission", f"{_LOG_GROUP}${{Group}}:*", None),
    ],
)
def test_buckets_pools_rules_and_log_groups_may_invoke_the_function(
    kind: str, properties: Any, logical_id: str, source: str | None, account: str | None
) -> None:
    principal = {"S3": "s3", "Cognito": "cognito-idp", "IoTRule": "iot", "CloudWatchLogs": "logs"}[kind]
    events = {"Out": {"Type": kind, "Properties": properties}}
    permission = only(_load({"Fn": _sam("Function", Events=events), **_THINGS}), Permission)

    assert (permission.place.logical_id, permission.principal) == (logical_id, f"{principal}.amazonaws.com")
    assert (None if permission.source_arn is None else str(permission.source_arn)) == source
    assert permission.source_account == account
    assert isinstance(permission.function, Function)


@pytest.mark.parametrize("kind", ["S3", "Cognito", "CloudWatchLogs", "MQ", "DocumentDB", "SelfManagedKafka"])
def test_an_event_that_names_nothing_makes_nothing(kind: str) -> None:
    topology = _started(Type=kind, Properties={"BatchSize": 1})

    assert (topology.of(Permission), topology.of(EventSourceMapping)) == ((), ())


def test_a_pool_may_invoke_the_alias_that_is_published() -> None:
    events = {"Out": {"Type": "Cognito", "Properties": {"UserPool": ref("Pool"), "Trigger": "PreSignUp"}}}
    function = _sam("Function", AutoPublishAlias="live", Events=events)
    permission = only(_load({"Fn": function, **_THINGS}), Permission)

    assert (permission.place.logical_id, permission.qualifier) == ("FnAliasliveCognitoPermission", "live")


def test_a_function_reads_a_kafka_of_one_s_own() -> None:
    topology = _started(Type="SelfManagedKafka", Properties={"KafkaBootstrapServers": ["a:9092"], "Topics": ["t"]})
    mapping = only(topology, EventSourceMapping)

    assert (mapping.function, mapping.source) == (only(topology, Function), None)


@pytest.mark.parametrize(
    ("conditions", "made"),
    [
        ((None, "No"), True),
        (("No", "No"), False),
        (("No", "Never"), False),
        (("No", "Yes"), True),
        (("No", "Never", None), True),
    ],
)
@pytest.mark.parametrize("kind", ["Api", "HttpApi"])
def test_an_api_that_no_event_names_is_made_if_any_of_its_functions_is(
    kind: str, conditions: tuple[str | None, ...], made: bool
) -> None:
    event = {"Type": kind, "Properties": {"Path": "/", "Method": "get"}}
    functions = {
        f"Fn{index}": {**_sam("Function", Events={"E": event}), **({"Condition": one} if one else {})}
        for index, one in enumerate(conditions)
    }
    told = {"Yes": {"Fn::Equals": [1, 1]}, "No": {"Fn::Equals": [1, 2]}, "Never": {"Fn::Equals": ["a", "b"]}}

    assert len(_load(functions, Conditions=told).of(Api)) == made


def test_an_api_of_functions_with_several_conditions_has_one_of_its_own() -> None:
    functions = {
        f"Fn{name}": {**_sam("Function", Events={"E": _EVENT}), "Condition": name} for name in ("Some", "Other")
    }
    conditions = {name: {"Fn::Equals": [ref("Given"), name]} for name in ("Some", "Other")}
    topology = _load(functions, Conditions=conditions, Parameters={"Given": {"Type": "String"}})

    assert only(topology, Api).place.condition is not None


_STRING = {"Type": "String"}


@pytest.mark.parametrize(
    ("properties", "requests"),
    [
        ({"Path": ref("Given"), "Method": "get"}, "GET?"),
        ({"Path": "/a", "Method": ref("Given")}, "?/a"),
        ({"Path": {"Fn::Sub": "/a"}, "Method": "get"}, "GET?"),
        ({"Path": ref("Kept"), "Method": "get"}, "GET?"),
        ({"Path": ref("Told"), "Method": ref("Verb")}, "PUT/b/*"),
    ],
)
def test_a_path_or_method_that_is_not_known_is_unresolved_in_the_source(properties: Any, requests: str) -> None:
    parameters = {
        "Given": _STRING,
        "Kept": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/where"},
        "Told": {"Type": "String", "Default": "/b/{id}"},
        "Verb": {"Type": "String", "Default": "put"},
    }
    events = {"E": {"Type": "Api", "Properties": properties}}
    permission = only(_load({"Fn": _sam("Function", Events=events)}, Parameters=parameters), Permission)
    said = "".join("?" if isinstance(atom, Unresolved) else str(atom) for atom in atoms(permission.source_arn or ""))

    assert said.partition("/*/")[2] == requests


def test_a_parameter_that_is_set_is_known(tmp_path: Path) -> None:
    events = {"E": {"Type": "Api", "Properties": {"Path": ref("Given"), "Method": "get"}}}
    resources = {"Fn": _sam("Function", Events=events, AutoPublishAlias=ref("Alias"))}
    parameters = {"Given": _STRING, "Alias": _STRING}
    template = {"Transform": _TRANSFORM, "Parameters": parameters, "Resources": resources}
    (tmp_path / "template.json").write_text(json.dumps(template), encoding="utf-8")
    topology = load(tmp_path / "template.json", parameters={"Given": "/a/{id}", "Alias": "v-1"})

    assert str(only(topology, Permission).source_arn).endswith("/*/GET/a/*")
    assert only(topology, FunctionAlias).place.logical_id == "FnAliasvD1"


@pytest.mark.parametrize(("alias", "logical_id"), [("my-live", "FnAliasmyDlive"), ("a_b", "FnAliasaUb")])
def test_the_logical_id_of_an_alias_has_letters_for_dashes(alias: str, logical_id: str) -> None:
    assert logical_id in expand({}, {"Fn": _sam("Function", AutoPublishAlias=alias)}).resources


def test_an_alias_of_an_unknown_name_is_unresolved() -> None:
    function = _sam("Function", AutoPublishAlias=ref("Given"))
    alias = only(_load({"Fn": function}, Parameters={"Given": _STRING}), FunctionAlias)

    assert isinstance(alias.name, Unresolved)
    assert isinstance(alias.function, Function)


def test_what_would_have_a_refused_logical_id_is_not_made_and_told() -> None:
    events = {"my-event": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 minute)"}}}
    expansion = expand({}, {"Fn": _sam("Function", Events=events, AutoPublishAlias="a.b")})

    assert all(name.isalnum() for name in expansion.resources)
    assert expansion.left == {
        "FnAliasa.b": "AWS::Lambda::Alias would have a logical id that CloudFormation refuses",
        "Fnmy-event": "AWS::Events::Rule would have a logical id that CloudFormation refuses",
        "Fnmy-eventPermission": "AWS::Lambda::Permission would have a logical id that CloudFormation refuses",
    }
