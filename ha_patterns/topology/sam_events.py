"""What starts the functions and state machines of SAM: subscriptions, rules of EventBridge and schedules.

A function also gets the permissions that let topics, rules, APIs, buckets, user pools and log groups invoke it, and the
mappings of the queues, streams and brokers that it reads. What the transform adds to a bucket or a user pool itself is
left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .sam_made import Made, digest, is_function, referred, section

_RULES = ("CloudWatchEvent", "EventBridgeRule")
# What a target of a rule or of a schedule has as the event has it.
_OF_TARGET = ("DeadLetterConfig", "Input", "InputPath", "RetryPolicy")
# By type of event, the property that has the ARN of what a function reads.
_READ = {
    **dict.fromkeys(("DynamoDB", "Kinesis", "MSK"), "Stream"),
    "SQS": "Queue",
    "MQ": "Broker",
    "DocumentDB": "Cluster",
}
_KAFKA = "SelfManagedKafka"
# What a mapping has as the event has it.
_OF_MAPPING = (
    *("BatchSize", "BisectBatchOnFunctionError", "DestinationConfig", "Enabled", "FilterCriteria", "KmsKeyArn"),
    *("FunctionResponseTypes", "MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts"),
    *(
        "MetricsConfig",
        "ParallelizationFactor",
        "ProvisionedPollerConfig",
        "Queues",
        "ScalingConfig",
        "StartingPosition",
    ),
    *("SourceAccessConfigurations", "StartingPositionTimestamp", "Topics", "TumblingWindowInSeconds"),
)
_EVENTS, _SNS, _API_GATEWAY, _SCHEDULER = (
    f"{name}.amazonaws.com" for name in ("events", "sns", "apigateway", "scheduler")
)
# A text of which the template alone tells nothing.
_UNKNOWN = {"Fn::Transform": {"Name": "AWS::Serverless-2016-10-31"}}
_OF_SCHEDULE = ("Description", "EndDate", "GroupName", "KmsKeyArn", "ScheduleExpressionTimezone", "StartDate")
_ACCOUNT = {"Ref": "AWS::AccountId"}
_REQUESTS = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}"
_PARAMETER = re.compile(r"\{[a-zA-Z0-9._-]+\+?\}")
_DEFAULT_ROUTE = "$default"
#: By type of event, the API that an event has if it names none, the property that names one, and the stage.
IMPLICIT_APIS: Mapping[str, tuple[str, str, str | None]] = {
    "Api": ("ServerlessRestApi", "RestApiId", "Prod"),
    "HttpApi": ("ServerlessHttpApi", "ApiId", None),
}


def expand(made: Made, owner: str, events: Mapping[str, Any], target: Any, function: Any = None) -> None:
    """Add what the events of a function or of a state machine become.

    Args:
        made: Takes the resources.
        owner: The logical id of the function or state machine.
        events: Its events, by name.
        target: Its ARN.
        function: The name of the function, or the ARN of its alias. Default: the owner is a state machine.
    """
    for name, event in events.items():
        given = section(event, "Properties")
        kind = event.get("Type") if isinstance(event, dict) else None
        logical_id = f"{owner}{name}"
        if kind == "SNS":
            _subscription(made, logical_id, given, target)
            if _is_direct(given):
                _permission(made, f"{logical_id}Permission", function, _SNS, given.get("Topic"))
        elif kind in _RULES:
            named = {"EventPattern": given.get("Pattern"), "Name": given.get("RuleName")}
            _rule(made, logical_id, given, named, target, function)
        elif kind == "Schedule":
            named = {"ScheduleExpression": given.get("Schedule"), "Name": given.get("Name")}
            _rule(made, logical_id, given, named, target, function)
        elif kind == "ScheduleV2":
            _schedule(made, logical_id, given, target, function)
        elif isinstance(kind, str) and kind in IMPLICIT_APIS:
            _requests(made, logical_id, kind, given, function)
        elif isinstance(kind, str) and function is not None:
            _of_function(made, logical_id, kind, given, target, function)


def _of_function(made: Made, logical_id: str, kind: str, given: Mapping[str, Any], target: Any, function: Any) -> None:
    """An event that state machines do not have."""
    if kind in _READ:
        _mapping(made, logical_id, given, given.get(_READ[kind]), function)
    elif kind == _KAFKA:
        _mapping(made, logical_id, given, None, function)
    elif kind == "S3" and referred(given.get("Bucket")) is not None:
        # Not for the bucket, whose name would have to be known before it is made.
        _permission(made, f"{logical_id}Permission", function, "s3.amazonaws.com", None, _ACCOUNT)
    elif kind == "Cognito" and referred(given.get("UserPool")) is not None:
        source = {"Fn::GetAtt": [referred(given["UserPool"]), "Arn"]}
        # One for all events of the function, or of its alias.
        _permission(made, f"{function['Ref']}CognitoPermission", function, "cognito-idp.amazonaws.com", source)
    elif kind == "IoTRule":
        payload = {"Sql": given.get("Sql"), "RuleDisabled": False, "Actions": [{"Lambda": {"FunctionArn": target}}]}
        made.add(logical_id, "AWS::IoT::TopicRule", {"TopicRulePayload": payload})
        source = _source("iot", "rule/${__Name__}", {"__Name__": {"Ref": logical_id}})
        _permission(made, f"{logical_id}Permission", function, "iot.amazonaws.com", source, _ACCOUNT)
    elif kind == "CloudWatchLogs" and given.get("LogGroupName") is not None:
        group = given["LogGroupName"]
        wanted = {"LogGroupName": group, "FilterPattern": given.get("FilterPattern"), "DestinationArn": target}
        made.add(logical_id, "AWS::Logs::SubscriptionFilter", wanted)
        source = _source("logs", "log-group:${__Name__}:*", {"__Name__": group})
        _permission(made, f"{logical_id}Permission", function, "logs.amazonaws.com", source)


def _source(service: str, what: str, variables: Mapping[str, Any]) -> Any:
    """The ARN of a resource of the stack's account and Region."""
    arn = f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{what}"
    return {"Fn::Sub": [arn, dict(variables)]}


def _mapping(made: Made, logical_id: str, given: Mapping[str, Any], source: Any, function: Any) -> None:
    """Let a function read a queue, a stream or a broker; without a source, an Apache Kafka of one's own."""
    servers = given.get("KafkaBootstrapServers")
    if source is None and servers is None:
        return
    properties = {name: given[name] for name in _OF_MAPPING if name in given}
    properties |= {"EventSourceArn": source} if source is not None else {}
    properties |= {"SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": servers}}} if servers else {}
    properties |= {"FunctionName": function}
    made.add(logical_id, "AWS::Lambda::EventSourceMapping", properties)


def _permission(made: Made, logical_id: str, function: Any, principal: str, source: Any, account: Any = None) -> None:
    """Let a service invoke a function for one source, or for those of one account."""
    # Without either the permission would let the service invoke the function for any.
    if function is None or (source is None and account is None):
        return
    properties = {"Action": "lambda:InvokeFunction", "FunctionName": function, "Principal": principal}
    properties |= {"SourceArn": source} if source is not None else {}
    properties |= {"SourceAccount": account} if account is not None else {}
    made.add(logical_id, "AWS::Lambda::Permission", properties)


def _requests(made: Made, logical_id: str, kind: str, given: Mapping[str, Any], function: Any) -> None:
    """Let an API invoke a function for the requests of an event."""
    implicit, named_by, _ = IMPLICIT_APIS[kind]
    api = given.get(named_by, {"Ref": implicit})
    asked: dict[str, Any] = {name: given.get(name) for name in ("Path", "Method")}
    if kind == "HttpApi":
        asked = {"Path": asked["Path"] or _DEFAULT_ROUTE, "Method": asked["Method"] or "any"}
    told = {name: made.known(value) for name, value in asked.items()}
    if any(told[name] is None and not is_function(value) for name, value in asked.items()):
        return
    if not (isinstance(api, str) or is_function(api)):
        return
    path, method = told["Path"], told["Method"]
    variables: dict[str, Any] = {"__ApiId__": api, "__Stage__": "*"}
    if path is None:
        path, variables["__Path__"] = "${__Path__}", _unknown(asked["Path"])
    else:
        # API Gateway leaves out a slash at the end.
        path = "" if path == _DEFAULT_ROUTE else _PARAMETER.sub("*", path.rstrip("/") or "/")
    if method is None:
        verb, variables["__Method__"] = "${__Method__}", _unknown(asked["Method"])
    else:
        verb = "*" if method.lower() in ("any", "x-amazon-apigateway-any-method") else method.upper()
    source = {"Fn::Sub": [f"{_REQUESTS}/{verb}{path}", variables]}
    suffix = _stage_suffix(made, api) if kind == "Api" else ""
    _permission(made, f"{logical_id}Permission{suffix}", function, _API_GATEWAY, source)


def _unknown(value: Any) -> Any:
    """What SAM does not know: a parameter, or what it does not look into."""
    return value if referred(value) is not None else _UNKNOWN


def _stage_suffix(made: Made, api: Any) -> str:
    """How the logical id of a permission of a REST API ends."""
    stage = made.given(api.get("Ref") if isinstance(api, dict) else api).get("StageName")
    if isinstance(stage, str):
        return stage if stage.isalnum() else digest(stage)
    return "AllStages" if stage is None else "Stage"


def _is_direct(given: Mapping[str, Any]) -> bool:
    """Whether a topic invokes the function itself, and not by a queue."""
    return given.get("SqsSubscription") in (None, False, "false")


def _subscription(made: Made, logical_id: str, given: Mapping[str, Any], target: Any) -> None:
    properties = {name: given[name] for name in ("FilterPolicy", "FilterPolicyScope", "Region") if name in given}
    properties["TopicArn"] = given.get("Topic")
    if _is_direct(given):
        made.add(logical_id, "AWS::SNS::Subscription", {**properties, "Protocol": "lambda", "Endpoint": target})
        return
    # The topic sends to a queue, which the function reads.
    arn = section(given, "SqsSubscription").get("QueueArn")
    if arn is None:
        made.add(f"{logical_id}Queue", "AWS::SQS::Queue", {})
        arn = {"Fn::GetAtt": [f"{logical_id}Queue", "Arn"]}
    made.add(logical_id, "AWS::SNS::Subscription", {**properties, "Protocol": "sqs", "Endpoint": arn})
    mapping = {"EventSourceArn": arn, "FunctionName": target}
    made.add(f"{logical_id}EventSourceMapping", "AWS::Lambda::EventSourceMapping", mapping)


def _rule(
    made: Made, logical_id: str, given: Mapping[str, Any], own: Mapping[str, Any], target: Any, function: Any
) -> None:
    properties = {name: given[name] for name in ("Description", "EventBusName") if name in given}
    properties |= {name: value for name, value in {**own, "State": _state(given)}.items() if value is not None}
    made.add(logical_id, "AWS::Events::Rule", {**properties, "Targets": [_target(logical_id, given, target)]})
    _permission(made, f"{logical_id}Permission", function, _EVENTS, {"Fn::GetAtt": [logical_id, "Arn"]})


def _schedule(made: Made, logical_id: str, given: Mapping[str, Any], target: Any, function: Any) -> None:
    properties = {
        "Name": None if given.get("OmitName") is True else given.get("Name") or logical_id,
        "ScheduleExpression": given.get("ScheduleExpression"),
        "FlexibleTimeWindow": given.get("FlexibleTimeWindow", {"Mode": "OFF"}),
        "State": _state(given),
        **{name: given[name] for name in _OF_SCHEDULE if name in given},
    }
    starts = {name: given[name] for name in _OF_TARGET if name in given}
    role = given.get("RoleArn") or {"Fn::GetAtt": [f"{logical_id}Role", "Arn"]}
    if not given.get("RoleArn"):
        action = "lambda:InvokeFunction" if function is not None else "states:StartExecution"
        name = f"{logical_id}{'LambdaPolicy' if function is not None else 'StartExecutionPolicy'}"
        allowed = {"Effect": "Allow", "Action": action, "Resource": target}
        taken = {"Effect": "Allow", "Principal": {"Service": [_SCHEDULER]}, "Action": ["sts:AssumeRole"]}
        own = {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [taken]},
            "Policies": [{"PolicyName": name, "PolicyDocument": {"Statement": [allowed]}}],
        }
        bounded = {"PermissionsBoundary": given["PermissionsBoundary"]} if "PermissionsBoundary" in given else {}
        made.add(f"{logical_id}Role", "AWS::IAM::Role", {**own, **bounded})
    starts |= {"Arn": target, "RoleArn": role}
    properties = {name: value for name, value in properties.items() if value is not None}
    made.add(logical_id, "AWS::Scheduler::Schedule", {**properties, "Target": starts})


def _state(given: Mapping[str, Any]) -> Any:
    """Whether a rule or schedule is on; None where the event does not say."""
    enabled = given.get("Enabled")
    if enabled is None:
        return given.get("State")
    return {True: "ENABLED", False: "DISABLED"}.get(enabled) if isinstance(enabled, bool) else given.get("State")


def _target(logical_id: str, given: Mapping[str, Any], target: Any) -> dict[str, Any]:
    kept = {name: given[name] for name in _OF_TARGET if name in given}
    return {**kept, "Arn": target, "Id": section(given, "Target").get("Id", f"{logical_id}Target")}
