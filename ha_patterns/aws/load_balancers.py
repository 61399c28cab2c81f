"""Load balancers and target groups: the defaults of their attributes, read on 2026-11-30.

See https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html and
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

from __future__ import annotations

#: Seconds: of an Application Load Balancer, for how long a client may keep a connection that it uses.
CLIENT_KEEP_ALIVE = 3_600
#: Seconds: of an Application or Classic Load Balancer, after which an idle connection ends.
IDLE_TIMEOUT = 60
#: Seconds for which a target that is taken out may go on with its requests.
DEREGISTRATION_DELAY = 300
#: Of a target group in a zone: with fewer healthy targets it counts as unhealthy.
MINIMUM_HEALTHY_TARGETS = 1
