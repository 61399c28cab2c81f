"""The part of ``ha_patterns.testing`` that needs syrupy."""

from __future__ import annotations

from typing import Any

from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.types import SerializableData, SerializedData

from . import normalize_template


class TemplateSnapshotExtension(JSONSnapshotExtension):
    """One JSON file a template, normalized."""

    def serialize(self, data: SerializableData, **options: Any) -> SerializedData:
        return super().serialize(normalize_template(data), **options)
