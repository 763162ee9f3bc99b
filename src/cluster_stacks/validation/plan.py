"""What of a schema is asked again and again, compiled once: where defaults stand, and where more is said than a schema
can say.

Both the schemas that this project makes and those of a ClusterClass's variables can be read: `properties`,
`additionalProperties`, `items`, `default` and `nullable` mean the same in both. A plan knows below which places there
is anything at all; nothing else is visited.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.validation.schema_words import FORMAT, FORMAT_PATTERNS, QUANTITY_PATTERN, Schema

REF = "#/definitions/"
KEYS = "x-kubernetes-list-map-keys"
CLUSTER_API = "cluster.x-k8s.io"
GO_DURATION = "goduration"
GO_DURATIONS = frozenset({
    "nodeDeletionTimeout", "nodeDrainTimeout", "nodeStartupTimeout", "nodeVolumeDetachTimeout", "startupDuration",
    "bootstrapTimeout", "timeout", "timeoutForControlPlane", "ttl", "guestSoftPowerOffTimeout",
})
"""Fields of Cluster API's and its providers' kinds that Go reads as durations, which their CRDs do not say."""
_PLANS = 1024
"""The plans that are kept: those of the kinds of a run, and of its latest variables."""
_NULL: dict[str, object] = {"type": "null"}


class Mark(NamedTuple):
    """What a schema says of a place and no engine reads: the keys of a list's entries, the format of a text."""

    keys: tuple[str, ...] = ()
    form: str = ""
    quantity: bool = False
    embedded: bool = False
    least: int = 0
    """How many properties there must be once nulls are dropped and defaults are filled in."""


class Plan:
    """One node of a schema."""

    __slots__ = (
        "children", "default", "filled", "fills", "integer", "items", "mark", "marked", "more", "nullable", "places",
        "plain", "properties",
    )

    def __init__(self, node: Mapping[str, object]) -> None:
        self.properties: dict[str, Plan] = {}
        self.more: Plan | None = None
        self.items: Plan | None = None
        self.nullable = node.get("nullable") is True
        self.default = node.get("default")
        self.mark = _mark(node)
        self.plain = node.get("type") in ("string", ["string", "null"]) and "pattern" not in node
        """A text of which nothing more is said."""
        self.integer = node.get("type") in ("integer", ["integer", "null"], ["integer", "string"])
        self.fills = False
        """Whether there is a default anywhere below."""
        self.filled: tuple[tuple[str, object, bool], ...] = ()
        """The properties with a default: name, default, whether a null stays."""
        self.children: tuple[tuple[str, Plan], ...] = ()
        """The properties with defaults below them."""
        self.marked = self.mark is not None
        """Whether there is a mark here or below."""
        self.places: tuple[tuple[str, Plan], ...] = ()
        """The properties with marks at or below them."""

    def mark_duration(self) -> None:
        """Makes a plain text one of Go's durations."""
        if self.plain and self.mark is None:
            self.mark, self.marked = Mark(form=GO_DURATION), True

    def parts(self) -> Iterator[Plan]:
        """The nodes directly below."""
        yield from self.properties.values()
        if self.more:
            yield self.more
        if self.items:
            yield self.items


# By identity, and the schema is held, so that its number is not given to another one.
_plans: OrderedDict[int, tuple[Mapping[str, object], Plan]] = OrderedDict()


def plan_of(schema: Mapping[str, object]) -> Plan:
    """The plan of a schema, made once for each object that holds one."""
    known = _plans.get(id(schema))
    if known is None:
        if len(_plans) >= _PLANS:
            _plans.popitem(last=False)
        known = _plans[id(schema)] = (schema, _compile(schema))
    else:
        _plans.move_to_end(id(schema))  # those of kinds stay, however many variables come by
    return known[1]


def _compile(schema: Mapping[str, object]) -> Plan:
    definitions = schema.get("definitions")
    made: dict[int, Plan] = {}
    root = _plan(schema, definitions if isinstance(definitions, Mapping) else {}, made)
    if _group(schema).endswith(CLUSTER_API):
        for plan in made.values():
            for name in GO_DURATIONS & plan.properties.keys():
                plan.properties[name].mark_duration()
    changed = True
    while changed:  # schemas may refer to themselves: repeat until nothing is new
        changed = False
        for plan in made.values():
            if not plan.fills and (plan.filled or any(part.fills or part.default is not None for part in plan.parts())):
                plan.fills = changed = True
            if not plan.marked and any(part.marked for part in plan.parts()):
                plan.marked = changed = True
    for plan in made.values():
        plan.children = tuple((name, child) for name, child in plan.properties.items() if child.fills)
        plan.places = tuple((name, child) for name, child in plan.properties.items() if child.marked)
    return root


def _group(schema: Mapping[str, object]) -> str:
    properties = schema.get("properties")
    version = properties.get("apiVersion") if isinstance(properties, Mapping) else None
    names = version.get("enum") if isinstance(version, Mapping) else None
    return str(names[0]).partition("/")[0] if isinstance(names, list) and names else ""


def _plan(schema: Mapping[str, object], definitions: Mapping[str, object], made: dict[int, Plan]) -> Plan:
    if id(schema) in made:
        return made[id(schema)]
    shape = shape_of(schema, definitions)
    plan = made[id(schema)] = Plan({**shape, **schema})
    properties, more, items = shape.get("properties"), shape.get("additionalProperties"), shape.get("items")
    for name, child in properties.items() if isinstance(properties, Mapping) else ():
        if isinstance(child, Mapping):
            plan.properties[str(name)] = _plan(child, definitions, made)
    plan.more = _plan(more, definitions, made) if isinstance(more, Mapping) else None
    plan.items = _plan(items, definitions, made) if isinstance(items, Mapping) else None
    plan.filled = tuple((n, p.default, p.nullable) for n, p in plan.properties.items() if p.default is not None)
    least = shape.get("minProperties")
    if isinstance(least, int):
        # The converter took those off that are filled in.
        plan.mark = (plan.mark or Mark())._replace(least=least + len(plan.filled))
        plan.marked = True
    return plan


def shape_of(schema: Mapping[str, object], definitions: Mapping[str, object]) -> Mapping[str, object]:
    """The part of a made schema that has its properties and items: behind a reference, or beside the null it allows."""
    for _ in range(10):
        ref, either = schema.get("$ref"), schema.get("anyOf")
        if isinstance(ref, str):
            target = definitions.get(ref.removeprefix(REF))
        elif isinstance(either, list) and len(either) == 2 and either[0] == _NULL:
            target = either[1]
        else:
            break
        if not isinstance(target, Mapping):
            break
        schema = target
    return schema


def _mark(node: Mapping[str, object]) -> Mark | None:
    keys, form, pattern = node.get(KEYS), node.get(FORMAT), node.get("pattern")
    if pattern == QUANTITY_PATTERN:
        return Mark(quantity=True)
    if form is None and pattern == FORMAT_PATTERNS["byte"]:  # of Kubernetes' own kinds, which have no other format
        form = "base64"
    names = tuple(map(str, keys)) if isinstance(keys, list) else ()
    embedded = _is_embedded(node)
    return Mark(names, str(form or ""), embedded=embedded) if names or form or embedded else None


def _is_embedded(node: Mapping[str, object]) -> bool:
    """Whether an object within an object is described: the converter asks it for apiVersion and kind, not empty."""
    properties = node.get("properties")
    kind = properties.get("kind") if isinstance(properties, Mapping) else None
    return kind == {"type": "string", "minLength": 1} and "metadata" in properties  # type: ignore[operator]


def marks(value: object, schema: Schema) -> list[tuple[tuple[str | int, ...], object, Mark]]:
    """The places of a value that the schema says more of, each with what stands there."""
    plan = plan_of(schema)
    found: list[tuple[tuple[str | int, ...], object, Mark]] = []
    if plan.marked:
        _visit(value, plan, (), found)
    return found


def integers(value: object, schema: Schema) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """The integers at places where the schema asks for one. Walks the whole value: for those who must."""
    waiting: list[tuple[tuple[str | int, ...], object, Plan]] = [((), value, plan_of(schema))]
    while waiting:
        at, found, plan = waiting.pop()
        if isinstance(found, dict):
            children = ((name, part, plan.properties.get(name) or plan.more) for name, part in found.items())
            waiting += [((*at, name), part, child) for name, part, child in children if child]
        elif isinstance(found, list) and plan.items:
            waiting += [((*at, index), part, plan.items) for index, part in enumerate(found)]
        elif plan.integer and isinstance(found, int):
            yield at, found


def _visit(
    value: object, plan: Plan, at: tuple[str | int, ...], found: list[tuple[tuple[str | int, ...], object, Mark]]
) -> None:
    """Goes as deep as the schema does, or the document: both are bounded."""
    if plan.mark is not None:
        found.append((at, value, plan.mark))
    if isinstance(value, dict):
        for name, child in plan.places:
            if name in value:
                _visit(value[name], child, (*at, name), found)
        if plan.more is not None and plan.more.marked:
            for name in value:
                if name not in plan.properties:
                    _visit(value[name], plan.more, (*at, name), found)
    elif isinstance(value, list) and plan.items is not None and plan.items.marked:
        for index, item in enumerate(value):
            _visit(item, plan.items, (*at, index), found)
