"""The manifests of Clusters, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.releases.manifests import AddonPath, ClusterManifest, Manifests, ReleaseLabel, read_manifests

_RELEVANT = (b"delivery/", b"cluster-stacks.io/release")
_ENDINGS = (".yaml", ".yml")


@dataclass
class ClusterFiles:
    """The files that were named, and those beside them that may deliver addons; what was read of each."""

    data: dict[Path, bytes] = field(default_factory=dict)
    clusters: list[ClusterManifest] = field(default_factory=list)
    paths: list[AddonPath] = field(default_factory=list)
    labels: list[ReleaseLabel] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, path: Path, data: bytes, found: Manifests, *, named: bool) -> None:
        """What one file holds; its Clusters count only where it was named."""
        self.data[path] = data
        self.clusters += found.clusters if named else ()
        self.paths += found.paths
        self.labels += found.labels

    def is_of(self, cluster: ClusterManifest, delivery: AddonPath | ReleaseLabel, stack: StackId, release: str) -> bool:
        """Whether a delivery is that of a Cluster: by its name, or where it tells none, by being the only one.

        `stack` and `release` are what the Cluster is on.
        """
        if isinstance(delivery, AddonPath):
            name, namespace, alone = delivery.cluster, delivery.namespace, delivery.stack == stack
        else:
            name, namespace, alone = delivery.cluster, "", delivery.at.value == release
        if not name or "$" in name:
            return alone and len(self.clusters) == 1
        return name == cluster.at.name and (not namespace or namespace == (cluster.at.namespace or namespace))


def read_files(files: Sequence[Path]) -> ClusterFiles:
    """Reads what is named and what stands beside it. Raises Refused for a named file that is no YAML."""
    known = ClusterFiles()
    named = [path.resolve() for path in files]
    for path, shown in dict(zip(named, files, strict=True)).items():
        data = shown.read_bytes()
        known.add(path, data, read_manifests(data, str(shown)), named=True)
    for folder in dict.fromkeys(shown.parent for shown in files):
        for beside in sorted(folder.iterdir()):
            if beside.resolve() in known.data or not beside.name.endswith(_ENDINGS) or not beside.is_file():
                continue
            _add_beside(known, beside)
    return known


def _add_beside(known: ClusterFiles, path: Path) -> None:
    """A file that was not named: where it cannot be read, that is told and stops nothing."""
    try:
        data = path.read_bytes()
        if any(word in data for word in _RELEVANT):
            known.add(path.resolve(), data, read_manifests(data, str(path)), named=False)
    except (Refused, OSError) as error:
        known.notes.append(f"{path} is not looked at: {error}")
