"""Certificates: where they have to be, and the names that they have to cover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...aws.certificates import covers
from ...aws.regions import EDGE_REGION
from ...topology.model import (
    ApiDomain,
    Certificate,
    DistributionTenant,
    LoadBalancerListener,
    Thing,
)
from ...topology.topology import Topology
from ...topology.values import PropertyPath, Unresolved, Value, split, starts
from ..rule import Context, Severity, Verdict, problem, rule
from ..words import listed, said


@dataclass(frozen=True, kw_only=True)
class _Use:
    """A certificate where something uses it.

    Attributes:
        user: What uses it.
        what: The user in a sentence.
        arn: As the template has it.
        certificate: The certificate, if it is in these templates.
        region: Where it has to be; None if nothing tells.
        names: What it has to cover.
        path: Where the user names it.
    """

    user: Thing
    what: str
    arn: Value
    certificate: Certificate | Unresolved | None
    region: str | None
    names: tuple[Value, ...] = ()
    path: PropertyPath


@rule(
    "HA048",
    Severity.ERROR,
    "certificate that AWS refuses where it is used",
    kind=Topology,
    why="CloudFront takes certificates of us-east-1 alone, and so does an edge-optimized API; a load balancer and a "
    "regional API take those of their own Region. Each domain of a tenant, and that of a custom domain, must be "
    "covered by the certificate. AWS refuses the resource at deploy, so that the standby is not there in the outage.",
    remedy="Request the certificate in the Region that uses it, us-east-1 for CloudFront, with every name, or a "
    "wildcard for it, among its DomainName and SubjectAlternativeNames.",
    page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
)
def refused_certificate(topology: Topology, _context: Context) -> Iterator[Verdict]:
    for use in _uses(topology):
        region = _region(use)
        if region is not None and use.region is not None and region != use.region:
            message = f"the certificate {_name(use)} of {use.what} is in {region}, and must be in {use.region}"
            yield problem(use.user, message, *use.path)
            continue
        certificate = use.certificate
        if not isinstance(certificate, Certificate) or certificate.gaps:
            continue
        has = [name for name in certificate.names if isinstance(name, str)]
        if len(has) < len(certificate.names):
            continue
        lacks = [name for name in use.names if isinstance(name, str) and not covers(has, name)]
        if lacks:
            message = f"the certificate {_name(use)} is for {listed(has)}, and {use.what} has {listed(lacks)}"
            yield problem(use.user, message, *use.path)


def _uses(topology: Topology) -> Iterator[_Use]:
    for tenant in topology.of(DistributionTenant):
        if tenant.certificate_arn is not None:
            yield _Use(
                user=tenant,
                what=f"the tenant {tenant.place.name}",
                arn=tenant.certificate_arn,
                certificate=tenant.certificate,
                region=EDGE_REGION,
                names=tenant.domains,
                path=("Properties", "Customizations", "Certificate", "Arn"),
            )
    for listener in topology.of(LoadBalancerListener):
        for arn, certificate in zip(listener.certificate_arns, listener.certificates, strict=True):
            yield _Use(
                user=listener,
                what=f"the listener {listener.place.name}",
                arn=arn,
                certificate=certificate,
                region=listener.known_region,
                path=("Properties", "Certificates"),
            )
    for domain in topology.of(ApiDomain):
        if domain.certificate_arn is not None and isinstance(domain.edge_optimized, bool):
            yield _Use(
                user=domain,
                what=f"the custom domain {domain.place.name}",
                arn=domain.certificate_arn,
                certificate=domain.certificate,
                region=EDGE_REGION if domain.edge_optimized else domain.known_region,
                names=(domain.name,),
                path=("Properties", _of_domain(domain)),
            )


def _of_domain(domain: ApiDomain) -> str:
    """The property of a custom domain that has its certificate."""
    if domain.place.resource_type.startswith("AWS::ApiGatewayV2::"):
        return "DomainNameConfigurations"
    return "RegionalCertificateArn" if domain.edge_optimized is False and domain.private is False else "CertificateArn"


def _region(use: _Use) -> str | None:
    """Where a certificate is; None if nothing tells."""
    if isinstance(use.certificate, Certificate):
        return use.certificate.known_region
    if not starts(use.arn).startswith("arn:"):
        return None
    parts = split(use.arn, ":")
    if isinstance(parts, Unresolved) or len(parts) < 6 or parts[2] != "acm":
        return None
    return parts[3] if isinstance(parts[3], str) and parts[3] else None


def _name(use: _Use) -> str:
    return use.certificate.place.name if isinstance(use.certificate, Certificate) else said(use.arn)
