"""What a signed read costs a cold start, beside importing boto3 and making one client.

A process each, interleaved; CPU time of the process, from before the first import to the answer, over a network that
answers at once: what a real one takes is the same for both. The imports that any function pays are not counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
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


def cold_read(runs: int) -> tuple[float, float]:
    """The least CPU seconds of a cold signed read, and of a cold boto3 client, out of some interleaved runs."""
    pairs = [(_run(_READ), _run(_BOTO3)) for _ in range(runs)]
    reads, clients = zip(*pairs, strict=True)
    return min(reads), min(clients)


def _run(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _START + code + _END],
        cwd=_ROOT,
        env={**os.environ, **_CREDENTIALS},
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(json.loads(done.stdout))


if __name__ == "__main__":
    read, client = cold_read(7)
    print(f"cold signed read {read * 1000:.1f} ms, cold boto3 client {client * 1000:.1f} ms: {read / client:.3f} times")
