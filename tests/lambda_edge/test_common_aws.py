"""Reads of AWS: signed as botocore signs, decoded as boto3 decodes, and each failure one kind of error."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import botocore.auth  # type: ignore[import-untyped]
import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.common import aws, world
from lambda_edge.common.aws import AwsError, S3Object, SecretValue
from lambda_edge.common.world import HttpAnswer

_NOW = 1_900_000_000.75
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEXAMPLE//token==",
}
# Header values as http.client sends them: visible, without runs of spaces.
_WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
_KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


class Cloud:
    """The network of a function: what was sent to it, and what it answers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answer = HttpAnswer(200, {}, b"{}")
        self.environment: dict[str, str] = dict(_CREDENTIALS)
        monkeypatch.setattr(world, "https", self.https)
        monkeypatch.setattr(world, "environment", lambda name: self.environment.get(name))
        monkeypatch.setattr(world, "now", lambda: _NOW)

    def https(self, url: str, **sent: Any) -> HttpAnswer:
        self.sent.append({"url": url, **sent})
        return self.answer

    def says(self, content: object, status: int = 200) -> None:
        self.answer = HttpAnswer(status, {}, json.dumps(content).encode())


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    return Cloud(monkeypatch)


def _authorization(sent: dict[str, Any], service: str, region: str) -> str:
    """What botocore says of the same request, sent at the same moment with the same credentials."""
    ours = {"authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"}
    request = AWSRequest(
        method=sent["method"],
        url=sent["url"],
        data=sent["body"],
        headers={name: value for name, value in sent["headers"].items() if name not in ours},
    )
    signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    token = sent["headers"].get("x-amz-security-token")
    credentials = Credentials(_CREDENTIALS["AWS_ACCESS_KEY_ID"], _CREDENTIALS["AWS_SECRET_ACCESS_KEY"], token)
    with pytest.MonkeyPatch.context() as patch:
        moment = datetime.datetime.fromtimestamp(int(_NOW), datetime.UTC).replace(tzinfo=None)
        patch.setattr(botocore.auth, "get_current_datetime", lambda: moment)
        signer(credentials, service, region).add_auth(request)
    assert dict(request.headers.items())["X-Amz-Date"] == sent["headers"]["x-amz-date"]
    return str(request.headers["Authorization"])


@pytest.mark.property
@given(
    service=st.sampled_from(["dynamodb", "secretsmanager", "s3"]),
    region=st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1"]),
    key=_KEYS,
    words=st.lists(_WORDS, max_size=3),
    body=st.binary(max_size=200),
    token=st.none() | _WORDS,
    endpoint=st.none() | st.sampled_from(["http://localhost:4566", "http://127.0.0.1:1"]),
)
def test_a_signature_is_the_one_that_botocore_makes(
    service: str, region: str, key: str, words: list[str], body: bytes, token: str | None, endpoint: str | None
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        cloud = Cloud(patch)
        for name, value in (("AWS_SESSION_TOKEN", token), ("AWS_ENDPOINT_URL", endpoint)):
            cloud.environment |= {name: value} if value is not None else {}
            if value is None:
                cloud.environment.pop(name, None)
        path = "/"
        if service == "s3":
            aws.get_object("bucket", key, region=region, deadline=1)
            path = cloud.sent.pop()["url"].partition("://")[2].partition("/")[2]
            path = f"/{path}"
        headers = {f"x-{number}": word for number, word in enumerate(words)}
        aws._send("POST", aws._endpoint(service, region), path, headers, body, service, region, 1, patient=True)
        [sent] = cloud.sent

        assert sent["headers"]["authorization"] == _authorization(sent, service, region)


@pytest.mark.property
@given(key=_KEYS)
def test_the_key_of_an_object_is_encoded_as_botocore_encodes_it(key: str) -> None:
    from botocore.utils import percent_encode  # type: ignore[import-untyped]

    with pytest.MonkeyPatch.context() as patch:
        cloud = Cloud(patch)
        aws.get_object("bucket", key, region="eu-west-1", deadline=1)
        [sent] = cloud.sent

        assert sent["url"] == f"https://bucket.s3.eu-west-1.amazonaws.com/{percent_encode(key, safe='/~')}"


def test_the_calls_themselves_are_signed_over_all_that_they_send(cloud: Cloud) -> None:
    cloud.says({"Responses": {}})
    aws.batch_get("rules", [{"host": "a"}], region="eu-west-1", deadline=7)
    cloud.says({"VersionId": "v", "SecretString": "s", "CreatedDate": 1})
    aws.get_secret_value("name", region="us-west-2", deadline=7)
    cloud.answer = HttpAnswer(304, {}, b"")
    aws.get_object("b", "k", region="ap-south-1", deadline=7, etag='"e"')

    for sent, service, region in zip(
        cloud.sent, ("dynamodb", "secretsmanager", "s3"), ("eu-west-1", "us-west-2", "ap-south-1"), strict=True
    ):
        assert sent["headers"]["authorization"] == _authorization(sent, service, region)
        assert sent["deadline"] == 7
        # What is not signed, somebody on the way could add.
        listed = sent["headers"]["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        assert sorted(set(sent["headers"]) - {"authorization"}) == listed


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("eu-west-1", "https://dynamodb.eu-west-1.amazonaws.com/"),
        ("us-gov-west-1", "https://dynamodb.us-gov-west-1.amazonaws.com/"),
        ("cn-north-1", "https://dynamodb.cn-north-1.amazonaws.com.cn/"),
        ("eusc-de-east-1", "https://dynamodb.eusc-de-east-1.amazonaws.eu/"),
    ],
)
def test_the_endpoint_is_that_of_the_region(cloud: Cloud, region: str, url: str) -> None:
    cloud.says({"Responses": {}})
    aws.batch_get("t", [{"a": "b"}], region=region, deadline=1)

    assert cloud.sent[0]["url"] == url


def test_the_environment_may_name_a_local_cloud(cloud: Cloud) -> None:
    cloud.environment["AWS_ENDPOINT_URL"] = "http://localhost:4566/"
    cloud.says({"Responses": {}})
    aws.batch_get("t", [{"a": "b"}], region="eu-west-1", deadline=1)
    aws.get_object("b", "k", region="eu-west-1", deadline=1)

    assert [sent["url"] for sent in cloud.sent] == ["http://localhost:4566/", "http://localhost:4566/b/k"]
    assert cloud.sent[0]["headers"]["host"] == "localhost:4566"


def test_a_bucket_with_a_dot_goes_into_the_path(cloud: Cloud) -> None:
    aws.get_object("a.b", "k", region="eu-west-1", deadline=1)

    assert cloud.sent[0]["url"] == "https://s3.eu-west-1.amazonaws.com/a.b/k"


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_without_credentials_nothing_is_sent(cloud: Cloud, missing: str) -> None:
    del cloud.environment[missing]
    with pytest.raises(AwsError, match="NoCredentials"):
        aws.batch_get("t", [{"a": "b"}], region="eu-west-1", deadline=1)

    assert cloud.sent == []


# What boto3 makes of a number is a Decimal; of the rest, what ours makes of it.
_NUMBERS = st.integers(-(10**37), 10**37) | st.decimals(-1000, 1000, places=3)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.binary(max_size=5) | _NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def _wire(attribute: Any) -> Any:
    """As DynamoDB writes it: JSON has no bytes."""
    import base64

    if isinstance(attribute, dict):
        return {
            name: base64.b64encode(value).decode() if name == "B" and isinstance(value, bytes) else _wire(value)
            for name, value in attribute.items()
        }
    return [_wire(member) for member in attribute] if isinstance(attribute, list) else attribute


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, Decimal):
        return bool(ours == float(theirs) if isinstance(ours, float) else ours == theirs)
    if isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_same(ours[name], theirs[name]) for name in theirs)
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    return bool(type(ours) is type(getattr(theirs, "value", theirs)) and theirs == ours)


@pytest.mark.property
@given(item=st.dictionaries(st.text(max_size=5), _VALUES, max_size=4))
def test_an_item_is_decoded_as_boto3_decodes_it(item: dict[str, Any]) -> None:
    written = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    theirs = {name: TypeDeserializer().deserialize(value) for name, value in written.items()}
    with pytest.MonkeyPatch.context() as patch:
        cloud = Cloud(patch)
        cloud.says({"Responses": {"t": [_wire(written)]}, "UnprocessedKeys": {}})
        [ours] = aws.batch_get("t", [{"a": "b"}], region="eu-west-1", deadline=1)

    assert _same(ours, theirs)


def _nested(lists: int) -> bytes:
    """An answer with an item that has a string in so many lists."""
    return b'{"Responses":{"t":[{"a":' + b'{"L":[' * lists + b'{"S":"x"}' + b"]}" * lists + b"}]}}"


def test_an_item_is_read_as_deep_as_dynamodb_nests(cloud: Cloud) -> None:
    cloud.answer = HttpAnswer(200, {}, _nested(31))

    [item] = aws.batch_get("t", [{"host": "a"}], region="eu-west-1", deadline=1)

    assert json.dumps(item["a"]) == "[" * 31 + '"x"' + "]" * 31


def test_sets_are_lists(cloud: Cloud) -> None:
    sets = {"a": {"SS": ["x", "y"]}, "b": {"NS": ["1", "2.5"]}, "c": {"BS": ["AAAA"]}}
    cloud.says({"Responses": {"t": [sets]}})

    [found] = aws.batch_get("t", [{"host": "a"}], region="eu-west-1", deadline=1)

    assert found == {"a": ["x", "y"], "b": [1, 2.5], "c": [b"\0\0\0"]}


def test_several_items_are_asked_for_in_one_call(cloud: Cloud) -> None:
    cloud.says({"Responses": {"t": [{"host": {"S": "b"}, "weight": {"N": "1.5"}, "n": {"N": "-7"}}]}})

    found = aws.batch_get("t", [{"host": "a"}, {"host": "b"}], region="eu-west-1", deadline=1)

    assert found == [{"host": "b", "weight": 1.5, "n": -7}]
    [sent] = cloud.sent
    assert json.loads(sent["body"]) == {"RequestItems": {"t": {"Keys": [{"host": {"S": "a"}}, {"host": {"S": "b"}}]}}}
    assert sent["headers"]["x-amz-target"] == "DynamoDB_20120810.BatchGetItem"
    assert sent["headers"]["content-type"] == "application/x-amz-json-1.0"


def test_items_that_were_not_read_are_a_failure_and_not_absent(cloud: Cloud) -> None:
    cloud.says({"Responses": {"t": []}, "UnprocessedKeys": {"t": {"Keys": [{"host": {"S": "a"}}]}}})
    with pytest.raises(AwsError, match="UnprocessedKeys"):
        aws.batch_get("t", [{"host": "a"}], region="eu-west-1", deadline=1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"\xff",
        b"{}",
        b'{"Responses":[]}',
        b'{"Responses":{"t":3}}',
        b'{"Responses":{"t":[3]}}',
        b'{"Responses":{"t":[{"a":3}]}}',
        b'{"Responses":{"t":[{"a":{}}]}}',
        b'{"Responses":{"t":[{"a":{"N":"x"}}]}}',
        b'{"Responses":{"t":[{"a":{"N":3}}]}}',
        b'{"Responses":{"t":[{"a":{"N":"\xc2\xb2"}}]}}',
        b'{"Responses":{"t":[{"a":{"XS":["x"]}}]}}',
        b'{"Responses":{"t":[{"a":{"M":3}}]}}',
        b'{"Responses":{"t":[{"a":{"B":"x"}}]}}',
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(_nested(900), id="deep item"),
        pytest.param(_nested(32), id="one level too deep"),
    ],
)
def test_an_answer_that_is_none_of_dynamodb_s_is_a_failure(cloud: Cloud, body: bytes) -> None:
    cloud.answer = HttpAnswer(200, {}, body)
    with pytest.raises(AwsError, match="Unreadable"):
        aws.batch_get("t", [{"a": "b"}], region="eu-west-1", deadline=1)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, b'{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}', "ThrottlingException"),
        (400, b'{"__type":"ResourceNotFoundException"}', "ResourceNotFoundException"),
        (500, b'{"__type":"com.amazon.coral.service#InternalServerError"}', "InternalServerError"),
        (503, b"Service Unavailable", "Unreadable"),
        (500, b"{}", "Unknown"),
        (301, b"{}", "Unknown"),
        (400, b'{"__type":3}', "3"),
    ],
)
def test_a_refusal_says_its_status_and_its_code(cloud: Cloud, status: int, body: bytes, code: str) -> None:
    cloud.answer = HttpAnswer(status, {}, body)
    with pytest.raises(AwsError) as caught:
        aws.get_secret_value("name", region="eu-west-1", deadline=1)

    assert (caught.value.status, caught.value.code) == (status, code)
    assert isinstance(caught.value, OSError)
    assert str(caught.value) == f"{code} (status {status})"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (HttpAnswer(200, {"etag": '"e"'}, b"x"), S3Object(200, '"e"', b"x")),
        (HttpAnswer(200, {}, b""), S3Object(200, "", b"")),
        (HttpAnswer(304, {"etag": '"e"'}, b""), S3Object(304, "", b"")),
        (HttpAnswer(404, {}, b"<Error><Code>NoSuchKey</Code></Error>"), S3Object(404, "", b"")),
        (HttpAnswer(403, {}, b"<Error><Code>AccessDenied</Code></Error>"), S3Object(403, "", b"")),
    ],
)
def test_what_s3_says_of_a_key_is_told_apart(cloud: Cloud, answer: HttpAnswer, told: S3Object) -> None:
    cloud.answer = answer

    assert aws.get_object("b", "k", region="eu-west-1", deadline=1, etag='"e"') == told
    assert cloud.sent[0]["headers"]["if-none-match"] == '"e"'


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, b"<Error><Code>NoSuchBucket</Code></Error>", "NoSuchBucket"),
        (403, b"<Error><Code>RequestTimeTooSkewed</Code></Error>", "RequestTimeTooSkewed"),
        (503, b"<Error><Code>SlowDown</Code></Error>", "SlowDown"),
        (301, b"<Error><Code>PermanentRedirect</Code></Error>", "PermanentRedirect"),
        (403, b"<Error><Code>AccessDenied</Code><Message>not authorized to perform: kms:Decrypt", "KMS.AccessDenied"),
        (404, b"", "Unknown"),
        (500, b"\xff<Code>\xff", "\N{REPLACEMENT CHARACTER}"),
        (206, b"x", "Unknown"),
    ],
)
def test_what_says_nothing_of_the_key_is_a_failure_of_s3(cloud: Cloud, status: int, body: bytes, code: str) -> None:
    cloud.answer = HttpAnswer(status, {}, body)
    with pytest.raises(AwsError) as caught:
        aws.get_object("b", "k", region="eu-west-1", deadline=1)

    assert (caught.value.status, caught.value.code) == (status, code)
    assert "if-none-match" not in cloud.sent[0]["headers"]


def test_a_secret_is_read_by_name_and_stage(cloud: Cloud) -> None:
    cloud.says({"VersionId": "v1", "SecretString": "text", "CreatedDate": 1.5e9, "ARN": "arn"})

    assert aws.get_secret_value("a/b", region="eu-west-1", deadline=1) == SecretValue("v1", "text", 1.5e9)
    aws.get_secret_value("a/b", region="eu-west-1", deadline=1, stage="AWSPREVIOUS")

    assert [json.loads(sent["body"]) for sent in cloud.sent] == [
        {"SecretId": "a/b", "VersionStage": "AWSCURRENT"},
        {"SecretId": "a/b", "VersionStage": "AWSPREVIOUS"},
    ]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"VersionId": "v", "CreatedDate": 1, "SecretBinary": "eA=="},
        {"SecretString": "s", "CreatedDate": 1},
        {"SecretString": "s", "VersionId": "v", "CreatedDate": "today"},
    ],
)
def test_a_secret_without_text_is_a_failure(cloud: Cloud, content: dict[str, object]) -> None:
    cloud.says(content)
    with pytest.raises(AwsError, match="Unreadable"):
        aws.get_secret_value("n", region="eu-west-1", deadline=1)
