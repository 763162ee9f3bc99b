"""The programs that one rendering may call, found when they are first wanted, and which of them it did call."""

from __future__ import annotations

from cluster_stacks.model.settings import Settings
from cluster_stacks.rendering.folder import LARGEST_OUTPUT, TOOL_MEMORY
from cluster_stacks.runtime.limits import bounded_children
from cluster_stacks.runtime.tools import Tool, require_tool


class Toolbox:
    """Helm and Kustomize as settings pin them. `used` are the versions of those whose output is in the release."""

    def __init__(self, settings: Settings) -> None:
        self._pins = settings.tools
        self.used: dict[str, str] = {}

    def helm(self) -> Tool:
        """Raises CannotTell where there is none, or another version than settings pin."""
        return self._note(self.helm_for_a_check())

    def helm_for_a_check(self) -> Tool:
        """Helm, for a look at a chart whose objects are in no release. Raises CannotTell."""
        return self._require("helm", "a layer is a chart")

    def kustomize(self) -> Tool:
        """Raises CannotTell where there is none, or another version than settings pin."""
        return self._note(self._require("kustomize", "a layer is a kustomization"))

    def _require(self, name: str, why: str) -> Tool:
        # Asking a program for its version starts it, and it cannot start within the bounds of a worker.
        with bounded_children(memory=TOOL_MEMORY, file=LARGEST_OUTPUT):
            return require_tool(name, why, self._pins)

    def _note(self, tool: Tool) -> Tool:
        self.used[tool.name] = tool.version
        return tool
