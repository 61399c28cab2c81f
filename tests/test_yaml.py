"""Files that people write are read with bounds, and every refusal names the place."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ha_patterns._yaml import MAX_SIZE, DocumentError, dump, lines, load

_FILE = b"""\
# routes of the shop
www.example.com:
  rules:
    - path: /a
      when: {country: {one_of: [NO, "DE"]}}
      then: &there
        origin: eu
    - path: /b
      then: *there
"""
# What YAML's own writer and JSON's agree on.
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=20)
_SCALARS = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | _TEXT
# Text without quotes for a writer of YAML 1.1, as PyYAML's, and a number for YAML 1.2: 089, 0E0.
_IN_DOUBT = re.compile(r"'[-+]?[0-9.]+([eE][-+]?[0-9]+)?'")
_SHARED: Any = {"a": []}
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4))


def test_yaml_is_read_as_people_mean_it() -> None:
    there = {"origin": "eu"}

    assert load(_FILE, is_json=False) == {
        "www.example.com": {
            "rules": [
                {"path": "/a", "when": {"country": {"one_of": ["NO", "DE"]}}, "then": there},
                {"path": "/b", "then": there},
            ]
        }
    }


def test_each_value_has_its_line() -> None:
    found = lines(_FILE)

    assert found[("www.example.com", "rules", 0)] == 4
    assert found[("www.example.com", "rules", 0, "when", "country", "one_of", 1)] == 5
    assert found[("www.example.com", "rules", 1, "then")] == 9


def test_json_has_lines_too() -> None:
    text = json.dumps({"a": [{"b": 1}, {"c": 2}]}, indent=1).encode()

    assert lines(text)[("a", 1, "c")] == 7


def test_the_few_escapes_of_json_that_yaml_lacks_cost_lines_and_nothing_else() -> None:
    text = b'{"a": 1,\n "b": "\\ud83d\\ude00",\n "c": 2}'

    assert load(text, is_json=True) == {"a": 1, "b": "\U0001f600", "c": 2}
    assert lines(text) == {(): 1, ("a",): 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("012", 12),
        ("1e3", 1000.0),
        ("1:30", "1:30"),
        ("2026-11-23", "2026-11-23"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("99999999999999999999", "99999999999999999999"),
    ],
)
def test_a_plain_word_is_what_yaml_1_2_says(text: str, value: Any) -> None:
    assert load(f"a: {text}".encode(), is_json=False) == {"a": value}


@pytest.mark.property
@given(_VALUES)
@example({"a": [1, {"b": None}]})
def test_json_reads_the_same_as_yaml(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False).encode()

    assert load(text, is_json=True) == value
    assert load(text, is_json=False) == value


@pytest.mark.property
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    for is_json in (False, True):
        try:
            load(content, is_json=is_json)
        except DocumentError:
            continue


@pytest.mark.property
@given(_VALUES.filter(lambda value: not _IN_DOUBT.search(repr(value))))
def test_yaml_as_others_write_it_is_read(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True).encode()

    assert load(text, is_json=False) == value


@pytest.mark.property
@given(_VALUES)
@example({"a": ["089", "1e3", "NO", "true", "", "~", "2026-11-23", " a ", "a: b", "# c", "-", "x" * 300, "a b " * 90]})
@example({"089": "\u00f1\U0001f600", "b": "line\n\n line\r\n", "c": "\x85\u2028\ttab"})
@example([_SHARED, _SHARED])
def test_what_is_written_is_read_as_the_same(value: Any) -> None:
    assert load(dump(value).encode(), is_json=False) == value


@pytest.mark.parametrize(
    ("content", "is_json", "says", "line"),
    [
        (b"[" * 100_000, False, "nested more than 64 deep", 1),
        (b"- " * 100_000, False, "nested more than 64 deep", 1),
        (b"[" * 100_000, True, "nested too deeply", None),
        (b"a: 1\nb: 2\na: 3", False, "has the key 'a' twice", 3),
        (b'{"a": 1, "a": 2}', True, "has the key 'a' twice", None),
        (b"\na: *x", False, "has *x, which is not anchored before", 2),
        (b"&a [*a]", False, "or holds itself", 1),
        (b"a\nb\xff", False, "is not text in UTF-8", 2),
        (b"a: !Ref x", False, "has the tag !Ref", 1),
        (b"? [a]\n: 1", False, "has a key that is not text", 1),
        (b"a: &b 1\n*b : 2", False, "has a key that is not text", 2),
        (b"--- 1\n--- 2", False, "has more than one document", 2),
        (b"a:\n b: c: d", False, "is not YAML: mapping values are not allowed in this context", 2),
        (b"\x00", False, "is not YAML", None),
        (b'{"a":\n x}', True, "is not JSON: Expecting value", 2),
        (b"1" * 100_000, True, "a number of more than 18 digits", None),
        (b"NaN", True, "has NaN", None),
        (b"x" * (MAX_SIZE + 1), False, f"at most {MAX_SIZE} are read", None),
    ],
)
def test_fails_with_the_place(content: bytes, is_json: bool, says: str, line: int | None) -> None:
    with pytest.raises(DocumentError) as error:
        load(content, is_json=is_json)

    assert says in str(error.value)
    assert error.value.line == line


def test_fails_for_aliases_that_stand_for_more_than_memory_holds() -> None:
    names = "abcdefghijklm"
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in itertools.pairwise(names)
    )

    with pytest.raises(DocumentError, match="more than 4000000 values"):
        load(bomb.encode(), is_json=False)
