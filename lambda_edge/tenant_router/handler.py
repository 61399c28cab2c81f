"""Tenant router: the name that a viewer asked for says whose application answers.

A tenant is an item of the table, under its host (or ``*.example.com``, or ``*``), with either

- ``origin``: the name of an origin that the stack declares; or
- ``domain_name``: a host name below one of the suffixes that the stack allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..common import origin, responses, world
from ..common.cache import Cache, Loaded, UnavailableError
from ..common.entry import Decide, Keep, entry
from ..common.hosts import host_of, hosts_of, is_host
from ..common.table import RouteTable

_MOST_ABSENT = 10_000
# What a tenant weighs in memory, about.
_SIZE = 1024


class Tenant(NamedTuple):
    """Where a tenant's application is; nowhere, where its item cannot be read.

    Attributes:
        origin: The name of a declared origin.
        domain_name: The name of an origin below an allowed suffix.
    """

    origin: str | None = None
    domain_name: str | None = None


def build(settings: Mapping[str, Any]) -> Decide:
    """The router that a configuration describes.

    Args:
        settings: As ``ha_patterns.active_active.tenant_router`` writes them.
    """
    declared = origin.DeclaredOrigins(settings["origins"])
    suffixes = tuple(settings["suffixes"])
    own_origin = settings["own_origin"]
    unknown_status: int | None = settings["unknown_status"]
    table = RouteTable(settings["table"])

    def load(hosts: Sequence[str], known: Mapping[str, Tenant], wait: float) -> Mapping[str, Loaded[Tenant]]:
        found = {}
        for item in table.items(hosts, wait):
            host = item["host"]
            tenant = _read(item, declared, suffixes)
            if tenant is None:
                world.log("tenant-unreadable", host=host)
                tenant = known.get(host, Tenant())
            found[host] = Loaded(tenant, _SIZE)
        return found

    cache: Cache[Tenant] = Cache(
        load,
        ttl=settings["ttl"],
        negative_ttl=settings["ttl"],
        back_off=settings["table"]["back_off"],
        max_size=settings["max_size"],
        max_absent=_MOST_ABSENT,
        on_failure=lambda error: world.log("tenants-unavailable", error=f"{type(error).__name__}: {error}"),
    )

    def route(cf: dict[str, Any]) -> dict[str, Any] | None:
        request: dict[str, Any] = cf["request"]
        host = host_of(request)
        table.request = request
        try:
            tenant = next((each for each in cache.get_all(hosts_of(host)) if each is not None), None)
        except UnavailableError:
            tenant = Tenant()
        if tenant is None:
            return _keep(request) if unknown_status is None else _no_such_site(unknown_status)
        if tenant.origin is not None:
            declared.send(request, tenant.origin)
        elif tenant.domain_name is not None and tenant.domain_name != host:
            origin.change(request, own_origin, {"domainName": tenant.domain_name})
        else:
            # Nothing is known of the host, or it would be sent to itself.
            return None
        return _tell(request, host)

    return route


def keep(_settings: Mapping[str, Any]) -> Keep:
    """How a request goes on to the default origin, by any configuration."""
    return _keep


def _keep(request: dict[str, Any]) -> dict[str, Any]:
    host = host_of(request)
    return _tell(origin.keep_by_own_name(request), host)


def _tell(request: dict[str, Any], host: str) -> dict[str, Any]:
    """Tell the application, which sees its own name as Host, the name that it was asked for; nothing but a name."""
    asked = host if is_host(host) else ""
    request["headers"]["x-forwarded-host"] = [{"key": "X-Forwarded-Host", "value": asked}]
    return request


def is_below(name: str, suffixes: Sequence[str]) -> bool:
    """Whether a name is a host below one of some suffixes, which start with a dot: no address, no port."""
    return is_host(name) and name[0] != "*" and name.endswith(tuple(suffixes))


def _read(item: Mapping[str, Any], declared: origin.DeclaredOrigins, suffixes: Sequence[str]) -> Tenant | None:
    """The tenant of an item; None where it names what the stack did not declare."""
    name, domain_name = item.get("origin"), item.get("domain_name")
    if isinstance(name, str) and domain_name is None and name in declared:
        return Tenant(origin=name)
    if isinstance(domain_name, str) and name is None and is_below(domain_name, suffixes):
        return Tenant(domain_name=domain_name)
    return None


def _no_such_site(status: int) -> dict[str, Any]:
    return responses.response(status, {"Cache-Control": "no-store", "Content-Type": "text/plain"}, "No such site\n")


handler: Callable[[Any, Any], dict[str, Any]] = entry(build, keep=keep)
