"""What constructs refuse, found by syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import ha_patterns

_ROOT = Path(ha_patterns.__file__).parent
_ROOMS = ("origins", "edge", "transient_errors", "outage_failover", "active_active")
# A value of a wrong kind, which is refused wherever there are several.
_KINDS = {"check_typed", "check_objective"}
_LONGEST = 44


def refusals() -> set[str]:
    """The refusals: the file with the argument, or with the start of the message; what is filled in is ``{}``."""
    return {
        f"{path.relative_to(_ROOT)}: {text}"
        for room in _ROOMS
        for path in sorted((_ROOT / room).rglob("*.py"))
        if path.name != "handler.py"
        for text in _of_file(ast.parse(path.read_text(encoding="utf-8")))
    }


def _of_file(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        name = node.func.id
        if name == "ValueError":
            yield _text(node.args[0])[:_LONGEST].strip()
        elif name == "refusal" and isinstance(node.args[0], ast.Name):
            yield f"{{}} {_text(node.args[1])}"[:_LONGEST].strip()
        elif name == "refusal" or (name.startswith("check_") and name not in _KINDS and _is_text(node.args[0])):
            yield _text(node.args[0])[:_LONGEST].strip()


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, (ast.Constant, ast.JoinedStr))


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.JoinedStr():
            return "".join(map(_text, node.values))
        case _:
            return "{}"
