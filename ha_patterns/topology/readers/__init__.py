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
    dynamodb,
    functions,
    iam,
    kms,
    load_balancing,
    reactions,
    recovery,
    route53,
    secrets,
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
    **dynamodb.READERS,
    **functions.READERS,
    **iam.READERS,
    **kms.READERS,
    **load_balancing.READERS,
    **reactions.READERS,
    **recovery.READERS,
    **route53.READERS,
    **security_groups.READERS,
    **secrets.READERS,
    **storage.READERS,
}
