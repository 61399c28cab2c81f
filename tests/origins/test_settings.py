"""How long CloudFront waits for an origin."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from hypothesis import given
from hypothesis import strategies as st

from ha_patterns import OriginSettings

from ..samples import number_token, seconds_token

_REPEATED = ("GET", "HEAD")
_SENT_ONCE = ("OPTIONS", "POST", "PUT", "PATCH", "DELETE")
_METHODS = st.sampled_from(_REPEATED + _SENT_ONCE)


def _settings(
    attempts: int = 1, connect: int = 1, response: int = 1, keepalive: int = 5, completion: int | None = None
) -> OriginSettings:
    return OriginSettings(
        connection_attempts=attempts,
        connection_timeout=Duration.seconds(connect),
        response_timeout=Duration.seconds(response),
        keepalive_timeout=Duration.seconds(keepalive),
        response_completion_timeout=None if completion is None else Duration.seconds(completion),
    )


def _values(settings: OriginSettings) -> tuple[float, ...]:
    return (
        settings.connection_attempts,
        settings.connection_timeout.to_seconds(),
        settings.response_timeout.to_seconds(),
        settings.keepalive_timeout.to_seconds(),
    )


def test_the_defaults_are_those_of_cloudfront() -> None:
    assert _values(OriginSettings()) == (3, 10, 30, 5)
    assert OriginSettings().response_completion_timeout is None


@pytest.mark.parametrize(
    ("preset", "values"), [(OriginSettings.fail_fast(), (2, 2, 5, 5)), (OriginSettings.patient(), (3, 10, 60, 5))]
)
def test_a_preset_is_what_its_docstring_says(preset: OriginSettings, values: tuple[float, ...]) -> None:
    assert _values(preset) == values
    assert preset.response_completion_timeout is None


@pytest.mark.parametrize(
    ("attempts", "connect", "response", "keepalive", "completion"),
    [(1, 1, 1, 1, 1), (3, 10, 120, 300, 3600)],
    ids=["all lowest", "all highest"],
)
def test_both_ends_of_every_range_are_allowed(
    attempts: int, connect: int, response: int, keepalive: int, completion: int
) -> None:
    settings = _settings(attempts, connect, response, keepalive, completion)

    assert _values(settings) == (attempts, connect, response, keepalive)


@pytest.mark.parametrize(
    "unit", [Duration.minutes(1), Duration.millis(60_000), Duration.hours(1 / 60)], ids=["minutes", "millis", "hours"]
)
def test_a_duration_counts_in_whatever_unit_it_is_written(unit: Duration) -> None:
    assert OriginSettings(response_timeout=unit).worst_case_wait("POST").to_seconds() == 3 * 10 + 60


@pytest.mark.parametrize(
    ("settings", "gone", "hangs_on_read", "hangs_on_write"),
    [
        pytest.param(OriginSettings(), 30, 120, 60, id="defaults"),
        pytest.param(OriginSettings.fail_fast(), 4, 14, 9, id="fail_fast"),
        pytest.param(OriginSettings.patient(), 30, 210, 90, id="patient"),
        pytest.param(_settings(attempts=1, connect=1, response=3), 1, 4, 4, id="one attempt"),
        pytest.param(_settings(attempts=3, connect=10, response=30, completion=45), 30, 45, 45, id="capped"),
        pytest.param(_settings(attempts=3, connect=10, response=5, completion=7), 7, 7, 7, id="capped below connect"),
    ],
)
def test_the_waits_add_up_to(settings: OriginSettings, gone: int, hangs_on_read: int, hangs_on_write: int) -> None:
    assert settings.connect_wait.to_seconds() == gone
    for method in _REPEATED:
        assert settings.worst_case_wait(method).to_seconds() == hangs_on_read
    for method in _SENT_ONCE:
        assert settings.worst_case_wait(method).to_seconds() == hangs_on_write


def test_a_wait_is_for_a_read_unless_said_otherwise_and_methods_are_known_in_any_case() -> None:
    settings = _settings(attempts=2, connect=2, response=5)

    assert settings.worst_case_wait().to_seconds() == 14
    assert settings.worst_case_wait("head").to_seconds() == 14
    assert settings.worst_case_wait("post").to_seconds() == 9


@pytest.mark.parametrize(
    "argument",
    ["connection_attempts", "connection_timeout", "response_timeout", "response_completion_timeout"],
)
def test_no_wait_is_computed_from_a_token_and_the_refusal_names_it(stack: cdk.Stack, argument: str) -> None:
    token: Any = number_token if argument == "connection_attempts" else seconds_token
    settings = OriginSettings(**{argument: token(stack, "Setting")})

    with pytest.raises(ValueError, match=rf"^{argument} is a token, known only at deploy.*give it as a plain"):
        settings.worst_case_wait()


def test_settings_cannot_be_changed_after_they_were_judged() -> None:
    with pytest.raises(AttributeError):
        OriginSettings().connection_attempts = 7  # type: ignore[misc]


_ATTEMPTS, _CONNECT, _RESPONSE = st.integers(1, 3), st.integers(1, 10), st.integers(1, 120)


@pytest.mark.property
@given(_ATTEMPTS, _CONNECT, _RESPONSE, _METHODS)
def test_without_a_cap_the_wait_follows_the_formula(attempts: int, connect: int, response: int, method: str) -> None:
    settings = _settings(attempts, connect, response)

    responses = attempts if method in _REPEATED else 1
    assert settings.worst_case_wait(method).to_seconds() == attempts * connect + responses * response
    assert settings.connect_wait.to_seconds() == attempts * connect


@pytest.mark.property
@given(_ATTEMPTS, _CONNECT, _RESPONSE, _METHODS, st.data())
def test_a_cap_is_never_exceeded_and_changes_nothing_below_it(
    attempts: int, connect: int, response: int, method: str, data: st.DataObject
) -> None:
    cap = data.draw(st.integers(response, 3600))
    free, capped = _settings(attempts, connect, response), _settings(attempts, connect, response, completion=cap)

    for of_free, of_capped in (
        (free.worst_case_wait(method), capped.worst_case_wait(method)),
        (free.connect_wait, capped.connect_wait),
    ):
        assert of_capped.to_seconds() == min(of_free.to_seconds(), cap)


@pytest.mark.property
@given(_ATTEMPTS, _CONNECT, _RESPONSE, _METHODS, st.sampled_from(["attempts", "connect", "response"]))
def test_waiting_longer_for_any_step_never_shortens_the_whole(
    attempts: int, connect: int, response: int, method: str, step: str
) -> None:
    values = {"attempts": attempts, "connect": connect, "response": response}
    longer = {**values, step: min(values[step] + 1, {"attempts": 3, "connect": 10, "response": 120}[step])}

    shorter_wait, longer_wait = (_settings(**each).worst_case_wait(method).to_seconds() for each in (values, longer))

    assert longer_wait > shorter_wait if longer != values else longer_wait == shorter_wait


def _around(low: int, high: int) -> st.SearchStrategy[int]:
    """Mostly what is in a range, and what is next to it."""
    return st.integers(low, high) | st.sampled_from([low, high, low - 1, high + 1])


@pytest.mark.property
@given(_around(1, 3), _around(1, 10), _around(1, 3600), _around(1, 3600), st.none() | _around(1, 3600))
def test_settings_are_accepted_exactly_where_cloudfront_accepts_them(
    attempts: int, connect: int, response: int, keepalive: int, completion: int | None
) -> None:
    legal = (
        1 <= attempts <= 3
        and 1 <= connect <= 10
        and 1 <= response <= 3600
        and 1 <= keepalive <= 3600
        and (completion is None or response <= completion <= 3600)
    )

    if legal:
        assert _values(_settings(attempts, connect, response, keepalive, completion)) == (
            attempts,
            connect,
            response,
            keepalive,
        )
    else:
        with pytest.raises(ValueError, match=r" must be .*, got "):
            _settings(attempts, connect, response, keepalive, completion)


@pytest.mark.parametrize(
    ("given", "above"),
    [
        ({"response_timeout": 120, "keepalive_timeout": 300}, []),
        ({"response_timeout": 121}, ["response_timeout of 121 s (quota: 120 s)"]),
        ({"keepalive_timeout": 301}, ["keepalive_timeout of 301 s (quota: 300 s)"]),
    ],
)
def test_time_outs_above_a_quota_are_told(given: dict[str, int], above: list[str]) -> None:
    settings = OriginSettings(**{name: cdk.Duration.seconds(value) for name, value in given.items()})  # type: ignore[arg-type]

    assert settings.above_quotas() == above
    assert settings.above_quotas(is_bucket=True) == [one for one in above if "keepalive" not in one]
