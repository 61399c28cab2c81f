"""What the tests of the commands for rules share: files, an app, and a table as the deploy leaves it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import botocore.client  # type: ignore[import-untyped]
import botocore.exceptions  # type: ignore[import-untyped]
import pytest

TABLE = "rules"
#: What the routers of the tests declare, as the configuration of one has it.
FACTS: dict[str, Any] = {
    "origins": {"eu": {}, "us": {}},
    "redirect_hosts": ["new.example.com"],
    "request_headers": ["x-plan"],
    "attributes": None,
}
TO_EU = {"path": "/*", "then": {"origin": "eu"}}
TO_US = {"path": "/*", "then": {"origin": "us"}}


class Table:
    """The table of a router, as its deploy leaves it, and as others see it."""

    facts = FACTS

    def __init__(self, region: str = "us-east-1", client: Any = None) -> None:
        self.client = client or boto3.client("dynamodb", region_name=region)
        self.client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "host", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "host", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        told = {
            name: {"L": [{"S": one} for one in values]} for name, values in self.facts.items() if values is not None
        }
        self.write({"host": {"S": "#origins"}, **told})

    def write(self, item: dict[str, Any]) -> None:
        self.client.put_item(TableName=TABLE, Item=item)

    def put(self, host: str, version: int, *rules: Any) -> None:
        self.write({"host": {"S": host}, "version": {"N": str(version)}, "rules": {"S": json.dumps(rules)}})

    def delete(self, host: str) -> None:
        self.client.delete_item(TableName=TABLE, Key={"host": {"S": host}})

    def rules(self) -> dict[str, tuple[int, Any]]:
        """By host, the version and the rules."""
        items = self.client.scan(TableName=TABLE)["Items"]
        return {
            item["host"]["S"]: (int(item["version"]["N"]), json.loads(item["rules"]["S"]))
            for item in items
            if item["host"]["S"] != "#origins"
        }


def write_app(folder: Path, facts: dict[str, Any], stack: str = "shop") -> str:
    """A cloud assembly with a router, as far as the commands look at it."""
    asset = folder / "asset.1"
    (asset / "lambda_edge" / "rule_router").mkdir(parents=True)
    (asset / "config.json").write_text(json.dumps(facts))
    (folder / "shop.assets.json").write_text(json.dumps({"files": {"1": {"source": {"path": "asset.1"}}}}))
    artifacts = {"shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "shop.assets.json"}}}
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return str(folder)


#: What botocore calls, and what it is given.
Call = Callable[[Any, str, Any], Any]


def intercept(monkeypatch: pytest.MonkeyPatch, operation: str, answer: Callable[[Callable[[], Any], Any], Any]) -> None:
    """Come between the command and AWS.

    Args:
        operation: Which.
        answer: Answers, given what asks AWS, and the request.
    """
    ask: Call = botocore.client.BaseClient._make_api_call

    def answered(self: Any, asked: str, request: Any) -> Any:
        return answer(lambda: ask(self, asked, request), request) if asked == operation else ask(self, asked, request)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", answered)


def refusal(code: str, message: str = "no", status: int = 400) -> Exception:
    told = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error: Exception = botocore.exceptions.ClientError(told, "Operation")
    return error
