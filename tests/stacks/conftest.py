"""The reference stacks, built once for all tests of this folder."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from ha_patterns.stacks import ReferenceSettings


class ReferenceApp:
    """Every pattern of the catalog in one app, as app.py builds it for a zone."""

    def __init__(self, settings: ReferenceSettings) -> None:
        self.app = cdk.App()
        self.constructs = {pattern.name: pattern.build(self.app, settings) for pattern in settings.patterns}

    @property
    def stacks(self) -> dict[str, cdk.Stack]:
        return {child.node.id: child for child in self.app.node.children if isinstance(child, cdk.Stack)}

    def template(self, stack: str) -> dict[str, Any]:
        return dict(Template.from_stack(self.stacks[stack]).to_json())


# Built when the tests are collected: the names of the stacks are what many of them are parametrized with.
REFERENCE = ReferenceApp(ReferenceSettings(zone_name="example.org", zone_id="Z0123456789ABCDEFGHIJ"))
STACKS = list(REFERENCE.stacks)


@pytest.fixture(scope="session")
def reference() -> ReferenceApp:
    return REFERENCE
