"""Every clone has every file."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, Related, RuleInfo
from cluster_stacks.model.stack import layer_of
from cluster_stacks.model.stack_source import StackState

RULE = RuleInfo(
    "CS179", "case-conflict", "two paths of a stack differ in nothing but upper and lower case",
    "On macOS and Windows only one of them is in the clone, so that others see another content, and their next commit "
    "takes the other file away. Effective paths are compared: a file of the minor beside one of shared/ that it was "
    "meant to replace is such a pair as well.",
    source="Git on file systems that ignore case",
)


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each file that another one hides, folders included: `Cilium/a.yaml` beside `cilium/b.yaml`."""
    first: dict[str, str] = {}
    for key, file in source.files.items():
        if layer_of(key) is None:
            continue
        parts = key.split("/")
        for end in range(1, len(parts) + 1):
            path = "/".join(parts[:end])
            known = first.setdefault(path.casefold(), path)
            if known != path:
                message = f"{path} and {known} are one path on macOS and Windows: rename one of them"
                other = next(f.path for k, f in source.files.items() if k == known or k.startswith(f"{known}/"))
                yield Finding(
                    RULE.id, RULE.severity, message, file.path, related=(Related(other, message="the other one"),),
                    stack=str(source.stack), key=path,
                )
                break
