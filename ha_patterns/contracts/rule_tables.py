"""What the table of a rule router is called, and what is in it beside rules: for the construct and for the commands."""

from __future__ import annotations

#: The key of the item that says what the stack lets rules do; no host can be called so.
FACTS_KEY = "#origins"

#: The stack output that names the table.
TABLE_OUTPUT = "RulesTable"
