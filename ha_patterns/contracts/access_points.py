"""What a Multi-Region Access Point is called, and what its routes can be: for the construct and for the commands."""

from __future__ import annotations

import re

ARN = re.compile(r"arn:aws[a-z-]*:s3::[0-9]{12}:accesspoint/[a-z][a-z0-9]*\.mrap")

#: A bucket gets its share of the requests, or none. S3 takes nothing between.
ACTIVE, PASSIVE = 100, 0
