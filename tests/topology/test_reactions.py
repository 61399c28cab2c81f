"""What alarms and events start is found, and a feature of a function is one where it is there for certain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ha_patterns.topology.loading import load
from ha_patterns.topology.model import (
    Alarm,
    Document,
    EventRule,
    Function,
    FunctionAssociation,
    FunctionVersion,
    Role,
    RoutingControl,
    SafetyRule,
    Schedule,
    StateMachine,
    Subscription,
    Topic,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Unresolved


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


_RUNBOOK = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-definition/"


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ({"Fn::Sub": f"{_RUNBOOK}${{Runbook}}:$DEFAULT"}, Document),
        ("arn:aws:ssm:eu-west-1:111122223333:automation-definition/move:$DEFAULT", Document),
        ("arn:aws:states:eu-west-1:111122223333:stateMachine:move", StateMachine),
        ("arn:aws:states:eu-west-1:111122223333:stateMachine:move:live", StateMachine),
        ("arn:aws:states:eu-west-1:111122223333:stateMachine:move:7", StateMachine),
        ("arn:aws:states:eu-west-1:111122223333:stateMachine:other:move", None),
        ("arn:aws:states:eu-west-1:111122223333:stateMachine:other", None),
        ("arn:aws:states:eu-west-1:111122223333:activity:move", None),
        ("arn:aws:ssm:eu-west-1:111122223333:opsitem:1", None),
    ],
)
def test_a_rule_starts_runbooks_and_state_machines_by_reference_or_name(
    tmp_path: Path, target: Any, kind: type[object] | None
) -> None:
    topology = _load(
        tmp_path,
        Rule=("Events::Rule", {"Targets": [{"Arn": target}]}),
        Machine=("StepFunctions::StateMachine", {"StateMachineName": "move"}),
        Runbook=("SSM::Document", {"Name": "move", "DocumentType": "Automation", "Content": {"assumeRole": _ROLE}}),
        Role=("IAM::Role", {}),
    )

    (rule,) = topology.of(EventRule)
    assert [type(thing) for thing in rule.starts] == ([] if kind is None else [kind])
    (runbook,) = topology.of(Document)
    assert (runbook.name, runbook.type, runbook.role) == ("move", "Automation", topology.of(Role)[0])


@pytest.mark.parametrize(
    "target", [{"Ref": "Alias"}, {"Fn::GetAtt": ["Alias", "Arn"]}, {"Ref": "Moved"}, {"Ref": "Version"}]
)
@pytest.mark.parametrize("version", [{"Ref": "Version"}, {"Fn::Sub": "${Machine.Arn}:1"}])
def test_a_version_or_an_alias_of_a_state_machine_stands_for_it(tmp_path: Path, target: Any, version: Any) -> None:
    moved = {"StateMachineVersionArn": version, "Type": "ALL_AT_ONCE"}
    routes = [{"StateMachineVersionArn": one, "Weight": 50} for one in (version, {"Ref": "Version"})]
    topology = _load(
        tmp_path,
        Rule=("Events::Rule", {"Targets": [{"Arn": target}]}),
        Schedule=("Scheduler::Schedule", {"Target": {"Arn": target}}),
        Alias=("StepFunctions::StateMachineAlias", {"RoutingConfiguration": routes}),
        Moved=("StepFunctions::StateMachineAlias", {"DeploymentPreference": moved}),
        Version=("StepFunctions::StateMachineVersion", {"StateMachineArn": {"Ref": "Machine"}}),
        Machine=("StepFunctions::StateMachine", {}),
        Other=("StepFunctions::StateMachine", {}),
    )

    machine = topology.of(StateMachine)[0]
    assert machine.place.logical_id == "Machine"
    assert [one.starts for one in topology.of(EventRule)] == [(machine,)]
    assert [one.starts for one in topology.of(Schedule)] == [(machine,)]


@pytest.mark.parametrize("target", [{"Ref": "Alias"}, {"Ref": "Version"}])
def test_an_alias_that_names_itself_starts_nothing(tmp_path: Path, target: Any) -> None:
    routes = [{"StateMachineVersionArn": {"Ref": "Alias"}}]
    topology = _load(
        tmp_path,
        Rule=("Events::Rule", {"Targets": [{"Arn": target}]}),
        Alias=("StepFunctions::StateMachineAlias", {"RoutingConfiguration": routes}),
        Version=("StepFunctions::StateMachineVersion", {"StateMachineArn": {"Ref": "Version"}}),
    )

    assert topology.of(EventRule)[0].starts == ()


_ROLE = {"Fn::GetAtt": ["Role", "Arn"]}


def test_an_arn_of_one_service_is_no_thing_of_another(tmp_path: Path) -> None:
    topology = _load(
        tmp_path,
        Alarm=("CloudWatch::Alarm", {"AlarmActions": ["arn:aws:lambda:eu-west-1:111122223333:function:move"]}),
        Topic=("SNS::Topic", {"TopicName": "move"}),
        Function=("Lambda::Function", {"FunctionName": "move"}),
    )

    assert topology.of(Alarm)[0].starts == topology.of(Function)


def test_a_document_and_others_may_say_nothing(tmp_path: Path) -> None:
    topology = _load(
        tmp_path,
        Document=("SSM::Document", {"Content": "schemaVersion: '0.3'"}),
        Rule=("Events::Rule", {}),
        Schedule=("Scheduler::Schedule", {}),
        Topic=("SNS::Topic", {}),
        Subscription=("SNS::Subscription", {}),
        Machine=("StepFunctions::StateMachine", {}),
    )

    (document,) = topology.of(Document)
    assert (document.name, document.type, document.role) == (None, "Command", None)
    (rule,) = topology.of(EventRule)
    assert (rule.name, rule.schedule, rule.state, rule.event_bus) == (None, None, "ENABLED", "default")
    assert (rule.sources, rule.detail_types, rule.targets, rule.starts) == ((), (), (), ())
    (schedule,) = topology.of(Schedule)
    assert (schedule.name, schedule.expression, schedule.timezone, schedule.state) == (None, None, "UTC", "ENABLED")
    assert (schedule.target, schedule.starts, schedule.role) == (None, (), None)
    (subscription,) = topology.of(Subscription)
    assert (subscription.topic, subscription.protocol, subscription.endpoint) == (None, None, None)
    assert (subscription.topic_region, subscription.function) == (None, None)
    assert (topology.of(Topic)[0].name, topology.of(StateMachine)[0].name) == (None, None)


def test_a_rule_has_when_it_runs_and_on_which_bus(tmp_path: Path) -> None:
    properties = {
        "Name": "each minute",
        "ScheduleExpression": "rate(1 minute)",
        "State": "DISABLED",
        "EventBusName": {"Ref": "Given"},
        "EventPattern": {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]},
        "Targets": [{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:111122223333:queue"}],
    }

    (rule,) = _load(tmp_path, Rule=("Events::Rule", properties)).of(EventRule)

    assert (rule.name, rule.schedule, rule.state) == ("each minute", "rate(1 minute)", "DISABLED")
    assert isinstance(rule.event_bus, Unresolved)
    assert rule.detail_types == ("CloudWatch Alarm State Change",)
    assert rule.targets == ("arn:aws:sqs:eu-west-1:111122223333:queue",)


def test_a_schedule_starts_its_target(tmp_path: Path) -> None:
    target = {"Arn": _ARN, "RoleArn": _ROLE}
    topology = _load(
        tmp_path,
        Heartbeat=(
            "Scheduler::Schedule",
            {
                "Name": "heartbeat",
                "ScheduleExpression": "rate(1 minute)",
                "ScheduleExpressionTimezone": "Europe/Berlin",
                "State": "DISABLED",
                "Target": target,
            },
        ),
        Call=(
            "Scheduler::Schedule",
            {"Target": {"Arn": "arn:aws:scheduler:::aws-sdk:route53:listHostedZones"}},
        ),
        Unknown=("Scheduler::Schedule", {"Target": {"Ref": "Given"}, "State": {"Ref": "Given"}}),
        Function=_FUNCTION,
        Role=("IAM::Role", {}),
    )
    heartbeat, call, unknown = topology.of(Schedule)

    assert (heartbeat.name, heartbeat.expression, heartbeat.timezone) == (
        "heartbeat",
        "rate(1 minute)",
        "Europe/Berlin",
    )
    assert (heartbeat.state, heartbeat.starts, heartbeat.role) == (
        "DISABLED",
        topology.of(Function),
        topology.of(Role)[0],
    )
    assert (str(call.target).rpartition(":")[2], call.starts) == ("listHostedZones", ())
    assert isinstance(unknown.target, Unresolved)
    assert isinstance(unknown.state, Unresolved)
    assert unknown.starts == ()


def test_subscriptions_of_every_protocol_keep_their_endpoints(tmp_path: Path) -> None:
    inside = [{"Protocol": "lambda", "Endpoint": _ARN}, {"Protocol": "https", "Endpoint": "https://example.com/hook"}]
    topology = _load(
        tmp_path,
        Topic=("SNS::Topic", {"TopicName": "alerts", "Subscription": inside}),
        Mail=("SNS::Subscription", {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "a@example.com"}),
        Elsewhere=(
            "SNS::Subscription",
            {"TopicArn": "arn:aws:sns:us-east-1:1:other", "Protocol": {"Ref": "Given"}, "Region": "us-east-1"},
        ),
        Function=_FUNCTION,
    )
    (topic,) = topology.of(Topic)
    calls, hook, mail, elsewhere = topology.of(Subscription)

    assert topic.name == "alerts"
    assert [one.topic for one in (calls, hook, mail)] == [topic] * 3
    assert (calls.protocol, calls.function) == ("lambda", topology.of(Function)[0])
    assert (hook.protocol, hook.endpoint, hook.function) == ("https", "https://example.com/hook", None)
    assert hook.place.path == ("Properties", "Subscription", 1)
    assert (mail.endpoint, mail.place.logical_id) == ("a@example.com", "Mail")
    assert isinstance(elsewhere.topic, Unresolved)
    assert isinstance(elsewhere.protocol, Unresolved)
    assert (elsewhere.endpoint, elsewhere.topic_region) == (None, "us-east-1")


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
