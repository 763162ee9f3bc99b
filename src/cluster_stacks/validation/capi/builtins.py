"""The variable `builtin`: what Cluster API tells a patch of the Cluster, and of the object that is patched.

Two lists that do not agree. `NAMES` is what the webhook takes in `valueFrom.variable` (Cluster API 1.14,
patch_validation: a fixed list of texts, some of them of fields that it does not fill). `SCHEMA` is the shape of what a
patch is given at run time (Builtins of the runtime hooks' API), as a schema like that of any variable.
"""

from __future__ import annotations

from enum import StrEnum

from cluster_stacks.validation.schema_words import Schema

NAME = "builtin"


class Holder(StrEnum):
    """What a patched object belongs to: it decides which parts of `builtin` there are besides `cluster`."""

    CLUSTER = "cluster"
    CONTROL_PLANE = "controlPlane"
    MACHINE_DEPLOYMENT = "machineDeployment"
    MACHINE_POOL = "machinePool"


_METADATA = ("metadata.labels", "metadata.annotations")
_OF_WORKERS = (
    "class", "name", "replicas", "topologyName", "version", *_METADATA, "bootstrap.configRef.name",
    "infrastructureRef.name",
)
NAMES = frozenset({
    NAME,
    "builtin.cluster", "builtin.controlPlane", "builtin.machineDeployment", "builtin.machinePool",
    *(f"builtin.cluster.{name}" for name in ("name", "namespace", "uid", *_METADATA)),
    "builtin.cluster.topology", "builtin.cluster.network",
    *(f"builtin.cluster.topology.{name}" for name in (
        "classRef.name", "classRef.namespace", "class", "classNamespace", "version")),
    *(f"builtin.cluster.network.{name}" for name in ("serviceDomain", "services", "pods")),
    *(f"builtin.controlPlane.{name}" for name in (
        "name", "replicas", "version", *_METADATA, "machineTemplate.infrastructureRef.name")),
    *(f"builtin.machineDeployment.{name}" for name in _OF_WORKERS),
    *(f"builtin.machinePool.{name}" for name in _OF_WORKERS),
})
"""What may stand in `valueFrom.variable` and begins with `builtin.`."""


def _text() -> Schema:
    return {"type": "string"}


def _map(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _optional(schema: Schema, *names: str) -> Schema:
    required = schema["required"]
    assert isinstance(required, list)
    return {**schema, "required": [name for name in required if name not in names]}


def _labels() -> Schema:
    texts: Schema = {"type": "object", "additionalProperties": _text()}
    return _optional(_map(labels=texts, annotations=texts), "labels", "annotations")


def _worker() -> Schema:
    # metadata is always there: a MachineDeployment of a topology carries labels.
    schema = _map(
        version=_text(), metadata=_labels(), name=_text(), topologyName=_text(), replicas={"type": "integer"},
        bootstrap=_map(configRef=_map(name=_text())), infrastructureRef=_map(name=_text()),
        **{"class": _text()},
    )
    return _optional(schema, "replicas")


_CLUSTER = _optional(
    _map(
        name=_text(), namespace=_text(), uid=_text(), metadata=_labels(),
        topology=_map(
            version=_text(), classRef=_map(name=_text(), namespace=_text()), classNamespace=_text(),
            **{"class": _text()},
        ),
        network=_optional(
            _map(
                serviceDomain=_text(), services={"type": "array", "items": _text()},
                pods={"type": "array", "items": _text()},
            ),
            "serviceDomain", "services", "pods",
        ),
    ),
    "metadata", "network",
)
_CONTROL_PLANE = _optional(
    _map(
        version=_text(), metadata=_labels(), name=_text(), replicas={"type": "integer"},
        machineTemplate=_map(infrastructureRef=_map(name=_text())),
    ),
    "replicas", "machineTemplate",
)
_PARTS: dict[Holder, Schema] = {
    Holder.CLUSTER: _CLUSTER, Holder.CONTROL_PLANE: _CONTROL_PLANE,
    Holder.MACHINE_DEPLOYMENT: _worker(), Holder.MACHINE_POOL: _worker(),
}
_OF: dict[Holder, Schema] = {
    holder: _map(**{part.value: _PARTS[part] for part in dict.fromkeys((Holder.CLUSTER, holder))}) for holder in Holder
}


def schema_of(holder: Holder) -> Schema:
    """The shape of `builtin` for objects of a holder. What is not required there may be absent."""
    return _OF[holder]


def anywhere() -> Schema:
    """The shape of `builtin` with the parts of all holders, none of which is certain."""
    return {"type": "object", "properties": {part.value: schema for part, schema in _PARTS.items()},
            "required": [Holder.CLUSTER.value]}
