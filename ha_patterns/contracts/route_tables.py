"""What is in a router's table beside routes: for the constructs and for the commands."""

from __future__ import annotations

#: The key of the item that says what the stack declares; no host can be called so.
FACTS_KEY = "#origins"
