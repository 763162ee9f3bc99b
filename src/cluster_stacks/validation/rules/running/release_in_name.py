"""Class and templates are named after their release."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.references import closure
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS705", "release-in-name", "a class or a template that is not named after its release",
    "Two releases of a stack live side by side. A class is called as the release, because a Cluster names it by that; "
    "a template has the release in its name, or the next release edits it in place: most providers refuse that, and "
    "where they do not, the machines of running clusters are replaced. That is a warning.",
    source="this project; Cluster API: immutable templates",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds classes and templates of a release whose names would stay when the release moves on."""
    if context.release is None:
        return
    name = context.release.name
    views = classes(context)
    if views and all(view.name != name for view in views):
        view = views[0]
        message = f"the class is called {view.name!r}, and its release {name!r}: write <% release_name %>"
        yield view.problem(RULE, message, (*view.item.prefix, "metadata", "name"))
    for template in closure(context).templates.values():
        if name not in template.name:
            said = f"{template.kind} {template.name!r} would be edited in place by the next release"
            message = f"{said}: begin its name with <% release_name %>"
            pointer = (*template.prefix, "metadata", "name")
            yield Problem(template.document, RULE.id, message, pointer, severity=Severity.WARNING, item=template)
