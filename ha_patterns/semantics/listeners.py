"""What a load balancer's listener answers."""

from __future__ import annotations

from collections.abc import Collection

from ..aws.path_patterns import fits
from ..topology.model import ListenerRule, LoadBalancerListener


def answering_rule(listener: LoadBalancerListener, path: str, headers: Collection[str] = ()) -> ListenerRule | None:
    """The rule that answers a request; None if that cannot be told.

    Args:
        listener: The listener; its rules are in the order in which it tries them.
        path: The request's path.
        headers: The headers that the request has, in lower case. A rule that looks at one of them may match or not.
            Default: none, so that a rule that looks at a header does not match.
    """
    for rule in listener.rules:
        unknown = bool(rule.gaps or rule.others or set(rule.headers).intersection(headers) or rule.place.condition)
        if unknown or not all(isinstance(pattern, str) for pattern in rule.paths):
            return None
        matches = not rule.paths or any(fits(str(pattern), path) for pattern in rule.paths)
        if matches and not rule.headers:
            return rule
    return None
