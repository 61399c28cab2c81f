"""What makes things of resources, a module for each service."""

from __future__ import annotations

from collections.abc import Mapping

from ..reader import Read
from . import (
    accelerator,
    apis,
    certificates,
    cloudfront,
    cloudwatch,
    compute,
    functions,
    iam,
    load_balancing,
    reactions,
    recovery,
    route53,
    security_groups,
    storage,
)

READERS: Mapping[str, Read] = {
    **accelerator.READERS,
    **apis.READERS,
    **certificates.READERS,
    **cloudfront.READERS,
    **cloudwatch.READERS,
    **compute.READERS,
    **functions.READERS,
    **iam.READERS,
    **load_balancing.READERS,
    **reactions.READERS,
    **recovery.READERS,
    **route53.READERS,
    **security_groups.READERS,
    **storage.READERS,
}
