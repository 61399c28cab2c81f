"""A baseline: what was found when a large estate took the checks up, and is not to be told again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..command_line.files import write_whole
from ..command_line.frame import CommandError
from ..documents.yaml_reader import DocumentError, load
from .places import fingerprint, writable
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
    known = {fingerprint(finding.rule.id, finding.place): writable(finding.message) for finding in findings}
    text = json.dumps({"version": _VERSION, "findings": dict(sorted(known.items()))}, indent=2) + "\n"
    write_whole(path, text, "--write-baseline")
    return len(known)
