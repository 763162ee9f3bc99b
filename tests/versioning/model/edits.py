"""Edits of a small repository: files, modes, overlays, versions, stacks; and where all histories begin."""

from __future__ import annotations

from typing import NamedTuple

from gitrepo_plugin import metadata
from versioning.model import reading, spec

Files = dict[str, tuple[str, bytes]]

SCS, OTHER = "providers/docker/scs", "providers/kubevirt/other"
STACKS = (f"{SCS}/1-35", f"{SCS}/1-36", f"{OTHER}/1-36")
FOLDERS = (*STACKS, f"{SCS}/shared")
KEYS = (
    "cluster-class/class.yaml", "cluster-class/more.yaml", "cluster-class/README.md",
    "cluster-addon/cilium/values.yaml",
    "cluster-addon/cilium/Chart.yaml", "cluster-addon/ccm/values.yaml", "cluster-addon/cilium/charts/a/Chart.yaml",
    "node-images/images.yaml", "node-images/templates/image.yaml", "node-images/README.md", "node-image/script.sh",
    "README.md", "clusteraddon.yaml", "sample-cluster.yaml", "image.yaml", "notes.txt",
)
TEXTS = (
    "a: 1\n", "a: 2\n", "version: v1\na: 1\n", "version: v2\na: 1\n", "a: <% kubernetes.version %>\n",
    "a: <% kubernetes.minor %>\n", "a: <% vars.x %>\n", "a: <% vars.net.z %>\n", "a: <% vars %>\n",
    "a: <% release_name %>\n", "a: 1 <# <% vars.x %> #>\n", "a: <% versions.cluster_stack %>\n",
    "a: <% images.a.name %>\n",
    "a: <% images.a.url %>\n", "",
)
VARS = ("{x: 1}", "{x: 2}", "{x: 1, net: {z: 1}}", "{x: 1, net: {z: 2, w: 1}}", "{x: 1, unread: 1}", "{}")
REMOVED = ("cluster-class/class.yaml", "cluster-addon/cilium/", "cluster-addon/cilium", "node-images", "node-image/")
VERSIONS = (
    "v1", "v2", "v3", "v4", "v5", "v9", "v10",
    "v4-alpha.0", "v4-alpha.1", "v4-alpha.2", "v4-beta.0", "v2-alpha.0", "v0-sha.abc",
)


class Write(NamedTuple):
    """A file gets this text."""

    path: str
    text: str

    def apply(self, files: Files) -> Files:
        return files | {self.path: (files.get(self.path, ("100644",))[0], self.text.encode())}


class Delete(NamedTuple):
    """A file, or all of a folder, goes."""

    path: str

    def apply(self, files: Files) -> Files:
        return {path: file for path, file in files.items() if not f"{path}/".startswith(f"{self.path}/")}


class Move(NamedTuple):
    """A file, or all of a folder, moves; where a copy, the old one stays."""

    path: str
    to: str
    copy: bool = False

    def apply(self, files: Files) -> Files:
        moved = {
            self.to + path.removeprefix(self.path): file for path, file in files.items()
            if f"{path}/".startswith(f"{self.path}/")
        }
        return (files if self.copy or not moved else Delete(self.path).apply(files)) | moved


class Chmod(NamedTuple):
    """A file becomes executable, or is no longer."""

    path: str

    def apply(self, files: Files) -> Files:
        if self.path not in files:
            return files
        mode, data = files[self.path]
        return files | {self.path: ("100755" if mode == "100644" else "100644", data)}


class Say(NamedTuple):
    """Someone edits a version in metadata.yaml, with or without a reason."""

    stack: str
    key: str
    version: str

    def apply(self, files: Files) -> Files:
        said = reading.versions(files, self.stack)
        if said is None:
            return files
        said[self.key] = self.version
        minor = self.stack.rpartition("/")[2].replace("-", ".")
        patch = said["kubernetes"].rpartition(".")[2]
        text = metadata(said[reading.STACK], f"v{minor}.{patch}", said[reading.ADDON], said[reading.IMAGE])
        return files | {f"{self.stack}/metadata.yaml": ("100644", text.encode())}


class Shift(NamedTuple):
    """A version is moved by a number, as a hand does it that looked at another one."""

    stack: str
    key: str
    by: int

    def apply(self, files: Files) -> Files:
        said = reading.versions(files, self.stack)
        number = max(0, spec.parts(said[self.key])[0] + self.by) if said else 0
        return Say(self.stack, self.key, f"v{number}").apply(files)


class Overlay(NamedTuple):
    """overlay.yaml is written anew."""

    stack: str
    variables: str
    remove: tuple[str, ...]

    def apply(self, files: Files) -> Files:
        text = f"remove: [{', '.join(self.remove)}]\nvars: {self.variables}\n"
        return Write(f"{self.stack}/overlay.yaml", text).apply(files) if reading.versions(files, self.stack) else files


class NewMinor(NamedTuple):
    """A minor that is copied from another, or (no `of`) is made anew; with versions as its author likes them."""

    stack: str
    of: str | None
    version: str | None
    says: bool = False

    def apply(self, files: Files) -> Files:
        if self.stack in reading.stacks(files) or (self.of and self.of not in reading.stacks(files)):
            return files
        files = Move(self.of, self.stack, copy=True).apply(files) if self.of else files | begun(self.stack)
        files = Say(self.stack, "kubernetes", "v0.0.1").apply(files)
        if self.says and self.of:
            text = f"from: {self.of.rpartition('/')[2]}\nvars: {{x: 1}}\n"
            files = Write(f"{self.stack}/overlay.yaml", text).apply(files)
        for key in reading.COMPONENTS if self.version else ():
            files = Say(self.stack, key, self.version or "").apply(files)
        return files


Edit = Write | Delete | Move | Chmod | Say | Shift | Overlay | NewMinor


def begun(stack: str) -> Files:
    """A stack with one file in each layer."""
    minor = stack.rpartition("/")[2].replace("-", ".")
    texts = {
        "metadata.yaml": metadata("v3", f"v{minor}.1", "v2", "v1"),
        "cluster-class/class.yaml": "a: <% release_name %>\n",
        "cluster-addon/cilium/values.yaml": "a: <% vars.x %>\n",
        "node-images/images.yaml": "a: <% kubernetes.version %>\n",
        "overlay.yaml": "vars: {x: 1}\n",
    }
    return {f"{stack}/{key}": ("100644", text.encode()) for key, text in texts.items()}


FIRST: Files = {
    **begun(STACKS[0]), **begun(STACKS[1]), **begun(STACKS[2]),
    f"{SCS}/shared/cluster-class/more.yaml": ("100644", b"a: <% vars.net.z %>\n"),
    f"{SCS}/shared/cluster-addon/ccm/values.yaml": ("100644", b"a: 1\n"),
    f"{SCS}/shared/node-image/script.sh": ("100755", b"a: 1\n"),
}
