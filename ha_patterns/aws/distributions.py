"""How much one distribution holds, unless a quota is raised."""

from __future__ import annotations

#: See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
BEHAVIORS = 75
ORIGINS = 100
ORIGIN_GROUPS = 10
