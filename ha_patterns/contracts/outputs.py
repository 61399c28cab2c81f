"""The outputs of stacks by which commands find what a construct has made; the CDK puts the construct's path before."""

from __future__ import annotations

import re

#: The table of a ``RuleRouter``.
RULES_OUTPUT = "RulesTable"

#: The table of a ``TenantRouter``.
TENANTS_OUTPUT = "TenantsTable"

#: The name of a ``TrafficSwitch``.
SWITCH_OUTPUT = "TrafficSwitch"


def path_before(key: str, output: str) -> str | None:
    """The path of the construct that writes an output, in letters and digits; None if the key is of another output.

    Args:
        key: As CloudFormation has it.
        output: The output.
    """
    found = re.fullmatch(rf"(.*){output}([0-9A-F]{{8}})?", key)
    return None if found is None else found[1]
