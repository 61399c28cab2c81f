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

from ha_patterns.checks import RULES, Severity, check
from ha_patterns.cli import main
from ha_patterns.topology import load

from .conftest import POORLY, WELL, site, write_assembly, write_template

_NOTED = Path(__file__).parent / "templates" / "HA229-fails.yaml"


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


@pytest.mark.parametrize(
    ("objective", "says"),
    [("11", "11 s"), ("11s", "11 s"), ("0.1m", "6 s"), ("1500ms", "1.5 s"), ("1m", None)],
)
def test_an_objective_is_a_duration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], objective: str, says: str | None
) -> None:
    path = str(write_template(tmp_path, {"Site": site(WELL)}))

    assert main(["check", path, "--select", "HA401", "--rto", objective]) == (says is not None)
    assert (f"the objective is {says}" in " ".join(capsys.readouterr().out.split())) is (says is not None)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_note_is_shown_where_it_decides_how_the_command_ends(capsys: pytest.CaptureFixture[str], form: str) -> None:
    template = str(_NOTED)

    assert main(["check", template, "--select", "HA229", "--format", form]) == 0
    assert "HA229" not in capsys.readouterr().out
    assert main(["check", template, "--select", "HA229", "--format", form, "--fail-on", "note"]) == 1
    assert "HA229" in capsys.readouterr().out


def test_a_report_has_its_findings_by_severity_and_each_says_what_it_is() -> None:
    report = check(load(str(_NOTED)), rules=[RULES["HA229"]])

    assert report.at_least(Severity.WARNING) == ()
    [found] = report.at_least(Severity.NOTE)
    assert re.match(r"note HA229 at .*: .", str(found))


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


def test_the_start_of_an_id_lists_the_rules_that_start_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--explain", "ha00"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [rule for rule in RULES if rule.startswith("HA00")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name a cloud assembly, a folder with templates or a template"),
        (["--explain", "HA998"], "--explain HA998: there is no such rule"),
        (["nope.json"], "nope.json: cannot be read: No such file or directory"),
        (["site.template.json", "--select", "HA998"], "--select HA998: there is no such rule"),
        (["site.template.json", "--select", ""], "there is no such rule"),
        (["site.template.json", "--ignore", "X"], "--ignore X: there is no such rule"),
        (["site.template.json", "--parameter", "Timeout"], "--parameter is NAME=VALUE, got 'Timeout'"),
        (["site.template.json", "--parameter", "A=1", "--parameter", "A=2"], "--parameter A is given twice"),
        (
            ["site.template.json", "--parameter", "Tiemout=504"],
            "json: has no parameter 'Tiemout'; it has none",
        ),
        (["--template", ""], "--template is PATH,NAME=VALUE, got ''"),
        (["--template", ",A=1"], "--template is PATH,NAME=VALUE, got ',A=1'"),
        (["--template", "a.json,A"], "--template a.json: a comma is followed by NAME=VALUE, got 'A'; a comma within"),
        (["--template", "a.json,"], "--template a.json: a comma is followed by NAME=VALUE, got ''"),
        (["--template", "a.json,=1"], "--template a.json: a comma is followed by NAME=VALUE, got '=1'"),
        (["--template", "a.json,A=1,A=1"], "--template a.json: A is given twice"),
        (["--template", "nope.json,A=1"], "nope.json: cannot be read: No such file or directory"),
        (["--template", "a,,b.json,A=1"], "a,b.json: cannot be read: No such file or directory"),
        (["--template", "site.template.json,A=1"], "site.template.json: has no parameter 'A'; it has none"),
        (["nope"], "nope: cannot be read: No such file or directory"),
        (
            ["site.template.json", "--max-template-size", "100"],
            "has more than 100 bytes, the largest file",
        ),
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
        (["--rto", "0"], "argument --rto: must be from 1 to 1000000 seconds, got '0'"),
        (["--rto", "1000001"], "must be from 1 to 1000000 seconds"),
        (["--rto", "soon"], "must be seconds, or a number with ms, s, m or h behind it, such as 110, 110s or 2m"),
        (["--rto", "9" * 100_000], "must be seconds, or a number with"),
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
    *("checks.steering", "checks.words", "command_line", "command_line.durations", "command_line.frame"),
    *("command_line.output", "command_line.paint"),
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


_HALF = """
Parameters: {Role: {Type: String, Default: PRIMARY}}
Resources:
  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: example.com}}
  Record:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneName: example.com.
      Name: api.example.com
      Type: CNAME
      TTL: 60
      SetIdentifier: !Ref Role
      Failover: !Ref Role
      HealthCheckId: 11111111-1111-1111-1111-111111111111
      ResourceRecords: [!Sub "api.${AWS::Region}.example.com"]
"""


@pytest.mark.parametrize(
    ("copies", "status"),
    [
        ((",AWS::Region=eu-west-1,Role=PRIMARY",), 1),
        ((",AWS::Region=eu-west-1,Role=PRIMARY", ",AWS::Region=us-east-1,Role=SECONDARY"), 0),
        ((",Role=PRIMARY", ",Role=SECONDARY"), 0),
    ],
)
def test_half_a_pair_that_is_given_twice_is_a_pair(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], copies: tuple[str, ...], status: int
) -> None:
    zone, _, record = _HALF.partition("  Record:")
    (tmp_path / "zone.yaml").write_text(zone, encoding="utf-8")
    path = tmp_path / "a,b.yaml"
    path.write_text(f"{zone.partition('  Zone')[0]}  Record:{record}", encoding="utf-8")
    given = [f"--template={str(path).replace(',', ',,')}{copy}" for copy in copies]

    assert main(["check", str(tmp_path / "zone.yaml"), *given, "--select", "HA202", "--verbose"]) == status
    assert "cannot tell" not in capsys.readouterr().out


def test_a_pair_counts_before_a_parameter_and_its_commas_are_doubled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = {
        "Parameters": {"Codes": {"Type": "CommaDelimitedList"}},
        "Resources": {"Site": site({"Ref": "Codes"})},  # type: ignore[arg-type]
    }
    path = tmp_path / "site.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    arguments = ["--select", "HA003", "--parameter", "Codes=404"]

    assert main(["check", f"--template={path},Codes=500,,502,,503,,504", *arguments]) == 0
    assert main(["check", str(path), *arguments]) == 1
    assert "404" in capsys.readouterr().out


_TWICE = "Resources: {}\nResources:\n  Topic:\n    Type: AWS::SNS::Queue\n    Type: AWS::SNS::Topic\n"


@pytest.mark.parametrize("command", ["check", "diagram"])
def test_a_key_twice_is_told_and_changes_no_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = tmp_path / "site.yaml"
    distribution = json.dumps(site(WELL))
    path.write_text(f"Resources: {{}}\nResources:\n  Site: 1\n  Site: {distribution}\n", encoding="utf-8")

    assert main([command, str(path)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"ha-patterns: warning: {path}:2: has the key 'Resources' twice; the last one counts",
        f"ha-patterns: warning: {path}:4: has the key 'Site' twice; the last one counts",
    ]


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_formats_with_room_for_it_tell_of_a_key_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(_TWICE, encoding="utf-8")

    assert main(["check", str(path), str(path), "--format", form]) == 0
    printed = capsys.readouterr()
    assert not printed.err
    says = "has the key 'Type' twice; the last one counts"
    if form == "json":
        told = [(one["file"], one["line"], one["message"]) for one in json.loads(printed.out)["warnings"]]
        assert (str(path), 5, says) in told
        assert len(told) == 2
    elif form == "github":
        assert f"::warning file={path},line=5,title=ha-patterns::{says}" in printed.out.splitlines()
    else:
        [invocation] = json.loads(printed.out)["runs"][0]["invocations"]
        assert invocation["executionSuccessful"] is True
        _, notification = invocation["toolExecutionNotifications"]
        assert (notification["level"], notification["message"]) == ("warning", {"text": says})
        assert notification["locations"][0]["physicalLocation"]["region"] == {"startLine": 5}


def test_warnings_are_bounded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("A: 1\n" * 99 + "Resources: {}\n", encoding="utf-8")

    assert main(["check", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]) == 0
    assert len(capsys.readouterr().err.splitlines()) == 100


def test_a_folder_of_templates_is_read_and_what_is_skipped_is_told(
    dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = dead_origin.parent
    (folder / "package.json").write_text("{}", encoding="utf-8")

    assert main(["check", str(folder)]) == 1

    told = capsys.readouterr()
    assert "error HA003" in told.out
    skipped = f"ha-patterns: skipped: {folder / 'package.json'}: is no template: it has no Resources\n"
    assert told.err == skipped

    assert main(["check", str(folder), "--format", "json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["skipped"] == [
        {"file": str(folder / "package.json"), "message": "is no template: it has no Resources"}
    ]
    assert told.err == skipped


def test_a_file_that_is_no_template_ends_the_run_only_if_it_is_alone(
    dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = dead_origin.parent / "package.json"
    other.write_text("{}", encoding="utf-8")

    assert main(["check", str(other), str(dead_origin)]) == 1
    assert "error HA003" in capsys.readouterr().out
    assert main(["check", str(other)]) == 2
    assert "is no template: it has no Resources" in _line(capsys)


@pytest.mark.parametrize(
    ("stack", "found"),
    [("one", ["one"]), ("o*", ["one"]), ("nest*", ["nesting/Inner"]), ("*", ["one", "nesting/Inner"])],
)
def test_one_stack_of_several_is_told_of_with_what_is_nested_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stack: str, found: list[str]
) -> None:
    (tmp_path / "one.json").write_text(json.dumps({"Resources": {"Site": site([500])}}), encoding="utf-8")
    (tmp_path / "inner.json").write_text(json.dumps({"Resources": {"Site": site([500])}}), encoding="utf-8")
    inner = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "inner.json"}}
    (tmp_path / "nesting.json").write_text(json.dumps({"Resources": {"Inner": inner}}), encoding="utf-8")

    assert main(["check", str(tmp_path), "--select", "HA003", "--stack", stack]) == 1

    printed = capsys.readouterr().out
    assert re.findall(r"^(\S+)/Site  AWS", printed, re.MULTILINE) == found
    assert printed.endswith(f"in {stack} (3 stacks with 3 resources read)\n")


def test_a_stack_without_a_finding_is_clean_and_one_that_is_not_there_is_told(
    dead_origin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean = dead_origin.parent / "clean.json"
    clean.write_text(json.dumps({"Resources": {"Site": site(WELL)}}), encoding="utf-8")
    both = [str(dead_origin), str(clean)]

    assert main(["check", *both, "--stack", "clean"]) == 0
    assert main(["check", *both]) == 1
    capsys.readouterr()
    assert main(["check", *both, "--stack", "nope"]) == 2
    assert _line(capsys) == "ha-patterns: --stack nope: no stack is called so; there are site, clean"


def test_a_finding_of_another_stack_is_not_taken_for_mended(
    dead_origin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean = dead_origin.parent / "clean.json"
    clean.write_text(json.dumps({"Resources": {"Site": site(WELL)}}), encoding="utf-8")
    baseline = tmp_path / "known.json"
    main(["check", str(dead_origin), str(clean), "--write-baseline", str(baseline)])

    assert main(["check", str(dead_origin), str(clean), "--baseline", str(baseline), "--stack", "clean"]) == 0
    assert "found no more" not in capsys.readouterr().out


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "github"])
def test_a_report_is_written_to_a_file(
    dead_origin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    main(["check", str(dead_origin), "--format", format_])
    printed = capsys.readouterr().out

    assert main(["check", str(dead_origin), "--format", format_, "--output", str(tmp_path / "report")]) == 1

    assert capsys.readouterr().out == ""
    assert (tmp_path / "report").read_text(encoding="utf-8") == printed


def test_a_report_that_cannot_be_written_is_told(
    dead_origin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(dead_origin), "--output", str(tmp_path)]) == 2
    assert f"--output {tmp_path}: cannot be written: " in _line(capsys)


@pytest.mark.parametrize("arguments", [[], ["--fail-on", "never"], ["--ignore", "HA"], ["--write-baseline", "b.json"]])
def test_a_template_that_cannot_be_read_does_not_keep_the_others_from_being_checked(
    dead_origin: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(dead_origin.parent)
    Path("broken.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket}\n", encoding="utf-8")

    assert main(["check", ".", *arguments]) == 2

    told = capsys.readouterr()
    assert told.err.startswith("ha-patterns: cannot be read: broken.yaml:2: ")
    assert ("error HA003" in told.out) is (arguments in ([], ["--fail-on", "never"]))
