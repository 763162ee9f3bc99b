"""What webhooks of providers put into templates before patches see them, beside the defaults of their schemas.

Only what a management cluster with these webhooks answered (Cluster API and its docker provider, 1.14). A webhook reads
an object into its own types and writes it again: that too puts fields in, in v1beta1 more than later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cluster_stacks.validation.index import split_api_version

_INFRASTRUCTURE = "infrastructure.cluster.x-k8s.io"
_PORT = 6443
_OLD = "v1beta1"
_Spec = Mapping[str, Any]


def as_stored(template: Any, api_version: str, kind: str) -> Any:
    """The template as the webhook of its kind leaves it; the same where none is known, or nothing is to be filled."""
    group, version = split_api_version(api_version)
    fill = _FILLS.get(kind) if group == _INFRASTRUCTURE else None
    spec = template.get("spec") if isinstance(template, dict) else None
    body = spec.get("template") if isinstance(spec, dict) else None
    if fill is None or not isinstance(spec, dict) or not isinstance(body, dict | None):
        return template
    inner = body.get("spec") if body else None
    if not isinstance(inner, dict | None):
        return template
    said = inner or {}
    filled: dict[str, Any] = {"spec": _merged(said, fill(said, version))}
    if version == _OLD:
        filled["metadata"] = {}
    return {**template, "spec": {**spec, "template": {**filled, **(body or {}), "spec": filled["spec"]}}}


def _merged(value: Any, defaults: Mapping[str, Any]) -> Any:
    """A mapping with what it lacks; nothing is put into what is no mapping."""
    if not isinstance(value, dict | None):
        return value
    given = value or {}
    out = dict(given)
    for key, default in defaults.items():
        if isinstance(default, dict) and key in given:
            out[key] = _merged(given[key], default)
        elif given.get(key) is None:
            out[key] = default
    return out


def _docker_cluster(_: _Spec, version: str) -> dict[str, Any]:
    return {"controlPlaneEndpoint": _endpoint(_PORT, version), "loadBalancer": {}}


def _dev_cluster(spec: _Spec, version: str) -> dict[str, Any]:
    backend = spec.get("backend")
    if isinstance(backend, dict) and backend.get("inMemory") is not None and backend.get("docker") is None:
        return {"controlPlaneEndpoint": _endpoint(0, version)} if version == _OLD else {}
    return {"backend": {"docker": {"loadBalancer": {}}}, "controlPlaneEndpoint": _endpoint(_PORT, version)}


def _endpoint(port: int, version: str) -> dict[str, Any]:
    return {"host": "", "port": port} if version == _OLD else {"port": port}


def _dev_machine(spec: _Spec, _: str) -> dict[str, Any]:
    backend = spec.get("backend")
    return {} if isinstance(backend, dict) and backend.get("inMemory") is not None else {"backend": {"docker": {}}}


def _machine_pool(_: _Spec, version: str) -> dict[str, Any]:
    return {"template": {}} if version == _OLD else {}


_FILLS: dict[str, Callable[[_Spec, str], dict[str, Any]]] = {
    "DevClusterTemplate": _dev_cluster,
    "DevMachineTemplate": _dev_machine,
    "DockerClusterTemplate": _docker_cluster,
    "DockerMachinePoolTemplate": _machine_pool,
    "DockerMachineTemplate": lambda _spec, _version: {},
}
