"""Deploying locally: what each verification must not let through, and what one deploy more must find out.

The whole run is a step of CI of its own, `make deploy-local`: it takes minutes, and this suite has ten.
"""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk
import botocore.exceptions  # type: ignore[import-untyped]
import pytest
from aws_cdk import aws_route53 as route53

from ha_patterns import CalculatedHealthCheck, EndpointHealthCheck, HealthCheckSettings
from ha_patterns.cdk.references import FOLLOWS
from tools import deploy_local
from tools.deploy_local import Cdk, DeployError, Resource, Stack
from tools.local_cloud import ACCOUNT, ROOT, LocalCloud

TEMPLATE = {
    "Parameters": {"OriginStatus": {"Type": "String", "Default": "200"}},
    "Resources": {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Logs": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"},
        "Own": {"Type": "Custom::Thing"},
    },
}
IDS = {"Topic": "arn:topic", "Logs": "bucket", "Own": "own"}


class FakeCloud:
    """Stands in for LocalCloud and for every client: a stack, and services that have some of its resources."""

    def __init__(self, ids: Mapping[str, str] = IDS, *, status: str = "CREATE_COMPLETE", lost: str = "") -> None:
        self.ids = ids
        self.status = status
        self.lost = lost
        self.stacks = [{"StackName": "edge", "StackStatus": status}, {"StackName": "CDKToolkit", "StackStatus": status}]
        self.error = "NotFound"

    def client(self, _service: str, _region: str = "") -> FakeCloud:
        return self

    def get_paginator(self, operation: str) -> FakePages:
        resources = [
            {"LogicalResourceId": name, "PhysicalResourceId": physical_id, "ResourceStatus": self.status}
            for name, physical_id in self.ids.items()
        ]
        pages = {
            "list_stack_resources": {"StackResourceSummaries": resources},
            "list_stacks": {"StackSummaries": self.stacks},
        }
        return FakePages(pages[operation])

    def get_topic_attributes(self, TopicArn: str) -> dict[str, str]:  # noqa: N803
        return self._found(TopicArn)

    def head_bucket(self, Bucket: str) -> dict[str, str]:  # noqa: N803
        return self._found(Bucket)

    def get_bucket_replication(self, Bucket: str) -> dict[str, Any]:  # noqa: N803
        return {"ReplicationConfiguration": {"Rules": [{"Status": "Enabled"}]}, **self._found(Bucket)}

    def _found(self, physical_id: str) -> dict[str, str]:
        if physical_id in self.lost:
            raise botocore.exceptions.ClientError({"Error": {"Code": self.error}}, "Get")
        return {"Id": physical_id}


class FakePages:
    def __init__(self, page: dict[str, Any]) -> None:
        self.page = page

    def paginate(self, **_parameters: str) -> list[dict[str, Any]]:
        return [self.page]


def stacks(template: Mapping[str, Any] = TEMPLATE) -> list[Stack]:
    return [Stack("edge", "us-east-1", template)]


def deployed(cloud: FakeCloud, of: list[Stack] | None = None) -> list[Resource]:
    return deploy_local.deployed(cloud, of or stacks())  # type: ignore[arg-type]


def test_what_is_there_passes_and_is_counted() -> None:
    resources = deployed(FakeCloud())

    deploy_local.verify_there(resources)

    rows = [line.split() for line in deploy_local.table(resources, stacks()).splitlines()]
    assert rows[1:] == [
        ["AWS::S3::Bucket", "1", "1", "service", "API"],
        ["AWS::SNS::Topic", "1", "1", "service", "API"],
        ["Custom::*", "1", "1", "CloudFormation", "only"],
        ["total", "3", "3", "1", "stacks"],
    ]


def test_fails_when_a_resource_was_not_deployed() -> None:
    with pytest.raises(DeployError, match=r"edge\.Logs is missing\n  edge\.Own is missing"):
        deployed(FakeCloud({"Topic": "arn:topic"}))


def test_fails_when_a_resource_is_in_no_template() -> None:
    with pytest.raises(DeployError, match=r"edge\.More is in no template"):
        deployed(FakeCloud({**IDS, "More": "more"}))


@pytest.mark.parametrize("status", ["CREATE_FAILED", "CREATE_IN_PROGRESS", "DELETE_FAILED"])
def test_fails_when_a_resource_is_not_complete(status: str) -> None:
    with pytest.raises(DeployError, match=r"edge\.Topic is missing"):
        deployed(FakeCloud(status=status))


def test_fails_when_its_service_does_not_have_a_resource() -> None:
    with pytest.raises(DeployError, match=r"^edge\.Logs \(AWS::S3::Bucket\) is unknown to its service as bucket$"):
        deploy_local.verify_there(deployed(FakeCloud(lost="bucket")))


def test_fails_when_a_service_answers_with_another_error() -> None:
    cloud = FakeCloud(lost="bucket")
    cloud.error = "AccessDenied"

    with pytest.raises(DeployError, match=r"edge\.Logs .*AccessDenied"):
        deploy_local.verify_there(deployed(cloud))


def test_fails_on_a_type_that_no_table_has() -> None:
    template = {"Resources": {"Topic": {"Type": "AWS::New::Thing"}}}

    with pytest.raises(DeployError, match="AWS::New::Thing is in neither PROBES nor NO_SERVICE"):
        deploy_local.verify_there(deployed(FakeCloud({"Topic": "new"}), stacks(template)))


def test_no_type_is_in_both_tables() -> None:
    assert not deploy_local.PROBES.keys() & deploy_local.NO_SERVICE.keys()


def test_the_update_changes_the_parameter_of_every_stack_that_has_it() -> None:
    other = Stack("other", "us-east-1", {"Resources": {}})

    assert deploy_local.changes([*stacks(), other]) == ["edge:OriginStatus=503"]
    with pytest.raises(DeployError, match="no template has one of the parameters OriginStatus, Outage"):
        deploy_local.changes([other])


def test_a_custom_resource_with_a_probe_is_asked_of_its_service() -> None:
    properties = {"SourceRegion": "eu-west-1", "SourceBucket": "content"}
    template = {"Resources": {"Rule": {"Type": "Custom::BucketReplication", "Properties": properties}}}
    resources = deployed(FakeCloud({"Rule": "content"}), stacks(template))

    deploy_local.verify_there(resources)
    with pytest.raises(DeployError, match=r"edge\.Rule .* is unknown to its service as content"):
        deploy_local.verify_there(deployed(FakeCloud({"Rule": "content"}, lost="content"), stacks(template)))


def verify_updated(cloud: FakeCloud) -> None:
    of = stacks()
    before = deployed(FakeCloud(), of)
    deploy_local.verify_updated(cloud, of, before)  # type: ignore[arg-type]


def test_an_update_that_replaces_nothing_passes() -> None:
    verify_updated(FakeCloud(status="UPDATE_COMPLETE"))


def test_fails_when_the_update_left_a_stack_as_it_was() -> None:
    with pytest.raises(DeployError, match="edge was to be updated, and is CREATE_COMPLETE"):
        verify_updated(FakeCloud())


def test_fails_when_the_update_replaced_a_resource() -> None:
    cloud = FakeCloud({**IDS, "Topic": "arn:other"}, status="UPDATE_COMPLETE")

    with pytest.raises(DeployError, match=r"edge\.Topic .* was replaced by the update: arn:topic became arn:other"):
        verify_updated(cloud)


def test_a_first_deploy_that_was_rolled_back_passes_and_any_other_fails() -> None:
    cloud: Any = FakeCloud(status="ROLLBACK_COMPLETE")
    deploy_local.verify_rolled_back(cloud, stacks())

    cloud.stacks[0]["StackStatus"] = "CREATE_COMPLETE"
    with pytest.raises(DeployError, match=r"^edge was to be rolled back, and is CREATE_COMPLETE$"):
        deploy_local.verify_rolled_back(cloud, stacks())
    with pytest.raises(DeployError, match=r"^other was to be rolled back, and is None$"):
        deploy_local.verify_rolled_back(cloud, [Stack("other", "us-east-1", {})])


def test_what_has_a_fixed_name_must_be_taken_over_and_anything_else_may_be_another() -> None:
    template = {
        "Resources": {
            "Fixed": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "content"}},
            "Free": {"Type": "AWS::S3::Bucket", "Properties": {}},
        }
    }
    of = stacks(template)
    retained = deployed(FakeCloud({"Fixed": "content", "Free": "one"}), of)

    deploy_local.verify_taken_over(retained, deployed(FakeCloud({"Fixed": "content", "Free": "other"}), of))
    with pytest.raises(DeployError, match=r"^edge\.Fixed .* was to be taken over as content, and is new$"):
        deploy_local.verify_taken_over(retained, deployed(FakeCloud({"Fixed": "new", "Free": "one"}), of))


def test_what_is_interrupted_keeps_something_and_needs_no_other_stack() -> None:
    keeps = {"Resources": {"Logs": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}}}
    reads = {"Resources": {**keeps["Resources"], "Reads": {"Type": "T", "Properties": {"Fn::GetStackOutput": {}}}}}
    templates: dict[str, dict[str, Any]] = {
        "dns-failover-edge": keeps,
        "dns-failover-primary": reads,
        "nearest-bucket-edge": keeps,
        "other": {},
    }
    made = [Stack(name, "us-east-1", template) for name, template in templates.items()]

    assert [stack.name for stack in deploy_local.interrupted(made)] == ["nearest-bucket-edge"]
    assert [stack.name for stack in deploy_local.interrupted(made[:2])] == ["dns-failover-edge"]


def verify_gone(*, lost: str, stack: str = "DELETE_COMPLETE") -> list[Resource]:
    cloud = FakeCloud(lost=lost)
    cloud.stacks[0]["StackStatus"] = stack
    return deploy_local.verify_gone(cloud, deployed(cloud))  # type: ignore[arg-type]


def test_what_the_templates_retain_may_remain() -> None:
    assert [resource.logical_id for resource in verify_gone(lost="arn:topic")] == ["Logs"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param({"lost": ""}, r"^edge\.Topic \(AWS::SNS::Topic\) is left as arn:topic$", id="left"),
        pytest.param({"lost": "arn:topic bucket"}, r"edge\.Logs .* was to be retained, and is gone", id="lost"),
        pytest.param({"lost": "arn:topic", "stack": "DELETE_FAILED"}, r"^stack edge is left in us-east-1$", id="stack"),
    ],
)
def test_fails_when_something_else_remains(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(DeployError, match=message):
        verify_gone(**arguments)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("plain", "plain", id="text"),
        pytest.param({"Ref": "Topic"}, "arn:topic", id="ref"),
        pytest.param({"Fn::GetAtt": ["Topic", "Arn"]}, "arn:topic", id="attribute"),
        pytest.param([{"Ref": "Topic"}], "arn:topic", id="list"),
        pytest.param({"Fn::Join": ["-", ["a", {"Ref": "AWS::AccountId"}]]}, f"a-{ACCOUNT}", id="join"),
    ],
)
def test_a_property_is_read_as_the_resource_that_it_names(value: object, text: str) -> None:
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"Name": value}}}}
    [resource] = deployed(FakeCloud({"Topic": "arn:topic"}), stacks(template))

    assert resource.property("Name") == text


def test_fails_on_a_property_that_names_nothing_known() -> None:
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"Name": {"Ref": "Elsewhere"}}}}}
    [resource] = deployed(FakeCloud({"Topic": "arn:topic"}), stacks(template))

    with pytest.raises(DeployError, match="cannot tell what Name is"):
        resource.property("Name")


@pytest.mark.parametrize(
    ("points", "silent"),
    [
        pytest.param([0.0, 0.0], False, id="primary"),
        pytest.param([], True, id="nothing"),
        pytest.param([0.0, 1.0], True, id="standby"),
    ],
)
def test_fails_when_a_switch_does_not_say_by_itself_that_the_primary_serves(points: list[float], silent: bool) -> None:
    class Metrics(FakeCloud):
        def get_metric_statistics(self, Namespace: str, **asked: Any) -> dict[str, Any]:  # noqa: N803
            assert (Namespace, asked["MetricName"]) == ("HaPatterns/shop", "StandbyServes")
            return {"Datapoints": [{"Maximum": value} for value in points]}

    alarm = {"Namespace": "HaPatterns/shop", "MetricName": "StandbyServes", "Statistic": "Maximum"}
    counts = {**alarm, "Statistic": "SampleCount"}
    template = {
        "Resources": {
            name: {"Type": "AWS::CloudWatch::Alarm", "Properties": of}
            for name, of in (("Switch", alarm), ("Silent", counts))
        }
    }
    resources = deployed(Metrics({"Switch": "shop", "Silent": "silent"}), stacks(template))

    if not silent:
        deploy_local.verify_heartbeats(resources, 0)
        return
    with pytest.raises(DeployError, match=r"^edge\.Switch .* has no heartbeat that says that the primary serves$"):
        deploy_local.verify_heartbeats(resources, 0)


@pytest.fixture
def fake_cdk(tmp_path: pathlib.Path) -> Callable[[str], Cdk]:
    """A `cdk` that runs a shell script instead."""

    class Cloud:
        def environment(self) -> dict[str, str]:
            return {"PATH": os.pathsep.join([str(tmp_path), os.defpath])}

    def make(script: str) -> Cdk:
        command = tmp_path / "cdk"
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
        return Cdk(Cloud(), tmp_path, verbose=False)  # type: ignore[arg-type]

    return make


def test_a_cdk_command_that_fails_is_told_with_its_last_output(fake_cdk: Callable[[str], Cdk]) -> None:
    cdk = fake_cdk("seq 100; echo 'no such stack' >&2; exit 3")

    with pytest.raises(DeployError) as raised:
        cdk("deploy")

    lines = str(raised.value).splitlines()
    assert lines[0] == "cdk deploy ended with exit status 3:"
    assert lines[1].strip() == "62"
    assert lines[-1].strip() == "no such stack"


def test_a_failure_is_exit_status_1_and_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise DeployError("edge.Topic is missing")

    monkeypatch.setattr(deploy_local, "run", fail)

    assert deploy_local.main([]) == 1
    assert capsys.readouterr().err == "deploy-local: edge.Topic is missing\n"


@pytest.mark.deploy
def test_a_reader_follows_a_producer_that_was_replaced_and_without_its_fingerprint_it_does_not(
    tmp_path: pathlib.Path,
) -> None:
    def synth(interval: int) -> pathlib.Path:
        app = aws_cdk.App(
            outdir=str(tmp_path / str(interval)), context={"@aws-cdk/core:defaultCrossStackReferences": "weak"}
        )
        producer, reader, unmarked = (
            aws_cdk.Stack(
                app,
                name,
                env=aws_cdk.Environment(account=ACCOUNT, region="us-east-1"),
                synthesizer=aws_cdk.BootstraplessSynthesizer(),
            )
            for name in ("Producer", "Reader", "Unmarked")
        )
        # Another interval makes another check of it.
        settings = HealthCheckSettings(interval=aws_cdk.Duration.seconds(interval))
        check = EndpointHealthCheck(producer, "Check", domain_name="one.example.com", settings=settings)
        for stack in (reader, unmarked):
            read = route53.HealthCheck.from_health_check_id(stack, "Read", check.health_check_id)
            own = EndpointHealthCheck(stack, "Own", domain_name="two.example.com")
            CalculatedHealthCheck(stack, "Both", child_health_checks=[read, own])
        app.synth()
        template = tmp_path / str(interval) / "Unmarked.template.json"
        whole = json.loads(template.read_text())
        for resource in whole["Resources"].values():
            resource.get("Metadata", {}).pop(FOLLOWS, None)
        template.write_text(json.dumps(whole))
        return tmp_path / str(interval)

    def deployed_ids(cloud: LocalCloud, stack: str) -> set[str]:
        found = cloud.client("cloudformation").list_stack_resources(StackName=stack)["StackResourceSummaries"]
        return {summary["PhysicalResourceId"] for summary in found}

    def dangling(cloud: LocalCloud) -> list[str]:
        """The stacks whose check follows one that is gone."""
        made = cloud.client("route53").list_health_checks()["HealthChecks"]
        children = {check["Id"]: check["HealthCheckConfig"].get("ChildHealthChecks", []) for check in made}
        lost = {check for check, below in children.items() if not set(below) <= children.keys()}
        return [stack for stack in ("Reader", "Unmarked") if lost & deployed_ids(cloud, stack)]

    with LocalCloud(log=tmp_path / "cloud.log") as cloud:
        cdk = Cdk(cloud, ROOT, verbose=False)
        cdk.deploy(synth(30))
        assert dangling(cloud) == []
        cdk.deploy(synth(10))
        assert dangling(cloud) == ["Unmarked"]


@pytest.mark.deploy
def test_a_template_for_the_placeholder_zone_is_refused_by_its_rule(tmp_path: pathlib.Path) -> None:
    with LocalCloud(log=tmp_path / "cloud.log") as cloud:
        cdk = Cdk(cloud, ROOT, verbose=False)
        stacks = cdk.synth(tmp_path / "cdk.out", ["pattern=origin-failover"])
        cdk.bootstrap(tmp_path / "cdk.out", sorted({stack.region for stack in stacks}))

        with pytest.raises(DeployError, match="synthesized for a placeholder zone"):
            cdk.deploy(tmp_path / "cdk.out")

        with pytest.raises(botocore.exceptions.ClientError, match="does not exist"):
            deploy_local.deployed(cloud, stacks)


@pytest.mark.deploy
@pytest.mark.skipif(not pathlib.Path("/proc").exists(), reason="reads processes from /proc")
def test_an_interrupted_run_leaves_no_process() -> None:
    command = [sys.executable, "-m", "tools.deploy_local", "--pattern", "origin-failover"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.read(5) == b"synth"
        started: set[int] = set()
        # The local cloud, the CDK CLI and the app that it runs.
        deadline = time.monotonic() + 30
        while len(started) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
            started = descendants(running.pid)

        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=30)

    assert len(started) >= 3
    assert running.returncode == 130
    assert errors.decode().splitlines()[-1] == "deploy-local: interrupted"
    assert not [pid for pid in started if cmdline(pid)]


def descendants(pid: int) -> set[int]:
    try:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return set()
    return {int(child) for child in children}.union(*[descendants(int(child)) for child in children])


def cmdline(pid: int) -> bytes:
    """Empty for a process that has ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
