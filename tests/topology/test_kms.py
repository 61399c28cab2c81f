"""Keys with who may use them, and what names them."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import Function, Key, KeyAlias, PrincipalKind, Secret, Topic
from ha_patterns.topology.values import Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_PARAMETERS = {"Given": {"Type": "String"}}


def test_a_key_has_kms_s_defaults() -> None:
    key = only(load_resources({"Key": resource("KMS::Key")}), Key)

    assert (key.enabled, key.multi_region, key.primary, key.rotated) == (True, False, None, False)
    assert (key.spec, key.usage) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")


def test_a_key_without_a_policy_is_for_its_account() -> None:
    key = only(load_resources({"Key": resource("KMS::Key")}), Key)

    assert key.statements is not None
    (statement,) = key.statements
    ((kind, name),) = statement.principals
    assert (kind, statement.allows, statement.actions) == (PrincipalKind.AWS, True, ("kms:*",))
    assert name == "arn:aws:iam::123456789012:root"


def test_a_key_has_what_it_says() -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}
    given = {"Enabled": False, "MultiRegion": "true", "EnableKeyRotation": True, "KeySpec": "HMAC_256"}
    key = only(load_resources({"Key": resource("KMS::Key", KeyPolicy={"Statement": [statement]}, **given)}), Key)

    assert (key.enabled, key.multi_region, key.rotated, key.spec) == (False, True, True, "HMAC_256")
    assert key.statements is not None
    assert [one.principals for one in key.statements] == [((PrincipalKind.SERVICE, "sns.amazonaws.com"),)]


@pytest.mark.parametrize("policy", [ref("Given"), {"Statement": ref("Given")}, "{}"])
def test_a_key_may_not_be_known(policy: Any) -> None:
    key = resource("KMS::Key", Enabled=ref("Given"), KeyPolicy=policy)
    found = only(load_resources({"Key": key}, Parameters=_PARAMETERS), Key)

    assert (type(found.enabled), found.statements, bool(found.gaps)) == (Unresolved, None, True)


@pytest.mark.parametrize("order", [("eu-west-1", "us-east-1"), ("us-east-1", "eu-west-1")])
def test_a_replica_has_its_primary(order: tuple[str, str]) -> None:
    primary = {"Resources": {"Key": resource("KMS::Key", MultiRegion=True, EnableKeyRotation=True)}}
    primary["Outputs"] = {"Arn": {"Value": get_att("Key", "Arn"), "Export": {"Name": "key"}}}
    replica = {"Resources": {"Copy": resource("KMS::ReplicaKey", PrimaryKeyArn={"Fn::ImportValue": "key"})}}
    stacks = {"eu-west-1": primary, "us-east-1": replica}
    topology = load_stacks({region: stacks[region] for region in order})
    key, copy = named(topology, Key, "Key"), named(topology, Key, "Copy")

    assert (copy.primary, copy.multi_region, copy.rotated, copy.spec) == (key, True, True, "SYMMETRIC_DEFAULT")
    assert copy.statements is not None


def test_the_primary_of_a_replica_may_be_elsewhere() -> None:
    replica = resource("KMS::ReplicaKey", PrimaryKeyArn="arn:aws:kms:us-east-1:1:key/mrk-1")
    key = only(load_resources({"Copy": replica}), Key)

    assert [Unresolved] * 2 == [type(one) for one in (key.primary, key.spec)]


@pytest.mark.parametrize(
    "name",
    [
        ref("Key"),
        get_att("Key", "Arn"),
        ref("Alias"),
        "alias/content",
        "arn:aws:kms:eu-west-1:123456789012:alias/content",
        {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Alias}"},
    ],
)
def test_what_uses_a_key_is_linked_to_it(name: Any) -> None:
    resources = {
        "Key": resource("KMS::Key"),
        "Alias": resource("KMS::Alias", AliasName="alias/content", TargetKeyId=ref("Key")),
        "Secret": resource("SecretsManager::Secret", KmsKeyId=name),
        "Topic": resource("SNS::Topic", KmsMasterKeyId=name),
        "Function": resource("Lambda::Function", KmsKeyArn=name),
    }
    topology = load_resources(resources)
    key = only(topology, Key)

    assert only(topology, Secret).key is only(topology, Topic).key is only(topology, Function).key is key
    assert (only(topology, KeyAlias).name, only(topology, KeyAlias).key) == ("alias/content", key)


@pytest.mark.parametrize(
    "name", ["alias/aws/sns", "alias/other", "arn:aws:kms:us-east-1:123456789012:alias/content", ref("Given")]
)
def test_a_key_may_be_elsewhere(name: Any) -> None:
    resources = {
        "Key": resource("KMS::Key"),
        "Alias": resource("KMS::Alias", AliasName="alias/content", TargetKeyId=ref("Key")),
        "Topic": resource("SNS::Topic", KmsMasterKeyId=name),
    }

    assert isinstance(only(load_resources(resources, Parameters=_PARAMETERS), Topic).key, Unresolved)
    assert only(load_resources({"Topic": resource("SNS::Topic")}), Topic).key is None


def test_an_alias_may_name_nothing() -> None:
    alias = only(load_resources({"Alias": resource("KMS::Alias")}), KeyAlias)

    assert (alias.name, type(alias.key)) == (None, Unresolved)


@pytest.mark.parametrize("kind", ["Custom::KeyPolicyUpdater", "AWS::CloudFormation::CustomResource"])
def test_a_custom_resource_may_change_the_policy_of_a_key(kind: str) -> None:
    named = {"Type": kind, "Properties": {"Keys": [{"Id": ref("Key")}]}}
    topology = load_resources(
        {"Key": resource("KMS::Key"), "Other": resource("KMS::Key"), "Update": named},
    )
    keys = {key.place.logical_id: key for key in topology.of(Key)}

    assert keys["Key"].statements is None
    assert keys["Other"].statements is not None
