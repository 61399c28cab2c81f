"""Where the edge functions are: beside the package in the repository, inside it once installed."""

from __future__ import annotations

from pathlib import Path


def source_folder() -> Path:
    """The folder of ``lambda_edge``."""
    package = Path(__file__).parents[1]
    installed = package / "_lambda_edge"
    return installed if installed.is_dir() else package.parent / "lambda_edge"
