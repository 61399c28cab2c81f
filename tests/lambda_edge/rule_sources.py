"""The services behind the rule router, as a world: a clock, a table and buckets in three Regions, and their faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from lambda_edge.common import configuration, world
from lambda_edge.common.entry import entry
from lambda_edge.common.world import HttpAnswer
from lambda_edge.rule_router.handler import build, keep
from lambda_edge.rule_router.packing import pack

NEAR, NEXT, FAR = REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2")
DEADLINE = 2.0
TTL = 60
BACK_OFF = 10
HOST = "shop.example.com"


def origin(name: str) -> dict[str, Any]:
    """A declared origin."""
    custom = {
        "customHeaders": {},
        "domainName": f"{name}.example.com",
        "keepaliveTimeout": 5,
        "path": "",
        "port": 443,
        "protocol": "https",
        "readTimeout": 30,
        "sslProtocols": ["TLSv1.2"],
    }
    return {"origin": {"custom": custom}}


def settings(source: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A configuration as the construct writes it."""
    return {
        "origins": {name: origin(name) for name in ("a", "b")},
        "redirect_hosts": ["new.example.com"],
        "request_headers": ["x-tenant"],
        "attributes": None,
        "fail_closed": False,
        "source": {"ttl": TTL, "back_off": BACK_OFF, "max_size": 1_000_000, "deadline": DEADLINE, **source},
        **given,
    }


TABLE = {"kind": "dynamodb", "regions": list(REGIONS), "order": {NEAR: list(REGIONS)}}
BUCKETS = {
    "kind": "s3",
    "buckets": {region: f"rules-{region}" for region in REGIONS},
    "prefix": "rules/",
    "order": {NEAR: list(REGIONS)},
}


class World:
    """Two clocks that only waiting moves, and the services.

    Attributes:
        items: What table and buckets hold, by host: the set.
        raw: Other items of the table, or other objects, by host.
        refused: Objects that are not handed out, by host.
        faults: By Region, what it does instead of answering.
        latency: Seconds that each answer takes.
        asked: Each call: its Region, and the hosts it was about.
        conditional: The hosts whose objects were asked for if changed.
        not_changed: Those that were not.
        logged: The events that were logged.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 1_000_000.0
        self.waited = 0.0
        self.latency = 0.01
        self.items: dict[str, dict[str, Any]] = {}
        self.raw: dict[str, Any] = {}
        self.refused: dict[str, HttpAnswer | OSError] = {}
        self.faults: dict[str, Callable[[float], HttpAnswer]] = {}
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.conditional: list[str] = []
        self.not_changed: list[str] = []
        self.logged: list[dict[str, Any]] = []
        environment = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
        monkeypatch.setattr(world, "now", lambda: self.time)
        monkeypatch.setattr(world, "monotonic", lambda: self.waited)
        monkeypatch.setattr(world, "region", lambda: NEAR)
        monkeypatch.setattr(world, "environment", environment.get)
        monkeypatch.setattr(world, "https", self.https)
        monkeypatch.setattr(world, "log", lambda event, **fields: self.logged.append({"event": event, **fields}))

    def wait(self, seconds: float) -> None:
        self.time += seconds
        self.waited += seconds

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.logged if line["event"] == name]

    def https(
        self, url: str, *, method: str, headers: Any, body: bytes = b"", deadline: float, patient: bool
    ) -> HttpAnswer:
        host, _, path = url.removeprefix("https://").partition("/")
        region = host.split(".")[-3]
        if host.startswith("dynamodb"):
            ((table, asked),) = json.loads(body)["RequestItems"].items()
            assert table == "routes"
            hosts = tuple(key["host"]["S"] for key in asked["Keys"])
        else:
            assert host.startswith(f"rules-{region}.s3.")
            hosts = (path.removeprefix("rules/").removesuffix(".json").replace("%2A", "*"),)
        self.asked.append((region, hosts))
        if region in self.faults:
            self.wait(0.01)
            return self.faults[region](deadline)
        if deadline - self.waited < self.latency:
            return self.hangs(deadline)
        self.wait(self.latency)
        return self._items(hosts) if host.startswith("dynamodb") else self._object(hosts[0], headers)

    def _items(self, hosts: tuple[str, ...]) -> HttpAnswer:
        found = [{"host": {"S": host}, **self.raw[host]} for host in hosts if host in self.raw]
        for host in hosts:
            if host in self.items:
                rules = json.dumps(self.items[host]["rules"])
                version = str(self.items[host]["version"])
                found.append({"host": {"S": host}, "version": {"N": version}, "rules": {"S": rules}})
        return HttpAnswer(200, {}, json.dumps({"Responses": {"routes": found}, "UnprocessedKeys": {}}).encode())

    def _object(self, host: str, headers: Any) -> HttpAnswer:
        refused = self.refused.get(host)
        if isinstance(refused, OSError):
            raise refused
        if refused is not None:
            return refused
        if host not in self.items and host not in self.raw:
            return HttpAnswer(404, {}, b"<Error><Code>NoSuchKey</Code></Error>")
        body = self.raw[host] if host in self.raw else json.dumps(self.items[host]).encode()
        etag = f'"{hash(body)}"'
        if "if-none-match" in headers:
            self.conditional.append(host)
        if headers.get("if-none-match") == etag:
            self.not_changed.append(host)
            return HttpAnswer(304, {}, b"")
        return HttpAnswer(200, {"etag": etag}, body)

    # Faults

    def hangs(self, deadline: float) -> HttpAnswer:
        self.wait(max(0.0, deadline - self.waited))
        raise TimeoutError("timed out")

    def refuses(self, _: float) -> HttpAnswer:
        raise ConnectionRefusedError("refused")

    def throttles(self, _: float) -> HttpAnswer:
        error = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
        return HttpAnswer(400, {}, json.dumps({"__type": error}).encode())

    def denies(self, _: float) -> HttpAnswer:
        return HttpAnswer(403, {}, b"<Error><Code>AccessDenied</Code></Error>")

    def fails(self, _: float) -> HttpAnswer:
        return HttpAnswer(500, {}, b"<html>oops</html>")

    def garbles(self, _: float) -> HttpAnswer:
        return HttpAnswer(200, {}, b'{"Responses": {"routes": "x"}}')


def request_for(uri: str, host: str = HOST, *, kept: bool = False, **headers: str) -> dict[str, Any]:
    """A request for a path, with a query or without, with the configured origin."""
    configured = origin("configured")["origin"]
    configured["custom"]["customHeaders"] = {
        "x-ha-edge-table": [{"key": "x-ha-edge-table", "value": "routes"}],
        "x-api-version": [{"key": "x-api-version", "value": "2"}],
    }
    if kept:
        configured["custom"]["customHeaders"]["x-ha-edge-kept"] = [{"key": "x-ha-edge-kept", "value": "true"}]
    lines = {name.replace("_", "-"): [{"key": name, "value": value}] for name, value in headers.items()}
    path, _, query = uri.partition("?")
    return {
        "clientIp": "203.0.113.178",
        "headers": {"host": [{"key": "Host", "value": host}], **lines},
        "method": "GET",
        "querystring": query,
        "uri": path,
        "origin": configured,
    }


class Router:
    """The handler's deciding part, asked as CloudFront asks it, and what is done if it knows nothing.

    Args:
        given: The configuration.
        kept: Whether CloudFront may keep the answers.
    """

    def __init__(self, given: dict[str, Any], *, kept: bool = False) -> None:
        self.route = build(given)
        self._undecided = entry(lambda _: lambda cf: None, lambda: given, keep=keep)
        self._kept = kept

    def __call__(self, uri: str = "/", host: str = HOST, **headers: str) -> dict[str, Any]:
        """What becomes of a request."""
        request = request_for(uri, host, kept=self._kept, **headers)
        cf = {"config": {"eventType": "origin-request"}, "request": request}
        decided = self.route(cf)
        return self._undecided({"Records": [{"cf": cf}]}, None) if decided is None else decided

    def asks(self, uri: str = "/", host: str = HOST) -> str:
        """The host that is asked for a path, or the status of the answer."""
        found = self(uri, host)
        if "status" in found:
            return str(found["status"])
        name: str = found["origin"]["custom"]["domainName"]
        assert found["headers"]["host"] == [{"key": "Host", "value": name}]
        assert "x-ha-edge-table" not in found["origin"]["custom"]["customHeaders"]
        return name


def static(monkeypatch: pytest.MonkeyPatch, path: Any, sets: dict[str, Any]) -> dict[str, Any]:
    """The source that has its rules in the asset, which is a file here."""
    (path / "rules.json").write_bytes(pack(sets))
    monkeypatch.setattr(configuration, "path", lambda name: str(path / name))
    return {"kind": "static", "file": "rules.json"}


def rules(*given: dict[str, Any], version: int = 1) -> dict[str, Any]:
    """A set."""
    return {"version": version, "rules": list(given)}


def to(name: str, path: str = "/*") -> dict[str, Any]:
    """A rule that sends a path to an origin."""
    return {"path": path, "then": {"origin": name}}
