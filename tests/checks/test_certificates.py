"""What the rule of certificates says: where they have to be, and which names they have to cover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .documents import ref, resource
from .edge_documents import UNKNOWN, origin, said, site

_ACM = "arn:aws:acm:{}:123456789012:certificate/1"


def _certificate(*names: Any) -> dict[str, Any]:
    first, *more = names
    properties = {"DomainName": first, **({"SubjectAlternativeNames": more} if more else {})}
    return {"Certificate": resource("CertificateManager::Certificate", properties)}


def _site(arn: Any, *aliases: Any) -> dict[str, Any]:
    return site([origin("one")], Aliases=list(aliases), ViewerCertificate={"AcmCertificateArn": arn})


def _listener(arn: Any, **made: Any) -> dict[str, Any]:
    return {
        "Balancer": resource("ElasticLoadBalancingV2::LoadBalancer"),
        "Listener": resource(
            "ElasticLoadBalancingV2::Listener",
            {"LoadBalancerArn": ref("Balancer"), "Port": 443, "Certificates": [{"CertificateArn": arn}]},
        ),
        **made,
    }


def _rest_domain(arn: Any, kind: str = "REGIONAL", **made: Any) -> dict[str, Any]:
    name = "RegionalCertificateArn" if kind == "REGIONAL" else "CertificateArn"
    properties = {"DomainName": "api.example.com", name: arn, "EndpointConfiguration": {"Types": [kind]}}
    return {"Domain": resource("ApiGateway::DomainName", properties), **made}


def _http_domain(arn: Any, **made: Any) -> dict[str, Any]:
    config = {"DomainName": "api.example.com", "DomainNameConfigurations": [{"CertificateArn": arn}]}
    return {"Domain": resource("ApiGatewayV2::DomainName", config), **made}


def _tenant(arn: Any, *domains: str, **made: Any) -> dict[str, Any]:
    custom = {"Customizations": {"Certificate": {"Arn": arn}}}
    tenant = {"Name": "a", "DistributionId": ref("Site"), "Domains": list(domains), **custom}
    return {
        "Tenant": resource("CloudFront::DistributionTenant", tenant),
        **site([origin("one")], ConnectionMode="tenant-only"),
        **made,
    }


@pytest.mark.parametrize(
    ("resources", "region", "what"),
    [
        (_tenant(_ACM.format("eu-west-1"), "a.example.com"), None, "of the tenant stack/Tenant is in eu-west-1"),
        (
            _tenant(ref("Certificate"), "a.example.com", **_certificate("b.example.com")),
            "us-east-1",
            "is for b.example.com, and the tenant stack/Tenant has a.example.com",
        ),
        (
            _listener(_ACM.format("us-east-1")),
            "eu-west-1",
            "of the listener stack/Listener is in us-east-1, and must be in eu-west-1",
        ),
        (
            _rest_domain(_ACM.format("us-east-1")),
            "eu-west-1",
            "of the custom domain stack/Domain is in us-east-1, and must be in eu-west-1",
        ),
        (
            _rest_domain(_ACM.format("eu-west-1"), "EDGE"),
            "eu-west-1",
            "of the custom domain stack/Domain is in eu-west-1, and must be in us-east-1",
        ),
        (
            _http_domain(ref("Certificate"), **_certificate("www.example.com")),
            "eu-west-1",
            "is for www.example.com, and the custom domain stack/Domain has api.example.com",
        ),
    ],
)
def test_a_certificate_that_is_refused_is_found(
    tmp_path: Path, resources: dict[str, Any], region: str | None, what: str
) -> None:
    (message,) = said(tmp_path, resources, "HA048", {"AWS::Region": region} if region else None)

    assert what in message


@pytest.mark.parametrize(
    ("resources", "region"),
    [
        # Of the aliases of a distribution another rule tells.
        (_site(_ACM.format("eu-west-1"), "www.example.com"), None),
        (_tenant(UNKNOWN, "a.example.com"), "eu-west-1"),
        (_tenant(ref("Certificate"), "a.example.com", **_certificate("example.com", UNKNOWN)), "us-east-1"),
        (_tenant(ref("Certificate"), "a.example.com", **_certificate("*.example.com")), "us-east-1"),
        (_listener(_ACM.format("eu-west-1")), "eu-west-1"),
        (_listener("arn:aws:iam::123456789012:server-certificate/one"), "eu-west-1"),
        (_listener(_ACM.format("us-east-1")), None),
        (_rest_domain(_ACM.format("us-east-1"), "EDGE"), "eu-west-1"),
        (_http_domain(ref("Certificate"), **_certificate("*.example.com")), "eu-west-1"),
        (_tenant(_ACM.format("us-east-1"), "a.example.com"), "eu-west-1"),
    ],
)
def test_a_certificate_that_may_do_is_fine(tmp_path: Path, resources: dict[str, Any], region: str | None) -> None:
    assert not said(tmp_path, resources, "HA048", {"AWS::Region": region} if region else None)
