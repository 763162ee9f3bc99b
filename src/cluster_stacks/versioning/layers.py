"""Which layers of a stack differ between two states, and why: files, and values that templates read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cluster_stacks.model.source import Entry
from cluster_stacks.model.stack import Layer, StackId, layer_of
from cluster_stacks.repository.effective import effective_entries
from cluster_stacks.versioning.change import LayerChange
from cluster_stacks.versioning.reach import Differing, FamilyStates, differing
from cluster_stacks.versioning.sources import Blobs, Versions
from cluster_stacks.versioning.values import changed_reads, context_of

Reads = Callable[[str, bytes], frozenset[str]]
"""Which dotted names of the context the file at a path of a stack reads (rendering.reads)."""

_NAMING = (Layer.CLUSTER_CLASS, Layer.NODE_IMAGES)
"""The layers that images have names for."""
_TWO_PATCHES = tuple({"kubernetes": {"version": patch, "number": patch}} for patch in "12")
"""Contexts that differ in the Kubernetes patch alone."""


class Layers:
    """Compares the layers of stacks; what is known of a template is kept."""

    def __init__(self, blobs: Blobs, reads: Reads) -> None:
        self._blobs, self._reads = blobs, reads
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    def changed(
        self, family: FamilyStates, stack: StackId, before: Versions, after: Versions
    ) -> dict[Layer, LayerChange]:
        """The layers that differ, in their order, each with the reasons."""
        files: dict[Layer, Differing] = {}
        for key, (old, new) in differing(family, stack.minor, before.overlay.remove, after.overlay.remove).items():
            layer = layer_of(key)
            if layer is not None and not self._only_chart_version(key, old, new):
                files.setdefault(layer, {})[key] = (old, new)
        values = self._values(family, stack, before, after)
        if Layer.CLUSTER_CLASS in files and Layer.NODE_IMAGES not in (files.keys() | values.keys()):
            values |= self._naming(family, stack, after, files[Layer.CLUSTER_CLASS])
        return {
            layer: _told(files.get(layer, {}), values.get(layer, ()), stack)
            for layer in Layer
            if layer in files or layer in values
        }

    def _only_chart_version(self, key: str, old: Entry | None, new: Entry | None) -> bool:
        """Whether a chart differs in nothing but its own version, which follows from the stack's and is no content."""
        if old is None or new is None or old.mode != new.mode or not key.endswith("/Chart.yaml"):
            return False
        if old.is_submodule:
            return False
        from cluster_stacks.releases.digest import content

        return content(key, self._blobs.blob(old)) == content(key, self._blobs.blob(new))

    def _values(
        self, family: FamilyStates, stack: StackId, before: Versions, after: Versions
    ) -> dict[Layer, list[str]]:
        """The changed values that the templates of a stack read, told with their reader, by layer."""
        if before.metadata is None or after.metadata is None:
            return {}
        old, new = (context_of(side.metadata, side.overlay.vars) for side in (before, after))
        if not changed_reads(("kubernetes", "vars"), old, new):
            return {}
        entries = effective_entries(family.after, stack.minor, after.overlay.remove)
        readable = {key: entry for key, entry in entries.items() if layer_of(key) and not entry.is_submodule}
        self._blobs.fetch(readable.values())
        imaged = Layer.NODE_IMAGES in map(layer_of, readable) and bool(changed_reads(("kubernetes.version",), old, new))
        found: dict[Layer, list[str]] = {}
        for key, entry in readable.items():
            layer, names = layer_of(key), self._names(key, entry)
            assert layer is not None
            reader = f", read by {key.partition('/')[2] or key}"
            told = [name + reader for name in changed_reads(names, old, new)]
            if told:
                found.setdefault(layer, []).extend(told)
            if imaged and _names_image(layer, names):
                # A new name that nothing imports: the version of the images moves with what they are called.
                named = [f"kubernetes.version in {name}{reader}" for name in sorted(names) if _is_name(name)]
                found.setdefault(Layer.NODE_IMAGES, []).extend(named)
        return found

    def _naming(
        self, family: FamilyStates, stack: StackId, after: Versions, changed: Differing
    ) -> dict[Layer, list[str]]:
        """The images, where the class begins or ceases to name one: only then its name is what has to be imported."""
        self._blobs.fetch(entry for pair in changed.values() for entry in pair if entry)
        old, new = ({key for key, pair in changed.items() if self._has_name(key, pair[side])} for side in (0, 1))
        if bool(old) is bool(new):
            return {}
        entries = effective_entries(family.after, stack.minor, after.overlay.remove)
        layers = {key: layer_of(key) for key in entries}
        rest = {key: entry for key, entry in entries.items() if key not in changed and layers[key] in _NAMING}
        if Layer.NODE_IMAGES not in layers.values():
            return {}
        self._blobs.fetch(rest.values())
        if any(self._has_name(key, entry) or self._has_patch(key, entry, layers[key]) for key, entry in rest.items()):
            return {}
        what = "begins" if new else "ceases"
        told = [f"an image's name, which {key.partition('/')[2] or key} {what} to read" for key in sorted(old | new)]
        return {Layer.NODE_IMAGES: told}

    def _has_patch(self, key: str, entry: Entry, layer: Layer | None) -> bool:
        """Whether it is a file of the images that reads the Kubernetes patch: then they move with it in any case."""
        if layer is not Layer.NODE_IMAGES or entry.is_submodule or b"kubernetes" not in self._blobs.blob(entry):
            return False
        return bool(changed_reads(self._names(key, entry), *_TWO_PATCHES))

    def _has_name(self, key: str, entry: Entry | None) -> bool:
        if entry is None or entry.is_submodule or b"images" not in self._blobs.blob(entry):
            return False
        return any(map(_is_name, self._names(key, entry)))

    def _names(self, key: str, entry: Entry) -> frozenset[str]:
        known = self._known.get((key, entry.oid))
        if known is None:
            known = self._known[key, entry.oid] = self._reads(key, self._blobs.blob(entry))
        return known


def _names_image(layer: Layer, names: frozenset[str]) -> bool:
    """Whether a file names an image, and does not read the version in so many words for its own layer."""
    if layer not in _NAMING or (layer is Layer.NODE_IMAGES and "kubernetes.version" in names):
        return False
    return any(map(_is_name, names))


def _is_name(name: str) -> bool:
    """Whether it is the name of an image, which holds the Kubernetes version."""
    if not name.startswith("images"):
        return False
    from cluster_stacks.releases.reads import reads_image_name

    return reads_image_name(name.split("."))


def _told(files: Differing, values: Iterable[str], stack: StackId) -> LayerChange:
    shared = stack.shared_path + "/"
    return LayerChange(
        tuple(files),
        frozenset(key for key, (old, new) in files.items() if _path(old, new).startswith(shared)),
        tuple(values),
        frozenset(key for key, (old, _) in files.items() if old is None),
        frozenset(key for key, (_, new) in files.items() if new is None),
        frozenset(key for key, (old, new) in files.items() if old and new and old.oid == new.oid),
    )


def _path(old: Entry | None, new: Entry | None) -> str:
    entry = new or old
    return entry.path if entry else ""
