"""Files that people write are read with bounds, and every refusal names the place."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from ha_patterns.documents.yaml_reader import CLOUDFORMATION_TAGS, MAX_SIZE, DocumentError, dump, lines, load

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


_TEMPLATE = b"""\
Conditions:
  IsLarge: !Equals [!Ref Size, 2]
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Condition: IsLarge
    Properties:
      Aliases: !If
        - IsLarge
        - [!Sub "www.${Name}"]
        - !Ref AWS::NoValue
      DomainName: !Join
        - ""
        - - !Ref Bucket
          - .s3.
          - !GetAtt Nested.Outputs.Name
"""
_FUNCTIONS = (
    *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "ForEach"),
    *("GetAZs", "GetAtt", "GetStackOutput", "If", "Implies", "ImportValue", "Join", "Length", "Not", "Or", "RefAll"),
    *("Select", "Split", "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
)
_TAGS = [("!Ref", "Ref"), ("!Condition", "Condition"), *((f"!{name}", f"Fn::{name}") for name in _FUNCTIONS)]
_CALLS = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_TEXT, inner, max_size=3)
        | st.tuples(
            st.sampled_from(_TAGS), st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3)
        ).map(lambda call: _Call(*call))
    ),
)


class _Call:
    """A function as a template calls it: with a short tag in YAML, in full in JSON."""

    def __init__(self, tag: tuple[str, str], value: Any) -> None:
        self.tag = tag
        self.value = value

    def __repr__(self) -> str:
        return f"{self.tag[0]} {self.value!r}"


def _in_full(value: Any) -> Any:
    if isinstance(value, _Call):
        return {value.tag[1]: _in_full(value.value)}
    if isinstance(value, dict):
        return {key: _in_full(one) for key, one in value.items()}
    return [_in_full(one) for one in value] if isinstance(value, list) else value


def _in_flow(value: Any) -> str:
    if isinstance(value, _Call):
        return f"{value.tag[0]} {_in_flow(value.value)}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_in_flow(key)}: {_in_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_in_flow, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _load_template(text: str | bytes) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return load(content, is_json=False, tags=CLOUDFORMATION_TAGS)


@pytest.mark.parametrize(("tag", "key"), _TAGS)
def test_a_tag_stands_for_its_function(tag: str, key: str) -> None:
    assert _load_template(f"a: {tag} [x, 1]") == {"a": {key: ["x", 1]}}
    assert _load_template(f"a: {tag} {{b: 1}}") == {"a": {key: {"b": 1}}}
    if tag != "!GetAtt":
        assert _load_template(f"a: {tag} x") == {"a": {key: "x"}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!GetAtt A.B", {"Fn::GetAtt": ["A", "B"]}),
        ("!GetAtt A.Outputs.B", {"Fn::GetAtt": ["A", "Outputs.B"]}),
        ("!GetAtt [A, B.C]", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt A", {"Fn::GetAtt": ["A"]}),
        ("!Ref 012", {"Ref": "012"}),
        ("!Sub true", {"Fn::Sub": "true"}),
        ("!GetAZs", {"Fn::GetAZs": ""}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ('!Join ["", [!Ref A, !Sub "x${B}"]]', {"Fn::Join": ["", [{"Ref": "A"}, {"Fn::Sub": "x${B}"}]]}),
        (
            "!If [A, !Ref B, !If [C, {d: !Ref D}, 1]]",
            {"Fn::If": ["A", {"Ref": "B"}, {"Fn::If": ["C", {"d": {"Ref": "D"}}, 1]}]},
        ),
    ],
)
def test_tags_nest_and_hold_text(text: str, value: Any) -> None:
    assert _load_template(f"a: {text}") == {"a": value}


def test_what_has_a_tag_may_have_an_anchor() -> None:
    text = "a: &a !Ref A\nb: *a\nc: &c !Join ['', [*a]]\nd: *c\ne: !Sub &e x\nf: *e"
    joined = {"Fn::Join": ["", [{"Ref": "A"}]]}

    assert _load_template(text) == {
        "a": {"Ref": "A"},
        "b": {"Ref": "A"},
        "c": joined,
        "d": joined,
        "e": {"Fn::Sub": "x"},
        "f": {"Fn::Sub": "x"},
    }


def test_lines_go_through_what_tags_stand_for() -> None:
    found = lines(_TEMPLATE, tags=CLOUDFORMATION_TAGS)
    properties = ("Resources", "Site", "Properties")

    assert found[("Conditions", "IsLarge", "Fn::Equals", 0, "Ref")] == 2
    assert found[(*properties, "Aliases")] == 8
    assert found[(*properties, "Aliases", "Fn::If", 1, 0, "Fn::Sub")] == 10
    assert found[(*properties, "DomainName", "Fn::Join", 1, 0, "Ref")] == 14
    assert found[(*properties, "DomainName", "Fn::Join", 1, 2, "Fn::GetAtt", 1)] == 16


def test_each_value_of_a_template_has_a_line() -> None:
    def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        return [path, *(found for key, one in inner for found in paths(one, (*path, key)))]

    assert sorted(lines(_TEMPLATE, tags=CLOUDFORMATION_TAGS), key=str) == sorted(
        paths(_load_template(_TEMPLATE)), key=str
    )


def test_keys_are_text_whatever_they_look_like() -> None:
    assert _load_template("123456789012: {1: a, true: b, 0.5: c}") == {
        "123456789012": {"1": "a", "true": "b", "0.5": "c"}
    }


@pytest.mark.property
@given(_CALLS)
@example(_Call(("!If", "Fn::If"), ["A", _Call(("!Ref", "Ref"), []), {"<<": 1}]))
def test_a_template_reads_the_same_in_yaml_and_in_json(value: Any) -> None:
    full = json.dumps(_in_full(value), ensure_ascii=False).encode()

    assert _load_template(_in_flow(value)) == load(full, is_json=True, tags=CLOUDFORMATION_TAGS) == _in_full(value)
    assert _load_template(full) == _in_full(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<<: *base\nb: 3", {"a": 1, "b": 3}),
        ("b: 3\n<<: *base", {"a": 1, "b": 3}),
        ("<<: [{a: 7}, *base]", {"a": 7, "b": 2}),
        ("<<: [*base, {a: 7, c: 8}]", {"a": 1, "b": 2, "c": 8}),
        ("<<: {<<: *base, c: 3}", {"a": 1, "b": 2, "c": 3}),
        ("<<: {}", {}),
        ("!!merge <<: *base", {"a": 1, "b": 2}),
        ("'<<': *base", {"<<": {"a": 1, "b": 2}}),
        ("'<<': 1\n<<: *base", {"<<": 1, "a": 1, "b": 2}),
    ],
)
def test_merge_keys_bring_what_a_mapping_has_not_itself(text: str, value: Any) -> None:
    inner = text.replace("\n", "\n  ")

    assert _load_template(f"x: &base {{a: 1, b: 2}}\ny:\n  {inner}")["y"] == value


def test_what_was_merged_is_where_the_merge_key_is() -> None:
    found = lines(b"x: &base\n  a: 1\n  b: 2\ny:\n  b: 3\n  <<: *base\n", tags=CLOUDFORMATION_TAGS)

    assert found[("y", "a")] == 6
    assert found[("y", "b")] == 5


def test_without_tags_a_merge_key_is_a_key() -> None:
    assert load(b"x: {<<: {a: 1}}", is_json=False) == {"x": {"<<": {"a": 1}}}


@pytest.mark.parametrize(
    ("content", "is_json", "says", "line"),
    [
        (b"[" * 100_000, False, "nested more than 64 deep", 1),
        (b"- " * 100_000, False, "nested more than 64 deep", 1),
        (b'{"a":' * 100_000, False, "nested more than 64 deep", 1),
        (b"[\n" * 100_000, True, "nested more than 64 deep", 65),
        (b'{"a":\n' * 100_000, True, "nested more than 64 deep", 65),
        (b"a: 1\nb: 2\na: 3", False, "has the key 'a' twice", 3),
        (b'{"b": ["a", "a"], "a": 1,\n"\\u0061": 2}', True, "has the key 'a' twice", 2),
        (b"a: 1\n? " + b"k" * 1_000_000 + b"\n? " + b"k" * 1_000_000, False, f"the key '{'k' * 80}...' twice", 3),
        (b'{"%s": 1,\n"%s": 2}' % ((b"k" * 1_000_000,) * 2), True, f"the key '{'k' * 80}...' twice", 2),
        (b"\na: *x", False, "has *x, which is not anchored before", 2),
        (b"&a [*a]", False, "or holds itself", 1),
        (b"a: *" + b"x" * 1_000_000, False, f"has *{'x' * 80}..., which", 1),
        (b"a\nb\xff", False, "is not text in UTF-8", 2),
        (b"a: !Ref x", False, "has the tag !Ref, which is not known here", 1),
        (b"a:\n  !Ref [x]", False, "has the tag !Ref, which is not known here", 2),
        (b"a:\n  - !Ref x: 1", False, "has the tag !Ref on a key", 2),
        (b"a: !" + b"x" * 1_000_000 + b" 1", False, f"has the tag !{'x' * 79}..., which", 1),
        (b"? [a]\n: 1", False, "has a key that is not text", 1),
        (b"a: &b 1\n*b : 2", False, "has a key that is not text", 2),
        (b"--- 1\n--- 2", False, "has more than one document", 2),
        (b"a:\n b: c: d", False, "is not YAML: mapping values are not allowed in this context", 2),
        (b"a:\n\tb: c", False, "is not YAML: it has a tab where only spaces may be", 2),
        (b"a: b\nc: \x01", False, "is not YAML: it has the control character U+0001", 2),
        (b"%TAG !a! b\n" * 1_000_000, False, "more than 64 lines that begin with %TAG", None),
        (b"a\n\x00", False, "is not text: it has a NUL byte", 2),
        (b"a\n\x00", True, "is not text: it has a NUL byte", 2),
        ("a: 1".encode("utf-16"), False, "is in UTF-16 or UTF-32; save it in UTF-8", None),
        ("a: 1".encode("utf-32"), True, "is in UTF-16 or UTF-32; save it in UTF-8", None),
        (b"", False, "is empty", 1),
        (b" \n", True, "is empty", 1),
        (b"# nothing yet", False, "is empty", 1),
        (b'{"a":\n x}', True, "is not JSON: Expecting value", 2),
        (b'{"a":\n "\t"}', True, "is not JSON: Invalid control character", 2),
        (b"{}\n{}", True, "is not JSON: Extra data", 2),
        (b"[" * 65, True, "nested more than 64 deep", 1),
        (b'["]", ' + b"[" * 64, True, "nested more than 64 deep", 1),
        (b"[" * 64, True, "is not JSON: Expecting value", 1),
        (b"[\n" + b"1" * 100_000 + b"]", True, "has a number of more than 18 digits", 2),
        (b"[1,\n-1234567890123456789]", True, "has a number of more than 18 digits", 2),
        (b"[\n1e999]", True, "has a number that is too large", 2),
        (b'["NaN",\nNaN]', True, "has NaN, which is not JSON", 2),
        (b"[\n-Infinity]", True, "has -Infinity, which is not JSON", 2),
        (b'["\\\\ud800",\n"\\ud83d\\ude00",\n"\\uD800"]', True, "has \\uD800, which is half of a surrogate", 3),
        (b'{"a": 1,\n"\\udc00\\ud800": 2}', True, "has \\udc00, which is half of a surrogate", 2),
        (b'a:\n "\\ud800"', False, "is not YAML", 2),
        (b"[" + b"0," * 4_000_000 + b"0]", True, "has more than 4000000 values", 1),
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


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("a:\n  b: !Reff x", "has the tag !Reff, which is not known here", 2),
        ("a:\n- !Rain::Embed [x]", "has the tag !Rain::Embed, which is not known here", 2),
        ("a: 1\nb: !!set {x}", "has the tag tag:yaml.org,2002:set, which is not known here", 2),
        ("a: 1\n!Ref b: 1", "has the tag !Ref on a key", 2),
        ("a: !Base64\n  !Sub x", "is not YAML: did not find expected", 2),
        ("a: &a !Ref b\n? *a\n: 1", "has a key that is not text", 2),
        ("a:\n  <<: 1\n  b: 2", "has << of what is neither a mapping nor a sequence of mappings", 2),
        ("a:\n  b: 2\n  <<: [{}, x]", "has << of what is neither a mapping nor a sequence of mappings", 3),
        ("<<: {}\n<<: {}", "has the key '<<' twice", 2),
        ("a: &a\n  <<: *a", "has *a, which is not anchored before, or holds itself", 2),
        ("!Not [" * 32 + "!Ref a", "nested more than 64 deep", 1),
    ],
)
def test_fails_with_the_place_in_a_template(text: str, says: str, line: int) -> None:
    with pytest.raises(DocumentError) as error:
        _load_template(text)

    assert says in str(error.value)
    assert error.value.line == line


@pytest.mark.parametrize("is_json", [True, False])
def test_a_document_may_be_as_deep_as_the_bound(is_json: bool) -> None:
    deep = b"[" * 64 + b"]" * 64

    assert load(deep, is_json=is_json)
    assert load(b"[" + b",".join([deep[1:-1]] * 100) + b"]", is_json=is_json)
    # What is in a string is no depth.
    assert load(b'["' + b"[{" * 100 + b'\\"[", "[\\\\"]', is_json=is_json)


@pytest.mark.property
@given(st.integers(1, 90), _TEXT, st.sampled_from(["[]", '{"]": 1}', '"["', '"\\\\\\""']))
def test_json_is_as_deep_as_yaml_says(depth: int, text: str, inner: str) -> None:
    content = (("[" + json.dumps(text, ensure_ascii=False) + ",") * depth + inner + "]" * depth).encode()

    def refusal(*, is_json: bool) -> tuple[str, int | None] | None:
        try:
            load(content, is_json=is_json)
        except DocumentError as error:
            return str(error), error.line
        return None

    assert refusal(is_json=True) == refusal(is_json=False)


@pytest.mark.parametrize("is_json", [True, False])
def test_a_caller_may_read_less(is_json: bool) -> None:
    assert load(b"[1, 2]", is_json=is_json, max_size=6) == [1, 2]
    with pytest.raises(DocumentError, match="has 7 bytes; at most 6 are read"):
        load(b"[1, 2] ", is_json=is_json, max_size=6)


def test_fails_for_merge_keys_that_stand_for_more_than_memory_holds() -> None:
    base = "base: &base {" + ", ".join(f"k{i}: {i}" for i in range(1000)) + "}\n"
    bomb = base + "".join(f"a{i}: {{<<: *base}}\n" for i in range(4000))

    with pytest.raises(DocumentError, match="more than 4000000 values") as error:
        _load_template(bomb)
    assert (error.value.line or 0) > 3900


def _bomb() -> bytes:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 11)]
    return "\n".join(levels).encode()


@pytest.mark.parametrize(
    "make",
    [
        _bomb,
        lambda: b"%TAG !a! b\n" * 200_000,
        lambda: b"[" * 2_000_000,
        lambda: b'{"a":' * 400_000,
        lambda: b"- " * 1_000_000,
        lambda: b"\\" * 2_000_000,
        lambda: b'"' * 2_000_000,
        lambda: b"1" * 2_000_000,
        lambda: b"1." + b"1" * 2_000_000,
    ],
    ids=["aliases", "%TAG", "[", "{", "-", "backslashes", "quotes", "digits", "fraction"],
)
@pytest.mark.parametrize("is_json", [True, False])
def test_what_is_made_to_exhaust_is_done_with_soon(make: Callable[[], bytes], is_json: bool) -> None:
    content = make()
    tracemalloc.start()
    begun = time.process_time()
    with contextlib.suppress(DocumentError):
        load(content, is_json=is_json, tags=CLOUDFORMATION_TAGS)
    spent, peak = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert spent < 5
    assert peak < 64 * 1024 * 1024


def test_the_lines_that_are_wanted_are_kept_and_no_others() -> None:
    text = b"a:\n  - b: 1\n  - c: 2\nd: 3\n"

    assert lines(text, wanted={("a", 1), ("d",), ("e",)}) == {("a", 1): 3, ("d",): 4}


@pytest.mark.parametrize("text", ["\x85", "a\x85b", "\u2028", "a\u2029", "a\nb", "NO", "089"])
def test_a_text_is_written_so_that_it_is_read_as_the_same(text: str) -> None:
    assert load(dump({"title": text}).encode(), is_json=False) == {"title": text}
