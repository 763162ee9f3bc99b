"""Whatever is published, yanked, retired, restored and removed in whatever order: what must hold of a branch holds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_stacks.model.release import Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.publishing import publisher
from cluster_stacks.publishing.compose import Wanted
from cluster_stacks.publishing.deliver import Generation
from cluster_stacks.publishing.life import Dropped, unneeded_units
from cluster_stacks.publishing.source import read_source
from cluster_stacks.publishing.stage import stage
from cluster_stacks.publishing.tips import Target
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.releases.series import State, Status
from cluster_stacks.repository.git import Git

STACK = StackId("docker", "scs", "1-36")
STEPS = st.tuples(
    st.sampled_from(["publish", "publish", "publish", *State, "gc"]), st.integers(1, 4), st.integers(1, 2)
)


def apply(git: Git, step: tuple[str, int, int], make: object, generation: Generation) -> Branch:
    """One step, and the branch after it. A step that means nothing there changes nothing."""
    what, number, unit = step
    version = Version(number)
    tip = read_branch(git, git.find_commit("refs/heads/rendered"))
    known = tip.find(STACK, version)
    wanted = Wanted(read_source(git, git.commit("HEAD")), (), [generation])
    releases: list[Release] = []
    if what == "publish":
        releases = [make(version=str(version), content=f"v{number}", unit=f"v{unit}")]  # type: ignore[operator]
    elif what == "gc":
        gone = frozenset(
            (STACK, item.version) for series in tip.series.values() for item in series.versions
            if item.state is State.RETIRED and not item.removed
        )
        wanted = Wanted(wanted.source, (), [generation], dropped=Dropped(gone, unneeded_units(tip, gone)))
    elif known is not None and not known.removed:
        wanted = Wanted(wanted.source, (), [generation], states={(STACK, version): Status(State(what), reason="why")})
    publisher.run(git, Target("rendered"), wanted, lambda _, writer: [stage(item, writer) for item in releases])
    return read_branch(git, git.find_commit("refs/heads/rendered"))


def trees(git: Git, branch: Branch) -> dict[str, str]:
    """The folders of releases and units that are on the branch, by the id of their tree."""
    lines = git.lines("ls-tree", "-r", "-t", branch.commit or "", "releases/")
    rows = [line.split() for line in lines]
    return {path: oid for _, kind, oid, path in rows if kind == "tree" and path.rpartition("/")[2].startswith("v")}


def check(git: Git, before: dict[str, str], numbers: set[Version], branch: Branch) -> None:
    now = trees(git, branch)
    assert all(now[path] == oid for path, oid in before.items() if path in now), "a published folder changed"
    series = branch.series[STACK]
    assert {item.version for item in series.versions} >= numbers, "a number was freed"
    folders = {f"releases/{STACK}/{item.version}" for item in series.versions if not item.removed}
    units = {f"releases/{STACK}/node-images/{item.version}" for item in series.images if not item.removed}
    assert set(now) == folders | units
    live = {STACK.release_name(item.version) for item in series.live}
    delivered = {owner for owner in branch.delivered["flux"].files.values() if owner}
    assert delivered == live, "what is delivered is what is live"
    named = {f"releases/{STACK}/node-images/{facts.images.unit}" for facts in branch.facts() if facts.images}
    assert named <= set(now), "a live release names images that are not there"
    assert branch.index is not None
    listed = set(git.lines("ls-tree", "-r", "--name-only", branch.commit or ""))
    assert all(branch.index.owns(path) for path in listed)
    [entry] = json.loads(git.run("show", f"{branch.commit}:catalogue.json"))["stacks"]
    assert entry["latest"] == (str(series.live[-1].version) if series.live else None)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=7))
def test_any_life(release: object, generation: object, steps: Sequence[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        git = Git.discover(Path(name))
        git.run("init", "-q", "-b", "main")
        tree = git.run("hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
        git.run("update-ref", "refs/heads/main", git.run("commit-tree", tree, "-m", "Sources").decode().strip())
        made = generation()  # type: ignore[operator]
        before: dict[str, str] = {}
        numbers: set[Version] = set()
        for step in (("publish", 1, 1), *steps):
            branch = apply(git, step, release, made)
            check(git, before, numbers, branch)
            before |= trees(git, branch)
            numbers |= {item.version for item in branch.series[STACK].versions}
        git.close()
