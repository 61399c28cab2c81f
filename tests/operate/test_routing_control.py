"""ha-patterns routing-control, as it is typed, against a stand-in for a cluster: five endpoints on loopback."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from ha_patterns.cli import main
from ha_patterns.operate import endpoints
from ha_patterns.operate.endpoints import Patience

from .loopback import FAULTS, Answer, Failure, StandIn, broken, hanging, throttled, unavailable

pytestmark = pytest.mark.measures_time

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1", "ap-southeast-2")
PANEL = "arn:aws:route53-recovery-control::123456789012:controlpanel/0123456789abcdef"
OTHER_PANEL = "arn:aws:route53-recovery-control::123456789012:controlpanel/fedcba9876543210"
RULE = f"{PANEL}/safetyrule/99"


class Cluster(StandIn):
    """A cluster with one panel, two controls, and a rule that one must be On."""

    def __init__(self) -> None:
        self.states = {f"{PANEL}/routingcontrol/1": "On", f"{PANEL}/routingcontrol/2": "Off"}
        self.names = {f"{PANEL}/routingcontrol/1": "primary", f"{PANEL}/routingcontrol/2": "standby"}
        self.page = 100
        super().__init__(REGIONS)

    @property
    def options(self) -> list[str]:
        return [
            part
            for region, port in self.ports.items()
            for part in ("--endpoint", f"{region}=http://127.0.0.1:{port}/v1")
        ]

    def named(self, name: str) -> str:
        [arn] = [arn for arn, its in self.names.items() if its == name]
        return self.states[arn]

    def read(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[str, dict[str, Any]]:
        return request.headers["x-amz-target"].partition(".")[2], json.loads(body)

    def encode(self, answer: Any) -> bytes:
        if isinstance(answer, Failure):
            answer = {"__type": answer.code, "message": answer.message}
        return json.dumps(answer).encode()

    def answer(self, operation: str, given: dict[str, Any]) -> Answer:
        if operation == "ListRoutingControls":
            arns = [arn for arn in self.states if arn.startswith(given.get("ControlPanelArn", ""))]
            start = int(given.get("NextToken", 0))
            listed = [
                {
                    "RoutingControlArn": arn,
                    "RoutingControlName": self.names[arn],
                    "RoutingControlState": self.states[arn],
                    "ControlPanelArn": arn.partition("/routingcontrol")[0],
                    "ControlPanelName": "shop" if arn.startswith(PANEL) else "other",
                }
                for arn in arns[start : start + self.page]
            ]
            more = {"NextToken": str(start + self.page)} if start + self.page < len(arns) else {}
            return 200, {"RoutingControls": listed, **more}
        wanted = {e["RoutingControlArn"]: e["RoutingControlState"] for e in given["UpdateRoutingControlStateEntries"]}
        if "On" not in {**self.states, **wanted}.values() and RULE not in given.get("SafetyRulesToOverride", ()):
            return 400, Failure("ConflictException", f"Safety rule {RULE} evaluated false")
        self.states |= wanted
        return 200, {}


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    running = Cluster()
    yield running
    running.close()


# Reading


def test_get_prints_what_set_takes(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routing-control", "get", *cluster.options]) == 0

    assert capsys.readouterr().out == "primary=On   shop\nstandby=Off  shop\n"
    assert len(cluster.calls) == 1


def test_get_reads_every_page_of_the_panel_that_is_meant(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    cluster.states[f"{OTHER_PANEL}/routingcontrol/1"] = "Off"
    cluster.names[f"{OTHER_PANEL}/routingcontrol/1"] = "primary"
    cluster.page = 1

    assert main(["routing-control", "get", *cluster.options]) == 0
    everything = capsys.readouterr().out
    assert main(["routing-control", "get", "--control-panel", PANEL, *cluster.options]) == 0

    assert everything == "primary=Off  other\nprimary=On   shop\nstandby=Off  shop\n"
    assert capsys.readouterr().out == "primary=On   shop\nstandby=Off  shop\n"
    assert len(cluster.calls) == 3 + 2


# Flipping


def test_set_flips_all_in_one_call(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routing-control", "set", "primary=Off", "standby=on", *cluster.options]) == 0

    assert capsys.readouterr().out == "primary=Off (was On)\nstandby=On (was Off)\n"
    assert (cluster.named("primary"), cluster.named("standby")) == ("Off", "On")
    [sent] = cluster.sent("UpdateRoutingControlStates")
    assert sent == {
        "UpdateRoutingControlStateEntries": [
            {"RoutingControlArn": f"{PANEL}/routingcontrol/1", "RoutingControlState": "Off"},
            {"RoutingControlArn": f"{PANEL}/routingcontrol/2", "RoutingControlState": "On"},
        ]
    }
    assert len(cluster.calls) == 2


def test_a_dry_run_sets_nothing(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routing-control", "set", "primary=Off", "standby=On", "--dry-run", *cluster.options]) == 0

    assert capsys.readouterr().out == "primary=Off (was On)\nstandby=On (was Off)\ndry run: nothing was set\n"
    assert cluster.named("primary") == "On"
    assert [operation for _, operation, _ in cluster.calls] == ["ListRoutingControls"]


def test_a_state_that_is_there_already_is_sent_all_the_same(cluster: Cluster) -> None:
    """What one endpoint knows may be old, so it decides nothing."""
    assert main(["routing-control", "set", "primary=On", *cluster.options]) == 0

    assert len(cluster.sent("UpdateRoutingControlStates")) == 1


def test_a_safety_rule_that_refuses_is_shown_and_asked_once(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["routing-control", "set", "primary=Off", *cluster.options]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [
        f"ha-patterns: refused: ConflictException: Safety rule {RULE} evaluated false",
        "  A safety rule that must not stop this is named with --override-safety-rule ARN.",
        "  Nothing was changed.",
    ]
    assert len(cluster.sent("UpdateRoutingControlStates")) == 1
    assert cluster.named("primary") == "On"


def test_a_rule_is_overridden_by_name_alone(cluster: Cluster) -> None:
    assert main(["routing-control", "set", "primary=Off", "--override-safety-rule", RULE, *cluster.options]) == 0

    [sent] = cluster.sent("UpdateRoutingControlStates")
    assert sent["SafetyRulesToOverride"] == [RULE]
    assert cluster.named("primary") == "Off"


# Endpoints that fail


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("working", [REGIONS[0], REGIONS[-1]])
def test_one_working_endpoint_is_enough(cluster: Cluster, fault: str, working: str) -> None:
    cluster.faults = {region: FAULTS[fault] for region in REGIONS if region != working}

    assert main(["routing-control", "set", "primary=Off", "standby=On", *cluster.options]) == 0

    assert cluster.named("standby") == "On"
    for operation in ("ListRoutingControls", "UpdateRoutingControlStates"):
        asked = cluster.asked(operation)
        assert asked[-1] == working
        assert len(asked) == len(set(asked))


def test_refused_connections_are_passed_over(cluster: Cluster, reached: set[tuple[str, int]]) -> None:
    for region in REGIONS[:4]:
        cluster.refuse(region)

    assert main(["routing-control", "set", "primary=Off", "standby=On", *cluster.options]) == 0

    assert [REGIONS[4]] * 2 == [region for region, _, _ in cluster.calls]
    assert reached <= {("127.0.0.1", port) for port in cluster.ports.values()}


def test_when_all_fail_each_was_asked_once_a_round_and_says_why(
    cluster: Cluster, reached: set[tuple[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.faults = {
        REGIONS[0]: broken,
        REGIONS[1]: throttled,
        REGIONS[2]: hanging,
        REGIONS[3]: unavailable,
    }
    cluster.refuse(REGIONS[4])

    assert main(["routing-control", "get", *cluster.options]) == 1

    printed = capsys.readouterr()
    [headline, *lines] = printed.err.splitlines()
    assert printed.out == ""
    assert headline == "ha-patterns: no endpoint of the cluster carried it out"
    told = {line.split("=")[0].strip(): line for line in lines}
    assert set(told) == set(REGIONS)
    assert told[REGIONS[0]].endswith("InternalServerException: broken")
    assert told[REGIONS[1]].endswith("ThrottlingException: slow down")
    assert told[REGIONS[2]].endswith("no answer in time")
    assert told[REGIONS[3]].endswith("EndpointTemporarilyUnavailableException: try another")
    assert "Could not connect" in told[REGIONS[4]]
    asked = cluster.asked("ListRoutingControls")
    rounds = [asked[start : start + 4] for start in range(0, len(asked), 4)]
    assert [sorted(REGIONS[:4])] * 3 == [sorted(each) for each in rounds]
    assert reached == {("127.0.0.1", port) for port in cluster.ports.values()}


def test_no_call_begins_after_the_time_is_up(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(endpoints, "PATIENCE", Patience(answer_seconds=0.3, total_seconds=0.2))
    cluster.faults = dict.fromkeys(REGIONS, hanging)

    assert main(["routing-control", "get", *cluster.options]) == 1

    assert len(cluster.calls) == 1
    assert capsys.readouterr().err.count("not asked, out of time") == 4


def test_a_change_whose_answer_was_lost_is_not_said_to_have_failed(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost() -> Answer | None:
        if cluster.calls[-1][1] == "ListRoutingControls":
            return None
        return broken() if len(cluster.sent("UpdateRoutingControlStates")) == 1 else conflict()

    def conflict() -> Answer:
        return 400, Failure("ConflictException", "within the wait period of a rule")

    cluster.faults = dict.fromkeys(REGIONS, lost)

    assert main(["routing-control", "set", "primary=Off", "standby=On", *cluster.options]) == 1

    said = capsys.readouterr().err
    assert "within the wait period" in said
    assert "may have been made: look with get" in said
    assert "Nothing was changed" not in said
    assert len(cluster.sent("UpdateRoutingControlStates")) == 2


def test_the_order_of_the_endpoints_is_random(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "sample", lambda population, _: list(reversed(population)))

    assert main(["routing-control", "get", *cluster.options]) == 0

    assert cluster.asked("ListRoutingControls") == [REGIONS[-1]]


def test_each_request_is_signed_for_the_region_of_its_endpoint(cluster: Cluster) -> None:
    cluster.faults = dict.fromkeys(REGIONS, broken)

    assert main(["routing-control", "get", *cluster.options]) == 1

    assert cluster.signed_for == {("/v1", region) for region in REGIONS}


# Bad input: one line, exit status 2, and nobody is asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["get"], "give the cluster: --endpoint REGION=URL", id="no cluster"),
        pytest.param(["get", "--stack", "s"], "--stack and --region go together", id="no Region"),
        pytest.param(
            ["get", "--stack", "s", "--region", "us-east-1", "--endpoint", "us-east-1=https://a.example.com"],
            "give the cluster: --endpoint REGION=URL",
            id="two clusters",
        ),
        pytest.param(["get", "--endpoint", "https://a.example.com"], "must be REGION=URL", id="no name of a Region"),
        pytest.param(["get", "--endpoint", "us-east-1=http://a.example.com"], "REGION=URL", id="clear text"),
        pytest.param(["get", "--endpoint", "us-east-1=https://"], "REGION=URL", id="no host"),
        pytest.param(["get", "--endpoint", "us-east-1=https://[a"], "REGION=URL", id="not a URL"),
        pytest.param(["get", "--endpoint", "moon=https://a.example.com"], "REGION=URL", id="not a Region"),
        pytest.param(["get", "--control-panel", "shop"], "must be the ARN of a control panel", id="panel"),
        pytest.param(["set", "primary"], "NAME=On or NAME=Off, got 'primary'", id="no state"),
        pytest.param(["set", "primary=Maybe"], "NAME=On or NAME=Off, got 'primary=Maybe'", id="no such state"),
        pytest.param(["set", "=On"], "NAME=On or NAME=Off, got '=On'", id="no name"),
        pytest.param(["set", "primary=On", "primary=Off"], "primary is named twice", id="twice"),
        pytest.param(["set", "nope=On"], "'nope'; there are: primary, standby", id="no such control"),
        pytest.param(
            ["set", "primary=On", "--override-safety-rule", "all"], "must be the ARN of a safety rule", id="rule"
        ),
    ],
)
def test_a_mistake_is_told_in_one_line(
    cluster: Cluster, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    own_cluster = arguments[0] == "get" and arguments[1:2] != ["--control-panel"]

    assert main(["routing-control", *arguments, *([] if own_cluster else cluster.options)]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert cluster.sent("UpdateRoutingControlStates") == []


def test_a_name_of_several_panels_asks_which(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    cluster.states[f"{OTHER_PANEL}/routingcontrol/1"] = "Off"
    cluster.names[f"{OTHER_PANEL}/routingcontrol/1"] = "primary"

    assert main(["routing-control", "set", "primary=Off", *cluster.options]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert "give --control-panel" in line
    assert PANEL in line
    assert OTHER_PANEL in line
    assert cluster.sent("UpdateRoutingControlStates") == []


def test_without_boto3_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    assert main(["routing-control", "get", "--endpoint", "us-east-1=https://a.example.com"]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert "pip install 'ha-patterns[aws]'" in line


def test_without_credentials_nobody_is_asked(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    assert main(["routing-control", "get", *cluster.options]) == 1

    assert re.search("no credentials", capsys.readouterr().err)
    assert cluster.calls == []


# The outputs of a stack


def _stack(monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str]) -> list[tuple[str, str]]:
    """CloudFormation with one stack; returns what it is asked."""
    asked: list[tuple[str, str]] = []
    make = boto3.client

    class CloudFormation:
        def __init__(self, region: str) -> None:
            self.region = region

        def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
            asked.append((StackName, self.region))
            listed = [{"OutputKey": name, "OutputValue": value} for name, value in outputs.items()]
            return {"Stacks": [{"Outputs": listed}]}

    def client(service: str, region_name: str, **options: Any) -> Any:
        if service == "cloudformation":
            return CloudFormation(region_name)
        return make(service, region_name=region_name, **options)

    monkeypatch.setattr(boto3, "client", client)
    return asked


def test_a_stacks_outputs_tell_endpoints_and_panel(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = {
        "OriginControlsRoutingControlEndpoints1A2B": ",".join(cluster.options[1::2]),
        "OriginControlsRoutingControlPanel3C4D": PANEL,
    }
    asked = _stack(monkeypatch, outputs)

    assert main(["routing-control", "set", "standby=On", "--stack", "edge", "--region", "us-east-1"]) == 0

    assert asked == [("edge", "us-east-1")]
    assert capsys.readouterr().out == "standby=On (was Off)\n"
    assert cluster.sent("ListRoutingControls") == [{"ControlPanelArn": PANEL}]


def test_a_stack_without_such_outputs_is_told(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _stack(monkeypatch, {"Read": "curl"})

    assert main(["routing-control", "get", "--stack", "edge", "--region", "us-east-1"]) == 1

    [line] = capsys.readouterr().err.splitlines()
    assert "stack edge in us-east-1 has 0 outputs named RoutingControlEndpoints" in line
    assert cluster.calls == []
