"""The typed model of an edge architecture, read from cloud assemblies and templates; no CDK is needed for it.

>>> from ha_patterns.topology import Distribution, load
>>> for distribution in load("cdk.out").of(Distribution):               # doctest: +SKIP
...     for behavior in distribution.behaviors:
...         print(distribution.place.name, behavior.pattern, behavior.target)

``model`` has what there is beside a distribution, ``values`` what a property can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from ..aws.policies import CachePolicy, OriginRequestPolicy, Selection
    from .files import TemplateError
    from .loading import StackTemplate, load, load_stacks
    from .model import (
        Accelerator,
        AcceleratorEndpoint,
        AcceleratorListener,
        AccessPoint,
        Alarm,
        Alias,
        Api,
        ApiDomain,
        Bucket,
        CacheBehavior,
        Certificate,
        ControlPanel,
        Distribution,
        Endpoint,
        EndpointGroup,
        ErrorResponse,
        Function,
        FunctionAssociation,
        FunctionUrl,
        FunctionVersion,
        HealthCheck,
        HostedZone,
        KeyValueStore,
        ListenerRule,
        LoadBalancer,
        LoadBalancerListener,
        Origin,
        OriginGroup,
        OriginKind,
        Place,
        Policy,
        Qualifier,
        Reads,
        Record,
        Role,
        RoutingControl,
        SafetyRule,
        Statement,
        Table,
        TargetGroup,
        Thing,
        ViewerFunction,
        VpcOrigin,
    )
    from .stacks import Stack
    from .topology import RecordSet, Topology
    from .values import Reference, ResourceId, Text, Unresolved, Value

_HOMES = {
    "files": ("TemplateError",),
    "loading": (
        "StackTemplate",
        "load",
        "load_stacks",
    ),
    "model": (
        "Accelerator",
        "AcceleratorEndpoint",
        "AcceleratorListener",
        "AccessPoint",
        "Alarm",
        "Alias",
        "Api",
        "ApiDomain",
        "Bucket",
        "CacheBehavior",
        "Certificate",
        "ControlPanel",
        "Distribution",
        "Endpoint",
        "EndpointGroup",
        "ErrorResponse",
        "Function",
        "FunctionAssociation",
        "FunctionUrl",
        "FunctionVersion",
        "HealthCheck",
        "HostedZone",
        "KeyValueStore",
        "ListenerRule",
        "LoadBalancer",
        "LoadBalancerListener",
        "Origin",
        "OriginGroup",
        "OriginKind",
        "Place",
        "Policy",
        "Qualifier",
        "Reads",
        "Record",
        "Role",
        "RoutingControl",
        "SafetyRule",
        "Statement",
        "Table",
        "TargetGroup",
        "Thing",
        "ViewerFunction",
        "VpcOrigin",
    ),
    "policies": (
        "CachePolicy",
        "OriginRequestPolicy",
        "Selection",
    ),
    "stacks": ("Stack",),
    "topology": (
        "RecordSet",
        "Topology",
    ),
    "values": (
        "Reference",
        "ResourceId",
        "Text",
        "Unresolved",
        "Value",
    ),
}
__all__ = [
    "Accelerator",
    "AcceleratorEndpoint",
    "AcceleratorListener",
    "AccessPoint",
    "Alarm",
    "Alias",
    "Api",
    "ApiDomain",
    "Bucket",
    "CacheBehavior",
    "CachePolicy",
    "Certificate",
    "ControlPanel",
    "Distribution",
    "Endpoint",
    "EndpointGroup",
    "ErrorResponse",
    "Function",
    "FunctionAssociation",
    "FunctionUrl",
    "FunctionVersion",
    "HealthCheck",
    "HostedZone",
    "KeyValueStore",
    "ListenerRule",
    "LoadBalancer",
    "LoadBalancerListener",
    "Origin",
    "OriginGroup",
    "OriginKind",
    "OriginRequestPolicy",
    "Place",
    "Policy",
    "Qualifier",
    "Reads",
    "Record",
    "RecordSet",
    "Reference",
    "ResourceId",
    "Role",
    "RoutingControl",
    "SafetyRule",
    "Selection",
    "Stack",
    "StackTemplate",
    "Statement",
    "Table",
    "TargetGroup",
    "TemplateError",
    "Text",
    "Thing",
    "Topology",
    "Unresolved",
    "Value",
    "ViewerFunction",
    "VpcOrigin",
    "load",
    "load_stacks",
]

__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
