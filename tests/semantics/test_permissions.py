"""Whether statements let somebody do something, as far as templates tell."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.semantics.permissions import (
    Caller,
    access_identity,
    anybody,
    arns,
    by_internet,
    by_url,
    identity,
    may,
    may_invoke,
    objects,
    service,
)
from ha_patterns.topology.model import Api, Bucket, Distribution, Function, Key, Role, Statement, Table, Topic
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Text, Unresolved

from ..topology.loading import get_att, load_resources, named, only, ref, resource

_ACCOUNT = "123456789012"
_ORIGIN = {"DomainName": "example.com", "Id": "one", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}
_CONFIG = {
    "Enabled": True,
    "Origins": [_ORIGIN],
    "DefaultCacheBehavior": {"TargetOriginId": "one", "ViewerProtocolPolicy": "https-only"},
}
_SUB = {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Site}"}
_OBJECTS = {"Fn::Sub": "${Bucket.Arn}/*"}
_PARAMETERS = {"Given": {"Type": "String"}}
_CLOUDFRONT: dict[str, Any] = {"Service": "cloudfront.amazonaws.com"}


def _load(*given: dict[str, Any], **more: Any) -> Topology:
    """A bucket whose policy has these statements, beside two distributions."""
    resources = {
        "Bucket": resource("S3::Bucket", BucketName="content"),
        "Policy": resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument={"Statement": list(given)}),
        "Site": resource("CloudFront::Distribution", DistributionConfig=_CONFIG),
        "Other": resource("CloudFront::Distribution", DistributionConfig=_CONFIG),
        **more,
    }
    return load_resources(resources, Parameters=_PARAMETERS)


def _statement(**given: Any) -> dict[str, Any]:
    told = {"Effect": "Allow", "Principal": _CLOUDFRONT, "Action": "s3:GetObject", "Resource": _OBJECTS, **given}
    return {name: value for name, value in told.items() if value is not None}


def _reads(*given: dict[str, Any], distribution: str = "Site", action: str = "s3:GetObject") -> bool | None:
    topology = _load(*given)
    bucket = only(topology, Bucket)
    caller = service("cloudfront.amazonaws.com", source=named(topology, Distribution, distribution))
    return may(caller, action, objects(bucket), bucket.statements)


def test_nothing_is_allowed_that_no_statement_allows() -> None:
    assert _reads() is False
    assert _reads(_statement(Effect="Deny")) is False
    assert may(anybody(), "s3:GetObject", "arn:aws:s3:::a/b", ()) is False


def test_of_statements_that_are_not_known_nothing_is_told() -> None:
    assert may(anybody(), "s3:GetObject", "arn:aws:s3:::a/b", None) is None


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ({}, True),
        ({"Action": ["S3:getobject"]}, True),
        ({"Action": "s3:Get*"}, True),
        ({"Action": "s3:GetObjec?"}, True),
        ({"Action": "*"}, True),
        ({"Action": "s3:GetObjectVersion"}, False),
        ({"Action": "s3:[G]etObject"}, False),
        ({"Action": ref("Given")}, None),
        ({"Action": None, "NotAction": "s3:Put*"}, True),
        ({"Action": None, "NotAction": ["s3:Get*"]}, False),
        ({"Action": None, "NotAction": ref("Given")}, None),
        ({"Effect": ref("Given")}, None),
    ],
)
def test_a_statement_is_about_its_actions(statement: dict[str, Any], answer: bool | None) -> None:
    assert _reads(_statement(**statement)) is answer


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        ("*", True),
        ("arn:aws:s3:::content/*", True),
        ("arn:aws-cn:s3:::content/*", True),
        ("arn:aws:s3:::con*", True),
        ("arn:aws:s3:::content", False),
        (get_att("Bucket", "Arn"), False),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/*"}, True),
        ("arn:aws:s3:::other/*", False),
        # Some objects, and nobody knows whether the one that is asked for is one of them.
        ("arn:aws:s3:::content/public/*", None),
        ({"Fn::Sub": "${Bucket.Arn}/public/*"}, None),
        ({"Fn::Sub": "arn:aws:s3:::${Given}/*"}, None),
        (ref("Given"), None),
    ],
)
def test_a_statement_is_about_its_resources(resources: Any, answer: bool | None) -> None:
    assert _reads(_statement(Resource=resources)) is answer


def test_a_statement_may_leave_resources_out() -> None:
    assert _reads(_statement(Resource=None, NotResource="arn:aws:s3:::other/*")) is True
    assert _reads(_statement(Resource=None, NotResource="arn:aws:s3:::content/*")) is False


def test_one_object_may_be_asked_for() -> None:
    bucket = only(_load(_statement(Resource="arn:aws:s3:::content/public/*")), Bucket)
    caller = service("cloudfront.amazonaws.com")

    assert may(caller, "s3:GetObject", objects(bucket, "public/a.html"), bucket.statements) is True
    assert may(caller, "s3:GetObject", objects(bucket, "private/a.html"), bucket.statements) is False


def test_an_attribute_of_another_resource_of_the_template_is_another_thing() -> None:
    statement = _statement(Resource={"Fn::Sub": "${Elsewhere.Arn}/*"})
    bucket = named(_load(statement, Elsewhere=resource("S3::Bucket")), Bucket, "Bucket")

    assert may(service("cloudfront.amazonaws.com"), "s3:GetObject", objects(bucket), bucket.statements) is False


def test_what_a_custom_resource_says_is_not_known() -> None:
    statement = _statement(Resource={"Fn::Sub": "${Elsewhere.BucketArn}/*"})
    bucket = only(_load(statement, Elsewhere=resource("Custom::Bucket")), Bucket)

    assert may(service("cloudfront.amazonaws.com"), "s3:GetObject", objects(bucket), bucket.statements) is None


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"Service": ["s3.amazonaws.com", "cloudfront.amazonaws.com"]}, True),
        ({"Service": {"Fn::Sub": "cloudfront.${AWS::URLSuffix}"}}, True),
        ({"Service": "s3.amazonaws.com"}, False),
        ({"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}, False),
        ({"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"}, False),
        ({"Federated": "www.amazon.com"}, False),
        ({"Service": ref("Given")}, None),
        (ref("Given"), None),
        ({"Strange": "a"}, None),
    ],
)
def test_a_statement_is_about_its_principals(principal: Any, answer: bool | None) -> None:
    assert _reads(_statement(Principal=principal)) is answer


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        (_CLOUDFRONT, False),
        ({"Service": "s3.amazonaws.com"}, True),
        ({"Service": ref("Given")}, None),
        ("*", False),
    ],
)
def test_a_statement_may_leave_principals_out(principal: Any, answer: bool | None) -> None:
    assert _reads(_statement(Principal=None, NotPrincipal=principal)) is answer


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ({"StringEquals": {"AWS:SourceArn": _SUB}}, True),
        ({"StringEquals": {"aws:SourceArn": [f"arn:aws:cloudfront::{_ACCOUNT}:distribution/E1", _SUB]}}, True),
        (
            {
                "StringEquals": {
                    "AWS:SourceArn": {"Fn::Sub": f"arn:aws:cloudfront::{_ACCOUNT}:distribution/${{Site.Id}}"}
                }
            },
            True,
        ),
        (
            {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": f"arn:aws:cloudfront::{_ACCOUNT}:distribution/${{Other}}"}}},
            False,
        ),
        ({"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{_ACCOUNT}:distribution/E1"}}, None),
        ({"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::999999999999:distribution/E1"}}, False),
        ({"ArnEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{_ACCOUNT}:distribution/*"}}, True),
        ({"ArnLike": {"AWS:SourceArn": f"arn:aws:cloudfront::{_ACCOUNT}:distribution/*"}}, True),
        ({"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::999999999999:*"}}, False),
        ({"ArnLike": {"AWS:SourceArn": "arn:aws:*"}}, None),
        # A star is only a star where the operator does not look for patterns.
        ({"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{_ACCOUNT}:distribution/*"}}, False),
        ({"StringLike": {"AWS:SourceArn": "*:distribution/*"}}, True),
        ({"StringEquals": {"AWS:SourceArn": ref("Given")}}, None),
        ({"StringEquals": {"AWS:SourceAccount": _ACCOUNT}}, True),
        ({"StringEquals": {"AWS:SourceAccount": ref("AWS::AccountId")}}, True),
        ({"StringEquals": {"AWS:SourceAccount": "999999999999"}}, False),
        ({"StringNotEquals": {"AWS:SourceAccount": "999999999999"}}, True),
        ({"StringNotEquals": {"AWS:SourceAccount": _ACCOUNT}}, False),
        ({"ArnNotLike": {"AWS:SourceArn": f"arn:aws:cloudfront::{_ACCOUNT}:*"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": True}}, True),
        ({"Bool": {"aws:SecureTransport": False}}, False),
        ({"Null": {"aws:SourceArn": "false"}}, True),
        ({"Null": {"aws:SourceArn": "true"}}, False),
        # A service is in no organization, and comes by no VPC endpoint.
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}, False),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, False),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, True),
        ({"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1a2b3c4d"}}, True),
        ({"StringEqualsIfExists": {"AWS:SourceAccount": _ACCOUNT}}, True),
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, None),
        ({"ForAnyValue:StringEquals": {"AWS:SourceAccount": _ACCOUNT}}, None),
        ({"StringEquals": {"AWS:SourceAccount": _ACCOUNT, "AWS:SourceArn": "arn:aws:s3:::a"}}, False),
        ({"StringEquals": ref("Given")}, None),
        (ref("Given"), None),
    ],
)
def test_a_statement_holds_where_its_conditions_do(condition: Any, answer: bool | None) -> None:
    assert _reads(_statement(Condition=condition)) is answer


def test_a_service_of_which_nobody_says_what_it_acts_for_may_or_may_not() -> None:
    bucket = only(_load(_statement(Condition={"StringEquals": {"AWS:SourceArn": _SUB}})), Bucket)
    caller = service("cloudfront.amazonaws.com")

    assert may(caller, "s3:GetObject", objects(bucket), bucket.statements) is None


@pytest.mark.parametrize(
    ("deny", "answer"),
    [
        ({"Principal": "*"}, False),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, True),
        ({"Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, True),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"AWS:SourceAccount": "999999999999"}}}, False),
        ({"Principal": "*", "Condition": {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}, None),
        ({"Principal": "*", "Resource": "arn:aws:s3:::content/private/*"}, None),
        ({"Principal": None, "NotPrincipal": _CLOUDFRONT}, True),
    ],
)
def test_a_deny_wins(deny: dict[str, Any], answer: bool | None) -> None:
    assert _reads(_statement(), _statement(Effect="Deny", **deny)) is answer
    assert _reads(_statement(Effect="Deny", **deny), _statement()) is answer


def test_a_deny_wins_over_what_is_not_known() -> None:
    assert _reads(_statement(Action=ref("Given")), _statement(Effect="Deny")) is False


def test_an_insecure_request_is_another_one() -> None:
    deny = _statement(Effect="Deny", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
    bucket = only(_load(_statement(Principal="*"), deny), Bucket)

    assert may(anybody(), "s3:GetObject", objects(bucket), bucket.statements) is True
    assert may(anybody(secure=False), "s3:GetObject", objects(bucket), bucket.statements) is False


_OAI = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity "


@pytest.mark.parametrize(
    ("identity_id", "principal", "answer"),
    [
        ({"Fn::Sub": "${Mine}"}, {"AWS": {"Fn::Sub": f"{_OAI}${{Mine}}"}}, True),
        ({"Fn::Sub": "${Mine.Id}"}, {"AWS": {"Fn::Sub": f"{_OAI}${{Mine}}"}}, True),
        ({"Fn::Sub": "${Mine}"}, {"AWS": {"Fn::Sub": f"{_OAI}${{Others}}"}}, False),
        ({"Fn::Sub": "${Mine}"}, {"AWS": f"{_OAI}E1"}, None),
        ({"Fn::Sub": "${Mine}"}, {"CanonicalUser": get_att("Mine", "S3CanonicalUserId")}, True),
        ({"Fn::Sub": "${Mine}"}, {"CanonicalUser": get_att("Others", "S3CanonicalUserId")}, False),
        ({"Fn::Sub": "${Mine}"}, {"CanonicalUser": "4b8a"}, None),
        ({"Fn::Sub": "${Mine}"}, _CLOUDFRONT, False),
        ({"Fn::Sub": "${Mine}"}, "*", True),
        ({"Fn::Sub": "${Given}"}, {"AWS": {"Fn::Sub": f"{_OAI}${{Given}}"}}, True),
        ("E1", {"AWS": f"{_OAI}E1"}, True),
        ("E1", {"AWS": f"{_OAI}E2"}, False),
        ("E1", {"CanonicalUser": get_att("Others", "S3CanonicalUserId")}, None),
        ({"Fn::Sub": "E${Given}"}, {"AWS": f"{_OAI}E2"}, None),
    ],
)
def test_an_origin_access_identity_is_itself(identity_id: Any, principal: Any, answer: bool | None) -> None:
    identity_type = "CloudFront::CloudFrontOriginAccessIdentity"
    path = {"Fn::Join": ["", ["origin-access-identity/cloudfront/", identity_id]]}
    s3 = {"DomainName": "content.s3.eu-west-1.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": path}}
    site = resource("CloudFront::Distribution", DistributionConfig={**_CONFIG, "Origins": [{**s3, "Id": "one"}]})
    identities = {name: resource(identity_type) for name in ("Mine", "Others")}
    topology = _load(_statement(Principal=principal), Site=site, **identities)
    (origin,) = named(topology, Distribution, "Site").origins
    assert origin.access_identity is not None
    caller, bucket = access_identity(origin.access_identity), only(topology, Bucket)

    assert may(caller, "s3:GetObject", objects(bucket), bucket.statements) is answer


def test_what_comes_by_the_internet_comes_by_no_endpoint() -> None:
    deny = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, "Effect": "Deny", "Principal": "*"}
    bucket = only(_load(_statement(Principal="*"), _statement(**deny)), Bucket)

    assert may(anybody(), "s3:GetObject", objects(bucket), bucket.statements) is None
    assert may(by_internet(anybody()), "s3:GetObject", objects(bucket), bucket.statements) is False


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": f"arn:aws:iam::{_ACCOUNT}:root"}, False),
        ({"AWS": ref("Given")}, None),
        (_CLOUDFRONT, False),
    ],
)
def test_a_request_that_nobody_signs_is_everyones(principal: Any, answer: bool | None) -> None:
    bucket = only(_load(_statement(Principal=principal)), Bucket)

    assert may(anybody(), "s3:GetObject", objects(bucket), bucket.statements) is answer


_ROLE = {"Role": resource("IAM::Role", RoleName="reader", Path="/site/"), "Second": resource("IAM::Role")}


@pytest.mark.parametrize(
    ("principal", "answer"),
    [
        ({"AWS": get_att("Role", "Arn")}, True),
        ({"AWS": f"arn:aws:iam::{_ACCOUNT}:role/site/reader"}, True),
        ({"AWS": f"arn:aws:iam::{_ACCOUNT}:role/reader"}, False),
        ({"AWS": get_att("Second", "Arn")}, False),
        ({"AWS": _ACCOUNT}, True),
        ({"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}, True),
        ({"AWS": "999999999999"}, False),
        ({"AWS": f"arn:aws:sts::{_ACCOUNT}:assumed-role/reader/session"}, None),
        ({"CanonicalUser": "79a59df900b949e55d96a1e698fbaced"}, None),
        ("*", True),
        (_CLOUDFRONT, False),
    ],
)
def test_a_role_is_itself_and_of_its_account(principal: Any, answer: bool | None) -> None:
    topology = _load(_statement(Principal=principal), **_ROLE)
    caller = identity(named(topology, Role, "Role"))
    bucket = only(topology, Bucket)

    assert may(caller, "s3:GetObject", objects(bucket), bucket.statements) is answer


def test_a_role_acts_for_no_resource() -> None:
    statement = _statement(Principal="*", Condition={"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::1:*"}})
    bucket = only(_load(statement), Bucket)
    caller = identity("arn:aws:iam::999999999999:role/a")

    assert caller.account == "999999999999"
    assert may(caller, "s3:GetObject", objects(bucket), bucket.statements) is False


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        (get_att("Table", "Arn"), True),
        ({"Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}"}, True),
        (f"arn:aws:dynamodb:eu-west-1:{_ACCOUNT}:table/routes", True),
        (f"arn:aws:dynamodb:*:{_ACCOUNT}:table/routes", True),
        (f"arn:aws:dynamodb:us-east-1:{_ACCOUNT}:table/routes", False),
        (get_att("Copy", "Arn"), False),
        (f"arn:aws:dynamodb:eu-west-1:{_ACCOUNT}:table/routes/index/*", False),
    ],
)
def test_a_role_has_what_its_own_policies_say(resources: Any, answer: bool) -> None:
    document = {"Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": resources}}
    topology = load_resources(
        {
            "Role": resource("IAM::Role", Policies=[{"PolicyDocument": document}]),
            "Table": resource("DynamoDB::Table", TableName="routes"),
            "Copy": resource("DynamoDB::Table"),
        }
    )
    role, table = only(topology, Role), named(topology, Table, "Table")

    assert may(identity(role), "dynamodb:GetItem", arns(table), role.statements) is answer


def test_a_key_without_a_policy_is_its_accounts() -> None:
    topology = load_resources({"Key": resource("KMS::Key"), "Role": resource("IAM::Role")})
    key = only(topology, Key)

    assert may(identity(only(topology, Role)), "kms:Decrypt", arns(key), key.statements) is True
    assert may(identity("arn:aws:iam::999999999999:role/a"), "kms:Decrypt", arns(key), key.statements) is False
    assert may(service("cloudfront.amazonaws.com"), "kms:Decrypt", arns(key), key.statements) is False


_URL = {
    "Function": resource("Lambda::Function"),
    "Site": resource("CloudFront::Distribution", DistributionConfig=_CONFIG),
}


def _url(**permissions: dict[str, Any]) -> tuple[Caller, Function]:
    made = {
        name: resource("Lambda::Permission", **{"FunctionName": ref("Function"), **given})
        for name, given in permissions.items()
    }
    topology = load_resources({**_URL, **made}, Parameters=_PARAMETERS)
    caller = service("cloudfront.amazonaws.com", source=only(topology, Distribution))
    return by_url(caller, "AWS_IAM"), only(topology, Function)


_BY_URL = {"Principal": "cloudfront.amazonaws.com", "SourceArn": _SUB, "Action": "lambda:InvokeFunctionUrl"}
_INVOKE = {**_BY_URL, "Action": "lambda:InvokeFunction"}


def test_a_function_is_asked_by_whom_its_permissions_name() -> None:
    caller, function = _url(
        Url={**_BY_URL, "FunctionUrlAuthType": "AWS_IAM"}, Invoke={**_INVOKE, "InvokedViaFunctionUrl": True}
    )

    assert may_invoke(caller, function, "lambda:InvokeFunctionUrl") is True
    assert may_invoke(caller, function) is True
    assert may_invoke(service("s3.amazonaws.com"), function) is False


def test_one_of_the_two_permissions_is_not_the_other() -> None:
    caller, function = _url(Url=_BY_URL)

    assert may_invoke(caller, function, "lambda:InvokeFunctionUrl") is True
    assert may_invoke(caller, function) is False


@pytest.mark.parametrize(
    ("permission", "answer"),
    [
        ({"FunctionUrlAuthType": "NONE"}, False),
        ({"SourceAccount": "999999999999"}, False),
        ({"SourceArn": ref("Given")}, None),
        ({"Principal": "*", "SourceArn": None}, True),
        ({"Principal": ref("Given")}, None),
        ({"Principal": _ACCOUNT}, False),
        ({"PrincipalOrgID": "o-1234567890"}, False),
        ({"FunctionName": {"Fn::Sub": "${Function}:live"}}, False),
    ],
)
def test_a_permission_has_conditions(permission: dict[str, Any], answer: bool | None) -> None:
    told = {name: value for name, value in {**_BY_URL, **permission}.items() if value is not None}
    caller, function = _url(Url=told)

    assert may_invoke(caller, function, "lambda:InvokeFunctionUrl") is answer


_EXECUTE = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}"


@pytest.mark.parametrize(
    ("kind", "source", "answer"),
    [
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Api}}/*", True),
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Api}}/*/*", True),
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Api}}/*/*/*", True),
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Api.RestApiId}}/*/*/*", True),
        ("ApiGateway::RestApi", "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*", True),
        ("ApiGateway::RestApi", f"{_EXECUTE}:*", True),
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Api}}/*/GET/x", None),
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Api}}/prod/*/*", None),
        ("ApiGateway::RestApi", f"{_EXECUTE}:${{Other}}/*/*/*", False),
        ("ApiGateway::RestApi", "arn:aws:execute-api:${AWS::Region}:999999999999:${Api}/*", False),
        ("ApiGatewayV2::Api", f"{_EXECUTE}:${{Api}}/*/*", True),
        ("ApiGatewayV2::Api", f"{_EXECUTE}:${{Api.ApiId}}/*/*", True),
        ("ApiGatewayV2::Api", f"{_EXECUTE}:${{Api}}/*/$default", None),
        ("ApiGatewayV2::Api", f"{_EXECUTE}:${{Api}}/*/GET/x", None),
    ],
)
def test_an_api_invokes_a_function_for_the_requests_that_a_permission_names(
    kind: str, source: str, answer: bool | None
) -> None:
    permission = {
        "FunctionName": ref("Function"),
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {"Fn::Sub": source},
    }
    protocol = {"ProtocolType": "HTTP"} if kind == "ApiGatewayV2::Api" else {}
    topology = load_resources(
        {
            "Function": resource("Lambda::Function"),
            "Api": resource(kind, **protocol),
            "Other": resource(kind, **protocol),
            "Permission": resource("Lambda::Permission", **permission),
        }
    )
    caller = service("apigateway.amazonaws.com", source=named(topology, Api, "Api"))

    assert may_invoke(caller, only(topology, Function)) is answer


def test_a_topic_may_invoke_the_function_of_sam_that_has_it_as_an_event() -> None:
    function = {"Events": {"Out": {"Type": "SNS", "Properties": {"Topic": ref("Topic")}}}}
    topology = load_resources(
        {
            "Function": {"Type": "AWS::Serverless::Function", "Properties": function},
            "Topic": resource("SNS::Topic"),
            "Other": resource("SNS::Topic"),
        },
        Transform="AWS::Serverless-2016-10-31",
    )
    answers = [
        may_invoke(service("sns.amazonaws.com", source=named(topology, Topic, name)), only(topology, Function))
        for name in ("Topic", "Other")
    ]

    assert answers == [True, False]


def test_a_statement_that_may_not_be_there_lets_nobody_in_for_certain() -> None:
    conditions = {"Some": {"Fn::Equals": [ref("Given"), "yes"]}}
    permission = {**resource("Lambda::Permission", FunctionName=ref("Function"), **_INVOKE), "Condition": "Some"}
    topology = load_resources({**_URL, "Permission": permission}, Parameters=_PARAMETERS, Conditions=conditions)
    caller = service("cloudfront.amazonaws.com", source=only(topology, Distribution))

    assert may_invoke(caller, only(topology, Function)) is None


def test_what_refers_to_a_resource_may_be_inside_another_attribute_of_it() -> None:
    api = ResourceId("Test", "Api")
    pattern = Text(("arn:aws:execute-api:eu-west-1:123456789012:", Reference(api), "/prod/GET/*"))
    statement = Statement(
        sid=None,
        effect="Allow",
        principals=(),
        not_principals=(),
        actions=("execute-api:Invoke",),
        not_actions=(),
        resources=(pattern,),
        not_resources=(),
        conditions=(),
        place=only(_load(_statement()), Bucket).place,
    )

    # The API's ARN ends with more than its id.
    assert may(anybody(), "execute-api:Invoke", Reference(api, "Arn"), [statement]) is None
    # One attribute of two resources is never the same.
    assert may(anybody(), "execute-api:Invoke", Text(("arn:", Reference(api, "Arn"))), [statement]) is None
    assert may(anybody(), "execute-api:Invoke", Reference(ResourceId("Test", "Other")), [statement]) is False


def test_long_texts_are_not_compared() -> None:
    assert may(anybody(), "s3:GetObject", "arn:aws:s3:::a/" + "b" * 5_000, ()) is False
    bucket = only(_load(_statement(Principal="*", Resource="arn:aws:s3:::a/" + "*b" * 900 + "c")), Bucket)
    text = Text(("arn:aws:s3:::a/", Unresolved("a key"), "b" * 900, Reference(ResourceId("a", "b"))))

    assert may(anybody(), "s3:GetObject", text, bucket.statements) is None
