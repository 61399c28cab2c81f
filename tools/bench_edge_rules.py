"""The rule router: how long a decision takes, warm and cold, beside what it is compared with in the same run."""

from __future__ import annotations

import json
import marshal
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from ha_patterns.edge._source import edge_module
from tools.bench_figures import ROOT, RUNS, Figure, Pace, at_least, at_most

# Many short rounds: the machine is faster in one than in another, and in a short one the same for all sides.
_ROUNDS = 10 * RUNS
_WARM_CALLS = 100
_WARM_RULES = 10_000
_MANY_RULES = 100_000
_MANY_HOSTS = 1_000_000
HOST = "h0001.example.com"
_TABLE_HEADER = {"x-ha-edge-table": [{"key": "x-ha-edge-table", "value": "routes"}]}
_MIB = 1024 * 1024

Json = dict[str, Any]


class _Times(NamedTuple):
    """Microseconds of processor time of a call, in the best round; and the median of each round."""

    median: float
    p99: float
    medians: list[float]

    def against(self, other: _Times) -> float:
        """How many times as much as another side takes in the same round: half of the rounds have more."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.medians, other.medians, strict=True))


def figures() -> Iterator[Figure]:
    """All of them."""
    for each in (_warm_figures, _table_figures, _cold_figures, _memory_figures):
        yield from each()


def _warm_figures() -> Iterator[Figure]:
    """A decision by rules that are remembered, beside reading the same event."""
    with tempfile.TemporaryDirectory() as folder:
        for count in (_WARM_RULES, _MANY_RULES):
            route = static_router(Path(folder), {HOST: rules_of(count)})
            pace = Pace()
            times = _paired(
                {
                    "decision": (_request_event("/section-1/item-1/x"), route),
                    "longest": (_request_event("/" * 8192), route),
                    "json": (json.dumps(_request_event("/section-1/item-1/x")), json.loads),
                }
            )
            decision, longest, read = times["decision"], times["longest"], times["json"]
            name = f"rules: warm decision, {count} rules"
            now = pace.since()
            yield at_most(f"{name}, median CPU", decision.median, "µs", 20, pace=now)
            yield at_most(f"{name}, p99 CPU", decision.p99, "µs", 60, pace=now)
            yield at_most(f"{name}, against json.loads", decision.against(read), "times", 1)
            yield at_most(f"{name}, 8,192 slashes against a normal URI", longest.against(decision), "times", 2)


def _table_figures() -> Iterator[Figure]:
    """A decision out of the table, beside a router that asks it at each request with boto3 and no network."""
    reads: list[str] = []
    route = _table_router(reads)
    event = _request_event("/section-1/item-1/x")
    times = _paired({"ours": (event, route), "plain": (event, _plain_router())}, calls=20)
    faster = times["plain"].against(times["ours"])
    name = "rules: warm decision, faster than get_item by boto3 at each request"
    yield at_least(name, faster, "times", 50)
    yield at_most("rules: reads of a key in its time to live", len(reads), "", 1)


def _cold_figures() -> Iterator[Figure]:
    """From import to the first decision, in an own process, of an asset without .pyc."""
    many = {f"h{number:04}.example.com": rules_of(100) for number in range(_MANY_RULES // 100)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = _installed(folder)
        shapes = {"1,000 hosts": many, "one host": {HOST: rules_of(_MANY_RULES)}}
        for place, (shape, sets) in enumerate(shapes.items()):
            _write_asset(folder / f"static-{place}", source, _static_settings(), sets)
            zipped = _zipped(folder / f"static-{place}")
            yield at_most(f"rules: asset, {_MANY_RULES} rules of {shape}, zipped", zipped / _MIB, "MiB", 1)
        _write_asset(folder / "table", source, settings(table_settings()), None)
        (folder / "event.json").write_text(json.dumps(_request_event("/section-1/item-1/x")))
        item = {"host": {"S": HOST}, "version": {"N": "1"}, "rules": {"S": _RULES_OF_A_HOST}}
        answer = json.dumps({"Responses": {"routes": [item]}, "UnprocessedKeys": {}})
        routers = [*(f"static-{place}" for place in range(len(shapes))), "table"]
        pace = Pace()
        runs = [
            {
                **{name: _cold(_OURS, str(folder / name), str(folder / "event.json"), answer) for name in routers},
                "boto3": _cold(_BOTO3),
            }
            for _ in range(RUNS)
        ]
        now = pace.since()
        for place, shape in enumerate(shapes):
            best = min(run[f"static-{place}"][0] for run in runs)
            peak = max(run[f"static-{place}"][1] for run in runs)
            yield at_most(f"rules: cold, {_MANY_RULES} rules of {shape}, CPU", best * 1e3, "ms", 35, pace=now)
            yield at_most(f"rules: cold, {_MANY_RULES} rules of {shape}, memory", peak, "MiB", 64)
        table, boto3 = (min(run[side][0] for run in runs) for side in ("table", "boto3"))
        yield at_most("rules: cold, table, against importing boto3 and one client, CPU", table / boto3, "times", 0.4)


def _memory_figures() -> Iterator[Figure]:
    """What a container remembers of a million hosts, half of them with rules."""
    route = _table_router([])
    event = _request_event("/")
    host = event["Records"][0]["cf"]["request"]["headers"]["host"][0]
    before = 0
    for number in range(_MANY_HOSTS):
        host["value"] = f"h{number}.{'with' if number % 2 else 'without'}.example.org"
        event["Records"][0]["cf"]["request"]["headers"]["host"] = [host]
        event["Records"][0]["cf"]["request"]["origin"]["custom"]["customHeaders"] = _TABLE_HEADER
        route(event)
        if number == _MANY_HOSTS // 10:
            before = _resident()
    grown = (_resident() - before) / 1024
    yield at_most("rules: memory of a million hosts over that of a tenth", grown, "MiB", 8)


def _resident() -> int:
    """KiB of memory that this process has now: the most that it ever had may be from another figure."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


# What is measured


def rules_of(count: int) -> list[Json]:
    return [
        {"path": f"/section-{number % 97}/item-{number}/*", "then": {"origin": "ab"[number % 2]}}
        for number in range(count)
    ]


def _request_event(uri: str) -> Json:
    event: Json = json.loads((ROOT / "tests" / "events" / "cloudfront_origin_request_custom.json").read_text())
    request = event["Records"][0]["cf"]["request"]
    request["uri"] = uri
    request["headers"]["host"][0]["value"] = HOST
    request["origin"]["custom"]["customHeaders"] |= _TABLE_HEADER
    return event


def settings(source: Mapping[str, Any]) -> Json:
    custom = {
        "customHeaders": {},
        "keepaliveTimeout": 5,
        "path": "",
        "port": 443,
        "protocol": "https",
        "readTimeout": 30,
        "sslProtocols": ["TLSv1.2"],
    }
    origins = {name: {"origin": {"custom": {"domainName": f"{name}.example.com", **custom}}} for name in "ab"}
    return {
        "origins": origins,
        "redirect_hosts": [],
        "request_headers": [],
        "attributes": None,
        "fail_closed": False,
        "source": {"ttl": 3600, "back_off": 10, "max_size": 48 * _MIB, **source},
    }


def _static_settings() -> Json:
    return settings({"kind": "static", "file": "rules.json", "ttl": 10**10})


def table_settings() -> Json:
    return {"kind": "dynamodb", "regions": ["us-east-1"], "order": {}}


def static_router(folder: Path, sets: Mapping[str, list[Json]]) -> Callable[..., Any]:
    (folder / "rules.json").write_bytes(_packed(sets))
    edge_module("common.configuration").path = lambda name: str(folder / name)
    handler: Callable[..., Any] = edge_module("common.entry").entry(
        edge_module("rule_router.handler").build, _static_settings
    )
    return handler


def _table_router(reads: list[str]) -> Callable[[Json], Any]:
    """A router over a table that has rules for every host but those of ``without``; notes what is read for HOST."""
    world = edge_module("common.world")
    world.https = lambda _url, *, body, **_: _table_answer(world, body, reads)
    world.environment = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}.get
    handler = edge_module("common.entry").entry(
        edge_module("rule_router.handler").build, lambda: settings(table_settings())
    )
    return lambda event: handler(event, None)


def _table_answer(world: Any, body: bytes, reads: list[str]) -> Any:
    keys = json.loads(body)["RequestItems"]["routes"]["Keys"]
    hosts = [key["host"]["S"] for key in keys if "*" not in key["host"]["S"] and ".without." not in key["host"]["S"]]
    reads += [host for host in hosts if host == HOST]
    items = [{"host": {"S": host}, "version": {"N": "1"}, "rules": {"S": _RULES_OF_A_HOST}} for host in hosts]
    return world.HttpAnswer(200, {}, json.dumps({"Responses": {"routes": items}, "UnprocessedKeys": {}}).encode())


_RULES_OF_A_HOST = json.dumps(rules_of(10))


def _plain_router() -> Callable[[Json], Any]:
    """What one writes first: get_item at each request. Its HTTP is an answer that is there already."""
    import boto3  # type: ignore[import-untyped]
    from botocore.awsrequest import AWSResponse  # type: ignore[import-untyped]

    credentials = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "local"}
    table = boto3.resource("dynamodb", region_name="us-east-1", **credentials).Table("routes")
    body = json.dumps({"Item": {"host": {"S": HOST}, "rules": {"S": _RULES_OF_A_HOST}}}).encode()
    headers = {"Content-Type": "application/x-amz-json-1.0"}

    def answer(request: Any, **_: Any) -> Any:
        return AWSResponse(request.url, 200, headers, SimpleNamespace(stream=lambda **_: iter((body,))))

    table.meta.client.meta.events.register("before-send.dynamodb", answer)

    def route(event: Json) -> Json:
        request: Json = event["Records"][0]["cf"]["request"]
        item = table.get_item(Key={"host": request["headers"]["host"][0]["value"]})["Item"]
        for rule in json.loads(item["rules"]):
            if request["uri"].startswith(rule["path"][:-1]):
                request["headers"]["x-origin"] = [{"key": "X-Origin", "value": rule["then"]["origin"]}]
                break
        return request

    return route


# How it is measured


def _paired(sides: Mapping[str, tuple[Any, Callable[[Any], Any]]], calls: int = _WARM_CALLS) -> dict[str, _Times]:
    """How long calls take, the sides taking turns."""
    rounds: dict[str, list[list[float]]] = {name: [] for name in sides}
    for _ in range(_ROUNDS):
        # In blocks: what one side brings into the processor's caches is not what it finds there in Lambda.
        for name, (given, call) in sides.items():
            measured = []
            for _ in range(calls):
                # A decision changes the event that it is given, as Lambda allows.
                fresh = marshal.loads(marshal.dumps(given))  # noqa: S302 - what was dumped in the same breath
                started = time.thread_time_ns()
                call(fresh)
                measured.append((time.thread_time_ns() - started) / 1000)
            rounds[name].append(sorted(measured))
    found = {}
    for name, blocks in rounds.items():
        medians = list(map(statistics.median, blocks))
        found[name] = _Times(min(medians), min(each[len(each) * 99 // 100] for each in blocks), medians)
    return found


def _packed(sets: Mapping[str, list[Json]]) -> bytes:
    packed: bytes = edge_module("rule_router.packing").pack(
        {host: {"version": 1, "rules": rules} for host, rules in sets.items()}
    )
    return packed


def _installed(folder: Path) -> Path:
    """The edge functions as the wheel brings them."""
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*wheel, str(ROOT)], check=True)
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "wheel")
    return folder / "wheel" / "ha_patterns" / "_lambda_edge"


def _write_asset(folder: Path, source: Path, settings: Json, sets: Mapping[str, list[Json]] | None) -> None:
    for name in ("common", "rule_router"):
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source / name, folder / "lambda_edge" / name, ignore=without)
    (folder / "config.json").write_text(json.dumps(settings))
    if sets is not None:
        (folder / "rules.json").write_bytes(_packed(sets))


def _zipped(folder: Path) -> int:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder))
    return archive.stat().st_size


# Both are imported before the clock starts: any function pays for them.
_START = "import json, sys, time; given = sys.argv[1:]; started = time.process_time()\n"
_OURS = """
sys.path.insert(0, given[0])
from lambda_edge.common import world
world.https = lambda *_, **__: world.HttpAnswer(200, {}, given[2].encode())
from lambda_edge.rule_router.handler import handler
with open(given[1]) as file:
    answer = handler(json.load(file), None)
assert answer["origin"]["custom"]["domainName"] == "b.example.com", answer
"""
_BOTO3 = """
import boto3
boto3.client("dynamodb", region_name="us-east-1")
"""
# Not getrusage: what it tells is inherited from the process that started this one.
_END = """
seconds = time.process_time() - started
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(json.dumps([seconds, int(peak) / 1024]))
"""


def _cold(code: str, *given: str) -> tuple[float, float]:
    """CPU seconds from import to decision in a new process, and MiB of memory."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", _START + code + _END, *given],
        env={"PATH": os.defpath, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"},
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds, memory = json.loads(done.stdout)
    return seconds, memory
