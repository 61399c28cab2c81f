"""What an edge function reads of a request to choose its origin, and so what the cache has to tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..aws.headers import WRITTEN_BY_CLOUDFRONT
from ..cdk.validation import check_sequence, refusal

# cloudfront-limits.html: in a cache policy, and in an origin request policy.
_MOST = 10


@dataclass(frozen=True, kw_only=True)
class RoutingInputs:
    """The parts of a request, beside its path, that decide where it goes.

    CloudFront stores one answer for each cache key. A part that decides but is not in the key would send what one
    viewer was routed to, to all. The method decides nothing here: CloudFront keeps it apart by itself.

    Args:
        headers: Names of headers, at most 10.
        cookies: Names of cookies, at most 10.
        query_strings: Names of parameters, at most 10.
        all_query_strings: Whether the whole query string decides. Default False.

    Raises:
        ValueError: More than CloudFront's policies hold; one string in place of a list; a header that CloudFront
            writes by itself, such as X-Forwarded-For.
    """

    headers: Sequence[str] = ()
    cookies: Sequence[str] = ()
    query_strings: Sequence[str] = ()
    all_query_strings: bool = False

    def __post_init__(self) -> None:
        for argument in ("headers", "cookies", "query_strings"):
            names = getattr(self, argument)
            check_sequence(argument, names, "'x-version'")
            if len(names) > _MOST:
                raise refusal(
                    argument, f"at most {_MOST}", list(names), "a cache policy holds no more without a quota increase"
                )

        for name in self.headers:
            if str(name).lower() in WRITTEN_BY_CLOUDFRONT:
                raise refusal(
                    "headers",
                    "headers of the viewer",
                    name,
                    "CloudFront writes this one on the way to the origin, so a function may see another value than the "
                    "cache key holds",
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
