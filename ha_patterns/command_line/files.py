"""Files that are as they were, or whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .frame import CommandError


def write_whole(path: Path, text: str, argument: str) -> None:
    """Write a file beside, and put it in the place of the old one when it is whole.

    Args:
        path: The file.
        text: What is in it, in UTF-8.
        argument: How the command line names it.

    Raises:
        CommandError: It cannot be written.
    """
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
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"{argument} {path}: cannot be written: {reason}") from None
