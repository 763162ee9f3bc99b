"""The keywords of a variable's schema, and of what type their values are.

The CRD of ClusterClass says this of the outermost schema alone: below it, Kubernetes stores anything. Cluster API then
cannot read a value of a wrong type, and does not see a keyword that it does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from cluster_stacks.model.finding import Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.capi.validator import BRANCHES, INT_OR_STRING, LENGTHS, OPEN, whole
from cluster_stacks.validation.problem import Pointer

Faults = Iterator[tuple[Pointer, str, Severity]]
SCHEMAS = ("items", "additionalProperties", "not")
RULE = ("rule", "message", "messageExpression", "reason", "fieldPath")


def _is_anything(_: object) -> bool:
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    number = whole(value)
    return number is not None and -(2**63) <= number < 2**63


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_mappings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) or item is None for item in value)


def _is_texts(value: object) -> bool:
    texts = value.values() if isinstance(value, Mapping) else [0]
    return all(isinstance(text, str) or text is None for text in texts)


def _is_metadata(value: object) -> bool:
    keys = ("labels", "annotations")
    return isinstance(value, Mapping) and all(value.get(key) is None or _is_texts(value[key]) for key in keys)


def _is_rules(value: object) -> bool:
    return isinstance(value, list) and all(_is_rule(rule) for rule in value)


def _is_rule(value: object) -> bool:
    return value is None or (
        isinstance(value, Mapping) and all(isinstance(value.get(key), (str, type(None))) for key in RULE)
    )


Kind = tuple[Callable[[object], bool], str]
_TEXT: Kind = (_is_text, "a text")
_NUMBER: Kind = (_is_number, "a whole number of 64 bits")
_FLAG: Kind = (_is_flag, "true or false")
_SCHEMA: Kind = (_is_mapping, "a schema, which is a mapping")
KEYWORDS: Mapping[str, Kind] = {
    **dict.fromkeys(("type", "format", "pattern", "description"), _TEXT),
    **dict.fromkeys((*LENGTHS, "minimum", "maximum"), _NUMBER),
    **dict.fromkeys(("uniqueItems", "exclusiveMinimum", "exclusiveMaximum", OPEN, INT_OR_STRING), _FLAG),
    **dict.fromkeys(SCHEMAS, _SCHEMA),
    **dict.fromkeys(BRANCHES, (_is_mappings, "a list of schemas")),
    "properties": (_is_mapping, "a mapping of schemas"),
    "required": (_is_names, "a list of names"),
    "enum": (_is_list, "a list of values"),
    "x-metadata": (_is_metadata, "labels and annotations, which are mappings of texts"),
    "x-kubernetes-validations": (_is_rules, "a list of rules, each with texts"),
    **dict.fromkeys(("default", "example"), (_is_anything, "")),
}
TYPES = ("object", "array", "string", "integer", "number", "boolean")


def keyword_faults(schema: Mapping[str, object], deepest: int) -> Faults:
    """Keywords that Cluster API cannot read (errors), and those that it does not have (warnings)."""
    waiting: list[tuple[Pointer, object, int]] = [((), schema, 0)]
    while waiting:
        at, node, depth = waiting.pop()
        if not isinstance(node, Mapping):
            if node is not None:
                yield at, "this is no schema: a mapping with a `type` is expected", Severity.ERROR
        elif depth > deepest:
            yield at, f"the schema is nested more than {deepest} deep, which is not judged", Severity.ERROR
        else:
            yield from _of(at, node) if at else _of_outermost(node)
            waiting += reversed([(place, child, depth + 1) for place, child in _below(at, node)])


def _of(at: Pointer, node: Mapping[str, object]) -> Faults:
    for key, value in node.items():
        found = KEYWORDS.get(str(key))
        if found is None:
            yield (*at, str(key)), _unknown(str(key)[:40]), Severity.WARNING
        elif value is not None and not found[0](value):
            yield (*at, str(key)), f"{key} must be {found[1]}", Severity.ERROR
    kind = node.get("type")
    if isinstance(kind, str) and kind and kind not in TYPES:
        near = near_names(kind, TYPES)
        hint = f"did you mean {near[0]!r}?" if near else f"one of {', '.join(TYPES)} is expected"
        yield (*at, "type"), f"{kind[:40]!r} is no type: {hint}", Severity.ERROR


@lru_cache(maxsize=1024)
def _unknown(key: str) -> str:
    near = near_names(key, KEYWORDS)
    hint = f"did you mean {near[0]!r}?" if near else "Cluster API does not see it"
    return f"a variable's schema has no keyword {key!r}: {hint}"


def _of_outermost(node: Mapping[str, object]) -> Faults:
    """The places for schemas, which are all that the CRD does not judge of the outermost one."""
    for key in ("properties", *SCHEMAS, *BRANCHES):
        test, what = KEYWORDS[key]
        if node.get(key) is not None and not test(node[key]):
            yield (key,), f"{key} must be {what}", Severity.ERROR


def _below(at: Pointer, node: Mapping[str, object]) -> Iterator[tuple[Pointer, object]]:
    properties = node.get("properties")
    for name, child in properties.items() if isinstance(properties, Mapping) else ():
        yield (*at, "properties", str(name)), child
    for key in SCHEMAS:
        if isinstance(node.get(key), Mapping):
            yield (*at, key), node[key]
    for key in BRANCHES:
        parts = node.get(key)
        for number, part in enumerate(parts if _is_mappings(parts) and isinstance(parts, list) else ()):
            yield (*at, key, number), part
