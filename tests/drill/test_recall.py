"""What a request came to is known again: with the same chances, and for as long as by evaluating it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ha_patterns.drill.recall import Draw, Look, Recall
from ha_patterns.drill.time import Change, Changing, Moment, Timeline, branches

# A request: it looks something up, waits, leaves something to chance; what it does next depends on what comes of it.
_ENDS = st.integers(0, 3)
_REQUESTS = st.recursive(
    _ENDS,
    lambda inner: (
        st.tuples(st.just("look"), st.integers(0, 2), st.integers(0, 5), inner, inner)
        | st.tuples(st.just("draw"), st.sampled_from([Fraction(1, 3), Fraction(1, 2)]), st.just(0), inner, inner)
    ),
    max_leaves=8,
)
_TIMES = st.lists(st.integers(0, 40), max_size=3, unique=True).map(sorted)
_SEEDS = st.lists(st.tuples(_TIMES, _TIMES, _TIMES), min_size=1, max_size=4)


def _timelines(moments: tuple[list[int], ...]) -> list[Changing[bool]]:
    return [
        Timeline(first=False, changes=[(Change(when, "k", f"{when}"), bool(n % 2 == 0)) for n, when in enumerate(each)])
        for each in moments
    ]


class _Evaluated:
    """A request that is evaluated, and keeps what it saw."""

    def __init__(self, request: Any, timelines: list[Changing[bool]], recall: Recall[int] | None) -> None:
        self._request = request
        self._timelines = timelines
        self._recall = recall
        self.count = 0

    def __call__(self, moment: Moment) -> int:
        drawn: list[bool] = []
        if self._recall is not None:
            outcome, drawn = self._recall.find(moment, lambda slot: self._timelines[self._which[slot]])
            if outcome is not None:
                return outcome
        self.count += 1
        steps: list[Look | Draw] = []
        known, node = iter(drawn), self._request
        while not isinstance(node, int):
            kind, what, wait, yes, no = node
            if kind == "look":
                moment.wait(wait)
                value = moment.see(self._timelines[what])
                slot = self._recall.slot((what,), None) if self._recall is not None else 0
                steps.append(Look(slot, moment.elapsed, value))
            else:
                again = next(known, None)
                value = moment.chance(what) if again is None else again
                steps.append(Draw(what, value))
            node = yes if value else no
        if self._recall is not None:
            self._recall.learn(steps, moment.elapsed, node)
        return node

    @property
    def _which(self) -> list[Any]:
        assert self._recall is not None
        return [key[0] for key, _ in self._recall.looked_up]


@given(request=_REQUESTS, seeds=_SEEDS)
def test_what_is_recalled_is_what_is_evaluated(request: Any, seeds: list[tuple[list[int], ...]]) -> None:
    recall: Recall[int] = Recall()
    for moments in seeds:
        timelines = _timelines(moments)
        for start in range(0, 45, 3):
            plain = branches(_Evaluated(request, timelines, None), start)
            assert branches(_Evaluated(request, timelines, recall), start) == plain


@given(request=_REQUESTS, moments=st.tuples(_TIMES, _TIMES, _TIMES))
def test_what_was_seen_before_is_not_evaluated_again(request: Any, moments: tuple[list[int], ...]) -> None:
    recall: Recall[int] = Recall()
    timelines = _timelines(moments)
    branches(_Evaluated(request, timelines, recall), 7)
    again = _Evaluated(request, timelines, recall)
    branches(again, 7)

    assert again.count == 0
