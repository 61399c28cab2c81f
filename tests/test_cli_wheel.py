"""What a user without the CDK gets: the command line's own wheel, and the ways to run it that docs/checks.md shows."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from ha_patterns import __version__

from .wheels import ROOT, built, clean_python, link, needed_by, run

_PAGE = ROOT / "docs" / "checks.md"
_SOUND = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
_LONE_PRIMARY = {
    "Resources": {
        "Record": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {
                "HostedZoneId": "Z0123456789ABCDEFGHIJ",
                "Name": "www.example.com",
                "Type": "A",
                "TTL": "60",
                "SetIdentifier": "primary",
                "Failover": "PRIMARY",
                "ResourceRecords": ["192.0.2.1"],
            },
        }
    }
}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the command line, built from this checkout."""
    return built("ha-patterns-cli", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A Python that has the wheel and nothing else."""
    return clean_python(tmp_path_factory.mktemp("bare") / "venv", [wheel], [])


@pytest.fixture(scope="session")
def with_terminal(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A Python that has the wheel and what its extra brings."""
    needed = needed_by("ha-patterns-cli[terminal]")
    return clean_python(tmp_path_factory.mktemp("terminal") / "venv", [wheel], needed)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a sound template, and one whose primary record has no health check."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "sound.template.json").write_text(json.dumps(_SOUND))
    (folder / "site.template.json").write_text(json.dumps(_LONE_PRIMARY))
    run(["git", "init", "--quiet", "."], cwd=folder)
    run(["git", "add", "--all"], cwd=folder)
    return folder


def shown(name: str) -> Any:
    """The example that the page shows under a name."""
    [text] = re.findall(rf"<!-- {re.escape(name)} -->\n```\w+\n(.*?)```", _PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return yaml.safe_load(text)


def ended(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command at its end, good or bad."""
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 1_000_000


def test_the_wheel_has_neither_constructs_nor_edge_functions(wheel: Path) -> None:
    names = {name.split("/")[1] for name in zipfile.ZipFile(wheel).namelist() if name.startswith("ha_patterns/")}

    assert {"aws", "checks", "diagram", "semantics", "topology", "py.typed"} <= names
    assert not names & {"cdk", "edge", "origins", "outage_failover", "stacks", "_lambda_edge"}


def test_the_wheel_has_the_schemas_of_the_drill(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {f"ha_patterns/drill/{name}.schema.json" for name in ("scenario", "drill")} <= names


def test_by_itself_it_checks_and_draws_json(bare: Path, repository: Path) -> None:
    command = [str(bare), "-I", "-m", "ha_patterns.cli"]

    found = ended([*command, "check", "site.template.json"], repository)
    drawn = run([*command, "diagram", "site.template.json"], cwd=repository)

    assert found.returncode == 1
    assert "HA201" in found.stdout
    assert drawn.stdout.startswith("flowchart")


def test_by_itself_it_drills_json_and_with_its_extra_it_reads_scenarios(
    bare: Path, with_terminal: Path, repository: Path
) -> None:
    command = ["-I", "-m", "ha_patterns.cli", "drill", "site.template.json"]

    played = run([str(bare), *command], cwd=repository)
    ready = ended([str(with_terminal), *command, "--scenario", "dns-failover"], repository)

    assert "192.0.2.1 goes silent at 2 min for 5 min" in played.stdout
    assert ready.returncode == 2
    assert "no site is in region 'eu-west-1'" in ready.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(
            ["check", "a.yaml"],
            "this needs the package yaml: pip install 'ha-patterns-cli[terminal]'",
            id="yaml",
        ),
        pytest.param(
            ["patterns"], "this needs the package rich: pip install 'ha-patterns-cli[terminal]'", id="a table"
        ),
        pytest.param(
            ["rules", "validate", "rules.json", "--app", "cdk.out"],
            "the command rules comes with the constructs: pip install ha-patterns",
            id="a command for what the constructs made",
        ),
    ],
)
def test_says_what_to_install_for_more(bare: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "a.yaml").write_text("Resources: {}\n")
    done = ended([str(bare), "-I", "-m", "ha_patterns.cli", *arguments], tmp_path)

    assert (done.returncode, done.stderr) == (2, f"ha-patterns: {said}\n")


def test_a_construct_says_where_it_comes_from(bare: Path) -> None:
    done = ended([str(bare), "-I", "-c", "from ha_patterns import Endpoint"], ROOT)

    last_line = done.stderr.splitlines()[-1]
    assert last_line == ("ModuleNotFoundError: ha_patterns.Endpoint: the constructs come with pip install ha-patterns")


def test_its_extra_brings_yaml_and_tables(with_terminal: Path, repository: Path) -> None:
    (repository / "site.yaml").write_text(yaml.safe_dump(_LONE_PRIMARY))
    command = [str(with_terminal), "-I", "-m", "ha_patterns.cli"]

    assert "HA201" in ended([*command, "check", "site.yaml"], repository).stdout
    assert "hybrid-failover" in run([*command, "patterns"], cwd=repository).stdout


def test_the_requirement_that_the_page_shows_is_of_this_version() -> None:
    [hook] = shown("pre-commit")["repos"][0]["hooks"]
    [install] = [line for line in shown("gitlab")["failover"]["script"] if "pip install" in line]

    assert hook["additional_dependencies"] == [f"ha-patterns-cli[terminal]=={__version__}"]
    assert shlex.split(install)[-1] == f"ha-patterns-cli[terminal]=={__version__}"


def test_pre_commit_stops_a_commit_that_would_not_fail_over(wheel: Path, repository: Path, tmp_path: Path) -> None:
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(shown("pre-commit")))
    command = [sys.executable, "-m", "pre_commit", "run", "--files"]
    # What is not published yet comes from here, and what it needs from the package index, as for make.
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PIP_FIND_LINKS": str(wheel.parent)}

    stopped = ended([*command, "site.template.json", "sound.template.json"], repository, **home)
    passed = ended([*command, "sound.template.json", "README.md"], repository, **home)

    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert "HA201" in stopped.stdout
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout


@pytest.mark.parametrize(
    ("file", "schema"),
    [("action.yml", "vendor.github-actions"), ("gitlab", "vendor.gitlab-ci")],
    ids=["GitHub", "GitLab"],
)
def test_the_files_for_ci_are_as_their_schemas_say(tmp_path: Path, file: str, schema: str) -> None:
    path = ROOT / file
    if not path.exists():
        path = tmp_path / f"{file}.yml"
        path.write_text(yaml.safe_dump(shown(file)))

    run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)])


def test_a_step_of_the_page_gives_the_action_what_it_takes() -> None:
    [step] = shown("github")

    assert step["with"].keys() <= yaml.safe_load((ROOT / "action.yml").read_text())["inputs"].keys()


@pytest.mark.parametrize(("templates", "status"), [("site.template.json", 1), ("sound.template.json", 0)])
def test_the_steps_of_the_action_install_from_its_checkout_and_tell_beside_the_lines(
    repository: Path, tmp_path: Path, templates: str, status: int
) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    link({"hatchling", *needed_by("hatchling"), *needed_by("ha-patterns-cli[terminal]")}, packages)
    clone = tmp_path / "action"
    run(["git", "clone", "--quiet", str(ROOT), str(clone)])
    environment = {
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_ACTION_PATH": str(clone),
        "TEMPLATES": templates,
        "ARGUMENTS": "--fail-on error",
        # In place of the package index.
        "PYTHONPATH": str(packages),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
    }
    done = None
    for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]:
        done = ended(["bash", "-eo", "pipefail", "-c", step["run"]], repository, **environment)
        if done.returncode:
            break

    assert done is not None
    assert done.returncode == status, done.stdout + done.stderr
    assert ("::error file=site.template.json,line=" in done.stdout) == (status == 1), done.stdout + done.stderr


def test_the_script_for_gitlab_fails_where_a_template_would_not_fail_over(
    with_terminal: Path, repository: Path
) -> None:
    (repository / "template.yaml").write_text(yaml.safe_dump(_LONE_PRIMARY))
    [install, check] = shown("gitlab")["failover"]["script"]
    command = shlex.split(check)

    assert install.startswith("pip install ")
    assert command[0] == "ha-patterns"
    done = ended([str(with_terminal), "-I", "-m", "ha_patterns.cli", *command[1:]], repository)
    assert done.returncode == 1
    assert "HA201" in done.stdout


_APP = """
import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

app = cdk.App()
failover = app.node.try_get_context("failover")
route53.CfnRecordSet(
    cdk.Stack(app, "Site"), "Record", hosted_zone_id="Z0123456789ABCDEFGHIJ", name="www.example.com",
    type="A", ttl="60", failover=failover, set_identifier=failover, resource_records=["192.0.2.1"],
)
app.synth()
"""


@pytest.mark.parametrize(("context", "status"), [("failover=PRIMARY", 1), ("another=value", 0)])
def test_the_entry_of_cdk_json_ends_a_synth_whose_templates_would_not_fail_over(
    tmp_path: Path, context: str, status: int
) -> None:
    entry = shown("cdk.json")["app"]
    (tmp_path / "app.py").write_text(_APP)
    own = entry.replace("npx ts-node bin/app.ts", f"{shlex.quote(sys.executable)} app.py")
    (tmp_path / "cdk.json").write_text(json.dumps({"app": own}))
    done = ended(["cdk", "synth", "--quiet", "--context", context], tmp_path)

    assert own != entry
    assert done.returncode == status, done.stdout + done.stderr
    assert ("HA201" in done.stdout + done.stderr) == (status == 1)
