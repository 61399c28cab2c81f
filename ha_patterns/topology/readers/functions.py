"""Functions: Lambda's with their versions and URLs, and CloudFront's with their key value stores."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..model import Function, FunctionUrl, FunctionVersion, KeyValueStore, Reads, Role, ViewerFunction
from ..properties import Property
from ..reader import Read, Reader, Resource
from ..values import Unresolved, Value, references

# What Lambda@Edge does not take, where the template gives it.
_EXTRAS = (
    *("VpcConfig.SubnetIds", "DeadLetterConfig.TargetArn", "Layers", "KmsKeyArn", "FileSystemConfigs", "ImageConfig"),
    *("Code.SourceKMSKeyArn", "ReservedConcurrentExecutions", "CodeSigningConfigArn", "LoggingConfig"),
)
_ALIAS = "AWS::Lambda::Alias"
_VERSION = "AWS::Lambda::Version"
_NO_FUNCTION = Unresolved("a function, which nothing names")


def _function(reader: Reader, resource: Resource) -> Function:
    properties = resource.properties
    extras = [name for name in _EXTRAS if _is_given(_at(properties, name))]
    if properties["TracingConfig"]["Mode"].text() == "Active":
        extras.append("TracingConfig")
    if properties["SnapStart"]["ApplyOn"].text() == "PublishedVersions":
        extras.append("SnapStart")
    environment = properties["Environment"]["Variables"]
    return Function(
        name=properties["FunctionName"].text(),
        runtime=properties["Runtime"].text(),
        handler=properties["Handler"].text(),
        timeout=properties["Timeout"].whole(3) or 0,
        memory_size=properties["MemorySize"].whole(128) or 0,
        architectures=properties["Architectures"].texts() or ("x86_64",),
        package_type=properties["PackageType"].text() or "Zip",
        ephemeral_storage=properties["EphemeralStorage"]["Size"].whole(512) or 0,
        environment=tuple(name for name, _ in environment.items()),
        extras=tuple(extras),
        role=reader.link(properties["Role"].text(), Role),
        asset=_asset(reader, resource),
        retained=resource.retained,
        reads=_reads(resource.ours.get("reads")),
        passed_query_strings=_passed_query_strings(resource.ours.get("sends")),
        sends_to_hosts=_sends_to_hosts(resource.ours.get("sends")),
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
        function=lambda_function(reader, properties["FunctionName"].text()),
        extras=tuple(extras),
        retained=resource.retained,
        **resource.head(),
    )


def lambda_function(reader: Reader, arn: Value | None) -> Function | Unresolved:
    """The function that an ARN names, whatever of it: its versions and aliases are it, too."""
    for reference in references(arn) if arn is not None else ():
        if reader.templates.type_of(reference.resource) in (_ALIAS, _VERSION):
            name = reader.resource(reference.resource).properties["FunctionName"].text()
            return reader.link(name, Function) or _NO_FUNCTION
    return reader.link(arn, Function) or _NO_FUNCTION


def _url(reader: Reader, resource: Resource) -> FunctionUrl:
    properties = resource.properties
    return FunctionUrl(
        function=lambda_function(reader, properties["TargetFunctionArn"].text()),
        auth_type=properties["AuthType"].text(),
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
        stores=reader.links(tuple(store for store in stores if store is not None), KeyValueStore),
        **resource.head(),
    )


def _store(_reader: Reader, resource: Resource) -> KeyValueStore:
    return KeyValueStore(name=resource.properties["Name"].text(), **resource.head())


READERS: Mapping[str, Read] = {
    "AWS::Lambda::Function": _function,
    _VERSION: _version,
    "AWS::Lambda::Url": _url,
    "AWS::CloudFront::Function": _viewer_function,
    "AWS::CloudFront::KeyValueStore": _store,
}
