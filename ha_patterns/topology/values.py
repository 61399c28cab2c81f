"""What a property says: a value that the template has, one that AWS makes at deploy, or one that nothing here tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from ..aws.policies import Unknown

# What a value that waits for one of these is once it is known, it is wherever it is met.
_ONE_VALUE = ("AWS::", "the parameter ", "the export ", "the output ", "the dynamic reference ")
# Pseudo parameters that are letters, digits and dashes, and what is in none of them.
_WORDS = frozenset({"AWS::Region", "AWS::AccountId", "AWS::Partition", "AWS::StackName"})
_BETWEEN_WORDS = frozenset("./:,;@_ |?=&")

#: Where a property is: the keys and indices that lead to it, from the resource on.
PropertyPath: TypeAlias = tuple[str | int, ...]

# What a template calls what is not known: a parameter, or a pseudo parameter.
_NAMED = re.compile(r"(?:the parameter )?((?<=the parameter )[A-Za-z0-9]+|AWS::[A-Za-z]+)\b")


@dataclass(frozen=True, slots=True)
class ResourceId:
    """A resource: its stack, as ``Stack.id`` has it, and its logical id there."""

    stack: str
    logical_id: str

    def __str__(self) -> str:
        return f"{self.stack}/{self.logical_id}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that AWS makes when it creates a resource; equal to another that is made the same way.

    Attributes:
        resource: The resource that has it.
        attribute: As ``Fn::GetAtt`` names it; empty for what ``Ref`` gives.
    """

    resource: ResourceId
    attribute: str = ""

    def __str__(self) -> str:
        return f"${{{self.resource.logical_id}{'.' if self.attribute else ''}{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class Unresolved(Unknown):
    """What a template alone does not tell.

    Two that wait for the same are equal: one parameter has one value, whatever it is. A pseudo parameter has one value
    in each stack: two stacks whose Regions are unknown are not known to be in one Region.

    Attributes:
        waits_for: What would have to be known, as a sentence can go on with it; of a pseudo parameter, its name.
        resource: Where it was met.
        path: The property there.
        choice: What a condition or a mapping chooses between, if one does: two that wait for one condition may differ.
        scope: Of a pseudo parameter, the stack whose value it is, as ``Stack.id`` has it, or the cloud assembly whose
            stacks are all in one account; empty for others, whose ``waits_for`` names the stack.
    """

    waits_for: str
    resource: ResourceId | None = field(default=None, compare=False)
    path: PropertyPath = field(default=(), compare=False)
    choice: str = ""
    scope: str = ""

    def __str__(self) -> str:
        """As the template names it, where it does."""
        match = _NAMED.match(self.waits_for)
        return f"${{{match[1]}}}" if match else "?"


Atom: TypeAlias = str | Reference | Unresolved


@dataclass(frozen=True, slots=True)
class Text:
    """Text of which some is known: at least two parts, of which not all are plain."""

    parts: tuple[Atom, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


#: A property that is one text. Numbers are texts too, as CloudFormation sees them.
Value: TypeAlias = str | Reference | Text | Unresolved


def concatenate(parts: Iterable[Value]) -> Value:
    """The parts, one after the other; plain text where all are."""
    joined: list[Atom] = []
    for part in parts:
        for atom in atoms(part):
            if isinstance(atom, str) and joined and isinstance(joined[-1], str):
                joined[-1] += atom
            elif atom != "":
                joined.append(atom)
    if len(joined) > 1:
        return Text(tuple(joined))
    return joined[0] if joined else ""


def atoms(value: Value) -> tuple[Atom, ...]:
    """The parts of a value; itself where it is one."""
    return value.parts if isinstance(value, Text) else (value,)


def references(value: Value) -> Iterator[Reference]:
    """The resources that a value is made of."""
    return (atom for atom in atoms(value) if isinstance(atom, Reference))


def waiting(value: Value) -> Iterator[Unresolved]:
    """What would have to be known to know the value."""
    return (atom for atom in atoms(value) if isinstance(atom, Unresolved))


def unknown(value: Value) -> Unresolved:
    """What would have to be known of a value that is no plain text."""
    return next(waiting(value), None) or Unresolved(f"{value}, which AWS makes")


def comparable(value: Value) -> bool:
    """Whether two values that are equal are the same text: not where each waits for something of its own."""
    return isinstance(value, str) or all(one.waits_for.startswith(_ONE_VALUE) for one in waiting(value))


def host_name(name: Value) -> Value:
    """A DNS name as names are compared: in lower case, without the dot at its end, as far as it is known."""
    if isinstance(name, str):
        return name.rstrip(".").lower()
    if not isinstance(name, Text):
        return name
    *parts, last = (atom.lower() if isinstance(atom, str) else atom for atom in name.parts)
    return concatenate((*parts, last.rstrip(".") if isinstance(last, str) else last))


def split(
    value: Value, delimiter: str, hides: Callable[[Reference, str], bool] = lambda _reference, _delimiter: True
) -> list[Value] | Unresolved:
    """The value cut at a delimiter; Unresolved where one may be hidden in what is not known.

    Args:
        value: It.
        delimiter: What it is cut at.
        hides: Whether what AWS makes may have the delimiter in it. Default: all of it may.
    """
    if isinstance(value, str):
        return list(value.split(delimiter))
    pieces: list[list[Atom]] = [[]]
    for atom in atoms(value):
        if isinstance(atom, str):
            first, *rest = atom.split(delimiter)
            pieces[-1].append(first)
            pieces.extend([piece] for piece in rest)
        elif isinstance(atom, Unresolved):
            is_word = atom.waits_for in _WORDS and not atom.choice
            if not is_word or not _BETWEEN_WORDS.intersection(delimiter):
                return atom
            pieces[-1].append(atom)
        elif hides(atom, delimiter):
            return Unresolved(f"the parts of {atom}")
        else:
            pieces[-1].append(atom)
    return [concatenate(piece) for piece in pieces]


def starts(value: Value) -> str:
    """What a value is known to start with."""
    first = atoms(value)[0]
    return first if isinstance(first, str) else ""


def ends(value: Value) -> str:
    """What a value is known to end with."""
    last = atoms(value)[-1]
    return last if isinstance(last, str) else ""
