"""Objects that have the name of a published one, and say something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster_stacks.model.finding import Fix, RuleInfo, Severity
from cluster_stacks.releases.contents import group_of
from cluster_stacks.releases.difference import differences
from cluster_stacks.releases.earlier import Earlier
from cluster_stacks.releases.plain import as_map
from cluster_stacks.validation.defaults import defaulted
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.cel import validations
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS660", "edited-in-place", "a template is edited under the name of a published one",
    "Templates of most providers cannot change once they are there: the webhook refuses the release. Some can, such as "
    "KubeadmConfigTemplate: then the edit replaces the machines of every Cluster of that class, at once and unasked. "
    "That is a warning. Names carry the version of their release, so this happens where a change has no version of its "
    "own yet.",
    source="Cluster API 1.14 and providers: webhooks of templates; this project: validation against published releases",
)
_SPEC, _TEMPLATE = ("spec",), ("spec", "template", "spec")
IMMUTABLE = {
    "AWSClusterTemplate": _SPEC, "AWSMachineTemplate": _TEMPLATE, "AzureClusterTemplate": _TEMPLATE,
    "AzureMachineTemplate": _TEMPLATE, "DevClusterTemplate": _TEMPLATE, "DevMachineTemplate": _TEMPLATE,
    "DockerClusterTemplate": _TEMPLATE, "DockerMachineTemplate": _TEMPLATE, "GCPClusterTemplate": _SPEC,
    "GCPMachineTemplate": _SPEC, "HCloudMachineTemplate": _TEMPLATE, "HetznerBareMetalMachineTemplate": _TEMPLATE,
    "HetznerClusterTemplate": _TEMPLATE, "KubeadmControlPlaneTemplate": _TEMPLATE,
    "OpenStackClusterTemplate": _TEMPLATE, "OpenStackMachineTemplate": _TEMPLATE, "VSphereClusterTemplate": _TEMPLATE,
    "VSphereMachineTemplate": _TEMPLATE,
}
"""What the webhooks of templates keep as it was made, by kind."""
ROLLING = frozenset({"EKSConfigTemplate", "KubeadmConfigTemplate", "Metal3MachineTemplate"})
"""Templates that may change, and whose change replaces machines."""


def check(context: Context) -> Iterator[Problem]:
    """Holds each object of the class layer against a published one of the same name."""
    for earlier in context.published:
        known = {(group_of(each.api_version), each.kind, each.name) for each in earlier.facts.objects}
        for item, info in context.known():
            group = group_of(item.api_version)
            if (group, item.kind, item.name) in known and not item.scope.startswith("cluster-addon/"):
                old = earlier.object(item.kind, item.name, group)
                if old is not None:
                    yield from _compared(context, item, info, old, earlier)


def _compared(
    context: Context, item: Item, info: KindInfo, old: tuple[str, Mapping[str, Any]], earlier: Earlier
) -> Iterator[Problem]:
    file, before = old
    if before == item.value or context.store is None:
        return
    schema = context.store.schema(info)
    was, now = defaulted(before, schema), defaulted(item.value, schema)
    path = IMMUTABLE.get(item.kind)
    wrong = _first_difference(was, now, path or _SPEC) if path or item.kind in ROLLING else ""
    if wrong:
        why = "cannot change once it is there" if path else "may change, which replaces the machines that it made"
        severity = Severity.ERROR if path else Severity.WARNING
        pointer = (*item.prefix, *(path or _SPEC))
        yield _problem(item, earlier, file, f"{wrong} is another, and a {item.kind} {why}", pointer, severity)
    elif not path:
        yield from _transitions(context, item, info, before, earlier, file)


def _transitions(
    context: Context, item: Item, info: KindInfo, before: Mapping[str, Any], earlier: Earlier, file: str
) -> Iterator[Problem]:
    """The rules of the kind about a change, which are asked only where the object before it is known."""
    assert context.store is not None, "the kind is of the store"
    alone = {(each.pointer, each.message) for each in validations.problems(item, info, context.store)}
    for each in validations.problems(item, info, context.store, before):
        if (each.pointer, each.message) not in alone:
            yield _problem(item, earlier, file, each.message, each.pointer, each.severity)


def _first_difference(old: object, new: object, path: tuple[str, ...]) -> str:
    for key in path:
        old, new = as_map(old).get(key), as_map(new).get(key)
    found = next(differences(old, new), None)
    return "" if found is None else ".".join(filter(None, (*path, found.path)))


def _problem(
    item: Item, earlier: Earlier, file: str, said: str, pointer: tuple[str | int, ...], severity: Severity
) -> Problem:
    inner = pointer[len(item.prefix):]
    place = earlier.related(file, inner, "as it is published")
    fix = Fix("Give the change a version of its own.", f"cluster-stacks bump {earlier.facts.stack}")
    advice = "bump the stack" if earlier.same else "give it a name with <% release_name %>"
    message = f"{item.name} is published in {earlier.name}, with other content: {said}: {advice}"
    return Problem(
        item.document, RULE.id, message, pointer, severity=severity, item=item, related=(place,),
        fix=fix if earlier.same else None,
    )
