"""How the functions behind custom resources are shipped: inline, so that their stacks need no bucket for assets.

Inline code is one file. So a handler imports ``protocol``, as its tests do, and is shipped with the text of
``protocol`` in place of that import.
"""

from __future__ import annotations

import re
from pathlib import Path

_PROTOCOL = Path(__file__).with_name("protocol.py").read_text(encoding="utf-8")
_IMPORT = re.compile(r"^from ha_patterns\.cdk\.custom_resource\.protocol import .*\n", re.MULTILINE)


def inline_code(handler: Path) -> str:
    """The code of a function: its handler, and what answers CloudFormation.

    Args:
        handler: The file of the handler.
    """
    code, imports = _IMPORT.subn(lambda _: _PROTOCOL, handler.read_text(encoding="utf-8"))
    assert imports == 1, f"{handler} must import protocol once, in a line of its own"
    return code
