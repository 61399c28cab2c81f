"""The README's table of constructs: every public class, with the first sentence of its docstring."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

#: The packages of constructs, in the order of the guide's use cases, and how the table calls them.
PACKAGES = {
    "origins": "origins",
    "transient_errors": "transient errors",
    "outage_failover": "outages",
    "active_active": "active/active",
    "edge": "the edge",
}


def construct_table() -> str:
    """All public classes, a line each."""
    return "\n".join(("| construct | what it is |", "| --- | --- |", *_rows()))


def _rows() -> Iterator[str]:
    for package, title in PACKAGES.items():
        yield f"| **{title}** | |"
        module = importlib.import_module(f"ha_patterns.{package}")
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isclass(value):
                sentence = (inspect.getdoc(value) or "").partition("\n")[0].removesuffix(".")
                yield f"| `{name}` | {sentence.replace('``', '`')} |"
