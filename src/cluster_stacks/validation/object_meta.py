"""`metadata` as the API server reads it, closed."""

from __future__ import annotations

from collections.abc import Mapping

_TEXT: dict[str, object] = {"type": ["string", "null"]}
_SENT: dict[str, object] = {"type": "string"}
_FLAG: dict[str, object] = {"type": ["boolean", "null"]}
_NUMBER: dict[str, object] = {"type": ["integer", "null"]}
_TEXTS: dict[str, object] = {"type": ["object", "null"], "additionalProperties": _TEXT}

_OWNER: dict[str, object] = {
    "type": "object",
    "properties": {
        "apiVersion": _SENT, "kind": _SENT, "name": _SENT, "uid": _SENT,
        "controller": _FLAG, "blockOwnerDeletion": _FLAG,
    },
    "required": ["apiVersion", "kind", "name", "uid"],
    "additionalProperties": False,
}
_FIELDS: dict[str, object] = {
    "name": _TEXT, "generateName": _TEXT, "namespace": _TEXT,
    "labels": _TEXTS, "annotations": _TEXTS,
    "finalizers": {"type": ["array", "null"], "items": _SENT},
    "ownerReferences": {"type": ["array", "null"], "items": _OWNER},
    # What only the API server writes; objects that were read from one carry it, and it is ignored.
    "uid": _TEXT, "resourceVersion": _TEXT, "selfLink": _TEXT, "generation": _NUMBER,
    "creationTimestamp": _TEXT, "deletionTimestamp": _TEXT, "deletionGracePeriodSeconds": _NUMBER,
    "managedFields": {"type": ["array", "null"]},
}


def object_meta(limits: Mapping[str, object]) -> dict[str, object]:
    """The schema of ObjectMeta; `limits` are schemas that a CRD has for `name` and `generateName`.

    Nulls are fine: metadata is decoded into a Go struct, where null is the zero value.
    """
    return {"type": ["object", "null"], "properties": {**_FIELDS, **limits}, "additionalProperties": False}
