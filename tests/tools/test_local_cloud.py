"""The local cloud: what its mends do and whether they are still needed, where it listens, and that it ends."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from typing import Any

import botocore.exceptions  # type: ignore[import-untyped]
import pytest

from tools import local_cloud
from tools.local_cloud import ACCOUNT, ADDED_TYPES, MINISTACK, ROOT, AddedType, LocalCloud, LocalCloudError, Service

PROC = pathlib.Path("/proc")
needs_proc = pytest.mark.skipif(not PROC.exists(), reason="reads processes and sockets from /proc")

HEALTH_CHECK = {
    "Type": "HTTPS_STR_MATCH",
    "FullyQualifiedDomainName": "primary.example.net",
    "SearchString": "ok",
    "EnableSNI": True,
    "Inverted": False,
    "FailureThreshold": "3",
    "Regions": ["us-east-1", "eu-west-1", "ap-southeast-1"],
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as running:
        yield running


# Is each mend still needed?


def inside(code: str, folder: pathlib.Path) -> str:
    """What a program prints that has MiniStack's modules to itself, not mended."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder), "STATE_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_the_added_types_are_still_missing(tmp_path: pathlib.Path) -> None:
    code = """
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS
print(*_RESOURCE_HANDLERS)
"""

    known = inside(code, tmp_path).split()

    assert "AWS::Route53::RecordSet" in known
    for resource_type in ADDED_TYPES:
        assert resource_type not in known, f"MiniStack has {resource_type}: this mend can go"


def test_routing_controls_are_still_not_served(tmp_path: pathlib.Path) -> None:
    code = "from ministack.app import SERVICE_HANDLERS; print(*SERVICE_HANDLERS)"

    served = inside(code, tmp_path).split()

    assert "route53" in served
    assert "route53-recovery-control-config" not in served, "MiniStack serves it: this mend can go"


GET_STACK_OUTPUT = """
from ministack.core.responses import request_scope
from ministack.services.cloudformation import _stacks, engine, stacks

with request_scope("111122223333", "eu-west-1"):
    _stacks["producer"] = {"Outputs": [{"OutputKey": "Name", "OutputValue": "found"}]}
reference = {"StackName": "producer", "OutputName": "Name", "Region": "eu-west-1"}
with request_scope("111122223333", "us-east-1"):
    try:
        print(stacks._resolve_refs({"Fn::GetStackOutput": reference}, {}, {}, {}, {}, "consumer", "id"))
    except ValueError:
        print("lost")
"""


def test_outputs_of_other_regions_are_still_lost(tmp_path: pathlib.Path) -> None:
    assert inside(GET_STACK_OUTPUT, tmp_path) == "lost", "MiniStack reads Region: this mend can go"


def test_outputs_of_other_regions_are_found_when_mended(tmp_path: pathlib.Path) -> None:
    assert inside(f"from tools import local_cloud; local_cloud.mend(){GET_STACK_OUTPUT}", tmp_path) == "found"


REPLICATION = """
from ministack.core.responses import request_scope
from ministack.services import s3

RULE = "<Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::nowhere</Bucket></Destination></Rule>"
with request_scope("111122223333", "eu-west-1"):
    s3._create_bucket("source", b"", {})
    s3._bucket_versioning["source"] = "Enabled"
    role = "<Role>arn:aws:iam::111122223333:role/copies</Role>"
    body = f"<ReplicationConfiguration>{role}{RULE}</ReplicationConfiguration>"
    print(s3._put_bucket_replication("source", body.encode())[0])
"""


def test_replication_to_nowhere_is_still_taken(tmp_path: pathlib.Path) -> None:
    assert inside(REPLICATION, tmp_path) == "200", "MiniStack refuses a missing destination: this mend can go"


def test_replication_to_nowhere_is_refused_when_mended(tmp_path: pathlib.Path) -> None:
    assert inside(f"from tools import local_cloud; local_cloud.mend(){REPLICATION}", tmp_path) == "400"


LOG_GROUP = """
from ministack.core.responses import request_scope
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

with request_scope("111122223333", "us-east-1"):
    create = _RESOURCE_HANDLERS["AWS::Logs::LogGroup"]["create"]
    create("Kept", {"LogGroupName": "kept"}, "stack")
    try:
        create("Kept", {"LogGroupName": "kept"}, "other")
        print("taken")
    except ValueError:
        print("refused")
"""


def test_a_log_group_that_exists_is_still_made_anew(tmp_path: pathlib.Path) -> None:
    assert inside(LOG_GROUP, tmp_path) == "taken", "MiniStack refuses a log group that exists: this mend can go"


def test_a_log_group_that_exists_is_refused_when_mended(tmp_path: pathlib.Path) -> None:
    assert inside(f"from tools import local_cloud; local_cloud.mend(){LOG_GROUP}", tmp_path) == "refused"


EXPRESSION = """
from ministack.core.responses import request_scope
from ministack.services.cloudformation import provisioners

metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "HTTPCode_ELB_5XX_Count"}
metrics = [{"Id": "sum", "Expression": "a"}, {"Id": "a", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}]
settings = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1, "Metrics": metrics}
with request_scope("111122223333", "us-east-1"):
    try:
        print(provisioners._cw_metric_alarm_record("Errors", settings)["MetricName"])
    except ValueError:
        print("refused")
"""


def test_an_alarm_on_an_expression_is_still_refused(tmp_path: pathlib.Path) -> None:
    assert inside(EXPRESSION, tmp_path) == "refused", "MiniStack takes metric math: this mend can go"


def test_an_alarm_on_an_expression_has_its_first_metric_when_mended(tmp_path: pathlib.Path) -> None:
    mended = f"from tools import local_cloud; local_cloud.mend(){EXPRESSION}"
    assert inside(mended, tmp_path) == "HTTPCode_ELB_5XX_Count"


ACCESS_POINT = """
from ministack.core.responses import request_scope
from ministack.services import s3
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

with request_scope("111122223333", "us-east-1"):
    create = _RESOURCE_HANDLERS["AWS::S3::MultiRegionAccessPoint"]["create"]
    try:
        create("Content", {"Name": "content", "Regions": [{"Bucket": "nowhere"}]}, "stack")
        print("taken")
    except s3.MrapError as error:
        print(error.code)
"""


def test_an_access_point_over_nothing_is_still_taken(tmp_path: pathlib.Path) -> None:
    assert inside(ACCESS_POINT, tmp_path) == "taken", "MiniStack refuses a missing bucket: this mend can go"


def test_an_access_point_over_nothing_is_refused_when_mended(tmp_path: pathlib.Path) -> None:
    assert inside(f"from tools import local_cloud; local_cloud.mend(){ACCESS_POINT}", tmp_path) == "NoSuchBucket"


GLOBAL_TABLE = """
from ministack.core.responses import request_scope
from ministack.services import dynamodb
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

handlers = _RESOURCE_HANDLERS["AWS::DynamoDB::GlobalTable"]
key = {"AttributeName": "host", "KeyType": "HASH"}
table = {
    "TableName": "routes",
    "KeySchema": [key],
    "AttributeDefinitions": [{"AttributeName": "host", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}

def replicas(*regions):
    return table | {"Replicas": [{"Region": region} for region in regions]}

def there():
    account = "111122223333"
    found = ["us-east-1", "eu-west-1", "eu-central-1"]
    print(*(region for region in found if dynamodb._tables.get_scoped(account, region, "routes")), sep=",")

with request_scope("111122223333", "us-east-1"):
    handlers["create"]("Routes", replicas("us-east-1", "eu-west-1"), "stack")
    there()
    handlers["update"]("routes", replicas("us-east-1", "eu-west-1"), replicas("eu-central-1", "us-east-1"), "stack")
    there()
    handlers["delete"]("routes", replicas("eu-central-1", "us-east-1"))
    there()
"""


def test_replicas_of_a_global_table_are_still_not_made(tmp_path: pathlib.Path) -> None:
    found = inside(GLOBAL_TABLE, tmp_path).split("\n")

    assert found[0] == "us-east-1", "MiniStack makes replicas: this mend can go"


def test_a_global_table_has_the_replicas_of_its_template_when_mended(tmp_path: pathlib.Path) -> None:
    found = inside(f"from tools import local_cloud; local_cloud.mend(){GLOBAL_TABLE}", tmp_path)

    assert found.split("\n") == ["us-east-1,eu-west-1", "us-east-1,eu-central-1"]


KEY = """
from ministack.core.responses import request_scope
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS
from ministack.services.secretsmanager import _secrets
handlers = _RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
key = {"Name": "a/b-c", "SecretString": "one"}
with request_scope("111122223333", "us-east-1"):
    made, attributes = handlers["create"]("Key", key, "stack")
    print(made == attributes["Arn"])
    changed, _ = handlers["update"](made, key, {**key, "SecretString": "two"}, "stack")
    versions = _secrets["a/b-c"]["Versions"].values()
    print(changed == made, sorted(version["SecretString"] for version in versions))
    handlers["delete"](made, key)
    print("a/b-c" in _secrets)
"""


def test_the_ref_of_a_secret_is_still_not_its_arn(tmp_path: pathlib.Path) -> None:
    found = inside(KEY, tmp_path).split("\n")

    assert found[0] == "False", "MiniStack refers to secrets as CloudFormation does: this mend can go"


def test_the_ref_of_a_secret_is_its_arn_when_mended(tmp_path: pathlib.Path) -> None:
    found = inside(f"from tools import local_cloud; local_cloud.mend(){KEY}", tmp_path)

    assert found.split("\n") == ["True", "True ['one', 'two']", "False"]


# What the mends do


def test_replication_needs_a_destination_that_is_there_and_versioned(cloud: LocalCloud) -> None:
    s3 = cloud.client("s3", "eu-west-1")

    def bucket(name: str, *, versioned: bool = True) -> None:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def replicate(destination: str) -> None:
        rule = {
            "ID": "rule",
            "Status": "Enabled",
            "Priority": 1,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {"Bucket": f"arn:aws:s3:::{destination}"},
        }
        role = f"arn:aws:iam::{ACCOUNT}:role/copies"
        s3.put_bucket_replication(Bucket="source", ReplicationConfiguration={"Role": role, "Rules": [rule]})

    def destination() -> str:
        [rule] = s3.get_bucket_replication(Bucket="source")["ReplicationConfiguration"]["Rules"]
        return str(rule["Destination"]["Bucket"])

    bucket("source")
    bucket("plain", versioned=False)
    bucket("versioned")
    with pytest.raises(botocore.exceptions.ClientError, match="Destination bucket must exist"):
        replicate("nowhere")
    with pytest.raises(botocore.exceptions.ClientError, match="must have versioning enabled"):
        replicate("plain")
    with pytest.raises(botocore.exceptions.ClientError, match="ReplicationConfigurationNotFound"):
        destination()
    replicate("versioned")
    with pytest.raises(botocore.exceptions.ClientError, match="Destination bucket must exist"):
        replicate("nowhere")
    assert destination() == "arn:aws:s3:::versioned"


def deploy(cloud: LocalCloud, name: str, template: dict[str, Any], *, region: str = "us-east-1") -> dict[str, Any]:
    """Create or update a stack, and wait for it."""
    client = cloud.client("cloudformation", region)
    body = json.dumps(template)
    try:
        client.describe_stacks(StackName=name)
        client.update_stack(StackName=name, TemplateBody=body)
    except botocore.exceptions.ClientError:
        client.create_stack(StackName=name, TemplateBody=body)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        stack: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("IN_PROGRESS"):
            return stack
        time.sleep(0.05)
    raise AssertionError(f"{name} is not done")


def health_check(name: str, **properties: Any) -> dict[str, Any]:
    return {
        "Resources": {"Check": {"Type": "AWS::Route53::HealthCheck", "Properties": properties}},
        "Outputs": {
            "Ref": {"Value": {"Ref": "Check"}},
            "Id": {"Value": {"Fn::GetAtt": ["Check", "HealthCheckId"]}},
        },
        "Description": name,
    }


def test_a_health_check_is_what_its_template_says(cloud: LocalCloud) -> None:
    tags = [{"Key": "Name", "Value": "primary"}]
    stack = deploy(cloud, "check", health_check("new", HealthCheckConfig=HEALTH_CHECK, HealthCheckTags=tags))
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    route53 = cloud.client("route53")

    found = route53.get_health_check(HealthCheckId=outputs["Ref"])["HealthCheck"]

    assert outputs["Id"] == outputs["Ref"] == found["Id"]
    assert found["HealthCheckConfig"] == {**HEALTH_CHECK, "FailureThreshold": 3}
    assert found["Id"] in [check["Id"] for check in route53.list_health_checks()["HealthChecks"]]
    listed = route53.list_tags_for_resource(ResourceType="healthcheck", ResourceId=found["Id"])
    assert listed["ResourceTagSet"]["Tags"] == tags


def test_a_health_check_is_updated_replaced_and_deleted(cloud: LocalCloud) -> None:
    def ids() -> set[str]:
        return {check["Id"] for check in cloud.client("route53").list_health_checks()["HealthChecks"]}

    others = ids()
    deploy(cloud, "moves", health_check("new", HealthCheckConfig=HEALTH_CHECK))
    [first] = ids() - others
    config = {**HEALTH_CHECK, "FailureThreshold": 5}
    deploy(cloud, "moves", health_check("updated", HealthCheckConfig=config))
    [updated] = ids() - others
    found = cloud.client("route53").get_health_check(HealthCheckId=updated)["HealthCheck"]
    deploy(cloud, "moves", health_check("replaced", HealthCheckConfig={**config, "RequestInterval": 10}))
    [replaced] = ids() - others
    cloud.client("cloudformation").delete_stack(StackName="moves")
    deadline = time.monotonic() + 30
    while ids() - others and time.monotonic() < deadline:
        time.sleep(0.05)

    assert updated == first
    assert found["HealthCheckConfig"]["FailureThreshold"] == 5
    assert found["HealthCheckVersion"] == 2
    assert replaced != first
    assert ids() == others


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        pytest.param({}, "Properties: 'HealthCheckConfig' is a required property", id="missing"),
        pytest.param(
            {"HealthCheckConfig": {"Port": 443}},
            "HealthCheckConfig: 'Type' is a required property",
            id="missing-inside",
        ),
        pytest.param(
            {"HealthCheckConfig": HEALTH_CHECK, "Name": "mine"},
            "Name: Additional properties are not allowed ('Name' was unexpected)",
            id="unknown",
        ),
        pytest.param(
            {"HealthCheckConfig": {**HEALTH_CHECK, "Port": "https"}},
            "HealthCheckConfig.Port: 'https' is not of type 'integer'",
            id="type",
        ),
        pytest.param(
            {"HealthCheckConfig": {**HEALTH_CHECK, "Regions": ["us-east-1"]}},
            "HealthCheckConfig.Regions: expected minimum item count: 3, found: 1",
            id="too-few",
        ),
        pytest.param(
            {"HealthCheckConfig": HEALTH_CHECK, "HealthCheckId": "mine"},
            "HealthCheckId: Additional properties are not allowed ('HealthCheckId' was unexpected)",
            id="read-only",
        ),
    ],
)
def test_a_bad_health_check_fails_the_deploy(
    cloud: LocalCloud, request: pytest.FixtureRequest, properties: dict[str, Any], reason: str
) -> None:
    name = f"bad-{request.node.callspec.id}"

    stack = deploy(cloud, name, health_check("bad", **properties))

    events = cloud.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert f"AWS::Route53::HealthCheck does not match its schema: {reason}" in reasons


def test_a_monitoring_subscription_is_its_distributions(cloud: LocalCloud) -> None:
    def template(distribution: Any) -> dict[str, Any]:
        origin = {
            "Id": "o",
            "DomainName": "origin.example.net",
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
        }
        behavior = {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "4135ea2d"}
        config = {"Enabled": True, "Origins": [origin], "DefaultCacheBehavior": behavior}
        status = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": "Enabled"}}
        return {
            "Resources": {
                "Site": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}},
                "Metrics": {
                    "Type": "AWS::CloudFront::MonitoringSubscription",
                    "Properties": {"DistributionId": distribution, "MonitoringSubscription": status},
                },
            },
            "Outputs": {"Metrics": {"Value": {"Ref": "Metrics"}}},
        }

    stack = deploy(cloud, "metrics", template({"Ref": "Site"}))
    lost = deploy(cloud, "no-metrics", template("EUNKNOWN"))

    [output] = stack["Outputs"]
    found = cloud.client("cloudfront").get_monitoring_subscription(DistributionId=output["OutputValue"])
    config = found["MonitoringSubscription"]["RealtimeMetricsSubscriptionConfig"]
    assert config["RealtimeMetricsSubscriptionStatus"] == "Enabled"
    assert lost["StackStatus"] == "ROLLBACK_COMPLETE"


def routing_controls(**properties: Any) -> dict[str, Any]:
    def attribute(resource: str, name: str) -> dict[str, Any]:
        return {"Fn::GetAtt": [resource, name]}

    def typed(name: str, **given: Any) -> dict[str, Any]:
        return {"Type": f"AWS::Route53RecoveryControl::{name}", "Properties": given}

    cluster, panel = attribute("Cluster", "ClusterArn"), attribute("Panel", "ControlPanelArn")
    control = attribute("Control", "RoutingControlArn")
    rule = {
        "Name": "rule",
        "ControlPanelArn": panel,
        "AssertionRule": {"AssertedControls": [control], "WaitPeriodMs": 5000},
        "RuleConfig": {"Type": "ATLEAST", "Threshold": 1, "Inverted": False},
    }
    return {
        "Resources": {
            "Cluster": typed("Cluster", Name="cluster"),
            "Panel": typed("ControlPanel", Name="panel", ClusterArn=cluster),
            "Control": typed("RoutingControl", Name="primary", ClusterArn=cluster, ControlPanelArn=panel),
            "Rule": typed("SafetyRule", **{**rule, **properties}),
        },
        "Outputs": {name: {"Value": {"Ref": name}} for name in ("Cluster", "Panel", "Control", "Rule")},
    }


def test_routing_controls_are_what_their_template_says_until_they_are_deleted(cloud: LocalCloud) -> None:
    stack = deploy(cloud, "controls", routing_controls())
    arn = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    client = cloud.client("route53-recovery-control-config")

    cluster = client.describe_cluster(ClusterArn=arn["Cluster"])["Cluster"]
    panel = client.describe_control_panel(ControlPanelArn=arn["Panel"])["ControlPanel"]
    control = client.describe_routing_control(RoutingControlArn=arn["Control"])["RoutingControl"]
    rule = client.describe_safety_rule(SafetyRuleArn=arn["Rule"])["AssertionRule"]
    cloud.client("cloudformation").delete_stack(StackName="controls")

    assert (cluster["Name"], cluster["Status"]) == ("cluster", "DEPLOYED")
    assert len({endpoint["Region"] for endpoint in cluster["ClusterEndpoints"]}) == 5
    assert all(endpoint["Endpoint"].startswith("https://") for endpoint in cluster["ClusterEndpoints"])
    assert panel["ClusterArn"] == arn["Cluster"]
    assert control["ControlPanelArn"] == arn["Panel"]
    assert rule["RuleConfig"] == {"Type": "ATLEAST", "Threshold": 1, "Inverted": False}
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            client.describe_cluster(ClusterArn=arn["Cluster"])
        except client.exceptions.ResourceNotFoundException:
            return
        time.sleep(0.05)
    raise AssertionError("the cluster was not deleted")


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        pytest.param({"ControlPanelArn": "arn:aws:none"}, "there is no arn:aws:none", id="no-panel"),
        pytest.param(
            {"AssertionRule": {"AssertedControls": ["arn:aws:lost"], "WaitPeriodMs": 5000}},
            "there is no arn:aws:lost",
            id="no-control",
        ),
        pytest.param(
            {"RuleConfig": {"Type": "SOME", "Threshold": 1, "Inverted": False}},
            "does not match its schema: RuleConfig.Type: 'SOME' is not one of",
            id="no-such-rule",
        ),
    ],
)
def test_a_bad_safety_rule_fails_the_deploy(
    cloud: LocalCloud, request: pytest.FixtureRequest, properties: dict[str, Any], reason: str
) -> None:
    name = f"bad-rule-{request.node.callspec.id}"

    stack = deploy(cloud, name, routing_controls(**properties))

    events = cloud.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert reason in " ".join(event.get("ResourceStatusReason", "") for event in events)


def access_point(*buckets: str, policy_of: Any = None) -> dict[str, Any]:
    """A Multi-Region Access Point of the first bucket's name, and its policy."""
    name = buckets[0]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": {"AWS": ACCOUNT}}
    return {
        "Resources": {
            "Content": {
                "Type": "AWS::S3::MultiRegionAccessPoint",
                "Properties": {"Name": name, "Regions": [{"Bucket": bucket} for bucket in buckets]},
            },
            "Policy": {
                "Type": "AWS::S3::MultiRegionAccessPointPolicy",
                "Properties": {"MrapName": policy_of or {"Ref": "Content"}, "Policy": {"Statement": [statement]}},
            },
        },
        "Outputs": {"Policy": {"Value": {"Ref": "Policy"}}},
    }


def test_an_access_point_and_its_policy_are_what_their_template_says(cloud: LocalCloud) -> None:
    regions = ("eu-west-1", "eu-central-1")
    for region in regions:
        location = {"LocationConstraint": region}
        cloud.client("s3", region).create_bucket(Bucket=f"joined-{region}", CreateBucketConfiguration=location)
    s3control = cloud.client("s3control", "us-west-2")

    stack = deploy(cloud, "access-point", access_point(*(f"joined-{region}" for region in regions)))

    [output] = stack["Outputs"]
    found = s3control.get_multi_region_access_point(AccountId=ACCOUNT, Name=output["OutputValue"])["AccessPoint"]
    policy = s3control.get_multi_region_access_point_policy(AccountId=ACCOUNT, Name=found["Name"])["Policy"]
    assert [bucket["Region"] for bucket in found["Regions"]] == list(regions)
    assert json.loads(policy["Established"]["Policy"])["Statement"][0]["Principal"] == {"AWS": ACCOUNT}


@pytest.mark.parametrize(
    ("buckets", "policy_of", "reason"),
    [
        pytest.param(["not-there"], None, "The specified bucket does not exist", id="no-bucket"),
        pytest.param(["there", "beside-it"], None, "must be part of different Regions", id="one-region"),
        pytest.param(["there"], "nobody", "there is no Multi-Region Access Point nobody", id="no-access-point"),
    ],
)
def test_a_bad_access_point_fails_the_deploy(
    cloud: LocalCloud, request: pytest.FixtureRequest, buckets: list[str], policy_of: str | None, reason: str
) -> None:
    name = f"bad-access-point-{request.node.callspec.id}"
    for bucket in ("there", "beside-it"):
        cloud.client("s3").create_bucket(Bucket=bucket)

    stack = deploy(cloud, name, access_point(*buckets, policy_of=policy_of))

    events = cloud.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert reason in " ".join(event.get("ResourceStatusReason", "") for event in events)


def test_a_flow_log_is_its_vpcs_and_goes_with_its_stack(cloud: LocalCloud) -> None:
    log = {
        "ResourceId": {"Ref": "Vpc"},
        "ResourceType": "VPC",
        "LogDestinationType": "s3",
        "LogDestination": "arn:aws:s3:::logs",
        "TrafficType": "ALL",
    }
    template = {
        "Resources": {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Log": {"Type": "AWS::EC2::FlowLog", "Properties": log},
        },
        "Outputs": {"Log": {"Value": {"Ref": "Log"}}, "Vpc": {"Value": {"Ref": "Vpc"}}},
    }

    stack = deploy(cloud, "flow-log", template)

    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    ec2 = cloud.client("ec2")
    [found] = ec2.describe_flow_logs(FlowLogIds=[outputs["Log"]])["FlowLogs"]
    assert (found["ResourceId"], found["LogDestination"]) == (outputs["Vpc"], "arn:aws:s3:::logs")
    cloud.client("cloudformation").delete_stack(StackName="flow-log")
    deadline = time.monotonic() + 30
    while ec2.describe_flow_logs()["FlowLogs"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ec2.describe_flow_logs()["FlowLogs"] == []


def _group_with_a_rule(group: Any, **rule: Any) -> dict[str, Any]:
    ingress = {"GroupId": group, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **rule}
    return {
        "Resources": {
            "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "a group"}},
            "Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": ingress},
        },
        "Outputs": {"Group": {"Value": {"Fn::GetAtt": ["Group", "GroupId"]}}},
    }


def test_an_ingress_rule_is_its_groups_changes_with_its_stack_and_goes_with_it(cloud: LocalCloud) -> None:
    group = {"Fn::GetAtt": ["Group", "GroupId"]}
    ec2 = cloud.client("ec2")

    stack = deploy(cloud, "ingress", _group_with_a_rule(group, SourcePrefixListId="pl-1"))
    [output] = stack["Outputs"]
    found = ec2.describe_security_groups(GroupIds=[output["OutputValue"]])["SecurityGroups"][0]["IpPermissions"]
    deploy(cloud, "ingress", _group_with_a_rule(group, SourcePrefixListId="pl-2", Description="other"))
    changed = ec2.describe_security_groups(GroupIds=[output["OutputValue"]])["SecurityGroups"][0]["IpPermissions"]
    alone = _group_with_a_rule(group)
    del alone["Resources"]["Rule"]
    deploy(cloud, "ingress", alone)
    left = ec2.describe_security_groups(GroupIds=[output["OutputValue"]])["SecurityGroups"][0]["IpPermissions"]

    assert [(rule["FromPort"], rule["PrefixListIds"][0]["PrefixListId"]) for rule in found] == [(443, "pl-1")]
    assert [rule["PrefixListIds"][0]["PrefixListId"] for rule in changed] == ["pl-2"]
    assert left == []


def test_an_ingress_rule_of_no_group_fails_the_deploy(cloud: LocalCloud) -> None:
    stack = deploy(cloud, "no-group", _group_with_a_rule("sg-lost", CidrIp="203.0.113.0/24"))

    events = cloud.client("cloudformation").describe_stack_events(StackName="no-group")["StackEvents"]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "there is no security group sg-lost" in " ".join(event.get("ResourceStatusReason", "") for event in events)


def _redeployed(cloud: LocalCloud, template: dict[str, Any], *, importing: bool) -> str:
    """How a stack ends that is made again after it has left what it keeps."""
    client = cloud.client("cloudformation", "eu-west-1")
    for change, options in (("first", {}), ("second", {"ImportExistingResources": importing})):
        made = {"StackName": "keeps", "ChangeSetName": change, "ChangeSetType": "CREATE"}
        client.create_change_set(**made, TemplateBody=json.dumps(template), **options)
        client.execute_change_set(StackName="keeps", ChangeSetName=change)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            [stack] = client.describe_stacks(StackName="keeps")["Stacks"]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.05)
        client.delete_stack(StackName="keeps")
        client.get_waiter("stack_delete_complete").wait(StackName="keeps", WaiterConfig={"Delay": 1})
    return str(stack["StackStatus"])


@pytest.mark.parametrize(
    ("kind", "named"), [("AWS::S3::Bucket", "BucketName"), ("AWS::Logs::LogGroup", "LogGroupName")]
)
def test_what_a_stack_has_left_is_taken_over_if_that_is_asked_for(cloud: LocalCloud, kind: str, named: str) -> None:
    def template(name: str) -> dict[str, Any]:
        return {"Resources": {"Kept": {"Type": kind, "DeletionPolicy": "Retain", "Properties": {named: name}}}}

    assert _redeployed(cloud, template("asked-for"), importing=True) == "CREATE_COMPLETE"
    assert _redeployed(cloud, template("not-asked-for"), importing=False) == "ROLLBACK_COMPLETE"


def test_a_resource_without_a_name_has_another_in_the_next_stack_of_that_name(cloud: LocalCloud) -> None:
    client = cloud.client("cloudformation")
    names = set()
    for _ in range(2):
        client.create_stack(
            StackName="again",
            TemplateBody=json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain"}}}),
        )
        client.get_waiter("stack_create_complete").wait(StackName="again", WaiterConfig={"Delay": 1})
        [made] = client.list_stack_resources(StackName="again")["StackResourceSummaries"]
        names.add(made["PhysicalResourceId"])
        client.delete_stack(StackName="again")
        client.get_waiter("stack_delete_complete").wait(StackName="again", WaiterConfig={"Delay": 1})

    assert len(names) == 2, "MiniStack names what it makes after the stack's name alone"


def test_a_type_without_a_service_has_the_attributes_of_its_schema() -> None:
    accelerator = AddedType("AWS::GlobalAccelerator::Accelerator", Service())

    physical_id, attributes = accelerator.create("", {"Name": "a"}, "")
    updated = accelerator.update(physical_id, {"Name": "a"}, {"Name": "b"}, "")

    assert physical_id.startswith("arn:aws:globalaccelerator::")
    assert attributes["AcceleratorArn"] == physical_id
    assert isinstance(attributes["DnsName"], str)
    assert isinstance(attributes["Ipv4Addresses"], list)
    assert updated == (physical_id, attributes)


def test_an_autoshift_configuration_is_known_by_its_load_balancer_and_needs_an_alarm(cloud: LocalCloud) -> None:
    arn = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/50dc6c49"

    def template(**practice: Any) -> dict[str, Any]:
        shift = {
            "Type": "AWS::ARCZonalShift::ZonalAutoshiftConfiguration",
            "Properties": {
                "ResourceIdentifier": arn,
                "ZonalAutoshiftStatus": "ENABLED",
                "PracticeRunConfiguration": practice,
            },
        }
        return {"Resources": {"Shift": shift}, "Outputs": {"Shift": {"Value": {"Ref": "Shift"}}}}

    alarm = {"Type": "CLOUDWATCH", "AlarmIdentifier": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors"}
    good = deploy(cloud, "shift", template(OutcomeAlarms=[alarm]))
    bad = deploy(cloud, "no-alarm", template(BlockedDates=["2026-12-24"]))

    assert [output["OutputValue"] for output in good["Outputs"]] == [arn]
    assert bad["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_weak_reference_reaches_another_region(cloud: LocalCloud) -> None:
    topic = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    deploy(cloud, "producer", {**topic, "Outputs": {"Name": {"Value": "from-eu-west-1"}}}, region="eu-west-1")
    deploy(cloud, "producer", {**topic, "Outputs": {"Name": {"Value": "from-us-east-1"}}})

    reference = {"StackName": "producer", "OutputName": "Name", "Region": "eu-west-1"}
    joined = {"Fn::Join": ["-", [{"Fn::GetStackOutput": reference}, {"Ref": "AWS::Region"}]]}
    stack = deploy(cloud, "consumer", {**topic, "Outputs": {"Name": {"Value": joined}}})

    assert [output["OutputValue"] for output in stack["Outputs"]] == ["from-eu-west-1-us-east-1"]


@pytest.mark.parametrize("resource_type", ["AWS::Route53::NoSuchThing", "AWS::CloudFormation::NoSuchThing"])
def test_a_type_without_a_handler_fails_the_deploy(cloud: LocalCloud, resource_type: str) -> None:
    with pytest.raises(botocore.exceptions.ClientError, match=f"Unrecognized resource types: .{resource_type}"):
        deploy(cloud, "unknown", {"Resources": {"Thing": {"Type": resource_type}}})


# Versions


def test_the_version_is_the_one_that_pyproject_pins() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]

    assert f"ministack=={MINISTACK}" in groups["dev"]


def test_another_version_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_cloud, "MINISTACK", "0.1")

    with pytest.raises(LocalCloudError, match=r"mends ministack 0\.1, and .* is installed"), LocalCloud():
        pass


# The process


def test_the_callers_own_settings_stay_out(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "theirs",
        "AWS_ENDPOINT_URL_CLOUDFORMATION": "https://cloudformation.us-east-1.amazonaws.com",
        "CDK_DEFAULT_ACCOUNT": "999999999999",
        "HTTPS_PROXY": "http://proxy.example.net",
        "no_such_setting": "kept",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)

    environment = cloud.environment()

    assert theirs.keys() & environment.keys() == {"no_such_setting"}
    assert environment["AWS_ENDPOINT_URL"] == environment["AWS_ENDPOINT_URL_S3"] == cloud.endpoint
    assert cloud.client("sts", "eu-west-3").get_caller_identity()["Account"] == ACCOUNT


def test_started_by_hand_it_listens_on_nothing() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.local_cloud"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == "local cloud: LocalCloud starts this process, and says what it listens on\n"


@needs_proc
def test_it_listens_on_loopback_alone(cloud: LocalCloud) -> None:
    sockets = {str(path.readlink()) for pid in group(cloud.pid) for path in (PROC / str(pid) / "fd").iterdir()}
    rows = [line.split() for name in ("tcp", "tcp6") for line in (PROC / "net" / name).read_text().splitlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}

    port = int(cloud.endpoint.rpartition(":")[2])
    assert listening == {f"0100007F:{port:04X}"}


KEEPER = """
import subprocess, sys, tempfile, time
from tools.local_cloud import LocalCloud
with LocalCloud() as cloud:
    print(cloud.pid, cloud.environment()["CDK_HOME"], flush=True)
    time.sleep(60)
"""


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_an_interrupt_leaves_no_process_and_no_file(number: signal.Signals) -> None:
    # The signal counts also if this process ignores it, as one in the background of a shell does.
    heeds = functools.partial(signal.signal, number, signal.SIG_DFL) if number != signal.SIGKILL else None
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heeds
    ) as keeper:
        assert keeper.stdout is not None
        pid, folder = keeper.stdout.readline().decode().split()
        assert group(int(pid))

        keeper.send_signal(number)
        keeper.communicate(timeout=30)

    deadline = time.monotonic() + 10
    while group(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert group(int(pid)) == []
    assert not pathlib.Path(folder).parent.exists()


def group(leader: int) -> list[int]:
    """The processes of a group that are alive."""
    members = []
    for path in PROC.glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == leader and state != "Z":
            members.append(int(path.parent.name))
    return members
