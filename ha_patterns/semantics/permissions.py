"""What policies allow: the actions of a statement, and what anybody may do with a bucket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from ..topology.model import Bucket, Statement
from ..topology.values import ends

_LIST = "s3:listbucket"
_READ = "s3:getobject"


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


def lists(bucket: Bucket | None) -> bool | None:
    """Whether a bucket's policy lets anybody list it, so that a missing key is a 404; None where nothing tells."""
    return _lets(bucket, _LIST)


def is_read(bucket: Bucket | None) -> bool | None:
    """Whether a bucket's policy lets anybody read some of its objects; None where nothing tells."""
    return _lets(bucket, _READ)


def _lets(bucket: Bucket | None, wanted: str) -> bool | None:
    if bucket is None or bucket.statements is None:
        return None
    told = [_allows(statement, wanted) for statement in bucket.statements if statement.effect != "Deny"]
    if True in told:
        return True
    return None if None in told else False


def _allows(statement: Statement, wanted: str) -> bool | None:
    if not statement.allows or statement.gaps or statement.not_actions or statement.not_resources:
        return None
    named = [names(action, wanted) if isinstance(action, str) else None for action in statement.actions]
    # The objects of a bucket cannot be listed, only the bucket can.
    if wanted == _LIST and all(ends(resource).endswith("/*") for resource in statement.resources):
        return False
    return True if True in named else None if None in named else False
