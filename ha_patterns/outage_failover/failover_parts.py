"""The parts of a failover time, and what comes on top where the endpoint that is left still answers."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Duration

from ..cdk.typed import typed
from ..cdk.validation import duration, total_seconds


@typed
@dataclass(frozen=True, kw_only=True)
class FailoverParts:
    """What a ``failover_time`` is the sum of, and what comes on top where the endpoint that is left still answers.

    ``failover_time`` is the longest that an endpoint is asked which has gone silent, so that each probe of it waits as
    long as the checker does. One that refuses connections is left sooner.

    Example::

        parts = failover.failover_parts
        parts.detection  # until the health check is unhealthy
        parts.switch     # then, until traffic has moved; failover_time is the sum of both
        parts.drain      # an endpoint that still answers keeps connections for so long after that

    Args:
        detection: How long until the outage is noticed.
        switch: How long after that until nobody is sent to the endpoint any more.
        drain: How long connections that are open then may go on, if the endpoint still answers on them, such as with
            errors: DNS moves new connections only. None if nothing tells, as for an API, a host, or a load balancer
            that is imported; then they go on until the endpoint ends them. A keep-alive that ``add_property_override``
            puts into the template is not seen here: the CDK does not tell it.
    """

    detection: Duration
    switch: Duration
    drain: Duration | None

    @classmethod
    def of_seconds(cls, detection: int, switch: int, drain: int | None) -> FailoverParts:
        """The parts out of whole seconds."""
        return cls(
            detection=duration(detection),
            switch=duration(switch),
            drain=None if drain is None else duration(drain),
        )

    @property
    def failover_time(self) -> Duration:
        """``detection`` and ``switch`` together."""
        return duration(total_seconds("detection", self.detection) + total_seconds("switch", self.switch))

    def __str__(self) -> str:
        return (
            f"{total_seconds('detection', self.detection)} s until an outage is noticed + "
            f"{total_seconds('switch', self.switch)} s until traffic has moved"
        )
