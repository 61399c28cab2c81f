"""Distributions say what their templates say: what a group names, and which headers are known to be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.aws.policies import OriginRequestPolicy, Selection
from ha_patterns.topology.loading import load
from ha_patterns.topology.model import Distribution

_UNKNOWN = {"Ref": "Unknown"}


def _distribution(folder: Path, config: Any, **resources: Any) -> Distribution:
    site = {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}
    document = {"Parameters": {"Unknown": {"Type": "String"}}, "Resources": {"Site": site, **resources}}
    template = folder / "stack.json"
    template.write_text(json.dumps(document))
    (distribution,) = load(template).of(Distribution)
    return distribution


def test_a_group_keeps_the_names_of_its_members(tmp_path: Path) -> None:
    members = [{"OriginId": "one"}, {"OriginId": "two"}, {"OriginId": _UNKNOWN}]
    groups = {"Items": [{"Id": "group", "Members": {"Items": members}}]}
    distribution = _distribution(tmp_path, {"Origins": [{"Id": "one", "DomainName": "a"}], "OriginGroups": groups})
    (group,) = distribution.origin_groups

    assert group.member_ids[:2] == ("one", "two")
    assert str(group.member_ids[2]) == "${Unknown}"
    assert group.primary is distribution.origins[0]
    assert group.secondary is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"HeaderBehavior": "allViewer"}, Selection("all")),
        ({"HeaderBehavior": "none"}, Selection("none")),
        ({"HeaderBehavior": "whitelist", "Headers": ["Host"]}, Selection("some", frozenset({"host"}))),
        ({"HeaderBehavior": "allExcept", "Headers": ["Host"]}, Selection("all-except", frozenset({"host"}))),
        ({"HeaderBehavior": _UNKNOWN}, Selection("all", known=False)),
        ({"HeaderBehavior": "whitelist", "Headers": ["Host", _UNKNOWN]}, Selection("all", known=False)),
        ({"HeaderBehavior": "whitelist", "Headers": _UNKNOWN}, Selection("all", known=False)),
        (
            {"HeaderBehavior": "allExcept", "Headers": ["Host", _UNKNOWN]},
            Selection("all-except", frozenset({"host"}), known=False),
        ),
    ],
)
def test_headers_are_known_to_be_sent_only_where_the_template_tells(
    tmp_path: Path, headers: Any, expected: Selection
) -> None:
    request = {"Name": "request", "HeadersConfig": headers}
    policy = {"Type": "AWS::CloudFront::OriginRequestPolicy", "Properties": {"OriginRequestPolicyConfig": request}}
    behavior = {"TargetOriginId": "one", "OriginRequestPolicyId": {"Ref": "Request"}}
    distribution = _distribution(tmp_path, {"DefaultCacheBehavior": behavior}, Request=policy)
    read = distribution.behaviors[0].origin_request_policy

    assert isinstance(read, OriginRequestPolicy)
    assert read.headers == expected
