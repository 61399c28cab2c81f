"""Methods that make resources with fixed ids, so that a second call has nothing to make."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from constructs import Construct

Owner = TypeVar("Owner", bound=Construct)
Given = ParamSpec("Given")
Made = TypeVar("Made")


def once(method: Callable[Concatenate[Owner, Given], Made]) -> Callable[Concatenate[Owner, Given], Made]:
    """Refuse a second call of a method on a construct; a call that failed does not count.

    Raises:
        ValueError: At the second call.
    """
    name = method.__name__
    mark = f"_made_by_{name}"

    @functools.wraps(method)
    def call(owner: Owner, /, *given: Given.args, **named: Given.kwargs) -> Made:
        if mark in vars(owner):
            raise ValueError(
                f"{name} must be called once, got a second call on {owner.node.path}: "
                "use what the first call returned; an alarm notifies another topic with add_alarm_action"
            )
        made = method(owner, *given, **named)
        vars(owner)[mark] = True
        return made

    return call
