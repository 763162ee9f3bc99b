"""The cluster-addon layer: each folder of it becomes a folder of the release, and facts for delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.documents.emit import emit, emit_all
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import RenderedObject
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import NAME, layer_of
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.addon_order import FIRST_HOOK, Addition, Order, addon_order
from cluster_stacks.rendering.chart_check import check_renders
from cluster_stacks.rendering.charts import PassThrough, chart_version, check_chart, is_complete, pass_through
from cluster_stacks.rendering.helm import read_chart
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.kustomize import kustomize_build
from cluster_stacks.rendering.layout import (
    ADDON_FILE,
    ADDON_FOLDER,
    ADDON_ORDER,
    OVERWRITE,
    Renderer,
    below,
    is_hidden,
    renderer_of,
)
from cluster_stacks.rendering.loaded import NATIVE, load_config
from cluster_stacks.rendering.manifests import checked, render_manifests
from cluster_stacks.rendering.toolbox import Toolbox

MANIFESTS = "manifests.yaml"
KUSTOMIZATION = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": [MANIFESTS]}


@dataclass(frozen=True, slots=True)
class Addons:
    """The addons of a release: their facts in the order of installation, their files and their objects."""

    facts: tuple[Mapping[str, Any], ...]
    files: Mapping[str, bytes]
    objects: tuple[RenderedObject, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Content:
    renderer: Renderer
    files: Mapping[str, bytes]
    objects: tuple[RenderedObject, ...] = ()
    chart: PassThrough | None = None


def render_addons(source: StackSource, scope: Scope, tools: Toolbox) -> Addons:
    """All addons of the stack. Raises Refused with all that is wrong in any, CannotTell for a tool that is missing."""
    folders, findings = _folders(source)
    additions: dict[str, Addition] = {}
    contents: dict[str, _Content] = {}
    settings: dict[str, Mapping[str, Any]] = {}
    for name, files in folders.items():
        try:
            settings[name], additions[name] = _addition(name, files)
            own = {path: file for path, file in files.items() if path != ADDON_FILE}
            contents[name] = _content(additions[name], own, source, scope, tools)
            _check_cluster_values(additions[name], settings[name], contents[name])
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(*findings)
    order = addon_order(additions, source.files.get(ADDON_ORDER), scope)
    names = sorted(contents, key=lambda name: (order.places[name], name))
    overwrites = [f"{name}: {OVERWRITE} reads the Cluster" for name in names if OVERWRITE in folders[name]]
    return Addons(
        tuple(_facts(name, settings[name], contents[name], order) for name in names),
        {f"{ADDON_FOLDER}/{name}/{path}": data for name in names for path, data in contents[name].files.items()},
        tuple(item for name in names for item in contents[name].objects),
        (*order.notes, *overwrites),
    )


def _folders(source: StackSource) -> tuple[dict[str, dict[str, SourceFile]], list[Finding]]:
    """The files of each addon, and those that stand beside the addons."""
    folders: dict[str, dict[str, SourceFile]] = {}
    findings: list[Finding] = []
    wrong: set[str] = set()
    for path, file in below(source.files, ADDON_FOLDER).items():
        name, slash, rest = path.partition("/")
        if not slash and not is_hidden(path) and layer_of(f"{ADDON_FOLDER}/{path}"):
            message = "the file belongs to no addon: each addon has a folder of its own below cluster-addon"
            findings.append(rules.finding(rules.STRAY_FILE, message, file.path))
        elif slash and not NAME.fullmatch(name) and not is_hidden(name) and name not in wrong:
            wrong.add(name)
            message = f"'{name}' cannot name an addon: use lower-case letters, digits and dashes"
            findings.append(rules.finding(rules.ADDON, message, file.path, key=name))
        elif slash and NAME.fullmatch(name) and layer_of(f"{ADDON_FOLDER}/{path}"):
            folders.setdefault(name, {})[rest] = file
    return folders, findings


def _addition(name: str, files: Mapping[str, SourceFile]) -> tuple[Mapping[str, Any], Addition]:
    first = next(iter(files.items()))
    folder = first[1].path.removesuffix("/" + first[0])
    if ADDON_FILE not in files:
        return {}, Addition(name, folder, (), False, None)
    value, loaded = load_config(files[ADDON_FILE], NATIVE, "addon", template=False)
    depends_on = tuple(value.get("dependsOn", ()))
    return value, Addition(name, folder, depends_on, bool(value.get("clusterLabels")), loaded)


def _content(
    addon: Addition, files: Mapping[str, SourceFile], source: StackSource, scope: Scope, tools: Toolbox
) -> _Content:
    name = addon.name
    renderer = renderer_of(files)
    if renderer is Renderer.HELM:
        return _chart(name, files, source, scope, tools)
    if renderer is Renderer.KUSTOMIZE:
        objects = kustomize_build(tools.kustomize(), files, scope)
    else:
        objects = render_manifests({path: file for path, file in files.items() if path != OVERWRITE}, scope)
    if not checked(objects):
        raise rules.refused(rules.ADDON, f"the addon '{name}' makes no object: remove it", addon.folder)
    file = f"{ADDON_FOLDER}/{name}/{MANIFESTS}"
    written = {
        "kustomization.yaml": emit(KUSTOMIZATION).encode(),
        MANIFESTS: emit_all(item.value for item in objects).encode(),
    }
    return _Content(renderer, written, tuple(RenderedObject(o.value, file, o.path, o.index) for o in objects))


def _chart(name: str, files: Mapping[str, SourceFile], source: StackSource, scope: Scope, tools: Toolbox) -> _Content:
    chart = read_chart(files, scope, chart_version(source.metadata.cluster_addon))
    check_chart(chart, files)
    through = pass_through(chart, files)
    if through is None and is_complete(chart, files):
        # All that it needs is here: what does not render must not be published. Its objects depend on the cluster.
        check_renders(tools.helm_for_a_check(), files, chart, name, str(source.metadata.kubernetes))
    return _Content(Renderer.HELM, chart.files, chart=through)


def _check_cluster_values(addition: Addition, settings: Mapping[str, Any], content: _Content) -> None:
    """Raises Refused for facts of the cluster that no value takes."""
    places = settings.get("clusterValues", {})
    wrong = ""
    for path in places:
        if content.renderer is not Renderer.HELM:
            wrong = "only the values of a chart can be facts of the cluster: remove it"
        elif content.chart and not path.startswith(_prefix(content.chart)):
            wrong = f"'{path}' reaches no chart: it begins with '{_prefix(content.chart)}'"
        if wrong and addition.file:
            at = addition.file.position(0, ("clusterValues", path), key=True)
            raise rules.refused(rules.ADDON, wrong, addition.file.path, at, key=path)


def _prefix(chart: PassThrough) -> str:
    return chart.wrapper.replace(".", "\\.") + "."


def _facts(name: str, settings: Mapping[str, Any], content: _Content, order: Order) -> dict[str, Any]:
    """The addon as release.json says it. `clusterValues` are paths in `values` where these are the chart's own."""
    chart = content.chart
    places = settings.get("clusterValues", {})
    return {
        "name": name,
        "namespace": settings.get("namespace", "kube-system"),
        "releaseName": settings.get("releaseName", name),
        "renderer": content.renderer.value,
        "path": f"{ADDON_FOLDER}/{name}",
        "order": order.places[name],
        "dependsOn": list(settings.get("dependsOn", ())),
        "clusterLabels": dict(settings.get("clusterLabels", {})),
        "clusterValues": {path.removeprefix(_prefix(chart)) if chart else path: fact for path, fact in places.items()},
        "hook": order.hooks.get(name, FIRST_HOOK),
        "chart": chart.facts() if chart else None,
        "values": dict(chart.values) if chart else None,
        "overwrite": OVERWRITE in content.files,
    }
