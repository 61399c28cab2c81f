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
    dynamodb,
    functions,
    iam,
    kms,
    load_balancing,
    reactions,
    recovery,
    route53,
    secrets,
    storage,
)

READERS: Mapping[str, Read] = {
    **accelerator.READERS,
    **apis.READERS,
    **certificates.READERS,
    **cloudfront.READERS,
    **cloudwatch.READERS,
    **dynamodb.READERS,
    **functions.READERS,
    **iam.READERS,
    **kms.READERS,
    **load_balancing.READERS,
    **reactions.READERS,
    **recovery.READERS,
    **route53.READERS,
    **secrets.READERS,
    **storage.READERS,
}
