"""What a rendered branch offers, as the catalogue's page shows it. Pure functions of series.json and release.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from cluster_stacks.model.metadata import Component
from cluster_stacks.model.stack import StackId
from cluster_stacks.releases import layout
from cluster_stacks.releases.compare import ReleaseComparison, compare_releases
from cluster_stacks.releases.contents import Contents
from cluster_stacks.releases.facts import ClassFact, ReleaseFacts
from cluster_stacks.releases.series import Series, State
from cluster_stacks.releases.told import comparison_lines, content_lines
from cluster_stacks.reporting.catalogue import Catalogue, EndedRelease, OfferedRelease, OfferedStack, Snippet
from cluster_stacks.reporting.difference import DiffLine

_WIDTH = 140

Compare = Callable[[ReleaseFacts, ReleaseFacts], ReleaseComparison | None]
"""The older and the newer of two releases → all that differs; None where their facts alone are to be told."""


class Place(NamedTuple):
    """Where the branch is read from: the repository's URL (empty: not known) and the branch's name."""

    url: str
    branch: str


def offered(
    series: Mapping[StackId, Series], facts: Sequence[ReleaseFacts], place: Place,
    provenance: Sequence[tuple[str, str]] = (), compare: Compare = lambda _old, _new: None,
) -> Catalogue:
    """The catalogue of a branch: `facts` are those of all its live releases.

    Minors and versions go from new to old. `compare` is asked for each release that follows another one.
    """
    by_stack = {stack: list(items) for stack, items in groupby(facts, key=lambda item: item.stack)}
    families: dict[str, list[StackId]] = {}
    for stack in sorted(series, key=lambda each: each.sort_key):
        families.setdefault(f"{stack.provider}/{stack.name}", []).insert(0, stack)
    stacks = tuple(
        OfferedStack(
            name,
            tuple(item for stack in minors for item in _live(by_stack.get(stack, []), place, compare)),
            tuple(item for stack in minors for item in _ended(series[stack])),
        )
        for name, minors in families.items()
    )
    whole = (("Branch", " of ".join(filter(None, (place.branch, place.url)))), *provenance)
    return Catalogue(stacks, whole)


def _live(facts: Sequence[ReleaseFacts], place: Place, compare: Compare) -> Iterator[OfferedRelease]:
    for before, release in reversed(list(zip([None, *facts], facts, strict=False))):
        images = release.images.items if release.images else ()
        yield OfferedRelease(
            release.name, release.stack.kubernetes_minor, str(release.version), str(release.metadata.kubernetes),
            tuple(item.image for item in images),
            tuple(f"{a.name} {a.chart.version}" if a.chart else a.name for a in release.addons),
            tuple(_facts(release)), before.name if before else "",
            tuple(_changes(before, release, compare)) if before else (), tuple(_snippets(release, place)),
        )


def _ended(series: Series) -> Iterator[EndedRelease]:
    for item in reversed(series.versions):
        if item.state is not State.LIVE:
            why = str(item.status).partition("(")[2].removesuffix(")")
            yield EndedRelease(series.stack.kubernetes_minor, str(item.version), item.state.value, why)


def _facts(release: ReleaseFacts) -> Iterator[tuple[str, str]]:
    versions = release.metadata
    yield "Addons", f"{versions.component(Component.CLUSTER_ADDON)}: {_names(item.name for item in release.addons)}"
    if release.images:
        yield "Node images", f"{release.images.unit}: {_names(item.image for item in release.images.items)}"
    for each in release.classes:
        yield "Class", each.name
        yield "Variables", _names(f"{v.name} (required)" if v.required else v.name for v in each.variables)
        yield "Workers", _names(each.workers)
    yield "Folder", layout.release_folder(release.stack, release.version)
    yield "Source digest", release.source_digest
    tools = ", ".join(f"{name} {version}" for name, version in sorted(release.tools.items()))
    yield "Rendered by", tools
    for announced in release.breaking:
        yield "Breaks", f"{announced.what}: {announced.reason}"
    for note in release.notes:
        yield "Note", note


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _changes(old: ReleaseFacts, new: ReleaseFacts, compare: Compare) -> Iterator[DiffLine]:
    whole = compare(old, new)
    if whole is not None:
        yield from comparison_lines(whole, _WIDTH)
        return
    known = compare_releases(*(Contents(facts, {}, {}, {}, {}) for facts in (old, new)))
    yield from content_lines(known, _WIDTH)
    for before, after in zip(old.classes, new.classes, strict=False):
        yield from _sets("variable", _variables(before), _variables(after))
        yield from _sets("workers", before.workers, after.workers)


def _variables(item: ClassFact) -> list[str]:
    return [f"{variable.name} (required)" if variable.required else variable.name for variable in item.variables]


def _sets(what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    yield from (DiffLine("+", f"{what} {name}") for name in new if name not in old)
    yield from (DiffLine("-", f"{what} {name}") for name in old if name not in new)


def _snippets(release: ReleaseFacts, place: Place) -> Iterator[Snippet]:
    folder = layout.release_folder(release.stack, release.version)
    if place.url:
        yield Snippet("Flux: this class, once a management cluster", _FLUX.format(
            url=_quoted(place.url), branch=_quoted(place.branch), name=release.name, folder=folder))
        yield Snippet("Argo CD: this class, once a management cluster", _ARGOCD.format(
            url=_quoted(place.url), branch=_quoted(place.branch), name=release.name, folder=folder))
    if release.classes:
        one = next((item for item in release.classes if item.name == release.name), release.classes[0])
        older = one.api_version.endswith("/v1beta1")
        reference = f"class: {one.name}" if older else f"classRef:\n      name: {one.name}"
        yield Snippet(
            "A Cluster: class and Kubernetes version, in one change",
            f"spec:\n  topology:\n    {reference}\n    version: {release.metadata.kubernetes}\n",
        )
        move = f"cluster-stacks upgrade clusters/*.yaml --to {release.stack}/{release.version}\n"
        yield Snippet("Manifests of Clusters, moved to it with their addons", move)


def _quoted(text: str) -> str:
    """As YAML reads it back, whatever it holds."""
    return json.dumps(text)


_FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: cluster-stacks
  namespace: flux-system
spec:
  interval: 1m
  url: {url}
  ref:
    branch: {branch}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 60m
  path: ./{folder}
  prune: true
  sourceRef:
    kind: GitRepository
    name: cluster-stacks
  targetNamespace: cluster-classes
"""
_ARGOCD = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {name}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: {url}
    targetRevision: {branch}
    path: {folder}
  destination:
    server: https://kubernetes.default.svc
    namespace: cluster-classes
  syncPolicy:
    automated:
      prune: true
    syncOptions: [CreateNamespace=true]
"""
