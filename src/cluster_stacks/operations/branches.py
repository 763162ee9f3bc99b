"""Which rendered branches a verb is about: the settings' one, or those of environments; and what delivers them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.near import near_names
from cluster_stacks.model.settings import NEXT, SETTINGS_PATH, Environment, Settings
from cluster_stacks.operations.generating import generations
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.commit import require_identity
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.dry import noted
from cluster_stacks.publishing.graft import graft
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.source import SourceCommit, read_source
from cluster_stacks.publishing.stage import StagedRelease
from cluster_stacks.publishing.tips import Target, find_tip, require_target
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.repository import remote as remotes
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot


@dataclass(frozen=True, slots=True)
class Where:
    """Which branch, by name or by environment (neither: the settings' one, or all environments), and which remote."""

    branch: str | None = None
    environment: str | None = None
    remote: str | None = None
    push: bool | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """One rendered branch: how it is reached, and the environment that it is, if it is one."""

    target: Target
    environment: Environment | None = None

    @property
    def name(self) -> str:
        """What to call it."""
        return self.environment.name if self.environment else self.target.branch

    def settings(self, settings: Settings) -> Settings:
        """`settings`, with the branch that Flux and Argo CD read: of a proposal, the one that it is a proposal for."""
        return dataclasses.replace(settings, branch=self.target.base or self.target.branch)


def rendered_branches(
    git: Git, settings: Settings, where: Where, head: str = "HEAD", *, writes: bool = True
) -> list[Rendered]:
    """The branches that are meant, each fit to be written if that is what it is for.

    Raises CannotTell for an environment that there is none of, and for a branch that cannot be published to.
    """
    push = where.push if where.push is not None else where.remote is not None
    remote = where.remote or (remotes.default_remote(git) if push else None)
    found = [
        Rendered(_target(environment, remote, push) if environment else Target(name, remote, push), environment)
        for name, environment in _named(settings, where)
    ]
    for item in found if writes else ():
        require_target(git, item.target, head)
    if writes and not where.dry_run:
        require_identity(git)
    return found


def find_environment(settings: Settings, name: str) -> Environment:
    """Raises CannotTell where settings name none of that name."""
    for environment in settings.environments:
        if environment.name == name:
            return environment
    known = [environment.name for environment in settings.environments]
    told = f"there is {', '.join(known)}" if known else f"name it in {SETTINGS_PATH} (environments)"
    near = near_names(name, known)
    told = f"did you mean {near[0]}? {told}" if near else told
    raise CannotTell(f"there is no environment {name}: {told}")


def _named(settings: Settings, where: Where) -> list[tuple[str, Environment | None]]:
    if where.branch is not None and where.environment is not None:
        raise CannotTell("--branch and --environment exclude each other: an environment has its branch")
    if where.branch is not None:
        return [(where.branch, None)]
    if where.environment is not None:
        environment = find_environment(settings, where.environment)
        return [(environment.branch, environment)]
    if settings.environments:
        return [(environment.branch, environment) for environment in settings.environments]
    return [(settings.branch, None)]


def _target(environment: Environment, remote: str | None, push: bool) -> Target:
    if environment.proposed:
        return Target(environment.branch + NEXT, remote, push, base=environment.branch)
    return Target(environment.branch, remote, push)


def read_tip(git: Git, target: Target) -> Branch:
    """The branch as it is now, to look at. Asks the remote, if one is named: where both differ, its state counts."""
    return read_branch(git, find_tip(git, dataclasses.replace(target, push=True)).commit)


def known_branch(git: Git, name: str) -> tuple[Branch, str]:
    """A branch as this clone knows it, to compare with; an empty one, and why, where none of ours can be read."""
    try:
        branch = read_branch(git, find_tip(git, Target(name)).commit)
    except (Refused, CannotTell) as error:
        return Branch(git), str(error)
    return (Branch(git), "cluster-stacks did not write it") if branch.is_foreign else (branch, "")


def as_made(git: Git, rendered: Rendered, branch: Branch, wanted: Wanted) -> Wanted:
    """`wanted`, made from the source commit that the branch tells of: nothing changes with it that was not asked for.

    Raises CannotTell where this clone lacks that commit.
    """
    source = made_from(git, rendered.target, branch)
    snapshot = CommitSnapshot(git, source.oid)
    settings = rendered.settings(load_settings(snapshot))
    return dataclasses.replace(
        wanted, source=source, generations=tuple(generations(snapshot, settings)),
        repository_url=remotes.strip_credentials(settings.repository_url), allow_secrets=settings.allow_secrets,
    )


def made_from(git: Git, target: Target, branch: Branch) -> SourceCommit:
    """The source commit that a branch tells of. Raises CannotTell where this clone lacks it, or the branch has none."""
    told = noted(git, branch) or branch.hydrator.get("drySha", "")
    if not told:
        raise CannotTell(f"{target.branch} does not tell the commit that it was made from: publish once, and try again")
    commit = git.find_commit(told)
    if commit is None and target.remote is not None and remotes.fetch_commit(git, target.remote, told):
        commit = git.find_commit(told)
    if commit is None:
        raise CannotTell(
            f"{target.branch} was made from commit {told[:12]}, which this clone lacks: fetch the sources "
            "(`git fetch`, `git fetch --unshallow`)"
        )
    return read_source(git, commit)


def others(git: Git, settings: Settings, target: Target) -> list[tuple[str, Branch]]:
    """The other rendered branches that settings name and that this clone, or the remote, has: name and state.

    Not the one that `target` is, or is a proposal for.
    """
    names = {environment.branch: None for environment in settings.environments}
    found = [
        (name, read_tip(git, Target(name, target.remote))) for name in names if name not in (target.branch, target.base)
    ]
    return [(name, branch) for name, branch in found if branch.index is not None]


def carried(git: Git, target: Target, supply: publisher.Supply) -> publisher.Supply:
    """`supply`, and what an open proposal already holds: where the branch that it is for went on without it."""
    if not target.base:
        return supply

    def both(branch: Branch, writer: ObjectWriter) -> Sequence[StagedRelease]:
        staged = list(supply(branch, writer))
        known = {(item.stack, item.version) for item in staged}
        before = read_tip(git, dataclasses.replace(target, base=""))
        if before.commit != branch.commit and before.index is not None:
            lost = [item for item in before.live() if item not in known and branch.find(*item) is None]
            staged += filter(None, (graft(before, *item) for item in lost))
        return staged

    return both
