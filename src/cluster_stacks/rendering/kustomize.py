"""A folder as a kustomization: `kustomize build`, after a look at everything that it would read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from cluster_stacks.documents.emit import emit
from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import SourceFile
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.folder import run_tool, write_folder
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.layout import KUSTOMIZATIONS, YAML
from cluster_stacks.rendering.loaded import Loaded, load_file, render_file
from cluster_stacks.rendering.objects import Made
from cluster_stacks.runtime.scratch import scratch
from cluster_stacks.runtime.tools import Tool

_ORIGIN = "config.kubernetes.io/origin"
_PATHS = (
    "resources", "bases", "components", "crds", "configurations", "generators", "transformers", "validators",
    "patchesStrategicMerge",
)
_WITH_PATH = ("patches", "patchesJson6902", "replacements")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_CHARTS = ("helmCharts", "helmChartInflationGenerator", "helmGlobals")

Pointer = tuple[str | int, ...]


def kustomize_build(kustomize: Tool, files: Mapping[str, SourceFile], scope: Scope) -> list[Made]:
    """The objects of the kustomization that `files` (keyed by relative path) make up. Its YAML files are templates.

    Raises Refused for what reaches outside the folder, before anything runs, and for what kustomize refuses.
    """
    written, loaded = _evaluated(files, scope)
    findings = [found for path, file in loaded.items() for found in _reach(path, file, files)]
    if findings:
        raise Refused(*findings)
    root = next(name for name in KUSTOMIZATIONS if name in files)
    written[root] = emit(_with_origins(loaded[root].documents[0].value)).encode()
    with scratch() as folder:
        write_folder(folder / "layer", written)
        done = run_tool([kustomize.path, "build", folder / "layer"], folder)
    if done.code:
        said = " ".join(done.stderr.decode("utf-8", "replace").replace(f"{folder}/layer", ".").split())
        message = f"the kustomization does not build: {said.removeprefix('Error: ')[:500]}"
        raise rules.refused(rules.KUSTOMIZE, message, files[root].path)
    return [_made(document.value, index, files, root) for index, document in enumerate(_read(done.stdout, files[root]))]


def _evaluated(files: Mapping[str, SourceFile], scope: Scope) -> tuple[dict[str, bytes], dict[str, Loaded]]:
    """The bytes of every file after its template was evaluated, and the kustomizations among them as documents."""
    written: dict[str, bytes] = {}
    loaded: dict[str, Loaded] = {}
    for path, file in files.items():
        if posixpath.basename(path) in KUSTOMIZATIONS:
            found = loaded[path] = load_file(file, scope)
            if len(found.documents) != 1 or not isinstance(found.documents[0].value, dict):
                raise rules.refused(rules.KUSTOMIZE, "a kustomization is one mapping", file.path)
            written[path] = found.text.output.encode()
        elif path.endswith(YAML) or file.mode == "120000":  # a link raises
            written[path] = render_file(file, scope).output.encode()
        else:
            written[path] = file.data
    return written, loaded


def _reach(path: str, loaded: Loaded, files: Mapping[str, SourceFile]) -> Iterator[Finding]:
    """Whatever a kustomization names and the folder does not hold."""
    folder = posixpath.dirname(path)
    value = loaded.documents[0].value
    for key in _CHARTS:
        if key in value:
            message = f"{key} is not rendered: give the chart a folder of its own, with Chart.yaml and values.yaml"
            yield rules.finding(rules.KUSTOMIZE_REACH, message, loaded.path, loaded.position(0, (key,), key=True))
    for pointer, named in _named(value):
        wanted = posixpath.normpath(posixpath.join(folder, named))
        if wanted in files or wanted == "." or any(name.startswith(wanted + "/") for name in files):
            continue
        message = f"'{named}' is not in this folder: rendering reads nothing else, copy it in"
        yield rules.finding(rules.KUSTOMIZE_REACH, message, loaded.path, loaded.position(0, pointer), key=named)


def _named(value: Mapping[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """Every path that a kustomization names, and where."""
    for key in _PATHS:
        for index, item in enumerate(_list(value.get(key))):
            if isinstance(item, str) and "\n" not in item and not item.startswith("{"):
                yield (key, index), item
    for key in _WITH_PATH:
        for index, item in enumerate(_list(value.get(key))):
            if isinstance(item, dict) and isinstance(item.get("path"), str):
                yield (key, index, "path"), item["path"]
    openapi = value.get("openapi")
    if isinstance(openapi, dict) and isinstance(openapi.get("path"), str):
        yield ("openapi", "path"), openapi["path"]
    for key in _GENERATORS:
        for index, item in enumerate(_list(value.get(key))):
            yield from _generated(item if isinstance(item, dict) else {}, (key, index))


def _generated(generator: Mapping[str, Any], at: Pointer) -> Iterator[tuple[Pointer, str]]:
    for index, item in enumerate(_list(generator.get("files"))):
        if isinstance(item, str):
            yield (*at, "files", index), item.rpartition("=")[2]
    for index, item in enumerate(_list(generator.get("envs"))):
        if isinstance(item, str):
            yield (*at, "envs", index), item
    if isinstance(generator.get("env"), str):
        yield (*at, "env"), generator["env"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _with_origins(value: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [item for item in _list(value.get("buildMetadata")) if item != "originAnnotations"]
    return {**value, "buildMetadata": [*wanted, "originAnnotations"]}


def _read(output: bytes, root: SourceFile) -> list[Any]:
    try:
        return list(load_documents(output, root.path))
    except Refused as refused:
        message = f"the kustomization gives no YAML: {refused.findings[0].message}"
        raise rules.refused(rules.KUSTOMIZE, message, root.path) from None


def _made(value: Any, index: int, files: Mapping[str, SourceFile], root: str) -> Made:
    """The object without the annotation that says where it came from, and where that is."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    origin = annotations.pop(_ORIGIN, "") if isinstance(annotations, dict) else ""
    if isinstance(metadata, dict) and annotations == {}:
        del metadata["annotations"]
    lines = dict(line.split(": ", 1) for line in str(origin).splitlines() if ": " in line)
    source = files.get(lines.get("path", ""), files[root])
    return Made(value, source.path, index)
