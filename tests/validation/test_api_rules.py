"""What the API server checks beyond schemas, where an example cannot say it."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.validation.folders import MappingFolder
from cluster_stacks.validation.make import convert_document, folder_files
from cluster_stacks.validation.problem import Item, Judged
from cluster_stacks.validation.rules import api
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.store import Store
from cluster_stacks.validation.validate import validate

CRD = b"""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              minProperties: 2
              properties:
                protocol: {type: string, default: TCP}
                size: {type: integer}
                template:
                  type: object
                  x-kubernetes-embedded-resource: true
                  x-kubernetes-preserve-unknown-fields: true
                ports:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [port, protocol]
                  items:
                    type: object
                    required: [port]
                    properties:
                      port: {type: integer}
                      protocol: {type: string, default: TCP}
                mail: {type: string, format: email}
                short: {type: string, format: k8s-short-name}
                free: {type: string, format: no-such-format}
            status: {type: object, properties: {ready: {type: boolean}}}
      subresources: {status: {}}
"""


@pytest.fixture(scope="module")
def folder() -> MappingFolder:
    (document,) = load_documents(CRD, "widgets.yaml")
    return MappingFolder(folder_files(convert_document(document, source="a test")), "x")


def told(folder: MappingFolder, spec: Any, **more: Any) -> list[tuple[str, str]]:
    value = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": spec, **more}
    found = validate([Judged(value, "x")], kubernetes="1.36", engine="embedded", folders=[folder]).findings
    return [(finding.rule, finding.object.pointer if finding.object else "") for finding in found]


TEMPLATE: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}


@pytest.mark.parametrize(("change", "pointer"), [
    ({}, ""),
    ({"apiVersion": "a/b/c"}, "/apiVersion"),
    ({"kind": "1st"}, "/kind"),
    ({"metadata": {"name": "a/b"}}, "/metadata/name"),
    ({"metadata": {"name": "Any Thing"}}, ""),
    ({"metadata": {"namespace": "a.b"}}, "/metadata/namespace"),
    ({"metadata": {"labels": {"a": "b c"}}}, "/metadata/labels/a"),
    ({"metadata": {"annotations": {"a b": ""}}}, "/metadata/annotations/a b"),
    ({"metadata": None}, ""),
])
def test_an_object_within_an_object_is_judged_as_one(
    folder: MappingFolder, change: dict[str, Any], pointer: str
) -> None:
    expected = [("CS424", f"/spec/template{pointer}")] if pointer else []
    assert told(folder, {"size": 1, "template": {**TEMPLATE, **change}}) == expected


def test_keys_of_entries_have_their_defaults(folder: MappingFolder) -> None:
    same = [{"port": 53}, {"port": 53, "protocol": "TCP"}]
    assert told(folder, {"ports": same}) == [("CS420", "/spec/ports/1/port")]
    assert told(folder, {"ports": [{"port": 53}, {"port": 53, "protocol": "UDP"}]}) == []
    assert told(folder, {"ports": [*same, *same]}) == [("CS420", "/spec/ports/1/port")], "a key is told once"


@pytest.mark.parametrize(("spec", "rules"), [
    ({"mail": "somebody@example.org", "short": "a-b", "free": "anything"}, []),
    ({"mail": "somebody"}, ["CS421"]), ({"short": "a.b"}, ["CS421"]), ({"short": 1}, ["CS404"]),
])
def test_formats_that_no_pattern_says_are_parsed(folder: MappingFolder, spec: dict[str, Any], rules: list[str]) -> None:
    assert [rule for rule, _ in told(folder, spec)] == rules


def test_properties_are_counted_without_nulls_and_with_defaults(folder: MappingFolder) -> None:
    assert told(folder, {"size": None, "protocol": "TCP"}) == [("CS426", "/spec")]
    assert told(folder, {"size": 1}) == []
    assert [rule for rule, _ in told(folder, {})] == ["CS405"]


def test_a_status_is_dropped_and_its_fields_are_known(folder: MappingFolder) -> None:
    assert told(folder, {"size": 1}, status={"ready": "perhaps"}) == []
    assert told(folder, {"size": 1}, status={"readi": True}) == [("CS402", "/status/readi")]


@pytest.mark.parametrize("metadata", [
    "a text", {"name": 1}, {"name": "a", "labels": ["b"]}, {"name": "a", "labels": {"b": {}}},
    {"name": "a", "annotations": "b"}, {"name": "a", "finalizers": {"b": 1}}, {"name": "a", "finalizers": [1, None]},
    {"name": "a", "ownerReferences": [None, "b", {"controller": 1}]}, {"name": "a", "creationTimestamp": 1},
])
@pytest.mark.parametrize(("api_version", "kind"), [
    ("v1", "ConfigMap"), ("v1", "Service"), ("apps/v1", "Deployment"), ("batch/v1", "CronJob"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
])
def test_nothing_breaks_on_wrong_types(metadata: Any, api_version: str, kind: str, store: Store) -> None:
    odd: list[Any] = [None, 1, "a", [], {}, [None], [1], {"a": None}]
    keys = ("data", "rules", "roleRef", "subjects", "type", "template")
    for part in odd:
        container = dict.fromkeys(("name", "image", "env", "ports", "resources", "volumeMounts", "livenessProbe"), part)
        pod = {"containers": [container], "initContainers": part, "volumes": part}
        for spec in (
            part, {"template": {"spec": part}, "ports": part, "selector": part, "versions": part},
            {"template": {"spec": pod}, "selector": {"matchLabels": part}, "ports": [{"name": part, "port": part}]},
        ):
            value = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **dict.fromkeys(keys, part)}
            item = Item(0, (), {**value, "spec": spec})
            context = Context([item], [store.find(api_version, kind)], None, store)
            for check in api.CHECKS:
                assert all(problem.message for problem in check(context))
