"""What only the synth can judge is refused there, and leaves nothing that could be deployed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

APP = """
import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from ha_patterns import Endpoint, FailoverOriginGroup

app = cdk.App()
stack = cdk.Stack(app, "Stack", env=cdk.Environment(region="us-east-1"))
group = FailoverOriginGroup(
    primary=Endpoint.http_host("a.example.com"), secondary=Endpoint.http_host("b.example.com")
)
cloudfront.Distribution(
    stack,
    "Site",
    default_behavior=cloudfront.BehaviorOptions(origin=group, allowed_methods=cloudfront.AllowedMethods.{methods}),
)
app.synth()
"""


def _synth(folder: Path, methods: str) -> tuple[int, str, bool]:
    (folder / "app.py").write_text(APP.format(methods=methods))
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=folder,
        env={**os.environ, "CDK_OUTDIR": str(folder / "cdk.out")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stderr, (folder / "cdk.out" / "manifest.json").exists()


def test_a_refused_synth_ends_with_1_names_the_construct_and_leaves_no_manifest(tmp_path: Path) -> None:
    status, errors, has_manifest = _synth(tmp_path, "ALLOW_ALL")

    assert status == 1
    assert (
        "[Stack/Site/Origin1] behavior '*' of Stack/Site allows DELETE, PATCH, POST, PUT on an origin group" in errors
    )
    assert not has_manifest


def test_the_same_app_with_reads_alone_synthesizes(tmp_path: Path) -> None:
    status, errors, has_manifest = _synth(tmp_path, "ALLOW_GET_HEAD")

    assert (status, errors) == (0, "")
    assert has_manifest
