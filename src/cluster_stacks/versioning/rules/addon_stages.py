"""clusteraddon.yaml of upstream's layouts names addons that are there."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.finding import Finding, RuleInfo, Severity
from cluster_stacks.model.stack_source import StackState
from cluster_stacks.versioning.upstream import at, charts, get, is_native, is_settled, is_written_for, on, parsed

RULE = RuleInfo(
    "CS156", "addon-stages", "clusteraddon.yaml has an unknown hook or action, or names an addon that is not there",
    "cluster-stack-operator passes over a stage whose chart is missing, without a word, so an addon is not installed "
    "and nobody is told. In the native layout CS330 says the same.",
    source="cluster-stack-operator",
)

FILE = "clusteraddon.yaml"
HOOKS = ("AfterControlPlaneInitialized", "BeforeClusterUpgrade", "AfterClusterUpgrade")
ACTIONS = ("apply", "delete")


def check(source: StackState) -> Iterator[Finding]:
    """One finding for each stage that is wrong, and a warning for each chart that no stage names."""
    if is_native(source) or not is_written_for(source):
        return
    document, wrong = parsed(source, FILE)
    yield from wrong
    if document is None:
        return
    stages = get(document, ("addonStages",))
    if not isinstance(stages, dict):
        yield at(RULE, source, document, ("addonStages",), "addonStages is no mapping of hooks to lists of stages")
        return
    folders = {key.split("/")[1] for key in source.files if key.startswith("cluster-addon/") and key.count("/") > 1}
    named: set[str] = set()
    for hook, items in stages.items():
        if hook not in HOOKS:
            message = f"{hook} is no hook: there is {', '.join(HOOKS)}"
            yield at(RULE, source, document, ("addonStages", hook), message, key=True)
        if not isinstance(items, list):
            yield at(RULE, source, document, ("addonStages", hook), f"{hook} is no list of stages")
            continue
        for index in range(len(items)):
            named.add(str(get(document, ("addonStages", hook, index, "name"))))
            yield from _stage(source, document, ("addonStages", hook, index), folders)
    for folder in sorted(charts(source)):
        name = folder.partition("/")[2]
        if folder.startswith("cluster-addon/") and "/" not in name and name not in named:
            message = f"the chart {name} is in no stage of {FILE} and is never installed: name it there"
            finding = on(RULE, source, source.files[f"{folder}/Chart.yaml"], message, name)
            yield Finding.at(RULE.id, Severity.WARNING, message, finding.path, stack=finding.stack, key=name)


def _stage(
    source: StackState, document: Document, pointer: tuple[str | int, ...], folders: set[str]
) -> Iterator[Finding]:
    name, action = get(document, (*pointer, "name")), get(document, (*pointer, "action"))
    if name is None:
        yield at(RULE, source, document, pointer, "the stage has no name: write that of a folder below cluster-addon/")
    elif is_settled(name) and name not in folders:
        there = ", ".join(sorted(folders)) or "none"
        message = f"there is no folder cluster-addon/{name}, the stage would be passed over: there is {there}"
        yield at(RULE, source, document, (*pointer, "name"), message)
    if action not in ACTIONS:
        yield at(RULE, source, document, (*pointer, "action"), f"the action is {action}: write apply or delete")
