"""A release against the one before it: objects, addons and node images, by what they are and not by their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cluster_stacks.model.metadata import Component
from cluster_stacks.releases.contents import Contents, Key, Value
from cluster_stacks.releases.difference import Difference, differences
from cluster_stacks.releases.facts import AddonFact
from cluster_stacks.releases.move import Move, judge_move


class Fate(StrEnum):
    """What became of a part of a release."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One object, by the name that it has now; a removed one by its last. `differences` only where it is CHANGED."""

    fate: Fate
    group: str
    kind: str
    name: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class AddonChange:
    """One addon: what its facts say otherwise (chart, values, namespace …), its objects, or the files of its chart."""

    fate: Fate
    name: str
    differences: tuple[Difference, ...] = ()
    objects: tuple[ObjectChange, ...] = ()
    files: tuple[tuple[Fate, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseComparison:
    """All that differs. `versions` has those that moved, as texts; `images` the facts of node images by their name."""

    versions: Mapping[Component, tuple[str, str]]
    objects: tuple[ObjectChange, ...]
    addons: tuple[AddonChange, ...]
    images: tuple[Difference, ...]
    image_objects: tuple[ObjectChange, ...]
    move: Move


def compare_releases(old: Contents, new: Contents) -> ReleaseComparison:
    """What differs between two releases of a stack, or of two minors of one.

    Objects carry the name of their release in their own: they are compared with what they were under the old name, and
    a reference to such an object differs only where it means another one.
    """
    renames = _renames(old, new)
    images = _image_renames(old, new)
    return ReleaseComparison(
        _versions(old, new), tuple(_objects(old.objects, new.objects, renames)), tuple(_addons(old, new)),
        tuple(differences(_image_items(old), _image_items(new))),
        tuple(_objects(old.images, new.images, images)), judge_move(old, new, renames),
    )


def _renames(old: Contents, new: Contents) -> dict[str, str]:
    """The old names of objects of the class → what they are called in the new release."""
    before, after = old.facts.name, new.facts.name
    return {
        name: after + name.removeprefix(before)
        for _, _, name in old.objects
        if name == before or name.startswith(f"{before}-")
    }


def _image_renames(old: Contents, new: Contents) -> dict[str, str]:
    """The names that machines ask for, which carry versions, from those of the old unit to those of the new."""
    known = {item.name: item.image for item in new.facts.images.items} if new.facts.images else {}
    items = old.facts.images.items if old.facts.images else ()
    return {item.image: known[item.name] for item in items if item.name in known}


def _versions(old: Contents, new: Contents) -> dict[Component, tuple[str, str]]:
    pairs = {
        component: (str(old.facts.metadata.component(component)), str(new.facts.metadata.component(component)))
        for component in Component
    }
    return {component: pair for component, pair in pairs.items() if pair[0] != pair[1]}


def _objects(
    old: Mapping[Key, Value], new: Mapping[Key, Value], renames: Mapping[str, str]
) -> Iterator[ObjectChange]:
    before = {(group, kind, renames.get(name, name)): value for (group, kind, name), value in old.items()}
    for key, value in new.items():
        if key not in before:
            yield ObjectChange(Fate.ADDED, *key)
            continue
        found = tuple(differences(renamed(before[key], renames), value))
        if found:
            yield ObjectChange(Fate.CHANGED, *key, found)
    for key, given in zip(before, old, strict=True):
        if key not in new:
            yield ObjectChange(Fate.REMOVED, *given)


def renamed(value: object, renames: Mapping[str, str]) -> object:
    """A plain value in which every text that is an old name, whole, is the new one."""
    if isinstance(value, str):
        return renames.get(value, value)
    if isinstance(value, Mapping):
        return {key: renamed(item, renames) for key, item in value.items()}
    return [renamed(item, renames) for item in value] if isinstance(value, list) else value


def _addons(old: Contents, new: Contents) -> Iterator[AddonChange]:
    before = {addon.name: addon for addon in old.facts.addons}
    after = {addon.name: addon for addon in new.facts.addons}
    for name, addon in after.items():
        if name not in before:
            yield AddonChange(Fate.ADDED, name, tuple(differences({}, _told(addon))))
            continue
        change = AddonChange(
            Fate.CHANGED, name, tuple(differences(_told(before[name]), _told(addon))),
            tuple(_objects(old.addons.get(name, {}), new.addons.get(name, {}), {})),
            tuple(_files(old.charts.get(name, {}), new.charts.get(name, {}))),
        )
        if change.differences or change.objects or change.files:
            yield change
    yield from (AddonChange(Fate.REMOVED, name) for name in before if name not in after)


def _told(addon: AddonFact) -> dict[str, object]:
    """The facts of an addon that mean something to a cluster; its order is told by what it depends on."""
    facts: dict[str, object] = {
        "namespace": addon.namespace, "releaseName": addon.release_name, "renderer": addon.renderer,
        "dependsOn": list(addon.depends_on), "clusterLabels": dict(addon.cluster_labels),
        "clusterValues": dict(addon.cluster_values), "hook": addon.hook,
    }
    if addon.chart:
        chart = addon.chart
        facts["chart"] = {"name": chart.name, "version": chart.version, "repository": chart.repository}
        facts["values"] = addon.values or {}
    return {key: value for key, value in facts.items() if value not in ("", [], {})}


def _files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[tuple[Fate, str]]:
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield Fate.ADDED if path not in old else Fate.REMOVED if path not in new else Fate.CHANGED, path


def _image_items(contents: Contents) -> dict[str, object]:
    """The images by name. The name that machines ask for follows from the versions, and is told by them."""
    items = contents.facts.images.items if contents.facts.images else ()
    return {
        item.name: {
            key: value
            for key, value in (("method", item.method), ("url", item.url), ("checksum", item.checksum),
                               ("format", item.format))
            if value
        }
        for item in items
    }

