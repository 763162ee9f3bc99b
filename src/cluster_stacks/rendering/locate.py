"""From an object of a release back to the line that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Related
from cluster_stacks.model.release import RenderedObject
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import Position, SourceFile
from cluster_stacks.model.stack import Layer, layer_of
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import context
from cluster_stacks.rendering.images import Images, read_images
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.layout import ADDON_FOLDER, CLASS_FOLDER, Renderer, below, renderer_of
from cluster_stacks.rendering.loaded import load_file


def locate(
    source: StackSource, item: RenderedObject, pointer: str, settings: Settings, *, on_key: bool = False,
    within: Position | None = None,
) -> Related:
    """Where the value at `pointer` (RFC 6901) of an object of the stack's release comes from.

    With `on_key` its key is meant, with `within` a line and column of the text that it is.
    Exact for templates, the nearest value above it where rendering added the value; the file alone, line 0, for charts,
    kustomizations and whatever cannot be told.
    """
    del settings  # of the signature, for a renderer whose settings matter
    key = next((key for key, file in source.files.items() if file.path == item.source), None)
    if key is None or _renderer(source.files, key) is not Renderer.MANIFESTS:
        return Related(item.source)
    try:
        loaded = load_file(source.files[key], _scope(source, key))
    except Refused:
        return Related(item.source)
    if item.index >= len(loaded.documents):
        return Related(item.source)
    at = loaded.position(item.index, tuple(_steps(item.value, pointer)), on_key, within)
    return Related(item.source, at.line, at.column)


def _renderer(files: Mapping[str, SourceFile], key: str) -> Renderer:
    """What renders the folder that the file stands in."""
    folder, slash, rest = key.partition("/")
    if folder == ADDON_FOLDER:
        addon = f"{ADDON_FOLDER}/{rest.partition('/')[0]}"
        return renderer_of(below(files, addon))
    return renderer_of(below(files, CLASS_FOLDER)) if folder == CLASS_FOLDER and slash else Renderer.MANIFESTS


def _scope(source: StackSource, key: str) -> Scope:
    layer = layer_of(key)
    if layer is Layer.CLUSTER_ADDON:
        return context.addon_scope(source)
    images = read_images(source, context.images_scope(source)) or Images()
    make = context.class_scope if layer is Layer.CLUSTER_CLASS else context.image_template_scope
    return make(source, images.items, images.unbuilt)


def _steps(value: object, pointer: str) -> Iterator[str | int]:
    """The keys and indices of a JSON pointer, told apart by the object that it points into."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name.isdecimal():
            number = int(name)
            value = value[number] if number < len(value) else None
            yield number
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
            yield name
