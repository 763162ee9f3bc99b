"""One stack, read whole, becomes a Release: the only entry that other packages need."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cluster_stacks.documents.emit import emit, emit_all
from cluster_stacks.documents.json import dumps
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import ImageUnit, Release, RenderedObject
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.releases.digest import image_digest, source_digest
from cluster_stacks.releases.layout import IMAGE_FILE, README, RELEASE_FILE
from cluster_stacks.rendering import context, facts, guide, layers
from cluster_stacks.rendering.addons import Addons, render_addons
from cluster_stacks.rendering.breaking import read_breaking
from cluster_stacks.rendering.images import Images, read_images
from cluster_stacks.rendering.layout import CLASS_FOLDER, SAMPLE_CLUSTER
from cluster_stacks.rendering.naming import object_files
from cluster_stacks.rendering.objects import Made
from cluster_stacks.rendering.toolbox import Toolbox

KUSTOMIZATION = "kustomization.yaml"
KEEP = {
    # Prune for what a sync would remove, Delete for what goes with the Application itself, as retiring a release does.
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
}
"""On every template and never on the class: Cluster API's own references remove a template when nobody uses it, and a
class that is in use refuses to go. With nothing protected running clusters break, with everything nothing ever goes."""

T = TypeVar("T")


def render(source: StackSource, settings: Settings) -> Release:
    """The release that the source makes. Pure but for the processes of helm and kustomize, where a layer wants them.

    Raises Refused with everything that is wrong in any layer, at its place in the source, and CannotTell where a tool
    is missing or of another version than settings pin. A hostile source can hold the process: runtime/pool.py.
    """
    problems = _Problems(str(source.stack))
    tools = Toolbox(settings)
    images = problems.catch(lambda: read_images(source, context.images_scope(source)))
    without_images = bool(problems.findings)
    addons = problems.catch(lambda: render_addons(source, context.addon_scope(source), tools))
    found = images or Images()
    class_scope = context.class_scope(source, found.items, found.unbuilt)
    image_scope = context.image_template_scope(source, found.items, found.unbuilt)
    if without_images:  # a class that names them would be refused for the wrong reason
        problems.stop()
    classes = problems.catch(lambda: layers.class_objects(source, class_scope, tools))
    samples = problems.catch(lambda: layers.sample_cluster(source, class_scope))
    breaking = problems.catch(lambda: read_breaking(source))
    image_objects = problems.catch(lambda: layers.image_objects(source, found, image_scope))
    problems.stop()
    assert addons is not None, "whatever failed has stopped the rendering"
    unit = None if images is None else _unit(source, images, image_objects or [], settings)
    made = classes or [], samples or [], addons, images, unit
    return _release(source, settings, *made, breaking or [], tools)


class _Problems:
    """Collects findings, so that one run tells of all layers."""

    def __init__(self, stack: str) -> None:
        self._stack = stack
        self.findings: list[Finding] = []

    def catch(self, step: Callable[[], T]) -> T | None:
        """What `step` returns, None where it is refused."""
        try:
            return step()
        except Refused as refused:
            self.findings += [dataclasses.replace(found, stack=self._stack) for found in refused.findings]
            return None

    def stop(self) -> None:
        """Raises Refused where there is any finding."""
        if self.findings:
            raise Refused(*self.findings)


def _release(
    source: StackSource, settings: Settings, classes: Sequence[Made], samples: Sequence[Made], addons: Addons,
    images: Images | None, unit: ImageUnit | None, breaking: Sequence[dict[str, str]], tools: Toolbox,
) -> Release:
    name = source.stack.release_name(source.metadata.cluster_stack)
    objects = _rendered(classes, object_files(f"{CLASS_FOLDER}/", classes, name))
    sample = _rendered(samples, [SAMPLE_CLUSTER] * len(samples))
    unbuilt = images.unbuilt if images else ()
    notes = (*addons.notes, *(f"node image {image}: not built yet" for image in unbuilt))
    digest = source_digest(source, settings)
    told = facts.release_facts(source, digest, objects, addons, images, unit, tools.used, notes, breaking)
    kubernetes = str(source.metadata.kubernetes)
    files = {**_object_files(objects), **addons.files}
    if sample:
        files[SAMPLE_CLUSTER] = emit_all(item.value for item in sample).encode()
    files[guide.UPGRADE] = emit(guide.upgrade_patch(guide.main_class(told), kubernetes)).encode()
    files[README] = guide.readme(told, sample=bool(sample)).encode()
    files[RELEASE_FILE] = dumps(told).encode()
    ordered = {path: files[path] for path in sorted(files)}
    every = (*objects, *sample, *addons.objects)
    return Release(source.stack, source.metadata, told, ordered, every, unit, notes)


def _unit(source: StackSource, images: Images, objects: Sequence[Made], settings: Settings) -> ImageUnit:
    version, digest = str(source.metadata.node_image), image_digest(source, settings)
    rendered = _rendered(objects, object_files("", objects, ""))
    told = {
        "schemaVersion": facts.SCHEMA_VERSION, "unit": version, "digest": digest,
        "items": facts.image_items(source, images),
    }
    files = _object_files(rendered) if rendered else {}
    files[IMAGE_FILE] = dumps(told).encode()
    return ImageUnit(version, digest, {path: files[path] for path in sorted(files)}, rendered)


def _rendered(objects: Sequence[Made], files: Sequence[str]) -> tuple[RenderedObject, ...]:
    return tuple(
        RenderedObject(_protected(item), file, item.path, item.index)
        for item, file in zip(objects, files, strict=True)
    )


def _protected(item: Made) -> dict[str, Any]:
    """The object, kept from pruning where it is a template."""
    value: dict[str, Any] = item.value
    if not item.kind.endswith("Template"):
        return value
    metadata = value["metadata"]
    return {**value, "metadata": {**metadata, "annotations": {**(metadata.get("annotations") or {}), **KEEP}}}


def _object_files(objects: Sequence[RenderedObject]) -> dict[str, bytes]:
    """One file an object, and the kustomization that names them all, which Flux and Argo CD read."""
    files = {item.file: emit(item.value).encode() for item in objects}
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": sorted(files),
    }
    files[KUSTOMIZATION] = emit(kustomization).encode()
    return files
