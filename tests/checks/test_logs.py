"""What the rules say of buckets for access logs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import get, resource
from .edge_documents import UNKNOWN, asked, origin, said, site

_OF_LOGS = get("Logs", "DomainName")


def _logging(bucket: Any, **properties: Any) -> dict[str, Any]:
    one = site([origin("one")], Logging={"Bucket": bucket})
    return {"Logs": resource("S3::Bucket", {"BucketName": "amzn-s3-demo-bucket1", **properties}), **one}


def _owned(by: Any) -> dict[str, Any]:
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": by}]}}


def _encrypted(algorithm: str, key: Any = None) -> dict[str, Any]:
    by_default = {"SSEAlgorithm": algorithm, **({} if key is None else {"KMSMasterKeyID": key})}
    return {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": by_default}]}}


@pytest.mark.parametrize(
    "bucket", [_OF_LOGS, get("Logs", "RegionalDomainName"), "amzn-s3-demo-bucket1.s3.amazonaws.com"]
)
@pytest.mark.parametrize("owned", [{}, _owned("BucketOwnerEnforced")])
def test_a_log_bucket_that_takes_no_acls_is_found(tmp_path: Path, bucket: Any, owned: dict[str, Any]) -> None:
    (message,) = said(tmp_path, _logging(bucket, **owned), "HA080")

    assert message == "the log bucket stack/Logs takes no ACLs: its ObjectOwnership is BucketOwnerEnforced"


@pytest.mark.parametrize(
    "resources",
    [
        _logging(_OF_LOGS, **_owned("ObjectWriter")),
        _logging(_OF_LOGS, **_owned("BucketOwnerPreferred")),
        # Elsewhere, it may take them.
        _logging("other.s3.amazonaws.com"),
        _logging(UNKNOWN),
        _logging(""),
        site([origin("one")]),
    ],
)
def test_a_log_bucket_that_may_take_them_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA080")


def test_who_owns_the_objects_of_a_log_bucket_may_be_unknown(tmp_path: Path) -> None:
    (message,) = asked(tmp_path, _logging(_OF_LOGS, **_owned(UNKNOWN)), "HA080")

    assert message.startswith("cannot tell whether the log bucket takes ACLs: it depends on the parameter Unknown")


@pytest.mark.parametrize(("region", "found"), [("eu-south-1", 1), ("eu-west-1", 0)])
def test_a_log_bucket_is_in_a_region_that_is_enabled_by_default(tmp_path: Path, region: str, found: int) -> None:
    made = said(tmp_path, _logging(_OF_LOGS, **_owned("ObjectWriter")), "HA080", {"AWS::Region": region})
    named = said(tmp_path, _logging(f"other.s3.{region}.amazonaws.com"), "HA080")

    assert [len(made), len(named)] == [found, found]
    assert all(message.endswith("is in eu-south-1, a Region that is enabled first") for message in (*made, *named))


@pytest.mark.parametrize(
    ("encrypted", "found"),
    [
        (_encrypted("aws:kms"), 1),
        (_encrypted("aws:kms", "alias/aws/s3"), 1),
        (_encrypted("aws:kms", get("Key", "Arn")), 0),
        (_encrypted("aws:kms", UNKNOWN), 0),
        (_encrypted("AES256"), 0),
        ({}, 0),
    ],
)
def test_logs_are_not_encrypted_by_a_key_of_aws(tmp_path: Path, encrypted: dict[str, Any], found: int) -> None:
    resources = {**_logging(_OF_LOGS, **_owned("ObjectWriter"), **encrypted), "Key": resource("KMS::Key")}
    messages = said(tmp_path, resources, "HA081")

    assert messages == ["the log bucket stack/Logs is encrypted with AWS's own key"] * found
