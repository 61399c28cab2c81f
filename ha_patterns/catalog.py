"""Every pattern, one entry each: what the app builds, the tables show and the tests walk through.

Data only: constructs and stacks are named by import path, so that reading the catalog imports no CDK.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One pattern of the guide.

    Attributes:
        name: How commands name it.
        title: How tables name it.
        use_case: The guide's use case that it belongs to.
        guide_section: The guide's words for it.
        construct: Import path of the construct, ``module:name``.
        stack: Import path of the function that builds the reference stacks, ``module:name``.
        when: What decides for it.
        methods: The HTTP methods that fail over.
        failover: What has to happen before users are served again.
        failover_seconds: How long that takes in the reference stack, where a test compares it with the construct's
            ``failover_time``; None where nothing fails over.
        recovery_needs: What recovery needs of a control plane; empty where it needs none.
    """

    name: str
    title: str
    use_case: str
    guide_section: str
    construct: str
    stack: str
    when: str
    methods: str
    failover: str
    failover_seconds: int | None
    recovery_needs: str = ""

    @property
    def within(self) -> str:
        """The failover time as tables show it."""
        return "-" if self.failover_seconds is None else f"{self.failover_seconds} s"

    def load_construct(self) -> type[Any]:
        """The construct's class."""
        construct: type[Any] = _load(self.construct)
        return construct

    def build(self, *args: Any) -> Any:
        """Build the reference stacks; returns the construct at their heart."""
        return _load(self.stack)(*args)


CATALOG = (
    Pattern(
        name="origin-failover",
        title="Origin failover",
        use_case="Managing transient origin errors",
        guide_section="CloudFront can be configured with Origin Failover feature to retry with a secondary origin",
        construct="ha_patterns.transient_errors.origin_failover:OriginFailover",
        stack="ha_patterns.stacks.origin_failover:build",
        when="content is only read, and two origins have it",
        methods="GET, HEAD",
        failover="in each request, after the wait for the primary",
        failover_seconds=14,
    ),
    Pattern(
        name="dns-failover",
        title="DNS failover",
        use_case="Failover during origin outages",
        guide_section="Failover based on Route 53 policy",
        construct="ha_patterns.outage_failover.dns_failover:DnsFailover",
        stack="ha_patterns.stacks.dns_failover:build",
        when="all traffic must move together, writes included",
        methods="all",
        failover="health check, then TTL",
        failover_seconds=90,
    ),
    Pattern(
        name="hybrid-failover",
        title="Hybrid failover",
        use_case="Failover during origin outages",
        guide_section="This approach can be combined with CloudFront for GET/HEAD HTTP verbs",
        construct="ha_patterns.outage_failover.hybrid_failover:HybridFailover",
        stack="ha_patterns.stacks.hybrid_failover:build",
        when="reads must not wait for DNS, and writes must move too",
        methods="GET and HEAD at once, all after DNS",
        failover="reads in each request; writes after health check and TTL",
        failover_seconds=90,
    ),
    Pattern(
        name="latency-api",
        title="Latency routing",
        use_case="Active-Active setups",
        guide_section="Web applications with latency-based routing",
        construct="ha_patterns.active_active.latency_routing:LatencyRouting",
        stack="ha_patterns.stacks.latency_api:build",
        when="every Region serves, and users get the nearest",
        methods="all",
        failover="health check, then TTL",
        failover_seconds=90,
    ),
    Pattern(
        name="path-routing",
        title="Path routing",
        use_case="Active-Active setups",
        guide_section="Web applications with advanced routing",
        construct="ha_patterns.active_active.path_routing:PathRouting",
        stack="ha_patterns.stacks.path_routing:build",
        when="the path of a request says which application answers",
        methods="as each path's origin",
        failover="as each path's origin",
        failover_seconds=None,
    ),
)

BY_NAME = {pattern.name: pattern for pattern in CATALOG}


def _load(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
