"""The worst request that a viewer can send to each edge function: searched for with a seed, and what it costs.

A request is a few patterns repeated up to CloudFront's limits. Some are drawn; then the costliest is made costlier, one
part of it after the other. The functions remember all that they read by then: the first request of a container has its
own figures.
"""

from __future__ import annotations

import atexit
import functools
import json
import marshal
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ha_patterns.edge._source import edge_module
from tools.bench_edge_rules import HOST, rules_of, settings, static_router, table_settings
from tools.bench_figures import ROOT, RUNS, Figure, Pace, at_most

Json = dict[str, Any]
Call = Callable[[Json], Any]

#: The most that CloudFront lets a viewer send, and that browsers do: bytes of headers, of path and query; and the most
#: CPU milliseconds that such a request may cost.
SIZES = {"valid": (32_768, 8_191, 5.0), "browser's": (8_192, 8_191, 1.0)}
#: CPU milliseconds for the first request of a container, the first on a path, and the first after a time to live in
#: which nothing changed: if one item is full, and if all three that a request reads are.
FIRST_BOUNDS = {1: (12.0, 5.0, 5.0), 3: (36.0, 10.0, 10.0)}
#: The same, if the items are full and a path has as many conditions as it may, of many names.
CROWDED_BOUNDS = {1: (16.0, 5.0, 5.0), 3: (60.0, 16.0, 10.0)}
_FIRST_NAMES = ("first request", "first request on a path", "first request after a ttl")
# Longer than the time to live of what the table says.
_LATER = 4000.0
_SEED = 20261130
_TRIES = 60
_ROUNDS = 2
# Beside name and value: colon, space, carriage return and line feed.
_AROUND = 4
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
# No viewer sends another character: CloudFront takes what is not ASCII for ISO-8859-1.
_PATHS = (
    "/",
    "/a",
    "a/",
    "a",
    "a%2e",
    "%2e",
    "/%2e",
    ".",
    "/.a",
    "%41",
    "%2f",
    "%5C",
    "%zz",
    "%",
    "\\",
    "\xfc",
    "a\xfc",
    "%fc",
)
_QUERIES = ("&", "a&", "=&", "a=&", "%41&", "%41=%41&", "+&", "c1=a&", "a=\xfc&", "%", "%zz&", "\xfc", ";", "%26")
_VALUES = (
    "",
    "a",
    " ",
    ",",
    "a,",
    ", ",
    "\xfc",
    "a\xfc",
    "%",
    "/",
    ";",
    "; ",
    "=;",
    "a=;",
    "a=; ",
    "c1=; ",
    "__Host-home=; ",
)
_OTHER_VALUES = ('"', "$", "a/a,", "*/*;q=0.1,", ";q=", "text/html;", "\x7f", "..", "v1.", "a\t")


class Pattern(NamedTuple):
    """Text that is repeated up to a length; if its repetitions differ, a number comes before each."""

    unit: str
    differs: bool

    def text(self, length: int) -> str:
        """The text."""
        if not self.unit:
            return ""
        if not self.differs:
            return (self.unit * (length // len(self.unit) + 1))[:length]
        return "".join([_word(number) + self.unit for number in range(length // (len(self.unit) + 1) + 1)])[:length]


class Block(NamedTuple):
    """Headers that share what a request may send: one long one, one in many lines, or many names."""

    name: str
    how: str
    value: Pattern

    def headers(self, size: int) -> Iterator[tuple[str, str]]:
        """The headers."""
        if self.how == "long":
            yield self.name, self.value.text(size - len(self.name) - _AROUND)
            return
        number = 0
        while True:
            name = self.name if self.how == "lines" else self.name + _word(number).lower()
            value = (_word(number) if self.value.differs else "") + self.value.unit
            size -= len(name) + len(value) + _AROUND
            number += 1
            if size < 0:
                return
            yield name, value


class Sent(NamedTuple):
    """A viewer's request, but for its size."""

    path: Pattern
    query: Pattern
    eighths_of_query: int
    blocks: tuple[Block, ...]

    def write(self, event: Json, headers: int, url: int) -> Json:
        """An event with it, at most so long."""
        event = marshal.loads(marshal.dumps(event))  # noqa: S302 - what was dumped in the same breath
        request: Json = event["Records"][0]["cf"]["request"]
        query = url * self.eighths_of_query // 8
        request["uri"] = ("/" + self.path.text(url - query))[: url - query] or "/"
        request["querystring"] = self.query.text(query)
        given = request["headers"]
        left = headers - sum(
            len(name) + len(line["value"]) + _AROUND for name, lines in given.items() for line in lines
        )
        for block in self.blocks:
            for name, value in block.headers(left // len(self.blocks)):
                given.setdefault(name, []).append({"key": name, "value": value})
        return event


class Case(NamedTuple):
    """A function to be searched.

    Attributes:
        name: The function, and its configuration.
        call: The function itself, warm.
        event: Its event, without what a viewer may choose.
        headers: The names of headers that it looks at.
        values: Text that means something to it, for values to repeat.
    """

    name: str
    call: Call
    event: Json
    headers: tuple[str, ...]
    values: tuple[str, ...]


def figures() -> Iterator[Figure]:
    """All of them."""
    for case in cases():
        for size, (headers, url, most) in SIZES.items():
            sent = worst(case, headers, url, milliseconds, random.Random(_SEED))  # noqa: S311 - to be repeated
            pace = Pace()
            cost = milliseconds(case.call, sent.write(case.event, headers, url), RUNS)
            yield at_most(f"edge: worst {size} request to {case.name}, CPU", cost, "ms", most, pace=pace.since())
    yield from _first_figures(first_shapes(), FIRST_BOUNDS)
    yield from _first_figures(crowded_items(), CROWDED_BOUNDS)


def _first_figures(
    shapes: Mapping[str, list[Json]], by_items: Mapping[int, tuple[float, float, float]]
) -> Iterator[Figure]:
    for shape, rules in shapes.items():
        for items, bounds in by_items.items():
            pace = Pace()
            taken = first_requests(rules, items, milliseconds, RUNS)
            now = pace.since()
            for name, cost, most in zip(_FIRST_NAMES, taken, bounds, strict=True):
                yield at_most(f"rules: {name}, full items: {items}, {shape}, CPU", cost, "ms", most, pace=now)


def worst(
    case: Case,
    headers: int,
    url: int,
    cost: Callable[[Call, Json, int], float],
    draw: random.Random,
    tries: int = _TRIES,
    rounds: int = _ROUNDS,
) -> Sent:
    """The costliest request that is found: of some that are drawn, then by one part after the other.

    Args:
        case: The function.
        headers: Bytes of headers.
        url: Bytes of path and query.
        cost: The cost of a call with an event, the least of so many runs.
        draw: Random numbers.
        tries: How many requests are drawn, and how many headers.
        rounds: How often each part is replaced by what is costlier.
    """

    def costliest(some: Iterable[Sent]) -> Sent:
        written = [(sent, sent.write(case.event, headers, url)) for sent in some]
        # The machine's other work makes many seem costly; few stay so.
        often = sorted(written, key=lambda each: cost(case.call, each[1], 2), reverse=True)[:5]
        return max(often, key=lambda each: cost(case.call, each[1], RUNS))[0]

    found = costliest(_drawn(case, draw) for _ in range(tries))
    for _ in range(rounds):
        found = costliest([found, *(found._replace(eighths_of_query=eighths) for eighths in (0, 4, 8))])
        found = costliest([found, *(found._replace(path=path) for path in _patterns(_PATHS))])
        found = costliest([found, *(found._replace(query=query) for query in _patterns(_QUERIES))])
        found = costliest([found, *(found._replace(blocks=_drawn(case, draw).blocks) for _ in range(tries))])
    return found


def milliseconds(call: Call, event: Json, runs: int) -> float:
    """CPU time of a call, the least of some runs."""
    given = marshal.dumps(event)
    measured = []
    for _ in range(runs):
        # A function changes the event that it is given, as Lambda allows.
        fresh = marshal.loads(given)  # noqa: S302 - what was dumped above
        started = time.thread_time_ns()
        call(fresh)
        measured.append(time.thread_time_ns() - started)
    return min(measured) / 1e6


def _word(number: int) -> str:
    word = ""
    while True:
        number, place = divmod(number, len(_ALPHABET))
        word += _ALPHABET[place]
        if not number:
            return word
        number -= 1


def _patterns(units: Sequence[str]) -> list[Pattern]:
    return [Pattern(unit, differs) for unit in units for differs in (False, True)]


def _drawn(case: Case, draw: random.Random) -> Sent:
    blocks = [
        Block(
            draw.choice((*case.headers, "x-other")),
            draw.choice(("long", "lines", "names")),
            draw.choice(_patterns(values)),
        )
        for values in draw.choices(((*_VALUES, *case.values), _OTHER_VALUES), (3, 1), k=draw.choice((1, 1, 2, 3)))
    ]
    path, query = (draw.choice(_patterns(units)) for units in (_PATHS, _QUERIES))
    return Sent(path, query, draw.choice((0, 4, 8)), tuple(blocks))


# The functions


def cases() -> Iterator[Case]:
    """Every function, and the rule router with rules of the shapes that cost most."""
    for name, (attributes, rules) in rule_shapes().items():
        yield _rule_router(name, dict.fromkeys((HOST, "*.example.com", "*"), rules), attributes)
    yield from _others()


def rule_shapes() -> dict[str, tuple[list[str] | None, list[Json]]]:
    """Rules that are all looked at: what the cache key holds, and as many as a path, or a way, may have."""
    names = [f"c{number}" for number in range(256)]
    keyed = [f"{kind}.c{number}" for kind in ("header", "cookie", "query") for number in range(10)]
    deep = [f"/{'a/' * depth}*" for depth in range(63)]
    rest = ("{rest}", "{path}", "{rest}{cookie.none}", "{path}{cookie.none}")
    itself = [
        {"path": path, "then": {"redirect": {"to": f"{path[:-1]}{what}?q={{path}}&h={{header.x-a}}"}}}
        for path in deep[:8]
        for what in rest
    ]
    return {
        "no rules": (None, []),
        "rules that read headers": (None, _conditions("header", ["x-a", *names])),
        "rules that read cookies": (None, _conditions("cookie", names)),
        "rules that read parameters": (None, _conditions("query", names)),
        "rules that read the cache key": (
            keyed,
            _conditions("cookie", names[:10])
            + _conditions("query", names[:10], "/a/*")
            + _conditions("header", names[:10], "/a/a/*"),
        ),
        "rules on all of a path": (
            None,
            [rule for path in deep for rule in _conditions("cookie", names[:16], path)[:12]],
        ),
        "rules that cannot be done": (None, itself),
        "redirects to itself": (
            None,
            [
                {"path": "/*", "then": {"redirect": {"to": f"{{path}}{'{cookie.none}' * number}"}}}
                for number in range(31)
            ]
            * 8,
        ),
        "redirects to itself that are kept": (
            keyed,
            [{"path": "/*", "then": {"redirect": {"to": f"{{path}}?q={number}{'&' * 900}"}}} for number in range(256)],
        ),
        "rewrites": (
            None,
            [
                {"path": "/*", "then": {"rewrite": f"/{number}" + "{header.x-a}{cookie.c1}{query.c1}" * 10}}
                for number in range(256)
            ],
        ),
        "headers of rules": (
            None,
            [
                {
                    "path": "/*",
                    "then": {
                        "origin": "a",
                        "headers": {
                            f"x-shop-{number}": "{header.x-a}{path}{query}{cookie.c1}" * 8 for number in range(32)
                        },
                    },
                }
            ],
        ),
        "choices": (
            None,
            [
                {
                    "path": "/*",
                    "choices": [{"weight": 1, "then": {"redirect": {"to": "{path}"}}}] * 100,
                    "sticky": f"header.{name}",
                }
                for name in ["x-a", *names][:256]
            ],
        ),
    }


def full_items() -> dict[str, list[Json]]:
    """Rules that weigh as much as an item of a table may, or are as many."""
    return {
        "as many as there may be": _filled(_short),
        "a path each": _filled(
            lambda number: {
                "path": f"/section-{number % 97}/item-{number:04}/with-more/*",
                "then": {"origin": "ab"[number % 2]},
            }
        ),
        "768 rules on the way": _filled(
            lambda number: {
                "path": f"/{number // 768}/{'a/' * (number // 256 % 3)}*",
                "when": {"cookie.plan": {"equals": f"plan-of-{number:04}"}},
                "then": {"origin": "a"},
            }
        ),
    }


def first_shapes() -> dict[str, list[Json]]:
    """Full items, and those of which most has to be read for one request; nothing is wrong with them."""
    equal = [{"weight": 1, "then": {"origin": "b"}}] * 100
    undone: Json = {"rewrite": "/{cookie.none}/a"}
    with_header = undone | {"headers": {"x-tenant": "{path}"}}
    template = {
        "origin": "b",
        "rewrite": "/{header.x-a}/{rest}",
        "headers": {"x-tenant": "{header.x-a}{path}{rest}{host}" + "-" * 100, "x-shop-a": "{header.x-a}"},
    }
    deep = [f"/{'a/' * depth}*" for depth in range(3)]
    return {
        **full_items(),
        "choices": [
            {
                "path": "/a/*",
                "when": {"cookie.c": {"equals": f"!{number}"}},
                "choices": equal,
                "sticky": "cookie.c",
            }
            for number in range(70)
        ],
        "choices that cannot be done": [
            {
                "path": "/a/*",
                "when": {f"cookie.c{number}": {"exists": False}},
                "choices": [{"weight": 1, "then": with_header}] * 28 + [{"weight": 1, "then": undone}] * 72,
            }
            for number in range(30)
        ],
        "templates": [
            {"path": path, "when": {"header.x-a": {"equals": f"!{number}"}}, "then": template}
            for path in deep
            for number in range(256)
        ],
        "names": [
            {"path": path, "when": {f"header.c{place}-{number}": {"prefix": "!"}}, "then": {"origin": "a"}}
            for place, path in enumerate(deep)
            for number in range(256)
        ],
        "one_of": [
            {
                "path": path,
                "when": {f"header.c{number}": {"one_of": [f"!{number}-{value:05}" for value in range(20)]}},
                "then": {"origin": "a"},
            }
            for path in deep
            for number in range(256)
        ],
    }


def crowded_items() -> dict[str, list[Json]]:
    """Full items with as many conditions on a path as it may have, none with the name of another."""

    def crowded(when: Callable[[int], Json]) -> list[Json]:
        return _filled(
            lambda number: (
                {"path": "/a/*", "when": when(number), "then": {"origin": "a"}} if number < 256 else _short(number)
            )
        )

    return {
        "three names a rule": crowded(
            lambda number: {f"header.c{number}-{each}": {"prefix": "!"} for each in range(3)}
        ),
        "a name of each kind": crowded(
            lambda number: {
                f"header.c{number}": {"one_of": [f"{number + value:x}" for value in range(78)]},
                f"query.c{number}": {"exists": False},
                f"cookie.c{number}": {"exists": False},
            }
        ),
    }


def _filled(make: Callable[[int], Json]) -> list[Json]:
    """As many rules as an item of a table may have."""
    rules: list[Json] = []
    module = edge_module("rule_router.rules")
    left = module.MAX_SIZE - len('{"version":1,"rules":[]}')
    while (left := left - len(json.dumps(made := make(len(rules)), separators=(",", ":"))) - 1) > 0:
        rules.append(made)
        if len(rules) == module.MAX_IN_SET:
            break
    return rules


def _short(number: int) -> Json:
    """About the shortest rule that there is."""
    return {"path": f"/{number:x}", "then": {"origin": "a"}}


def first_requests(
    rules: Sequence[Json], items: int, cost: Callable[[Call, Json, int], float], runs: int
) -> tuple[float, float, float]:
    """What requests cost that find something unread: of some runs, the least.

    Args:
        rules: The rules of each item.
        items: How many of the three that a request reads there are.
        cost: The cost of a call with an event.
        runs: How many.

    Returns:
        The cost of the first of a container, of the first on a path, and of the first after a time to live in which
        nothing changed.
    """
    world = edge_module("common.world")
    clock = [time.time()]
    world.now = lambda: clock[0]
    world.log = lambda _event, **_fields: None
    _table_answers(dict.fromkeys((HOST, "*.example.com", "*")[:items], rules))
    event = _event(uri="/a/a/a/x")
    measured = []
    for _ in range(runs):
        first = cost(_table_router(), event, 1)
        call = _table_router()
        call(_event(uri="/none"))
        on_path = cost(call, event, 1)
        clock[0] += _LATER
        measured.append((first, on_path, cost(call, event, 1)))
    first, on_path, later = map(min, zip(*measured, strict=True))
    return first, on_path, later


def first_request(rules: Sequence[Json]) -> float:
    """CPU milliseconds of a router that has to read and to sort the rules of its host first."""
    return first_requests(rules, 1, milliseconds, RUNS)[0]


def _conditions(kind: str, names: Sequence[str], path: str = "/*") -> list[Json]:
    """As many rules as a path may have, of which none fires; their first conditions hold."""
    there = {"header.none": {"exists": False}}
    return [
        {
            "path": path,
            "when": {
                **(there if kind == "header" and "x-a" in names else {}),
                f"{kind}.{names[number % len(names)]}": {"prefix": f"!{number}"},
            },
            "then": {"origin": "a"},
        }
        for number in range(256)
    ]


def _event(name: str = "origin_request_custom", uri: str = "/") -> Json:
    event: Json = json.loads((ROOT / "tests" / "events" / f"cloudfront_{name}.json").read_text())
    request = event["Records"][0]["cf"]["request"]
    request |= {"uri": uri, "headers": {"host": [{"key": "Host", "value": HOST}]}}
    ((_, own),) = request["origin"].items()
    own["customHeaders"]["x-ha-edge-table"] = [{"key": "x-ha-edge-table", "value": "routes"}]
    return event


def _handler(module: str, configuration: Mapping[str, Any], *, build: str = "build", on_response: bool = False) -> Call:
    made = getattr(edge_module(f"{module}.handler"), build)
    handler = edge_module("common.entry").entry(made, lambda: dict(configuration), on_response=on_response)
    return lambda event: handler(event, None)


def _case(name: str, call: Call, event: Json, headers: Sequence[str], values: Sequence[str] = ()) -> Case:
    """A function that has read all that it reads, and whose log nobody reads."""
    edge_module("common.world").log = lambda _event, **_fields: None
    case = Case(name, call, event, tuple(headers), tuple(values))
    call(marshal.loads(marshal.dumps(event)))  # noqa: S302 - what was dumped in the same breath
    return case


def _rule_router(name: str, sets: Mapping[str, Sequence[Json]], attributes: Sequence[str] | None) -> Case:
    headers = ("cookie", "x-a", "c1", "x-shop-", "x-tenant", "accept")
    return _case(f"the rule router, {name}", _table_call(sets, attributes), _event(), headers, ("c1=a; ", "session=a;"))


def _table_call(sets: Mapping[str, Sequence[Json]], attributes: Sequence[str] | None = None) -> Call:
    """A router over a table that has these rules, and what a stack can let rules do."""
    _table_answers(sets)
    return _table_router(attributes)


def _table_answers(sets: Mapping[str, Sequence[Json]]) -> None:
    """Have the table answer with these rules."""
    stored = {host: json.dumps(rules, separators=(",", ":")) for host, rules in sets.items()}

    def items(hosts: Sequence[str]) -> list[Json]:
        return [
            {"host": {"S": host}, "version": {"N": "1"}, "rules": {"S": stored[host]}}
            for host in hosts
            if host in stored
        ]

    _answer(
        lambda body: {
            "Responses": {"routes": items([key["host"]["S"] for key in body["RequestItems"]["routes"]["Keys"]])},
            "UnprocessedKeys": {},
        }
    )


def _table_router(attributes: Sequence[str] | None = None) -> Call:
    """A router that has read nothing."""
    given = {
        "attributes": attributes,
        "request_headers": ["x-tenant", "x-shop-*", *(f"y{number}-*" for number in range(500))],
        "redirect_hosts": ["new.example.com"],
    }
    return _handler("rule_router", settings(table_settings()) | given)


def _answer(answer: Callable[[Json], Json]) -> None:
    """Have AWS answer calls so."""
    world = edge_module("common.world")
    world.environment = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}.get
    # Written once: what writing it takes is no part of what a function does.
    written = functools.cache(lambda body: json.dumps(answer(json.loads(body))).encode())
    world.https = lambda _url, *, body, **_: world.HttpAnswer(200, {}, written(body))


def _others() -> Iterator[Case]:
    """All functions but the rule router."""
    yield _case("the static rule router", *_static_rules(), ("cookie", "x-a", "x-shop-"))
    item = {"host": {"S": HOST}, "origin": {"S": "a"}}
    _answer(lambda _: {"Responses": {"routes": [item]}, "UnprocessedKeys": {}})
    tenants = {
        **settings({}),
        "own_origin": {},
        "suffixes": [],
        "unknown_status": None,
        "ttl": 3600,
        "max_size": 10**6,
        "table": table_settings() | {"back_off": 5},
    }
    yield _case("the tenant router", _handler("tenant_router", tenants), _event(), ("x-forwarded-host", "cookie"))
    yield from _home_region()
    buckets = {region: _bucket(region) for region in ("eu-west-1", "us-east-1")}
    nearest = {"origins": buckets, "nearest": {}, "otherwise": list(buckets)}
    call = _handler("nearest_bucket", nearest, build="_build")
    yield _case("the nearest bucket", call, _event("origin_request_s3"), ("cookie", "x-ha-origin-role"))
    edge_module("common.dns").resolve = lambda *_, **__: (["eu-west-1"], 60)
    failover = {"origins": buckets, "record_name": "content.example.com", "longest_ttl": 3600}
    call = _handler("bucket_dns_failover", failover)
    yield _case("the bucket of a record", call, _event("origin_request_s3"), ("cookie", "x-ha-origin-role"))
    page = "{{path}} {{request_id}} {{retry_after}}"
    graceful = {"templates": {"html": page, "json": page}, "status": 503, "max_age": None, "retry_after": 30}
    event = _event("origin_request_group_secondary")
    yield _case("the graceful response", _handler("graceful_response", graceful), event, ("accept", "cookie"))


def _home_region() -> Iterator[Case]:
    """The home of users who are bound to a cookie of the application's; and the issuer, with what one has sent."""
    secret, cookie, keys = "s" * 64, edge_module("home_region.cookie"), edge_module("home_region.keys")
    _answer(lambda _: {"VersionId": "1", "SecretString": secret, "CreatedDate": 0.0})
    regions = ["eu-west-1", "us-east-1"]
    origins = settings({})["origins"]
    configuration = {
        "origins": dict(zip(regions, origins.values(), strict=True)),
        "order": {},
        "key": {"name": "key", "regions": regions, "order": {}},
        "days": 90,
        "unhealthy": "fail",
        "health": {},
        "user_cookie": "c1",
    }
    # Signed by a key that is known, for somebody else: all has to be computed.
    other = cookie.sign(
        keys._key(edge_module("common.aws").SecretValue("1", secret, 0.0)), "", "eu-west-1", 99_999, "other"
    )
    call = _handler("home_region", configuration, build="_build")
    yield _case(
        "the home Region", call, _event(), ("cookie",), (f"{cookie.NAME}={other}; c1=a", f"{cookie.NAME}={other}; c1=")
    )
    response = _event("origin_response_custom")
    request = response["Records"][0]["cf"]["request"]
    request["origin"]["custom"]["customHeaders"]["x-ha-home-cookie"] = [
        {"key": "x-ha-home-cookie", "value": str(other)}
    ]
    call = _handler("home_region", {}, build="_build_issuer", on_response=True)
    yield _case("the issuer of home Regions", call, response, ("cookie", "x-ha-home-cookie"))


def _bucket(region: str) -> Json:
    name = f"content.s3.{region}.amazonaws.com"
    s3 = {"authMethod": "origin-access-identity", "customHeaders": {}, "domainName": name, "path": "", "region": region}
    return {"origin": {"s3": s3}}


def _static_rules() -> tuple[Call, Json]:
    rules = [*rules_of(10_000), *_conditions("header", ["x-a"]), *_conditions("cookie", ["c1", "c2"], "/section-1/*")]
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return static_router(Path(folder), {HOST: rules}), _event()
