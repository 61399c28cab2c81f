"""The constructs that bench compares: those that have a pair in bench_ours.py and bench_by_hand.py."""

NAMES = ("stale-content", "origin-failover", "same-origin-retry", "error-pages", "dns-failover", "hybrid-failover")
