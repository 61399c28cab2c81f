"""Reference stacks of error pages: an API in one Region, and the pages for its outages in another."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from ..edge import EdgeDistribution
from ..origins import OriginSettings
from ..transient_errors import ErrorPages
from .edge_stack import EdgeStack
from .sample_api import sample_api
from .settings import ReferenceSettings

_PATTERN = "error-pages"
_PAGE = "/errors/5xx.html"


def build(scope: Construct, settings: ReferenceSettings) -> ErrorPages:
    """The API in its Region, then the edge, with the bucket of the pages in the distribution's stack, in us-east-1.

    So the API should be anywhere else: with ``-c regions=us-east-1,...`` one Region holds both.
    """
    api = sample_api(scope, settings, _PATTERN)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[api])
    pages = ErrorPages(edge, "ErrorPages", pages=dict.fromkeys((500, 502, 503, 504), _PAGE))
    site = EdgeDistribution(
        edge,
        "Site",
        default_behavior=cloudfront.BehaviorOptions(
            origin=api.endpoint.origin(OriginSettings.fail_fast()),
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        ),
        additional_behaviors=pages.behaviors,
        error_responses=pages.error_responses,
        domain_name=edge.domain_name,
        hosted_zone=edge.zone,
    )
    site.add_alarms(edge.topic)
    cdk.CfnOutput(
        edge,
        "UploadPage",
        value=f"echo '<h1>We will be back soon</h1>' | aws s3 cp - s3://{pages.bucket.bucket_name}{_PAGE} "
        "--content-type text/html",
        description="The first thing to do after the deploy: without it viewers get a 403 in place of the page",
    )
    return pages
