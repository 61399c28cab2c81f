"""The commands ``ha-patterns rules``: the rules of a ``RuleRouter``.

What a file of rules is, ``_FORM`` says, which is also their ``--help``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..command_line.frame import FAILED, OK, CommandError
from .route_kinds import RULES
from .routes_command import add_verbs, tell_request, values_for
from .rule_trace import hosts_of, request_of, trace

if TYPE_CHECKING:
    from .rule_trace import Trace

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
  a viewer stays with one. Without it, a viewer gets the first choice of a weight above 0: list first what new viewers
  shall get.
templates:
  In rewrite, headers and redirect: {path}, {rest} (what * stands for), {host}, {query}, and what conditions name.
version:
  Beside rules; get writes it. put then writes only over that version in the table, so that nobody's change in between
  is lost. A file without it, in version control for one, replaces whatever is there when put starts.

Ends with 0; with 2 where a file or an argument is wrong; with 1 where AWS refused, or somebody else's change stands.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns rules``."""
    parser.description = _ABOUT
    simulate = add_verbs(parser, RULES, _FORM, _simulate, "say which rule fires for a request, and why")
    simulate.description = "Say which rules are looked at for a request, why they fire or not, and what happens then."
    _add_request(simulate)


def _add_request(simulate: argparse.ArgumentParser) -> None:
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
    allowed, values = values_for(arguments, lambda allowed: hosts_of(request, allowed))
    try:
        # In the middle of its percent, which no rounding takes away.
        found = trace(request, values, allowed, (arguments.draw + 0.5) / 100)
    except ValueError as error:
        raise CommandError(str(error), status=FAILED) from None
    tell_request(RULES, request, arguments.url)
    for line in (*found.steps, *_end_lines(found)):
        print(line)
    return OK


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
