"""What alarms and events start is found, and a feature of a function is one where it is there for certain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology.loading import load
from ha_patterns.topology.model import (
    Alarm,
    EventRule,
    Function,
    FunctionAssociation,
    FunctionVersion,
    Role,
    RoutingControl,
    SafetyRule,
    StateMachine,
    Topic,
)
from ha_patterns.topology.topology import Topology


def _load(folder: Path, **resources: Any) -> Topology:
    path = folder / "template.json"
    parameters = {"Given": {"Type": "String"}}
    conditions = {"Some": {"Fn::Equals": [{"Ref": "Given"}, "yes"]}}
    made = {name: {"Type": f"AWS::{kind}", "Properties": given} for name, (kind, given) in resources.items()}
    path.write_text(json.dumps({"Parameters": parameters, "Conditions": conditions, "Resources": made}))
    return load(path)


_FUNCTION: tuple[str, dict[str, Any]] = ("Lambda::Function", {})
_ARN = {"Fn::GetAtt": ["Function", "Arn"]}


def test_an_alarm_starts_topics_functions_and_state_machines(tmp_path: Path) -> None:
    actions = [{"Ref": "Topic"}, _ARN, {"Ref": "Machine"}, "arn:aws:sns:us-east-1:111122223333:elsewhere"]
    topology = _load(
        tmp_path,
        Alarm=("CloudWatch::Alarm", {"AlarmActions": actions}),
        Topic=("SNS::Topic", {}),
        Machine=("StepFunctions::StateMachine", {}),
        Function=_FUNCTION,
    )

    (alarm,) = topology.of(Alarm)
    assert [type(thing) for thing in alarm.starts] == [Topic, Function, StateMachine]


def test_a_topic_has_the_functions_that_subscribe_inside_it_and_beside_it(tmp_path: Path) -> None:
    subscription = {"TopicArn": {"Ref": "Topic"}, "Protocol": "lambda", "Endpoint": {"Fn::GetAtt": ["Other", "Arn"]}}
    mail = {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "ops@example.com"}
    topology = _load(
        tmp_path,
        Topic=("SNS::Topic", {"Subscription": [{"Protocol": "lambda", "Endpoint": _ARN}]}),
        Subscription=("SNS::Subscription", subscription),
        Mail=("SNS::Subscription", mail),
        Function=_FUNCTION,
        Other=_FUNCTION,
    )

    (topic,) = topology.of(Topic)
    assert [function.place.logical_id for function in topic.functions] == ["Function", "Other"]


@pytest.mark.parametrize("target", [_ARN, {"Ref": "Version"}, {"Ref": "Alias"}])
def test_an_event_rule_starts_a_function_by_any_of_its_names(tmp_path: Path, target: Any) -> None:
    topology = _load(
        tmp_path,
        Rule=("Events::Rule", {"EventPattern": {"source": ["aws.health"]}, "Targets": [{"Arn": target}]}),
        Version=("Lambda::Version", {"FunctionName": {"Ref": "Function"}}),
        Alias=("Lambda::Alias", {"FunctionName": {"Ref": "Function"}}),
        Function=_FUNCTION,
    )

    (rule,) = topology.of(EventRule)
    assert rule.sources == ("aws.health",)
    assert rule.starts == topology.of(Function)


def test_a_state_machine_calls_what_its_definition_names(tmp_path: Path) -> None:
    definition = {"Fn::Join": ["", ['{"Resource":"', _ARN, '"}']]}
    topology = _load(
        tmp_path, Machine=("StepFunctions::StateMachine", {"DefinitionString": definition}), Function=_FUNCTION
    )

    (machine,) = topology.of(StateMachine)
    assert machine.functions == topology.of(Function)


@pytest.mark.parametrize(
    ("properties", "extras"),
    [
        ({"VpcConfig": {"SubnetIds": ["subnet-1"]}}, ("VpcConfig.SubnetIds",)),
        ({"VpcConfig": {"SubnetIds": []}}, ()),
        ({"Layers": {"Fn::If": ["Some", ["a"], {"Ref": "AWS::NoValue"}]}}, ()),
        ({"SnapStart": {"ApplyOn": "None"}}, ()),
        ({"SnapStart": {"ApplyOn": "PublishedVersions"}}, ("SnapStart",)),
        ({"TracingConfig": {"Mode": "Active"}}, ("TracingConfig",)),
    ],
)
def test_a_function_has_what_is_there_for_certain(
    tmp_path: Path, properties: dict[str, Any], extras: tuple[str, ...]
) -> None:
    (function,) = _load(tmp_path, Function=("Lambda::Function", properties)).of(Function)

    assert function.extras == extras


def test_a_version_has_provisioned_concurrency_and_a_runtime_policy_of_its_own(tmp_path: Path) -> None:
    properties = {
        "FunctionName": {"Ref": "Function"},
        "ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 1},
        "RuntimePolicy": {"UpdateRuntimeOn": "Manual"},
    }
    (version,) = _load(tmp_path, Version=("Lambda::Version", properties), Function=_FUNCTION).of(FunctionVersion)

    assert version.extras == ("ProvisionedConcurrencyConfig", "RuntimePolicy")


@pytest.mark.parametrize("as_list", [True, False])
def test_a_role_trusts_what_its_statements_name_known_or_not(tmp_path: Path, as_list: bool) -> None:
    suffixed = {"Fn::Sub": "lambda.${AWS::URLSuffix}"}
    statement = {"Effect": "Allow", "Principal": {"Service": [suffixed, "edgelambda.amazonaws.com"]}}
    document = {"Statement": [statement] if as_list else statement}

    (role,) = _load(tmp_path, Role=("IAM::Role", {"AssumeRolePolicyDocument": document})).of(Role)

    assert sorted(map(str, role.trusted)) == ["edgelambda.amazonaws.com", "lambda.${AWS::URLSuffix}"]


@pytest.mark.parametrize(
    ("arn", "held_by"),
    [
        ({"Fn::ImportValue": "version"}, "Fn::ImportValue"),
        ({"Fn::If": ["Some", {"Fn::ImportValue": "version"}, "arn"]}, None),
        ({"Ref": "Version"}, None),
    ],
)
def test_an_association_tells_what_holds_the_stack_of_its_version(
    tmp_path: Path, arn: Any, held_by: str | None
) -> None:
    behavior = {"LambdaFunctionAssociations": [{"EventType": "origin-request", "LambdaFunctionARN": arn}]}
    config = {"DistributionConfig": {"DefaultCacheBehavior": behavior}}

    (association,) = _load(tmp_path, Site=("CloudFront::Distribution", config)).of(FunctionAssociation)

    assert association.held_by == held_by


def test_a_gating_rule_has_gates_beside_what_it_guards(tmp_path: Path) -> None:
    gating = {"GatingControls": [{"Ref": "A"}], "TargetControls": [{"Ref": "B"}], "WaitPeriodMs": 5000}
    topology = _load(
        tmp_path,
        Rule=("Route53RecoveryControl::SafetyRule", {"GatingRule": gating}),
        A=("Route53RecoveryControl::RoutingControl", {"Name": "a"}),
        B=("Route53RecoveryControl::RoutingControl", {"Name": "b"}),
    )

    (rule,) = topology.of(SafetyRule)
    assert (*rule.gates, *rule.controls) == topology.of(RoutingControl)


def test_a_topic_has_its_policy(tmp_path: Path) -> None:
    document = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}]}
    topology = _load(
        tmp_path,
        Topic=("SNS::Topic", {}),
        Other=("SNS::Topic", {}),
        Policy=("SNS::TopicPolicy", {"Topics": [{"Ref": "Topic"}], "PolicyDocument": document}),
    )
    topic, other = topology.of(Topic)

    assert topic.statements is not None
    assert [one.actions for one in topic.statements] == [("sns:Publish",)]
    assert other.statements is None
