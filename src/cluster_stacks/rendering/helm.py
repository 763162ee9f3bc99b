"""The class layer as a chart: `helm template`, and which template each object came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Position, SourceFile
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.folder import LARGEST_OUTPUT, run_tool, write_folder
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.layout import CHART, VALUES
from cluster_stacks.rendering.loaded import Loaded, load_file
from cluster_stacks.rendering.objects import Made
from cluster_stacks.runtime.scratch import scratch
from cluster_stacks.runtime.tools import Tool

_PLACE = re.compile(r"([^\s():\"]+/templates/[^\s():\"]+):(\d+)(?::(\d+))?")
_FILE = re.compile(r"([^\s():\"]+/templates/[^\s():\"]+)")
_NOISE = re.compile(r"^(Error:|Use --debug flag.*|walk\.go.*|level=.*)\s*")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its files as they are delivered, Chart.yaml and, where there is one, values.yaml."""

    files: Mapping[str, bytes]
    about: Loaded
    values: Loaded | None


def read_chart(files: Mapping[str, SourceFile], scope: Scope, version: str) -> Chart:
    """The chart of `files`, keyed by relative path. Chart.yaml and values.yaml are templates, nothing else is.

    `version` is stamped into Chart.yaml. Raises Refused for either file that is no YAML mapping.
    """
    loaded = load_file(files[CHART], scope)
    chart = loaded.documents[0].value if len(loaded.documents) == 1 else None
    if not isinstance(chart, dict) or not isinstance(chart.get("name"), str):
        message = "Chart.yaml is no mapping with a name: it describes the chart"
        raise rules.refused(rules.ADDON_CHART, message, loaded.path)
    written = {path: file.data for path, file in files.items()}
    written[CHART] = emit({**chart, "version": version}).encode()
    values = load_file(files[VALUES], scope) if VALUES in files else None
    if values is not None:
        if len(values.documents) > 1 or not all(isinstance(d.value, dict) for d in values.documents):
            raise rules.refused(rules.ADDON_CHART, "values.yaml is no mapping of values", values.path)
        written[VALUES] = values.text.output.encode()
    _no_links(files)
    return Chart(written, loaded, values)


def helm_template(
    helm: Tool, files: Mapping[str, SourceFile], chart: Chart, release: str, kubernetes: str
) -> list[Made]:
    """The objects of a chart; `files` say where they came from.

    Raises Refused with one finding where Helm refuses, at the place of the template that Helm names.
    """
    with scratch() as folder:
        place, output = folder / "chart", folder / "output"
        write_folder(place, chart.files)
        output.mkdir()
        done = run_tool([
            helm.path, "template", release, place, "--kube-version", kubernetes, "--output-dir", output, "--skip-tests",
        ], folder)
        if done.code:
            raise _refused(done.stderr.decode("utf-8", "replace").replace(str(folder), "."), files)
        return [item for path in sorted(output.rglob("*")) if path.is_file() for item in _objects(path, output, files)]


def _objects(path: Path, output: Path, files: Mapping[str, SourceFile]) -> list[Made]:
    """The objects of one file that Helm wrote, named as the template is: `<chart>/templates/a.yaml`."""
    inside = str(path.relative_to(output)).partition("/")[2]
    source = _source(inside, files)
    if path.stat().st_size >= LARGEST_OUTPUT:
        raise rules.refused(rules.TEMPLATE_LIMIT, f"the template gives more than {LARGEST_OUTPUT >> 20} MiB", source)
    try:
        documents = load_documents(path.read_bytes(), source)
    except Refused as refused:
        raise rules.refused(rules.HELM, f"the chart gives no YAML: {refused.findings[0].message}", source) from None
    return [Made(document.value, source, document.index) for document in documents]


def _source(inside: str, files: Mapping[str, SourceFile]) -> str:
    """The repository's path of a file of the chart; of a vendored chart that is packed, its archive or its folder."""
    if inside in files:
        return files[inside].path
    chart = inside.split("/")[1] if inside.startswith("charts/") else ""
    archive = next((name for name in files if chart and name.startswith(f"charts/{chart}")), CHART)
    return files[archive].path


def _refused(said: str, files: Mapping[str, SourceFile]) -> Refused:
    lines = [_NOISE.sub("", line.strip()) for line in said.splitlines()]
    text = " ".join(line for line in lines if line) or "no reason given"
    found = _PLACE.search(said) or _FILE.search(said)
    if found is None:
        return rules.refused(rules.HELM, f"the chart does not render: {text[:500]}", files[CHART].path)
    source = _source(found.group(1).partition("/")[2], files)
    at = None
    if found.re is _PLACE:
        at = Position(int(found.group(2)), int(found.group(3) or 0) + 1)
    return rules.refused(rules.HELM, f"the chart does not render: {text[:500]}", source, at)


def _no_links(files: Mapping[str, SourceFile]) -> None:
    for file in files.values():
        if file.mode == "120000":
            message = "a symbolic link in a chart is not followed: make it a file"
            raise rules.refused(rules.STRAY_FILE, message, file.path)
