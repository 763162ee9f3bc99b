"""What can be wrong with the files of a rendered branch, and with the Clusters that take their releases from it."""

from __future__ import annotations

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, RuleInfo, Severity

BRANCH_FILE = RuleInfo(
    "CS550", "branch-file",
    "A file of the rendered branch is not what this tool writes.",
    "release.json, series.json and the index are read back at every publish. One that was edited by hand, or by "
    "another tool, is refused: restore it from the branch's history.",
)
BRANCH_NEWER = RuleInfo(
    "CS551", "branch-newer",
    "The rendered branch was written by a newer cluster-stacks.",
    "Its schemaVersion or layoutVersion is higher than this tool knows, which could damage it: install the newer tool.",
)
NO_RELEASE = RuleInfo(
    "CS520", "cluster-without-release",
    "A Cluster names a class that the rendered branch does not have.",
    "The class of a Cluster is that of a release, and carries its version. Without it Cluster API reconciles nothing; "
    "Clusters of classes that are none of this tool's are left alone.",
    source="Cluster API: ClusterClass, references",
)
NOT_LIVE = RuleInfo(
    "CS521", "cluster-on-dead-release",
    "A Cluster names a release that is yanked or retired.",
    "Nothing delivers such a release any more, and a yanked one was bad. Move the Cluster to a live one: "
    "`cluster-stacks upgrade FILE --to VERSION`.",
    source="this project: the life of a release",
)
OTHER_KUBERNETES = RuleInfo(
    "CS522", "cluster-of-another-kubernetes",
    "A Cluster's Kubernetes version is not that of its release.",
    "A release is made and tested for one Kubernetes version: node images and addons fit that one. Cluster API refuses "
    "a version that the class does not list.",
    source="cluster stacks: one Kubernetes patch a release; Cluster API: kubernetesVersions",
)
OTHER_ADDONS = RuleInfo(
    "CS523", "cluster-with-other-addons",
    "The addons that a Cluster gets are those of another release than its class.",
    "The path of the Flux Kustomization, or the label of the Secret in Argo CD, moves together with class and version. "
    "`cluster-stacks upgrade` edits all of them.",
    source="this project: class, version and addons are one release",
)
NO_SUCH_ADDONS = RuleInfo(
    "CS524", "no-such-addons",
    "What should bring a Cluster's addons points at nothing on the rendered branch.",
    "The folder of the addons is not there: Flux reports the path as missing, Argo CD finds no application.",
    source="this project: layout of the rendered branch",
)
NO_ADDONS = RuleInfo(
    "CS525", "cluster-without-addons",
    "Nothing beside a Cluster brings its addons.",
    "A release with addons needs a Flux Kustomization of their path, or the labelled Secret of Argo CD. It may well "
    "stand elsewhere, so this is a note.",
    severity=Severity.NOTE, source="this project: delivery once a cluster",
)

RULES: tuple[RuleInfo, ...] = (
    NO_RELEASE, NOT_LIVE, OTHER_KUBERNETES, OTHER_ADDONS, NO_SUCH_ADDONS, NO_ADDONS, BRANCH_FILE, BRANCH_NEWER,
)


def refused(rule: RuleInfo, message: str, path: str, *, stack: str = "") -> Refused:
    """The exception for one error of `rule` in the file `path` of the branch."""
    return Refused(Finding(rule.id, Severity.ERROR, message, path, stack=stack))
