"""What is wrong with a set of rules: which rule, where in it, and what to write instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from typing import Any, NamedTuple

#: Characters of a text, unless a place says otherwise.
MAX_TEXT = 2048


class Allowed(NamedTuple):
    """What the stack lets its rules do.

    Attributes:
        origins: The names of the origins that it declares.
        redirect_hosts: Hosts, besides the request's own, to which a rule may redirect.
        request_headers: Headers that a rule may set, in lower case; ``x-shop-*`` for all that start so.
        attributes: What the cache key holds, and so all that a rule may read: ``host``, ``country``, ``cookie.plan``,
            ``query.page``, or ``query`` for all of the query string. None where nothing is cached: then a rule may
            read everything.
    """

    origins: frozenset[str] = frozenset()
    redirect_hosts: frozenset[str] = frozenset()
    request_headers: tuple[str, ...] = ()
    attributes: frozenset[str] | None = None

    @property
    def keeps(self) -> bool:
        """Whether an answer may be kept, and sent to all viewers with the same cache key."""
        return self.attributes is not None

    def may_read(self, name: str) -> bool:
        """Whether rules may let an attribute decide."""
        return (
            self.attributes is None
            or name in self.attributes
            or (name.startswith("query.") and "query" in self.attributes)
        )

    def parameters(self) -> frozenset[str] | None:
        """The parameters of the query string that may decide; None where all of it may."""
        if self.attributes is None or "query" in self.attributes:
            return None
        return frozenset(name.removeprefix("query.") for name in self.attributes if name.startswith("query."))


class Problem(NamedTuple):
    """One thing that is wrong.

    Attributes:
        rule: Its rule's index; None where the set as a whole is wrong.
        place: Where in the rule, or in the set: ``then.redirect.to``; empty for all of it.
        message: What is wrong, and what to write instead.
    """

    rule: int | None
    place: str
    message: str

    def __str__(self) -> str:
        where = ".".join(([] if self.rule is None else [f"rules[{self.rule}]"]) + ([self.place] if self.place else []))
        return f"{where}: {self.message}" if where else self.message


class Place:
    """A value in a rule, and where problems with it are noted.

    Args:
        value: The value.
        rule: Its rule's index.
        found: Gets the problems.
        above: The place that it is in; None for the rule, or the set, itself.
        key: Its key, or index, there.
    """

    __slots__ = ("_above", "_key", "found", "rule", "value")

    def __init__(
        self, value: Any, rule: int | None, found: list[Problem], above: Place | None = None, key: str | int = ""
    ) -> None:
        self.value = value
        self.rule = rule
        self.found = found
        self._above = above
        self._key = key

    @property
    def path(self) -> str:
        """Its place in the rule; only a problem asks for it."""
        if self._above is None:
            return ""
        above = self._above.path
        if isinstance(self._key, int):
            return f"{above}[{self._key}]"
        return f"{above}.{self._key[:80]}" if above else self._key[:80]

    def refuse(self, message: object) -> None:
        """Note that something is wrong here."""
        self.found.append(Problem(self.rule, self.path, str(message)))

    def at(self, key: str | int) -> Place:
        """What is under a key, or the item at an index; None where there is none."""
        value = self.value[key] if isinstance(key, int) else self.value.get(key)
        return Place(value, self.rule, self.found, self, key)

    def mapping(self, keys: Set[str]) -> bool:
        """Whether it is an object with no other keys than these."""
        if not isinstance(self.value, dict):
            self.refuse(f"must be an object with {_listed(keys)}, got {_shown(self.value)}")
            return False
        if self.value.keys() <= keys:
            return True
        unknown = next(key for key in self.value if key not in keys)
        self.refuse(f"{_shown(unknown)} is not known here; write {_listed(keys)}")
        return False

    def objects(self, what: str) -> Mapping[str, Any]:
        """It, where it is an object of any keys; else an empty one."""
        if isinstance(self.value, dict):
            return self.value
        self.refuse(f"must be an object of {what}, got {_shown(self.value)}")
        return {}

    def items(self, what: str, most: int) -> list[Any]:
        """It, where it is a list of bounded length with something in it; else an empty one."""
        if isinstance(self.value, list) and 1 <= len(self.value) <= most:
            return self.value
        got = f"one of {len(self.value)}" if isinstance(self.value, list) else _shown(self.value)
        self.refuse(f"must be a list of 1 to {most} {what}, got {got}")
        return []

    def text(self, most: int = MAX_TEXT) -> str | None:
        """It, where it is text of bounded length."""
        if isinstance(self.value, str) and len(self.value) <= most:
            if self.value.isascii():
                return self.value
            try:
                self.value.encode()
            except UnicodeEncodeError:
                self.refuse("must be text, and has half of a surrogate pair, which is no character")
                return None
            return self.value
        got = f"{len(self.value)} characters" if isinstance(self.value, str) else _shown(self.value)
        self.refuse(f"must be text of at most {most} characters, got {got}")
        return None

    def whole(self, low: int, high: int, default: int | None = None) -> int:
        """It, where it is a whole number in a range; the default where there is nothing."""
        if self.value is None and default is not None:
            return default
        if isinstance(self.value, int) and not isinstance(self.value, bool) and low <= self.value <= high:
            return self.value
        self.refuse(f"must be a whole number from {low} to {high}, got {_shown(self.value)}")
        return low


def _shown(value: object) -> str:
    if isinstance(value, str | bytes):
        return repr(value[:200])
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    # A whole number of more digits than Python prints is not one that anybody wrote.
    return "a number" if isinstance(value, int) and abs(value) > 10**18 else repr(value)[:200]


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))
