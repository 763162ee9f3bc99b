"""Where something stands: files of a snapshot, and positions in them.

Named tuples, because every start of every hook pays for them: a dataclass costs ten times as much to define.
"""

from __future__ import annotations

from typing import NamedTuple


class Position(NamedTuple):
    """A place in a file. Lines and columns count from 1; a column counts characters, not bytes."""

    line: int
    column: int
    end_line: int = 0
    end_column: int = 0


class Entry(NamedTuple):
    """One entry of a Git tree or index.

    `path` holds undecodable bytes as surrogate escapes; `mode` is Git's octal text.
    """

    path: str
    mode: str
    oid: str

    @property
    def is_symlink(self) -> bool:
        return self.mode == "120000"

    @property
    def is_submodule(self) -> bool:
        return self.mode == "160000"


class SourceFile(NamedTuple):
    """One file of an effective layer with its content. `path` is where it really stands in the repository."""

    path: str
    mode: str
    data: bytes
