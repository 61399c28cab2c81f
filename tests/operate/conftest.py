"""Whoever operates: with credentials of nobody, little patience, and a network that ends at this machine."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from ha_patterns.operate import endpoints
from ha_patterns.operate.endpoints import Patience

from .rules import Table


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    # It would remember the credentials of an earlier test.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(endpoints, "PATIENCE", Patience(answer_seconds=0.3, pause_seconds=0))


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
    """Every address that was asked for. Names under localhost are this machine, which not every resolver knows."""
    found: set[tuple[str, int]] = set()
    resolve = socket.getaddrinfo

    def recorded(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        found.add((host, port))
        return resolve("127.0.0.1" if str(host).endswith(".localhost") else host, port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", recorded)
    return found


@pytest.fixture
def table() -> Iterator[Table]:
    """The table of a router, in an AWS with nothing else in it."""
    from moto import mock_aws

    with mock_aws():
        yield Table()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes a file of rules: text as it is, or a value as JSON."""

    def write(content: Any, name: str | None = None) -> str:
        is_text = isinstance(content, str)
        file = tmp_path / (name or ("rules.yaml" if is_text else "rules.json"))
        file.write_text(content if is_text else json.dumps(content))
        return str(file)

    return write
