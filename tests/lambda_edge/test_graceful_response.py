"""The failover leg and the error page are answered here, every other request passes, and nothing ends a string."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_edge.common import world
from lambda_edge.common.entry import Handler, entry
from lambda_edge.common.origin import ROLE_HEADER
from lambda_edge.graceful_response.accept import preferred
from lambda_edge.graceful_response.handler import ERROR_PAGE, MOST_CHARACTERS, build, plain

from .contract import MAX_GENERATED, check
from .contract_suite import assert_contract
from .payloads import as_sent_on, payload, request_of

_HTML = (
    '<p title="{{path}}">{{request_id}}</p><a href="{{path}}">again in {{retry_after}} s</a><script>"{{path}}"</script>'
)
_JSON = '{"path": "{{path}}", "id": {"request": "{{request_id}}"}, "wait": "{{retry_after}}"}'
_FORMATS = {"html": "text/html", "json": "application/json"}


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(world, "log", lambda event, **fields: lines.append({"event": event, **fields}))
    return lines


def _handler(**configuration: Any) -> Handler:
    settings = {"templates": {"html": _HTML, "json": _JSON}, "status": 503, "max_age": None, "retry_after": 30}
    return entry(build, lambda: settings | configuration, fails_open=True)


def _event(role: str = "secondary", accept: str | None = None, **changes: Any) -> dict[str, Any]:
    event = payload("origin_request_group_secondary")
    request = request_of(event)
    request["origin"]["custom"]["customHeaders"][ROLE_HEADER][0]["value"] = role
    if accept is not None:
        request["headers"]["accept"] = [{"key": "Accept", "value": value} for value in accept.split("|")]
    request |= changes
    return event


def _headers(answer: dict[str, Any]) -> dict[str, str]:
    return {name: values[0]["value"] for name, values in answer["headers"].items()}


# Which requests


def test_on_the_primary_leg_it_does_nothing(logged: list[dict[str, Any]]) -> None:
    assert _handler()(_event("primary"), None) == request_of(_event("primary"))
    assert logged == []


@pytest.mark.parametrize("event", ["origin_request_custom", "origin_request_s3", "origin_request_body"])
def test_a_request_that_a_viewer_says_to_be_on_the_failover_leg_passes(event: str) -> None:
    request_of(payload(event))["headers"][ROLE_HEADER] = [{"key": ROLE_HEADER, "value": "secondary"}]

    assert _handler()(payload(event), None) == as_sent_on(payload(event))


@pytest.mark.parametrize("role", ["primary", "", "other"])
def test_a_host_that_a_viewer_made_up_does_not_reach_the_primary(role: str) -> None:
    event = _event(role)
    request_of(event)["headers"]["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": "evil.example.org"}]

    assert _handler()(event, None) == as_sent_on(_event(role))


def test_configuration_headers_do_not_reach_the_primary() -> None:
    event = _event("primary")
    headers = request_of(event)["origin"]["custom"]["customHeaders"]
    headers["x-ha-edge-x"] = [{"key": "x-ha-edge-x", "value": "1"}]

    assert "x-ha-edge-x" not in _handler()(event, None)["origin"]["custom"]["customHeaders"]


def test_on_the_failover_leg_it_answers_503_that_nobody_keeps(logged: list[dict[str, Any]]) -> None:
    event = _event()

    answer = _handler()(event, None)

    check(_event(), answer)
    assert (answer["status"], answer["statusDescription"]) == ("503", "Service Unavailable")
    assert _headers(answer) == {
        "cache-control": "no-store",
        "content-type": "text/html; charset=utf-8",
        "retry-after": "30",
        "vary": "Accept",
        "x-content-type-options": "nosniff",
    }
    request_id = event["Records"][0]["cf"]["config"]["requestId"]
    assert f'<p title="/checkout/cart">{request_id}</p>' in answer["body"]
    assert "again in 30 s" in answer["body"]
    assert logged == [{"event": "answered", "role": "secondary", "request_id": request_id}]


def test_a_200_says_how_long_it_is_kept() -> None:
    answer = _handler(status=200, max_age=15)(_event(), None)

    check(_event(), answer)
    assert (answer["status"], _headers(answer)["cache-control"]) == ("200", "max-age=15")


@pytest.mark.parametrize("configuration", [{}, {"status": 200, "max_age": 60}])
def test_the_error_page_is_a_page_and_not_kept(configuration: dict[str, Any]) -> None:
    answer = _handler(**configuration)(_event(ERROR_PAGE), None)

    check(_event(), answer)
    assert (answer["status"], _headers(answer)["cache-control"]) == ("200", "no-store")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_what_may_be_kept_for_a_get_is_whole_whatever_the_method(method: str) -> None:
    assert _handler()(_event(method=method), None)["body"] == _handler()(_event(), None)["body"]


# Which format


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "html"),
        ("application/json", "json"),
        ("application/json, text/plain, */*", "json"),
        ("application/problem+json", "json"),
        ("APPLICATION/JSON", "json"),
        ("text/html;q=0.4, application/json;q=0.5", "json"),
        ("text/html;q=0.5, application/json;q=0.4", "html"),
        ("text/html;q=0, */*", "json"),
        ("application/json;q=0, */*", "html"),
        ("application/*", "json"),
        ("application/json; charset=utf-8; q=0.9, text/*; q=0.3", "json"),
        ("text/html;level=1;q=0.2, application/json;q=0.3", "json"),
        # Nothing said, nothing wanted, nothing meant: the first.
        ("", "html"),
        ("*/*", "html"),
        ("image/png", "html"),
        ("text/html;q=0, application/json;q=0", "html"),
        ("json", "html"),
        ("application/json;q=1e9999", "html"),
        ("application/json;q=nan", "html"),
        ("application/json;q=-1", "html"),
        ("application/json;q=2, text/html;q=0.1", "html"),
        (";,/,//,;q=1,*/*;q", "html"),
        # Several headers are one.
        ("image/png|application/json", "json"),
    ],
)
def test_the_viewer_gets_what_it_would_rather_have(accept: str, format_: str) -> None:
    assert preferred(accept.replace("|", ","), _FORMATS) == format_
    assert _headers(_handler()(_event(accept=accept), None))["content-type"].startswith(_FORMATS[format_])


def test_the_first_template_is_for_those_that_have_no_wish() -> None:
    templates = {"json": _JSON, "html": _HTML}

    assert _headers(_handler(templates=templates)(_event(accept="*/*"), None))["content-type"] == "application/json"


@pytest.mark.parametrize("accept", ["text/html", "application/json", ""])
def test_with_one_template_there_is_nothing_to_choose(accept: str) -> None:
    answer = _handler(templates={"json": _JSON})(_event(accept=accept), None)

    assert _headers(answer)["content-type"] == "application/json"
    assert "vary" not in answer["headers"]


def test_a_request_without_accept_is_answered() -> None:
    event = _event()
    del request_of(event)["headers"]["accept"]

    assert _handler()(event, None)["status"] == "503"


@pytest.mark.property
@given(st.text(alphabet=" ,;/*=.q01texhmlapicojsn+-\t", max_size=200) | st.text(max_size=100))
def test_any_accept_header_has_an_answer(accept: str) -> None:
    assert preferred(accept, _FORMATS) in _FORMATS


@pytest.mark.parametrize("accept", [";" * 32_000, "," * 32_000, "a/" * 16_000, " " * 32_000, "a/b;" + "q=" * 16_000])
def test_a_header_made_to_be_slow_is_not(accept: str) -> None:
    start = time.process_time()
    for _ in range(100):
        preferred(accept, _FORMATS)

    assert time.process_time() - start < 1


# What a viewer sent


class _Tags(HTMLParser):
    """The tags and attribute names of a page, and the values of links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[str]]] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [name for name, _ in attrs]))
        self.links += [str(value) for name, value in attrs if name == "href"]


_NASTY = [
    '/"><script>alert(1)</script>',
    "/'onmouseover='alert(1)",
    "/</script><script>alert(1)",
    '/\\"};alert(1)//',
    "//evil.example.net/",
    "/\\evil.example.net",
    "/{{request_id}}{{path}}",
    "/\r\nSet-Cookie: a=1",
    "/\u2028\u202e\ufeff\x00\ud800",
    "javascript:alert(1)",
    "/%3Cscript%3E",
    "/" + "é<" * 10_000,
]


@pytest.mark.parametrize("uri", _NASTY)
def test_nothing_that_a_viewer_sends_as_path_is_more_than_text(uri: str) -> None:
    page = _handler()(_event(uri=uri, accept="text/html"), None)
    value = _handler()(_event(uri=uri, accept="application/json"), None)

    for answer in (page, value):
        check(_event(uri=uri), answer)
    assert _Tags(page["body"]).tags == [("p", ["title"]), ("a", ["href"]), ("script", [])]
    (link,) = _Tags(page["body"]).links
    assert re.fullmatch(r"/([A-Za-z0-9._~%=-][A-Za-z0-9/._~%=-]*)?", link)
    parsed = json.loads(value["body"])
    assert parsed["path"] == link
    assert list(parsed) == ["path", "id", "wait"]


@pytest.mark.property
@given(st.text(), st.text(), st.text())
def test_no_text_of_an_event_changes_the_structure_of_an_answer(uri: str, request_id: str, accept: str) -> None:
    for wanted in ("text/html", "application/json"):
        event = _event(uri=uri, accept=f"{wanted},{accept.replace('|', '')};q=0")
        event["Records"][0]["cf"]["config"]["requestId"] = request_id
        answer = _handler()(event, None)

        if _headers(answer)["content-type"] == "application/json":
            assert list(json.loads(answer["body"])) == ["path", "id", "wait"]
        else:
            assert len(_Tags(answer["body"]).tags) == 3


@pytest.mark.parametrize("text", ["é" * 10_000, "a" * 10_000, "<" * 10_000, "\U0001f600" * 10_000])
def test_a_value_is_bounded(text: str) -> None:
    assert len(plain(text)) == MOST_CHARACTERS


def test_the_largest_answer_that_the_construct_lets_through_is_one_that_cloudfront_takes() -> None:
    template = "{{path}}" * 1_900 + "a" * 10_000
    answer = _handler(templates={"html": template})(_event(uri="/" + "<" * 8_000), None)

    check(_event(uri="/" + "<" * 8_000), answer)
    assert 900_000 < len(answer["body"]) <= MAX_GENERATED


# Whatever comes


@pytest.mark.property
def test_it_stands_everything() -> None:
    seen = assert_contract(
        _handler(),
        event_type="origin-request",
        payloads=[_event(), _event(ERROR_PAGE), _event("primary"), _event(accept="application/json;q=0.3")],
    )

    assert min(seen[what] for what in ("kept", "answered", "log:answered")) > 1_000
    # Of these, only the configuration headers went.
    assert seen["changed"] < seen["kept"] / 5


def test_what_it_cannot_decide_is_left_to_the_origin(logged: list[dict[str, Any]]) -> None:
    event = _event("primary", uri=5)
    event["Records"][0]["cf"].pop("config")

    assert _handler()(event, None) == request_of(event)
    assert logged == []
