"""ha-patterns tenants, as it is typed, against moto's DynamoDB: what it shares with rules is tested there."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from moto import mock_aws

from ha_patterns import Endpoint
from ha_patterns.cli import main
from ha_patterns.edge.table_facts import handler as facts_handler
from ha_patterns.operate.route_facts import routers_in_app
from ha_patterns.operate.route_kinds import TENANTS, Tenancy
from ha_patterns.operate.route_table import RouteTable
from lambda_edge.common.origin import DeclaredOrigins
from lambda_edge.tenant_router.handler import Tenant, _read

from ..samples import new_stack, only, tenant_router
from .rules import TABLE, Table

_NOW = 1_800_000_000
_IN = ["--table", TABLE]
_FACTS = {"origins": ["eu", "us"], "suffixes": [".apps.example.com"], "unknown_status": []}
_Printed = pytest.CaptureFixture[str]
_Write = Callable[..., str]
_FILE = """\
acme.example.com: {origin: eu}
globex.example.com: {domain_name: globex.apps.example.com}
"*.example.com": {origin: us}
"""


class _Tenants(Table):
    facts = _FACTS

    def item(self, host: str) -> dict[str, Any]:
        item: dict[str, Any] = self.client.get_item(TableName=TABLE, Key={"host": {"S": host}})["Item"]
        return item


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions begin with the time."""
    monkeypatch.setattr(time, "time", lambda: _NOW)


@pytest.fixture
def tenants() -> Iterator[_Tenants]:
    with mock_aws():
        yield _Tenants()


def _run(capsys: _Printed, status: int, *arguments: str) -> tuple[list[str], list[str]]:
    assert main(["tenants", *arguments]) == status
    printed = capsys.readouterr()
    return printed.out.splitlines(), printed.err.splitlines()


def test_an_item_is_what_the_edge_reads(tenants: _Tenants, write: _Write, capsys: _Printed) -> None:
    assert _run(capsys, 0, "put", write(_FILE), *_IN) == (
        [
            f"acme.example.com: version {_NOW} (new), origin eu",
            f"globex.example.com: version {_NOW} (new), domain_name globex.apps.example.com",
            f"*.example.com: version {_NOW} (new), origin us",
            "3 written, 0 unchanged",
        ],
        [],
    )
    declared = DeclaredOrigins({"eu": {"origin": {"custom": {}}}})
    for host, tenant in (
        ("acme.example.com", Tenant(origin="eu")),
        ("globex.example.com", Tenant(domain_name="globex.apps.example.com")),
    ):
        plain = {name: value.get("S") for name, value in tenants.item(host).items()}
        assert _read(plain, declared, (".apps.example.com",)) == tenant
    assert _run(capsys, 0, "put", write(_FILE), *_IN)[0][-1] == "0 written, 3 unchanged"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ("{}", "must be an object with one of origin and domain_name, got {}"),
        ("eu", "must be an object with one of origin and domain_name, got 'eu'"),
        ("{origin: eu, domain_name: a.apps.example.com}", "must be an object with one of origin and domain_name"),
        ("{origin: asia}", "origin: 'asia' is not an origin that the stack declares; declared: eu, us"),
        ("{origin: [eu]}", "origin: ['eu'] is not an origin"),
        ("{domain_name: a.other.com}", "domain_name: 'a.other.com' must be a host in lower case below one of .apps."),
        ("{domain_name: '*.apps.example.com'}", "must be a host in lower case below"),
        ("{domain_name: 7}", "domain_name: 7 must be a host"),
        ("{origin: eu, region: eu}", "'region': is not one of origin, domain_name and version"),
        ("{origin: eu, version: 0}", "version: must be a whole number from 1, got 0"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tenants: _Tenants, write: _Write, capsys: _Printed, one: str, said: str
) -> None:
    file = write(f"b.example.com: {{origin: eu}}\na.example.com: {one}")

    printed, [line, count] = _run(capsys, 2, "put", file, *_IN)

    assert line.startswith(f"{file}:2: a.example.com: ")
    assert said in line
    assert (printed, count) == ([], "ha-patterns: 1 mistake; nothing was written")


def test_a_tenant_is_not_sent_to_where_it_came(tenants: _Tenants, write: _Write, capsys: _Printed) -> None:
    _, said = _run(capsys, 2, "validate", write("a.apps.example.com: {domain_name: a.apps.example.com}"), *_IN)

    assert "is the tenant's own host: requests would be sent to where they came" in said[0]


def test_what_was_written_without_a_version_is_got_changed_and_deleted_and_what_else_it_has_stays(
    tenants: _Tenants, write: _Write, capsys: _Printed
) -> None:
    """As it was written before there was a command."""
    plan = {"M": {"name": {"S": "pro"}, "seats": {"N": "7"}}}
    tenants.write({"host": {"S": "a"}, "domain_name": {"S": "a.apps.example.com"}, "my-plan": plan})
    tenants.write({"host": {"S": "b"}, "origin": {"S": "eu"}})

    assert _run(capsys, 0, "get", "a", *_IN)[0] == ["a:", "  domain_name: a.apps.example.com"]
    assert _run(capsys, 0, "list", *_IN)[0] == ["a  domain_name a.apps.example.com", "b  origin eu"]
    assert _run(capsys, 0, "put", write("b: {origin: eu}"), *_IN)[0] == ["b: unchanged", "0 written, 1 unchanged"]
    assert _run(capsys, 0, "put", write("a: {origin: us}"), *_IN)[0][0] == f"a: version {_NOW} (new), origin us"
    assert tenants.item("a") == {
        "host": {"S": "a"},
        "version": {"N": str(_NOW)},
        "origin": {"S": "us"},
        "my-plan": plan,
    }
    assert _run(capsys, 0, "delete", "a", "b", *_IN)[0] == [f"a: deleted (was version {_NOW})", "b: deleted"]


def test_a_file_that_was_made_from_an_older_version_does_not_win(
    tenants: _Tenants, write: _Write, capsys: _Printed
) -> None:
    for origin in ("eu", "us"):
        _run(capsys, 0, "put", write(f"a: {{origin: {origin}}}"), *_IN)

    _, said = _run(capsys, 1, "put", write(f"a: {{version: {_NOW}, origin: eu}}"), *_IN)

    assert f"the table has version {_NOW + 1}, which stands" in said[0]
    assert tenants.item("a")["origin"] == {"S": "us"}
    assert (
        _run(capsys, 0, "get", "a", "--format", "json", *_IN)[0]
        == json.dumps({"a": {"version": _NOW + 1, "origin": "us"}}, indent=2).splitlines()
    )


@pytest.mark.parametrize("item", [{}, {"origin": {"N": "1"}}, {"origin": {"S": "eu"}, "domain_name": {"S": "a.b"}}])
def test_an_item_that_the_edge_cannot_read_is_told(
    tenants: _Tenants, write: _Write, capsys: _Printed, item: dict[str, Any]
) -> None:
    tenants.write({"host": {"S": "a"}, **item})

    assert _run(capsys, 0, "list", *_IN)[0] == ["a  cannot be read"]
    assert _run(capsys, 1, "get", "a", *_IN)[1] == [
        "ha-patterns: the item of a has not one of origin and domain_name: put a new one, or delete it"
    ]
    assert _run(capsys, 0, "put", write("a: {origin: eu}"), *_IN)[1] == []
    assert {name: tenants.item("a").get(name) for name in ("origin", "domain_name")} == {
        "origin": {"S": "eu"},
        "domain_name": None,
    }


@pytest.mark.parametrize(
    ("url", "lines"),
    [
        (
            "https://acme.example.com/a",
            ["acme.example.com: origin eu", "origin: eu", "header: X-Forwarded-Host: acme."],
        ),
        (
            "https://globex.example.com/",
            [
                "globex.example.com: domain_name globex.apps.example.com",
                "origin: globex.apps.example.com",
                "header: X-Forwarded-Host: globex.example.com",
            ],
        ),
        (
            "https://other.example.com/",
            ["other.example.com: no tenant", "*.example.com: origin us", "origin: us", "header: X-Forwarded-Host: ot"],
        ),
        (
            "https://a.b.net/",
            [
                "a.b.net: no tenant",
                "*.b.net: no tenant",
                "*: no tenant",
                "no tenant: the configured origin is asked",
                "header: X-Forwarded-Host: a.b.net",
            ],
        ),
    ],
)
def test_simulate_says_which_tenant_a_request_is_for(
    tenants: _Tenants, write: _Write, capsys: _Printed, url: str, lines: list[str]
) -> None:
    _run(capsys, 0, "put", write(_FILE), *_IN)

    printed, _ = _run(capsys, 0, "simulate", url, *_IN)

    assert printed[0] == f"GET {url}"
    assert [line[: len(expected)] for line, expected in zip(printed[1:], lines, strict=True)] == lines


def test_simulate_tells_a_tenant_of_the_table_that_nobody_can_read(
    tenants: _Tenants, write: _Write, capsys: _Printed
) -> None:
    tenants.write({"host": {"S": "a.example.com"}, "origin": {"S": "asia"}})

    printed, _ = _run(capsys, 0, "simulate", "https://a.example.com/", *_IN)

    assert printed[1:] == [
        "a.example.com: origin: 'asia' is not an origin that the stack declares; declared: eu, us",
        "the edge keeps the last that it could read; if there is none, the configured origin is asked",
    ]
    printed, _ = _run(capsys, 0, "simulate", "https://a.example.com/", "--file", write("'*': {origin: eu}"), *_IN)
    assert "asia" in printed[1]


def test_what_a_deployed_router_tells_is_what_its_app_does(
    write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_stack()
    tenant_router(stack, origins={"eu": Endpoint.http_host("eu.example.com")}, unknown="not-found")
    app = stack.node.root
    assert isinstance(app, cdk.App)
    facts = only(Template.from_stack(stack), "Custom::TableFacts")
    folder = app.synth().directory
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        deployed = Table()
        deployed.delete("#origins")
        facts_handler.put({**facts, "Table": TABLE})

        told = RouteTable(TENANTS, TABLE, "us-east-1").declared()

    assert told == Tenancy(frozenset({"eu"}), (".apps.example.com",), 404)
    assert routers_in_app(TENANTS, Path(folder), router="Tenants")[0].declared == told
    file = write("a.example.com: {origin: eu}")
    assert _run(capsys, 0, "validate", file, "--app", folder)[0] == ["1 host: nothing is wrong"]
    printed, _ = _run(capsys, 0, "simulate", "https://b.example.com/", "--file", file, "--app", folder)
    assert printed[-1] == "no tenant: answer 404"
    _, [line] = _run(capsys, 2, "simulate", "https://b.example.com/", "--app", folder)
    assert line.endswith("--app needs --file FILE: this router of a synthesized app has no tenants in it")
