"""What the repository holds: stacks, the base of a change, rendered branches, and what delivers them."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.delivery.catalogue import find_generator
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.settings import Settings
from cluster_stacks.operations.branches import Rendered, Where, rendered_branches
from cluster_stacks.operations.diagnosis import Line, State, wrong
from cluster_stacks.operations.generating import generations
from cluster_stacks.publishing.tips import Target, find_tip
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.releases.layout import LAYOUT_VERSION
from cluster_stacks.repository.base import find_base
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import Snapshot
from cluster_stacks.repository.stacks import discover


def stacks(snapshot: Snapshot) -> list[Line]:
    """How many there are, and what stands where only stacks may."""
    try:
        found = discover(snapshot)
    except (CannotTell, Refused) as error:
        return wrong("stacks", error)
    if found.findings:
        return wrong("stacks", Refused(*found.findings), "cluster-stacks check --all")
    if not found.stacks:
        fix = "cluster-stacks new stack docker/scs --kubernetes v1.36.4"
        return [Line("stacks", State.MISSING, "there is none below providers/", fix)]
    count = len(found.stacks)
    return [Line("stacks", State.OK, f"{count}, from {found.stacks[0]} to {found.stacks[-1]}" if count > 1
                 else str(found.stacks[0]))]


def base(git: Git) -> list[Line]:
    """What a change is compared with, and why."""
    try:
        found = find_base(git)
    except CannotTell as error:
        return wrong("base", error)
    if found is None:
        text = "nothing says what a change is compared with"
        return [Line("base", State.MISSING, text, "name it with --base, or `git remote set-head origin --auto`")]
    if git.find_commit(found.ref) is None:
        return [Line("base", State.WRONG, f"{found} is not in this clone", f"git fetch origin {found.ref}")]
    return [Line("base", State.OK, str(found))]


def branches(git: Git, settings: Settings) -> Iterator[Line]:
    """The rendered branch, or that of each environment, as this clone knows it."""
    for rendered in rendered_branches(git, settings, Where(), writes=False):
        name = rendered.target.base or rendered.target.branch
        topic = f"branch {name}"
        try:
            yield _branch(git, name, topic, rendered)
        except (CannotTell, Refused) as error:
            yield from wrong(topic, error)


def _branch(git: Git, name: str, topic: str, rendered: Rendered) -> Line:
    commit = find_tip(git, Target(name)).commit
    if commit is None:
        environment = rendered.environment
        fix = "cluster-stacks publish"
        if environment and environment.promoted_from:
            fix = f"cluster-stacks promote --to {environment.name}"
        return Line(topic, State.MISSING, "this clone has no such branch", f"git fetch origin {name}, or {fix}")
    branch = read_branch(git, commit)
    if branch.index is None:
        text = "it has files that cluster-stacks did not write"
        return Line(topic, State.WRONG, text, "cluster-stacks publish --adopt, or another `branch:` in the settings")
    return Line(topic, State.OK, _told(branch, commit))


def _told(branch: Branch, commit: str) -> str:
    source = branch.hydrator.get("drySha", "")
    live, all_ = len(branch.live()), sum(len(series.versions) for series in branch.series.values())
    made = f", made from {source[:12]}" if source else ""
    return f"{commit[:12]}{made}: {live} live of {all_} releases, layout {LAYOUT_VERSION}"


def generators(snapshot: Snapshot, settings: Settings) -> Iterator[Line]:
    """Those that settings enable, each tried with its parameters."""
    if not settings.generators:
        text = "none is enabled, so nothing is delivered"
        fix = "`generators: [{name: flux}]` and `repositoryURL:` in the settings"
        yield Line("generators", State.MISSING, text, fix)
        return
    try:
        generations(snapshot, settings)
    except (CannotTell, Refused) as error:
        yield from wrong("generators", error)
        return
    found = [find_generator(item.name, snapshot) for item in settings.generators]
    text = ", ".join(
        f"{each.name} {each.version}" + ("" if each.bundled else " (the repository's own)") for each in found
    )
    if not settings.repository_url:
        yield Line("generators", State.WRONG, f"{text}: they need to know where the branch is read from",
                   "`repositoryURL:` in the settings")
        return
    yield Line("generators", State.OK, text)
