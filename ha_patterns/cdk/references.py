"""References between stacks that lock neither of them to the other, and how their readers follow what they name."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakSet

import jsii
from aws_cdk import CfnElement, CfnOutput, CfnResource, NestedStack, ReferenceStrength, Stack
from constructs import IValidation

from .properties import properties_of_all
from .validation import is_token

#: The metadata of a resource that reads outputs of other stacks: a fingerprint of what each output names. A template
#: whose text is the same is not deployed again, and then the resource would keep the value of what was replaced. See
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html,
#: read on 2026-12-01.
FOLLOWS = "ha-patterns:follows"
_WEAK = "Fn::GetStackOutput"
# The CDK's id of the scope that holds the outputs of weak references.
_PUBLISHED = "Publish"

_followed: WeakSet[Stack] = WeakSet()


def weak(value: str) -> str:
    """A weak reference, whatever the app's own default is; plain text stays as it is.

    Read when the stack that has it is created or updated, and not again before: see ``follow_producers``.
    """
    return Stack.consume_reference(value, ReferenceStrength.WEAK) if is_token(value) else value


def follow_producers(stack: Stack) -> None:
    """Have the weak references of a stack read again after what they name may have been replaced.

    At synth, each resource of the stack that reads an output of another stack gets a fingerprint of what the output
    names, so that its text changes with that.
    """
    if stack not in _followed:
        _followed.add(stack)
        stack.node.add_validation(_Follows(stack))


def fingerprint_of(stack: Stack, value: Any) -> str:
    """A few letters that change with a value and with all that may replace what it names.

    Args:
        stack: The stack that makes what the value names.
        value: A value as the template of the stack has it.
    """
    return _Producer(stack).fingerprint_of(value)


@jsii.implements(IValidation)
class _Follows:
    # References are resolved when this is asked, and no template of a stack that is not nested is written yet.
    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        stack = self._stack
        while (parent := stack.nested_stack_parent) is not None:
            stack = parent
        read = [each for each in stack.dependencies if each.node.try_find_child(_PUBLISHED) is not None]
        if read:
            _mark_readers(stack, {(each.stack_name, each.region): _Producer(each) for each in read})
        return []


def _mark_readers(stack: Stack, producers: Mapping[tuple[str, str], _Producer]) -> None:
    marks: dict[CfnResource, dict[str, str]] = {}
    for inner, elements in _elements_below(stack).items():
        resources = [element for element in elements if isinstance(element, CfnResource)]
        for resource, properties in zip(resources, properties_of_all(inner, resources), strict=True):
            for output in _outputs_in(properties):
                producer = producers.get((output["StackName"], output.get("Region", "")))
                found = None if producer is None else producer.fingerprint(output["OutputName"])
                if found is not None:
                    marks.setdefault(_marked_for(resource, inner, stack), {})[output["OutputName"]] = found
    for resource, prints in marks.items():
        resource.add_metadata(FOLLOWS, dict(sorted(prints.items())))


def _marked_for(resource: CfnResource, inner: Stack, stack: Stack) -> CfnResource:
    """The resource itself; for one of a nested stack, whose template has its hash already, the nested stack."""
    while inner is not stack:
        nested, parent = inner.nested_stack_resource, inner.nested_stack_parent
        assert isinstance(nested, CfnResource)
        assert parent is not None
        resource, inner = nested, parent
    return resource


class _Producer:
    """The resources and outputs of a stack that others read, by logical id, as its template will have them."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._resources: dict[str, Any] = {}

    @functools.cached_property
    def _elements(self) -> dict[str, CfnElement]:
        found = _elements_below(self._stack)[self._stack]
        names = self._stack.resolve([element.logical_id for element in found])
        return dict(zip(names, found, strict=True))

    def fingerprint(self, output: str) -> str | None:
        """Of all that the value rests on: a property of any of it may replace what the output names."""
        made = self._elements.get(output)
        if not isinstance(made, CfnOutput):
            return None
        return self.fingerprint_of(self._stack.resolve(made.value))

    def fingerprint_of(self, value: Any) -> str:
        """Of a value of the stack's template and all that it rests on."""
        below: dict[str, Any] = {}
        waiting = list(_names_in(value))
        while waiting:
            name = waiting.pop()
            if name not in below and isinstance(resource := self._elements.get(name), CfnResource):
                below[name] = self._resource(name, resource)
                waiting += _names_in(below[name])
        return hashlib.sha256(json.dumps([value, below], sort_keys=True).encode()).hexdigest()[:16]

    def _resource(self, name: str, resource: CfnResource) -> Any:
        if name not in self._resources:
            [properties] = properties_of_all(self._stack, [resource])
            self._resources[name] = {"Type": resource.cfn_resource_type, "Properties": properties}
        return self._resources[name]


def _elements_below(stack: Stack) -> dict[Stack, list[CfnElement]]:
    """The elements of a stack and of those that are nested in it, by stack."""
    found = stack.node.find_all()
    elements = [each for each in found if isinstance(each, CfnElement)]
    if not any(isinstance(each, NestedStack) for each in found):
        return {stack: elements}
    by_stack: dict[Stack, list[CfnElement]] = {stack: []}
    for element in elements:
        by_stack.setdefault(element.stack, []).append(element)
    return by_stack


def _parts_of(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from _parts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from _parts_of(part)


def _outputs_in(value: Any) -> Iterator[Mapping[str, str]]:
    for part in _parts_of(value):
        if _WEAK in part:
            yield part[_WEAK]


def _names_in(value: Any) -> Iterator[str]:
    """The logical ids that a value refers to."""
    for part in _parts_of(value):
        match part:
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                yield name
