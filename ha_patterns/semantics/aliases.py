"""Whether a distribution's certificate is for its alternate domain names."""

from __future__ import annotations

from ..aws.certificates import covers
from ..aws.regions import EDGE_REGION
from ..topology.model import Certificate, Distribution
from ..topology.values import Unresolved, Value, atoms, comparable, concatenate, split, starts


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
    return tuple(alias for alias in distribution.aliases if _is_for(certificate.names, alias) is False)


def _is_for(names: tuple[Value, ...], alias: Value) -> bool | None:
    """Whether some names of a certificate are for a host; None if that is unknown."""
    wildcard = _wildcard(alias)
    if any(comparable(name) and name in (alias, wildcard) for name in names):
        return True
    known = [name for name in names if isinstance(name, str)]
    if not isinstance(alias, str) or len(known) < len(names):
        return None
    return covers(known, alias)


def _wildcard(name: Value) -> Value | None:
    """The wildcard for a host and all beside it; None if its first label is unknown."""
    first = atoms(name)[0]
    if not isinstance(first, str) or "." not in first:
        return None
    return concatenate([f"*.{first.partition('.')[2]}", *atoms(name)[1:]])
