"""Where a command's output goes: it is printed, or written to a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .frame import CommandError


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add ``--output`` to a command that prints a document."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write it (default: it is printed)")


def write_output(text: str, path: Path | None, *, exact: bool = False) -> None:
    """Write what a command has to tell to the file of ``--output``, or print it.

    Args:
        text: It, with its last newline.
        path: The file; None to print it.
        exact: Whether it must not be printed with escapes in place of letters that the output does not take.

    Raises:
        CommandError: The file cannot be written, or the output does not take an exact text.
    """
    if path is not None:
        from .files import write_whole

        write_whole(path, text, "--output")
        return
    try:
        if exact:
            text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError as error:
        raise CommandError(f"the output takes {error.encoding} only: use --output, which writes UTF-8") from None
    sys.stdout.write(text)
