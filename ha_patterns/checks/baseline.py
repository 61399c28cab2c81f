"""A baseline: what was found when a large estate took the checks up, and is not to be told again."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from .._commands import CommandError
from .._yaml import DocumentError, load
from .places import fingerprint
from .run import Finding

_VERSION = 1


def read(path: Path) -> Mapping[str, str]:
    """By fingerprint, what a baseline has.

    Raises:
        CommandError: It is not there, or is none.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CommandError(f"--baseline {path}: cannot be read: {error.strerror or error}") from None
    try:
        document = load(content, is_json=True)
    except DocumentError as error:
        place = "" if error.line is None else f":{error.line}"
        raise CommandError(f"--baseline {path}{place}: {error}") from None
    known = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(known, dict) or document.get("version") != _VERSION:
        raise CommandError(f"--baseline {path}: is no baseline that --write-baseline has written")
    return known


def write(path: Path, findings: Iterable[Finding]) -> int:
    """Write the baseline of some findings; the file is as before, or whole.

    Returns:
        How many there are.

    Raises:
        CommandError: It cannot be written.
    """
    known = {fingerprint(finding.rule.id, finding.place): finding.message for finding in findings}
    text = json.dumps({"version": _VERSION, "findings": dict(sorted(known.items()))}, indent=2) + "\n"
    write_whole(path, text, "--write-baseline")
    return len(known)


def write_whole(path: Path, text: str, argument: str) -> None:
    """Write a file beside, and put it in the place of the old one when it is whole."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommandError(f"{argument} {path}: cannot be written: {error.strerror or error}") from None
