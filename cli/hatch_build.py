"""Packages what the constructs' own wheel leaves out, by the list in the ``pyproject.toml`` above."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds files from the folder above."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them; an editable install finds them where they are."""
        if version == "editable":
            return
        above = Path(self.root).parent
        project = tomllib.loads((above / "pyproject.toml").read_text(encoding="utf-8"))
        left_out = [path.strip("/") for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]]
        build_data["force_include"] |= {str(above / path): path for path in left_out}
        build_data["force_include"][str(above / "LICENSE")] = "ha_patterns/LICENSE"
