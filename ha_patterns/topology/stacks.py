"""A stack, and the template that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..aws.regions import partition_of
from .values import Reference, Text, Unresolved, split

_KEPT = "AWS::SSM::Parameter::Value"
_LISTS = ("CommaDelimitedList", "List<")


@dataclass(frozen=True, eq=False, kw_only=True)
class Stack:
    """A stack: one template in one Region.

    Attributes:
        id: How messages name it; no other that was read with it has the same.
        name: As CloudFormation has it.
        region: Where it is deployed.
        account: Where it is deployed.
        template: The file.
        constructs: The file in which the CDK tells of its constructs; None where there is none.
        nested_in: The stack that it is a part of.
    """

    id: str
    name: str
    region: str | Unresolved
    account: str | Unresolved
    template: Path
    constructs: Path | None = None
    nested_in: Stack | None = None

    def __repr__(self) -> str:
        return f"<Stack {self.id}>"

    def matches(self, pattern: str) -> bool:
        """Whether it is called so, or is a part of a stack that is: by id or name, or a pattern such as ``web-*``."""
        stack: Stack | None = self
        while stack is not None:
            if fnmatchcase(stack.id, pattern) or fnmatchcase(stack.name, pattern):
                return True
            stack = stack.nested_in
        return False

    def pseudo(self, name: str) -> Unresolved:
        """A pseudo parameter that nothing tells: one value in a stack and in all that are nested in it.

        Each nested stack has an id of its own. An account is in one partition.
        """
        if name in ("AWS::Partition", "AWS::URLSuffix"):
            return Unresolved(name, scope=self.account if isinstance(self.account, str) else self.account.scope)
        stack = self
        while stack.nested_in is not None and name != "AWS::StackId":
            stack = stack.nested_in
        return Unresolved(name, scope=stack.id)


@dataclass(eq=False, kw_only=True)
class Template:
    """A template, as it was read, with what its parameters are.

    Attributes:
        stack: The stack that it makes.
        document: The file's content.
        resources: By logical id, those that are created, or that may be.
        given: What its parameters were set to from outside.
        root: The folder that the files it names are in.
        names: What references may name beside resources, by the logical id that it means.
    """

    stack: Stack
    document: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]
    given: Mapping[str, Any]
    root: Path
    names: Mapping[str, str] = field(default_factory=dict)
    _parameters: dict[str, Any] = field(default_factory=dict, repr=False)

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the template; empty where it has none."""
        section = self.document.get(name)
        return section if isinstance(section, dict) else {}

    def properties(self, logical_id: str) -> Mapping[str, Any]:
        """The properties of a resource; empty where it has none."""
        properties = self.resources[logical_id].get("Properties")
        return properties if isinstance(properties, dict) else {}

    def parameter(self, name: str) -> Any:
        """What a parameter or pseudo parameter is; None where the template has no such parameter."""
        if name not in self._parameters:
            self._parameters[name] = self._read_parameter(name)
        return self._parameters[name]

    def kept(self, name: str) -> str | None:
        """Where Systems Manager keeps what a parameter is; None for one that has its value itself."""
        declared = self.section("Parameters").get(name)
        if not isinstance(declared, dict) or not str(declared.get("Type")).startswith(_KEPT):
            return None
        told = self.given[name] if name in self.given else declared.get("Default")
        return told if isinstance(told, str) else None

    def forget(self) -> None:
        """Work out the parameters anew when they are asked for."""
        self._parameters.clear()

    def _read_parameter(self, name: str) -> Any:
        declared = self.section("Parameters").get(name)
        if not isinstance(declared, dict):
            return self._pseudo(name) if name.startswith("AWS::") else None
        kind = str(declared.get("Type", "String"))
        if kind.startswith(_KEPT):
            return Unresolved(f"the parameter {name} of {self.stack.id}, which Systems Manager keeps")
        if name in self.given:
            value = self.given[name]
        elif "Default" in declared:
            value = declared["Default"]
        else:
            return Unresolved(f"the parameter {name} of {self.stack.id}, which has no default")
        if isinstance(value, (dict, list)) and name not in self.given:
            return Unresolved(f"the parameter {name} of {self.stack.id}, whose default is not text")
        if kind.startswith(_LISTS) and isinstance(value, str):
            return [item.strip() for item in value.split(",")] if value else []
        if kind.startswith(_LISTS) and isinstance(value, (Reference, Text)):
            return split(value, ",", lambda _reference, _delimiter: False)
        return value

    def _pseudo(self, name: str) -> Any:
        told: str | Unresolved | None = {
            "AWS::Region": self.stack.region,
            "AWS::AccountId": self.stack.account,
            "AWS::StackName": self.stack.name,
        }.get(name)
        if told is not None:
            return told
        region = self.stack.region
        if name not in ("AWS::Partition", "AWS::URLSuffix") or not isinstance(region, str):
            return self.given.get(name) or self.stack.pseudo(name)
        partition, suffix = partition_of(region)
        return partition if name == "AWS::Partition" else suffix
