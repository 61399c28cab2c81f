"""The command ``ha-patterns drill``: an outage played on templates, before anybody deploys them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..command_line.durations import argument as duration
from ..command_line.durations import shown, written
from ..command_line.frame import FAILED, OK, CommandError
from ..command_line.output import add_output, write_output
from ..topology.arguments import add_arguments, add_stack, load_topology, require_stacks, status_of

if TYPE_CHECKING:
    from .formats import Report
    from .result import Result
    from .scenario import Outage, Scenario
    from .scene import Scene

_ABOUT = """\
Play an outage on templates and tell what users would have seen: who was served by what, what was lost, how long it
took to detect, to switch, to recover and to come back, and why. No AWS account is asked.

An outage says what fails, how, when and for how long:
  --outage region=eu-west-1,symptom=silent,at=2m,lasts=5m
  --outage resource=Site/Content,symptom=errors,status=503,share=30%
  --outage name=origin.example.com,symptom=refused,every=60s,burst=10s
  --outage kind=checkers
Without one, that of the scenario file is played. Without that, the Region of the primary goes silent for five minutes,
or the primary itself if its Region is unknown.

exit status:
  0  every objective is met, or none was given
  1  an objective is broken
  2  what was given cannot be read or played; with --strict, something had to be assumed
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments to ``ha-patterns drill``."""
    parser.description = _ABOUT
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_arguments(parser)
    add_stack(parser, "has the sites that are played")
    parser.add_argument(
        "--outage",
        action="append",
        default=[],
        metavar="KEY=VALUE,...",
        help="what fails, as above; may be given again for several at once",
    )
    parser.add_argument(
        "--scenario",
        type=Path,
        metavar="FILE",
        help="what is played, in YAML or JSON: outages, traffic, objectives; or the name of a pattern that has a ready "
        "one, such as dns-failover",
    )
    parser.add_argument(
        "--write-scenario",
        type=Path,
        metavar="FILE",
        help="write what would be played as a scenario file to start from, and end with 0",
    )
    parser.add_argument(
        "--rto",
        type=duration,
        metavar="TIME",
        help="until when every way must be as before, such as 110, 110s or 2m (default: not asked)",
    )
    parser.add_argument("--request", metavar="'METHOD PATH'", help="tell one request hop by hop; see --at and --from")
    parser.add_argument("--at", type=duration, metavar="TIME", help="when the request of --request begins")
    parser.add_argument(
        "--from", dest="from_", metavar="CITY", default="Dublin", help="where it begins (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="what phases are drawn by (default: 0)")
    parser.add_argument(
        "--seeds",
        type=_count,
        default=1,
        metavar="N",
        help="play it by N seeds: median, 95th percentile and worst; objectives are judged at the 95th percentile",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="play it with each alternative of each assumption, and tell what that changes",
    )
    parser.add_argument(
        "--strict", action="store_true", help="end with 2 if something that no template tells had to be assumed"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    add_output(parser)
    parser.set_defaults(run=_drill)


def _drill(arguments: argparse.Namespace) -> int:
    from .formats import Report
    from .run import play
    from .scenario import ScenarioError
    from .scene import Scene

    if arguments.at is not None and arguments.request is None:
        raise CommandError("--at says when the request of --request begins, and there is none")
    try:
        scenario = _scenario(arguments)
        topology = load_topology(arguments)
        require_stacks(topology, arguments.stack)
        scene = Scene(topology)
        if arguments.request is not None:
            write_output(_request(arguments, scene, scenario), arguments.output)
            return status_of(topology, OK)
        result = play(scene, scenario, arguments.stack)
        if arguments.write_scenario is not None:
            return status_of(topology, _write_scenario(arguments.write_scenario, result))
        seeds = result.over_seeds(arguments.seeds) if arguments.seeds > 1 else None
        verdicts = result.verdicts() if seeds is None else seeds.verdicts()
        differences = result.sensitivity(seeds=arguments.seeds) if arguments.sensitivity else None
    except ScenarioError as error:
        raise CommandError(str(error)) from None
    report = Report(result, verdicts, seeds, differences)
    write_output(_rendered(arguments, report), arguments.output)
    if arguments.strict and result.settled:
        raise CommandError(f"--strict: {len(result.settled)} values that no template tells had to be assumed")
    return status_of(topology, OK if all(one.met for one in verdicts) else FAILED)


def _scenario(arguments: argparse.Namespace) -> Scenario:
    """What is played: the scenario file, with what the other arguments add."""
    from .objective import Objective
    from .scenario import Scenario

    scenario = Scenario()
    if arguments.scenario is not None:
        from .ready import path_of
        from .scenario_file import read

        scenario = read(path_of(arguments.scenario))
    objectives = scenario.objectives
    if arguments.rto is not None:
        objectives = (*objectives, Objective(recovered_within=written(arguments.rto)))
    return replace(
        scenario,
        outages=(*scenario.outages, *map(_outage, arguments.outage)),
        objectives=objectives,
        seed=scenario.seed if arguments.seed is None else arguments.seed,
    )


def _write_scenario(path: Path, result: Result) -> int:
    from .scenario_file import write
    from .starting_point import starting_point

    write(path, starting_point(result))
    print(f"wrote {path}")
    return OK


def _rendered(arguments: argparse.Namespace, report: Report) -> str:
    if arguments.format == "json":
        from .formats import as_json

        return as_json.render(report)
    from .formats import terminal

    return terminal.render(report, colors=arguments.output is None)


def _request(arguments: argparse.Namespace, scene: Scene, scenario: Scenario) -> str:
    """One request, hop by hop."""
    from ..semantics.attempts import Request
    from .formats.terminal import request_story
    from .run import story
    from .scenario import Requests, Traffic

    method, _, path = arguments.request.strip().partition(" ")
    if not path.strip():
        raise CommandError(f"--request is 'METHOD PATH', such as 'GET /products/1', got {arguments.request!r}")
    asked = Requests(method=method, path=path.strip())
    [location] = Traffic(locations=[arguments.from_]).places
    when = 0 if arguments.at is None else arguments.at
    site, steps, outcome = story(scene, scenario, Request(asked.method, asked.path), location, when, arguments.stack)
    return request_story(steps, outcome, f"{asked.method} {asked.path} at {site.name} from {location.name}")


def _count(text: str) -> int:
    from .given import MOST_SEEDS

    if not text.isdecimal() or not text.isascii() or not 0 < int(text[:9]) <= MOST_SEEDS or len(text) > 9:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {MOST_SEEDS}, got {shown(text)}")
    return int(text)


def _outage(text: str) -> Outage:
    """An outage of the form KEY=VALUE,..."""
    from .scenario import Outage, ScenarioError, nearest

    known = tuple(Outage.__dataclass_fields__)
    given: dict[str, object] = {}
    for pair in text.split(","):
        key, equals, value = pair.partition("=")
        if not equals or not key or not value:
            raise CommandError(f"--outage is KEY=VALUE,..., such as region=eu-west-1,symptom=silent, got {text!r}")
        if key not in known:
            told = nearest(key, known)
            raise CommandError(f"--outage {text}: there is no {key}; there are {', '.join(known)}{told}")
        if key in given:
            raise CommandError(f"--outage {text}: {key} is given twice")
        given[key] = int(value) if key == "status" and value.isdecimal() else value
    try:
        return Outage(**given)  # type: ignore[arg-type]
    except ScenarioError as error:
        raise CommandError(f"--outage {text}: {error}") from None
