"""The global table of routes: one item a host, read in the Region nearest to where the function runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import aws, replicas, world
from .origin import configured


class RouteTable:
    """A table that ``ha_patterns.edge.routing_table`` made; its name is in a header of the configured origin.

    Args:
        settings: ``regions`` and ``order`` of the replicas, the ``deadline`` of a read and the ``back_off`` of a Region
            that failed, in seconds.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        #: The request that is being decided.
        self.request: Mapping[str, Any] = {}
        self._deadline: float = settings["deadline"]
        regions = replicas.nearest_first(settings["regions"], settings["order"])
        self._replicas = replicas.Replicas(regions, back_off=settings["back_off"])

    def items(self, hosts: Sequence[str]) -> list[dict[str, Any]]:
        """The items of some hosts, in any order; what is not there is left out.

        Raises:
            OSError: They were not all read.
        """
        table = configured(self.request, "table")
        if not table:
            raise OSError("the configured origin has no header that names the table")
        keys = [{"host": host} for host in hosts]
        return self._replicas.first_answer(
            lambda region, until: aws.batch_get(table, keys, region=region, deadline=until),
            world.monotonic() + self._deadline,
        )
