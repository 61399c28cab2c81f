"""Colors, where a terminal shows them; and nothing else that moves or colors one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

# What moves or colors a terminal, or turns the direction of writing; a name in a template may have it.
_UNSEEN = re.compile("\x1b\\[[0-9;]{1,4}m|[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class Paint:
    """Colors texts if the standard output is a terminal, and the user wants colors.

    Args:
        on: Whether the text goes to the standard output.
    """

    def __init__(self, *, on: bool) -> None:
        self._on = on and sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def __call__(self, color: str, text: str) -> str:
        """A text in a color, such as ``31;1``."""
        return f"\x1b[{color}m{text}\x1b[0m" if self._on else text

    def lines(self, lines: Iterable[str]) -> str:
        """Lines as one text, without anything in them that a reader would not see."""
        return "".join(f"{_UNSEEN.sub(self._shown, line)}\n" for line in lines)

    def _shown(self, unseen: re.Match[str]) -> str:
        """Colors as they are, where a terminal shows them; all else that is not seen by its number."""
        return unseen[0] if self._on and len(unseen[0]) > 1 else unseen[0].encode("unicode_escape").decode()
