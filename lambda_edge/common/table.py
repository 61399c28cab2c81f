"""The global table of routes: one item a host, read in the Region nearest to where the function runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import aws, replicas, world
from .origin import configured


class RouteTable:
    """A table that ``ha_patterns.edge.routing_table`` made; its name is in a header of the configured origin.

    Args:
        settings: ``regions`` and ``order`` of the replicas.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        #: The request that is being decided.
        self.request: Mapping[str, Any] = {}
        self._replicas = replicas.Replicas(replicas.nearest_first(settings["regions"], settings["order"]))

    def items(self, hosts: Sequence[str], wait: float) -> list[dict[str, Any]]:
        """The items of some hosts, in any order; what is not there is left out.

        Args:
            hosts: Their names.
            wait: For how many seconds.

        Raises:
            OSError: They were not all read.
        """
        table = configured(self.request, "table")
        if not table:
            raise OSError("the configured origin has no header that names the table")
        keys = [{"host": host} for host in hosts]
        return self._replicas.first_answer(
            lambda region, turn: aws.batch_get(
                table, keys, region=region, deadline=turn.deadline, patient=turn.patient
            ),
            world.monotonic() + wait,
        )
