"""What a router's table is called, and what is in it beside routes: for the constructs and for the commands."""

from __future__ import annotations

#: The key of the item that says what the stack declares; no host can be called so.
FACTS_KEY = "#origins"

#: The stack output that names the table of a ``RuleRouter``; the CDK puts the router's path before it.
RULES_OUTPUT = "RulesTable"

#: The same of a ``TenantRouter``.
TENANTS_OUTPUT = "TenantsTable"
