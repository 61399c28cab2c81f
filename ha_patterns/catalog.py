"""Every pattern, one entry each: what the app builds, the tables show and the tests walk through.

Data only: constructs and stacks are named by import path, so that reading the catalog imports no CDK.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from .aws.health_checks import ALIAS_TTL, USUAL_TTL
from .aws.load_balancers import ADVISED_KEEP_ALIVE
from .aws.origin_waits import longest_wait
from .aws.recovery_times import (
    ACCELERATOR_SECONDS,
    CONTROL_SECONDS,
    alarm_detection,
    dns_switch,
    probe_detection,
    take_over_detection,
    target_detection,
)


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
        failover_seconds: How long that takes in the reference stack if an origin has gone silent; by the arithmetic
            of ``aws``, and a test compares it with the construct's ``failover_time``. None where nothing fails over.
        still_answers: How soon users are served again if the origin is not gone but answers, such as with errors; empty
            where nothing fails over.
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
    still_answers: str = ""
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


# Seconds, by the settings of the reference stacks: how long a request waits for a primary; health checks every 10 s, 3
# in a row, and records of 60 s; targets that are checked every 10 s, twice; how long a function keeps an answer.
_IN_REQUEST = longest_wait(2, 2, 5)
_BY_PROBES = probe_detection(10, 3, "HTTPS") + dns_switch(USUAL_TTL)
_BY_TARGETS = target_detection(10, 2, 5) + ACCELERATOR_SECONDS
_KEPT = 5
_BY_ALARM = dns_switch(USUAL_TTL) + _KEPT
_FAILED_ALONE = alarm_detection(60, 2, data_stops=False) + _BY_ALARM
# By what moves traffic, how soon users are served again if the origin still answers.
_KEPT_OPEN = (
    "the same on new connections; open ones stay until the origin ends them, as a load balancer of the app "
    f"does within {ADVISED_KEEP_ALIVE} s"
)
_FLOWS = "the same on new connections; open ones stay until one end closes them, or until they are idle for 340 s"
_ANEW = "the same: each request is sent anew"
_ON_CODES = "at once, by the status codes of the origin group"

CATALOG = (
    Pattern(
        name="stale-content",
        title="Stale content",
        use_case="Managing transient origin errors",
        guide_section="CloudFront can be used to serve a stale cached version of the object if available in cache "
        "instead of returning an error response",
        construct="ha_patterns.transient_errors.stale_content:StaleContent",
        stack="ha_patterns.stacks.stale_content:build",
        when="content is the same for many viewers, and an old copy is better than none",
        methods="GET, HEAD",
        failover="where there is a copy, after the wait for the origin",
        failover_seconds=_IN_REQUEST,
        still_answers="at once, if it answers with 5xx",
    ),
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
        failover_seconds=_IN_REQUEST,
        still_answers=_ON_CODES,
    ),
    Pattern(
        name="same-origin-retry",
        title="Same-origin retry",
        use_case="Managing transient origin errors",
        guide_section="The secondary origin can be configured with the same domain of the primary origin, which "
        "results in an HTTP retry to the same origin",
        construct="ha_patterns.transient_errors.origin_failover:OriginFailover",
        stack="ha_patterns.stacks.same_origin_retry:build",
        when="there is one origin, and errors hit single requests; an outage takes both tries",
        methods="GET, HEAD",
        failover="in each request, after the wait for the first try",
        failover_seconds=longest_wait(3, 1, 4),
        still_answers=_ON_CODES,
    ),
    Pattern(
        name="error-pages",
        title="Static error pages",
        use_case="Managing transient origin errors",
        guide_section="CloudFront can be configured to fail to a static file hosted in a different location using "
        "Custom Error Page",
        construct="ha_patterns.transient_errors.error_pages:ErrorPages",
        stack="ha_patterns.stacks.error_pages:build",
        when="nothing is left to serve: viewers are told so, from another place than the origin",
        methods="all",
        failover="none: the page is sent after the wait for the origin",
        failover_seconds=None,
    ),
    Pattern(
        name="graceful-response",
        title="Graceful response",
        use_case="Managing transient origin errors",
        guide_section="This feature can be extended to generate dynamic responses on such errors",
        construct="ha_patterns.transient_errors.graceful_response:GracefulResponse",
        stack="ha_patterns.stacks.graceful_response:build",
        when="nothing is left to serve, and what viewers are told depends on the request",
        methods="all",
        failover="none: the answer is made after the wait for the origin",
        failover_seconds=None,
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
        failover_seconds=_BY_PROBES,
        still_answers=_KEPT_OPEN,
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
        failover_seconds=_BY_PROBES,
        still_answers=f"reads {_ON_CODES}; writes: {_KEPT_OPEN}",
    ),
    Pattern(
        name="same-path-hybrid",
        title="Same-path hybrid",
        use_case="Failover during origin outages",
        guide_section="This approach can be combined with CloudFront for GET/HEAD HTTP verbs",
        construct="ha_patterns.outage_failover.hybrid_failover:HybridFailover",
        stack="ha_patterns.stacks.same_path_hybrid:build",
        when="an API reads and writes the same paths; its reads must not wait for DNS",
        methods="GET and HEAD at once, all after DNS",
        failover="reads in each request, by a CloudFront function; writes after health check and TTL",
        failover_seconds=_BY_PROBES,
        still_answers=f"reads {_ON_CODES}; writes: {_KEPT_OPEN}",
    ),
    Pattern(
        name="routing-control",
        title="Routing control",
        use_case="Failover during origin outages",
        guide_section="This design can be further extended with Route 53 Application Recovery Control",
        construct="ha_patterns.outage_failover.routing_controls:RoutingControlFailover",
        stack="ha_patterns.stacks.routing_control:build",
        when="a person or a runbook decides when all traffic moves",
        methods="all",
        failover="switch, then TTL",
        failover_seconds=CONTROL_SECONDS + dns_switch(ALIAS_TTL, "RECOVERY_CONTROL"),
        still_answers=_KEPT_OPEN,
        recovery_needs="no control plane; a flip at one of the cluster's five data-plane endpoints",
    ),
    Pattern(
        name="standby-takes-over",
        title="Standby takes over",
        use_case="Failover during origin outages",
        guide_section="Failover based on Route 53 policy",
        construct="ha_patterns.outage_failover.standby_takes_over:StandbyTakesOver",
        stack="ha_patterns.stacks.standby_takes_over:build",
        when="people decide, also when no probe tells and the primary cannot be reached",
        methods="all",
        failover="a data point in the standby's Region, then TTL",
        failover_seconds=take_over_detection() + dns_switch(ALIAS_TTL),
        still_answers=_KEPT_OPEN,
        recovery_needs="no control plane: one PutMetricData in the standby's Region",
    ),
    Pattern(
        name="accelerator-multi-az",
        title="Accelerator over several zones",
        use_case="Failover during origin outages",
        guide_section="Failover with Global Accelerator: in a single AWS Region across multiple Availability Zones",
        construct="ha_patterns.outage_failover.accelerators:MultiAzAccelerator",
        stack="ha_patterns.stacks.accelerator_multi_az:build",
        when="one Region is enough, and clients need fixed addresses",
        methods="all",
        failover="health check of the load balancer's targets, then the accelerator",
        failover_seconds=_BY_TARGETS,
        still_answers=_FLOWS,
    ),
    Pattern(
        name="accelerator-multi-region",
        title="Accelerator over several Regions",
        use_case="Failover during origin outages",
        guide_section="Failover with Global Accelerator: across multiple AWS Regions",
        construct="ha_patterns.outage_failover.accelerators:MultiRegionAccelerator",
        stack="ha_patterns.stacks.accelerator_multi_region:build",
        when="clients need fixed addresses or do not honour DNS, over TCP or UDP",
        methods="all",
        failover="health check of the load balancer's targets, then the accelerator",
        failover_seconds=_BY_TARGETS,
        still_answers=_FLOWS,
    ),
    Pattern(
        name="zonal-shift",
        title="Zonal shift",
        use_case="Failover during origin outages",
        guide_section="redundancy can be introduced to the origin by deploying in different availability zones",
        construct="ha_patterns.outage_failover.zonal_shift:ZonalShift",
        stack="ha_patterns.stacks.zonal_shift:build",
        when="a zone is slow or loses requests, which health checks do not see",
        methods="all",
        failover="a shift is started, by AWS or by hand; then TTL and client keep-alive",
        failover_seconds=dns_switch(ALIAS_TTL) + ADVISED_KEEP_ALIVE,
        still_answers="the same: the keep-alive of clients is counted",
    ),
    Pattern(
        name="bucket-failover",
        title="Bucket failover",
        use_case="Failover during origin outages",
        guide_section="When the different origins can't share the same domain name, such as for S3 based origins",
        construct="ha_patterns.outage_failover.bucket_failover:BucketFailover",
        stack="ha_patterns.stacks.bucket_failover:build",
        when="content is in S3, and a Region of S3 may fail",
        methods="GET, HEAD",
        failover="in each request, after the wait for the primary",
        failover_seconds=_IN_REQUEST,
        still_answers=_ON_CODES,
    ),
    Pattern(
        name="bucket-dns-failover",
        title="Bucket failover by DNS",
        use_case="Failover during origin outages",
        guide_section="you'd need a Lambda@Edge on origin request event to query Route 53 for which origin to select, "
        "then reroute the request to the selected origin",
        construct="ha_patterns.outage_failover.bucket_dns_failover:BucketDnsFailover",
        stack="ha_patterns.stacks.bucket_dns_failover:build",
        when="content is in S3, and no request shall wait for a bucket that is known to be out",
        methods="GET, HEAD",
        failover="alarm without data, as its Region is lost; then TTL and 5 s in the function",
        failover_seconds=alarm_detection(60, 2, data_stops=True) + _BY_ALARM,
        still_answers=f"within {_FAILED_ALONE} s: the data of its probe goes on, and each request is sent anew",
    ),
    Pattern(
        name="multi-region-access-point",
        title="Multi-Region Access Point",
        use_case="Failover during origin outages",
        guide_section="When the different origins can't share the same domain name, such as for S3 based origins",
        construct="ha_patterns.outage_failover.multi_region_access_point:MultiRegionAccessPoint",
        stack="ha_patterns.stacks.multi_region_access_point:build",
        when="content is in S3 in several Regions, users get the nearest, and a person takes a Region out",
        methods="GET, HEAD",
        failover="routes are set, and S3 follows",
        failover_seconds=120,
        still_answers=_ANEW,
        recovery_needs="S3's failover controls: one SubmitMultiRegionAccessPointRoutes in any of five Regions",
    ),
    Pattern(
        name="origin-guard",
        title="Origin guard",
        use_case="Failover during origin outages",
        guide_section="Route 53 Failover routing policy with health checks on the origin domain name",
        construct="ha_patterns.origins.guarded_listener:GuardedListener",
        stack="ha_patterns.stacks.origin_guard:build",
        when="nobody may ask the origins past CloudFront, and health checks must",
        methods="all",
        failover="none of its own: what it guards fails over as without it",
        failover_seconds=None,
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
        failover_seconds=_BY_PROBES,
        still_answers=_KEPT_OPEN,
    ),
    Pattern(
        name="nearest-bucket",
        title="Nearest bucket",
        use_case="Active-Active setups",
        guide_section="a Lambda@Edge on origin request event to select the nearest origin based on the region in which "
        "the function was executed",
        construct="ha_patterns.active_active.nearest_bucket:NearestBucket",
        stack="ha_patterns.stacks.nearest_bucket:build",
        when="content is in S3 in several Regions, users get the nearest, and each stands in for the others",
        methods="GET, HEAD",
        failover="in each request, after the wait for the nearest bucket",
        failover_seconds=_IN_REQUEST,
        still_answers=_ON_CODES,
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
    Pattern(
        name="rule-router",
        title="Rule routing",
        use_case="Active-Active setups",
        guide_section="Web applications with advanced routing",
        construct="ha_patterns.active_active.rule_router:RuleRouter",
        stack="ha_patterns.stacks.rule_router:build",
        when="rules over host, path, headers, cookies or country say which origin answers, and change without a deploy",
        methods="all",
        failover="a write to the table moves traffic; locations follow within the time they keep rules",
        failover_seconds=None,
        recovery_needs="no control plane; to change a rule, a write to DynamoDB in us-east-1",
    ),
    Pattern(
        name="tenant-router",
        title="Tenant routing",
        use_case="Active-Active setups",
        guide_section="OutSystems and TrueCar design an architecture based on rules stored in DynamoDB Global tables",
        construct="ha_patterns.active_active.tenant_router:TenantRouter",
        stack="ha_patterns.stacks.tenant_router:build",
        when="each tenant has a host, and an origin of its own or one that it shares",
        methods="all",
        failover="a write to the table moves a tenant; locations follow within the time they keep routes",
        failover_seconds=None,
        recovery_needs="no control plane; to move a tenant, a write to DynamoDB in us-east-1",
    ),
    Pattern(
        name="home-region",
        title="Home Regions",
        use_case="Active-Active setups",
        guide_section="Lambda@Edge can be used to route users to their home Region based on a cookie",
        construct="ha_patterns.active_active.home_region:HomeRegionRouter",
        stack="ha_patterns.stacks.home_region:build",
        when="each user's data is at home in one Region, whether or not the user is near it",
        methods="GET, HEAD, OPTIONS, or all, as the owner chooses",
        failover="health check, then TTL, then what the function keeps",
        failover_seconds=_BY_PROBES + _KEPT,
        still_answers=_ANEW,
    ),
)

BY_NAME = {pattern.name: pattern for pattern in CATALOG}


def _load(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
