"""Where Regions are, and which of them are near to which."""

from __future__ import annotations

import json
import subprocess
import sys

import botocore.session  # type: ignore[import-untyped]
import pytest

from ha_patterns.aws.regions import (
    EDGE_CACHE_REGIONS,
    LATENCY_REGIONS,
    OPT_IN_REGIONS,
    PLACES,
    distance,
    far_edges,
    nearest,
    round_trip,
)


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_no_region_that_can_hold_a_bucket_or_a_table_is_missing(service: str) -> None:
    known = botocore.session.get_session().get_available_regions(service, "aws")

    assert sorted(PLACES) == sorted(known)


def test_route_53_measures_latency_to_each_of_them() -> None:
    assert PLACES.keys() <= set(LATENCY_REGIONS)


def test_half_of_them_must_be_enabled_before_use_and_no_edge_cache_but_one_is_there() -> None:
    assert PLACES.keys() > OPT_IN_REGIONS
    assert len(PLACES.keys() - OPT_IN_REGIONS) == 17
    assert PLACES.keys() > EDGE_CACHE_REGIONS
    assert {"me-central-1"} == EDGE_CACHE_REGIONS & OPT_IN_REGIONS


@pytest.mark.parametrize(
    ("at", "order"),
    [
        ("us-west-1", ["us-west-2", "us-east-1", "eu-west-1", "ap-northeast-1"]),
        ("eu-central-1", ["eu-west-1", "us-east-1", "us-west-2", "ap-northeast-1"]),
        ("sa-east-1", ["us-east-1", "eu-west-1", "us-west-2", "ap-northeast-1"]),
        ("ap-northeast-3", ["ap-northeast-1", "us-west-2", "us-east-1", "eu-west-1"]),
        ("af-south-1", ["eu-west-1", "us-east-1", "ap-northeast-1", "us-west-2"]),
    ],
)
def test_known_neighbours(at: str, order: list[str]) -> None:
    assert nearest(order)[at] == order
    assert nearest(reversed(order))[at] == order


@pytest.mark.parametrize(
    ("one", "other", "kilometers"),
    [("eu-west-2", "eu-west-3", 344), ("us-east-1", "eu-west-1", 5450), ("ap-southeast-2", "ap-southeast-6", 2160)],
)
def test_distances_are_those_of_the_globe(one: str, other: str, kilometers: int) -> None:
    assert distance(one, other) == distance(other, one)
    assert abs(distance(one, other) - kilometers) < 30


@pytest.mark.parametrize(
    ("one", "other", "measured"),
    [
        ("us-east-1", "eu-west-2", 76),
        ("us-east-1", "eu-central-1", 91),
        ("us-east-1", "sa-east-1", 118),
        ("us-east-1", "ap-northeast-1", 166),
        ("us-east-1", "ap-southeast-2", 214),
        ("eu-west-2", "ap-southeast-2", 261),
        ("eu-west-2", "ap-northeast-1", 242),
        ("eu-central-1", "ap-northeast-1", 231),
        ("ap-northeast-1", "ap-southeast-2", 115),
        ("ap-northeast-1", "sa-east-1", 284),
    ],
)
def test_round_trips_are_about_as_long_as_those_that_are_measured(one: str, other: str, measured: int) -> None:
    """Between data centers in the same cities, by IBM, August to October 2024: cloud.ibm.com/docs/vpc, network latency.

    Washington stands for Ashburn; the cables are much the same.
    """
    assert round_trip(one, other) == round_trip(other, one) == pytest.approx(measured, rel=0.2)


def test_far_are_the_edges_beyond_a_round_trip_of_every_region() -> None:
    assert list(far_edges(["us-east-1", "eu-west-1"], 150)) == [
        "ap-southeast-2",
        "ap-southeast-1",
        "ap-northeast-2",
        "ap-northeast-1",
    ]
    assert far_edges(["us-east-1", "eu-west-1", "ap-southeast-1"], 150) == {}
    assert far_edges(EDGE_CACHE_REGIONS, 0) == {}


def test_it_is_known_for_every_region_a_function_may_run_in_and_each_is_nearest_to_itself() -> None:
    order = nearest(PLACES)

    assert sorted(order) == sorted(PLACES)
    for at, regions in order.items():
        assert regions[0] == at
        assert sorted(regions) == sorted(PLACES)


def test_nearness_goes_by_the_cables_and_not_by_the_globe() -> None:
    """No cable crosses Asia: Tokyo reaches Virginia sooner than Dublin, which is 1,300 km closer."""
    assert distance("ap-northeast-1", "eu-west-1") + 1000 < distance("ap-northeast-1", "us-east-1")
    assert nearest(["eu-west-1", "us-east-1"])["ap-northeast-1"] == ["us-east-1", "eu-west-1"]
    for at, order in nearest(PLACES).items():
        assert order == sorted(order, key=lambda region: round_trip(at, region)), at


def test_of_two_equally_near_the_first_by_name_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLACES, "eu-west-1", PLACES["eu-west-2"])

    assert nearest(["eu-west-2", "eu-west-1"])["us-east-1"] == ["eu-west-1", "eu-west-2"]


def test_one_given_twice_counts_once() -> None:
    assert nearest(["us-east-1", "us-east-1"])["eu-west-1"] == ["us-east-1"]


def test_the_order_is_the_same_whatever_the_hash_seed() -> None:
    code = "import json; from ha_patterns.aws.regions import PLACES, nearest; print(json.dumps(nearest(PLACES)))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(seen) == 1
    assert json.loads(seen.pop()) == nearest(PLACES)


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "eu-west-9", "", "${Token[AWS.Region.4]}"])
def test_what_is_no_region_of_the_standard_partition_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match=r"regions must be some of .*: its place must be known at synth"):
        nearest(["us-east-1", region])
