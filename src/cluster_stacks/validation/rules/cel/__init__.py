"""The CEL rules that schemas carry (`x-kubernetes-validations`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.cel import validations
from cluster_stacks.validation.rules.context import Context

CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    validations.check,
)

RULES: tuple[RuleInfo, ...] = (
    *validations.RULES,
)
