"""Who speaks of a resource: the types of the resources that refer to it, and outputs, by which others may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from .stacks import Template
from .values import ResourceId

#: What stands for the outputs of a template among the types of resources.
OUTPUTS = "Outputs"
#: The same of outputs that have an export name, which other stacks import.
EXPORTS = "Exports"
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


class Mentions:
    """The references of templates as they are written, whatever conditions and parameters make of them.

    Args:
        templates: The templates.
    """

    def __init__(self, templates: Iterable[Template] = ()) -> None:
        self._templates = tuple(templates)

    def of(self, resource: ResourceId) -> frozenset[str]:
        """The types of the resources that refer to a resource; ``OUTPUTS`` is among them if an output does.

        ``EXPORTS`` is among them, too, if the output is exported.
        """
        return self._found.get(resource, frozenset())

    @cached_property
    def _found(self) -> Mapping[ResourceId, frozenset[str]]:
        found: dict[ResourceId, set[str]] = {}
        for template in self._templates:
            users = [(str(raw.get("Type")), raw.get("Properties")) for raw in template.resources.values()]
            outputs = template.section(OUTPUTS)
            exported = [one for one in outputs.values() if isinstance(one, dict) and "Export" in one]
            for user, value in (*users, (OUTPUTS, outputs), (EXPORTS, exported)):
                for logical_id in _named(value):
                    found.setdefault(ResourceId(template.stack.id, logical_id), set()).add(user)
        return {resource: frozenset(users) for resource, users in found.items()}


def _named(value: Any) -> Iterator[str]:
    """The logical ids that functions in a value name."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for key, inner in one.items():
                if key == "Ref" and isinstance(inner, str):
                    yield inner
                elif key == "Fn::GetAtt":
                    named = inner[0] if isinstance(inner, list) and inner else str(inner).partition(".")[0]
                    if isinstance(named, str):
                        yield named
                elif key == "Fn::Sub":
                    text = inner[0] if isinstance(inner, list) and inner else inner
                    yield from _SUBSTITUTED.findall(text) if isinstance(text, str) else ()
                    waiting += inner[1:] if isinstance(inner, list) else []
                else:
                    waiting.append(inner)
        elif isinstance(one, list):
            waiting += one
