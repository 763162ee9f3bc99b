"""One node of a CRD's structural schema → a closed JSON Schema of draft 7.

The result says what may be *sent* to the API server, not what it stores. In this order the API server refuses unknown
fields (`fieldValidation: Strict`), drops nulls that nothing makes nullable, fills defaults, and only then validates
(apiextensions-apiserver: schema/pruning, schema/defaulting, validation). Hence:

- every object is closed unless it says `additionalProperties` or `x-kubernetes-preserve-unknown-fields`;
- a required property that has a default need not be sent;
- `null` is as good as absent for a property that need not be sent, and for a value of a map, not for a list's item;
- formats become what both engines read alike: bounds and patterns that refuse nothing the API server accepts.

Only places where a schema stands are walked: ClusterClass has a field that is *named* `properties`.

Known to be looser than the API server, and left to rules: nulls that are dropped count for `minProperties`, texts of a
format are held against a pattern only, CEL rules and the keys of lists are kept but no engine reads them. Known to be
stricter: a list for a text of a format, which the API server lets pass and no controller can read.
"""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.validation.object_meta import object_meta
from cluster_stacks.validation.schema_words import (
    BRANCHES,
    CEL,
    EITHER,
    FORMAT,
    FORMAT_PATTERNS,
    FORMATS,
    INT32,
    INT64,
    KEPT,
    KEPT_BEYOND,
    PROSE,
    STRUCTURE,
    ConversionError,
    Schema,
)


def convert(node: Mapping[str, object], where: str, *, absent_ok: bool = False) -> Schema:
    """The schema of one node; `where` names it in errors.

    `absent_ok`: the API server drops a null here, as if nothing had been sent. Raises ConversionError.
    """
    _check_keywords(node, where)
    null_ok = absent_ok or node.get("nullable") is True
    out = _validation(node, where)
    types = _types(node, where)
    if types:
        out["type"] = types[0] if len(types) == 1 else types
    if node.get("type") == "object" or node.get("x-kubernetes-embedded-resource"):
        out.update(_object(node, where))
    if "items" in node:
        item = _mapping(node["items"], where)
        # An item's null stays: it is refused where a type is asked for, and good where anything is.
        out["items"] = convert(item, f"{where}[]", absent_ok=not _types(item, f"{where}[]"))
    out = _with_null(out, types) if null_ok else _without_null(out, types)
    return {**out, **beyond(node)}


def beyond(node: Mapping[str, object]) -> Schema:
    """What the API server does at this place and no schema can say, kept as it stands for those who judge it.

    CEL rules, the keys of a list's entries, the default that is filled in before a rule is asked, whether a null stays,
    and a text's format, of which a pattern says only the half. Engines pass over keywords that they do not know. A set
    is `uniqueItems` here: CRDs themselves may not say that.
    """
    out = {key: node[key] for key in KEPT_BEYOND if node.get(key) is not None}
    if out.get("nullable") is False:
        del out["nullable"]
    form = str(node.get("format", "")).replace("-", "")
    return {**out, FORMAT: form} if node.get("type") == "string" and form in FORMATS else out


def _object(node: Mapping[str, object], where: str) -> Schema:
    properties = _properties(node, where)
    required = sent_required(node, properties)
    out: Schema = {
        name: convert(child, f"{where}.{name}", absent_ok=name not in required) for name, child in properties.items()
    }
    if node.get("x-kubernetes-embedded-resource"):
        name = {"type": "string", "minLength": 1}
        out = {"apiVersion": name, "kind": name, **out, "metadata": object_meta(_meta_limits(node, where))}
        required = sorted({*required, "apiVersion", "kind"})
    result: Schema = {"type": "object"}
    if out:
        result["properties"] = out
    if required:
        result["required"] = required
    more = node.get("additionalProperties")
    if isinstance(more, Mapping):
        result["additionalProperties"] = convert(more, f"{where}{{}}", absent_ok=True)
    elif more is not True and not node.get("x-kubernetes-preserve-unknown-fields"):
        result["additionalProperties"] = False
    return result


def sent_required(node: Mapping[str, object], properties: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The required properties that the API server does not fill by itself."""
    names = node.get("required", [])
    if not isinstance(names, list):
        raise ConversionError("`required` is not a list")
    return sorted({str(name) for name in names if properties.get(str(name), {}).get("default") is None})


def _types(node: Mapping[str, object], where: str) -> list[str]:
    if node.get("x-kubernetes-int-or-string"):
        return ["integer", "string"]
    kind = node.get("type")
    if kind is None:
        if node.get("x-kubernetes-embedded-resource"):
            return ["object"]
        if not node.get("x-kubernetes-preserve-unknown-fields"):
            raise ConversionError(f"{where}: a type is missing: the schema is not structural")
        return []
    if kind not in ("object", "array", "string", "integer", "number", "boolean"):
        raise ConversionError(f"{where}: {kind!r} is not a type")
    return [str(kind)]


def _values(node: Mapping[str, object]) -> Schema:
    out = {key: node[key] for key in sorted(KEPT & node.keys())}
    for side in ("Minimum", "Maximum"):
        # Draft 4 has a flag beside the bound, draft 7 a bound of its own.
        if out.pop(f"exclusive{side}", False) is True and side.lower() in out:
            out[f"exclusive{side}"] = out.pop(side.lower())
    if "minProperties" in out:
        # Defaults are filled before properties are counted.
        filled = sum(1 for child in _properties(node, "").values() if child.get("default") is not None)
        if (least := _number(out.pop("minProperties")) - filled) > 0:
            out["minProperties"] = least
    if node.get("x-kubernetes-list-type") == "set":
        out["uniqueItems"] = True
    return out


def _bounds(node: Mapping[str, object]) -> Schema:
    form, kind = str(node.get("format", "")), node.get("type")
    if kind == "integer" or node.get("x-kubernetes-int-or-string"):
        least, most = INT32 if form == "int32" else INT64
        out: Schema = {}
        if not node.get("exclusiveMinimum"):
            out["minimum"] = max(_number(node.get("minimum", least)), least)
        if not node.get("exclusiveMaximum"):
            out["maximum"] = min(_number(node.get("maximum", most)), most)
        return out
    if kind == "string" and form in FORMAT_PATTERNS:
        pattern = FORMAT_PATTERNS[form]
        return {"allOf": [{"pattern": pattern}]} if "pattern" in node else {"pattern": pattern}
    return {}


def _branches(node: Mapping[str, object], where: str, around: Mapping[str, object]) -> Schema:
    """The value validation below allOf, anyOf, oneOf and not: kept, never closed. `around` knows the properties."""
    out: Schema = {}
    for key in BRANCHES:
        parts = _list(node.get(key, []), where)
        if node.get("x-kubernetes-int-or-string"):
            # The two spellings of int-or-string that structural schemas allow; the type says it already.
            if key == "anyOf" and parts in EITHER:
                continue
            if key == "allOf" and parts and _mapping(parts[0], where).get("anyOf") in EITHER:
                parts = parts[1:]
        if parts:
            out[key] = [_branch(_mapping(part, where), around, f"{where}/{key}") for part in parts]
    if "not" in node:
        out["not"] = _branch(_mapping(node["not"], where), around, f"{where}/not")
    return out


def _validation(node: Mapping[str, object], where: str, around: Mapping[str, object] | None = None) -> Schema:
    bounds, branches = _bounds(node), _branches(node, where, node if around is None else around)
    both = [*_list(bounds.pop("allOf", []), where), *_list(branches.pop("allOf", []), where)]
    return {**_values(node), **bounds, **branches, **({"allOf": both} if both else {})}


def _branch(node: Mapping[str, object], around: Mapping[str, object], where: str) -> Schema:
    _check_keywords(node, where)
    out = _validation(node, where, around)
    if isinstance(node.get("type"), str):
        out["type"] = node["type"]
    if node.get(CEL):
        out[CEL] = node[CEL]  # which CRDs may have below allOf
    known = _properties(around, where)
    if required := sent_required(node, known):
        out["required"] = required
    if properties := _properties(node, where):
        out["properties"] = {
            name: _branch(child, known.get(name, {}), f"{where}.{name}") for name, child in properties.items()
        }
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), Mapping):
            inner = around.get(key)
            out[key] = _branch(_mapping(node[key], where), inner if isinstance(inner, Mapping) else {}, where)
    return out


def _with_null(out: Schema, types: list[str]) -> Schema:
    if any(key in out for key in (*BRANCHES, "not")):
        return {"anyOf": [{"type": "null"}, out]}
    if types:
        out["type"] = [*types, "null"]
    enum = out.get("enum")
    if isinstance(enum, list) and None not in enum:
        out["enum"] = [*enum, None]
    return out


def _without_null(out: Schema, types: list[str]) -> Schema:
    if types:
        return out
    # Anything but null: a required field whose null is dropped is missing.
    return {**out, "type": ["array", "boolean", "number", "object", "string"]}


def _meta_limits(node: Mapping[str, object], where: str) -> dict[str, Schema]:
    """What a CRD asks of `metadata`: only limits of name and generateName are allowed, and read."""
    metadata = _properties(node, where).get("metadata", {})
    limits = _properties(metadata, where)
    return {
        name: convert({"type": "string", **limits[name]}, f"{where}.metadata.{name}", absent_ok=True)
        for name in ("name", "generateName") if name in limits
    }


def root(node: Mapping[str, object], api_version: str, kind: str, *, status_ignored: bool) -> Schema:
    """The schema of a whole object of that kind.

    `status_ignored`: the kind has a status subresource, so the API server drops a status that is sent with the object.
    """
    where = kind
    ignored: Schema = {}
    body = {name: child for name, child in _properties(node, where).items() if name not in IMPLIED}
    required = [name for name in _list(node.get("required", []), where) if name not in IMPLIED]
    if status_ignored and "status" in body:
        ignored = {"status": known_fields(body.pop("status"), f"{where}.status")}
        required = [name for name in required if name != "status"]
    out = convert({**node, "type": "object", "properties": body, "required": required}, where)
    properties = out.get("properties")
    out["properties"] = {
        "apiVersion": {"enum": [api_version], "type": "string"},
        "kind": {"enum": [kind], "type": "string"},
        "metadata": object_meta(_meta_limits(node, where)),
        **(properties if isinstance(properties, dict) else {}),
        **ignored,
    }
    out["required"] = sorted({"apiVersion", "kind", *(str(name) for name in _list(out.get("required", []), where))})
    return out


def known_fields(node: Mapping[str, object], where: str) -> Schema:
    """The schema of what is dropped, but read before: no field that there is not, and nothing else is asked."""
    out: Schema = {}
    properties = _properties(node, where)
    if properties:
        out["properties"] = {name: known_fields(child, f"{where}.{name}") for name, child in properties.items()}
    more = node.get("additionalProperties")
    if isinstance(more, Mapping):
        out["additionalProperties"] = known_fields(more, f"{where}{{}}")
    elif node.get("type") == "object" and more is not True and not node.get("x-kubernetes-preserve-unknown-fields"):
        out["additionalProperties"] = False
    if "items" in node:
        out["items"] = known_fields(_mapping(node["items"], where), f"{where}[]")
    return out


IMPLIED = frozenset({"apiVersion", "kind", "metadata"})


def _properties(node: Mapping[str, object], where: str) -> dict[str, Mapping[str, object]]:
    properties = _mapping(node.get("properties", {}), where)
    return {name: _mapping(properties[name], f"{where}.{name}") for name in sorted(properties)}


def _check_keywords(node: Mapping[str, object], where: str) -> None:
    for key in node:
        if key not in KEPT and key not in STRUCTURE and key not in PROSE and not key.startswith("x-"):
            raise ConversionError(f"{where}: the keyword {key!r} is not one that a CRD's schema may have")


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ConversionError(f"{where}: a mapping is expected")
    return value


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise ConversionError(f"{where}: a list is expected")
    return value


def _number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ConversionError(f"{value!r} is not a number")
    return value
