"""References between stacks that lock neither of them to the other."""

from __future__ import annotations

from aws_cdk import ReferenceStrength, Stack

from .validation import is_token


def weak(value: str) -> str:
    """A weak reference, whatever the app's own default is; plain text stays as it is.

    Read when the stack that has it is created or updated, and not again before.
    """
    return Stack.consume_reference(value, ReferenceStrength.WEAK) if is_token(value) else value
