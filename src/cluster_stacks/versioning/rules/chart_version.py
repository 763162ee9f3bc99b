"""The version of the class chart is the stack's."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.layout import Layout
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.model.version import Version, VersionError
from cluster_stacks.versioning.upstream import at, get, is_settled, parsed

RULE = RuleInfo(
    "CS162", "chart-version", "the version of the class chart is not clusterStack",
    "The version of the cluster class is that of the cluster stack, and the chart calls the ClusterClass by its own "
    "version. Layouts from csctl on, and the native one, stamp it at release.",
    source="cluster-stacks specification, versioning",
)


def check(source: StackState) -> Iterator[Finding]:
    """One finding where the layouts that do not stamp the version have another."""
    if source.metadata is None or source.layout not in (Layout.FLAT, Layout.CHARTS):
        return
    document, _ = parsed(source, "cluster-class/Chart.yaml")
    version = get(document, ("version",)) if document else None
    right = source.metadata.cluster_stack
    if document and is_settled(version) and _parsed(str(version)) != right:
        message = f"the chart's version is {version}, clusterStack is {right}: write {right}"
        yield at(RULE, source, document, ("version",), message)


def _parsed(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except VersionError:
        return None
