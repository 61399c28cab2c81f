"""The page of the checks: every rule with what it finds, why it matters and how it is mended."""

from __future__ import annotations

from ha_patterns.checks import RULES, Rule

from .tried import kinds_table, reports_table

_TEMPLATES = "../tests/checks/templates"
_AREAS = {
    "HA0": "CloudFront: origins, errors, caching",
    "HA1": "Edge functions",
    "HA2": "Route 53: records and health checks",
    "HA3": "Global Accelerator and load balancers",
    "HA4": "Recovery",
    "HA9": "Acknowledgements",
}


def rule_table() -> str:
    """All rules, a line each."""
    rows = ["| rule | severity | finds |", "| --- | --- | --- |"]
    rows += [f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.word} | {rule.title} |" for rule in RULES.values()]
    return "\n".join(rows)


def rule_sections() -> str:
    """Each rule with all that it says of itself."""
    parts = []
    for start, title in _AREAS.items():
        parts.append(f"## {title}")
        parts += [_section(rule) for rule_id, rule in RULES.items() if rule_id.startswith(start)]
    return "\n\n".join(parts)


def _section(rule: Rule) -> str:
    links = (
        f"[AWS's page]({rule.page})",
        f"[a template that fails]({_TEMPLATES}/{rule.id}-fails.yaml)",
        f"[the same, mended]({_TEMPLATES}/{rule.id}-passes.yaml)",
    )
    return "\n\n".join(
        (
            f"### {rule.id}",
            f"**{rule.title[0].upper()}{rule.title[1:]}** ({rule.severity.word}). {rule.why}",
            rule.remedy,
            ", ".join(links),
        )
    )


SECTIONS = {"tried": kinds_table, "reports": reports_table, "rules": rule_table, "rule-sections": rule_sections}
