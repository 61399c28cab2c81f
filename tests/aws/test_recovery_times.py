"""How long a failover takes, by arithmetic alone."""

from __future__ import annotations

import pytest

from ha_patterns.aws.health_checks import target_timeout
from ha_patterns.aws.recovery_times import (
    CONTROL_SECONDS,
    PROPAGATION,
    alarm_detection,
    dns_switch,
    probe_detection,
    take_over_detection,
    target_detection,
)


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        ("HTTP", 3 * (10 + 6)),
        ("HTTPS", 48),
        ("HTTP_STR_MATCH", 3 * (10 + 8)),
        ("HTTPS_STR_MATCH", 54),
        ("TCP", 60),
    ],
)
def test_each_probe_of_a_silent_endpoint_lasts_as_long_as_the_checker_waits(kind: str, seconds: int) -> None:
    assert probe_detection(10, 3, kind) == seconds


def test_of_the_probes_of_a_target_only_the_last_is_waited_for() -> None:
    assert target_detection(10, 2, 5) == 25


@pytest.mark.parametrize(
    ("data_stops", "seconds"),
    [
        # An outage begins within a minute that may not breach.
        (False, 3 * 60),
        # AWS says 4 to 6 minutes for two periods of a minute.
        (True, 6 * 60),
    ],
)
def test_an_alarm_is_later_than_its_periods_and_later_still_without_data(data_stops: bool, seconds: int) -> None:
    assert alarm_detection(60, 2, data_stops=data_stops) == seconds


def test_a_traffic_switch_is_followed_within_two_minutes() -> None:
    assert take_over_detection() == 120


@pytest.mark.parametrize(
    ("check_type", "seconds"), [(None, PROPAGATION + 60), ("HTTPS", PROPAGATION + 60), ("RECOVERY_CONTROL", 60)]
)
def test_resolvers_ask_again_after_the_ttl(check_type: str | None, seconds: int) -> None:
    assert dns_switch(60, check_type) == seconds


def test_a_routing_control_moves_traffic_within_75_seconds() -> None:
    assert CONTROL_SECONDS + dns_switch(60, "RECOVERY_CONTROL") == 75


@pytest.mark.parametrize(
    ("target_type", "protocol", "check_protocol", "seconds"),
    [
        ("instance", "HTTP", "HTTP", 5),
        ("ip", "HTTPS", "HTTPS", 5),
        ("instance", "GENEVE", "TCP", 5),
        ("ip", "TCP", "HTTP", 6),
        ("ip", "TCP", "HTTPS", 10),
        ("alb", "TLS", "TCP", 10),
        ("lambda", "", "HTTP", 30),
    ],
)
def test_a_load_balancer_waits_for_a_target_by_its_protocols(
    target_type: str, protocol: str, check_protocol: str, seconds: int
) -> None:
    assert target_timeout(target_type, protocol, check_protocol) == seconds
