"""The same thing in several Regions: the nearest is asked, then the next nearest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from . import world

Answer = TypeVar("Answer")


def nearest_first(regions: Sequence[str], order: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The replicas, in the order in which they are to be asked from the Region that runs the function.

    Args:
        regions: All of them, in the order for a Region that is not in the table.
        order: By the Region that runs the function; computed at synth.
    """
    return order.get(world.region(), regions)


class Replicas:
    """Where something can be read, and which of these places failed lately.

    Args:
        regions: In the order in which they are asked.
        back_off: Seconds for which a Region that failed is asked after the others.
    """

    def __init__(self, regions: Sequence[str], *, back_off: float) -> None:
        self._regions = tuple(regions)
        self._back_off = back_off
        self._failed: dict[str, float] = {}

    def first_answer(self, call: Callable[[str, float], Answer], deadline: float) -> Answer:
        """The answer of the first Region that gives one; each but the last has its share of the time left.

        Args:
            call: Asks one Region, with the time by which it must have answered; raises ``OSError`` where it fails.
            deadline: Of ``world.monotonic``, for all of them together.

        Raises:
            OSError: No Region answered; that of the Region asked last.
        """
        now = world.now()
        # A clock that was set back forgives: what it dated later is over.
        order = sorted(
            self._regions,
            key=lambda region: region in self._failed and 0 <= now - self._failed[region] < self._back_off,
        )
        failure: OSError = TimeoutError("no time left to ask any replica")
        for place, region in enumerate(order):
            started = world.monotonic()
            if started >= deadline:
                break
            try:
                answer = call(region, started + (deadline - started) / (len(order) - place))
            except OSError as error:
                self._failed[region] = world.now()
                failure = error
            else:
                self._failed.pop(region, None)
                return answer
        raise failure
