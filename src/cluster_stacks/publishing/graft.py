"""Takes a published release from one rendered branch to another: by object ids, so that not one byte can differ."""

from __future__ import annotations

from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.publishing.rules import ELSEWHERE
from cluster_stacks.publishing.stage import StagedRelease, StagedUnit
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch
from cluster_stacks.repository.snapshot import CommitSnapshot


def graft(branch: Branch, stack: StackId, version: Version) -> StagedRelease | None:
    """A release of `branch`, whole, as it can be put on another one; None where that branch has no folder of it."""
    published = branch.find(stack, version)
    if published is None or published.removed or branch.commit is None:
        return None
    [facts] = branch.facts([(stack, version)])
    unit = None
    if facts.images:
        known = branch.series[stack].find_unit(Version.parse(facts.images.unit))
        if known is None or known.removed:
            return None
        unit = StagedUnit(known.version, known.digest, _files(branch, layout.unit_folder(stack, known.version)))
    folder = layout.release_folder(stack, version)
    return StagedRelease(facts, _files(branch, folder), unit, published.source_commit)


def contradiction(name: str, branch: Branch, stack: StackId, version: Version, digest: str) -> Finding | None:
    """An error where the branch `name` has that version with another digest of its source."""
    published = branch.find(stack, version)
    if published is None or published.source_digest == digest:
        return None
    message = (
        f"{stack} {version} has other content on {name} (from commit {published.source_commit[:7]}): one version has "
        f"one content over all branches, run `cluster-stacks bump {stack}`"
    )
    return Finding(ELSEWHERE.id, Severity.ERROR, message, stack.metadata_path, stack=str(stack))


def _files(branch: Branch, folder: str) -> dict[str, str]:
    snapshot = CommitSnapshot(branch.git, branch.commit or "HEAD")
    return {entry.path.removeprefix(f"{folder}/"): entry.oid for entry in snapshot.entries(folder)}
