"""The way out of a wrong type, where that type is often given in place of what is accepted."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

#: What is accepted, what is given in its place, and the way out: names of classes and interfaces, first match first.
_SWAPS: Sequence[tuple[str, str, str]] = (
    ("Construct", "IConstruct", "an imported one holds no others: give the stack, or a construct that is made in it"),
    ("Duration", "int", "write Duration.seconds({value})"),
    ("Duration", "float", "write Duration.seconds({value})"),
    ("Endpoint", "EndpointOrigin", "give the endpoint itself, without .origin()"),
    ("Endpoint", "FailoverOriginGroup", "a group is no member of another: give one of its endpoints"),
    ("Endpoint", "OriginGroup", "a group is no member of another: give one of its origins"),
    ("Endpoint", "LoadBalancerV2Origin", "write Endpoint.load_balancer(...)"),
    ("Endpoint", "RestApiOrigin", "write Endpoint.api_gateway(api=...)"),
    ("Endpoint", "S3BucketOrigin", "write Endpoint.bucket(...)"),
    ("Endpoint", "S3Origin", "write Endpoint.bucket(...)"),
    ("Endpoint", "HttpOrigin", "write Endpoint.http_host('origin.example.com')"),
    ("Endpoint", "VpcOrigin", "write Endpoint.vpc_origin(...)"),
    ("Endpoint", "IOrigin", "write Endpoint.from_origin(...)"),
    ("Endpoint", "IOrigin", "write Endpoint.from_origin(...)"),
    ("Endpoint", "IVpcOrigin", "write Endpoint.vpc_origin(...)"),
    ("Endpoint", "IFunctionUrl", "write Endpoint.from_origin(FunctionUrlOrigin.with_origin_access_control(...))"),
    ("Endpoint", "ILoadBalancerV2", "write Endpoint.load_balancer(...)"),
    ("Endpoint", "IBucket", "write Endpoint.bucket(...)"),
    ("Endpoint", "IRestApi", "write Endpoint.api_gateway(api=...)"),
    ("Endpoint", "IHttpApi", "write Endpoint.api_gateway(api=...)"),
    ("Endpoint", "IAccelerator", "write Endpoint.accelerator(...)"),
    ("Endpoint", "str", "write Endpoint.http_host({value})"),
    ("AcceleratorEndpoint", "IApplicationLoadBalancer", "write AcceleratorEndpoint.application_load_balancer(...)"),
    ("AcceleratorEndpoint", "INetworkLoadBalancer", "write AcceleratorEndpoint.network_load_balancer(...)"),
    ("AcceleratorEndpoint", "IInstance", "write AcceleratorEndpoint.instance(...)"),
    ("AcceleratorEndpoint", "CfnEIP", "write AcceleratorEndpoint.elastic_ip(...)"),
    ("AcceleratorEndpoint", "object", "it is of a load balancer, an EC2 instance or an Elastic IP address"),
    ("ApplicationListener", "IApplicationListener", "make it with add_listener(open=False), in this app"),
    ("ApplicationLoadBalancer", "ILoadBalancerV2", "an imported one cannot be changed: make it in this app"),
    ("EndpointOrigin", "IOrigin", "write Endpoint.http_host('origin.example.com').origin()"),
    ("BucketSet", "list", "write BucketSet([...])"),
    ("RuleSource", "Mapping", "write RuleSource.static(...)"),
    ("RuleSource", "dict", "write RuleSource.static(...)"),
    ("BehaviorOptions", "Endpoint", "write BehaviorOptions(origin=endpoint.origin())"),
    ("BehaviorOptions", "IOrigin", "write BehaviorOptions(origin=...)"),
    ("IOrigin", "str", "write Endpoint.http_host({value}).origin()"),
    ("IHostedZone", "str", "write HostedZone.from_lookup(self, 'Zone', domain_name='example.com')"),
    ("ITopic", "str", "write Topic.from_topic_arn(self, 'Topic', 'arn:...')"),
    ("IAlarm", "str", "write Alarm.from_alarm_arn(self, 'Alarm', 'arn:...')"),
    ("IBucket", "str", "write Bucket.from_bucket_attributes(self, 'Bucket', bucket_name=..., region=...)"),
    ("ICertificate", "str", "write Certificate.from_certificate_arn(self, 'Certificate', 'arn:...')"),
    ("ICachePolicy", "str", "write CachePolicy.from_cache_policy_id(self, 'Policy', {value})"),
    (
        "IOriginRequestPolicy",
        "str",
        "write OriginRequestPolicy.from_origin_request_policy_id(self, 'Policy', {value})",
    ),
    (
        "IResponseHeadersPolicy",
        "str",
        "write ResponseHeadersPolicy.from_response_headers_policy_id(self, 'Policy', {value})",
    ),
    ("AllowedMethods", "list", "write AllowedMethods.ALLOW_GET_HEAD, or another of its kind"),
    ("IHealthCheck", "str", "write HealthCheck.from_health_check_id(self, 'Check', {value})"),
    ("str", "IResolvable", "write Token.as_string(...)"),
    ("int", "IResolvable", "write Token.as_number(...)"),
    ("float", "IResolvable", "write Token.as_number(...)"),
)
#: Longer enumerations are not listed.
_MOST_MEMBERS = 5
#: The methods that make what is accepted of a thing that has them.
_MAKERS = {"IOrigin": "origin", "EndpointOrigin": "origin", "Endpoint": "endpoint"}


def remedy(argument: str, value: Any, shown: str, accepted: Mapping[str, Any], given: Collection[str]) -> str | None:
    """The way out of a wrong type; None if it is not known.

    Args:
        argument: The argument, or the part of it.
        value: Its value.
        shown: The value in a line.
        accepted: The classes that are accepted, by their names.
        given: The names of the classes and interfaces of the value.
    """
    for wanted, name, way_out in _SWAPS:
        if wanted in accepted and name in given:
            return way_out.format(value=shown)
    for wanted, method in _MAKERS.items():
        if wanted in accepted and hasattr(type(value), method):
            return f"call its .{method}()"
    if inspect.isclass(value):
        return "that is the class: make one"
    if inspect.isroutine(value):
        return f"call it: {value.__qualname__}()"
    if isinstance(value, (list, tuple)):
        return _of_list(argument, value, accepted)
    if isinstance(value, Mapping):
        return _of_mapping(value, accepted)
    return _of_text(value, accepted) if isinstance(value, str) else None


def _of_list(argument: str, value: Sequence[Any], accepted: Mapping[str, Any]) -> str | None:
    if "PortRange" in accepted and 1 <= len(value) <= 2 and all(isinstance(port, int) for port in value):
        return f"write PortRange(from_port={value[0]}, to_port={value[-1]})"
    if "str" in accepted and len(value) == 1 and isinstance(value[0], str):
        return f"write {argument}={value[0]!r}"
    return None


def _of_mapping(value: Mapping[Any, Any], accepted: Mapping[str, Any]) -> str | None:
    """A dictionary in place of settings."""
    for name, kind in accepted.items():
        fields = _fields(kind)
        if fields:
            # Templates and TypeScript write the same names in other ways.
            by_letters = {_letters(field): field for field in fields}
            given = [by_letters[_letters(key)] for key in value if _letters(key) in by_letters]
            return f"write {name}({', '.join(f'{field}=...' for field in given) or '...'})"
    return None


def _fields(kind: Any) -> Collection[str]:
    """The names of the fields of settings; empty for any other kind."""
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    return cast("Collection[str]", getattr(kind, "__jsii_name_mapping__", ()))


def _letters(name: object) -> str:
    return str(name).replace("_", "").lower()


def _of_text(value: str, accepted: Mapping[str, Any]) -> str | None:
    """Text in place of a member of an enumeration."""
    for name, kind in accepted.items():
        if isinstance(kind, enum.EnumMeta):
            member = re.sub(r"\W", "_", value).upper()
            members = [member] if member in kind.__members__ else list(kind.__members__)
            return f"write {name}.{' or .'.join(members)}" if len(members) <= _MOST_MEMBERS else None
    return None
