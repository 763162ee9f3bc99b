"""Stacks of one commit, as one commit on the rendered branch, or none."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity, Waived
from cluster_stacks.model.settings import SETTINGS_PATH, Environment, Settings
from cluster_stacks.model.stack import PROVIDERS, StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import Version
from cluster_stacks.operations.branches import Where, carried, others, rendered_branches
from cluster_stacks.operations.generating import generations
from cluster_stacks.operations.offering import Offering
from cluster_stacks.operations.predecessors import Predecessors
from cluster_stacks.operations.redelivery import Chosen, Redelivered, redelivered
from cluster_stacks.operations.settling import settle
from cluster_stacks.operations.uncommitted import uncommitted
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.addons import lost_addons
from cluster_stacks.publishing.compose import Made, Wanted
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.signed import require_signed
from cluster_stacks.publishing.source import SourceCommit, read_source
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.supply import Judged, Render, Supplier
from cluster_stacks.publishing.tips import Target
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.source_key import source_keys
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, read_path
from cluster_stacks.repository.stacks import discover, select


@dataclass(frozen=True, slots=True)
class Options:
    """How to publish. `branch` None: the settings' one. `remote` None: origin or the only one, where `push` is told.

    `push` None: where a remote is named. Without either, only this clone's branch moves, and nothing leaves it.
    `environment`: only what it admits, to its branch. `redeliver` is for the releases that the patterns of the publish
    mean.
    """

    branch: str | None = None
    remote: str | None = None
    push: bool | None = None
    head: str = "HEAD"
    dry_run: bool = False
    redeliver: bool = False
    environment: Environment | None = None
    adopt: bool = False
    """Take over a branch that something else wrote. Its files stay."""
    require_signed: bool = False
    """As the settings' requireSigned, but not in the hands of who writes the commit."""
    bundles: tuple[Path, ...] = ()
    """What `render --shard` wrote: the releases are taken from there, and none is rendered."""
    incremental: bool = True
    """Leave sources unread that a live release was made from, as their keys tell. The branch becomes the same."""


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
    redelivered: tuple[Redelivered, ...] = ()
    waived: tuple[Waived, ...] = ()
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
        settings = dataclasses.replace(settings, branch=target.base or target.branch)
        run = _Run(git, snapshot, settings, target, options)
        try:
            with uncommitted(git, ask=options.head == "HEAD") as edited:
                return run(patterns, edited)
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
        self._waived: dict[Waived, None] = {}
        self._tip: str | None = None
        self.read = partial(read_path, snapshot)

    def __call__(self, patterns: Sequence[str], edited: Callable[[], bool]) -> PublishResult:
        if self._settings.require_signed or self._options.require_signed:
            require_signed(self._git, self.source)
        stacks = self._stacks(patterns)
        keys = source_keys(self._git, self._snapshot.revision, stacks)
        offer = Offering(
            self._snapshot, self._settings, stacks, keys if self._options.incremental else {}, self._admits
        )
        generators = generations(self._snapshot, self._settings)
        supplier = Supplier(offer, self._renderer(), others(self._git, self._settings, self._target), keys)
        chosen = Chosen(patterns) if self._options.redeliver and patterns else self._options.redeliver
        wanted = Wanted(
            self.source, (), generators, remotes.strip_credentials(self._settings.repository_url), chosen,
            made_at=self._made_at, adopt=self._options.adopt,
            allow_secrets=self._settings.allow_secrets,
        )
        supply = carried(self._git, self._target, partial(self._supply, supplier, chosen))
        outcome = publisher.run(self._git, self._target, wanted, supply, dry_run=self._options.dry_run)
        notes = (*self._notes(edited), *outcome.composition.notes, *outcome.notes)
        self._waived |= dict.fromkeys(supplier.waived)
        result = self._result(outcome, offer.versions, notes, supplier.remarks)
        if not self._options.redeliver:
            return result
        return dataclasses.replace(result, redelivered=tuple(redelivered(outcome.branch, generators, chosen)))

    def _stacks(self, patterns: Sequence[str]) -> list[StackId]:
        found = discover(self._snapshot)
        if found.findings and not patterns:
            raise Refused(*found.findings)
        stacks = select(found.stacks, patterns)
        if not stacks:
            raise CannotTell(f"there is no stack below {PROVIDERS}/ in {self.source.short}: nothing to publish")
        return stacks

    def _admits(self, source: StackSource) -> bool:
        environment = self._options.environment
        return environment is None or environment.admits(source.stack, source.metadata.cluster_stack)

    def _renderer(self) -> Render:
        if self._options.bundles:
            from cluster_stacks.operations.shard import Bundles

            return Bundles(self._options.bundles, self.source.oid)
        return self._judged

    def _judged(self, stacks: Sequence[StackId]) -> Iterator[Judged]:
        """Rendered, and held against what the branch has now."""
        from cluster_stacks.operations.judged_releases import judged_releases  # with every rule: for new releases alone

        predecessors = Predecessors(self._git, self._target.branch, self._tip)
        return judged_releases(self._snapshot, self._settings, stacks, predecessors=predecessors)

    def _made_at(self, commit: str) -> Made:
        """What a newer source commit, which the branch was made from, says of delivery."""
        snapshot = CommitSnapshot(self._git, commit)
        settings = dataclasses.replace(load_settings(snapshot), branch=self._settings.branch)
        return Made(generations(snapshot, settings), remotes.strip_credentials(settings.repository_url))

    def _supply(
        self, supplier: Supplier, chosen: bool | Chosen, branch: Branch, writer: ObjectWriter
    ) -> Sequence[StagedRelease]:
        """The releases that a branch lacks; what they lose of its addons is refused, unless that is waived."""
        self._tip = branch.commit
        if isinstance(chosen, Chosen):
            chosen.require_delivered(branch)
        releases = supplier(branch, writer)
        applied = settle(lost_addons(branch, releases), self._settings, ())
        self._waived |= dict.fromkeys(applied.waived)
        wrong = [finding for finding in applied.findings if finding.severity is Severity.ERROR]
        if wrong:
            raise Refused(*wrong)
        return releases

    def _notes(self, edited: Callable[[], bool]) -> Iterator[str]:
        if not self._settings.generators:
            yield f"no generator is enabled, so nothing is delivered: name them in {SETTINGS_PATH} (generators)"
        if edited():
            yield f"what is not committed is not published: the sources are {self.source.short}"

    def _result(
        self, outcome: publisher.Outcome, versions: Mapping[StackId, Version], notes: Sequence[str],
        remarks: tuple[Finding, ...],
    ) -> PublishResult:
        new = {item.stack for item in outcome.composition.added}
        return PublishResult(
            self._target, self.source.oid, self._options.dry_run, outcome.before, outcome.commit, outcome.pushed,
            outcome.outdated,
            tuple(PublishedStack(stack, version, stack in new) for stack, version in versions.items()),
            *outcome.paths,
            tuple(notes), remarks, waived=tuple(self._waived), read=self.read,
        )


def _commit(git: Git, head: str) -> str:
    commit = git.find_commit(head)
    if commit is None and head == "HEAD":
        raise CannotTell("there is no commit yet: publish makes releases from commits, so commit the stacks first")
    return commit or git.commit(head)


def _target(git: Git, options: Options, settings: Settings) -> Target:
    if options.environment is not None:
        where = Where(None, options.environment.name, options.remote, options.push, options.dry_run)
    else:
        where = Where(options.branch or settings.branch, None, options.remote, options.push, options.dry_run)
    [rendered] = rendered_branches(git, settings, where, options.head)
    return rendered.target
