"""Actions of IAM, and which of them a statement allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from ..topology.model import Statement


def allowed(statement: Statement, actions: Iterable[str]) -> Iterator[str]:
    """Those of some actions that a statement allows; one that allows all there are is not taken as a choice."""
    if not statement.allows:
        return
    patterns = [one.lower() for one in statement.actions if isinstance(one, str) and one.strip("*")]
    for action in actions:
        if any(fnmatchcase(action.lower(), pattern) for pattern in patterns):
            yield action
