"""Charts of upstream's layouts are named for the stack."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, RuleInfo
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.upstream import at, get, is_native, is_settled, is_written_for, parsed

RULE = RuleInfo(
    "CS154", "chart-name", "a chart is not named for its stack",
    "cluster-stack-operator looks for a release's packed chart by the name <provider>-<stack>-<major>-<minor>-"
    "cluster-class, and -cluster-addon for an umbrella of all addons. Under another name the whole release cannot be "
    "used. In the native layout charts are free to have any name.",
    source="cluster-stack-operator",
)


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each of the two charts that has another name."""
    if is_native(source):
        return
    for layer in ("cluster-class", "cluster-addon"):
        document, wrong = parsed(source, f"{layer}/Chart.yaml")
        yield from wrong
        if document is None or not is_written_for(source):
            continue
        name, right = get(document, ("name",)), f"{source.stack.series}-{layer}"
        if is_settled(name) and name != right:
            yield at(RULE, source, document, ("name",), f"the chart is named {name}: it is found by the name {right}")
