"""To which names what answers at an endpoint answers: a name that leads there need not be one of them."""

from __future__ import annotations

import re

from ..topology.model import Api, ApiDomain, Bucket, Distribution, Endpoint, FunctionUrl, OriginKind
from ..topology.names import by_name
from ..topology.values import Reference, Value, comparable

# The ids of APIs are ten letters and digits.
_API_ID = re.compile(r"[a-z0-9]{10}\.")


def is_known_name(end: Endpoint, name: Value) -> bool | None:
    """Whether what answers at the end of a name answers requests for that name; None where nothing tells.

    Load balancers, accelerators and hosts of one's own answer to any name.

    Args:
        end: A host that the name ends at.
        name: The name that is asked for, which is in ``Host``.

    See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html,
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html and
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    """
    target = end.target
    if isinstance(target, ApiDomain):
        return _is_domain(target, name)
    if name == end.name:
        return True
    if isinstance(target, Distribution):
        return _is_alias(target, name)
    if isinstance(target, (Api, FunctionUrl)):
        return False
    if end.kind in (OriginKind.BUCKET, OriginKind.WEBSITE):
        return _is_bucket(end, name)
    # The name of a custom domain of API Gateway, such as d-1a2b3c4d5e, does not tell the custom domain.
    if end.kind is OriginKind.API:
        return False if isinstance(end.name, str) and _API_ID.match(end.name) else None
    # A function URL and an access point have certificates for their own names alone.
    return False if end.kind in (OriginKind.FUNCTION_URL, OriginKind.ACCESS_POINT) else None


def _is_domain(domain: ApiDomain, name: Value) -> bool | None:
    if isinstance(name, Reference) and name.resource == domain.place.id:
        # What Ref gives is the name; the attributes are names that only records lead to.
        return not name.attribute or name.attribute == "DomainName"
    return _is_one(domain.name, name)


def _is_alias(distribution: Distribution, name: Value) -> bool | None:
    if isinstance(name, Reference) and name.resource == distribution.place.id:
        return True
    # Whose domains are its tenants' is answered by them; one that is staging has the names of another.
    if distribution.connection_mode != "direct" or distribution.staging is not False or distribution.tenants:
        return None
    told = [_is_one(alias, name) for alias in distribution.aliases]
    if True in told or None not in told:
        return True in told or (None if distribution.gaps else False)
    return None


def _is_bucket(end: Endpoint, name: Value) -> bool | None:
    bucket = end.target.name if isinstance(end.target, Bucket) else by_name(end.name)[1]
    if isinstance(bucket, Reference):
        # A name that AWS makes has no dot.
        return False
    # An alias to a website goes by the name of the service alone: which bucket, the record's own name says.
    if not isinstance(end.target, Bucket) and (bucket == end.name or bucket == ""):
        return None
    return _is_one(bucket, name)


def _is_one(known: Value, name: Value) -> bool | None:
    """Whether a name is a known one, or below a wildcard; None where nothing tells."""
    if known == name and comparable(known):
        return True
    if not isinstance(known, str) or not isinstance(name, str):
        return None
    return known.lower() == name or (known.startswith("*.") and name.endswith(known[1:].lower()))
