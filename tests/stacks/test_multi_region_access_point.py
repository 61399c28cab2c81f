"""The reference stacks of the Multi-Region Access Point: who lets CloudFront read, and what moves traffic."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.cli import main
from ha_patterns.operate import access_point
from ha_patterns.operate.access_point import Route

from .conftest import Templates

_EDGE = "multi-region-access-point-edge"
_ALIAS = "mfzwi23gnjvgw.mrap"


def _typed(value: Any) -> str:
    """A command as CloudFormation puts it out."""
    known = {"AWS::Partition": "aws", "AWS::AccountId": "123456789012"}
    parts = value["Fn::Join"][1]
    return "".join(part if isinstance(part, str) else known.get(part.get("Ref"), _ALIAS) for part in parts)


@pytest.mark.parametrize(
    ("output", "dials"),
    [("ActivePassive", (100, 0)), ("FailOver", (0, 100)), ("ActiveActive", (100, 100))],
)
def test_the_outputs_are_commands_that_set_every_route(
    templates: Templates,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    output: str,
    dials: tuple[int, int],
) -> None:
    regions = ("eu-west-1", "eu-central-1")
    asked: list[str] = []

    class AccessPoint:
        def __init__(self, arn: str) -> None:
            asked.append(arn)

        def routes(self) -> list[Route]:
            return [Route(region, "content", 100) for region in regions]

    monkeypatch.setattr(access_point, "AccessPoint", AccessPoint)
    program, *arguments = _typed(templates[_EDGE]["Outputs"][output]["Value"]).split()

    assert program == "ha-patterns"
    assert main([*arguments, "--dry-run"]) == 0

    assert asked == [f"arn:aws:s3::123456789012:accesspoint/{_ALIAS}"]
    told = capsys.readouterr().out.splitlines()[:2]
    assert told == [f"{region}={dial} (was 100)" for region, dial in zip(regions, dials, strict=True)]


def test_cloudfront_reads_through_the_access_point_alone(templates: Templates) -> None:
    resources = templates[_EDGE]["Resources"].values()
    [config] = [
        resource["Properties"]["DistributionConfig"]
        for resource in resources
        if resource["Type"] == "AWS::CloudFront::Distribution"
    ]

    [origin] = config["Origins"]
    assert ".accesspoint.s3-global." in origin["DomainName"]["Fn::Join"][1]
    assert "OriginGroups" not in config
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert "OriginRequestPolicyId" not in config["DefaultCacheBehavior"]
