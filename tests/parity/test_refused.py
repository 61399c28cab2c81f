"""What a construct refuses and a template shows, the checks find: by the same limit, from the same constant."""

from __future__ import annotations

import ast
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from ha_patterns.checks import RULES, check
from ha_patterns.topology import load

from .. import checks
from ..checks.documents import make_zone
from ..samples import new_stack
from .no_rule import FOUND_BY, NO_RULE_YET, NOT_IN_TEMPLATES
from .refusals import of_file, refusals
from .refused_values import ABSENT, TABLE, Refused


@pytest.fixture(scope="module")
def assembled() -> Iterator[Callable[[Refused], Path]]:
    """The cloud assembly of a row's app, which is made once."""
    made: dict[Any, Path] = {}

    def assembly(row: Refused) -> Path:
        if row.app not in made:
            stack = new_stack()
            row.app(stack)
            made[row.app] = Path(cdk.App.of(stack).synth().directory)  # type: ignore[union-attr]
        return made[row.app]

    yield assembly
    for folder in made.values():
        shutil.rmtree(folder)


def _found(folder: Path, rule: str) -> int:
    return len(check(load(folder), rules=[RULES[rule]]).findings)


def _put(template: dict[str, Any], row: Refused) -> None:
    kind, _, index = row.resource.partition("#")
    names = [name for name, resource in template["Resources"].items() if resource["Type"] == kind]
    logical_id = names[int(index or 0)]
    *above, last = (int(part) if part.isdigit() else part for part in row.path.split("."))
    parent = template["Resources"][logical_id]["Properties"]
    for part in above:
        parent = parent[part]
    if row.value is ABSENT:
        del parent[last]
    else:
        parent[last] = row.value(logical_id) if callable(row.value) else row.value


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_the_checks_find_what_a_construct_refuses(assembled: Callable[[Refused], Path], row: Refused) -> None:
    folder = assembled(row)
    path = folder / "Test.template.json"
    accepted = path.read_text(encoding="utf-8")
    before = _found(folder, row.rule)
    template = json.loads(accepted)
    _put(template, row)
    if row.rule == "HA202":
        make_zone(template)
    try:
        path.write_text(json.dumps(template), encoding="utf-8")
        after = _found(folder, row.rule)
    finally:
        path.write_text(accepted, encoding="utf-8")

    assert after > before


def test_every_refusal_has_a_rule_or_is_listed() -> None:
    """For whoever adds a refusal: add a row to the table, or a line to one of the lists."""
    in_table = {row.refusal for row in TABLE}
    groups = (*NO_RULE_YET.values(), *NOT_IN_TEMPLATES.values())
    listed = [*FOUND_BY, *(one for group in groups for one in group)]
    found = refusals()

    assert len(set(listed)) == len(listed)
    assert not in_table & set(listed)
    assert len(set(found)) == len(found)
    assert set(found) == in_table | set(listed)


def test_what_a_rule_is_said_to_find_is_shown_by_its_template() -> None:
    templates = Path(checks.__file__).parent / "templates"

    assert set(FOUND_BY.values()) <= RULES.keys()
    assert all((templates / f"{rule}-fails.yaml").is_file() for rule in set(FOUND_BY.values()))


_SYNTH = """
def check_own(argument: str, value: int) -> None:
    if value:
        raise refusal(argument, "nothing", value, "it is so")


def validate(self) -> list[str]:
    error = "the first of two errors that are told at synth"
    return [error, *(f"another error, which is told of {name} at synth" for name in self.names)]


def make(names: list[str]) -> None:
    for name in names:
        check_choice(name, 1, [2], "no other")
    raise refusal("names", "one", names, "why")
    raise refusal("names", "two", names, "why")
"""


def test_each_refusal_is_told_by_itself() -> None:
    """Also what validations return, what is refused of a variable argument, and a second refusal of an argument."""
    assert sorted(of_file(ast.parse(_SYNTH))) == [
        "another error, which is told of {} at synth",
        "names must be one",
        "names must be two",
        "the first of two errors that are told at synth",
        "{} must be nothing",
        "{}, by check_choice",
    ]
