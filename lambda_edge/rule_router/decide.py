"""One decision per request: which rule, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .actions import Outcome
from .attributes import Request
from .rules import RuleSet

# So many rules that hold and cannot do what they say are passed over: each costs what an answer does.
MOST_PASSED_OVER = 4


class Decision(NamedTuple):
    """What a rule decided.

    Attributes:
        host: Under which its set is kept.
        rule: Its place in the set.
        choice: Which of its choices; 0 where it has no others.
        outcome: What is to happen.
    """

    host: str
    rule: int
    choice: int
    outcome: Outcome


def decide(  # noqa: C901 - each call would be paid by each request
    request: Mapping[str, Any], host: str, rule_sets: Sequence[RuleSet | None], draw: Callable[[], float]
) -> Decision | None:
    """What the rules say of a request; None where they say nothing.

    Args:
        request: As CloudFront passes it; not changed.
        host: The name that the viewer asked for.
        rule_sets: The rules of ``hosts_of``, in that order; None where a name has none. Those after one of which it is
            not known what it says have no say.
        draw: A random number, at least 0 and below 1, for choices that are not sticky.
    """
    longest = 0
    for rule_set in rule_sets:
        if rule_set is not None and rule_set.longest > longest:
            longest = rule_set.longest
    seen = Request(request, host, longest)
    passed_over = 0
    for rule_set in rule_sets:
        if rule_set is None:
            continue
        if not rule_set.readable:
            break
        for matched, rules in rule_set.candidates(seen):
            for rule in rules:
                for each, test in rule.conditions:
                    if not test(seen[each]):
                        break
                else:
                    choices = rule.choices
                    if not choices:
                        # Its conditions hold, and what it would do is wrong: it is left out.
                        continue
                    choice = rule.choose(seen, draw) if len(choices) > 1 else 0
                    if matched != seen.matched:
                        seen.match(matched)
                    outcome = choices[choice][1].outcome(seen)
                    if outcome is not None:
                        return Decision(rule_set.host, rule.number, choice, outcome)
                    passed_over += 1
                    if passed_over == MOST_PASSED_OVER:
                        return None
    return None
