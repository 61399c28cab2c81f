"""The reference stacks, built once for all tests of this folder that need them."""

from __future__ import annotations

import functools
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from ha_patterns.catalog import BY_NAME, CATALOG
from ha_patterns.stacks import ReferenceSettings

#: By the name of the stack.
Templates = Mapping[str, dict[str, Any]]
_REVIEWED = Path(__file__).parent / "__snapshots__" / "test_reference_stacks"


class ReferenceApp:
    """Some patterns of the catalog in one app, as app.py builds it for a zone."""

    def __init__(self, settings: ReferenceSettings) -> None:
        self.app = cdk.App()
        self.constructs = {pattern.name: pattern.build(self.app, settings) for pattern in settings.patterns}
        self.stacks = {child.node.id: child for child in self.app.node.children if isinstance(child, cdk.Stack)}
        self._templates: dict[str, dict[str, Any]] = {}

    def template(self, stack: str) -> dict[str, Any]:
        """The template of a stack; not to be changed."""
        if stack not in self._templates:
            self._templates[stack] = dict(Template.from_stack(self.stacks[stack]).to_json())
        return self._templates[stack]


@functools.cache
def reference_app(*patterns: str) -> ReferenceApp:
    """An app with some patterns. Default: all."""
    chosen = tuple(BY_NAME[name] for name in patterns) or CATALOG
    return ReferenceApp(
        ReferenceSettings(zone_name="example.org", zone_id="Z0123456789ABCDEFGHIJ", patterns=tuple(chosen))
    )


def _stacks() -> list[str]:
    """The names of the stacks, which tests are parametrized with, of the reviewed templates that there are.

    To build the app takes half a minute, in each process that collects tests. A test compares them with the app's own,
    which are taken where the reviewed templates are written anew.
    """
    if any(argument.startswith("--snapshot-update") for argument in sys.argv):
        return sorted(reference_app().stacks)
    return sorted(re.findall(r"\[(.*)\]\.json$", path.name)[0] for path in _REVIEWED.glob("*.json"))


STACKS = _stacks()


@pytest.fixture(scope="session")
def reference() -> ReferenceApp:
    """All patterns in one app. What needs the templates alone asks for ``templates``, which is there sooner."""
    return reference_app()


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    """The templates of all stacks: of another process of this run, if one has them already."""
    is_shared = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent / "reference-templates.json"
    if is_shared and shared.exists():
        found: dict[str, dict[str, Any]] = json.loads(shared.read_text(encoding="utf-8"))
        return found
    app: ReferenceApp = request.getfixturevalue("reference")
    found = {name: app.template(name) for name in app.stacks}
    if is_shared:
        # Whoever looks sees all of it, or nothing.
        written = shared.with_suffix(f".{os.environ['PYTEST_XDIST_WORKER']}")
        written.write_text(json.dumps(found), encoding="utf-8")
        written.replace(shared)
    return found
