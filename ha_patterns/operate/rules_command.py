"""The commands ``ha-patterns rules``: the rules of a ``RuleRouter``, judged, written, read and tried.

What a file of rules is, ``_FORM`` says, which is also their ``--help``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TextIO

from ..aws.regions import EDGE_REGION
from ..command_line.frame import FAILED, INTERRUPTED, OK, CommandError, reader_has_gone
from ..contracts.rule_tables import TABLE_OUTPUT
from ..documents import yaml_reader as _yaml
from ..edge._source import edge_module
from .command_line import operating
from .rule_facts import allowed_in_app
from .rule_files import MOST_MISTAKES, RuleFiles, host_form, more_mistakes
from .rule_trace import host_typed, hosts_of, request_of, trace

if TYPE_CHECKING:
    from lambda_edge.rule_router.problems import Allowed

    from .rule_trace import Trace
    from .rules_table import Change, RulesTable, Stored

_EACH = 500

_ABOUT = "The rules of a RuleRouter: judge, write, read and try them."
_FORM = """\
a file, in YAML or JSON, maps hosts to their rules:

  www.example.com:
    rules:
      - path: /shop/*
        when: {country: {one_of: [DE, AT]}, cookie.plan: {equals: pro}}
        then: {origin: eu, rewrite: "/v2/{rest}", headers: {x-plan: "{cookie.plan}"}}
      - path: /shop/*
        choices:
          - {weight: 90, then: {origin: stable}}
          - {weight: 10, then: {origin: canary}}
        sticky: cookie.session
      - {path: /old, then: {redirect: {to: "/new?{query}", status: 301}}}
  "*":
    rules:
      - {path: "/*", then: {respond: {status: 404, body: Not found}}}

hosts:
  A name in lower case; '*.example.com' for all hosts one label below; '*' for all. They count in this order. A name
  outside ASCII is written as browsers send it, with 'xn--'; simulate shows it.
path:
  '/a' is that path; '/a/*' all that start with '/a/'. The exact path goes first, then the longest start. Of rules with
  one path, the first whose conditions hold fires. If none does, the configured origin is asked. A path has at most 256
  rules.
when:
  method, country, header.NAME, cookie.NAME or query.NAME, each with one of equals, one_of, prefix and exists.
then:
  origin, rewrite and headers; or redirect (to, status, max_age); or respond (status, body, content_type, max_age,
  retry_after). Or choices in place of then, whose weights sum to 100; sticky is the cookie.NAME or header.NAME by which
  a viewer stays with one.
templates:
  In rewrite, headers and redirect: {path}, {rest} (what * stands for), {host}, {query}, and what conditions name.
version:
  Beside rules; get writes it. put then writes only over that version in the table, so that nobody's change in between
  is lost. A file without it, in version control for one, replaces whatever is there when put starts.

Ends with 0; with 2 where a file or an argument is wrong; with 1 where AWS refused, or somebody else's change stands.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns rules``."""
    parser.description, parser.epilog = _ABOUT, _FORM
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    validate = verbs.add_parser(
        "validate", help="say what is wrong with files", description="Judge files, and write nothing.", **_with(_FORM)
    )
    put = verbs.add_parser(
        "put",
        help="write files to the table",
        description="Judge all files, then write each host that differs, unless somebody changed it meanwhile.",
        **_with(_FORM),
    )
    get = verbs.add_parser("get", help="print rules", description="Print the rules of hosts as a file that put takes.")
    show = verbs.add_parser("list", help="list the hosts", description="List hosts, versions, rules and sizes.")
    delete = verbs.add_parser(
        "delete", help="delete rules", description="Delete the rules of hosts, unless somebody changes them meanwhile."
    )
    simulate = verbs.add_parser(
        "simulate",
        help="say which rule fires for a request, and why",
        description="Say which rules are looked at for a request, why they fire or not, and what happens then.",
    )
    for verb in (validate, put):
        verb.add_argument("files", nargs="+", metavar="FILE", help="hosts and their rules, .json or YAML")
    for verb in (get, delete):
        verb.add_argument("hosts", nargs="+", metavar="HOST", help="such as www.example.com, '*.example.com' or '*'")
    _add_request(simulate)
    for verb in (validate, put, simulate):
        verb.add_argument(
            "--app",
            metavar="FOLDER",
            help="judge by what the router of this synthesized app declares, cdk.out for one (default: by what the "
            "deployed stack declares, which is in the table)",
        )
    for verb in (validate, put, get, show, delete, simulate):
        _add_table(verb)
    get.add_argument("--format", choices=("yaml", "json"), default="yaml", help="default: %(default)s")
    for verb in (put, delete):
        verb.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    validate.set_defaults(run=_validate)
    put.set_defaults(run=_put)
    get.set_defaults(run=_get)
    show.set_defaults(run=_list)
    delete.set_defaults(run=_delete)
    simulate.set_defaults(run=_simulate)


def _with(epilog: str) -> dict[str, Any]:
    return {"epilog": epilog, "formatter_class": argparse.RawDescriptionHelpFormatter}


def _add_table(verb: argparse.ArgumentParser) -> None:
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--table", metavar="NAME", help="the table of the rules")
    which.add_argument(
        "--stack",
        metavar="NAME",
        help=f"the router's stack, whose output {TABLE_OUTPUT} names the table; with --app, whose router is meant",
    )
    verb.add_argument(
        "--write-region",
        default=EDGE_REGION,
        metavar="REGION",
        help="the one Region that everybody writes to and reads from (default: %(default)s). Another one only while "
        "that is down, and then for everybody: of writes in two Regions, one is lost",
    )


def _add_request(simulate: argparse.ArgumentParser) -> None:
    simulate.add_argument(
        "url",
        metavar="URL",
        help="such as https://www.example.com/shop/cart?page=2; a host that is not ASCII is encoded as browsers do, "
        "by UTS 46",
    )
    simulate.add_argument("--method", default="GET", help="default: %(default)s")
    simulate.add_argument("--cookie", action="append", default=[], metavar="NAME=VALUE", help="a cookie of the viewer")
    simulate.add_argument(
        "--header", action="append", default=[], metavar="'NAME: VALUE'", help="a header of the viewer"
    )
    simulate.add_argument("--country", metavar="XX", help="where the viewer is, such as DE")
    simulate.add_argument(
        "--draw",
        type=int,
        default=0,
        choices=range(100),
        metavar="0-99",
        help="the draw of choices that are not sticky (default: %(default)s)",
    )
    simulate.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="FILE",
        help="take its hosts' rules in place of those in the table; with --app, of the files alone",
    )


def _validate(arguments: argparse.Namespace) -> int:
    with _declared(arguments) as (allowed, _):
        files = _judged(arguments.files, allowed, "")
    print(f"{_count(len(files.hosts), 'host')}: nothing is wrong")
    return OK


def _put(arguments: argparse.Namespace) -> int:
    changed = unchanged = conflicts = 0
    with _table(arguments) as (operate, table):
        allowed = table.allowed() if arguments.app is None else _app(arguments)
        files = _judged(arguments.files, allowed, "; nothing was written")
        progress = _Progress("done with", len(files.hosts))
        try:
            for change in operate.put_all(table, files.given(), dry_run=arguments.dry_run):
                if isinstance(change, operate.ConflictError):
                    conflicts += 1
                    _say(change, sys.stderr)
                else:
                    is_new = change.before != change.after
                    changed, unchanged = changed + is_new, unchanged + (not is_new)
                    _say(_put_line(change))
                progress.step()
        except KeyboardInterrupt:
            under_way = f", and perhaps {operate.AT_ONCE} that were under way"
            raise CommandError(f"interrupted{_so_far(changed, arguments, under_way)}", status=INTERRUPTED) from None
        except (CommandError, operate.OperationError) as error:
            status = error.status if isinstance(error, CommandError) else FAILED
            raise CommandError(f"{error}{_so_far(changed, arguments)}", status=status) from None
    if conflicts:
        raise CommandError(
            f"{conflicts} of {_count(len(files.hosts), 'host')} not written{_so_far(changed, arguments)}", status=FAILED
        )
    if arguments.dry_run:
        _say(f"dry run: nothing was written; {changed} would be, {unchanged} unchanged")
    else:
        _say(f"{changed} written, {unchanged} unchanged")
    return OK


def _get(arguments: argparse.Namespace) -> int:
    hosts = _hosts(arguments.hosts)
    found = {}
    with _table(arguments) as (operate, table):
        for host in hosts:
            stored = _stored(operate, table, host)
            if stored.version is None or stored.rules is None:
                raise operate.OperationError(
                    f"the item of {host} is not a version and a list of rules: put new ones, or delete it"
                )
            found[host] = {"version": stored.version, "rules": stored.rules}
    if arguments.format == "json":
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print(_yaml.dump(found), end="")
    return OK


def _list(arguments: argparse.Namespace) -> int:
    with _table(arguments) as (_, table):
        rows = sorted((stored.host, _list_line(stored)) for stored in table.all())
    width = max((len(host) for host, _ in rows), default=0)
    for host, line in rows:
        print(f"{host:<{width}}  {line}")
    return OK


def _delete(arguments: argparse.Namespace) -> int:
    hosts = _hosts(arguments.hosts)
    done = 0
    with _table(arguments) as (operate, table):
        for host in hosts:
            try:
                change = table.delete(host, dry_run=arguments.dry_run)
            except (operate.ConflictError, operate.OperationError) as error:
                before = f"\n  Deleted before: {_count(done, 'host')}." if done and not arguments.dry_run else ""
                raise CommandError(f"{error}{before}", status=FAILED) from None
            done += 1
            _say(f"{host}: {'would be ' if arguments.dry_run else ''}deleted (was version {change.before})")
    return OK


def _simulate(arguments: argparse.Namespace) -> int:
    try:
        request = request_of(
            arguments.url,
            method=arguments.method,
            cookies=arguments.cookie,
            headers=arguments.header,
            country=arguments.country,
        )
    except ValueError as error:
        raise CommandError(str(error)) from None
    if arguments.app is not None and not arguments.file:
        raise CommandError("--app needs --file FILE: a synthesized app has no rules of a table")
    with _declared(arguments) as (allowed, table):
        hosts = hosts_of(request, allowed)
        stored = [] if table is None else [table.get(host) for host in hosts]
        files = _judged(arguments.file, allowed, "")
    values = {each.host: {"version": each.version, "rules": each.rules} for each in stored if each is not None}
    for given in files.given():
        if given.host in hosts:
            values[given.host] = {"version": 1, "rules": given.rules}
    try:
        # In the middle of its percent, which no rounding takes away.
        found = trace(request, values, allowed, (arguments.draw + 0.5) / 100)
    except ValueError as error:
        raise CommandError(str(error), status=FAILED) from None
    print(f"{request['method']} {arguments.url}")
    host = request["headers"]["host"][0]["value"]
    if host != host_typed(arguments.url).lower():
        print(f"note: a browser sends the host as {host}, and so it is written in rules")
    for line in (*found.steps, *_end_lines(found)):
        print(line)
    return OK


@contextmanager
def _table(arguments: argparse.Namespace) -> Iterator[tuple[ModuleType, RulesTable]]:
    """The table that a command is about."""
    if arguments.table is None and arguments.stack is None:
        raise CommandError("give the table: --table NAME, or --stack NAME of the router's stack")
    with operating("rules_table") as operate:
        name = arguments.table or operate.table_of(arguments.stack)
        yield operate, operate.RulesTable(name, arguments.write_region)


@contextmanager
def _declared(arguments: argparse.Namespace) -> Iterator[tuple[Allowed, RulesTable | None]]:
    """What rules may do, as the app says that is given, or else as the deployed stack does in its table."""
    if arguments.app is not None:
        if arguments.table is not None:
            raise CommandError("--app and --table both say what rules are judged by: leave one of them out")
        yield _app(arguments), None
    elif arguments.table is None and arguments.stack is None:
        raise CommandError(
            "give what rules are judged by: --app FOLDER; or the deployed table, with --table NAME, or --stack NAME of "
            "the router's stack"
        )
    else:
        with _table(arguments) as (_, table):
            yield table.allowed(), table


def _app(arguments: argparse.Namespace) -> Allowed:
    try:
        return allowed_in_app(Path(arguments.app), arguments.stack)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _judged(paths: Sequence[str], allowed: Allowed, then: str) -> RuleFiles:
    """Files of which nothing is wrong."""
    files = RuleFiles(paths)
    mistakes = 0
    for mistake in files.mistakes(allowed, _Progress("checked").step):
        mistakes += 1
        if mistakes <= MOST_MISTAKES:
            _say(mistake, sys.stderr)
    if mistakes > MOST_MISTAKES:
        _say(more_mistakes(mistakes), sys.stderr)
    if mistakes:
        raise CommandError(f"{_count(mistakes, 'mistake')}{then}")
    return files


def _hosts(hosts: Sequence[str]) -> list[str]:
    is_host = edge_module("common.hosts").is_host
    for host in hosts:
        if not is_host(host):
            raise CommandError(f"a host must be {host_form(host)}, got {host!r}")
    return list(dict.fromkeys(hosts))


def _stored(operate: ModuleType, table: RulesTable, host: str) -> Stored:
    stored = table.get(host)
    if stored is None:
        raise operate.OperationError(f"the table {table.name} has no rules of {host}")
    return stored


def _list_line(stored: Stored) -> str:
    if stored.version is None or stored.rules is None:
        return "cannot be read"
    return f"version {stored.version}  {_count(len(stored.rules), 'rule')}  {len(stored.text.encode())} bytes"


def _put_line(change: Change) -> str:
    if change.before == change.after:
        return f"{change.host}: version {change.after}, unchanged"
    was = "new" if change.before is None else f"was {change.before}"
    return f"{change.host}: version {change.after} ({was}), {_count(change.rules, 'rule')}"


def _end_lines(found: Trace) -> Iterator[str]:
    """The lines about what becomes of a request in the end."""
    if found.refused is not None:
        yield from _answer_lines(found.refused)
        return
    outcome = found.decision and found.decision.outcome
    if outcome is None:
        yield "no rule fires: the configured origin is asked"
    elif outcome.response is not None:
        yield from _answer_lines(outcome.response)
    else:
        yield f"origin: {outcome.origin or 'the configured one'}"
        if outcome.uri is not None:
            yield f"path: {outcome.uri}"
        yield from (f"header: {name}: {value}" for name, value in outcome.headers)


def _answer_lines(response: Mapping[str, Any]) -> Iterator[str]:
    yield f"answer: {response['status']}"
    for lines in response["headers"].values():
        yield from (f"header: {line['key']}: {line['value']}" for line in lines)
    if response.get("body"):
        yield f"body: {len(response['body'].encode())} bytes"


def _so_far(changed: int, arguments: argparse.Namespace, under_way: str = "") -> str:
    """What was written before a failure."""
    if arguments.dry_run:
        return ""
    return (
        f"\n  Written before: {_count(changed, 'host')}{under_way}. "
        "Put again to go on: what is there already stays as it is."
    )


def _say(line: object, stream: TextIO | None = None) -> None:
    """Tell what is done; whether anybody still reads it changes neither what is yet to do nor how it ends."""
    stream = stream or sys.stdout
    try:
        print(line, file=stream)
    except BrokenPipeError:
        reader_has_gone(stream)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


class _Progress:
    """Tells of long work every so often, on the side of errors, where it is in nobody's way."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self._what = what
        self._of = f" of {total}" if total else ""
        self._count = 0

    def step(self) -> None:
        """One more is done."""
        self._count += 1
        if self._count % _EACH == 0:
            _say(f"{self._what} {self._count}{self._of} hosts", sys.stderr)
