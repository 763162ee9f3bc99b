"""What can be wrong with the sources of a release (CS300 to CS339)."""

from __future__ import annotations

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, ObjectRef, Related, RuleInfo, Severity
from cluster_stacks.model.source import Position

UNDEFINED = "CS300"
TEMPLATE_SYNTAX = "CS301"
TEMPLATE_FAILED = "CS302"
TEMPLATE_LIMIT = "CS303"
EMPTY_LAYER = "CS304"
STRAY_FILE = "CS305"
NO_OBJECT = "CS306"
DUPLICATE_OBJECT = "CS307"
NAMESPACE = "CS308"
OBJECT_NAME = "CS309"
HELM = "CS310"
KUSTOMIZE = "CS311"
KUSTOMIZE_REACH = "CS312"
BREAKING = "CS313"
IMAGES = "CS320"
IMAGES_LOCK = "CS321"
ADDON = "CS330"
ADDON_CHART = "CS331"

RULES: tuple[RuleInfo, ...] = (
    RuleInfo(
        UNDEFINED, "template-name", "a template reads a name that does not exist",
        "What a layer's templates may read is fixed, and everything else is refused: no name is empty by accident. "
        "An addon has no `release_name`, because its content must not depend on the version of the stack.",
        source="schemas/context.schema.json",
    ),
    RuleInfo(
        TEMPLATE_SYNTAX, "template-syntax", "a template cannot be parsed",
        "Values are written `<% … %>`, statements stand on a line that begins with `#%` or between `<%%` and `%%>`.",
        source="Jinja2",
    ),
    RuleInfo(
        TEMPLATE_FAILED, "template-failed", "a template stops with an error while it is rendered",
        "Also where it asks for what templates may not do: reach Python's internals, format texts to a width, print a "
        "function.",
        source="Jinja2's sandbox",
    ),
    RuleInfo(
        TEMPLATE_LIMIT, "template-limit", "rendering takes more time, memory or output than any honest source",
        "Every template has a few seconds of processor time, a release has a bound of memory, so that a loop without "
        "end costs one message.",
    ),
    RuleInfo(
        EMPTY_LAYER, "empty-layer", "the cluster-class layer makes no ClusterClass",
        "A release without a class is none. A file of comments alone makes no object.",
        source="SCS cluster-stacks specification",
    ),
    RuleInfo(
        STRAY_FILE, "stray-file", "a file of the layer is not rendered",
        "Objects come from .yaml and .yml files, or from a chart or kustomization as a whole. A file that nothing "
        "reads would be lost in silence.",
    ),
    RuleInfo(
        NO_OBJECT, "no-object", "a document is no Kubernetes object",
        "Every document has apiVersion, kind and metadata.name, as text.", source="Kubernetes",
    ),
    RuleInfo(
        DUPLICATE_OBJECT, "duplicate-object", "two documents are the same object",
        "Two objects of one group, kind, namespace and name overwrite each other, and `kustomize build` refuses them.",
        source="kustomize",
    ),
    RuleInfo(
        NAMESPACE, "object-namespace", "an object of the class or of the node images names its namespace",
        "Where a class or an image stands is decided by its delivery, so that one release serves any namespace.",
    ),
    RuleInfo(
        OBJECT_NAME, "object-name", "an object of the class does not carry the release's name",
        "Releases stand side by side in one namespace and their templates are immutable: the ClusterClass is called "
        "`<% release_name %>`, every other object `<% release_name %>-…`.",
        source="SCS cluster-stacks specification: the version is part of every name",
    ),
    RuleInfo(HELM, "helm-template", "a chart does not render", "`helm template` said no.", source="Helm"),
    RuleInfo(
        KUSTOMIZE, "kustomize-build", "a kustomization does not build", "`kustomize build` said no.",
        source="kustomize",
    ),
    RuleInfo(
        KUSTOMIZE_REACH, "kustomize-reach", "a kustomization reaches outside its folder",
        "Rendering uses nothing but the sources at one commit: no URL, Git base or plugin, no path above the folder.",
    ),
    RuleInfo(
        BREAKING, "breaking-file", "breaking.yaml does not say what breaks, and why",
        "cluster-class/breaking.yaml holds a list `breaking`. Each entry has `what`, as a finding names it, and a "
        "`reason` for people. It is plain YAML and no template.",
        source="schemas/breaking.schema.json",
    ),
    RuleInfo(
        IMAGES, "node-images", "images.yaml does not say what an image is",
        "Names are unique, an image by URL has a checksum, and the instructions of a build exist.",
        source="schemas/images.schema.json",
    ),
    RuleInfo(
        IMAGES_LOCK, "node-images-lock", "images.lock.yaml does not fit images.yaml",
        "The result of a build is locked with the digest of the instructions it was built from. Without a lock, or "
        "with one of other instructions, a release would point at an image that does not exist.",
        source="schemas/images-lock.schema.json",
    ),
    RuleInfo(
        ADDON, "addon", "the addons, their files and clusteraddon.yaml do not agree",
        "Stages name addons that exist, dependencies name addons and have no cycle, and an addon is a chart, a "
        "kustomization or manifests.",
        source="csctl: clusteraddon.yaml",
    ),
    RuleInfo(
        ADDON_CHART, "addon-chart", "the chart of an addon cannot be delivered",
        "Chart.yaml has a name and its dependencies have a name, an exact version and a repository.", source="Helm",
    ),
)


def finding(
    rule: str, message: str, path: str, at: Position | None = None, *,
    object_: ObjectRef | None = None, related: tuple[Related, ...] = (), key: str = "",
) -> Finding:
    """An error of this package. No position means the file as a whole; `render` adds the stack."""
    return Finding.at(rule, Severity.ERROR, message, path, at, object_=object_, related=related, key=key)


def refused(
    rule: str, message: str, path: str, at: Position | None = None, *,
    object_: ObjectRef | None = None, related: tuple[Related, ...] = (), key: str = "",
) -> Refused:
    """The same as an exception to raise."""
    return Refused(finding(rule, message, path, at, object_=object_, related=related, key=key))
