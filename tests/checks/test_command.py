"""The command ha-patterns check, as it is typed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks import RULES
from ha_patterns.cli import main

from .conftest import POORLY, WELL, site, write_assembly, write_template


def _line(capsys: pytest.CaptureFixture[str]) -> str:
    [line] = capsys.readouterr().err.splitlines()
    return line


def test_a_finding_is_told_with_the_property_the_line_and_the_remedy(
    dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(dead_origin)]) == 1

    printed = capsys.readouterr().out
    assert "site/Site  AWS::CloudFront::Distribution" in printed
    assert "error HA003 origin group does not leave a dead origin" in printed
    assert "they are: 500, 502" in printed
    assert re.search(r"at Properties\.DistributionConfig.*StatusCodes\.Items, line \d+\n", printed)
    assert "mend: Add 503 and 504" in printed
    assert printed.splitlines()[-1].startswith("1 error")


def test_a_construct_is_told_by_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metadata = {"aws:cdk:path": "site/Shop/Distribution/Resource"}
    main(["check", str(write_assembly(tmp_path, {"R1": site(POORLY, Metadata=metadata)}))])

    printed = capsys.readouterr().out
    assert "site/Shop/Distribution  AWS::CloudFront::Distribution" in printed
    assert "R1 in site (us-east-1)" in printed


def test_findings_are_grouped_by_resource(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resources = {"One": site([500]), "Two": site([500])}
    main(["check", str(write_template(tmp_path, resources)), "--select", "HA003,HA004"])

    printed = capsys.readouterr().out
    assert printed.count("site/One  AWS::") == 1
    assert printed.count("site/Two  AWS::") == 1


def test_a_clean_template_says_how_much_was_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_template(tmp_path, {"Site": site(WELL)}))]) == 0
    assert capsys.readouterr().out.startswith(f"clean: {len(RULES)} rules, 1 stack with 1 resource")


def test_a_template_without_anything_of_the_edge_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_template(tmp_path, {"Topic": {"Type": "AWS::SNS::Topic"}}))]) == 0
    assert "nothing to check: no CloudFront, Route 53 or Global Accelerator" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 1),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "never"], 0),
        (["--ignore", "HA003"], 0),
        (["--ignore", "ha003"], 0),
        (["--select", "HA003"], 1),
        (["--select", "HA00"], 1),
        (["--select", "HA2"], 0),
        (["--select", "HA003", "--ignore", "HA0"], 0),
    ],
)
def test_the_exit_status_follows_what_is_asked(dead_origin: Path, arguments: list[str], status: int) -> None:
    assert main(["check", str(dead_origin), *arguments]) == status


def test_a_warning_ends_with_1_only_where_it_is_asked_to(tmp_path: Path) -> None:
    path = str(write_template(tmp_path, {"Site": site([500, 503, 504])}))

    assert main(["check", path]) == 0
    assert main(["check", path, "--fail-on", "warning"]) == 1


def test_parameters_decide_what_a_template_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template: dict[str, Any] = {
        "Parameters": {"Code": {"Type": "Number", "Default": 502}, "Timeout": {"Type": "Number"}},
        "Resources": {"Site": site([500, 503, {"Ref": "Code"}, {"Ref": "Timeout"}])},  # type: ignore[list-item]
    }
    path = tmp_path / "site.json"
    path.write_text(json.dumps(template), encoding="utf-8")

    assert main(["check", str(path), "--select", "HA003", "--verbose"]) == 0
    assert "it depends on the parameter Timeout of site, which has no default" in capsys.readouterr().out
    assert main(["check", str(path), "--select", "HA003", "--parameter", "Timeout=504"]) == 0
    assert main(["check", str(path), "--select", "HA003", "--parameter", "Timeout=404"]) == 1


def test_several_templates_are_read_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = write_template(tmp_path, {"Site": site(WELL)}, "one.json")
    other = write_template(tmp_path, {"Site": site(POORLY)}, "other.json")

    assert main(["check", str(one), str(other)]) == 1
    assert "Site in other" in capsys.readouterr().out


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "ha003"]) == 0

    printed = capsys.readouterr().out
    assert printed.startswith("HA003 (error): origin group does not leave a dead origin\n")
    assert RULES["HA003"].page in printed


def test_all_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "all"]) == 0
    assert list(RULES) == [line.split()[0] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name a cloud assembly or a template"),
        (["--explain", "HA998"], "--explain HA998: there is no such rule"),
        (["nope.json"], "nope.json: cannot be read: No such file or directory"),
        (["site.template.json", "--select", "HA998"], "--select HA998: there is no such rule"),
        (["site.template.json", "--select", ""], "there is no such rule"),
        (["site.template.json", "--ignore", "X"], "--ignore X: there is no such rule"),
        (["site.template.json", "--parameter", "Timeout"], "--parameter is NAME=VALUE, got 'Timeout'"),
        (["site.template.json", "--parameter", "A=1", "--parameter", "A=2"], "--parameter A is given twice"),
        (["."], "is no cloud assembly: it has no manifest.json; run cdk synth first"),
        (["site.template.json", "--max-template-size", "100"], "at most 100 are read"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    dead_origin: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(dead_origin.parent)

    assert main(["check", *arguments]) == 2
    assert says in _line(capsys)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--rto", "0"], "argument --rto: must be a whole number of seconds from 1 to 1000000, got '0'"),
        (["--rto", "1.5"], "must be a whole number of seconds"),
        (["--rto", "9" * 100_000], "must be a whole number of seconds"),
        (["--max-template-size", "x"], "must be a number of bytes"),
        (["--max-template-size", "0"], "must be a number of bytes"),
        (["--format", "xml"], "invalid choice"),
        (["--fail-on", "fatal"], "invalid choice"),
    ],
)
def test_a_wrong_argument_is_told_after_the_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "site.json", *arguments])

    assert ended.value.code == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_a_letter_that_the_terminal_lacks_is_told_by_its_number(tmp_path: Path) -> None:
    path = write_template(tmp_path, {"Site": site(POORLY)}, "b\u00fccher.json")
    program = "import sys; from ha_patterns.cli import main; sys.exit(main(sys.argv[1:]))"

    done = subprocess.run(
        [sys.executable, "-c", program, "check", str(path)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    assert b"b\\xfccher/Site  AWS::CloudFront::Distribution" in done.stdout


@pytest.mark.parametrize("output", ["text", "json", "sarif", "github"])
def test_a_file_whose_name_is_no_text_is_checked_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))
    path.write_bytes(write_template(tmp_path, {"Site": site(POORLY)}).read_bytes())
    known = tmp_path / "known.json"

    assert main(["check", str(path), "--format", output]) == 1
    assert main(["check", str(path), "--write-baseline", str(known)]) == 0
    assert main(["check", str(path), "--baseline", str(known)]) == 0
    assert capsys.readouterr().err == ""


# What a check of a template in JSON imports of this library, beside what AWS does, the topology and the rules.
_IMPORTED = {
    *("_lazy", "_version", "cli", "topology", "checks", "checks.acknowledgements", "checks.command"),
    *("checks.formats", "checks.formats.terminal", "checks.places", "checks.rule", "checks.rules", "checks.run"),
    *("checks.steering", "checks.words", "command_line", "command_line.frame"),
    *("documents", "documents.document", "documents.json_reader", "documents.yaml_reader", "documents.yaml_tags"),
}
_ROOMS = ("aws", "semantics", "topology.", "checks.rules.")
_NOT_AT_START = {"asyncio", "email", "http", "logging", "ssl", "subprocess", "tempfile", "unittest", "xml"}


def test_a_check_imports_what_it_needs_and_nothing_else(tmp_path: Path) -> None:
    path = write_template(tmp_path, {"Site": site(WELL)})
    program = (
        "import sys, json; from ha_patterns.cli import main; "
        f"status = main(['check', {str(path)!r}]); print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    imported = set(json.loads(done.stdout.splitlines()[-1]))
    foreign = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"__main__", "ha_patterns"}
    # What the environment itself brings along at each start.
    assert not {name for name in foreign if not name.startswith(("_distutils_hack", "_editable_impl", "sitecustomize"))}
    assert not imported & _NOT_AT_START
    ours = {name.removeprefix("ha_patterns.") for name in imported if name.startswith("ha_patterns.")}
    assert {name for name in ours if not name.startswith(_ROOMS)} == _IMPORTED
