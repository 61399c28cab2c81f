"""Rules that say whether a template will fail over at all.

>>> from ha_patterns.checks import check
>>> from ha_patterns.topology import load
>>> check(load("cdk.out")).findings                                     # doctest: +SKIP

``HaChecks`` is the same as a validation plugin of the CDK, the only part that needs the CDK.
"""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
