"""A selector selects something."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.selecting import class_names
from cluster_stacks.validation.capi.view import Definition, classes, mapping
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS623", "patch-selector", "a patch that selects nothing",
    "`matchResources` says where the templates stand that a patch is for: at least one of infrastructureCluster, "
    "controlPlane, machineDeploymentClass and machinePoolClass, the last two with names. The webhook refuses a patch "
    "with none.",
    source="Cluster API: the webhook of ClusterClass, validateSelectors",
)
_ADVICE = "set infrastructureCluster or controlPlane to true, or name worker classes in machineDeploymentClass"
WORKERS = ("machineDeploymentClass", "machinePoolClass")


def check(context: Context) -> Iterator[Problem]:
    """Finds selectors that are all switched off."""
    for view in classes(context):
        for patch in view.patches:
            for definition in patch.definitions:
                if not selects_some(definition):
                    message = f"matchResources selects nothing: {_ADVICE}"
                    pointer = (*definition.pointer, "selector", "matchResources")
                    yield Problem(view.item.document, RULE.id, message, pointer, item=view.item)


def selects_some(definition: Definition) -> bool:
    """Whether a selector is switched on at all."""
    match = mapping(definition.selector, "matchResources")
    return any(match.get(key) is True for key in ("infrastructureCluster", "controlPlane")) or any(
        class_names(match, key) for key in WORKERS
    )
