"""Kubernetes' own kinds: from the definitions of an OpenAPI document to a small file."""

from __future__ import annotations

import json
from typing import Any

from jsonschema_rs import Draft7Validator

from cluster_stacks.validation.kubernetes import (
    INT_OR_STRING,
    META,
    QUANTITY,
    closure,
    dump_minor,
    kind_info,
    minor_schemas,
)

REF = "#/$defs/"
DEFINITIONS: dict[str, Any] = {
    META: {"type": ["object", "null"], "description": "prose", "additionalProperties": False,
           "properties": {"name": {"type": ["string", "null"]}, "description": {"type": ["string", "null"]}}},
    QUANTITY: {"oneOf": [{"type": ["string", "null"]}, {"type": ["number", "null"]}]},
    INT_OR_STRING: {"oneOf": [{"type": ["string", "null"]}, {"type": ["integer", "null"]}]},
    "io.k8s.Thing": {
        "type": ["object", "null"], "additionalProperties": False,
        "x-kubernetes-group-version-kind": [{"group": "x", "version": "v1", "kind": "Thing"}],
        "properties": {
            "apiVersion": {"type": ["string", "null"], "enum": ["x/v1"]},
            "kind": {"type": ["string", "null"], "enum": ["Thing"]},
            "metadata": {"$ref": REF + META, "description": "prose"},
            "size": {"$ref": REF + QUANTITY}, "port": {"$ref": REF + INT_OR_STRING},
            "count": {"type": ["integer", "null"], "format": "int32"},
            "data": {"type": ["object", "null"], "additionalProperties": {"type": "string", "format": "byte"}},
            "next": {"$ref": REF + "io.k8s.Thing"}, "status": {"$ref": REF + "io.k8s.ThingStatus"},
        },
    },
    "io.k8s.ThingStatus": {"type": ["object", "null"]},
    "io.k8s.Options": {"type": "object", "properties": {},
                       "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Options"}]},
}


def thing(**fields: object) -> bool:
    content: Any = minor_schemas(DEFINITIONS)
    validator = Draft7Validator(closure(content["definitions"], content["kinds"]["x/v1/Thing"]))
    return validator.is_valid({"apiVersion": "x/v1", "kind": "Thing", "metadata": {"name": "a"}, **fields})


def test_only_kinds_with_metadata_and_what_they_need() -> None:
    content: Any = minor_schemas(DEFINITIONS)
    assert content["kinds"] == {"x/v1/Thing": "io.k8s.Thing"}
    assert sorted(content["definitions"]) == sorted([META, QUANTITY, INT_OR_STRING, "io.k8s.Thing"])
    text = dump_minor(content)
    assert json.loads(text) == content
    assert "prose" not in text
    assert '"description":{"type"' in text, "a field that is named description stays"
    assert len(text.splitlines()) == 4 + 8, "four definitions, a line each"


def test_objects_are_judged() -> None:
    assert thing()
    assert thing(status="anything", size="1Gi", port="http", count=None, next=None, data={"a": "aGk="})
    assert thing(size=None, port=None)
    assert not thing(other=1)
    assert not thing(size="1 GB")
    assert not thing(port=1.5)
    assert not thing(count=2**31)
    assert not thing(data={"a": "no base64!"})


def test_what_a_key_stands_for() -> None:
    info = kind_info("apps/v1/Deployment", "1.36")
    assert (info.group, info.version, info.kind, info.minor) == ("apps", "v1", "Deployment", "1.36")
    assert kind_info("v1/Pod", "1.36").api_version == "v1"
    assert kind_info("v1/Pod", "1.36").file == "v1/pod_v1.json"
