"""The nearest replica is asked, then the next nearest, within one deadline; one that failed is asked last then."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lambda_edge.common import world
from lambda_edge.common.replicas import Replicas, Turn, nearest_first


class Clock:
    """Both clocks of the world, which stand still until a test moves them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000_000.0
        self.monotonic = 50.0
        monkeypatch.setattr(world, "now", lambda: self.now)
        monkeypatch.setattr(world, "monotonic", lambda: self.monotonic)

    def wait_until(self, moment: float) -> None:
        self.now += moment - self.monotonic
        self.monotonic = moment


class Regions:
    """Regions that answer, refuse, or have the caller wait."""

    def __init__(self, clock: Clock, **state: str) -> None:
        self.clock = clock
        self.state = {name.replace("_", "-"): how for name, how in state.items()}
        self.asked: list[str] = []
        self.deadlines: list[float] = []
        self.patient: list[bool] = []
        self.takes = 0.0

    def call(self, region: str, turn: Turn) -> str:
        deadline, patient = turn
        self.asked.append(region)
        self.deadlines.append(deadline)
        self.patient.append(patient)
        if self.state[region] == "hangs":
            self.clock.wait_until(deadline)
            raise TimeoutError(region)
        if self.state[region] == "refuses":
            raise OSError(region)
        if self.state[region] == "is slow" and not patient:
            # As a transport leaves a Region that takes longer than its round trips explain.
            self.clock.wait_until(self.clock.monotonic + 0.01)
            raise TimeoutError(region)
        if self.clock.monotonic + self.takes > deadline:
            self.clock.wait_until(deadline)
            raise TimeoutError(region)
        self.clock.wait_until(self.clock.monotonic + self.takes)
        return f"from {region}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_first_is_asked_and_no_other_where_it_answers(clock: Clock) -> None:
    regions = Regions(clock, near="answers", far="answers")
    replicas = Replicas(["near", "far"], back_off=10)

    assert replicas.first_answer(regions.call, 50.3) == "from near"
    assert regions.asked == ["near"]


def test_the_nearest_has_most_of_the_time_and_the_last_all_of_the_rest(clock: Clock) -> None:
    regions = Regions(clock, a="hangs", b="hangs", c="hangs")
    replicas = Replicas(["a", "b", "c"], back_off=10)

    with pytest.raises(TimeoutError, match="c"):
        replicas.first_answer(regions.call, 50.3)
    assert regions.deadlines == pytest.approx([50.25, 50.3 - 0.05 / 6, 50.3])
    assert regions.patient == [False, False, True]
    assert clock.monotonic == pytest.approx(50.3)


def test_one_that_refuses_at_once_leaves_its_share_to_the_others(clock: Clock) -> None:
    regions = Regions(clock, a="refuses", b="answers")

    assert Replicas(["a", "b"], back_off=10).first_answer(regions.call, 50.3) == "from b"
    assert regions.deadlines == pytest.approx([50.25, 50.3])


def test_one_that_was_left_for_others_is_asked_once_more_if_none_of_them_answers(clock: Clock) -> None:
    regions = Regions(clock, near="is slow", mid="refuses", far="refuses")
    regions.takes = 0.2
    replicas = Replicas(["near", "mid", "far"], back_off=10)

    assert replicas.first_answer(regions.call, 50.3) == "from near"
    assert regions.asked == ["near", "mid", "far", "near"]
    assert (regions.deadlines[-1], regions.patient[-1]) == (50.3, True)

    # It has answered and the others have not: now it has the time from the start.
    assert replicas.first_answer(regions.call, 51.0) == "from near"
    assert regions.asked[4:] == ["near"]


def test_one_that_refused_is_not_asked_once_more(clock: Clock) -> None:
    regions = Regions(clock, near="refuses", mid="refuses")

    with pytest.raises(OSError, match="mid"):
        Replicas(["near", "mid"], back_off=10).first_answer(regions.call, 50.3)
    assert regions.asked == ["near", "mid"]


def test_one_that_failed_is_asked_last_until_the_back_off_is_over(clock: Clock) -> None:
    regions = Regions(clock, near="hangs", far="answers")
    replicas = Replicas(["near", "far"], back_off=10)
    replicas.first_answer(regions.call, clock.monotonic + 0.3)
    failed_at = clock.now
    for _ in range(5):
        assert replicas.first_answer(regions.call, clock.monotonic + 0.3) == "from far"
    assert regions.asked == ["near"] + ["far"] * 6

    regions.state["near"] = "answers"
    clock.now = failed_at + 10
    assert replicas.first_answer(regions.call, clock.monotonic + 0.3) == "from near"


def test_one_that_failed_is_tried_again_with_a_quarter_of_the_time_until_it_answers(clock: Clock) -> None:
    regions = Regions(clock, near="hangs", far="answers")
    replicas = Replicas(["near", "far"], back_off=10)
    shares = []
    for state in ("hangs", "hangs", "answers", "answers"):
        regions.state["near"] = state
        regions.deadlines.clear()
        started = clock.monotonic
        replicas.first_answer(regions.call, started + 1.5)
        shares.append(round(regions.deadlines[0] - started, 3))
        clock.now += 10

    assert shares == [1.25, 0.375, 0.375, 1.25]


def test_those_that_failed_of_late_get_no_share(clock: Clock) -> None:
    regions = Regions(clock, near="refuses", far="answers", farthest="answers")
    replicas = Replicas(["near", "far", "farthest"], back_off=10)
    replicas.first_answer(regions.call, clock.monotonic + 0.3)
    regions.state["far"] = "refuses"
    regions.deadlines.clear()
    replicas.first_answer(regions.call, clock.monotonic + 0.3)

    assert regions.deadlines == pytest.approx([50.25, 50.3])
    assert replicas.first_answer(regions.call, clock.monotonic + 0.6) == "from farthest"
    assert regions.deadlines[2:] == pytest.approx([50.6])


def test_the_one_on_trial_leaves_the_next_one_what_its_answers_take(clock: Clock) -> None:
    regions = Regions(clock, near="refuses", far="answers")
    regions.takes = 1.3
    replicas = Replicas(["near", "far"], back_off=10)
    replicas.first_answer(regions.call, clock.monotonic + 1.5)
    clock.now += 10
    regions.state["near"] = "hangs"
    started = clock.monotonic

    assert replicas.first_answer(regions.call, started + 1.5) == "from far"
    assert regions.deadlines[2:] == pytest.approx([started + 0.07, started + 1.5])


def test_one_that_had_less_time_than_its_answers_take_has_not_failed(clock: Clock) -> None:
    regions = Regions(clock, near="answers", far="answers")
    regions.takes = 0.9
    replicas = Replicas(["near", "far"], back_off=10)
    replicas.first_answer(regions.call, clock.monotonic + 1.5)
    for seconds in (0.3, 0.1):
        with pytest.raises(TimeoutError):
            replicas.first_answer(regions.call, clock.monotonic + seconds)
    regions.asked.clear()

    assert replicas.first_answer(regions.call, clock.monotonic + 1.5) == "from near"
    regions.state["near"] = "hangs"
    with pytest.raises(TimeoutError):
        replicas.first_answer(regions.call, clock.monotonic + 1.5)
    assert replicas.first_answer(regions.call, clock.monotonic + 1.5) == "from far"
    assert regions.asked == ["near", "near", "far"]


def test_where_all_failed_another_has_the_most_time_each_time(clock: Clock) -> None:
    regions = Regions(clock, a="refuses", b="refuses", c="refuses")
    replicas = Replicas(["a", "b", "c"], back_off=10)
    for _ in range(4):
        with pytest.raises(OSError):
            replicas.first_answer(regions.call, clock.monotonic + 0.3)

    assert "".join(regions.asked) == "abcbcacababc"


def test_one_that_answered_again_is_forgiven(clock: Clock) -> None:
    regions = Regions(clock, near="refuses", far="refuses")
    replicas = Replicas(["near", "far"], back_off=10)
    with pytest.raises(OSError):
        replicas.first_answer(regions.call, clock.monotonic + 0.3)
    regions.state |= {"near": "answers"}
    for _ in range(2):
        replicas.first_answer(regions.call, clock.monotonic + 0.3)

    assert regions.asked == ["near", "far", "far", "near", "near"]


def test_a_clock_that_is_set_back_forgives(clock: Clock) -> None:
    regions = Regions(clock, near="refuses", far="answers")
    replicas = Replicas(["near", "far"], back_off=10)
    replicas.first_answer(regions.call, clock.monotonic + 0.3)
    regions.state["near"] = "answers"
    clock.now -= 1000

    assert replicas.first_answer(regions.call, clock.monotonic + 0.3) == "from near"


def test_a_deadline_that_has_passed_asks_nobody(clock: Clock) -> None:
    regions = Regions(clock, near="answers")
    with pytest.raises(TimeoutError):
        Replicas(["near"], back_off=10).first_answer(regions.call, clock.monotonic)

    assert regions.asked == []


def test_what_is_no_failure_of_the_source_is_not_hidden(clock: Clock) -> None:
    def call(region: str, turn: Turn) -> str:
        raise KeyError(region)

    with pytest.raises(KeyError):
        Replicas(["near", "far"], back_off=10).first_answer(call, clock.monotonic + 1)


@pytest.mark.parametrize(
    ("region", "order"), [("eu-west-1", ["b", "a"]), ("ap-east-1", ["a", "b"]), ("unheard-of", ["a", "b"])]
)
def test_the_order_is_that_of_the_region_that_runs_the_function(
    monkeypatch: pytest.MonkeyPatch, region: str, order: list[str]
) -> None:
    table: Mapping[str, list[str]] = {"eu-west-1": ["b", "a"], "ap-east-1": ["a", "b"]}
    monkeypatch.setattr(world, "region", lambda: region)

    assert list(nearest_first(["a", "b"], table)) == order
