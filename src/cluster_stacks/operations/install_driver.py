"""Puts the merge driver into a clone's configuration. Nothing of it is part of the repository's content."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from cluster_stacks.repository.git import Git

NAME = "cluster-stacks"
ATTRIBUTE = f"providers/**/metadata.yaml merge={NAME}"
EXAMPLE = "providers/a/b/1-1/metadata.yaml"
"""A path that the attribute is for."""


class Installed(NamedTuple):
    """The command that git will start, and the file that the attribute was written to; empty where it was set."""

    command: str
    attributes: str


def install_driver(repo: Path) -> Installed:
    """Sets the driver in the configuration of this clone, and the attribute that selects it where nothing does yet.

    Doing it again changes nothing. Raises CannotTell where this is no repository.
    """
    git = Git.discover(repo)
    program = NAME if shutil.which(NAME) else f"{shlex.quote(sys.executable)} -m cluster_stacks"
    command = f"{program} merge-driver %O %A %B %P"
    for key, value in (("name", "versions of cluster stacks"), ("driver", command), ("recursive", "binary")):
        git.run("config", f"merge.{NAME}.{key}", value)
    if os.fsdecode(git.run("check-attr", "merge", "--", EXAMPLE)).rstrip("\n").endswith(f": {NAME}"):
        return Installed(command, "")
    folder = git.cwd / os.fsdecode(git.run("rev-parse", "--git-common-dir")).removesuffix("\n")
    file = folder / "info" / "attributes"
    file.parent.mkdir(exist_ok=True)
    before = file.read_text() if file.exists() else ""
    end = "" if not before or before.endswith("\n") else "\n"
    file.write_text(f"{before}{end}{ATTRIBUTE}\n")
    return Installed(command, str(file))
