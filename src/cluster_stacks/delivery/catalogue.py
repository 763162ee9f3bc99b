"""Where generators are: bundled with the tool, and in the repository's own generators/ folder, which wins."""

from __future__ import annotations

import dataclasses
import difflib
from functools import cache
from pathlib import Path

from cluster_stacks.delivery import rules
from cluster_stacks.delivery.generator import GENERATORS, Generator
from cluster_stacks.delivery.load import load_generator
from cluster_stacks.model.settings import SETTINGS_PATH
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import NAME
from cluster_stacks.repository.snapshot import Snapshot
from cluster_stacks.runtime.data import data_dir


def find_generator(name: str, snapshot: Snapshot | None = None) -> Generator:
    """The generator called `name`: the repository's own in that snapshot, else the bundled one.

    Raises Refused: CS502 where there is none, CS501 where its definition is wrong.
    """
    own = _own_files(name, snapshot) if snapshot and NAME.fullmatch(name) else {}
    if own:
        return load_generator(name, own, bundled)
    found = bundled(name)
    if found is None:
        raise rules.refused(rules.UNKNOWN, _unknown(name, snapshot), SETTINGS_PATH, key=name)
    return found


@cache
def bundled(name: str) -> Generator | None:
    """The generator of that name that comes with the tool."""
    folder = data_dir(GENERATORS) / name
    if not NAME.fullmatch(name) or not folder.is_dir():
        return None
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    generator = load_generator(name, {path.relative_to(folder).as_posix(): _file(name, folder, path) for path in files})
    return dataclasses.replace(generator, bundled=True)


def bundled_names() -> list[str]:
    """The names of the generators that come with the tool."""
    return sorted(folder.name for folder in data_dir(GENERATORS).iterdir() if folder.is_dir())


def own_names(snapshot: Snapshot) -> list[str]:
    """The names of the generators that the repository brings."""
    parts = (entry.path.split("/") for entry in snapshot.entries(GENERATORS))
    return sorted({part[1] for part in parts if len(part) == 3 and part[2] == "generator.yaml"})


def _file(name: str, folder: Path, path: Path) -> SourceFile:
    return SourceFile(f"{GENERATORS}/{name}/{path.relative_to(folder).as_posix()}", "100644", path.read_bytes())


def _own_files(name: str, snapshot: Snapshot) -> dict[str, SourceFile]:
    prefix = f"{GENERATORS}/{name}/"
    entries = [entry for entry in snapshot.entries(prefix.rstrip("/")) if entry.path.startswith(prefix)]
    for entry in entries:
        if entry.is_symlink or entry.is_submodule:
            message = "a generator is made of plain files, not of links or submodules: make it one"
            raise rules.refused(rules.DEFINITION, message, entry.path)
    read = snapshot.read(entries)
    return {entry.path.removeprefix(prefix): SourceFile(entry.path, entry.mode, data) for entry, data in read}


def _unknown(name: str, snapshot: Snapshot | None) -> str:
    known = sorted({*bundled_names(), *(own_names(snapshot) if snapshot else ())})
    near = difflib.get_close_matches(name, known, 1)
    advice = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(known)}."
    return f"there is no generator {name!r}: {advice} A repository's own stands in {GENERATORS}/<name>/generator.yaml"
