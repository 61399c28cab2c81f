"""Policies that AWS manages, and that let their holder move traffic by a control plane, read on 2026-12-01.

See https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

from collections.abc import Mapping

#: By the name of the policy, what it lets edit: each allows all actions of its service.
EDITING_POLICIES: Mapping[str, str] = {
    "AmazonRoute53FullAccess": "route53:ChangeResourceRecordSets",
    "AmazonRoute53RecoveryControlConfigFullAccess": "route53-recovery-control-config:UpdateRoutingControl",
    "CloudFrontFullAccess": "cloudfront:UpdateDistribution",
    "ElasticLoadBalancingFullAccess": "elasticloadbalancing:ModifyListener",
    "GlobalAcceleratorFullAccess": "globalaccelerator:UpdateEndpointGroup",
}
