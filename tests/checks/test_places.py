"""A finding says where it is, down to the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ha_patterns.checks import Finding
from ha_patterns.checks.places import Lines, dotted, fingerprint

from .conftest import POORLY, checked, site, write_template


def _finding(path: Path) -> Finding:
    [finding] = checked(path).findings
    return finding


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ((), ""),
        (("Properties",), "Properties"),
        (("Properties", "Origins", 0, "Id"), "Properties.Origins[0].Id"),
        (("Properties", "Fn::If", 1, "Id"), "Properties.Fn::If[1].Id"),
    ],
)
def test_a_property_is_said_as_people_write_it(path: tuple[str | int, ...], said: str) -> None:
    assert said == dotted(path)


def test_the_line_is_that_of_the_property(tmp_path: Path) -> None:
    path = write_template(tmp_path, {"Site": site(POORLY)})
    finding = _finding(path)

    line = Lines([finding.place])(finding.place)

    assert line is not None
    assert path.read_text(encoding="utf-8").splitlines()[line - 1].strip() == '"Items": ['


def test_what_is_not_in_the_file_has_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    path = write_template(tmp_path, {"Site": site([])})
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"StatusCodes": {', '"Codes": {'), encoding="utf-8")
    finding = _finding(path)

    line = Lines([finding.place])(finding.place)

    assert finding.message.endswith("they are: none")
    assert line is not None
    assert path.read_text(encoding="utf-8").splitlines()[line - 1].strip() == '"FailoverCriteria": {'


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    path = write_template(tmp_path, {"Site": site(POORLY)})
    finding = _finding(path)
    path.unlink()

    assert Lines([finding.place])(finding.place) is None


def test_a_fingerprint_does_not_change_with_the_line(tmp_path: Path) -> None:
    one = _finding(write_template(tmp_path, {"Site": site(POORLY)}))
    other = _finding(
        write_template(tmp_path, {"Aaa": {"Type": "AWS::SNS::Topic"}, "Site": site([500])}, "site.template.json")
    )

    assert fingerprint("HA003", one.place) == fingerprint("HA003", other.place)
