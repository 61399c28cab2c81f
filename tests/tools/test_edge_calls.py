"""Calling edge functions on the local cloud: the event has the deployed origin, and what is wrong is told."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest

from tools import deploy_local, edge_calls
from tools.deploy_local import DeployError, Resource, Stack
from tools.edge_calls import EdgeCall, origin_asked

_CUSTOM = {"HTTPPort": 80, "HTTPSPort": 8443, "OriginProtocolPolicy": "https-only", "OriginReadTimeout": 5}


def _origin(name: str, role: str | None = None, **given: Any) -> dict[str, Any]:
    items = [{"HeaderName": "X-Version", "HeaderValue": "2"}]
    items += [{"HeaderName": "x-ha-origin-role", "HeaderValue": role}] if role else []
    return {"Id": name, "DomainName": f"{name}.example.com", "CustomHeaders": {"Items": items}, **given}


_GROUP: dict[str, Any] = {
    "DefaultCacheBehavior": {"TargetOriginId": "group"},
    "OriginGroups": {"Items": [{"Id": "group", "Members": {"Items": [{"OriginId": "b"}, {"OriginId": "c"}]}}]},
    "Origins": {
        "Items": [
            _origin("a", CustomOriginConfig=_CUSTOM),
            _origin("b", "primary", CustomOriginConfig=_CUSTOM, OriginPath="/prod"),
            _origin("c", "secondary", CustomOriginConfig=_CUSTOM | {"OriginProtocolPolicy": "http-only"}),
        ]
    },
}


def _call(**given: Any) -> EdgeCall:
    return EdgeCall(
        **{
            "stack": "edge",
            "function": "sample",
            "shows": "it answers",
            "event": "origin_request_custom",
            "expects": {"status": "503"},
            **given,
        }
    )


@pytest.mark.parametrize(("role", "asked", "port"), [(None, "b", 8443), ("primary", "b", 8443), ("secondary", "c", 80)])
def test_the_origin_is_the_one_with_the_role_or_the_one_asked_first(role: str | None, asked: str, port: int) -> None:
    origin = origin_asked(_GROUP, role)["custom"]

    assert (origin["domainName"], origin["port"]) == (f"{asked}.example.com", port)
    assert origin["customHeaders"]["x-version"] == [{"key": "X-Version", "value": "2"}]


def test_without_a_group_it_is_that_of_the_default_behavior() -> None:
    config = _GROUP | {"DefaultCacheBehavior": {"TargetOriginId": "a"}, "OriginGroups": None}

    assert origin_asked(config, None)["custom"]["domainName"] == "a.example.com"


@pytest.mark.parametrize(
    ("identity", "signed"),
    [
        ("origin-access-identity/cloudfront/E1", {"authMethod": "origin-access-identity", "region": "eu-west-1"}),
        ("", {"authMethod": "none", "region": ""}),
    ],
)
def test_a_bucket_is_read_as_the_distribution_says(identity: str, signed: dict[str, str]) -> None:
    bucket = _origin("pictures") | {
        "DomainName": "pictures.s3.eu-west-1.amazonaws.com",
        "S3OriginConfig": {"OriginAccessIdentity": identity},
    }
    config = {"DefaultCacheBehavior": {"TargetOriginId": "pictures"}, "Origins": {"Items": [bucket]}}

    origin = origin_asked(config, None)["s3"]

    assert {name: origin[name] for name in signed} == signed


def test_the_event_is_a_real_one_with_the_origin_and_what_the_row_changes() -> None:
    call = _call(request={"uri": "/x", "headers": {"accept": "text/html"}})
    event = call.payload({"custom": {"path": "", "customHeaders": {}}}, {"custom_headers": {"x-a": "b"}})

    request = event["Records"][0]["cf"]["request"]
    assert (request["uri"], request["method"]) == ("/x", "GET")
    assert request["origin"] == {"custom": {"path": "", "customHeaders": {"x-a": [{"key": "x-a", "value": "b"}]}}}
    assert request["headers"]["accept"] == [{"key": "accept", "value": "text/html"}]
    assert "via" in request["headers"]


@pytest.mark.parametrize(
    ("expects", "wrong"),
    [
        ({"status": "503", "headers.x.0.value": re.compile("^a"), "body": None}, []),
        ({"status": "200"}, ["status is '503', and not '200'"]),
        ({"headers.x.0.value": re.compile("^b")}, ["headers.x.0.value is 'ab', and not '^b'"]),
        ({"headers.x.1.value": "ab"}, ["headers.x.1.value is None, and not 'ab'"]),
        ({"status.x": None, "headers": None}, ["headers is {'x': [{'value': 'ab'}]}, and not None"]),
    ],
)
def test_what_is_not_as_expected_is_told_with_its_place(expects: dict[str, Any], wrong: list[str]) -> None:
    assert _call(expects=expects).wrong({"status": "503", "headers": {"x": [{"value": "ab"}]}}) == wrong


class _Cloud:
    """Stands in for LocalCloud and its clients: one distribution, and a function that answers."""

    configuration: dict[str, Any] = {  # noqa: RUF012 - read only
        "FunctionName": "router",
        "Handler": "lambda_edge.sample.handler.handler",
        "MemorySize": 1024,
        "Role": "arn:aws:iam::111122223333:role/router",
        "Runtime": "python3.14",
        "Timeout": 5,
    }

    def __init__(self, answer: Any, **more: str) -> None:
        self.answer = {"Payload": io.BytesIO(json.dumps(answer).encode()), **more}
        self.made: dict[str, list[tuple[str, dict[str, Any]]]] = {}

    @property
    def events(self) -> list[tuple[str, Any]]:
        return [
            (given["FunctionName"], json.loads(given["Payload"]))
            for calls in self.made.values()
            for name, given in calls
            if name == "invoke"
        ]

    def client(self, _service: str, region: str = "us-east-1") -> _Client:
        return _Client(self, region)


class _Client:
    def __init__(self, cloud: _Cloud, region: str) -> None:
        self._cloud = cloud
        self._region = region

    def get_distribution_config(self, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"DistributionConfig": _GROUP}

    def __getattr__(self, name: str) -> Any:
        code = "data:application/zip;base64,dGhlIGNvZGU="
        answers = {
            "invoke": self._cloud.answer,
            "get_function": {
                "Configuration": {**self._cloud.configuration, "Version": "1"},
                "Code": {"Location": code},
            },
        }

        def call(**given: Any) -> Any:
            self._cloud.made.setdefault(self._region, []).append((name, given))
            return answers.get(name)

        return call


_TEMPLATE = {
    "Resources": {
        "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {}},
        "Router": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "lambda_edge.sample.handler.handler"}},
        "Other": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "index.handler"}},
    }
}


def _verify(cloud: Any, calls: tuple[EdgeCall, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy_local, "CALLS", calls)
    stack = Stack("edge", "us-east-1", _TEMPLATE)
    resources = [Resource(cloud, stack, name, name.lower(), {}) for name in stack.resources]
    other = Stack("error-pages-edge", "us-east-1", {"Resources": {"Table": {"Type": "AWS::DynamoDB::GlobalTable"}}})
    resources.append(Resource(cloud, other, "Table", "table", {}))
    deploy_local.verify_edge_functions(cloud, resources)


def test_each_row_is_called_with_what_it_needs_done_first_to_its_own_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = _Cloud({"status": "503"})
    done: list[str] = []
    call = _call(role="secondary", before=lambda cloud, resources: done.extend(map(str, resources)))

    _verify(cloud, (call,), monkeypatch)

    ((function, event),) = cloud.events
    assert function == "router"
    assert event["Records"][0]["cf"]["request"]["origin"]["custom"]["domainName"] == "c.example.com"
    assert [text.split(" ")[0] for text in done] == ["edge.Site", "edge.Router", "edge.Other"]


def test_a_row_of_another_region_is_called_there_with_the_same_code_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cloud = _Cloud({"status": "503"})

    _verify(cloud, (_call(region="ap-southeast-1"),), monkeypatch)

    home, away = cloud.made["us-east-1"], cloud.made["ap-southeast-1"]
    assert [name for name, _ in home] == ["get_function"]
    assert [name for name, _ in away] == ["create_function", "invoke", "delete_function"]
    assert away[0][1] == {**cloud.configuration, "Code": {"ZipFile": b"the code"}}
    assert [given["FunctionName"] for _, given in away] == ["router"] * 3


def test_what_is_found_before_is_in_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = _Cloud({"status": "503"})

    _verify(cloud, (_call(before=lambda cloud, resources: {"headers": {"cookie": "a=b"}}),), monkeypatch)

    ((_, event),) = cloud.events
    assert event["Records"][0]["cf"]["request"]["headers"]["cookie"] == [{"key": "cookie", "value": "a=b"}]


def test_a_row_is_for_one_handler_of_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeployError, match="is called by no row of CALLS"):
        _verify(_Cloud({}), (_call(handler="on_response"),), monkeypatch)


def test_an_edge_function_without_a_row_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeployError, match=r"edge\.Router .* is called by no row of CALLS"):
        _verify(_Cloud({}), (_call(stack="another"),), monkeypatch)


def test_a_wrong_answer_is_a_failure_with_what_was_to_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeployError, match=r"edge\.Router .*: it answers: status is '200', and not '503'"):
        _verify(_Cloud({"status": "200"}), (_call(),), monkeypatch)


def test_a_function_that_fails_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeployError, match=r"it answers: .*boom"):
        _verify(_Cloud({"errorMessage": "boom"}, FunctionError="Unhandled"), (_call(),), monkeypatch)


def test_every_row_names_a_payload_that_is_there() -> None:
    for call in edge_calls.CALLS:
        assert call.payload({}, {})["Records"]
