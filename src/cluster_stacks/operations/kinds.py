"""The kinds that come with a schema, as the reference shows them: what is served, deprecated, gone, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_stacks.runtime.data import data_dir
from cluster_stacks.validation.folders import bundled, read_index
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.sources import FILE, CrdSource, parse_sources
from cluster_stacks.validation.store import minors, own_kinds


@dataclass(frozen=True, slots=True)
class Project:
    """One project at one version: its kinds by (group, kind), each with its newest API version first."""

    source: CrdSource
    kinds: Mapping[tuple[str, str], tuple[KindInfo, ...]]

    @property
    def gone(self) -> tuple[tuple[str, str], ...]:
        """API versions that its CRDs hold no more, each with the release that dropped it."""
        return tuple((life.version, life.removed) for life in self.source.lifecycle if life.removed)


@dataclass(frozen=True, slots=True)
class Minor:
    """What a Kubernetes minor has that the one before had not, and the reverse: `apps/v1/Deployment`."""

    minor: str
    count: int
    added: tuple[str, ...]
    removed: tuple[str, ...]


def projects() -> list[Project]:
    """All projects in the order of sources.yaml. Raises CannotTell where the installation lacks its schemas."""
    sources = parse_sources((data_dir("schemas") / FILE).read_bytes()).crds
    infos = read_index(bundled())
    return [Project(source, _kinds([info for info in infos if info.source == str(source)])) for source in sources]


def kubernetes_minors() -> list[Minor]:
    """Kubernetes' own kinds, oldest minor first, compared with the minor before; the first has no changes."""
    found: list[Minor] = []
    before: set[str] | None = None
    for minor in minors():
        now = {f"{info.api_version}/{info.kind}" for info in own_kinds(minor)}
        older = now if before is None else before
        found.append(Minor(minor, len(now), tuple(sorted(now - older)), tuple(sorted(older - now))))
        before = now
    return found


def _kinds(infos: list[KindInfo]) -> dict[tuple[str, str], tuple[KindInfo, ...]]:
    found: dict[tuple[str, str], tuple[KindInfo, ...]] = {}
    for info in sorted(infos, key=lambda info: info.version, reverse=True):
        key = (info.group, info.kind)
        found[key] = (*found.get(key, ()), info)
    return dict(sorted(found.items()))
