"""Folders of schemas: index and files, and what a hostile one cannot do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.validation.compact import DRAFT
from cluster_stacks.validation.folders import (
    DirectoryFolder,
    MappingFolder,
    bundled,
    is_bundled,
    read_index,
    read_schema,
)
from cluster_stacks.validation.index import INDEX, KindInfo, NoIndex, dump_index, parse_index, split_api_version

INFO = KindInfo("example.org", "v1", "Widget", contracts={"v1beta2": ("v1",)}, warning="old", deprecated=True)


def folder(schema: object, name: str = INFO.file) -> MappingFolder:
    return MappingFolder({name: json.dumps(schema).encode()}, "schemas/crds")


def test_an_index_is_read_as_it_was_written() -> None:
    other = KindInfo("a.example.org", "v1", "Thing", scope="Cluster", served=False, storage=False)
    text = dump_index([INFO, other])
    assert parse_index(json.loads(text)) == [other, INFO]
    assert text == dump_index([other, INFO])
    assert len(text.splitlines()) == 2 + 5


@pytest.mark.parametrize("value", [
    [], {}, {"schemaVersion": 2, "kinds": []}, {"schemaVersion": 1, "kinds": {}}, {"schemaVersion": 1, "kinds": [1]},
    {"schemaVersion": 1, "kinds": [{"group": "../..", "version": "v1", "kind": "X"}]},
    {"schemaVersion": 1, "kinds": [{"group": "a/b", "version": "v1", "kind": "X"}]},
    {"schemaVersion": 1, "kinds": [{"group": "a", "version": "v1", "kind": 1}]},
    {"schemaVersion": 1, "kinds": [{"group": "a", "version": "v1", "kind": "X", "served": "yes"}]},
    {"schemaVersion": 1, "kinds": [{"group": "a", "version": "v1", "kind": "X", "contracts": []}]},
])
def test_what_is_no_index(value: object) -> None:
    with pytest.raises(NoIndex):
        parse_index(value)
    with pytest.raises(Refused, match="not an index of schemas"):
        read_index(MappingFolder({INDEX: json.dumps(value).encode()}, "x"))


def test_a_folder_without_an_index_has_no_kinds() -> None:
    assert read_index(MappingFolder({}, "x")) == []


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"\xff"])
def test_an_index_that_is_no_json(data: bytes) -> None:
    with pytest.raises(Refused, match="not JSON"):
        read_index(MappingFolder({INDEX: data}, "x"))


@pytest.mark.parametrize("part", [
    {"$ref": "https://example.org/schema.json"}, {"$ref": "other.json"}, {"$ref": "#/definitions/missing"}, {"$ref": 1},
    {"properties": {"a": {"$ref": "file:///etc/passwd"}}}, {"properties": []}, {"anyOf": {}}, {"anyOf": [1]},
    {"items": [{"$ref": "https://example.org"}]}, {"if": {"$ref": "https://example.org"}}, {"$id": "https://example.org"},
    {"definitions": {"a": {"not": {"$ref": "https://example.org"}}}}, {"definitions": []}, {"not": []},
])
def test_a_schema_refers_to_nothing_outside_itself(part: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        read_schema(folder({"$schema": DRAFT, **part}), INFO)
    assert caught.value.findings[0].rule == "CS414"
    assert caught.value.findings[0].path == "schemas/crds/example.org/widget_v1.json"


def test_a_schema_that_is_missing_or_of_another_kind() -> None:
    with pytest.raises(Refused, match="it is missing"):
        read_schema(MappingFolder({}, "x"), INFO)
    with pytest.raises(Refused, match="not a schema that `schemas add` made"):
        read_schema(folder({"type": "object"}), INFO)
    with pytest.raises(Refused, match="not JSON"):
        read_schema(MappingFolder({INFO.file: b"x"}, "x"), INFO)


def test_the_bundled_folder_is_fit_to_be_read() -> None:
    kinds = read_index(bundled())
    assert len(kinds) > 100
    for info in kinds:
        assert read_schema(bundled(), info)["type"] == "object"


def test_a_directory_is_read_as_a_mapping_is(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(dump_index([INFO]))
    there = DirectoryFolder(tmp_path, "x")
    assert read_index(there) == [INFO]
    assert there.read("missing/x.json") is None
    assert there.read(".") is None
    assert is_bundled(bundled())
    assert not is_bundled(there)


def test_api_versions() -> None:
    assert split_api_version("apps/v1") == ("apps", "v1")
    assert split_api_version("v1") == ("", "v1")
