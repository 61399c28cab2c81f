"""Multi-Region Access Points: what S3 takes.

See https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-naming.html, read on 2026-12-01.
"""

from __future__ import annotations

import re

#: What S3 lets a name be; a dot in it would make it an alias.
NAME = re.compile(r"[a-z0-9][-a-z0-9]{1,48}[a-z0-9]")
NAME_TOLD = "3 to 50 lower-case letters, digits and hyphens"
