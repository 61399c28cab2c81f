"""Actions of IAM, and which of them a statement allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from ..topology.model import Statement


def names(pattern: str, action: str) -> bool:
    """Whether what a statement has is an action, or has it among others; case does not matter."""
    return fnmatchcase(action.lower(), pattern.lower())


def allowed(statement: Statement, actions: Iterable[str]) -> Iterator[str]:
    """Those of some actions that a statement allows; one that allows all there are is not taken as a choice."""
    if not statement.allows:
        return
    patterns = [one for one in statement.actions if isinstance(one, str) and one.strip("*")]
    for action in actions:
        if any(names(pattern, action) for pattern in patterns):
            yield action
