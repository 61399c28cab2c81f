"""Routing controls of Application Recovery Controller: what it takes.

See https://docs.aws.amazon.com/recovery-cluster/latest/api/controlpanel.html, read on 2026-12-01.
"""

from __future__ import annotations

import re

#: The name of a cluster, a control panel, a routing control or a safety rule. As the service says: no white space, and
#: none of & > < ' " ;
NAME = re.compile(r"[^\s&><'\";]{1,64}")
#: How a name is described where another one is given.
NAME_TOLD = "1 to 64 characters without white space and & > < ' \" ;"
CLUSTER_ARN = re.compile(r"arn:aws[a-z-]*:route53-recovery-control::[0-9]{12}:cluster/[A-Za-z0-9_-]+")
EXAMPLE_CLUSTER_ARN = "arn:aws:route53-recovery-control::123456789012:cluster/8d47920e"
