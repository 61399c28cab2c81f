"""The templates that a caller names, each with parameters of its own; and how copies of one are told apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Longer values are cut in the id of a stack.
_LONGEST = 40
# What a reader knows a stack by, the best first.
_FIRST = ("AWS::Region", "AWS::AccountId", "AWS::StackName")
#: The pseudo parameters that a stack has, but AWS::NoValue.
#: See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
PSEUDO_PARAMETERS = frozenset(
    {*_FIRST, "AWS::NotificationARNs", "AWS::Partition", "AWS::StackId", "AWS::URLSuffix"},
)


@dataclass(frozen=True, kw_only=True)
class GivenTemplate:
    """A template or cloud assembly as it is deployed once: with its own parameters, in its own Region.

    A template that is deployed in each Region is given once for each.

    Attributes:
        path: The file, or the folder that ``cdk synth`` has written.
        parameters: Its parameters and pseudo parameters, by name. They count before those of ``load``.
    """

    path: Path
    parameters: Mapping[str, str] = field(default_factory=dict)


class Copies:
    """Tells apart templates that are given several times.

    Args:
        given: All that are given.
    """

    def __init__(self, given: Iterable[GivenTemplate]) -> None:
        self._by_path: dict[Path, list[GivenTemplate]] = {}
        for one in given:
            self._by_path.setdefault(_resolved(one.path), []).append(one)

    def several(self, given: GivenTemplate | None) -> bool:
        """Whether a template is given more than once."""
        return given is not None and len(self._by_path[_resolved(given.path)]) > 1

    def label(self, given: GivenTemplate | None, used: Collection[str]) -> str:
        """What a copy has that the others have not: its Region, or else its parameters; empty if there is no other.

        Args:
            given: The copy.
            used: Those of its parameters that matter to the stack.
        """
        if given is None or not self.several(given):
            return ""
        copies = [one.parameters for one in self._by_path[_resolved(given.path)]]
        differing = [
            name
            for name in dict.fromkeys((*_FIRST, *given.parameters))
            if name in used and any(one.get(name) != given.parameters[name] for one in copies)
        ]
        for name in _FIRST:
            if name in differing and len({one.get(name) for one in copies}) == len(copies):
                differing = [name]
        values = {name: given.parameters[name] for name in differing}
        return ", ".join(_short(value if name in _FIRST else f"{name}={value}") for name, value in values.items())


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    # RuntimeError: symbolic links that lead to each other. ValueError: no character at all.
    except (OSError, RuntimeError, ValueError):
        return path


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
