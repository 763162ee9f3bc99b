"""Holds what is proposed against what is published: one version has one content, for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Fix, Severity
from cluster_stacks.model.metadata import Component, Metadata
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.publishing.rules import NOT_DELIVERED, OTHER_CONTENT, OTHER_IMAGES
from cluster_stacks.publishing.stage import StagedRelease, StagedUnit
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.digest import image_digest, source_digest
from cluster_stacks.releases.series import Published, PublishedUnit, Series, State


@dataclass(frozen=True, slots=True)
class Candidate:
    """One stack of the source, by the digests of what it would be published as."""

    stack: StackId
    metadata: Metadata
    source_digest: str
    image_digest: str
    commit: str = ""
    """The source commit, to name in findings."""

    @classmethod
    def of(cls, source: StackSource, settings: Settings, commit: str = "") -> Candidate:
        digests = source_digest(source, settings), image_digest(source, settings)
        return cls(source.stack, source.metadata, *digests, commit)


def verify(branch: Branch, candidate: Candidate) -> list[Finding]:
    """An error where the branch has that version, or that version of the node images, with other content."""
    series = branch.series.get(candidate.stack)
    if series is None:
        return []
    version, unit = candidate.metadata.cluster_stack, candidate.metadata.node_image
    published, images = series.find(version), series.find_unit(unit)
    findings: list[Finding] = []
    if published and published.source_digest != candidate.source_digest:
        findings.append(_other_content(candidate, published))
    if images and images.digest != candidate.image_digest:
        findings.append(_other_images(candidate.stack, candidate.metadata, images, candidate.commit))
    return findings


def undelivered(branch: Branch, candidate: Candidate) -> list[Finding]:
    """A note where the branch has that version, yanked or retired: publishing it again changes nothing."""
    stack, version = candidate.stack, candidate.metadata.cluster_stack
    published = branch.find(stack, version)
    if published is None or published.state is State.LIVE:
        return []
    if published.state is State.RETIRED:
        what = f"remove {stack.path} where that minor has ended; if it is still used,"
    else:
        what = f"what mends it is the next version (`cluster-stacks bump {stack}`); if it was right,"
    message = (
        f"{stack} {version} is {published.status}, so it is not delivered: {what} "
        f"`cluster-stacks restore {stack}/{version}`"
    )
    found = _finding(NOT_DELIVERED.id, stack, candidate.metadata, Component.CLUSTER_STACK, message)
    return [replace(found, severity=Severity.NOTE)]


def add_to_series(
    series: Mapping[StackId, Series], releases: Iterable[StagedRelease], commit: str
) -> dict[StackId, Series]:
    """All series with the new releases in them. Raises Refused where a version is published with other content."""
    result = dict(series)
    findings: list[Finding] = []
    for item in releases:
        found = result.get(item.stack, Series(item.stack))
        published = found.find(item.version)
        source = item.source_commit or commit
        if published is None:
            made = Published(item.version, item.facts.source_digest, source, source_key=item.source_key)
            found = found.with_version(made)
        elif published.source_digest != item.facts.source_digest:
            candidate = Candidate(item.stack, item.facts.metadata, item.facts.source_digest, "", source)
            findings.append(_other_content(candidate, published))
        if item.unit and published is None:
            found, problems = _add_unit(found, item, item.unit, source)
            findings += problems
        result[item.stack] = found
    if findings:
        raise Refused(*findings)
    return result


def _add_unit(series: Series, item: StagedRelease, unit: StagedUnit, commit: str) -> tuple[Series, list[Finding]]:
    images = series.find_unit(unit.version)
    same = images is None or images.digest == unit.digest
    if images is None or (images.removed and same):
        return series.with_unit(PublishedUnit(unit.version, unit.digest, commit)), []
    return series, [] if same else [_other_images(item.stack, item.facts.metadata, images, commit)]


def _other_content(candidate: Candidate, published: Published) -> Finding:
    stack, version = candidate.stack, candidate.metadata.cluster_stack
    return _finding(
        OTHER_CONTENT.id, stack, candidate.metadata, Component.CLUSTER_STACK,
        f"published {stack} {version} has other content ({_commits(published.source_commit, candidate.commit)}): "
        f"run `cluster-stacks bump {stack}`",
    )


def _other_images(stack: StackId, metadata: Metadata, images: PublishedUnit, commit: str) -> Finding:
    return _finding(
        OTHER_IMAGES.id, stack, metadata, Component.NODE_IMAGE,
        f"published node images {images.version} of {stack} have other content "
        f"({_commits(images.source_commit, commit)}): run `cluster-stacks bump {stack}`",
    )


def _commits(published: str, proposed: str) -> str:
    """The two source commits, as a message names them."""
    return f"from commit {published[:7]}" + (f"; this is {proposed[:7]}" if proposed else "")


def _finding(rule: str, stack: StackId, metadata: Metadata, component: Component, message: str) -> Finding:
    position = metadata.positions.get(component)
    fix = Fix("move the version", f"cluster-stacks bump {stack}")
    return Finding(
        rule, Severity.ERROR, message, stack.metadata_path, position.line if position else 0,
        position.column if position else 0, stack=str(stack), fix=fix, key=component.value,
    )
