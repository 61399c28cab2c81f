"""Templates that were read together, and what each of them may ask the others for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .intrinsics import Resolver
from .stacks import Template
from .values import Reference, ResourceId, Unresolved, concatenate

#: How far one template may ask through others, before Python's stack ends.
_FURTHEST = 64
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
    ("AWS::ApiGateway::DomainName", ""): "DomainName",
    ("AWS::ApiGatewayV2::DomainName", ""): "DomainName",
}
# What Ref gives of these is a name or an id; of most others, an ARN or an address.
_PLAIN_REF = (
    *("AWS::ApiGateway::", "AWS::ApiGatewayV2::", "AWS::CloudFront::Distribution", "AWS::Cognito::", "AWS::DynamoDB::"),
    *("AWS::EC2::", "AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Logs::", "AWS::Route53::", "AWS::S3::Bucket"),
)
_ADDRESSES = ("arn", "arns", "url", "uri", "endpoint", "location")


class Templates:
    """All templates that were read, and the references between them.

    Attributes:
        all: The templates, nested ones behind their parents'.
        by_stack: The same, by ``Stack.id``.
        level: How deep the evaluation of functions is, in all templates together.
        types_asked: The types of resources that somebody looks for.
    """

    def __init__(self, templates: list[Template]) -> None:
        self.types_asked: set[str] = set()
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
        self._secrets: dict[str, list[tuple[ResourceId, tuple[Any, ...]]]] | None = None
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
        self._written = self._parameters = self._secrets = None

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
        self.types_asked.update(types)
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

    def secret(self, name: str, template: Template) -> ResourceId | None:
        """The secret of a name in a stack's Region, or with a replica there; None where no template makes it."""
        if self._secrets is None:
            self._secrets = {}
            for one, logical_id in self.of_type("AWS::SecretsManager::Secret"):
                resolver, properties = self.resolver(one.stack.id), one.properties(logical_id)
                named = resolver.text(properties.get("Name"))
                copies = resolver.resolve(properties.get("ReplicaRegions"))
                copies = copies if isinstance(copies, list) else []
                regions = [copy.get("Region") for copy in copies if isinstance(copy, dict)]
                if isinstance(named, str):
                    secret = ResourceId(one.stack.id, logical_id)
                    self._secrets.setdefault(named, []).append((secret, (one.stack.region, *regions)))
        found = [secret for secret, regions in self._secrets.get(name, ()) if template.stack.region in regions]
        return found[0] if len(found) == 1 else None

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
    """The transforms that a template asks for, those that it gives parameters too."""
    told = document.get("Transform")
    names = [one.get("Name") if isinstance(one, dict) else one for one in (told if isinstance(told, list) else [told])]
    return [name for name in names if isinstance(name, str)]
