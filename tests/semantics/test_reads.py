"""What functions may read is told as far as policies say it; a Deny that is sure to refuse it hides it."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.semantics.reads import Reads
from ha_patterns.topology.model import Bucket, Function, Secret, Table
from ha_patterns.topology.topology import Topology

from ..topology.loading import get_att, load_resources, only, ref, resource

_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:site"
_TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table"


def _statement(action: Any, where: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": where, **more}


def _load(*statements: dict[str, Any], **more: Any) -> Topology:
    """A function whose role has these statements, beside a bucket, a table and a secret."""
    policy = {"PolicyName": "read", "PolicyDocument": {"Statement": list(statements)}}
    return load_resources(
        {
            "Media": resource("S3::Bucket", BucketName="media"),
            "Rules": resource("DynamoDB::Table", TableName="rules"),
            "Key": resource("SecretsManager::Secret", Name="site/key"),
            "Role": resource("IAM::Role", Policies=[policy]),
            "Router": resource("Lambda::Function", Role=get_att("Role", "Arn")),
            **more,
        },
        Parameters={"Given": {"Type": "String"}},
    )


@pytest.mark.parametrize(
    ("resources", "effect", "read"),
    [
        ([{"Fn::Sub": "${Media.Arn}/*"}], "Allow", True),
        (["arn:aws:s3:::media/pictures/*"], "Allow", True),
        ([get_att("Media", "Arn")], "Allow", True),
        (["arn:aws:s3:::other/*"], "Allow", False),
        (["arn:aws:s3:::media/*"], "Deny", False),
    ],
)
def test_the_buckets_that_a_role_lets_a_function_use_are_told(resources: list[Any], effect: str, read: bool) -> None:
    topology = _load(_statement("s3:GetObject", resources, effect))

    assert Reads(topology).buckets(only(topology, Function)) == ((only(topology, Bucket),) if read else ())


@pytest.mark.parametrize(
    ("resources", "read"),
    [
        ([ref("Key")], True),
        ([f"{_ARN}/key-??????"], True),
        ([{"Fn::Sub": "arn:aws:secretsmanager:*:${AWS::AccountId}:secret:site/key-*"}], True),
        ([f"{_ARN}/other-??????"], False),
    ],
)
def test_the_secrets_that_a_role_lets_a_function_read_are_told(resources: list[Any], read: bool) -> None:
    topology = _load(_statement(["secretsmanager:GetSecretValue"], resources))

    assert Reads(topology).secrets(only(topology, Function)) == ((only(topology, Secret),) if read else ())


@pytest.mark.parametrize(
    ("resources", "read"),
    [([get_att("Rules", "Arn")], True), ([f"{_TABLE}/rules/index/*"], True), ([f"{_TABLE}/other"], False)],
)
def test_the_tables_that_a_role_lets_a_function_use_are_told_once(resources: list[Any], read: bool) -> None:
    topology = _load(_statement("dynamodb:GetItem", resources), _statement("dynamodb:Query", resources))

    assert Reads(topology).tables(only(topology, Function)) == ((only(topology, Table),) if read else ())


_LET = "secretsmanager:GetSecretValue"
_IN_CLEAR = {"Bool": {"aws:SecureTransport": False}}
_IN_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


@pytest.mark.parametrize(
    ("allowed", "refused", "read"),
    [
        # Each by another name for the same secret.
        (_statement(_LET, ref("Key")), _statement(_LET, ref("Key"), "Deny"), False),
        (_statement(_LET, ref("Key")), _statement("secretsmanager:*", "*", "Deny"), False),
        (_statement(_LET, ref("Key")), _statement("*", f"{_ARN}/*", "Deny"), False),
        (_statement(_LET, f"{_ARN}/key-??????"), _statement(_LET, ref("Key"), "Deny"), False),
        (_statement(_LET, ref("Key")), _statement(_LET, f"{_ARN}/key-??????", "Deny"), False),
        (_statement("secretsmanager:*", ref("Key")), _statement("secretsmanager:*", ref("Key"), "Deny"), False),
        (_statement("*", ref("Key")), _statement("secretsmanager:*", ref("Key"), "Deny"), False),
        (_statement([_LET, "s3:Get*"], ref("Key")), _statement(_LET, ref("Key"), "Deny"), False),
        # Other actions are left, another secret is refused, or a condition decides.
        (_statement("secretsmanager:*", ref("Key")), _statement(_LET, ref("Key"), "Deny"), True),
        (_statement([_LET, "secretsmanager:Put*"], ref("Key")), _statement(_LET, ref("Key"), "Deny"), True),
        (_statement(_LET, ref("Key")), _statement(_LET, f"{_ARN}/other-??????", "Deny"), True),
        (_statement(_LET, ref("Key")), _statement(_LET, f"{_ARN}/key-AbCdEf", "Deny"), True),
        (_statement(_LET, ref("Key")), _statement(_LET, ref("Given"), "Deny"), True),
        (_statement(_LET, ref("Key")), _statement(_LET, "*", "Deny", Condition=_IN_ORGANIZATION), True),
        # A role's requests are over TLS.
        (
            _statement(_LET, ref("Key")),
            _statement("*", "*", "Deny", Condition={"Bool": {"aws:SecureTransport": False}}),
            True,
        ),
    ],
)
def test_a_secret_that_a_deny_refuses_is_not_read(allowed: Any, refused: Any, read: bool) -> None:
    topology = _load(allowed, refused)

    assert Reads(topology).secrets(only(topology, Function)) == ((only(topology, Secret),) if read else ())


@pytest.mark.parametrize(
    ("allowed", "refused", "read"),
    [
        ("arn:aws:s3:::media/*", {"Fn::Sub": "${Media.Arn}/*"}, False),
        ({"Fn::Sub": "${Media.Arn}/*"}, "arn:aws:s3:::media/*", False),
        ("arn:aws:s3:::media/pictures/*", "arn:aws:s3:::media/*", False),
        ("arn:aws:s3:::media/*", "arn:aws:s3:::media/pictures/*", True),
        ({"Fn::Sub": "${Media.Arn}/*"}, get_att("Media", "Arn"), True),
    ],
)
def test_a_bucket_is_not_read_if_all_objects_are_refused(allowed: Any, refused: Any, read: bool) -> None:
    topology = _load(_statement("s3:GetObject", allowed), _statement("s3:Get*", refused, "Deny"))

    assert Reads(topology).buckets(only(topology, Function)) == ((only(topology, Bucket),) if read else ())


@pytest.mark.parametrize(
    ("allowed", "refused", "read"),
    [
        (get_att("Rules", "Arn"), f"{_TABLE}/rules", False),
        (f"{_TABLE}/rules", get_att("Rules", "Arn"), False),
        (f"{_TABLE}/rules/index/*", {"Fn::Sub": "${Rules.Arn}/index/*"}, False),
        ({"Fn::Sub": "${Rules.Arn}/index/*"}, f"{_TABLE}/rules", True),
    ],
)
def test_a_table_that_a_deny_refuses_is_not_read(allowed: Any, refused: Any, read: bool) -> None:
    topology = _load(_statement("dynamodb:Query", allowed), _statement("dynamodb:*", refused, "Deny"))

    assert Reads(topology).tables(only(topology, Function)) == ((only(topology, Table),) if read else ())


@pytest.mark.parametrize(
    ("principal", "read"), [({"AWS": get_att("Role", "Arn")}, False), ("*", False), ({"AWS": "210987654321"}, True)]
)
def test_the_policy_of_what_is_read_may_refuse_it_too(principal: Any, read: bool) -> None:
    refused = {"Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": {"Fn::Sub": "${Media.Arn}/*"}}
    policy = resource("S3::BucketPolicy", Bucket=ref("Media"), PolicyDocument={"Statement": [refused]})
    topology = _load(_statement("s3:GetObject", {"Fn::Sub": "${Media.Arn}/*"}), Policy=policy)

    assert Reads(topology).buckets(only(topology, Function)) == ((only(topology, Bucket),) if read else ())


def test_a_function_without_a_role_reads_nothing() -> None:
    topology = load_resources({"Router": resource("Lambda::Function")})
    reads, function = Reads(topology), only(topology, Function)

    assert (reads.tables(function), reads.buckets(function), reads.secrets(function)) == ((), (), ())
