"""`gc`: the folders of releases that were retired long ago, and of node images that nothing on the branch names."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.branches import Rendered, Where, as_made, made_from, read_tip, rendered_branches
from cluster_stacks.operations.life import LifeResult, Step, as_text, committer_time, result_of
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.life import NOTHING, Dropped, unneeded_units
from cluster_stacks.publishing.ownership import require_ours
from cluster_stacks.releases.branch import Branch, Release
from cluster_stacks.releases.series import State
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.repository.stacks import select


def collect(repo: Path, patterns: Sequence[str], where: Where) -> list[LifeResult]:
    """Removes what settings say is retired for long enough, one commit a branch, or none.

    Only of the stacks that `patterns` mean (none: all). Yanked releases stay: someone may have to see what was wrong.
    """
    git = Git.discover(repo)
    try:
        settings = load_settings(CommitSnapshot(git, "HEAD"))
        branches = [(item, read_tip(git, item.target)) for item in rendered_branches(git, settings, where)]
        stacks = frozenset(select({stack for _, branch in branches for stack in branch.series}, patterns))
        return [_collect(git, item, branch, settings, stacks, where) for item, branch in branches]
    finally:
        git.close()


def _collect(
    git: Git, rendered: Rendered, tip: Branch, settings: Settings, stacks: frozenset[StackId], where: Where
) -> LifeResult:
    require_ours(tip, rendered.target.branch)
    now, days = committer_time(git), settings.keep_retired_days
    if not _outdated(tip, now, days, stacks):
        note = f"{rendered.target.branch}: nothing is retired for {days} days or more (keepRetiredDays)"
        return LifeResult(rendered.target, (), where.dry_run, tip.commit, notes=(note,))
    steps: list[Step] = []

    def prepare(branch: Branch, wanted: Wanted) -> Wanted:
        releases = frozenset(_outdated(branch, now, days, stacks))
        dropped = Dropped(releases, unneeded_units(branch, releases)) if releases else NOTHING
        steps[:] = [Step(*item, "removed") for item in sorted(dropped.releases)]
        steps.extend(Step(*item, "removed", unit=True) for item in sorted(dropped.units))
        names = ", ".join(f"{stack}/{version}" for stack, version in sorted(releases))
        return dataclasses.replace(
            as_made(git, rendered, branch, wanted), dropped=dropped, trailers={"Cluster-stacks-gc": names},
            title=f"gc: remove {len(releases)} releases that were retired {days} days ago or more",
        )

    wanted = Wanted(made_from(git, rendered.target, tip))
    outcome = publisher.run(git, rendered.target, wanted, lambda *_: (), dry_run=where.dry_run, prepare=prepare)
    return result_of(outcome, rendered.target, steps, (), dry_run=where.dry_run)


def _outdated(branch: Branch, now: datetime, days: int, stacks: frozenset[StackId]) -> list[Release]:
    """The releases that were retired at least `days` days before `now` and still have their folder."""
    limit = as_text(now - timedelta(days=days))
    return [
        (stack, item.version)
        for stack, series in branch.series.items()
        for item in series.versions
        if stack in stacks and item.state is State.RETIRED and not item.removed and "" < item.status.since <= limit
    ]
