"""The rules of reading a repository: its layout, its paths, metadata.yaml, overlay.yaml, settings (CS220 to CS249)."""

from __future__ import annotations

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Fix, RuleInfo, Severity
from cluster_stacks.model.source import Position

METADATA_MISSING = "CS220"
METADATA = "CS221"
MINOR_MISMATCH = "CS222"
CLASS_VERSION = "CS223"
OVERLAY = "CS224"
NOT_A_MINOR = "CS225"
NAME = "CS226"
LINK = "CS227"
SUBMODULE = "CS228"
FILE_NAME = "CS229"
TOO_LARGE = "CS230"
SETTINGS = "CS231"
UNUSED_REMOVE = "CS232"
LAYOUT_FILE = "CS233"
NOT_RENDERED = "CS234"

RULES: tuple[RuleInfo, ...] = (
    RuleInfo(
        METADATA_MISSING, "metadata-missing", "a stack has no metadata.yaml",
        "metadata.yaml stands in the stack's folder and is the only source of its versions.",
        source="cluster-stacks specification, metadata",
    ),
    RuleInfo(
        METADATA, "metadata-shape", "metadata.yaml is not what the specification says",
        "The file has apiVersion and versions, with clusterStack, kubernetes and components.clusterAddon and "
        "components.nodeImage, each as text; nothing else.",
        source="cluster-stacks specification, metadata",
    ),
    RuleInfo(
        MINOR_MISMATCH, "kubernetes-minor", "versions.kubernetes is of another minor than the folder",
        "The folder is named for the minor (1-36), and the Kubernetes version in it is one of that minor (v1.36.2).",
        source="cluster-stacks specification, metadata; csctl",
    ),
    RuleInfo(
        CLASS_VERSION, "cluster-class-version", "components.clusterClass differs from clusterStack",
        "The version of the cluster class is the version of the cluster stack. The key is optional; where it stands "
        "it says the same.",
        source="cluster-stacks specification, versioning",
    ),
    RuleInfo(
        OVERLAY, "overlay-shape", "overlay.yaml has a form that nothing reads",
        "`remove` lists paths of shared/ that this minor does without, `shared: false` does without all of it, `vars` "
        "holds the values of its templates, and `from` names the minor that this one is a copy of.",
    ),
    RuleInfo(
        NOT_A_MINOR, "no-minor", "a folder of a stack is no minor",
        "Below providers/<provider>/<stack>/ stand folders named for a Kubernetes minor, and shared/. The patch is "
        "never in the path.",
        source="cluster-stacks specification, layout",
    ),
    RuleInfo(
        NAME, "stack-name", "a provider or a stack has a name that Kubernetes objects cannot carry",
        "Names are lower-case letters, digits and dashes, at most 63 characters: they become part of the names of "
        "objects.",
        source="csctl",
    ),
    RuleInfo(
        LINK, "link-leaves-tree", "a symbolic link points out of the repository",
        "What a link outside points at is not part of the commit, so nobody else would see the same content.",
    ),
    RuleInfo(
        SUBMODULE, "submodule-in-layer", "a layer holds a submodule",
        "A submodule is another repository's commit: its files are not here to be read. Copy them in.",
    ),
    RuleInfo(
        FILE_NAME, "file-name", "a file's name is no printable UTF-8",
        "Names become paths on the rendered branch and in kustomization.yaml, where control characters and bytes that "
        "are no UTF-8 cannot be written.",
    ),
    RuleInfo(
        TOO_LARGE, "file-too-large", "a file of a layer is larger than any source is",
        "Images and archives are named by URL and checksum; Git keeps every version of them for ever.",
    ),
    RuleInfo(
        SETTINGS, "settings-shape", "the settings of the repository have a form that nothing reads",
        "Every key of .cluster-stacks.yaml is known, so a misspelt one does not pass in silence.",
    ),
    RuleInfo(
        UNUSED_REMOVE, "overlay-removes-nothing", "overlay.yaml removes a path that shared/ does not have",
        "A path that no longer exists there hides that the file was renamed, and now is part of this minor again.",
    ),
    RuleInfo(
        LAYOUT_FILE, "layout-file", "csctl.yaml, stack.yaml or versions.yaml has a form that nothing reads",
        "These files say in upstream's layouts which stack a folder is, and of which Kubernetes version.",
        source="csctl; scripts of the cluster-stacks repository",
    ),
    RuleInfo(
        NOT_RENDERED, "layout-not-rendered", "a stack of one of upstream's layouts is to be rendered",
        "These layouts are read by list, changes, check and history. Their charts and placeholders belong to other "
        "tools: rendering them here would give another release than those make.",
        source="this project: docs/layouts.md",
    ),
)



def finding(
    rule: str, message: str, path: str, at: Position | None = None, *, stack: object = "", key: str = "",
    fix: Fix | None = None,
) -> Finding:
    """A finding of this package; all its rules are errors. No position means the file as a whole."""
    return Finding.at(rule, Severity.ERROR, message, path, at, stack=str(stack), key=key, fix=fix)


def refused(rule: str, message: str, path: str, at: Position | None = None, *, stack: object = "") -> Refused:
    """The same as an exception to raise."""
    return Refused(finding(rule, message, path, at, stack=stack))
