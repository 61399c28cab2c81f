"""Buckets with who may read them and where they are copied to, and access points."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
    AccessPoint,
    Bucket,
    BucketPolicy,
    Key,
    PrincipalKind,
    ReplicationFilter,
    ReplicationRule,
    Role,
    Website,
)
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, load_stacks, named, only, ref, resource

_DOCUMENT = {"Statement": [{"Effect": "Deny", "Action": ["s3:GetObject"], "Resource": "*"}]}


def test_a_bucket_has_what_it_says() -> None:
    rules = [{"Destination": {"Bucket": "arn:aws:s3:::copy"}}, {"Destination": {"Bucket": get_att("Other", "Arn")}}]
    bucket = resource(
        "S3::Bucket",
        BucketName="site",
        VersioningConfiguration={"Status": "Enabled"},
        WebsiteConfiguration={"IndexDocument": "index.html"},
        ReplicationConfiguration={"Rules": rules},
    )
    found = named(load_resources({"Bucket": bucket, "Other": resource("S3::Bucket")}), Bucket, "Bucket")

    assert (found.name, found.versioned, found.statements) == ("site", True, None)
    assert isinstance(found.website, Website)
    assert (found.website.index_document, found.website.error_document) == ("index.html", None)
    assert (found.website.redirects_to, found.website.rules) == (None, 0)
    assert found.replicates_to == ("arn:aws:s3:::copy", Reference(ResourceId("Test", "Other"), "Arn"))


def test_a_policy_has_the_bucket_that_it_is_of() -> None:
    bucket = resource("S3::Bucket", BucketName="site")
    policies = {
        "Full": resource("S3::BucketPolicy", Bucket="site", PolicyDocument=_DOCUMENT),
        "Empty": resource("S3::BucketPolicy"),
        "Unknown": resource("S3::BucketPolicy", Bucket=ref("Given"), PolicyDocument=ref("Given")),
    }
    topology = load_resources({"Bucket": bucket, **policies}, Parameters={"Given": {"Type": "String"}})
    full, empty, unknown = (named(topology, BucketPolicy, name) for name in policies)

    assert (full.bucket, full.bucket_name) == (only(topology, Bucket), "site")
    assert [statement.effect for statement in full.statements or ()] == ["Deny"]
    assert (empty.bucket, empty.bucket_name, empty.statements) == (None, None, ())
    assert isinstance(unknown.bucket, Unresolved)
    assert unknown.statements is None


def test_a_bucket_without_a_name_is_its_own_name() -> None:
    bucket = only(load_resources({"Bucket": resource("S3::Bucket")}), Bucket)

    assert (bucket.name, bucket.versioned) == (Reference(ResourceId("Test", "Bucket")), False)


def test_a_bucket_has_the_defaults_of_new_buckets() -> None:
    bucket = only(load_resources({"Bucket": resource("S3::Bucket")}), Bucket)
    block = bucket.public_access_block

    assert (bucket.website, bucket.replication, bucket.statements) == (None, (), None)
    assert (bucket.encryption, bucket.key, bucket.ownership) == ("AES256", None, "BucketOwnerEnforced")
    assert (block.block_acls, block.ignore_acls, block.block_policy, block.restrict_buckets) == (True, True, True, True)


def test_a_bucket_has_its_settings() -> None:
    by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": get_att("Key", "Arn")}
    bucket = resource(
        "S3::Bucket",
        BucketEncryption={"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": by_default}]},
        OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
        PublicAccessBlockConfiguration={"BlockPublicPolicy": "true"},
        WebsiteConfiguration={
            "ErrorDocument": "error.html",
            "RedirectAllRequestsTo": {"HostName": "example.com"},
            "RoutingRules": [{"RedirectRule": {"HostName": "example.org"}}],
        },
    )
    topology = load_resources({"Bucket": bucket, "Key": resource("KMS::Key")})
    found = only(topology, Bucket)
    block = found.public_access_block

    assert (found.encryption, found.key, found.ownership) == ("aws:kms", only(topology, Key), "ObjectWriter")
    assert (block.block_acls, block.ignore_acls, block.block_policy) == (False, False, True)
    assert found.website is not None
    assert (found.website.index_document, found.website.error_document) == (None, "error.html")
    assert (found.website.redirects_to, found.website.rules) == ("example.com", 1)


def test_settings_of_a_bucket_may_not_be_known() -> None:
    given = ref("Given")
    bucket = resource(
        "S3::Bucket",
        BucketEncryption=given,
        OwnershipControls=given,
        PublicAccessBlockConfiguration=given,
        VersioningConfiguration={"Status": given},
        WebsiteConfiguration=given,
    )
    found = only(load_resources({"Bucket": bucket}, Parameters={"Given": {"Type": "String"}}), Bucket)

    assert found.website is not None
    told = (found.versioned, found.encryption, found.key, found.website.index_document)
    assert [Unresolved] * 4 == [type(one) for one in told]
    assert isinstance(found.public_access_block.block_policy, Unresolved)


def _rule(**given: Any) -> ReplicationRule:
    """The rule of a bucket that is copied to another."""
    rule = {"Destination": {"Bucket": get_att("Copy", "Arn")}, "Status": "Enabled", **given}
    configuration = {"Role": get_att("Role", "Arn"), "Rules": [rule]}
    resources = {
        "Bucket": resource("S3::Bucket", ReplicationConfiguration=configuration),
        "Copy": resource("S3::Bucket"),
        "Role": resource("IAM::Role"),
        "Key": resource("KMS::Key"),
    }
    (found,) = named(load_resources(resources, Parameters={"Given": {"Type": "String"}}), Bucket, "Bucket").replication
    return found


def test_a_replication_rule_has_what_it_says() -> None:
    rule = _rule(
        Id="all",
        Priority=2,
        Filter={"Prefix": "site/"},
        DeleteMarkerReplication={"Status": "Enabled"},
        SourceSelectionCriteria={
            "SseKmsEncryptedObjects": {"Status": "Enabled"},
            "ReplicaModifications": {"Status": "Enabled"},
        },
        Destination={
            "Bucket": get_att("Copy", "Arn"),
            "Account": "999999999999",
            "AccessControlTranslation": {"Owner": "Destination"},
            "EncryptionConfiguration": {"ReplicaKmsKeyID": ref("Key")},
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
            "StorageClass": "STANDARD_IA",
        },
    )

    assert (rule.id, rule.enabled, rule.priority, rule.filter.prefix) == ("all", True, 2, "site/")
    assert isinstance(rule.role, Role)
    assert isinstance(rule.destination, Bucket)
    assert rule.destination.place.logical_id == "Copy"
    assert (rule.account, rule.owner, rule.storage_class) == ("999999999999", "Destination", "STANDARD_IA")
    assert (rule.delete_markers, rule.kms_objects, rule.replica_modifications) == (True, True, True)
    assert isinstance(rule.replica_key, Key)
    assert str(rule.replica_key_arn) == "${Key}"
    assert (rule.time_control, rule.first_version) == (900, False)


def test_a_replication_rule_has_s3_s_defaults() -> None:
    rule = _rule(Filter={}, Status="Disabled")

    assert (rule.id, rule.enabled, rule.priority, rule.filter.everything) == (None, False, None, True)
    assert (rule.account, rule.owner, rule.storage_class, rule.replica_key) == (None, None, None, None)
    assert (rule.replica_key_arn, rule.first_version) == (None, False)
    assert (rule.delete_markers, rule.kms_objects, rule.replica_modifications) == (False, False, False)
    assert rule.time_control is None


def test_a_replication_rule_may_not_be_known() -> None:
    given = ref("Given")
    rule = _rule(
        Status=given,
        Priority=given,
        Filter=given,
        DeleteMarkerReplication={"Status": given},
        SourceSelectionCriteria=given,
        Destination={"Bucket": given, "ReplicationTime": {"Status": given}},
    )
    told = (rule.enabled, rule.priority, rule.filter.prefix, rule.delete_markers, rule.kms_objects, rule.destination)

    assert [Unresolved] * 6 == [type(one) for one in told]
    assert isinstance(rule.time_control, Unresolved)
    assert rule.filter.everything is None


def test_rules_of_the_first_version_copy_what_users_delete() -> None:
    rule = _rule(Prefix="site/")

    assert (rule.filter.prefix, rule.delete_markers) == ("site/", True)
    assert _rule(Prefix="").filter.everything is True


@pytest.mark.parametrize(
    ("given", "prefix", "tags", "everything"),
    [
        ({"Prefix": ""}, "", (), True),
        ({"Prefix": "a/"}, "a/", (), False),
        ({"TagFilter": {"Key": "k", "Value": "v"}}, "", (("k", "v"),), False),
        (
            {"And": {"Prefix": "a/", "TagFilters": [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}]}},
            "a/",
            (("k", "v"), ("l", "w")),
            False,
        ),
    ],
)
def test_a_filter_chooses_objects(
    given: dict[str, Any], prefix: str, tags: tuple[tuple[str, str], ...], everything: bool
) -> None:
    found = _rule(Filter=given).filter

    assert (found.prefix, found.tags, found.excludes, found.unread) == (prefix, tags, (), ())
    assert found.everything is everything


def test_a_filter_may_exclude_objects() -> None:
    found = _rule(Filter={"Not": {"Prefix": "logs/"}}).filter
    both = _rule(Filter={"And": {"Prefix": "a/", "Not": {"TagFilter": {"Key": "k", "Value": "v"}}}}).filter

    assert (found.prefix, [one.prefix for one in found.excludes], found.everything) == ("", ["logs/"], False)
    assert (both.prefix, [one.tags for one in both.excludes]) == ("a/", [(("k", "v"),)])


def test_of_a_filter_with_what_this_model_does_not_know_nothing_is_sure() -> None:
    found: ReplicationFilter = _rule(Filter={"ObjectSizeLessThan": 5}).filter

    assert (found.unread, found.everything) == (("ObjectSizeLessThan",), None)


@pytest.mark.parametrize("names", [({}, {}), ({"BucketName": "one"}, {"BucketName": "two"})])
def test_buckets_that_name_each_other_are_linked(names: tuple[dict[str, str], dict[str, str]]) -> None:
    def bucket(to: str, name: dict[str, str]) -> dict[str, Any]:
        arn = {"Fn::Sub": f"arn:aws:s3:::${{{to}}}"} if not name else f"arn:aws:s3:::{'two' if to == 'Two' else 'one'}"
        rules = [{"Destination": {"Bucket": arn}, "Status": "Enabled"}]
        return resource("S3::Bucket", ReplicationConfiguration={"Rules": rules}, **name)

    topology = load_resources({"One": bucket("Two", names[0]), "Two": bucket("One", names[1])})
    one, two = topology.of(Bucket)

    assert [rule.destination for rule in one.replication] == [two]
    assert [rule.destination for rule in two.replication] == [one]


def test_a_statement_has_whom_it_is_about_and_when_it_holds() -> None:
    statement = {
        "Sid": "Read",
        "Effect": "Deny",
        "Principal": {"AWS": ["1", ref("Given")], "Service": "s3.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {"StringEquals": {"AWS:SourceAccount": ["1", "2"]}, "Bool": {"aws:SecureTransport": False}},
    }
    policy = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument={"Statement": statement})
    resources = {"Bucket": resource("S3::Bucket"), "Policy": policy}
    found = only(load_resources(resources, Parameters={"Given": {"Type": "String"}}), Bucket).statements

    assert found is not None
    (one,) = found
    assert (one.sid, one.effect, one.not_principals) == ("Read", "Deny", ())
    kinds = [PrincipalKind.AWS, PrincipalKind.AWS, PrincipalKind.SERVICE]
    assert [principal.kind for principal in one.principals] == kinds
    assert (one.principals[0].name, type(one.principals[1].name)) == ("1", Unresolved)
    assert one.conditions == (
        ("StringEquals", "aws:sourceaccount", ("1", "2")),
        ("Bool", "aws:securetransport", ("false",)),
    )


def test_a_statement_may_be_about_everyone_but_some() -> None:
    statement = {"Effect": "Deny", "NotPrincipal": "*", "Action": "*", "Resource": "*"}
    policy = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument={"Statement": [statement]})
    found = only(load_resources({"Bucket": resource("S3::Bucket"), "Policy": policy}), Bucket).statements

    assert found is not None
    assert (found[0].sid, found[0].principals, found[0].conditions) == (None, (), ())
    assert found[0].not_principals == ((PrincipalKind.EVERYONE, "*"),)


def test_a_policy_that_is_written_as_text_is_not_known() -> None:
    policy = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument='{"Statement": []}')

    assert only(load_resources({"Bucket": resource("S3::Bucket"), "Policy": policy}), Bucket).statements is None


@pytest.mark.parametrize("named_by", [{"Ref": "Bucket"}, "site", {"Fn::Sub": "${Bucket}"}])
def test_a_bucket_has_the_statements_of_its_policy(named_by: Any) -> None:
    policy = resource("S3::BucketPolicy", Bucket=named_by, PolicyDocument=_DOCUMENT)
    topology = load_resources({"Policy": policy, "Bucket": resource("S3::Bucket", BucketName="site")})
    statements = only(topology, Bucket).statements

    assert statements is not None
    assert [(one.allows, one.actions) for one in statements] == [(False, ("s3:GetObject",))]


def test_a_policy_may_be_in_another_stack() -> None:
    policy = {"Policy": resource("S3::BucketPolicy", Bucket="site", PolicyDocument=_DOCUMENT)}
    bucket = {"Bucket": resource("S3::Bucket", BucketName="site")}
    topology = load_stacks({"A": {"Resources": bucket}, "B": {"Resources": policy}})

    assert only(topology, Bucket).statements


@pytest.mark.parametrize(
    "policy",
    [
        {"PolicyDocument": {"Statement": [*_DOCUMENT["Statement"], ref("Given")]}},
        {"PolicyDocument": {"Statement": ref("Given")}},
        {"PolicyDocument": _DOCUMENT, "Condition": "Perhaps"},
    ],
)
def test_a_policy_that_is_not_wholly_known_is_not_known(policy: dict[str, Any]) -> None:
    condition = policy.get("Condition")
    told = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument=policy["PolicyDocument"])
    resources = {
        "Bucket": resource("S3::Bucket"),
        "Policy": {**told, **({"Condition": condition} if condition else {})},
    }
    sections = {
        "Parameters": {"Given": {"Type": "String"}},
        "Conditions": {"Perhaps": {"Fn::Equals": [ref("Given"), "yes"]}},
    }

    assert only(load_resources(resources, **sections), Bucket).statements is None


def test_what_is_not_known_within_a_statement_is_the_statements() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": ref("Given"), "Resource": "*"}]}
    policy = resource("S3::BucketPolicy", Bucket=ref("Bucket"), PolicyDocument=document)
    resources = {"Bucket": resource("S3::Bucket"), "Policy": policy}
    statements = only(load_resources(resources, Parameters={"Given": {"Type": "String"}}), Bucket).statements

    assert statements is not None
    assert len(statements) == 1


def test_buckets_that_copy_each_other_are_joined_by_a_custom_resource() -> None:
    copies = resource("Custom::BucketReplication", SourceBucket="site", DestinationArn="arn:aws:s3:::copy")
    topology = load_resources({"Bucket": resource("S3::Bucket", BucketName="site"), "Copies": copies})

    assert only(topology, Bucket).replicates_to == ("arn:aws:s3:::copy",)


@pytest.mark.parametrize("source", ["site", ref("Bucket")])
def test_the_rule_of_the_custom_resource_is_a_rule(source: Any) -> None:
    copies = resource(
        "Custom::BucketReplication",
        SourceBucket=source,
        DestinationArn=get_att("Copy", "Arn"),
        RoleArn=get_att("Role", "Arn"),
        ReplicationTimeControl="true",
    )
    resources = {
        "Bucket": resource("S3::Bucket", BucketName="site"),
        "Copy": resource("S3::Bucket"),
        "Copies": copies,
        "Role": resource("IAM::Role"),
    }
    topology = load_resources(resources)
    (rule,) = named(topology, Bucket, "Bucket").replication

    assert (rule.id, rule.enabled, rule.priority, rule.filter.everything) == ("ha-patterns", True, 1, True)
    assert (rule.destination, rule.role) == (named(topology, Bucket, "Copy"), only(topology, Role))
    assert (rule.delete_markers, rule.replica_modifications, rule.kms_objects) == (True, True, False)
    assert (rule.time_control, rule.place.logical_id) == (900, "Copies")


def test_an_access_point_of_several_regions_has_its_buckets() -> None:
    regions = [{"Bucket": ref("Bucket")}, {"Bucket": "other"}, {"Bucket": ref("Param")}]
    resources = {
        "Point": resource("S3::MultiRegionAccessPoint", Name="all", Regions=regions),
        "Bucket": resource("S3::Bucket"),
    }
    point = only(load_resources(resources, Parameters={"Param": {"Type": "String"}}), AccessPoint)

    assert (point.name, point.multi_region) == ("all", True)
    assert [Bucket, Unresolved, Unresolved] == [type(one) for one in point.buckets]


def test_an_access_point_of_several_regions_has_its_regions_accounts_and_policy() -> None:
    regions = [{"Bucket": ref("Bucket")}, {"Bucket": "other", "BucketAccountId": "999999999999"}]
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}
    resources = {
        "Point": resource("S3::MultiRegionAccessPoint", Name="all", Regions=regions),
        "Policy": resource("S3::MultiRegionAccessPointPolicy", MrapName=ref("Point"), Policy=policy),
        "Bucket": resource("S3::Bucket"),
    }
    point = only(load_resources(resources), AccessPoint)

    assert [(one.region, one.account) for one in point.regions] == [("eu-west-1", None), (None, "999999999999")]
    assert point.statements is not None
    assert [one.actions for one in point.statements] == [("s3:GetObject",)]
    assert point.public_access_block.block_policy is True


def test_an_access_point_has_its_policy_and_may_be_for_one_vpc() -> None:
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
    point = resource("S3::AccessPoint", Bucket="content", Policy=policy, VpcConfiguration={"VpcId": "vpc-1"})
    found = only(load_resources({"Point": point}), AccessPoint)
    empty = only(load_resources({"Point": resource("S3::AccessPoint", Bucket="content")}), AccessPoint)

    assert found.statements is not None
    assert (len(found.statements), found.vpc) == (1, "vpc-1")
    assert (empty.statements, empty.vpc) == (None, None)


def test_an_access_point_has_its_bucket() -> None:
    resources = {"Point": resource("S3::AccessPoint", Bucket=ref("Bucket")), "Bucket": resource("S3::Bucket")}
    point = only(load_resources(resources), AccessPoint)

    assert (point.multi_region, len(point.buckets)) == (False, 1)
