"""The rules of validation: one file a rule, one table.

A rule is a module with `RULE` (what the reference says) and `check` (a context in, problems out). To add one, write the
file and name it in `CHECKS`. `secret` is about what is published, and is asked for by those who judge releases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules import (
    api,
    capi,
    capi_version,
    cel,
    charts,
    deprecated_version,
    document,
    duplicate_object,
    moves,
    name,
    policy,
    running,
    schema,
    secret,
    unserved_version,
)
from cluster_stacks.validation.rules.context import Context

CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    name.check, duplicate_object.check, capi_version.check, deprecated_version.check, unserved_version.check,
    *api.CHECKS, *cel.CHECKS, *capi.CHECKS, *running.CHECKS, *moves.CHECKS,
)

RULES: tuple[RuleInfo, ...] = tuple(sorted(
    (
        *schema.RULES, *secret.RULES, document.RULE, name.RULE, duplicate_object.RULE, capi_version.RULE,
        deprecated_version.RULE, unserved_version.RULE, *policy.RULES,
        *charts.RULES, *api.RULES, *cel.RULES, *capi.RULES, *running.RULES, *moves.RULES,
    ),
    key=lambda rule: rule.id,
))
