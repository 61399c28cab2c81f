"""What the rules say of buckets that are copied: versions, keys, and what the role is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import get, ref, resource
from .edge_documents import UNKNOWN, said

_KEPT = {"VersioningConfiguration": {"Status": "Enabled"}}
_TRUST = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
_OBJECTS = {"Fn::Sub": "${Source.Arn}/*"}
_COPIES = {"Fn::Sub": "${Copy.Arn}/*"}


def _allow(actions: Any, resources: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


_CONFIGURES = _allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], get("Source", "Arn"))
_READS = _allow("s3:GetObjectVersionForReplication", _OBJECTS)
_WRITES = _allow(["s3:ReplicateObject", "s3:ReplicateDelete"], _COPIES)
_ALL = (_CONFIGURES, _READS, _WRITES)


def _role(*statements: Any, trust: Any = _TRUST, **more: Any) -> dict[str, Any]:
    policy = {"PolicyName": "copy", "PolicyDocument": {"Statement": list(statements)}}
    return resource("IAM::Role", {"AssumeRolePolicyDocument": {"Statement": [trust]}, "Policies": [policy], **more})


def _copied(
    source: Any = None, copy: Any = None, destination: Any = None, role: Any = None, **rule: Any
) -> dict[str, Any]:
    """A bucket, its copy, and the role that copies it; both keep versions unless something else is said."""
    to = {"Bucket": get("Copy", "Arn"), **(destination or {})}
    one = {"Status": "Enabled", "Destination": to, **rule}
    configuration = {"ReplicationConfiguration": {"Role": get("Role", "Arn"), "Rules": [one]}}
    return {
        "Source": resource("S3::Bucket", {**_KEPT, **configuration, **(source or {})}),
        "Copy": resource("S3::Bucket", _KEPT if copy is None else copy),
        "Role": role or _role(*_ALL),
    }


_KMS = {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}}}
_REPLICA_KEY = {"EncryptionConfiguration": {"ReplicaKmsKeyID": "arn:aws:kms:eu-west-1:123456789012:key/1"}}
_TAGS = {"Filter": {"TagFilter": {"Key": "copy", "Value": "yes"}}}
_MARKERS = {"DeleteMarkerReplication": {"Status": "Enabled"}}


@pytest.mark.parametrize(
    ("resources", "why"),
    [
        (_copied({"VersioningConfiguration": {"Status": "Suspended"}}), "${Copy.Arn}, and has no versioning"),
        (_copied(copy={}), "is copied to stack/Copy, which has no versioning"),
        (_copied(copy={}, Status="Disabled"), "is copied to stack/Copy, which has no versioning"),
        (_copied(destination={"Bucket": get("Source", "Arn")}), "is copied to itself"),
        (_copied(**_KMS), "and lacks the ReplicaKmsKeyID of its destination"),
        (_copied(**_TAGS, **_MARKERS), "selects by the tag copy, and copies delete markers"),
    ],
)
def test_a_replication_that_s3_refuses_is_found(tmp_path: Path, resources: dict[str, Any], why: str) -> None:
    (message,) = said(tmp_path, resources, "HA410")

    assert why in message


@pytest.mark.parametrize(
    "resources",
    [
        _copied(),
        _copied({"VersioningConfiguration": UNKNOWN}),
        _copied(copy={"VersioningConfiguration": {"Status": UNKNOWN}}),
        _copied(destination={"Bucket": "arn:aws:s3:::elsewhere"}),
        _copied(destination=_REPLICA_KEY, **_KMS),
        _copied(**_TAGS, DeleteMarkerReplication={"Status": "Disabled"}),
    ],
)
def test_a_replication_that_s3_may_take_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA410")


def _granting(*statements: Any) -> dict[str, Any]:
    policy = {"Bucket": ref("Copy"), "PolicyDocument": {"Statement": list(statements)}}
    return {"Policy": resource("S3::BucketPolicy", policy)}


_OF_ROLE = {"Principal": {"AWS": get("Role", "Arn")}}
_ENCRYPTED = {
    "BucketEncryption": {
        "ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": get("Key", "Arn")}}
        ]
    }
}
_ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}


def _with_key(*statements: Any, **given: Any) -> dict[str, Any]:
    copied = _copied(_ENCRYPTED, destination=_REPLICA_KEY, **_KMS, **given)
    return {**copied, "Key": resource("KMS::Key", {"KeyPolicy": {"Statement": [_ROOT, *statements]}})}


@pytest.mark.parametrize(
    ("resources", "missing"),
    [
        (_copied(role=_role(_CONFIGURES, _READS)), "s3:ReplicateObject on the objects of stack/Copy"),
        # The bucket, and not its objects.
        (
            _copied(role=_role(_CONFIGURES, _READS, _allow("s3:*", get("Copy", "Arn")))),
            "s3:ReplicateObject on the objects of stack/Copy",
        ),
        (
            _copied(
                destination={"Bucket": "arn:aws:s3:::elsewhere"},
                role=_role(_CONFIGURES, _READS, _allow("s3:ReplicateObject", "arn:aws:s3:::another/*")),
            ),
            "s3:ReplicateObject on the objects of arn:aws:s3:::elsewhere",
        ),
        (_copied(role=_role(_CONFIGURES, _WRITES)), "s3:GetObjectVersionForReplication on the objects of stack/Source"),
        (_copied(role=_role(_READS, _WRITES)), "s3:GetReplicationConfiguration on stack/Source"),
        (
            _copied(role=_role(*_ALL, trust={**_TRUST, "Principal": {"Service": "lambda.amazonaws.com"}})),
            "to be taken by s3.amazonaws.com",
        ),
        (
            {**_copied(), **_granting({**_allow("s3:*", _COPIES), "Effect": "Deny", "Principal": "*"})},
            "s3:ReplicateObject on the objects of stack/Copy, whose policy denies it",
        ),
        (_with_key(), "kms:Decrypt with stack/Key"),
    ],
)
def test_a_role_that_may_not_copy_is_found(tmp_path: Path, resources: dict[str, Any], missing: str) -> None:
    (message,) = said(tmp_path, resources, "HA411")

    assert message == f"the role stack/Role, which copies stack/Source, is not allowed {missing}"


@pytest.mark.parametrize(
    "resources",
    [
        _copied(),
        _copied(role=_role(_CONFIGURES, _allow("s3:GetObjectVersion*", _OBJECTS), _WRITES)),
        _copied(role=_role(_allow("s3:*", "*"))),
        _copied(role=_role(_CONFIGURES, _READS, _allow("s3:ReplicateObject", UNKNOWN))),
        _copied(role=_role(UNKNOWN)),
        _copied(role=_role(_CONFIGURES, _READS, ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"])),
        _copied(role=_role(_CONFIGURES, _READS), Status="Disabled"),
        # The policy of the destination lets the role write.
        {
            **_copied(role=_role(_CONFIGURES, _READS)),
            **_granting({**_allow("s3:ReplicateObject", _COPIES), **_OF_ROLE}),
        },
        {name: one for name, one in _copied().items() if name != "Role"},
        _with_key(role=_role(*_ALL, _allow(["kms:Decrypt", "kms:Encrypt"], "*"))),
        _with_key({**_allow("kms:Decrypt", "*"), **_OF_ROLE}),
        _with_key(UNKNOWN),
    ],
)
def test_a_role_that_may_copy_is_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA411")


_KEY = {"Key": resource("KMS::Key")}


@pytest.mark.parametrize(
    ("source", "rule", "found"),
    [
        (_ENCRYPTED, {}, 1),
        (_ENCRYPTED, {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Disabled"}}}, 1),
        (_ENCRYPTED, {"SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}}}, 1),
        (_ENCRYPTED, _KMS, 0),
        (_ENCRYPTED, {"SourceSelectionCriteria": UNKNOWN}, 0),
        (_ENCRYPTED, {"Status": "Disabled"}, 0),
        ({}, {}, 0),
        ({"BucketEncryption": UNKNOWN}, {}, 0),
    ],
)
def test_encrypted_objects_have_to_be_selected(
    tmp_path: Path, source: dict[str, Any], rule: dict[str, Any], found: int
) -> None:
    assert len(said(tmp_path, {**_copied(source, **rule), **_KEY}, "HA412")) == found


def _twice(first: dict[str, Any], second: dict[str, Any], to: Any = "arn:aws:s3:::two") -> dict[str, Any]:
    """A bucket with two rules of these properties, of which the second is to another bucket."""
    rules = [
        {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::one"}, **first},
        {"Status": "Enabled", "Destination": {"Bucket": to}, **second},
    ]
    given = {"ReplicationConfiguration": {"Role": "arn:aws:iam::123456789012:role/copies", "Rules": rules}}
    return {"Source": resource("S3::Bucket", {**_KEPT, **given})}


_NEW = {"Filter": {"Prefix": ""}, "DeleteMarkerReplication": {"Status": "Disabled"}}


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (_twice({"Prefix": ""}, {"Prefix": ""}), True),
        (_twice({"Prefix": "a/"}, {"Prefix": "b/"}), True),
        (_twice({**_NEW, "Priority": 1}, {"Prefix": ""}), True),
        (_twice({**_NEW, "Priority": 1}, {**_NEW, "Priority": 2}), False),
        (_twice({"Prefix": "a/"}, {"Prefix": "b/"}, to="arn:aws:s3:::one"), False),
        (
            {**_twice({"Prefix": ""}, {"Prefix": ""}, to=get("Copy", "Arn")), "Copy": resource("S3::Bucket", _KEPT)},
            True,
        ),
        (_twice({"Prefix": "a/"}, {"Prefix": "b/"}, to=UNKNOWN), False),
        (_twice({"Prefix": "a/"}, {"Prefix": "b/"}, to={"Fn::ImportValue": "Copy"}), False),
    ],
)
def test_rules_without_a_filter_have_one_destination(tmp_path: Path, resources: dict[str, Any], found: bool) -> None:
    messages = said(tmp_path, resources, "HA410")

    assert len(messages) == found
    assert not found or "by a rule that has no Filter" in messages[0]


_FOREIGN = "arn:aws:kms:eu-west-1:222222222222:key/1"


def _to_account(*statements: Any, key: Any = _FOREIGN, account: Any = "222222222222", **more: Any) -> dict[str, Any]:
    destination = {
        "Account": account,
        "AccessControlTranslation": {"Owner": "Destination"},
        "EncryptionConfiguration": {"ReplicaKmsKeyID": key},
        **more,
    }
    return _copied(role=_role(*_ALL, *statements), destination=destination, **_KMS, **_NEW)


@pytest.mark.parametrize(
    ("resources", "found"),
    [
        (_to_account(), True),
        (_to_account(_allow("kms:Encrypt", "arn:aws:kms:eu-west-1:111111111111:key/1")), True),
        (_to_account(_allow("kms:Encrypt", _FOREIGN)), False),
        (_to_account(_allow("kms:*", "*")), False),
        (_to_account(_allow("kms:Encrypt", UNKNOWN)), False),
        # The policy of a key of the same account may allow the role.
        (_to_account(key="arn:aws:kms:eu-west-1:111111111111:key/1"), False),
        (_to_account(AccessControlTranslation=None), False),
        (_to_account(account=UNKNOWN), False),
        (_to_account(key=UNKNOWN), False),
        (_to_account(key="arn:aws:kms:eu-west-1:222222222222:alias/copies"), False),
    ],
)
def test_a_key_of_another_account_has_to_be_allowed_by_the_role(
    tmp_path: Path, resources: dict[str, Any], found: bool
) -> None:
    messages = said(tmp_path, resources, "HA411")

    assert len(messages) == found
    assert not found or messages[0].endswith(f"is not allowed kms:Encrypt with {_FOREIGN}")
