"""The driver: what is sent is what is judged, or there is no verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.kubeconform import Batch, Status
from cluster_stacks.validation.store import Store

CLUSTER: dict[str, Any] = {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "Cluster", "metadata": {"name": "a"},
                           "spec": {"paused": True}}
SECRET: dict[str, Any] = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}


def put(batch: Batch, name: str, value: dict[str, Any], minor: str = "1.36") -> str:
    store = Store(minor)
    info = store.find(value["apiVersion"], value["kind"])
    assert info is not None
    batch.put_schema(info, store.schema(info))
    return batch.put(name, value, info)


def script(folder: Path, body: str) -> Tool:
    path = folder / "kubeconform"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return Tool("kubeconform", path, "v0.0.0")


def test_objects_of_several_minors_are_judged_by_their_own_schemas(kubeconform: Tool, tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    workload = {"apiVersion": "scheduling.k8s.io/v1alpha2", "kind": "Workload", "metadata": {"name": "a"}, "x": 1}
    keys = {put(batch, "a", CLUSTER), put(batch, "b", SECRET, "1.35"), put(batch, "c", workload, "1.36")}
    found = batch.run(kubeconform, keys, 2)
    assert {key: judgement.status for key, judgement in found.items()} == {
        "any/a.json": Status.VALID, "1.35/b.json": Status.VALID, "1.36/c.json": Status.INVALID
    }


def test_a_judgement_says_where(kubeconform: Tool, tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    key = put(batch, "a", {**CLUSTER, "spec": {"paused": "yes"}})
    judgement = batch.run(kubeconform, {key}, 1)[key]
    assert judgement.path == "/spec/paused"
    assert "got string" in judgement.message


def test_a_schema_that_kubeconform_cannot_use_is_an_error(kubeconform: Tool, tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    info = KindInfo("example.org", "v1", "Widget")
    batch.put_schema(info, {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "(?<=a)b"})
    key = batch.put("a", {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "a"}}, info)
    judgement = batch.run(kubeconform, {key}, 1)[key]
    assert judgement.status is Status.ERROR
    assert "could not find schema" in judgement.message


def test_lines_of_dashes_cut_no_object(kubeconform: Tool, tmp_path: Path) -> None:
    batch = Batch(tmp_path)
    key = put(batch, "a", {**SECRET, "stringData": {"key": "a\n---\nb\n--- {kind: x}\n"}})
    assert batch.run(kubeconform, {key}, 1)[key].status is Status.VALID


@pytest.mark.parametrize("value", [{1: 2}, {"a": [{None: 1}]}, {"a": float("nan")}, {"a": "\ud800"}])
def test_what_json_cannot_say_is_not_written(tmp_path: Path, value: dict[Any, Any]) -> None:
    with pytest.raises(ValueError):
        put(Batch(tmp_path), "a", {**SECRET, **value})
    assert not list(tmp_path.rglob("objects/**/*.json"))


@pytest.mark.parametrize(("body", "message"), [
    ('echo \'{"resources": []}\'', "kubeconform judged 0 of 1 objects"),
    ("echo nonsense; echo some words >&2", "some words"),
    ('echo \'{"resources": [{"filename": "objects/1.36/a.json", "status": "statusSkipped"}]}\'', "not kubeconform's"),
    ("echo broken >&2; exit 3", "broken"),
])
def test_a_tool_that_does_not_judge_gives_no_verdict(tmp_path: Path, body: str, message: str) -> None:
    batch = Batch(tmp_path / "batch")
    key = put(batch, "a", SECRET)
    with pytest.raises(CannotTell, match=message):
        batch.run(script(tmp_path, body), {key}, 1)


def test_a_file_judged_twice_gives_no_verdict(tmp_path: Path) -> None:
    batch = Batch(tmp_path / "batch")
    key = put(batch, "a", SECRET)
    answer = json.dumps({"resources": [{"filename": f"objects/{key}", "status": "statusValid"}] * 2})
    with pytest.raises(CannotTell):
        batch.run(script(tmp_path, f"echo '{answer}'"), {key}, 1)
