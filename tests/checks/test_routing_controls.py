"""What the rules say of routing controls: whether they can be made, and whose records follow them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .dns_documents import ZONE, Resources, attribute, bare_check, found, primary, record, ref, secondary

_ARC = "AWS::Route53RecoveryControl"
_CLUSTER = "arn:aws:route53-recovery-control::111111111111:cluster/01234567-89ab-cdef-0123-456789abcdef"


def _control(name: Any = "one", **properties: Any) -> dict[str, Any]:
    return {"Type": f"{_ARC}::RoutingControl", "Properties": {"Name": name, **properties}}


def _panel(name: Any = "shop", **properties: Any) -> dict[str, Any]:
    return {"Type": f"{_ARC}::ControlPanel", "Properties": {"Name": name, **properties}}


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (_panel("x" * 64), None),
        (_panel("x" * 65), "it may be 1 to 64 characters"),
        (_panel(""), "Name is ''"),
        (_panel("two words"), "Name is 'two words'"),
        (_panel("a&b"), "Name is 'a&b'"),
        (_panel("shop_1.eu-west-1"), None),
        (_panel(ref("Given")), None),
        (_panel(ClusterArn=_CLUSTER), None),
        (_panel(ClusterArn=ref("Given")), None),
        (_panel(ClusterArn=attribute("Cluster", "ClusterArn")), None),
        (_panel(ClusterArn="shop"), "ClusterArn is 'shop'; it may be the ARN of a cluster"),
        (_panel(ClusterArn=_CLUSTER.replace("cluster/", "controlpanel/")), "it may be the ARN of a cluster"),
        (_control("two words"), "Name is 'two words'"),
        (_control(ClusterArn="shop"), "ClusterArn is 'shop'"),
        ({"Type": f"{_ARC}::Cluster", "Properties": {"Name": "two words"}}, "Name is 'two words'"),
        ({"Type": f"{_ARC}::SafetyRule", "Properties": {"Name": "two words"}}, "Name is 'two words'"),
        ({"Type": f"{_ARC}::Cluster", "Properties": {}}, None),
    ],
)
def test_controls_that_are_refused_are_found(tmp_path: Path, resource: dict[str, Any], said: str | None) -> None:
    cluster = {"Type": f"{_ARC}::Cluster", "Properties": {"Name": "shop"}}
    messages = found(tmp_path, "HA407", {"Cluster": cluster, "Thing": resource}, ("Given",))

    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def _followed(control: str, **config: Any) -> dict[str, Any]:
    return bare_check(Type="RECOVERY_CONTROL", RoutingControlArn=ref(control), **config)


def _pair(first: Any, second: Any, *, names: tuple[Any, Any] = ("primary", "standby"), **more: Any) -> Resources:
    """A failover pair in Ireland and Frankfurt whose records follow checks."""
    hosts = {"Type": "CNAME", "AliasTarget": None}
    return {
        **ZONE,
        "One": _control(names[0]),
        "Two": _control(names[1]),
        "OfOne": _followed("One"),
        "OfTwo": _followed("Two"),
        "First": primary(**hosts, HealthCheckId=first, ResourceRecords=["a-1.eu-west-1.elb.amazonaws.com"]),
        "Second": secondary(**hosts, HealthCheckId=second, ResourceRecords=["b-1.eu-central-1.elb.amazonaws.com"]),
        **more,
    }


def _plan(*, action: str = "activate", state: str = "On", kind: str = "ARCRoutingControl") -> dict[str, Any]:
    """A plan by which the first control is Ireland's and the second Frankfurt's."""
    regions = {
        "eu-west-1": [{"RoutingControlArn": ref("One"), "State": state}],
        "eu-central-1": [{"RoutingControlArn": ref("Two"), "State": state}],
    }
    step = {
        "Name": "switch",
        "ExecutionBlockType": kind,
        "ExecutionBlockConfiguration": {"ArcRoutingControlConfig": {"RegionAndRoutingControls": regions}},
    }
    both = {
        "Name": "both",
        "ExecutionBlockType": "Parallel",
        "ExecutionBlockConfiguration": {"ParallelConfig": {"Steps": [step]}},
    }
    workflow = {"WorkflowTargetAction": action, "Steps": [both]}
    return {"Type": "AWS::ARCRegionSwitch::Plan", "Properties": {"Name": "shop", "Workflows": [workflow]}}


_OWN = (ref("OfOne"), ref("OfTwo"))
_CROSSED = (ref("OfTwo"), ref("OfOne"))
_REGIONS = ("shop-eu-west-1", "shop-eu-central-1")
_PLAIN = ("left", "right")


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (_pair(*_OWN), []),
        (
            _pair(*_CROSSED),
            [
                "is PRIMARY and follows the routing control standby",
                "is SECONDARY and follows the routing control primary",
            ],
        ),
        (_pair(ref("OfOne"), None, names=("shop-secondary", "x")), ["follows the routing control shop-secondary"]),
        # A name that tells both sides, or none.
        (_pair(*_CROSSED, names=("primary-to-standby", "standby-to-primary")), []),
        (_pair(*_CROSSED, names=_PLAIN), []),
        (_pair(*_CROSSED, names=(ref("Given"), ref("Given"))), []),
        (_pair(*_OWN, names=_REGIONS), []),
        (
            _pair(*_CROSSED, names=_REGIONS),
            [
                "leads to eu-west-1 and follows the routing control shop-eu-central-1, which is for eu-central-1",
                "leads to eu-central-1 and follows the routing control shop-eu-west-1, which is for eu-west-1",
            ],
        ),
        # Nothing of the set leads to the Region that the name tells, which may be that of the cluster.
        (_pair(*_OWN, names=("us-east-1", "us-west-2")), []),
        (_pair(*_OWN, names=("cell-a-1", "my-cell-2")), []),
        (_pair(*_OWN, names=_PLAIN, Plan=_plan()), []),
        (_pair(*_CROSSED, names=_PLAIN, Plan=_plan()), ["which is for eu-central-1", "which is for eu-west-1"]),
        (_pair(*_CROSSED, names=_PLAIN, Plan=_plan(action="deactivate", state="Off")), ["which is", "which is"]),
        # What is turned off when a Region is activated is not that Region's.
        (_pair(*_CROSSED, names=_PLAIN, Plan=_plan(state="Off")), []),
        # The plan says more than the name.
        (_pair(*_OWN, names=(_REGIONS[1], _REGIONS[0]), Plan=_plan()), []),
        # One that is inverted, or calculated from both, is meant.
        (_pair(ref("Not"), None, Not=_followed("Two", Inverted=True)), []),
        (
            _pair(
                ref("All"),
                None,
                names=_REGIONS,
                All=bare_check(Type="CALCULATED", HealthThreshold=2, ChildHealthChecks=[ref("OfOne"), ref("OfTwo")]),
            ),
            [],
        ),
        (_pair(ref("Given"), None), []),
    ],
)
def test_a_record_follows_its_own_routing_control(tmp_path: Path, resources: Resources, said: list[str]) -> None:
    messages = found(tmp_path, "HA408", resources, ("Given",))

    assert len(messages) == len(said)
    assert all(told in message for told, message in zip(said, messages, strict=True))


def test_a_record_that_may_not_be_made_is_not_judged(tmp_path: Path) -> None:
    resources = _pair(*_CROSSED, Other=record(Name="www.example.com"))
    resources["First"]["Condition"] = resources["Second"]["Condition"] = "Maybe"

    assert not found(tmp_path, "HA408", resources)
