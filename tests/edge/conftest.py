"""A function to package in place of those of ``lambda_edge``."""

from __future__ import annotations

from pathlib import Path

import pytest

from ha_patterns.edge import functions


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A function to package, beside what functions share."""
    folder = tmp_path / "lambda_edge"
    for name, text in {
        "common/world.py": "",
        "sample/handler.py": "def handler(event, context): ...\n",
        "sample/__pycache__/handler.cpython-311.pyc": "compiled",
        "other/handler.py": "def handler(event, context): another_function()\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setattr(functions, "source_folder", lambda: folder)
    return folder
