"""What can be wrong with the files of a rendered branch."""

from __future__ import annotations

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, RuleInfo, Severity

BRANCH_FILE = RuleInfo(
    "CS550", "branch-file",
    "A file of the rendered branch is not what this tool writes.",
    "release.json, series.json and the index are read back at every publish. One that was edited by hand, or by "
    "another tool, is refused: restore it from the branch's history.",
)
BRANCH_NEWER = RuleInfo(
    "CS551", "branch-newer",
    "The rendered branch was written by a newer cluster-stacks.",
    "Its schemaVersion or layoutVersion is higher than this tool knows, which could damage it: install the newer tool.",
)
RULES: tuple[RuleInfo, ...] = (BRANCH_FILE, BRANCH_NEWER)


def refused(rule: RuleInfo, message: str, path: str, *, stack: str = "") -> Refused:
    """The exception for one error of `rule` in the file `path` of the branch."""
    return Refused(Finding(rule.id, Severity.ERROR, message, path, stack=stack))
