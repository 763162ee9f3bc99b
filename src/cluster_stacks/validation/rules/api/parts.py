"""Parts of Kubernetes' own kinds that several rules ask for: what is of a wrong type is left to the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.validation.problem import Item, Pointer
from cluster_stacks.validation.rules.context import Context

Fields = Mapping[str, object]
NOTHING: Fields = {}
_POD: Pointer = ("spec",)
_TEMPLATE: Pointer = ("spec", "template", "spec")
POD_SPECS: dict[tuple[str, str], Pointer] = {
    ("", "Pod"): _POD,
    ("", "ReplicationController"): _TEMPLATE,
    ("", "PodTemplate"): ("template", "spec"),
    **dict.fromkeys([("apps", kind) for kind in ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet")], _TEMPLATE),
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template", "spec"),
}


class Pod(NamedTuple):
    """A pod that an object makes, or is: its spec, and where that stands."""

    item: Item
    kind: str
    spec: Fields
    pointer: Pointer


def pods(context: Context) -> tuple[Pod, ...]:
    """The pods of all objects."""
    return context.memo("api-pods", lambda: tuple(_pods(context)))


def _pods(context: Context) -> Iterator[Pod]:
    for item, info in context.known():
        at = POD_SPECS.get((info.group, info.kind)) if info.minor else None
        if at is not None and (spec := fields(item.value, *at)):
            yield Pod(item, info.kind, spec, (*item.prefix, *at))


def fields(value: object, *path: str | int) -> Fields:
    """The mapping below a value, or an empty one."""
    for step in path:
        value = value.get(str(step)) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else NOTHING


def entries(value: Fields, key: str) -> Iterator[tuple[int, Fields]]:
    """The mappings in a list, with their numbers."""
    found = value.get(key)
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, Mapping):
            yield index, entry


def text(value: Fields, key: str) -> str:
    """A text, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def number(value: object) -> int | None:
    """A whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
