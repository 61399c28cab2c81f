"""What constructs refuse, found by syntax tree: at once, and when everything is made."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import ha_patterns

_ROOT = Path(ha_patterns.__file__).parent
_ROOMS = ("origins", "edge", "transient_errors", "outage_failover", "active_active")
# What a function returns that tells the errors of a synth.
_TELLING = {"Iterator[str]", "list[str]", "str | None"}
# What a shared check gets first: the name of the argument, or what is always called alike.
_NAMED = ("argument", "zone")
# A sentence, and not a name.
_SHORTEST = 40
_LONGEST = 60


def refusals() -> list[str]:
    """The refusals, each by itself: the file with the argument and what is allowed, or the start of the message.

    What is filled in is ``{}``. A second refusal of the same text in a file has ``#2`` at its end.
    """
    found: list[str] = []
    for room in _ROOMS:
        for path in sorted((_ROOT / room).rglob("*.py")):
            if path.name != "handler.py":
                seen = Counter[str]()
                for text in of_file(ast.parse(path.read_text(encoding="utf-8"))):
                    seen[text] += 1
                    again = f" #{seen[text]}" if seen[text] > 1 else ""
                    found.append(f"{path.relative_to(_ROOT)}: {text}{again}")
    return found


def _shared_checks() -> frozenset[str]:
    """The functions that refuse an argument for whoever calls them with its name."""
    paths = [_ROOT / "cdk" / "validation.py", *(path for room in _ROOMS for path in (_ROOT / room).rglob("*.py"))]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return frozenset(
        function.name
        for function in functions
        if function.name.startswith("check_") and function.args.args and function.args.args[0].arg in _NAMED
    )


_CHECKS = _shared_checks()


def of_file(tree: ast.Module) -> Iterator[str]:
    """The refusals of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.returns is not None and ast.unparse(node.returns) in _TELLING:
            yield from _told_by(node)
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        match node.func.id:
            case "ValueError":
                yield _text(node.args[0])[:_LONGEST].strip()
            case "refusal":
                yield f"{_text(node.args[0])} must be {_text(node.args[1])}"[:_LONGEST].strip()
            case check if check in _CHECKS:
                yield f"{_text(node.args[0])}, by {check}"


def _told_by(function: ast.FunctionDef) -> Iterator[str]:
    """The sentences that a function returns or yields: errors of a synth."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Yield, ast.Return)) and node.value is not None:
            for text in _texts(node.value, function):
                if len(text) >= _SHORTEST and " " in text:
                    yield text[:_LONGEST].strip()


def _texts(node: ast.expr, function: ast.FunctionDef | None) -> Iterator[str]:
    """The texts that a value may be, or hold; those of a name in the function that assigns it."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            yield _text(node)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from _texts(part, function)
        case ast.Starred(value=part) | ast.GeneratorExp(elt=part) | ast.ListComp(elt=part):
            yield from _texts(part, function)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, function)
            yield from _texts(other, function)
        case ast.Name(id=name) if function is not None:
            for given in ast.walk(function):
                if isinstance(given, ast.Assign) and any(ast.unparse(target) == name for target in given.targets):
                    yield from _texts(given.value, None)


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant():
            return str(node.value)
        case ast.JoinedStr():
            return "".join(map(_text, node.values))
        case _:
            return "{}"
