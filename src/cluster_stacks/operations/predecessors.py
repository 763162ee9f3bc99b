"""Finds the published releases that a new one is held against, on the rendered branch as this clone knows it.

Nothing is read of the branch but what this takes: the series of the stack and of the minors below it, and of a release
that is not published yet the files of its predecessors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.publishing.tips import Target, find_tip
from cluster_stacks.releases import layout
from cluster_stacks.releases.earlier import Earlier
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.rules import BRANCH_FILE, refused
from cluster_stacks.releases.series import Series
from cluster_stacks.repository.git import Git

SERIES, MINOR = "the last of its series", "the last of the minor before"


class Predecessors:
    """The published releases of one branch. One serves all workers: each reads by itself."""

    def __init__(self, git: Git, branch: str, commit: str | None) -> None:
        """`commit` is the tip of the branch; None where there is none."""
        self._git, self._branch, self._commit = git, branch, commit

    def of(self, release: Release) -> tuple[Earlier, ...]:
        """What clusters move to it from: the last live release of its series, and of the minor before.

        Nothing for a release that is published as it is. Raises Refused for a branch that was damaged.
        """
        if self._commit is None:
            return ()
        stack, version = release.stack, release.metadata.cluster_stack
        known = self._series([stack, *_below(stack)])
        found: list[Earlier] = []
        own = known.get(stack)
        if own is not None:
            same = own.find(version)
            if same is not None and (same.removed or same.source_digest == release.facts["sourceDigest"]):
                return ()
            before = same or own.predecessor(version)
            if before is not None:
                found.append(self._earlier(stack, before.version, SERIES, same=same is not None))
        minor = next((other for other in _below(stack) if other in known and known[other].latest), None)
        latest = known[minor].latest if minor else None
        if minor is not None and latest is not None:
            found.append(self._earlier(minor, latest.version, MINOR))
        return tuple(found)

    def _series(self, stacks: Sequence[StackId]) -> dict[StackId, Series]:
        paths = [layout.series_path(stack) for stack in stacks]
        found = zip(stacks, paths, self._read(paths), strict=True)
        return {stack: Series.from_json(data, path) for stack, path, data in found if data is not None}

    def _earlier(self, stack: StackId, version: Version, origin: str, *, same: bool = False) -> Earlier:
        path, folder = layout.release_path(stack, version), layout.release_folder(stack, version)
        [data] = self._read([path])
        if data is None:
            message = f"{path} is gone from {self._branch}: restore it from the branch's history"
            raise refused(BRANCH_FILE, message, path)

        def read(name: str) -> bytes | None:
            return self._read([f"{folder}/{name}"])[0]

        return Earlier(ReleaseFacts.from_json(data, path), origin, f"{self._branch}:{folder}", read, same=same)

    def _read(self, paths: Sequence[str]) -> list[bytes | None]:
        objects = self._git.batch.read([f"{self._commit}:{path}" for path in paths])
        return [item.data if item is not None and item.type == "blob" else None for item in objects]


def known_predecessors(git: Git, settings: Settings) -> tuple[Predecessors, str]:
    """Those of the branch that the settings publish to first, and why nothing is compared with it, where it is so."""
    name = first_branch(settings)
    try:
        commit = find_tip(git, Target(name)).commit
        # Without a remote there is nowhere else that anything could be published.
        elsewhere = commit is None and git.lines("remote")
        problem = "this clone has no such branch: fetch it, if something is published" if elsewhere else ""
        if commit and git.batch.read([f"{commit}:{layout.INDEX}"]) == [None]:
            commit, problem = None, "cluster-stacks did not write it"
    except (CannotTell, Refused) as error:
        commit, problem = None, str(error)
    return Predecessors(git, name, commit), problem and f"not compared with what is published on {name}: {problem}"


def first_branch(settings: Settings) -> str:
    """Where a publish brings a release first: of environments, the first that is not written by promotion alone."""
    published = (item.branch for item in settings.environments if not item.promoted_from)
    return next(published, settings.branch)


def _below(stack: StackId) -> Iterator[StackId]:
    """The minors below one of the same major, from the nearest on."""
    major, _, minor = stack.minor.partition("-")
    for number in range(int(minor) - 1, max(-1, int(minor) - 100), -1):
        yield stack._replace(minor=f"{major}-{number}")
