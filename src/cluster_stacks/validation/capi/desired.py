"""What Cluster API creates of a template: the kind, its schema, and the object with the parts that Cluster API adds.

Of the infrastructure and the control plane, and of the two templates of a MachinePool, `spec.template.spec` becomes the
`spec` of an object of the kind without `Template`. All other templates stay templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from cluster_stacks.validation.capi.builtins import Holder
from cluster_stacks.validation.capi.jsonpatch import Place, Segments
from cluster_stacks.validation.capi.paths import Missing, Schema, child_of, fields_of, items_of, type_of
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.index import KindInfo

if TYPE_CHECKING:
    from cluster_stacks.validation.store import Store

SUFFIX = "Template"
BODY = ("spec", "template", "spec")
_METADATA = ("spec", "template", "metadata")
_LABELS = {"cluster.x-k8s.io/cluster-name": "example", "topology.cluster.x-k8s.io/owned": ""}
_CLONED = {"cluster.x-k8s.io/cloned-from-name": "example", "cluster.x-k8s.io/cloned-from-groupkind": "example"}
_KEPT = (
    ("version",), ("machineTemplate", "metadata"), ("machineTemplate", "infrastructureRef"),
    ("machineTemplate", "spec", "infrastructureRef"),
)
"""What a patched control plane keeps of Cluster API's own values."""


class Kind(NamedTuple):
    """The kind that a target becomes; `bare` says that it is no template any more."""

    info: KindInfo
    schema: Schema
    bare: bool


def is_bare(target: Target) -> bool:
    """Whether a target becomes an object that is no template."""
    return target.reference.role in ("infrastructure", "control-plane") or target.holder is Holder.MACHINE_POOL


def kind_of(target: Target, store: Store) -> Kind | None:
    """The kind that a target becomes; None where its schema is not known."""
    bare = is_bare(target)
    name = target.reference.kind.removesuffix(SUFFIX) if bare else target.reference.kind
    info = store.find(target.reference.api_version, name)
    return Kind(info, store.schema(info), bare) if info else None


def with_metadata(template: Any, target: Target) -> Any:
    """The template as patches see it: with the labels and annotations that Cluster API has given the object to be."""
    spec = template.get("spec") if isinstance(template, dict) else None
    body = spec.get("template") if isinstance(spec, dict) else None
    if not is_bare(target) or not isinstance(body, dict):
        return template
    metadata = body.get("metadata")
    found = metadata if isinstance(metadata, dict) else {}
    labels = {**_mapping(found.get("labels")), **_LABELS}
    annotations = {**_mapping(found.get("annotations")), **_CLONED}
    inner = {**body, "metadata": {**found, "labels": labels, "annotations": annotations}}
    return {**template, "spec": {**spec, "template": inner}}  # type: ignore[dict-item]  # body was read from it


def desired(template: Any, target: Target, kind: Kind, version: str = "v1.36.0") -> Any:
    """The object that a patched template becomes, as it is sent to the API server."""
    if not kind.bare or not isinstance(template, dict):
        return template
    body = _at(template, BODY)
    metadata = {**_mapping(_at(template, _METADATA)), "name": "example"}
    spec = body if isinstance(body, dict) else {}
    if target.holder is Holder.CONTROL_PLANE:
        spec = _control_plane(spec, kind, version)
    return {"apiVersion": kind.info.api_version, "kind": kind.info.kind, "metadata": metadata, "spec": spec}


def _control_plane(spec: Mapping[str, Any], kind: Kind, version: str) -> dict[str, Any]:
    """Adds what Cluster API sets: version, replicas, and where the machines come from."""
    out: dict[str, Any] = {**spec, "version": version}
    out.setdefault("replicas", 1)
    out = _with_strategy(out)
    machine = _walk(kind.schema, ("spec", "machineTemplate"))
    if isinstance(machine, Missing):
        return out
    given = dict(_mapping(out.get("machineTemplate")))
    template = {"kind": "ExampleTemplate", "name": "example"}
    if isinstance(_walk(kind.schema, ("spec", "machineTemplate", "spec", "infrastructureRef")), Missing):
        given["infrastructureRef"] = {**template, "apiVersion": "example.org/v1"}
    else:
        given["spec"] = {**_mapping(given.get("spec")), "infrastructureRef": {**template, "apiGroup": "example.org"}}
    return {**out, "machineTemplate": given}


def _with_strategy(spec: dict[str, Any]) -> dict[str, Any]:
    """Fills in what the webhook of KubeadmControlPlane does: the type of the strategy of its rollout."""
    rollout = spec.get("rollout")
    if isinstance(rollout, dict) and isinstance(rollout.get("strategy"), dict):
        return {**spec, "rollout": {**rollout, "strategy": {"type": "RollingUpdate", **rollout["strategy"]}}}
    if isinstance(spec.get("rolloutStrategy"), dict):
        return {**spec, "rolloutStrategy": {"type": "RollingUpdate", **spec["rolloutStrategy"]}}
    return spec


def place_in(template_place: Place, kind: Kind) -> Place | None:
    """A place in a patched template → the same in what becomes of it; None for what is not taken over."""
    if not kind.bare:
        return template_place
    if template_place[:3] == BODY:
        return ("spec", *template_place[3:])
    if template_place[:3] == _METADATA:
        return ("metadata", *template_place[3:])
    return ("spec",) if BODY[: len(template_place)] == template_place else None


def without_effect(path: Segments, target: Target) -> str:
    """Why what a patch writes there never reaches an object; empty where it does."""
    if path[:3] == BODY:
        if target.reference.role == "control-plane" and path[3:] and any(path[3 : 3 + len(k)] == k for k in _KEPT):
            return f"Cluster API sets {'.'.join(path[3:])} of the control plane itself"
        return ""
    if path[:3] == _METADATA:
        return "" if len(path) == 3 or path[3] in ("labels", "annotations") else "only labels and annotations are taken"
    return "" if BODY[: len(path)] == path else "Cluster API takes over what is below /spec/template only"


def field_at(path: Segments, kind: Kind) -> Schema | Missing | None:
    """The schema of the place that a patch names; Missing where the kind has no such field, None where that is open."""
    place = place_in(path, kind)
    if place is None or (kind.bare and place[:1] == ("metadata",)):
        return None
    return _walk(kind.schema, place)


def resolved(root: Schema, node: Schema) -> Schema:
    """A node of a schema, its reference followed, and its one real branch where the other is null."""
    for _ in range(8):
        reference = node.get("$ref")
        if isinstance(reference, str):
            found = _mapping(root.get("definitions")).get(reference.removeprefix("#/definitions/"))
            node = _mapping(found)
            continue
        branches = node.get("anyOf")
        if "properties" in node or "items" in node or "type" in node or not isinstance(branches, list):
            break
        real = [branch for branch in branches if isinstance(branch, Mapping) and branch.get("type") != "null"]
        if len(real) != 1:
            return {}
        node = real[0]
    return node


def _walk(root: Schema, place: Place) -> Schema | Missing:
    node = resolved(root, root)
    for depth, part in enumerate(place):
        text = str(part)
        child = child_of(node, text)
        if child is None and (text in ("-", "0") or isinstance(part, int)):
            child = items_of(node)
        if child is None:
            return Missing(".".join(map(str, place[:depth])), text, fields_of(node), type_of(node))
        if not child:
            return {}
        node = resolved(root, child)
    return node


def schema_at(kind: Kind, place: Place) -> Schema | None:
    """The schema of a place in what becomes of a template, None where there is none or anything may stand."""
    found = _walk(kind.schema, place)
    return None if isinstance(found, Missing) or not found else found


def _at(value: Any, path: Segments) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
