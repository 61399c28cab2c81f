"""The warnings of constructs that are of something that the checks find, too, with the rules that find it.

To acknowledge such a warning acknowledges the findings of its rules below the construct that warns, and the reverse.
"""

from __future__ import annotations

from collections.abc import Mapping

#: How templates and the CDK call the checks of this library.
CHECKS = "ha-patterns"
#: How the CDK calls the warnings of constructs, where they are acknowledged beside the findings of plugins.
ANNOTATION = "Annotation"
#: What the ids of warnings start with.
PREFIX = "@ha-patterns/"

#: The rules by the id of the warning, without its start.
RULES_OF_WARNINGS: Mapping[str, tuple[str, ...]] = {
    "accelerator:default": ("HA301",),
    "accelerator:default-dials": ("HA303",),
    "accelerator:default-region": ("HA309",),
    "accelerator:default-regions": ("HA308",),
    "accelerator:default-weights": ("HA305",),
    "accelerator:many-groups": ("HA312",),
    "bucket-dns:long-ttl": ("HA204",),
    "bucket-dns:one-check": ("HA212",),
    "calculated-check:default": ("HA222",),
    "dns-failover:long-ttl": ("HA204",),
    "dns-failover:one-check": ("HA212",),
    "dns-failover:one-place": ("HA210",),
    "dns-failover:one-region": ("HA210",),
    "dns-failover:own-name": ("HA223",),
    "edge:errors-not-kept": ("HA024",),
    "edge:long-error-ttl": ("HA072", "HA073"),
    "edge:masked-as-200": ("HA023",),
    "edge:not-in-key": ("HA030",),
    "edge:page-of-failed-origin": ("HA022",),
    "edge:quota": ("HA035",),
    "edge:set-cookie": ("HA030",),
    "edge:wildcard-of-origin": ("HA008", "HA210"),
    "edge-function:default": ("HA105",),
    "error-pages:masked-as-200": ("HA023",),
    "health-check:default": ("HA220",),
    "health-check:default-address": ("HA226",),
    "health-check:guarded": ("HA227",),
    "health-check:no-listener": ("HA231",),
    "health-check:single-failure": ("HA225",),
    "home-health:long-ttl": ("HA204",),
    "latency-routing:long-ttl": ("HA204",),
    "latency-routing:one-check": ("HA212",),
    "latency-routing:one-place": ("HA210",),
    "latency-routing:one-region": ("HA210",),
    "latency-routing:own-name": ("HA223",),
    "latency-routing:other-region": ("HA213",),
    "latency-routing:service-health-only": ("HA207",),
    "load-balancer:one-zone": ("HA307",),
    "load-balancer:unchecked-targets": ("HA306",),
    "origin-failover:no-403": ("HA013", "HA014"),
    "origin-failover:no-502": ("HA004",),
    "origin-failover:no-copy": ("HA015",),
    "origin-failover:one-region": ("HA009",),
    "origin-failover:slow-primary": ("HA010",),
    "origin:default": ("HA011", "HA012"),
    "origin:no-certificate": ("HA032",),
    "origin:quota": ("HA017",),
    "origin:viewer-host": ("HA031",),
    "path-routing:quota": ("HA035",),
    "records:taken-name": ("HA202", "HA203", "HA251"),
}


def rules_of(warning: str) -> tuple[str, ...]:
    """The rules that find what a warning says; none for the id of another tool's warning."""
    return RULES_OF_WARNINGS.get(warning.removeprefix(PREFIX), ()) if warning.startswith(PREFIX) else ()
