"""The reference stacks of the origin guard: who waits for the secrets, where they are, and what stays open."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ha_patterns.edge import EDGE_REGION

from .conftest import ReferenceApp, reference_app

_REFERENCE = re.compile(r"\{\{resolve:secretsmanager:([^:]+):")
_USERS = ("origin-guard-primary", "origin-guard-standby", "origin-guard-edge")


@pytest.fixture(scope="module")
def reference() -> ReferenceApp:
    """Of the patterns that are looked at."""
    return reference_app("origin-guard")


def _of_type(reference: ReferenceApp, stack: str, resource_type: str) -> list[dict[str, Any]]:
    resources = reference.template(stack)["Resources"].values()
    return [resource["Properties"] for resource in resources if resource["Type"] == resource_type]


@pytest.mark.parametrize("user", _USERS)
def test_what_refers_to_a_secret_waits_for_it_and_has_it_in_its_region(reference: ReferenceApp, user: str) -> None:
    stack = reference.stacks[user]
    made = {
        secret["Name"]: {EDGE_REGION, *(replica["Region"] for replica in secret["ReplicaRegions"])}
        for secret in _of_type(reference, "origin-guard-secrets", "AWS::SecretsManager::Secret")
    }

    assert reference.stacks["origin-guard-secrets"] in stack.dependencies
    referred = set(_REFERENCE.findall(json.dumps(reference.template(user))))
    assert referred
    assert all(stack.region in made[name] for name in referred)


def test_both_regions_refuse_by_default_and_leave_open_what_their_checks_ask_for(reference: ReferenceApp) -> None:
    checks = _of_type(reference, "origin-guard-edge", "AWS::Route53::HealthCheck")
    [asked] = {check["HealthCheckConfig"]["ResourcePath"] for check in checks}

    assert len(checks) == 2
    for stack in _USERS[:2]:
        [listener] = _of_type(reference, stack, "AWS::ElasticLoadBalancingV2::Listener")
        rules = _of_type(reference, stack, "AWS::ElasticLoadBalancingV2::ListenerRule")
        conditions = [condition for rule in rules for condition in rule["Conditions"]]
        paths = [each["PathPatternConfig"]["Values"] for each in conditions if each["Field"] == "path-pattern"]
        assert [action["FixedResponseConfig"]["StatusCode"] for action in listener["DefaultActions"]] == ["403"]
        assert paths == [[asked]]
