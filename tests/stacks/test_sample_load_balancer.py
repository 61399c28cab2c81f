"""The sample load balancer: what its two kinds of targets answer, and what is there with an instance in each zone."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from ha_patterns.catalog import BY_NAME
from ha_patterns.stacks import ReferenceSettings, sample_load_balancer
from ha_patterns.stacks.sample_load_balancer import index

from ..samples import ALL_FLAGS

_FOLDER = Path(sample_load_balancer.__file__).parent


def test_the_function_answers_a_load_balancer_with_its_region_and_role(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ORIGIN_STATUS": "503", "AWS_REGION": "eu-west-1", "ROLE": "primary"}.items():
        monkeypatch.setenv(name, value)

    answer = index.handler({"httpMethod": "GET", "path": "/health"}, None)

    assert (answer["statusCode"], answer["statusDescription"]) == (503, "503 Service Unavailable")
    assert json.loads(answer["body"]) == {"region": "eu-west-1", "role": "primary", "method": "GET", "path": "/health"}


def test_the_server_of_an_instance_answers_with_its_zone_and_the_status_it_was_given() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(_FOLDER / "server.py"), "503", "primary", "eu-west-1", "eu-west-1a", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            status, body = _ask(f"http://127.0.0.1:{port}/health")
        finally:
            server.kill()

    assert status == 503
    assert (json.loads(body)["zone"], json.loads(body)["role"]) == ("eu-west-1a", "primary")


def test_with_the_switch_there_is_an_instance_in_each_zone_and_no_function() -> None:
    app = cdk.App(context={**ALL_FLAGS, "zonal_targets": "true"})
    construct = BY_NAME["accelerator-multi-az"].build(app, ReferenceSettings())
    stack = app.node.find_child("accelerator-multi-az-primary")
    assert isinstance(stack, cdk.Stack)

    template = Template.from_stack(stack)
    instances = template.find_resources("AWS::EC2::Instance").values()
    zones = {json.dumps(instance["Properties"]["AvailabilityZone"]) for instance in instances}
    assert len(zones) == len(instances) == 2
    [group] = template.find_resources("AWS::ElasticLoadBalancingV2::TargetGroup").values()
    assert len(group["Properties"]["Targets"]) == 2
    assert group["Properties"]["HealthCheckPath"] == "/health"
    template.resource_count_is("AWS::Lambda::Function", 0)
    assert construct.failover_time.to_seconds() == 35


@pytest.mark.parametrize(
    ("pattern", "origins"),
    [("accelerator-multi-az", {"primary"}), ("accelerator-multi-region", {"primary", "standby"})],
)
def test_the_accelerator_is_deployed_after_its_endpoints(pattern: str, origins: set[str]) -> None:
    app = cdk.App()
    BY_NAME[pattern].build(app, ReferenceSettings())
    stack = app.node.find_child(f"{pattern}-accelerator")
    assert isinstance(stack, cdk.Stack)

    assert {dependency.node.id for dependency in stack.dependencies} == {f"{pattern}-{role}" for role in origins}


def _ask(url: str) -> tuple[int, str]:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - a server of this test
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
