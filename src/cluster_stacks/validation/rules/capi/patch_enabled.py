"""enabledIf is a template."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.templates import parse_problem
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS622", "patch-enabled", "an enabledIf that is no template",
    "`enabledIf` is a template of Go's text/template with sprig's functions, without those that look at the machine or "
    "the clock. The webhook refuses one that does not parse. The patch is applied where it gives `true`.",
    source="Cluster API: the webhook of ClusterClass, validateEnabledIf",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds conditions that do not parse."""
    for view in classes(context):
        for patch in view.patches:
            wrong = parse_problem(patch.enabled_if) if patch.enabled_if else None
            if wrong:
                pointer = (*patch.pointer, "enabledIf")
                yield Problem(view.item.document, RULE.id, str(wrong), pointer, item=view.item, within=wrong.at)
