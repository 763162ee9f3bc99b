"""The exceptions that the command line turns into exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a hook that finds nothing to do needs no findings
    from cluster_stacks.model.finding import Finding


class CannotTell(Exception):  # noqa: N818 — named for what it means to the caller: exit code 2
    """The question cannot be answered: bad usage, an unknown base, a missing tool. One line that says what to do."""


class Refused(Exception):  # noqa: N818 — named for what it means to the caller: exit code 1
    """The input is wrong; `findings` say where and how to mend it. Nothing was written."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(f.message for f in findings))
        self.findings = findings

    def __reduce__(self) -> tuple[type[Refused], tuple[Finding, ...]]:
        # Workers raise it too, and Exception's own way home would pass the message where findings belong.
        return type(self), self.findings
