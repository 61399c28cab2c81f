"""What the rules say of functions on events: which CloudFront takes there, and whether they are published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.checks import RULES, check
from ha_patterns.topology import load

from ..topology.loading import write_assembly
from .edge_documents import UNKNOWN, asked, behavior, origin, said, site

_FUNCTION = {"Fn::GetAtt": ["Route", "FunctionARN"]}
_VERSION = "arn:aws:lambda:us-east-1:111111111111:function:route:1"


def _function(**properties: Any) -> dict[str, Any]:
    given = {"Name": "route", "FunctionCode": "function handler(event) { return event.request; }", **properties}
    return {"Type": "AWS::CloudFront::Function", "Properties": given}


def _on(event: object, *, published: Any = True) -> dict[str, dict[str, Any]]:
    associated = [{"EventType": event, "FunctionARN": _FUNCTION}]
    resources = site([origin("one")], behavior("one", FunctionAssociations=associated))
    given = {} if published is None else {"AutoPublish": published}
    return {**resources, "Route": _function(**given)}


def _at_edge(event: object, **properties: Any) -> dict[str, dict[str, Any]]:
    associated = [{"EventType": event, "LambdaFunctionARN": _VERSION, **properties}]
    return site([origin("one")], behavior("one", LambdaFunctionAssociations=associated))


@pytest.mark.parametrize("event", ["origin-request", "origin-response"])
def test_a_cloudfront_function_is_on_no_origin_event(tmp_path: Path, event: str) -> None:
    [message] = said(tmp_path, _on(event), "HA116")

    assert message == f"a CloudFront Function is on {event}; it may be on viewer-request and viewer-response"


@pytest.mark.parametrize("event", ["origin-response", "viewer-response"])
@pytest.mark.parametrize("value", [True, "true"])
def test_a_response_has_no_body_of_a_request(tmp_path: Path, event: str, value: object) -> None:
    [message] = said(tmp_path, _at_edge(event, IncludeBody=value), "HA116")

    assert message == f"IncludeBody is true on {event}; it may be on origin-request and viewer-request"


def test_an_event_is_one_of_four(tmp_path: Path) -> None:
    [message] = said(tmp_path, _at_edge("viewer-error"), "HA116")

    assert message.startswith("EventType is 'viewer-error'; it may be")


@pytest.mark.parametrize(
    "resources",
    [
        _on("viewer-request"),
        _on("viewer-response"),
        _on(UNKNOWN),
        _at_edge("origin-request", IncludeBody=True),
        _at_edge("viewer-request", IncludeBody=True),
        _at_edge("origin-response", IncludeBody=False),
        _at_edge("origin-response", IncludeBody=UNKNOWN),
        _at_edge(UNKNOWN, IncludeBody=True),
    ],
)
def test_events_that_a_function_may_have_are_fine(tmp_path: Path, resources: dict[str, Any]) -> None:
    assert not said(tmp_path, resources, "HA116")


@pytest.mark.parametrize("published", [False, "false", None])
def test_a_function_is_published(tmp_path: Path, published: object) -> None:
    [message] = said(tmp_path, _on("viewer-request", published=published), "HA117")

    assert message == "Route on viewer-request is not published: AutoPublish is not set to true"


def test_a_function_that_is_published_is_fine_and_so_is_one_elsewhere(tmp_path: Path) -> None:
    elsewhere = _on("viewer-request")
    del elsewhere["Route"]

    assert not said(tmp_path, _on("viewer-request"), "HA117")
    assert not said(tmp_path, elsewhere, "HA117")
    assert not said(tmp_path, _at_edge("viewer-request"), "HA117")
    assert len(asked(tmp_path, _on("viewer-request", published=UNKNOWN), "HA117")) == 1


def test_a_function_of_another_stack_may_be_published_before_the_distribution_is_made(tmp_path: Path) -> None:
    both = _on("viewer-request", published=False)
    arn = {"Fn::GetStackOutput": {"StackName": "Functions", "OutputName": "Arn"}}
    both["Site"] = json.loads(json.dumps(both["Site"]).replace(json.dumps(_FUNCTION), json.dumps(arn)))
    stacks = {
        "Functions": {"Resources": {"Route": both["Route"]}, "Outputs": {"Arn": {"Value": _FUNCTION}}},
        "Edge": {"Resources": {"Site": both["Site"]}},
    }
    report = check(load(write_assembly(tmp_path / "out", stacks)), rules=[RULES["HA117"]])

    assert not report.findings
    assert len(report.cannot_tell) == 1
