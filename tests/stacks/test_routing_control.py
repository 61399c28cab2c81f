"""Nobody gets a routing-control cluster who did not ask for one."""

from __future__ import annotations

from typing import Any

from ha_patterns.catalog import BY_NAME
from ha_patterns.stacks import ReferenceSettings

from ..samples import CLUSTER_ARN, warnings_of
from .conftest import ReferenceApp

_CLUSTER = "AWS::Route53RecoveryControl::Cluster"
_PANEL = "AWS::Route53RecoveryControl::ControlPanel"


def _app(**settings: Any) -> ReferenceApp:
    return ReferenceApp(ReferenceSettings(patterns=(BY_NAME["routing-control"],), **settings))


def _found(template: dict[str, Any], resource_type: str) -> list[dict[str, Any]]:
    return [resource for resource in template["Resources"].values() if resource["Type"] == resource_type]


def test_without_a_word_no_cluster_is_made_and_no_deploy_accepted() -> None:
    template = _app().template("routing-control-edge")

    [assertion] = template["Rules"]["PlaceholderCluster"]["Assertions"]
    [accepted, given] = assertion["Assert"]["Fn::Contains"]
    assert given not in accepted
    assert "-c routing_control_cluster=" in assertion["AssertDescription"]
    assert "$2.50 an hour" in assertion["AssertDescription"]
    assert _found(template, _CLUSTER) == []


def test_a_given_cluster_is_used() -> None:
    template = _app(routing_control_cluster=CLUSTER_ARN).template("routing-control-edge")

    assert "PlaceholderCluster" not in template.get("Rules", {})
    assert _found(template, _CLUSTER) == []
    [panel] = _found(template, _PANEL)
    assert panel["Properties"]["ClusterArn"] == CLUSTER_ARN


def test_a_cluster_that_is_asked_for_is_made_and_its_cost_acknowledged() -> None:
    app = _app(routing_control_cluster="create")
    template = app.template("routing-control-edge")

    assert "PlaceholderCluster" not in template.get("Rules", {})
    assert len(_found(template, _CLUSTER)) == 1
    warned = {warning for _, warning in warnings_of(app.stacks["routing-control-edge"])}
    assert {warning for warning in warned if warning.startswith("@ha-patterns/")} == set()
