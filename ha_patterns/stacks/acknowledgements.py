"""What reviews ask of the security of the reference stacks (cdk-nag, AwsSolutions), and why it is answered no."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

#: The sample API stands in for an application of yours.
SAMPLE_API = {
    "AwsSolutions-APIG4": "The sample API is public on purpose: it tells its Region and role, and holds no data.",
}
#: The sample load balancer stands in for an application of yours.
SAMPLE_LOAD_BALANCER = {
    "AwsSolutions-EC23": "The load balancer faces the internet on purpose, with its HTTPS port alone: traffic comes "
    "from any client, or from any address of AWS's edge.",
    "AwsSolutions-S1": "This bucket holds access logs; logging access to them would never end.",
}
#: With instances in place of a function.
SAMPLE_INSTANCES = {
    "AwsSolutions-EC29": "The instances hold nothing, and are destroyed with the sample.",
}
#: A bucket whose policy is made by a stack of its own, and which CloudFront alone reads.
CONTENT_BUCKET = {
    "AwsSolutions-S1": "CloudFront alone may read, and it logs every request; for writes, use CloudTrail data events.",
    "AwsSolutions-S10": "The policy in the third stack, the only one the bucket can have, refuses all but TLS.",
}


def acknowledge(scope: IConstruct, reasons: dict[str, str]) -> None:
    """Record the answers on a stack."""
    for rule, reason in reasons.items():
        Validations.of(scope).acknowledge(Acknowledgment(id=f"AwsSolutions::{rule}", reason=reason))
