"""The properties of a resource are read in one place, as the template will have them."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

import ha_patterns
from ha_patterns.cdk.properties import parts_of, properties_if_made, properties_of


def _resource(stack: cdk.Stack) -> s3.CfnBucket:
    return s3.CfnBucket(
        stack,
        "Bucket",
        bucket_name=cdk.Fn.join("-", ["content", cdk.Aws.REGION]),
        versioning_configuration=s3.CfnBucket.VersioningConfigurationProperty(status="Enabled"),
    )


def test_a_property_is_as_the_template_has_it(stack: cdk.Stack) -> None:
    name = {"Fn::Join": ["-", ["content", {"Ref": "AWS::Region"}]]}

    found = properties_of(_resource(stack))

    assert (found["bucketName"], found["versioningConfiguration"]) == (name, {"status": "Enabled"})


def test_only_what_is_asked_for_is_read(stack: cdk.Stack) -> None:
    resource = _resource(stack)

    assert properties_of(resource, "versioningConfiguration") == {"versioningConfiguration": {"status": "Enabled"}}
    assert parts_of(resource, "versioningConfiguration", "status") == {"status": "Enabled"}


@pytest.mark.parametrize(("kind", "is_made"), [(s3.CfnBucket, True), (s3.CfnBucketPolicy, False)])
def test_a_construct_that_makes_another_kind_has_none(
    stack: cdk.Stack, kind: type[cdk.CfnResource], is_made: bool
) -> None:
    made, imported = s3.Bucket(stack, "Made"), s3.Bucket.from_bucket_name(stack, "Imported", "content")

    assert (properties_if_made(made, kind) is not None) is is_made
    assert properties_if_made(imported, kind) is None


def test_no_other_module_reads_an_l1_by_itself() -> None:
    root = Path(ha_patterns.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "_cfn_properties" in path.read_text(encoding="utf-8")
    }

    assert found == {"cdk/properties.py"}
