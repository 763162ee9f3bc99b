"""Images of a release that its machines do not use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.validation.capi.view import ClassView, classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.texts import texts_of

RULE = RuleInfo(
    "CS707", "image-unused", "a node image that no object of the class names",
    "node-images declares it, it is delivered or imported, and neither a template nor a variable of the class names "
    "it: machines are made of something else. Images that were never built are not asked for.",
    severity=Severity.WARNING, source="this project",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds images of release.json whose name and address no object beside the class has in a text."""
    if context.release is None:
        return
    facts = context.release.facts.get("images")
    items = facts.get("items") if isinstance(facts, Mapping) else None
    for view in classes(context)[:1] if isinstance(items, list) and items else ():
        for image in items if isinstance(items, list) else ():
            names = [str(image.get(key) or "") for key in ("image", "url")] if isinstance(image, Mapping) else []
            if any(names) and not _is_named([name for name in names if name], view, context):
                message = f"nothing names the node image {image.get('name')!r} ({names[0]}): use it, or remove it"
                yield view.problem(RULE, message, (*view.item.prefix, "metadata", "name"))


def _is_named(names: list[str], view: ClassView, context: Context) -> bool:
    """Whether a text has one of the names; the class itself, the longest by far, is asked last."""
    beside = [item for item in context.items if item.scope == view.item.scope and item is not view.item]
    machines_first = sorted(beside, key=lambda item: not item.kind.endswith("MachineTemplate"))
    return any(
        name in text for item in (*machines_first, view.item)
        for _, text in texts_of(item.value.get("spec")) for name in names
    )
