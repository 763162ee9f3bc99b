"""Whose a path of the branch is. Only what the index lists is ours; the rest is read by others, and left to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.publishing.life import owned_folders
from cluster_stacks.publishing.paths import folders_of, prefixes, require_portable
from cluster_stacks.publishing.rules import FOREIGN_BRANCH, NO_FILE, PATH_TAKEN
from cluster_stacks.publishing.tips import Target, is_ancestor
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.rules import BRANCH_FILE
from cluster_stacks.releases.state import Index

_FILES = ("100644", "100755")


def require_ours(branch: Branch, name: str, *, adopt: bool = False) -> None:
    """Raises Refused where something else wrote the branch `name` (unless it is to be adopted), put something that is
    no file where a file of ours stands, or removed what tells of releases.
    """
    if branch.is_foreign and not adopt:
        raise Refused(Finding(FOREIGN_BRANCH.id, Severity.ERROR, _foreign(branch, name)))
    index = branch.index or Index()
    findings = [
        Finding(NO_FILE.id, Severity.ERROR, f"{path} on the branch is {_kind(entry.mode)}, and was a file of ours: "
                "restore it from the branch's history", path)
        for path, entry in branch.entries.items()
        if entry.mode not in _FILES and index.owns(path)
    ]
    findings += _forgotten(branch, index)
    if findings:
        raise Refused(*findings)


def _forgotten(branch: Branch, index: Index) -> Iterator[Finding]:
    """Releases that were published and that no series.json tells of: their numbers would be free again."""
    told = owned_folders(branch.series)
    for folder in sorted(path for path in index.owned if path.endswith("/") and path not in told):
        path = "/".join(folder.split("/")[:4]) + f"/{layout.SERIES_FILE}"
        message = f"{path} {'lacks' if path in branch.entries else 'is gone from the branch, and with it'} {folder}, "
        yield Finding(BRANCH_FILE.id, Severity.ERROR, f"{message}which was published: restore it from the branch's "
                      "history", path, key=folder)


def require_no_source(branch: Branch, source: str, target: Target) -> None:
    """Raises CannotTell where a branch that is to be adopted holds the sources' history: it is where people work.

    Names do not tell: in a job, the sources are checked out by commit.
    """
    if branch.is_foreign and branch.commit is not None and is_ancestor(branch.git, source, branch.commit):
        raise CannotTell(f"{target.branch} holds the sources, and is not adopted: name another branch with --branch")


def require_free(branch: Branch, files: Iterable[str]) -> None:
    """Raises Refused where a path, or a folder on the way to it, holds a file that is not ours, or in another case."""
    index = branch.index or Index()
    wanted = [path for path in (*files, layout.HYDRATOR) if path not in branch.entries or path not in index.owned]
    if not wanted:
        return
    folders = folders_of(branch.entries) | branch.folders
    findings = [
        Finding(PATH_TAKEN.id, Severity.ERROR, f"{taken} on the branch is somebody else's, and {_needs(path, taken)}: "
                "move it away", taken)
        for path in wanted
        for taken in _taken(path, branch, folders, index)
    ]
    if findings:
        raise Refused(*{finding.path: finding for finding in findings}.values())
    new = [path for path in wanted if path not in branch.entries]
    if new:
        require_portable(new, (*branch.entries, *branch.folders))


def still_there(branch: Branch, paths: Mapping[str, object]) -> list[str]:
    """The files of ours on the branch that are not among `paths`, and so go."""
    ours = branch.index.files if branch.index else frozenset()
    return sorted(path for path in ours - paths.keys() - {layout.HYDRATOR, layout.INDEX} if path in branch.entries)


def _foreign(branch: Branch, name: str) -> str:
    if any(layout.parse_series_path(path) for path in branch.entries):
        return f"{name} has releases, but {layout.INDEX} is gone: restore it from the branch's history"
    return (
        f"{name} has files that cluster-stacks did not write: name another branch with --branch, or take this one over "
        "with `cluster-stacks publish --adopt`, which keeps them"
    )


def _needs(path: str, taken: str) -> str:
    return "a file of ours has that name" if path == taken else f"{path} needs it"


def _kind(mode: str) -> str:
    return {"120000": "a symbolic link", "160000": "a submodule"}.get(mode, f"of mode {mode}")


def _taken(path: str, branch: Branch, folders: set[str], index: Index) -> Iterator[str]:
    if path in folders or (path in branch.entries and not index.owns(path)):
        yield path
    for parent in _parents(path):
        if (parent in branch.entries and not index.owns(parent)) or (
            parent in branch.folders and not index.owns(f"{parent}/")
        ):
            yield parent


def _parents(path: str) -> Iterator[str]:
    _, *above = prefixes(path)
    yield from above
