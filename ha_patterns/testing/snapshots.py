"""The part of ``ha_patterns.testing`` that needs syrupy."""

from __future__ import annotations

from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.types import PropertyFilter, PropertyMatcher, SerializableData, SerializedData

from . import normalize_template


class TemplateSnapshotExtension(JSONSnapshotExtension):
    """One JSON file a template, normalized."""

    def serialize(
        self,
        data: SerializableData,
        *,
        exclude: PropertyFilter | None = None,
        include: PropertyFilter | None = None,
        matcher: PropertyMatcher | None = None,
    ) -> SerializedData:
        return super().serialize(normalize_template(data), exclude=exclude, include=include, matcher=matcher)
