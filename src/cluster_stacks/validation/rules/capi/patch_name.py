"""Patches have names of their own."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import ClassView, classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS620", "patch-name", "a patch without a name of its own",
    "Each patch of a ClusterClass has a name that no other patch of the class has. `inline` is taken: Cluster API "
    "calls the variables so that the class itself defines. The webhook refuses all else.",
    source="Cluster API: the webhook of ClusterClass, validatePatchName",
)
TAKEN = "inline"


def check(context: Context) -> Iterator[Problem]:
    """Finds patches whose name is missing, taken, or said twice."""
    for view in classes(context):
        yield from _problems(view)


def _problems(view: ClassView) -> Iterator[Problem]:
    seen: set[str] = set()
    for patch in view.patches:
        message = ""
        if patch.value.get("name") == "":
            message = "the patch has an empty name"
        elif patch.name == TAKEN:
            message = f"a patch cannot be named {TAKEN!r}, which is Cluster API's own word: choose another name"
        elif patch.name and patch.name in seen:
            message = f"another patch has the name {patch.name!r} already: each has a name of its own"
        seen.add(patch.name)
        if message:
            yield Problem(view.item.document, RULE.id, message, (*patch.pointer, "name"), item=view.item)
