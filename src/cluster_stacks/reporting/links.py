"""Where the rules are explained."""

from __future__ import annotations

from urllib.parse import quote

HOME = "https://github.com/cluster-stacks/cluster-stacks"
_RULES = f"{HOME}/blob/main/docs/reference/rules.md"


def rule_url(rule: str) -> str:
    """The section of the reference on one rule, by its id."""
    return f"{_RULES}#{quote(rule.lower(), safe='')}"
