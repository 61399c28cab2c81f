"""The commands ``ha-patterns access-point get`` and ``set``: which Regions a Multi-Region Access Point sends to."""

from __future__ import annotations

import argparse
from types import ModuleType
from typing import Any

from ..aws.access_points import NAME
from ..command_line.frame import OK, CommandError
from ..contracts.access_points import ACTIVE, ARN, PASSIVE
from .command_line import assignments, operating

_DIALS = {str(dial): dial for dial in (ACTIVE, PASSIVE)}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns access-point``."""
    parser.description = "Read and set which Regions a Multi-Region Access Point of S3 sends requests to."
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    get = verbs.add_parser("get", help="its routes", description="Print REGION=100|0 of each, and its bucket.")
    put = verbs.add_parser(
        "set",
        help="set routes, all at once",
        description="Set routes in one call; Regions that are not named stay as they are.",
    )
    for verb in (get, put):
        verb.add_argument(
            "access_point",
            metavar="ARN|NAME",
            help="the ARN needs S3's failover controls alone; a name is looked up in us-west-2, not during an outage",
        )
    put.add_argument(
        "routes", nargs="+", metavar="REGION=100|0", help="such as eu-west-1=0 eu-central-1=100: 0 takes a Region out"
    )
    put.add_argument("--dry-run", action="store_true", help="say what would be set, and set nothing")
    get.set_defaults(run=_access_point_get)
    put.set_defaults(run=_access_point_set)


def _access_point_get(arguments: argparse.Namespace) -> int:
    _check(arguments.access_point)
    with operating("access_point") as operate:
        routes = _access_point(operate, arguments.access_point).routes()
    lines = [(f"{route.region}={route.dial}", route.bucket) for route in routes]
    width = max((len(line) for line, _ in lines), default=0)
    for line, bucket in lines:
        print(f"{line:<{width}}  {bucket}")
    return OK


def _access_point_set(arguments: argparse.Namespace) -> int:
    _check(arguments.access_point)
    dials = assignments(arguments.routes, _DIALS, "a route must be REGION=100 (active) or REGION=0 (passive)")
    with operating("access_point") as operate:
        access_point = _access_point(operate, arguments.access_point)
        routes = operate.changed(access_point.routes(), dials)
        if not arguments.dry_run:
            access_point.set(dials)
    for route in routes:
        print(f"{route.region}={dials[route.region]} (was {route.dial})")
    print("dry run: nothing was set" if arguments.dry_run else "S3 follows within two minutes")
    return OK


def _check(named: str) -> None:
    if not ARN.fullmatch(named) and not NAME.fullmatch(named):
        raise CommandError(
            "an access point must be an ARN such as arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap, or a "
            f"name, got {named!r}"
        )


def _access_point(operate: ModuleType, named: str) -> Any:
    return operate.AccessPoint(named if ARN.fullmatch(named) else operate.arn_of(named))
