"""ha-patterns access-point, as it is typed, against a stand-in for S3: five endpoints on loopback."""

from __future__ import annotations

import random
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote

import boto3  # type: ignore[import-untyped]
import botocore.exceptions  # type: ignore[import-untyped]
import pytest

from ha_patterns.cli import main
from ha_patterns.operate import access_point, endpoints
from ha_patterns.operate.endpoints import Endpoint, Patience
from tools.local_cloud import ACCOUNT, LocalCloud

from .loopback import FAULTS, Answer, Failure, StandIn, broken, throttled

pytestmark = pytest.mark.measures_time

REGIONS = ("us-east-1", "us-west-2", "ap-southeast-2", "ap-northeast-1", "eu-west-1")
ARN = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
GET, SUBMIT = "GET", "PATCH"

_Printed = pytest.CaptureFixture[str]


class S3(StandIn):
    """S3 with one access point over two buckets, which answers to its ARN and its account."""

    request_id = "x-amz-request-id"

    def __init__(self) -> None:
        self.dials = {"eu-west-1": 100, "eu-central-1": 0}
        super().__init__(REGIONS)

    def read(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[str, dict[str, Any]]:
        sent = ElementTree.fromstring(body or b"<Nothing/>")  # noqa: S314 - what boto3 wrote
        routes = [{_tag(field): field.text for field in route} for updates in sent for route in updates]
        named = re.fullmatch(r"/v20180820/mrap/instances/(.*)/routes", unquote(request.path))
        arn = named and named[1]
        return request.command, {"arn": arn, "account": request.headers["x-amz-account-id"], "routes": routes}

    def answer(self, operation: str, given: dict[str, Any]) -> Answer:
        if (given["arn"], given["account"]) != (ARN, ARN.split(":")[4]):
            return 404, Failure("NoSuchMultiRegionAccessPoint", "The specified access point does not exist.")
        if operation == GET:
            return 200, self.dials
        wanted = {route["Region"]: int(route["TrafficDialPercentage"]) for route in given["routes"]}
        if not any({**self.dials, **wanted}.values()):
            return 400, Failure("InvalidRequest", "At least one Region must be configured to receive traffic.")
        self.dials |= wanted
        return 200, {}

    def encode(self, answer: Any) -> bytes:
        if isinstance(answer, Failure):
            error = f"<Error><Code>{answer.code}</Code><Message>{answer.message}</Message></Error>"
            return f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>".encode()
        routes = [
            f"<Route><Bucket>content-{region}</Bucket><Region>{region}</Region>"
            f"<TrafficDialPercentage>{dial}</TrafficDialPercentage></Route>"
            for region, dial in answer.items()
        ]
        result = "GetMultiRegionAccessPointRoutesResult"
        return f"<{result}><Mrap>{ARN}</Mrap><Routes>{''.join(routes)}</Routes></{result}>".encode() if routes else b""


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    running = S3()
    _known_at(monkeypatch, running)
    yield running
    running.close()


def _known_at(monkeypatch: pytest.MonkeyPatch, s3: S3) -> None:
    ports = [Endpoint(region, f"http://localhost:{s3.ports[region]}") for region in REGIONS]
    monkeypatch.setattr(access_point, "ENDPOINTS", ports)


def test_the_endpoints_are_those_of_the_five_regions() -> None:
    assert [endpoint.region for endpoint in access_point.ENDPOINTS] == list(REGIONS)
    assert [endpoint.url for endpoint in access_point.ENDPOINTS] == [None] * 5


# Reading


def test_get_prints_what_set_takes(s3: S3, capsys: _Printed) -> None:
    assert main(["access-point", "get", ARN]) == 0

    assert capsys.readouterr().out == "eu-west-1=100   content-eu-west-1\neu-central-1=0  content-eu-central-1\n"
    assert len(s3.calls) == 1


# Setting


def test_set_sends_all_in_one_call(s3: S3, capsys: _Printed) -> None:
    assert main(["access-point", "set", ARN, "eu-west-1=0", "eu-central-1=100"]) == 0

    assert capsys.readouterr().out == (
        "eu-west-1=0 (was 100)\neu-central-1=100 (was 0)\nS3 follows within two minutes\n"
    )
    assert s3.dials == {"eu-west-1": 0, "eu-central-1": 100}
    [sent] = s3.sent(SUBMIT)
    assert sent["routes"] == [
        {"Region": "eu-west-1", "TrafficDialPercentage": "0"},
        {"Region": "eu-central-1", "TrafficDialPercentage": "100"},
    ]


def test_a_region_that_is_not_named_stays_as_it_is(s3: S3) -> None:
    assert main(["access-point", "set", ARN, "eu-central-1=100"]) == 0

    assert s3.dials == {"eu-west-1": 100, "eu-central-1": 100}
    [sent] = s3.sent(SUBMIT)
    assert [route["Region"] for route in sent["routes"]] == ["eu-central-1"]


def test_a_dry_run_sets_nothing(s3: S3, capsys: _Printed) -> None:
    assert main(["access-point", "set", ARN, "eu-west-1=0", "eu-central-1=100", "--dry-run"]) == 0

    assert capsys.readouterr().out == ("eu-west-1=0 (was 100)\neu-central-1=100 (was 0)\ndry run: nothing was set\n")
    assert s3.dials["eu-west-1"] == 100
    assert [operation for _, operation, _ in s3.calls] == [GET]


def test_a_route_that_is_there_already_is_sent_all_the_same(s3: S3) -> None:
    """What one endpoint knows may be old, so it decides nothing."""
    assert main(["access-point", "set", ARN, "eu-west-1=100"]) == 0

    assert len(s3.sent(SUBMIT)) == 1


@pytest.mark.parametrize("routes", [["eu-west-1=0"], ["eu-west-1=0", "eu-central-1=0"]], ids=["the last", "all"])
def test_no_region_left_active_is_refused_before_anything_is_sent(s3: S3, capsys: _Printed, routes: list[str]) -> None:
    assert main(["access-point", "set", ARN, *routes]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert line == "ha-patterns: no Region would be left active: set at least one to 100"
    assert s3.sent(SUBMIT) == []


def test_a_refusal_of_s3_is_shown_and_asked_once(s3: S3, capsys: _Printed) -> None:
    """Somebody else sets the other route between the two calls."""

    def meanwhile() -> None:
        s3.dials["eu-central-1"] = 0

    s3.dials["eu-central-1"] = 100
    s3.faults = dict.fromkeys(REGIONS, _after_the_first_call(s3, meanwhile))

    assert main(["access-point", "set", ARN, "eu-west-1=0"]) == 1

    assert capsys.readouterr().err.splitlines() == [
        "ha-patterns: refused: InvalidRequest: At least one Region must be configured to receive traffic.",
        "  Nothing was changed.",
    ]
    assert len(s3.sent(SUBMIT)) == 1
    assert s3.dials["eu-west-1"] == 100


def _after_the_first_call(s3: S3, then: Callable[[], Answer | None]) -> Callable[[], Answer | None]:
    return lambda: then() if len(s3.calls) > 1 else None


def test_denied_access_says_what_it_takes(s3: S3, capsys: _Printed) -> None:
    s3.faults = dict.fromkeys(REGIONS, lambda: (403, Failure("AccessDenied", "Access Denied")))

    assert main(["access-point", "get", ARN]) == 1

    assert capsys.readouterr().err.splitlines() == [
        "ha-patterns: refused: AccessDenied: Access Denied",
        "  It needs s3:GetMultiRegionAccessPointRoutes and s3:SubmitMultiRegionAccessPointRoutes.",
    ]
    assert len(s3.calls) == 1


# Endpoints that fail


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("working", [REGIONS[0], REGIONS[-1]])
def test_one_working_endpoint_is_enough(s3: S3, fault: str, working: str) -> None:
    s3.faults = {region: FAULTS[fault] for region in REGIONS if region != working}

    assert main(["access-point", "set", ARN, "eu-west-1=0", "eu-central-1=100"]) == 0

    assert s3.dials == {"eu-west-1": 0, "eu-central-1": 100}
    for operation in (GET, SUBMIT):
        asked = s3.asked(operation)
        assert asked[-1] == working
        assert len(asked) == len(set(asked))


def test_refused_connections_are_passed_over(
    s3: S3, monkeypatch: pytest.MonkeyPatch, reached: set[tuple[str, int]]
) -> None:
    for region in REGIONS[:4]:
        s3.refuse(region)
    _known_at(monkeypatch, s3)

    assert main(["access-point", "set", ARN, "eu-west-1=0", "eu-central-1=100"]) == 0

    assert [region for region, _, _ in s3.calls] == [REGIONS[4]] * 2
    assert reached <= {("123456789012.localhost", port) for port in s3.ports.values()}


def test_when_all_fail_each_was_asked_once_a_round_and_says_why(s3: S3, capsys: _Printed) -> None:
    s3.faults = {**dict.fromkeys(REGIONS, broken), REGIONS[1]: throttled}

    assert main(["access-point", "get", ARN]) == 1

    printed = capsys.readouterr()
    [headline, *lines] = printed.err.splitlines()
    assert printed.out == ""
    assert headline == "ha-patterns: no endpoint of S3's failover controls carried it out"
    assert [line.partition("=")[0].strip() for line in lines] == list(REGIONS)
    assert lines[0].endswith("InternalServerException: broken")
    assert lines[1].endswith("ThrottlingException: slow down")
    asked = s3.asked(GET)
    assert [sorted(REGIONS)] * 3 == [sorted(asked[start : start + 5]) for start in range(0, len(asked), 5)]


def test_a_change_whose_answer_was_lost_is_not_said_to_have_failed(s3: S3, capsys: _Printed) -> None:
    s3.faults = dict.fromkeys(REGIONS, _after_the_first_call(s3, broken))

    assert main(["access-point", "set", ARN, "eu-west-1=0", "eu-central-1=100"]) == 1

    assert "may have been made: look with get" in capsys.readouterr().err


def test_the_order_of_the_endpoints_is_random(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "sample", lambda population, _: list(reversed(population)))

    assert main(["access-point", "get", ARN]) == 0

    assert s3.asked(GET) == [REGIONS[-1]]


def test_each_request_is_signed_for_the_region_of_its_endpoint(s3: S3) -> None:
    s3.faults = dict.fromkeys(REGIONS, broken)

    assert main(["access-point", "get", ARN]) == 1

    assert {region for _, region in s3.signed_for} == set(REGIONS)


# Bad input: one line, exit status 2, and nothing is set


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["get", "My_Access_Point"], "must be an ARN such as arn:aws:s3::", id="no name"),
        pytest.param(["get", f"{ARN}/object/a"], "or a name, got 'arn:aws", id="the ARN of an object"),
        pytest.param(["get", ARN.replace("s3::", "s3:eu-west-1:")], "must be an ARN", id="an access point of a Region"),
        pytest.param(["get", "mfzwi23gnjvgw.mrap"], "must be an ARN", id="an alias"),
        pytest.param(["set", ARN, "eu-west-1"], "REGION=0 (passive), got 'eu-west-1'", id="no dial"),
        pytest.param(["set", ARN, "eu-west-1=50"], "a route must be REGION=100 (active)", id="a share"),
        pytest.param(["set", ARN, "eu-west-1=on"], "got 'eu-west-1=on'", id="a word"),
        pytest.param(["set", ARN, "=100"], "got '=100'", id="no Region"),
        pytest.param(["set", ARN, "eu-west-1=100", "eu-west-1=0"], "eu-west-1 is named twice", id="twice"),
        pytest.param(
            ["set", ARN, "us-east-1=100"],
            "no bucket in 'us-east-1'; it has in: eu-west-1, eu-central-1",
            id="a Region without a bucket",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line(s3: S3, capsys: _Printed, arguments: list[str], said: str) -> None:
    assert main(["access-point", *arguments]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert s3.sent(SUBMIT) == []


def test_an_access_point_that_is_not_there_is_told(s3: S3, capsys: _Printed) -> None:
    assert main(["access-point", "get", ARN.replace("mfzwi", "other")]) == 1

    [line] = capsys.readouterr().err.splitlines()
    assert "refused: NoSuchMultiRegionAccessPoint" in line
    assert len(s3.calls) == 1


def test_without_boto3_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: _Printed) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    assert main(["access-point", "get", ARN]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert "pip install 'ha-patterns[aws]'" in line


def test_without_credentials_nobody_is_asked(s3: S3, monkeypatch: pytest.MonkeyPatch, capsys: _Printed) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    assert main(["access-point", "get", ARN]) == 1

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("ha-patterns: no credentials")
    assert s3.calls == []


# Names, which S3's control plane knows


def _control_plane(monkeypatch: pytest.MonkeyPatch, access_points: dict[str, str]) -> list[tuple[str, str]]:
    """STS and the control plane of S3; returns which of them is asked, and where."""
    asked: list[tuple[str, str]] = []
    make = boto3.client

    class ControlPlane:
        def __init__(self, service: str, region: str) -> None:
            self.asked = service, region

        def get_caller_identity(self) -> dict[str, str]:
            asked.append(self.asked)
            return {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/operator/me"}

        def get_multi_region_access_point(self, AccountId: str, Name: str) -> dict[str, Any]:  # noqa: N803
            asked.append(self.asked)
            assert AccountId == "123456789012"
            if Name not in access_points:
                told = {"Error": {"Code": "NoSuchMultiRegionAccessPoint", "Message": "there is none"}}
                raise botocore.exceptions.ClientError(told, "GetMultiRegionAccessPoint")
            return {"AccessPoint": {"Name": Name, "Alias": access_points[Name]}}

    def client(service: str, region_name: str, endpoint_url: str | None = None, **options: Any) -> Any:
        if endpoint_url is None:
            return ControlPlane(service, region_name)
        return make(service, region_name=region_name, endpoint_url=endpoint_url, **options)

    monkeypatch.setattr(boto3, "client", client)
    return asked


def test_a_name_is_looked_up_in_its_own_account(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _control_plane(monkeypatch, {"content": "mfzwi23gnjvgw.mrap"})

    assert main(["access-point", "set", "content", "eu-west-1=0", "eu-central-1=100"]) == 0

    assert asked == [("sts", "us-west-2"), ("s3control", "us-west-2")]
    assert s3.dials["eu-west-1"] == 0


def test_a_name_that_is_not_there_is_told_with_the_way_out(
    s3: S3, monkeypatch: pytest.MonkeyPatch, capsys: _Printed
) -> None:
    _control_plane(monkeypatch, {})

    assert main(["access-point", "get", "content"]) == 1

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("ha-patterns: access point content cannot be looked up in us-west-2")
    assert line.endswith("there is none; give its ARN")
    assert s3.calls == []


def test_the_local_cloud_takes_the_same_calls(monkeypatch: pytest.MonkeyPatch, capsys: _Printed) -> None:
    """Written by others than the stand-in, and so a witness of what S3 takes."""
    monkeypatch.setattr(endpoints, "PATIENCE", Patience())
    regions = ("eu-west-1", "eu-central-1")
    with LocalCloud() as cloud:
        for region in regions:
            location = {"LocationConstraint": region}
            cloud.client("s3", region).create_bucket(Bucket=f"content-{region}", CreateBucketConfiguration=location)
        details = {"Name": "content", "Regions": [{"Bucket": f"content-{region}"} for region in regions]}
        cloud.client("s3control", "us-west-2").create_multi_region_access_point(
            AccountId=ACCOUNT, ClientToken="1", Details=details
        )
        monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)

        assert main(["access-point", "set", "content", "eu-west-1=0"]) == 0
        assert main(["access-point", "get", "content"]) == 0

    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "eu-west-1=0 (was 100)"
    assert printed[2:] == ["eu-west-1=0       content-eu-west-1", "eu-central-1=100  content-eu-central-1"]
