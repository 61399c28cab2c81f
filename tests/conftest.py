"""What all tests share: one CDK process, without its template validation (tests/stacks has a run with it)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

os.environ["CDK_VALIDATION"] = "false"
# The Node.js and the CDK CLI of the virtual environment, also where it is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53
from hypothesis import settings

settings.register_profile("default", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def validated_assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """cdk synth of the whole app by the real CLI, with the CDK's own validation and cdk-nag in it."""
    folder = tmp_path_factory.mktemp("assembly") / "cdk.out"
    environment = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    done = subprocess.run(
        ["cdk", "synth", "--quiet", "--output", str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    (folder / "cli-output.txt").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def stack() -> cdk.Stack:
    """An empty stack in us-east-1, where the edge is."""
    return cdk.Stack(cdk.App(), "Test", env=cdk.Environment(region="us-east-1"))


@pytest.fixture
def zone(stack: cdk.Stack) -> route53.IHostedZone:
    """The public zone example.com, which exists already."""
    return route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
