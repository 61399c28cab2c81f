"""Properties of a resource, read on demand: what nobody asks for is not worked out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from .intrinsics import DYNAMIC, MISSING, Resolver, function_of
from .values import PropertyPath, Reference, ResourceId, Text, Unresolved, Value

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
# CloudFormation reads YAML 1.1, in which these are truth values; templates in JSON may have them as text.
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})

_new = object.__new__

#: Lists and objects that could not be read, with the paths that lead to them.
Gaps: TypeAlias = list[tuple[PropertyPath, Unresolved]]


class Property:
    """A property, with what chooses it worked out, and nothing of what is inside it.

    Args:
        resolver: Of the template that it is in.
        resource: Whose it is.
        raw: As the template has it; MISSING where it has not.
        path: The keys and indices that lead to it from the resource on.
        gaps: Gets each list or object that could not be read, with the path that leads to it.
    """

    # A path is made when somebody asks: most properties are not there, and nobody asks where. Until then, _at is the
    # property that this one is in.
    __slots__ = ("_at", "_name", "_read", "value")

    _at: Property | PropertyPath
    _name: str | int

    def __init__(self, resolver: Resolver, resource: ResourceId, raw: Any, path: PropertyPath, gaps: Gaps) -> None:
        self._read = (resolver, resource, gaps)
        self._at = path
        self._take(raw)

    def _inside(self, name: str | int, raw: Any) -> Property:
        """A property that is in this one."""
        inner = _new(Property)
        inner._read = self._read
        inner._at = self
        inner._name = name
        # Most have no function, and there are many.
        if type(raw) is dict and len(raw) == 1 and function_of(raw) is not None:
            inner._take(raw)
        else:
            inner.value = raw
        return inner

    def _take(self, raw: Any) -> None:
        resolver, resource, _gaps = self._read
        resolver.at(resource)
        self.value, self._at = resolver.step(raw, self.path)

    @property
    def resource(self) -> ResourceId:
        """The resource that has it."""
        return self._read[1]

    @property
    def path(self) -> PropertyPath:
        """The keys and indices that lead to it from the resource on."""
        if isinstance(self._at, Property):
            self._at = (*self._at.path, self._name)
        return self._at

    def __bool__(self) -> bool:
        """Whether it is there, whatever it is."""
        return self.value is not MISSING and self.value is not None

    def __getitem__(self, name: str) -> Property:
        """A property of an object; MISSING where it is not there or this is no object."""
        value = self.value
        if type(value) is dict:
            return self._inside(name, value.get(name, MISSING))
        return self._inside(name, value if value is not MISSING and isinstance(value, Unresolved) else MISSING)

    def __iter__(self) -> Iterator[Property]:
        """The items of a list of objects; none where it could not be read, and without those that could not."""
        for item in self._items():
            if item.unresolved is None:
                yield item
            else:
                item._note()

    def _items(self) -> Iterator[Property]:
        value = self.value
        if isinstance(value, list):
            for index, inner in enumerate(value):
                item = self._inside(index, inner)
                if item:
                    yield item
        else:
            self._note()

    def items(self) -> Iterator[tuple[str, Property]]:
        """The properties of an object by name; none where it could not be read."""
        value = self.value
        if isinstance(value, dict):
            for name in value:
                yield str(name), self[name]
        else:
            self._note()

    @property
    def unresolved(self) -> Unresolved | None:
        """What it waits for, where it could not be read."""
        value = self.value
        kind = type(value)
        # Most are plain.
        if kind is dict or kind is str:
            return None
        if isinstance(value, Unresolved):
            return value
        if isinstance(value, (Reference, Text)):
            return Unresolved(f"{value}, which AWS makes", self.resource, self.path)
        return None

    def text(self) -> Value | None:
        """It as text; None where it is not there."""
        value = self.value
        if value is MISSING or value is None:
            return None
        # Most are plain.
        if type(value) is str and DYNAMIC not in value:
            return value
        resolver, resource, _gaps = self._read
        resolver.at(resource)
        return resolver.as_text(self.resolved(), self.path)

    def texts(self) -> tuple[Value, ...]:
        """The items of a list as texts; one text counts as a list of one."""
        if type(self.value) is list:
            for one in self.value:
                if type(one) is not str or DYNAMIC in one:
                    break
            else:
                # Most lists are plain.
                return tuple(self.value)
        if isinstance(self.value, (str, int, float, Reference, Text)):
            one = self.text()
            return () if one is None else (one,)
        return tuple(value for value in (item.text() for item in self._items()) if value is not None)

    def one_or_more(self) -> tuple[Value, ...]:
        """As ``texts``, where what is not known counts as one text that is not known."""
        unresolved = self.value if isinstance(self.value, Unresolved) else None
        return self.texts() if unresolved is None else (unresolved,)

    def whole(self, default: int | None = None) -> int | Unresolved | None:
        """It as a whole number; the default where it is not there."""
        if type(self.value) is int:
            return self.value
        text = self.text()
        if text is None:
            return default
        if not isinstance(text, str):
            return self._unresolved(text)
        if _WHOLE.fullmatch(text):
            return int(text)
        try:
            number = float(text[:40])
        except ValueError:
            number = 0.5
        return int(number) if number.is_integer() and abs(number) < 1e15 else self._unresolved(text)

    def number(self) -> float | Unresolved | None:
        """It as a number, whole or not; None where it is not there."""
        text = self.text()
        if text is None:
            return None
        try:
            number = float(text[:40]) if isinstance(text, str) else math.nan
        except ValueError:
            number = math.nan
        return number if math.isfinite(number) else self._unresolved(text)

    def wholes(self) -> tuple[int | Unresolved, ...]:
        """The items of a list as whole numbers."""
        numbers = (item.whole() for item in self._items())
        return tuple(number for number in numbers if number is not None)

    def flag(self, *, default: bool = False) -> bool | Unresolved:
        """It as a truth value; the default where it is not there."""
        if type(self.value) is bool:
            return self.value
        text = self.text()
        if text is None:
            return default
        if isinstance(text, str) and text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        return self._unresolved(text)

    def resolved(self) -> Any:
        """It and all that is in it, worked out; None where it is not there."""
        value = self.value
        if not isinstance(value, (dict, list)):
            return None if value is MISSING else value
        # Another resource may have been read since this one was come to.
        resolver, resource, _gaps = self._read
        resolver.at(resource)
        return resolver.resolve(value, self.path)

    def _unresolved(self, value: Value) -> Unresolved:
        if isinstance(value, Unresolved):
            return value
        said = repr(value[:40]) if isinstance(value, str) else f"{value}, which AWS makes"
        return Unresolved(
            f"another kind of value than {said}" if isinstance(value, str) else said, self.resource, self.path
        )

    def _note(self) -> None:
        gap = self.unresolved
        if gap is not None:
            self._read[2].append((self.path, gap))


class Texts(Mapping[str, Value]):
    """The texts of an object by name, each worked out when it is asked for; none where it could not be read."""

    def __init__(self, given: Property) -> None:
        self._given = {name: one for name, one in given.items() if one}

    def __getitem__(self, name: str) -> Value:
        return self._given[name].text() or ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)
