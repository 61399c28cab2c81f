"""The edge functions as the stack packages them, in this process, with the services behind them replaced.

An asset is imported as a package of its own name, so that each has its own modules, configuration and memory, as a
container has. Its module ``world`` is the one seam: clock, tables, secrets and nameservers are those of ``Outside``.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import dns.message
import dns.rrset

#: The function that Lambda calls.
Handler = Callable[[Any, Any], dict[str, Any]]

#: When all of it happens.
NOW = 1_900_000_000.0
#: The value of the secret that signs cookies.
SECRET = "s" * 64

_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"}


class Outside:
    """The services behind a function.

    Args:
        items: Of its table, by host, as DynamoDB has attributes.
        texts: The TXT records that it asks for.
    """

    def __init__(self, items: Mapping[str, Mapping[str, Any]], texts: Mapping[str, str]) -> None:
        self._items = items
        self._texts = texts
        self.logged: list[str] = []

    def now(self) -> float:
        return NOW

    def monotonic(self) -> float:
        return 0.0

    def draw(self) -> float:
        return 0.5

    def region(self) -> str:
        return "eu-west-1"

    def environment(self, name: str) -> str | None:
        return _CREDENTIALS.get(name)

    def nameservers(self) -> list[str]:
        return ["192.0.2.53"]

    def https(self, url: str, *, body: bytes, **rest: Any) -> Any:
        asked = json.loads(body)
        if url.startswith("https://secretsmanager."):
            if asked["VersionStage"] != "AWSCURRENT":
                return self.answer(400, {"__type": "ResourceNotFoundException"})
            return self.answer(200, {"VersionId": "1", "SecretString": SECRET, "CreatedDate": 0.0})
        if url.startswith("https://dynamodb."):
            ((table, wanted),) = asked["RequestItems"].items()
            hosts = [key["host"]["S"] for key in wanted["Keys"]]
            found = [{"host": {"S": host}, **self._items[host]} for host in hosts if host in self._items]
            return self.answer(200, {"Responses": {table: found}})
        raise ConnectionRefusedError(url)

    def answer(self, status: int, body: Any) -> Any:
        """An answer of AWS; of the type that the function's own module has."""
        return self.http_answer(status, {}, json.dumps(body).encode())

    def datagram(self, _address: str, message: bytes, **_rest: Any) -> bytes:
        query = dns.message.from_wire(message)
        (question,) = query.question
        answer = dns.message.make_response(query)
        text = self._texts.get(question.name.to_text(omit_final_dot=True))
        if text is not None:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", f'"{text}"'))
        return answer.to_wire()

    def log(self, event: str, **fields: Any) -> None:
        self.logged.append(f"{event} {fields}")

    def install(self, world: ModuleType) -> None:
        """Take the place of the services behind an asset's functions."""
        self.http_answer = world.HttpAnswer
        for name in ("now", "monotonic", "draw", "region", "environment", "nameservers", "https", "datagram", "log"):
            setattr(world, name, getattr(self, name))


class Packaged:
    """A function of an asset.

    Attributes:
        handler: The function that Lambda calls.
        configuration: The configuration in the asset.
        outside: The services behind it.

    Args:
        asset: The folder that the synth staged.
        handler: As the template has it: ``lambda_edge.rule_router.handler.handler``.
        items: Of its table, by host.
    """

    def __init__(self, asset: Path, handler: str, items: Mapping[str, Mapping[str, Any]]) -> None:
        self._name = f"edge_{asset.name.replace('.', '_')}"
        self.configuration: dict[str, Any] = json.loads((asset / "config.json").read_text(encoding="utf-8"))
        if self._name not in sys.modules:
            package = ModuleType(self._name)
            package.__path__ = [str(asset / "lambda_edge")]
            sys.modules[self._name] = package
        self.outside = Outside(items, _texts(self.configuration))
        self.outside.install(self.module("common.world"))
        module, _, function = handler.removeprefix("lambda_edge.").rpartition(".")
        self.handler: Handler = getattr(self.module(module), function)

    def module(self, name: str) -> Any:
        """A module of the asset, such as ``common.world``."""
        return importlib.import_module(f"{self._name}.{name}")


def _texts(configuration: Mapping[str, Any]) -> dict[str, str]:
    """The records that a configuration names: every home but one is healthy, and the second bucket is the one."""
    texts = {}
    for home, record in (configuration.get("health") or {}).items():
        texts[record["name"]] = "unhealthy" if home == "us-west-2" else record["values"][0]
    if configuration.get("record_name"):
        texts[configuration["record_name"]] = list(configuration["origins"])[1]
    return texts
