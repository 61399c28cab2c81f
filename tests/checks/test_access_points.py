"""What the rules say of Multi-Region Access Points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks.rules import RULES
from ha_patterns.checks.run import check
from ha_patterns.topology.loading import load

from .documents import placed

Resources = dict[str, Any]


def _point(name: Any = "content", *buckets: Any) -> Resources:
    regions = [{"Bucket": bucket} for bucket in buckets or ({"Ref": "Near"}, "far")]
    return {
        "Near": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "near"}},
        "Beside": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "beside"}},
        "Point": {"Type": "AWS::S3::MultiRegionAccessPoint", "Properties": {"Name": name, "Regions": regions}},
    }


def _signed(protocol: Any = "sigv4a", host: Any = None) -> Resources:
    config = {"Name": "a", "OriginAccessControlOriginType": "s3", "SigningBehavior": "always"}
    origin = {
        "Id": "content",
        "DomainName": host or {"Fn::Sub": "${Point.Alias}.accesspoint.s3-global.amazonaws.com"},
        "OriginAccessControlId": {"Fn::GetAtt": ["Signs", "Id"]},
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
    }
    signs = {"OriginAccessControlConfig": {**config, "SigningProtocol": protocol}}
    return {
        **_point(),
        "Signs": {"Type": "AWS::CloudFront::OriginAccessControl", "Properties": signs},
        "Site": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": {"Enabled": True, "Origins": [origin]}},
        },
    }


def _found(folder: Path, rule_id: str, resources: Resources, region: str | None = "eu-west-1") -> list[str]:
    path = folder / "s3.template.json"
    path.write_text(json.dumps({"Parameters": {"Given": {"Type": "String"}}, "Resources": resources}))
    parameters = {} if region is None else {"AWS::Region": region}
    report = placed(check(load(path, parameters=parameters), rules=[RULES[rule_id]]))
    return [one.message for one in report.findings]


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_point(), None),
        (_point("a-1"), None),
        (_point("a" * 50), None),
        (_point("ab"), "Name is 'ab'; it may be 3 to 50"),
        (_point("a" * 51), "it may be 3 to 50"),
        (_point("-content"), "it may be 3 to 50"),
        (_point("content-"), "it may be 3 to 50"),
        (_point("Content"), "it may be 3 to 50"),
        (_point("content.files"), "it may be 3 to 50"),
        (_point({"Ref": "Given"}), None),
        (_point("content", {"Ref": "Near"}, {"Ref": "Beside"}), "eu-west-1 has the bucket s3/Near already"),
        (_point("content", {"Ref": "Near"}, "near"), "eu-west-1 has the bucket s3/Near already"),
        (_point("content", {"Ref": "Near"}, {"Ref": "Given"}), None),
    ],
)
def test_an_access_point_has_a_name_and_one_bucket_of_each_region(
    tmp_path: Path, resources: Resources, said: str | None
) -> None:
    messages = _found(tmp_path, "HA413", resources)

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_buckets_of_an_unknown_region_may_be_of_two(tmp_path: Path) -> None:
    assert not _found(tmp_path, "HA413", _point("content", {"Ref": "Near"}, {"Ref": "Beside"}), None)


def test_the_name_of_an_access_point_of_one_bucket_is_another_matter(tmp_path: Path) -> None:
    point = {"Type": "AWS::S3::AccessPoint", "Properties": {"Name": "a" * 51, "Bucket": {"Ref": "Near"}}}

    assert not _found(tmp_path, "HA413", {**_point(), "One": point})


@pytest.mark.parametrize(
    ("resources", "region", "count"),
    [
        (_signed(), "eu-west-1", 0),
        (_signed(), "ap-southeast-2", 0),
        (_signed(), "eu-south-1", 1),
        (_signed(), "il-central-1", 1),
        (_signed(), None, 0),
        (_signed("sigv4"), "eu-south-1", 0),
        (_signed({"Ref": "Given"}), "eu-south-1", 0),
        (_signed(host="www.example.com"), "eu-south-1", 0),
        # Other partitions have Regions of their own.
        (_signed(), "cn-north-1", 0),
    ],
)
def test_buckets_of_regions_that_are_enabled_first_refuse_cloudfront(
    tmp_path: Path, resources: Resources, region: str | None, count: int
) -> None:
    assert len(_found(tmp_path, "HA414", resources, region)) == count
