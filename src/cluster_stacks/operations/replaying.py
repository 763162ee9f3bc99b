"""One replay of a history: the rules, the settings, the timelines, and the pull requests of merges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import Bumps, Settings
from cluster_stacks.model.stack import PROVIDERS, StackId
from cluster_stacks.operations.comparing import reads
from cluster_stacks.operations.history import Asked, HistoryResult, Row, folders
from cluster_stacks.repository.comparison import compare_commits
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.log import Commit, Log, Span, children
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.repository.stacks import discover, select
from cluster_stacks.runtime.progress import track
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.detect import detect
from cluster_stacks.versioning.expected import VERSIONED
from cluster_stacks.versioning.replay import Judged, Replay
from cluster_stacks.versioning.rules import judge_change
from cluster_stacks.versioning.rules.history import NO_MERGE_BASE
from cluster_stacks.versioning.timeline import Timeline, explained
from cluster_stacks.versioning.trees import Graph, Line
from cluster_stacks.versioning.verdicts import verdicts


class Replaying:
    """Replays what was asked for; `meant` are its commits."""

    def __init__(self, git: Git, asked: Asked, meant: Span) -> None:
        self._git, self._asked, self._span = git, asked, meant
        self._wanted = _wanted(asked.stacks)
        self._settings = _settings(git, asked)
        self._replay = Replay(git, reads, self._judge, self._wanted)
        self._timelines: dict[StackId, Timeline] = {}
        self._commits = 0

    def result(self, commits: Iterable[Commit]) -> HistoryResult:
        """What the commits of the span did. Raises CannotTell where one cannot be judged."""
        asked = self._asked
        rows = list(self._rows(commits))
        if asked.ranges:
            with Log(self._git, self._span, folders(asked.stacks)) as again:
                rows += self._ranges(again)
        if asked.stacks and not self._timelines:
            # Nothing was seen of them: a name that is wrong is told with those that are near.
            select(discover(CommitSnapshot(self._git, asked.head)).stacks, asked.stacks)
        timelines = sorted(self._timelines.values(), key=lambda timeline: timeline.stack.sort_key)
        return HistoryResult(tuple(rows), tuple(timelines), self._commits, not asked.all_refs)

    def _rows(self, commits: Iterable[Commit]) -> Iterator[Row]:
        trees = Graph(self._git, children(self._git, self._span)) if self._asked.all_refs else Line(self._git)
        for judged in self._replay.run(self._counted(commits), trees):
            row = self._row(judged)
            if row.judged.findings or self._asked.every:
                yield row

    def _counted(self, commits: Iterable[Commit]) -> Iterator[Commit]:
        for commit in track(commits, "reading commits"):
            self._commits += 1
            yield commit

    def _row(self, judged: Judged) -> Row:
        if judged.stack is None:
            judged = self._settled(judged)
            return Row(judged, verdicts(judged))
        timeline = self._timelines.get(judged.stack)
        if timeline is None:
            merge = self._settings.bump is Bumps.MERGE
            timeline = Timeline(judged.stack, partial=self._asked.since is not None, merge=merge)
            self._timelines[judged.stack] = timeline
        if not self._asked.all_refs:
            try:
                judged = timeline.add(judged, self._replay)
            except CannotTell as error:
                raise explained(error, judged.commit) from error
        if judged.findings:
            judged = self._settled(judged)
        timeline.count(judged)
        return Row(judged, verdicts(judged) if judged.findings else ())

    def _judge(self, change: StackChange) -> list[Finding]:
        """The findings of `check`, without its command that mends them: what is committed stays."""
        merge = self._settings.bump is Bumps.MERGE
        if merge and not change.layers and not change.kubernetes_changed and change.status is Status.CHANGED:
            return []  # the commit that moves the versions after a merge
        return [_plain(finding) for finding in judge_change(change, merge=merge)]

    def _settled(self, judged: Judged) -> Judged:
        """With the severities and without the waivers of the settings."""
        if not (self._settings.rules or self._settings.waivers):
            return judged
        from datetime import UTC, datetime

        from cluster_stacks.operations.policy import apply

        return judged._replace(findings=apply(judged.findings, self._settings, datetime.now(UTC).date()).findings)

    def _ranges(self, commits: Iterable[Commit]) -> Iterator[Row]:
        """Each merge as the pull request that it was: from its merge base, with its first parent as the target."""
        for commit in commits:
            for head in commit.parents[1:]:
                try:
                    yield from self._range(commit, head)
                except CannotTell as error:
                    raise explained(error, commit) from error

    def _of(self, commit: Commit, change: StackChange) -> Judged:
        content = frozenset(component for component in VERSIONED if change.changed(component))
        before = change.tip or change.base
        return Judged(commit, change.stack, change.status, before, change.head, content, tuple(self._judge(change)))

    def _range(self, commit: Commit, head: str) -> Iterator[Row]:
        base = commit.parents[0]
        name = f"{base[:10]}...{head[:10]}"
        if not self._git.run("merge-base", base, head, ok=(0, 1)):
            message = f"merge {commit.short}: {head[:10]} has no commit in common with the branch: nothing to judge"
            finding = Finding(NO_MERGE_BASE.id, NO_MERGE_BASE.severity, message, PROVIDERS)
            yield Row(Judged(commit, None, None, findings=(finding,)), (), name)
            return
        detected = detect(compare_commits(self._git, base, head, base), reads)
        found = [self._of(commit, change) for change in detected.changes]
        for finding in detected.findings:
            stack = StackId.parse(finding.stack) if finding.stack else None
            found.append(Judged(commit, stack, None, findings=(_plain(finding),)))
        for judged in map(self._settled, found):
            kept = judged.stack is None or self._wanted(judged.stack)
            if kept and (judged.findings or self._asked.every):
                yield Row(judged, verdicts(judged), name)


def _settings(git: Git, asked: Asked) -> Settings:
    """The settings where the history ends: all is judged as it would be today. Raises Refused for broken ones."""
    from cluster_stacks.operations.settling import read

    if asked.all_refs and git.find_commit(asked.head) is None:
        return Settings()
    try:
        settings, wrong = read(CommitSnapshot(git, asked.head), whole=False)
    except CannotTell as error:
        commit = git.find_commit(asked.head) or asked.head
        raise CannotTell(f"the settings of commit {commit[:10]} cannot be read: {error}") from error
    if wrong:
        raise Refused(*wrong)
    return settings


def _plain(finding: Finding) -> Finding:
    import dataclasses

    return dataclasses.replace(finding, fix=None) if finding.fix else finding


def _wanted(patterns: Sequence[str]) -> Callable[[StackId], bool]:
    """Whether a stack is one of those that were named."""
    if not patterns:
        return lambda _: True

    @lru_cache(None)
    def wanted(stack: StackId) -> bool:
        for pattern in patterns:
            try:
                select([stack], [pattern])
            except (CannotTell, Refused):
                continue
            return True
        return False

    return wanted
