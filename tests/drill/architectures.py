"""Random small architectures and outages, to compare the drill with its reference."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ha_patterns.drill import Outage
from ha_patterns.drill.scenario import SYMPTOMS, Client

from .reference import REGIONS, Architecture, Balancer, Check, Entry, Group, Name, Rule, Source
from .sites import ALL, NAME, READS

_OTHER = "other.example.com"
_HOSTS = tuple(REGIONS)
_GROUP_CODES = (400, 403, 404, 416, 429, 500, 502, 503, 504)
_PLACES: tuple[dict[str, str], ...] = ({"CountryCode": "IE"}, {"ContinentCode": "EU"}, {"CountryCode": "*"})
_LATENCY_REGIONS = ("eu-west-1", "us-east-1", "ap-northeast-1")


def _checks(asks: st.SearchStrategy[str]) -> st.SearchStrategy[Check]:
    return st.builds(
        Check,
        kind=st.sampled_from(["HTTP", "HTTP", "TCP", "HTTP_STR_MATCH"]),
        asks=asks,
        interval=st.sampled_from([10, 30]),
        threshold=st.integers(1, 3),
        inverted=st.sampled_from([False, False, False, True]),
    )


_GROUPS = st.builds(
    Group,
    weight=st.integers(0, 3),
    interval=st.sampled_from([5, 10, 30]),
    unhealthy=st.integers(2, 4),
    healthy=st.integers(2, 5),
    timeout=st.integers(2, 4),
    targets=st.integers(1, 2),
)
_BALANCERS = st.builds(
    Balancer,
    groups=st.lists(_GROUPS, min_size=1, max_size=2).map(tuple),
    keep_alive=st.sampled_from([60, 90, 3_600]),
    idle=st.sampled_from([3, 60]),
)


@st.composite
def _names(draw: st.DrawFn, checks: int, balancers: int) -> tuple[Name, ...]:
    """A name, and maybe another one that leads to it."""
    # What is drawn mostly fits together: most of what does not is never asked, and so shows nothing.
    policies = ["failover", "failover", "weighted", "latency", "multivalue", "geolocation", "simple"]
    policy = draw(st.sampled_from(policies))
    count = 1 if policy == "simple" else 2 if policy in ("failover", "multivalue") else draw(st.integers(2, 3))
    # Multivalue answers are of addresses, and here all hosts are names: aliases of load balancers may be none of them.
    aliases = balancers > 0 and policy != "multivalue" and draw(st.booleans())

    def check(place: int) -> int | None:
        if policy == "simple" or not checks or draw(st.integers(0, 4)) == 0:
            return None
        return min(place, checks - 1) if draw(st.integers(0, 4)) else draw(st.integers(0, checks - 1))

    entries = tuple(
        Entry(
            value="" if aliases else _HOSTS[place],
            balancer=draw(st.integers(0, balancers - 1)) if aliases else None,
            evaluates=aliases and draw(st.booleans()),
            check=check(place),
            role=("PRIMARY", "SECONDARY", "")[place],
            weight=draw(st.integers(0, 3)),
            region=_LATENCY_REGIONS[place],
            place=_PLACES[place],
        )
        for place in range(count)
    )
    if policy == "multivalue":
        policy = "weighted"
        entries = tuple(Entry(value=one.value, check=one.check, weight=1) for one in entries)
    ttl = draw(st.sampled_from([5, 30, 60]))
    found = [Name(NAME, policy, ttl, entries)]
    if draw(st.integers(0, 3)) == 0:
        found.append(Name(_OTHER, "simple", draw(st.sampled_from([10, 60])), (Entry(value=NAME),)))
    return tuple(found)


@st.composite
def architectures(draw: st.DrawFn, *, checks_ask: tuple[str, ...] = _HOSTS) -> Architecture:
    """A distribution, with what it asks."""
    balancers = tuple(draw(st.lists(_BALANCERS, max_size=2)))
    asked = [st.just(host) if draw(st.integers(0, 3)) else st.sampled_from(checks_ask) for host in checks_ask[:2]]
    checks = [draw(_checks(host)) for host in asked[: draw(st.integers(0, 2))]]
    if checks and draw(st.integers(0, 3)) == 0:
        children = tuple(range(len(checks)))
        checks.append(Check(children=children, needs=draw(st.integers(0, len(children) + 1))))
    names = draw(_names(len(checks), len(balancers)))
    domains = [*(name.name for name in names), NAME, NAME, NAME, *_HOSTS]
    sources: list[Source] = []
    for _ in range(draw(st.integers(1, 3))):
        balancer = draw(st.integers(0, len(balancers) - 1)) if balancers and draw(st.integers(0, 3)) == 0 else None
        read = draw(st.integers(1, 6))
        sources.append(
            Source(
                domain=draw(st.sampled_from(domains)),
                balancer=balancer,
                attempts=draw(st.integers(1, 3)),
                connect=draw(st.integers(1, 4)),
                read=read,
                complete=draw(st.none() | st.integers(read, read + 6)),
            )
        )
    rules = [draw(_rules(pattern, len(sources))) for pattern in draw(st.sampled_from([("*",), ("/a/*", "*")]))]
    pages = draw(
        st.dictionaries(
            st.sampled_from([403, 404, 500, 502, 503, 504]),
            st.tuples(st.sampled_from(["/a/sorry", "/sorry"]), st.sampled_from([200, 503])),
            max_size=2,
        )
    )
    return Architecture(tuple(sources), tuple(rules), pages, names, tuple(checks), balancers)


@st.composite
def _rules(draw: st.DrawFn, pattern: str, sources: int) -> Rule:
    if sources > 1 and draw(st.booleans()):
        pair = draw(st.permutations(range(sources)))[:2]
        codes = draw(st.sets(st.sampled_from(_GROUP_CODES), min_size=1))
        methods = draw(st.sampled_from([READS, [*READS, "OPTIONS"]]))
        cached = draw(st.sampled_from([READS, methods]))
        return Rule(pattern, tuple(methods), tuple(cached), tuple(pair), tuple(sorted(codes)))
    methods = draw(st.sampled_from([READS, ALL]))
    return Rule(pattern, tuple(methods), tuple(READS), (draw(st.integers(0, sources - 1)),))


@st.composite
def outages(draw: st.DrawFn, site: Architecture) -> Outage:
    """An outage of something that a site has."""
    symptom = draw(st.sampled_from(sorted(SYMPTOMS)))
    names = [name.name for name in site.names]
    hosts = [*_HOSTS, *names] if symptom == "name-gone" else [*_HOSTS, *names[:1]]
    things = [f"Balancer{index}" for index in range(len(site.balancers))]
    things += [f"Group{index}x{place}" for index, one in enumerate(site.balancers) for place in range(len(one.groups))]
    what: dict[str, Any] = draw(
        st.one_of(
            st.sampled_from([*_HOSTS[:1] * 4, *hosts]).map(lambda name: {"name": name}),
            st.sampled_from(["eu-west-1", "eu-central-1", "us-east-1"]).map(lambda region: {"region": region}),
            *([st.sampled_from(things).map(lambda thing: {"resource": thing})] if things else []),
        )
    )
    if site.checks and symptom in ("health-path-lies", "false-alarm") and draw(st.booleans()):
        what = {"resource": f"Check{draw(st.integers(0, len(site.checks) - 1))}"}
    flaps: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        every = draw(st.integers(2, 60))
        flaps = {"every": every, "burst": draw(st.integers(1, every - 1))}
    return Outage(
        **what,
        **flaps,
        symptom=symptom,
        status=draw(st.sampled_from([404, 500, 502, 503, 504])),
        share=draw(st.sampled_from([1, 1, 1, "30%", 0.5])),
        latency=draw(st.sampled_from([0.5, 1, "1.5s", 3, 7])),
        at=draw(st.sampled_from([30, 60, 61.5])),
        lasts=draw(st.sampled_from([20, 100, "150.000000001s", 200])),
    )


CLIENTS = st.builds(
    Client, patience=st.sampled_from([3, 10, 60]), retries=st.integers(0, 2), retry_after=st.sampled_from([0, 1, 7])
)
