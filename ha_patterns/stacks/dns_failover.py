"""Reference stacks of DNS failover: an API in two Regions behind one name, and CloudFront in front of that name."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from ..outage_failover import DnsFailover, HealthCheckSettings
from .edge_stack import EdgeStack
from .sample_api import sample_apis
from .settings import ReferenceSettings

_PATTERN = "dns-failover"


def build(scope: Construct, settings: ReferenceSettings) -> DnsFailover:
    """The API in two Regions, then the edge."""
    shared_name = f"origin.{_PATTERN}.{settings.zone_name}"
    primary, standby = sample_apis(scope, settings, _PATTERN, shared_name=shared_name)
    edge = EdgeStack(scope, settings, _PATTERN, origins=[primary, standby])
    dns = DnsFailover(
        edge,
        "Origin",
        hosted_zone=edge.zone,
        record_name=shared_name,
        primary=primary.endpoint,
        secondary=standby.endpoint,
        primary_health_check=HealthCheckSettings.fast(path="/health"),
        recovery_time_objective=Duration.minutes(2),
    )
    site = edge.site(dns.origin())
    dns.add_alarms(edge.topic)
    site.add_alarms(edge.topic)
    return dns
