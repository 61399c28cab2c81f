"""The public names, and what importing them costs."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import ha_patterns
from ha_patterns.catalog import CATALOG, Pattern

#: The packages whose names stand in a stub.
LAZY = [f"ha_patterns{name}" for name in ("", ".active_active", ".checks", ".edge", ".origins", ".outage_failover")]
LAZY += ["ha_patterns.drill", "ha_patterns.topology", "ha_patterns.transient_errors"]


def test_every_package_with_a_stub_is_held_to_it() -> None:
    root = Path(ha_patterns.__file__).parent

    assert {f"ha_patterns.{path.parent.name}" for path in root.glob("*/__init__.pyi")} | {"ha_patterns"} == set(LAZY)


@pytest.mark.parametrize("name", LAZY)
def test_every_public_name_can_be_imported(name: str) -> None:
    package = importlib.import_module(name)
    names = package.__all__

    assert names
    assert dir(package) == names == sorted(names)
    for one in names:
        assert getattr(package, one) is not None
    # The next time, the package has it.
    assert set(names) <= vars(package).keys()


@pytest.mark.parametrize("name", LAZY)
def test_a_name_that_is_not_there_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'Nope'"):
        getattr(importlib.import_module(name), "Nope")  # noqa: B009 - a type checker knows that it is not there


@pytest.mark.parametrize("name", LAZY)
def test_a_stub_says_to_type_checkers_what_it_says_at_run_time(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__file__ is not None
    listed = set()
    for node in ast.parse(Path(package.__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            listed |= set(importlib.import_module(f"{name}.{node.module}").__all__)
        elif isinstance(node, ast.ImportFrom):
            listed |= {alias.name for alias in node.names}
            assert all(alias.asname == alias.name for alias in node.names)

    assert listed == set(package.__all__)


@pytest.mark.parametrize("pattern", CATALOG, ids=lambda pattern: pattern.name)
def test_every_construct_of_the_catalog_can_be_imported_from_the_package(pattern: Pattern) -> None:
    construct = pattern.load_construct()

    assert getattr(ha_patterns, construct.__name__) is construct


@pytest.mark.parametrize("module", ["ha_patterns", "ha_patterns.catalog", "ha_patterns.cli", "ha_patterns.testing"])
def test_what_needs_no_cdk_does_not_import_it(module: str) -> None:
    program = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}

    assert set() == imported & {"aws_cdk", "constructs", "jsii", "boto3", "rich", "syrupy", "yaml"}


def test_a_construct_imports_what_it_needs_of_the_cdk_and_not_what_its_neighbours_need() -> None:
    program = "import sys, json; from ha_patterns import DnsFailover, HybridFailover, OriginFailover; "
    program += "print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    heavy = {f"aws_cdk.aws_{name}" for name in ("lambda", "ec2", "elasticloadbalancingv2", "apigateway", "dynamodb")}
    assert set() == set(json.loads(done.stdout)) & heavy


_EDGE = Path(__file__).parents[1] / "lambda_edge"
_EDGE_MODULES = sorted(
    ".".join(path.relative_to(_EDGE.parent).with_suffix("").parts)
    for path in _EDGE.rglob("*.py")
    if path.name != "__init__.py"
)


def test_edge_functions_import_nothing_but_the_standard_library() -> None:
    program = f"import sys, json, importlib; before = set(sys.modules); modules = {_EDGE_MODULES}; "
    program += "[importlib.import_module(name) for name in modules]; "
    program += "print(json.dumps(sorted(set(sys.modules) - before)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert len(_EDGE_MODULES) > 20
    assert imported <= {"lambda_edge", *sys.stdlib_module_names}


@pytest.mark.parametrize("function", sorted(path.parent.name for path in _EDGE.glob("*/handler.py")))
def test_an_edge_function_weighs_next_to_nothing(function: str) -> None:
    zipped = sum(
        len(zlib.compress(path.read_bytes())) for name in ("common", function) for path in (_EDGE / name).rglob("*.py")
    )

    assert zipped < 100 * 1024


def _docstrings() -> dict[str, str]:
    """The docstrings of public constructs and of what they have, by name."""
    found: dict[str, object] = {}
    for name in dir(ha_patterns):
        public = getattr(ha_patterns, name)
        found[name] = public
        if isinstance(public, type):
            found |= {f"{name}.{key}": value for key, value in vars(public).items()}
    docs = {name: getattr(value, "__doc__", None) for name, value in found.items()}
    return {name: doc for name, doc in docs.items() if isinstance(doc, str)}


def test_docstrings_name_no_module_that_the_wheel_does_not_have() -> None:
    docs = _docstrings()
    named = {
        (owner, module)
        for owner, doc in docs.items()
        for module in re.findall(r"``((?:lambda_edge|ha_patterns|tests|tools)(?:\.\w+)+)``", doc)
    }

    assert len(docs) > 200
    assert {owner for owner, module in named if not module.startswith("ha_patterns.")} == set()
    for _, module in named:
        home, _, name = module.rpartition(".")
        assert importlib.util.find_spec(module) or hasattr(importlib.import_module(home), name)
