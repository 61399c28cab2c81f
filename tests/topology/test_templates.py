"""Templates that are read together answer for each other: exports, outputs, nested stacks, and the CDK's own ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology.loading import load
from ha_patterns.topology.model import Bucket, Distribution, FunctionAssociation, Record
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Unresolved, waiting

from .loading import get_att, load_stacks, named, ref, resource, write_assembly


def _named(value: Any) -> dict[str, Any]:
    """A template whose only bucket has this name."""
    return {"Resources": {"Bucket": resource("S3::Bucket", BucketName=value)}}


def _name(topology: Topology, stack: str) -> Any:
    return next(bucket.name for bucket in topology.of(Bucket) if bucket.place.stack.id == stack)


def _exports(**values: Any) -> dict[str, Any]:
    outputs = {f"Output{name}": {"Value": value, "Export": {"Name": name}} for name, value in values.items()}
    return {"Resources": {"Own": resource("S3::Bucket")}, "Outputs": outputs}


def test_an_import_is_what_another_stack_exports() -> None:
    topology = load_stacks({"A": _exports(x=ref("Own")), "B": _named({"Fn::ImportValue": "x"})})

    assert Reference(ResourceId("A", "Own")) == _name(topology, "B")


def test_an_export_may_pass_on_what_is_imported() -> None:
    stacks = {"A": _exports(x="end"), "B": _exports(y={"Fn::ImportValue": "x"}), "C": _named({"Fn::ImportValue": "y"})}

    assert _name(load_stacks(stacks), "C") == "end"


def test_exports_of_the_same_name_in_two_regions_are_each_for_their_region() -> None:
    regions = {"A1": "eu-west-1", "A2": "us-east-1", "B1": "eu-west-1", "B2": "us-east-1", "B3": "eu-west-3"}
    importing = _named({"Fn::ImportValue": "x"})
    exporting = {name: _exports(x=name) for name in ("A1", "A2")}
    topology = load_stacks({**exporting, "B1": importing, "B2": importing, "B3": importing}, regions)

    assert [_name(topology, "B1"), _name(topology, "B2")] == ["A1", "A2"]
    assert isinstance(_name(topology, "B3"), Unresolved)


def test_exports_in_a_circle_have_an_end() -> None:
    stacks = {
        "A": _exports(x={"Fn::Sub": ["${y}${y}", {"y": {"Fn::ImportValue": "y"}}]}),
        "B": _exports(y={"Fn::ImportValue": "x"}),
        "C": _named({"Fn::ImportValue": "x"}),
    }

    assert "?" in str(_name(load_stacks(stacks), "C"))


def test_a_long_chain_of_exports_that_double_each_other_has_an_end() -> None:
    double = {
        f"S{i}": _exports(**{f"x{i}": {"Fn::Join": ["", [{"Fn::ImportValue": f"x{i + 1}"}] * 2]}}) for i in range(99)
    }
    topology = load_stacks({**double, "S99": _exports(x99="a" * 99), "C": _named({"Fn::ImportValue": "x0"})})

    assert {"?"} == set(str(_name(topology, "C")))


@pytest.mark.parametrize("depth", [1, 9])
def test_deep_functions_in_each_of_many_templates_have_an_end(depth: int) -> None:
    def deep(value: Any) -> Any:
        for _ in range(depth):
            value = {"Fn::Join": ["", [{"Fn::Sub": ["${a}", {"a": value}]}]]}
        return value

    chain = {f"S{i}": _exports(**{f"x{i}": deep({"Fn::ImportValue": f"x{i + 1}"})}) for i in range(60)}
    load_stacks({**chain, "S60": _exports(x60="end"), "C": _named({"Fn::ImportValue": "x0"})})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"StackName": "A", "OutputName": "Outputx", "Region": "us-east-1"}, "far"),
        ({"StackName": ref("Name"), "OutputName": "Outputx", "Region": "us-east-1"}, "far"),
        (
            {
                "StackName": "arn:aws:cloudformation:us-east-1:123456789012:stack/A/0-1-2",
                "OutputName": "Outputx",
            },
            "far",
        ),
        ({"StackName": "A", "OutputName": "Outputx"}, None),
        ({"StackName": "A", "OutputName": "Outputx", "Region": "eu-west-3"}, None),
        ({"StackName": "A", "OutputName": "Nothing", "Region": "us-east-1"}, None),
        ({"StackName": ["A"], "OutputName": "Outputx"}, None),
        ("A", None),
    ],
)
def test_a_weak_reference_asks_the_stack_of_a_region(asked: Any, expected: str | None) -> None:
    asking = {**_named({"Fn::GetStackOutput": asked}), "Parameters": {"Name": {"Type": "String", "Default": "A"}}}
    found = _name(load_stacks({"A": _exports(x="far"), "B": asking}, {"A": "us-east-1"}), "B")

    assert isinstance(found, Unresolved) if expected is None else expected == found


def test_the_cdk_s_strong_references_between_regions_are_followed() -> None:
    key = "/cdk/exports/B/Auseast1RefOwn"
    writer = {"region": "eu-west-1", "exports": {key: ref("Own")}}
    stacks = {
        "A": {
            "Resources": {
                "Own": resource("S3::Bucket"),
                "Writer": resource("Custom::CrossRegionExportWriter", WriterProps=writer),
            }
        },
        "B": {
            "Resources": {
                "Bucket": resource("S3::Bucket", BucketName=get_att("Reader", key)),
                "Reader": resource("Custom::CrossRegionExportReader", ReaderProps={"imports": {}}),
                "Gone": resource("S3::Bucket", BucketName=get_att("Reader", "/cdk/exports/B/gone")),
            }
        },
    }
    topology = load_stacks(stacks, {"A": "us-east-1"})

    assert Reference(ResourceId("A", "Own")) == named(topology, Bucket, "Bucket").name
    assert isinstance(named(topology, Bucket, "Gone").name, Unresolved)


def test_the_cdk_s_edge_function_is_found_in_the_other_region() -> None:
    association = {"EventType": "origin-request", "LambdaFunctionARN": get_att("Reader", "FunctionArn")}
    behavior = {"TargetOriginId": "one", "LambdaFunctionAssociations": [association]}
    name = "/cdk/EdgeFunctionArn/eu-west-1/B/Fn"
    stacks = {
        "A": {
            "Resources": {
                "Fn": resource("Lambda::Function"),
                "Version": resource("Lambda::Version", FunctionName=ref("Fn")),
                "Parameter": resource("SSM::Parameter", Name=name, Value=ref("Version")),
            }
        },
        "B": {
            "Resources": {
                "Reader": resource("Custom::CrossRegionStringParameterReader", Region="us-east-1", ParameterName=name),
                "Site": resource("CloudFront::Distribution", DistributionConfig={"DefaultCacheBehavior": behavior}),
            }
        },
    }
    (found,) = load_stacks(stacks, {"A": "us-east-1"}).of(FunctionAssociation)

    assert (found.function.place.logical_id, found.version.place.logical_id) == ("Fn", "Version")  # type: ignore[union-attr]


def _write(folder: Path, **templates: Any) -> Path:
    for name, template in templates.items():
        (folder / f"{name}.json").write_text(json.dumps(template), encoding="utf-8")
    return folder / "parent.json"


def _nested(name: str, **parameters: Any) -> dict[str, Any]:
    return resource("CloudFormation::Stack", TemplateURL=f"./{name}.json", Parameters=parameters)


def _with(template: dict[str, Any], **types: str) -> dict[str, Any]:
    return {**template, "Parameters": {name: {"Type": kind} for name, kind in types.items()}}


def test_a_nested_stack_has_what_its_parent_gives_it(tmp_path: Path) -> None:
    parent = {
        "Parameters": {"Same": {"Type": "String", "Default": "parent's"}},
        "Resources": {"Child": _nested("child", Name={"Fn::Join": ["-", ["a", ref("Same")]]}, List=["x", "y"])},
    }
    names = {"Fn::Join": ["+", [ref("Name"), {"Fn::Select": [1, ref("List")]}, ref("Same")]]}
    child = _with(_named(names), Name="String", List="CommaDelimitedList", Same="String")
    topology = load(_write(tmp_path, parent=parent, child=child), parameters={"Same": "given"})

    # What is given on the command line is the parent's.
    assert str(_name(topology, "parent/Child")) == "a-given+y+${Same}"
    assert [stack.id for stack in topology.stacks] == ["parent", "parent/Child"]
    assert topology.stacks[1].nested_in is topology.stacks[0]


def test_outputs_of_nested_stacks_are_followed_to_siblings_whatever_their_order(tmp_path: Path) -> None:
    parent = {
        "Resources": {
            "Asks": _nested("asks", Name=get_att("Tells", "Outputs.Name")),
            "Tells": _nested("tells"),
            "Bucket": resource("S3::Bucket", BucketName={"Fn::Sub": "${Tells.Outputs.Name}-too"}),
            "Nothing": resource("S3::Bucket", BucketName=get_att("Tells", "Outputs.Nothing")),
        }
    }
    tells = {**_named("x"), "Outputs": {"Name": {"Value": "told"}}}
    path = _write(tmp_path, parent=parent, tells=tells, asks=_with(_named(ref("Name")), Name="String"))
    topology = load(path)

    assert [str(_name(topology, name)) for name in ("parent/Asks", "parent")] == ["told", "told-too"]
    assert isinstance(named(topology, Bucket, "Nothing").name, Unresolved)


def test_nested_stacks_that_ask_each_other_have_an_end(tmp_path: Path) -> None:
    asks = {**_with(_named(ref("Name")), Name="String"), "Outputs": {"Name": {"Value": {"Fn::Sub": "${Name}${Name}"}}}}
    parent = {
        "Resources": {
            "One": _nested("one", Name=get_att("Two", "Outputs.Name")),
            "Two": _nested("two", Name=get_att("One", "Outputs.Name")),
        }
    }
    topology = load(_write(tmp_path, parent=parent, one=asks, two=asks))

    assert "?" in str(_name(topology, "parent/One"))


def test_a_template_that_nests_itself_has_an_end(tmp_path: Path) -> None:
    one = {"Resources": {"Own": _nested("parent"), "Child": _nested("child")}}
    topology = load(_write(tmp_path, parent=one, child=one))

    assert [stack.id for stack in topology.stacks] == ["parent", "parent/Child"]
    assert set(topology.not_expanded) == {"parent/Own", "parent/Child/Own", "parent/Child/Child"}


def test_templates_that_nest_others_again_and_again_have_an_end(tmp_path: Path) -> None:
    names = ["parent", *(f"n{i}" for i in range(20))]
    chain = {
        name: {"Resources": {f"Child{i}": _nested(after) for i in range(5)}}
        for name, after in zip(names, [*names[1:], "end"], strict=True)
    }
    topology = load(_write(tmp_path, **chain))

    assert len(topology.stacks) == 1_001
    assert any("too many" in why for why in topology.not_expanded.values())


def test_outputs_whose_condition_does_not_hold_are_not_there() -> None:
    conditions = {"No": {"Fn::Equals": [1, 2]}, "Yes": {"Fn::Equals": [1, 1]}}
    outputs = {
        name: {"Value": name, "Condition": name, "Export": {"Name": "same"}, "Description": "one of two"}
        for name in conditions
    }
    exporting = {"Resources": {}, "Conditions": conditions, "Outputs": outputs}
    asking = {"Fn::GetStackOutput": {"StackName": "A", "OutputName": "No"}}
    topology = load_stacks({"A": exporting, "B": _named({"Fn::ImportValue": "same"}), "C": _named(asking)})

    assert _name(topology, "B") == "Yes"
    assert isinstance(_name(topology, "C"), Unresolved)


@pytest.mark.parametrize(
    "url",
    ["https://s3.amazonaws.com/a/b.json", "../outside.json", "gone.json", {"Ref": "X"}, 1, None, "\0", "a" * 9999],
)
def test_a_nested_template_that_is_not_at_hand_is_told(tmp_path: Path, url: Any) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    (tmp_path / "outside.json").write_text("{}", encoding="utf-8")
    path = _write(folder, parent={"Resources": {"Child": resource("CloudFormation::Stack", TemplateURL=url)}})

    assert list(load(path).not_expanded) == ["parent/Child"]


def test_the_cdk_s_nested_stack_is_found_by_its_asset(tmp_path: Path) -> None:
    key = "0" * 64
    url = {"Fn::Join": ["", ["https://s3.", ref("AWS::Region"), ".amazonaws.com/bucket/", f"{key}.json"]]}
    folder = write_assembly(tmp_path, {"A": {"Resources": {"N": resource("CloudFormation::Stack", TemplateURL=url)}}})
    (folder / "nested.json").write_text(json.dumps(_named("found")), encoding="utf-8")
    files = {key: {"source": {"path": "nested.json"}}}
    (folder / "A.assets.json").write_text(json.dumps({"files": files}), encoding="utf-8")

    assert _name(load(folder), "A/N") == "found"


def test_records_of_one_name_in_two_stacks_are_one_set() -> None:
    def template(region: str) -> dict[str, Any]:
        record = resource("Route53::RecordSet", Name="www.example.com.", Type="CNAME", HostedZoneId=ref("Zone"))
        record["Properties"] |= {
            "Region": region,
            "SetIdentifier": region,
            "ResourceRecords": [f"{region}.example.net"],
        }
        return {"Parameters": {"Zone": {"Type": "String"}}, "Resources": {"Record": record}}

    topology = load_stacks({"A": template("eu-west-1"), "B": template("us-east-1")}, {"B": "us-east-1"})
    (found,) = topology.record_sets

    assert set(topology.of(Record)) == set(found.records)


def test_zones_that_differ_keep_their_records_apart() -> None:
    def record(zone: Any) -> dict[str, Any]:
        return resource("Route53::RecordSet", Name="a.example.com", Type="A", HostedZoneId=zone)

    zones = {name: resource("Route53::HostedZone", Name="example.com") for name in ("Public", "Private")}
    records = {"A": record(ref("Public")), "B": record(ref("Private")), "C": record("Z1"), "D": record(ref("Public"))}
    found = load_stacks({"Test": {"Resources": {**zones, **records}}}).record_sets

    assert [len(one.records) for one in found] == [2, 1, 1]


def test_a_stage_s_stacks_are_read_with_the_others(tmp_path: Path) -> None:
    write_assembly(tmp_path, {"A": _exports(x="told")})
    write_assembly(tmp_path / "assembly-Stage", {"B": _named({"Fn::ImportValue": "x"})})
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"]["assembly-Stage"] = {
        "type": "cdk:cloud-assembly",
        "properties": {"directoryName": "assembly-Stage"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert _name(load(tmp_path), "B") == "told"


def test_an_alias_in_another_stack_leads_to_the_distribution() -> None:
    site = {
        "Resources": {"Site": resource("CloudFront::Distribution", DistributionConfig={})},
        "Outputs": {"Name": {"Value": get_att("Site", "DomainName"), "Export": {"Name": "site"}}},
    }
    alias = {"DNSName": {"Fn::ImportValue": "site"}, "HostedZoneId": "Z2FDTNDATAQYW2"}
    dns = {"Resources": {"R": resource("Route53::RecordSet", Name="a.example.com", Type="A", AliasTarget=alias)}}
    topology = load_stacks({"Site": site, "Dns": dns})
    (record,) = topology.of(Record)

    assert record.alias is not None
    assert record.alias.endpoint.target is topology.of(Distribution)[0]


def _secret(name: str, *replicas: str) -> dict[str, Any]:
    copies = [{"Region": region} for region in replicas]
    return {"Resources": {"Secret": resource("SecretsManager::Secret", Name=name, ReplicaRegions=copies)}}


def test_a_secret_has_one_value_in_all_regions_that_have_it() -> None:
    own = _named("a-{{resolve:secretsmanager:guard:SecretString}}")
    regions = {"Secrets": "us-east-1", "One": "eu-west-1", "Two": "eu-central-1", "Three": "ap-south-1"}
    stacks = {"Secrets": _secret("guard", "eu-west-1", "eu-central-1"), "One": own, "Two": own, "Three": own}
    topology = load_stacks(stacks, regions)

    assert _name(topology, "One") == _name(topology, "Two")
    # In that Region there may be another one of the name.
    assert _name(topology, "Three") != _name(topology, "One")
    assert [one.waits_for for one in waiting(_name(topology, "One"))] == [
        "the dynamic reference secretsmanager:guard:SecretString of Secrets/Secret"
    ]


def test_two_secrets_have_two_values() -> None:
    stacks = {
        "Secrets": {"Resources": {name: resource("SecretsManager::Secret", Name=name) for name in ("one", "two")}},
        "A": _named("{{resolve:secretsmanager:one:SecretString}}"),
        "B": _named("{{resolve:secretsmanager:two:SecretString}}"),
    }
    topology = load_stacks(stacks)

    assert _name(topology, "A") != _name(topology, "B")


def test_where_a_secret_has_replicas_may_not_be_known() -> None:
    secret = {"Resources": {"S": resource("SecretsManager::Secret", Name="guard", ReplicaRegions=ref("Nobody"))}}
    own = _named("{{resolve:secretsmanager:guard:SecretString}}")
    topology = load_stacks({"Secrets": secret, "A": own, "B": own}, {"Secrets": "us-east-1"})

    assert _name(topology, "A") != _name(topology, "B")
