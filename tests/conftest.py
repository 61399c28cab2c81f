"""Shared by all tests: one CDK process, without its template validation (tests/stacks has a run with it).

The CDK is imported by the tests that need it: CPython in WebAssembly, which runs tests of edge functions, starts no
processes.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["CDK_VALIDATION"] = "false"
# The Node.js and the CDK CLI of the virtual environment, also where it is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

import pytest
from botocore.loaders import JSONFileLoader  # type: ignore[import-untyped]
from hypothesis import settings

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_route53 as route53

settings.register_profile("default", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=2000)
# For runs on another Python of what was tested in full on this one.
settings.register_profile("brief", deadline=None, max_examples=10, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Every session of boto3 reads the models of the services anew, which is megabytes of JSON and most of its time.
JSONFileLoader.load_file = staticmethod(functools.cache(JSONFileLoader().load_file))


@pytest.fixture
def stack() -> cdk.Stack:
    """An empty stack in us-east-1, where the edge is."""
    import aws_cdk as cdk

    return cdk.Stack(cdk.App(), "Test", env=cdk.Environment(region="us-east-1"))


@pytest.fixture
def zone(stack: cdk.Stack) -> route53.IHostedZone:
    """The public zone example.com, which exists already."""
    from aws_cdk import aws_route53 as route53

    return route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where processes share the suite, files that take a minute come first, and those that measure time last.

    Started last, a long file would end alone; and what it starts takes more than its share of the machine.
    """
    if hasattr(config, "workerinput"):
        long = {item.path for item in items if item.get_closest_marker("long")}
        measuring = {item.path for item in items if item.get_closest_marker("measures_time")}
        items.sort(key=lambda item: (item.path not in long, item.path in measuring))
