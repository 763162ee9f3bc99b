"""The environment in which git runs: which of the variables that hooks inherit are kept, and for which repository."""

from __future__ import annotations

import os
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
# What is judged is what was committed: replace refs and grafts would show another history than a fresh clone has. Nor
# does a question ever use the network: a partial clone would fetch what it lacks, unasked (repository/remote.py alone
# does). The file of grafts is one that cannot exist: even an empty one makes git advise.
_ALWAYS = {
    "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/grafts", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none",
}


def git_environment(environ: Mapping[str, str], start: Path, repo: Path) -> tuple[Path, dict[str, str]]:
    """The folder to run git in and its environment, for the repository at `repo` and a process that stands in `start`.

    Where both are the same repository the variables of a hook are kept, made absolute (`git commit FILE` puts the
    proposed state into another index than the usual one; linked worktrees set GIT_DIR). Otherwise they are dropped.
    """
    env = {name: value for name, value in environ.items() if name not in _NEVER}
    if not any(name in env for name in _OF_ONE_REPOSITORY):
        return repo, env | _ALWAYS
    if repo.resolve() != start.resolve() and _marker(start) != _marker(repo):
        own = {name: value for name, value in env.items() if name not in _OF_ONE_REPOSITORY}
        return repo, {name: value for name, value in own.items() if not name.startswith("GITHEAD_")} | _ALWAYS
    for name in _PATHS:
        if name in env:
            env[name] = str(start / env[name])
    env |= _ALWAYS
    # Without GIT_WORK_TREE, GIT_DIR makes the current folder the work tree's root: stay where the hook was started.
    return (start if "GIT_DIR" in env else repo), env


def with_network(env: Mapping[str, str]) -> dict[str, str]:
    """The environment for a command that is meant to talk to a remote: the protocols are those that the user allows."""
    own = {name: value for name, value in os.environ.items() if name == "GIT_ALLOW_PROTOCOL"}
    return {name: value for name, value in env.items() if name != "GIT_ALLOW_PROTOCOL"} | own


def _marker(folder: Path) -> Path | None:
    """The `.git` that a folder belongs to; None in a bare repository or in none."""
    resolved = folder.resolve()
    found = (parent / ".git" for parent in (resolved, *resolved.parents))
    return next((marker for marker in found if marker.exists()), None)
