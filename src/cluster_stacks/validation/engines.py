"""Which engine judges."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.settings import Settings
from cluster_stacks.runtime.tools import Tool, find_tool, require_tool
from cluster_stacks.validation import embedded, kubeconform

AUTO, BOTH = "auto", "both"
ENGINES = (AUTO, kubeconform.NAME, embedded.NAME, BOTH)


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of one run: kubeconform where there is a tool, the embedded one where `embedded`; `note` says why."""

    tool: Tool | None
    embedded: bool
    note: str = ""

    @property
    def both(self) -> bool:
        return self.tool is not None and self.embedded


def choose(engine: str, settings: Settings) -> Engines:
    """The engines for `--engine`; `auto` takes kubeconform where it is installed.

    Raises CannotTell for an unknown engine, and where kubeconform is asked for and missing or of another version than
    settings pin.
    """
    if engine == embedded.NAME:
        return Engines(None, embedded=True)
    if engine in (kubeconform.NAME, BOTH):
        why = f"the engine is {engine!r}"
        return Engines(require_tool(kubeconform.NAME, why, settings.tools), embedded=engine == BOTH)
    if engine != AUTO:
        raise CannotTell(f"there is no engine {engine!r}: use one of {', '.join(ENGINES)}")
    tool = find_tool(kubeconform.NAME, settings.tools)
    if tool is None:
        return Engines(None, embedded=True, note="kubeconform is not installed: the embedded engine judged")
    return Engines(tool, embedded=False)
