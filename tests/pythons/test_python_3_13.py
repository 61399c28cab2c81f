"""The whole edge suite on Python 3.13, in a second environment, if the machine has one that works."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SUITE = "tests/lambda_edge"
_NAME = "python3.13"
_ABI = "cpython-313-"
#: The test takes times, which mean nothing beside other tests.
ONLY_IN_FUZZ = f"{_SUITE}/test_worst_request.py::test_no_request_costs_more_than_is_promised"
_MISSING = "no working Python 3.13 on this machine (python3.13 on PATH, or of pyenv)"
pytestmark = pytest.mark.long


def _candidates() -> Iterable[Path]:
    yield from (Path(folder, _NAME) for folder in os.get_exec_path())
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/3.13*/bin/{_NAME}"))


def _works(python: Path) -> bool:
    """Whether it runs, and takes packages that are compiled for Python 3.13; a shim of pyenv may do neither."""
    program = "import ssl, sysconfig, venv; print(sysconfig.get_config_var('SOABI'))"
    try:
        done = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.startswith(_ABI)


def find_python() -> Path | None:
    """A Python 3.13 of the machine; None if there is none that works."""
    return next(filter(_works, _candidates()), None)


def test_the_edge_suite_passes(tmp_path: Path) -> None:
    if sys.version_info[:2] == (3, 13):
        pytest.skip("this run is on Python 3.13 itself")
    found = find_python()
    if found is None:
        pytest.skip(_MISSING)
    python = _environment(found, tmp_path / "python")
    transports = [str(path.relative_to(ROOT)) for path in sorted((ROOT / _SUITE).glob("test_*_transport.py"))]
    # Side by side, since tests of transports wait for most of their time.
    beside, rest = _start(python, *transports), _start(python, _SUITE, *(f"--ignore={path}" for path in transports))
    runs = [_said(beside), _said(rest)]
    if runs[0].returncode:
        # They hold themselves to deadlines, which may pass on a busy machine; alone, they must keep them.
        runs[0] = _said(_start(python, *transports))

    for run in runs:
        assert run.returncode == 0, run.stdout[-10_000:]
        assert "Python 3.13" in run.stdout
        assert "skipped" not in run.stdout


def _start(python: Path, *arguments: str) -> subprocess.Popen[str]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    options = ["-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "--tb=short", f"--deselect={ONLY_IN_FUZZ}"]
    return subprocess.Popen(
        [python, "-m", "pytest", *options, *arguments],
        cwd=ROOT,
        env={**variables, "HYPOTHESIS_PROFILE": "brief", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _said(run: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    output, _ = run.communicate(timeout=600)
    return subprocess.CompletedProcess(run.args, run.returncode, output)


def _environment(python: Path, folder: Path) -> Path:
    """A virtual environment with the suite's packages; those that are compiled, compiled for this Python."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True, capture_output=True, timeout=60)
    compiled = Path(sys.prefix, _NAME)
    assert compiled.is_dir(), f"{compiled} is missing: make test makes it"
    shared = Path(pytest.__file__).parents[1]
    (folder / "lib" / _NAME / "site-packages" / "packages.pth").write_text(f"{compiled}\n{shared}\n", encoding="utf-8")
    return folder / "bin" / "python"


def test_a_python_that_does_not_run_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = _python(tmp_path / "broken", "exit 127")
    other = _python(tmp_path / "other", "echo cpython-313t-x")
    good = _python(tmp_path / "good", f"echo {_ABI}x")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    monkeypatch.setenv("PATH", os.pathsep.join(str(path.parent) for path in (tmp_path / "absent", broken, other, good)))
    assert find_python() == good
    monkeypatch.setenv("PATH", os.pathsep.join(str(path.parent) for path in (tmp_path / "absent", broken, other)))
    assert find_python() is None


def test_a_python_of_pyenv_is_found_behind_its_shim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shim = _python(tmp_path / "shims", "exit 127")
    python = _python(tmp_path / "versions" / "3.13.5" / "bin", f"echo {_ABI}x")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(shim.parent))

    assert find_python() == python


def _python(folder: Path, script: str) -> Path:
    """A stand-in for a Python."""
    folder.mkdir(parents=True)
    python = folder / _NAME
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return python
