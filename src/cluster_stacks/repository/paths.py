"""What a path of the repository is in the layout `providers/<provider>/<stack>/<minor>/…`."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from cluster_stacks.model.stack import MINOR, NAME, PROVIDERS, SHARED, StackId, layer_of

METADATA = "metadata.yaml"
OVERLAY = "overlay.yaml"
ROOT = "."
"""The folder of a family itself, where upstream's layouts keep what they make every minor from."""


class Family(NamedTuple):
    """All minors of one stack, with what they share."""

    provider: str
    name: str

    @property
    def path(self) -> str:
        return f"{PROVIDERS}/{self.provider}/{self.name}"

    def stack(self, minor: str) -> StackId:
        return StackId(self.provider, self.name, minor)


class Place(NamedTuple):
    """Where a file stands: in a folder (a minor, `shared`, or one that should not be) of a family, under a key."""

    family: Family
    folder: str
    key: str

    @property
    def stack(self) -> StackId | None:
        """The stack whose own folder it is; None in `shared` and in folders that are no minor."""
        return self.family.stack(self.folder) if self.is_sound and self.folder != SHARED else None

    @property
    def is_sound(self) -> bool:
        """Whether the names on the way are ones that a stack may have."""
        return (
            bool(NAME.fullmatch(self.family.provider) and NAME.fullmatch(self.family.name))
            and (self.folder == SHARED or bool(MINOR.fullmatch(self.folder)))
        )


def place_of(path: str) -> Place | None:
    """The place of a file; None for one that stands in no folder of a stack (`providers/README.md`)."""
    parts = path.split("/", 4)
    if len(parts) < 5 or parts[0] != PROVIDERS:
        return None
    return Place(Family(parts[1], parts[2]), parts[3], parts[4])


def root_place(path: str) -> Place | None:
    """The place of a file that stands in the family's own folder, or in a folder of it that is none of a stack's."""
    parts = path.split("/", 3)
    if len(parts) < 4 or parts[0] != PROVIDERS or not (NAME.fullmatch(parts[1]) and NAME.fullmatch(parts[2])):
        return None
    return Place(Family(parts[1], parts[2]), ROOT, parts[3])


def in_root(path: str) -> Place | None:
    """The same for a file that upstream's layouts keep there, a mark of theirs or one of a layer; None for others."""
    place = root_place(path)
    if place is None:
        return None
    from cluster_stacks.model.layout import MARKS  # a hook that finds nothing to do needs no layouts

    return place if place.key in MARKS or layer_of(place.key) else None


def family_of(path: str) -> Family | None:
    """The family whose folder a file stands in."""
    place = root_place(path)
    return place.family if place else None


def leaves_tree(path: str, target: str) -> bool:
    """Whether a symbolic link at `path` with the text `target` points out of the repository."""
    if target.startswith("/"):
        return True
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return joined == ".." or joined.startswith("../")


def is_printable(path: str) -> bool:
    """Whether a path is UTF-8 without control characters."""
    return not any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in path)


def shown(path: str) -> str:
    """A path as text that any output can carry."""
    return "".join(c if is_printable(c) else _escaped(c) for c in path)


def _escaped(character: str) -> str:
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    return named or f"\\x{ord(character) & 0xFF:02x}"
