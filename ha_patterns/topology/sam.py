"""SAM: what its resources become, as far as it matters to where requests go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def is_sam(document: Mapping[str, Any]) -> bool:
    """Whether a template is of SAM."""
    transform = document.get("Transform")
    names = transform if isinstance(transform, list) else [transform]
    return any(isinstance(name, str) and name.startswith("AWS::Serverless-") for name in names)


def expand(document: Mapping[str, Any], resources: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The resources that SAM makes, and by logical id, why some are left as they are."""
    return resources, {}
