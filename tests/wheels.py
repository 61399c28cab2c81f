"""The wheels of this checkout, and environments that have them as a user would."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
#: The folders with a ``pyproject.toml``, by the name of what is made of them.
PROJECTS = {"ha-patterns": ROOT, "ha-patterns-cli": ROOT / "cli"}


def built(name: str, folder: Path) -> Path:
    """The wheel of a project, made in a folder."""
    own = folder / name
    run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(own), str(PROJECTS[name])]
    )
    [wheel] = own.glob("*.whl")
    return wheel


def clean_python(home: Path, wheels: Iterable[Path], distributions: Iterable[str]) -> Path:
    """A Python that has some wheels, and some distributions as they are installed here, and nothing else."""
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    found = run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    packages = Path(found.stdout.strip())
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
    link(distributions, packages)
    return python


def link(distributions: Iterable[str], packages: Path) -> None:
    """Put distributions into a folder of packages, as they are installed here."""
    for distribution in distributions:
        for file in importlib.metadata.files(distribution) or ():
            source, target = Path(str(file.locate())), packages / file.parts[0]
            if file.parts[0] not in {"..", "__pycache__"} and not target.exists():
                target.symlink_to(Path(*source.parts[: len(source.parts) - len(file.parts) + 1]))


def needed_by(*requirements: str) -> set[str]:
    """What distributions need, extras in brackets included, and what that needs, from elsewhere than this checkout."""
    needed: set[str] = set()
    waiting = [Requirement(requirement) for requirement in requirements]
    while waiting:
        asked = waiting.pop()
        for line in importlib.metadata.requires(asked.name) or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *asked.extras)):
                waiting.append(requirement)
        if asked.name not in PROJECTS:
            needed.add(asked.name)
    return needed


def run(command: list[str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, which must be good."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done
