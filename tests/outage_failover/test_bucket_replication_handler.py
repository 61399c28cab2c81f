"""The custom resource behind replication, against moto: create, update, delete, and every way to fail."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from botocore.exceptions import ClientError  # type: ignore[import-untyped]
from moto import mock_aws

from ha_patterns.cdk.custom_resource import protocol
from ha_patterns.outage_failover.bucket_replication import handler as replication

_ROLE = "arn:aws:iam::123456789012:role/copies"
_OTHER_RULE = {
    "ID": "theirs",
    "Status": "Enabled",
    "Priority": 1,
    "Filter": {"Prefix": ""},
    "DeleteMarkerReplication": {"Status": "Disabled"},
    "Destination": {"Bucket": "arn:aws:s3:::theirs"},
}


class CloudFormation:
    """What asks the handler, and hears its answers."""

    def __init__(self, url: str, answers: list[dict[str, Any]]) -> None:
        self._url = url
        self._answers = answers

    def ask(self, request_type: str, **properties: str) -> dict[str, Any]:
        event = {
            "RequestType": request_type,
            "ResponseURL": self._url,
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "Rule",
            "ResourceProperties": {
                "SourceBucket": "ireland",
                "SourceRegion": "eu-west-1",
                "DestinationArn": "arn:aws:s3:::frankfurt",
                "RoleArn": _ROLE,
                "ReplicationTimeControl": "false",
                **properties,
            },
        }
        replication.handler(event, None)
        return self._answers.pop()


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    answers: list[dict[str, Any]] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            assert self.headers["content-type"] == ""
            answers.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield CloudFormation(f"http://127.0.0.1:{server.server_port}/", answers)
        server.shutdown()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two versioned buckets; no wait between two tries."""
    for name, value in (("AWS_ACCESS_KEY_ID", "none"), ("AWS_SECRET_ACCESS_KEY", "none")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(protocol, "PAUSE", 0)
    with mock_aws(config={"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*"]}}}):
        client = boto3.client("s3", region_name="eu-west-1")
        for name, region in (("ireland", "eu-west-1"), ("frankfurt", "eu-central-1")):
            boto3.client("s3", region_name=region).create_bucket(
                Bucket=name, CreateBucketConfiguration={"LocationConstraint": region}
            )
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        yield client


def _configuration(s3: Any, bucket: str = "ireland") -> dict[str, Any]:
    found: dict[str, Any] = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    return found


class Recorded:
    """What the handler asks S3 for: moto keeps only a part of a rule."""

    def __init__(self, refusals: list[str] | None = None) -> None:
        self.rules: list[dict[str, Any]] = []
        self._refusals = refusals or []

    def get_bucket_replication(self, **_: str) -> dict[str, Any]:
        return {"ReplicationConfiguration": {"Role": _ROLE, "Rules": self.rules[-1:]}}

    def put_bucket_replication(self, **given: Any) -> None:
        if self._refusals:
            code = self._refusals.pop(0)
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, "PutBucketReplication")
        self.rules += given["ReplicationConfiguration"]["Rules"]


@pytest.fixture
def recorded(s3: Any, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    recorded = Recorded()
    monkeypatch.setattr(replication, "client", lambda _: recorded)
    return recorded


def test_create_sets_the_rule_and_names_the_resource_after_its_source(s3: Any, cloudformation: CloudFormation) -> None:
    answer = cloudformation.ask("Create")

    assert answer == {
        "Status": "SUCCESS",
        "PhysicalResourceId": "ireland",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Rule",
    }
    found = _configuration(s3)
    assert found["Role"] == _ROLE
    assert [(rule["ID"], rule["Status"], rule["Destination"]["Bucket"]) for rule in found["Rules"]] == [
        ("ha-patterns", "Enabled", "arn:aws:s3:::frankfurt")
    ]


def test_both_directions_are_set_in_the_regions_of_their_sources(s3: Any, cloudformation: CloudFormation) -> None:
    cloudformation.ask("Create")
    answer = cloudformation.ask(
        "Create", SourceBucket="frankfurt", SourceRegion="eu-central-1", DestinationArn="arn:aws:s3:::ireland"
    )

    assert answer["Status"] == "SUCCESS"
    destinations = [_configuration(s3, name)["Rules"][0]["Destination"] for name in ("ireland", "frankfurt")]
    assert destinations == [{"Bucket": "arn:aws:s3:::frankfurt"}, {"Bucket": "arn:aws:s3:::ireland"}]


def test_a_rule_is_for_all_objects_deletions_and_changes_of_replicas(
    recorded: Recorded, cloudformation: CloudFormation
) -> None:
    cloudformation.ask("Create")

    [rule] = recorded.rules
    assert rule["Filter"] == {"Prefix": ""}
    assert rule["DeleteMarkerReplication"] == {"Status": "Enabled"}
    assert rule["SourceSelectionCriteria"] == {"ReplicaModifications": {"Status": "Enabled"}}
    assert rule["Destination"] == {"Bucket": "arn:aws:s3:::frankfurt"}


def test_update_changes_the_rule_in_place(recorded: Recorded, cloudformation: CloudFormation) -> None:
    created = cloudformation.ask("Create")
    updated = cloudformation.ask("Update", ReplicationTimeControl="true")

    assert updated["Status"] == "SUCCESS"
    assert updated["PhysicalResourceId"] == created["PhysicalResourceId"]
    first, second = recorded.rules
    assert second["ID"] == first["ID"]
    assert second["Destination"] == {
        "Bucket": "arn:aws:s3:::frankfurt",
        "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
        "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
    }


def test_another_source_is_another_resource(s3: Any, cloudformation: CloudFormation) -> None:
    cloudformation.ask("Create")
    answer = cloudformation.ask("Update", SourceBucket="frankfurt", DestinationArn="arn:aws:s3:::ireland")

    assert answer["PhysicalResourceId"] == "frankfurt"


def test_delete_removes_the_rule(s3: Any, cloudformation: CloudFormation) -> None:
    cloudformation.ask("Create")
    answer = cloudformation.ask("Delete")

    assert answer["Status"] == "SUCCESS"
    with pytest.raises(ClientError, match="ReplicationConfigurationNotFoundError"):
        _configuration(s3)


def test_a_renamed_resource_does_not_take_the_rule_of_its_successor_along(
    s3: Any, cloudformation: CloudFormation
) -> None:
    cloudformation.ask("Create", RoleArn=f"{_ROLE}-renamed")
    answer = cloudformation.ask("Delete")

    assert answer["Status"] == "SUCCESS"
    assert _configuration(s3)["Role"] == f"{_ROLE}-renamed"


@pytest.mark.parametrize("bucket", ["ireland", "gone"])
def test_there_may_be_nothing_to_delete(s3: Any, cloudformation: CloudFormation, bucket: str) -> None:
    assert cloudformation.ask("Delete", SourceBucket=bucket)["Status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("request_type", "status"), [("Create", "FAILED"), ("Update", "FAILED"), ("Delete", "SUCCESS")]
)
def test_rules_of_others_are_left_alone(
    s3: Any, cloudformation: CloudFormation, request_type: str, status: str
) -> None:
    s3.put_bucket_replication(Bucket="ireland", ReplicationConfiguration={"Role": _ROLE, "Rules": [_OTHER_RULE]})

    answer = cloudformation.ask(request_type)

    found = _configuration(s3)
    assert answer["Status"] == status
    assert "theirs" in answer.get("Reason", "theirs")
    assert [rule["ID"] for rule in found["Rules"]] == ["theirs"]


def test_what_s3_refuses_is_told_to_cloudformation(s3: Any, cloudformation: CloudFormation) -> None:
    s3.create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    unversioned = cloudformation.ask("Create", SourceBucket="plain")
    missing = cloudformation.ask("Create", SourceBucket="gone")

    assert (unversioned["Status"], missing["Status"]) == ("FAILED", "FAILED")
    assert unversioned["Reason"].startswith("plain: ")
    assert "Versioning must be 'Enabled'" in unversioned["Reason"]
    assert "NoSuchBucket" in missing["Reason"]


def test_a_failure_of_any_kind_is_an_answer(
    s3: Any, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: dict[str, Any]) -> Any:
        raise RuntimeError("x" * 5000)

    monkeypatch.setattr(replication, "client", fail)

    answer = cloudformation.ask("Delete")

    assert answer["Status"] == "FAILED"
    # CloudFormation takes 4,096 bytes.
    assert len(json.dumps(answer)) < 4096


def test_permissions_may_take_some_seconds_to_hold(
    s3: Any, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Recorded(["AccessDenied"] * (protocol.TRIES - 1))
    monkeypatch.setattr(replication, "client", lambda _: late)

    assert cloudformation.ask("Create")["Status"] == "SUCCESS"
    assert len(late.rules) == 1


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidRequest"])
def test_a_refusal_that_lasts_is_told(
    s3: Any, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    never = Recorded([code] * protocol.TRIES)
    monkeypatch.setattr(replication, "client", lambda _: never)

    answer = cloudformation.ask("Create")

    assert (answer["Status"], code in answer["Reason"]) == ("FAILED", True)
    assert never.rules == []


def test_all_waits_together_are_shorter_than_the_function_may_run() -> None:
    config = replication.CONFIG
    call = config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout)

    # The tries that are refused at once, the two calls of a last one that hangs, and the answer.
    assert (protocol.TRIES - 1) * protocol.PAUSE + 2 * call + protocol.ANSWER_TIMEOUT < 180
