"""images.yaml and its lock become the images that a release can name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.layout import IMAGES, IMAGES_LOCK, below, image_files
from cluster_stacks.rendering.loaded import NATIVE, Loaded, load_config

_OCI_DIGEST = re.compile(r"(?:oci://|docker://)?[^/\s]\S*@(sha256:[0-9a-f]{64})")
_DIGEST_FORMAT = b"cluster-stacks build instructions 1"


@dataclass(frozen=True, slots=True)
class Image:
    """One node image: where machines, or what imports it, read it. `checksum` is `sha256:…` or empty."""

    name: str
    method: str
    url: str
    checksum: str
    format: str


@dataclass(frozen=True, slots=True)
class Images:
    """The images of one stack. `unbuilt` names those whose build has no result yet: no release carries them."""

    items: tuple[Image, ...] = ()
    unbuilt: tuple[str, ...] = ()


def read_images(source: StackSource, scope: Scope) -> Images | None:
    """The images of the stack, None where it has no node-images layer. Raises Refused with all that is wrong."""
    files = image_files(source.files)
    if not files:
        return None
    if IMAGES not in files:
        path = next(iter(files.values())).path
        raise rules.refused(rules.IMAGES, f"node-images has no {IMAGES}: say there which images there are", path)
    value, loaded = load_config(files[IMAGES], scope, "images")
    lock, lock_file = _lock(files)
    findings: list[Finding] = []
    items: list[Image] = []
    unbuilt: list[str] = []
    for index, entry in enumerate(value["images"]):
        reader = _Entry(entry, index, loaded, files, lock.get(entry["name"]), lock_file)
        found = reader.problems(value["images"][:index])
        findings += found
        if not found and entry["method"] == "build" and reader.locked is None:
            unbuilt.append(entry["name"])
        elif not found:
            items.append(reader.image())
    findings += _unused(lock, {entry["name"]: entry["method"] for entry in value["images"]}, lock_file)
    if findings:
        raise Refused(*findings)
    return Images(tuple(items), tuple(unbuilt))


def instructions_digest(files: Mapping[str, SourceFile], entry: Mapping[str, Any]) -> str:
    """`sha256:…` over all that a build starts from: the instructions' files, the wanted output and the arguments."""
    digest = hashlib.sha256(_DIGEST_FORMAT)
    wanted = {"output": entry.get("output", ""), "arguments": entry.get("arguments", {})}
    parts = [json.dumps(wanted, sort_keys=True, separators=(",", ":")).encode()]
    for path, file in sorted(below(files, entry["instructions"]).items()):
        parts += [path.encode("utf-8", "surrogateescape"), file.mode.encode(), file.data]
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return f"sha256:{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of images.yaml with all that it is judged by."""

    entry: Mapping[str, Any]
    index: int
    loaded: Loaded
    files: Mapping[str, SourceFile]
    locked: Mapping[str, str] | None
    lock_file: Loaded | None

    def problems(self, before: list[Mapping[str, Any]]) -> list[Finding]:
        name, method = self.entry["name"], self.entry["method"]
        if any(other["name"] == name for other in before):
            return [self._finding("name", f"the image '{name}' is here twice: give each a name of its own")]
        if method == "build":
            return self._build_problems()
        if not self._checksum():
            message = f"the image '{name}' has no checksum: add `checksum: sha256:…`, or an OCI reference by digest"
            return [self._finding("url", message)]
        digest = _OCI_DIGEST.fullmatch(self.entry["url"])
        if digest and digest.group(1) != self._checksum():
            return [self._finding("checksum", f"the image '{name}' has another checksum than the digest of its url")]
        return []

    def _build_problems(self) -> list[Finding]:
        name, folder = self.entry["name"], self.entry["instructions"]
        if not below(self.files, folder):
            message = f"the image '{name}' is built by {folder}, which has no files: add the instructions"
            return [self._finding("instructions", message)]
        wanted = instructions_digest(self.files, self.entry)
        if self.locked is None or self.locked["instructionsDigest"] == wanted:
            return []
        assert self.lock_file is not None, "what is locked stands in a file"
        message = f"the image '{name}' was built from other instructions: build it again, and lock {wanted}"
        at = self.lock_file.position(0, ("images", name, "instructionsDigest"))
        return [rules.finding(rules.IMAGES_LOCK, message, self.lock_file.path, at, key=name)]

    def image(self) -> Image:
        format_ = self.entry.get("format") or self.entry.get("output") or ""
        url = self.locked["reference"] if self.locked else self.entry["url"]
        return Image(self.entry["name"], self.entry["method"], url, self._checksum(), format_)

    def _checksum(self) -> str:
        if self.locked:
            return self.locked["checksum"]
        digest = _OCI_DIGEST.fullmatch(self.entry.get("url", ""))
        return str(self.entry.get("checksum") or (digest.group(1) if digest else ""))

    def _finding(self, key: str, message: str) -> Finding:
        at = self.loaded.position(0, ("images", self.index, key))
        return rules.finding(rules.IMAGES, message, self.loaded.path, at, key=f"{self.entry['name']} {key}")


def _lock(files: Mapping[str, SourceFile]) -> tuple[Mapping[str, Any], Loaded | None]:
    if IMAGES_LOCK not in files:
        return {}, None
    value, loaded = load_config(files[IMAGES_LOCK], NATIVE, "images-lock", template=False)
    return value["images"], loaded


def _unused(lock: Mapping[str, Any], methods: Mapping[str, str], lock_file: Loaded | None) -> list[Finding]:
    """Locks of what is not built: left over, or a typo that would publish nothing."""
    if lock_file is None:
        return []
    return [
        rules.finding(
            rules.IMAGES_LOCK, f"'{name}' is locked, but {IMAGES} has no build of that name: remove the lock",
            lock_file.path, lock_file.position(0, ("images", name), key=True), key=name,
        )
        for name in lock if methods.get(name) != "build"
    ]
