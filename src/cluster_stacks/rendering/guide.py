"""What a release says to people: its README and the patch that moves a Cluster to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

UPGRADE = "upgrade.yaml"


def upgrade_patch(class_: Mapping[str, Any], kubernetes: str) -> dict[str, Any]:
    """A merge patch for a Cluster. Class and version in one step: either of them alone may be refused."""
    name = class_["name"]
    # v1beta1 names the class by a text of its own; a Cluster that keeps `class` when `classRef` comes would be refused.
    reference = {"class": name} if str(class_["apiVersion"]).endswith("/v1beta1") else {"classRef": {"name": name}}
    return {"spec": {"topology": {**reference, "version": kubernetes}}}


def main_class(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The class that has the release's own name, else the first."""
    classes: Sequence[Mapping[str, Any]] = facts["classes"]
    return next((item for item in classes if item["name"] == facts["name"]), classes[0])


def readme(facts: Mapping[str, Any], *, sample: bool) -> str:
    """README.md of the release folder."""
    stack, versions = facts["stack"], facts["versions"]
    folder = f"releases/{stack['id']}/{versions['clusterStack']}"
    parts = [
        f"# {facts['name']}",
        _summary(stack, versions),
        _contents(facts, sample=sample),
        _use(facts, folder, sample=sample),
        _move(facts, folder),
    ]
    if facts.get("breaking"):
        parts.insert(3, _breaking(facts["breaking"]))
    if facts["notes"]:
        parts.append("## Not delivered\n\n" + "\n".join(f"- {note}" for note in facts["notes"]))
    return "\n\n".join(parts) + "\n"


def _summary(stack: Mapping[str, str], versions: Mapping[str, str]) -> str:
    return (
        f"Cluster stack {stack['id']}, version {versions['clusterStack']}: Kubernetes {versions['kubernetes']}, "
        f"addons {versions['clusterAddon']}, node images {versions['nodeImage']}. "
        "Written by `cluster-stacks publish`; this folder never changes. The same files from the sources, of the "
        f"commit that `../series.json` names: `cluster-stacks render {stack['id']} --head COMMIT -o DIR`."
    )


def _breaking(entries: Sequence[Mapping[str, str]]) -> str:
    lines = [f"- {entry['what']}: {entry['reason']}" for entry in entries]
    return "## What it breaks\n\nA Cluster that moves here may be refused, on purpose:\n\n" + "\n".join(lines)


def _contents(facts: Mapping[str, Any], *, sample: bool) -> str:
    rows = [("`kustomization.yaml`, `cluster-class/`", "the ClusterClass and its templates, once a management cluster")]
    rows += [(f"`{addon['path']}/`", _addon(addon)) for addon in facts["addons"]]
    images = facts["images"]
    if images and images["objects"]:
        rows.append((f"`../node-images/{images['unit']}/`", "the node images, once a namespace that holds Clusters"))
    rows.append((f"`{UPGRADE}`", "the patch that moves a Cluster to this release"))
    if sample:
        rows.append(("`sample-cluster.yaml`", "a Cluster of this release"))
    rows.append(("`release.json`", "all of this for machines"))
    return "\n".join(["| what | for |", "|---|---|", *(f"| {what} | {meaning} |" for what, meaning in rows)])


def _addon(addon: Mapping[str, Any]) -> str:
    chart = addon["chart"]
    what = f"chart {chart['name']} {chart['version']}" if chart else str(addon["renderer"])
    labels = ", ".join(f"`{key}: {value}`" for key, value in addon["clusterLabels"].items())
    whom = f"clusters labelled {labels}" if labels else "every cluster"
    return f"addon {addon['name']} ({what}) in {addon['namespace']}, for {whom}"


def _use(facts: Mapping[str, Any], folder: str, *, sample: bool) -> str:
    lines = [
        "## Use it", "",
        "- kubectl: `kubectl apply -k .` in this folder, with `--namespace` of the classes.",
        f"- Flux: a Kustomization of its own for this release, `path: ./{folder}`, `prune: true`, a `targetNamespace`.",
        f"- Argo CD: an Application of its own for this release, `path: {folder}`.",
    ]
    if sample:
        lines.append("- Then a Cluster: `kubectl apply -f sample-cluster.yaml`, after a look at its variables.")
    if facts["addons"]:
        lines.append("- Addons go to each cluster by the generators that the repository enables, below `delivery/`.")
    return "\n".join(lines)


def _move(facts: Mapping[str, Any], folder: str) -> str:
    topology = upgrade_patch(main_class(facts), facts["versions"]["kubernetes"])["spec"]["topology"]
    field = next(iter(topology))
    where = f"in the Cluster's manifest set `spec.topology.{field}` and `spec.topology.version` as in"
    return "\n".join([
        "## Move a Cluster to it", "",
        "Its addons first, then class and version in one step:", "",
        f"- kubectl: `kubectl patch cluster NAME --type merge --patch-file {UPGRADE}`.",
        f"- Flux, Argo CD: {where} `{folder}/{UPGRADE}`, in one commit.",
    ])
