"""The files that a cloud assembly has beside its templates: code, and templates of nested stacks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .files import is_file, is_folder, read_document, within
from .stacks import Template

#: The hash that names an asset of the CDK, in whatever it is a part of.
_HASH = re.compile(r"(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])")
# Longer than any path that a template has.
_LONGEST = 1_024


class Assets:
    """Finds them, by the names and hashes that templates have.

    Args:
        max_size: The largest manifest that is read, in bytes.
    """

    def __init__(self, max_size: int) -> None:
        self._max_size = max_size
        self._manifests: dict[Path, Mapping[str, Any]] = {}
        self._folders: dict[tuple[Path, str], Path | None] = {}

    def folder(self, template: Template, told: str) -> Path | None:
        """The folder with the code of a function: by its key in a bucket, or by its path."""
        known = (template.stack.template, told)
        if known not in self._folders:
            found = (path for path in self._paths(template, told) if is_folder(path))
            self._folders[known] = next((path for path in found if within(path, template.root)), None)
        return self._folders[known]

    def nested(self, parent: Template, logical_id: str) -> Path | None:
        """The template of a nested stack, where it lies beside its parent's."""
        metadata = parent.resources[logical_id].get("Metadata")
        url = parent.properties(logical_id).get("TemplateURL")
        named = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
        told = [name for name in (named, url) if isinstance(name, str) and "://" not in name]
        if not isinstance(url, str) or "://" in url:
            # The key of an asset is its hash, wherever the URL has it.
            told.append(json.dumps(url, default=str))
        found = (path for name in told for path in self._paths(parent, name) if is_file(path))
        return next((path for path in found if within(path, parent.root)), None)

    def _paths(self, template: Template, told: str) -> list[Path]:
        folder = template.stack.template.parent
        key = _HASH.search(told)
        names = [self._source(template, key[1])] if key else []
        # Stages have their assets beside their folders.
        paths = [folder / names[0], template.root / names[0]] if names else []
        paths += [folder / told] if len(told) < _LONGEST else []
        return paths

    def _source(self, template: Template, key: str) -> str:
        """Where the manifest of a stack says that an asset is."""
        file = template.stack.template
        manifest = file.with_name(file.name.split(".")[0] + ".assets.json")
        if manifest not in self._manifests:
            files = read_document(manifest, self._max_size).get("files") if is_file(manifest) else None
            self._manifests[manifest] = files if isinstance(files, dict) else {}
        told = self._manifests[manifest].get(key)
        source = told.get("source") if isinstance(told, dict) else None
        path = source.get("path") if isinstance(source, dict) else None
        return path if isinstance(path, str) else f"asset.{key}"
