"""The flowchart is what Mermaid can read, whatever names templates have."""

from __future__ import annotations

import re

import pytest

from ha_patterns.diagram import mermaid
from ha_patterns.diagram.picture import draw

from .conftest import PATTERNS, Draw, behavior, distribution, group, origin, reference

HOSTILE = 'end"];\nclick n1 call x()\n%%{init: {}}%% #35; <b>`{[(|&*_~'
ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"
# What the grammar of Mermaid has of what is written here.
LINE = re.compile(
    r"""flowchart\ (LR|TB)
    | \s*subgraph\ s\d+(f\d+)?\["[^"]+"\]
    | \s*end
    | \s*n\d+(\[|\(|\(\[|\[\(|\{\{)"[^"\n]+"(\]|\)|\]\)|\)\]|\}\})
    | \s*n\d+\ (-->|<-->|-\.->)(\|"[^"\n|]+"\|)?\ n\d+
    | \s*classDef\ \w+\ [\w:#,.-]+
    | \s*class\ \w+(,\w+)*\ \w+""",
    re.VERBOSE,
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_line_of_a_reference_pattern_is_one_of_the_grammar(pattern: str) -> None:
    lines = mermaid.render(draw(reference(pattern))).splitlines()

    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_a_name_with_a_meaning_for_mermaid_is_only_text(drawn: Draw) -> None:
    site = distribution(behavior("one", HOSTILE), behavior("two"), origins=[origin("one", HOSTILE), origin("two")])

    lines = mermaid.render(drawn({"Site": site})).splitlines()

    assert [line for line in lines if not LINE.fullmatch(line)] == []
    labels = [line.split('"')[1] for line in lines if re.match(r"\s*n\d+[\[({]", line)]
    for label in labels:
        assert not re.search(r"[<>&`{}\[\]|%*_]|#(?!\d+;)", label.replace("<br/>", ""))
    assert any("end#34;#93;; click n1" in label for label in labels)


@pytest.mark.parametrize(
    ("name", "parted"),
    [
        ("$$x^2$$", "$|$x^2$|$"),
        ("fa:fa-user", "fa:|fa-user"),
        ("a\\nb", "a#92;|nb"),
        ("$5 alfa:fast a\\b", "$5 alfa:fast a#92;b"),
    ],
)
def test_what_mermaid_takes_for_more_than_text_even_so_is_parted(drawn: Draw, name: str, parted: str) -> None:
    text = mermaid.render(drawn({"Site": distribution(behavior("one"), origins=[origin("one", name)])}))

    assert f'["{parted.replace("|", ZERO_WIDTH_SPACE)}<br/>origin' in text


def test_what_is_deep_goes_from_top_to_bottom_and_what_is_not_from_left_to_right(drawn: Draw) -> None:
    deep = mermaid.render(draw(reference("same-path-hybrid")))
    short = mermaid.render(drawn({"Site": distribution(behavior("one"), origins=[origin("one")])}))
    wide = mermaid.render(draw(reference("home-region")))

    assert [text.splitlines()[0] for text in (deep, short, wide)] == ["flowchart TB", "flowchart LR", "flowchart LR"]


def test_a_region_is_a_subgraph_with_what_is_in_it() -> None:
    text = mermaid.render(draw(reference("origin-failover")))

    blocks = re.findall(r'subgraph \w+\["([^"]+)"\]\n(.*?)\n  end', text, re.DOTALL)
    assert [(title, "API Gateway" in block) for title, block in blocks] == [
        ("edge, in no Region", False),
        ("eu-west-1", True),
        ("eu-central-1", True),
    ]


def test_sections_of_several_stacks_are_subgraphs_of_their_own(drawn: Draw) -> None:
    sites = [{"Site": distribution(behavior(name), origins=[origin(name)])} for name in ("x", "y")]

    text = mermaid.render(drawn(*sites))

    assert '  subgraph s1["a"]\n    n' in text
    assert '  subgraph s2["b"]\n    n' in text


def test_what_has_no_label_of_its_own_says_what_it_is() -> None:
    text = mermaid.render(draw(reference("dns-failover")))

    assert '-.->|"guards"|' in text
    assert '-.->|"watches"|' in text


def test_a_finding_is_a_class_and_a_line(drawn: Draw) -> None:
    poorly = distribution(
        behavior("both"),
        origins=[origin("one"), origin("two")],
        OriginGroups={"Quantity": 1, "Items": [group("one", "two", codes=[500])]},
    )

    text = mermaid.render(drawn({"Site": poorly}, checks=True))

    assert re.search(r"failover<br/>origin group<br/>on 500<br/>.*HA003", text)
    assert re.search(r"classDef (error|warning) stroke:", text)
