"""What a Multi-Region Access Point is called, and what its routes can be: for the construct and for the commands."""

from __future__ import annotations

import re

#: What S3 lets a name be; a dot in it would make it an alias.
NAME = re.compile(r"[a-z0-9][-a-z0-9]{1,48}[a-z0-9]")
ARN = re.compile(r"arn:aws[a-z-]*:s3::[0-9]{12}:accesspoint/[a-z][a-z0-9]*\.mrap")

#: A bucket gets its share of the requests, or none. S3 takes nothing between.
ACTIVE, PASSIVE = 100, 0
