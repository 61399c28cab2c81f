"""The commands ``ha-patterns tenants``: the tenants of a ``TenantRouter``.

What a file of tenants is, ``_FORM`` says, which is also their ``--help``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from ..command_line.frame import OK, CommandError
from ..edge._source import edge_module
from .route_kinds import TENANTS, Tenancy, Value
from .routes_command import add_verbs, tell_request, values_for
from .rule_trace import request_of

_ABOUT = "The tenants of a TenantRouter: judge, write, read and try them."
_FORM = """\
a file, in YAML or JSON, maps hosts to tenants:

  acme.tenants.example.com: {origin: eu}
  globex.tenants.example.com: {domain_name: globex.apps.example.com}
  "*.tenants.example.com": {origin: us}

hosts:
  A name in lower case; '*.example.com' for all hosts one label below; '*' for all. They count in this order. A name
  outside ASCII is written as browsers send it, with 'xn--'; simulate shows it.
origin:
  The name of an origin that the stack declares, which tenants share.
domain_name:
  A host of the tenant's own, below a suffix that the stack allows.
version:
  Beside either; get writes it. put then writes only over that version in the table, so that nobody's change in between
  is lost. A file without it, in version control for one, replaces whatever is there when put starts. Other attributes
  of an item in the table stay as they are.

Ends with 0; with 2 where a file or an argument is wrong; with 1 where AWS refused, or somebody else's change stands.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands to ``ha-patterns tenants``."""
    parser.description = _ABOUT
    simulate = add_verbs(parser, TENANTS, _FORM, _simulate, "say which tenant a request is for")
    simulate.description = "Say under which host the tenant of a request is found, and where the request goes."


def _simulate(arguments: argparse.Namespace) -> int:
    try:
        request = request_of(arguments.url, method="GET", cookies=(), headers=(), country=None)
    except ValueError as error:
        raise CommandError(str(error)) from None
    names = edge_module("common.hosts")
    host: str = names.host_of(request)
    hosts: tuple[str, ...] = names.hosts_of(host)
    declared, values = values_for(arguments, lambda _: hosts)
    tell_request(TENANTS, request, arguments.url)
    for line in _lines(host, hosts, values, declared):
        print(line)
    return OK


def _lines(host: str, hosts: tuple[str, ...], values: Mapping[str, Value], declared: Tenancy) -> Iterator[str]:
    """Under which hosts a tenant is looked for, and what becomes of the request."""
    for name in hosts:
        if name not in values:
            yield f"{name}: no tenant"
            continue
        value: dict[str, Any] = {field: values[name][field] for field in TENANTS.fields if field in values[name]}
        wrong = "; ".join(message for _, message in TENANTS.problems(name, value, declared))
        if wrong:
            yield f"{name}: {wrong}"
            yield "the edge keeps the last that it could read; if there is none, the configured origin is asked"
            return
        yield f"{name}: {TENANTS.summary(value)}"
        if value.get("domain_name") == host:
            yield "the request would be sent to where it came: the configured origin is asked"
            return
        yield f"origin: {value.get('origin') or value['domain_name']}"
        yield f"header: X-Forwarded-Host: {host}"
        return
    if declared.unknown_status is None:
        yield "no tenant: the configured origin is asked"
        yield f"header: X-Forwarded-Host: {host}"
    else:
        yield f"no tenant: answer {declared.unknown_status}"
