"""What an edge architecture is made of: each resource that says where requests go, linked to those it speaks of.

Everything is immutable, and two things are equal only where they are the same resource. What a template does not tell
is Unresolved, with what it waits for: nothing is guessed. A property that is left out has CloudFormation's default.

A module for each service, as the readers have it.
"""

from __future__ import annotations

from ..._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
