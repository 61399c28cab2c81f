"""What AWS has made public and no template tells: constructs refuse, and checks find, what is beyond it."""

from __future__ import annotations

#: The status codes at which an origin group can ask its second origin. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
FAILOVER_STATUS_CODES = (400, 403, 404, 416, 429, 500, 502, 503, 504)

#: The statuses that can have an error page or a caching time of their own. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
ERROR_CODES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
#: The statuses that a page can be sent with.
RESPONSE_CODES = (200, *ERROR_CODES)

#: The custom headers of origins that CloudFront does not let be set, in lower case, and how others of them start. See
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
FORBIDDEN_HEADERS = frozenset(
    (
        *("cache-control", "connection", "content-length", "cookie", "host", "if-match", "if-modified-since"),
        *("if-none-match", "if-range", "if-unmodified-since", "max-forwards", "pragma", "proxy-authenticate"),
        *("proxy-authorization", "proxy-connection", "range", "request-range", "te", "trailer", "transfer-encoding"),
        *("upgrade", "via", "x-real-ip"),
    )
)
FORBIDDEN_HEADER_PREFIXES = ("x-amz-", "x-edge-")

#: The Regions that a latency record may name, as Route 53's API lists them. See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
LATENCY_REGIONS = frozenset(
    {
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"),
        *("ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
        *("ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1"),
        *("eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2"),
        *("eu-west-3", "eusc-de-east-1", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1"),
        *("us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2"),
    }
)

#: Where Route 53's health checkers are. See
#: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
CHECKER_REGIONS = (
    *("us-east-1", "us-west-1", "us-west-2", "eu-west-1"),
    *("ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"),
)

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

#: The hosted zone of every CloudFront distribution, as aliases name it.
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
