"""What a cluster accepts and then fails on, or what does not work as its author meant: one file a rule, one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.running import (
    condition,
    image_missing,
    image_unused,
    patch_field,
    patch_no_effect,
    patch_place,
    patched_object,
    reference_namespace,
    release_in_name,
    template_fails,
    template_missing,
    template_unused,
    template_version,
    value_coerced,
    value_missing,
    variable_bounds,
    variable_field,
    variable_unset,
    variable_unused,
    version_pin,
)

CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    template_missing.check,
    template_version.check,
    template_unused.check,
    reference_namespace.check,
    release_in_name.check,
    version_pin.check,
    image_unused.check,
    image_missing.check,
    variable_bounds.check,
    variable_field.check,
    variable_unset.check,
    patch_field.check,
    patch_place.check,
    patched_object.check,
    value_missing.check,
    value_coerced.check,
    condition.check,
    variable_unused.check,
    template_fails.check,
    patch_no_effect.check,
)

RULES: tuple[RuleInfo, ...] = (
    template_missing.RULE,
    template_version.RULE,
    template_unused.RULE,
    reference_namespace.RULE,
    release_in_name.RULE,
    version_pin.RULE,
    image_unused.RULE,
    image_missing.RULE,
    variable_bounds.RULE,
    variable_field.RULE,
    variable_unset.RULE,
    patch_field.RULE,
    patch_place.RULE,
    patched_object.RULE,
    value_missing.RULE,
    value_coerced.RULE,
    condition.RULE,
    variable_unused.RULE,
    template_fails.RULE,
    patch_no_effect.RULE,
)
