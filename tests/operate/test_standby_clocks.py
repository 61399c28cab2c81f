"""The last act holds, whatever the clocks are set to, and one that does not hold is not reported as one that does."""

from __future__ import annotations

import email.utils
import heapq
import itertools
from collections.abc import Callable
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest

from ha_patterns.cli import main
from ha_patterns.contracts.switches import PRIMARY, STANDBY, data_of_act, data_of_heartbeat, serving
from ha_patterns.outage_failover.hold import repeat, throw

from ..outage_failover.test_traffic_switch import Cloud

_NAMESPACE = "HaPatterns/shop"
_MINUTE = 60


class _World(Cloud):
    """CloudWatch with a heartbeat each minute, and people and functions who act, each by a clock of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.began = self.now
        # By how much the clock of whoever acts is ahead.
        self.skew = 0.0
        self.says_the_date = True
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        # By act, in the order in which they began.
        self.statuses: list[int | None] = []
        self._beat_at(30)

    def describe_alarms(self, *, AlarmNames: list[str]) -> Any:  # noqa: N803
        return {"MetricAlarms": AlarmNames}

    def get_metric_data(self, **request: Any) -> Any:
        answer = super().get_metric_data(**request)
        if self.says_the_date:
            answer["ResponseMetadata"] = {"HTTPHeaders": {"date": email.utils.formatdate(self.now, usegmt=True)}}
        return answer

    def at(self, second: float, do: Callable[[], object], skew: float = 0) -> None:
        def done() -> None:
            before, self.skew = self.skew, skew
            do()
            self.skew = before

        heapq.heappush(self._events, (self.began + second, next(self._order), done))

    def _beat_at(self, second: float) -> None:
        def beat() -> None:
            repeat.handler({}, None)
            self._beat_at(second + _MINUTE)

        self.at(second, beat)

    def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        while self._events[0][0] <= until:
            when, _, do = heapq.heappop(self._events)
            self.now = max(self.now, when)
            do()
        self.now = max(self.now, until)

    def types(self, act: str) -> Callable[[], None]:
        def typed() -> None:
            place = len(self.statuses)
            self.statuses.append(None)
            self.statuses[place] = main(["standby", act, "--switch", "shop", "--region", "eu-central-1"])

        return typed


@pytest.fixture(params=[True, False], ids=["dated", "undated"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> _World:
    world = _World()
    world.says_the_date = request.param
    monkeypatch.setenv("NAMESPACE", _NAMESPACE)
    monkeypatch.setattr("time.time", lambda: world.now + world.skew)
    monkeypatch.setattr("time.sleep", world.sleep)
    monkeypatch.setattr(boto3, "client", lambda service, **_: {"cloudwatch": world}[service])
    return world


_ACTS: dict[str, tuple[float, int, list[tuple[int, str, float]]]] = {
    "a take-over by a clock that is slow": (30, STANDBY, [(600, "give-back", 0), (720, "take-over", -240)]),
    "a give-back by a clock that is slow": (30, PRIMARY, [(600, "take-over", 0), (720, "give-back", -240)]),
    "a take-over after a clock that is ahead": (30, STANDBY, [(600, "give-back", 240), (720, "take-over", 0)]),
    "a take-over before the act of a clock that is ahead can be read": (
        60,
        STANDBY,
        [(600, "give-back", 240), (610, "take-over", 0)],
    ),
    "a give-back before the act of a clock that is ahead can be read": (
        60,
        PRIMARY,
        [(600, "take-over", 240), (610, "give-back", 0)],
    ),
    "a take-over in the second of a give-back": (60, STANDBY, [(600, "give-back", 0), (600, "take-over", 0)]),
    "an alarm's throw after a clock that is ahead": (30, STANDBY, [(600, "give-back", 240), (720, "throw", 0)]),
    "clocks that are ahead and slow in turn": (
        30,
        PRIMARY,
        [(600, "take-over", 290), (720, "give-back", -290), (840, "take-over", 0), (960, "give-back", -290)],
    ),
}


@pytest.mark.parametrize(("delay", "serves", "acts"), _ACTS.values(), ids=_ACTS)
def test_the_last_act_holds_whatever_the_clocks_say(
    world: _World, delay: float, serves: int, acts: list[tuple[int, str, float]]
) -> None:
    world.delay = delay
    world.at(300, world.types("take-over"))
    for second, act, skew in acts:
        world.at(second, (lambda: throw.handler({}, None)) if act == "throw" else world.types(act), skew)

    world.sleep(40 * _MINUTE)

    last = acts[-1][0]
    # What an act says of the two minutes after it is of later ones if its clock was ahead and no answer told so.
    settled = last + (3 if world.says_the_date else 8) * _MINUTE
    seen = [world.serves(world.began + second) for second in range(settled, 40 * _MINUTE, _MINUTE)]
    assert set(seen) == {serves}
    assert world.statuses[-1] == 0


def test_the_act_of_somebody_else_that_came_later_is_not_overruled_but_told(
    world: _World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.delay = 60
    world.at(600, world.types("take-over"))

    def give_back() -> None:
        world.delay = 10
        world.put_metric_data(Namespace=_NAMESPACE, MetricData=data_of_act(PRIMARY, world.now))

    # While the first waits to read its act.
    world.at(603, give_back)

    world.sleep(20 * _MINUTE)

    assert world.statuses == [1]
    assert "the act is put, its effect is not confirmed: somebody acted as well" in capsys.readouterr().err
    assert world.serves(world.now - _MINUTE) == PRIMARY


def test_a_give_back_in_the_second_of_a_take_over_does_not_hold_and_says_so(
    world: _World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.delay = 60
    world.at(600, world.types("give-back"))
    world.at(600, world.types("take-over"))

    world.sleep(20 * _MINUTE)

    assert world.statuses == [1, 0]
    assert "(the standby takes over, 01:03:20 UTC), and that holds" in capsys.readouterr().err
    assert world.serves(world.now - _MINUTE) == STANDBY


def test_an_act_that_cloudwatch_does_not_tell_is_not_reported_as_done(
    world: _World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.delay = 10 * _MINUTE
    world.at(600, world.types("take-over"))

    world.sleep(15 * _MINUTE)

    printed = capsys.readouterr()
    assert world.statuses == [1]
    assert "put StandbyServes=1 in HaPatterns/shop" in printed.out
    assert "confirmed" not in printed.out
    assert "the act is put, its effect is not confirmed: CloudWatch did not tell of it within 120 s" in printed.err


def test_the_minutes_that_an_act_speaks_for_are_those_after_it(world: _World) -> None:
    """Also if the time that it is given lies ahead: the heartbeat may read it two minutes late."""
    world.points.append((world.now, world.now, "GivenBackAt", world.now + 600 + 240))
    world.at(600, lambda: throw.handler({}, None))

    world.sleep(601)

    points = {at - world.now + 1 for _, at, name, value in world.points if name == "StandbyServes" and value == 1}
    assert points == {0, _MINUTE, 2 * _MINUTE}


def test_an_alarm_throws_also_where_what_was_done_before_cannot_be_read(world: _World) -> None:
    world.status = "InternalError"
    throw.handler({}, None)

    assert world.serves(world.now) == STANDBY


@pytest.mark.parametrize(
    ("taken", "given", "serves"),
    [(0, 0, PRIMARY), (0, 5, PRIMARY), (5, 0, STANDBY), (5, 5, STANDBY), (5, 6, PRIMARY)],
)
def test_of_two_acts_at_the_same_time_that_of_the_standby_holds(taken: float, given: float, serves: int) -> None:
    acts = {STANDBY: taken, PRIMARY: given}

    assert serving(acts) == serves
    assert data_of_heartbeat(acts)[0]["Value"] == serves
