"""Snapshots change when a template means something else, and only then; and the checks judge an app in a test."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_route53 as route53

from ha_patterns.checks import check
from ha_patterns.testing import normalize_template, topology_of
from ha_patterns.topology import Record

TEMPLATE: dict[str, Any] = {
    "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>"}, "Mine": {"Type": "String"}},
    "Rules": {"CheckBootstrapVersion": {"Assertions": []}},
    "Resources": {
        "CDKMetadata": {"Type": "AWS::CDK::Metadata"},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Code": {"S3Key": f"{'0123456789abcdef' * 4}.zip"}, "Timeout": 5},
        },
        "FunctionCurrentVersionB558B1D0b6216d1d35a3a8a0b8ee0f1ce9d2b3a4": {
            "Type": "AWS::Lambda::Version",
            "Properties": {"FunctionName": {"Ref": "Function"}},
        },
    },
}


def _changed(old: str, new: str) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(TEMPLATE).replace(old, new))
    assert changed != TEMPLATE
    return changed


def test_another_asset_hash_is_no_change() -> None:
    assert normalize_template(TEMPLATE) == normalize_template(_changed("0123456789abcdef", "fedcba9876543210"))


def test_another_version_of_the_same_function_is_no_change() -> None:
    assert normalize_template(TEMPLATE) == normalize_template(_changed("b6216d1d", "c7327e2e"))


def test_another_function_behind_a_version_is_a_change() -> None:
    assert normalize_template(TEMPLATE) != normalize_template(
        _changed("CurrentVersionB558B1D0", "CurrentVersionC669C2E1")
    )


def test_another_setting_is_a_change() -> None:
    assert normalize_template(TEMPLATE) != normalize_template(_changed('"Timeout": 5', '"Timeout": 6'))


def test_what_the_cdk_puts_into_every_template_is_left_out_and_nothing_else() -> None:
    normal = normalize_template(TEMPLATE)

    assert list(normal["Parameters"]) == ["Mine"]
    assert "Rules" not in normal
    assert "CDKMetadata" not in normal["Resources"]
    assert len(normal["Resources"]) == 2


def test_the_given_template_stays_as_it_was() -> None:
    before = copy.deepcopy(TEMPLATE)
    normalize_template(TEMPLATE)

    assert before == TEMPLATE


def test_without_syrupy_the_extension_says_what_to_install() -> None:
    program = "import sys; sys.modules['syrupy'] = None\nfrom ha_patterns.testing import TemplateSnapshotExtension"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "pip install 'ha-patterns[testing]'" in done.stderr.splitlines()[-1]


def test_another_inline_source_is_no_change_and_another_function_is() -> None:
    inline = copy.deepcopy(TEMPLATE)
    inline["Resources"]["Function"]["Properties"]["Code"] = {"ZipFile": "one"}
    other = copy.deepcopy(inline)
    other["Resources"]["Function"]["Properties"]["Code"] = {"ZipFile": {"Fn::Join": ["", ["two"]]}}

    assert normalize_template(inline) == normalize_template(other)
    assert normalize_template(inline) != normalize_template(TEMPLATE)


# The topology of an app


def _app() -> tuple[cdk.App, cdk.Stack]:
    """A distribution that leaves a dead host in no case, in a stage; with a record of a nested stack beside it."""
    app = cdk.App()
    stack = cdk.Stack(cdk.Stage(app, "Prod"), "Edge", env=cdk.Environment(account="1" * 12, region="us-east-1"))
    group = origins.OriginGroup(
        primary_origin=origins.HttpOrigin("a.example.com"),
        fallback_origin=origins.HttpOrigin("b.example.com"),
        fallback_status_codes=[500],
    )
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=group))
    nested = cdk.NestedStack(stack, "Nested")
    route53.CfnRecordSet(
        nested, "Record", hosted_zone_id="Z1", name="a.example.com.", type="A", ttl="60", resource_records=["192.0.2.1"]
    )
    cdk.Stack(app, "Other")
    return app, stack


def test_the_topology_of_an_app_has_all_its_stacks_and_that_of_a_stack_has_it_alone() -> None:
    app, stack = _app()
    nested = stack.node.find_child("Nested")
    assert isinstance(nested, cdk.NestedStack)

    whole = topology_of(app)

    assert [one.name.partition("NestedStack")[0] for one in whole.stacks] == ["Other", "Prod-Edge", "Prod-Edge-Nested"]
    stage = cdk.Stage.of(stack)
    assert stage is not None
    for scope in (stage, stack, nested):
        found = topology_of(scope)
        assert [one.name for one in found.stacks] == [one.name for one in whole.stacks[1:]]
        assert [record.name for record in found.of(Record)] == ["a.example.com"]
        assert {one.region for one in found.stacks} == {"us-east-1"}
        assert {finding.rule.id for finding in check(found).findings} >= {"HA003"}


def test_what_is_acknowledged_in_an_app_is_acknowledged_in_its_topology() -> None:
    app, stack = _app()
    cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id="ha-patterns::HA003", reason="for the test"))

    for scope in (app, stack):
        report = check(topology_of(scope))
        assert "HA003" not in {finding.rule.id for finding in report.findings}
        assert ("HA003", "for the test") in {(found.rule.id, found.reason) for found in report.acknowledged}


def test_a_topology_is_of_an_app_a_stage_or_a_stack() -> None:
    with pytest.raises(ValueError, match=r"scope must be a Stage or a Stack, got 'cdk.out', a str"):
        topology_of("cdk.out")  # type: ignore[arg-type]


def test_fingerprints_of_other_stacks_resources_mean_nothing() -> None:
    def reading(name: str, print_: str) -> dict[str, Any]:
        return {"Resources": {"A": {"Type": "T", "Metadata": {"ha-patterns:follows": {name: print_}, "other": 1}}}}

    assert normalize_template(reading("Output", "0a")) == normalize_template(reading("Output", "1b"))
    assert normalize_template(reading("Output", "0a")) != normalize_template(reading("Another", "0a"))


def test_snapshots_need_no_cdk() -> None:
    program = "import sys; from ha_patterns.testing import normalize_template; print('aws_cdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
