"""Finds releases on a rendered branch by what people and manifests call them, and says which are near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.near import near_names
from cluster_stacks.model.stack import MINOR, PROVIDERS, StackId
from cluster_stacks.model.version import Version, VersionError
from cluster_stacks.operations.branches import Where, rendered_branches
from cluster_stacks.operations.choosing import snapshot_of
from cluster_stacks.publishing.tips import Target, find_tip
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch, read_branch
from cluster_stacks.releases.series import Series, State
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings


@dataclass(frozen=True, slots=True)
class Found:
    """One release. `problem` says why no Cluster may move to it; empty where one may."""

    stack: StackId
    version: Version
    problem: str = ""

    @property
    def name(self) -> str:
        return self.stack.release_name(self.version)

    @property
    def version_key(self) -> tuple[StackId, Version]:
        """What tells releases apart."""
        return self.stack, self.version


@dataclass(frozen=True, slots=True)
class Offer:
    """A rendered branch, by its name, at the tip that this clone knows."""

    name: str
    branch: Branch

    def by_class(self, class_name: str, where: str, *, gone: bool = False) -> Found:
        """The release that a class is of: it has the release's name, or one that begins with it and a dash.

        Raises CannotTell where there is none, or where its folder is gone, unless `gone` asks for such a one too.
        """
        if not class_name:
            raise CannotTell(f"{where}: the Cluster names no class: write the one that it uses now")
        found = [
            (stack, item) for stack, series in self.branch.series.items() for item in series.versions
            if f"{class_name}-".startswith(f"{stack.release_name(item.version)}-")
        ]
        if not found:
            names = [stack.release_name(version) for stack, version in self.branch.live()]
            near = _near(class_name, names)
            raise CannotTell(f"{where}: the class {class_name} is of no release on {self.name}{near}")
        stack, item = max(found, key=lambda pair: len(pair[0].release_name(pair[1].version)))
        if item.removed and not gone:
            name = stack.release_name(item.version)
            raise CannotTell(
                f"{where}: the folder of {name} is gone from {self.name} (gc), so a move from it cannot be judged: "
                "edit by hand, as upgrade.yaml of the new release says"
            )
        return Found(stack, item.version)

    def wanted(self, text: str, own: StackId) -> Found:
        """What `--to` means: `v4` of the stack `own`, `1-37/v1`, `docker/scs/1-37/v1`. Raises CannotTell."""
        plain = text.strip("/").removeprefix(f"{layout.RELEASES}/").removeprefix(f"{PROVIDERS}/")
        name, _, given = plain.rpartition("/")
        parts = name.split("/") if name else []
        whole = [*own[: 3 - len(parts)], *parts]
        if len(whole) != 3 or not MINOR.fullmatch(whole[2]):
            raise CannotTell(f"{text!r} is no release: write a version (v4), or STACK/VERSION (docker/scs/1-37/v1)")
        try:
            version = Version.parse(given)
        except VersionError as error:
            raise CannotTell(f"{text!r}: {error}") from error
        return self._find(StackId(*whole), version)

    def _find(self, stack: StackId, version: Version) -> Found:
        series = self.branch.series.get(stack)
        if series is None:
            known = sorted(map(str, self.branch.series))
            raise CannotTell(f"nothing of {stack} is published on {self.name}{_near(str(stack), known)}")
        item = series.find(version)
        if item is None:
            names = [str(each.version) for each in series.versions]
            raise CannotTell(f"{stack} has no release {version} on {self.name}: {_versions(names, str(version))}")
        problem = ""
        if item.state is not State.LIVE:
            problem = f"{stack}/{version} is {item.status}{instead(series)}"
        return Found(stack, version, problem)


@contextmanager
def read_offer(repo: Path, branch: str | None, environment: str | None) -> Iterator[Offer]:
    """The rendered branch that is meant, as this clone knows it. Raises CannotTell where it knows none of ours."""
    git = Git.discover(repo)
    try:
        settings = load_settings(snapshot_of(git, None))
        rendered = rendered_branches(git, settings, Where(branch, environment), writes=False)
        if len(rendered) > 1:
            names = ", ".join(each.name for each in rendered)
            raise CannotTell(f"which environment is the Cluster in? Name it with --environment: {names}")
        # Of an environment with proposals, the branch that clusters read.
        name = rendered[0].target.base or rendered[0].target.branch
        commit = find_tip(git, Target(name)).commit
        if commit is None:
            raise CannotTell(
                f"this clone has no branch {name}: fetch it (`git fetch origin {name}`), or name another with "
                "--branch, or with --repo a clone that has it"
            )
        found = read_branch(git, commit)
        if found.index is None:
            raise CannotTell(f"{name} is no branch that cluster-stacks wrote: name another with --branch")
        yield Offer(name, found)
    finally:
        git.close()


def _near(name: str, known: Sequence[str]) -> str:
    near = near_names(name, known, 2, 0.7)
    if near:
        return f": did you mean {' or '.join(near)}?"
    if not known:
        return ": nothing is published yet"
    return f": there is {', '.join(known[:8])}{' …' if len(known) > 8 else ''}"


def _versions(known: Sequence[str], version: str) -> str:
    near = near_names(version, known, 1, 0.7)
    there = f"there is {', '.join(known[-8:])}"
    return f"did you mean {near[0]}? {there}" if near else there


def instead(series: Series) -> str:
    """`: take v4`, where there is a live version."""
    return f": take {series.latest.version}" if series.latest else ""
