"""The names of a control plane's machines."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.kubeadm import kubeadm_objects
from cluster_stacks.validation.capi.naming import naming_problem
from cluster_stacks.validation.capi.view import text
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS642", "kubeadm-naming", "a template that gives no names for machines",
    "`machineNaming.template` of a control plane knows `.cluster.name`, `.kubeadmControlPlane.name` and `.random`, and "
    "no functions of sprig. It must hold `{{ .random }}`, spaces included, or two machines could get one name, and "
    "give names that Kubernetes takes.",
    source="Cluster API 1.14: webhook of KubeadmControlPlane and KubeadmControlPlaneTemplate",
)
_RANDOM = "{{ .random }}"


def check(context: Context) -> Iterator[Problem]:
    """Renders each template."""
    for found in kubeadm_objects(context):
        at, naming = found.field("machineNamingStrategy", ("machineNaming",))
        template = text(naming, "template")
        if not found.control_plane or not template:
            continue
        wrong = naming_problem(template, "kubeadmControlPlane")
        if not wrong and _RANDOM not in template:
            wrong = f"the naming template must hold {_RANDOM}, written like this"
        if wrong:
            yield Problem(found.item.document, RULE.id, wrong, (*at, "template"), item=found.item)
