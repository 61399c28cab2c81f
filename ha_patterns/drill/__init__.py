"""Outages replayed on a synthesized template: who is served by what, who sees errors, for how long, and why.

>>> from ha_patterns.drill import Objective, Outage, drill
>>> drill("cdk.out", Outage(region="eu-west-1", lasts="5m")).must_meet(            # doctest: +SKIP
...     Objective(methods={"GET", "HEAD"}, lost=0),
...     Objective(recovered_within=110),
... )
"""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
