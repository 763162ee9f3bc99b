"""All rules there are, from the tables of every package, and the examples that the tests run."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import cluster_stacks
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.runtime.data import data_dir

EXAMPLES = "tests/versioning/examples"
"""<rule>-<name>/{good,bad}/<case>.yaml: what a branch changes, and what is found."""
OBJECTS = "tests/validation/examples"
"""<rule>/{good,bad}/<case>.yaml: objects; a bad file says what is found in it, and where."""


class Examples(NamedTuple):
    """One example that breaks a rule and one that keeps it, as YAML; empty where there is none.

    `files` are those of objects, which can be long, by their paths in this project.
    """

    bad: str = ""
    good: str = ""
    files: tuple[str, ...] = ()


def rule_tables() -> dict[str, tuple[RuleInfo, ...]]:
    """The RULES of every package that has them, by package, in the order of their first id."""
    tables: dict[str, tuple[RuleInfo, ...]] = {}
    for package in pkgutil.iter_modules(cluster_stacks.__path__):
        if not package.ispkg or package.name == "cli":  # there, `rules` is the verb
            continue
        name = f"cluster_stacks.{package.name}.rules"
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            continue
        tables[package.name] = tuple(module.RULES)
    return dict(sorted(tables.items(), key=lambda item: min((rule.id for rule in item[1]), default="")))


@cache
def rules_by_id() -> Mapping[str, RuleInfo]:
    """Every rule by its id, in order."""
    found = {rule.id: rule for table in rule_tables().values() for rule in table}
    return dict(sorted(found.items()))


def examples(rule: RuleInfo) -> Examples:
    """The first example of each kind, by name."""
    bad, good = (_first(data_dir(EXAMPLES) / f"{rule.id}-{rule.name}" / kind) for kind in ("bad", "good"))
    if bad or good:
        return Examples(_text(bad), _text(good))
    root = data_dir(OBJECTS)
    bad, good = (_first(root / rule.id / kind) for kind in ("bad", "good"))
    paths = tuple(f"{OBJECTS}/{path.relative_to(root).as_posix()}" for path in (bad, good) if path)
    return Examples(_text(bad), _text(good), paths)


def select_rules(patterns: tuple[str, ...]) -> list[RuleInfo]:
    """The rules that are meant by an id, the beginning of one (CS1), a range (CS100-CS149) or a name. None: all.

    Raises CannotTell for one that means none, with the nearest.
    """
    rules = rules_by_id()
    if not patterns:
        return list(rules.values())
    chosen = {rule.id for pattern in patterns for rule in _meant(pattern, rules)}
    return [rule for id_, rule in rules.items() if id_ in chosen]


def _meant(pattern: str, rules: Mapping[str, RuleInfo]) -> list[RuleInfo]:
    first, dash, last = pattern.upper().partition("-")
    is_range = dash and first.startswith("CS") and last.startswith("CS")
    found = [
        rule for rule in rules.values()
        if (first <= rule.id <= last if is_range else rule.id.startswith(pattern.upper()) or rule.name == pattern)
    ]
    if not found:
        import difflib

        known = [*rules, *(rule.name for rule in rules.values())]
        close = partial(difflib.get_close_matches, possibilities=known, n=1, cutoff=0.8)
        near = close(pattern.upper()) or close(pattern)
        advice = f"did you mean {near[0]}?" if near else "`cluster-stacks rules` lists them"
        raise CannotTell(f"there is no rule {pattern}: {advice}")
    return found


def _first(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob("*.yaml"))), None) if folder.is_dir() else None


def _text(path: Path | None) -> str:
    return path.read_text(encoding="utf-8") if path else ""
