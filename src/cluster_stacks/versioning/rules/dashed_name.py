"""Names that cluster-stack-operator cannot take apart."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.upstream import is_native

RULE = RuleInfo(
    "CS161", "dashed-name", "a provider or stack of one of upstream's layouts has a dash in its name",
    "cluster-stack-operator splits a release's name at its dashes into exactly five or seven parts, so it cannot read "
    "a release whose provider or stack has one. Nothing of the native layout takes names apart.",
    Severity.WARNING,
    "cluster-stack-operator",
)


def check(source: StackState) -> Iterator[Finding]:
    """One warning for each of the two names."""
    if is_native(source):
        return
    for what, name in (("provider", source.stack.provider), ("stack", source.stack.name)):
        if "-" in name:
            path = next((file.path for file in source.files.values()), source.stack.path)
            folder = "/".join(path.split("/")[: 2 if what == "provider" else 3])
            message = f"the {what} {name} has a dash in its name: cluster-stack-operator cannot read its releases"
            yield Finding.at(RULE.id, RULE.severity, message, folder, stack=str(source.stack), key=what)
