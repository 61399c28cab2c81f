"""Functions: Lambda's with their versions, URLs and permissions, and CloudFront's with their key value stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ...aws.edge_functions import DEFAULT_MEMORY, DEFAULT_STORAGE, DEFAULT_TIMEOUT
from ..model import (
    EventSourceMapping,
    Function,
    FunctionAlias,
    FunctionUrl,
    FunctionVersion,
    KeyValueStore,
    Permission,
    Reads,
    Role,
    Table,
    ViewerFunction,
)
from ..properties import Property, Texts
from ..reader import Read, Reader, Resource, complete
from ..values import Reference, Unresolved, Value, references, split, starts
from .kms import key

# What Lambda@Edge does not take, where the template gives it.
_EXTRAS = (
    *("VpcConfig.SubnetIds", "DeadLetterConfig.TargetArn", "Layers", "KmsKeyArn", "FileSystemConfigs", "ImageConfig"),
    *("Code.SourceKMSKeyArn", "ReservedConcurrentExecutions", "CodeSigningConfigArn", "LoggingConfig"),
)
_ALIAS = "AWS::Lambda::Alias"
_VERSION = "AWS::Lambda::Version"
_URL = "AWS::Lambda::Url"
_NO_FUNCTION = Unresolved("a function, which nothing names")


def _function(reader: Reader, resource: Resource) -> Function:
    properties = resource.properties
    extras = [name for name in _EXTRAS if _is_given(_at(properties, name))]
    if properties["TracingConfig"]["Mode"].text() == "Active":
        extras.append("TracingConfig")
    if properties["SnapStart"]["ApplyOn"].text() == "PublishedVersions":
        extras.append("SnapStart")
    return Function(
        name=properties["FunctionName"].text(),
        runtime=properties["Runtime"].text(),
        handler=properties["Handler"].text(),
        timeout=properties["Timeout"].whole(DEFAULT_TIMEOUT) or 0,
        memory_size=properties["MemorySize"].whole(DEFAULT_MEMORY) or 0,
        architectures=properties["Architectures"].texts() or ("x86_64",),
        package_type=properties["PackageType"].text() or "Zip",
        ephemeral_storage=properties["EphemeralStorage"]["Size"].whole(DEFAULT_STORAGE) or 0,
        environment=Texts(properties["Environment"]["Variables"]),
        extras=tuple(extras),
        role=reader.link(properties["Role"].text(), Role),
        asset=_asset(reader, resource),
        retained=resource.retained,
        reads=_reads(resource.ours.get("reads")),
        passed_query_strings=_passed_query_strings(resource.ours.get("sends")),
        sends_to_hosts=_sends_to_hosts(resource.ours.get("sends")),
        key=key(reader, properties["KmsKeyArn"].text(), resource),
        reserved_concurrency=properties["ReservedConcurrentExecutions"].whole(),
        **resource.head(),
    )


def _at(properties: Property, name: str) -> Property:
    for part in name.split("."):
        properties = properties[part]
    return properties


def _is_given(given: Property) -> bool:
    """Whether it is there for certain, and not empty."""
    value = given.value
    if isinstance(value, (list, dict, str)):
        return bool(value)
    return bool(given) and not isinstance(value, Unresolved)


def _asset(reader: Reader, resource: Resource) -> Path | None:
    key = resource.properties["Code"]["S3Key"].text()
    # The key of older cloud assemblies is a parameter; SAM has none before it is packaged.
    for told in (key, resource.asset_path):
        path = reader.asset(resource.template, told) if isinstance(told, str) and told else None
        if path is not None:
            return path
    return None


def _reads(declared: object) -> Reads | None:
    if not isinstance(declared, dict):
        return None

    def names(kind: str) -> tuple[str, ...]:
        return _names(declared.get(kind)) or ()

    return Reads(
        headers=tuple(name.lower() for name in names("headers")),
        cookies=names("cookies"),
        query_strings=names("query_strings"),
        all_query_strings=declared.get("all_query_strings") is True,
        by_region=declared.get("by_region") is True,
    )


def _passed_query_strings(declared: object) -> frozenset[str] | None:
    names = _names(declared.get("query_strings")) if isinstance(declared, dict) else None
    return None if names is None else frozenset(names)


def _sends_to_hosts(declared: object) -> bool:
    return isinstance(declared, dict) and declared.get("hosts") is True


def _names(given: object) -> tuple[str, ...] | None:
    return tuple(name for name in given if isinstance(name, str)) if isinstance(given, list) else None


def _version(reader: Reader, resource: Resource) -> FunctionVersion:
    properties = resource.properties
    extras = ["ProvisionedConcurrencyConfig"] if _is_given(properties["ProvisionedConcurrencyConfig"]) else []
    if properties["RuntimePolicy"]["UpdateRuntimeOn"].text() in ("FunctionUpdate", "Manual"):
        extras.append("RuntimePolicy")
    return FunctionVersion(
        function=lambda_function(reader, properties["FunctionName"].text(), resource.template.stack.region),
        extras=tuple(extras),
        retained=resource.retained,
        **resource.head(),
    )


def _alias(reader: Reader, resource: Resource) -> FunctionAlias:
    properties = resource.properties
    number = properties["FunctionVersion"].text()
    return FunctionAlias(
        name=properties["Name"].text(),
        function=lambda_function(reader, properties["FunctionName"].text(), resource.template.stack.region),
        version=reader.link(number, FunctionVersion),
        version_number=number,
        weights=tuple(
            (one["FunctionVersion"].text(), one["FunctionWeight"].text())
            for one in properties["RoutingConfig"]["AdditionalVersionWeights"]
        ),
        provisioned_concurrency=properties["ProvisionedConcurrencyConfig"]["ProvisionedConcurrentExecutions"].whole(),
        **resource.head(),
    )


def lambda_function(reader: Reader, arn: Value | None, region: Value | None = None) -> Function | Unresolved:
    """The function that an ARN names, whatever of it: its versions and aliases are it, too.

    Args:
        reader: Of the templates.
        arn: An ARN, or a name.
        region: The Region of a name, where something tells it beside the name.
    """
    for reference in references(arn) if arn is not None else ():
        if reader.templates.type_of(reference.resource) in (_ALIAS, _VERSION):
            name = reader.resource(reference.resource).properties["FunctionName"].text()
            return reader.link(name, Function, region) or _NO_FUNCTION
        if reader.templates.type_of(reference.resource) == _URL:
            # Its attribute FunctionArn is the ARN of its function.
            return lambda_function(reader, _target_of_url(reader, reference), region)
    account: Value | None = None
    parts = [] if arn is None or starts(arn).startswith("arn:") else split(arn, ":")
    if isinstance(parts, list) and parts:
        # 123456789012:function:name:alias, or name:alias
        partial = len(parts) > 2 and parts[1] == "function"
        account, arn = (parts[0], parts[2]) if partial else (None, parts[0])
    return reader.link(arn, Function, region, account) or _NO_FUNCTION


def _target_of_url(reader: Reader, url: Reference) -> Value | None:
    """The function that a URL names, which is never a URL itself."""
    target = reader.resource(url.resource).properties["TargetFunctionArn"].text()
    of_urls = target is not None and any(reader.templates.type_of(one.resource) == _URL for one in references(target))
    return None if of_urls else target


def _qualifier(reader: Reader, arn: Value | None) -> Value | None:
    """The version or alias that an ARN or a name of a function has; None where it has none, or nothing tells."""
    if arn is None:
        return None
    for reference in references(arn):
        kind = reader.templates.type_of(reference.resource)
        if kind == _ALIAS:
            return reader.resource(reference.resource).properties["Name"].text()
        if kind == _VERSION:
            return Reference(reference.resource, "Version")
        if kind == _URL:
            own = reader.resource(reference.resource).properties["Qualifier"].text()
            return own or _qualifier(reader, _target_of_url(reader, reference))
    # arn:aws:lambda:us-east-1:123456789012:function:name:alias, 123456789012:function:name:alias, or name:alias
    parts = split(arn, ":", lambda _reference, _delimiter: False)
    if isinstance(parts, Unresolved):
        return None
    before = parts.index("function") + 2 if "function" in parts[1:] else 1
    return parts[before] if len(parts) == before + 1 else None


def _permission(reader: Reader, resource: Resource) -> Permission:
    properties = resource.properties
    name = properties["FunctionName"].text()
    function = lambda_function(reader, name, resource.template.stack.region)
    permission = Permission(
        function=function,
        qualifier=_qualifier(reader, name),
        principal=properties["Principal"].text(),
        action=properties["Action"].text(),
        source_arn=properties["SourceArn"].text(),
        source_account=properties["SourceAccount"].text(),
        organization=properties["PrincipalOrgID"].text(),
        url_auth_type=properties["FunctionUrlAuthType"].text(),
        via_url=properties["InvokedViaFunctionUrl"].flag() if properties["InvokedViaFunctionUrl"] else None,
        **resource.head(),
    )
    if isinstance(function, Function):
        reader.index("permissions", lambda: _permissions(reader)).setdefault(function, []).append(permission)
    return permission


def _permissions(reader: Reader) -> dict[Function, list[Permission]]:
    """By function, the permissions that name it, which it gets when all are read."""
    found: dict[Function, list[Permission]] = {}

    def link() -> None:
        for function, permissions in found.items():
            complete(function, replace(function, permissions=tuple(permissions)))

    reader.later(link)
    return found


def _url(reader: Reader, resource: Resource) -> FunctionUrl:
    properties = resource.properties
    arn = properties["TargetFunctionArn"].text()
    return FunctionUrl(
        function=lambda_function(reader, arn, resource.template.stack.region),
        auth_type=properties["AuthType"].text(),
        invoke_mode=properties["InvokeMode"].text() or "BUFFERED",
        qualifier=properties["Qualifier"].text() or _qualifier(reader, arn),
        **resource.head(),
    )


def _mapping(reader: Reader, resource: Resource) -> EventSourceMapping:
    properties = resource.properties
    source = properties["EventSourceArn"].text()
    table = reader.link(source, Table)
    return EventSourceMapping(
        function=lambda_function(reader, properties["FunctionName"].text(), resource.template.stack.region),
        source=source,
        table=table if isinstance(table, Table) else None,
        enabled=properties["Enabled"].flag(default=True),
        batch_size=properties["BatchSize"].whole(),
        **resource.head(),
    )


def _viewer_function(reader: Reader, resource: Resource) -> ViewerFunction:
    properties = resource.properties
    config = properties["FunctionConfig"]
    stores = [one["KeyValueStoreARN"].text() for one in config["KeyValueStoreAssociations"]]
    return ViewerFunction(
        name=properties["Name"].text(),
        runtime=config["Runtime"].text(),
        code=properties["FunctionCode"].text(),
        published=properties["AutoPublish"].flag(),
        reads=_reads(resource.ours.get("reads")),
        stores=reader.links(tuple(store for store in stores if store is not None), KeyValueStore),
        **resource.head(),
    )


def _store(_reader: Reader, resource: Resource) -> KeyValueStore:
    return KeyValueStore(name=resource.properties["Name"].text(), **resource.head())


READERS: Mapping[str, Read] = {
    "AWS::Lambda::Function": _function,
    _VERSION: _version,
    _ALIAS: _alias,
    "AWS::Lambda::Permission": _permission,
    _URL: _url,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::CloudFront::Function": _viewer_function,
    "AWS::CloudFront::KeyValueStore": _store,
}
