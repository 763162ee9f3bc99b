"""A release as it stands in its folder, read back: facts, objects, and the other files of its addons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.releases import layout
from cluster_stacks.releases.facts import ObjectFact, ReleaseFacts

Key = tuple[str, str, str]
"""What an object is: its API group, kind and name. Its version is none of these: an upgrade of an API keeps it."""

Value = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Contents:
    """One release. `objects` are those of the class, `images` those of the unit of node images that it names.

    `addons` maps an addon that is delivered as manifests to its objects, `charts` one that is delivered as a chart to
    the files of the chart.
    """

    facts: ReleaseFacts
    objects: Mapping[Key, Value]
    images: Mapping[Key, Value]
    addons: Mapping[str, Mapping[Key, Value]]
    charts: Mapping[str, Mapping[str, bytes]]


def read_contents(files: Mapping[str, bytes], unit: Mapping[str, bytes]) -> Contents:
    """Reads the files of a release's folder and of its unit's folder, each by its path there.

    Raises Refused for a file that is not what publishing wrote, KeyError for one that is missing.
    """
    facts = ReleaseFacts.from_json(files[layout.RELEASE_FILE], layout.RELEASE_FILE)
    units = facts.images.objects if facts.images else ()
    addons: dict[str, Mapping[Key, Value]] = {}
    charts: dict[str, Mapping[str, bytes]] = {}
    for addon in facts.addons:
        inside = {path.removeprefix(f"{addon.path}/"): data for path, data in files.items()
                  if path.startswith(f"{addon.path}/")}
        if addon.renderer == "helm":
            charts[addon.name] = inside if addon.chart is None else {}
        else:
            addons[addon.name] = dict(_objects(inside))
    return Contents(
        facts, {_key(item): _object(files, item) for item in facts.objects},
        {_key(item): _object(unit, item) for item in units}, addons, charts,
    )


def group_of(api_version: str) -> str:
    """`cluster.x-k8s.io` of `cluster.x-k8s.io/v1beta2`; empty for the core group."""
    return api_version.rpartition("/")[0]


def _key(item: ObjectFact) -> Key:
    return group_of(item.api_version), item.kind, item.name


def _object(files: Mapping[str, bytes], item: ObjectFact) -> Value:
    value: Value = load_documents(files[item.file], item.file)[0].value
    return value


def _objects(files: Mapping[str, bytes]) -> Iterator[tuple[Key, Value]]:
    """The objects of an addon, without the kustomization that names its files."""
    for path, data in files.items():
        if not path.endswith((".yaml", ".yml")):
            continue
        for document in load_documents(data, path):
            value = document.value
            if isinstance(value, dict) and not str(value.get("apiVersion", "")).startswith("kustomize.config.k8s.io/"):
                metadata = value.get("metadata") or {}
                name = "/".join(filter(None, (metadata.get("namespace"), metadata.get("name"))))
                yield (group_of(str(value.get("apiVersion", ""))), str(value.get("kind", "")), name), value
