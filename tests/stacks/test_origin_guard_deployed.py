"""The origin guard in a local cloud: what a load balancer answers, also while the secret is rotated, and back."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import pytest

from ha_patterns import ORIGIN_GUARD_HEADER
from ha_patterns.catalog import BY_NAME
from ha_patterns.stacks import ReferenceSettings
from tools.local_cloud import ACCOUNT, LocalCloud

from ..samples import ALL_FLAGS, deployable
from ..tools.test_local_cloud import deploy

_ZONE = "guard.example.net"
_REGION = "eu-west-1"


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as running:
        yield running


@pytest.fixture(scope="module")
def zone_id(cloud: LocalCloud) -> str:
    made = cloud.client("route53").create_hosted_zone(Name=_ZONE, CallerReference=_ZONE)
    return str(made["HostedZone"]["Id"]).rpartition("/")[2]


def _templates(zone_id: str, generation: int) -> dict[str, dict[str, Any]]:
    """The secrets, and the load balancer of the primary."""
    app = cdk.App(context=ALL_FLAGS)
    settings = ReferenceSettings(zone_name=_ZONE, zone_id=zone_id, guard_generation=generation)
    BY_NAME["origin-guard"].build(app, settings)
    stacks = {role: app.node.find_child(f"origin-guard-{role}") for role in ("secrets", "primary")}
    return {role: deployable(stack) for role, stack in stacks.items() if isinstance(stack, cdk.Stack)}


def _deploy(cloud: LocalCloud, role: str, template: dict[str, Any], region: str) -> None:
    stack = deploy(cloud, f"origin-guard-{role}", template, region=region)
    assert stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, stack


def _register_targets(cloud: LocalCloud) -> None:
    """The local cloud leaves out the targets that a template names."""
    [function] = [
        each["FunctionArn"]
        for each in cloud.client("lambda", _REGION).list_functions()["Functions"]
        if "ORIGIN_STATUS" in each.get("Environment", {}).get("Variables", {})
    ]
    balancing = cloud.client("elbv2", _REGION)
    [group] = balancing.describe_target_groups()["TargetGroups"]
    balancing.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": function}])


def _value(cloud: LocalCloud, generation: int, region: str) -> str:
    found = cloud.client("secretsmanager", region).get_secret_value(SecretId=f"origin-guard.{_ZONE}/{generation}")
    return str(found["SecretString"])


def _status(cloud: LocalCloud, path: str, value: str | None = None) -> int:
    """What the load balancer answers a request with this value of the header."""
    [balancer] = cloud.client("elbv2", _REGION).describe_load_balancers()["LoadBalancers"]
    url = f"{cloud.endpoint}/_alb/{balancer['LoadBalancerName']}{path}"
    # The local cloud has this load balancer in its Region, which it takes from the scope of a signature.
    scope = f"Credential={ACCOUNT}/20260101/{_REGION}/elasticloadbalancing/aws4_request"
    request = urllib.request.Request(url, headers={"authorization": f"AWS4-HMAC-SHA256 {scope}"})  # noqa: S310
    if value is not None:
        request.add_header(ORIGIN_GUARD_HEADER, value)
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_cloudfront_sends_is_admitted_while_the_secret_changes_and_others_never(
    cloud: LocalCloud, zone_id: str
) -> None:
    sent = None
    for generation in (1, 2, 3, 2):
        templates = _templates(zone_id, generation)
        _deploy(cloud, "secrets", templates["secrets"], "us-east-1")
        if sent is not None:
            assert _status(cloud, "/orders", sent) == 200
        _deploy(cloud, "primary", templates["primary"], _REGION)
        if sent is None:
            _register_targets(cloud)

        value = _value(cloud, generation, _REGION)
        assert value == _value(cloud, generation, "us-east-1")
        assert _status(cloud, "/orders", value) == 200
        assert sent is None or _status(cloud, "/orders", sent) == 200
        assert _status(cloud, "/orders") == 403
        assert _status(cloud, "/orders", "guessed") == 403
        assert _status(cloud, "/health") == 200
        sent = value
