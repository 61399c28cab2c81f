"""Path patterns of cache behaviors: those that CloudFront refuses, or never matches, are refused here."""

from __future__ import annotations

import re

from ..aws.path_patterns import CHARACTERS, LONGEST
from ..cdk.validation import is_token, refusal

_PAGE = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html"
# What RFC 3986 takes out of a path, which CloudFront does before it matches.
_NEVER_MATCHED = re.compile(r"//|(?:^|/)\.{1,2}(?:/|$)")


def check_path_pattern(argument: str, pattern: str) -> None:
    """Refuse what CloudFront does not take as a path pattern, or never matches; tokens pass."""
    if is_token(pattern):
        return
    if not pattern or len(pattern) > LONGEST or not set(pattern) <= CHARACTERS:
        raise refusal(
            argument,
            f"path patterns of 1 to {LONGEST} of the characters that CloudFront takes",
            pattern,
            f"see {_PAGE}",
        )
    if _NEVER_MATCHED.search(pattern):
        raise refusal(
            argument,
            "path patterns without //, /./ and /../",
            pattern,
            f"CloudFront takes these out of a path before it matches, so none is left that could match; see {_PAGE}",
        )
