"""What Lambda@Edge takes on origin events, and on viewers' events, read on 2026-11-30.

See https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
"""

from __future__ import annotations

#: Of a function that is given none: seconds, MB of memory, and MB of its file system, read on 2026-12-01. See
#: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
DEFAULT_TIMEOUT = 3
DEFAULT_MEMORY = 128
DEFAULT_STORAGE = 512
#: The longest time-out on an origin event, in seconds.
LONGEST_TIMEOUT = 30
#: Memory in MB: the least, and the most on origin events and on viewers' events.
LEAST_MEMORY = 128
MOST_MEMORY = 10_240
MOST_VIEWER_MEMORY = 128
#: The most that a function's code on an origin event takes, zipped, in bytes.
LARGEST_CODE = 50 * 1024 * 1024
