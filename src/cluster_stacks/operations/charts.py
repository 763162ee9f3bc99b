"""The charts that addons name and do not hold: which there are, and downloading them. The only use of the network by
validation, and only where somebody asks for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.operations.chart_cache import VARIABLE, chart_file, chart_folder
from cluster_stacks.operations.choosing import choose
from cluster_stacks.operations.inflating import left_out
from cluster_stacks.operations.rendered import map_rendered
from cluster_stacks.rendering.layout import CHART
from cluster_stacks.rendering.packed import BadArchive, unpack
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.runtime.files import put
from cluster_stacks.runtime.process import ProcessFailed, run
from cluster_stacks.runtime.scratch import scratch
from cluster_stacks.runtime.tools import Tool, require_tool

SECONDS = 300.0
"""What one download may take."""


class Named(NamedTuple):
    """A chart that an addon names."""

    repository: str
    name: str
    version: str


class Download(NamedTuple):
    """What became of one chart: `downloaded`, `there` (it was before), `missing` (nobody asked), or why it failed."""

    chart: Named
    state: str
    sha256: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class ChartsResult:
    """The charts of stacks, by name; `findings` are of stacks that do not render, whose charts nobody knows."""

    folder: Path
    charts: tuple[Download, ...] = ()
    findings: tuple[Finding, ...] = field(default=())


def charts_of(repo: Path, patterns: Sequence[str], *, fetch: bool, again: bool = False) -> ChartsResult:
    """The charts that addons of these stacks (none: all) name and do not hold, as they stand in the work tree.

    With `fetch`, those that are not in the cache are downloaded; with `again` the others too, and they must be what
    they were. Raises CannotTell where there is no folder for them, or no helm to fetch with.
    """
    folder = chart_folder()
    if folder is None:
        raise CannotTell(f"there is no home, so no folder for charts: name one in {VARIABLE}")
    with choose(repo, patterns) as chosen:
        sources = load_stacks(chosen.snapshot, chosen.stacks)
        named: set[Named] = set()
        findings: list[Finding] = []
        for outcome in map_rendered(sources, chosen.settings, _named):
            named |= outcome.result or set()
            findings += outcome.findings
    downloads = _downloads(sorted(named), folder, chosen.settings, fetch, again)
    return ChartsResult(folder, tuple(downloads), tuple(findings))


def _named(_: StackSource, release: Release) -> set[Named]:
    keys = ("repository", "name", "version")
    return {Named(*(str(each.get(key) or "") for key in keys)) for each in left_out(release)}


def _downloads(
    named: Sequence[Named], folder: Path, settings: Settings, fetch: bool, again: bool
) -> list[Download]:
    found: list[Download] = []
    helm: Tool | None = None
    for chart in named:
        file = chart_file(*chart)
        old = _read(folder / file) if file else None
        if file is None:
            found.append(Download(chart, "failed", failed="its repository or version cannot be a path of the cache"))
        elif not fetch or (old is not None and not again):
            found.append(Download(chart, "missing" if old is None else "there", _sha256(old)))
        else:
            helm = helm or require_tool("helm", "it downloads charts", settings.tools)
            found.append(_download(helm, chart, folder / file, old))
    return found


def _download(helm: Tool, chart: Named, place: Path, old: bytes | None) -> Download:
    try:
        data = _pull(helm, chart)
        _check(chart, data)
    except (ProcessFailed, BadArchive, CannotTell) as error:
        return Download(chart, "failed", failed=_short(error))
    if old is not None and old != data:
        failed = f"it is not what it was (sha256 {_sha256(old)}, now {_sha256(data)}): delete {place} if that is meant"
        return Download(chart, "failed", _sha256(data), failed)
    place.parent.mkdir(parents=True, exist_ok=True)
    put(place, data, 0o644)
    return Download(chart, "downloaded" if old is None else "there", _sha256(data))


def _pull(helm: Tool, chart: Named) -> bytes:
    """By Helm, in the user's environment: proxies, certificates and logins are theirs."""
    with scratch() as folder:
        where = ["--version", chart.version, "--destination", str(folder)]
        if chart.repository.startswith("oci://"):
            argv = ["pull", f"{chart.repository.rstrip('/')}/{chart.name}", *where]
        else:
            argv = ["pull", chart.name, "--repo", chart.repository, *where]
        run([helm.path, *argv], timeout=SECONDS)
        files = sorted(folder.glob("*.tgz"))
        if len(files) != 1:
            raise CannotTell("helm says that it was downloaded, and it is not there")
        return files[0].read_bytes()


def _check(chart: Named, data: bytes) -> None:
    about: Any = {}
    try:
        about = load(unpack(data)[CHART], CHART).value
    except Refused as refused:
        raise BadArchive(f"its Chart.yaml cannot be read: {refused.findings[0].message}") from refused
    found = (about.get("name"), str(about.get("version"))) if isinstance(about, Mapping) else ("", "")
    if (found[0], found[1].removeprefix("v")) != (chart.name, chart.version.removeprefix("v")):
        raise BadArchive(f"it is {found[0]} {found[1]}")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _sha256(data: bytes | None) -> str:
    return hashlib.sha256(data).hexdigest() if data is not None else ""


def _short(error: Exception) -> str:
    """What Helm said, without the command."""
    said = error.stderr if isinstance(error, ProcessFailed) and error.stderr else str(error)
    return " ".join(said.replace("Error:", "").split())[:500]
