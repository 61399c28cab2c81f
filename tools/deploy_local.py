"""Deploy every pattern to a local cloud with the real CDK CLI: it is there, changes in place, goes and comes again.

    python -m tools.deploy_local [--pattern NAME ...] [--verbose]

What the CLI synthesized and the local cloud's log stay in build/deploy-local.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import botocore.exceptions  # type: ignore[import-untyped]

from ha_patterns.catalog import BY_NAME
from ha_patterns.contracts.switches import METRIC, PRIMARY
from tools.edge_calls import CALLS, origin_asked
from tools.local_cloud import ACCOUNT, ROOT, LocalCloud, LocalCloudError, process_group

ZONE_NAME = "ha-patterns.example.net"
STATUS_PARAMETER = "OriginStatus"
# What the update changes, wherever a template has the parameter.
CHANGES = {STATUS_PARAMETER: "503", "Outage": "true"}
FOLDER = ROOT / "build" / "deploy-local"
# More at a time than this makes the functions behind custom resources wait for the one process of the local cloud.
CONCURRENCY = "8"
# A cluster costs nothing here; anywhere else nobody gets one without these words.
ASKED_FOR = ["routing_control_cluster=create"]
BOOTSTRAP_STACK = "CDKToolkit"
RETAINING = ("Retain", "RetainExceptOnCreate")
# The pattern whose first deploy fails before it is repeated: it keeps buckets, log groups, functions and versions.
INTERRUPTED = "nearest-bucket"
# The resource that fails, when all others of its stack are made: a record of a zone that nobody has.
FAILS = "FailsInTheEnd"
_FAILING = {
    "Type": "AWS::Route53::RecordSet",
    "Properties": {
        "HostedZoneId": "Z0NOSUCHZONE",
        "Name": "fails.example.com.",
        "Type": "A",
        "TTL": "60",
        "ResourceRecords": ["192.0.2.1"],
    },
}
OUTPUT_LINES = 40
# A schedule of each minute runs first when a minute has passed.
HEARTBEAT_SECONDS = 90
_FUNCTION = "AWS::Lambda::Function"


class DeployError(Exception):
    """What went wrong, for the person at the keyboard."""


# What was synthesized, and what is there


@dataclass(frozen=True, eq=False)
class Stack:
    """A synthesized stack."""

    name: str
    region: str
    template: Mapping[str, Any]

    @property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.template.get("Resources", {})
        return found

    @property
    def parameters(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.template.get("Parameters", {})
        return found


@dataclass(frozen=True)
class Resource:
    """A resource of a template, under the id that CloudFormation knows it by."""

    cloud: LocalCloud
    stack: Stack
    logical_id: str
    id: str
    siblings: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.stack.name}.{self.logical_id} ({self.type})"

    @property
    def definition(self) -> Mapping[str, Any]:
        return self.stack.resources[self.logical_id]

    @property
    def type(self) -> str:
        return type_of(self.definition)

    @property
    def has_fixed_name(self) -> bool:
        """Whether its id is a text of the template, and so the same in each deploy."""
        return self.id in self.definition.get("Properties", {}).values()

    def client(self, service: str) -> Any:
        return self.cloud.client(service, self.stack.region)

    def property(self, name: str) -> str:
        """A property, or the first of a list. A reference to another resource of the stack is its physical id."""
        value = self.definition["Properties"][name]
        return self._resolved(name, value[0] if isinstance(value, list) else value)

    def _resolved(self, name: str, value: Any) -> str:
        match value:
            case {"Ref": str(target)} | {"Fn::GetAtt": [str(target), _]} if target in self.siblings:
                return self.siblings[target]
            case {"Ref": "AWS::AccountId"}:
                return ACCOUNT
            case {"Fn::Join": [str(separator), list(parts)]}:
                return separator.join(self._resolved(name, part) for part in parts)
            case str(text):
                return text
            case other:
                raise DeployError(f"{self}: cannot tell what {name} is: {other}")


def type_of(definition: Mapping[str, Any]) -> str:
    """A resource's type. Custom resources that no probe knows are one type, whatever their names."""
    name: str = definition["Type"]
    return "Custom::*" if name.startswith("Custom::") and name not in PROBES else name


# One entry a type: what its service's own API says of it. Nothing, or an error that says "not found", is absence.

Probe = Callable[[Resource], object]


def _permission(resource: Resource) -> bool:
    policy = resource.client("lambda").get_policy(FunctionName=resource.property("FunctionName"))["Policy"]
    return resource.id in [statement["Sid"] for statement in json.loads(policy)["Statement"]]


def _version(resource: Resource) -> object:
    """A function of that name may be there again: its version is asked for by number."""
    function, _, version = resource.id.rpartition(":")
    return resource.client("lambda").get_function(FunctionName=function, Qualifier=version)


def _record(resource: Resource) -> bool:
    properties = resource.definition["Properties"]
    pages = resource.client("route53").get_paginator("list_resource_record_sets")
    found = [
        (record["Name"].rstrip("."), record["Type"], record.get("SetIdentifier"))
        for page in pages.paginate(HostedZoneId=resource.property("HostedZoneId"))
        for record in page["ResourceRecordSets"]
    ]
    return (resource.id.rstrip("."), properties["Type"], properties.get("SetIdentifier")) in found


def _method(resource: Resource) -> object:
    api, parent, verb = resource.id.split("-")
    return resource.client("apigateway").get_method(restApiId=api, resourceId=parent, httpMethod=verb)


def _base_path(resource: Resource) -> object:
    domain, _, path = resource.id.partition("/")
    return resource.client("apigateway").get_base_path_mapping(domainName=domain, basePath=path)


def _log_group(resource: Resource) -> bool:
    groups = resource.client("logs").describe_log_groups(logGroupNamePrefix=resource.id)["logGroups"]
    return resource.id in [group["logGroupName"] for group in groups]


def _replication(resource: Resource) -> bool:
    """The rule, as the bucket itself has it, and not only what the custom resource said."""
    s3 = resource.cloud.client("s3", resource.property("SourceRegion"))
    found = s3.get_bucket_replication(Bucket=resource.property("SourceBucket"))["ReplicationConfiguration"]["Rules"]
    return [rule["Status"] for rule in found] == ["Enabled"]


def _access_point(resource: Resource) -> Any:
    """What S3 has over Regions is asked for in us-west-2, wherever the template is."""
    return resource.cloud.client("s3control", "us-west-2")


def _global_table(resource: Resource) -> bool:
    """It is there in each of its Regions."""
    regions = [replica["Region"] for replica in resource.definition["Properties"]["Replicas"]]
    tables = [resource.cloud.client("dynamodb", region).describe_table(TableName=resource.id) for region in regions]
    return {table["Table"]["TableStatus"] for table in tables} == {"ACTIVE"}


def _table_facts(resource: Resource) -> bool:
    """The item, as the table itself has it."""
    key = {"host": {"S": resource.property("Host")}}
    return "Item" in resource.client("dynamodb").get_item(TableName=resource.property("Table"), Key=key)


def _secret(resource: Resource) -> bool:
    """The secret, and the same value in each Region that its template replicates it to."""
    properties = resource.definition["Properties"]
    regions = [resource.stack.region, *(each["Region"] for each in properties.get("ReplicaRegions", ()))]
    values = {
        resource.cloud.client("secretsmanager", region).get_secret_value(SecretId=properties["Name"])["SecretString"]
        for region in regions
    }
    return len(values) == 1


def _prefix_lists(resource: Resource) -> bool:
    """The security groups of its stack, as their service has them, admit from lists of the names that were asked."""
    names = resource.definition["Properties"]["Names"].values()
    ec2 = resource.client("ec2")
    lists = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [*map(str, names)]}])
    groups = ec2.describe_security_groups()["SecurityGroups"]
    admitted = {
        source["PrefixListId"]
        for group in groups
        if group["GroupId"] in resource.siblings.values()
        for permission in group["IpPermissions"]
        for source in permission["PrefixListIds"]
    }
    return admitted == {each["PrefixListId"] for each in lists["PrefixLists"]}


def _ingress(resource: Resource) -> bool:
    """Whether its group has a permission for its port."""
    groups = resource.client("ec2").describe_security_groups(GroupIds=[resource.property("GroupId")])["SecurityGroups"]
    ports = [permission.get("FromPort") for group in groups for permission in group["IpPermissions"]]
    return resource.definition["Properties"]["FromPort"] in ports


def _topic_policy(resource: Resource) -> bool:
    """A topic always has a policy: its own, until it is given one."""
    topic = resource.client("sns").get_topic_attributes(TopicArn=resource.property("Topics"))
    return bool(json.loads(topic["Attributes"]["Policy"]).get("Id") != "__default_policy_ID")


def _of_route_tables(resource: Resource, table: str, key: str, name: str) -> list[str | None]:
    """One field of the routes or associations of a route table; nothing where there is no such table."""
    tables = resource.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return [entry.get(name) for found in tables for entry in found[key]]


def _route(resource: Resource) -> bool:
    table, _, destination = resource.id.partition("|")
    return destination in _of_route_tables(resource, table, "Routes", "DestinationCidrBlock")


def _association(resource: Resource) -> bool:
    table = resource.property("RouteTableId")
    return resource.id in _of_route_tables(resource, table, "Associations", "RouteTableAssociationId")


def _attachment(resource: Resource) -> bool:
    ids = [resource.property("InternetGatewayId")]
    gateways = resource.client("ec2").describe_internet_gateways(InternetGatewayIds=ids)["InternetGateways"]
    attached = [attachment["VpcId"] for gateway in gateways for attachment in gateway["Attachments"]]
    return resource.property("VpcId") in attached


PROBES: Mapping[str, Probe] = {
    "AWS::ApiGateway::BasePathMapping": _base_path,
    "AWS::ApiGateway::Deployment": lambda r: r.client("apigateway").get_deployment(
        restApiId=r.property("RestApiId"), deploymentId=r.id
    ),
    "AWS::ApiGateway::DomainName": lambda r: r.client("apigateway").get_domain_name(domainName=r.id),
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGateway::Resource": lambda r: r.client("apigateway").get_resource(
        restApiId=r.property("RestApiId"), resourceId=r.id
    ),
    "AWS::ApiGateway::RestApi": lambda r: r.client("apigateway").get_rest_api(restApiId=r.id),
    "AWS::ApiGateway::Stage": lambda r: r.client("apigateway").get_stage(
        restApiId=r.property("RestApiId"), stageName=r.id
    ),
    "AWS::ApiGatewayV2::Api": lambda r: r.client("apigatewayv2").get_api(ApiId=r.id),
    "AWS::ApiGatewayV2::ApiMapping": lambda r: r.client("apigatewayv2").get_api_mapping(
        DomainName=r.property("DomainName"), ApiMappingId=r.id
    ),
    "AWS::ApiGatewayV2::DomainName": lambda r: r.client("apigatewayv2").get_domain_name(DomainName=r.id),
    "AWS::ApiGatewayV2::Integration": lambda r: r.client("apigatewayv2").get_integration(
        ApiId=r.property("ApiId"), IntegrationId=r.id
    ),
    "AWS::ApiGatewayV2::Route": lambda r: r.client("apigatewayv2").get_route(
        ApiId=r.property("ApiId"), RouteId=r.id.rpartition("/")[2]
    ),
    "AWS::ApiGatewayV2::Stage": lambda r: r.client("apigatewayv2").get_stage(ApiId=r.property("ApiId"), StageName=r.id),
    "AWS::CertificateManager::Certificate": lambda r: r.client("acm").describe_certificate(CertificateArn=r.id),
    "AWS::CloudFront::CachePolicy": lambda r: r.client("cloudfront").get_cache_policy(Id=r.id),
    "AWS::CloudFront::MonitoringSubscription": lambda r: r.client("cloudfront").get_monitoring_subscription(
        DistributionId=r.id
    ),
    "AWS::CloudFront::Distribution": lambda r: r.client("cloudfront").get_distribution(Id=r.id),
    "AWS::CloudFront::Function": lambda r: r.client("cloudfront").describe_function(Name=r.id, Stage="LIVE"),
    "AWS::CloudFront::OriginAccessControl": lambda r: r.client("cloudfront").get_origin_access_control(Id=r.id),
    "AWS::CloudFront::OriginRequestPolicy": lambda r: r.client("cloudfront").get_origin_request_policy(Id=r.id),
    "AWS::CloudWatch::Alarm": lambda r: r.client("cloudwatch").describe_alarms(AlarmNames=[r.id])["MetricAlarms"],
    "AWS::DynamoDB::GlobalTable": _global_table,
    "AWS::EC2::FlowLog": lambda r: r.client("ec2").describe_flow_logs(FlowLogIds=[r.id])["FlowLogs"],
    "AWS::EC2::InternetGateway": lambda r: r.client("ec2").describe_internet_gateways(InternetGatewayIds=[r.id])[
        "InternetGateways"
    ],
    "AWS::EC2::Route": _route,
    "AWS::EC2::RouteTable": lambda r: r.client("ec2").describe_route_tables(RouteTableIds=[r.id])["RouteTables"],
    "AWS::EC2::SecurityGroup": lambda r: r.client("ec2").describe_security_groups(GroupIds=[r.id])["SecurityGroups"],
    "AWS::EC2::SecurityGroupIngress": _ingress,
    "AWS::EC2::Subnet": lambda r: r.client("ec2").describe_subnets(SubnetIds=[r.id])["Subnets"],
    "AWS::EC2::SubnetRouteTableAssociation": _association,
    "AWS::EC2::VPC": lambda r: r.client("ec2").describe_vpcs(VpcIds=[r.id])["Vpcs"],
    "AWS::EC2::VPCGatewayAttachment": _attachment,
    "AWS::ElasticLoadBalancingV2::Listener": lambda r: r.client("elbv2").describe_listeners(ListenerArns=[r.id])[
        "Listeners"
    ],
    "AWS::ElasticLoadBalancingV2::ListenerRule": lambda r: r.client("elbv2").describe_rules(RuleArns=[r.id])["Rules"],
    "AWS::ElasticLoadBalancingV2::LoadBalancer": lambda r: r.client("elbv2").describe_load_balancers(
        LoadBalancerArns=[r.id]
    )["LoadBalancers"],
    "AWS::ElasticLoadBalancingV2::TargetGroup": lambda r: r.client("elbv2").describe_target_groups(
        TargetGroupArns=[r.id]
    )["TargetGroups"],
    "AWS::Events::Rule": lambda r: r.client("events").list_targets_by_rule(Rule=r.id)["Targets"],
    "AWS::IAM::Policy": lambda r: r.client("iam").get_role_policy(
        RoleName=r.property("Roles"), PolicyName=r.property("PolicyName")
    ),
    "AWS::IAM::Role": lambda r: r.client("iam").get_role(RoleName=r.id),
    "AWS::Lambda::EventInvokeConfig": lambda r: r.client("lambda").get_function_event_invoke_config(
        FunctionName=r.property("FunctionName"), Qualifier=r.property("Qualifier")
    ),
    "AWS::Lambda::Function": lambda r: r.client("lambda").get_function(FunctionName=r.id),
    "AWS::Lambda::Permission": _permission,
    "AWS::Lambda::Version": _version,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::Logs::MetricFilter": lambda r: r.client("logs").describe_metric_filters(
        logGroupName=r.property("LogGroupName"), filterNamePrefix=r.id
    )["metricFilters"],
    "AWS::Route53::HealthCheck": lambda r: r.client("route53").get_health_check(HealthCheckId=r.id),
    "AWS::Route53::RecordSet": _record,
    "AWS::Route53RecoveryControl::Cluster": lambda r: r.client("route53-recovery-control-config").describe_cluster(
        ClusterArn=r.id
    ),
    "AWS::Route53RecoveryControl::ControlPanel": lambda r: r.client(
        "route53-recovery-control-config"
    ).describe_control_panel(ControlPanelArn=r.id),
    "AWS::Route53RecoveryControl::RoutingControl": lambda r: r.client(
        "route53-recovery-control-config"
    ).describe_routing_control(RoutingControlArn=r.id),
    "AWS::Route53RecoveryControl::SafetyRule": lambda r: r.client(
        "route53-recovery-control-config"
    ).describe_safety_rule(SafetyRuleArn=r.id),
    "AWS::S3::Bucket": lambda r: r.client("s3").head_bucket(Bucket=r.id),
    "AWS::S3::BucketPolicy": lambda r: r.client("s3").get_bucket_policy(Bucket=r.property("Bucket")),
    "AWS::S3::MultiRegionAccessPoint": lambda r: _access_point(r).get_multi_region_access_point(
        AccountId=ACCOUNT, Name=r.id
    ),
    "AWS::S3::MultiRegionAccessPointPolicy": lambda r: (
        _access_point(r).get_multi_region_access_point_policy(AccountId=ACCOUNT, Name=r.id)["Policy"].get("Established")
    ),
    "AWS::SecretsManager::Secret": _secret,
    "AWS::SNS::Topic": lambda r: r.client("sns").get_topic_attributes(TopicArn=r.id),
    "AWS::SNS::TopicPolicy": _topic_policy,
    "Custom::BucketReplication": _replication,
    "Custom::ManagedPrefixLists": _prefix_lists,
    "Custom::TableFacts": _table_facts,
}

NO_SERVICE: Mapping[str, str] = {
    "AWS::ARCZonalShift::ZonalAutoshiftConfiguration": "the local cloud has no Application Recovery Controller",
    "AWS::CDK::Metadata": "the CDK's note of its own version, which makes nothing",
    "AWS::CloudFront::CloudFrontOriginAccessIdentity": "the local cloud's CloudFront cannot be asked for identities",
    "AWS::GlobalAccelerator::Accelerator": "the local cloud has no Global Accelerator",
    "AWS::GlobalAccelerator::EndpointGroup": "the local cloud has no Global Accelerator",
    "AWS::GlobalAccelerator::Listener": "the local cloud has no Global Accelerator",
    "Custom::*": "its provider alone knows what it made",
}

NOT_FOUND = re.compile(r"NotFound|NoSuch|404")


def exists(resource: Resource) -> bool:
    """Whether its service has the resource."""
    try:
        return bool(PROBES[resource.type](resource))
    except botocore.exceptions.ClientError as error:
        if NOT_FOUND.search(error.response["Error"]["Code"]):
            return False
        raise DeployError(f"{resource}: {error}") from None


# What must hold after each step


def deployed(cloud: LocalCloud, stacks: Sequence[Stack]) -> list[Resource]:
    """What CloudFormation holds of these stacks; that must be what their templates have, one by one."""
    resources: list[Resource] = []
    failures: list[str] = []
    for stack in stacks:
        pages = cloud.client("cloudformation", stack.region).get_paginator("list_stack_resources")
        ids = {
            summary["LogicalResourceId"]: summary["PhysicalResourceId"]
            for page in pages.paginate(StackName=stack.name)
            for summary in page["StackResourceSummaries"]
            if summary["ResourceStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
        }
        wanted = stack.resources
        failures += [f"{stack.name}.{name} is missing" for name in sorted(wanted.keys() - ids.keys())]
        failures += [f"{stack.name}.{name} is in no template" for name in sorted(ids.keys() - wanted.keys())]
        resources += [Resource(cloud, stack, name, ids[name], ids) for name in wanted if name in ids]
    _fail_on(failures)
    return resources


def verify_there(resources: Sequence[Resource]) -> None:
    """The service of every resource must have it too. A type that no table knows is a failure, not skipped."""
    unknown = sorted({resource.type for resource in resources} - PROBES.keys() - NO_SERVICE.keys())
    _fail_on([f"{name} is in neither PROBES nor NO_SERVICE of tools/deploy_local.py" for name in unknown])
    with_service = [resource for resource in resources if resource.type in PROBES]
    _fail_on(
        [f"{resource} is unknown to its service as {resource.id}" for resource in with_service if not exists(resource)]
    )


def verify_updated(cloud: LocalCloud, stacks: Sequence[Stack], before: Sequence[Resource]) -> None:
    """The stacks that have the changed parameter must have been updated, every resource staying the one it was."""
    _fail_on(
        [
            f"{stack.name} was to be updated, and is {status}"
            for stack in stacks
            if CHANGES.keys() & stack.parameters.keys()
            and (status := _stack_statuses(cloud, stack.region).get(stack.name)) != "UPDATE_COMPLETE"
        ]
    )
    after = {(resource.stack, resource.logical_id): resource.id for resource in deployed(cloud, stacks)}
    _fail_on(
        [
            f"{resource} was replaced by the update: {resource.id} became {after.get(key, 'nothing')}"
            for resource in before
            if after.get(key := (resource.stack, resource.logical_id)) != resource.id
        ]
    )


def verify_answers(resources: Sequence[Resource], status: str) -> None:
    """The sample origins must answer with their Region and the status that their stack's parameter says."""
    # As both API Gateway and a load balancer send it.
    asked = {"method": "GET", "path": "/health"}
    event = json.dumps({"requestContext": {"http": asked}, "httpMethod": asked["method"], "path": asked["path"]})
    failures = []
    for resource in resources:
        environment = resource.definition.get("Properties", {}).get("Environment", {}).get("Variables", {})
        if resource.type == _FUNCTION and {"Ref": STATUS_PARAMETER} in environment.values():
            payload = resource.client("lambda").invoke(FunctionName=resource.id, Payload=event)["Payload"].read()
            answer = json.loads(payload)
            told = (str(answer.get("statusCode")), json.loads(answer.get("body", "{}")).get("region"))
            if told != (status, resource.stack.region):
                failures.append(f"{resource} answers {payload.decode(errors='replace')}, and not with status {status}")
    _fail_on(failures)


def verify_edge_functions(cloud: LocalCloud, resources: Sequence[Resource]) -> None:
    """Every edge function must do what the table of calls says, and be in it."""
    failures = []
    for resource in resources:
        handler = str(resource.definition["Properties"].get("Handler")) if resource.type == _FUNCTION else ""
        if not handler.startswith("lambda_edge."):
            continue
        calls = [call for call in CALLS if (call.stack, call.path) == (resource.stack.name, handler)]
        if not calls:
            failures.append(f"{resource} is called by no row of CALLS in tools/edge_calls.py")
        (distribution,) = (
            each for each in resources if each.stack is resource.stack and each.type == "AWS::CloudFront::Distribution"
        )
        config = distribution.client("cloudfront").get_distribution_config(Id=distribution.id)["DistributionConfig"]
        for call in calls:
            found = None
            if call.before is not None:
                found = call.before(
                    cloud, [each for each in resources if _pattern(each.stack) == _pattern(resource.stack)]
                )
            event = json.dumps(call.payload(origin_asked(config, call.role), found or {}))
            with _replica(resource, call.region or resource.stack.region) as client:
                answer = client.invoke(FunctionName=resource.id, Payload=event)
                payload = answer["Payload"].read()
            wrong = [payload.decode()] if "FunctionError" in answer else call.wrong(json.loads(payload))
            failures += [f"{resource}: {call.shows}: {text}" for text in wrong]
    _fail_on(failures)


def verify_heartbeats(resources: Sequence[Resource], seconds: float = HEARTBEAT_SECONDS) -> None:
    """Every traffic switch must have said by itself that the primary serves: nobody has thrown it."""
    silent = [
        resource
        for resource in resources
        if resource.type == "AWS::CloudWatch::Alarm"
        and (resource.definition["Properties"].get("MetricName"), resource.definition["Properties"].get("Statistic"))
        == (METRIC, "Maximum")
    ]
    deadline = time.monotonic() + seconds
    while (
        silent := [resource for resource in silent if not _primary_serves(resource)]
    ) and time.monotonic() < deadline:
        time.sleep(1)
    _fail_on([f"{resource} has no heartbeat that says that the primary serves" for resource in silent])


def _primary_serves(switch: Resource) -> bool:
    now = time.time()
    found = switch.client("cloudwatch").get_metric_statistics(
        Namespace=switch.property("Namespace"),
        MetricName=METRIC,
        StartTime=now - 3600,
        EndTime=now + 60,
        Period=60,
        Statistics=["Maximum"],
    )
    return {point["Maximum"] for point in found["Datapoints"]} == {PRIMARY}


def _pattern(stack: Stack) -> str:
    """The pattern that a stack is of: its name begins with the pattern's."""
    return max((name for name in BY_NAME if stack.name.startswith(f"{name}-")), key=len, default=stack.name)


@contextmanager
def _replica(function: Resource, region: str) -> Iterator[Any]:
    """A client of a Region that has the function: copied there, as CloudFront does with what runs at the edge."""
    client = function.cloud.client("lambda", region)
    if region == function.stack.region:
        yield client
        return
    found = function.client("lambda").get_function(FunctionName=function.id)
    kept = ("FunctionName", "Handler", "MemorySize", "Role", "Runtime", "Timeout")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(found["Code"]["Location"]) as code:
        client.create_function(**{name: found["Configuration"][name] for name in kept}, Code={"ZipFile": code.read()})
    try:
        yield client
    finally:
        client.delete_function(FunctionName=function.id)


def verify_gone(cloud: LocalCloud, resources: Sequence[Resource]) -> list[Resource]:
    """No stack must be left, and of the resources those alone that their templates retain. Returns these."""
    regions = sorted({resource.stack.region for resource in resources})
    left = [(name, region) for region in regions for name in _stack_statuses(cloud, region) if name != BOOTSTRAP_STACK]
    _fail_on([f"stack {name} is left in {region}" for name, region in left])
    with_service = [resource for resource in resources if resource.type in PROBES]
    there = [resource for resource in with_service if exists(resource)]
    retained = [r for r in with_service if r.definition.get("DeletionPolicy") in RETAINING]
    _fail_on(
        [f"{resource} is left as {resource.id}" for resource in there if resource not in retained]
        + [f"{resource} was to be retained, and is gone" for resource in retained if resource not in there]
    )
    return retained


def verify_rolled_back(cloud: LocalCloud, stacks: Sequence[Stack]) -> None:
    """The first deploy of these stacks must have been made, and taken back as a whole."""
    _fail_on(
        [
            f"{stack.name} was to be rolled back, and is {status}"
            for stack in stacks
            if (status := _stack_statuses(cloud, stack.region).get(stack.name)) != "ROLLBACK_COMPLETE"
        ]
    )


def verify_taken_over(retained: Sequence[Resource], after: Sequence[Resource]) -> None:
    """Of what the destroy has left, whatever has a name that is fixed must be in its stack again."""
    ids = {(resource.stack, resource.logical_id): resource.id for resource in after}
    _fail_on(
        [
            f"{resource} was to be taken over as {resource.id}, and is {found}"
            for resource in retained
            if resource.has_fixed_name and (found := ids[resource.stack, resource.logical_id]) != resource.id
        ]
    )


def table(resources: Sequence[Resource], stacks: Sequence[Stack]) -> str:
    """By type: how many the templates have, how many are there, and who says so."""
    wanted = Counter(type_of(definition) for stack in stacks for definition in stack.resources.values())
    found = Counter(resource.type for resource in resources)
    rows: list[tuple[object, ...]] = [("type", "in templates", "deployed", "seen through")]
    rows += [
        (name, wanted[name], found[name], "service API" if name in PROBES else "CloudFormation only")
        for name in sorted(wanted)
    ]
    rows.append(("total", wanted.total(), found.total(), f"{len(stacks)} stacks"))
    return "\n".join("  {:<42}{:>12}{:>10}  {}".format(*row) for row in rows)


def _stack_statuses(cloud: LocalCloud, region: str) -> dict[str, str]:
    pages = cloud.client("cloudformation", region).get_paginator("list_stacks").paginate()
    summaries = [summary for page in pages for summary in page["StackSummaries"]]
    return {one["StackName"]: one["StackStatus"] for one in summaries if one["StackStatus"] != "DELETE_COMPLETE"}


def _fail_on(failures: Sequence[str]) -> None:
    if failures:
        raise DeployError("\n  ".join(failures))


# The run


@dataclass(frozen=True)
class Cdk:
    """The pinned CDK CLI, in the folder of an app, against a local cloud."""

    cloud: LocalCloud
    app: pathlib.Path
    verbose: bool

    def __call__(self, *arguments: str) -> None:
        """Run it to its end. Fails with its last output."""
        command = ["cdk", *arguments, "--ci", "--no-color", "--no-notices"]
        with process_group(
            command, cwd=self.app, env=self.cloud.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            lines: list[str] = []
            for line in process.stdout or ():
                lines.append(line.decode(errors="replace").rstrip())
                if self.verbose:
                    print(f"    {lines[-1]}", flush=True)
            status = process.wait()
        if status:
            output = "\n  ".join(lines[-OUTPUT_LINES:])
            raise DeployError(f"cdk {arguments[0]} ended with exit status {status}:\n  {output}")

    def synth(self, assembly: pathlib.Path, context: Sequence[str]) -> list[Stack]:
        """Synthesize the app, and read every stack of what came out."""
        options = [part for setting in context for part in ("-c", setting)]
        self("synth", "--quiet", "--output", str(assembly), *options)
        return [
            Stack(
                name=artifact["properties"].get("stackName", artifact_id),
                region=artifact["environment"].rpartition("/")[2],
                template=json.loads((manifest.parent / artifact["properties"]["templateFile"]).read_text()),
            )
            for manifest in sorted(assembly.rglob("manifest.json"))
            for artifact_id, artifact in json.loads(manifest.read_text())["artifacts"].items()
            if artifact["type"] == "aws:cloudformation:stack"
        ]

    def bootstrap(self, assembly: pathlib.Path, regions: Sequence[str]) -> None:
        # Without an assembly, the CLI would synthesize the app once more.
        self("bootstrap", "--app", str(assembly), *[f"aws://{ACCOUNT}/{region}" for region in regions])

    def deploy(
        self,
        assembly: pathlib.Path,
        *parameters: str,
        stacks: Sequence[Stack] | None = None,
        import_existing: bool = False,
    ) -> None:
        """Deploy all, or some stacks and nothing that they depend on."""
        chosen = ["--all"] if stacks is None else ["--exclusively", *[stack.name for stack in stacks]]
        options = ["--require-approval", "never", "--concurrency", CONCURRENCY, "--asset-parallelism"]
        options += ["--import-existing-resources"] if import_existing else []
        options += [f"--parameters={given}" for given in parameters]
        self("deploy", *chosen, "--app", str(assembly), *options)

    def destroy(self, assembly: pathlib.Path) -> None:
        self("destroy", "--all", "--force", "--app", str(assembly), "--concurrency", CONCURRENCY)


def run(folder: pathlib.Path, *, app: pathlib.Path = ROOT, context: Sequence[str] = (), verbose: bool = False) -> None:
    """Deploy an app, verify, update and destroy it. What it synthesizes goes to the folder. Raises DeployError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    assembly = folder / "cdk.out"
    with LocalCloud(log=folder / "cloud.log") as cloud:
        cdk = Cdk(cloud, app, verbose)
        zone = cloud.client("route53").create_hosted_zone(Name=ZONE_NAME, CallerReference=ZONE_NAME)["HostedZone"]
        with _phase("synth"):
            zone_id = zone["Id"].rpartition("/")[2]
            stacks = cdk.synth(assembly, [f"zone_name={ZONE_NAME}", f"zone_id={zone_id}", *ASKED_FOR, *context])
        with _phase("bootstrap"):
            cdk.bootstrap(assembly, sorted({stack.region for stack in stacks}))
        failing = interrupted(stacks)
        with _phase("fail"):
            deploy_to_fail(cdk, broken(assembly, folder / "broken.out", failing), failing)
        with _phase("verify"):
            verify_rolled_back(cloud, failing)
        with _phase("deploy"):
            cdk.deploy(assembly)
        with _phase("verify"):
            resources = deployed(cloud, stacks)
            verify_there(resources)
            verify_answers(resources, "200")
            verify_edge_functions(cloud, resources)
        print(table(resources, stacks), flush=True)
        with _phase("update"):
            cdk.deploy(assembly, *changes(stacks))
        with _phase("verify"):
            verify_updated(cloud, stacks, resources)
            verify_there(resources)
            verify_answers(resources, CHANGES[STATUS_PARAMETER])
            verify_heartbeats(resources)
        with _phase("destroy"):
            cdk.destroy(assembly)
        with _phase("verify"):
            retained = verify_gone(cloud, resources)
        print(f"retained by design: {', '.join(map(str, retained)) or 'nothing'}", flush=True)
        with _phase("redeploy"):
            cdk.deploy(assembly, import_existing=True)
        with _phase("verify"):
            again = deployed(cloud, stacks)
            verify_there(again)
            verify_answers(again, "200")
            verify_taken_over(retained, again)
        with _phase("destroy"):
            cdk.destroy(assembly)
        with _phase("verify"):
            verify_gone(cloud, again)


def interrupted(stacks: Sequence[Stack]) -> list[Stack]:
    """The stacks whose first deploy is made to fail: those that keep something, and need no other stack to be there."""
    found = [
        stack
        for stack in stacks
        if any(definition.get("DeletionPolicy") in RETAINING for definition in stack.resources.values())
        and "Fn::GetStackOutput" not in json.dumps(stack.template)
    ]
    return [stack for stack in found if _pattern(stack) == INTERRUPTED] or found


def broken(assembly: pathlib.Path, copy: pathlib.Path, stacks: Sequence[Stack]) -> pathlib.Path:
    """A copy of an assembly, in which the last resource of these stacks fails."""
    shutil.copytree(assembly, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    for artifact_id in {stack.name for stack in stacks} & manifest["artifacts"].keys():
        properties = manifest["artifacts"][artifact_id]["properties"]
        path = copy / properties["templateFile"]
        template = json.loads(path.read_text())
        others = [name for name, made in template["Resources"].items() if made["Type"] != "AWS::CDK::Metadata"]
        template["Resources"][FAILS] = {**_FAILING, "DependsOn": others}
        path.write_text(json.dumps(template))
        # Else it would be stored by the hash of the one that is whole, and be taken for it later.
        del properties["stackTemplateAssetObjectUrl"]
        assets = copy / f"{artifact_id}.assets.json"
        listed = json.loads(assets.read_text())
        listed["files"] = {name: file for name, file in listed["files"].items() if file["source"]["path"] != path.name}
        assets.write_text(json.dumps(listed))
    (copy / "manifest.json").write_text(json.dumps(manifest))
    return copy


def deploy_to_fail(cdk: Cdk, assembly: pathlib.Path, stacks: Sequence[Stack]) -> None:
    """Deploy stacks that fail; one by one, since the CLI leaves off at the first that does."""

    def fail(stack: Stack) -> str | None:
        # Some fail before, for want of what another stack would have made.
        try:
            cdk.deploy(assembly, stacks=[stack])
        except DeployError:
            return None
        return f"{stack.name} was to fail, and did not"

    with ThreadPoolExecutor(max_workers=4) as pool:
        _fail_on([failure for failure in pool.map(fail, stacks) if failure is not None])


def changes(stacks: Sequence[Stack]) -> list[str]:
    """The settings that the update changes, wherever they are."""
    found = [
        f"{stack.name}:{parameter}={value}"
        for stack in stacks
        for parameter, value in CHANGES.items()
        if parameter in stack.parameters
    ]
    if not found:
        raise DeployError(f"no template has one of the parameters {', '.join(CHANGES)}, which the update changes")
    return found


@contextmanager
def _phase(name: str) -> Iterator[None]:
    start = time.monotonic()
    print(f"{name:<10}", end="", flush=True)
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        print(f"{outcome} in {time.monotonic() - start:.1f} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command: 0 when everything held, 1 with what did not."""
    parser = argparse.ArgumentParser(prog="python -m tools.deploy_local", description=__doc__.split("\n")[0])
    parser.add_argument("--pattern", nargs="+", choices=list(BY_NAME), help="these alone, one after the other")
    parser.add_argument("--verbose", action="store_true", help="show what the CDK CLI prints")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    try:
        for name in options.pattern or [None]:
            context = [f"pattern={name}"] if name else []
            run(FOLDER / (name or "all"), context=context, verbose=options.verbose)
    except (DeployError, LocalCloudError) as error:
        print(f"deploy-local: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("deploy-local: interrupted", file=sys.stderr)
        return 130
    print(f"deployed, verified, updated, destroyed, and all that again in {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
