"""Rule 3: a reference to a template has an apiVersion."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS603", "template-api-version", "a reference to a template without a group and version",
    "The apiVersion of a reference is `group/version`. Of v1beta1 the webhook refuses only what cannot be read at all; "
    "without a group or a version no template is ever found, because none is of Kubernetes' own core group.",
    source="Cluster API: ClusterClass webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds references of v1beta1 whose apiVersion is not `group/version`; in v1beta2 the schema says so."""
    for view in classes(context):
        if view.version != "v1beta1":
            continue
        for reference in view.references:
            group, slash, version = reference.api_version.partition("/")
            if reference.role == "remediation" or (slash and group and version and "/" not in version):
                continue
            shown = reference.api_version
            said = f"{shown!r} is no apiVersion of a template" if shown else "the reference has no apiVersion"
            message = f"{said}: write group/version, as infrastructure.cluster.x-k8s.io/v1beta2"
            yield view.problem(RULE, message, (*reference.pointer, "apiVersion"))
