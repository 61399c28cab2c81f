"""Names and ids that AWS has made public: hosted zones, prefix lists, the endings of its host names."""

from __future__ import annotations

import re
from enum import Enum

#: The ids, one a Region, of the prefix list com.amazonaws.global.cloudfront.origin-facing, as people have published
#: them; those of newer Regions are missing. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
CLOUDFRONT_PREFIX_LISTS = frozenset(
    {
        *("pl-58a04531", "pl-22a6434b", "pl-9aa247f3", "pl-31a34658", "pl-b8a742d1", "pl-38a64351", "pl-a3a144ca"),
        *("pl-fab65393", "pl-4fa04526", "pl-93a247fa", "pl-75b1541c", "pl-5da64334", "pl-3b927c52", "pl-b6a144df"),
        *("pl-4ea04527", "pl-82a045eb"),
    }
)

#: The hosted zone of every CloudFront distribution, as aliases name it. See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"

#: How host names that AWS makes end, by the endpoints of its services. See
#: https://docs.aws.amazon.com/general/latest/gr/rande.html
HOST_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn", ".cloudfront.net", ".awsglobalaccelerator.com", ".on.aws")


class OriginKind(Enum):
    """What answers at an origin."""

    BUCKET = "S3 bucket"
    WEBSITE = "S3 website"
    ACCESS_POINT = "S3 Multi-Region Access Point"
    LOAD_BALANCER = "load balancer"
    API = "API Gateway"
    FUNCTION_URL = "Lambda function URL"
    ACCELERATOR = "Global Accelerator"
    DISTRIBUTION = "CloudFront"
    VPC = "VPC origin"
    HOST = "host"


#: The kinds of origins at which a bucket answers.
BUCKETS = frozenset({OriginKind.BUCKET, OriginKind.WEBSITE, OriginKind.ACCESS_POINT})
#: The kinds of origins that find the bucket, API or function by the Host header, and answer no other name. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
BY_OWN_NAME = frozenset({*BUCKETS, OriginKind.API, OriginKind.FUNCTION_URL})

#: The kinds that answer over one of HTTP and HTTPS only. See
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html,
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-protect.html and
#: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html, read on 2026-12-01.
ONE_SCHEME = {OriginKind.WEBSITE: "HTTP", OriginKind.API: "HTTPS", OriginKind.FUNCTION_URL: "HTTPS"}

_SUFFIX = r"\.amazonaws\.com(?:\.cn)?"
_IN_REGION = r"(?P<region>[a-z]{2,3}(?:-[a-z]+)+-[0-9]|\?)"
# By what answers, the ends of its names, as AWS forms them; ? is a part that is not known.
_HOSTS: tuple[tuple[OriginKind, re.Pattern[str]], ...] = tuple(
    # An alias to a website goes by the name of the service alone.
    (
        kind,
        re.compile(rf"(?:(?P<name>.*?)\.)?{pattern}" if kind is OriginKind.WEBSITE else rf"(?P<name>.*?)\.{pattern}"),
    )
    for kind, pattern in (
        (OriginKind.ACCESS_POINT, rf"accesspoint\.s3-global{_SUFFIX}"),
        (OriginKind.WEBSITE, rf"s3-website[.-]{_IN_REGION}{_SUFFIX}"),
        (OriginKind.BUCKET, rf"s3(?:[.-](?:dualstack\.)?{_IN_REGION})?{_SUFFIX}"),
        (OriginKind.LOAD_BALANCER, rf"(?:elb\.{_IN_REGION}|{_IN_REGION.replace('region', 'other')}\.elb){_SUFFIX}"),
        (OriginKind.API, rf"execute-api\.{_IN_REGION}{_SUFFIX}"),
        (OriginKind.FUNCTION_URL, rf"lambda-url\.{_IN_REGION}\.on\.aws"),
        (OriginKind.ACCELERATOR, r"(?:dualstack\.)?awsglobalaccelerator\.com"),
        (OriginKind.DISTRIBUTION, r"cloudfront\.net"),
    )
)
_DOMAIN = r"(?:amazonaws\.com(?:\.cn)?|on\.aws|awsapprunner\.com|elasticbeanstalk\.com)"
_OTHER = re.compile(rf".*?\.(?:{_IN_REGION}\.)(?:[a-z0-9-]+\.)*{_DOMAIN}")
#: Longer than any host name, with all that stands for what is not known.
LONGEST_HOST = 1_024

# The Region in a name of AWS: a label of its own, or the end of one, as in s3-website-eu-west-1.
_REGION = re.compile(r"(?:^|[.-])(?P<region>[a-z]{2,3}(?:-[a-z]+)+-[0-9])(?=\.)")
#: The attributes of resources that are URLs, as CloudFormation names them, and not host names. See
#: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html,
#: aws-resource-apigatewayv2-api.html and aws-resource-s3-bucket.html, read on 2026-11-30.
URL_ATTRIBUTES = ("FunctionUrl", "ApiEndpoint", "WebsiteURL")

#: How the host names of interface VPC endpoints end. See
#: https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
VPC_ENDPOINT_SUFFIX = ".vpce.amazonaws.com"


# How Elastic Load Balancing names internal Application and Classic Load Balancers. See
# https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-internal-load-balancers.html, read on 2026-11-30.
_INTERNAL = re.compile(r"(?:dualstack\.)?internal-.*\.elb\.amazonaws\.com(?:\.cn)?")


def is_internal_balancer(name: str) -> bool:
    """Whether a host name is that of a load balancer that does not face the internet; a Network one does not tell.

    Args:
        name: The name, in any case.
    """
    return _INTERNAL.fullmatch(name.lower().removesuffix(".")) is not None


# Names that AWS makes for what a customer runs, and that are of AWS's domains, so that no public certificate of a
# customer can be for them. See https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
# and https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/configuring-https.html, read on 2026-11-30.
_WITHOUT_CERTIFICATE = re.compile(
    r".+\.(?:elb\.[a-z0-9-]+\.amazonaws\.com|[a-z0-9-]+\.elb\.amazonaws\.com|awsglobalaccelerator\.com"
    r"|compute(?:-1)?\.amazonaws\.com|elasticbeanstalk\.com)(?:\.cn)?"
)


def has_no_certificate(name: str) -> bool:
    """Whether a host name is one that AWS makes for a load balancer, an accelerator, an instance or an environment.

    Nobody has a certificate for these; AWS has certificates for the names of its own services.

    Args:
        name: The name, in any case.
    """
    return _WITHOUT_CERTIFICATE.fullmatch(name.lower().removesuffix(".")) is not None


def named_region(name: str) -> str | None:
    """The Region that a host name of AWS has in it; None for any other name.

    Args:
        name: The name, in any case.
    """
    name = name.lower().removesuffix(".")
    if not name.endswith(HOST_SUFFIXES):
        return None
    # The first label is somebody's own.
    found = list(_REGION.finditer(name.partition(".")[2]))
    return found[-1]["region"] if found else None


def answers_at(host: str) -> tuple[OriginKind, str | None, str | None]:
    """What a host name of AWS tells: what answers, the part before the name of the service, and the Region.

    Args:
        host: The name, in lower case; ``?`` is a part of it that is not known.
    """
    if len(host) > LONGEST_HOST:
        return OriginKind.HOST, None, None
    for kind, pattern in _HOSTS:
        match = pattern.fullmatch(host)
        if match:
            groups = match.groupdict()
            return kind, match["name"], _known(groups.get("region") or groups.get("other"))
    other = _OTHER.fullmatch(host)
    return OriginKind.HOST, None, _known(other["region"]) if other else None


def other_scheme(kind: OriginKind, scheme: str) -> str | None:
    """Why nothing answers over ``HTTP`` or ``HTTPS`` at an origin, as a sentence goes on; None if its kind does."""
    only = ONE_SCHEME.get(kind, scheme)
    if only == scheme:
        return None
    what = kind.value if kind is OriginKind.API else f"{'an' if kind is OriginKind.WEBSITE else 'a'} {kind.value}"
    return f"{what} answers over {only} only"


def _known(region: str | None) -> str | None:
    return None if region == "?" else region
