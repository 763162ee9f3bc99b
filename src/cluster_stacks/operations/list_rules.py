"""The rules, with the severities that the repository gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.operations.catalogue import Examples, examples, select_rules
from cluster_stacks.operations.choosing import snapshot_of
from cluster_stacks.operations.rules import is_settable
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_policy


@dataclass(frozen=True, slots=True)
class RuleReport:
    """One rule: `severity` as the repository sets it (`off` too), and whether settings may set or waive it."""

    info: RuleInfo
    severity: str
    is_settable: bool
    examples: Examples


def list_rules(repo: Path, patterns: tuple[str, ...]) -> list[RuleReport]:
    """The rules that `patterns` mean (none: all), in order. Outside of a repository severities are the rules' own.

    Raises CannotTell for a pattern that means none.
    """
    own = _severities(repo)
    return [
        RuleReport(
            rule, own.get(rule.id, rule.severity) if is_settable(rule.id) else rule.severity, is_settable(rule.id),
            examples(rule),
        )
        for rule in select_rules(patterns)
    ]


def _severities(repo: Path) -> dict[str, str]:
    """Those of the settings; none where there are no settings that can be read."""
    try:
        git = Git.discover(repo)
        snapshot = snapshot_of(git, None)
        try:
            return dict(load_policy(snapshot).rules)
        finally:
            snapshot.git.close()
    except (CannotTell, Refused):
        return {}
