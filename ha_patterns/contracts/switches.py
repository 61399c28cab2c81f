"""What a traffic switch is in CloudWatch, for the constructs that make it and for the commands that throw it."""

from __future__ import annotations

#: The metric of a switch: 1 sends traffic to the standby, 0 gives it back.
METRIC = "StandbyServes"
STANDBY, PRIMARY = 1, 0


def namespace_of(switch_name: str) -> str:
    """Where a switch's metric is: in a namespace of its own, which is the narrowest that IAM can allow to write to."""
    return f"HaPatterns/{switch_name}"
