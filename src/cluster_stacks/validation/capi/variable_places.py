"""The schemas within the schema of a variable, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi.validator import BRANCHES
from cluster_stacks.validation.problem import Pointer

RULES = "x-kubernetes-validations"
EITHER = [{"type": "integer"}, {"type": "string"}]
Node = Mapping[str, object]


class Fault(NamedTuple):
    """What is wrong with a schema; `rule` is a rule's id, `pointer` is below the schema."""

    rule: str
    pointer: Pointer
    message: str
    severity: Severity = Severity.ERROR


class Place(NamedTuple):
    """A schema within a schema. `branch`: it stands below allOf, anyOf, oneOf or not. `kept`: its default is judged."""

    pointer: Pointer
    node: Node
    branch: bool
    kept: bool


def places_of(schema: Node) -> Iterator[Place]:
    """All schemas within a schema, itself first. Of right types, and not too deep: `keyword_faults` found nothing."""
    waiting = [Place((), schema, branch=False, kept=True)]
    while waiting:
        place = waiting.pop()
        yield place
        waiting += reversed(list(_inner(place)))


def _inner(place: Place) -> Iterator[Place]:
    at, node, branch, kept = place
    properties = node.get("properties")
    for name, child in properties.items() if isinstance(properties, Mapping) else ():
        yield Place((*at, "properties", str(name)), child or {}, branch, kept)
    if isinstance(node.get("items"), Mapping):
        yield Place((*at, "items"), _node(node["items"]), branch, kept)
    if isinstance(node.get("additionalProperties"), Mapping):
        yield Place((*at, "additionalProperties"), _node(node["additionalProperties"]), branch, kept=False)
    for key in BRANCHES:
        parts = node.get(key)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            if branch or not (key == "anyOf" and _is_either(parts)):
                inner = _node(part)
                if not branch and key == "allOf" and number == 0 and _is_either(inner.get("anyOf")):
                    inner = {name: value for name, value in inner.items() if name != "anyOf"}
                yield Place((*at, key, number), inner, branch=True, kept=False)
    if isinstance(node.get("not"), Mapping):
        yield Place((*at, "not"), _node(node["not"]), branch=True, kept=False)


def _is_either(parts: object) -> bool:
    """Whether they are the two types of int-or-string, which a schema may spell out: in anyOf, or the first allOf."""
    if not isinstance(parts, list) or len(parts) != len(EITHER):
        return False
    said = [{key: value for key, value in _node(part).items() if key != "description"} for part in parts]
    return said == EITHER


def _node(value: object) -> Node:
    return value if isinstance(value, Mapping) else {}
