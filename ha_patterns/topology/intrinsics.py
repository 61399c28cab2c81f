"""CloudFormation's intrinsic functions, worked out as far as templates tell."""

from __future__ import annotations

import base64
import functools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from .values import (
    PropertyPath,
    Reference,
    ResourceId,
    Text,
    Unresolved,
    Value,
    atoms,
    comparable,
    concatenate,
    split,
)

if TYPE_CHECKING:
    from .stacks import Template

_FUNCTION = re.compile(r"Ref|Condition|Fn::[A-Za-z0-9:]+")
# Without the brace that opens another: of many that nobody closes, each would be followed to the end.
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
#: How deep functions, lists and objects may be nested, and templates may ask each other, before Python's stack ends.
_DEEPEST = 64
#: How a text starts that has something of Systems Manager or Secrets Manager. See
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
DYNAMIC = "{{resolve:"
_SECRETS = "secretsmanager"
_REFERENCE = re.compile(r"\{\{resolve:([a-z-]+):([^{}]+)\}\}")
#: CloudFormation's own limit for a whole template; texts that double each other would have no end.
_LONGEST = 1_000_000


class CrossStack(Protocol):
    """What a template may ask others for; see ``templates.Templates``.

    Attributes:
        level: How deep the evaluation is, in all templates together.
    """

    level: int

    def may_hold(self, reference: Reference, delimiter: str) -> bool:
        """Whether what AWS makes may have a delimiter in it."""

    def attribute(self, template: Template, logical_id: str, attribute: str) -> Any:
        """What ``Ref`` (no attribute) or ``Fn::GetAtt`` gives of a resource."""

    def kept(self, name: str, template: Template) -> Any:
        """The value of a parameter of Systems Manager; None where no template makes it."""

    def secret(self, name: str, template: Template) -> ResourceId | None:
        """The secret of a name that a stack can read; None where no template makes it."""

    def export(self, name: str, template: Template) -> Any:
        """The value that is exported under a name; None where none is."""

    def output(self, stack: str, output: str, region: Any) -> Any:
        """The output of a stack; None where there is none."""


class _Missing:
    """A property that is not there, or is set to AWS::NoValue."""

    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()


class Resolver:
    """Works out the values of one template.

    Args:
        template: It.
        others: Finds what other templates give: exports, outputs, nested stacks.
    """

    def __init__(self, template: Template, others: CrossStack) -> None:
        self._template = template
        self._others = others
        self._conditions: dict[str, bool | Unresolved] = {}
        self._here: ResourceId | None = None
        self._references: dict[tuple[str, str], Reference] = {}

    def at(self, resource: ResourceId | None) -> None:
        """From now on, what is Unresolved was met in this resource."""
        self._here = resource

    def step(self, raw: Any, path: PropertyPath) -> tuple[Any, PropertyPath]:
        """What a property is, with the intrinsic that chooses it worked out, but nothing of what is inside it.

        Returns:
            A mapping, a list, a scalar, a value, Unresolved or MISSING; and where it stands.
        """
        for _ in range(_DEEPEST):
            name = function_of(raw)
            if name is None:
                return raw, path
            chosen = self._chosen(name, raw[name], path)
            if chosen is None:
                return self._evaluate(name, raw[name], path), path
            raw, path = chosen
            if raw is MISSING or isinstance(raw, Unresolved):
                return raw, path
        return self._unresolved("an end of functions within functions", path), path

    def resolve(self, raw: Any, path: PropertyPath = ()) -> Any:
        """What a property is, and all that is in it."""
        if isinstance(raw, dict):
            raw, path = self.step(raw, path)
        if not isinstance(raw, (dict, list)):
            return raw
        if self._others.level >= _DEEPEST:
            return self._too_deep(path)
        self._others.level += 1
        try:
            if isinstance(raw, dict):
                found = {key: self.resolve(inner, (*path, key)) for key, inner in raw.items()}
                return {key: value for key, value in found.items() if value is not MISSING}
            items = [self.resolve(inner, (*path, index)) for index, inner in enumerate(raw)]
            return [item for item in items if item is not MISSING]
        finally:
            self._others.level -= 1

    def text(self, raw: Any, path: PropertyPath = ()) -> Value:
        """What a property is, as text."""
        return self.as_text(self.resolve(raw, path), path)

    def as_text(self, value: Any, path: PropertyPath = ()) -> Value:
        """A resolved value as text, as CloudFormation would make it."""
        if isinstance(value, str):
            return value if DYNAMIC not in value else self._dynamic(value, path)
        if isinstance(value, Text):
            known = any(isinstance(part, str) and DYNAMIC in part for part in value.parts)
            return self._unresolved("a dynamic reference, of which nothing tells which", path) if known else value
        if isinstance(value, (Reference, Unresolved)):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, (int, float)):
            return str(value)
        return self._unresolved("text, where there is a list or an object" if value else "text", path)

    def _dynamic(self, text: str, path: PropertyPath) -> Value:
        """A text with what Systems Manager or Secrets Manager put into it when the stack is deployed."""
        parts: list[Value] = []
        end = 0
        for match in _REFERENCE.finditer(text):
            parts.append(text[end : match.start()])
            end = match.end()
            kept = self._others.kept(match[2].partition(":")[0], self._template) if match[1] == "ssm" else None
            # A secret has one value in all Regions that have it.
            secret = self._others.secret(match[2].partition(":")[0], self._template) if match[1] == _SECRETS else None
            owner = secret or self._template.stack.id
            named = self._unresolved(f"the dynamic reference {match[1]}:{match[2]} of {owner}", path)
            value = kept if isinstance(kept, (str, Reference, Text)) else named
            # What is put in is not looked into again.
            parts.append(named if isinstance(value, str) and DYNAMIC in value else value)
        return concatenate([*parts, text[end:]])

    def condition(self, name: str) -> bool | Unresolved:
        """Whether a condition of the template holds."""
        if name not in self._conditions:
            # What refers to itself is met again while this stands.
            self._conditions[name] = self._unresolved(f"the condition {name}, which refers to itself", ())
            conditions = self._template.section("Conditions")
            self._conditions[name] = (
                self._holds(conditions[name], ("Conditions", name))
                if name in conditions
                else self._unresolved(f"the condition {name}, which the template does not have", ())
            )
        return self._conditions[name]

    def _unresolved(self, waits_for: str, path: PropertyPath) -> Unresolved:
        return Unresolved(waits_for, self._here, path)

    def _met(self, unresolved: Unresolved, path: PropertyPath) -> Unresolved:
        """What is unresolved elsewhere, met here."""
        return replace(unresolved, resource=self._here, path=path)

    def _waits(self, value: Value, path: PropertyPath) -> Unresolved:
        """What a value would have to be known for."""
        return self._met(value, path) if isinstance(value, Unresolved) else self._unresolved(_what(value), path)

    def _too_deep(self, path: PropertyPath) -> Unresolved:
        return self._unresolved(f"what is nested more than {_DEEPEST} deep", path)

    def _chosen(self, name: str, argument: Any, path: PropertyPath) -> tuple[Any, PropertyPath] | None:
        """Where a function gives a part of the template as it stands: that part."""
        if name == "Ref" and argument == "AWS::NoValue":
            return MISSING, path
        if name == "Fn::If":
            if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
                return self._unresolved("a condition and two values in Fn::If", path), path
            holds = self.condition(argument[0])
            if isinstance(holds, Unresolved):
                choice = json.dumps(argument, default=str)
                return Unresolved(holds.waits_for, self._here, path, choice, holds.scope), path
            index = 1 if holds else 2
            return argument[index], (*path, name, index)
        if name == "Fn::FindInMap":
            return self._in_map(argument, path), path
        return None

    def _in_map(self, argument: Any, path: PropertyPath) -> Any:
        if not isinstance(argument, list) or not 3 <= len(argument) <= 4:
            return self._unresolved("a map and two keys in Fn::FindInMap", path)
        if self._others.level >= _DEEPEST:
            return self._too_deep(path)
        self._others.level += 1
        try:
            keys = [self.text(part, path) for part in argument[:3]]
        finally:
            self._others.level -= 1
        found: Any = self._template.section("Mappings")
        fallback = argument[3] if len(argument) > 3 else None
        default = fallback.get("DefaultValue", MISSING) if isinstance(fallback, dict) else MISSING
        # Two values of one map wait for the same key.
        chosen = json.dumps(argument[:3], default=str)
        for key in keys:
            if not isinstance(key, str):
                return default if default is not MISSING else replace(self._waits(key, path), choice=chosen)
            if not isinstance(found, Mapping) or key not in found:
                if default is not MISSING:
                    return default
                return self._unresolved(f"{'.'.join(map(str, keys))}, which the mappings do not have", path)
            found = found[key]
        if isinstance(found, dict) or (isinstance(found, list) and any(isinstance(one, (dict, list)) for one in found)):
            return self._unresolved(f"text or a list of texts in {'.'.join(map(str, keys))} of the mappings", path)
        return found

    def _evaluate(self, name: str, argument: Any, path: PropertyPath) -> Any:
        evaluate = _FUNCTIONS.get(name)
        if evaluate is None:
            return self._unresolved(f"the function {name}", path)
        if self._others.level >= _DEEPEST:
            return self._too_deep(path)
        self._others.level += 1
        try:
            return evaluate(self, argument, (*path, name))
        finally:
            self._others.level -= 1

    def ref(self, argument: Any, path: PropertyPath) -> Any:
        """``Ref``: a pseudo parameter, a parameter or a resource, whose name a function may make."""
        if isinstance(argument, dict):
            # AWS::LanguageExtensions takes functions here.
            made = self.text(argument, path)
            argument = made if isinstance(made, str) else None
        if not isinstance(argument, str):
            return self._unresolved("a name in Ref", path)
        kept = self._template.kept(argument)
        found = None if kept is None else self._others.kept(kept, self._template)
        if found is None:
            found = self._template.parameter(argument)
        if found is not None:
            return found if not isinstance(found, Unresolved) else self._met(found, path)
        logical_id = self._template.names.get(argument, argument)
        if logical_id in self._template.resources:
            return self._attribute(logical_id, "")
        if argument.startswith("AWS::"):
            return self._unresolved(f"{argument}", path)
        return self._unresolved(f"{argument}, which the template does not have", path)

    def get_att(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::GetAtt``."""
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if isinstance(parts, list) and parts and isinstance(parts[0], dict):
            parts = [self.text(parts[0], path), *parts[1:]]
        if not isinstance(parts, list) or len(parts) < 2 or not isinstance(parts[0], str):
            return self._unresolved("a resource and its attribute in Fn::GetAtt", path)
        attribute = self.text(parts[1], path) if len(parts) == 2 else ".".join(map(str, parts[1:]))
        if not isinstance(attribute, str):
            return self._waits(attribute, path)
        logical_id = parts[0]
        # Function.Version.FunctionArn of SAM
        name, _, rest = attribute.partition(".")
        if f"{logical_id}.{name}" in self._template.names:
            logical_id, attribute = self._template.names[f"{logical_id}.{name}"], rest
        elif logical_id in self._template.names:
            logical_id = self._template.names[logical_id]
        if logical_id not in self._template.resources:
            return self._unresolved(f"{parts[0]}, which the template does not have", path)
        return self._attribute(logical_id, attribute)

    def _attribute(self, logical_id: str, attribute: str) -> Any:
        key = (logical_id, attribute)
        if key in self._references:
            return self._references[key]
        found = self._others.attribute(self._template, logical_id, attribute)
        # Of a nested stack's outputs, more may be known later.
        if isinstance(found, Reference) and not attribute.startswith("Outputs."):
            self._references[key] = found
        return found

    def sub(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::Sub``."""
        variables: Any = {}
        if isinstance(argument, list) and len(argument) == 2:
            argument, variables = argument
        if not isinstance(argument, str) or not isinstance(variables, dict):
            return self._unresolved("text in Fn::Sub", path)
        given: dict[str, Value] = {}
        parts: list[Value] = []
        end = 0
        for match in _VARIABLE.finditer(argument):
            parts.append(argument[end : match.start()])
            end = match.end()
            name = match[1].strip()
            if name.startswith("!"):
                parts.append(f"${{{name[1:]}}}")
                continue
            if name not in given:
                given[name] = self._variable(name, variables, path)
            parts.append(given[name])
        parts.append(argument[end:])
        return self._together(parts, path)

    def _variable(self, name: str, variables: Mapping[str, Any], path: PropertyPath) -> Value:
        if name in variables:
            return self.text(variables[name], (*path, 1, name))
        return self.as_text(self.get_att(name, path) if "." in name else self.ref(name, path), path)

    def _together(self, parts: list[Value], path: PropertyPath) -> Value:
        # What is not known counts for more than a character: nobody needs a text of many such parts.
        if sum(len(atom) if isinstance(atom, str) else 1_000 for part in parts for atom in atoms(part)) > _LONGEST:
            return self._unresolved(f"text of more than {_LONGEST} characters", path)
        return concatenate(parts)

    def join(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::Join``."""
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return self._unresolved("a delimiter and a list in Fn::Join", path)
        items = self.resolve(argument[1], (*path, 1))
        if not isinstance(items, list):
            return items if isinstance(items, Unresolved) else self._unresolved("a list in Fn::Join", path)
        parts: list[Value] = []
        for index, item in enumerate(items):
            if index and argument[0]:
                parts.append(argument[0])
            parts.append(self.as_text(item, path))
        return self._together(parts, path)

    def split(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::Split``."""
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
            return self._unresolved("a delimiter and a text in Fn::Split", path)
        pieces = split(self.text(argument[1], (*path, 1)), argument[0], self._others.may_hold)
        return self._met(pieces, path) if isinstance(pieces, Unresolved) else pieces

    def select(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::Select``."""
        if not isinstance(argument, list) or len(argument) != 2:
            return self._unresolved("an index and a list in Fn::Select", path)
        index, items = self.text(argument[0], path), self.resolve(argument[1], (*path, 1))
        if isinstance(items, Unresolved):
            return self._unresolved(f"item {index} of {items.waits_for}", path)
        if not isinstance(index, str) or not isinstance(items, list):
            return (
                self._waits(index, path) if isinstance(items, list) else self._unresolved("a list in Fn::Select", path)
            )
        if not index.isdecimal() or len(index) > 9 or int(index) >= len(items):
            return self._unresolved(f"item {index[:20]} of a list of {len(items)}", path)
        return items[int(index)]

    def base64(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::Base64``."""
        text = self.text(argument, path)
        if not isinstance(text, str):
            return self._unresolved(f"{_what(text)}, in base 64", path)
        if len(text) > _LONGEST:
            return self._unresolved(f"text of more than {_LONGEST} characters", path)
        return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def import_value(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::ImportValue``."""
        name = self.text(argument, path)
        if not isinstance(name, str):
            return self._unresolved(f"an export, whose name is {_what(name)}", path)
        found = self._others.export(name, self._template)
        return self._unresolved(f"the export {name}, which no template here has", path) if found is None else found

    def stack_output(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::GetStackOutput``: a weak reference, which any Region's stack may be asked for."""
        told = self.resolve(argument, path)
        if not isinstance(told, dict):
            return self._unresolved("a stack and its output in Fn::GetStackOutput", path)
        stack, output, region = (told.get(key) for key in ("StackName", "OutputName", "Region"))
        if not isinstance(stack, str) or not isinstance(output, str):
            return self._unresolved("an output of a stack, of which nothing tells which", path)
        found = self._others.output(stack, output, region or self._template.stack.region)
        if found is None:
            return self._unresolved(f"the output {output} of the stack {stack}, which is not here", path)
        return found

    def length(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::Length``."""
        items = self.resolve(argument, path)
        if isinstance(items, list):
            return len(items)
        waits_for = f"the length of {items.waits_for}" if isinstance(items, Unresolved) else "a list in Fn::Length"
        return self._unresolved(waits_for, path)

    def to_json(self, argument: Any, path: PropertyPath) -> Any:
        """``Fn::ToJsonString``."""
        value = self.resolve(argument, path)
        if _size(value) > _LONGEST:
            return self._unresolved(f"text of more than {_LONGEST} characters", path)
        try:
            return json.dumps(value, separators=(",", ":"))
        except TypeError:
            return self._unresolved("what Fn::ToJsonString is given", path)

    def truth(self, argument: Any, path: PropertyPath, name: str) -> Any:
        """A condition in the place of a value."""
        return self._holds({name: argument}, path)

    def _holds(self, raw: Any, path: PropertyPath) -> bool | Unresolved:
        if self._others.level >= _DEEPEST:
            return self._too_deep(path)
        name = function_of(raw)
        argument = raw[name] if name else None
        self._others.level += 1
        try:
            if name == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if name == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:
                return self._equal(argument[0], argument[1], path)
            if name == "Fn::Not" and isinstance(argument, list) and len(argument) == 1:
                inner = self._holds(argument[0], path)
                return inner if isinstance(inner, Unresolved) else not inner
            if name in ("Fn::And", "Fn::Or") and isinstance(argument, list):
                return _combined([self._holds(part, path) for part in argument], decides=name == "Fn::Or")
        finally:
            self._others.level -= 1
        return self._unresolved(f"the condition of {name}" if name else "a condition", path)

    def _equal(self, left: Any, right: Any, path: PropertyPath) -> bool | Unresolved:
        one, other = self.text(left, path), self.text(right, path)
        if isinstance(one, str) and isinstance(other, str):
            return one == other
        if one == other and comparable(one):
            return True
        return self._waits(other if isinstance(one, str) else one, path)


def function_of(raw: Any) -> str | None:
    """The intrinsic function that a property is; None where it is none."""
    if isinstance(raw, dict) and len(raw) == 1:
        (name,) = raw
        if isinstance(name, str) and _is_function(name) and (name != "Condition" or isinstance(raw[name], str)):
            return name
    return None


# Templates have few names for many objects of one key.
@functools.lru_cache(maxsize=1024)
def _is_function(name: str) -> bool:
    return _FUNCTION.fullmatch(name) is not None


def _combined(parts: list[bool | Unresolved], *, decides: bool) -> bool | Unresolved:
    """And, or: one part that decides is enough, whatever the others wait for."""
    if any(part is decides for part in parts):
        return decides
    return next((part for part in parts if isinstance(part, Unresolved)), not decides)


def _size(value: Any) -> int:
    """About how many characters a value has, as far as they count against the limit."""
    size = 0
    waiting = [value]
    while waiting and size <= _LONGEST:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        size += len(one) if isinstance(one, str) else 4
    return size


def _what(value: Value) -> str:
    """What a value waits for, or is."""
    if isinstance(value, Unresolved):
        return value.waits_for
    return f"{value}, which AWS makes"


_FUNCTIONS: Mapping[str, Callable[[Resolver, Any, PropertyPath], Any]] = {
    "Ref": Resolver.ref,
    "Fn::GetAtt": Resolver.get_att,
    "Fn::Sub": Resolver.sub,
    "Fn::Join": Resolver.join,
    "Fn::Split": Resolver.split,
    "Fn::Select": Resolver.select,
    "Fn::Base64": Resolver.base64,
    "Fn::ImportValue": Resolver.import_value,
    "Fn::GetStackOutput": Resolver.stack_output,
    "Fn::Length": Resolver.length,
    "Fn::ToJsonString": Resolver.to_json,
    **{
        name: lambda resolver, argument, path, name=name: resolver.truth(argument, path, name)  # type: ignore[misc]
        for name in ("Condition", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or")
    },
}
