"""Typed reading of plain data from the branch: the field asked for, or one finding that names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, NoReturn

from cluster_stacks.documents.json import loads
from cluster_stacks.model.errors import Refused
from cluster_stacks.releases.rules import BRANCH_FILE, BRANCH_NEWER, refused


class Fields(NamedTuple):
    """A mapping at `pointer` of the file `path`. Every method raises Refused where the field is missing or is no such.

    Fields that nobody asks for are left alone: a file of the same schemaVersion may hold more than we know.
    """

    data: Mapping[str, object]
    path: str
    pointer: str = ""

    def text(self, key: str, default: str | None = None) -> str:
        """A text; `default`, where there is one, in place of an absent or null one."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        return value if isinstance(value, str) else self._fail(key, "a text")

    def number(self, key: str) -> int:
        value = self.data.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else self._fail(key, "a whole number")

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        return value if isinstance(value, bool) else self._fail(key, "true or false")

    def texts(self, key: str) -> tuple[str, ...]:
        items = self._list(key)
        return tuple([item if isinstance(item, str) else self._fail(key, "a list of texts") for item in items])

    def text_map(self, key: str) -> dict[str, str]:
        items = self.mapping(key).data.items()
        return {name: item if isinstance(item, str) else self._fail(key, "a map of texts") for name, item in items}

    def plain_map(self, key: str) -> Mapping[str, object] | None:
        """A mapping of anything, or None where the field is null or absent."""
        return None if self.data.get(key) is None else self.mapping(key).data

    def mapping(self, key: str) -> Fields:
        value = self.data.get(key, {})
        if not isinstance(value, Mapping):
            self._fail(key, "a mapping")
        return Fields(value, self.path, f"{self.pointer}/{key}")

    def optional(self, key: str) -> Fields | None:
        """As `mapping`; None where the field is null or absent."""
        return None if self.data.get(key) is None else self.mapping(key)

    def items(self, key: str) -> list[Fields]:
        """The mappings of a list."""
        found: list[Fields] = []
        for number, item in enumerate(self._list(key)):
            if not isinstance(item, Mapping):
                self._fail(f"{key}/{number}", "a mapping")
            found.append(Fields(item, self.path, f"{self.pointer}/{key}/{number}"))
        return found

    def fail(self, message: str) -> Refused:
        """The exception for a fault of this mapping."""
        where = f" at {self.pointer}" if self.pointer else ""
        return refused(BRANCH_FILE, f"{self.path}{where}: {message}: restore it from the branch's history", self.path)

    def _list(self, key: str) -> Sequence[object]:
        value = self.data.get(key, [])
        return value if isinstance(value, list | tuple) else self._fail(key, "a list")

    def _fail(self, key: str, wanted: str) -> NoReturn:
        raise self.fail(f"{key} must be {wanted}")


def read_fields(data: bytes | Mapping[str, object], path: str, schema_version: int = 1) -> Fields:
    """A JSON file of the branch, or its data, whose schemaVersion this tool knows. Raises Refused."""
    value = _value(data, path) if isinstance(data, bytes) else data
    if not isinstance(value, Mapping):
        raise Fields({}, path).fail("must be a mapping")
    fields = Fields(value, path)
    version = fields.number("schemaVersion")
    if version > schema_version:
        known = f"this tool knows {schema_version}: install a newer cluster-stacks"
        raise refused(BRANCH_NEWER, f"{path} has schemaVersion {version}, {known}", path)
    if version != schema_version:
        raise fields.fail(f"schemaVersion must be {schema_version}")
    return fields


def _value(data: bytes, path: str) -> object:
    try:
        return loads(data, path)
    except Refused as damaged:
        raise Refused(*(
            replace(found, rule=BRANCH_FILE.id, message=f"{found.message}: restore it from the branch's history")
            for found in damaged.findings
        )) from None


def as_map(value: object) -> Mapping[str, Any]:
    """The mapping at some place of plain data; an empty one where there is something else."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[Any]:
    """The list at some place of plain data; an empty one where there is something else."""
    return value if isinstance(value, list) else []
