"""ha-patterns rules, as it is typed, against moto's DynamoDB."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import boto3  # type: ignore[import-untyped]
import botocore.exceptions  # type: ignore[import-untyped]
import pytest
from aws_cdk.assertions import Template
from constructs import Construct
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from ha_patterns import Endpoint, RuleRouter, RuleSource
from ha_patterns.cli import main
from ha_patterns.documents.yaml_reader import load
from ha_patterns.edge.table_facts import handler as facts_handler
from ha_patterns.operate import endpoints, routes_command
from ha_patterns.operate.endpoints import Patience
from ha_patterns.operate.route_facts import routers_in_app
from ha_patterns.operate.route_files import Given
from ha_patterns.operate.route_kinds import RULES
from ha_patterns.operate.route_table import ConflictError, RouteTable
from tools.local_cloud import ACCOUNT, LocalCloud

from ..samples import new_stack, only, rule_router, secondary_host, static_rules
from .rules import FACTS, TABLE, TO_EU, TO_US, Table, intercept, refusal, write_app

_NOW = 1_800_000_000
_IN = ["--table", TABLE]
_Printed = pytest.CaptureFixture[str]
_Write = Callable[..., str]

_SHOP = """\
www.example.com:
  rules:
    - path: /shop/*
      when: {country: {one_of: [NO, DE]}, cookie.plan: {equals: pro}}
      then: {origin: eu, rewrite: "/v2/{rest}", headers: {x-plan: "{cookie.plan}"}}
    - path: /shop/*
      choices:
        - {weight: 75, then: {origin: eu}}
        - {weight: 25, then: {origin: us}}
      sticky: cookie.session
    - {path: /old, then: {redirect: {to: "https://new.example.com/?{query}", status: 301, max_age: 60}}}
"*":
  rules:
    - {path: /*, then: {respond: {status: 404, body: "Ni\u00f1o"}}}
"""


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions begin with the time."""
    monkeypatch.setattr(time, "time", lambda: _NOW)


def _run(capsys: _Printed, status: int, *arguments: str) -> tuple[list[str], list[str]]:
    """What a command prints, and what it says beside."""
    assert main(["rules", *arguments]) == status
    printed = capsys.readouterr()
    return printed.out.splitlines(), printed.err.splitlines()


# Judging


def test_a_file_of_which_nothing_is_wrong(table: Table, write: _Write, capsys: _Printed) -> None:
    assert _run(capsys, 0, "validate", write(_SHOP), *_IN) == (["2 hosts: nothing is wrong"], [])


def test_what_is_wrong_is_told_with_its_place_and_nothing_is_written(
    table: Table, write: _Write, capsys: _Printed
) -> None:
    good = write({"good.example.com": {"rules": [TO_EU]}}, "good.json")
    bad = write("a:\n  rules:\n    - {path: /*, then: {origin: asia}}\nb: 1", "bad.yaml")

    for command, after in (("validate", ""), ("put", "; nothing was written")):
        printed, said = _run(capsys, 2, command, good, bad, *_IN)

        assert printed == []
        assert said == [
            f"{bad}:3: a: rules[0].then.origin: 'asia' is not an origin that the stack declares; declared: eu, us",
            f"{bad}:4: b: must be an object with rules, version, got 1",
            f"ha-patterns: 2 mistakes{after}",
        ]
    assert table.rules() == {}


@pytest.mark.parametrize(
    ("command", "after"), [(["validate"], ""), (["put"], "; nothing was written"), (["simulate", "https://a/"], "")]
)
@pytest.mark.parametrize(
    ("count", "more"), [(20, []), (21, ["and 1 more mistake"]), (5000, ["and 4980 more mistakes"])]
)
def test_of_many_mistakes_the_first_are_shown_and_the_others_are_counted(
    table: Table, write: _Write, capsys: _Printed, command: list[str], after: str, count: int, more: list[str]
) -> None:
    files = [write({"a": {"rules": [7] * 15}}), write({"b": {"rules": [7] * (count - 15)}}, "more.json")]
    if command[0] == "simulate":
        files = [word for file in files for word in ("--file", file)]

    printed, said = _run(capsys, 2, *command, *files, *_IN)

    assert printed == []
    assert all(": rules[" in line for line in said[:20])
    assert said[20:] == [*more, f"ha-patterns: {count} mistakes{after}"]
    assert table.rules() == {}


def test_a_file_is_judged_by_an_app_without_aws(tmp_path: Path, write: _Write) -> None:
    """And without what is slow to import."""
    app = write_app(tmp_path, {**FACTS, "origins": {"asia": {}}})
    file = write({"*": {"rules": [{"path": "/*", "then": {"origin": "asia"}}]}})
    program = (
        "import sys, json; from ha_patterns.cli import main; "
        f"status = main(['rules', 'validate', {file!r}, '--app', {app!r}]); "
        "print(json.dumps([status, sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    said, ended = done.stdout.splitlines()
    status, modules = json.loads(ended)
    assert (said, status, done.stderr) == ("1 host: nothing is wrong", 0, "")
    imported = {name.partition(".")[0] for name in modules}
    assert set() == imported & {"aws_cdk", "jsii", "boto3", "botocore", "yaml", "rich"}


def test_what_an_app_does_not_declare_is_wrong_also_where_the_deployed_stack_does(
    table: Table, tmp_path: Path, write: _Write, capsys: _Printed
) -> None:
    app = write_app(tmp_path, {**FACTS, "origins": {"asia": {}}})

    _, said = _run(capsys, 2, "put", write({"*": {"rules": [TO_EU]}}), "--app", app, *_IN)

    assert "declared: asia" in said[0]
    assert _run(capsys, 2, "validate", write({"*": {"rules": [TO_EU]}}), "--app", app)[1] == [
        *said[:1],
        "ha-patterns: 1 mistake",
    ]


def test_what_a_deployed_router_tells_is_what_its_app_does(
    tmp_path: Path, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = new_stack()
    rule_router(
        stack, cache_key=["host", "cookie.plan"], redirect_hosts=["new.example.com"], request_headers=["X-Plan"]
    )
    app = stack.node.root
    assert isinstance(app, cdk.App)
    facts = only(Template.from_stack(stack), "Custom::TableFacts")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        deployed = Table()
        deployed.delete("#origins")
        facts_handler.put({**facts, "Table": TABLE})

        assert (
            RouteTable(RULES, TABLE, "us-east-1").declared()
            == routers_in_app(RULES, Path(app.synth().directory))[0].declared
        )
        rule = {"path": "/*", "when": {"cookie.plan": {"equals": "pro"}}, "then": {"origin": "canary"}}
        assert _run(capsys, 0, "put", write({"a": {"rules": [rule]}}), *_IN)[1] == []
        assert deployed.rules() == {"a": (_NOW, [rule])}


@pytest.mark.parametrize("items", [{}, {"origins": {"S": "eu"}}, {"origins": {"L": [{"N": "1"}]}}])
def test_a_table_that_does_not_tell_is_told(
    table: Table, write: _Write, capsys: _Printed, items: dict[str, Any]
) -> None:
    table.delete("#origins")
    if items:
        table.write({"host": {"S": "#origins"}, **items})

    _, [line] = _run(capsys, 1, "put", write(_SHOP), *_IN)

    assert "item #origins" in line
    assert line.endswith("or check with --app cdk.out")


# Writing


def test_put_writes_what_differs_with_the_next_version(table: Table, write: _Write, capsys: _Printed) -> None:
    table.put("www.example.com", 7, TO_EU)
    table.put("same.example.com", 3, TO_EU)
    table.put("other.example.com", 1, TO_EU)
    file = write({"www.example.com": {"rules": [TO_US]}, "same.example.com": {"rules": [TO_EU]}})
    more = write('"*": {rules: []}', "more.yaml")

    assert _run(capsys, 0, "put", file, more, *_IN) == (
        [
            "www.example.com: version 8 (was 7), 1 rule",
            "same.example.com: version 3, unchanged",
            f"*: version {_NOW} (new), 0 rules",
            "2 written, 1 unchanged",
        ],
        [],
    )
    assert table.rules() == {
        "www.example.com": (8, [TO_US]),
        "same.example.com": (3, [TO_EU]),
        "other.example.com": (1, [TO_EU]),
        "*": (_NOW, []),
    }


def test_a_dry_run_writes_nothing(table: Table, write: _Write, capsys: _Printed) -> None:
    table.put("*", 7, TO_EU)

    printed, _ = _run(capsys, 0, "put", write({"*": {"rules": []}, "a": {"rules": []}}), "--dry-run", *_IN)

    assert printed == [
        "*: version 8 (was 7), 0 rules",
        f"a: version {_NOW} (new), 0 rules",
        "dry run: nothing was written; 2 would be, 0 unchanged",
    ]
    assert table.rules() == {"*": (7, [TO_EU])}


def test_an_item_is_what_the_edge_reads(table: Table, write: _Write) -> None:
    assert main(["rules", "put", write(_SHOP), *_IN]) == 0

    item = table.client.get_item(TableName=TABLE, Key={"host": {"S": "*"}})["Item"]
    assert item == {
        "host": {"S": "*"},
        "version": {"N": str(_NOW)},
        "rules": {"S": '[{"path":"/*","then":{"respond":{"status":404,"body":"Ni\u00f1o"}}}]'},
    }


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"version": {"N": "1.5"}, "rules": {"S": "[]"}},
        {"version": {"N": "0"}, "rules": {"S": "[]"}},
        {"version": {"S": "7"}, "rules": {"S": "[]"}},
        {"version": {"N": "7"}, "rules": {"S": "["}},
        {"version": {"N": "7"}, "rules": {"L": []}},
    ],
)
def test_what_somebody_wrote_by_hand_and_nobody_can_read_is_replaced(
    table: Table, write: _Write, capsys: _Printed, item: dict[str, Any]
) -> None:
    table.write({"host": {"S": "*"}, **item})
    [line] = _run(capsys, 1, "get", "*", *_IN)[1]
    assert line == "ha-patterns: the item of * is not a version and a list of rules: put new ones, or delete it"
    assert _run(capsys, 0, "list", *_IN)[0] == ["*  cannot be read"]

    assert _run(capsys, 0, "put", write({"*": {"rules": []}}), *_IN)[1] == []

    ((version, rules),) = table.rules().values()
    assert version in (8, _NOW)
    assert rules == []


# Two writers


def test_a_file_that_was_made_from_an_older_version_does_not_win(table: Table, write: _Write, capsys: _Printed) -> None:
    table.put("www.example.com", 7, TO_EU)
    mine = load(_get(capsys, "www.example.com"), is_json=False)
    assert mine["www.example.com"]["version"] == 7
    table.put("www.example.com", 8, TO_US)
    mine["www.example.com"]["rules"] = []
    mine["a.example.com"] = {"rules": []}

    printed, said = _run(capsys, 1, "put", write(mine), *_IN)

    assert printed == [f"a.example.com: version {_NOW} (new), 0 rules"]
    assert said == [
        (
            "www.example.com: the file was made from version 7, and the table has version 8, which stands; get it, "
            "merge, and put again, or leave version out of the file to replace whatever is there"
        ),
        "ha-patterns: 1 of 2 hosts not written",
        "  Written before: 1 host. Put again to go on: what is there already stays as it is.",
    ]
    assert table.rules()["www.example.com"] == (8, [TO_US])


def _get(capsys: _Printed, *arguments: str) -> bytes:
    assert main(["rules", "get", *arguments, *_IN]) == 0
    return capsys.readouterr().out.encode()


@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_rules_are_written_to_a_file(table: Table, tmp_path: Path, capsys: _Printed, format_: str) -> None:
    table.put("*", 7, TO_EU)
    printed = _get(capsys, "*", "--format", format_)

    assert _get(capsys, "*", "--format", format_, "--output", str(tmp_path / "rules")) == b""
    assert (tmp_path / "rules").read_bytes() == printed


def test_a_file_of_a_host_that_was_deleted_does_not_bring_it_back(
    table: Table, write: _Write, capsys: _Printed
) -> None:
    _, [line, *_] = _run(capsys, 1, "put", write({"a": {"version": 7, "rules": []}}), *_IN)

    assert line == (
        "a: the file was made from version 7, and somebody has deleted the host since; leave version out of the file "
        "to write it anew"
    )
    assert table.rules() == {}


def test_a_file_without_a_version_replaces_what_is_there(table: Table, write: _Write) -> None:
    table.put("*", 7, TO_EU)

    assert main(["rules", "put", write({"*": {"rules": [TO_US]}}), *_IN]) == 0

    assert table.rules() == {"*": (8, [TO_US])}


@pytest.mark.parametrize("base", [{}, {"version": 7}], ids=["without version", "with version"])
@pytest.mark.parametrize(
    ("meanwhile", "said", "left"),
    [
        (
            lambda table: table.put("*", 8, TO_US),
            "*: somebody else wrote version 8 meanwhile, which stands; get it, merge, and put again",
            {"*": (8, [TO_US])},
        ),
        (
            # By hand, who left the version as it was.
            lambda table: table.put("*", 7, TO_US),
            "*: somebody else wrote version 7 meanwhile, which stands; get it, merge, and put again",
            {"*": (7, [TO_US])},
        ),
        (lambda table: table.delete("*"), "*: somebody else deleted it meanwhile; put again to write it anew", {}),
    ],
    ids=["written", "edited", "deleted"],
)
def test_who_writes_between_reading_and_writing_wins(
    table: Table,
    write: _Write,
    capsys: _Printed,
    monkeypatch: pytest.MonkeyPatch,
    base: dict[str, int],
    meanwhile: Callable[[Table], None],
    said: str,
    left: dict[str, Any],
) -> None:
    table.put("*", 7, TO_EU)
    _after_reading(monkeypatch, lambda: meanwhile(table))

    _, lines = _run(capsys, 1, "put", write({"*": {"rules": [], **base}}), *_IN)

    assert lines[:2] == [said, "ha-patterns: 1 of 1 host not written"]
    assert table.rules() == left


def _after_reading(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object], of: str | None = None) -> None:
    """What happens after a host has been read. Default: any."""

    def read(ask: Callable[[], Any], request: Any) -> Any:
        answer = ask()
        if request["Key"]["host"]["S"] == of or (of is None and request["Key"]["host"]["S"] != "#origins"):
            then()
        return answer

    intercept(monkeypatch, "GetItem", read)


def test_of_two_who_write_a_new_host_one_wins(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    _after_reading(monkeypatch, lambda: table.put("*", _NOW - 1, TO_US))

    _, lines = _run(capsys, 1, "put", write({"*": {"rules": []}}), *_IN)

    assert (
        lines[0] == f"*: somebody else wrote version {_NOW - 1} meanwhile, which stands; get it, merge, and put again"
    )
    assert table.rules() == {"*": (_NOW - 1, [TO_US])}


def _rules(value: dict[str, Any] | None) -> list[Any]:
    rules: list[Any] = (value or {})["rules"]
    return rules


_WRITERS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["get", "put", "put", "delete"])), max_size=12)


@pytest.mark.property
# Each example is many calls of moto.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=settings().max_examples // 4)
@given(_WRITERS)
def test_no_change_is_lost_whatever_two_writers_do(
    table: Table, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, str]]
) -> None:
    """Each gets a file, adds a rule, and puts it: what stands holds every change that was not refused."""
    monkeypatch.setattr(time, "time", itertools.count(_NOW, 100).__next__)
    table.delete("*")
    written = RouteTable(RULES, TABLE, "us-east-1")
    files: dict[str, Given] = {}
    stands: list[Any] = []
    for number, (writer, what) in enumerate(steps):
        now = written.get("*")
        assert ([] if now is None else _rules(now.value)) == stands
        if what == "get" and now is not None:
            assert now.value is not None
            files[writer] = Given("*", now.value, now.version)
        elif what == "delete" and now is not None:
            written.delete("*", dry_run=False)
            stands = []
        elif what == "put" and (writer in files or now is None):
            own = files.get(writer, Given("*", {"rules": []}, None))
            mine = [*_rules(own.value), {"path": f"/{number}", "then": {"origin": "eu"}}]
            try:
                change = written.put(Given("*", {"rules": mine}, own.base), dry_run=False)
            except ConflictError:
                continue
            assert _rules(own.value) == stands
            stands = mine
            files[writer] = Given("*", {"rules": mine}, change.after)


def test_an_answer_that_was_lost_is_not_somebody_else(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt wrote, so the second finds its own version."""
    table.put("a", 7, TO_EU)
    for operation in ("PutItem", "DeleteItem"):
        _lose_the_first_answer(monkeypatch, operation)

    assert _run(capsys, 0, "put", write({"a": {"rules": []}}), *_IN)[0][0] == "a: version 8 (was 7), 0 rules"
    assert table.rules() == {"a": (8, [])}
    assert _run(capsys, 0, "delete", "a", *_IN)[0] == ["a: deleted (was version 8)"]
    assert table.rules() == {}


def _lose_the_first_answer(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    lost = iter([botocore.exceptions.ReadTimeoutError(endpoint_url="https://dynamodb")])

    def ask_once(ask: Callable[[], Any], _: Any) -> Any:
        answer = ask()
        for error in lost:
            raise error
        return answer

    intercept(monkeypatch, operation, ask_once)


# Failures


def test_what_was_written_before_a_failure_is_told_and_putting_again_goes_on(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = [f"host-{number:02}" for number in range(30)]
    file = write({host: {"rules": [TO_EU]} for host in hosts})
    with monkeypatch.context() as failing:
        refused = _refuse_writes_of(failing, {"host-11"}, refusal("AccessDeniedException", "not this one"))
        printed, said = _run(capsys, 1, "put", file, *_IN)

    # What was under way with it is told too.
    assert [line.partition(":")[0] for line in printed] == [host for host in hosts[:16] if host != "host-11"]
    assert said == [
        "ha-patterns: refused: AccessDeniedException: not this one",
        "  RuleRouter.grant_write allows it, and list where it is for all hosts.",
        "  Nothing was changed.",
        "  Written before: 15 hosts. Put again to go on: what is there already stays as it is.",
    ]
    assert len(table.rules()) == 15
    assert len(refused) == 1

    printed, _ = _run(capsys, 0, "put", file, *_IN)
    assert printed[-1] == "15 written, 15 unchanged"
    assert len(table.rules()) == 30


def _refuse_writes_of(
    monkeypatch: pytest.MonkeyPatch, hosts: set[str], error: Exception, times: int = 1000
) -> list[str]:
    refused: list[str] = []

    def put(ask: Callable[[], Any], request: Any) -> Any:
        host = request["Item"]["host"]["S"]
        if host in hosts and refused.count(host) < times:
            refused.append(host)
            raise error
        return ask()

    intercept(monkeypatch, "PutItem", put)
    return refused


@pytest.mark.parametrize(
    ("code", "status"),
    [("ProvisionedThroughputExceededException", 400), ("ThrottlingException", 400), ("InternalServerError", 500)],
)
def test_a_throttled_write_is_tried_again(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch, code: str, status: int
) -> None:
    file = write({"a": {"rules": []}})
    with monkeypatch.context() as throttled:
        refused = _refuse_writes_of(throttled, {"a"}, refusal(code, "slow down", status), times=2)
        assert main(["rules", "put", file, *_IN]) == 0
    assert refused == ["a", "a"]
    table.delete("a")
    capsys.readouterr()

    _refuse_writes_of(monkeypatch, {"a"}, refusal(code, "slow down", status))
    _, said = _run(capsys, 1, "put", file, *_IN)
    doubt = ["  An endpoint took the change and told no outcome, so it may have been made: look with get."]
    assert said == [
        "ha-patterns: no endpoint of the table rules carried it out",
        f"  us-east-1: {code}: slow down",
        *(doubt if status == 500 else []),
        "  Written before: 0 hosts. Put again to go on: what is there already stays as it is.",
    ]


@pytest.mark.parametrize("command", [["list"], ["get", "*"], ["delete", "*"], ["simulate", "https://a/"]])
def test_a_table_that_is_not_there_is_told_with_the_way_out(table: Table, capsys: _Printed, command: list[str]) -> None:
    _, said = _run(capsys, 1, *command, "--table", "other")

    assert said[0].startswith("ha-patterns: refused: ResourceNotFoundException")
    assert said[1] == (
        "  The output RulesTable of the router's stack is the table's name; its Region is the one that all writes "
        "go to."
    )


@pytest.mark.parametrize("where", [_IN, ["--stack", "edge"]])
def test_without_credentials_it_is_told_in_one_line(
    table: Table, capsys: _Printed, monkeypatch: pytest.MonkeyPatch, where: list[str]
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    boto3.DEFAULT_SESSION = None

    _, [line] = _run(capsys, 1, "list", *where)

    assert line == "ha-patterns: no credentials: Unable to locate credentials"


@pytest.mark.parametrize("option", [["--table", "a b"], ["--table", TABLE, "--write-region", "mars 1"]])
def test_what_aws_has_no_name_for_is_no_traceback(table: Table, capsys: _Printed, option: list[str]) -> None:
    assert main(["rules", "list", *option]) in (1, 2)

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("ha-patterns: ")


def test_without_boto3_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: _Printed) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)

    _, [line] = _run(capsys, 2, "list", *_IN)

    assert "pip install 'ha-patterns[aws]'" in line


def test_an_interrupt_tells_what_was_written(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any, **__: Any) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    file = write({"a": {"rules": []}})
    with monkeypatch.context() as interrupted:
        interrupted.setattr("ha_patterns.operate.route_table.put_all", interrupt)
        assert _run(capsys, 130, "put", file, *_IN)[1] == [
            "ha-patterns: interrupted",
            (
                "  Written before: 0 hosts, and perhaps 8 that were under way. Put again to go on: what is there "
                "already stays as it is."
            ),
        ]
    monkeypatch.setattr(RouteTable, "all", interrupt)
    assert _run(capsys, 130, "list", *_IN)[1] == ["ha-patterns: interrupted"]


def test_a_file_that_changes_while_it_is_written_stops_it(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = write({"a": {"rules": []}}, "a.json"), write({"b": {"rules": []}}, "b.json")
    _after_reading(monkeypatch, lambda: Path(second).write_text("{}"))
    # More than are written at a time, so that the first are done when the second file is opened.
    Path(first).write_text(json.dumps({f"a{number}": {"rules": []} for number in range(8)}))

    _, said = _run(capsys, 2, "put", first, second, *_IN)

    assert said == [
        f"ha-patterns: {second} has changed since it was checked",
        "  Written before: 8 hosts. Put again to go on: what is there already stays as it is.",
    ]
    assert len(table.rules()) == 8


def test_a_long_import_tells_how_far_it_is(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes_command, "_EACH", 10)
    file = write({f"host-{number}": {"rules": []} for number in range(25)})

    printed, said = _run(capsys, 0, "put", file, *_IN)

    assert len(printed) == 26
    assert said == ["checked 10 hosts", "checked 20 hosts", "done with 10 of 25 hosts", "done with 20 of 25 hosts"]


_PIPED = """
import os, sys
from constructs import Construct
from moto import mock_aws
from tests.operate.rules import TABLE, Table
from ha_patterns import Endpoint, RuleRouter, RuleSource
from ha_patterns.cli import main
with mock_aws():
    table = Table()
    input()
    status = main(["rules", *sys.argv[1:], "--table", TABLE])
    open({left!r}, "w").write(str(len(table.rules())))
    raise SystemExit(status)
"""


@pytest.mark.parametrize("count", [1, 80], ids=["less than a buffer", "more"])
@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_reader_that_stops_early_does_not_stop_the_writing(
    write: _Write, tmp_path: Path, closed: str, count: int
) -> None:
    """There is a conflict, for the side of errors."""
    hosts: dict[str, Any] = {f"{'a' * 60}.{'b' * 60}.host-{number}": {"rules": []} for number in range(count)}
    left = tmp_path / "left"
    file = write({"a": {"version": 1, "rules": []}, **hosts})
    with subprocess.Popen(
        [sys.executable, "-c", _PIPED.format(left=str(left)), "put", file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        assert command.stdin
        assert command.stdout
        assert command.stderr
        getattr(command, closed).close()
        command.stdin.write("the reader has gone\n")
        command.stdin.close()
        open_one = command.stderr if closed == "stdout" else command.stdout
        said = open_one.read()

    assert command.returncode == 1
    assert left.read_text() == str(count)
    assert "Traceback" not in said
    assert "Exception" not in said
    assert ("not written" in said) is (closed == "stdout")


# Reading


@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_what_get_prints_put_takes_and_changes_nothing(
    table: Table, write: _Write, capsys: _Printed, format_: str
) -> None:
    assert main(["rules", "put", write(_SHOP), *_IN]) == 0
    before = table.rules()
    capsys.readouterr()
    text = _get(capsys, "www.example.com", "*", "--format", format_).decode()

    assert load(text.encode(), is_json=format_ == "json") == {
        host: {"version": version, "rules": rules} for host, (version, rules) in before.items()
    }
    printed, _ = _run(capsys, 0, "put", write(text, f"rules.{format_}"), *_IN)
    assert printed[-1] == "0 written, 2 unchanged"
    assert table.rules() == before


def test_get_prints_as_people_write(table: Table, write: _Write, capsys: _Printed) -> None:
    when = {"country": {"one_of": ["NO", "DE"]}, "cookie.version": {"equals": "089"}}
    table.put("*", 7, {"path": "/*", "when": when, "then": {"rewrite": "/v2/{rest}"}})

    assert _get(capsys, "*").decode() == (
        "'*':\n"
        "  version: 7\n"
        "  rules:\n"
        "  - path: /*\n"
        "    when:\n"
        "      country:\n"
        "        one_of:\n"
        "        - 'NO'\n"
        "        - DE\n"
        "      cookie.version:\n"
        "        equals: '089'\n"
        "    then:\n"
        "      rewrite: /v2/{rest}\n"
    )


def test_list_shows_what_there_is_of_each_host_over_all_pages(
    table: Table, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.put("www.example.com", 7, TO_EU)
    table.put("*", 1)
    table.put("a", 12, TO_EU, {"path": "/n", "then": {"respond": {"status": 404, "body": "\u00f1"}}})

    def page(ask: Callable[[], Any], request: Any) -> Any:
        request["Limit"] = 1
        return ask()

    intercept(monkeypatch, "Scan", page)

    assert _run(capsys, 0, "list", *_IN)[0] == [
        "*                version 1  0 rules  2 bytes",
        "a                version 12  2 rules  114 bytes",
        "www.example.com  version 7  1 rule  42 bytes",
    ]


def test_a_host_that_is_not_there_is_told(table: Table, capsys: _Printed) -> None:
    for command in ("get", "delete"):
        assert _run(capsys, 1, command, "a", *_IN) == ([], ["ha-patterns: the table rules has no rules of a"])


# Deleting


def test_delete_takes_hosts_away(table: Table, capsys: _Printed) -> None:
    for host in ("a", "*.example.com", "b"):
        table.put(host, 7, TO_EU)

    printed, _ = _run(capsys, 0, "delete", "a", "*.example.com", "--dry-run", *_IN)
    assert printed == ["a: would be deleted (was version 7)", "*.example.com: would be deleted (was version 7)"]
    assert len(table.rules()) == 3

    printed, _ = _run(capsys, 0, "delete", "a", "*.example.com", *_IN)
    assert printed == ["a: deleted (was version 7)", "*.example.com: deleted (was version 7)"]
    assert list(table.rules()) == ["b"]


def test_delete_does_not_take_a_change_away_that_was_made_meanwhile(
    table: Table, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.put("a", 7, TO_EU)
    table.put("b", 7, TO_EU)
    _after_reading(monkeypatch, lambda: table.put("b", 8, TO_US), of="b")

    printed, said = _run(capsys, 1, "delete", "a", "b", *_IN)

    assert printed == ["a: deleted (was version 7)"]
    assert said == [
        "ha-patterns: b: somebody else wrote version 8 meanwhile, which stands; look at it, and delete again",
        "  Deleted before: 1 host.",
    ]
    assert table.rules() == {"b": (8, [TO_US])}


def test_a_host_that_is_deleted_and_written_again_has_a_version_that_nobody_knows(table: Table, write: _Write) -> None:
    table.put("a", 7, TO_EU)
    assert main(["rules", "delete", "a", *_IN]) == 0
    assert main(["rules", "put", write({"a": {"rules": []}}), *_IN]) == 0

    assert main(["rules", "put", write({"a": {"version": 7, "rules": [TO_US]}}), *_IN]) == 1
    assert table.rules() == {"a": (_NOW, [])}


# Trying


def test_simulate_says_which_rule_of_the_table_fires_and_why(table: Table, write: _Write, capsys: _Printed) -> None:
    assert main(["rules", "put", write(_SHOP), *_IN]) == 0
    capsys.readouterr()
    url = "https://www.example.com/shop/cart?page=2"

    asked = ["--country", "de", "--cookie", "plan=pro", "--header", "X-Other: 1", *_IN]
    assert _run(capsys, 0, "simulate", url, *asked) == (
        [
            f"GET {url}",
            "www.example.com: 3 rules",
            "  rules[0] /shop/*: all conditions hold, fires",
            "origin: eu",
            "path: /v2/cart",
            "header: x-plan: pro",
        ],
        [],
    )
    asked = ["--cookie", "plan=free", "--cookie", "session=a", "--method", "POST", *_IN]
    assert _run(capsys, 0, "simulate", url, *asked)[0] == [
        f"POST {url}",
        "www.example.com: 3 rules",
        "  rules[0] /shop/*: country one_of ['NO', 'DE'] does not hold, there is none",
        "  rules[1] /shop/*: no conditions, fires (choice 2 of 2, 25 %: cookie.session is 'a')",
        "origin: us",
    ]
    assert _run(capsys, 0, "simulate", "https://www.example.com/old?a=b", *_IN)[0][-4:] == [
        "  rules[2] /old: no conditions, fires",
        "answer: 301",
        "header: Location: https://new.example.com/?a=b",
        "header: Cache-Control: max-age=60",
    ]


def test_simulate_shows_answers_and_that_nothing_fires(table: Table, capsys: _Printed) -> None:
    answer = {"status": 503, "body": "Ni\u00f1o", "retry_after": 5}
    table.put("www.example.com", 1, {"path": "/down", "then": {"respond": answer}})
    table.put("*", 1, {"path": "/*", "when": {"method": {"equals": "PUT"}}, "then": {"headers": {"x-plan": "a"}}})

    assert _run(capsys, 0, "simulate", "https://www.example.com/down", *_IN)[0][3:] == [
        "answer: 503",
        "header: Content-Type: text/plain; charset=utf-8",
        "header: Cache-Control: no-store",
        "header: Retry-After: 5",
        "body: 5 bytes",
    ]
    assert _run(capsys, 0, "simulate", "https://www.example.com/up", *_IN)[0][1:] == [
        "www.example.com: 1 rule",
        "  none is for this path",
        "*.example.com: no rules",
        "*: 1 rule",
        "  rules[0] /*: method equals 'PUT' does not hold, it is 'GET'",
        "no rule fires: the configured origin is asked",
    ]
    assert _run(capsys, 0, "simulate", "https://www.example.com/up", "--method", "PUT", *_IN)[0][-2:] == [
        "origin: the configured one",
        "header: x-plan: a",
    ]


def test_simulate_tries_a_file_over_the_table_before_it_is_put(table: Table, write: _Write, capsys: _Printed) -> None:
    table.put("www.example.com", 1, TO_EU)
    table.put("*", 1, TO_EU)
    file = write({"www.example.com": {"rules": []}, "other.example.com": {"rules": [TO_US]}})

    assert _run(capsys, 0, "simulate", "https://www.example.com/", "--file", file, *_IN)[0][1:] == [
        "www.example.com: 0 rules",
        "  none is for this path",
        "*.example.com: no rules",
        "*: 1 rule",
        "  rules[0] /*: no conditions, fires",
        "origin: eu",
    ]
    bad = write({"www.example.com": {"rules": [{"path": "/*", "then": {"origin": "asia"}}]}})
    assert "'asia'" in _run(capsys, 2, "simulate", "https://www.example.com/", "--file", bad, *_IN)[1][0]


def test_simulate_tries_a_file_with_an_app_without_aws(tmp_path: Path, write: _Write, capsys: _Printed) -> None:
    arguments = ["--app", write_app(tmp_path, FACTS), "--file", write({"*": {"rules": [TO_US]}})]

    assert _run(capsys, 0, "simulate", "https://www.example.com/", *arguments)[0][-1] == "origin: us"


def test_simulate_sends_a_name_as_a_browser_does_and_says_so(tmp_path: Path, write: _Write, capsys: _Printed) -> None:
    file = write({"xn--mnchen-3ya.example.com": {"rules": [TO_EU]}, "*": {"rules": [TO_US]}})
    arguments = ["--app", write_app(tmp_path, FACTS), "--file", file]
    url = "https://m\u00fcnchen.example.com/shop/x"

    printed, said = _run(capsys, 0, "simulate", url, *arguments)
    assert printed[:3] == [
        f"GET {url}",
        "note: a browser sends the host as xn--mnchen-3ya.example.com, and so it is written in rules",
        "xn--mnchen-3ya.example.com: 1 rule",
    ]
    assert (printed[-1], said) == ("origin: eu", [])
    printed, _ = _run(capsys, 0, "simulate", "https://WWW.example.com/", *arguments)
    assert printed[0] == "GET https://WWW.example.com/"
    assert not any("note" in line for line in printed)
    # The name that is sent may also be elsewhere in the URL.
    assert "note" in _run(capsys, 0, "simulate", f"{url}?from=xn--mnchen-3ya.example.com", *arguments)[0][1]
    for bad in ("https://stra\u00dfe..example.com/", "https://a..b/", "https://a\u200db.example.com/"):
        printed, [line] = _run(capsys, 2, "simulate", bad, *arguments)
        assert line.startswith("ha-patterns: the host ")
        assert printed == []


def test_without_idna_only_a_host_outside_ascii_is_told_what_to_install(
    tmp_path: Path, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "idna", None)
    arguments = ["--app", write_app(tmp_path, FACTS), "--file", write({"*": {"rules": [TO_US]}})]

    assert _run(capsys, 0, "simulate", "https://a_b.example.com/", *arguments)[0][-1] == "origin: us"
    assert _run(capsys, 2, "simulate", "https://m\u00fcnchen.example.com/", *arguments) == (
        [],
        ["ha-patterns: this needs the package idna: pip install 'ha-patterns[cli]'"],
    )


def test_a_host_outside_ascii_in_a_file_is_told_how_to_write_it(table: Table, write: _Write, capsys: _Printed) -> None:
    form = "a host in lower case, '*.' and a host, or '*', in ASCII as a browser sends it: with xn--"
    file = write("m\u00fcnchen.example.com: {rules: []}")

    assert _run(capsys, 2, "validate", file, *_IN)[1][0] == f"{file}:1: 'm\u00fcnchen.example.com' must be {form}"
    assert _run(capsys, 2, "get", "m\u00fcnchen.example.com", *_IN)[1] == [
        f"ha-patterns: a host must be {form}, got 'm\u00fcnchen.example.com'"
    ]


def test_simulate_shows_that_a_keyed_parameter_that_is_sent_twice_is_refused(
    tmp_path: Path, write: _Write, capsys: _Printed
) -> None:
    app = write_app(tmp_path, {**FACTS, "attributes": ["query.page"]})
    arguments = ["--app", app, "--file", write({"*": {"rules": [TO_US]}})]
    url = "https://www.example.com/?page=1&utm=2"

    assert _run(capsys, 0, "simulate", url, *arguments)[0][1:] == [
        "query string: if answers are kept, the function drops what is not in the cache key, and leaves 'page=1'",
        "*: 1 rule",
        "  rules[0] /*: no conditions, fires",
        "origin: us",
    ]
    assert _run(capsys, 0, "simulate", f"{url}&page=2", *arguments) == (
        [
            f"GET {url}&page=2",
            (
                "query.page: in the cache key and sent more than once; if answers are kept, the function refuses the "
                "request before it looks at rules, and CloudFront does not keep the refusal"
            ),
            "answer: 400",
            "header: Cache-Control: no-store",
            "header: Content-Type: text/plain",
            "body: 26 bytes",
        ],
        [],
    )
    assert _run(capsys, 0, "simulate", f"{url}&page=2", "--method", "POST", *arguments)[0][-1] == "origin: us"


def test_a_path_with_too_many_rules_is_refused_by_validate_and_by_synth(
    tmp_path: Path, write: _Write, capsys: _Printed
) -> None:
    rules = [
        {"path": "/a/*", "when": {"country": {"equals": f"{number}"}}, "then": TO_EU["then"]} for number in range(257)
    ]
    app = ["--app", write_app(tmp_path, FACTS)]

    assert _run(capsys, 0, "validate", write({"*": {"rules": rules[:256]}}), *app)[1] == []
    _, said = _run(capsys, 2, "validate", write({"*": {"rules": rules}}), *app)
    assert "rules[256].path: is that of more than 256 rules" in said[0]

    synthesized = [{**rule, "then": {"origin": "stable"}} for rule in rules]
    static_rules(new_stack(), *synthesized[:256])
    with pytest.raises(ValueError, match=r"rules\['\*'\]: rules\[256\].path: is that of more than 256 rules"):
        static_rules(new_stack(), *synthesized)


def test_simulate_tells_a_set_that_cannot_be_read(table: Table, capsys: _Printed) -> None:
    table.write({"host": {"S": "*"}, "version": {"N": "1"}, "rules": {"S": "["}})

    _, [line] = _run(capsys, 1, "simulate", "https://www.example.com/", *_IN)

    assert line.startswith(
        "ha-patterns: the rules of * cannot be read (rules: must be a list of rules): the edge keeps"
    )


# Which table


def _stacks(monkeypatch: pytest.MonkeyPatch, *outputs: str) -> list[str]:
    """A CloudFormation whose one stack has outputs."""
    asked: list[str] = []

    def describe(_: Callable[[], Any], request: Any) -> Any:
        asked.append(request["StackName"])
        if request["StackName"] != "edge":
            raise refusal("ValidationError", "Stack with id other does not exist")
        return {"Stacks": [{"Outputs": [{"OutputKey": name, "OutputValue": TABLE} for name in outputs]}]}

    intercept(monkeypatch, "DescribeStacks", describe)
    return asked


def test_the_table_is_read_from_the_outputs_of_the_stack(
    table: Table, write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _stacks(monkeypatch, "RouterRulesTable1F2E3D4C", "Domain", "RulesTableArn")

    assert _run(capsys, 0, "put", write({"*": {"rules": []}}), "--stack", "edge")[1] == []

    assert list(table.rules()) == ["*"]
    assert asked == ["edge"]


@pytest.mark.parametrize(
    ("stack", "outputs", "said"),
    [
        ("edge", ["Domain"], "stack edge in us-east-1 has no output with RulesTable in its name"),
        ("other", [], "stack other in us-east-1 cannot be read"),
    ],
)
def test_a_stack_that_names_no_table_is_told(
    capsys: _Printed, monkeypatch: pytest.MonkeyPatch, stack: str, outputs: list[str], said: str
) -> None:
    _stacks(monkeypatch, *outputs)

    _, [line] = _run(capsys, 1, "list", "--stack", stack)

    assert said in line
    assert line.endswith("give --table NAME")


def _two_routers() -> cdk.Stack:
    """Two routers with rules in tables, one below a construct of its own, and one with rules in the asset."""
    stack = new_stack()
    for scope, construct_id, origins in (
        (stack, "Router", {"eu": Endpoint.http_host("eu.example.com")}),
        (Construct(stack, "Shop"), "Pages", {"asia": Endpoint.http_host("asia.example.com")}),
    ):
        source = RuleSource.table(replica_regions=["eu-west-1"])
        RuleRouter(scope, construct_id, origins=origins, default_origin=next(iter(origins)), source=source)
    static = RuleSource.static({"*": {"rules": [TO_EU]}, "a.example.com": {"version": 7, "rules": [TO_US]}})
    hosts = {name: Endpoint.http_host(f"{name}.example.com") for name in ("eu", "us")}
    RuleRouter(stack, "Static", origins=hosts, default_origin="eu", source=static)
    return stack


def test_every_router_writes_the_output_by_which_its_table_is_found(
    table: Table, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = Template.from_stack(_two_routers()).to_json()["Outputs"]
    names = {TABLE if "asia" in str(key) or "Pages" in key else "other": key for key in outputs}
    assert len(names) == len(outputs) == 2
    told = [{"OutputKey": key, "OutputValue": name} for name, key in names.items()]
    intercept(monkeypatch, "DescribeStacks", lambda *_: {"Stacks": [{"Outputs": told}]})

    for router in ("Pages", "Shop/Pages", "ShopPages"):
        assert _run(capsys, 0, "list", "--stack", "edge", "--router", router) == ([], [])
    _, [line] = _run(capsys, 1, "list", "--stack", "edge")
    assert line == (
        "ha-patterns: stack edge in us-east-1 has several routers, Router, ShopPages: choose one with --router, "
        "or give --table NAME"
    )
    _, [line] = _run(capsys, 1, "list", "--stack", "edge", "--router", "Other")
    assert line.endswith("has 0 routers called 'Other', out of Router, ShopPages: choose one, or give --table NAME")


def test_an_output_of_ones_own_beside_that_of_the_router_is_no_choice(
    table: Table, capsys: _Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stacks(monkeypatch, "RulesTable", "RouterRulesTable1F2E3D4C")

    assert _run(capsys, 0, "list", "--stack", "edge") == ([], [])


def test_one_of_several_routers_of_an_app_is_chosen_by_its_id(write: _Write, capsys: _Printed) -> None:
    app = _two_routers().node.root
    assert isinstance(app, cdk.App)
    folder = app.synth().directory
    in_app = ["--app", folder]
    file = write({"*": {"rules": [{"path": "/*", "then": {"origin": "asia"}}]}})

    _, [line] = _run(capsys, 2, "validate", file, *in_app)
    assert (
        "choose one with --stack and --router, of --stack Test --router Router; --stack Test --router Shop/Pages; "
        "--stack Test --router Static"
    ) in line
    assert _run(capsys, 0, "validate", file, *in_app, "--router", "Pages")[1] == []
    assert "declared: eu" in _run(capsys, 2, "validate", file, *in_app, "--router", "Router")[1][0]
    _, [line] = _run(capsys, 2, "validate", file, *in_app, "--router", "Other")
    assert "no RuleRouter of" in line

    shown = [
        _run(capsys, 0, "simulate", f"https://{host}/", *in_app, "--router", "Static")[0]
        for host in ("a.example.com", "b")
    ]
    assert [lines[-1] for lines in shown] == ["origin: us", "origin: eu"]
    other = write({"*": {"rules": [TO_US]}})
    assert (
        _run(capsys, 0, "simulate", "https://b/", *in_app, "--router", "Static", "--file", other)[0][-1] == "origin: us"
    )
    _, [line] = _run(capsys, 2, "simulate", "https://b/", *in_app, "--router", "Router")
    assert line.endswith("--app needs --file FILE: this router of a synthesized app has no rules in it")


def test_what_the_readme_shows_is_what_a_static_source_takes() -> None:
    text = Path("README.md").read_text(encoding="utf-8").partition("## Routing rules")[2]
    rules = load(text.partition("```yaml\n")[2].partition("```")[0].encode(), is_json=False)

    router = rule_router(
        new_stack(), origins={"eu": secondary_host()}, default_origin="eu", source=RuleSource.static(rules)
    )

    assert list(rules) == ["www.example.com"]
    assert router.table is None


def test_another_region_is_written_to_only_knowingly(write: _Write) -> None:
    with mock_aws():
        home, away = Table(), Table("eu-west-1")
        away.put("*", 7, TO_US)
        file = write({"*": {"rules": [TO_EU]}})

        assert main(["rules", "put", file, *_IN]) == 0
        assert (home.rules(), away.rules()) == ({"*": (_NOW, [TO_EU])}, {"*": (7, [TO_US])})
        assert main(["rules", "put", file, *_IN, "--write-region", "eu-west-1"]) == 0
        assert (home.rules(), away.rules()) == ({"*": (_NOW, [TO_EU])}, {"*": (8, [TO_EU])})


def test_the_local_cloud_takes_the_same_calls(write: _Write, capsys: _Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written by others than moto, and so a witness of what DynamoDB takes."""
    monkeypatch.setattr(endpoints, "PATIENCE", Patience())
    file = write(_SHOP)
    with LocalCloud() as cloud:
        away = Table(client=cloud.client("dynamodb", "us-east-1"))
        monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)

        for count in ("2 written, 0 unchanged", "0 written, 2 unchanged"):
            assert _run(capsys, 0, "put", file, *_IN)[0][-1] == count
        assert len(_run(capsys, 0, "list", *_IN)[0]) == 2
        with monkeypatch.context() as overtaken:
            _after_reading(overtaken, lambda: away.put("*", _NOW + 1, TO_US))
            _, said = _run(capsys, 1, "put", write({"*": {"rules": [TO_EU]}}), *_IN)
        assert said[0].startswith(f"*: somebody else wrote version {_NOW + 1} meanwhile")
        assert _run(capsys, 0, "simulate", "https://other.example.com/", *_IN)[0][-1] == "origin: us"
        assert _run(capsys, 0, "delete", "*", "www.example.com", *_IN)[1] == []
        assert away.rules() == {}


# Bad input: one line, exit status 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list"], "give the table: --table NAME, or --stack NAME of the router's stack"),
        (["validate", "FILE"], "give what rules are judged by: --app FOLDER; or the deployed table"),
        (["simulate", "https://a/"], "give what rules are judged by"),
        (["put", "FILE", "--app", "cdk.out"], "give the table"),
        (["validate", "FILE", "--app", "cdk.out", *_IN], "--app and --table both say what rules are judged by"),
        (["validate", "FILE", "--app", "/nowhere"], "--app is the folder that cdk synth has written"),
        (["list", "--router", "A", *_IN], "--table and --router both say which router is meant"),
        (["simulate", "a", *_IN], "the URL must be such as https://"),
        (["simulate", "https://a/", "--cookie", "a", *_IN], "a cookie must be NAME=VALUE, got 'a'"),
        (["get", "WWW.example.com", *_IN], "a host must be a host in lower case, '*.' and a host, or '*', got 'WWW."),
        (["get", "#origins", *_IN], "got '#origins'"),
        (["delete", "a", "#origins", *_IN], "got '#origins'"),
    ],
)
def test_a_mistake_is_told_in_one_line(table: Table, capsys: _Printed, arguments: list[str], said: str) -> None:
    _, [line] = _run(capsys, 2, *arguments)

    assert line.startswith("ha-patterns: ")
    assert said in line


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["drop"],
        ["validate"],
        ["put", *_IN],
        ["get", *_IN],
        ["list", "--table", "a", "--stack", "b"],
        ["simulate", "https://a/", "--draw", "100", *_IN],
        ["get", "a", "--format", "xml", *_IN],
    ],
)
def test_what_is_missing_or_too_much_is_told_after_the_usage(capsys: _Printed, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rules", *arguments])

    assert ended.value.code == 2
    assert "error: " in capsys.readouterr().err.splitlines()[-1]
