"""The ways out of a published release: `yank` a bad one, `retire` an old one, `restore` what was not so bad."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.model.stack import PROVIDERS, StackId
from cluster_stacks.model.version import Version, VersionError
from cluster_stacks.operations.branches import Rendered, Where, as_made, made_from, read_tip, rendered_branches
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.ownership import require_ours
from cluster_stacks.publishing.rules import FOLDER_REMOVED
from cluster_stacks.publishing.tips import Target
from cluster_stacks.releases.branch import Branch, Release
from cluster_stacks.releases.series import Published, Series, State, Status
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot


class Action(StrEnum):
    """What is done to a release; the verb's name."""

    YANK = "yank"
    RETIRE = "retire"
    RESTORE = "restore"

    @property
    def state(self) -> State:
        """What the release is then."""
        return {Action.YANK: State.YANKED, Action.RETIRE: State.RETIRED, Action.RESTORE: State.LIVE}[self]


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one release, or of one unit of node images (`unit`), on one branch."""

    stack: StackId
    version: Version
    became: str
    unit: bool = False


@dataclass(frozen=True, slots=True)
class LifeResult:
    """What was done to one branch, or would be with `dry_run`. `commit` is None where there was nothing to do.

    `added`, `changed` and `removed` are paths of the branch.
    """

    target: Target
    steps: tuple[Step, ...] = ()
    dry_run: bool = False
    before: str | None = None
    commit: str | None = None
    pushed: bool = False
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def change_states(repo: Path, action: Action, names: Sequence[str], reason: str, where: Where) -> list[LifeResult]:
    """Does `action` to the releases `names` (`docker/scs/1-36/v2`), one commit a branch that has them.

    Raises CannotTell for a release that no branch has, Refused for one that cannot become what is asked.
    """
    releases = list(dict.fromkeys(parse_release(name) for name in names))
    reason = "".join(character for character in " ".join(reason.split()) if character.isprintable())
    if action is Action.YANK and not reason:
        raise CannotTell("say why with --reason: it is what people read who used the release")
    git = Git.discover(repo)
    try:
        settings = load_settings(CommitSnapshot(git, "HEAD"))
        branches = [(item, read_tip(git, item.target)) for item in rendered_branches(git, settings, where)]
        for item, branch in branches:
            require_ours(branch, item.target.branch)
        _require_published(releases, [branch for _, branch in branches])
        return [
            _change(git, item, branch, action, releases, reason, where)
            for item, branch in branches if any(branch.find(*release) for release in releases)
        ]
    finally:
        git.close()


def parse_release(text: str) -> Release:
    """`docker/scs/1-36/v2`, with or without `providers/` or `releases/` before it. Raises CannotTell otherwise."""
    name, _, version = text.strip("/").removeprefix("releases/").removeprefix(f"{PROVIDERS}/").rpartition("/")
    stack = StackId.parse(name)
    try:
        if stack is not None:
            return stack, Version.parse(version)
    except VersionError as error:
        raise CannotTell(f"{text!r}: {error}") from error
    raise CannotTell(f"{text!r} is no release: write STACK/VERSION, such as docker/scs/1-36/v2")


def committer_time(git: Git) -> datetime:
    """When git would say that a commit is made: now, or GIT_COMMITTER_DATE, so that a run can be repeated."""
    words = git.run("var", "GIT_COMMITTER_IDENT").split()
    return datetime.fromtimestamp(int(words[-2]), UTC)


def as_text(time: datetime) -> str:
    """As the files of the branch write a time: `2026-01-02T03:04:05Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def result_of(outcome: publisher.Outcome, target: Target, steps: Sequence[Step], notes: Sequence[str], *,
              dry_run: bool) -> LifeResult:
    """What the publisher did, as the verbs tell it."""
    return LifeResult(
        target, tuple(steps), dry_run, outcome.before, outcome.commit, outcome.pushed,
        *outcome.paths,
        (*notes, *outcome.composition.notes, *outcome.notes),
    )


def _change(
    git: Git, rendered: Rendered, tip: Branch, action: Action, releases: Sequence[Release], reason: str, where: Where
) -> LifeResult:
    now = as_text(committer_time(git))
    steps: list[Step] = []
    notes: list[str] = []

    def prepare(branch: Branch, wanted: Wanted) -> Wanted:
        steps.clear()
        notes.clear()
        states = _states(branch, action, releases, Status(action.state, now, reason), notes)
        steps.extend(Step(stack, version, status.state.value) for (stack, version), status in states.items())
        told = as_made(git, rendered, branch, wanted)
        return dataclasses.replace(told, states=states, title=_title(action, states, reason), trailers={
            f"Cluster-stacks-{action}": ", ".join(f"{stack}/{version}" for stack, version in states),
            "Cluster-stacks-reason": reason,
        })

    wanted = Wanted(made_from(git, rendered.target, tip))
    outcome = publisher.run(git, rendered.target, wanted, lambda *_: (), dry_run=where.dry_run, prepare=prepare)
    return result_of(outcome, rendered.target, steps, notes, dry_run=where.dry_run)


def _states(
    branch: Branch, action: Action, releases: Sequence[Release], status: Status, notes: list[str]
) -> dict[Release, Status]:
    """What changes on this branch; `notes` are told of what does not, and of what follows. Raises Refused."""
    states: dict[Release, Status] = {}
    findings: list[Finding] = []
    for stack, version in releases:
        published = branch.find(stack, version)
        if published is None:
            continue
        if published.state is action.state:
            notes.append(f"{stack} {version} is {published.status} already")
        elif action is Action.RESTORE and published.removed:
            findings.append(_removed(stack, published))
        else:
            states[stack, version] = status
    if findings:
        raise Refused(*findings)
    notes += _consequences(branch, states)
    return states


def _consequences(branch: Branch, states: Mapping[Release, Status]) -> list[str]:
    notes = []
    for stack in dict.fromkeys(stack for stack, _ in states):
        before = branch.series[stack]
        after = before
        for (found, version), status in states.items():
            after = after.with_status(version, status) if found == stack else after
        if not after.live:
            notes.append(f"{stack} has no live release now: nothing of it is delivered")
        elif before.latest != after.latest and after.latest is not None:
            notes.append(f"{stack}: the newest live release is {after.latest.version} now")
    return notes


def _removed(stack: StackId, published: Published) -> Finding:
    message = (
        f"{stack} {published.version} is {published.status} and its folder was removed: what is gone cannot be made "
        f"the same again, so publish its content as the next version (`cluster-stacks bump {stack}`)"
    )
    return Finding(FOLDER_REMOVED.id, Severity.ERROR, message, stack=str(stack))


def _title(action: Action, states: Mapping[Release, Status], reason: str) -> str:
    named = ", ".join(f"{stack} {version}" for stack, version in states)
    what = named if len(states) < 4 else f"{len(states)} releases"
    return f"{action} {what}: {reason}" if reason else f"{action} {what}"


def _require_published(releases: Sequence[Release], branches: Sequence[Branch]) -> None:
    for stack, version in releases:
        known = {item.version for branch in branches for item in branch.series.get(stack, Series(stack)).versions}
        if version not in known:
            told = f"published are {', '.join(map(str, sorted(known)))}" if known else "no version of it is"
            near = [] if known else near_names(str(stack), _names(branches))
            told += f": did you mean {near[0]}?" if near else ""
            raise CannotTell(f"{stack} {version} was never published: {told}")


def _names(branches: Sequence[Branch]) -> list[str]:
    """The stacks of which something is published."""
    return sorted({str(stack) for branch in branches for stack in branch.series})
