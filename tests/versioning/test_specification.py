"""Every rule of the specification is held by a rule of ours, and the page about it says so."""

from __future__ import annotations

import re
from pathlib import Path

import cluster_stacks.rendering.rules
import cluster_stacks.repository.rules
from cluster_stacks.versioning.rules import RULES
from cluster_stacks.versioning.specification import RULES_OF

PAGE = Path(__file__).parents[2] / "docs" / "layouts.md"
KNOWN = {
    rule.id for table in (RULES, cluster_stacks.repository.rules.RULES, cluster_stacks.rendering.rules.RULES)
    for rule in table
}


def test_every_number_has_rules_that_there_are() -> None:
    assert list(RULES_OF) == list(range(1, 23))
    assert all(ids and set(ids) <= KNOWN for ids in RULES_OF.values())


def test_the_page_says_the_same() -> None:
    rows = re.findall(r"^\| (\d+) \| .* \| ((?:CS\d{3}(?:, )?)+) \|$", PAGE.read_text(), re.MULTILINE)
    assert {int(number): tuple(ids.split(", ")) for number, ids in rows} == dict(RULES_OF)
