"""The function that makes an origin group for each read, run by Node.js as the synth writes it."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from ha_patterns import FailoverOriginGroup, SamePathReads

from ..samples import new_stack, only, primary_host, secondary_host

_HERE = Path(__file__).parent
_EVENT: dict[str, Any] = json.loads(
    (_HERE.parent / "events" / "function_viewer_request.json").read_text(encoding="utf-8")
)
_GROUP = {
    "originIds": [{"originId": "reads-primary"}, {"originId": "reads-secondary"}],
    "failoverCriteria": {"statusCodes": [500, 502, 503, 504]},
}


@dataclass(frozen=True)
class _Outcome:
    """What came of one event.

    Attributes:
        calls: What the helper was called with, once for each call.
        logs: The arguments of each call of console.log.
        raised: The error that would be a 503 to the viewer, or None.
        returned: What the function returned.
    """

    calls: list[Any]
    logs: list[list[Any]]
    raised: str | None
    returned: Any


def _code(**given: Any) -> str:
    """The code in the template."""
    stack = new_stack()
    group = FailoverOriginGroup(
        **{"primary": primary_host(), "secondary": secondary_host(), "origin_id": "reads", **given}
    )
    SamePathReads(stack, "Reads", origin_group=group)
    return str(only(Template.from_stack(stack), "AWS::CloudFront::Function")["FunctionCode"])


def _run(folder: Path, code: str, events: list[Any], fails: object = None) -> list[_Outcome]:
    """Have one process of Node.js call the function with each event; it finds the stand-in as the module's name."""
    module = folder / "node_modules" / "cloudfront"
    module.mkdir(parents=True)
    shutil.copy(_HERE / "cloudfront_module.mjs", module)
    (module / "package.json").write_text('{"exports": "./cloudfront_module.mjs"}')
    shutil.copy(_HERE / "run_function.mjs", folder)
    (folder / "function.mjs").write_text(f"{code}\nexport {{ handler }};\n", encoding="utf-8")
    done = subprocess.run(
        ["node", "run_function.mjs"],
        cwd=folder,
        input=json.dumps([{"event": event, "fails": fails} for event in events]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [_Outcome(**outcome) for outcome in json.loads(done.stdout)]


def _request(**changes: Any) -> dict[str, Any]:
    """The event of a GET with parts of its request changed."""
    event = copy.deepcopy(_EVENT)
    event["request"].update(changes)
    return event


_READS = {method: _request(method=method) for method in ("GET", "HEAD")}
_OTHERS = {
    repr(method): _request(method=method)
    for method in (
        *("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"),
        *(
            "get",
            "head",
            "Get",
            "GET ",
            " GET",
            "GETS",
            "GE",
            "\uff27\uff25\uff34",
            "GET\u0000",
            "HEAD,GET",
            "",
            "undefined",
        ),
        *(None, 0, 1, True, ["GET"], {"value": "GET"}, {}),
    )
}
_OVERRIDES = {
    f"{part} {name}": {part: {name: {"value": "GET"}, "method": {"value": "GET"}}}
    for part, name in (
        ("headers", "x-http-method-override"),
        ("headers", "x-http-method"),
        ("headers", "x-method-override"),
        ("headers", "x-ha-origin-role"),
        ("querystring", "_method"),
        ("cookies", "_method"),
    )
}
_CLAIMED = {f"a POST with {what}": _request(method="POST", **parts) for what, parts in _OVERRIDES.items()}
_DISCLAIMED = {
    f"a GET with {what}": json.loads(json.dumps(_request(**parts)).replace('{"value": "GET"}', '{"value": "POST"}'))
    for what, parts in _OVERRIDES.items()
}
_WITHOUT_METHOD = _request()
del _WITHOUT_METHOD["request"]["method"]
_ODD: dict[str, Any] = {
    "no method": _WITHOUT_METHOD,
    "an empty request": {"request": {}},
    "no request": {},
    "a request that is null": {"request": None},
    "a request that is a string": {"request": "GET"},
    "a request that is a list": {"request": ["GET"]},
    "null": None,
    "a number": 7,
    "a list": [],
}
_BARE = {"a GET with nothing but its method": {"request": {"method": "GET"}}}
_EVENTS: Mapping[str, Any] = {**_READS, **_OTHERS, **_CLAIMED, **_DISCLAIMED, **_ODD, **_BARE}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Outcome]:
    """What the function makes of every event."""
    found = _run(tmp_path_factory.mktemp("function"), _code(), list(_EVENTS.values()))
    return dict(zip(_EVENTS, found, strict=True))


@pytest.mark.parametrize("name", [*_READS, *_BARE, *_DISCLAIMED])
def test_a_read_gets_the_group_of_the_primary_and_then_the_secondary(outcomes: dict[str, _Outcome], name: str) -> None:
    assert outcomes[name].calls == [_GROUP]


@pytest.mark.parametrize("name", [*_OTHERS, *_CLAIMED, *_ODD])
def test_nothing_else_gets_a_group_whatever_it_claims(outcomes: dict[str, _Outcome], name: str) -> None:
    assert outcomes[name].calls == []


@pytest.mark.parametrize("name", _EVENTS)
def test_every_request_goes_on_as_it_came(outcomes: dict[str, _Outcome], name: str) -> None:
    event = _EVENTS[name]

    assert outcomes[name].raised is None
    assert outcomes[name].returned == (event.get("request") if isinstance(event, dict) else None)


@pytest.mark.parametrize("name", [*_READS, *_OTHERS, *_CLAIMED, *_DISCLAIMED, *_BARE])
def test_nothing_is_logged_where_all_is_well(outcomes: dict[str, _Outcome], name: str) -> None:
    assert outcomes[name].logs == []


@pytest.mark.parametrize("fails", ["Error", "a string", 0, False])
def test_a_read_goes_on_where_the_helper_fails_and_one_line_tells(tmp_path: Path, fails: object) -> None:
    get, post = _run(tmp_path, _code(), [_request(), _request(method="POST")], fails)

    for outcome, event in ((get, _request()), (post, _request(method="POST"))):
        assert outcome.raised is None
        assert outcome.returned == event["request"]
    assert get.calls == [_GROUP]
    [[line]] = get.logs
    assert "\n" not in line
    # What the metric filter looks for.
    assert json.loads(line)["event"] == "read-without-failover"
    assert json.loads(line)["error"] == ("Error: no such origin" if fails == "Error" else json.dumps(fails).strip('"'))
    assert post.logs == []


def test_the_codes_are_those_of_the_group_in_its_order(tmp_path: Path) -> None:
    [outcome] = _run(tmp_path, _code(status_codes=[504, 429, 503, 404]), [_request()])

    assert outcome.calls[0]["failoverCriteria"] == {"statusCodes": [504, 429, 503, 404]}


@pytest.mark.parametrize(
    "origin_id",
    [
        "it's",
        '"',
        "\\",
        "\\u0022",
        "${x}",
        "`",
        "*/",
        "</script>",
        "ORIGIN_GROUP",
        "Zürich",
        "😀",
        '"}]}; throw 1; //',
        "a" * 118,
    ],
)
def test_the_code_is_javascript_whatever_the_ids_are(tmp_path: Path, origin_id: str) -> None:
    [outcome] = _run(tmp_path, _code(origin_id=origin_id), [_request()])

    assert outcome.logs == []
    assert outcome.calls[0]["originIds"] == [
        {"originId": f"{origin_id}-primary"},
        {"originId": f"{origin_id}-secondary"},
    ]


def test_the_code_is_within_10_kb_with_the_longest_ids_and_all_codes() -> None:
    longest = _code(origin_id="😀" * 118, status_codes=[400, 403, 404, 416, 429, 500, 502, 503, 504])

    assert len(longest.encode()) <= 10 * 1024


def test_the_code_keeps_to_the_javascript_of_runtime_2() -> None:
    code = re.sub(r"//.*", "", _code())

    # The runtime is ECMAScript 5.1 with const, let and import of its own modules; these are parts of later editions.
    later = {r"\?\.", r"\?\?", r"\bclass\b", r"\bof\b", r"\.\.\.", r"\bcatch\s*\{", r"\bexport\b", r"\bconst\s*[\[{]"}
    assert [part for part in later if re.search(part, code)] == []
    # The documentation asks for the import in the first line.
    assert code.startswith("import cf from 'cloudfront';\n")
