"""The scenarios that come with the library: one for each pattern of the catalog that a drill can play."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "scenarios"


def names() -> tuple[str, ...]:
    """The names of the scenarios, which are those of the patterns."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def path_of(given: str | Path) -> Path:
    """The file of a scenario: a file that is there, or else the ready one of that name."""
    path = Path(given)
    if not path.exists() and path.name == str(given) and path.name in names():
        return FOLDER / f"{path.name}.yaml"
    return path
