"""What the rules say of alternate domain names: of two distributions with one, and of its certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import doubts, get, messages, ref, resource
from .edge_documents import behavior, origin, site

_ARN = "arn:aws:acm:us-east-1:111111111111:certificate/1"
_PARAMETERS = {name: {"Type": "String"} for name in ("Domain", "Other")}
_CONDITIONS = {"Named": {"Fn::Equals": [ref("Domain"), "yes"]}}
_NO_VALUE = ref("AWS::NoValue")


def _acm(arn: object = _ARN) -> dict[str, Any]:
    return {"AcmCertificateArn": arn, "SslSupportMethod": "sni-only"}


def _with(*aliases: object, viewer: object = None, **config: Any) -> dict[str, dict[str, Any]]:
    named = {} if viewer is None else {"ViewerCertificate": viewer}
    return site([origin("one")], behavior("one"), Aliases=list(aliases), **named, **config)


def _two(first: dict[str, Any], second: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"First": first["Site"], "Second": second["Site"]}


def _said(folder: Path, rule_id: str, resources: dict[str, dict[str, Any]], **given: Any) -> list[str]:
    return messages(rule_id, folder, resources, Parameters=_PARAMETERS, Conditions=_CONDITIONS, **given)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("www.example.com", "www.example.com"),
        ("www.example.com", "WWW.example.com"),
        ("*.example.com", "*.example.com"),
        (ref("Domain"), ref("Domain")),
        ({"Fn::Sub": "www.${Domain}"}, {"Fn::Sub": "www.${Domain}"}),
    ],
)
def test_a_name_is_of_one_distribution(tmp_path: Path, first: object, second: object) -> None:
    [message] = _said(tmp_path, "HA070", _two(_with(first, viewer=_acm()), _with(second, viewer=_acm())))

    assert "is a name of template/First too; one distribution may have it" in message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_with("www.example.com"), _with("shop.example.com")),
        # The more specific one is served by the distribution that has it.
        (_with("*.example.com"), _with("www.example.com")),
        (_with(ref("Domain")), _with(ref("Other"))),
        (_with("www.example.com"), _with("www.example.com", Staging=True)),
        (_with(""), _with("")),
        (_with("www.example.com"), _with({"Fn::If": ["Named", "www.example.com", _NO_VALUE]})),
    ],
)
def test_other_names_and_unknown_ones_are_fine(tmp_path: Path, first: Any, second: Any) -> None:
    assert not _said(tmp_path, "HA070", _two(first, second))


def test_a_distribution_of_a_condition_may_be_made_instead_of_the_other(tmp_path: Path) -> None:
    resources = _two(_with("www.example.com"), _with("www.example.com"))
    resources["Second"]["Condition"] = "Named"

    assert not _said(tmp_path, "HA070", resources)
    resources["First"] |= {"Condition": "Named"}
    assert len(_said(tmp_path, "HA070", resources)) == 1


def test_conditions_of_one_parameter_may_be_opposites(tmp_path: Path) -> None:
    resources = _two(_with("www.example.com"), _with("www.example.com"))
    resources["First"] |= {"Condition": "Named"}
    resources["Second"] |= {"Condition": "Unnamed"}
    conditions = {**_CONDITIONS, "Unnamed": {"Fn::Not": [{"Condition": "Named"}]}}

    assert not messages("HA070", tmp_path, resources, Parameters=_PARAMETERS, Conditions=conditions)


def test_a_tenant_has_no_name_of_a_distribution(tmp_path: Path) -> None:
    tenant = resource("CloudFront::DistributionTenant", {"Name": "shop", "Domains": ["www.example.com"]})

    assert len(_said(tmp_path, "HA070", {**_with("www.example.com"), "Tenant": tenant})) == 1


@pytest.mark.parametrize("viewer", [None, {"CloudFrontDefaultCertificate": True}, {"MinimumProtocolVersion": "TLSv1"}])
def test_an_alias_needs_a_certificate(tmp_path: Path, viewer: object) -> None:
    [message] = _said(tmp_path, "HA071", _with("www.example.com", viewer=viewer))

    assert message == "the distribution has the aliases www.example.com and no certificate of their own"


@pytest.mark.parametrize(
    "resources",
    [
        _with(),
        _with(""),
        _with("www.example.com", viewer=_acm()),
        _with("www.example.com", viewer=_acm(ref("Domain"))),
        _with("www.example.com", viewer={"IamCertificateId": "ASCA1111111111111111", "SslSupportMethod": "sni-only"}),
        _with({"Fn::If": ["Named", "www.example.com", _NO_VALUE]}),
        _with("www.example.com", ConnectionMode="tenant-only"),
        site([origin("one")], behavior("one"), Aliases={"Fn::If": ["Named", ["a.example.com"], _NO_VALUE]}),
    ],
)
def test_a_certificate_and_no_alias_are_fine(tmp_path: Path, resources: Any) -> None:
    assert not _said(tmp_path, "HA071", resources)


@pytest.mark.parametrize(
    ("viewer", "waits_for"),
    [
        ({"Fn::If": ["Named", _acm(), _NO_VALUE]}, "the parameter Domain"),
        ({"AcmCertificateArn": {"Fn::If": ["Named", _ARN, _NO_VALUE]}}, "the parameter Domain"),
        (_acm({"Fn::Sub": "arn:aws:acm:${Other}:111111111111:certificate/1"}), "the parameter Other"),
    ],
)
def test_of_an_unknown_certificate_nothing_is_said(tmp_path: Path, viewer: object, waits_for: str) -> None:
    resources = _with("www.example.com", viewer=viewer)

    [message] = doubts("HA071", tmp_path, resources, Parameters=_PARAMETERS, Conditions=_CONDITIONS)
    assert waits_for in message


def test_a_certificate_of_another_region_is_found(tmp_path: Path) -> None:
    by_arn = _with("www.example.com", viewer=_acm("arn:aws:acm:eu-west-1:111111111111:certificate/1"))
    made = resource("CertificateManager::Certificate", {"DomainName": "www.example.com"})
    by_reference = {**_with("www.example.com", viewer=_acm(ref("Made"))), "Made": made}

    expected = "the certificate for www.example.com is in eu-west-1; CloudFront takes those of us-east-1"
    assert _said(tmp_path, "HA071", by_arn) == [expected]
    assert _said(tmp_path, "HA071", by_reference, region="eu-west-1") == [expected]
    assert not _said(tmp_path, "HA071", by_reference)
    assert doubts("HA071", tmp_path, by_reference, region=None, Parameters=_PARAMETERS)


@pytest.mark.parametrize(
    ("names", "alias", "covered"),
    [
        (("example.com",), "www.example.com", False),
        (("*.example.com",), "example.com", False),
        (("*.example.com",), "a.b.example.com", False),
        (("*.example.com",), "www.example.com", True),
        (("example.com", "*.example.com"), "example.com", True),
        (("Example.com", "WWW.example.com"), "www.example.com", True),
        (("*.example.com",), "*.example.com", True),
        ((ref("Domain"),), "www.example.com", True),
        (("example.com",), ref("Domain"), True),
        ((ref("Domain"),), ref("Domain"), True),
        (({"Fn::Sub": "*.${Domain}"},), {"Fn::Sub": "www.${Domain}"}, True),
    ],
)
def test_the_certificate_is_for_each_alias(tmp_path: Path, names: Any, alias: object, covered: bool) -> None:
    first, *others = names
    properties = {"DomainName": first, "SubjectAlternativeNames": others}
    resources = {
        **_with(alias, viewer=_acm(ref("Made"))),
        "Made": resource("CertificateManager::Certificate", properties),
    }

    found = _said(tmp_path, "HA071", resources)
    assert ["is not for www.example.com" in one or "is not for" in one for one in found] == [True] * (not covered)


def test_a_certificate_by_attribute_of_another_type_is_unknown(tmp_path: Path) -> None:
    resources = {
        **_with("www.example.com", viewer=_acm(get("Made", "CertificateArn"))),
        "Made": {"Type": "Custom::Certificate", "Properties": {"ServiceToken": "arn:x"}},
    }

    assert not _said(tmp_path, "HA071", resources)
