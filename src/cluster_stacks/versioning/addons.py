"""The addons of a stack by its effective files: one a folder of cluster-addon, as rendering takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.stack import NAME, Layer, layer_of
from cluster_stacks.versioning.identity import NAMESPACE, AddonIdentity

FOLDER = Layer.CLUSTER_ADDON.value
ADDON_FILE = "addon.yaml"

T = TypeVar("T")
Read = Callable[[T], bytes]


def addon_files(files: Mapping[str, T]) -> dict[str, T | None]:
    """Each addon with its addon.yaml, None where it has none; `files` are keyed by the path in the stack's folder.

    A chart that stands in cluster-addon itself, as in older layouts, is one addon of that name.
    """
    if f"{FOLDER}/Chart.yaml" in files:
        return {FOLDER: files.get(f"{FOLDER}/{ADDON_FILE}")}
    found: dict[str, T | None] = {}
    for key in files:
        folder, _, rest = key.partition("/")
        name, slash, _ = rest.partition("/")
        if folder == FOLDER and slash and NAME.fullmatch(name) and layer_of(key):
            found.setdefault(name, files.get(f"{FOLDER}/{name}/{ADDON_FILE}"))
    return found


def identities(addons: Mapping[str, T | None], read: Read[T]) -> list[AddonIdentity]:
    """The addons that `addon_files` gave. One whose addon.yaml cannot be read is left out: see `unreadable`."""
    found = (_identity(name, None if file is None else read(file), ADDON_FILE) for name, file in addons.items())
    return [identity for identity in found if isinstance(identity, AddonIdentity)]


def unreadable(name: str, data: bytes, path: str) -> tuple[Finding, ...]:
    """What keeps an addon.yaml from saying by what clusters know its addon."""
    found = _identity(name, data, path)
    return found.findings if isinstance(found, Refused) else ()


def _identity(name: str, data: bytes | None, path: str) -> AddonIdentity | Refused:
    if data is None:
        return AddonIdentity(name, NAMESPACE, name)
    from cluster_stacks.documents import rules
    from cluster_stacks.documents.yaml import load

    try:
        document = load(data, path)
    except Refused as refused:
        return refused
    if not isinstance(document.value, dict):
        return rules.refused(rules.SCHEMA, "the file must be a mapping, as `namespace: kube-system`", path)
    namespace, release = document.value.get("namespace", NAMESPACE), document.value.get("releaseName", name)
    for key, value in (("namespace", namespace), ("releaseName", release)):
        if not isinstance(value, str):
            return rules.refused(rules.SCHEMA, f"{key} must be text", path, document.position((key,)))
    return AddonIdentity(name, namespace, release)
