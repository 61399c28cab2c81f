"""Text is cut to fit, and what no picture can show is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.diagram.text import ELLIPSIS, clean, shortened, width, wrapped

SIZE = 12.0


def test_what_xml_cannot_write_and_what_turns_text_round_is_dropped() -> None:
    assert clean("a\x00b\x1b[31m c\n\td \u202e\ud800\ufffe\x85e") == "ab[31m c d e"


@pytest.mark.property
@given(st.text(max_size=80), st.floats(30, 300))
def test_a_shortened_line_fits(text: str, most: float) -> None:
    line = shortened(text, SIZE, most)

    assert width(line, SIZE) <= most
    assert line == text or ELLIPSIS in line


@pytest.mark.property
@given(st.text("aB1.-/_, é漢", max_size=120), st.floats(30, 300), st.integers(1, 3))
def test_wrapped_lines_fit_and_lose_nothing_that_is_not_marked(text: str, most: float, lines: int) -> None:
    found = wrapped(text, SIZE, most, lines)

    assert 1 <= len(found) <= lines
    assert max(width(line, SIZE) for line in found) <= most
    assert ELLIPSIS in found[-1] or "".join(found).replace(" ", "") == text.replace(" ", "")


def test_names_are_broken_at_their_marks_into_lines_of_much_the_same_width() -> None:
    assert wrapped("origin.hybrid-failover.example.com", SIZE, 170, 3) == ["origin.hybrid-failover.", "example.com"]
    assert wrapped("TheCloudFrontDistribution", SIZE, 120, 3) == ["TheCloudFront", "Distribution"]


@pytest.mark.parametrize(
    ("text", "most", "found"),
    [
        # The hash that ends an id of the CDK stays whole, and so does an id of AWS.
        ("SiteDistribution390DED28", 150, ["SiteDistribution", "390DED28"]),
        ("GracefulFunction4F2A87AD", 150, ["GracefulFunction", "4F2A87AD"]),
        ("LoadBalancerBE9EEC3A", 130, ["LoadBalancer", "BE9EEC3A"]),
        ("zone-Z2FDTNDATAQYW2", 120, ["zone-", "Z2FDTNDATAQYW2"]),
        ("myALBListener", 110, ["myALBListener"]),
        # And so does the name of a Region.
        ("latency-api-eu-west-1/Api", 130, ["latency-api-", "eu-west-1/Api"]),
    ],
)
def test_ids_are_not_broken_inside_a_word(text: str, most: float, found: list[str]) -> None:
    assert wrapped(text, SIZE, most, 3) == found
