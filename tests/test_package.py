"""The public names, and what importing them costs."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import ha_patterns


def test_every_public_name_can_be_imported() -> None:
    for name in ha_patterns.__all__:
        assert getattr(ha_patterns, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Nope"):
        _ = ha_patterns.Nope


def test_dir_lists_the_public_names() -> None:
    assert set(ha_patterns.__all__) == set(dir(ha_patterns))


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
