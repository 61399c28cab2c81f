"""Whether a distribution's certificate is for its alternate domain names."""

from __future__ import annotations

from ..aws.regions import EDGE_REGION
from ..topology.model import Certificate, Distribution
from ..topology.values import Unresolved, Value, split, starts
from .certificates import is_for


def certificate_region(distribution: Distribution) -> str | Unresolved | None:
    """The Region of a distribution's certificate in ACM; None if it has none, or one that is no ARN."""
    if isinstance(distribution.certificate, Certificate):
        return distribution.certificate.place.stack.region
    arn = distribution.certificate_arn
    if arn is None or not starts(arn).startswith("arn:"):
        return None
    parts = split(arn, ":")
    if isinstance(parts, Unresolved):
        return parts
    return parts[3] if len(parts) > 3 and parts[2] == "acm" and isinstance(parts[3], str | Unresolved) else None


def is_refused_region(region: str | Unresolved | None) -> bool:
    """Whether CloudFront takes no certificate of a Region, for certain."""
    return isinstance(region, str) and region != EDGE_REGION


def uncovered(distribution: Distribution) -> tuple[Value, ...]:
    """The alternate domain names that a distribution's certificate is not for, as far as all is known."""
    certificate = distribution.certificate
    if not isinstance(certificate, Certificate) or certificate.gaps or not certificate.names:
        return ()
    return tuple(alias for alias in distribution.aliases if is_for(certificate.names, alias) is False)
