"""What an edge function reads of a request to choose its origin, and so what the cache has to tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..aws.distributions import POLICY_CHARACTERS
from ..aws.headers import (
    NEVER_CACHED_BY,
    NEVER_CACHED_BY_PREFIX,
    NOT_IN_CACHE_POLICIES,
    WRITTEN_BY_CLOUDFRONT,
    is_header_name,
)
from ..cdk.typed import typed
from ..cdk.validation import is_token, refusal

# Headers by which CloudFront does not cache, that its cache policies do not take or that it writes by itself, and
# Accept-Encoding, which is in the key by a policy's flags for compression.
_NOT_IN_CACHE_KEYS = NEVER_CACHED_BY | NOT_IN_CACHE_POLICIES | WRITTEN_BY_CLOUDFRONT | {"accept-encoding"}
_HEADERS_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html"
    "#request-custom-headers-behavior"
)
_QUOTAS_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"


@typed
@dataclass(frozen=True, kw_only=True)
class RoutingInputs:
    """The parts of a request, beside its path, that decide where it goes.

    CloudFront stores one answer for each cache key. A part that decides but is not in the key would send what one
    viewer was routed to, to all. The method decides nothing here: CloudFront keeps it apart by itself.

    Args:
        headers: Names of headers. More than 10 need a higher quota, which a warning of the function says.
        cookies: Names of cookies; as many.
        query_strings: Names of parameters; as many.
        all_query_strings: Whether the whole query string decides. Default False.

    Raises:
        ValueError: Names of more than 1,024 characters together, which no policy of CloudFront holds; one string in
            place of a list; a name that no cache key can hold, such as X-Forwarded-For, which CloudFront writes by
            itself, or a parameter with ``%`` or ``+``.
    """

    headers: Sequence[str] = ()
    cookies: Sequence[str] = ()
    query_strings: Sequence[str] = ()
    all_query_strings: bool = False

    def __post_init__(self) -> None:
        for argument in ("headers", "cookies", "query_strings"):
            names = getattr(self, argument)
            kind = argument.removesuffix("s").removesuffix("_string")
            for name in names:
                why = None if is_token(name) else unusable_in_key(kind, name)
                if why is not None:
                    allowed, reason = why
                    raise refusal(argument, allowed, name, reason)
        names = [*self.headers, *self.cookies, *self.query_strings]
        characters = sum(len(name) for name in names if not is_token(name))
        if characters > POLICY_CHARACTERS:
            raise ValueError(
                f"headers, cookies and query_strings have names of {characters} characters, and a policy of CloudFront "
                f"holds {POLICY_CHARACTERS} at most, whatever the quotas are, see {_QUOTAS_PAGE}: read fewer"
            )

    def __bool__(self) -> bool:
        return bool(self.headers or self.cookies or self.query_strings or self.all_query_strings)

    @property
    def labels(self) -> list[str]:
        """Each as a message names it."""
        return [
            *(f"header {name}" for name in self.headers),
            *(f"cookie {name}" for name in self.cookies),
            *(f"query string {name}" for name in self.query_strings),
            *(["the whole query string"] if self.all_query_strings else []),
        ]


def unusable_in_key(kind: str, name: str) -> tuple[str, str] | None:
    """What names of a kind are allowed in a cache key, and why this one is not; None if it is.

    Args:
        kind: ``header``, ``cookie`` or ``query``.
        name: Of a header in any case.
    """
    if "*" in name:
        return "of names", "a '*' stands for no others in it; name each of them"
    if kind == "query":
        if not name or set(name) & set("&=#"):
            return "of names of parameters", "'&', '=' and '#' end one in a query string, and each has a name"
        if set(name) & set("%+"):
            return (
                "of names of parameters without '%' and '+'",
                "AWS does not say whether CloudFront compares a parameter's name as sent or with its escapes undone",
            )
        return None
    # Cookies have the names that headers may have.
    if not is_header_name(name):
        return f"of names of {kind}s", "it is none, see RFC 9110, section 5.6.2"
    lower = name.lower()
    if kind == "header" and (lower in _NOT_IN_CACHE_KEYS or lower.startswith(NEVER_CACHED_BY_PREFIX)):
        why = (
            "CloudFront keeps it out of the key, writes it on the way to the origin, as X-Forwarded-For, or has it in "
        )
        more = f"the key by itself, as Accept-Encoding; leave it out, see {_HEADERS_PAGE}"
        return "of headers that a cache policy takes", why + more
    return None
