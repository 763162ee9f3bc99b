"""A CRD and the schemas of its versions."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.validation.converter import convert_crd, is_crd
from cluster_stacks.validation.schema_words import ConversionError


def crd(**changes: Any) -> dict[str, Any]:
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.org", "labels": changes.pop("labels", {})},
        "spec": {
            "group": "example.org", "names": {"kind": "Widget"}, "scope": "Cluster", "versions": [version], **changes
        },
    }


def test_every_version_becomes_a_schema() -> None:
    old = {"name": "v1alpha1", "served": False, "storage": False, "deprecated": True,
           "deprecationWarning": "use\n  v1", "schema": {"openAPIV3Schema": {"type": "object"}}}
    made = convert_crd(crd(versions=[old, *crd()["spec"]["versions"]]), source="Widgets 1.0")
    first, second = (item.info for item in made)
    assert (first.api_version, first.served, first.deprecated, first.warning) == (
        "example.org/v1alpha1", False, True, "use v1"
    )
    assert (second.file, second.scope, second.storage, second.source) == (
        "example.org/widget_v1.json", "Cluster", True, "Widgets 1.0"
    )
    assert made[1].schema["required"] == ["apiVersion", "kind"]


def test_contracts_come_from_labels_or_from_what_is_said() -> None:
    labels = {"cluster.x-k8s.io/v1beta1": "v1_v2", "cluster.x-k8s.io/provider": "infrastructure-x", "other": "v1"}
    said = {"v1beta2": ("v1",)}
    two = [{**crd()["spec"]["versions"][0], "name": name} for name in ("v1", "v2")]
    labelled = convert_crd(crd(labels=labels, versions=two), contracts=said)
    assert [item.info.contracts for item in labelled] == [{"v1beta1": ("v1", "v2")}] * 2
    assert convert_crd(crd(labels=labels))[0].info.contracts == {"v1beta1": ("v1",)}, "v2 is of other kinds"
    assert convert_crd(crd(labels={"cluster.x-k8s.io/v1beta1": "v2"}))[0].info.contracts == {}
    assert convert_crd(crd(), contracts=said)[0].info.own_contracts == ("v1beta2",)


def test_of_a_status_only_the_names_count_where_it_is_a_subresource() -> None:
    status = {"type": "object", "properties": {"ready": {"type": "boolean"}}}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"status": status}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    judged = convert_crd(crd(versions=[version]))[0].schema["properties"]
    ignored = convert_crd(crd(versions=[{**version, "subresources": {"status": {}}}]))[0].schema["properties"]
    assert isinstance(judged, dict)
    assert isinstance(ignored, dict)
    assert judged["status"]["properties"]["ready"] == {"type": ["boolean", "null"]}
    assert ignored["status"] == {"additionalProperties": False, "properties": {"ready": {}}}


@pytest.mark.parametrize(("changes", "message"), [
    ({"versions": []}, "Widget: spec.versions is empty"),
    ({"versions": ["v1"]}, "Widget: a version is not a mapping"),
    ({"versions": [{"name": "v1"}]}, "`schema` is missing or not a mapping"),
    ({"names": {"kind": 1}}, "`kind` is missing or not a text"),
    ({"group": ""}, "`group` is missing or not a text"),
    ({"versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {"a": {}}}}}]},
     "Widget.a: a type is missing: the schema is not structural"),
])
def test_what_is_no_crd(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConversionError) as caught:
        convert_crd(crd(**changes))
    assert str(caught.value) == message


def test_only_v1_is_a_crd() -> None:
    assert is_crd(crd())
    assert not is_crd({**crd(), "apiVersion": "apiextensions.k8s.io/v1beta1"})
    assert not is_crd([])
    with pytest.raises(ConversionError):
        convert_crd({})
