"""What a state of a repository holds, as the specification means it: {path: (mode, bytes)} → versions and contents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

State = Mapping[str, tuple[str, bytes]]
Stack = str  # providers/docker/scs/1-36

STACK, ADDON, IMAGE = COMPONENTS = ("clusterStack", "clusterAddon", "nodeImage")
LAYERS = {"cluster-class": STACK, "cluster-addon": ADDON, "node-images": IMAGE, "node-image": IMAGE}
ROOT_FILES = {
    "clusteraddon.yaml": ADDON, "cluster-addon-values.yaml": ADDON, "node-images.yaml": IMAGE, "image.yaml": IMAGE,
    "sample-cluster.yaml": STACK,
}


def stacks(state: State) -> set[Stack]:
    """The stacks that have a metadata.yaml."""
    named = (re.fullmatch(r"(providers/\w+/\w+/\d+-\d+)/metadata.yaml", path) for path in state)
    return {match[1] for match in named if match}


def below(state: State, folder: str) -> dict[str, tuple[str, bytes]]:
    """The files of a folder, by their path in it."""
    return {path.removeprefix(folder + "/"): file for path, file in state.items() if path.startswith(folder + "/")}


def overlay(state: State, stack: Stack) -> dict[str, Any]:
    """overlay.yaml, read."""
    _, data = state.get(f"{stack}/overlay.yaml", ("", b"{}"))
    return yaml.safe_load(data) or {}


def versions(state: State, stack: Stack) -> dict[str, str] | None:
    """The versions in metadata.yaml, Kubernetes' too; None where there is no such stack."""
    if f"{stack}/metadata.yaml" not in state:
        return None
    said: Any = yaml.safe_load(state[f"{stack}/metadata.yaml"][1])["versions"]
    components: dict[str, str] = said["components"]
    return {STACK: said[STACK], "kubernetes": said["kubernetes"]} | components


def effective(state: State, stack: Stack) -> dict[str, tuple[str, bytes]]:
    """shared/ less what overlay.yaml removes, overlaid by the minor's own files."""
    removed = [item.rstrip("/") for item in overlay(state, stack).get("remove", [])]
    files = {
        key: file for key, file in below(state, stack.rpartition("/")[0] + "/shared").items()
        if not any(key == item or key.startswith(item + "/") for item in removed)
    }
    files |= below(state, stack)
    return {key: file for key, file in files.items() if key not in ("metadata.yaml", "overlay.yaml")}


def owner(key: str) -> str | None:
    """The component that a file of a stack is content of."""
    folder, _, name = key.rpartition("/")
    if not folder:
        return ROOT_FILES.get(name)
    component = LAYERS.get(key.split("/")[0])
    return None if name.startswith("README") and component != IMAGE else component


def unstamped(key: str, data: bytes) -> bytes:
    """A file without its chart's own version; that of a chart vendored further down is content."""
    if key.endswith("/Chart.yaml") and key.count("/") < 3:
        return re.sub(rb"(?m)^version:.*$", b"version:", data, count=1)
    return data


def reads(data: bytes) -> set[str]:
    """The names that a template reads, as the tests write them: `<% vars.x %>`."""
    uncommented = re.sub(rb"<#.*?#>", b"", data)
    return {name.decode() for name in re.findall(rb"<% ([a-z_.]+) %>", uncommented)}


def is_image_template(key: str) -> bool:
    """Whether a file of node-images is rendered; the others are build instructions."""
    return key == "node-images/images.yaml" or key.startswith("node-images/templates/")


def value(state: State, stack: Stack, name: str) -> object:
    """What a template of this stack gets for a name."""
    said = versions(state, stack)
    kubernetes = said["kubernetes"] if said else "none"
    context: Any = {
        "vars": overlay(state, stack).get("vars", {}),
        "kubernetes": {"version": kubernetes, "number": kubernetes[1:], "minor": kubernetes.rpartition(".")[0][1:]},
    }
    for part in name.split("."):
        if not isinstance(context, dict) or part not in context:
            return "nothing"
        context = context[part]
    return context


def contents(state: State, stack: Stack) -> dict[str, dict[str, object]]:
    """The content that each component stands for: files with mode and bytes, and the values that they read.

    The name of an image holds the Kubernetes version: where a template names one, that version is part of the images.
    """
    found: dict[str, dict[str, object]] = {component: {} for component in COMPONENTS}
    files = {key: file for key, file in effective(state, stack).items() if owner(key)}
    for key, (mode, data) in files.items():
        component = str(owner(key))
        names = [name for name in reads(data) if name.split(".")[0] in ("kubernetes", "vars")]
        found[component][key] = (mode, unstamped(key, data))
        found[component] |= {f"<{name}>": value(state, stack, name) for name in names}
        if "images.a.name" in reads(data) and (component == STACK or is_image_template(key)):
            found[IMAGE]["<kubernetes.version>"] = value(state, stack, "kubernetes.version")
    if IMAGE not in map(owner, files):  # no image, no name
        found[IMAGE] = {}
    return found
