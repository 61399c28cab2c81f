"""What both sides of bench share: one stack, built and synthesized in a process of its own."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii._kernel.providers.process as jsii_process
from aws_cdk import aws_route53 as route53

Build = Callable[[cdk.Stack], None]
SITE = "www.example.com"


def hosted_zone(stack: cdk.Stack) -> route53.IHostedZone:
    """The zone, which exists already."""
    return route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )


def main(builds: Mapping[str, Build]) -> None:
    """Build and synthesize the one that the command line names; print its resources by type, and the round trips."""
    trips = _count_round_trips()
    with tempfile.TemporaryDirectory() as folder:
        app = cdk.App(outdir=folder, analytics_reporting=False)
        builds[sys.argv[1]](cdk.Stack(app, "Stack", env=cdk.Environment(region="us-east-1")))
        app.synth()
        template = json.loads((Path(folder) / "Stack.template.json").read_text())
    types = Counter(resource["Type"] for resource in template["Resources"].values())
    print(json.dumps({"resources": types, "round_trips": trips["sent"]}))


def _count_round_trips() -> Counter[str]:
    """Count what is sent to the CDK, which runs in a Node.js process of its own: its time grows with that."""
    sent: Counter[str] = Counter()
    process: Any = jsii_process._NodeProcess
    send = process.send

    def counted(*arguments: object) -> object:
        sent["sent"] += 1
        return send(*arguments)

    process.send = counted
    return sent
