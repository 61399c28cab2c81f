"""The same thing in several Regions: the nearest is asked, then the next nearest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from . import world

Answer = TypeVar("Answer")


# Reaching a server takes three round trips before its answer is there, so equal shares would let none answer from afar.
_SHARE = 3 / 4


def share(deadline: float, *, last: bool) -> float:
    """By when one of several that are tried in turn must have answered: the last may take all the time that is left.

    Args:
        deadline: Of ``world.monotonic``, for all of them together.
        last: Whether none is left after it.
    """
    if last:
        return deadline
    now = world.monotonic()
    return now + (deadline - now) * _SHARE


def nearest_first(regions: Sequence[str], order: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The replicas, in the order in which they are to be asked from the Region that runs the function.

    Args:
        regions: All of them, in the order for a Region that is not in the table.
        order: By the Region that runs the function; computed at synth.
    """
    return order.get(world.region(), regions)


class Replicas:
    """Where something can be read, and which of these places failed lately.

    The first has three quarters of the time, each later one three quarters of what is left then, the last all of it. A
    new connection answers after three round trips (TCP, TLS 1.3, the question) and what the service itself takes, a
    kept one after one. Of 0.5 s the first so has 375 ms, which allows round trips of 125 ms, or of 375 ms on a kept
    connection; of 0.3 s it has 225 ms, and they may be of 75 ms. A connection made in time is kept even where the
    answer came late: where two round trips fit into that time (187 ms or 112 ms), the Region answers when it is first
    again.

    Args:
        regions: In the order in which they are asked.
        back_off: Seconds for which a Region that failed is asked after the others. Where all failed, another of them
            is asked first each time: the one that is has the most time.
    """

    def __init__(self, regions: Sequence[str], *, back_off: float) -> None:
        self._regions = tuple(regions)
        self._back_off = back_off
        self._failed: dict[str, float] = {}

    def first_answer(self, call: Callable[[str, float], Answer], deadline: float) -> Answer:
        """The answer of the first Region that gives one; each has its share of the time left.

        Args:
            call: Asks one Region, with the time by which it must have answered; raises ``OSError`` where it fails.
            deadline: Of ``world.monotonic``, for all of them together.

        Raises:
            OSError: No Region answered; that of the Region asked last.
        """
        now = world.now()
        # A clock that was set back forgives: what it dated later is over.
        failed = [region for region, since in self._failed.items() if 0 <= now - since < self._back_off]
        order = [region for region in self._regions if region not in failed] + failed
        failure: OSError = TimeoutError("no time left to ask any replica")
        for region in order:
            if world.monotonic() >= deadline:
                break
            # Anew at the end of those that failed.
            self._failed.pop(region, None)
            try:
                return call(region, share(deadline, last=region == order[-1]))
            except OSError as error:
                self._failed[region] = world.now()
                failure = error
        if order[0] in self._failed:
            self._failed[order[0]] = self._failed.pop(order[0])
        raise failure
