"""The bytes of `.cluster-stacks.yaml`, for those who may need no more than to know that it says nothing to them."""

from __future__ import annotations

from cluster_stacks.model.stack import SETTINGS_PATH
from cluster_stacks.repository.snapshot import Snapshot

# An escape could spell a key in a way that a look at the bytes does not see.
_WORDS = (b"bump", b"rules", b"waivers", b"\\")


def read_settings(snapshot: Snapshot) -> bytes | None:
    """The settings in a snapshot as they are written; None where it has none. Raises Refused where they are no file."""
    found = snapshot.entries(SETTINGS_PATH)
    if not found:
        return None
    ((entry, data),) = snapshot.read(found[:1])
    if entry.is_symlink:
        from cluster_stacks.repository import rules
        from cluster_stacks.repository.paths import leaves_tree

        target = data.decode("utf-8", "surrogateescape")
        where = "out of the repository" if leaves_tree(entry.path, target) else "elsewhere"
        message = f"the settings are a symbolic link {where}: make them a file"
        raise rules.refused(rules.LINK, message, SETTINGS_PATH)
    return data


def may_set_policy(data: bytes | None) -> bool:
    """Whether settings may say who bumps, or something of severities and waivers."""
    return data is not None and any(word in data for word in _WORDS)
