"""Files of rules: whatever is wrong in one is told with its file, its line and the way out."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.command_line.frame import CommandError
from ha_patterns.documents.yaml_reader import MAX_SIZE
from ha_patterns.operate.route_files import Given, RouteFiles
from ha_patterns.operate.route_kinds import RULES

from .rules import FACTS, TO_EU, TO_US

_ALLOWED = RULES.declared(FACTS)
_Write = Callable[..., str]

_BAD_FILES = [
    pytest.param("", 1, "is empty", id="empty"),
    pytest.param("# nothing yet\n", 1, "is empty", id="comments"),
    pytest.param("- path: /a\n", 1, "must map hosts to their rules", id="a list"),
    pytest.param("a: {rules: [\n", 2, "is not YAML", id="no YAML"),
    pytest.param("a: {rules: []}\na: {rules: []}", 2, "has the key 'a' twice", id="a key twice"),
    pytest.param(
        "\n\nWWW.example.com: {rules: []}", 3, "'WWW.example.com' must be a host in lower case", id="capitals"
    ),
    pytest.param("\n'#origins': {rules: []}", 2, "'#origins' must be a host", id="the table's own item"),
    pytest.param("a.*.com: {rules: []}", 1, "must be a host in lower case, '*.' and a host, or '*'", id="wildcard"),
    pytest.param("\na: /shop", 2, "a: must be an object with rules, version, got '/shop'", id="no object"),
    pytest.param("\na:\n", 2, "a: must be an object with rules, version, got nothing", id="nothing"),
    pytest.param("a:\n  rule: []", 2, "a: 'rule' is not known here; write rules, version", id="no rules"),
    pytest.param("a:\n  rules: {}", 2, "a: rules: must be a list of rules", id="rules that are no list"),
    pytest.param("a:\n  rules: []\n  version: old", 3, "a: version: must be a whole number", id="version"),
    pytest.param("a:\n  version: 0\n  rules: []", 2, "a: version: must be a whole number from 1", id="version 0"),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      then:\n        rewrite: /a\n        origin: asia",
        6,
        "a: rules[0].then.origin: 'asia' is not an origin that the stack declares; declared: eu, us",
        id="unknown origin",
    ),
    pytest.param(
        "a:\n  rules:\n    - {path: /*, then: {origin: eu}}\n    - {path: /*, then: {origin: us}}",
        4,
        "a: rules[1]: is never reached: rules[0] has the same path and has no conditions; put the one with more",
        id="unreachable",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      choices:\n        - {weight: 90, then: {origin: eu}}\n"
        "        - {weight: 20, then: {origin: us}}",
        5,
        "a: rules[0].choices: have weights that sum to 110; they are percent, and sum to 100",
        id="weights",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      choices:\n        - {weight: 50, then: {origin: eu}}\n"
        "        - weight: 50\n          then:\n            rewrite: '/{nobody}'",
        8,
        "a: rules[0].choices[1].then.rewrite: 'nobody' is not an attribute; write path, rest",
        id="template",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      then: {origin: eu}\n      when:\n        cookie.plan: {equals: 089}",
        6,
        "a: rules[0].when.cookie.plan.equals: must be text",
        id="a key with a dot",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      when:\n        country:\n          one_of:\n            - DE\n"
        "            - 49\n      then: {origin: eu}",
        8,
        "a: rules[0].when.country.one_of[1]: must be text",
        id="in a list",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      then:\n        headers:\n          x-other: a",
        6,
        "a: rules[0].then.headers.x-other: 'x-other' is not a header that the stack lets rules set; it lets: x-plan",
        id="header",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      then:\n        redirect: {to: 'https://evil.example/'}",
        5,
        "a: rules[0].then.redirect.to: 'evil.example' is not a host to which the stack lets rules redirect",
        id="redirect",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /*\n      then:\n        respond:\n          body: gone",
        6,
        "a: rules[0].then.respond.status: must be a whole number from 200 to 599, got nothing",
        id="what is not there",
    ),
    pytest.param(
        "a:\n  rules:\n    - path: /a\n      then: {origin: eu}\n    - 7", 5, "a: rules[1]: must be an", id="no rule"
    ),
    pytest.param(
        "a:\n  rules: []\nB.example.com:\n\n  rules: []", 3, "'B.example.com' must be a host in lower case", id="host"
    ),
    pytest.param(
        f"\na:\n  rules:\n    - {{path: /, then: {{respond: {{status: 404, body: {'a' * 90_000} }}}}}}\n"
        + "".join(
            f"    - {{path: /{n}, then: {{respond: {{status: 404, body: {'a' * 90_000} }}}}}}\n" for n in range(3)
        ),
        4,
        "bytes as JSON, and a host may have 358400: use prefixes, or wildcard hosts",
        id="too large",
    ),
]


def _mistakes(*paths: str, facts: Any = FACTS) -> list[str]:
    return list(RouteFiles(RULES, paths).mistakes(RULES.declared(facts), lambda: None))


@pytest.mark.parametrize(("text", "line", "said"), _BAD_FILES)
def test_a_mistake_is_told_with_its_place(write: _Write, text: str, line: int, said: str) -> None:
    path = write(text)

    [mistake] = _mistakes(path)

    assert mistake.startswith(f"{path}:{line}: ")
    assert said in mistake


def test_a_host_of_two_files_is_told_where_its_name_is(write: _Write) -> None:
    first = write("a:\n  rules: [{path: /a, then: {origin: eu}}]", "first.yaml")
    second = write("b:\n  rules: [{path: /a, then: {origin: eu}}]\na:\n\n  rules: []", "second.yaml")

    [mistake] = _mistakes(first, second)

    assert mistake.startswith(f"{second}:3: a is in {first} too")


def test_json_has_lines_too(write: _Write) -> None:
    path = write('{\n "a": {"rules": [\n  {"path": "/*",\n   "then": {"origin": "asia"}}]}}', "rules.json")

    [mistake] = _mistakes(path)

    assert mistake.startswith(f"{path}:4: a: rules[0].then.origin: 'asia'")


def test_half_a_character_is_told(write: _Write) -> None:
    answer = {"path": "/*", "then": {"respond": {"status": 404, "body": "\ud83d"}}}

    [mistake] = _mistakes(write({"a": {"rules": [answer]}}))

    assert "rules.json:1: has \\ud83d, which is half of a surrogate pair and no character" in mistake


def test_all_mistakes_of_all_files_are_told(write: _Write) -> None:
    first = write("a: 1\nb: {rules: [7]}", "first.yaml")
    second = write("c: ]", "second.yaml")
    third = write("c: {rules: []}\nd: 2", "third.yaml")

    told = _mistakes(first, second, third)

    assert [line.partition(" ")[0] for line in told] == [f"{first}:1:", f"{first}:2:", f"{second}:1:", f"{third}:2:"]


def test_a_host_in_two_files_is_a_mistake(write: _Write) -> None:
    first = write("www.example.com: {rules: []}", "first.yaml")
    second = write("a: {rules: []}\nwww.example.com: {rules: []}", "second.yaml")

    [mistake] = _mistakes(first, second)

    assert mistake == f"{second}:2: www.example.com is in {first} too; keep all rules of a host in one place"
    assert f"www.example.com is in {first} too" in _mistakes(first, first)[0]


@pytest.mark.parametrize(("attributes", "reached"), [(None, True), (["host"], True), ([], False), (["country"], False)])
def test_rules_of_one_host_need_the_host_in_the_cache_key(
    write: _Write, attributes: list[str] | None, reached: bool
) -> None:
    path = write("www.example.com: {rules: []}\n'*': {rules: []}")

    told = _mistakes(path, facts={**FACTS, "attributes": attributes})

    assert [line[len(path) :] for line in told] == (
        []
        if reached
        else [
            (
                ":1: www.example.com: is never reached: the router's cache key has no host, so that only the rules "
                "of '*' count; write them there, or add 'host' to cache_key"
            )
        ]
    )


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(MAX_SIZE * 2)

    assert _mistakes(str(tmp_path / "none.yaml"), str(tmp_path), str(large)) == [
        f"{tmp_path}/none.yaml: No such file or directory",
        f"{tmp_path}: Is a directory",
        f"{large}: has {MAX_SIZE + 1} bytes; at most {MAX_SIZE} are read",
    ]


def test_what_files_say_is_given_in_their_order(write: _Write) -> None:
    files = RouteFiles(
        RULES, [write({"b": {"rules": [TO_EU], "version": 7}, "*": {"rules": []}}), write("a: {rules: []}")]
    )
    judged: list[None] = []

    assert list(files.mistakes(_ALLOWED, lambda: judged.append(None))) == []

    assert list(files.given()) == [
        Given("b", {"rules": [TO_EU]}, 7),
        Given("*", {"rules": []}, None),
        Given("a", {"rules": []}, None),
    ]
    assert len(judged) == len(files.hosts) == 3


@pytest.mark.parametrize("then", [json.dumps({"a": {"rules": [TO_US]}}), "{", None], ids=["other", "broken", "gone"])
def test_a_file_that_changes_after_it_was_judged_is_not_used(write: _Write, then: str | None) -> None:
    path = write({"a": {"rules": [TO_EU]}})
    files = RouteFiles(RULES, [path])
    assert list(files.mistakes(_ALLOWED, lambda: None)) == []
    if then is None:
        Path(path).unlink()
    else:
        Path(path).write_text(then)

    with pytest.raises(CommandError, match="has changed since it was checked"):
        list(files.given())


def test_one_file_at_a_time_is_in_memory(write: _Write) -> None:
    def peak(count: int) -> int:
        rules = [{"path": f"/{number}", "then": {"origin": "eu"}} for number in range(2000)]
        files = RouteFiles(
            RULES, [write({f"host-{number}": {"rules": rules}}, f"{number}.json") for number in range(count)]
        )
        tracemalloc.start()
        try:
            assert list(files.mistakes(_ALLOWED, lambda: None)) == []
            for _ in files.given():
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1)
    assert peak(12) < 1.5 * peak(2)
