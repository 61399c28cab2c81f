"""How arguments are judged: whatever is given is accepted or refused with a ValueError, and nothing else happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ha_patterns import DnsFailover, Endpoint, HealthCheckSettings
from ha_patterns.aws.addresses import is_address
from ha_patterns.cdk.validation import check_domain_name, check_path, check_public_address, is_token, normal_name

from ..samples import (
    dns_failover,
    list_token,
    new_stack,
    number_token,
    seconds_token,
    text_token,
)

_LEGAL_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_LABEL = st.text("abcXYZ019-_", min_size=1, max_size=64)
_NAMES = st.lists(_LABEL, min_size=1, max_size=6).map(".".join)
# Anything, what looks like a name, and what looks like a token without being one.
_ANYTHING = st.text() | _NAMES | st.text("${}Token[].019", max_size=20)


def _accepted(check: Callable[..., object], *given: Any, **named: Any) -> bool:
    """Whether a value is accepted; any error but a ValueError goes through, and fails the test."""
    try:
        check(*given, **named)
    except ValueError:
        return False
    return True


@pytest.mark.property
@given(_ANYTHING)
def test_a_domain_name_is_accepted_or_refused(name: str) -> None:
    accepted = _accepted(check_domain_name, "domain_name", name, "it is a test")

    assert _accepted(Endpoint.http_host, name) is accepted
    if accepted:
        assert Endpoint.http_host(name).origin() is not None


@pytest.mark.property
@given(_ANYTHING)
@example("a.example.com\n")
@example("a.example.com..")
@example("\N{KELVIN SIGN}.example.com")
def test_a_domain_name_is_accepted_exactly_where_it_is_one(name: str) -> None:
    labels = name.removesuffix(".").split(".")
    is_name = (
        len(labels) > 1
        and all(_LEGAL_LABEL.fullmatch(label) for label in labels)
        and len(".".join(labels)) <= 253
        and not is_address(name.removesuffix("."))
    )

    assert _accepted(check_domain_name, "domain_name", name, "it is a test") is (is_name or is_token(name))


@pytest.mark.property
@given(_NAMES, st.sampled_from(["", "."]))
def test_a_name_is_compared_as_dns_does(name: str, dot: str) -> None:
    assert normal_name(name.upper() + dot) == normal_name(name.lower())


@pytest.mark.property
@given(_ANYTHING | _ANYTHING.map("/{}".format))
def test_a_path_is_accepted_or_refused(path: str) -> None:
    accepted = _accepted(check_path, "path", path, "it is a test")

    assert accepted is (is_token(path) or (path.startswith("/") and len(path) <= 255 and path.isprintable()))
    assert _accepted(HealthCheckSettings, path=path) is accepted
    if _accepted(Endpoint.http_host, "a.example.com", origin_path=path):
        assert accepted
        assert Endpoint.http_host("a.example.com", origin_path=path).origin() is not None


@pytest.mark.property
@given(st.sampled_from([4, 6]), _ANYTHING | st.ip_addresses().map(str))
def test_an_address_is_accepted_or_refused(version: int, address: str) -> None:
    accepted = _accepted(check_public_address, f"ipv{version}_addresses", address, version)

    assert _accepted(Endpoint.http_host, **{f"ipv{version}_addresses": [address]}) is accepted


@pytest.mark.property
@given(
    st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"])
    .flatmap(lambda network: st.ip_addresses(network=network))
    .map(str)
)
def test_no_private_address_is_accepted(address: str) -> None:
    assert not _accepted(check_public_address, "ipv4_addresses", address, 4)


@pytest.mark.property
@given(_ANYTHING)
def test_a_record_name_is_accepted_or_refused(name: str) -> None:
    made: list[DnsFailover] = []

    accepted = _accepted(lambda: made.append(dns_failover(new_stack(), record_name=name)))

    assert accepted is bool(made)
    for pair in made:
        assert is_token(name) or normal_name(pair.domain_name).endswith("example.com")


@pytest.mark.parametrize(
    "token", [text_token, number_token, list_token, seconds_token, lambda stack, given: f"a-{text_token(stack, given)}"]
)
def test_what_only_the_deploy_knows_is_told_by_its_looks(stack: cdk.Stack, token: Callable[..., object]) -> None:
    assert is_token(token(stack, "Given"))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_has_not_got_is_no_token(number: float) -> None:
    assert not is_token(number)
    assert is_token(cdk.Token.as_number({"Ref": "Given"}))


@pytest.mark.parametrize(
    "value", [None, True, 0, 443, 1.5, -1.5e300, "", "a", "${a}", "${Token[", [], ["a"], cdk.Duration.seconds(1)]
)
def test_what_is_known_now_is_no_token(value: object) -> None:
    assert not is_token(value)
