"""Functions with what they may do, versions, URLs, and what their metadata declares."""

from __future__ import annotations

from typing import Any

import pytest

from ha_patterns.topology.model import Function, FunctionUrl, FunctionVersion, Role
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
    assert (function.environment, function.extras, function.role, function.asset) == ((), (), None, None)


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
    assert (function.environment, function.extras) == (("A", "B"), ("Layers", "TracingConfig"))


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
