"""Containers, their ports and their volumes fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation import quantity
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import dns_label
from cluster_stacks.validation.rules.api.parts import Fields, entries, fields, number, pods, text
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS430", "bad-pod", "a pod that the API server refuses",
    "A pod has containers, each with an image and a name of its own; ports are numbers from 1 to 65535 or have a short "
    "name; a volume mount names a volume of the pod and another path than the others; a probe has one handler; what is "
    "requested is not more than the limit.",
    source="Kubernetes: core validation (ValidatePodSpec)",
)
_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9](?:[a-z0-9]|-(?!-))*(?<!-)")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_CHOICES = {
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
}
_POD_CHOICES = {
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "restartPolicy": ("Always", "OnFailure", "Never"),
}
Found = Iterator[tuple[Pointer, str]]


def check(context: Context) -> Iterator[Problem]:
    """Finds what does not fit in the pods of all objects."""
    for pod in pods(context):
        for at, message in _pod(pod.spec):
            yield Problem(pod.item.document, RULE.id, message, (*pod.pointer, *at), item=pod.item)


def _pod(spec: Fields) -> Found:
    volumes = [text(volume, "name") for _, volume in entries(spec, "volumes")]
    if spec.get("containers") == []:
        yield ("containers",), "a pod has at least one container"
    names: set[str] = set()
    for part in ("initContainers", "containers"):
        for index, container in entries(spec, part):
            for at, message in _container(container, names, volumes, part == "containers"):
                yield (part, index, *at), message
    yield from _volumes(spec)
    yield from _choices(spec, _POD_CHOICES)


def _volumes(spec: Fields) -> Found:
    seen: set[str] = set()
    for index, volume in entries(spec, "volumes"):
        name = text(volume, "name")
        if "name" in volume and (wrong := dns_label(name)):
            yield ("volumes", index, "name"), f"the volume {name[:80]!r} {wrong}"
        if name and name in seen:
            yield ("volumes", index, "name"), f"two volumes are called {name[:80]!r}: rename one"
        seen.add(name)
        sources = [key for key, value in volume.items() if key != "name" and value is not None]
        if len(sources) > 1:
            yield ("volumes", index), f"the volume {name[:80]!r} is {' and '.join(sources)[:120]}: it is of one type"


def _container(container: Fields, names: set[str], volumes: list[str], main: bool) -> Found:
    name, image = text(container, "name"), container.get("image")
    if container.get("name") is None:
        pass  # the schema says it
    elif wrong := dns_label(name):
        yield ("name",), f"the container {name[:80]!r} {wrong}"
    elif name in names:
        yield ("name",), f"two containers are called {name[:80]!r}: rename one"
    names.add(name)
    if image is None or image == "":
        yield ("image",), f"the container {name[:80]!r} has no image"
    elif isinstance(image, str) and image != image.strip():
        yield ("image",), f"the image {image[:120]!r} begins or ends with a space"
    yield from _ports(container)
    yield from _env(container)
    yield from _mounts(container, volumes)
    yield from _resources(fields(container, "resources"))
    yield from _choices(container, _CHOICES)
    restarts = text(container, "restartPolicy") == "Always"
    for key in _PROBES:
        probe = fields(container, key)
        if probe and (main or restarts):
            for at, message in _probe(probe, key):
                yield (key, *at), message


def _ports(container: Fields) -> Found:
    seen: set[str] = set()
    for index, port in entries(container, "ports"):
        name = text(port, "name")
        if name and (wrong := port_name(name)):
            yield ("ports", index, "name"), f"the port {name[:80]!r} {wrong}"
        if name and name in seen:
            yield ("ports", index, "name"), f"two ports of the container are called {name[:80]!r}: rename one"
        seen.add(name)
        for key, least in (("containerPort", 1), ("hostPort", 0)):
            value = number(port.get(key))
            if value is not None and not least <= value <= 65535:
                yield ("ports", index, key), f"{key} {value} is no port: 1 to 65535"
        yield from _choices(port, {"protocol": ("TCP", "UDP", "SCTP")}, ("ports", index))


def port_name(name: str) -> str:
    """What is wrong with the name of a port (IANA_SVC_NAME), an empty text for nothing."""
    if len(name) > 15:
        return f"has {len(name)} characters: a port's name has at most 15"
    return "" if _PORT_NAME.fullmatch(name) else "may have a-z, 0-9 and single - inside only, and has a letter"


def _env(container: Fields) -> Found:
    for index, variable in entries(container, "env"):
        name = variable.get("name")
        if name == "" or (isinstance(name, str) and "=" in name):
            yield ("env", index, "name"), f"{name[:80]!r} is no name of an environment variable"
        if variable.get("value") and fields(variable, "valueFrom"):
            yield ("env", index), f"{text(variable, 'name')[:80]!r} has both value and valueFrom: keep one"
        source = fields(variable, "valueFrom")
        if source and len([key for key, value in source.items() if value is not None]) > 1:
            yield ("env", index, "valueFrom"), f"{text(variable, 'name')[:80]!r} has several sources: keep one"


def _mounts(container: Fields, volumes: list[str]) -> Found:
    paths: set[str] = set()
    for index, mount in entries(container, "volumeMounts"):
        name, path, below = text(mount, "name"), text(mount, "mountPath"), text(mount, "subPath")
        if name and name not in volumes:
            yield ("volumeMounts", index, "name"), f"the pod has no volume {name[:80]!r}"
        if mount.get("mountPath") == "":
            yield ("volumeMounts", index, "mountPath"), "mountPath is empty"
        elif path and path in paths:
            yield ("volumeMounts", index, "mountPath"), f"two volumes are mounted at {path[:80]}: change one"
        paths.add(path)
        if below.startswith("/") or ".." in below.split("/"):
            yield ("volumeMounts", index, "subPath"), f"subPath {below[:80]!r} must stay within the volume"


def _resources(resources: Fields) -> Found:
    limits, requests = fields(resources, "limits"), fields(resources, "requests")
    for part, amounts in (("limits", limits), ("requests", requests)):
        for key, value in amounts.items():
            amount = quantity.parse(str(value).strip())
            if amount is not None and amount < 0:
                yield ("resources", part, key), f"{key} {value!s:.40} is less than nothing"
            limit = quantity.parse(str(limits[key]).strip()) if part == "requests" and key in limits else None
            if amount is not None and limit is not None and amount > limit:
                message = f"more {key} is requested ({value!s:.40}) than the limit allows ({limits[key]!s:.40})"
                yield ("resources", part, key), message


def _probe(probe: Fields, kind: str) -> Found:
    handlers = [key for key in _HANDLERS if isinstance(probe.get(key), dict)]
    if len(handlers) != 1:
        said = f"has {' and '.join(handlers)}" if handlers else "has none"
        yield (), f"a probe has one of {', '.join(_HANDLERS)}: this one {said}"
    for key in ("httpGet", "tcpSocket"):
        port = fields(probe, key).get("port")
        if number(port) is not None and not 1 <= (number(port) or 0) <= 65535:
            yield (key, "port"), f"{port} is no port: 1 to 65535"
        elif isinstance(port, str) and (wrong := port_name(port)):
            yield (key, "port"), f"the port {port[:80]!r} {wrong}"
    for key in ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"):
        value = number(probe.get(key))
        if value is not None and value < 0:
            yield (key,), f"{key} {value} is less than nothing"
    if kind != "readinessProbe" and (number(probe.get("successThreshold")) or 1) != 1:
        yield ("successThreshold",), f"successThreshold of a {kind} is 1"


def _choices(value: Fields, choices: dict[str, tuple[str, ...]], at: Pointer = ()) -> Found:
    for key, allowed in choices.items():
        found = value.get(key)
        if isinstance(found, str) and found and found not in allowed:
            yield (*at, key), f"{key} {found[:80]!r} is none of {', '.join(allowed)}"
