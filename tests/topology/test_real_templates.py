"""The templates of the reference stacks are loaded, and so is, or is refused, whatever they are changed into."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ha_patterns.topology.files import TemplateError
from ha_patterns.topology.loading import load
from ha_patterns.topology.model import (
    CacheBehavior,
    Distribution,
    Endpoint,
    Function,
    FunctionAssociation,
    Origin,
    OriginGroup,
    Record,
)
from ha_patterns.topology.model import (
    HealthCheck as Route53HealthCheck,
)
from ha_patterns.topology.readers import READERS
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Unresolved

from .loading import load_resources, load_stacks, write_assembly

_SNAPSHOTS = sorted((Path(__file__).parents[1] / "stacks/__snapshots__").rglob("*.json"))
_TEMPLATES = {path.name.partition("[")[2].removesuffix("].json"): path for path in _SNAPSHOTS}


@cache
def _template(name: str) -> Any:
    return json.loads(_TEMPLATES[name].read_text(encoding="utf-8"))


def _pattern(name: str) -> dict[str, Any]:
    """All stacks of a pattern."""
    return {one: _template(one) for one in _TEMPLATES if one.startswith(f"{name}-")}


def _ask_all(topology: Topology) -> None:
    """Ask for everything that is worked out only when it is asked for."""
    for record_set in topology.record_sets:
        assert record_set.records
    for origin in topology.of(Origin):
        assert origin.kind
        _ends(origin.endpoint)
    for record in topology.of(Record):
        for answer in record.answers:
            _ends(answer)
    for behavior in topology.of(CacheBehavior):
        assert isinstance(behavior.origins, tuple)


def _ends(endpoint: Endpoint) -> None:
    assert endpoint.ends or endpoint.records
    assert isinstance(endpoint.targets, tuple)
    assert endpoint.regions != frozenset()


@pytest.mark.parametrize("name", _TEMPLATES)
def test_every_template_of_the_reference_stacks_is_loaded(name: str) -> None:
    topology = load_stacks({name: _template(name)})
    _ask_all(topology)

    assert sum(topology.counts.values()) == len(_template(name)["Resources"])
    assert topology.not_expanded == {}


@pytest.mark.parametrize("name", sorted({name.rpartition("-edge")[0] for name in _TEMPLATES if name.endswith("-edge")}))
def test_of_every_pattern_all_is_linked(name: str) -> None:
    topology = load_stacks(_pattern(name), dict.fromkeys(_pattern(name), "unknown-region"))
    _ask_all(topology)

    assert topology.of(Distribution)
    for distribution in topology.of(Distribution):
        assert distribution.gaps == ()
    assert topology.of(CacheBehavior)
    for behavior in topology.of(CacheBehavior):
        assert not isinstance(behavior.target, Unresolved)
        assert not isinstance(behavior.cache_policy, Unresolved)
        assert not isinstance(behavior.origin_request_policy, Unresolved)
    for group in topology.of(OriginGroup):
        assert all(isinstance(member, Origin) for member in group.members)
    for association in topology.of(FunctionAssociation):
        assert not isinstance(association.function, Unresolved)
    for function in topology.of(Function):
        assert not isinstance(function.role, Unresolved)
    for check in topology.of(Route53HealthCheck):
        assert not isinstance(check.alarm, Unresolved)
        assert not isinstance(check.control, Unresolved)


_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            -1,
            1e300,
            10**17,
            "",
            "?",
            "*",
            ".",
            "arn:",
            "arn:aws:s3:::",
            "a" * 5_000,
            [],
            {},
            [[]],
        ),
        *({"Ref": "AWS::NoValue"}, {"Ref": "AWS::Region"}, {"Ref": "Nobody"}, {"Ref": None}, {"Fn::GetAtt": []}),
        *({"Fn::If": ["Nobody", 1, 2]}, {"Fn::Sub": "${"}, {"Fn::Split": ["", "a"]}, {"Fn::ImportValue": "x"}),
        *({"Fn::ForEach::Loop": ["X", ["a"], {"${X}": 1}]}, {"Condition": "x"}, {"a": {"b": {"c": [{"d": None}]}}}),
    ]
)
_VALUES = _ODD | st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    # Half a character is refused when the file is read.
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abFnRef:", max_size=6), inner, max_size=3),
    max_leaves=8,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _paths(inner, (*path, index))
    return found


@cache
def _all_paths(name: str) -> list[tuple[Any, ...]]:
    # Of one pattern, each shape of a property once or twice is enough.
    return [path for path in _paths(_template(name)) if path[0] in ("Resources", "Outputs", "Parameters", "Conditions")]


@st.composite
def _changed(draw: st.DrawFn) -> tuple[str, Any]:
    """A template with some places replaced, deleted, doubled, or filled with others' content."""
    name = draw(st.sampled_from(sorted(_TEMPLATES)))
    template = copy.deepcopy(_template(name))
    paths = _all_paths(name)
    for _ in range(draw(st.integers(1, 6))):
        path = paths[draw(st.integers(0, len(paths) - 1))]
        holder, key = _holder(template, path)
        if holder is None:
            continue
        how = draw(st.sampled_from(["replace", "delete", "double", "move", "deepen"]))
        if how == "replace":
            holder[key] = draw(_VALUES)
        elif how == "delete":
            del holder[key]
        elif how == "double" and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif how == "move":
            other, at = _holder(template, paths[draw(st.integers(0, len(paths) - 1))])
            if other is not None:
                holder[key] = copy.deepcopy(other[at])
        else:
            for _ in range(draw(st.integers(1, 40))):
                holder[key] = [holder[key]]
    return name, template


def _holder(template: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    value = template
    for key in path[:-1]:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None, None
    last = path[-1]
    there = last in value if isinstance(value, dict) else isinstance(value, list) and isinstance(last, int)
    return (value, last) if there and (isinstance(value, dict) or last < len(value)) else (None, None)


@pytest.mark.property
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_changed())
def test_whatever_a_template_is_changed_into_it_is_loaded_or_refused(changed: tuple[str, Any]) -> None:
    name, template = changed
    others = {one: _template(one) for one in _pattern(name.partition("-")[0]) if one != name}
    try:
        topology = load_stacks({**others, name: template})
    except TemplateError:
        return
    _ask_all(topology)


@pytest.mark.property
@given(st.lists(_VALUES, min_size=1, max_size=4), st.sampled_from(["Resources", "Parameters", "Mappings", "Outputs"]))
def test_whatever_a_section_is_it_is_loaded_or_refused(values: list[Any], section: str) -> None:
    template = {"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": values[-1]}}}
    template[section] = values[0] if len(values) == 1 else dict(zip("ABCD", values, strict=False))
    try:
        _ask_all(load_stacks({"Test": template, "Sam": {**template, "Transform": "AWS::Serverless-2016-10-31"}}))
    except TemplateError:
        return


@cache
def _shapes() -> dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]]:
    """By type and property, whatever its index, one place in the templates that has it."""
    found: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}
    for name in _TEMPLATES:
        resources = _template(name)["Resources"]
        for path in _paths({"Resources": resources}):
            if len(path) > 2 and resources[path[1]]["Type"] in READERS:
                shape = (resources[path[1]]["Type"], *(step for step in path[2:] if isinstance(step, str)))
                found.setdefault(shape, (name, path))
    return found


_REPLACED: list[Any] = [
    *(None, True, -1, "", "a" * 300, [], {}, [[{}]], [None], {"a": []}),
    *({"Ref": []}, {"Ref": "AWS::NoValue"}, {"Fn::GetAtt": {"a": 1}}, {"Fn::GetAtt": "x"}, {"Fn::If": ["x", 1, 2]}),
    *({"Fn::Sub": {}}, {"Fn::Join": ["", {}]}, {"Fn::ImportValue": []}, [{"Ref": "AWS::NoValue"}, {"Fn::Select": 1}]),
]


@pytest.mark.parametrize("number", range(len(_REPLACED)))
def test_each_property_may_be_anything(number: int) -> None:
    # Each value at every fourth property, so that all of them take seconds.
    for name, path in list(_shapes().values())[number % 4 :: 4]:
        holder, key = _holder({"Resources": _template(name)["Resources"]}, path)
        before = holder[key]
        holder[key] = _REPLACED[number]
        try:
            _ask_all(load_stacks({name: _template(name)}))
        finally:
            holder[key] = before


def test_a_long_chain_of_health_checks_has_an_end() -> None:
    def check(child: str) -> dict[str, Any]:
        config = {"Type": "CALCULATED", "ChildHealthChecks": [{"Ref": child}], "HealthThreshold": 1}
        return {"Type": "AWS::Route53::HealthCheck", "Properties": {"HealthCheckConfig": config}}

    topology = load_resources({f"C{i}": check(f"C{i + 1}") for i in range(3_000)})

    assert len(topology.of(Route53HealthCheck)) == 3_000


def test_a_manifest_may_say_anything(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path, {"A": {"Resources": {}}})
    values: list[Any] = [None, [], "x", 1, {"artifacts": [1]}, {"artifacts": {"A": {"type": {}, "properties": []}}}]
    for value in values:
        (folder / "manifest.json").write_text(json.dumps(value), encoding="utf-8")
        with pytest.raises(TemplateError):
            load(folder)
