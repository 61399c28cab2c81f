"""The same thing in several Regions: the nearest is asked, then the next nearest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from . import world

Answer = TypeVar("Answer")


# Reaching a server takes three round trips before its answer is there, so equal shares would let none answer from afar.
_SHARE = 5 / 6
# Of a Region that failed when it was asked last: enough if it is near, and the next one loses little.
_ON_TRIAL = 1 / 4
# No two answers take the same time.
_NO_TWO_ALIKE = 1.1
_BACK_OFF = 300


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


class Turn(NamedTuple):
    """How long one of several may take.

    Attributes:
        deadline: By when it must have answered, of ``world.monotonic``.
        patient: Whether to wait until then, whatever it does: none is left to be asked after it.
    """

    deadline: float
    patient: bool


class Replicas:
    """Where something can be read, and which of these places failed lately.

    The first has five sixths of the time, each later one as much of what is left then, the last all of it. A new
    connection answers after three round trips (TCP, TLS 1.3, the question) and what the service itself takes, a kept
    one after one. Of 1.5 s the first so has 1.25 s, enough for round trips of 400 ms, or of 300 ms with TLS 1.2. A
    Region that accepts no connection is left after two fifths of its share, 0.5 s (``http_transport``), and the next
    one then has 1 s, enough for round trips of 320 ms. A Region that accepts the connection and never answers is left
    after the round trips that an answer takes, as accepting it showed, and 0.25 s for each step: at 20 ms it leaves the
    next one 1.1 s, at 100 ms 0.7 s, enough for round trips of 150 ms with TLS 1.2 and 200 ms with TLS 1.3. If no other
    answers either, the first that was left so is asked once more, with all the time that remains.

    Regions that failed of late get no share beside one that did not. A Region has not failed if it had less time than
    its answers took of late, since others used up the time before it. A Region that failed is asked first again when
    the back-off is over, with a quarter of the time, or less if the next one's answers take longer than the rest. Once
    it has answered, it has its whole share again.

    Args:
        regions: In the order in which they are asked.
        back_off: Seconds for which a Region that failed is asked after the others. If all failed, another one is asked
            first each time: that one has the most time. Default 5 minutes.
    """

    def __init__(self, regions: Sequence[str], *, back_off: float = _BACK_OFF) -> None:
        self._regions = tuple(regions)
        self._back_off = back_off
        self._failed: dict[str, float] = {}
        # Of each Region, the slowest answer of late: a kept connection makes one quick, and not the next one.
        self._took: dict[str, float] = {}

    def first_answer(self, call: Callable[[str, Turn], Answer], deadline: float) -> Answer:
        """The answer of the first Region that gives one; each has its share of the time left.

        Args:
            call: Asks one Region, within its turn; raises ``OSError`` if that fails.
            deadline: Of ``world.monotonic``, for all of them together.

        Raises:
            OSError: No Region answered; that of the Region asked last.
        """
        now = world.now()
        # A clock that was set back forgives: what it dated later is over.
        failed = [region for region, since in self._failed.items() if 0 <= now - since < self._back_off]
        others = [region for region in self._regions if region not in failed]
        order = others + failed
        failure: OSError = TimeoutError("no time left to ask any replica")
        hurried: str | None = None
        for place, region in enumerate(order, 1):
            if world.monotonic() >= deadline:
                break
            had_failed = self._failed.pop(region, None) is not None
            started = world.monotonic()
            last = place in (len(others), len(order))
            until = share(deadline, last=last)
            if had_failed and place < len(others):
                needed = self._took.get(order[place], 0.0) * _NO_TWO_ALIKE
                until = min(started + (deadline - started) * _ON_TRIAL, deadline - needed)
            try:
                return self._ask(region, call, Turn(until, last))
            except OSError as error:
                if had_failed or until - started >= self._took.get(region, 0.0):
                    # Anew at the end of those that failed.
                    self._failed[region] = world.now()
                if not last and isinstance(error, TimeoutError):
                    hurried = hurried or region
                failure = error
        if hurried is not None and world.monotonic() < deadline:
            try:
                answer = self._ask(hurried, call, Turn(deadline, patient=True))
            except OSError as error:
                failure = error
            else:
                self._failed.pop(hurried, None)
                return answer
        if order[0] in self._failed:
            self._failed[order[0]] = self._failed.pop(order[0])
        raise failure

    def _ask(self, region: str, call: Callable[[str, Turn], Answer], turn: Turn) -> Answer:
        started = world.monotonic()
        answer = call(region, turn)
        self._took[region] = max(world.monotonic() - started, self._took.get(region, 0.0) / 2)
        return answer
