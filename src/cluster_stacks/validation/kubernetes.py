"""Kubernetes' own kinds: one file a minor, with a definition a line, made from the OpenAPI schemas of that release.

The source is the PyPI package `kubernetes-validate`, whose strict schemas are closed and allow null where Go does. It
is 118 MB with prose and every release, and needed only where `schemas check` makes these files again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from cluster_stacks.validation.compact import DRAFT, children
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.schema_words import FORMAT_PATTERNS, INT32, QUANTITY_PATTERN, Schema

FOLDER = "kubernetes"
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"
INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
KEPT = ("type", "enum", "required", "additionalProperties", "properties", "items")
REF = "#/definitions/"

# Two definitions that JSON Schema's `oneOf` says badly: null matches both of its parts and so none.
REPLACED: dict[str, Schema] = {
    INT_OR_STRING: {"type": ["integer", "string", "null"]},
    QUANTITY: {"pattern": QUANTITY_PATTERN, "type": ["number", "string", "null"]},
}


def minor_file(minor: str) -> str:
    """Where the kinds of a minor stand, relative to the schemas' folder: `kubernetes/1.36.json`."""
    return f"{FOLDER}/{minor}.json"


def read_source(package: Path, minor: str) -> Mapping[str, Schema]:
    """The definitions of one minor in an installed `kubernetes-validate`. Raises OSError, KeyError, ValueError."""
    folder = package / "kubernetes-json-schema" / f"v{minor}.0-local-strict"
    definitions: dict[str, Schema] = json.loads((folder / "_definitions.json").read_bytes())["$defs"]
    return definitions


def minor_schemas(definitions: Mapping[str, Schema]) -> dict[str, object]:
    """The content of a minor's file: kinds that have metadata, and the definitions that they need."""
    kinds = dict(_kinds(definitions))
    needed: dict[str, Schema] = {}
    todo = sorted(set(kinds.values()))
    while todo:
        name = todo.pop()
        if name not in needed:
            needed[name] = _convert(definitions[name], name)
            if name in kinds.values():
                needed[name] = _without_status(needed[name])
            todo += references(needed[name])
    return {"$schema": DRAFT, "definitions": needed, "kinds": kinds}


def dump_minor(content: Mapping[str, object]) -> str:
    """The text of a minor's file: a definition is a line, so that a diff between minors shows what changed."""
    parts = []
    for key in sorted(content):
        value = content[key]
        if isinstance(value, dict):
            lines = ",\n".join(f"{_json(name)}:{_json(value[name])}" for name in sorted(value))
            parts.append(f"{_json(key)}:{{\n{lines}\n}}")
        else:
            parts.append(f"{_json(key)}:{_json(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def kind_info(key: str, minor: str) -> KindInfo:
    """What `apps/v1/Deployment`, a key of `kinds`, stands for."""
    api_version, _, kind = key.rpartition("/")
    group, _, version = api_version.rpartition("/")
    return KindInfo(group, version, kind, source=f"Kubernetes {minor}", minor=minor)


def closure(definitions: Mapping[str, Schema], name: str) -> Schema:
    """The schema of one definition, with all that it refers to and nothing else."""
    needed: dict[str, Schema] = {}
    todo = [name]
    while todo:
        current = todo.pop()
        if current not in needed:
            needed[current] = definitions[current]
            todo += references(definitions[current])
    return {"$schema": DRAFT, "$ref": REF + name, "definitions": {key: needed[key] for key in sorted(needed)}}


def references(schema: Schema) -> list[str]:
    """The names of the definitions that a schema refers to, itself or in its parts."""
    found: set[str] = set()
    todo = [schema]
    while todo:
        current = todo.pop()
        ref = current.get("$ref")
        if isinstance(ref, str):
            found.add(ref.removeprefix(REF))
        todo.extend(child for _, child in children(current))
    return sorted(found)


def _kinds(definitions: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    for name, schema in sorted(definitions.items()):
        properties = schema.get("properties")
        metadata = properties.get("metadata") if isinstance(properties, dict) else None
        if not isinstance(metadata, dict) or not str(metadata.get("$ref", "")).endswith(META):
            continue  # lists, options and reviews without metadata are nothing that is applied
        gvks = schema.get("x-kubernetes-group-version-kind")
        for gvk in gvks if isinstance(gvks, list) else []:
            prefix = f"{gvk['group']}/" if gvk["group"] else ""
            yield f"{prefix}{gvk['version']}/{gvk['kind']}", name


def _without_status(schema: Schema) -> Schema:
    """The API server drops a status that is sent with an object.

    apiVersion and kind stay optional: the store found the kind by them, and a kind may stand inside another one
    (a PersistentVolumeClaim in a StatefulSet), where nobody writes them.
    """
    properties = schema["properties"]
    required = schema.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    if "status" not in properties:
        return schema
    out = {**schema, "properties": {**properties, "status": {}}}
    return {**out, "required": [name for name in required if name != "status"]} if required else out


def _convert(schema: Schema, name: str) -> Schema:
    if name in REPLACED:
        return REPLACED[name]
    ref = schema.get("$ref")
    if isinstance(ref, str):
        return {"$ref": REF + ref.rpartition("/")[2]}
    out: Schema = {key: schema[key] for key in KEPT if key in schema}
    properties = out.get("properties")
    if isinstance(properties, dict):
        out["properties"] = {key: _convert(child, "") for key, child in properties.items()}
    for key in ("items", "additionalProperties"):
        child = out.get(key)
        if isinstance(child, dict):
            out[key] = _convert(child, "")
    types = out.get("type")
    if "object" not in (types if isinstance(types, list) else [types]):
        out.pop("additionalProperties", None)
    return {**out, **_format(schema, types)}


def _format(schema: Schema, types: object) -> Schema:
    form = schema.get("format")
    if form == "int32":
        return {"minimum": INT32[0], "maximum": INT32[1]}
    if form == "byte" and "string" in (types if isinstance(types, list) else [types]):
        return {"pattern": FORMAT_PATTERNS["byte"]}
    return {}


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
