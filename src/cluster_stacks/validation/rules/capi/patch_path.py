"""A patch changes what is below spec."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import operations
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS625", "patch-path", "a patch of something that is not below spec",
    "The path of an operation is a JSON pointer that begins with `/spec`: names, labels and the kind of a template "
    "are not a patch's to change. The webhook refuses others. Which operations there are, the schema says.",
    source="Cluster API: the webhook of ClusterClass, validateJSONPatches",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds paths that do not begin with /spec."""
    for view, operation in operations(context):
        if operation.path and not operation.path.startswith("/spec"):
            yield view.problem(RULE, _message(operation.path), (*operation.pointer, "path"))


def _message(path: str) -> str:
    if path.startswith("spec"):
        separators = path.replace(".", "/")
        return f"the path must begin with /spec: did you mean {'/' + separators!r}?"
    return f"the path must begin with /spec, not {path[:40]!r}"
