"""Whatever a path leads to, it is loaded, or refused in one line that names the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology.files import TemplateError
from ha_patterns.topology.loading import StackTemplate, load, load_stacks
from ha_patterns.topology.model import Bucket, Function
from ha_patterns.topology.values import Unresolved

from .loading import load_resources, only, ref, resource, write_assembly

_BUCKET = {"Resources": {"Bucket": resource("S3::Bucket", BucketName=ref("AWS::Region"))}}


def _write(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def _assembly(folder: Path, **artifact: Any) -> Path:
    """An assembly of one stack, with something else in its manifest."""
    write_assembly(folder, {"A": _BUCKET})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"]["A"] |= artifact
    _write(folder / "manifest.json", manifest)
    return folder


def test_a_template_alone_has_no_region(tmp_path: Path) -> None:
    topology = load(_write(tmp_path / "site.template.json", _BUCKET))

    assert [stack.id for stack in topology.stacks] == ["site"]
    assert Unresolved("AWS::Region", scope="site") == only(topology, Bucket).name


def test_pseudo_parameters_are_given_as_parameters_are(tmp_path: Path) -> None:
    path = _write(tmp_path / "site.json", _BUCKET)
    topology = load(path, parameters={"AWS::Region": "eu-west-3", "AWS::AccountId": "1"})

    assert (topology.stacks[0].region, topology.stacks[0].account) == ("eu-west-3", "1")
    assert only(topology, Bucket).name == "eu-west-3"


def test_where_an_assembly_tells_the_region_it_is_that(tmp_path: Path) -> None:
    topology = load(_assembly(tmp_path), parameters={"AWS::Region": "eu-west-3"})

    assert "eu-west-1" == topology.stacks[0].region == only(topology, Bucket).name


@pytest.mark.parametrize(
    "environment",
    ["aws://unknown-account/unknown-region", "aws://current_account/current_region", "", None, "aws:/", 1],
)
def test_an_unknown_environment_is_not_known(tmp_path: Path, environment: Any) -> None:
    (stack,) = load(_assembly(tmp_path, environment=environment)).stacks

    assert Unresolved("AWS::Region", scope="A") == stack.region
    assert isinstance(stack.account, Unresolved)
    assert stack.account.waits_for == "AWS::AccountId"


def test_yaml_has_cloudformation_s_tags(tmp_path: Path) -> None:
    text = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: !Sub 'a-${AWS::Region}'}\n"
    path = _write(tmp_path / "a.yaml", text)

    assert only(load(path, parameters={"AWS::Region": "eu-west-1"}), Bucket).name == "a-eu-west-1"


def test_a_stack_of_an_assembly_may_have_nothing_in_it(tmp_path: Path) -> None:
    topology = load(write_assembly(tmp_path, {"Empty": {"Description": "nothing yet"}, "A": _BUCKET}))

    assert [stack.id for stack in topology.stacks] == ["Empty", "A"]


@pytest.mark.parametrize("template", [{}, {"Resources": None}, {"Resources": []}, {"Outputs": {}}, [], "a: 1", "1", ""])
def test_a_file_without_resources_is_no_template(tmp_path: Path, template: Any) -> None:
    path = _write(tmp_path / "a.json", template)
    with pytest.raises(TemplateError, match=r"a\.json"):
        load(path)


@pytest.mark.parametrize("resources", [{"A": None}, {"A": {}}, {"A": {"Type": 1}}, {"A": []}, {"Fn::Transform": {}}])
def test_what_is_no_resource_is_left_out(resources: Any) -> None:
    assert load_resources(resources).things == ()


def test_resources_whose_condition_does_not_hold_are_left_out() -> None:
    conditions = {
        "No": {"Fn::Equals": [1, 2]},
        "Yes": {"Fn::Equals": [1, 1]},
        "Open": {"Fn::Equals": [ref("P"), ""]},
    }
    resources = {name: {**resource("S3::Bucket"), "Condition": name} for name in (*conditions, "Unheard")}
    topology = load_resources(resources, Conditions=conditions, Parameters={"P": {"Type": "String"}})

    assert [bucket.place.logical_id for bucket in topology.of(Bucket)] == ["Yes", "Open", "Unheard"]
    assert topology.counts == {"AWS::S3::Bucket": 3}


def test_unknown_types_are_counted(tmp_path: Path) -> None:
    topology = load_resources({"A": resource("Made::Up"), "B": resource("Made::Up"), "C": {"Type": "Custom::X"}})

    assert topology.counts == {"AWS::Made::Up": 2, "Custom::X": 1}


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"gone\.yaml: cannot be read: No such file"):
        load(tmp_path / "gone.yaml")


def test_a_path_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(TemplateError, match="cannot be read: "):
        load(Path("a\0b.json"))


def test_a_folder_without_an_assembly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="is no cloud assembly"):
        load(tmp_path)


@pytest.mark.parametrize("artifacts", [{}, [], None, {"A": None}, {"A": {"type": "cdk:tree"}}])
def test_an_assembly_without_a_stack_is_refused(tmp_path: Path, artifacts: Any) -> None:
    _write(tmp_path / "manifest.json", {"artifacts": artifacts})
    with pytest.raises(TemplateError, match="without a stack"):
        load(tmp_path)


@pytest.mark.parametrize(
    "name", ["../outside.json", "/etc/passwd", "a/../../outside.json", "", None, 1, ["A"], "\0", "\ud800", "link"]
)
def test_a_manifest_names_files_of_its_folder_only(tmp_path: Path, name: Any) -> None:
    _write(tmp_path / "outside.json", _BUCKET)
    folder = _assembly(tmp_path / "cdk.out", properties={"templateFile": name})
    (folder / "link").symlink_to(tmp_path / "outside.json")
    with pytest.raises(TemplateError, match=r"manifest\.json"):
        load(folder)


def test_an_assembly_that_is_within_itself_is_read_once(tmp_path: Path) -> None:
    folder = _assembly(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in (".", "again"):
        manifest["artifacts"][name] = {"type": "cdk:cloud-assembly", "properties": {"directoryName": name}}
    _write(folder / "manifest.json", manifest)
    (folder / "again").symlink_to(folder)

    assert len(load(folder).stacks) == 1


def test_symbolic_links_that_lead_to_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    folder = _assembly(tmp_path / "cdk.out", properties={"templateFile": "c"})
    (folder / "c").symlink_to(tmp_path / "a")
    for path in (tmp_path / "a", folder):
        with pytest.raises(TemplateError):
            load(path)


def test_parameters_that_the_assembly_gives_are_taken(tmp_path: Path) -> None:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"B": resource("S3::Bucket", BucketName=ref("P"))},
    }
    folder = _assembly(tmp_path, properties={"templateFile": "A.template.json", "parameters": {"P": "given"}})
    _write(folder / "A.template.json", template)

    assert only(load(folder), Bucket).name == "given"
    assert only(load(folder, parameters={"P": "mine"}), Bucket).name == "mine"


def test_the_same_stack_name_in_two_regions_is_two_stacks(tmp_path: Path) -> None:
    folder = write_assembly(tmp_path, {"A": _BUCKET, "B": _BUCKET}, {"B": "us-east-1"})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in ("A", "B"):
        manifest["artifacts"][name]["displayName"] = "Site"
        manifest["artifacts"][name]["properties"]["stackName"] = "Site"
    _write(folder / "manifest.json", manifest)
    topology = load(folder)

    assert [(one.id, one.region) for one in topology.stacks] == [("Site", "eu-west-1"), ("Site (2)", "us-east-1")]
    assert [bucket.name for bucket in topology.of(Bucket)] == ["eu-west-1", "us-east-1"]


def test_the_code_of_a_function_is_found_in_the_assembly(tmp_path: Path) -> None:
    key = "0123456789abcdef" * 4
    code = {"S3Bucket": "assets", "S3Key": f"{key}.zip"}
    write_assembly(tmp_path, {"A": {"Resources": {"Fn": resource("Lambda::Function", Code=code)}}})
    stage = write_assembly(
        tmp_path / "assembly-S", {"A": {"Resources": {"Fn": resource("Lambda::Function", Code=code)}}}
    )
    (tmp_path / f"asset.{key}").mkdir()

    assert tmp_path / f"asset.{key}" == only(load(tmp_path), Function).asset
    path = StackTemplate(path=stage / "A.template.json", id="S/A", name="A", region="us-east-1")
    assert tmp_path / f"asset.{key}" == only(load_stacks([path]), Function).asset


@pytest.mark.parametrize("told", ["../secret", "/etc", "gone", "\0", "x" * 5_000, ""])
def test_code_elsewhere_is_not_taken(tmp_path: Path, told: str) -> None:
    (tmp_path / "secret").mkdir()
    function = {**resource("Lambda::Function"), "Metadata": {"aws:asset:path": told}}
    folder = write_assembly(tmp_path / "cdk.out", {"A": {"Resources": {"Fn": function}}})

    assert only(load(folder), Function).asset is None


def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"has more than 10 bytes, .*: give a larger max_template_size, or --max-"):
        load(_write(tmp_path / "a.json", _BUCKET), max_template_size=10)


def test_no_cdk_is_needed() -> None:
    code = "import sys, ha_patterns.topology.loading; print([n for n in sys.modules if 'cdk' in n or n == 'jsii'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_template_s_stack_has_the_name_that_is_given(tmp_path: Path) -> None:
    bucket = {"Resources": {"Bucket": resource("S3::Bucket", BucketName={"Fn::Sub": "${AWS::StackName}-x"})}}
    path = tmp_path / "site.json"
    path.write_text(json.dumps(bucket), encoding="utf-8")

    assert only(load(path), Bucket).name == "site-x"
    assert only(load(path, parameters={"AWS::StackName": "prod"}), Bucket).name == "prod-x"
    # Stacks of a cloud assembly have names of their own.
    assembly = write_assembly(tmp_path / "cdk.out", {"App": bucket})
    assert only(load(assembly, parameters={"AWS::StackName": "prod"}), Bucket).name == "App-x"
