"""Holds the manifests of Clusters against the rendered branch: class, version and addons are one live release."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Finding, Fix, RuleInfo
from cluster_stacks.operations.cluster_files import ClusterFiles, read_files
from cluster_stacks.operations.cluster_fit import ClusterFit
from cluster_stacks.operations.finding_releases import Found, Offer, instead, read_offer
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.manifests import AddonPath, ClusterManifest, Manifest, ReleaseLabel
from cluster_stacks.releases.published import read_published
from cluster_stacks.releases.rules import (
    NO_ADDONS,
    NO_RELEASE,
    NO_SUCH_ADDONS,
    NOT_LIVE,
    OTHER_ADDONS,
    OTHER_KUBERNETES,
)
from cluster_stacks.releases.series import Published, State
from cluster_stacks.repository.git import Git

_OURS = re.compile(r".+-[0-9]+-[0-9]+-v[0-9].*")
"""A name that only a release has: `docker-scs-1-36-v3`."""


@dataclass(frozen=True, slots=True)
class ClustersResult:
    """What was found in how many Clusters. `branch` is the one that they were held against; empty where none was."""

    findings: tuple[Finding, ...] = ()
    clusters: int = 0
    branch: str = ""
    notes: tuple[str, ...] = field(default=())


def judge_clusters(
    repo: Path, files: Sequence[Path], *, branch: str | None = None, environment: str | None = None
) -> ClustersResult:
    """Judges the Clusters with a topology in `files`; without any, in all YAML files that Git tracks below `repo`.

    The rendered branch is read as the clone at `repo` knows it, and only where there is a Cluster. Raises CannotTell
    where it knows none, Refused for a file that is no YAML.
    """
    known = read_files([*files] or _tracked(repo))
    if not known.clusters:
        return ClustersResult(notes=tuple(known.notes))
    with read_offer(repo, branch, environment) as offer:
        judge = _Judge(offer, known)
        findings = [finding for cluster in known.clusters for finding in judge.findings(cluster)]
    findings.sort(key=lambda finding: finding.sort_key)
    return ClustersResult(tuple(findings), len(known.clusters), offer.name, tuple(known.notes))


def _tracked(repo: Path) -> list[Path]:
    """The YAML files that Git tracks and that may hold a Cluster. Links are not followed."""
    git = Git.discover(repo)
    try:
        if git.top is None:
            raise CannotTell("a bare repository has no files: name those to judge")
        listed = git.run("ls-files", "-z", "--full-name", "--", ":(top)*.yaml", ":(top)*.yml").split(b"\0")
        paths = [git.top / os.fsdecode(name) for name in listed if name]
    finally:
        git.close()
    here = Path.cwd()
    found = [path for path in paths if path.is_file() and not path.is_symlink() and _may_hold(path)]
    return [path.relative_to(here) if path.is_relative_to(here) else path for path in found]


def _may_hold(path: Path) -> bool:
    data = path.read_bytes()
    return b"cluster.x-k8s.io/" in data and b"topology" in data


class _Judge:
    """Judges Clusters by what one rendered branch offers."""

    def __init__(self, offer: Offer, files: ClusterFiles) -> None:
        self._offer, self._files = offer, files
        self._fit = ClusterFit(files.data)

    def findings(self, cluster: ClusterManifest) -> Iterator[Finding]:
        """What is wrong with one Cluster."""
        release = self._release(cluster)
        if isinstance(release, Finding):
            yield release
        if not isinstance(release, Found):
            return
        series = self._offer.branch.series[release.stack]
        item = series.find(release.version)
        assert item is not None, "the release was found in this series"
        if item.state is not State.LIVE:
            latest = series.latest.version if series.latest else None
            yield _not_live(cluster, release, item, f" --to {latest}" if latest else "", instead(series))
        facts = None
        if not item.removed:
            contents = read_published(self._offer.branch, release.stack, release.version)
            facts = contents.facts
            yield from _kubernetes(cluster, facts)
            yield from self._fit.findings(cluster, contents)
        yield from self._addons(cluster, release, facts)

    def _release(self, cluster: ClusterManifest) -> Found | Finding | None:
        """The release that the Cluster is on; None where its class is none of this tool's."""
        where = f"{cluster.at.path}:{cluster.at.line}"
        try:
            return self._offer.by_class(cluster.at.value, where, gone=True)
        except CannotTell as error:
            if not _OURS.fullmatch(cluster.at.value):
                return None
            return _finding(NO_RELEASE, cluster.at, str(error).removeprefix(f"{where}: "))

    def _addons(self, cluster: ClusterManifest, release: Found, facts: ReleaseFacts | None) -> Iterator[Finding]:
        count = 0
        deliveries: list[AddonPath | ReleaseLabel] = [*self._files.paths, *self._files.labels]
        for found in deliveries:
            if self._files.is_of(cluster, found, release.stack, release.name):
                count += 1
                yield from self._delivery(cluster, release, found)
        if not count and facts and facts.addons:
            names = ", ".join(addon.name for addon in facts.addons)
            message = f"nothing in these files or beside them brings the addons of {release.name} ({names})"
            yield _finding(NO_ADDONS, cluster.at, message)

    def _delivery(self, cluster: ClusterManifest, release: Found, found: AddonPath | ReleaseLabel) -> Iterator[Finding]:
        if isinstance(found, ReleaseLabel):
            if found.at.value != release.name:
                yield _other_addons(cluster, release, found.at, f"the label says {found.at.value}", release.name)
            return
        if (found.stack, found.version) != (release.stack, str(release.version)):
            told = f"the path is that of {found.stack}/{found.version}"
            yield _other_addons(cluster, release, found.at, told, found.pointed(release.stack, release.version))
            return
        folder = f"{found.folder}/{found.stack}/{found.version}"
        if not any(name.startswith(f"{folder}/") for name in self._offer.branch.entries):
            yield _finding(NO_SUCH_ADDONS, found.at, f"{self._offer.name} has no folder {folder}")


def _not_live(cluster: ClusterManifest, release: Found, item: Published, to: str, what: str) -> Finding:
    message = f"{release.stack}/{release.version} is {item.status}{what}"
    fix = Fix("Move the Cluster to a live release.", f"cluster-stacks upgrade {cluster.at.path}{to}") if to else None
    return _finding(NOT_LIVE, cluster.at, message, fix)


def _kubernetes(cluster: ClusterManifest, facts: ReleaseFacts) -> Iterator[Finding]:
    wanted = str(facts.metadata.kubernetes)
    if cluster.version.removeprefix("v") != wanted.removeprefix("v"):
        at = cluster.at._replace(place=("spec", "topology", "version"), line=cluster.version_line)
        has = f"is {cluster.version}" if cluster.version else "is missing"
        message = f"spec.topology.version {has}, and {facts.name} is for {wanted}"
        yield _finding(OTHER_KUBERNETES, at, message, Fix(f"Write {wanted}."))


def _other_addons(cluster: ClusterManifest, release: Found, at: Manifest, told: str, wanted: str) -> Finding:
    message = f"{told}, and the class of the Cluster {cluster.at.name} is {release.name}"
    return _finding(OTHER_ADDONS, at, message, Fix(f"Write {wanted}."))


def _finding(rule: RuleInfo, at: Manifest, message: str, fix: Fix | None = None) -> Finding:
    key = f"{at.namespace}/{at.name}/{'.'.join(at.place)}"
    return Finding(rule.id, rule.severity, message, path=at.path, line=at.line, fix=fix, key=key)


