"""A Cluster asks for what its class has."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi.cluster import ClusterView, class_of, clusters
from cluster_stacks.validation.capi.judge_cluster import fit_problems
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS633", "cluster-class-fit", "a Cluster asks for what its class does not have",
    "The Kubernetes version of a Cluster is one of its class's `kubernetesVersions`, where the class has any, and "
    "each MachineDeployment and MachinePool of its topology names a class of workers that is there. A release's "
    "sample Cluster names a class of that release: any other would be waited for without an end. In a folder that has "
    "classes, a Cluster of none of them is a warning, because its class may be elsewhere.",
    source="Cluster API 1.14: webhook of Cluster; this project: a release is whole",
)


def check(context: Context) -> Iterator[Problem]:
    """Judges each Cluster whose class is among the objects."""
    for cluster in clusters(context):
        view = class_of(context, cluster)
        for pointer, message in fit_problems(cluster, view) if view else ():
            yield Problem(cluster.item.document, RULE.id, message, pointer, item=cluster.item)
        if view is None and cluster.class_name:
            yield from _no_class(context, cluster)


def _no_class(context: Context, cluster: ClusterView) -> Iterator[Problem]:
    item = cluster.item
    certain = context.release is not None
    known = [view.name for view in classes(context) if certain or view.item.scope == item.scope]
    if not known and not certain:
        return
    near = near_names(cluster.class_name, known)
    there = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known[:8]) or 'none'}"
    where = "this release has" if certain else "beside this Cluster there is"
    message = f"{where} no class {cluster.class_name!r}: {there}"
    severity = Severity.ERROR if certain else Severity.WARNING
    yield Problem(item.document, RULE.id, message, cluster.class_pointer, severity=severity, item=item)
