"""Lambda@Edge and CloudFront Functions: what AWS refuses of a function, and what it costs to have it anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...aws.edge_functions import LONGEST_TIMEOUT, MOST_MEMORY, MOST_VIEWER_MEMORY
from ...aws.regions import EDGE_REGION
from ...aws.runtimes import DEPRECATED, ORIGIN_EVENTS, TABLE_DATE, VIEWER_EVENTS
from ...semantics.requests import edge_functions
from ...topology.model import (
    CacheBehavior,
    Function,
    FunctionAssociation,
    FunctionVersion,
    OriginAccessControl,
    Qualifier,
    Role,
    ViewerFunction,
)
from ...topology.topology import Topology
from ...topology.values import Unresolved, Value, split, starts, waiting
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_RESTRICTIONS = f"{_GUIDE}lambda-at-edge-function-restrictions.html"


@rule(
    "HA101",
    Severity.ERROR,
    "Lambda@Edge association without a numbered version",
    kind=FunctionAssociation,
    why="CloudFront replicates numbered versions of a function only. It refuses a distribution that names $LATEST, an "
    "alias or the function itself.",
    remedy="Make an AWS::Lambda::Version of the function, and give its Ref as LambdaFunctionARN.",
    page=_RESTRICTIONS,
)
def numbered_version(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    if not association.at_edge:
        return
    if association.qualifier is Qualifier.UNKNOWN:
        arn = next(waiting(association.arn), Unresolved(f"what {association.arn} is"))
        yield cannot_tell(association, arn, f"whether {association.event} has a numbered version", "LambdaFunctionARN")
        return
    named = {Qualifier.LATEST: "the function without a version", Qualifier.ALIAS: "an alias"}.get(association.qualifier)
    if named is not None:
        what = f"{association.event} has {named}, {association.arn}; CloudFront takes a numbered version"
        yield problem(association, what, "LambdaFunctionARN")


@rule(
    "HA102",
    Severity.ERROR,
    "Lambda@Edge function outside us-east-1",
    kind=FunctionAssociation,
    why="CloudFront replicates functions from US East (N. Virginia) only, and refuses a distribution that names one "
    "of another Region.",
    remedy="Move the function to a stack in us-east-1.",
    page=_RESTRICTIONS,
)
def in_the_edge_region(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    if not association.at_edge:
        return
    region = _region(association)
    if isinstance(region, Unresolved):
        yield cannot_tell(association, region, "whether the function is in us-east-1", "LambdaFunctionARN")
    elif region is not None and region != EDGE_REGION:
        what = f"{association.event} has a function in {region}; CloudFront takes those of {EDGE_REGION}"
        yield problem(association, what, "LambdaFunctionARN")


def _region(association: FunctionAssociation) -> str | Unresolved | None:
    """Where the function is, as its stack or its ARN tells; None where it is not in these templates."""
    if isinstance(association.function, Function):
        return association.function.place.stack.region
    parts = split(association.arn, ":") if starts(association.arn).startswith("arn:") else []
    if isinstance(parts, list) and len(parts) > 3 and isinstance(parts[3], str | Unresolved):
        return parts[3]
    return None


# As people call what Lambda@Edge does not take, by the template's property.
_REFUSED: Mapping[str, str] = {
    "VpcConfig.SubnetIds": "a VPC",
    "DeadLetterConfig.TargetArn": "a dead-letter queue",
    "Layers": "layers",
    "KmsKeyArn": "a customer managed key",
    "Code.SourceKMSKeyArn": "a customer managed key of its code",
    "FileSystemConfigs": "a file system",
    "TracingConfig": "active tracing",
}
_REFUSED_OF_A_VERSION: Mapping[str, str] = {
    "ProvisionedConcurrencyConfig": "provisioned concurrency",
    "RuntimePolicy": "runtime updates that are not automatic",
}
_MOST_STORAGE = 512


@rule(
    "HA103",
    Severity.ERROR,
    "Lambda@Edge function with what Lambda@Edge does not take",
    kind=Topology,
    why="A replica of a function runs on its code alone: CloudFront refuses functions with environment variables, "
    "layers, a VPC, a dead-letter queue, tracing, a container image, the architecture arm64, more than 512 MB of "
    "storage, a customer managed key or provisioned concurrency.",
    remedy="Take the property out. What the function has to know can be in its code, or in custom headers of the "
    "origin.",
    page=_RESTRICTIONS,
)
def takes_no_more(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for function, associations in edge_functions(topology):
        for path, what in _more(function):
            yield problem(function, f"the function has {what}, which Lambda@Edge does not take", "Properties", *path)
        for version in {id(one.version): one.version for one in associations}.values():
            for name in version.extras if version else ():
                if version and name in _REFUSED_OF_A_VERSION:
                    what = f"the version has {_REFUSED_OF_A_VERSION[name]}, which Lambda@Edge does not take"
                    yield problem(version, what, "Properties", name)


def _more(function: Function) -> Iterator[tuple[tuple[str, ...], str]]:
    if function.environment:
        names = ", ".join(function.environment)
        yield ("Environment", "Variables"), f"environment variables ({names})"
    for name in function.extras:
        if name in _REFUSED:
            yield tuple(name.split(".")), _REFUSED[name]
    if "arm64" in function.architectures:
        yield ("Architectures",), "the architecture arm64"
    if function.package_type == "Image":
        yield ("PackageType",), "a container image"
    storage = function.ephemeral_storage
    if isinstance(storage, int) and storage > _MOST_STORAGE:
        yield ("EphemeralStorage", "Size"), f"{storage} MB of storage, more than {_MOST_STORAGE}"


@rule(
    "HA104",
    Severity.ERROR,
    "Lambda@Edge function with a runtime that is refused",
    kind=Topology,
    why="Lambda@Edge runs Node.js and Python, and Lambda creates no function with a runtime of which it has ended the "
    "support.",
    remedy="Use nodejs24.x or python3.14.",
    page="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
)
def runtime(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for function, _ in edge_functions(topology):
        name = function.runtime
        if not isinstance(name, str):
            continue
        if not name.startswith(("nodejs", "python")):
            what = f"the runtime is {name}; Lambda@Edge runs Node.js and Python"
            yield problem(function, what, "Properties", "Runtime")
        elif name in DEPRECATED and DEPRECATED[name].no_create <= TABLE_DATE:
            what = f"the runtime is {name}, with which Lambda creates no function since {DEPRECATED[name].no_create}"
            yield problem(function, what, "Properties", "Runtime")


@rule(
    "HA115",
    Severity.WARNING,
    "Lambda@Edge function with a deprecated runtime",
    kind=Topology,
    why="A deprecated runtime gets no security patches, and on a day that is set Lambda stops to create and update "
    "functions with it: a mended function can then not be deployed, in an outage either.",
    remedy="Use nodejs24.x or python3.14.",
    page="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
)
def deprecated_runtime(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for function, _ in edge_functions(topology):
        name = function.runtime
        dates = DEPRECATED.get(name) if isinstance(name, str) else None
        if dates is not None and dates.no_create > TABLE_DATE:
            what = (
                f"the runtime {name} is deprecated since {dates.deprecated}, and Lambda creates no function with it "
                f"from {dates.no_create} on"
            )
            yield problem(function, what, "Properties", "Runtime")


@rule(
    "HA105",
    Severity.ERROR,
    "Lambda@Edge function with more time or memory than it may have",
    kind=Topology,
    why="CloudFront refuses a function that may run for more than 30 seconds, or has more memory than any event takes.",
    remedy="Lower Timeout or MemorySize.",
    page=f"{_GUIDE}cloudfront-limits.html",
)
def time_and_memory(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for function, _ in edge_functions(topology):
        seconds, memory = function.timeout, function.memory_size
        if isinstance(seconds, int) and seconds > LONGEST_TIMEOUT:
            what = f"the time-out is {seconds} s; Lambda@Edge allows {LONGEST_TIMEOUT} s"
            yield problem(function, what, "Properties", "Timeout")
        if isinstance(memory, int) and memory > MOST_MEMORY:
            what = f"the function has {memory} MB of memory; Lambda@Edge allows {MOST_MEMORY} MB"
            yield problem(function, what, "Properties", "MemorySize")


@rule(
    "HA129",
    Severity.WARNING,
    "Lambda@Edge function with more memory than viewers' events have by default",
    kind=Topology,
    why=f"On viewers' events, a function has {MOST_VIEWER_MEMORY} MB of memory unless AWS has raised the quota of the "
    "account. Without that, CloudFront refuses the distribution.",
    remedy=f"Set MemorySize to {MOST_VIEWER_MEMORY}, or move the function to an origin event.",
    page=f"{_GUIDE}cloudfront-limits.html",
)
def viewer_memory(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for function, associations in edge_functions(topology):
        events = sorted({str(one.event) for one in associations if one.event in VIEWER_EVENTS})
        memory = function.memory_size
        if events and isinstance(memory, int) and MOST_VIEWER_MEMORY < memory <= MOST_MEMORY:
            what = f"the function has {memory} MB of memory; on {events[0]} it may have {MOST_VIEWER_MEMORY} MB"
            yield problem(function, what, "Properties", "MemorySize")


@rule(
    "HA106",
    Severity.ERROR,
    "functions that one cache behavior cannot have together",
    kind=CacheBehavior,
    why="A behavior runs one function on an event, and on viewers' events functions of one kind only. CloudFront "
    "refuses the distribution.",
    remedy="Make one function of the two; or move the Lambda@Edge function to an origin event.",
    page=f"{_GUIDE}edge-function-restrictions-all.html",
)
def functions_together(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    events = [one.event for one in behavior.functions if isinstance(one.event, str)]
    for event in dict.fromkeys(events):
        if events.count(event) > 1:
            yield problem(behavior, f"behavior {behavior.pattern} has {events.count(event)} functions on {event}")
    viewer = {one.at_edge: one.event for one in behavior.functions if one.event in VIEWER_EVENTS}
    if len(viewer) > 1 and viewer[True] != viewer[False]:
        yield problem(
            behavior,
            f"behavior {behavior.pattern} has a CloudFront Function on {viewer[False]} and Lambda@Edge on "
            f"{viewer[True]}; viewers' events take one kind",
        )


@rule(
    "HA107",
    Severity.ERROR,
    "Lambda@Edge on an origin event of an origin that has none",
    kind=CacheBehavior,
    why="CloudFront runs no Lambda@Edge function on the origin events of a VPC origin, and refuses the distribution. "
    "Nor does it where an origin access control signs with sigv4a, as for a Multi-Region Access Point, alone or in a "
    "group.",
    remedy="Use another origin; or choose among the distribution's origins in a CloudFront Function on viewer-request.",
    page=f"{_GUIDE}private-content-vpc-origins.html",
)
def no_origin_events(behavior: CacheBehavior, _context: Context) -> Iterator[Verdict]:
    events = [one.event for one in behavior.functions if one.at_edge and one.event in ORIGIN_EVENTS]
    for origin in behavior.origins if events else ():
        control = origin.access_control
        why = "is in a VPC" if origin.vpc else ""
        if isinstance(control, OriginAccessControl) and control.signing_protocol == "sigv4a":
            why = f"is signed for with sigv4a by {control.place.name}"
        if why:
            what = f"behavior {behavior.pattern} has Lambda@Edge on {events[0]}, and its origin {origin.id} {why}"
            yield problem(behavior, what, "LambdaFunctionAssociations")
            return


_OLD_RUNTIME = "cloudfront-js-1.0"
_IMPORTS = re.compile(r"""\bfrom\s*['"]cloudfront['"]|\brequire\(\s*['"]cloudfront['"]\s*\)""")


@rule(
    "HA109",
    Severity.ERROR,
    "CloudFront Function with a runtime that is too old for it",
    kind=ViewerFunction,
    why="A key value store and a change of origin need the runtime cloudfront-js-2.0. With the older one CloudFront "
    "refuses the function, or it fails on every request.",
    remedy="Set Runtime to cloudfront-js-2.0 in the function's FunctionConfig.",
    page=f"{_GUIDE}functions-javascript-runtime-20.html",
)
def runtime_of_viewer_function(function: ViewerFunction, _context: Context) -> Iterator[Verdict]:
    if function.runtime != _OLD_RUNTIME:
        return
    if function.stores:
        needs = "has a key value store"
    elif isinstance(function.code, str) and _IMPORTS.search(function.code):
        needs = "imports the module cloudfront"
    else:
        return
    what = f"the function {needs}, and its runtime is {_OLD_RUNTIME}; it needs cloudfront-js-2.0"
    yield problem(function, what, "Properties", "FunctionConfig", "Runtime")


_TRUSTED = ("lambda", "edgelambda")


@rule(
    "HA110",
    Severity.ERROR,
    "role that Lambda@Edge may not take",
    kind=Topology,
    why="Lambda and CloudFront both take the role of a replicated function. CloudFront refuses a function whose role "
    "does not trust the two.",
    remedy="Let lambda.amazonaws.com and edgelambda.amazonaws.com assume the role in its AssumeRolePolicyDocument.",
    page=f"{_GUIDE}lambda-edge-permissions.html",
)
def trusted_by_both(topology: Topology, _context: Context) -> Iterator[Verdict]:
    seen: set[int] = set()
    for function, _ in edge_functions(topology):
        role = function.role
        if isinstance(role, Unresolved):
            yield cannot_tell(function, role, "whether its role trusts Lambda@Edge", "Properties", "Role")
        if not isinstance(role, Role) or id(role) in seen:
            continue
        seen.add(id(role))
        missing = [f"{name}.amazonaws.com" for name in _TRUSTED if not any(_is(name, one) for one in role.trusted)]
        unknown = [one for one in role.trusted if not starts(one)]
        if missing and unknown:
            yield cannot_tell(role, unknown[0], f"whether the role trusts {missing[0]}", *_TRUST)
        elif missing and not _trust_gaps(role):
            who = ", ".join(sorted(map(str, role.trusted))) or "no service"
            what = f"the role of {function.place.logical_id} trusts {who}, and not {' and '.join(missing)}"
            yield problem(role, what, *_TRUST)


_TRUST = ("Properties", "AssumeRolePolicyDocument")


def _is(name: str, service: Value) -> bool:
    """Whether a service is meant; its suffix may be written as AWS::URLSuffix."""
    return service == f"{name}.amazonaws.com" or (not isinstance(service, str) and starts(service) == f"{name}.")


def _trust_gaps(role: Role) -> bool:
    return any("AssumeRolePolicyDocument" in gap.path for gap in role.gaps)


@rule(
    "HA113",
    Severity.NOTE,
    "Lambda@Edge function that the stack deletes",
    kind=Topology,
    why="Lambda deletes no function or version while CloudFront has replicas of it, which stay for hours after the "
    "last distribution has let go. Deleting the stack, or replacing the version, fails so long.",
    remedy="Set DeletionPolicy and UpdateReplacePolicy to Retain, and delete the function later.",
    page=f"{_GUIDE}lambda-edge-delete-replicas.html",
)
def retained(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for function, associations in edge_functions(topology):
        versions = {id(one.version): one.version for one in associations}
        kept: list[Function | FunctionVersion] = [function, *(one for one in versions.values() if one is not None)]
        for thing in kept:
            if not thing.retained:
                word = "function" if thing is function else "version"
                what = f"the {word} has no DeletionPolicy Retain; CloudFront's replicas outlive the stack"
                yield problem(thing, what, "DeletionPolicy")


@rule(
    "HA114",
    Severity.NOTE,
    "Lambda@Edge version that another stack exports",
    kind=FunctionAssociation,
    why="Every change of the code is a new version, and CloudFormation does not change an export while another stack "
    "imports it: the new version cannot be deployed, also when it is the one that mends an outage.",
    remedy="Put function and distribution in one stack; or use a weak reference, such as Fn::GetStackOutput.",
    page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html",
)
def held_version(association: FunctionAssociation, _context: Context) -> Iterator[Verdict]:
    if association.at_edge and association.held_by is not None:
        what = f"{association.event} has its version by {association.held_by}, which holds the stack that exports it"
        yield problem(association, what, "LambdaFunctionARN")
