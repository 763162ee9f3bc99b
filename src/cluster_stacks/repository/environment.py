"""The environment in which git runs: which of the variables that hooks inherit are kept, and for which repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# git hands these to hooks. They name the repository that the hook runs in and lie about every other one.
_OF_ONE_REPOSITORY = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE",
    "GIT_QUARANTINE_PATH", "GIT_CONFIG", "GIT_INTERNAL_SUPER_PREFIX", "GIT_IMPLICIT_WORK_TREE",
)
_PATHS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
# These change what a path argument or a diff means.
_NEVER = (
    "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS",
)
_ALWAYS = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}


def git_environment(environ: Mapping[str, str], start: Path, repo: Path) -> tuple[Path, dict[str, str]]:
    """The folder to run git in and its environment, for the repository at `repo` and a process that stands in `start`.

    Where both are the same repository the variables of a hook are kept, made absolute (`git commit FILE` puts the
    proposed state into another index than the usual one; linked worktrees set GIT_DIR). Otherwise they are dropped.
    """
    env = {name: value for name, value in environ.items() if name not in _NEVER} | _ALWAYS
    if not any(name in env for name in _OF_ONE_REPOSITORY):
        return repo, env
    if repo.resolve() != start.resolve() and _marker(start) != _marker(repo):
        return repo, {name: value for name, value in env.items() if name not in _OF_ONE_REPOSITORY}
    for name in _PATHS:
        if name in env:
            env[name] = str(start / env[name])
    # Without GIT_WORK_TREE, GIT_DIR makes the current folder the work tree's root: stay where the hook was started.
    return (start if "GIT_DIR" in env else repo), env


def _marker(folder: Path) -> Path | None:
    """The `.git` that a folder belongs to; None in a bare repository or in none."""
    resolved = folder.resolve()
    found = (parent / ".git" for parent in (resolved, *resolved.parents))
    return next((marker for marker in found if marker.exists()), None)
