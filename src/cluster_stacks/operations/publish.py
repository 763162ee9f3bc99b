"""Stacks of one commit, as one commit on the rendered branch, or none."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import SETTINGS_PATH, Settings
from cluster_stacks.model.stack import PROVIDERS, StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import Version
from cluster_stacks.operations.generating import generations
from cluster_stacks.operations.judging import ReleaseJudge, own_folders
from cluster_stacks.operations.rendered import map_rendered
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.commit import require_identity
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.source import SourceCommit, read_source
from cluster_stacks.publishing.supply import Judged, Supplier
from cluster_stacks.publishing.tips import Target, require_target
from cluster_stacks.publishing.verify import Candidate
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, read_path
from cluster_stacks.repository.stacks import discover, select
from cluster_stacks.versioning.rules import judge_state


@dataclass(frozen=True, slots=True)
class Options:
    """How to publish. `branch` None: the settings' one. `remote` None: origin or the only one, where `push` is told.

    `push` None: where a remote is named. Without either, only this clone's branch moves, and nothing leaves it.
    """

    branch: str | None = None
    remote: str | None = None
    push: bool | None = None
    head: str = "HEAD"
    dry_run: bool = False
    redeliver: bool = False


@dataclass(frozen=True, slots=True)
class PublishedStack:
    """One stack of the source: whether its version is new on the branch, or was published before."""

    stack: StackId
    version: Version
    is_new: bool


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a publish did, or would do with `dry_run`. Where `findings` has an error, it did nothing.

    `before` is the tip that was built on, `commit` the new one, None where nothing was committed. `added`, `changed`
    and `removed` are paths of the branch. `read` gives a source file by its path, for snippets.
    """

    target: Target
    source: str
    dry_run: bool = False
    before: str | None = None
    commit: str | None = None
    pushed: bool = False
    outdated: bool = False
    stacks: tuple[PublishedStack, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    read: Callable[[str], bytes | None] = field(default=lambda _: None, compare=False, repr=False)


def publish(repo: Path, patterns: Sequence[str], options: Options) -> PublishResult:
    """Publishes the stacks of a commit that `patterns` mean (none: all).

    What the branch has is verified by digest and never rendered again; what it lacks is rendered and judged before
    anything is committed. Errors in the sources are findings of the result. Raises CannotTell where the question has
    no answer or the branch cannot be moved, Refused for settings or a branch that cannot be used.
    """
    git = Git.discover(repo)
    try:
        snapshot = CommitSnapshot(git, _commit(git, options.head))
        settings = load_settings(snapshot)
        target = _target(git, options, settings)
        settings = dataclasses.replace(settings, branch=target.branch)
        run = _Run(git, snapshot, settings, target, options)
        try:
            return run(patterns)
        except Refused as refused:
            return PublishResult(target, run.source.oid, options.dry_run, findings=refused.findings, read=run.read)
    finally:
        git.close()


class _Run:
    """One publish, from one commit."""

    def __init__(
        self, git: Git, snapshot: CommitSnapshot, settings: Settings, target: Target, options: Options
    ) -> None:
        self._git, self._snapshot, self._settings = git, snapshot, settings
        self._target, self._options = target, options
        self.source: SourceCommit = read_source(git, snapshot.revision)
        self.read = partial(read_path, snapshot)

    def __call__(self, patterns: Sequence[str]) -> PublishResult:
        candidates = self._candidates(self._stacks(patterns))
        generators = generations(self._snapshot, self._settings)
        supplier = Supplier(candidates, self._render)
        wanted = Wanted(
            self.source, (), generators, remotes.strip_credentials(self._settings.repository_url),
            self._options.redeliver,
        )
        outcome = publisher.run(self._git, self._target, wanted, supplier, dry_run=self._options.dry_run)
        notes = (*self._notes(), *outcome.composition.notes, *outcome.notes)
        return self._result(outcome, candidates, notes, supplier.remarks)

    def _stacks(self, patterns: Sequence[str]) -> list[StackId]:
        found = discover(self._snapshot)
        if found.findings and not patterns:
            raise Refused(*found.findings)
        stacks = select(found.stacks, patterns)
        if not stacks:
            raise CannotTell(f"there is no stack below {PROVIDERS}/ in {self.source.short}: nothing to publish")
        return stacks

    def _candidates(self, stacks: Sequence[StackId]) -> list[Candidate]:
        candidates: list[Candidate] = []
        findings: list[Finding] = []
        for source in load_stacks(self._snapshot, stacks):
            if isinstance(source, Refused):
                findings += source.findings
            else:
                candidates.append(Candidate.of(source, self._settings))
        if findings:
            raise Refused(*findings)
        return candidates

    def _render(self, stacks: Sequence[StackId]) -> Iterator[Judged]:
        judge = ReleaseJudge(self._settings, own_folders(self._snapshot, self._settings))
        for minor in {stack.kubernetes_minor for stack in stacks}:
            judge.engine(minor)  # read before the workers fork: they share it

        def judged(source: StackSource, release: Release) -> Judged:
            return Judged(release, (*judge_state(source), *judge.findings(source, release)))

        for outcome in map_rendered(load_stacks(self._snapshot, stacks), self._settings, judged):
            yield outcome.result or Judged(None, outcome.findings)

    def _notes(self) -> Iterator[str]:
        if not self._settings.generators:
            yield f"no generator is enabled, so nothing is delivered: name them in {SETTINGS_PATH} (generators)"
        if self._options.head == "HEAD" and self._git.top is not None:
            paths = (PROVIDERS, "generators", SETTINGS_PATH)
            edited = self._git.run("status", "--porcelain", "--", *(f":(top){path}" for path in paths))
            if edited:
                yield f"what is not committed is not published: the sources are {self.source.short}"

    def _result(
        self, outcome: publisher.Outcome, candidates: Sequence[Candidate], notes: Sequence[str],
        remarks: tuple[Finding, ...],
    ) -> PublishResult:
        new = {item.stack for item in outcome.composition.added}
        changes, had = outcome.composition.changes, outcome.branch.entries
        return PublishResult(
            self._target, self.source.oid, self._options.dry_run, outcome.before, outcome.commit, outcome.pushed,
            outcome.outdated,
            tuple(PublishedStack(item.stack, item.metadata.cluster_stack, item.stack in new) for item in candidates),
            tuple(sorted(path for path, oid in changes.items() if oid and path not in had)),
            tuple(sorted(path for path, oid in changes.items() if oid and path in had)),
            tuple(sorted(path for path, oid in changes.items() if oid is None)),
            tuple(notes), remarks, self.read,
        )


def _commit(git: Git, head: str) -> str:
    commit = git.find_commit(head)
    if commit is None and head == "HEAD":
        raise CannotTell("there is no commit yet: publish makes releases from commits, so commit the stacks first")
    return commit or git.commit(head)


def _target(git: Git, options: Options, settings: Settings) -> Target:
    push = options.push if options.push is not None else options.remote is not None
    remote = options.remote or (remotes.default_remote(git) if push else None)
    target = Target(options.branch or settings.branch, remote, push)
    require_target(git, target, options.head)
    if not options.dry_run:
        require_identity(git)
    return target
