"""Every intrinsic function is worked out as far as a template tells, and whatever it is given, none raises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.topology.intrinsics import MISSING, Resolver
from ha_patterns.topology.stacks import Stack, Template
from ha_patterns.topology.templates import Templates
from ha_patterns.topology.values import Reference, ResourceId, Text, Unresolved

from .loading import get_att, ref

_SECTIONS: dict[str, Any] = {
    "Parameters": {
        "Known": {"Type": "String", "Default": "known"},
        "Number": {"Type": "Number", "Default": 5},
        "Unknown": {"Type": "String"},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        "Empty": {"Type": "CommaDelimitedList", "Default": ""},
        "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1,subnet-2"},
        "Kept": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/some/name"},
        "Odd": {"Type": "String", "Default": {"a": 1}},
        "None": "not an object",
    },
    "Mappings": {"Map": {"eu-west-1": {"Text": "mapped", "List": ["x", "y"], "Odd": {"deep": "er"}}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [ref("Known"), "known"]},
        "No": {"Fn::Equals": ["a", "b"]},
        "Open": {"Fn::Equals": [ref("Unknown"), "x"]},
        "Itself": {"Fn::Equals": [ref("Unknown"), ref("Unknown")]},
        "Circle": {"Fn::Not": [{"Condition": "Circle"}]},
        "One": {"Fn::And": [{"Condition": "Other"}, {"Condition": "Yes"}]},
        "Other": {"Fn::Or": [{"Condition": "One"}, {"Condition": "No"}]},
        "Wrong": ["not", "a", "condition"],
    },
}
_RESOURCES: dict[str, dict[str, Any]] = {
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer"},
    "Url": {"Type": "AWS::Lambda::Url"},
    "Key": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/a/b", "Value": ref("Known")}},
    "Loop": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": ref("Loop"), "Value": get_att("Loop", "Value")}},
}
_BUCKET = Reference(ResourceId("Test", "Bucket"))


def _resolver(region: str | Unresolved = "eu-west-1", given: dict[str, Any] | None = None, **more: Any) -> Resolver:
    stack = Stack(id="Test", name="Test", region=region, account="123456789012", template=Path("Test"))
    template = Template(
        stack=stack, document={**_SECTIONS, **more}, resources=_RESOURCES, given=given or {}, root=Path()
    )
    return Templates([template]).resolver("Test")


def _resolve(value: Any, **more: Any) -> Any:
    return _resolver(**more).resolve(value)


def _waits_for(value: Any) -> str:
    assert isinstance(value, Unresolved), value
    return value.waits_for


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ref("Known"), "known"),
        (ref("Number"), 5),
        (ref("List"), ["a", "b", "c"]),
        (ref("Empty"), []),
        (ref("Subnets"), ["subnet-1", "subnet-2"]),
        (ref("Bucket"), _BUCKET),
        (ref("Key"), "/a/b"),
        (ref("AWS::Region"), "eu-west-1"),
        (ref("AWS::AccountId"), "123456789012"),
        (ref("AWS::StackName"), "Test"),
        (ref("AWS::Partition"), "aws"),
        (ref("AWS::URLSuffix"), "amazonaws.com"),
        ({"a": ref("AWS::NoValue"), "b": 1}, {"b": 1}),
        ([ref("AWS::NoValue"), 1], [1]),
        (get_att("Bucket", "Arn"), Reference(_BUCKET.resource, "Arn")),
        ({"Fn::GetAtt": "Bucket.Arn"}, Reference(_BUCKET.resource, "Arn")),
        # As AWS::LanguageExtensions takes it.
        ({"Ref": {"Fn::Sub": "Buck${Et}"}}, Unresolved("a name in Ref")),
        ({"Ref": {"Fn::Join": ["", ["Buck", "et"]]}}, _BUCKET),
        ({"Fn::GetAtt": [{"Fn::Join": ["", ["Buck", "et"]]}, "Arn"]}, Reference(_BUCKET.resource, "Arn")),
        (get_att("Key", "Value"), "known"),
        ({"Fn::Sub": "${Known}-${AWS::Region}-${!Literal}-${ Number }"}, "known-eu-west-1-${Literal}-5"),
        ({"Fn::Sub": ["${a}${a}", {"a": {"Fn::Join": ["-", ref("List")]}}]}, "a-b-ca-b-c"),
        ({"Fn::Sub": "a ${ b"}, "a ${ b"),
        ({"Fn::Join": [".", ["www", ref("Known"), 1, True]]}, "www.known.1.true"),
        ({"Fn::Join": ["", []]}, ""),
        ({"Fn::Join": ["-", {"Fn::Split": [".", "a.b"]}]}, "a-b"),
        ({"Fn::Split": ["|", "a||b"]}, ["a", "", "b"]),
        ({"Fn::Select": ["1", ref("List")]}, "b"),
        ({"Fn::Select": [0, ["x"]]}, "x"),
        ({"Fn::FindInMap": ["Map", ref("AWS::Region"), "Text"]}, "mapped"),
        ({"Fn::Select": [1, {"Fn::FindInMap": ["Map", "eu-west-1", "List"]}]}, "y"),
        ({"Fn::FindInMap": ["Map", "us-east-1", "Text", {"DefaultValue": ref("Known")}]}, "known"),
        ({"Fn::FindInMap": ["Map", ref("Unknown"), "Text", {"DefaultValue": "d"}]}, "d"),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", {"Fn::If": ["Yes", ref("Known"), "b"]}]}, "known"),
        ([{"Fn::If": ["No", 1, ref("AWS::NoValue")]}, {"Fn::If": ["Yes", {"a": 1}, 2]}], [{"a": 1}]),
        ({"a": {"Fn::If": ["Yes", ref("AWS::NoValue"), 1]}}, {}),
        ({"Fn::If": ["Itself", "same", "other"]}, "same"),
        ({"Fn::Base64": "text"}, "dGV4dA=="),
        ({"Fn::Length": ref("List")}, 3),
        ({"Fn::ToJsonString": {"a": [ref("Known")]}}, '{"a":["known"]}'),
        ({"Fn::Equals": [1, "1"]}, True),
    ],
)
def test_what_a_template_tells_is_worked_out(value: Any, expected: Any) -> None:
    assert expected == _resolve(value)


@pytest.mark.parametrize(
    ("value", "waits_for"),
    [
        (ref("Unknown"), "the parameter Unknown of Test, which has no default"),
        (ref("Kept"), "the parameter Kept of Test, which Systems Manager keeps"),
        (ref("Odd"), "the parameter Odd of Test, whose default is not text"),
        (ref("None"), "None, which the template does not have"),
        (ref("Nobody"), "Nobody, which the template does not have"),
        (ref("AWS::StackId"), "AWS::StackId"),
        (get_att("Nobody", "Arn"), "Nobody, which the template does not have"),
        ({"Fn::If": ["Open", 1, 2]}, "the parameter Unknown of Test, which has no default"),
        ({"Fn::If": ["Nobody", 1, 2]}, "the condition Nobody, which the template does not have"),
        ({"Fn::If": ["Circle", 1, 2]}, "the condition Circle, which refers to itself"),
        ({"Fn::If": ["Wrong", 1, 2]}, "a condition"),
        ({"Fn::FindInMap": ["Map", "us-east-1", "Text"]}, "Map.us-east-1.Text, which the mappings do not have"),
        ({"Fn::FindInMap": ["Map", ref("Unknown"), "Text"]}, "the parameter Unknown of Test, which has no default"),
        ({"Fn::Select": [3, ref("List")]}, "item 3 of a list of 3"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "item 0 of the function Fn::GetAZs"),
        ({"Fn::Base64": ref("Unknown")}, "the parameter Unknown of Test, which has no default, in base 64"),
        ({"Fn::ImportValue": "nowhere"}, "the export nowhere, which no template here has"),
        ({"Fn::Transform": {"Name": "AWS::Include"}}, "the function Fn::Transform"),
        ({"Fn::Cidr": ["10.0.0.0/16", 1, 8]}, "the function Fn::Cidr"),
        (
            {"Fn::GetStackOutput": {"StackName": "Far", "OutputName": "Url"}},
            "the output Url of the stack Far, which is not here",
        ),
    ],
)
def test_what_it_does_not_tell_says_what_it_waits_for(value: Any, waits_for: str) -> None:
    assert waits_for == _waits_for(_resolve(value))


def test_the_place_of_what_is_not_known_is_told() -> None:
    resolver = _resolver()
    resolver.at(_BUCKET.resource)
    found = resolver.resolve({"a": [{"Fn::Sub": ["${x}", {"x": ref("Unknown")}]}]})["a"][0]

    assert (_BUCKET.resource, ("a", 0, "Fn::Sub", 1, "x", "Ref")) == (found.resource, found.path)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "a-${Bucket}"}, Text(("a-", _BUCKET))),
        ({"Fn::Join": ["", ["a", "b", ref("Bucket"), "c"]]}, Text(("ab", _BUCKET, "c"))),
        ({"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::Sub": "http://${Bucket}/x"}]}]}, _BUCKET),
        ({"Fn::Select": [1, {"Fn::Split": ["//", get_att("Bucket", "WebsiteURL")]}]}, None),
        ({"Fn::Select": [0, {"Fn::Split": [":", {"Fn::Sub": "${AWS::Region}:x"}]}]}, Unresolved("AWS::Region")),
    ],
)
def test_a_text_of_which_some_is_known_can_be_put_together_and_taken_apart(value: Any, expected: Any) -> None:
    found = _resolve(value, region=Unresolved("AWS::Region"))
    if expected is None:
        expected = Text((_BUCKET, ".s3-website-", Unresolved("AWS::Region"), ".amazonaws.com"))

    assert expected == found


def test_the_host_of_a_function_url_is_taken_out_of_the_url() -> None:
    found = _resolve({"Fn::Select": [2, {"Fn::Split": ["/", get_att("Url", "FunctionUrl")]}]})

    assert Text((Reference(ResourceId("Test", "Url"), "Id"), ".lambda-url.eu-west-1.on.aws")) == found


@pytest.mark.parametrize(
    ("value", "delimiter"),
    [
        (ref("Unknown"), "."),
        (get_att("Balancer", "DNSName"), "."),
        (ref("Balancer"), "/"),
        (get_att("Bucket", "Arn"), ":"),
        (ref("Bucket"), "-"),
        ({"Fn::Sub": "${AWS::Region}-a"}, "-"),
        ({"Fn::Sub": "a.${AWS::URLSuffix}"}, "."),
    ],
)
def test_a_delimiter_that_may_be_hidden_in_what_is_not_known_is_not_guessed(value: Any, delimiter: str) -> None:
    split = {"Fn::Select": [0, {"Fn::Split": [delimiter, value]}]}

    assert isinstance(_resolve(split, region=Unresolved("AWS::Region")), Unresolved)


def test_conditions_combine_what_is_known_with_what_is_not() -> None:
    open_, yes, no = ({"Condition": name} for name in ("Open", "Yes", "No"))
    conditions = {
        **_SECTIONS["Conditions"],
        "Or": {"Fn::Or": [open_, yes]},
        "And": {"Fn::And": [open_, no]},
        "Undecided": {"Fn::And": [open_, yes]},
        "Not": {"Fn::Not": [yes]},
    }
    resolver = _resolver(Conditions=conditions)

    assert [resolver.condition(name) for name in ("Or", "And", "Not")] == [True, False, False]
    assert isinstance(resolver.condition("Undecided"), Unresolved)
    assert isinstance(resolver.condition("One"), Unresolved | bool)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{resolve:ssm:/a/b}}", "known"),
        ("{{resolve:ssm:/a/b:3}}.example.com", "known.example.com"),
        ({"Fn::Join": ["", ["{{resolve:ssm:", "/a/b", "}}"]]}, "known"),
        ("{{resolve:ssm:/gone}}", Unresolved("the dynamic reference ssm:/gone of Test")),
        (
            "a-{{resolve:secretsmanager:x:y}}",
            Text(("a-", Unresolved("the dynamic reference secretsmanager:x:y of Test"))),
        ),
        ("{{resolve:ssm:", "{{resolve:ssm:"),
        (
            {"Fn::Sub": "{{resolve:ssm:${Bucket}}}"},
            Unresolved("a dynamic reference, of which nothing tells which"),
        ),
    ],
)
def test_a_dynamic_reference_is_what_it_refers_to(text: Any, expected: Any) -> None:
    assert expected == _resolver().text(text)


def test_what_systems_manager_keeps_is_known_where_a_template_makes_it() -> None:
    parameters = {
        "Kept": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a/b"},
        "Gone": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/a/b"},
        "Known": {"Type": "String", "Default": "known"},
    }
    resolver = _resolver(Parameters=parameters, given={"Gone": "/gone"})

    assert resolver.resolve(ref("Kept")) == "known"
    assert isinstance(resolver.resolve(ref("Gone")), Unresolved)


def test_two_values_that_each_wait_for_something_of_their_own_are_not_equal() -> None:
    same = {"Fn::Equals": [{"Fn::GetAZs": "a"}, {"Fn::GetAZs": "b"}]}

    assert isinstance(_resolve(same), Unresolved)


def test_parameters_are_what_they_are_set_to() -> None:
    given = {"Unknown": "told", "List": "x,y", "AWS::StackId": "arn:stack", "AWS::Region": "us-east-1"}
    resolver = _resolver(given=given)

    assert resolver.resolve(ref("Unknown")) == "told"
    assert resolver.resolve(ref("List")) == ["x", "y"]
    assert resolver.resolve(ref("AWS::StackId")) == "arn:stack"
    # Where the stack is, its assembly has said.
    assert resolver.resolve(ref("AWS::Region")) == "eu-west-1"


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("ap-southeast-2", "aws", "amazonaws.com"),
    ],
)
def test_the_partition_follows_from_the_region(region: str, partition: str, suffix: str) -> None:
    resolver = _resolver(region=region)

    assert [partition, suffix] == [resolver.resolve(ref(name)) for name in ("AWS::Partition", "AWS::URLSuffix")]


def test_a_missing_property_is_told_from_an_empty_one() -> None:
    assert _resolver().step(ref("AWS::NoValue"), ())[0] is MISSING
    assert _resolver().text(ref("Known"), ()) == "known"


def _nested(function: str, depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {
            "Fn::Join": {"Fn::Join": ["", [value]]},
            "Fn::Sub": {"Fn::Sub": ["${a}${a}", {"a": value}]},
            "Fn::If": {"Fn::If": ["Yes", value, ""]},
            "Fn::FindInMap": {"Fn::FindInMap": [value, "a", "b"]},
            "Fn::ToJsonString": {"Fn::ToJsonString": value},
            "Fn::Base64": {"Fn::Base64": value},
            "Fn::Select": {"Fn::Select": [0, [value]]},
            "Fn::Not": {"Fn::Not": [value]},
            "list": [value, value],
        }[function]
    return value


@pytest.mark.parametrize("function", ["Fn::Join", "Fn::Sub", "Fn::If", "Fn::FindInMap", "Fn::Select", "Fn::Not"])
def test_functions_within_functions_have_an_end(function: str) -> None:
    assert _resolve(_nested(function, 300)) is not None
    assert _resolve(_nested(function, 5)) is not None


@pytest.mark.parametrize("function", ["Fn::Sub", "Fn::ToJsonString", "Fn::Base64"])
def test_texts_that_double_each_other_have_an_end(function: str) -> None:
    assert isinstance(_resolve(_nested(function, 60)), Unresolved)


def test_many_braces_that_nobody_closes_take_no_time() -> None:
    text = "${" * 200_000

    assert text == _resolve({"Fn::Sub": text})


_NAMES = ("Ref", "Condition", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Fn::If")
_MORE = (
    "Fn::ImportValue",
    "Fn::GetStackOutput",
    "Fn::Base64",
    "Fn::Length",
    "Fn::ToJsonString",
    "Fn::Equals",
    "Fn::Or",
)
_WORDS = (
    "Known",
    "Unknown",
    "List",
    "Bucket",
    "Loop",
    "Key.Value",
    "Loop.Value",
    "${Loop}${Known}",
    "Yes",
    "Circle",
    "",
)
_LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(_WORDS) | st.text(max_size=3)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from((*_NAMES, *_MORE, "a")), inner, max_size=1)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=25,
)


@pytest.mark.property
@given(_VALUES)
def test_whatever_a_function_is_given_nothing_raises(value: Any) -> None:
    resolver = _resolver()
    resolver.resolve(value)
    resolver.text(value)
    _resolver(Conditions={"A": value}, Mappings=value if isinstance(value, dict) else {}).condition("A")
