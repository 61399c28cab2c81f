"""What Global Accelerator takes, read on 2026-11-30.

See https://docs.aws.amazon.com/global-accelerator/latest/api/API_EndpointGroup.html and
https://docs.aws.amazon.com/global-accelerator/latest/dg/limits-global-accelerator.html
"""

from __future__ import annotations

import re

#: Seconds between two health checks of an endpoint, and how many in a row change its health.
INTERVALS = (10, 30)
THRESHOLDS = range(1, 11)
#: How endpoints that are no load balancers are checked, and for what HTTP and HTTPS may ask.
CHECK_PROTOCOLS = ("TCP", "HTTP", "HTTPS")
CHECK_PATH = re.compile(r"/[-a-zA-Z0-9@:%_\\+.~#?&/=]{0,254}")
#: The protocols of a listener, and whether a client stays with its endpoint. See
#: https://docs.aws.amazon.com/global-accelerator/latest/api/API_Listener.html, read on 2026-12-01.
LISTENER_PROTOCOLS = ("TCP", "UDP")
AFFINITIES = ("NONE", "SOURCE_IP")
#: The same of an endpoint group that is given none.
DEFAULT_INTERVAL = 30
DEFAULT_THRESHOLD = 3
#: The weight of an endpoint that is given none, and the traffic dial of a group, in percent.
DEFAULT_WEIGHT = 128
DEFAULT_DIAL = 100
#: The Region of the service's API and of its metrics, whatever the Regions of the endpoints. See
#: https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.regions.html, read on 2026-12-01.
ACCELERATOR_REGION = "us-west-2"
#: The highest weight of an endpoint, and the highest traffic dial of a group, in percent; the lowest of both is 0.
MOST_WEIGHT = 255
MOST_DIAL = 100
#: How many endpoints a group has at most, and how many port ranges a listener: the API takes no more, whatever the
#: quota of the account.
MOST_ENDPOINTS = 10
MOST_PORT_RANGES = 10
#: How many other groups are tried when all endpoints of one are unhealthy: the closest to the client. See
#: https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html
CLOSEST_GROUPS = 3
