"""The quota of one security group, in an account that has raised none, and how much of it prefix lists take."""

from __future__ import annotations

#: The inbound rules of a security group, for IPv4 and for IPv6 each, unless the quota is raised. See
#: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, read on 2026-12-01.
INBOUND_RULES = 60
#: How many rules one counts as that names CloudFront's prefix list, however many addresses are in it. See
#: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html, read on 2026-12-01.
CLOUDFRONT_PREFIX_LIST_WEIGHT = 55
