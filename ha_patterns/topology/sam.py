"""SAM: what its resources become, as far as it matters to where requests go.

As the translator of https://github.com/aws/serverless-application-model makes it, logical ids included but for those of
versions, which depend on the uploaded code. Functions have the permissions of a public URL and of the events that
``sam_events`` names; other permissions are left out.

Read with version 1.115.0 of the translator, on 2026-11-30.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import sam_apis, sam_events
from .sam_made import Expansion, Made, is_function, referred, section
from .templates import transforms

_SERVERLESS = "AWS::Serverless::"
_GLOBALS = ("Function", "Api", "HttpApi", "WebSocketApi", "SimpleTable", "StateMachine", "LayerVersion")
# What a function of SAM has as Lambda's has it.
_SAME = (
    *("FunctionName", "Handler", "Runtime", "Timeout", "MemorySize", "Architectures", "PackageType", "Environment"),
    *("EphemeralStorage", "VpcConfig", "Layers", "KmsKeyArn", "FileSystemConfigs", "ImageConfig", "SnapStart"),
    *("ReservedConcurrentExecutions", "CodeSigningConfigArn", "LoggingConfig", "Description", "Tags"),
)
# What a state machine of SAM has, and what Step Functions calls it.
_OF_STATE_MACHINE = {
    "Name": "StateMachineName",
    "Type": "StateMachineType",
    "Role": "RoleArn",
    **{name: name for name in ("Definition", "DefinitionSubstitutions")},
}
# What a function or a state machine of SAM says of the role that is made for it.
_OF_ROLE = {"PermissionsBoundary": "PermissionsBoundary", "RolePath": "Path"}
_OF_TABLE = ("TableName", "SSESpecification", "PointInTimeRecoverySpecification", "ProvisionedThroughput", "Tags")
_MANAGED = "arn:${AWS::Partition}:iam::aws:policy/"
_BASIC = "service-role/AWSLambdaBasicExecutionRole"
_IN_VPC = "service-role/AWSLambdaVPCAccessExecutionRole"


def is_sam(document: Mapping[str, Any]) -> bool:
    """Whether a template is of SAM."""
    return any(name.startswith("AWS::Serverless-") for name in transforms(document))


def expand(
    document: Mapping[str, Any], resources: Mapping[str, Any], given: Mapping[str, Any] | None = None
) -> Expansion:
    """The resources that SAM makes.

    Args:
        document: The template.
        resources: Its resources.
        given: What its parameters are set to from outside. Default: nothing.
    """
    common = section(document, "Globals")
    merged = {logical_id: _with_globals(resource, common) for logical_id, resource in resources.items()}
    apis, conditions = _implicit_apis(merged)
    for logical_id, resource in apis.items():
        merged.setdefault(logical_id, _with_globals(resource, common))
    made = Made(document, merged, given)
    made.expansion.conditions.update(conditions)
    for logical_id, resource in merged.items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or not kind.startswith(_SERVERLESS):
            made.keep(logical_id, resource)
            continue
        expander = _EXPANDERS.get(kind.removeprefix(_SERVERLESS))
        if expander is None:
            made.leave(logical_id, resource, f"{kind} is not expanded")
        else:
            made.owner = resource
            expander(made, logical_id, section(resource, "Properties"))
    return made.expansion


def _with_globals(resource: Any, common: Mapping[str, Any]) -> Any:
    """A resource with what ``Globals`` has for its type."""
    kind = resource.get("Type") if isinstance(resource, dict) else None
    name = kind.removeprefix(_SERVERLESS) if isinstance(kind, str) and kind.startswith(_SERVERLESS) else None
    given = section(common, name) if name in _GLOBALS and name is not None else {}
    ignored = resource.get("IgnoreGlobals") if given else "*"
    if ignored == "*":
        return resource
    left_out = ignored if isinstance(ignored, list) else []
    taken = {key: value for key, value in given.items() if key not in left_out}
    return {**resource, "Properties": _merged(taken, section(resource, "Properties"))}


def _merged(common: Any, own: Any) -> Any:
    """Objects are merged, lists follow each other, and of the rest a resource's own wins."""
    if isinstance(common, dict) and isinstance(own, dict) and not is_function(common) and not is_function(own):
        return {**common, **{key: _merged(common[key], one) if key in common else one for key, one in own.items()}}
    if isinstance(common, list) and isinstance(own, list):
        return [*common, *own]
    return own


def _implicit_apis(resources: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The APIs that events ask for without naming one, and the conditions that these need."""
    found: dict[str, list[Any]] = {}
    for resource in resources.values():
        if not isinstance(resource, dict) or resource.get("Type") not in _WITH_EVENTS:
            continue
        for event in section(section(resource, "Properties"), "Events").values():
            kind = event.get("Type") if isinstance(event, dict) else None
            if (
                isinstance(kind, str)
                and kind in sam_events.IMPLICIT_APIS
                and sam_events.IMPLICIT_APIS[kind][1] not in section(event, "Properties")
            ):
                found.setdefault(kind, []).append(resource.get("Condition"))
    apis: dict[str, Any] = {}
    combined: dict[str, Any] = {}
    for kind, conditions in found.items():
        logical_id, _, stage = sam_events.IMPLICIT_APIS[kind]
        names = sorted({one for one in conditions if isinstance(one, str)})
        # It is made if any of them is, and so always if one has no condition.
        condition = None
        if names and all(isinstance(one, str) for one in conditions):
            condition = names[0] if len(names) == 1 else f"{logical_id}Condition"
        if len(names) > 1 and condition is not None:
            combined[condition] = {"Fn::Or": [{"Condition": name} for name in names]}
        apis[logical_id] = {
            "Type": f"{_SERVERLESS}{kind}",
            **({"Condition": condition} if condition is not None else {}),
            "Properties": {"StageName": stage} if stage else {},
        }
    return apis, combined


_WITH_EVENTS = (f"{_SERVERLESS}Function", f"{_SERVERLESS}StateMachine")


def _function(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
    properties = {name: given[name] for name in _SAME if name in given}
    properties["Code"] = _code(given)
    if isinstance(given.get("DeadLetterQueue"), dict):
        properties["DeadLetterConfig"] = {"TargetArn": given["DeadLetterQueue"].get("TargetArn")}
    if given.get("Tracing") not in (None, "Disabled"):
        properties["TracingConfig"] = {"Mode": given["Tracing"]}
    if given.get("Role") is None:
        properties["Role"] = {"Fn::GetAtt": [f"{logical_id}Role", "Arn"]}
        _role(made, f"{logical_id}Role", given)
    else:
        properties["Role"] = given["Role"]
    folder = given.get("CodeUri")
    asset = {"aws:asset:path": folder} if isinstance(folder, str) and "://" not in folder else {}
    made.main(logical_id, "AWS::Lambda::Function", properties, asset)
    _published(made, logical_id, given)


def _code(given: Mapping[str, Any]) -> dict[str, Any]:
    where = given.get("CodeUri")
    if "InlineCode" in given:
        return {"ZipFile": given["InlineCode"]}
    if "ImageUri" in given:
        return {"ImageUri": given["ImageUri"]}
    if isinstance(where, dict) and not is_function(where):
        return {"S3Bucket": where.get("Bucket"), "S3Key": where.get("Key")}
    if isinstance(where, str) and where.startswith("s3://"):
        bucket, _, key = where.removeprefix("s3://").partition("/")
        return {"S3Bucket": bucket, "S3Key": key}
    return {}


def _published(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
    """The version, alias and URL of a function."""
    function = {"Ref": logical_id}
    target: dict[str, Any] = {"TargetFunctionArn": function}
    started: dict[str, Any] = {"Fn::GetAtt": [logical_id, "Arn"]}
    named = given.get("AutoPublishAlias")
    alias = made.known(named)
    if alias is not None or referred(named) is not None:
        version_id = f"{logical_id}Version"
        # Of a name that is not known, nothing tells the end.
        alias_id = f"{logical_id}Alias{alias.replace('-', 'D').replace('_', 'U') if alias else ''}"
        made.add(version_id, "AWS::Lambda::Version", {"FunctionName": function}, {"DeletionPolicy": "Retain"})
        version = {"Fn::GetAtt": [version_id, "Version"]}
        properties = {"Name": alias or named, "FunctionName": function, "FunctionVersion": version}
        kept_ready = "ProvisionedConcurrencyConfig"
        properties |= {kept_ready: given[kept_ready]} if kept_ready in given else {}
        made.add(alias_id, "AWS::Lambda::Alias", properties)
        made.name(f"{logical_id}.Version", version_id)
        made.name(f"{logical_id}.Alias", alias_id)
        target = {"TargetFunctionArn": {"Ref": alias_id}}
        started = {"Ref": alias_id}
    if isinstance(given.get("FunctionUrlConfig"), dict):
        config = given["FunctionUrlConfig"]
        kept = {name: config[name] for name in ("AuthType", "Cors", "InvokeMode") if name in config}
        made.add(f"{logical_id}Url", "AWS::Lambda::Url", {**target, **kept})
        if config.get("AuthType") == "NONE":
            open_to_all = {"FunctionName": target["TargetFunctionArn"], "Principal": "*"}
            by_url = {**open_to_all, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}
            invoked = {**open_to_all, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
            made.add(f"{logical_id}UrlPublicPermissions", "AWS::Lambda::Permission", by_url)
            made.add(f"{logical_id}URLInvokeAllowPublicAccess", "AWS::Lambda::Permission", invoked)
    sam_events.expand(made, logical_id, section(given, "Events"), started, target["TargetFunctionArn"])


def _state_machine(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
    properties = {own: given[name] for name, own in _OF_STATE_MACHINE.items() if name in given}
    where = given.get("DefinitionUri")
    if isinstance(where, dict) and not is_function(where):
        properties["DefinitionS3Location"] = where
    if given.get("Role") is None:
        properties["RoleArn"] = {"Fn::GetAtt": [f"{logical_id}Role", "Arn"]}
        _role(made, f"{logical_id}Role", given, "states.amazonaws.com", None)
    made.main(logical_id, "AWS::StepFunctions::StateMachine", properties)
    # With AutoPublishAlias events start an alias, which is of no other state machine.
    sam_events.expand(made, logical_id, section(given, "Events"), {"Ref": logical_id})


def _role(
    made: Made,
    logical_id: str,
    given: Mapping[str, Any],
    principal: str = "lambda.amazonaws.com",
    basic: str | None = _BASIC,
) -> None:
    service = {"Effect": "Allow", "Principal": {"Service": [principal]}, "Action": ["sts:AssumeRole"]}
    policy = _IN_VPC if given.get("VpcConfig") else basic
    managed: list[Any] = [{"Fn::Sub": f"{_MANAGED}{policy}"}] if policy else []
    inline: list[Any] = []
    policies = given.get("Policies")
    for index, policy in enumerate(policies if isinstance(policies, list) else [policies] if policies else []):
        document = _policy(policy)
        if document is not None:
            inline.append({"PolicyName": f"{logical_id}Policy{index}", "PolicyDocument": document})
        elif isinstance(policy, str) and not policy.startswith("arn:"):
            managed.append({"Fn::Sub": f"{_MANAGED}{policy}"})
        else:
            managed.append(policy)
    trust = given.get("AssumeRolePolicyDocument") or {"Version": "2012-10-17", "Statement": [service]}
    properties = {"AssumeRolePolicyDocument": trust, "ManagedPolicyArns": managed, "Policies": inline}
    properties |= {own: given[name] for name, own in _OF_ROLE.items() if name in given}
    made.add(logical_id, "AWS::IAM::Role", properties)


# The policy template by which a function edits records. See
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
_EDITS_RECORDS = "Route53ChangeResourceRecordSetsPolicy"


def _policy(policy: Any) -> Any:
    """The document of an inline policy; None where it is a managed one."""
    if not isinstance(policy, dict):
        return None
    if "Statement" in policy:
        return policy
    name = next(iter(policy), None)
    if name == "Fn::If":
        branches = policy[name][1:] if isinstance(policy[name], list) else []
        return policy if any(isinstance(one, dict) and "Statement" in one for one in branches) else None
    if name == _EDITS_RECORDS:
        zone = section(policy, name).get("HostedZoneId")
        resource = {"Fn::Sub": ["arn:${AWS::Partition}:route53:::hostedzone/${Zone}", {"Zone": zone}]}
        allowed = {"Effect": "Allow", "Action": ["route53:ChangeResourceRecordSets"], "Resource": resource}
        return {"Version": "2012-10-17", "Statement": [allowed]}
    # Another policy template, such as DynamoDBCrudPolicy, which is not known here: it stays a function that is not.
    return {f"Fn::{name}": policy[name]} if isinstance(name, str) and name.isalnum() and name != "Ref" else None


def _table(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
    properties = {name: given[name] for name in _OF_TABLE if name in given}
    if "ProvisionedThroughput" not in given:
        properties["BillingMode"] = "PAY_PER_REQUEST"
    key = section(given, "PrimaryKey")
    properties["KeySchema"] = [{"AttributeName": key.get("Name", "id"), "KeyType": "HASH"}]
    made.main(logical_id, "AWS::DynamoDB::Table", properties)


def _application(made: Made, logical_id: str, given: Mapping[str, Any]) -> None:
    if isinstance(given.get("Location"), str):
        properties = {"TemplateURL": given["Location"], "Parameters": given.get("Parameters")}
        made.main(logical_id, "AWS::CloudFormation::Stack", properties)
    else:
        made.leave(logical_id, made.owner, "the application is in the Serverless Application Repository")


_EXPANDERS: Mapping[str, Callable[[Made, str, Mapping[str, Any]], None]] = {
    "Function": _function,
    "SimpleTable": _table,
    "StateMachine": _state_machine,
    "Application": _application,
    **sam_apis.EXPANDERS,
}
