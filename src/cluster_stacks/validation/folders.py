"""Where schemas are read from: the bundled ones, and folders of a repository in any snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.runtime.data import data_dir
from cluster_stacks.validation.compact import DRAFT, PARTS, children
from cluster_stacks.validation.index import INDEX, KindInfo, NoIndex, parse_index
from cluster_stacks.validation.rules.schema import SCHEMAS
from cluster_stacks.validation.schema_words import BEYOND, Schema

CRDS = "crds"
DEFAULT_FOLDERS = ("schemas/crds",)
"""The folders of a repository that are read where its settings name none; `schemas add` writes to the first."""


class Folder(Protocol):
    """Files of one folder of schemas. `label` names it to people."""

    label: str

    def read(self, path: str) -> bytes | None:
        """The file at a path relative to the folder, or None where there is none."""
        ...


class DirectoryFolder:
    """A folder on disk."""

    def __init__(self, directory: Path, label: str) -> None:
        self.directory, self.label = directory, label

    def read(self, path: str) -> bytes | None:
        try:
            return (self.directory / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


class MappingFolder:
    """A folder as it stands in a snapshot; `files` is keyed by the path relative to the folder."""

    def __init__(self, files: Mapping[str, bytes], label: str) -> None:
        self.files, self.label = files, label

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)


def bundled() -> DirectoryFolder:
    """The schemas of custom resources of this project. Raises CannotTell where the installation lacks them."""
    return DirectoryFolder(data_dir("schemas") / CRDS, "bundled")


def is_bundled(folder: Folder) -> bool:
    """Whether a folder says the same as the bundled one: in the repository of this project it is the same."""
    return folder.read(INDEX) == bundled().read(INDEX)


def read_index(folder: Folder) -> list[KindInfo]:
    """The kinds of a folder; none where it has no index.json. Raises Refused where that file is none."""
    data = folder.read(INDEX)
    if data is None:
        return []
    try:
        return parse_index(_json(data))
    except NoIndex as error:
        raise Refused(_finding(folder, INDEX, f"not an index of schemas: {error}")) from error


def read_schema(folder: Folder, info: KindInfo) -> Schema:
    """The schema of a kind that the folder's index names. Raises Refused where it is missing or unfit.

    Unfit is also a reference to anything outside the file: nothing is ever fetched to judge an object.
    """
    data = folder.read(info.file)
    if data is None:
        raise Refused(_finding(folder, info.file, "index.json names this schema, and it is missing: add its CRD again"))
    try:
        schema = _json(data)
    except NoIndex as error:
        raise Refused(_finding(folder, info.file, f"not a schema: {error}")) from error
    if not isinstance(schema, dict) or schema.get("$schema") != DRAFT or not _closed_in_itself(schema):
        raise Refused(_finding(folder, info.file, "not a schema that `schemas add` made: add its CRD again"))
    return schema


def _closed_in_itself(schema: Schema) -> bool:
    definitions = schema.get("definitions", {})
    if not isinstance(definitions, dict) or not all(isinstance(part, dict) for part in definitions.values()):
        return False
    todo: list[Schema] = [schema, *definitions.values()]
    while todo:
        part = todo.pop()
        ref = part.get("$ref")
        if ref is not None and not (isinstance(ref, str) and ref.removeprefix("#/definitions/") in definitions):
            return False
        if not _is_shaped(part):
            return False
        todo.extend(child for _, child in children(part))
    return True


def _is_shaped(part: Schema) -> bool:
    """Whether the places of schemas hold schemas, and no keyword stands that could hold one unseen."""
    if part.keys() - _KNOWN:
        return False
    properties = part.get("properties", {})
    lists = [part.get(key, []) for key in PARTS]
    return (
        isinstance(properties, dict) and all(isinstance(child, dict) for child in properties.values())
        and all(isinstance(part.get(key, {}), (dict, bool)) for key in ("items", "additionalProperties", "not"))
        and all(isinstance(parts, list) and all(isinstance(item, dict) for item in parts) for parts in lists)
    )


_KNOWN = frozenset({
    "$schema", "$ref", "definitions", "type", "properties", "additionalProperties", "items", "required", "enum", "not",
    "pattern", "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "multipleOf",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems", *BEYOND, *PARTS,
})


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NoIndex("not JSON") from error


def _finding(folder: Folder, path: str, message: str) -> Finding:
    return Finding(SCHEMAS.id, Severity.ERROR, message, path=f"{folder.label}/{path}")
