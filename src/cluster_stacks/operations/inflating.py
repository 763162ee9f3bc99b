"""What the charts of a release make in a cluster, for each version of Kubernetes that it passes through.

Helm takes 50 to 300 ms for a chart, so what it gave is kept: in memory for stacks that share a chart, and on disk. The
key is a digest of all that it depends on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cluster_stacks.delivery.templates import place
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.operations.chart_cache import cached_chart
from cluster_stacks.operations.inflated import Result, crds_of, key_of, make, minor_of, read, served, written
from cluster_stacks.rendering.inflate import Wanted
from cluster_stacks.rendering.layout import CHART
from cluster_stacks.rendering.toolbox import Toolbox
from cluster_stacks.runtime.cache import Cache
from cluster_stacks.runtime.pool import note
from cluster_stacks.runtime.tools import Tool, find_tool

CLUSTER = {"cluster_name": "example", "cluster_namespace": "example"}
"""What stands for facts of a cluster where there is none."""
MISSING = "neither vendored nor in the cache"
_REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class AddonChart:
    """An addon that is a chart. `results` by version of Kubernetes, the release's own first; none where `why` tells."""

    addon: str
    charts: tuple[str, ...]
    results: Mapping[str, Result]
    why: str = ""

    @property
    def own(self) -> Result | None:
        """What the release's own version gets."""
        return next(iter(self.results.values()), None)


class Inflater:
    """Inflates the charts of releases that are there: vendored, and with `downloaded` those in the user's cache."""

    def __init__(self, settings: Settings, *, downloaded: bool = True, enabled: bool = True) -> None:
        """With `enabled` false no chart is inflated, and each says so."""
        self._settings, self._downloaded, self._enabled = settings, downloaded, enabled
        self._disk = Cache("inflated")
        self._memory: dict[str, Result] = {}
        self._helm: list[Tool | None] = []

    def charts(self, release: Release) -> list[AddonChart]:
        """Every addon that is a chart, in the order of the facts. Raises CannotTell for a helm of another version."""
        addons = [addon for addon in _addons(release) if addon.get("renderer") == "helm"]
        if not addons:
            return []
        apis = _served_by_addons(release)
        return [self._chart(release, addon, apis) for addon in addons]

    def _chart(self, release: Release, addon: Mapping[str, Any], apis: frozenset[str]) -> AddonChart:
        name, files = str(addon["name"]), _files(release, addon)
        wanted = _dependencies(addon, files)
        labels = tuple(f"{d.get('name')} {d.get('version')}" for d in wanted)
        if not self._enabled:
            return AddonChart(name, labels, {}, "not asked for")
        missing = []
        for dependency in wanted:
            if not _is_there(dependency, files):
                data = self._downloaded_chart(dependency) if self._downloaded else None
                if data is None:
                    missing.append(f"{dependency.get('name')} {dependency.get('version')}")
                else:
                    files[f"charts/{dependency.get('name')}-{dependency.get('version')}.tgz"] = data
        if missing:
            where = MISSING if self._downloaded else "not vendored"
            return AddonChart(name, labels, {}, f"{', '.join(missing)}: {where}")
        helm = self._tool()
        if helm is None:
            return AddonChart(name, labels, {}, "helm is not installed")
        if addon.get("overwrite"):
            # Its values are facts of a Cluster: what is made without them is not what is installed.
            return AddonChart(name, labels, {}, "overwrite.yaml reads the Cluster")
        note(f"{release.stack.path}/{addon['path']}/{CHART}")  # for the case that Helm takes all of the worker's time
        results = {version: self._result(helm, files, addon, version, apis) for version in _versions(release)}
        return AddonChart(name, labels, results)

    def _result(
        self, helm: Tool, files: Mapping[str, bytes], addon: Mapping[str, Any], version: str, apis: frozenset[str]
    ) -> Result:
        wrapper = _wrapper(addon)
        packed = next((data for path, data in files.items() if path.endswith(".tgz")), b"") if wrapper else b""
        wanted = Wanted({} if wrapper else files, str(addon["releaseName"]), str(addon["namespace"]), version,
                        tuple(sorted(apis)), _values(addon), packed)
        key = key_of(wanted, helm)
        if key not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            found = read(key, self._disk.get(key))
            if found is None:
                found = make(key, helm, wanted, wrapper)
                self._disk.put(key, written(found))
            self._memory[key] = found
        return self._memory[key]

    def _tool(self) -> Tool | None:
        if not self._helm:
            found = find_tool("helm") is not None
            self._helm.append(Toolbox(self._settings).helm_for_a_check() if found else None)
        return self._helm[0]

    @staticmethod
    def _downloaded_chart(dependency: Mapping[str, Any]) -> bytes | None:
        return cached_chart(*(str(dependency.get(key) or "") for key in ("repository", "name", "version")))


def left_out(release: Release) -> list[Mapping[str, Any]]:
    """The charts that addons of a release name and do not hold: the entries of their dependencies."""
    found: list[Mapping[str, Any]] = []
    for addon in _addons(release):
        if addon.get("renderer") == "helm":
            files = _files(release, addon)
            found += (each for each in _dependencies(addon, files) if not _is_there(each, files))
    return found


def _files(release: Release, addon: Mapping[str, Any]) -> dict[str, bytes]:
    folder = f"{addon['path']}/"
    return {path.removeprefix(folder): data for path, data in release.files.items() if path.startswith(folder)}


def _addons(release: Release) -> list[Mapping[str, Any]]:
    addons = release.facts.get("addons")
    return [addon for addon in addons if isinstance(addon, Mapping)] if isinstance(addons, Sequence) else []


def _dependencies(addon: Mapping[str, Any], files: Mapping[str, bytes]) -> list[Mapping[str, Any]]:
    chart = addon.get("chart")
    if isinstance(chart, Mapping):
        return [chart]  # the one chart of an umbrella that adds nothing
    try:
        about = load(files[CHART], CHART).value
    except Refused:
        return []
    found = about.get("dependencies") if isinstance(about, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _is_there(dependency: Mapping[str, Any], files: Mapping[str, bytes]) -> bool:
    name = str(dependency.get("name"))
    return f"charts/{name}/{CHART}" in files or any(
        path.startswith(f"charts/{name}-") and path.endswith(".tgz") and path.count("/") == 1
        and path.removeprefix(f"charts/{name}-").removeprefix("v")[:1].isdecimal()
        for path in files
    )


def _versions(release: Release) -> list[str]:
    """The release's own version, then the newest of each other minor that its classes let a Cluster pass through."""
    own = str(release.metadata.kubernetes)
    classes = release.facts.get("classes")
    named = [
        str(version) for each in (classes if isinstance(classes, Sequence) else ()) if isinstance(each, Mapping)
        for version in each.get("kubernetesVersions", ())
    ]
    newest: dict[str, str] = {}
    for version in named:
        parts = version.removeprefix("v").split(".")
        if len(parts) == 3 and all(part.isdecimal() for part in parts):
            newest[".".join(parts[:2])] = version
    newest.pop(minor_of(own), None)
    return [own, *newest.values()]


def _wrapper(addon: Mapping[str, Any]) -> tuple[str, str] | None:
    """The umbrella, and the key of its one chart, which delivery installs without it; None for any other chart."""
    chart = addon.get("chart")
    if not isinstance(chart, Mapping):
        return None
    return str(addon["name"]), str(chart.get("alias") or chart["name"])


def _values(addon: Mapping[str, Any]) -> Mapping[str, Any]:
    """What delivery lays over the values of the chart that it installs."""
    places = addon.get("clusterValues")
    placed: Mapping[str, Any] = place(addon.get("values") or {}, places or {}, CLUSTER)
    return placed


def _served_by_addons(release: Release) -> frozenset[str]:
    """The API versions of custom resources that other addons of the release bring as plain objects."""
    crds = crds_of((item.value for item in release.objects), ()).values
    return frozenset(api for crd in crds for api in served(crd))
