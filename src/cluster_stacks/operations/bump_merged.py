"""`bump --merge`: what the job does that runs after a merge, where the settings say `bump: merge`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.settings import SETTINGS_PATH, Bumps
from cluster_stacks.operations.bump import Bump, BumpResult, made
from cluster_stacks.operations.edits import edited_in_index, edited_on_disk, write
from cluster_stacks.operations.merging import due
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.runtime.uninterrupted import uninterrupted


def bump_merged(repo: Path, *, dry_run: bool = False, commit: bool = False) -> BumpResult:
    """Moves the versions of every stack whose content at HEAD is in no version yet, in the files and in the index.

    With `commit`, these edits become a commit, of nothing else. Raises CannotTell where settings leave versions to
    authors, where the history is not all here, or where one of the files is being edited; then nothing is written.
    """
    git = Git.discover(repo)
    try:
        head = CommitSnapshot(git, git.commit("HEAD"))
        if load_settings(head).bump is not Bumps.MERGE:
            raise CannotTell(f"{SETTINGS_PATH} leaves versions to the authors of changes: set `bump: merge` first")
        found = due(git, "HEAD")
        paths = [change.stack.metadata_path for change, _ in found.edits]
        contents = {entry.path: data for entry, data in head.read(head.entries(*paths) if paths else [])}
        stacks = [(change.stack, edits, contents[change.stack.metadata_path]) for change, edits in found.edits]
        bumps = made(git, stacks)
        if not bumps or dry_run:
            return BumpResult(tuple(bumps), found.findings)
        _require_untouched(git, bumps)
        write(git, head.entries(*paths), bumps, index=True)
        return BumpResult(tuple(bumps), found.findings, commit=_commit(git, bumps) if commit else "")
    finally:
        git.close()


def _require_untouched(git: Git, bumps: Sequence[Bump]) -> None:
    if git.top is None:
        raise CannotTell("a bare repository has no files to bump: work in a clone of it")
    edited = sorted(edited_in_index(git, bumps) | edited_on_disk(git, bumps))
    if edited:
        raise CannotTell(f"{edited[0]} has edits of its own: commit them, or take them back with `git restore`")


def _commit(git: Git, bumps: Sequence[Bump]) -> str:
    """Commits the files, whatever else is staged. Gives the commit's id; where it fails, the files are as before."""
    paths = [f":(top,literal){bump.path}" for bump in bumps]
    try:
        git.run("commit", "--quiet", "--file=-", "--only", "--", *paths, stdin=message(bumps).encode())
    except BaseException:
        with uninterrupted():  # they were as in HEAD, or nothing had been written
            git.run("restore", "--source=HEAD", "--staged", "--worktree", "--", *paths)
        raise
    return git.commit("HEAD")


def message(bumps: Sequence[Bump]) -> str:
    """A subject that names the stack, or how many there are, and a line for each."""
    told = [f"{bump.stack}: {moves(bump)}" for bump in bumps]
    subject = f"Bump {told[0]}" if len(told) == 1 else f"Bump {len(told)} stacks"
    return subject + "\n" if len(told) == 1 else "\n".join([subject, "", *(f"- {line}" for line in told)]) + "\n"


def moves(bump: Bump) -> str:
    """`clusterStack v3 to v4, clusterAddon v2 to v3`."""
    return ", ".join(f"{component} {old} to {new}" for component, (old, new) in bump.versions.items())
