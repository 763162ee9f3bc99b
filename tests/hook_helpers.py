"""For the tests of hooks and of the merge driver: running commands as a person does, and the files of a small stack."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

CLASS = "providers/docker/scs/1-36/cluster-class/class.yaml"
ADDON = "providers/docker/scs/1-36/cluster-addon/cilium/values.yaml"
IMAGES = "providers/docker/scs/1-36/node-images/images.yaml"
METADATA = "providers/docker/scs/1-36/metadata.yaml"


class Said(NamedTuple):
    """How a command ended, and both its streams as one."""

    code: int
    text: str


def say(folder: Path, *argv: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Said:
    """Runs a command in a folder."""
    done = subprocess.run(
        list(argv), cwd=folder, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        input=stdin, text=True, check=False,
    )
    return Said(done.returncode, done.stdout)


def put_on_path(folder: Path) -> Path:
    """`cluster-stacks` of this checkout in a new folder; each start leaves a line in the file `started` beside it."""
    folder.mkdir()
    script = folder / "cluster-stacks"
    # With bytecode, as every installation has it: without, each start would compile some sixty modules.
    script.write_text(
        f'#!/bin/sh\necho "$*" >>{folder}/started\nunset PYTHONDONTWRITEBYTECODE\n'
        f'exec {sys.executable} -m cluster_stacks "$@"\n'
    )
    script.chmod(0o755)
    return folder / "started"
