"""`publish --verify`: renders what is published again, from the commits that it was published from, and compares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from cluster_stacks.documents.json import dumps
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Finding, Fix, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import Version
from cluster_stacks.operations.branches import Where, rendered_branches
from cluster_stacks.operations.rendered import map_rendered
from cluster_stacks.publishing.ownership import require_ours
from cluster_stacks.publishing.rules import DIFFERS_BY_TOOLS, NOT_AS_RENDERED
from cluster_stacks.publishing.tips import Target, find_tip
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.releases.digest import source_digest
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.series import Published
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.repository.stacks import select


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of one branch. `checked` counts releases; `unknown` says what could not be told, and why."""

    target: Target
    commit: str | None = None
    checked: int = 0
    findings: tuple[Finding, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Published:
    """A release on the branch: its facts, and the object ids of the files of its folder and of its unit's."""

    item: Published
    facts: ReleaseFacts
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Made:
    """The same release as it is rendered now: the object ids of its files, without what names the tools."""

    files: Mapping[str, str]
    facts: bytes
    tools: Mapping[str, str]
    digest: str
    version: Version


def verify_published(repo: Path, patterns: Sequence[str], where: Where) -> list[Verified]:
    """Compares every release whose folder the branch has, of the stacks that `patterns` mean (none: all).

    Uses this clone alone, no network, and writes nothing. Raises CannotTell where there is no such branch here.
    """
    git = Git.discover(repo)
    try:
        settings = load_settings(CommitSnapshot(git, "HEAD"))
        here = replace(where, remote=None, push=False)
        branches = rendered_branches(git, settings, here, writes=False)
        tips = [(item.target, _tip(git, item.target)) for item in branches]
        stacks = frozenset(select({stack for _, branch in tips for stack in branch.series}, patterns))
        return [_verify(git, target, branch, stacks) for target, branch in tips]
    finally:
        git.close()


def _tip(git: Git, target: Target) -> Branch:
    commit = find_tip(git, target).commit
    if commit is None:
        raise CannotTell(f"this clone has no branch {target.branch}: fetch it (`git fetch origin {target.branch}`)")
    branch = read_branch(git, commit)
    require_ours(branch, target.branch)
    return branch


def _verify(git: Git, target: Target, branch: Branch, stacks: frozenset[StackId]) -> Verified:
    findings: list[Finding] = []
    unknown: list[str] = []
    groups = _groups(branch, stacks)
    for (source, _), items in groups.items():
        found, told = _of_commit(git, branch, source, items)
        findings += (replace(item, fix=_restoration(item, target)) for item in found)
        unknown += told
    return Verified(target, branch.commit, sum(map(len, groups.values())), tuple(findings), tuple(unknown))


def _restoration(finding: Finding, target: Target) -> Fix | None:
    if finding.severity is not Severity.ERROR or not finding.path:
        return None
    return Fix("take the file from before the commit that edited it", f"git log {target.branch} -- {finding.path}")


def _groups(branch: Branch, stacks: frozenset[StackId]) -> dict[tuple[str, Version], list[tuple[StackId, Published]]]:
    """The releases by the commit that each was published from: none of a group is of the same stack as another."""
    groups: dict[tuple[str, Version], list[tuple[StackId, Published]]] = {}
    for stack in sorted(stacks & branch.series.keys(), key=lambda stack: stack.sort_key):
        for item in branch.series[stack].versions:
            if not item.removed:
                groups.setdefault((item.source_commit, item.version), []).append((stack, item))
    return groups


def _of_commit(
    git: Git, branch: Branch, source: str, items: Sequence[tuple[StackId, Published]]
) -> tuple[list[Finding], list[str]]:
    """What is found of the releases that were published from one commit, and what could not be told of them."""
    names = ", ".join(f"{stack} {item.version}" for stack, item in items)
    if git.find_commit(source) is None:
        return [], [f"{names}: this clone lacks the source commit {source[:12]}: `git fetch origin {source}`"]
    snapshot = CommitSnapshot(git, source)
    settings = load_settings(snapshot)
    published = {stack: _published(branch, stack, item) for stack, item in items}
    findings: list[Finding] = []
    unknown: list[str] = []

    def made(stack_source: StackSource, release: Release) -> _Made:
        return _made(release, source_digest(stack_source, settings), partial(_oid, branch.commit or ""))

    try:
        sources = load_stacks(snapshot, published)
        outcomes = map_rendered(sources, settings, made, total=len(published))
        for (stack, was), outcome in zip(published.items(), outcomes, strict=True):
            if outcome.result is None:
                findings += [_differs(stack, was, f"its source does not render: {f.message}") for f in outcome.findings]
            else:
                found, told = _compare(stack, was, outcome.result)
                findings += found
                unknown += told
    except CannotTell as error:  # a tool is missing, or is of another version than that commit's settings pin
        unknown.append(f"{names}: {error}")
    return findings, unknown


def _published(branch: Branch, stack: StackId, item: Published) -> _Published:
    [facts] = branch.facts([(stack, item.version)])
    folders = [layout.release_folder(stack, item.version)]
    folders += [layout.unit_folder(stack, facts.images.unit)] if facts.images else []
    entries = CommitSnapshot(branch.git, branch.commit or "HEAD").entries(*folders)
    return _Published(item, facts, {entry.path: entry.oid for entry in entries})


def _made(release: Release, digest: str, oid: partial[str]) -> _Made:
    folder = layout.release_folder(release.stack, release.metadata.cluster_stack)
    files = {f"{folder}/{path}": oid(data) for path, data in release.files.items()}
    if release.images is not None:
        unit = layout.unit_folder(release.stack, release.images.version)
        files |= {f"{unit}/{path}": oid(data) for path, data in release.images.files.items()}
    facts = ReleaseFacts.from_json(release.facts, layout.RELEASE_FILE)
    return _Made(files, _without_tools(release.facts), facts.tools, digest, facts.version)


def _compare(stack: StackId, was: _Published, made: _Made) -> tuple[list[Finding], list[str]]:
    """The differences, as errors; as something that cannot be told where other tools may be the reason."""
    file = layout.release_path(stack, was.item.version)
    if was.item.version != made.version:
        return [_differs(stack, was, f"that commit says {made.version}: series.json was edited")], []
    if was.item.source_digest != made.digest and was.facts.tools == made.tools:
        return [_differs(stack, was, "that commit gives another sourceDigest: series.json was edited")], []
    differing = [path for path in sorted(was.files.keys() | made.files.keys())
                 if was.files.get(path) != made.files.get(path)]
    same_facts = _without_tools(was.facts.data) == made.facts
    if was.facts.tools != made.tools and same_facts:
        differing = [path for path in differing if path != file]  # it differs in the names of the tools, as it must
    if not differing:
        return [], []
    if was.facts.tools == made.tools:
        return [_differs(stack, was, how, path) for path, how in _how(differing, was, made)], []
    tools = _tools(was.facts.tools, made.tools)
    told = f"{stack} {was.item.version}: {len(differing)} files differ, the first is {differing[0]}; {tools}"
    message = f"{differing[0]} and {len(differing) - 1} more differ from what the source gives; {tools}"
    return [Finding(DIFFERS_BY_TOOLS.id, Severity.WARNING, message, file, stack=str(stack))], [told]


def _how(paths: Sequence[str], was: _Published, made: _Made) -> Iterator[tuple[str, str]]:
    for path in paths:
        if path not in made.files:
            yield path, "is not of the release"
        elif path not in was.files:
            yield path, "is missing"
        else:
            yield path, "was edited"


def _differs(stack: StackId, was: _Published, how: str, path: str = "") -> Finding:
    source = was.item.source_commit[:7]
    message = (
        f"{path or f'{stack} {was.item.version}'} {how}: commit {source} gives other content, so restore it from the "
        "branch's history" if path else f"{stack} {was.item.version} (from {source}): {how}"
    )
    return Finding(
        NOT_AS_RENDERED.id, Severity.ERROR, message, path or layout.series_path(stack), stack=str(stack), key=path
    )


def _tools(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """`rendered by helm v4.2.0, and here is v4.3.1`."""
    words = [
        f"{name} {then.get(name, 'none')} then, {now.get(name, 'none')} here"
        for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)
    ]
    return f"it was rendered by other tools ({'; '.join(words)}): verify with those"


def _without_tools(facts: Mapping[str, object]) -> bytes:
    return dumps({key: value for key, value in facts.items() if key != "tools"}).encode()


def _oid(like: str, data: bytes) -> str:
    """The object id of a blob, in the format of the id `like`."""
    digest = hashlib.new("sha256" if len(like) == 64 else "sha1", b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()

