"""What AWS refuses of an edge function is said before the deployment, and nothing of a function that is fine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.runtimes import DEPRECATED, TABLE_DATE

from .documents import Resources, doubts, get, messages, ref, report, resource, topology

UNKNOWN: dict[str, Any] = {"Parameters": {"Given": {"Type": "String"}}}
_GIVEN = {"Ref": "Given"}


def _site(*associations: tuple[str, Any], viewer: tuple[tuple[str, Any], ...] = (), **origin: Any) -> dict[str, Any]:
    return resource(
        "CloudFront::Distribution",
        {
            "DistributionConfig": {
                "Origins": [{"Id": "o", "DomainName": "o.example.com", **(origin or {"CustomOriginConfig": {"a": 1}})}],
                "DefaultCacheBehavior": {
                    "TargetOriginId": "o",
                    "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                    "LambdaFunctionAssociations": [
                        {"EventType": event, "LambdaFunctionARN": arn} for event, arn in associations
                    ],
                    "FunctionAssociations": [{"EventType": event, "FunctionARN": arn} for event, arn in viewer],
                },
            }
        },
    )


def _role(*services: Any, **rest: Any) -> dict[str, Any]:
    trust = [{"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}]
    return resource("IAM::Role", {"AssumeRolePolicyDocument": {"Statement": trust}, **rest})


def _function(**properties: Any) -> dict[str, Any]:
    return resource("Lambda::Function", {"Runtime": "python3.14", "Role": get("Role", "Arn"), **properties})


def _all(*events: str, version: dict[str, Any] | None = None, **properties: Any) -> Resources:
    return {
        "Site": _site(*((event, ref("Version")) for event in events or ("origin-request",))),
        "Version": resource("Lambda::Version", {"FunctionName": ref("Function"), **(version or {})}),
        "Function": _function(**properties),
        "Role": _role("lambda.amazonaws.com", "edgelambda.amazonaws.com"),
    }


_ARN = "arn:aws:lambda:us-east-1:111122223333:function:router"


@pytest.mark.parametrize(
    ("arn", "says"),
    [
        (f"{_ARN}:3", None),
        (ref("Version"), None),
        ({"Fn::Sub": "${Function.Arn}:7"}, None),
        (_ARN, f"origin-request has the function without a version, {_ARN}"),
        (f"{_ARN}:$LATEST", "the function without a version"),
        (f"{_ARN}:live", f"an alias, {_ARN}:live"),
        (ref("Alias"), "an alias"),
        (get("Function", "Arn"), "the function without a version"),
    ],
)
def test_a_numbered_version_is_all_that_cloudfront_takes(tmp_path: Path, arn: Any, says: str | None) -> None:
    alias = resource("Lambda::Alias", {"FunctionName": ref("Function"), "FunctionVersion": get("Version", "Version")})

    found = messages("HA101", tmp_path, {**_all(), "Site": _site(("origin-request", arn)), "Alias": alias})

    assert len(found) == (says is not None)
    assert says is None or says in found[0]


@pytest.mark.parametrize("arn", [_GIVEN, "not an ARN"])
def test_an_arn_that_nobody_knows_is_doubted_only(tmp_path: Path, arn: Any) -> None:
    resources = {"Site": _site(("origin-request", arn))}

    assert "whether origin-request has a numbered version" in doubts("HA101", tmp_path, resources, **UNKNOWN)[0]
    assert not doubts("HA102", tmp_path, resources, **UNKNOWN)


@pytest.mark.parametrize(
    ("arn", "region", "found"),
    [
        (ref("Version"), "us-east-1", False),
        (ref("Version"), "eu-west-1", True),
        (ref("Version"), None, False),
        (f"{_ARN}:1", "eu-west-1", False),
        (f"{_ARN}:1".replace("us-east-1", "eu-west-1"), "us-east-1", True),
        ({"Fn::Sub": "arn:aws:lambda:${AWS::Region}:111122223333:function:router:1"}, "eu-west-1", True),
        ({"Fn::Sub": "arn:aws:lambda:${AWS::Region}:111122223333:function:router:1"}, None, False),
    ],
)
def test_the_region_is_that_of_the_function(tmp_path: Path, arn: Any, region: str | None, found: bool) -> None:
    resources = {**_all(), "Site": _site(("origin-request", arn))}

    assert bool(messages("HA102", tmp_path, resources, region=region)) is found


_KEY = "arn:aws:kms:us-east-1:111122223333:key/a"


@pytest.mark.parametrize(
    ("properties", "says"),
    [
        ({}, None),
        ({"Environment": {"Variables": {"A": "1", "B": "2"}}}, "environment variables (A, B)"),
        ({"Environment": {"Variables": {}}}, None),
        ({"Environment": {"Variables": {"A": {"Ref": "AWS::NoValue"}}}}, None),
        ({"VpcConfig": {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}, "a VPC"),
        ({"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}}, None),
        ({"VpcConfig": {"Ref": "AWS::NoValue"}}, None),
        ({"Layers": ["arn:aws:lambda:us-east-1:111122223333:layer:a:1"]}, "layers"),
        ({"Layers": []}, None),
        ({"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:111122223333:dead"}}, "a dead-letter queue"),
        ({"TracingConfig": {"Mode": "Active"}}, "active tracing"),
        ({"TracingConfig": {"Mode": "PassThrough"}}, None),
        ({"KmsKeyArn": "arn:aws:kms:us-east-1:111122223333:key/a"}, "a customer managed key"),
        (
            {"Code": {"SourceKMSKeyArn": "arn:aws:kms:us-east-1:111122223333:key/a"}},
            "a customer managed key of its code",
        ),
        ({"Architectures": ["arm64"]}, "the architecture arm64"),
        ({"Architectures": ["x86_64"]}, None),
        ({"PackageType": "Image"}, "a container image"),
        ({"EphemeralStorage": {"Size": 512}}, None),
        ({"EphemeralStorage": {"Size": 513}}, "513 MB of storage, more than 512"),
        ({"ReservedConcurrentExecutions": 5}, None),
        ({"LoggingConfig": {"LogFormat": "JSON"}}, None),
    ],
)
def test_what_a_replica_cannot_have_is_named(tmp_path: Path, properties: dict[str, Any], says: str | None) -> None:
    found = messages("HA103", tmp_path, _all(**properties))

    assert found == ([] if says is None else [f"the function has {says}, which Lambda@Edge does not take"])


@pytest.mark.parametrize("name", ["VpcConfig", "Layers", "KmsKeyArn", "DeadLetterConfig", "TracingConfig"])
def test_what_hangs_on_a_condition_that_nobody_knows_is_not_taken_for_there(tmp_path: Path, name: str) -> None:
    perhaps = {"Fn::If": ["Some", {"Mode": "Active"}, {"Ref": "AWS::NoValue"}]}
    conditions = {"Conditions": {"Some": {"Fn::Equals": [_GIVEN, "yes"]}}}

    assert not messages("HA103", tmp_path, _all(**{name: perhaps}), **UNKNOWN, **conditions)


def test_provisioned_concurrency_is_a_versions(tmp_path: Path) -> None:
    version = {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1}}

    assert messages("HA103", tmp_path, _all(version=version)) == [
        "the version has provisioned concurrency, which Lambda@Edge does not take"
    ]


def test_a_function_that_is_not_at_the_edge_may_have_it_all(tmp_path: Path) -> None:
    function = _function(Environment={"Variables": {"A": "1"}}, Runtime="java21", Timeout=900, Architectures=["arm64"])

    for rule_id in ("HA103", "HA104", "HA105", "HA110", "HA113", "HA115"):
        assert not messages(rule_id, tmp_path, {"Function": function, "Role": _role("lambda.amazonaws.com")})


@pytest.mark.parametrize(
    ("runtime", "refused", "deprecated"),
    [
        ("nodejs24.x", False, False),
        ("nodejs22.x", False, False),
        ("python3.11", False, False),
        ("python3.14", False, False),
        ("nodejs20.x", False, True),
        ("python3.10", False, True),
        ("nodejs14.x", True, False),
        ("python2.7", True, False),
        ("java21", True, False),
        ("provided.al2023", True, False),
    ],
)
def test_a_runtime_is_refused_or_deprecated_or_fine(
    tmp_path: Path, runtime: str, refused: bool, deprecated: bool
) -> None:
    assert bool(messages("HA104", tmp_path, _all(Runtime=runtime))) is refused
    assert bool(messages("HA115", tmp_path, _all(Runtime=runtime))) is deprecated


def test_the_table_of_runtimes_has_only_what_was_deprecated_when_it_was_made() -> None:
    assert all(dates.deprecated <= TABLE_DATE for dates in DEPRECATED.values())


@pytest.mark.parametrize(
    ("events", "properties", "says"),
    [
        (("origin-request",), {"Timeout": 30, "MemorySize": 10_240}, None),
        (("origin-request",), {"Timeout": 31}, "the time-out is 31 s; Lambda@Edge allows 30 s"),
        (("origin-response",), {"MemorySize": 10_241}, "10241 MB of memory; Lambda@Edge allows 10240 MB"),
        (("viewer-request",), {"MemorySize": 129}, None),
        (("viewer-request",), {"MemorySize": 10_241}, "10241 MB of memory; Lambda@Edge allows 10240 MB"),
        (("viewer-request",), {"MemorySize": _GIVEN, "Timeout": _GIVEN}, None),
    ],
)
def test_time_and_memory_have_limits(
    tmp_path: Path, events: tuple[str, ...], properties: dict[str, Any], says: str | None
) -> None:
    found = messages("HA105", tmp_path, _all(*events, **properties), **UNKNOWN)

    assert len(found) == (says is not None)
    assert says is None or says in found[0]


@pytest.mark.parametrize(
    ("events", "memory", "says"),
    [
        (("viewer-request",), 128, None),
        (("viewer-response",), 129, "129 MB of memory; on viewer-response it may have 128 MB"),
        (("origin-request", "viewer-request"), 256, "on viewer-request it may have 128 MB"),
        (("viewer-request",), 10_240, "10240 MB of memory"),
        (("viewer-request",), 10_241, None),
        (("origin-request",), 256, None),
        (("viewer-request",), _GIVEN, None),
    ],
)
def test_more_memory_on_viewers_events_needs_a_raised_quota(
    tmp_path: Path, events: tuple[str, ...], memory: Any, says: str | None
) -> None:
    found = messages("HA129", tmp_path, _all(*events, MemorySize=memory), **UNKNOWN)

    assert len(found) == (says is not None)
    assert says is None or says in found[0]


_HEADERS = get("Headers", "FunctionARN")


@pytest.mark.parametrize(
    ("at_edge", "viewer", "says"),
    [
        (("origin-request", "origin-response"), ("viewer-request", "viewer-response"), None),
        (("viewer-request", "viewer-response"), (), None),
        (("viewer-response",), ("viewer-request",), "viewers' events take one kind"),
        (("viewer-request",), ("viewer-request",), "behavior * has 2 functions on viewer-request"),
        (("origin-request", "origin-request"), (), "behavior * has 2 functions on origin-request"),
    ],
)
def test_viewers_events_take_one_kind_and_an_event_one_function(
    tmp_path: Path, at_edge: tuple[str, ...], viewer: tuple[str, ...], says: str | None
) -> None:
    site = _site(*((event, ref("Version")) for event in at_edge), viewer=tuple((event, _HEADERS) for event in viewer))

    found = messages("HA106", tmp_path, {**_all(), "Site": site})

    assert len(found) == (says is not None)
    assert says is None or says in found[0]


@pytest.mark.parametrize(
    ("event", "found"), [("origin-request", True), ("origin-response", True), ("viewer-request", False)]
)
def test_a_vpc_origin_has_no_origin_events(tmp_path: Path, event: str, found: bool) -> None:
    site = _site((event, ref("Version")), VpcOriginConfig={"VpcOriginId": "vo_1"})

    assert bool(messages("HA107", tmp_path, {**_all(), "Site": site})) is found


@pytest.mark.parametrize(("protocol", "found"), [("sigv4a", True), ("sigv4", False), (ref("Unknown"), False)])
def test_an_origin_that_is_signed_for_with_sigv4a_has_no_origin_events(
    tmp_path: Path, protocol: Any, found: bool
) -> None:
    config = {"OriginAccessControlOriginType": "s3", "SigningBehavior": "always", "SigningProtocol": protocol}
    control = {"OriginAccessControlConfig": {"Name": "a", **config}}
    site = _site(("origin-request", ref("Version")), OriginAccessControlId=get("Control", "Id"))
    resources = {**_all(), "Site": site, "Control": resource("CloudFront::OriginAccessControl", control)}
    messages_of = messages("HA107", tmp_path, resources, Parameters={"Unknown": {"Type": "String"}})

    told = [one.split("its origin ")[1] for one in messages_of]
    assert told == (["o is signed for with sigv4a by template/Control"] if found else [])


@pytest.mark.parametrize(
    ("runtime", "code", "stores", "found"),
    [
        ("cloudfront-js-1.0", "function handler(event) { return event.request; }", [], False),
        ("cloudfront-js-1.0", "import cf from 'cloudfront';", [], True),
        ("cloudfront-js-1.0", 'const cf = require("cloudfront");', [], True),
        ("cloudfront-js-1.0", "// as cloudfront says", [], False),
        ("cloudfront-js-1.0", _GIVEN, [], False),
        ("cloudfront-js-1.0", "", [{"KeyValueStoreARN": _GIVEN}], True),
        ("cloudfront-js-2.0", "import cf from 'cloudfront';", [{"KeyValueStoreARN": _GIVEN}], False),
        (_GIVEN, "import cf from 'cloudfront';", [], False),
    ],
)
def test_stores_and_origins_need_the_newer_runtime(
    tmp_path: Path, runtime: Any, code: Any, stores: list[Any], found: bool
) -> None:
    config = {"Runtime": runtime, "KeyValueStoreAssociations": stores}
    function = resource("CloudFront::Function", {"FunctionCode": code, "FunctionConfig": config})

    findings = report("HA109", topology(tmp_path, {"Function": function}, **UNKNOWN)).findings

    paths = [finding.place.path for finding in findings]
    assert paths == [("Properties", "FunctionConfig", "Runtime")] * found


@pytest.mark.parametrize(
    ("services", "missing"),
    [
        (("lambda.amazonaws.com", "edgelambda.amazonaws.com"), None),
        (({"Fn::Sub": "lambda.${AWS::URLSuffix}"}, "edgelambda.amazonaws.com"), None),
        (("lambda.amazonaws.com",), "not edgelambda.amazonaws.com"),
        (("edgelambda.amazonaws.com",), "not lambda.amazonaws.com"),
        (("ec2.amazonaws.com",), "not lambda.amazonaws.com and edgelambda.amazonaws.com"),
        (("lambda.amazonaws.com", _GIVEN), None),
    ],
)
@pytest.mark.parametrize("region", ["us-east-1", None])
def test_the_role_has_to_trust_both_services(
    tmp_path: Path, services: tuple[Any, ...], missing: str | None, region: str | None
) -> None:
    found = messages("HA110", tmp_path, {**_all(), "Role": _role(*services)}, region=region, **UNKNOWN)

    assert len(found) == (missing is not None)
    assert missing is None or missing in found[0]


def test_a_trust_policy_of_one_statement_without_a_list_is_read(tmp_path: Path) -> None:
    role = _role("lambda.amazonaws.com", "edgelambda.amazonaws.com")
    document = role["Properties"]["AssumeRolePolicyDocument"]
    document["Statement"] = document["Statement"][0]

    assert not messages("HA110", tmp_path, {**_all(), "Role": role})


def test_a_role_that_is_elsewhere_is_doubted_and_a_condition_too(tmp_path: Path) -> None:
    elsewhere = "arn:aws:iam::111122223333:role/edge"
    (doubt,) = doubts("HA110", tmp_path, _all(Role=elsewhere))
    assert doubt.endswith(f"it depends on {elsewhere}, which is not in these templates")

    perhaps = resource("IAM::Role", {"AssumeRolePolicyDocument": {"Fn::If": ["Some", {}, {}]}})
    conditions = {"Conditions": {"Some": {"Fn::Equals": [_GIVEN, "yes"]}}}
    assert not messages("HA110", tmp_path, {**_all(), "Role": perhaps}, **UNKNOWN, **conditions)


def test_function_and_version_are_each_named_where_the_stack_deletes_them(tmp_path: Path) -> None:
    resources = _all()
    assert len(messages("HA113", tmp_path, resources)) == 2

    resources["Function"]["DeletionPolicy"] = "Retain"
    resources["Version"]["DeletionPolicy"] = "RetainExceptOnCreate"
    assert not messages("HA113", tmp_path, resources)


@pytest.mark.parametrize(
    ("arn", "says"),
    [
        ({"Fn::ImportValue": "version"}, "Fn::ImportValue"),
        (get("Exports", "/cdk/exports/version"), "Custom::CrossRegionExportReader"),
        ({"Fn::GetStackOutput": {"StackName": "edge", "OutputName": "version"}}, None),
        (ref("Version"), None),
        (get("Parameters", "FunctionArn"), None),
    ],
)
def test_a_strong_reference_to_a_version_is_worth_knowing(tmp_path: Path, arn: Any, says: str | None) -> None:
    readers: Resources = {
        "Exports": {"Type": "Custom::CrossRegionExportReader", "Properties": {}},
        "Parameters": {"Type": "Custom::CrossRegionStringParameterReader", "Properties": {}},
    }

    found = messages("HA114", tmp_path, {**_all(), **readers, "Site": _site(("origin-request", arn))})

    assert len(found) == (says is not None)
    assert says is None or says in found[0]
