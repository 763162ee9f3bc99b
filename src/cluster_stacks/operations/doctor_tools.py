"""The programs that the tool itself runs with or starts."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator

from cluster_stacks import __version__
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.settings import Settings
from cluster_stacks.operations.diagnosis import Line, State, wrong
from cluster_stacks.runtime.process import ProcessFailed, run
from cluster_stacks.runtime.tools import find_tool

_GIT = (2, 34)
_NEEDED = {
    "helm": "charts that hold all they need are not tried out",
    "kustomize": "addons with a kustomization.yaml cannot be rendered",
    "kubeconform": "the embedded engine judges objects alone",
}


def tools(settings: Settings) -> Iterator[Line]:
    """cluster-stacks and Python, git, and what settings may pin."""
    yield Line("cluster-stacks", State.OK, f"{__version__}, on Python {platform.python_version()}")
    yield _git()
    for name, without in _NEEDED.items():
        yield from _tool(name, without, settings)


def _git() -> Line:
    try:
        text = run(["git", "--version"], timeout=30).stdout.decode("utf-8", "replace").strip()
    except (CannotTell, ProcessFailed) as error:
        return Line("git", State.WRONG, str(error), "install git 2.34 or newer")
    found = re.search(r"(\d+)\.(\d+)[\d.]*", text)
    if found and (int(found[1]), int(found[2])) < _GIT:
        return Line("git", State.WRONG, f"{found[0]} is too old", "install git 2.34 or newer")
    return Line("git", State.OK, found[0] if found else text)


def _tool(name: str, without: str, settings: Settings) -> Iterator[Line]:
    pin = settings.tools.get(name, "")
    try:
        tool = find_tool(name, settings.tools)
    except CannotTell as error:
        yield from wrong(name, error, f"install {name} {pin}" if pin else "")
        return
    if tool:
        pinned = f", as the settings pin it ({pin})" if pin else ""
        yield Line(name, State.OK, f"{tool.version} at {tool.path}{pinned}")
        return
    is_needed = bool(pin) or (name == "kubeconform" and settings.engine in ("kubeconform", "both"))
    why = "the settings ask for it" if is_needed else without
    fix = f"install {name} {pin}".rstrip() + f", or name it in CLUSTER_STACKS_{name.upper()}"
    yield Line(name, State.WRONG if is_needed else State.MISSING, f"not on PATH: {why}", fix)
