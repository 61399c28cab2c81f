"""Where requests of AWS's own come from: the addresses of Route 53's health checkers and of CloudFront."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

#: The addresses of Route 53's checkers: ``ROUTE53_HEALTHCHECKS`` of https://ip-ranges.amazonaws.com/ip-ranges.json and
#: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-ip-addresses.html, read on 2026-12-01.
CHECKERS = (
    *("15.177.0.0/18", "54.183.255.128/26", "54.228.16.0/26", "54.232.40.64/26", "54.241.32.64/26"),
    *("54.243.31.192/26", "54.244.52.192/26", "54.245.168.0/26", "54.248.220.0/26", "54.250.253.192/26"),
    *("54.251.31.128/26", "54.252.79.128/26", "54.252.254.192/26", "54.255.254.192/26", "107.23.255.0/26"),
    *("176.34.159.192/26", "177.71.207.128/26", "52.80.197.0/25", "52.80.197.128/25", "52.80.198.0/25"),
    *("52.83.34.128/25", "52.83.35.0/25", "52.83.35.128/25"),
)
#: Most of the addresses that CloudFront asks origins from, ``CLOUDFRONT`` and ``CLOUDFRONT_ORIGIN_FACING`` of the same
#: document: enough of them that none who means to admit CloudFront leaves out all.
CLOUDFRONT = (
    *("3.160.0.0/12", "13.32.0.0/15", "13.224.0.0/14", "13.249.0.0/16", "15.158.0.0/16", "18.64.0.0/14"),
    *("18.154.0.0/15", "18.160.0.0/15", "18.164.0.0/15", "18.172.0.0/15", "18.238.0.0/15", "18.244.0.0/15"),
    *("52.46.0.0/18", "52.82.128.0/19", "52.84.0.0/15", "52.222.128.0/17", "54.182.0.0/16", "54.192.0.0/16"),
    *("54.230.0.0/16", "54.239.128.0/18", "54.240.128.0/18", "64.252.64.0/18", "64.252.128.0/18", "65.8.0.0/15"),
    *("70.132.0.0/18", "71.152.0.0/17", "99.84.0.0/16", "99.86.0.0/16", "108.138.0.0/15", "108.156.0.0/14"),
    *("116.129.226.0/24", "120.52.0.0/16", "120.253.240.0/20", "130.176.0.0/16", "143.204.0.0/16", "144.220.0.0/16"),
    *("180.163.57.0/24", "204.246.160.0/19", "205.251.192.0/18", "216.137.32.0/19", "13.113.196.0/22"),
)


def overlaps(cidr: str, ranges: Iterable[str]) -> bool:
    """Whether a block has an address of some ranges; True of a text that is no block.

    Args:
        cidr: The block, such as ``203.0.113.0/24``.
        ranges: The ranges, as blocks of IPv4.
    """
    try:
        block = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return True
    return any(
        isinstance(block, ipaddress.IPv4Network) and block.overlaps(ipaddress.IPv4Network(one)) for one in ranges
    )
