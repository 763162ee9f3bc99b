"""For the tests with the real pre-commit: a user's repository whose hooks are those of this checkout."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import yaml

VALUES = "providers/docker/scs/shared/cluster-addon/metrics-server/values.yaml"
METADATA = "providers/docker/scs/1-36/metadata.yaml"


class Source(Protocol):
    """This checkout as another machine gets it."""

    @property
    def path(self) -> Path: ...
    @property
    def rev(self) -> str: ...


def configure(folder: Path, source: Source, hooks: list[str]) -> None:
    repo = {"repo": str(source.path), "rev": source.rev, "hooks": [{"id": hook} for hook in hooks]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repo]}))


def append(path: Path) -> None:
    path.write_text(path.read_text() + "    - --metric-resolution=30s\n")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def run(
    folder: Path, *arguments: str | Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Both streams in one, as a person sees them."""
    return subprocess.run(
        [*map(str, arguments)], cwd=folder, env={**os.environ, **(env or {})}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False,
    )
