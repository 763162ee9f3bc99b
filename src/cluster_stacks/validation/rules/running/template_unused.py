"""Templates that no class refers to."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.references import closure
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.texts import texts_of

RULE = RuleInfo(
    "CS703", "template-unused", "a template that nothing refers to",
    "It is delivered beside the class and never used: a reference was renamed or removed and the template forgotten, "
    "or the other way round.",
    severity=Severity.WARNING, source="this project",
)
GROUP = "cluster.x-k8s.io"
MOST = 100
"""Templates that are looked for in texts; a folder of garbage may have any number."""


def check(context: Context) -> Iterator[Problem]:
    """Finds templates of Cluster API beside a class that neither the class nor another object names."""
    followed = closure(context)
    used = {id(template) for _, _, template in followed.led if template is not None}
    scopes = {view.item.scope for view, _, _ in followed.led}
    missing = {(view.item.scope, reference.kind) for view, reference, template in followed.led if template is None}
    looked_up = 0
    for template in followed.templates.values():
        group = split_api_version(template.api_version)[0]
        if id(template) in used or template.scope not in scopes or not group.endswith(GROUP) or not template.name:
            continue
        if (template.scope, template.kind) in missing:
            continue  # a reference of this kind leads nowhere (CS701), and most likely means this one
        if looked_up == MOST:
            return
        looked_up += 1
        if template.name not in _texts(context, template.scope):
            message = f"nothing refers to {template.kind} {template.name!r}: remove it, or name it in the class"
            pointer = (*template.prefix, "metadata", "name")
            yield Problem(template.document, RULE.id, message, pointer, severity=RULE.severity, item=template)


def _texts(context: Context, scope: str) -> str:
    """All texts of a scope below `spec`: patches and other templates name templates as well."""
    return context.memo(("running.texts", scope), lambda: "\n".join(
        text for item in context.items if item.scope == scope for _, text in texts_of(item.value.get("spec"))
    ))
