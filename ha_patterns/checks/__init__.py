"""Rules that say whether a template will fail over at all.

>>> from ha_patterns.checks import check
>>> from ha_patterns.topology import load
>>> check(load("cdk.out")).findings                                     # doctest: +SKIP

``HaChecks`` is the same as a validation plugin of the CDK, the only part that needs the CDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._lazy import lazy_names

if TYPE_CHECKING:
    from .plugin import HaChecks
    from .rule import Objectives, Rule, Severity
    from .rules import RULES
    from .run import Finding, Report, check

_HOMES = {
    "plugin": ("HaChecks",),
    "rule": ("Objectives", "Rule", "Severity"),
    "rules": ("RULES",),
    "run": ("Finding", "Report", "check"),
}
__all__ = ["RULES", "Finding", "HaChecks", "Objectives", "Report", "Rule", "Severity", "check"]

__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
