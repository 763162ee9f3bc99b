"""`publish --redeliver`: which releases are delivered anew, and what that changes for the clusters that run them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.version import Version, VersionError
from cluster_stacks.operations.life import parse_release
from cluster_stacks.publishing.deliver import Generation
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch, Release
from cluster_stacks.releases.difference import ABSENT, Difference, differences
from cluster_stacks.releases.series import State
from cluster_stacks.repository.snapshot import CommitSnapshot


@dataclass(frozen=True, slots=True)
class Redelivered:
    """One file on the branch that is another now. `object` is what it delivers; empty for a file that is no object."""

    path: str
    fate: str
    object: str = ""
    differences: tuple[Difference, ...] = ()


class Chosen:
    """The names of the releases that patterns mean: all of a stack (`docker/scs/1-36`), or `docker/scs/1-36/v2`."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._names: set[str] = set()
        self._releases: list[Release] = []
        self._series: set[str] = set()
        for pattern in patterns:
            parts = pattern.strip("/").removeprefix("providers/").removeprefix("releases/").split("/")
            if len(parts) == 4:
                stack, version = parse_release("/".join(parts))
                self._releases.append((stack, version))
                self._names.add(stack.release_name(version))
            else:
                self._series.add("-".join(parts))

    def require_delivered(self, branch: Branch) -> None:
        """Raises CannotTell where a release that is named is not live on the branch: nothing of it is delivered."""
        for stack, version in self._releases:
            published = branch.find(stack, version)
            if published is None or published.state is not State.LIVE:
                what = f"is {published.status}" if published else "was never published"
                raise CannotTell(f"{stack} {version} {what}: there is nothing of it to deliver anew")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._names or any(_is_of(name, series) for series in self._series))


def _is_of(name: str, series: str) -> bool:
    """Whether a release's name is of a series, or of one that a prefix of stacks (`docker-scs`) means."""
    head, _, tail = name.rpartition("-v")
    try:
        Version.parse(f"v{tail}")
    except VersionError:
        return False
    return head == series or head.startswith(f"{series}-")


def redelivered(
    branch: Branch, generations: Sequence[Generation], chosen: bool | Container[str]
) -> list[Redelivered]:
    """What the generators give otherwise now than what the branch holds, of the chosen releases and of shared files."""
    if branch.commit is None:
        return []
    facts = list(branch.facts())
    found: list[Redelivered] = []
    for generation in generations:
        if generation.name not in branch.delivered:
            continue
        owners = branch.delivered[generation.name].files
        given = {file.path: file for file in generation.run(facts, ())}
        old = _contents(branch, generation.name, owners)
        for path, file in given.items():
            if _is_meant(file.release or "", chosen) and old.get(path) != file.data:
                found += _changes(f"{layout.delivery_folder(generation.name)}/{path}", old.get(path), file.data)
        gone = [path for path, owner in owners.items() if path not in given and _is_meant(owner, chosen)]
        found += [Redelivered(f"{layout.delivery_folder(generation.name)}/{path}", "removed") for path in sorted(gone)]
    return found


def _is_meant(owner: str, chosen: bool | Container[str]) -> bool:
    return not owner or (chosen if isinstance(chosen, bool) else owner in chosen)


def _contents(branch: Branch, generator: str, paths: Mapping[str, str]) -> dict[str, bytes]:
    folder = layout.delivery_folder(generator)
    entries = [branch.entries[f"{folder}/{path}"] for path in paths if f"{folder}/{path}" in branch.entries]
    snapshot = CommitSnapshot(branch.git, branch.commit or "HEAD")
    return {entry.path.removeprefix(f"{folder}/"): data for entry, data in snapshot.read(entries)}


def _changes(path: str, old: bytes | None, new: bytes) -> Iterator[Redelivered]:
    if old is None:
        yield Redelivered(path, "added")
        return
    before, after = _objects(old, path), _objects(new, path)
    if before is None or after is None:
        yield Redelivered(path, "changed")
        return
    for name, value in after.items():
        found = tuple(differences(before.get(name, ABSENT), value))
        if found:
            yield Redelivered(path, "changed" if name in before else "added", name, found if name in before else ())
    yield from (Redelivered(path, "removed", name) for name in before if name not in after)


def _objects(data: bytes, path: str) -> dict[str, object] | None:
    """The objects of a file by kind and name; None where it is none of YAML."""
    if not path.endswith((".yaml", ".yml")):
        return None
    try:
        values = [document.value for document in load_documents(data, path)]
    except Refused:
        return None
    found: dict[str, object] = {}
    for value in values:
        about = value.get("metadata") if isinstance(value, dict) else None
        name = f"{value.get('kind', '')} {about.get('name', '')}" if isinstance(about, dict) else ""
        found[name.strip() if name.strip() not in found else f"{name} {len(found)}"] = value
    return found
