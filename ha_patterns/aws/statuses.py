"""Statuses: those at which CloudFront fails over, and those that it can answer otherwise."""

from __future__ import annotations

#: The status codes at which an origin group can ask its second origin. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
FAILOVER_STATUS_CODES = (400, 403, 404, 416, 429, 500, 502, 503, 504)

#: The codes that stand for an origin that cannot be connected to, and for one that does not answer in time: without
#: them, an origin group never leaves a dead host. The same page.
CANNOT_CONNECT = 503
NO_ANSWER = 504

#: The status that viewers get if the origin refuses connections, and if its name or its certificate is unusable. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html, read on 2026-11-30.
UNUSABLE = 502

#: The statuses with which a bucket answers for an object that it does not have; 403 without the right to list. See
#: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
MISSING = frozenset({403, 404})

#: The statuses that can have an error page or a caching time of their own. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
ERROR_CODES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
#: The statuses that a page can be sent with.
RESPONSE_CODES = (200, *ERROR_CODES)
#: The one of the error codes that is never cached, and so has no caching time.
NEVER_CACHED = 416
#: The first of the statuses that tell of a failing origin.
SERVER_ERROR = 500
#: Seconds: the longest time for which errors of the server are kept without a warning. It is longer than a failover by
#: health checks that ask the endpoint takes: this library's choice.
LONGEST_USUAL_ERROR = 300
