"""Alternate domain names of distributions: whose they are, and which certificate is for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from ...aws.regions import EDGE_REGION
from ...semantics.aliases import certificate_region, is_refused_region, uncovered
from ...topology.model import Distribution, DistributionTenant
from ...topology.topology import Topology
from ...topology.values import Unresolved, Value, comparable
from ..rule import Context, Severity, Verdict, cannot_tell, problem, rule
from ..words import listed, said

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
_CONFIG = ("Properties", "DistributionConfig")


@rule(
    "HA070",
    Severity.ERROR,
    "alternate domain name on two distributions",
    kind=Topology,
    why="CloudFront gives a name to one distribution, and refuses the second at deploy. A standby distribution with "
    "the name of the first can be made on no day before the outage, and during it the name has to be moved by hand.",
    remedy="Keep the name in the Aliases of one distribution. Let that one fail over by an origin group, or by an "
    "origin whose own name has failover records.",
    page=f"{_GUIDE}CNAMEs.html#alternate-domain-names-restrictions",
)
def name_of_two(topology: Topology, _context: Context) -> Iterator[Verdict]:
    seen: dict[Hashable, Distribution | DistributionTenant] = {}
    named: list[Distribution | DistributionTenant] = [*topology.of(Distribution), *topology.of(DistributionTenant)]
    for thing in named:
        for index, name in enumerate(_names(thing)):
            if not name or not comparable(name):
                continue
            # A parameter may be another name in another stack.
            stack = "" if isinstance(name, str) else thing.place.stack.id
            other = seen.setdefault((name, stack, thing.place.condition), thing)
            if other is not thing:
                message = f"{said(name)} is a name of {other.place.name} too; one distribution may have it"
                path = (*_CONFIG, "Aliases", index) if isinstance(thing, Distribution) else ("Properties", "Domains")
                yield problem(thing, message, *path)


def _names(thing: Distribution | DistributionTenant) -> tuple[Value, ...]:
    if isinstance(thing, DistributionTenant):
        return thing.domains
    # What is deployed continuously answers to the names of the distribution that it is for.
    return () if thing.staging is not False else thing.aliases


@rule(
    "HA071",
    Severity.ERROR,
    "alternate domain name without a certificate for it",
    kind=Distribution,
    why="CloudFront takes an alternate domain name only with a certificate that is for it, and certificates of ACM "
    f"only of {EDGE_REGION}. It refuses the distribution at deploy, so that neither this change nor what else is in "
    "it arrives.",
    remedy=f"Set AcmCertificateArn of ViewerCertificate to a certificate in {EDGE_REGION} whose DomainName or "
    "SubjectAlternativeNames are, or have a wildcard for, each of the Aliases.",
    page=f"{_GUIDE}cnames-and-https-requirements.html",
)
def no_certificate(distribution: Distribution, _context: Context) -> Iterator[Verdict]:
    path = (*_CONFIG, "ViewerCertificate")
    # Of an alias that a condition may leave out, the same condition may leave out the certificate.
    aliases = [one for one in distribution.aliases if one and not (isinstance(one, Unresolved) and one.choice)]
    if not aliases or distribution.connection_mode != "direct":
        return
    names = listed(map(said, aliases))
    if isinstance(distribution.own_certificate, Unresolved):
        yield cannot_tell(distribution, distribution.own_certificate, f"whether a certificate is for {names}", *path)
        return
    if distribution.own_certificate is False:
        message = f"the distribution has the aliases {names} and no certificate of their own"
        yield problem(distribution, message, *path)
        return
    region = certificate_region(distribution)
    if is_refused_region(region):
        message = f"the certificate for {names} is in {region}; CloudFront takes those of {EDGE_REGION}"
        yield problem(distribution, message, *path, "AcmCertificateArn")
    elif isinstance(region, Unresolved):
        question = f"whether the certificate for {names} is in {EDGE_REGION}"
        yield cannot_tell(distribution, region, question, *path, "AcmCertificateArn")
    missing = uncovered(distribution)
    if missing:
        message = f"the certificate of the distribution is not for {listed(map(said, missing))}"
        yield problem(distribution, message, *path, "AcmCertificateArn")
