"""Required fields that a provider's webhook fills."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.validation.prefilled import drop_required
from cluster_stacks.validation.schema_words import ConversionError
from cluster_stacks.validation.store import Store


def crd(schema: dict[str, Any]) -> dict[str, Any]:
    return {"spec": {"names": {"kind": "Widget"}, "versions": [{"schema": {"openAPIV3Schema": schema}}]}}


def test_a_field_in_a_list() -> None:
    entry = {"properties": {"value": {"type": "string"}}, "required": ["name", "value"]}
    value = crd({"properties": {"spec": {"properties": {"variables": {"items": entry}}}}})
    drop_required(value, {"Widget": ["spec.variables[].value"], "Other": ["spec"]})
    assert entry["required"] == ["name"]


def test_the_last_required_field() -> None:
    spec = {"properties": {"backend": {}}, "required": ["backend"]}
    drop_required(crd({"properties": {"spec": spec}}), {"Widget": ["spec.backend"]})
    assert "required" not in spec


def test_a_field_that_nobody_requires_is_an_error_of_the_table() -> None:
    with pytest.raises(ConversionError, match=r"spec\.backend is not required any more"):
        drop_required(crd({"properties": {"spec": {"properties": {"backend": {}}}}}), {"Widget": ["spec.backend"]})


@pytest.mark.parametrize("version", ["v1beta1", "v1beta2"])
def test_the_bundled_schemas_do_not_ask_for_what_is_filled(version: str, store: Store) -> None:
    info = store.find(f"infrastructure.cluster.x-k8s.io/{version}", "DevClusterTemplate")
    assert info is not None
    schema: Any = store.schema(info)
    assert "required" not in schema["properties"]["spec"]
