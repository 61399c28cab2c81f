"""What a signed read costs a cold start, beside importing boto3 and making one client.

A process each, interleaved; CPU time of the process, from before the first import to the answer, over a network that
answers at once: what a real one takes is the same for both. The imports that any function pays are not counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tools.bench_figures import ROOT, RUNS, Figure, at_most

_START = "import json, os, time; started = time.process_time();"
_READ = """
from lambda_edge.common import aws, dns, dns_transport, http_transport, world
http_transport._context()
signed = aws.sign("POST", "dynamodb.eu-west-1.amazonaws.com", "/", {}, b"{}", service="dynamodb", region="eu-west-1")
world.https = lambda *args, **kwargs: world.HttpAnswer(200, {}, b'{"Responses":{"rules":[{"host":{"S":"a"}}]}}')
aws.batch_get("rules", [{"host": "a"}], region="eu-west-1", deadline=0)
"""
_BOTO3 = """
import boto3
boto3.client("dynamodb", region_name="eu-west-1")
"""
_END = "print(json.dumps(time.process_time() - started))"
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_SESSION_TOKEN": "testing"}


def figures() -> Iterator[Figure]:
    """A cold signed read beside a cold boto3 client."""
    runs = [(_run(_READ), _run(_BOTO3)) for _ in range(RUNS)]
    read, client = (min(times) for times in zip(*runs, strict=True))
    yield at_most("edge: cold signed read, against importing boto3 and one client, CPU", read / client, "times", 0.4)


def _run(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _START + code + _END],
        cwd=ROOT,
        env={**os.environ, **_CREDENTIALS},
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(json.loads(done.stdout))
