"""Snapshots change when a template means something else, and only then."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import Any

from ha_patterns.testing import normalize_template

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
