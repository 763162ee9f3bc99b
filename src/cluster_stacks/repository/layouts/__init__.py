"""Reads what upstream's layouts say of a stack, one layout a file, one table; docs/layouts.md tells what becomes what.

Nothing here is loaded for a repository of the native layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.layout import MARKS, ROOT_MARKS, VERSIONS, Layout, layout_of
from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.layouts import csctl, stack_file, versions_file
from cluster_stacks.repository.layouts.said import NOTHING, Read, Said
from cluster_stacks.repository.paths import METADATA, OVERLAY, ROOT

__all__ = ["NOTHING", "READERS", "ROOT_MARKS", "Said", "expand", "said"]

Reader = Callable[[StackId, Mapping[str, Entry], Read], Said]

READERS: Mapping[Layout, Reader] = {
    Layout.CSCTL: csctl.read,
    Layout.VERSIONS: versions_file.read,
    Layout.STACK: stack_file.read,
}
"""What says Kubernetes' version and the values of addons, by layout. The others have it in metadata.yaml."""


def said(stack: StackId, own: Mapping[str, Entry], read: Read) -> Said:
    """What the files of a stack's own folder say, besides metadata.yaml.

    Raises Refused with what is wrong with one of them.
    """
    if own.keys().isdisjoint(MARKS):
        return NOTHING
    layout = layout_of(own.keys())
    found = READERS[layout](stack, own, read) if layout in READERS else NOTHING
    is_template = any(own[mark].path != f"{stack.path}/{mark}" for mark in ROOT_MARKS if mark in own)
    return found._replace(layout=Layout.VERSIONS if is_template else layout)


def expand(
    folders: Mapping[str, dict[str, Entry]], read: Read
) -> tuple[dict[str, dict[str, Entry]], tuple[Finding, ...]]:
    """The folders of a family, with one for each minor that its root is the source of, and what is wrong with the root.

    Such a minor's files are the root's. A minor that has a folder of its own is what that folder says. A root that
    cannot be read has no minors.
    """
    root = folders.get(ROOT)
    if root is None:
        return dict(folders), ()
    own = {key: entry for key, entry in root.items() if key not in (METADATA, OVERLAY)}  # of which minor?
    try:
        return {**dict.fromkeys(_minors(root, read), own), **folders}, ()
    except Refused as refused:
        return dict(folders), refused.findings


def _minors(root: Mapping[str, Entry], read: Read) -> list[str]:
    return versions_file.minors(root, read) if VERSIONS in root else csctl.minors(root, read)
