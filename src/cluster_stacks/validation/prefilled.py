"""Required fields that nobody needs to send, because the project's own webhook fills them.

A defaulting webhook reads an object into its own types and writes it again: what is missing comes back empty, or with
the webhook's default, before the API server asks the schema. Which fields that is, is in no CRD: sources.yaml says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cluster_stacks.validation.schema_words import ConversionError


def drop_required(crd: Any, filled: Mapping[str, Iterable[str]]) -> None:
    """Takes the fields of the CRD's kind out of the `required` of its schemas, in place.

    A field is written as `spec.variables[].value`. Raises ConversionError for one that no version of the CRD requires:
    the CRD has changed.
    """
    kind = crd.get("spec", {}).get("names", {}).get("kind")
    for field in filled.get(kind, ()):
        path = field.replace("[]", ".[]").split(".")
        schemas = [version.get("schema", {}).get("openAPIV3Schema") for version in crd["spec"].get("versions", ())]
        if not [schema for schema in schemas if _drop(schema, path)]:
            raise ConversionError(f"{kind}: {field} is not required any more: take it out of `filled`")


def _drop(schema: Any, path: list[str]) -> bool:
    *parents, name = path
    for part in parents:
        if not isinstance(schema, dict):
            return False
        schema = schema.get("items") if part == "[]" else (schema.get("properties") or {}).get(part)
    required = schema.get("required") if isinstance(schema, dict) else None
    if not isinstance(required, list) or name not in required:
        return False
    required.remove(name)
    if not required:
        del schema["required"]
    return True
