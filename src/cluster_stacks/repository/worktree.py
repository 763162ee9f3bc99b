"""Stages the work tree into an index of its own, so that it can be read as every other snapshot."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.stack import PROVIDERS, SETTINGS_PATH
from cluster_stacks.repository.git import Git

READ = (PROVIDERS, "generators", SETTINGS_PATH)
"""Where files count that are not tracked yet. Elsewhere the work tree's tracked files do."""

# The copy of the index must not be written back into shared state, nor ask a daemon.
_PLAIN = ("-c", "core.splitIndex=false", "-c", "core.fsmonitor=false", "-c", "core.safecrlf=false",
          "-c", "advice.addEmbeddedRepo=false")


def staged_worktree(git: Git) -> Git:
    """`git` with the index and the objects that `git add --all` would make, in a temporary folder that ends with it.

    Raises CannotTell in a bare repository, or where a file cannot be read.
    """
    top = git.top
    if top is None:
        raise CannotTell("a bare repository has no work tree: name a commit with --head")
    folder = Path(tempfile.mkdtemp(prefix="cluster-stacks-"))
    try:
        staged = _with_index(git, top, folder)
        _stage(staged, top)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(staged, _remove, folder, os.getpid())
    return staged


def _with_index(git: Git, top: Path, folder: Path) -> Git:
    index, objects = git.lines("rev-parse", "--git-path", "index", "--git-path", "objects")
    if (git.cwd / index).exists():
        # With its time: git compares it with the files' to know which of them it must read again.
        shutil.copy2(git.cwd / index, folder / "index")
    (folder / "objects").mkdir()
    return Git(top, {
        **git.env,
        "GIT_INDEX_FILE": str(folder / "index"),
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": _alternates(git, (git.cwd / objects).resolve()),
    })


def _alternates(git: Git, objects: Path) -> str:
    quoted = '"' + str(objects).replace("\\", "\\\\").replace('"', '\\"') + '"'
    inherited = git.env.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    return quoted + (os.pathsep + inherited if inherited else "")


def _stage(git: Git, top: Path) -> None:
    # --sparse: in a sparse checkout too; what is not checked out is as in the index, not deleted.
    git.run(*_PLAIN, "add", "--sparse", "--update", "--", ":/")
    present = [name for name in READ if os.path.lexists(top / name)]
    if present:
        git.run(*_PLAIN, "add", "--sparse", "--all", "--", *(f":(top,literal){name}" for name in present))


def _remove(folder: Path, owner: int) -> None:
    if owner == os.getpid():
        shutil.rmtree(folder, ignore_errors=True)
