"""What was known at synth, and so is in the asset: Lambda@Edge has no environment variables."""

from __future__ import annotations

import json
import os
from typing import Any

_ASSET = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 - pathlib is slow to import


def path(name: str) -> str:
    """A file of the asset."""
    return os.path.join(_ASSET, name)  # noqa: PTH118


def load() -> dict[str, Any]:
    """The configuration."""
    with open(path("config.json"), "rb") as file:  # noqa: PTH123
        configuration: dict[str, Any] = json.loads(file.read())
    return configuration
