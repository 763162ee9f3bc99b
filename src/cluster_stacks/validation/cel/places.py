"""Where rules stand in a schema, compiled when the first value comes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import cached_property

from cluster_stacks.validation.cel.declared import Schema, core, declared, mapping
from cluster_stacks.validation.cel.programs import NO_TYPE, Program, compile_for
from cluster_stacks.validation.cel.syntax import CelError
from cluster_stacks.validation.cel.types import Type

RULES = "x-kubernetes-validations"
_REF = "#/definitions/"
_DEEPEST = 100
_KEPT = 512
_STEP = re.compile(r"\.([^.\[\]']+)|\['((?:[^'\\]|\\.)*)'\]")


class Rule:
    """One rule of a schema, with its own words."""

    def __init__(self, value: Schema, place: Place, pointer: tuple[str | int, ...]) -> None:
        self._place, self.pointer = place, pointer
        self.text = str(value.get("rule") or "").strip()
        self.message = str(value.get("message") or "").strip()
        self.optional_old_self = value.get("optionalOldSelf") is True
        self._said = str(value.get("messageExpression") or "")
        self._raw = str(value.get("rule") or "")
        self._path = str(value.get("fieldPath") or "")

    @cached_property
    def program(self) -> Program | CelError:
        """The rule, compiled, or why it does not compile."""
        kind = self._place.kind
        if kind is None:
            return NO_TYPE
        return compile_for(self._raw, kind, optional_old_self=self.optional_old_self)

    @cached_property
    def saying(self) -> Program | CelError | None:
        """The messageExpression, compiled, where there is one."""
        kind = self._place.kind
        if not self._said or kind is None:
            return None
        return compile_for(self._said, kind, optional_old_self=self.optional_old_self, message=True)

    @cached_property
    def field(self) -> tuple[str, ...]:
        """The field that a violation is told at, below the value."""
        return field_path(self._path) or ()


class Place:
    """One node of a schema that has rules at it or below it.

    `parts` are the schemas of its allOf, whose rules hold too, each with the types of the node. Rules in anyOf, oneOf
    and not are none: the API server takes no CRD that has them there.
    """

    __slots__ = ("__dict__", "_root", "items", "keys", "more", "parts", "properties", "rules", "schema")

    def __init__(
        self, schema: Schema, pointer: tuple[str | int, ...] = (), *, root: bool = False, part: Schema | None = None
    ) -> None:
        self.schema = schema = core(schema)
        self._root = root
        said = schema if part is None else part
        self.rules = tuple(_rules(self, said, pointer))
        known = mapping(schema.get("properties"))
        self.properties: dict[str, Place] = {}
        for name, child in mapping(said.get("properties")).items():
            if has_rules(child) and name in known:
                own = child if part is not None else None
                self.properties[name] = Place(known[name], (*pointer, "properties", name), part=own)
        self.items = _below(schema, part, "items", pointer)
        self.more = _below(schema, part, "additionalProperties", pointer)
        self.parts = tuple(
            Place(schema, (*pointer, "allOf", index), root=root, part=inner)
            for index, inner in enumerate(_list(said.get("allOf"))) if isinstance(inner, Mapping) and has_rules(inner)
        )
        keys = schema.get("x-kubernetes-list-map-keys")
        self.keys = tuple(map(str, keys)) if isinstance(keys, list) else ()

    @cached_property
    def kind(self) -> Type | None:
        """The type that the schema declares."""
        return declared(self.schema, root=self._root)


def _below(schema: Schema, part: Schema | None, key: str, pointer: tuple[str | int, ...]) -> Place | None:
    child, own = schema.get(key), part.get(key) if part is not None else None
    if not isinstance(child, Mapping) or not has_rules(child if part is None else own):
        return None
    return Place(child, (*pointer, key), part=own if isinstance(own, Mapping) else None)


def _rules(place: Place, schema: Schema, pointer: tuple[str | int, ...]) -> list[Rule]:
    found = [
        Rule(rule, place, (*pointer, RULES, index))
        for index, rule in enumerate(_list(schema.get(RULES))) if isinstance(rule, Mapping)
    ]
    return [rule for rule in found if rule.text]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def has_rules(schema: object) -> bool:
    """Whether a rule stands anywhere in a schema."""
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            if node.get(RULES):
                return True
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    return False


# By identity, and the schema is held, so that its number is not given to another one.
_known: OrderedDict[tuple[int, bool], tuple[Schema, Place | None]] = OrderedDict()


def places_of(schema: Schema, *, root: bool = False) -> Place | None:
    """The places of a schema, None where it has no rules; made once for each object that holds one."""
    key = (id(schema), root)
    known = _known.get(key)
    if known is None:
        if len(_known) >= _KEPT:
            _known.popitem(last=False)
        definitions = schema.get("definitions")
        place = Place(_whole(schema, mapping(definitions), 0), root=root) if has_rules(schema) else None
        known = _known[key] = (schema, place)
    return known[1]


def _whole(node: Schema, definitions: Mapping[str, Schema], depth: int) -> Schema:
    """A schema with its references filled in."""
    if not definitions or depth > _DEEPEST:
        return node
    ref = node.get("$ref")
    if isinstance(ref, str):
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**_whole(definitions.get(ref.removeprefix(_REF), {}), definitions, depth + 1), **beside}
    out: dict[str, object] = {key: value for key, value in node.items() if key != "definitions"}
    for key in ("items", "additionalProperties"):
        child = out.get(key)
        if isinstance(child, Mapping):
            out[key] = _whole(child, definitions, depth + 1)
    if isinstance(out.get("properties"), Mapping):
        out["properties"] = {
            name: _whole(child, definitions, depth + 1) for name, child in mapping(out["properties"]).items()
        }
    for key in ("anyOf", "allOf"):
        if isinstance(out.get(key), list):
            parts = _list(out[key])
            out[key] = [_whole(part, definitions, depth + 1) if isinstance(part, Mapping) else part for part in parts]
    return out


def field_path(text: str) -> tuple[str, ...] | None:
    """`.a.b['c']` as names, None where it is none."""
    found: list[str] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return None
        found.append(match[1] if match[1] is not None else re.sub(r"\\(.)", r"\1", match[2]))
        at = match.end()
    return tuple(found) or None


def bad_field_path(text: str, schema: Schema) -> str:
    """What is wrong with a rule's fieldPath for values of a schema, empty where nothing is."""
    names = field_path(text)
    if names is None:
        return "fieldPath must name fields like .a.b or .a['b']"
    node: Schema = core(schema)
    for name in names:
        properties, more = node.get("properties"), node.get("additionalProperties")
        child = mapping(properties).get(name) if isinstance(properties, Mapping) else more
        if not isinstance(child, Mapping):
            return f"fieldPath names {name!r}, which is no field there"
        node = core(child)
    return ""
