"""A folder of a layer on disk, for the tools that want one, and the environment they run in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.runtime.limits import bounded_children
from cluster_stacks.runtime.process import Completed, run

TOOL_MEMORY = 2 << 30
LARGEST_OUTPUT = 64 << 20
_NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody runs: what a tool would fetch in spite of everything, it does not get."""


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes `files`, keyed by relative path, below `folder`. None of them may lead out of it."""
    for name, data in files.items():
        parts = name.split("/")
        if name.startswith("/") or any(part in ("", ".", "..") for part in parts):
            raise CannotTell(f"the path {name!r} leads out of its folder")  # Git holds no such name
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def run_tool(argv: list[str | os.PathLike[str]], home: Path) -> Completed:
    """Runs a renderer without network, plugins, configuration or locale of the user. Any exit code is fine.

    It belongs to the process group of this worker, which the pool ends when time is up.
    """
    places = {f"HELM_{name}_HOME": str(home / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), _NOWHERE)
    environment = {
        # The system's temporary folder would outlive a tool that is killed.
        "HOME": str(home), "TMPDIR": str(home), "PATH": str(home / "no-programs"), "LC_ALL": "C", "TZ": "UTC",
        "HELM_PLUGINS": str(home / "no-plugins"), "KUSTOMIZE_PLUGIN_HOME": str(home / "no-plugins"),
        "KUBECONFIG": str(home / "no-kubeconfig"), "NO_PROXY": "", **places, **proxies,
    }
    with bounded_children(memory=TOOL_MEMORY, file=LARGEST_OUTPUT):
        return run(argv, env=environment, cwd=home, ok=range(-64, 256))
