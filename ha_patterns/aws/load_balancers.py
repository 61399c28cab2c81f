"""Load balancers and target groups: the defaults of their attributes, read on 2026-11-30.

See https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

from __future__ import annotations

#: Health checks in a row after which a target is healthy again. See
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html, read on 2026-12-01.
HEALTHY_THRESHOLD = 5
#: Seconds: of an Application Load Balancer, for how long a client may keep a connection; and the attribute.
CLIENT_KEEP_ALIVE = 3_600
KEEP_ALIVE_ATTRIBUTE = "client_keep_alive.seconds"
#: Seconds: the most that AWS advises where DNS moves traffic, since an open connection does not follow it. See
#: https://docs.aws.amazon.com/r53recovery/latest/dg/route53-arc-best-practices.regional.html
ADVISED_KEEP_ALIVE = 300
#: Seconds: of an Application or Classic Load Balancer, after which an idle connection ends.
IDLE_TIMEOUT = 60
#: Seconds for which an Application Load Balancer tries to connect to a target before it answers 504. See
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html, read on
#: 2026-12-01.
CONNECT_TIMEOUT = 10
#: Seconds for which a target that is taken out may go on with its requests.
DEREGISTRATION_DELAY = 300
#: Whether a Network Load Balancer ends the connections to a target that becomes unhealthy, unless it is told.
ENDS_UNHEALTHY_CONNECTIONS = True
#: The protocols of target groups that a Network Load Balancer with cross-zone load balancing is shifted with. See
#: https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.network-load-balancers.html, read on
#: 2026-11-30.
SHIFTED_PROTOCOLS = ("TCP", "TLS")
#: The protocols of listeners over TCP and over UDP. See
#: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html, read on 2026-11-30.
TCP_LISTENERS = frozenset({"HTTP", "HTTPS", "TCP", "TLS", "TCP_UDP", "TCP_QUIC"})
UDP_LISTENERS = frozenset({"UDP", "TCP_UDP", "QUIC", "TCP_QUIC"})
#: The protocols of listeners that have a certificate. The same page.
TLS_LISTENERS = ("HTTPS", "TLS")
#: Of a target group in a zone: with fewer healthy targets it counts as unhealthy.
MINIMUM_HEALTHY_TARGETS = 1
