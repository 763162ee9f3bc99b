"""What is wrong with a value that a chart is given."""

from __future__ import annotations

from typing import NamedTuple

from cluster_stacks.model.finding import Severity


class ValueProblem(NamedTuple):
    """`pointer` leads into the values.yaml of the addon's chart; `on_key` says that the key is meant."""

    rule: str
    pointer: tuple[str, ...]
    message: str
    on_key: bool = False
    severity: Severity = Severity.ERROR
