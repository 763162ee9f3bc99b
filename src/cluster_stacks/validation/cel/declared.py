"""The type that a schema declares for expressions, and how a value that was read becomes a value of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.cel.times import parse_date_time, parse_schema_duration
from cluster_stacks.validation.cel.types import (
    BOOL,
    REQUEST,
    STRING,
    Convert,
    Type,
    escaped,
    list_of,
    map_of,
)
from cluster_stacks.validation.cel.values import SetList

Schema = Mapping[str, object]
_META = {"type": "object", "properties": {"name": {"type": "string"}, "generateName": {"type": "string"}}}
_IMPLIED: Schema = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": _META}


def declared(schema: Schema, *, root: bool = False) -> Type | None:
    """The type of values that fit a schema, None where expressions cannot see them.

    `root`: of a whole object, which has apiVersion, kind and metadata (name and generateName) beside its own.
    """
    schema = core(schema)
    kind = schema.get("type")
    if schema.get("x-kubernetes-int-or-string") or kind in (["integer", "string"], ["string", "integer"]):
        longest = _limit(schema, "maxLength")
        return Type("dyn", most=REQUEST - 2 if longest is None else 4 * longest, convert=_whole)
    embedded = bool(schema.get("x-kubernetes-embedded-resource"))
    if kind == "object" or (embedded and kind is None):
        return _object(schema, root=root or embedded)
    if kind == "array":
        # At the root the API server looks for the fields of an object, and loses the items over it.
        return None if root else _array(schema)
    if kind == "string":
        return _string(schema)
    if kind == "boolean":
        return BOOL
    if kind == "number":
        return Type("double", convert=_double)
    return Type("int", convert=_whole) if kind == "integer" else None


def core(schema: Schema) -> Schema:
    """A schema without what stands around it where null is allowed, in the form that our converter writes."""
    either = schema.get("anyOf")
    if isinstance(either, list) and len(either) == 2 and either[0] == {"type": "null"} and "type" not in schema:
        inner = either[1]
        return {**inner, **{key: value for key, value in schema.items() if key != "anyOf"}}
    kind = schema.get("type")
    if isinstance(kind, list) and "null" in kind:
        rest = [name for name in kind if name != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else rest}
    return schema


def mapping(value: object) -> Mapping[str, Schema]:
    """A mapping of schemas; nothing where it is none."""
    return {str(k): v for k, v in value.items() if isinstance(v, Mapping)} if isinstance(value, Mapping) else {}


def _object(schema: Schema, *, root: bool) -> Type | None:
    more, properties = schema.get("additionalProperties"), mapping(schema.get("properties"))
    if isinstance(more, Mapping) and not properties:
        value = declared(more)
        if value is None:
            return None
        most = _limit(schema, "maxProperties")
        found = map_of(STRING, value, (REQUEST - 2) // (value.least + 6) if most is None else most)
        found.convert = _of_values(value.convert)
        return found
    if root:
        properties = {**properties, **mapping(_IMPLIED)}
    required = schema.get("required")
    names = set(map(str, required)) if isinstance(required, list) else set()
    fields: dict[str, tuple[str, Type]] = {}
    least = 2
    for name, child in properties.items():
        kind = declared(child)
        if kind is None:
            continue
        if key := escaped(name):
            fields[key] = (name, kind)
        if name in names and child.get("default") is None:
            least += len(name) + kind.least + 4
    convert = _of_fields({raw: kind.convert for raw, kind in fields.values() if kind.convert})
    return Type("object", fields=fields, least=least, convert=convert)


def _array(schema: Schema) -> Type | None:
    items = schema.get("items")
    element = declared(items) if isinstance(items, Mapping) else None
    if element is None:
        return None
    most = _limit(schema, "maxItems")
    found = list_of(element, (REQUEST - 2) // (element.least + 1) if most is None else most)
    keys = schema.get("x-kubernetes-list-map-keys")
    unordered = schema.get("x-kubernetes-list-type") in ("set", "map") or schema.get("uniqueItems") is True or keys
    found.convert = _of_items(
        element.convert, tuple(map(str, keys)) if isinstance(keys, list) else (), unordered=bool(unordered)
    )
    return found


def _string(schema: Schema) -> Type:
    form = str(schema.get("format") or schema.get("x-format") or "").replace("-", "")
    longest = _limit(schema, "maxLength")
    if form == "byte":
        return Type("bytes", least=2, most=REQUEST - 2 if longest is None else longest, convert=_octets)
    if form == "duration":
        return Type("duration", name="google.protobuf.Duration", least=3, most=32, convert=_duration)
    if form in ("date", "datetime"):
        size = 12 if form == "date" else 32
        least = 12 if form == "date" else 21
        return Type("timestamp", name="google.protobuf.Timestamp", least=least, most=size, convert=_moment)
    choice = schema.get("enum")
    if longest is not None:
        most = 4 * longest
    elif isinstance(choice, list) and choice:
        most = max((len(text.encode("utf-8", "replace")) for text in choice if isinstance(text, str)), default=0)
    else:
        most = REQUEST - 2
    return Type("string", least=2, most=most)


def _limit(schema: Schema, key: str) -> int | None:
    value = schema.get(key)
    return max(int(value), 0) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: object) -> object:
    # 1.0 is written 1 on its way to the API server.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _double(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _octets(value: object) -> object:
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EvaluationError("invalid Base64") from error


def _duration(value: object) -> object:
    return parse_schema_duration(value) if isinstance(value, str) else value


def _moment(value: object) -> object:
    return parse_date_time(value) if isinstance(value, str) else value


def _of_items(inner: Convert | None, keys: tuple[str, ...], *, unordered: bool) -> Convert | None:
    if inner is None and not unordered:
        return None

    def convert(value: object) -> object:
        if not isinstance(value, list):
            return value
        items = [inner(item) for item in value] if inner else value
        return SetList(items, keys) if unordered else items

    return convert


def _of_values(inner: Convert | None) -> Convert | None:
    if inner is None:
        return None
    return lambda value: {k: inner(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _of_fields(inner: Mapping[str, Convert]) -> Convert | None:
    if not inner:
        return None

    def convert(value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        return {k: inner[k](v) if k in inner and v is not None else v for k, v in value.items()}

    return convert
