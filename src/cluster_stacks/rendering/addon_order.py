"""In which order the addons of a stack are installed: clusteraddon.yaml, or what they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.near import near_names
from cluster_stacks.model.source import SourceFile
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.loaded import Loaded, load_config

FIRST_HOOK = "AfterControlPlaneInitialized"


@dataclass(frozen=True, slots=True)
class Addition:
    """What addon.yaml says of one addon. `file` is None where it has none; `folder` is a path for findings."""

    name: str
    folder: str
    depends_on: tuple[str, ...]
    opt_in: bool
    file: Loaded | None


@dataclass(frozen=True, slots=True)
class Order:
    """Of each addon its place and its hook. `notes` are what only cluster-stack-operator can do."""

    places: Mapping[str, int]
    hooks: Mapping[str, str]
    notes: tuple[str, ...] = field(default=())


def addon_order(addons: Mapping[str, Addition], file: SourceFile | None, scope: Scope) -> Order:
    """The order of `addons`. Raises Refused with all that does not agree."""
    findings = list(_dependency_findings(addons))
    if file is None:
        if findings:
            raise Refused(*findings)
        return Order(_levels(addons), {})
    value, loaded = load_config(file, scope, "clusteraddon")
    stages: dict[str, list[dict[str, Any]]] = value["addonStages"]
    findings += _stage_findings(stages, addons, loaded)
    order = _order(stages, addons)
    findings += _contradictions(addons, order)
    if findings:
        raise Refused(*findings)
    return order


def _order(stages: Mapping[str, list[dict[str, Any]]], addons: Mapping[str, Addition]) -> Order:
    places: dict[str, int] = {}
    hooks: dict[str, str] = {}
    notes: list[str] = []
    for hook in sorted(stages, key=lambda hook: hook != FIRST_HOOK):
        for stage in stages[hook]:
            name = stage["name"]
            places.setdefault(name, len(places))
            hooks.setdefault(name, hook)
            notes += _notes(stage, hook)
    last = len(places)
    return Order({name: places.get(name, last) for name in addons}, hooks, tuple(notes))


def _notes(stage: Mapping[str, Any], hook: str) -> Iterator[str]:
    only = "only cluster-stack-operator does that"
    if hook != FIRST_HOOK:
        yield f"{stage['name']}: applied at {hook}; {only}"
    if stage["action"] != "apply":
        yield f"{stage['name']}: {stage['action']} at {hook}; {only}"
    for key in ("waitForPreCondition", "waitForPostCondition"):
        if key in stage:
            yield f"{stage['name']}: {key} at {hook}; {only}"


def _dependency_findings(addons: Mapping[str, Addition]) -> Iterator[Finding]:
    for addon in addons.values():
        for index, name in enumerate(addon.depends_on):
            problem = ""
            if name == addon.name:
                problem = f"'{name}' depends on itself: remove it"
            elif name not in addons:
                near = near_names(name, addons)
                hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(addons)}"
                problem = f"'{name}' is no addon of this stack: {hint}"
            elif addons[name].opt_in and not addon.opt_in:
                problem = f"'{name}' goes only to clusters that ask for it: '{addon.name}' would wait for ever"
            if problem:
                yield _at_dependency(addon, index, problem)
    yield from _cycles(addons)


def _cycles(addons: Mapping[str, Addition]) -> Iterator[Finding]:
    """Addons that wait for one another, found by taking away those that wait for nobody until none is left to take."""
    left = {name: {n for n in addon.depends_on if n in addons and n != name} for name, addon in addons.items()}
    while True:
        free = {name for name, wants in left.items() if not wants}
        if not free:
            break
        left = {name: wants - free for name, wants in left.items() if name not in free}
    if left:
        addon = addons[min(left)]
        names = ", ".join(f"'{name}'" for name in sorted(left))
        yield _at_dependency(addon, 0, f"{names} wait for one another: remove one of the dependencies")


def _levels(addons: Mapping[str, Addition]) -> dict[str, int]:
    levels: dict[str, int] = {}
    while len(levels) < len(addons):
        ready = [n for n, addon in addons.items() if n not in levels and all(d in levels for d in addon.depends_on)]
        levels |= {name: max((levels[d] + 1 for d in addons[name].depends_on), default=0) for name in ready}
    return levels


def _stage_findings(
    stages: Mapping[str, list[dict[str, Any]]], addons: Mapping[str, Addition], loaded: Loaded
) -> Iterator[Finding]:
    named: set[str] = set()
    for hook, items in stages.items():
        for index, stage in enumerate(items):
            name = stage["name"]
            again = any(other["name"] == name for other in items[:index])
            if name not in addons or again:
                what = "is here twice" if again else "is no addon of this stack"
                at = loaded.position(0, ("addonStages", hook, index, "name"))
                near = near_names(name, addons) if not again else []
                named.update(near)  # what was meant is not missing as well
                hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(addons)}"
                message = f"'{name}' {what}: {'remove one' if again else hint}"
                yield rules.finding(rules.ADDON, message, loaded.path, at, key=f"{hook} {name}")
            named.add(name)
    for addon in addons.values():
        if addon.name not in named and not addon.opt_in:
            message = f"the addon '{addon.name}' is in no stage and would never be installed: add it to {loaded.path}"
            yield rules.finding(rules.ADDON, message, addon.folder, key=addon.name)


def _contradictions(addons: Mapping[str, Addition], order: Order) -> Iterator[Finding]:
    for addon in addons.values():
        for index, name in enumerate(addon.depends_on):
            if name in addons and name in order.hooks and order.places[name] > order.places[addon.name]:
                message = f"'{addon.name}' comes before '{name}' in clusteraddon.yaml: swap them"
                yield _at_dependency(addon, index, message)


def _at_dependency(addon: Addition, index: int, message: str) -> Finding:
    assert addon.file is not None, "an addon without addon.yaml depends on nothing"
    at = addon.file.position(0, ("dependsOn", index))
    return rules.finding(rules.ADDON, message, addon.file.path, at, key=f"{addon.name} {message}")
