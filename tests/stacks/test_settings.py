"""What may be said with -c on the command line, and how a mistake is answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ha_patterns.catalog import BY_NAME, CATALOG
from ha_patterns.stacks import PLACEHOLDER_ZONE_ID, PLACEHOLDER_ZONE_NAME, ReferenceSettings

from .conftest import ReferenceApp

ROOT = Path(__file__).resolve().parents[2]


def test_without_context_everything_is_built_for_the_placeholder_zone() -> None:
    settings = ReferenceSettings.from_context(lambda _: None)

    assert settings == ReferenceSettings(patterns=CATALOG, zone_name=PLACEHOLDER_ZONE_NAME, zone_id=PLACEHOLDER_ZONE_ID)


def test_context_chooses_pattern_zone_and_regions() -> None:
    settings = ReferenceSettings.from_context(
        {
            "pattern": "dns-failover",
            "zone_name": "example.net",
            "zone_id": "Z42",
            "regions": "us-west-2, ap-south-1",
            "routing_control_cluster": "create",
            "guard_generation": "2",
        }.get
    )

    assert settings == ReferenceSettings(
        patterns=(BY_NAME["dns-failover"],),
        zone_name="example.net",
        zone_id="Z42",
        regions=("us-west-2", "ap-south-1"),
        routing_control_cluster="create",
        guard_generation=2,
    )


def test_every_pattern_can_be_in_the_region_of_the_edge() -> None:
    """What the edge's own stack replicates to the others is in us-east-1 already."""
    built = ReferenceApp(ReferenceSettings(regions=("us-east-1", "us-west-2")))

    assert set(built.constructs) == set(BY_NAME)


BAD_CONTEXT = [
    pytest.param({"pattern": "nope"}, ["pattern", "nope", *BY_NAME], id="a pattern not in the catalog"),
    pytest.param({"zone_name": "https://x.y", "zone_id": "Z1"}, ["zone_name", "https://x.y"], id="zone: a URL"),
    pytest.param({"zone_name": "localhost", "zone_id": "Z1"}, ["zone_name", "localhost"], id="zone: one label"),
    pytest.param(
        {"zone_name": "example.net", "zone_id": "/hostedzone/Z1"}, ["zone_id", "/hostedzone/Z1"], id="zone id"
    ),
    pytest.param({"zone_name": "example.net"}, ["zone_id", "together", "example.net"], id="a zone without its id"),
    pytest.param({"zone_id": "Z1"}, ["zone_name", "together", "Z1"], id="an id without its zone"),
    pytest.param({"regions": "eu-west-1"}, ["regions", "two", "eu-west-1"], id="one Region"),
    pytest.param({"regions": "eu-west-1,eu-west-1"}, ["regions", "two different"], id="the same Region twice"),
    pytest.param(
        {"routing_control_cluster": "yes"}, ["routing_control_cluster", "ARN", "or create", "yes"], id="not a cluster"
    ),
    pytest.param({"regions": "eu-west-1,moon"}, ["regions", "moon"], id="not a Region"),
    pytest.param({"guard_generation": "next"}, ["guard_generation", "whole number", "next"], id="not a generation"),
    pytest.param({"guard_generation": "0"}, ["guard_generation", "from 1", "0"], id="no generation"),
]


@pytest.mark.parametrize(("context", "said"), BAD_CONTEXT)
def test_bad_context_is_refused_with_what_is_allowed(context: dict[str, str], said: list[str]) -> None:
    with pytest.raises(ValueError) as refused:
        ReferenceSettings.from_context(context.get)

    assert [fragment for fragment in said if fragment not in str(refused.value)] == []


def test_the_app_answers_bad_context_with_one_line_and_writes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps({"pattern": "nope"}), "CDK_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == f"error: pattern must be one of {', '.join(BY_NAME)}; got 'nope'\n"
    assert list(tmp_path.iterdir()) == []
