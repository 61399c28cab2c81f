"""Rooms import downward only: as the source says, and as a fresh process loads them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ha_patterns

ROOT = Path(ha_patterns.__file__).parent
#: The rooms that each room may import, beside the modules at the root of the package.
ALLOWED: dict[str, set[str]] = {
    "aws": set(),
    "contracts": set(),
    "command_line": set(),
    "documents": {"command_line"},
    "topology": {"aws", "documents", "command_line"},
    "semantics": {"aws", "topology"},
    "checks": {"aws", "semantics", "topology", "documents", "command_line"},
    "diagram": {"aws", "semantics", "topology", "checks", "command_line"},
    "drill": {"aws", "semantics", "topology", "documents", "command_line"},
    "cdk": {"aws"},
    "edge": {"aws", "cdk", "contracts"},
    "origins": {"aws", "cdk", "edge"},
    "transient_errors": {"aws", "cdk", "edge", "origins"},
    "outage_failover": {"aws", "cdk", "contracts", "edge", "origins", "transient_errors"},
    "active_active": {"aws", "cdk", "contracts", "edge", "origins", "transient_errors", "outage_failover"},
    "operate": {"aws", "contracts", "edge", "documents", "command_line"},
    "stacks": {
        *("aws", "cdk", "contracts", "edge", "origins", "transient_errors", "outage_failover", "active_active"),
        "operate",
    },
    "testing": {"cdk", "topology"},
}
#: These need no CDK, and so no Node.js; the plugin is what the CDK calls.
WITHOUT_CDK = (
    "aws",
    "contracts",
    "command_line",
    "documents",
    "topology",
    "semantics",
    "checks",
    "diagram",
    "drill",
    "operate",
)
_PLUGIN = "checks.plugin"
_CDK = {"aws_cdk", "constructs", "jsii"}
#: The libraries of extras, which are loaded when they are needed; the commands that talk to AWS need boto3.
_LATER = {"boto3", "botocore", "rich", "yaml", "idna", "tree_sitter", "tree_sitter_javascript"}
_ARCHITECTURE = ROOT.parent / "ARCHITECTURE.md"
_CONTRIBUTING = ROOT.parent / "CONTRIBUTING.md"
#: What reads as a path: a folder's or a file's. A name in angle brackets stands for a file to be written.
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/|(?:[\w.-]+/)+[\w.-]+|[\w-]+\.(?:md|py|pyi|toml|json|yaml)")


def rooms() -> set[str]:
    """The folders of the package."""
    return {path.parent.name for path in ROOT.glob("*/__init__.py")}


def modules(room: str) -> Iterator[str]:
    """The modules of a room, by their names below the package; the code of Lambda functions is no part of it."""
    for path in sorted((ROOT / room).rglob("*.py")):
        if path.name != "handler.py":
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(module: str) -> Iterator[tuple[str, int]]:
    """The modules of the package that a module imports, below the package, wherever it does, with the line."""
    path = ROOT.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    package = (ROOT.name, *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found = [".".join((*base, name)) for name in names]
        elif isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        else:
            continue
        for name in found:
            if name.startswith(f"{ROOT.name}."):
                yield name.removeprefix(f"{ROOT.name}."), node.lineno


def test_every_room_is_in_the_table() -> None:
    assert rooms() == ALLOWED.keys()


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_what_is_below_it(room: str) -> None:
    found = list(modules(room))
    wrong = [
        f"{module}:{line} imports {name}"
        for module in found
        for name, line in imported(module)
        if (other := name.partition(".")[0]) != room and other in ALLOWED and other not in ALLOWED[room]
        if (module, other) != (_PLUGIN, "cdk")
    ]

    assert found
    assert wrong == []


def below(room: str) -> set[str]:
    """The rooms that a room imports, and those that these import."""
    return ALLOWED[room].union(*map(below, ALLOWED[room]))


def test_no_room_is_above_itself() -> None:
    assert [room for room in ALLOWED if room in below(room)] == []


def test_the_page_of_the_architecture_has_the_table_in_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+ \| (.*)\|$", _ARCHITECTURE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {room: set(re.findall(r"`(\w+)`", names)) for room, names in rows}

    assert told == ALLOWED
    assert [room for index, room in enumerate(told) if not told[room] <= set(list(told)[:index])] == []


def test_the_picture_of_the_architecture_leaves_out_what_follows_from_the_rest() -> None:
    _, _, picture = _ARCHITECTURE.read_text(encoding="utf-8").partition("```mermaid")
    arrows = re.findall(r"^  (\w+) --> (\w+)$", picture.partition("```")[0], re.MULTILINE)
    drawn = {room: {to for start, to in arrows if start == room} for room in ALLOWED}

    assert set(re.findall(r"\w+", picture.partition("```")[0])) == {"flowchart", "TB", *ALLOWED}
    for room, names in ALLOWED.items():
        assert drawn[room] == names - {name for other in names for name in below(other)}


@pytest.mark.parametrize("page", [_ARCHITECTURE, _CONTRIBUTING], ids=lambda page: page.name)
def test_every_path_that_a_page_for_contributors_names_is_there(page: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`]+)`", text)
    paths = [span for span in spans if _PATH.fullmatch(span)]

    assert len(paths) > 20
    assert [path for path in paths if not (page.parent / path).exists()] == []


def loaded(*names: str) -> set[str]:
    """The modules that a fresh process has loaded once it has imported some."""
    program = f"import sys, json; import {', '.join(names)}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("room", WITHOUT_CDK)
def test_a_process_loads_what_the_table_allows_and_no_cdk(room: str) -> None:
    names = [module for module in modules(room) if module != _PLUGIN]
    assert names

    found = loaded(*(f"{ROOT.name}.{name}" for name in names))

    others = {name.split(".")[1] for name in found if name.startswith(f"{ROOT.name}.")} & ALLOWED.keys()
    assert others <= {room, *below(room)}
    assert not {name.partition(".")[0] for name in found} & (_CDK if room == "operate" else _CDK | _LATER)


def test_what_aws_does_needs_the_standard_library_alone() -> None:
    found = loaded(*(f"{ROOT.name}.{name}" for name in modules("aws")))

    ours = {name for name in found if name.startswith(f"{ROOT.name}.")}
    foreign = {name.partition(".")[0] for name in found} - sys.stdlib_module_names - {"__main__", ROOT.name}
    assert {name.split(".")[1] for name in ours} == {"aws", "_lazy", "_version"}
    # What the environment itself brings along at each start.
    assert not {name for name in foreign if not name.startswith(("_distutils_hack", "_editable_impl", "sitecustomize"))}


def test_the_model_is_free_of_parsing() -> None:
    found = loaded(*(f"ha_patterns.{name}" for name in modules("topology") if name.startswith("topology.model")))

    ours = {name.removeprefix("ha_patterns.topology.") for name in found if name.startswith("ha_patterns.topology.")}
    assert {name.partition(".")[0] for name in ours} == {"model", "stacks", "values"}


def test_nothing_imports_the_front_of_the_package_for_its_version() -> None:
    fronts = [
        f"{module}:{node.lineno}"
        for module in ("cli", "catalog", *(module for room in ALLOWED for module in modules(room)))
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "__version__" for alias in node.names)
        if node.module != "_version"
    ]

    assert fronts == []


# An inline function is given to Lambda as it is, in a file of its own.
_INLINE = ("cdk/lookup/handler.py",)
_A_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


def test_regions_are_named_in_the_room_of_facts_alone() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] not in ("aws", "stacks") and not str(path).endswith(_INLINE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _A_REGION.fullmatch(node.value)
    ]

    assert found == []


def test_defaults_of_aws_are_named_in_the_room_of_facts_alone() -> None:
    asked = [
        (module, node)
        for module in modules("topology")
        if module.startswith("topology.readers")
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "whole"
    ]
    found = [
        f"{module}:{node.lineno}: {given.value}"
        for module, node in asked
        for argument in node.args
        for given in ast.walk(argument)
        if isinstance(given, ast.Constant) and isinstance(given.value, int) and given.value > 1
    ]

    assert asked
    assert found == []


def _tree(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))
