"""A key twice in a file: the last one counts and is told, where the reader of the file takes it."""

from __future__ import annotations

import pytest

from ha_patterns.documents.document import MOST_REPEATED
from ha_patterns.documents.yaml_reader import DocumentError, Repeated, lines, load

_YAML = b"a: 1\nb:\n  c: {d: 1}\n  c: {e: 2}\na: 3\n"
_JSON = b'{"a": 1,\n"b": {"c": {"d": 1},\n\n"c": {"e": 2}},\n"\\u0061": 3}'


@pytest.mark.parametrize("content", [_YAML, _JSON])
def test_the_last_one_counts(content: bytes) -> None:
    repeated: list[Repeated] = []

    assert load(content, is_json=content is _JSON, repeated=repeated) == {"a": 3, "b": {"c": {"e": 2}}}
    assert repeated == [Repeated("c", 4), Repeated("a", 5)]


@pytest.mark.parametrize("content", [_YAML, _JSON])
def test_where_nobody_takes_them_the_file_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError, match="has the key 'c' twice") as refused:
        load(content, is_json=content is _JSON)
    assert refused.value.line == 4


@pytest.mark.parametrize(
    ("content", "line"), [(b"a: 1\na: 2\n", 2), (b'{"a": 1, "a": NaN}', 1), (b'{"a": 1,\n"a": 1e999}', 2)]
)
def test_what_is_wrong_beside_is_refused_still(content: bytes, line: int) -> None:
    repeated: list[Repeated] = []
    if content.startswith(b"a"):
        assert load(content, is_json=False, repeated=repeated) == {"a": 2}
        assert repeated == [Repeated("a", line)]
    else:
        with pytest.raises(DocumentError) as refused:
            load(content, is_json=True, repeated=repeated)
        assert refused.value.line == line


@pytest.mark.parametrize("is_json", [False, True])
def test_only_so_many_are_told(is_json: bool) -> None:
    count = 3 * MOST_REPEATED
    pairs = ",\n".join(f'"a": {number}' for number in range(count))
    repeated: list[Repeated] = []

    assert load(f"{{{pairs}}}".encode(), is_json=is_json, repeated=repeated) == {"a": count - 1}
    assert repeated == [Repeated("a", line) for line in range(2, MOST_REPEATED + 2)]


def test_lines_are_those_of_the_last_one() -> None:
    found = lines(_YAML)

    assert found[("a",)] == 5
    assert found[("b", "c")] == found[("b", "c", "e")] == 4
    assert ("b", "c", "d") not in found


def test_a_merge_key_twice_is_refused_still() -> None:
    with pytest.raises(DocumentError, match="has the key '<<' twice"):
        load(b"a: &a {b: 1}\nc:\n  <<: *a\n  <<: *a\n", is_json=False, tags={}, repeated=[])
