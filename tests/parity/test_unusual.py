"""Of apps with unusual arguments: what the checks find, the construct has warned of."""

from __future__ import annotations

import re
from collections.abc import Callable

import aws_cdk as cdk
import pytest

from .apps import judged, new_app
from .unusual import REFUSED, UNUSUAL, Unusual


@pytest.mark.parametrize("unusual", UNUSUAL, ids=str)
def test_what_the_checks_find_of_unusual_arguments_the_construct_has_warned_of(unusual: Unusual) -> None:
    with new_app() as stack:
        unusual.app(stack)
        said = judged(stack)

    assert {finding.rule.id for finding in said.findings} == unusual.rules
    assert said.unwarned == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_never_work_is_refused(name: str) -> None:
    app, message = REFUSED[name]
    with new_app() as stack, pytest.raises((ValueError, RuntimeError), match=re.escape(message)):
        _synthesize(app, stack)


def _synthesize(app: Callable[[cdk.Stack], object], stack: cdk.Stack) -> None:
    app(stack)
    cdk.App.of(stack).synth()  # type: ignore[union-attr]
