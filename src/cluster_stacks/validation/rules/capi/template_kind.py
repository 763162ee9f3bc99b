"""Rule 2: a reference is to a template."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS602", "template-kind", "a reference to a kind that is no template",
    "Cluster API makes objects of a class from templates: the kind's name ends in `Template` and says more than that "
    "(`DevMachineTemplate`, not `DevMachine`).",
    source="Cluster API: ClusterClass webhook",
)
SUFFIX = "Template"


def check(context: Context) -> Iterator[Problem]:
    """Finds references whose kind does not end in Template."""
    for view in classes(context):
        for reference in view.references:
            kind = reference.kind
            if reference.role == "remediation" or (kind.endswith(SUFFIX) and kind != SUFFIX):
                continue
            if not kind and view.version != "v1beta1":
                continue  # the schema says so
            instead = f": did you mean {kind}{SUFFIX}?" if kind and kind != SUFFIX else ""
            said = f"{kind!r} is no kind of a template" if kind else "the reference has no kind"
            message = f"{said}{instead or ': a template is of a kind that ends in Template'}"
            yield view.problem(RULE, message, (*reference.pointer, "kind"))
