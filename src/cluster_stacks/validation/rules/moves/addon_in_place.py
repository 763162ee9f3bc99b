"""Objects of addons that cannot become what the release wants of them."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.releases.contents import group_of
from cluster_stacks.releases.earlier import Earlier, key_of
from cluster_stacks.validation.problem import Item, Problem, text_of
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves.addon_fields import changed_fields
from cluster_stacks.validation.rules.moves.class_breaks import sources
from cluster_stacks.validation.rules.moves.found import Found, problems

RULE = RuleInfo(
    "CS661", "addon-in-place", "an object of an addon changes where it cannot",
    "Addons are upgraded in place: what a cluster has is changed to what the new release says. Some fields are fixed "
    "when an object is made, such as the selector of a Deployment or what a RoleBinding binds: the API server refuses "
    "the change, and the addon stays half upgraded. Give the object another name, or announce that it must be removed "
    "first. Addons of manifests and kustomizations are compared, charts are not.",
    source="Kubernetes: validation of updates",
)
_FOLDER = "cluster-addon/"


def check(context: Context) -> Iterator[Problem]:
    """Holds the objects of each addon against those that clusters have."""
    yield from problems(context, RULE, found(context))


def found(context: Context) -> tuple[Found, ...]:
    """All such fields, made once."""
    return context.memo("moves.addons", lambda: tuple(_found(context)))


def _found(context: Context) -> Iterator[Found]:
    if context.release is None:
        return
    items = [item for item in context.items if item.scope.startswith(_FOLDER)]
    for earlier in sources(context) if items else ():
        addons = {addon.path for addon in earlier.facts.addons if addon.renderer != "helm"}
        for folder in {item.scope: None for item in items}:
            path = f"{folder}/manifests.yaml"
            if folder in addons and earlier.file(path) != context.release.files.get(path):
                yield from _of_addon([item for item in items if item.scope == folder], path, earlier)


def _of_addon(items: list[Item], path: str, earlier: Earlier) -> Iterator[Found]:
    known = earlier.objects(path)
    for item in items:
        key = key_of(item.value)
        old = known.get(key)
        if old is None or old == item.value:
            continue
        for pointer in changed_fields(group_of(item.api_version), old, item.value):
            said = text_of(pointer)[1:].replace("/", ".")
            text = f"is refused in every cluster: {said} of {item.kind} {key[2]} cannot change once it is there"
            yield Found(RULE.id, f"{item.kind} {key[2]}", item, (*item.prefix, *pointer), text, earlier)
