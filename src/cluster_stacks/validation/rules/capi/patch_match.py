"""A selector names templates that the class has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi.selecting import class_names, fits, names
from cluster_stacks.validation.capi.view import ClassView, Definition, Reference, classes, mapping, text
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS624", "patch-match", "a patch for a template that the class does not have there",
    "The selector's apiVersion and kind must be exactly those of a template that the class names in the place that "
    "matchResources switches on: the infrastructure, the control plane or its machines, and for each name of a worker "
    "class, its bootstrap or its machines. A name may hold one `*`, at its beginning or its end, and stands for all "
    "classes that fit. The webhook refuses the class otherwise.",
    source="Cluster API: the webhook of ClusterClass, validateSelectors",
)
_WORKERS = (("machineDeploymentClass", False), ("machinePoolClass", True))
_QUALIFIED = re.compile(
    r"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]"
)


def check(context: Context) -> Iterator[Problem]:
    """Finds selectors that fit no template of the class."""
    for view in classes(context):
        for patch in view.patches:
            for definition in patch.definitions:
                yield from _definition(view, definition)


def _definition(view: ClassView, definition: Definition) -> Iterator[Problem]:
    match = mapping(definition.selector, "matchResources")
    at: Pointer = (*definition.pointer, "selector")
    if match.get("infrastructureCluster") is True:
        yield from _own(view, definition, at, "infrastructureCluster", ("infrastructure",))
    if match.get("controlPlane") is True:
        yield from _own(view, definition, at, "controlPlane", ("control-plane", "control-plane-machine"))
    for key, pool in _WORKERS:
        for number, name in enumerate(class_names(match, key)):
            message = _bad_name(name) or _no_worker(view, definition, name, pool=pool)
            if message:
                pointer = (*at, "matchResources", key, "names", number)
                yield Problem(view.item.document, RULE.id, message, pointer, item=view.item)
            if _bad_name(name):
                break


def _own(
    view: ClassView, definition: Definition, at: Pointer, key: str, roles: Sequence[str]
) -> Iterator[Problem]:
    there = [reference for reference in view.references if reference.role in roles]
    if any(fits(definition.selector, reference) for reference in there):
        return
    yield _misfit(view, definition, at, there, ("matchResources", key))


def _misfit(
    view: ClassView, definition: Definition, at: Pointer, there: Sequence[Reference], switch: Pointer
) -> Problem:
    """The problem at the text that differs from the nearest template: kind, apiVersion, or the switch itself."""
    selector = definition.selector
    kind, version = text(selector, "kind"), text(selector, "apiVersion")
    asked = f"{kind} of {version}"
    has = " and ".join(f"{reference.kind} of {reference.api_version}" for reference in there) or "none"
    message = f"the class has no {asked} there, but {has}" if there else f"the class has no template there for {asked}"
    if any(reference.kind == kind for reference in there):
        place: Pointer = ("apiVersion",)
    elif any(reference.api_version == version for reference in there) and near_names(kind, [r.kind for r in there]):
        place = ("kind",)
    else:
        place = switch
    return Problem(view.item.document, RULE.id, message, (*at, *place), item=view.item)


def _bad_name(name: str) -> str:
    if name.count("*") > 1:
        return f"{name!r} has more than one *: one may stand at the beginning or the end"
    if "*" not in name:
        return ""
    if not name.startswith("*") and not name.endswith("*"):
        return f"the * of {name!r} must stand at its beginning or its end"
    return "" if _QUALIFIED.fullmatch(name.replace("*", "a")) else f"{name!r} cannot be the name of a worker class"


def _no_worker(view: ClassView, definition: Definition, name: str, *, pool: bool) -> str:
    what = "MachinePool class" if pool else "MachineDeployment class"
    workers = [worker for worker in view.workers if worker.pool is pool]
    named = [worker for worker in workers if names(name, worker.name)]
    references = [found for worker in named for found in (worker.bootstrap, worker.infrastructure) if found]
    if any(fits(definition.selector, reference) for reference in references):
        return ""
    if not named:
        near = near_names(name, [worker.name for worker in workers])
        hint = f": did you mean {near[0]!r}?" if near else ""
        return f"the class has no {what} {name!r}{hint}"
    asked = f"{text(definition.selector, 'kind')} of {text(definition.selector, 'apiVersion')}"
    has = " and ".join(dict.fromkeys(f"{found.kind} of {found.api_version}" for found in references)) or "none"
    return f"{what} {name!r} has no {asked}, but {has}"
