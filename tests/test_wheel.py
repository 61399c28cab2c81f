"""What a user gets: the wheels, in an environment with nothing but what the library says it needs."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from ha_patterns import __version__

from .operate.rules import write_app
from .wheels import PROJECTS, ROOT, built, needed_by, run
from .wheels import clean_python as make_clean_python


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheels of the constructs and of what they stand on, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    return {name: built(name, folder) for name in PROJECTS}


@pytest.fixture(scope="session")
def clean_python(tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, Path]) -> Path:
    """A Python that has the wheels and their declared dependencies, as they are installed here, and nothing else."""
    return make_clean_python(tmp_path_factory.mktemp("clean") / "venv", wheels.values(), needed_by("ha-patterns"))


def test_the_wheel_has_the_sample_origin_and_the_edge_functions(wheels: dict[str, Path]) -> None:
    names = zipfile.ZipFile(wheels["ha-patterns"]).namelist()

    for expected in (
        "stacks/sample_api/index.py",
        "_lambda_edge/common/origin.py",
        "_lambda_edge/same_path_hybrid/function.js",
    ):
        assert f"ha_patterns/{expected}" in names
    assert {"ha_patterns"} == {name.split("/")[0] for name in names if ".dist-info/" not in name}


def test_the_installed_library_finds_its_edge_functions(clean_python: Path, tmp_path: Path) -> None:
    program = "from ha_patterns.edge._source import source_folder; print(source_folder())"
    folder = Path(run([str(clean_python), "-I", "-c", program], cwd=tmp_path).stdout.strip())

    assert folder.name == "_lambda_edge"
    assert (folder / "same_path_hybrid" / "function.js").is_file()


def test_the_library_needs_the_cdk_and_nothing_else() -> None:
    assert needed_without_extras("ha-patterns") == {"aws-cdk-lib", "constructs", "ha-patterns-cli"}
    assert needed_without_extras("ha-patterns-cli") == set()


def needed_without_extras(name: str) -> set[str]:
    """What a distribution says that it needs."""
    needed = [Requirement(line) for line in importlib.metadata.requires(name) or ()]
    return {requirement.name for requirement in needed if "extra" not in str(requirement.marker or "")}


def test_each_file_of_the_package_is_in_one_wheel_and_no_file_is_in_both(wheels: dict[str, Path]) -> None:
    packed = [
        {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name} for wheel in wheels.values()
    ]
    sources = {path.relative_to(ROOT).as_posix() for path in (ROOT / "ha_patterns").rglob("*") if path.is_file()}

    assert packed[0] & packed[1] == set()
    assert {name for name in sources if "__pycache__" not in name} <= packed[0] | packed[1]


def test_both_projects_and_the_package_are_of_one_version() -> None:
    for project in PROJECTS.values():
        told = tomllib.loads((project / "pyproject.toml").read_text())["project"]
        assert told["version"] == __version__
    [asked] = [line for line in importlib.metadata.requires("ha-patterns") or () if line.startswith("ha-patterns-cli=")]
    assert asked == f"ha-patterns-cli=={__version__}"


def test_the_example_of_the_readme_synthesizes(clean_python: Path, tmp_path: Path) -> None:
    [example] = re.findall(r"<!-- example -->\n```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (tmp_path / "app.py").write_text(example)
    done = subprocess.run(
        [str(clean_python), "app.py"],
        cwd=tmp_path,
        env={**os.environ, "CDK_OUTDIR": str(tmp_path / "cdk.out")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    template = json.loads((tmp_path / "cdk.out" / "Site.template.json").read_text())
    types = [resource["Type"] for resource in template["Resources"].values()]
    assert types.count("AWS::CloudFront::Distribution") == 1
    assert types.count("AWS::Route53::HealthCheck") == 1
    # A pair of A records for the failover name; A and AAAA for the site.
    assert types.count("AWS::Route53::RecordSet") == 4


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ('write_paths=["/*"]', ["write_paths", "/*"]),
        (
            "primary_health_check=HealthCheckSettings.fast(interval=cdk.Duration.seconds(15))",
            ["interval", "15", "10, 30"],
        ),
        ("recovery_time_objective=cdk.Duration.seconds(90)", ["recovery_time_objective", "90 s", "113 s"]),
    ],
)
def test_the_mistakes_that_the_readme_suggests_are_refused(
    clean_python: Path, tmp_path: Path, mistake: str, said: list[str]
) -> None:
    readme = (ROOT / "README.md").read_text()
    [example] = re.findall(r"<!-- example -->\n```python\n(.*?)```", readme, re.DOTALL)
    argument = mistake.partition("=")[0]
    assert mistake.removeprefix("primary_health_check=") in readme
    (tmp_path / "app.py").write_text(re.sub(rf"^    {argument}=.*,$", f"    {mistake},", example, flags=re.MULTILINE))
    done = subprocess.run(
        [str(clean_python), "app.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 1
    last_line = done.stderr.strip().splitlines()[-1]
    assert last_line.startswith("ValueError: ")
    assert [fragment for fragment in said if fragment not in last_line] == []


def test_the_command_line_runs_without_extras_and_says_which_one_a_table_needs(clean_python: Path) -> None:
    listed = run([str(clean_python), "-m", "ha_patterns.cli", "patterns", "--format", "json"])
    refused = subprocess.run(
        [str(clean_python), "-m", "ha_patterns.cli", "patterns"], capture_output=True, text=True, check=False
    )

    assert "hybrid-failover" in {pattern["name"] for pattern in json.loads(listed.stdout)}
    assert refused.returncode == 2
    assert refused.stderr == "ha-patterns: this needs the package rich: pip install 'ha-patterns-cli[terminal]'\n"
    assert refused.stdout == ""


def test_rules_are_judged_by_the_engine_of_the_edge_without_extras(clean_python: Path, tmp_path: Path) -> None:
    facts: dict[str, Any] = {"origins": {"eu": {}}, "redirect_hosts": [], "request_headers": [], "attributes": None}
    app = write_app(tmp_path, facts)
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"*": {"rules": [{"path": "/*", "then": {"origin": "eu"}}]}}))
    command = [str(clean_python), "-m", "ha_patterns.cli", "rules"]

    judged = run([*command, "validate", str(rules), "--app", app], cwd=tmp_path)
    tried = run([*command, "simulate", "https://a/", "--file", str(rules), "--app", app], cwd=tmp_path)

    assert judged.stdout == "1 host: nothing is wrong\n"
    assert tried.stdout.splitlines()[-1] == "origin: eu"
