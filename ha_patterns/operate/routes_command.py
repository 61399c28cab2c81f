"""The commands for a router's table: what it has of each host is judged, written, read and tried.

``ha-patterns rules`` and ``ha-patterns tenants`` share them; what differs is a ``Kind``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TextIO

from ..aws.regions import EDGE_REGION
from ..command_line.frame import FAILED, INTERRUPTED, OK, CommandError, reader_has_gone
from ..command_line.output import add_output, write_output
from ..documents import yaml_reader as _yaml
from ..edge._source import edge_module
from .command_line import operating
from .route_facts import Router, require_one, routers_in_app
from .route_files import MOST_MISTAKES, RouteFiles, host_form, more_mistakes
from .route_kinds import Kind
from .rule_trace import host_typed

if TYPE_CHECKING:
    from .route_table import Change, RouteTable, Stored

_EACH = 500

#: Tries a request.
Run = Callable[[argparse.Namespace], int]


def add_verbs(
    parser: argparse.ArgumentParser, kind: Kind, form: str, simulate: Run, tries: str
) -> argparse.ArgumentParser:
    """Add the commands for a router's table; returns the parser of ``simulate``, for what a request has.

    Args:
        parser: Of the command that they are below.
        kind: What the routers have of each host.
        form: What a file is.
        simulate: Runs ``simulate``.
        tries: What ``simulate`` is for.
    """
    noun = kind.noun
    help_: dict[str, Any] = {"epilog": form, "formatter_class": argparse.RawDescriptionHelpFormatter}
    parser.epilog, parser.formatter_class = form, argparse.RawDescriptionHelpFormatter
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    validate = verbs.add_parser(
        "validate", help="say what is wrong with files", description="Judge files, and write nothing.", **help_
    )
    put = verbs.add_parser(
        "put",
        help="write files to the table",
        description="Judge all files, then write each host that differs, unless somebody changed it meanwhile.",
        **help_,
    )
    get = verbs.add_parser(
        "get", help=f"print {noun}", description=f"Print the {noun} of hosts as a file that put takes."
    )
    show = verbs.add_parser(
        "list",
        help="list the hosts",
        description=f"List hosts, versions, {noun}{' and sizes' if kind.is_versioned else ''}.",
    )
    delete = verbs.add_parser(
        "delete",
        help=f"delete {noun}",
        description=f"Delete the {noun} of hosts, unless somebody changes them meanwhile.",
    )
    tried = verbs.add_parser("simulate", help=tries)
    for verb in (validate, put):
        verb.add_argument("files", nargs="+", metavar="FILE", help=f"hosts and their {noun}, .json or YAML")
    for verb in (get, delete):
        verb.add_argument("hosts", nargs="+", metavar="HOST", help="such as www.example.com, '*.example.com' or '*'")
    tried.add_argument(
        "url",
        metavar="URL",
        help="such as https://www.example.com/shop/cart?page=2; a host that is not ASCII is encoded as browsers do, "
        "by UTS 46",
    )
    tried.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="FILE",
        help=f"take its hosts' {noun} in place of those that the router has; with --app, those of the files alone, "
        f"unless the app has {noun} itself",
    )
    for verb in (validate, put, tried):
        verb.add_argument(
            "--app",
            metavar="FOLDER",
            help="judge by what the router of this synthesized app declares, cdk.out for one (default: by what the "
            "deployed stack declares, which is in the table)",
        )
    for verb, run in (
        (validate, _validate),
        (put, _put),
        (get, _get),
        (show, _list),
        (delete, _delete),
        (tried, simulate),
    ):
        _add_table(verb, kind)
        verb.set_defaults(run=run, kind=kind)
    get.add_argument("--format", choices=("yaml", "json"), default="yaml", help="default: %(default)s")
    add_output(get)
    for verb in (put, delete):
        verb.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    return tried


def _add_table(verb: argparse.ArgumentParser, kind: Kind) -> None:
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--table", metavar="NAME", help=f"the table of the {kind.noun}")
    which.add_argument(
        "--stack",
        metavar="NAME",
        help=f"the router's stack, whose output {kind.output} names the table; with --app, whose router is meant",
    )
    verb.add_argument(
        "--router",
        metavar="ID",
        help=f"the id of the {kind.router}, or its path, if the stack or the app has several",
    )
    verb.add_argument(
        "--write-region",
        default=EDGE_REGION,
        metavar="REGION",
        help="the one Region that everybody writes to and reads from (default: %(default)s). Another one only while "
        "that is down, and then for everybody: of writes in two Regions, one is lost",
    )


def _validate(arguments: argparse.Namespace) -> int:
    with _declared(arguments) as (declared, _):
        files = _judged(arguments.kind, arguments.files, declared, "")
    print(f"{_count(len(files.hosts), 'host')}: nothing is wrong")
    return OK


def _put(arguments: argparse.Namespace) -> int:
    changed = unchanged = conflicts = 0
    with _table(arguments) as (operate, table):
        declared = table.declared() if arguments.app is None else _app(arguments)[0].declared
        files = _judged(table.kind, arguments.files, declared, "; nothing was written")
        progress = _Progress("done with", len(files.hosts))
        try:
            for change in operate.put_all(table, files.given(), dry_run=arguments.dry_run):
                if isinstance(change, operate.ConflictError):
                    conflicts += 1
                    _say(change, sys.stderr)
                else:
                    changed, unchanged = changed + change.is_change, unchanged + (not change.is_change)
                    _say(_put_line(table.kind, change))
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
            stored = table.get(host)
            if stored is None:
                raise table.has_no(host)
            if not stored.is_readable(table.kind):
                raise operate.OperationError(f"the item of {host} {table.kind.unreadable}")
            found[host] = _versioned(stored)
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n" if arguments.format == "json" else _yaml.dump(found)
    write_output(text, arguments.output)
    return OK


def _list(arguments: argparse.Namespace) -> int:
    with _table(arguments) as (_, table):
        rows = sorted((stored.host, _list_line(table.kind, stored)) for stored in table.all())
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
            was = "" if change.before is None else f" (was version {change.before})"
            _say(f"{host}: {'would be ' if arguments.dry_run else ''}deleted{was}")
    return OK


def tell_request(kind: Kind, request: Mapping[str, Any], url: str) -> None:
    """Print the request that ``simulate`` tries."""
    print(f"{request['method']} {url}")
    host = request["headers"]["host"][0]["value"]
    if host != host_typed(url).lower():
        print(f"note: a browser sends the host as {host}, and so it is written in {kind.noun}")


def values_for(
    arguments: argparse.Namespace, hosts_of: Callable[[Any], Sequence[str]]
) -> tuple[Any, dict[str, dict[str, Any]]]:
    """What the router declares, and what there is of the hosts of a request that ``simulate`` tries.

    Args:
        arguments: Of the command.
        hosts_of: The hosts, out of what the router declares.
    """
    kind: Kind = arguments.kind
    with _declared(arguments) as (declared, stored_of):
        hosts = hosts_of(declared)
        values = {host: one for host in hosts if (one := stored_of(host)) is not None}
        files = _judged(kind, arguments.file, declared, "")
    for given in files.given():
        if given.host in hosts:
            values[given.host] = {"version": 1, **given.value}
    return declared, values


@contextmanager
def _table(arguments: argparse.Namespace) -> Iterator[tuple[ModuleType, RouteTable]]:
    """The table that a command is about."""
    if arguments.table is None and arguments.stack is None:
        raise CommandError("give the table: --table NAME, or --stack NAME of the router's stack")
    if arguments.table is not None and arguments.router is not None:
        raise CommandError("--table and --router both say which router is meant: leave one of them out")
    with operating("route_table") as operate:
        kind: Kind = arguments.kind
        name = arguments.table or operate.table_of(kind, arguments.stack, arguments.router)
        yield operate, operate.RouteTable(kind, name, arguments.write_region)


@contextmanager
def _declared(arguments: argparse.Namespace) -> Iterator[tuple[Any, Callable[[str], dict[str, Any] | None]]]:
    """What the app that is given declares, or else the deployed stack in its table; and what there is of a host."""
    if arguments.app is not None:
        if arguments.table is not None:
            raise CommandError(
                f"--app and --table both say what {arguments.kind.noun} are judged by: leave one of them out"
            )
        routers = _app(arguments)
        yield routers[0].declared, lambda host: _own(arguments, routers).get(host)
    elif arguments.table is None and arguments.stack is None:
        raise CommandError(
            f"give what {arguments.kind.noun} are judged by: --app FOLDER; or the deployed table, with --table NAME, "
            "or --stack NAME of the router's stack"
        )
    else:
        with _table(arguments) as (_, table):
            yield table.declared(), lambda host: None if (one := table.get(host)) is None else _versioned(one)


def _app(arguments: argparse.Namespace) -> list[Router]:
    try:
        return routers_in_app(arguments.kind, Path(arguments.app), arguments.stack, arguments.router)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _own(arguments: argparse.Namespace, routers: list[Router]) -> dict[str, dict[str, Any]]:
    """What a synthesized app itself has of hosts."""
    kind: Kind = arguments.kind
    own = routers[0].own
    if not arguments.file:
        try:
            require_one(kind, Path(arguments.app), routers, [one.own for one in routers], f"have different {kind.noun}")
        except ValueError as error:
            raise CommandError(str(error)) from None
        if own is None:
            raise CommandError(f"--app needs --file FILE: this router of a synthesized app has no {kind.noun} in it")
    return {host: {"version": 1, **value} for host, value in (own or {}).items()}


def _versioned(stored: Stored) -> dict[str, Any]:
    """What a table has of a host, as a file has it."""
    version = {} if stored.version is None else {"version": stored.version}
    return {**version, **(stored.value or {})}


def _judged(kind: Kind, paths: Sequence[str], declared: Any, then: str) -> RouteFiles:
    """Files of which nothing is wrong."""
    files = RouteFiles(kind, paths)
    mistakes = 0
    for mistake in files.mistakes(declared, _Progress("checked").step):
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


def _list_line(kind: Kind, stored: Stored) -> str:
    if stored.value is None or not stored.is_readable(kind):
        return "cannot be read"
    version = "" if stored.version is None else f"version {stored.version}  "
    return f"{version}{kind.listing(stored.item, stored.value)}"


def _put_line(kind: Kind, change: Change) -> str:
    assert change.value is not None
    if not change.is_change:
        version = "" if change.after is None else f"version {change.after}, "
        return f"{change.host}: {version}unchanged"
    was = "new" if change.before is None else f"was {change.before}"
    return f"{change.host}: version {change.after} ({was}), {kind.summary(change.value)}"


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
