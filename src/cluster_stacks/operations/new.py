"""A new stack made from a reference stack, and a new minor made from another minor of its stack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.metadata import METADATA_API_VERSION, Metadata
from cluster_stacks.model.near import near_names
from cluster_stacks.model.stack import MINOR, NAME, PROVIDERS, SHARED, StackId
from cluster_stacks.model.version import FIRST, KubernetesVersion, VersionError
from cluster_stacks.operations.creating import NewFile, Plan, create
from cluster_stacks.operations.left_to_edit import Todo, left_to_edit
from cluster_stacks.operations.references import files_below, find_reference, minor_like, number_of
from cluster_stacks.repository.effective import families, load_stack
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.paths import METADATA, OVERLAY, Family, shown
from cluster_stacks.repository.snapshot import Snapshot, WorktreeSnapshot
from cluster_stacks.repository.stacks import discover

_ORIGIN = re.compile(rb"^from:.*\r?\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Created:
    """What was made (or would be): the files, what it was made from, what is left to edit, and the commands to run."""

    what: str
    origin: str
    files: tuple[str, ...]
    todo: tuple[Todo, ...] = ()
    next: tuple[str, ...] = ()


def new_stack(
    repo: Path, name: str, kubernetes: str, *, like: str | None = None, dry_run: bool = False
) -> Created:
    """Makes the stack `name` (`PROVIDER/NAME`) with one minor, that of `kubernetes`, from a bundled reference stack.

    `like` names that; without it, the one of the same provider. Raises CannotTell where the name is taken or there is
    no such reference.
    """
    family, version = _family(name), kubernetes_version(kubernetes)
    with _Work(repo) as work:
        if families(work.snapshot.entries(family.path)):
            raise CannotTell(f"the stack {name} is there already: `cluster-stacks new minor` adds a minor to it")
        reference = find_reference(family, like)
        origin = reference / minor_like(reference, version)
        stack = family.stack(version.directory)
        files = {f"{SHARED}/{path}": file for path, file in files_below(reference / SHARED)}
        own = dict(files_below(origin))
        before = _metadata(own, origin.name)
        files |= {f"{stack.minor}/{path}": file for path, file in own.items() if path != METADATA}
        files[f"{stack.minor}/{METADATA}"] = _first_versions(version)
        work.create(Plan(family.path, files), stack, dry_run=dry_run)
        told = f"{reference.parent.name}/{reference.name}/{origin.name}, a reference stack"
        paths = tuple(f"{family.path}/{path}" for path in sorted(files))
        return Created(str(stack), told, paths, tuple(left_to_edit(stack, own, before, version)), _next(stack))


def new_minor(
    repo: Path, target: str, *, source: str | None = None, kubernetes: str | None = None,
    keep_versions: bool = False, dry_run: bool = False,
) -> Created:
    """Makes one more minor of a stack from one that is there: `docker/scs/1-37`, or `docker/scs` for the next one.

    `source` is the minor that is copied (`1-36`); without it, the highest below the new one. Its versions are all v1;
    with `keep_versions` those of the source, and overlay.yaml says `from:`. Raises CannotTell where the minor is there.
    """
    with _Work(repo) as work:
        known = discover(work.snapshot).stacks
        stack, version = _target(target, kubernetes, known)
        if stack in known:
            raise CannotTell(f"the stack {stack} is there already: `cluster-stacks list` shows all")
        origin = _source(stack, source, known)
        load_stack(work.snapshot, origin)  # what is wrong with it would be wrong twice
        prefix = f"{origin.path}/"
        entries = [entry for entry in work.snapshot.entries(origin.path) if entry.path.startswith(prefix)]
        own = {
            entry.path.removeprefix(prefix): NewFile(data, entry.mode) for entry, data in work.snapshot.read(entries)
        }
        before = parse_metadata(own[METADATA].data, origin.metadata_path, origin)
        files = {path: file for path, file in own.items() if path not in (METADATA, OVERLAY)}
        files[METADATA] = _first_versions(version, before if keep_versions else None)
        overlay = _overlay(own, origin if keep_versions else None)
        files |= {OVERLAY: overlay} if overlay else {}
        plan = Plan(stack.path, files)
        work.create(plan, stack, dry_run=dry_run)
        todo = [*left_to_edit(stack, files | {METADATA: own[METADATA]}, before, version)]
        if kubernetes is None:
            todo.insert(0, Todo(stack.metadata_path, 4, f"kubernetes is {version}: write the patch that you want"))
        return Created(str(stack), str(origin), plan.paths, tuple(todo), _next(stack))


class _Work:
    """The work tree of a repository, to read and to write."""

    def __init__(self, repo: Path) -> None:
        git = Git.discover(repo)
        if git.top is None:
            raise CannotTell("a bare repository has no work tree to write to: work in a clone of it")
        self.git, self.top = git, git.top
        self.snapshot: Snapshot = WorktreeSnapshot(git)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.snapshot.git.close()

    def create(self, plan: Plan, stack: StackId, *, dry_run: bool) -> None:
        """Raises Refused or CannotTell where what would come out could not be read; then nothing was written."""
        if not dry_run:
            create(self.top, plan, lambda: require_seen(self.git, plan, [stack]))


def require_seen(git: Git, plan: Plan, stacks: Sequence[StackId]) -> None:
    """Raises Refused where a stack cannot be read with the new files, CannotTell where Git is told to ignore some."""
    snapshot = WorktreeSnapshot(git)
    try:
        seen = {entry.path for entry in snapshot.entries(PROVIDERS)}
        ignored = [path for path in plan.paths if path not in seen]
        if ignored:
            raise CannotTell(f"Git ignores {shown(ignored[0])}: look at .gitignore; nothing was written")
        for stack in stacks:
            load_stack(snapshot, stack)
    finally:
        snapshot.close()


def kubernetes_version(text: str) -> KubernetesVersion:
    """`v1.36.4`, with or without the v. Raises CannotTell for what is no whole version."""
    try:
        return KubernetesVersion.parse("v" + text.removeprefix("v"))
    except VersionError as error:
        raise CannotTell(f"--kubernetes: {error}") from error


def _family(name: str) -> Family:
    parts = name.strip("/").removeprefix(f"{PROVIDERS}/").split("/")
    if len(parts) != 2 or not all(NAME.fullmatch(part) for part in parts) or parts[1] == SHARED:
        raise CannotTell(f"{shown(name)!r} names no stack: write PROVIDER/NAME in lower case, such as docker/scs")
    return Family(*parts)


def _metadata(files: Mapping[str, NewFile], minor: str) -> Metadata:
    return parse_metadata(files[METADATA].data, f"{minor}/{METADATA}", None)


def _target(
    text: str, kubernetes: str | None, known: Sequence[StackId]
) -> tuple[StackId, KubernetesVersion]:
    version = kubernetes_version(kubernetes) if kubernetes else None
    stack = StackId.parse(text)
    if stack is None:
        family = _family(text)
        minors = [number_of(each.minor) for each in known if (each.provider, each.name) == family]
        if not minors:
            names = sorted({f"{each.provider}/{each.name}" for each in known})
            near = near_names("/".join(family), names, 1)
            advice = f"did you mean {near[0]}?" if near else "`cluster-stacks new stack` makes one"
            raise CannotTell(f"there is no stack {'/'.join(family)}: {advice}")
        major, minor = max(minors)
        stack = family.stack(version.directory if version else f"{major}-{minor + 1}")
    if version is None:
        major, minor = number_of(stack.minor)
        version = KubernetesVersion(major, minor, 0)
    if version.directory != stack.minor:
        raise CannotTell(
            f"Kubernetes {version} is not of the minor {stack.minor}: name {version.directory}, or another version"
        )
    return stack, version


def _source(stack: StackId, source: str | None, known: Sequence[StackId]) -> StackId:
    others = [each for each in known if each[:2] == stack[:2]]
    if source is not None:
        minor = source.strip("/").rpartition("/")[2].removeprefix("v").replace(".", "-")
        wanted = stack._replace(minor=minor)
        if wanted in others:
            return wanted
        near = near_names(minor, [each.minor for each in others], 1)
        told = f"did you mean {near[0]}?" if near and MINOR.fullmatch(minor) else _there(others)
        raise CannotTell(f"there is no stack {stack.provider}/{stack.name}/{shown(minor)}: {told}")
    if not others:
        raise CannotTell(f"the stack {stack.provider}/{stack.name} has no minor to copy: `cluster-stacks new stack` "
                         "makes one")
    ordered = sorted(others, key=lambda each: each.sort_key)
    below = [each for each in ordered if each.sort_key < stack.sort_key]
    return below[-1] if below else ordered[0]


def _there(others: Sequence[StackId]) -> str:
    return f"there is {', '.join(each.minor for each in others)}" if others else "there is none"


def _first_versions(kubernetes: KubernetesVersion, kept: Metadata | None = None) -> NewFile:
    stack, addon, image = (
        (kept.cluster_stack, kept.cluster_addon, kept.node_image) if kept else (FIRST, FIRST, FIRST)
    )
    return NewFile((
        f"apiVersion: {METADATA_API_VERSION}\nversions:\n  clusterStack: {stack}\n  kubernetes: {kubernetes}\n"
        f"  components:\n    clusterAddon: {addon}\n    nodeImage: {image}\n"
    ).encode())


def _overlay(own: Mapping[str, NewFile], origin: StackId | None) -> NewFile | None:
    """The source's overlay, which says where it comes from only where the versions do too."""
    data = own[OVERLAY].data if OVERLAY in own else b""
    data = _ORIGIN.sub(b"", data)
    if origin is not None:
        end = b"\r\n" if b"\r\n" in data else b"\n"
        data = f"from: {origin.minor}".encode() + end + data
    has_content = any(line.strip() and not line.lstrip().startswith(b"#") for line in data.splitlines())
    return NewFile(data) if has_content else None


def _next(stack: StackId) -> tuple[str, ...]:
    return (f"git add {PROVIDERS}", f"cluster-stacks validate {stack}")
