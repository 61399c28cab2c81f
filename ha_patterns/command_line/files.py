"""Files that are as they were, or whole."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from .frame import CommandError


def write_whole(path: Path, text: str, argument: str) -> None:
    """Write a file beside, and put it in the place of the old one when it is whole.

    An old file keeps its permissions. What cannot be replaced without a loss is written where it is: a device, a pipe,
    a link, a file with another owner or a second name, or in a folder that takes no more files.

    Args:
        path: The file.
        text: What is in it, in UTF-8.
        argument: How the command line names it.

    Raises:
        CommandError: It cannot be written.
    """
    try:
        content = text.encode()
        old = path.lstat() if os.path.lexists(path) else None
        if old is None or (stat.S_ISREG(old.st_mode) and old.st_nlink == 1 and os.access(path.parent, os.W_OK)):
            _replace(path, content, old)
        else:
            path.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{argument} {path}: cannot be written: {reason}") from None


def _replace(path: Path, content: bytes, old: os.stat_result | None) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            made = os.fstat(file.fileno())
            file.write(content)
        if old is not None and (old.st_uid, old.st_gid) != (made.st_uid, made.st_gid):
            path.write_bytes(content)
        else:
            beside.chmod(stat.S_IMODE(old.st_mode) if old is not None else 0o666 & ~_umask())
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask
