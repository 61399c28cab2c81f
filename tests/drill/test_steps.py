"""Steps of people and machines: an edited record moves traffic, unless what the edit needs is down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ha_patterns.drill import Outage, Result, Scenario, ScenarioError, Step, drill
from ha_patterns.drill.time import SECOND

from .sites import NAME, PRIMARY, STANDBY, ZONE, behavior, distribution, origin, read

_EDIT = Step(at="4m", run=f"edit-record {NAME} {STANDBY}")


def _site(zone: dict[str, Any] | None = None) -> dict[str, Any]:
    """A distribution before a name with one record, which nothing moves but an edit."""
    return {
        "Zone": zone or ZONE,
        "Record": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {
                "HostedZoneId": {"Ref": "Zone"},
                "Name": NAME,
                "Type": "CNAME",
                "TTL": "60",
                "ResourceRecords": [PRIMARY],
            },
        },
        "Site": distribution([origin("named", NAME)], behavior("named")),
    }


def _played(folder: Path, *outages: Outage, step: Step = _EDIT, zone: dict[str, Any] | None = None) -> Result:
    lost = Outage(name=PRIMARY, lasts="10m")
    return drill(read(folder, _site(zone)), scenario=Scenario(outages=(lost, *outages), steps=(step,)))


def test_an_edit_moves_traffic_when_all_servers_and_resolvers_know_it(tmp_path: Path) -> None:
    result = _played(tmp_path)
    [site] = result.sites
    recovered = site.recovered(site.ways)

    assert result.notes == (f"edit-record {NAME} {STANDBY} at 4 min: done",)
    assert recovered is not None
    # Two minutes until somebody edits, one until all servers know it, and a TTL of 60 s.
    assert 180 * SECOND < recovered <= 240 * SECOND
    assert "step" in {change.kind for change in site.story}


@pytest.mark.parametrize("kind", ["route53-control-plane", "sts", "iam"])
def test_an_edit_that_needs_what_is_down_fails(tmp_path: Path, kind: str) -> None:
    result = _played(tmp_path, Outage(kind=kind, lasts="10m"))

    assert "failed, since it needs what is down" in result.notes[-1]
    assert all(site.recovered(site.ways) is None for site in result.sites)


def test_an_edit_after_the_control_plane_is_back_is_done(tmp_path: Path) -> None:
    result = _played(tmp_path, Outage(kind="route53-control-plane", lasts="1m"))

    assert result.notes[-1].endswith("done")


def test_no_edit_needs_the_control_plane_of_cloudfront(tmp_path: Path) -> None:
    assert _played(tmp_path, Outage(kind="cloudfront-control-plane", lasts="10m")).notes[-1].endswith("done")


@pytest.mark.parametrize(
    ("accelerated", "at", "done"), [(False, "50m", False), (True, "50m", False), (True, "70m", True)]
)
def test_route_53_is_controlled_in_us_east_1(tmp_path: Path, accelerated: bool, at: str, done: bool) -> None:
    zone = {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "example.com"}}
    if accelerated:
        zone["Properties"]["HostedZoneFeatures"] = {"EnableAcceleratedRecovery": True}  # type: ignore[index]
    step = Step(at=at, run=_EDIT.run)
    result = _played(tmp_path, Outage(region="us-east-1", at="2m", lasts="2h"), step=step, zone=zone)

    assert result.notes[-1].endswith("done" if done else "since Route 53's control plane is in us-east-1")


def test_a_step_of_a_name_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"run edits origin.example.org, .* did you mean origin.example.com"):
        _played(tmp_path, step=Step(at=0, run=f"edit-record origin.example.org {STANDBY}"))


@pytest.mark.parametrize("run", ["edit-record a", "standby take-over --switch a --region b", "", 5])
def test_another_command_is_refused(run: Any) -> None:
    with pytest.raises(ScenarioError, match="run must be edit-record NAME VALUE"):
        Step(at=0, run=run)
