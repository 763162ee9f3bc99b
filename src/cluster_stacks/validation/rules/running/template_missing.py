"""Each reference of a class leads to a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi.references import closure, namespace_of
from cluster_stacks.validation.capi.view import ClassView, Reference, classes
from cluster_stacks.validation.problem import Item, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS701", "template-missing", "a reference to a template that is not there",
    "Cluster API looks each template up by kind and name in the namespace of the class. No webhook asks whether it is "
    "there: the class is accepted, and every Cluster of it waits for ever. Of single manifests, where a template may "
    "come from elsewhere, this is a warning. So does a control plane of kubeadm, where the class does not say what its "
    "machines are made of.",
    source="Cluster API: ClusterClass controller",
)
CANDIDATES = 100
"""Names that a misspelt one is compared with."""
KUBEADM = "KubeadmControlPlaneTemplate"


def check(context: Context) -> Iterator[Problem]:
    """Finds references that lead nowhere; a class alone among files that are no release says nothing."""
    followed = closure(context)
    severity = Severity.ERROR if context.release else Severity.WARNING
    for view in classes(context):
        message = _no_machines(view)
        if message:
            yield view.problem(RULE._replace(severity=severity), message, view.at("controlPlane"))
    for view, reference, template in followed.led:
        if template is None and reference.name and reference.kind:
            around = followed.around(view)
            # A kind with a typo has no schema (CS401), and that is the mistake.
            if (around or context.release) and not _misspelt(reference, around, context):
                message = _message(view, reference, around)
                pointer = (*reference.pointer, "name")
                yield view.problem(RULE._replace(severity=severity), message, pointer)


def _misspelt(reference: Reference, around: Sequence[Item], context: Context) -> bool:
    """Whether the template is there, but under a kind that nobody knows and that is nearly the right one."""
    there = {id(item) for item in around if item.name == reference.name and near_names(item.kind, [reference.kind])}
    known = zip(context.items, context.kinds, strict=True) if there else ()
    return any(info is None and id(item) in there for item, info in known)


def _no_machines(view: ClassView) -> str:
    """What is wrong where the control plane makes machines, and the class does not say of what."""
    plane = view.reference("control-plane")
    if plane is None or plane.kind != KUBEADM or "machineInfrastructure" in view.control_plane:
        return ""
    return f"{KUBEADM} makes machines, and the class does not say of what: add controlPlane.machineInfrastructure"


def _message(view: ClassView, reference: Reference, around: Sequence[Item]) -> str:
    said = f"there is no {reference.kind} {reference.name!r}"
    elsewhere = next((t for t in around if (t.kind, t.name) == (reference.kind, reference.name)), None)
    if elsewhere is not None and namespace_of(elsewhere) != namespace_of(view.item):
        return f"{said} in the class's namespace: it is in {namespace_of(elsewhere) or 'none'}, so give both the same"
    if elsewhere is not None:
        return f"{said} of {reference.api_version}: it is of {elsewhere.api_version}"
    other = next((t for t in around if t.name == reference.name and near_names(t.kind, [reference.kind])), None)
    if other is not None:
        return f"{said}: {other.kind} is of that name"
    near = near_names(reference.name, [t.name for t in around if t.kind == reference.kind][:CANDIDATES])
    if near:
        return f"{said}: did you mean {near[0]!r}?"
    other = next((t for t in around if t.name == reference.name), None)
    return f"{said}: {other.kind} is of that name" if other else f"{said}: add the template, or mend the name"
