"""Functions with what they may do, versions, URLs, and what their metadata declares."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import (
    Function,
    FunctionAlias,
    FunctionUrl,
    FunctionVersion,
    Key,
    Permission,
    Role,
)
from ha_patterns.topology.topology import Topology
from ha_patterns.topology.values import Reference, ResourceId, Unresolved

from .loading import get_att, load_resources, load_stacks, only, ref, resource

_TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}}]
}
_READ = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::a/*"]}]}


def _load(more: dict[str, Any] | None = None, **properties: Any) -> Topology:
    return load_resources({"Fn": resource("Lambda::Function", **properties), **(more or {})})


def test_a_function_has_lambda_s_defaults() -> None:
    function = only(_load(), Function)

    assert (function.timeout, function.memory_size, function.ephemeral_storage) == (3, 128, 512)
    assert (function.package_type, function.architectures, function.retained) == ("Zip", ("x86_64",), False)
    assert (dict(function.environment), function.extras, function.role, function.asset) == ({}, (), None, None)
    assert (function.key, function.reserved_concurrency, function.permissions) == (None, None, ())


def test_a_function_has_what_it_says() -> None:
    function = only(
        _load(
            Timeout="30",
            MemorySize=256,
            Runtime="python3.13",
            Handler="index.handler",
            Architectures=["arm64"],
            EphemeralStorage={"Size": 1024},
            Environment={"Variables": {"A": ref("AWS::Region"), "B": "2"}},
            Layers=["arn:layer"],
            TracingConfig={"Mode": "Active"},
            VpcConfig=ref("AWS::NoValue"),
        ),
        Function,
    )

    assert (function.timeout, function.memory_size, function.ephemeral_storage) == (30, 256, 1024)
    assert (function.runtime, function.handler, function.architectures) == ("python3.13", "index.handler", ("arm64",))
    assert (dict(function.environment), function.extras) == (
        {"A": "eu-west-1", "B": "2"},
        ("Layers", "TracingConfig"),
    )


@pytest.mark.parametrize(("policy", "retained"), [("Retain", True), ("RetainExceptOnCreate", True), ("Delete", False)])
def test_what_stays_when_the_stack_is_deleted_is_told(policy: str, retained: bool) -> None:
    version = {**resource("Lambda::Version", FunctionName=ref("Fn")), "DeletionPolicy": policy}

    assert only(_load({"V": version}), FunctionVersion).retained is retained


def test_a_role_has_the_statements_of_all_its_policies() -> None:
    inline = {"PolicyName": "inline", "PolicyDocument": _READ}
    managed = ["arn:aws:iam::aws:policy/Some", ref("Managed")]
    more = {
        "Role": resource(
            "IAM::Role",
            AssumeRolePolicyDocument=_TRUST,
            Policies=[inline],
            ManagedPolicyArns=managed,
            RoleName="router",
        ),
        "Managed": resource("IAM::ManagedPolicy", PolicyDocument=_READ),
        "Policy": resource("IAM::Policy", PolicyDocument=_READ, Roles=[ref("Role")]),
        "Other": resource("IAM::Policy", PolicyDocument=_READ, Roles=["someone"]),
        "Named": resource("IAM::Policy", PolicyDocument=_READ, Roles=["router"]),
        "Own": resource("IAM::RolePolicy", PolicyDocument={"Statement": _READ["Statement"][0]}, RoleName=ref("Role")),
    }
    role = only(_load(more, Role=get_att("Role", "Arn")), Function).role

    assert isinstance(role, Role)
    assert role.trusted == {"lambda.amazonaws.com", "edgelambda.amazonaws.com"}
    assert [statement.actions for statement in role.statements] == [("s3:GetObject",)] * 5
    assert role.managed == ("arn:aws:iam::aws:policy/Some", Reference(ResourceId("Test", "Managed")))


def test_a_trust_with_one_statement_is_read() -> None:
    trust = {"Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}}
    role = only(load_resources({"Role": resource("IAM::Role", AssumeRolePolicyDocument=trust)}), Role)

    assert role.trusted == {"lambda.amazonaws.com"}


def test_what_a_statement_is_for_may_not_be_known() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": ref("Param")}]}
    role = resource("IAM::Role", Policies=[{"PolicyDocument": document}])
    topology = load_stacks({"Test": {"Resources": {"R": role}, "Parameters": {"Param": {"Type": "String"}}}})
    (statement,) = only(topology, Role).statements

    assert [Unresolved] == [type(one) for one in statement.resources]


@pytest.mark.parametrize("role", ["arn:aws:iam::123456789012:role/service/router", "router"])
def test_a_role_of_another_stack_is_found_by_its_name(role: str) -> None:
    stacks = {
        "A": {"Resources": {"Role": resource("IAM::Role", RoleName="router")}},
        "B": {"Resources": {"Fn": resource("Lambda::Function", Role=role)}},
    }

    assert isinstance(only(load_stacks(stacks), Function).role, Role)


@pytest.mark.parametrize(
    ("account", "found"), [("123456789012", True), ("111122223333", False), ("${AWS::AccountId}", True)]
)
def test_an_arn_of_another_account_is_of_no_function_of_this_one(account: str, found: bool) -> None:
    arn = {"Fn::Sub": f"arn:aws:lambda:eu-west-1:{account}:function:handler"}
    topology = _load({"Permission": resource("Lambda::Permission", FunctionName=arn)}, FunctionName="handler")

    assert isinstance(only(topology, Permission).function, Function) is found


@pytest.mark.parametrize(("kind", "model"), [("Version", FunctionVersion), ("Alias", FunctionAlias)])
@pytest.mark.parametrize("here", [True, False])
def test_a_version_or_alias_is_of_the_function_in_its_region(
    kind: str, model: type[FunctionVersion | FunctionAlias], here: bool
) -> None:
    function = {"Fn": resource("Lambda::Function", FunctionName="handler")}
    published = resource(f"Lambda::{kind}", FunctionName="handler")
    stacks = {"Far": {"Resources": function}, "Near": {"Resources": {"P": published, **(function if here else {})}}}
    topology = load_stacks(stacks, {"Far": "us-east-1"})

    found = only(topology, model).function
    if here:
        assert found is next(one for one in topology.of(Function) if one.place.stack.id == "Near")
    else:
        assert found == Unresolved("handler, which is not in these templates")


@pytest.mark.parametrize(("account", "is_linked"), [("123456789012", True), ("111122223333", False)])
@pytest.mark.parametrize("qualifier", ["", ":live"])
def test_the_account_in_part_of_an_arn_counts(account: str, is_linked: bool, qualifier: str) -> None:
    name = f"{account}:function:handler{qualifier}"
    resources = {
        "Function": resource("Lambda::Function", FunctionName="handler"),
        "Url": resource("Lambda::Url", TargetFunctionArn=name),
    }
    topology = load_resources(resources)

    found = only(topology, FunctionUrl).function
    assert found is only(topology, Function) if is_linked else isinstance(found, Unresolved)


@pytest.mark.parametrize("unknown", ["Region", "Account"])
def test_an_arn_whose_region_or_account_is_a_parameter_waits_for_it(unknown: str) -> None:
    where = {"Region": "${Given}:123456789012", "Account": "eu-west-1:${Given}"}[unknown]
    resources = {
        "Function": resource("Lambda::Function", FunctionName="handler"),
        "Url": resource("Lambda::Url", TargetFunctionArn={"Fn::Sub": f"arn:aws:lambda:{where}:function:handler"}),
    }
    found = only(load_resources(resources, Parameters={"Given": {"Type": "String"}}), FunctionUrl).function

    # Another account, or Region, may have a function of that name.
    assert found == Unresolved("the parameter Given of Test, which has no default")


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:lambda:eu-west-1:123456789012:layer:handler", "arn:aws:lambda:eu-west-1:123456789012:layer:handler:1"],
)
def test_a_layer_is_no_function_of_its_name(arn: str) -> None:
    resources = {
        "Function": resource("Lambda::Function", FunctionName="handler"),
        "Url": resource("Lambda::Url", TargetFunctionArn=arn),
    }

    assert only(load_resources(resources), FunctionUrl).function == Unresolved(
        f"{arn}, which is not in these templates"
    )


@pytest.mark.parametrize("kind", ["user", "policy", "instance-profile"])
def test_what_else_has_the_name_of_a_role_is_none(kind: str) -> None:
    topology = _load(
        {"Role": resource("IAM::Role", RoleName="router")}, Role=f"arn:aws:iam::123456789012:{kind}/router"
    )

    assert isinstance(only(topology, Function).role, Unresolved)


def test_a_role_of_another_account_is_not_the_one_of_its_name() -> None:
    arn = "arn:aws:iam::111122223333:role/router"
    topology = _load({"Role": resource("IAM::Role", RoleName="router")}, Role=arn)

    assert only(topology, Function).role == Unresolved(f"{arn}, which is not in these templates")


def test_what_a_function_declares_that_it_reads_is_told() -> None:
    declared = {"headers": ["X-Tenant", 1], "cookies": ["session"], "query_strings": "no list", "by_region": True}
    function = {**resource("Lambda::Function"), "Metadata": {"ha-patterns": {"reads": declared}}}
    reads = only(load_resources({"Fn": function}), Function).reads

    assert reads is not None
    assert (reads.headers, reads.cookies, reads.query_strings, reads.by_region) == (
        ("x-tenant",),
        ("session",),
        (),
        True,
    )


@pytest.mark.parametrize("metadata", [None, [], {}, {"ha-patterns": 1}, {"ha-patterns": {"reads": []}}])
def test_odd_metadata_declares_nothing(metadata: Any) -> None:
    function = {**resource("Lambda::Function"), "Metadata": metadata}

    assert only(load_resources({"Fn": function}), Function).reads is None


def test_a_function_has_its_environment_and_key() -> None:
    more = {"Key": resource("KMS::Key"), "Table": resource("DynamoDB::Table")}
    variables = {"TABLE": ref("Table"), "REGION": ref("AWS::Region"), "NONE": ref("AWS::NoValue"), "COUNT": 3}
    topology = _load(
        more,
        Environment={"Variables": variables},
        KmsKeyArn=get_att("Key", "Arn"),
        ReservedConcurrentExecutions=5,
    )
    function = only(topology, Function)

    assert dict(function.environment) == {
        "TABLE": Reference(ResourceId("Test", "Table")),
        "REGION": "eu-west-1",
        "COUNT": "3",
    }
    assert (function.key, function.reserved_concurrency) == (only(topology, Key), 5)


def test_an_environment_may_not_be_known() -> None:
    given = {"Given": {"Type": "String"}}
    one = resource("Lambda::Function", Environment={"Variables": {"A": ref("Given")}})
    all_of_it = resource("Lambda::Function", Environment=ref("Given"))
    first, second = load_resources({"One": one, "All": all_of_it}, Parameters=given).of(Function)

    assert [Unresolved] == [type(value) for value in first.environment.values()]
    assert (len(second.environment), len(second.gaps)) == (0, 1)


_URL = {"Principal": "cloudfront.amazonaws.com", "Action": "lambda:InvokeFunctionUrl"}


def test_a_permission_has_what_it_says() -> None:
    given = {
        **_URL,
        "FunctionName": ref("Fn"),
        "SourceArn": "arn:aws:cloudfront::1:distribution/E1",
        "SourceAccount": "1",
        "PrincipalOrgID": "o-1234567890",
        "FunctionUrlAuthType": "AWS_IAM",
        "InvokedViaFunctionUrl": True,
    }
    topology = _load({"Permission": resource("Lambda::Permission", **given)})
    permission, function = only(topology, Permission), only(topology, Function)

    assert (permission.function, function.permissions) == (function, (permission,))
    assert (permission.principal, permission.action) == ("cloudfront.amazonaws.com", "lambda:InvokeFunctionUrl")
    assert (permission.source_arn, permission.source_account) == ("arn:aws:cloudfront::1:distribution/E1", "1")
    assert (permission.organization, permission.url_auth_type, permission.via_url) == ("o-1234567890", "AWS_IAM", True)


def test_a_permission_without_anything_is_for_nothing() -> None:
    permission = only(load_resources({"Permission": resource("Lambda::Permission")}), Permission)

    assert isinstance(permission.function, Unresolved)
    assert (permission.qualifier, permission.principal, permission.source_arn, permission.via_url) == (None,) * 4


def test_a_permission_may_not_be_known() -> None:
    names = ("FunctionName", "Principal", "Action", "SourceArn", "InvokedViaFunctionUrl")
    permission = resource("Lambda::Permission", **dict.fromkeys(names, ref("Given")))
    found = only(load_resources({"One": permission}, Parameters={"Given": {"Type": "String"}}), Permission)
    told = (found.function, found.principal, found.action, found.source_arn, found.via_url)

    assert [Unresolved] * 5 == [type(one) for one in told]


@pytest.mark.parametrize(
    ("name", "qualifier"),
    [
        (ref("Fn"), None),
        (get_att("Fn", "Arn"), None),
        ("handler", None),
        ("handler:live", "live"),
        ("123456789012:function:handler", None),
        ("123456789012:function:handler:live", "live"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:handler", None),
        ("arn:aws:lambda:eu-west-1:123456789012:function:handler:live", "live"),
        ({"Fn::Sub": "${Fn}:live"}, "live"),
        ({"Fn::Sub": "${Fn.Arn}:live"}, "live"),
        (ref("Alias"), "live"),
        (ref("Version"), Reference(ResourceId("Test", "Version"), "Version")),
    ],
)
def test_a_permission_is_for_its_function_and_what_of_it(name: Any, qualifier: Any) -> None:
    more = {
        "Alias": resource("Lambda::Alias", FunctionName=ref("Fn"), Name="live"),
        "Version": resource("Lambda::Version", FunctionName=ref("Fn")),
        "Permission": resource("Lambda::Permission", FunctionName=name, **_URL),
    }
    topology = _load(more, FunctionName="handler")
    permission = only(topology, Permission)

    assert (permission.function, permission.qualifier) == (only(topology, Function), qualifier)


def test_a_permission_that_names_a_function_is_for_the_one_of_its_region() -> None:
    function = {"Fn": resource("Lambda::Function", FunctionName="handler")}
    permission = {"Permission": resource("Lambda::Permission", FunctionName="handler", **_URL)}
    stacks = {"A": {"Resources": function}, "B": {"Resources": function}, "C": {"Resources": permission}}
    topology = load_stacks(stacks, {"A": "us-east-1"})
    away, here = topology.of(Function)

    assert (len(away.permissions), len(here.permissions)) == (0, 1)
    assert only(topology, Permission).function is here


def test_permissions_are_in_the_order_of_the_templates() -> None:
    more = {name: resource("Lambda::Permission", FunctionName=ref("Fn"), **_URL) for name in ("B", "A")}
    topology = load_resources({"B": more["B"], "Fn": resource("Lambda::Function"), "A": more["A"]})

    assert [one.place.logical_id for one in only(topology, Function).permissions] == ["B", "A"]


def test_a_url_has_its_settings_and_permissions() -> None:
    more = {
        "Url": resource("Lambda::Url", TargetFunctionArn=ref("Fn"), AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM"),
        "Mine": resource("Lambda::Permission", FunctionName=ref("Fn"), **_URL),
        "Aliased": resource("Lambda::Permission", FunctionName={"Fn::Sub": "${Fn}:live"}, **_URL),
    }
    url = only(_load(more), FunctionUrl)

    assert (url.auth_type, url.invoke_mode, url.qualifier) == ("AWS_IAM", "RESPONSE_STREAM", None)
    assert [one.place.logical_id for one in url.permissions] == ["Mine"]


@pytest.mark.parametrize(
    "target", [{"TargetFunctionArn": ref("Alias")}, {"TargetFunctionArn": ref("Fn"), "Qualifier": "live"}]
)
def test_a_url_of_an_alias_has_the_permissions_of_the_alias(target: dict[str, Any]) -> None:
    more = {
        "Url": resource("Lambda::Url", AuthType="NONE", **target),
        "Alias": resource("Lambda::Alias", FunctionName=ref("Fn"), Name="live"),
        "Other": resource("Lambda::Permission", FunctionName=ref("Fn"), **_URL),
        "Mine": resource("Lambda::Permission", FunctionName=ref("Alias"), **_URL),
    }
    topology = _load(more)
    url = only(topology, FunctionUrl)

    assert (url.function, url.qualifier, url.invoke_mode) == (only(topology, Function), "live", "BUFFERED")
    assert [one.place.logical_id for one in url.permissions] == ["Mine"]


@pytest.mark.parametrize(
    ("target", "qualifier"), [({"Qualifier": "live"}, "live"), ({"TargetFunctionArn": ref("Live")}, "live"), ({}, None)]
)
def test_a_permission_may_name_the_function_by_its_url(target: dict[str, Any], qualifier: str | None) -> None:
    by_url = {"FunctionName": get_att("Url", "FunctionArn"), "Action": "lambda:InvokeFunctionUrl", "Principal": "*"}
    topology = load_resources(
        {
            "Function": resource("Lambda::Function"),
            "Live": resource("Lambda::Alias", FunctionName=ref("Function"), Name="live", FunctionVersion="1"),
            "Url": resource("Lambda::Url", **{"TargetFunctionArn": ref("Function"), "AuthType": "NONE", **target}),
            "ByUrl": resource("Lambda::Permission", **by_url),
        }
    )
    permission = only(topology, Permission)

    assert (permission.function, permission.qualifier) == (only(topology, Function), qualifier)
    assert only(topology, FunctionUrl).permissions == (permission,)


def test_a_url_of_urls_is_of_no_function() -> None:
    target = {"TargetFunctionArn": get_att("Url", "FunctionArn"), "AuthType": "NONE"}
    topology = load_resources({"Url": resource("Lambda::Url", **target)})

    assert isinstance(only(topology, FunctionUrl).function, Unresolved)


def test_a_url_of_a_function_elsewhere_has_no_permissions() -> None:
    assert only(load_resources({"Url": resource("Lambda::Url")}), FunctionUrl).permissions == ()


def test_an_alias_has_its_function_and_versions() -> None:
    weights = {"AdditionalVersionWeights": [{"FunctionVersion": "7", "FunctionWeight": 0.1}]}
    alias = resource(
        "Lambda::Alias",
        FunctionName=ref("Fn"),
        FunctionVersion=get_att("Version", "Version"),
        Name="live",
        ProvisionedConcurrencyConfig={"ProvisionedConcurrentExecutions": 5},
        RoutingConfig=weights,
    )
    topology = _load({"Alias": alias, "Version": resource("Lambda::Version", FunctionName=ref("Fn"))})
    found = only(topology, FunctionAlias)

    assert (found.name, found.function, found.version) == (
        "live",
        only(topology, Function),
        only(topology, FunctionVersion),
    )
    assert (found.weights, found.provisioned_concurrency) == ((("7", "0.1"),), 5)


def test_an_alias_may_name_a_version_that_is_not_here() -> None:
    topology = _load({"Alias": resource("Lambda::Alias", FunctionName=ref("Fn"), FunctionVersion="7")})
    found = only(topology, FunctionAlias)
    empty = only(load_resources({"Alias": resource("Lambda::Alias")}), FunctionAlias)

    assert (type(found.version), found.version_number, found.weights) == (Unresolved, "7", ())
    assert (empty.name, empty.version, empty.provisioned_concurrency) == (None, None, None)
    assert isinstance(empty.function, Unresolved)


def test_a_role_has_who_may_take_it() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com", "AWS": ref("Given")},
        "Condition": {"StringEquals": {"aws:SourceAccount": "1"}},
    }
    given = {"Path": "/service/", "PermissionsBoundary": "arn:aws:iam::1:policy/limit"}
    role = resource("IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]}, RoleName="runs", **given)
    found = only(load_resources({"Role": role}, Parameters={"Given": {"Type": "String"}}), Role)
    empty = only(load_resources({"Role": resource("IAM::Role")}), Role)

    (trust,) = found.trust
    assert (trust.actions, trust.conditions[0].key, len(trust.principals)) == (
        ("sts:AssumeRole",),
        "aws:sourceaccount",
        2,
    )
    assert (found.name, found.path, found.boundary) == ("runs", "/service/", "arn:aws:iam::1:policy/limit")
    assert (empty.name, empty.path, empty.boundary, empty.trust, empty.trusted) == (None, "/", None, (), frozenset())


@pytest.mark.parametrize("target", [{"Ref": "Fn"}, {"Fn::GetAtt": ["Fn", "Arn"]}])
def test_a_function_url_has_its_function(target: Any) -> None:
    url = resource("Lambda::Url", TargetFunctionArn=target, AuthType="NONE")
    topology = load_resources({"Url": url, "Fn": resource("Lambda::Function")})

    assert only(topology, FunctionUrl).function is only(topology, Function)
    assert only(topology, FunctionUrl).auth_type == "NONE"


def test_a_function_url_of_an_alias_has_its_function() -> None:
    url = resource("Lambda::Url", TargetFunctionArn=ref("Alias"))
    alias = resource("Lambda::Alias", FunctionName=ref("Fn"))
    topology = load_resources({"Url": url, "Fn": resource("Lambda::Function"), "Alias": alias})

    assert only(topology, FunctionUrl).function is only(topology, Function)
