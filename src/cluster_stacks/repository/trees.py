"""Lists a few folders of a commit through the process that reads its objects, without starting another."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from cluster_stacks.model.source import Entry
from cluster_stacks.repository.batch import Batch, GitObject

_FOLDER = "40000"


def walk(batch: Batch, revision: str, paths: Sequence[str]) -> list[Entry] | None:
    """The files at or below each of `paths` in the commit, in any order.

    None where it takes more to tell: the revision is unknown, or a path cannot be asked for.
    """
    if any("\n" in path for path in paths):
        return None
    commit, *roots = batch.read([f"{revision}^{{commit}}", *(f"{revision}:{path}" for path in paths)])
    if commit is None:
        return None
    there = [(path, root) for path, root in zip(paths, roots, strict=True) if root is not None]
    found = _files(batch, revision, [path for path, root in there if root.type != "tree"])
    level = [(path, root) for path, root in there if root.type == "tree"]
    while level:
        folders = []
        for path, tree in level:
            for entry in _entries(path, tree):
                if entry.mode == _FOLDER:
                    folders.append(entry)
                else:
                    found[entry.path] = entry
        trees = batch.read([folder.oid for folder in folders])
        if None in trees:
            return None
        level = [(folder.path, tree) for folder, tree in zip(folders, trees, strict=True) if tree is not None]
    return list(found.values())


def _files(batch: Batch, revision: str, paths: Sequence[str]) -> dict[str, Entry]:
    """The entries of files, whose modes only their folders know."""
    folders = sorted({path.rpartition("/")[0] for path in paths})
    trees = batch.read([f"{revision}:{folder}" for folder in folders])
    wanted = set(paths)
    return {
        entry.path: entry
        for folder, tree in zip(folders, trees, strict=True) if tree is not None
        for entry in _entries(folder, tree) if entry.path in wanted
    }


def _entries(path: str, tree: GitObject) -> Iterator[Entry]:
    """What a tree object holds: mode, space, name, NUL, and the id in bytes."""
    data, size, position = tree.data, len(tree.oid) // 2, 0
    while position < len(data):
        space = data.index(b" ", position)
        end = data.index(b"\0", space)
        mode, name = data[position:space].decode(), os.fsdecode(data[space + 1 : end])
        position = end + 1 + size
        yield Entry(f"{path}/{name}" if path else name, mode, data[end + 1 : position].hex())
