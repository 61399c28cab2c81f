"""Templates that were read together, and what each of them may ask the others for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .intrinsics import Resolver
from .values import Reference, ResourceId, Text, Unresolved, concatenate, split

#: How far one template may ask through others, before Python's stack ends.
_FURTHEST = 64
_KEPT = "AWS::SSM::Parameter::Value"
_LISTS = ("CommaDelimitedList", "List<")
# What one attribute is made of, where a template takes it apart again: what AWS makes, and what is around it.
_MADE_OF = {
    ("AWS::Lambda::Url", "FunctionUrl"): ("https://", "Id", ".lambda-url.{region}.on.aws/"),
    ("AWS::ApiGatewayV2::Api", "ApiEndpoint"): ("https://", "Id", ".execute-api.{region}.amazonaws.com"),
    ("AWS::S3::Bucket", "WebsiteURL"): ("http://", "", ".s3-website-{region}.amazonaws.com"),
}
# Attributes that a property of the resource tells.
_TOLD = {
    ("AWS::SSM::Parameter", ""): "Name",
    ("AWS::SSM::Parameter", "Value"): "Value",
    ("AWS::Route53::RecordSet", ""): "Name",
}
# What Ref gives of these is a name or an id; of most others, an ARN or an address.
_PLAIN_REF = (
    *("AWS::ApiGateway::", "AWS::ApiGatewayV2::", "AWS::CloudFront::Distribution", "AWS::Cognito::", "AWS::DynamoDB::"),
    *("AWS::EC2::", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Logs::", "AWS::Route53::", "AWS::S3::Bucket"),
)
_ADDRESSES = ("arn", "arns", "url", "uri", "endpoint", "location")
# Partition and domain by how the names of their Regions start.
_PARTITIONS = {
    "cn-": ("aws-cn", "amazonaws.com.cn"),
    "us-gov-": ("aws-us-gov", "amazonaws.com"),
    "us-iso-": ("aws-iso", "c2s.ic.gov"),
    "us-isob-": ("aws-iso-b", "sc2s.sgov.gov"),
    "eusc-": ("aws-eusc", "amazonaws.eu"),
    "": ("aws", "amazonaws.com"),
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
        told = {
            "AWS::Region": self.stack.region,
            "AWS::AccountId": self.stack.account,
            "AWS::StackName": self.stack.name,
        }.get(name)
        if told is not None or name not in ("AWS::Partition", "AWS::URLSuffix"):
            return self.given.get(name) if told is None else told
        region = self.stack.region
        if not isinstance(region, str):
            return self.given.get(name) or Unresolved(name)
        partition, suffix = next(told for start, told in _PARTITIONS.items() if region.startswith(start))
        return partition if name == "AWS::Partition" else suffix


class Templates:
    """All templates that were read, and the references between them.

    Attributes:
        all: The templates, nested ones behind their parents'.
        by_stack: The same, by ``Stack.id``.
        level: How deep the evaluation of functions is, in all templates together.
    """

    def __init__(self, templates: list[Template]) -> None:
        self.all: list[Template] = []
        self.by_stack: dict[str, Template] = {}
        self.level = 0
        self._resolvers: dict[str, Resolver] = {}
        self._by_name: dict[str, list[Template]] = {}
        self._by_type: dict[str, list[tuple[Template, str]]] = {}
        self._nested: dict[ResourceId, Template] = {}
        self._values: dict[tuple[str, tuple[str, ...]], Any] = {}
        self._exports: dict[str, list[tuple[Template, str]]] = {}
        # How many of the templates the exports are of.
        self._exporting = 0
        self._written: dict[str, tuple[Template, Any]] | None = None
        self._parameters: dict[str, list[tuple[Template, str]]] | None = None
        for template in templates:
            self._by_name.setdefault(template.stack.name, []).append(template)
            self._add(template)

    def resolver(self, stack: str) -> Resolver:
        """The resolver of a stack's template."""
        return self._resolvers[stack]

    def nest(self, parent: ResourceId, template: Template) -> None:
        """Take in the template of a nested stack."""
        self._add(template)
        self._nested[parent] = template
        # What was asked for before it was there.
        self._values.clear()
        self._written = self._parameters = None

    def forget(self) -> None:
        """Work out anew what was asked for while some nested stacks were not there yet."""
        self._values.clear()
        for template in self.all:
            template.forget()
            self._resolvers[template.stack.id] = Resolver(template, self)

    def _add(self, template: Template) -> None:
        self.all.append(template)
        self.by_stack[template.stack.id] = template
        self._resolvers[template.stack.id] = Resolver(template, self)
        for logical_id, resource in template.resources.items():
            self._by_type.setdefault(resource["Type"], []).append((template, logical_id))

    def of_type(self, *types: str) -> Iterator[tuple[Template, str]]:
        """All resources of some types, by template and logical id."""
        for kind in types:
            yield from self._by_type.get(kind, ())

    def type_of(self, resource: ResourceId) -> str:
        """The type of a resource; empty where it is not there."""
        template = self.by_stack.get(resource.stack)
        return str(template.resources.get(resource.logical_id, {}).get("Type", "")) if template else ""

    def may_hold(self, reference: Reference, delimiter: str) -> bool:
        """Whether what AWS makes may have a delimiter in it."""
        kind, attribute = self.type_of(reference.resource), reference.attribute
        if attribute == "Id" and any(made[0] == kind for made in _MADE_OF):
            return delimiter.isalnum()
        if not {"/", ":"}.intersection(delimiter) or attribute.startswith("Outputs.") or kind.startswith("Custom::"):
            return True
        if not attribute:
            return not kind.startswith(_PLAIN_REF)
        return attribute.lower().endswith(_ADDRESSES)

    def attribute(self, template: Template, logical_id: str, attribute: str) -> Any:
        """What ``Ref`` (no attribute) or ``Fn::GetAtt`` gives of a resource."""
        resource = ResourceId(template.stack.id, logical_id)
        kind = str(template.resources[logical_id].get("Type"))
        if attribute.startswith("Outputs.") and resource in self._nested:
            found = self._output(self._nested[resource], attribute.removeprefix("Outputs."))
            return Unresolved(f"{attribute} of {logical_id}, which it does not have") if found is None else found
        if kind == "Custom::CrossRegionExportReader" and attribute:
            return self._exported(attribute)
        if kind == "Custom::CrossRegionStringParameterReader" and attribute:
            return self._string_parameter(template, logical_id)
        if (kind, attribute) in _MADE_OF:
            before, made, after = _MADE_OF[kind, attribute]
            middle, end = after.split("{region}")
            return concatenate([before, Reference(resource, made), middle, template.stack.region, end])
        told = _TOLD.get((kind, attribute))
        if told is not None and told in template.properties(logical_id):
            return self._elsewhere(template, template.properties(logical_id)[told], (logical_id, "Properties", told))
        return Reference(resource, attribute)

    def export(self, name: str, template: Template) -> Any:
        """The value that is exported under a name; None where none is."""
        while self._exporting < len(self.all):
            one = self.all[self._exporting]
            self._exporting += 1
            for output, told in one.section("Outputs").items():
                export = told.get("Export") if isinstance(told, dict) else None
                if isinstance(export, dict) and self._is_made(one, told):
                    named = self.resolver(one.stack.id).text(export.get("Name"))
                    if isinstance(named, str):
                        self._exports.setdefault(named, []).append((one, output))
        found = _of_region(self._exports.get(name, []), template.stack.region)
        return self._output(*found) if found else None

    def output(self, stack: str, output: str, region: Any) -> Any:
        """The output of a stack; None where there is none."""
        # arn:aws:cloudformation:eu-west-1:123456789012:stack/name/id
        parts = stack.split("/")
        arn = parts[0].split(":")
        if stack.startswith("arn:") and len(parts) > 1 and len(arn) > 3:
            stack, region = parts[1], arn[3]
        found = _of_region([(one, output) for one in self._by_name.get(stack, [])], region)
        return self._output(*found) if found else None

    def _output(self, template: Template, name: str) -> Any:
        told = template.section("Outputs").get(name)
        if not isinstance(told, dict) or "Value" not in told or not self._is_made(template, told):
            return None
        return self._elsewhere(template, told["Value"], ("Outputs", name, "Value"))

    def _is_made(self, template: Template, output: Mapping[str, Any]) -> bool:
        """Whether an output is there, or may be."""
        condition = output.get("Condition")
        return not isinstance(condition, str) or self.resolver(template.stack.id).condition(condition) is not False

    def _elsewhere(self, template: Template, raw: Any, path: tuple[str, ...]) -> Any:
        """A value that others ask for, worked out once, unless the way there has no end."""
        key = (template.stack.id, path)
        if key in self._values:
            return self._values[key]
        if self.level >= _FURTHEST:
            return Unresolved("an end of references between templates")
        # What refers to itself is met again while this stands.
        self._values[key] = Unresolved(f"{'.'.join(path)} of {template.stack.id}, which refers to itself")
        self.level += 1
        try:
            self._values[key] = self.resolver(template.stack.id).resolve(raw, path)
        finally:
            self.level -= 1
        return self._values[key]

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
        name = self.resolver(template.stack.id).text(template.properties(logical_id).get("ParameterName"))
        region = self.resolver(template.stack.id).text(template.properties(logical_id).get("Region"))
        found = self._kept(name, region) if isinstance(name, str) else None
        return (
            Unresolved(f"the parameter {name} of Systems Manager, which no template here has")
            if found is None
            else found
        )

    def kept(self, name: str, template: Template) -> Any:
        """The value of a parameter of Systems Manager; None where no template makes it."""
        return self._kept(name, template.stack.region)

    def _kept(self, name: str, region: Any) -> Any:
        if self._parameters is None:
            self._parameters = {}
            for one, parameter in self.of_type("AWS::SSM::Parameter"):
                named = self.resolver(one.stack.id).text(one.properties(parameter).get("Name"))
                if isinstance(named, str):
                    self._parameters.setdefault(named, []).append((one, parameter))
        found = _of_region(self._parameters.get(name, []), region)
        if found is None:
            return None
        return self._elsewhere(found[0], found[0].properties(found[1]).get("Value"), (found[1], "Properties", "Value"))


def _of_region(found: list[tuple[Template, str]], region: Any) -> tuple[Template, str] | None:
    """The one of a Region; where Regions are not known, the only one that may be meant."""
    own = [one for one in found if one[0].stack.region == region]
    if not own:
        own = [one for one in found if not isinstance(one[0].stack.region, str) or not isinstance(region, str)]
    return own[0] if len(own) == 1 else None


def transforms(document: Mapping[str, Any]) -> list[str]:
    """The transforms that a template asks for."""
    told = document.get("Transform")
    return [name for name in (told if isinstance(told, list) else [told]) if isinstance(name, str)]
