"""The origin of a request: which leg it is, what the stack told it, and how another one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .hosts import is_host

# Set by the constructs on each member of an origin group, with another value on each.
ROLE_HEADER = "x-ha-origin-role"
# What the stack knows only at deploy travels in custom headers of the configured origin that start like this.
CONFIGURATION_PREFIX = "x-ha-edge-"
# The configuration header ("true") of an origin behind a behavior that may keep answers.
KEPT = "kept"
# Set on an origin that is asked because nothing is known: the event of its response shows it.
UNDECIDED_HEADER = "x-ha-undecided"
# How all headers start that the stack, its functions and its origins say to each other: none is a viewer's. No name
# has a line feed.
_NAME_OF_OURS = "\nx-ha-"
# By which an application tells the name that a viewer asked for.
_FORWARDED_HOST = "x-forwarded-host"

_KINDS = ("custom", "s3")
_IDENTITY = "origin-access-identity"
# What a request that goes to another bucket keeps of the configured one: the content is the same in both, and the leg
# waits as long as the distribution says.
_KEPT_OF_BUCKET = ("path", "readTimeout", "responseCompletionTimeout")


def role(request: Mapping[str, Any]) -> str | None:
    """``primary`` or ``secondary``: the member of the origin group that CloudFront is about to ask.

    None where the origin carries no role, as outside an origin group.
    """
    return _custom_header(request, ROLE_HEADER)


def configured(request: Mapping[str, Any], name: str) -> str | None:
    """What the stack put into a configuration header; None where there is none."""
    return _custom_header(request, CONFIGURATION_PREFIX + name)


def is_kept(request: Mapping[str, Any]) -> bool:
    """Whether CloudFront may keep the answer. Read it before ``keep`` or ``change``."""
    return configured(request, KEPT) == "true"


def mark_undecided(request: dict[str, Any]) -> None:
    """Tell the function of the response that nothing was known of this request.

    Args:
        request: One that ``keep`` returned.
    """
    ((_, own),) = request["origin"].items()
    own["customHeaders"] = {
        **(own.get("customHeaders") or {}),
        UNDECIDED_HEADER: [{"key": UNDECIDED_HEADER, "value": "true"}],
    }


def is_undecided(request: Mapping[str, Any]) -> bool:
    """Whether nothing was known of the request, by the event of its response."""
    return _custom_header(request, UNDECIDED_HEADER) is not None


def keep(request: dict[str, Any]) -> dict[str, Any]:
    """Leave the configured origin as it is; neither configuration headers nor what a viewer made up go there.

    Raises:
        ValueError: The request has no origin or no headers such as CloudFront makes. The request is left as it was.
    """
    own = _own(request)
    if own is None:
        raise ValueError("the request has no origin")
    _drop_forged(_headers(request))
    headers = own.get("customHeaders") or {}
    if any(name.startswith(CONFIGURATION_PREFIX) for name in headers):
        own["customHeaders"] = {
            name: value for name, value in headers.items() if not name.startswith(CONFIGURATION_PREFIX)
        }
    return request


def keep_by_own_name(request: dict[str, Any]) -> dict[str, Any]:
    """Leave the configured origin, and ask it by its own name: as any other, it need not know the viewer's.

    For functions that have CloudFront pass on the viewer's Host, because they choose by it.

    Raises:
        ValueError: As ``keep``.
    """
    keep(request)
    ((_, own),) = request["origin"].items()
    given = own.get("domainName")
    # As DNS compares names: a stack may give one with capitals, or with a dot at the end.
    name = given.lower().removesuffix(".") if isinstance(given, str) else ""
    if is_host(name):
        request["headers"]["host"] = [{"key": "Host", "value": name}]
    return request


def change(
    request: dict[str, Any], declared: Mapping[str, Mapping[str, Any]], told: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Send the request to another origin, with the Host that it answers to.

    Everything that belongs to the configured origin goes: its custom headers, its path, its time-outs. So does what a
    viewer made up: headers with the names of ours, and an X-Forwarded-Host that is not the Host. So do headers with the
    names of the new origin's custom headers: CloudFront refuses a request with both.

    A bucket that is read with an origin access identity takes the place of such a bucket only; path and time-outs stay.

    Args:
        request: Changed in place, and returned.
        declared: ``{"custom": {...}}`` or ``{"s3": {...}}``, as CloudFront writes an origin; not changed.
        told: Fields that only the deploy knows. Default: none.

    Raises:
        ValueError: The request has no headers such as CloudFront makes; or a bucket is declared that is read with an
            origin access identity, and the configured origin is none. The request is left as it was.
    """
    ((kind, settings),) = declared.items()
    headers = _headers(request)
    # Copied: what is declared serves other requests too.
    own = {**settings, **told} if told else {**settings}
    own["customHeaders"] = custom = {**(own.get("customHeaders") or {})}
    if settings.get("authMethod") == _IDENTITY:
        bucket = _own(request)
        if bucket is None or bucket.get("authMethod") != _IDENTITY:
            raise ValueError("the configured origin is no bucket that is read with an origin access identity")
        own |= {field: bucket[field] for field in _KEPT_OF_BUCKET if field in bucket}
    _drop_forged(headers)
    for name in custom:
        headers.pop(name, None)
    headers["host"] = [{"key": "Host", "value": own["domainName"]}]
    request["origin"] = {kind: own}
    return request


def _headers(request: Mapping[str, Any]) -> dict[str, Any]:
    headers = request.get("headers")
    if not isinstance(headers, dict):
        raise ValueError("the request has no headers")
    return headers


def _drop_forged(headers: dict[str, Any]) -> None:
    """Drop what a viewer may have made up: headers of ours, and an X-Forwarded-Host that is not the Host.

    To be called before Host is set to the name of an origin.
    """
    # All names are looked at at once, which is quicker than one by one: each request pays.
    names = "\n".join(("", *headers, ""))
    start = names.find(_NAME_OF_OURS)
    while start >= 0:
        end = names.index("\n", start + 1)
        headers.pop(names[start + 1 : end], None)
        start = names.find(_NAME_OF_OURS, end)
    given = headers.get(_FORWARDED_HOST)
    if given is not None and _values(given) != _values(headers.get("host")):
        del headers[_FORWARDED_HOST]


def _values(lines: Sequence[Mapping[str, str]] | None) -> list[str]:
    return [line["value"].lower() for line in lines or ()]


def _own(request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The settings of the request's origin, whatever its kind: CloudFront writes exactly one."""
    origin = request.get("origin")
    if not isinstance(origin, dict) or len(origin) != 1:
        return None
    ((kind, own),) = origin.items()
    return own if kind in _KINDS and isinstance(own, dict) else None


def _custom_header(request: Mapping[str, Any], name: str) -> str | None:
    """Read from the origin's own custom headers only: what a viewer sends in the request's headers says nothing."""
    own = _own(request)
    for header in ((own or {}).get("customHeaders") or {}).get(name, ()):
        return str(header["value"])
    return None


def _is_bucket(domain_name: str, region: str) -> bool:
    """Whether a name can be that of a bucket in a Region."""
    name = domain_name.removesuffix(f".s3.{region}.amazonaws.com")
    return name != domain_name and len(name) <= 63 and "*" not in name and is_host(name)


class DeclaredOrigins:
    """The origins that the stack declared: whatever a rule, a cookie or a header says, it can name only these.

    Args:
        configuration: By name, as ``ha_patterns.origins.declared`` writes them.
    """

    def __init__(self, configuration: Mapping[str, Mapping[str, Any]]) -> None:
        self._origins = configuration
        # Those that were found to be as they are declared, whatever a request carries.
        self._plain: dict[str, Mapping[str, Any]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._origins

    def send(self, request: dict[str, Any], name: str) -> dict[str, Any]:
        """Send the request to a declared origin; to a bucket that is the configured one already, as it is.

        Raises:
            LookupError: No origin has the name, or the configured origin does not carry the header that tells the
                domain name, or it tells something else.
            ValueError: As ``change``.
        """
        plain = self._plain.get(name)
        if plain is not None:
            return change(request, plain)
        entry = self._origins[name]
        told: dict[str, Any] = {}
        if "headers" in entry:
            told = {field: _told(request, header) for field, header in entry["headers"].items()}
        if "custom_headers" in entry:
            told["customHeaders"] = {
                field: [{"key": field, "value": _told(request, header)}]
                for field, header in entry["custom_headers"].items()
            }
        bucket = entry["origin"].get("s3")
        if bucket is not None:
            domain_name = told.get("domainName", bucket["domainName"])
            if not _is_bucket(domain_name, bucket["region"]):
                raise LookupError(f"the configured origin tells no bucket of {bucket['region']}")
            if domain_name == (_own(request) or {}).get("domainName"):
                return keep(request)
        elif entry.keys() == {"origin"}:
            self._plain[name] = entry["origin"]
        return change(request, entry["origin"], told)


def _told(request: Mapping[str, Any], header: str) -> str:
    value = configured(request, header)
    if not value:
        raise LookupError(f"the configured origin has no header {CONFIGURATION_PREFIX}{header}")
    return value
