"""`publish --preview`: what a change would publish, on a branch of its own, under versions that no release ever has."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Severity
from cluster_stacks.model.settings import GeneratorSettings, Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import Version
from cluster_stacks.operations.branches import read_tip
from cluster_stacks.operations.changes import find_changes
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.generating import generations
from cluster_stacks.operations.judged_releases import judged_releases
from cluster_stacks.operations.predecessors import Predecessors
from cluster_stacks.operations.publish import Options, PublishedStack, PublishResult
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.commit import require_identity
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.life import Dropped
from cluster_stacks.publishing.ownership import require_ours
from cluster_stacks.publishing.source import read_source
from cluster_stacks.publishing.supply import Supplier
from cluster_stacks.publishing.tips import Target, find_tip, require_target
from cluster_stacks.publishing.verify import Candidate
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.releases.digest import source_digest
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, read_path
from cluster_stacks.repository.stacks import discover, select

PREFIX = "preview/"
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?")
_OWN = {"flux": "sourceName", "argocd": "project"}
"""The parameter of a bundled generator that names what it delivers as a whole: a preview must not take a release's."""


def preview_version(source: StackSource, settings: Settings) -> Version:
    """`v0-sha.<12 digits of the source's digest>`: the same content has the same version, and no release has it."""
    digits = source_digest(source, settings).removeprefix("sha256:")[:12]
    # Decimal digits alone would be a number, which SemVer does not let begin with 0.
    return Version(0, "sha", f"a{digits[1:]}" if digits.isdecimal() else digits)


def as_preview(settings: Settings, source: StackSource) -> StackSource:
    """The source under its preview version, stack, addons and node images alike. What is on disk stays as it is."""
    version = preview_version(source, settings)
    metadata = dataclasses.replace(source.metadata, cluster_stack=version, cluster_addon=version, node_image=version)
    return dataclasses.replace(source, metadata=metadata)


def preview(repo: Path, patterns: Sequence[str], name: str, base: str | None, options: Options) -> PublishResult:
    """Publishes the stacks that changed since `base` on the branch `preview/<name>`, in place of what it held before.

    Of the changed stacks, those that `patterns` mean (none: all). Errors in the sources are findings of the result.
    Raises CannotTell where the base cannot be told, or the branch cannot be used.
    """
    changed = find_changes(repo, Question(base=base, head=options.head))
    git = Git.discover(repo)
    try:
        target = _target(git, name, options)
        require_target(git, target, options.head)
        if not options.dry_run:
            require_identity(git)
        snapshot = CommitSnapshot(git, git.commit(options.head))
        found = discover(snapshot).stacks
        stacks = select([change.stack for change in changed.changes if change.stack in found], ())
        wanted = set(select(found, patterns))
        run = _Preview(git, snapshot, target, name, options)
        try:
            if changed.findings:
                raise Refused(*changed.findings)
            return run([stack for stack in stacks if stack in wanted])
        except Refused as refused:
            return run.refused(refused)
    finally:
        git.close()


def delete_preview(repo: Path, name: str, options: Options) -> str:
    """Removes the branch of a preview, here and at the remote, and says so. Raises Refused where it is none of ours.

    One that is gone already is no error. Raises CannotTell where somebody moved it at the same time.
    """
    git = Git.discover(repo)
    try:
        target = _target(git, name, options)
        tip = find_tip(git, target)
        if tip.commit is None:
            return f"{target.branch}: there is no such preview"
        require_ours(read_branch(git, tip.commit), target.branch)
        if options.dry_run:
            return f"{target.branch}: would be removed"
        there = target.push and target.remote is not None and tip.remote is not None
        if there and not remotes.delete_with_lease(git, target.remote or "", target.ref, tip.remote or ""):
            raise CannotTell(f"{target.branch} was moved by somebody else: try again")
        if tip.local is not None:
            git.run("update-ref", "-d", target.ref, tip.local)
        at = f", at {target.remote} too" if there else ""
        return f"{target.branch}: removed{at}"
    finally:
        git.close()


def _target(git: Git, name: str, options: Options) -> Target:
    if not _NAME.fullmatch(name):
        raise CannotTell(f"{name!r} is no name for a preview: lower-case letters, digits and dashes, at most 40")
    push = options.push if options.push is not None else options.remote is not None
    return Target(PREFIX + name, options.remote or (remotes.default_remote(git) if push else None), push)


class _Preview:
    """One publish of a preview, from one commit."""

    def __init__(self, git: Git, snapshot: CommitSnapshot, target: Target, name: str, options: Options) -> None:
        self._git, self._snapshot, self._target, self._name = git, snapshot, target, name
        self._options = options
        self._source = read_source(git, snapshot.revision)
        self._settings = _own_names(load_settings(snapshot), name, target.branch)

    def __call__(self, stacks: Sequence[StackId]) -> PublishResult:
        if not stacks and read_tip(self._git, self._target).commit is None:
            note = "no stack changed: there is nothing to preview"
            return PublishResult(self._target, self._source.oid, self._options.dry_run, notes=(note,))
        candidates = self._candidates(stacks)
        amended = partial(as_preview, self._settings)
        supplier = Supplier(
            lambda _: candidates,
            # Under names of its own it is no move of any Cluster.
            lambda wanted: judged_releases(
                self._snapshot, self._settings, wanted, amended, Predecessors(self._git, "", None)
            ),
        )
        wanted = Wanted(
            self._source, (), generations(self._snapshot, self._settings),
            remotes.strip_credentials(self._settings.repository_url), redeliver=True,
            allow_secrets=self._settings.allow_secrets,
            title=f"preview {self._name}: {self._source.short}",
        )
        kept = {(item.stack, item.metadata.cluster_stack) for item in candidates}
        outcome = publisher.run(
            self._git, self._target, wanted, supplier, dry_run=self._options.dry_run,
            prepare=lambda branch, wanted: dataclasses.replace(wanted, dropped=_dropped(branch, kept)),
        )
        return self._result(outcome, candidates, supplier)

    def refused(self, refused: Refused) -> PublishResult:
        """The result where something is wrong with the sources."""
        return PublishResult(
            self._target, self._source.oid, self._options.dry_run, findings=refused.findings,
            read=partial(read_path, self._snapshot),
        )

    def _candidates(self, stacks: Sequence[StackId]) -> list[Candidate]:
        loaded = list(load_stacks(self._snapshot, stacks))
        findings = [finding for source in loaded if isinstance(source, Refused) for finding in source.findings]
        if findings:
            raise Refused(*findings)
        return [
            Candidate.of(as_preview(self._settings, source), self._settings, self._source.oid)
            for source in loaded if not isinstance(source, Refused)
        ]

    def _result(
        self, outcome: publisher.Outcome, candidates: Sequence[Candidate], supplier: Supplier
    ) -> PublishResult:
        new = {item.stack for item in outcome.composition.added}
        added, changed, removed = outcome.paths
        remarks = tuple(found for found in supplier.remarks if found.severity is not Severity.ERROR)
        return PublishResult(
            self._target, self._source.oid, self._options.dry_run, outcome.before, outcome.commit, outcome.pushed,
            stacks=tuple(
                PublishedStack(item.stack, item.metadata.cluster_stack, item.stack in new) for item in candidates
            ),
            added=added, changed=changed, removed=removed,
            notes=outcome.notes, findings=remarks, read=partial(read_path, self._snapshot),
        )


def _dropped(branch: Branch, kept: set[tuple[StackId, Version]]) -> Dropped:
    """What the preview held before and holds no more. Its versions name their content: nothing need remember them."""
    releases = {(stack, item.version) for stack, series in branch.series.items() for item in series.versions}
    units = {(stack, item.version) for stack, series in branch.series.items() for item in series.images}
    return Dropped(frozenset(releases - kept), frozenset(units - kept), forgotten=True)


def _own_names(settings: Settings, name: str, branch: str) -> Settings:
    """Settings under which a preview can be delivered beside the releases: to names of its own, from its branch."""
    generators = []
    for item in settings.generators:
        key = _OWN.get(item.name)
        given = dict(item.parameters)
        if key is not None:
            given[key] = f"{given.get(key, 'cluster-stacks')}-{name}"[:63].rstrip("-")
        generators.append(GeneratorSettings(item.name, given))
    return dataclasses.replace(settings, branch=branch, generators=tuple(generators))
