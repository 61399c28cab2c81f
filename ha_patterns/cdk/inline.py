"""How small functions are shipped: inline, so that their stacks need no bucket for assets.

Inline code is one file. So a handler imports what it shares with others, as its tests do, and is shipped with the text
of that module in place of the import.
"""

from __future__ import annotations

import re
from pathlib import Path

_ABOVE = Path(__file__).parents[2]
_IMPORT = re.compile(r"^from (ha_patterns(?:\.\w+)+) import .*\n", re.MULTILINE)


def inline_code(handler: Path) -> str:
    """The code of a function: its handler, and the modules of this library that it imports.

    Args:
        handler: The file of the handler. Each import of a module of this library is one line.
    """
    code, imports = _IMPORT.subn(_text_of_module, handler.read_text(encoding="utf-8"))
    assert imports, f"{handler} must import a module of this library, in a line of its own"
    return code


def _text_of_module(imported: re.Match[str]) -> str:
    return (_ABOVE / f"{imported[1].replace('.', '/')}.py").read_text(encoding="utf-8")
