"""Templates that were read together, and what each of them may ask the others for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .intrinsics import Resolver
from .values import Reference, ResourceId, Unresolved, concatenate

#: How far one template may ask through others.
_FURTHEST = 32
_LISTS = ("CommaDelimitedList", "List<")
# What one attribute is made of, where a template takes it apart again: ``{}`` is the id that AWS makes.
_MADE_OF = {
    ("AWS::Lambda::Url", "FunctionUrl"): "https://{}.lambda-url.{region}.on.aws/",
    ("AWS::ApiGatewayV2::Api", "ApiEndpoint"): "https://{}.execute-api.{region}.amazonaws.com",
}


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


@dataclass(eq=False, kw_only=True)
class Template:
    """A template, as it was read, with what its parameters are.

    Attributes:
        stack: The stack that it makes.
        document: The file's content.
        resources: By logical id, those that are created, or that may be.
        given: What its parameters were set to from outside.
    """

    stack: Stack
    document: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]
    given: Mapping[str, Any]
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

    def _read_parameter(self, name: str) -> Any:
        declared = self.section("Parameters").get(name)
        if not isinstance(declared, dict):
            return self.given[name] if name.startswith("AWS::") and name in self.given else self._pseudo(name)
        kind = str(declared.get("Type", "String"))
        if name in self.given:
            value = self.given[name]
        elif kind.startswith("AWS::SSM::Parameter::Value"):
            return Unresolved(f"the parameter {name} of {self.stack.id}, which Systems Manager keeps")
        elif "Default" in declared:
            value = declared["Default"]
        else:
            return Unresolved(f"the parameter {name} of {self.stack.id}, which has no default")
        if isinstance(value, (dict, list)) and name not in self.given:
            return Unresolved(f"the parameter {name} of {self.stack.id}, whose default is not text")
        if kind.startswith(_LISTS) and isinstance(value, str):
            return [item.strip() for item in value.split(",")] if value else []
        return value

    def _pseudo(self, name: str) -> Any:
        stack = self.stack
        region = stack.region
        china = isinstance(region, str) and region.startswith("cn-")
        known = isinstance(region, str)
        match name:
            case "AWS::Region":
                return region
            case "AWS::AccountId":
                return stack.account
            case "AWS::StackName":
                return stack.name
            case "AWS::Partition":
                partition = "aws-cn" if china else "aws-us-gov" if known and "us-gov-" in str(region) else "aws"
                return partition if known else Unresolved("AWS::Partition")
            case "AWS::URLSuffix":
                return ("amazonaws.com.cn" if china else "amazonaws.com") if known else Unresolved("AWS::URLSuffix")
            case _:
                return None


class Templates:
    """All templates that were read, and the references between them."""

    def __init__(self, templates: list[Template]) -> None:
        self.all = templates
        self.by_stack = {template.stack.id: template for template in templates}
        self._resolvers = {template.stack.id: Resolver(template, self) for template in templates}
        self._by_name: dict[str, list[Template]] = {}
        for template in templates:
            self._by_name.setdefault(template.stack.name, []).append(template)
        self._exports: dict[str, list[tuple[Template, str]]] | None = None
        self._written: dict[str, tuple[Template, Any]] | None = None
        self._parameters: dict[str, list[tuple[Template, str]]] | None = None
        self._nested: dict[ResourceId, Template] = {}
        self._depth = 0

    def resolver(self, stack: str) -> Resolver:
        """The resolver of a stack's template."""
        return self._resolvers[stack]

    def nest(self, parent: ResourceId, template: Template) -> None:
        """Take in the template of a nested stack."""
        self.all.append(template)
        self.by_stack[template.stack.id] = template
        self._resolvers[template.stack.id] = Resolver(template, self)
        self._nested[parent] = template

    def of_type(self, *types: str) -> Iterator[tuple[Template, str]]:
        """All resources of a type, by template and logical id."""
        for template in self.all:
            for logical_id, resource in template.resources.items():
                if resource.get("Type") in types:
                    yield template, logical_id

    def attribute(self, template: Template, logical_id: str, attribute: str) -> Any:
        """What ``Ref`` (no attribute) or ``Fn::GetAtt`` gives of a resource."""
        resource = ResourceId(template.stack.id, logical_id)
        kind = template.resources[logical_id].get("Type")
        if attribute.startswith("Outputs.") and resource in self._nested:
            found = self._output(self._nested[resource], attribute.removeprefix("Outputs."))
            return Unresolved(f"{attribute} of {logical_id}, which it does not have") if found is None else found
        if kind == "Custom::CrossRegionExportReader" and attribute:
            return self._exported(attribute)
        if kind == "Custom::CrossRegionStringParameterReader" and attribute:
            return self._string_parameter(template, logical_id)
        made_of = _MADE_OF.get((str(kind), attribute))
        if made_of is not None:
            before, after = made_of.split("{}")
            middle, end = after.split("{region}")
            region = template.stack.region
            return concatenate([before, Reference(resource, "Id"), middle, region, end])
        if not attribute and kind == "AWS::SSM::Parameter" and "Name" in template.properties(logical_id):
            return self.resolver(template.stack.id).resolve(template.properties(logical_id)["Name"])
        return Reference(resource, attribute)

    def export(self, name: str, template: Template) -> Any:
        """The value that is exported under a name; None where none is."""
        if self._exports is None:
            self._exports = {}
            for one in self.all:
                for output, told in one.section("Outputs").items():
                    export = told.get("Export") if isinstance(told, dict) else None
                    if isinstance(export, dict):
                        named = self.resolver(one.stack.id).text(export.get("Name"))
                        if isinstance(named, str):
                            self._exports.setdefault(named, []).append((one, output))
        found = self._exports.get(name, [])
        # Exports are of one Region: of two Regions' of the same name, its own is meant.
        own = [(one, output) for one, output in found if one.stack.region == template.stack.region] or found
        return self._output(*own[0]) if len(own) == 1 else None

    def output(self, stack: Any, output: Any, region: Any) -> Any:
        """The output of a stack; None where there is none."""
        if not isinstance(stack, str) or not isinstance(output, str):
            return None
        found = self._by_name.get(stack.split("/")[1] if stack.startswith("arn:") and "/" in stack else stack, [])
        own = [one for one in found if one.stack.region == region] or found
        return self._output(own[0], output) if len(own) == 1 else None

    def _output(self, template: Template, name: str) -> Any:
        told = template.section("Outputs").get(name)
        if not isinstance(told, dict) or "Value" not in told:
            return None
        return self._elsewhere(template, told["Value"], ("Outputs", name, "Value"))

    def _elsewhere(self, template: Template, raw: Any, path: tuple[str, ...]) -> Any:
        """A value of another template, unless the way there has no end."""
        if self._depth >= _FURTHEST:
            return Unresolved("an end of references between templates")
        self._depth += 1
        try:
            return self.resolver(template.stack.id).resolve(raw, path)
        finally:
            self._depth -= 1

    def _exported(self, name: str) -> Any:
        """What a stack in another Region has written for this one, as the CDK's strong references do."""
        if self._written is None:
            self._written = {}
            for template, logical_id in self.of_type("Custom::CrossRegionExportWriter"):
                props = template.properties(logical_id).get("WriterProps")
                exports = props.get("exports") if isinstance(props, dict) else None
                for key, raw in exports.items() if isinstance(exports, dict) else ():
                    self._written[key] = (template, raw)
        if name not in self._written:
            return Unresolved(f"the export {name}, which no template here writes")
        return self._elsewhere(*self._written[name], ("WriterProps", "exports", name))

    def _string_parameter(self, template: Template, logical_id: str) -> Any:
        """What another Region's parameter has, as the CDK's EdgeFunction reads it."""
        if self._parameters is None:
            self._parameters = {}
            for one, parameter in self.of_type("AWS::SSM::Parameter"):
                name = self.resolver(one.stack.id).text(one.properties(parameter).get("Name"))
                if isinstance(name, str):
                    self._parameters.setdefault(name, []).append((one, parameter))
        name = self.resolver(template.stack.id).text(template.properties(logical_id).get("ParameterName"))
        region = self.resolver(template.stack.id).text(template.properties(logical_id).get("Region"))
        found = self._parameters.get(name, []) if isinstance(name, str) else []
        own = [(one, parameter) for one, parameter in found if one.stack.region == region] or found
        if len(own) != 1:
            return Unresolved(f"the parameter {name} of Systems Manager, which no template here has")
        return self._elsewhere(own[0][0], own[0][0].properties(own[0][1]).get("Value"), ("Value",))
