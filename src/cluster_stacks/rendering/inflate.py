"""What an addon's chart makes in a cluster: `helm template` of all its charts, as delivery would install them.

Nothing of this is in a release. It is asked so that it can be judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.rendering.folder import LARGEST_OUTPUT, run_tool, write_folder
from cluster_stacks.runtime.scratch import scratch
from cluster_stacks.runtime.tools import Tool

_NOISE = re.compile(r"^(Error:|Use --debug flag.*|walk\.go.*|level=.*)\s*")
SCHEMA_HEAD = "values don't meet the specifications of the schema(s)"
_SCHEMA_AT = re.compile(r"^(?P<inner>\s*)- at '(?P<at>[^']*)': (?P<what>.*)$")
_TRACE = re.compile(r"^(?:goroutine |runtime stack:|\[signal )", re.MULTILINE)
"""Where Go goes on to tell of its own insides: Helm ran out of memory."""
_UNREACHABLE = re.compile(r"failing loading|failed to load schema|unsupported protocol|proxyconnect|no URLLoader")
_OBJECTS = 10_000


class Made(NamedTuple):
    """An object, and the template that made it: `um/charts/cilium/templates/a.yaml`, and its place in that output."""

    template: str
    number: int
    value: Any


class Refusal(NamedTuple):
    """A part of the values that a chart's schema refuses: the chart by its key, a pointer into its values, and why."""

    chart: str
    pointer: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be inflated: the files of a chart, as what it is installed, and where.

    `kubernetes` is a version (`v1.36.1`), `apis` what a cluster serves beyond what Helm takes for granted
    (`policy/v1/PodDisruptionBudget`), `values` are laid over those of the chart. A `packed` chart is given by its bytes
    and has no files.
    """

    files: Mapping[str, bytes]
    release: str
    namespace: str
    kubernetes: str
    apis: tuple[str, ...] = ()
    values: Mapping[str, Any] | None = None
    packed: bytes = b""


@dataclass(frozen=True, slots=True)
class Inflated:
    """The objects; or why there are none: `refusals` by schemas of values, else `said`, which is Helm's own words.

    `unchecked` says that a schema of values names an address, so the values were not judged by it.
    """

    objects: tuple[Made, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    said: str = ""
    unchecked: bool = False


def inflate(helm: Tool, wanted: Wanted) -> Inflated:
    """Runs `helm template`, without network and bounded in memory and output; its time is that of the worker."""
    with scratch() as folder:
        if wanted.packed:
            (folder / "chart").write_bytes(wanted.packed)
        else:
            write_folder(folder / "chart", wanted.files)
        found = _run(helm, wanted, folder, [])
        if found.said and _UNREACHABLE.search(found.said):
            found = _run(helm, wanted, folder, ["--skip-schema-validation"])
            return Inflated(found.objects, found.refusals, found.said, unchecked=True)
        return found


def _run(helm: Tool, wanted: Wanted, folder: Path, more: Iterable[str]) -> Inflated:
    output = folder / "output"
    output.mkdir(exist_ok=True)
    argv: list[Any] = [
        helm.path, "template", wanted.release, folder / "chart", "--namespace", wanted.namespace,
        "--kube-version", wanted.kubernetes, "--include-crds", "--skip-tests", "--output-dir", output, *more,
    ]
    if wanted.apis:
        argv += ["--api-versions", ",".join(wanted.apis)]
    if wanted.values:
        (folder / "values.json").write_text(json.dumps(wanted.values), encoding="utf-8")
        argv += ["--values", folder / "values.json"]
    done = run_tool(argv, folder)
    if done.code:
        return _refused(done.stderr.decode("utf-8", "replace").replace(str(folder), "."))
    objects: list[Made] = []
    for path in sorted(output.rglob("*")):
        if not path.is_file():
            continue
        template = path.relative_to(output).as_posix()
        if path.stat().st_size >= LARGEST_OUTPUT:
            return Inflated(said=f"{template} gives more than {LARGEST_OUTPUT >> 20} MiB")
        try:
            documents = load_documents(path.read_bytes(), template)
        except Refused as refused:
            found = refused.findings[0]
            return Inflated(said=f"{template} gives no YAML: {found.message} (line {found.line} of its output)")
        objects += [Made(template, document.index, document.value) for document in documents]
        if len(objects) > _OBJECTS:
            return Inflated(said=f"more than {_OBJECTS:,} objects")
    return Inflated(tuple(objects))


def _refused(said: str) -> Inflated:
    if SCHEMA_HEAD in said and not _UNREACHABLE.search(said):
        refusals = tuple(_refusals(said.partition(SCHEMA_HEAD)[2].splitlines()[1:]))
        if refusals:
            return Inflated(refusals=refusals)
    said = _TRACE.split(said, maxsplit=1)[0]
    lines = dict.fromkeys(_NOISE.sub("", line.strip()) for line in said.splitlines())
    return Inflated(said=" ".join(line for line in lines if line)[:1000] or "no reason given")


def _refusals(lines: Iterable[str]) -> list[Refusal]:
    found: list[Refusal] = []
    chart = ""
    for line in lines:
        match = _SCHEMA_AT.match(line)
        if match and match["inner"] and found:  # what each alternative misses
            found[-1] = found[-1]._replace(message=f"{found[-1].message}; {match['what'].strip()}"[:500])
        elif match:
            steps = (step.replace("~1", "/").replace("~0", "~") for step in match["at"].split("/")[1:])
            found.append(Refusal(chart, tuple(steps), match["what"].strip()[:300]))
        elif line.strip().endswith(":"):
            chart = line.strip()[:-1]
    return found
