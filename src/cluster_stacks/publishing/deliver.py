"""What the generators deliver, against what they delivered before: what clusters already run is kept as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cluster_stacks.publishing.paths import require_safe
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.state import Delivered


class DeliveredFile(Protocol):
    """One file of a generator; `release` is the name of the release that it belongs to, None for a shared one."""

    @property
    def path(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def release(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Generation:
    """One enabled generator. `fingerprint` covers all that it reads apart from releases: its files, its parameters.

    `run` gets the live releases, and the paths in its folder that stay as they are: it need not make those.
    """

    name: str
    version: str
    fingerprint: str
    run: Callable[[Sequence[ReleaseFacts], Container[str]], Sequence[DeliveredFile]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The files of one generator from now on.

    `files` maps paths on the branch to new content, or to the object id of what stays; `state` is what the branch
    remembers of it; `note` tells where clusters keep what an older version of the generator made.
    """

    state: Delivered
    files: Mapping[str, bytes | str]
    note: str = ""


def deliver(
    branch: Branch, generation: Generation, facts: Sequence[ReleaseFacts], oids: Mapping[str, str], *,
    redeliver: bool | Container[str],
) -> Delivery:
    """Runs a generator over the live releases, unless nothing that it reads has changed.

    The files of a release that was delivered before stay as they are on the branch, and what is missing is added;
    those of the releases that `redeliver` names (True: all) become what the generator gives now. Shared files always
    do. `oids` are those of the release.json files by the name of the release.
    """
    before = branch.delivered.get(generation.name, Delivered(generation.name))
    inputs = _inputs(generation, facts, oids)
    whole = _existing(branch, before)
    if before.inputs == inputs and len(whole) == len(before.files) and not redeliver:
        return Delivery(before, whole)
    live = {item.name for item in facts if not _anew(item.name, redeliver)}
    stays = {path: owner for path, owner in before.files.items() if owner in live and _full(before, path) in whole}
    given = {file.path: file for file in generation.run(facts, stays.keys())}
    for path in given:
        require_safe(path, layout.delivery_folder(generation.name))
    owners = {path: file.release or "" for path, file in given.items()}
    # A file that was one release's and is shared now is made anew like every shared one.
    stays = {path: owner for path, owner in stays.items() if owners.get(path, owner) == owner}
    files: dict[str, bytes | str] = {_full(before, path): file.data for path, file in given.items()}
    files |= {full: whole[full] for full in (_full(before, path) for path in stays)}
    state = Delivered(generation.name, generation.version, inputs, owners | stays, generation.fingerprint)
    return Delivery(state, files, _note(before, generation, len(stays)))


def keep(branch: Branch, generator: str, facts: Sequence[ReleaseFacts]) -> Delivery:
    """The delivery of a generator that is no longer enabled, as it is: what it delivered runs in clusters."""
    before = branch.delivered[generator]
    ended = sorted({owner for owner in before.files.values() if owner} - {item.name for item in facts})
    folder = layout.delivery_folder(generator)
    note = (
        f"{generator} is no longer enabled, and what it delivered stays as it is, without new releases: "
        f"`cluster-stacks publish --redeliver` removes {folder}, and Flux or Argo CD then what came from it"
    )
    if ended:
        note += f"; it still delivers {', '.join(ended)}, which must not be delivered: enable it again, or redeliver"
    return Delivery(before, _existing(branch, before), note)


def _anew(name: str, redeliver: bool | Container[str]) -> bool:
    return redeliver if isinstance(redeliver, bool) else name in redeliver


def _note(before: Delivered, generation: Generation, count: int) -> str:
    """What makes them otherwise now, so that nobody waits for an effect that it does not have by itself."""
    if before.version != generation.version:
        why = f"{generation.name} {before.version} is {generation.version} now"
    elif before.fingerprint not in ("", generation.fingerprint):
        why = f"{generation.name} has other parameters or templates now"
    else:
        return ""
    if not count:
        return ""
    files = "1 file of delivered releases stays as it is" if count == 1 else (
        f"{count} files of delivered releases stay as they are"
    )
    return f"{why}: {files} (`cluster-stacks publish --redeliver --dry-run` shows what would change)"


def _existing(branch: Branch, before: Delivered) -> dict[str, str]:
    """The files of the last delivery that are still on the branch, with their object ids."""
    paths = (_full(before, path) for path in before.files)
    return {path: branch.entries[path].oid for path in paths if path in branch.entries}


def _full(delivered: Delivered, path: str) -> str:
    return f"{layout.delivery_folder(delivered.generator)}/{path}"


def _inputs(generation: Generation, facts: Sequence[ReleaseFacts], oids: Mapping[str, str]) -> str:
    parts = [generation.name, generation.version, generation.fingerprint, [[f.name, oids[f.name]] for f in facts]]
    return "sha256:" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()
