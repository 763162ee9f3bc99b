"""`promote`: releases go from one environment's branch to another's, by object ids: not one byte is made again."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.near import near_names
from cluster_stacks.model.settings import Environment, Settings
from cluster_stacks.operations.branches import (
    Rendered,
    Where,
    as_made,
    carried,
    find_environment,
    made_from,
    others,
    read_tip,
    rendered_branches,
)
from cluster_stacks.operations.life import LifeResult, Step, result_of
from cluster_stacks.operations.redelivery import Chosen
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.graft import contradiction, graft
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.ownership import require_ours
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.tips import Target, is_ancestor
from cluster_stacks.releases.branch import Branch, Release
from cluster_stacks.releases.series import State
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot


@dataclass(frozen=True, slots=True)
class Way:
    """From which environment to which; `source` None: the one that settings name for it (`from`)."""

    to: str
    source: str | None = None


def promote(repo: Path, way: Way, patterns: Sequence[str], where: Where) -> LifeResult:
    """Brings the live releases that `patterns` mean (`docker/scs`, `docker/scs/1-36/v2`; none: all) from one to other.

    Only what the target admits, and what it does not have. Raises CannotTell where there is nothing of that name,
    Refused where another branch has a version with other content.
    """
    git = Git.discover(repo)
    try:
        settings = load_settings(CommitSnapshot(git, "HEAD"))
        to = find_environment(settings, way.to)
        source = find_environment(settings, _source(way, to))
        [rendered] = rendered_branches(git, settings, dataclasses.replace(where, branch=None, environment=to.name))
        origin = _origin(git, source, rendered.target.remote)
        return _promote(git, rendered, settings, (source, origin), patterns, where)
    finally:
        git.close()


def _source(way: Way, to: Environment) -> str:
    if way.source == to.name:
        raise CannotTell(f"{to.name} cannot get releases from itself: name another with --from")
    if way.source is None and not to.promoted_from:
        raise CannotTell(f"from which environment? Name it with --from, or as `from` of {to.name} in the settings")
    return way.source or to.promoted_from


def _origin(git: Git, source: Environment, remote: str | None) -> Branch:
    branch = read_tip(git, Target(source.branch, remote))
    if branch.commit is None:
        raise CannotTell(f"{source.name} has no branch {source.branch} yet: publish to it first")
    require_ours(branch, source.branch)
    return branch


def _promote(
    git: Git, rendered: Rendered, settings: Settings, source: tuple[Environment, Branch], patterns: Sequence[str],
    where: Where,
) -> LifeResult:
    environment, origin = source
    to = rendered.environment
    assert to is not None, "it was asked for by its name"
    chosen = _chosen(origin, to, environment, patterns)
    further = others(git, settings, rendered.target)
    steps: list[Step] = []
    notes: list[str] = []

    def supply(branch: Branch, writer: ObjectWriter) -> Sequence[StagedRelease]:  # noqa: ARG001 — a Supply
        _require_one_content(branch, origin, rendered.target.branch, further, chosen)
        new = [item for item in chosen if branch.find(*item) is None]
        steps[:] = [Step(*item, "promoted") for item in new]
        notes[:] = _kept_back(branch, chosen)
        return [staged for item in new if (staged := graft(origin, *item))]

    def prepare(branch: Branch, wanted: Wanted) -> Wanted:
        new = [item for item in chosen if branch.find(*item) is None]
        names = ", ".join(f"{stack}/{version}" for stack, version in new)
        told = as_made(git, Rendered(rendered.target, to), _newer(git, branch, origin), wanted)
        return dataclasses.replace(
            told, title=f"promote {_named(new)} from {environment.name} to {to.name}",
            trailers={"Cluster-stacks-promote": names, "Cluster-stacks-from": origin.commit or ""},
        )

    wanted = Wanted(made_from(git, rendered.target, origin))
    outcome = publisher.run(
        git, rendered.target, wanted, carried(git, rendered.target, supply), dry_run=where.dry_run, prepare=prepare
    )
    return result_of(outcome, rendered.target, steps, notes, dry_run=where.dry_run)


def _newer(git: Git, branch: Branch, origin: Branch) -> Branch:
    """Whose source commit is the newer: what was promoted once never goes back to older generators."""
    ours, theirs = branch.hydrator.get("drySha", ""), origin.hydrator.get("drySha", "")
    return branch if ours and ours != theirs and is_ancestor(git, theirs, ours) else origin


def _chosen(origin: Branch, to: Environment, source: Environment, patterns: Sequence[str]) -> list[Release]:
    """What is to be promoted. Raises CannotTell for a pattern that means nothing which is live there and admitted."""
    admitted = [item for item in origin.live() if to.admits(*item)]
    chosen: dict[Release, None] = {}
    for pattern in patterns:
        meant = Chosen((pattern,))
        found = [(stack, version) for stack, version in admitted if stack.release_name(version) in meant]
        if not found:
            near = near_names(pattern, [f"{stack}/{version}" for stack, version in admitted])
            advice = f": did you mean {near[0]}?" if near else ""
            raise CannotTell(f"{source.name} has no live release {pattern} that {to.name} admits{advice}")
        chosen |= dict.fromkeys(found)
    return list(chosen) if patterns else admitted


def _require_one_content(
    branch: Branch, origin: Branch, name: str, further: Sequence[tuple[str, Branch]], chosen: Sequence[Release]
) -> None:
    findings: list[Finding] = []
    for stack, version in chosen:
        published = origin.find(stack, version)
        assert published is not None, "it is live there"
        for known, other in ((name, branch), *further):
            if found := contradiction(known, other, stack, version, published.source_digest):
                findings.append(found)
    if findings:
        raise Refused(*findings)


def _kept_back(branch: Branch, chosen: Sequence[Release]) -> list[str]:
    """Notes on releases that the target has, and does not deliver: promotion does not undo a yank."""
    notes = []
    for stack, version in chosen:
        published = branch.find(stack, version)
        if published is not None and published.state is not State.LIVE:
            notes.append(f"{stack} {version} is {published.status} there, and stays so: see `cluster-stacks restore`")
    return notes


def _named(items: Sequence[Release]) -> str:
    if len(items) > 1:
        return f"{len(items)} releases"
    return f"{items[0][0]} {items[0][1]}" if items else "delivery"
