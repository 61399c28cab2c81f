"""The command ``ha-patterns check``: whether templates will fail over at all."""

from __future__ import annotations

import argparse
import importlib
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..command_line.durations import argument as duration
from ..command_line.durations import shown
from ..command_line.frame import FAILED, OK, CommandError
from ..command_line.output import add_output, write_output
from ..topology.arguments import add_arguments, add_stack, load_topology, require_stacks, status_of

if TYPE_CHECKING:
    from .rule import Rule
    from .run import Report

_FORMATS = {"text": "terminal", "json": "as_json", "sarif": "sarif", "github": "github"}
_SEVERITIES = ("error", "warning", "note", "never")
_SECOND = 10**9
_LONGEST = 10**6

_ABOUT = """\
Read a cloud assembly or templates, and say what will not fail over when an origin, a Region or a health check does
not do what people think. No AWS account is asked. A rule that cannot know stays silent, or says so with --verbose.

exit status:
  0  nothing found at or above --fail-on
  1  something found
  2  what was given cannot be read; of several templates, one that cannot

what is accepted, a resource's metadata says, with the reason:
  Metadata:
    ha-patterns:
      acknowledge:
        HA304: one Region is what this application is for
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to ``ha-patterns check``."""
    parser.description = _ABOUT
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_arguments(parser)
    add_stack(parser, "is told of what is found in it, while all are read")
    parser.add_argument(
        "--explain",
        metavar="RULE",
        help="tell what a rule finds, why it matters and how to mend it; all, or the start of an id, lists rules",
    )
    parser.add_argument(
        "--select", action="append", default=[], metavar="RULE", help="these rules only: HA003, or HA2 for all HA2.."
    )
    parser.add_argument("--ignore", action="append", default=[], metavar="RULE", help="not these rules")
    parser.add_argument(
        "--rto",
        type=_seconds,
        metavar="TIME",
        help="how long recovery may take at most, such as 110, 110s or 2m; what takes longer is an error (default: not "
        "asked)",
    )
    parser.add_argument(
        "--fail-on",
        choices=_SEVERITIES,
        default="error",
        help="the least severity that ends with 1 (default: %(default)s)",
    )
    parser.add_argument("--format", choices=tuple(_FORMATS), default="text", help="default: %(default)s")
    add_output(parser)
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="what is known already, and not told again")
    parser.add_argument(
        "--write-baseline", type=Path, metavar="FILE", help="write all that is found as a baseline, and end with 0"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="notes, what cannot be told, and what is acknowledged, too"
    )
    parser.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    from .rules import RULES

    if arguments.explain is not None:
        print(_explained(_rule(arguments.explain, RULES)))
        return OK
    rules = _selected(arguments.select, arguments.ignore, RULES)
    return _run(arguments, rules)


def _run(arguments: argparse.Namespace, rules: Sequence[Rule]) -> int:
    from .formats import Result
    from .places import Lines, fingerprint
    from .rule import Objectives, Severity
    from .run import check

    known = _known(arguments)
    # Other formats have the warnings themselves.
    topology = load_topology(arguments, warn=arguments.format == "text" or bool(arguments.write_baseline))
    require_stacks(topology, arguments.stack)
    everything = check(topology, rules=rules, objectives=Objectives(recovery_seconds=arguments.rto))
    report = everything.in_stacks(arguments.stack) if arguments.stack else everything
    if arguments.write_baseline:
        return status_of(topology, _write_baseline(arguments.write_baseline, report))
    # What is in other stacks is still found.
    prints = {fingerprint(one.rule.id, one.place) for one in everything.findings}
    new = [one for one in report.findings if fingerprint(one.rule.id, one.place) not in known]
    # Notes, too, if they decide how the command ends.
    least_shown = Severity.NOTE if arguments.verbose or arguments.fail_on == "note" else Severity.WARNING
    shown = tuple(one for one in new if one.rule.severity >= least_shown)
    told = (*shown, *report.acknowledged) if arguments.format != "text" else shown
    places = [finding.place for finding in told]
    if arguments.format == "json":
        places += [one.place for _, one in report.cannot_tell]
    result = Result(
        report=report,
        topology=topology,
        lines=Lines(places),
        shown=shown,
        known=len(report.findings) - len(new),
        outdated=tuple(entry for entry in known if entry not in prints),
        verbose=arguments.verbose,
        rules=len(rules),
        stacks=tuple(arguments.stack),
        colors=arguments.output is None,
    )
    render = importlib.import_module(f".formats.{_FORMATS[arguments.format]}", __package__).render
    write_output(render(result), arguments.output)
    if arguments.fail_on == "never":
        return status_of(topology, OK)
    least = Severity[arguments.fail_on.upper()]
    return status_of(topology, FAILED if any(one.rule.severity >= least for one in new) else OK)


def _known(arguments: argparse.Namespace) -> Mapping[str, str]:
    """What the baseline has; nothing where there is none, or a new one is written."""
    if arguments.baseline is None or arguments.write_baseline:
        return {}
    from . import baseline

    return baseline.read(arguments.baseline)


def _write_baseline(path: Path, report: Report) -> int:
    from . import baseline

    count = baseline.write(path, report.findings)
    print(f"wrote {count} finding{'' if count == 1 else 's'} to {path}")
    return OK


def _selected(select: Sequence[str], ignore: Sequence[str], rules: dict[str, Rule]) -> list[Rule]:
    """The rules that are asked; what is named must be there."""
    wanted = _named(select, "--select") if select else set(rules)
    unwanted = _named(ignore, "--ignore")
    return [rule for rule_id, rule in rules.items() if rule_id in wanted - unwanted]


def _named(names: Sequence[str], argument: str) -> set[str]:
    from .rules import matching

    found: set[str] = set()
    for name in (one.strip() for text in names for one in text.split(",")):
        named = matching(name)
        if not named:
            raise CommandError(f"{argument} {name}: there is no such rule; ha-patterns check --explain all lists them")
        found |= named
    return found


def _rule(name: str, rules: dict[str, Rule]) -> list[Rule]:
    if name.lower() == "all":
        return list(rules.values())
    named = _named([name], "--explain")
    return [rule for rule_id, rule in rules.items() if rule_id in named]


def _explained(rules: list[Rule]) -> str:
    if len(rules) > 1:
        return "\n".join(f"{rule.id}  {rule.severity.word:7}  {rule.title}" for rule in rules)
    [rule] = rules
    return "\n".join(
        (
            f"{rule.id} ({rule.severity.word}): {rule.title}",
            "",
            *textwrap.wrap(rule.why, 100),
            "",
            *textwrap.wrap(rule.remedy, 100),
            "",
            rule.page,
        )
    )


def _seconds(text: str) -> float:
    seconds = duration(text) / _SECOND
    if not 1 <= seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"must be from 1 to {_LONGEST} seconds, got {shown(text)}")
    return int(seconds) if seconds.is_integer() else seconds
