"""What a container remembers: read once a time to live, bounded, and served stale while the source fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from lambda_edge.common import world
from lambda_edge.common.cache import (
    FIRST_WAIT,
    REFRESH_WAIT,
    Cache,
    Loaded,
    PartlyLoadedError,
    UnavailableError,
)


class Source:
    """A source with a clock: counts what is read of it, and fails when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
        self.values: dict[str, str] = values
        self.reads: list[tuple[str, ...]] = []
        self.known: list[Mapping[str, str]] = []
        self.failures: list[Exception] = []
        self.fails = False
        self.most = 100
        self.time = 1_000_000.0
        self.sizes: dict[str, int] = {}
        self.ttls: dict[str, float] = {}
        self.takes = 0.0
        self.waits: list[float] = []
        self.waited = 0.0
        monkeypatch.setattr(world, "now", lambda: self.time)
        monkeypatch.setattr(world, "monotonic", lambda: self.waited)

    def load(self, keys: Sequence[str], known: Mapping[str, str], wait: float) -> Mapping[str, Loaded[str]]:
        self.reads.append(tuple(keys))
        self.known.append(dict(known))
        self.waits.append(wait)
        self.waited += min(self.takes, wait)
        if self.takes > wait:
            raise TimeoutError("no answer in time")
        if self.fails:
            raise TimeoutError("no answer")
        read = keys[: self.most]
        found = {
            key: Loaded(self.values[key], self.sizes.get(key, 1), self.ttls.get(key))
            for key in read
            if key in self.values
        }
        if len(read) < len(keys):
            raise PartlyLoadedError(TimeoutError("no time left"), read, found)
        return found

    def cache(self, *, max_size: int = 100, max_absent: int = 100) -> Cache[str]:
        return Cache(
            self.load,
            ttl=60,
            negative_ttl=30,
            back_off=5,
            max_size=max_size,
            max_absent=max_absent,
            on_failure=self.failures.append,
        )


def test_a_key_is_read_once_in_its_time_to_live(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()

    assert [cache.get("a") for _ in range(3)] == ["1"] * 3
    source.time += 59.9
    assert cache.get("a") == "1"
    assert source.reads == [("a",)]

    source.values["a"] = "2"
    source.time += 0.1
    assert cache.get("a") == "2"
    assert source.reads == [("a",)] * 2


def test_a_value_may_say_itself_how_long_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    source.ttls["a"] = 10
    cache = source.cache()
    cache.get("a")

    source.time += 10
    cache.get("a")

    assert len(source.reads) == 2


def test_that_there_is_nothing_is_remembered_for_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch)
    cache = source.cache()

    assert cache.get("a") is None
    source.time += 29
    assert cache.get("a") is None
    assert len(source.reads) == 1

    source.values["a"] = "1"
    source.time += 1
    assert cache.get("a") == "1"


def test_several_keys_are_read_together_and_only_those_that_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1", b="2")
    cache = source.cache()
    cache.get("a")

    assert cache.get_all(("a", "b", "c")) == ["1", "2", None]
    assert cache.get_all(("a", "b", "c")) == ["1", "2", None]

    assert source.reads == [("a",), ("b", "c")]


def test_of_keys_that_are_asked_for_together_each_is_as_fresh_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1", b="2")
    source.ttls["b"] = 10
    cache, keys = source.cache(), ("a", "b", "c")
    assert [cache.get_all(keys) for _ in range(3)] == [["1", "2", None]] * 3
    source.values |= {"a": "0", "b": "3", "c": "4"}

    source.time += 9.9
    assert cache.get_all(keys) == ["1", "2", None]
    source.time += 0.1
    assert [cache.get_all(keys) for _ in range(3)] == [["1", "3", None]] * 3
    source.values["b"] = "5"
    source.time += 10
    assert (cache.get("b"), cache.get_all(keys)) == ("5", ["1", "5", None])
    source.time += 9.9
    assert cache.get_all(keys) == ["1", "5", None]
    source.time += 0.1
    assert cache.get_all(keys) == ["1", "5", "4"]
    assert source.reads == [keys, ("b",), ("b",), ("c", "b")]

    source.time -= 1000
    assert cache.get_all(keys) == ["0", "5", "4"]


def test_so_many_combinations_of_keys_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, **{f"k{number}": "1" for number in range(100)})
    cache = source.cache()
    keys = [(f"k{number % 100}", f"k{number // 100}") for number in range(2500)]

    for each in keys:
        cache.get_all(each)

    assert 0 < len(cache._together) <= 1000
    assert len(source.reads) <= 100


def test_while_the_source_fails_the_last_value_is_served_and_one_request_in_the_back_off_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    cache.get("a")
    source.fails = True
    source.time += 60

    assert [cache.get("a") for _ in range(10)] == ["1"] * 10
    assert len(source.reads) == 2
    assert [str(failure) for failure in source.failures] == ["no answer"]

    source.time += 5
    assert cache.get("a") == "1"
    assert len(source.reads) == 3


def test_the_next_request_after_the_back_off_finds_a_source_that_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    source.fails = True
    with pytest.raises(UnavailableError, match="nothing is known of 'a'"):
        cache.get("a")
    source.fails = False
    with pytest.raises(UnavailableError):
        cache.get("a")

    source.time += 5
    assert cache.get("a") == "1"


def test_absence_too_is_served_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch)
    cache = source.cache()
    cache.get("a")
    source.fails = True
    source.time += 30

    assert cache.get("a") is None


def test_one_key_unknown_among_several_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    cache.get("a")
    source.fails = True

    with pytest.raises(UnavailableError, match="'b'"):
        cache.get_all(("a", "b"))


def test_what_was_read_before_the_source_failed_is_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1", c="3")
    cache = source.cache()
    source.most = 1

    for unknown in ("'b'", "'c'"):
        with pytest.raises(UnavailableError, match=unknown):
            cache.get_all(("a", "b", "c"))
        with pytest.raises(UnavailableError, match=unknown):
            cache.get_all(("a", "b", "c"))
        source.time += 5
    assert cache.get_all(("a", "b", "c")) == ["1", None, "3"]

    assert source.reads == [("a", "b", "c"), ("b", "c"), ("c",)]
    assert [str(failure) for failure in source.failures] == ["no time left"] * 2


def test_a_source_that_reads_one_key_a_try_renews_all_of_them_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1", b="1", c="1")
    cache = source.cache()
    cache.get_all(("a", "b", "c"))
    source.values = dict.fromkeys("abc", "2")
    source.most = 1

    for _ in range(3):
        source.time += 60
        found = cache.get_all(("a", "b", "c"))

    assert found == ["2", "2", "2"]


@pytest.mark.parametrize("jump", [-1_000_000.0, 1e9])
def test_a_clock_that_jumps_has_the_key_read_again(monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    cache.get("a")
    cache.get("x")
    source.values |= {"a": "2", "x": "3"}

    source.time += jump

    assert cache.get_all(("a", "x")) == ["2", "3"]


def test_a_clock_that_is_set_back_does_not_keep_the_source_from_being_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    source.fails = True
    with pytest.raises(UnavailableError):
        cache.get("a")
    source.fails = False

    source.time -= 1000

    assert cache.get("a") == "1"


def test_the_loader_is_given_what_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    cache.get("a")
    source.time += 60
    cache.get_all(("a", "b"))

    assert source.known == [{}, {"a": "1"}]


def test_what_it_holds_is_bounded_by_weight_and_the_one_read_longest_ago_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1", b="2", c="3")
    source.sizes = {"a": 4, "b": 4, "c": 4}
    cache = source.cache(max_size=8)
    for key in "abc":
        cache.get(key)

    cache.get_all(("b", "c"))
    assert len(source.reads) == 3
    cache.get("a")
    assert source.reads[3:] == [("a",)]


def test_one_value_heavier_than_the_bound_is_served_and_kept_until_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, big="1", b="2")
    source.sizes = {"big": 1000}
    cache = source.cache(max_size=8)

    assert cache.get("big") == cache.get("big") == "1"
    assert len(source.reads) == 1
    cache.get("b")
    cache.get("big")
    assert len(source.reads) == 3


def test_what_the_same_request_is_about_to_use_is_not_pushed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = "abcdef"
    source = Source(monkeypatch, **{"*": "all"}, **{host: host.upper() for host in hosts})
    source.sizes = dict.fromkeys(("*", *hosts), 4)
    cache = source.cache(max_size=10)

    assert [cache.get_all((host, "*")) for host in hosts] == [[host.upper(), "all"] for host in hosts]
    assert source.reads == [("a", "*"), *((host,) for host in hosts[1:])]
    assert list(cache._entries) == ["*", "f"]


def test_unknown_keys_never_push_out_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache(max_size=1, max_absent=10)
    cache.get("a")

    for number in range(50_000):
        assert cache.get(f"host-{number}") is None

    assert cache.get("a") == "1"
    assert len(source.reads) == 50_001
    assert len(cache._absent) == 10


# -- how long a request waits


def test_a_request_waits_long_for_what_is_not_known_and_briefly_for_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1", b="2")
    cache = source.cache()

    cache.get("a")
    source.time += 60
    cache.get("a")
    source.time += 60
    cache.get_all(("a", "b"))
    # That there is none is known too.
    cache.get("c")
    source.time += 30
    cache.get("c")

    assert source.waits == [FIRST_WAIT, REFRESH_WAIT, FIRST_WAIT, FIRST_WAIT, REFRESH_WAIT]
    assert FIRST_WAIT >= 4 * REFRESH_WAIT


def test_a_source_that_is_far_away_is_read_anew_every_second_time_to_live(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    source.takes = 0.9
    cache = source.cache()
    cache.get("a")

    for _ in range(59):
        source.time += 10
        assert cache.get("a") == "1"

    # That it is far is found out once.
    assert source.waits == [FIRST_WAIT, REFRESH_WAIT, *[FIRST_WAIT] * 4]


def test_one_slow_answer_does_not_make_a_source_far(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    for takes, passed in ((1.0, 0), (0.1, 60), (1.0, 60), (0.1, 5), (0.1, 60)):
        source.takes = takes
        source.time += passed
        cache.get("a")

    assert source.waits == [FIRST_WAIT, *[REFRESH_WAIT] * 4]


def test_a_source_that_is_far_no_more_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    source.takes = 1.0
    cache = source.cache()
    cache.get("a")
    source.time += 60
    cache.get("a")
    source.takes = 0.1
    for passed in (60, 60):
        source.time += passed
        cache.get("a")

    assert source.waits == [FIRST_WAIT, REFRESH_WAIT, FIRST_WAIT, REFRESH_WAIT]


def test_a_source_that_hangs_is_waited_for_briefly_but_for_once_in_a_time_to_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    cache.get("a")
    source.takes = 1e9

    for _ in range(600):
        source.time += 1
        assert cache.get("a") == "1"

    assert source.waits[1:].count(FIRST_WAIT) == 9
    assert len(source.waits) == 1 + 109


def test_a_source_that_refuses_is_asked_once_in_a_back_off(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(monkeypatch, a="1")
    cache = source.cache()
    cache.get("a")
    source.fails = True

    for _ in range(600):
        source.time += 1
        assert cache.get("a") == "1"

    assert len(source.waits) == 1 + 109
    assert source.waited == 0


def test_a_short_wait_that_fails_keeps_nothing_that_is_not_known_from_being_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Source(monkeypatch, a="1", b="2")
    cache = source.cache()
    cache.get("a")
    source.time += 60
    source.takes = 0.5

    assert cache.get("a") == "1"
    assert cache.get("b") == "2"
    assert source.waits == [FIRST_WAIT, REFRESH_WAIT, FIRST_WAIT]
