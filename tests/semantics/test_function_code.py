"""What the code of CloudFront Functions does, and what only running it would tell."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from ha_patterns.semantics import function_code
from ha_patterns.semantics.function_code import FunctionCode, MadeGroup, Update, code_of
from ha_patterns.topology.model import ViewerFunction
from ha_patterns.topology.values import Unresolved

from ..topology.loading import load_resources, only, ref, resource

_IMPORT = "import cf from 'cloudfront';\n"


def _of(code: object) -> FunctionCode | Unresolved | None:
    resources = {"Route": resource("CloudFront::Function", Name="route", FunctionCode=code)}
    return code_of(only(load_resources(resources, Parameters={"Given": {"Type": "String"}}), ViewerFunction))


def _read(body: str, before: str = "") -> FunctionCode:
    found = _of(f"{_IMPORT}{before}\nasync function handler(event) {{ {body}; return event.request; }}")
    assert isinstance(found, FunctionCode)
    return found


@pytest.mark.parametrize(
    ("argument", "selected"),
    [
        ("'a'", ("a",)),
        ('"a"', ("a",)),
        ("`a`", ("a",)),
        ("('a')", ("a",)),
        ("ID", ("a",)),
        ("MAP.one", ("a",)),
        ("MAP['two']", ("b",)),
        ("MAP[event.request.uri]", ("a", "b")),
        ("event.ok ? 'a' : 'b'", ("a", "b")),
        ("event.id || 'b'", (None, "b")),
        ("`${ID}`", (None,)),
        ("'\\u0061'", (None,)),
        ("event.id", (None,)),
        ("MAP.other", (None,)),
        ("changed", (None,)),
        ("'a' + 'b'", (None,)),
        ("event.request", (None,)),
        ("'a', {hostHeader: 'b'}", ("a",)),
        ("", (None,)),
    ],
)
def test_the_origins_that_it_selects_are_told(argument: str, selected: tuple[str | None, ...]) -> None:
    before = "const ID = 'a'; const MAP = {one: ID, 'two': 'b'}; let changed = 'a'; changed = 'b';"

    assert _read(f"cf.selectRequestOriginById({argument})", before).selected == selected


@pytest.mark.parametrize(
    "module",
    ["import cf from 'cloudfront';", 'import cf from "cloudfront";', "const cf = require('cloudfront');"],
)
def test_the_module_is_known_by_its_name_in_the_code(module: str) -> None:
    found = _of(f"{module}\nfunction handler(event) {{ cf.selectRequestOriginById('a'); }}")

    assert isinstance(found, FunctionCode)
    assert found.selected == ("a",)
    assert _read("other.selectRequestOriginById('a')").selected == ()


@pytest.mark.parametrize(
    ("argument", "group"),
    [
        (
            "{originIds: [{originId: 'a'}, {'originId': 'b'}], failoverCriteria: {statusCodes: [500, 503]}}",
            MadeGroup(members=("a", "b"), codes=(500, 503)),
        ),
        ("{originIds: ['a', 'b'], failoverCriteria: {}}", MadeGroup(members=("a", "b"), codes=())),
        ("{originIds: [event.id, 'b'], failoverCriteria: FAIL}", MadeGroup(members=(None, "b"), codes=(504,))),
        ("{originIds: event.ids, failoverCriteria: {statusCodes: [event.x]}}", MadeGroup(members=None, codes=None)),
        ("{...event}", MadeGroup(members=None, codes=None)),
        ("event", MadeGroup(members=None, codes=None)),
        ("GROUP /* as above */", MadeGroup(members=("a",), codes=(502,))),
    ],
)
def test_the_groups_that_it_makes_are_told(argument: str, group: MadeGroup) -> None:
    before = (
        "const FAIL = {statusCodes: [504]}; const GROUP = {/* one */ originIds: ['a'], "
        "failoverCriteria: {statusCodes: [502]}};"
    )

    assert _read(f"cf.createRequestOriginGroup({argument})", before).groups == (group,)


def test_an_object_that_is_changed_is_computed() -> None:
    before = "const FAIL = {statusCodes: [504]}; FAIL.statusCodes = [];"
    body = "cf.createRequestOriginGroup({originIds: ['a', 'b'], failoverCriteria: FAIL})"

    assert _read(body, before).groups == (MadeGroup(members=("a", "b"), codes=None),)


@pytest.mark.parametrize(
    ("argument", "update"),
    [
        ("{domainName: 'B.example.com'}", Update(domain="b.example.com", is_without_certificate=False)),
        ("{mTLSConfig: 'off'}", Update(domain="", is_without_certificate=True)),
        ("{domainName: event.x, mTLSConfig: event.y}", Update(domain=None, is_without_certificate=None)),
        ("event", Update(domain=None, is_without_certificate=None)),
    ],
)
def test_changes_of_an_origin_are_told(argument: str, update: Update) -> None:
    found = _read(f"cf.updateRequestOrigin({argument})")

    assert (found.updates, found.chooses, found.asks_store) == ((update,), True, False)


def test_a_store_that_it_asks_is_told() -> None:
    found = _read("const v = await store.get('a')", "const store = cf.kvs();")

    assert (found.asks_store, found.chooses, found.chooses_by) == (True, False, None)


_SELECT = "cf.selectRequestOriginById('b')"


@pytest.mark.parametrize(
    ("body", "headers", "cookies", "strings"),
    [
        (f"if (event.request.headers.Host.value === 'b') {{ {_SELECT}; }}", ("host",), (), ()),
        (f"const h = event.request.headers; if (h['x-a']) {_SELECT}", ("x-a",), (), ()),
        (
            f"const {{headers, cookies}} = event.request; if (cookies.v && headers.host) {_SELECT}",
            ("host",),
            ("v",),
            (),
        ),
        (f"event.request.querystring.v && {_SELECT}", (), (), ("v",)),
        (f"const r = event.request; const v = r.cookies.v; if (v) {_SELECT}", (), ("v",), ()),
        (f"switch (event.request.headers.a.value) {{ case 'b': {_SELECT}; }}", ("a",), (), ()),
        (f"if (event.request.headers.a) return event.request; {_SELECT}", ("a",), (), ()),
        (f"if (event.ok) {{ if (event.request.headers.a) {{ {_SELECT}; }} }}", ("a",), (), ()),
        ("cf.selectRequestOriginById(event.request.headers.a ? 'a' : 'b')", ("a",), (), ()),
        ("cf.selectRequestOriginById(await store.get(event.request.headers.host.value))", ("host",), (), ()),
        ("cf.selectRequestOriginById(pick(event.request))", (), ("v",), ()),
        ("if (event.request.headers.a) choose()", ("a",), (), ()),
        (f"if (event.request.uri === '/b') {_SELECT}; console.log(event.request.headers.host.value)", (), (), ()),
        (_SELECT, (), (), ()),
    ],
)
def test_what_of_a_request_decides_is_told(body: str, headers: Any, cookies: Any, strings: Any) -> None:
    before = (
        f"const store = cf.kvs(); function pick(r) {{ return r.cookies.v; }} const choose = () => {{ {_SELECT}; }};"
    )
    reads = _read(body, before).chooses_by

    assert reads is not None
    assert (reads.headers, reads.cookies, reads.query_strings) == (headers, cookies, strings)


@pytest.mark.parametrize(
    "body",
    [
        f"if (Object.keys(event.request.headers).length) {_SELECT}",
        f"if (event.request.cookies[event.name]) {_SELECT}",
        f"if (check(event.request.querystring)) {_SELECT}",
        # The changed request may have another cache key.
        f"event.request.headers['x-v'] = {{value: 'b'}}; if (event.request.headers.host) {_SELECT}",
        f"event.request.uri = '/b'; if (event.request.headers.host) {_SELECT}",
    ],
)
def test_what_decides_may_be_computed(body: str) -> None:
    assert _read(body).chooses_by is None


@pytest.mark.parametrize(
    ("code", "waits_for"),
    [
        (f"{_IMPORT}function handler(event {{", "code that is no JavaScript"),
        (ref("Given"), "the parameter Given of Test, which has no default"),
    ],
)
def test_code_that_cannot_be_read_is_unresolved(code: object, waits_for: str) -> None:
    found = _of(code)

    assert isinstance(found, Unresolved)
    assert found.waits_for.startswith(waits_for)


def test_a_value_of_the_deploy_within_a_text_is_computed() -> None:
    calls = "; ".join(f"cf.selectRequestOriginById({one})" for one in ("'${Given}'", "${Given}", "'b'"))
    found = _of({"Fn::Sub": f"{_IMPORT}function handler(event) {{ {calls} }}"})

    assert isinstance(found, FunctionCode)
    assert found.selected == (None, None, "b")


@pytest.mark.parametrize("code", ["function handler(event) { return event.request; }", ref("AWS::NoValue")])
def test_code_without_the_module_chooses_nothing(code: object) -> None:
    assert _of(code) is None


def test_without_the_parser_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("tree_sitter"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    function_code._read.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    found = _of(f"{_IMPORT}function handler(event) {{ {_SELECT}; }}")
    function_code._read.cache_clear()

    assert isinstance(found, Unresolved)
    assert "pip install 'ha-patterns-cli[functions]'" in found.waits_for
