"""What makes things of resources, a module for each service."""

from __future__ import annotations

from collections.abc import Mapping

from ..reader import Read
from . import (
    accelerator,
    cloudfront,
    cloudwatch,
    functions,
    iam,
    load_balancing,
    origins,
    reactions,
    recovery,
    route53,
    storage,
)

READERS: Mapping[str, Read] = {
    **accelerator.READERS,
    **cloudfront.READERS,
    **cloudwatch.READERS,
    **functions.READERS,
    **iam.READERS,
    **load_balancing.READERS,
    **origins.READERS,
    **reactions.READERS,
    **recovery.READERS,
    **route53.READERS,
    **storage.READERS,
}
