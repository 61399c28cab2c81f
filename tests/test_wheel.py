"""What a user gets: the wheel, in an environment with nothing but what the library says it needs."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from .operate.rules import write_app

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)])
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def clean_python(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A Python that has the wheel and its declared dependencies, as they are installed here, and nothing else."""
    home = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    found = _run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    packages = Path(found.stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    for distribution in _dependencies("ha-patterns"):
        for file in importlib.metadata.files(distribution) or ():
            source, target = Path(str(file.locate())), packages / file.parts[0]
            if file.parts[0] not in {"..", "__pycache__"} and not target.exists():
                target.symlink_to(Path(*source.parts[: len(source.parts) - len(file.parts) + 1]))
    return python


def _dependencies(name: str) -> set[str]:
    """What a distribution needs, and what that needs, extras left out."""
    needed: set[str] = set()
    waiting = [name]
    while waiting:
        for line in importlib.metadata.requires(waiting.pop()) or ():
            requirement = Requirement(line)
            if requirement.name not in needed and (
                requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            ):
                needed.add(requirement.name)
                waiting.append(requirement.name)
    return needed


def _run(command: list[str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_wheel_has_the_types_the_sample_origin_and_the_edge_functions(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    for expected in (
        "py.typed",
        "stacks/sample_api/index.py",
        "_lambda_edge/common/origin.py",
        "_lambda_edge/same_path_hybrid/function.js",
    ):
        assert f"ha_patterns/{expected}" in names
    assert {"ha_patterns"} == {name.split("/")[0] for name in names if ".dist-info/" not in name}


def test_the_installed_library_finds_its_edge_functions(clean_python: Path, tmp_path: Path) -> None:
    program = "from ha_patterns.edge._source import source_folder; print(source_folder())"
    folder = Path(_run([str(clean_python), "-I", "-c", program], cwd=tmp_path).stdout.strip())

    assert folder.name == "_lambda_edge"
    assert (folder / "same_path_hybrid" / "function.js").is_file()


def test_the_library_needs_the_cdk_and_nothing_else() -> None:
    needed = [Requirement(line) for line in importlib.metadata.requires("ha-patterns") or ()]

    assert {"aws-cdk-lib", "constructs"} == {r.name for r in needed if "extra" not in str(r.marker or "")}


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
    listed = _run([str(clean_python), "-m", "ha_patterns.cli", "patterns", "--format", "json"])
    refused = subprocess.run(
        [str(clean_python), "-m", "ha_patterns.cli", "patterns"], capture_output=True, text=True, check=False
    )

    assert "hybrid-failover" in {pattern["name"] for pattern in json.loads(listed.stdout)}
    assert refused.returncode == 2
    assert refused.stderr == "ha-patterns: this needs the package rich: pip install 'ha-patterns[cli]'\n"
    assert refused.stdout == ""


def test_rules_are_judged_by_the_engine_of_the_edge_without_extras(clean_python: Path, tmp_path: Path) -> None:
    facts: dict[str, Any] = {"origins": {"eu": {}}, "redirect_hosts": [], "request_headers": [], "attributes": None}
    app = write_app(tmp_path, facts)
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"*": {"rules": [{"path": "/*", "then": {"origin": "eu"}}]}}))
    command = [str(clean_python), "-m", "ha_patterns.cli", "rules"]

    judged = _run([*command, "validate", str(rules), "--app", app], cwd=tmp_path)
    tried = _run([*command, "simulate", "https://a/", "--file", str(rules), "--app", app], cwd=tmp_path)

    assert judged.stdout == "1 host: nothing is wrong\n"
    assert tried.stdout.splitlines()[-1] == "origin: eu"
