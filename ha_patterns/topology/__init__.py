"""The typed model of an edge architecture, read from cloud assemblies and templates; no CDK is needed for it.

>>> from ha_patterns.topology import Distribution, load
>>> for distribution in load("cdk.out").of(Distribution):               # doctest: +SKIP
...     for behavior in distribution.behaviors:
...         print(distribution.place.name, behavior.pattern, behavior.target)

``model`` has what there is beside a distribution, ``values`` what a property can be.
"""

from __future__ import annotations

from .._lazy import lazy

__getattr__, __dir__, __all__ = lazy(__name__, __file__)
