"""The kubeconform engine: a folder of files in, one process, a judgement of every file out.

Files, because its stream reader corrupts large streams. One object a file, so that what was sent can be compared with
what was judged. The schemas that it may use are written beside them, from the store that the embedded engine reads too:
both judge alike, and nothing is ever fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.runtime.process import ProcessFailed, run
from cluster_stacks.runtime.tools import Tool
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.schema_words import Schema

NAME = "kubeconform"
OBJECTS, SCHEMAS = "objects", "schemas"
ANY = "any"
"""The group of objects whose schemas are the same for every Kubernetes minor."""
LOCATION = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
SECONDS = 600.0


class Status(StrEnum):
    """kubeconform's words; `skipped` never happens, because nothing is asked to be skipped."""

    VALID = "statusValid"
    INVALID = "statusInvalid"
    ERROR = "statusError"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What kubeconform said of one file; `path` is where, as far as it tells."""

    status: Status
    message: str = ""
    path: str = ""


class Batch:
    """Objects and schemas in a folder, for one run. Several processes may add objects to the same folder."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def put(self, name: str, value: Mapping[str, object], info: KindInfo) -> str:
        """Writes one object; `name` is unique in the batch. Gives the key of its judgement.

        Raises ValueError for what JSON cannot say, as the embedded engine does.
        """
        key = f"{info.minor or ANY}/{name}.json"
        # On one line: kubeconform cuts files at lines of dashes. Keys and numbers are checked by the writer.
        text = json.dumps(_checked(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        path = self.directory / OBJECTS / key
        data = text.encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return key

    def put_schema(self, info: KindInfo, schema: Schema) -> None:
        """Writes the schema of a kind that objects of the batch have."""
        path = self.directory / SCHEMAS / (info.minor or ANY) / info.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema), encoding="utf-8")

    def run(self, tool: Tool, keys: set[str], jobs: int) -> dict[str, Judgement]:
        """The judgement of every object put. Raises CannotTell where kubeconform did not judge exactly these."""
        groups = sorted({key.partition("/")[0] for key in keys})
        found: dict[str, Judgement] = {}
        # Objects that any minor judges alike go with the first minor: nearly always that makes one process.
        first = next((group for group in groups if group != ANY), ANY)
        for group in [g for g in groups if g != ANY] or groups:
            folders = [group, ANY] if group == first and ANY in groups and group != ANY else [group]
            found.update(self._run(tool, folders, jobs))
        if found.keys() != keys:
            counts = f"{len(found)} of {len(keys)} objects"
            raise CannotTell(f"kubeconform judged {counts}: run again with --engine embedded, and report it")
        return found

    def _run(self, tool: Tool, groups: list[str], jobs: int) -> dict[str, Judgement]:
        locations = [word for group in groups for word in ("-schema-location", f"{SCHEMAS}/{group}/{LOCATION}")]
        folders = [f"{OBJECTS}/{group}" for group in groups]
        argv = [str(tool.path), "-output", "json", "-verbose", "-n", str(jobs), *locations, *folders]
        try:
            done = run(argv, cwd=self.directory, timeout=SECONDS, ok=(0, 1))
            return _parse(done.stdout)
        except ProcessFailed as error:
            raise CannotTell(str(error)) from error
        except (ValueError, KeyError, TypeError) as error:
            said = _first(done.stderr)
            raise CannotTell(f"{tool.path} answers in a form that is not kubeconform's: {said}") from error


def _parse(output: bytes) -> dict[str, Judgement]:
    found: dict[str, Judgement] = {}
    for resource in json.loads(output)["resources"]:
        key = resource["filename"].removeprefix(OBJECTS + "/")
        if key in found:
            raise ValueError(f"{key} was judged twice")
        causes = resource.get("validationErrors") or [{}]
        found[key] = Judgement(Status(resource["status"]), str(resource.get("msg", "")), str(causes[0].get("path", "")))
    return found


def _first(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").split("\n", 1)
    return lines[0][:200] or "no output"


def _checked(value: object) -> object:
    """Python's writer turns keys that are no text into text, and so hides what the embedded engine refuses."""
    todo = [value]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            if not all(isinstance(key, str) for key in part):
                raise ValueError("a key is not a text")
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return value
