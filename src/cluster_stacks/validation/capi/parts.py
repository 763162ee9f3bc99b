"""Parts that a ClusterClass and the topology of a Cluster have in common, and what Cluster API's webhooks ask of them.

Each `…_problems` takes a part as it stands and its pointer, and gives (pointer, message) of what is refused. The parts
have other names in v1beta1 and v1beta2; both are found by the functions that list them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cluster_stacks.validation.capi.view import ClassView, Values, listed, mapping
from cluster_stacks.validation.problem import Pointer
from cluster_stacks.validation.qualified import label_key

Part = tuple[Pointer, Values]
Wrong = Iterator[tuple[Pointer, str]]

INT32 = range(-(2**31), 2**31)
STARTUP = 30
"""The shortest time in seconds that a node may be given to start; 0 is no limit."""
_PERCENT = re.compile(r"[+-]?[0-9]{1,18}%", re.ASCII)
_DURATION = re.compile(r"[+-]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_PIECE = re.compile(r"([0-9.]+)([a-zµμ]+)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def health_checks(view: ClassView) -> Iterator[tuple[Part, bool]]:
    """The health checks that a class defines; True for that of the control plane."""
    key = "machineHealthCheck" if view.version == "v1beta1" else "healthCheck"
    if is_defined(mapping(view.control_plane, key)):
        yield (view.at("controlPlane", key), mapping(view.control_plane, key)), True
    for worker in view.workers:
        if not worker.pool and is_defined(mapping(worker.value, key)):
            yield ((*worker.pointer, key), mapping(worker.value, key)), False


def is_defined(check: Values) -> bool:
    """Whether a health check says anything: Cluster API takes an empty one as none."""
    values = check.values()
    return any(is_defined(each) if isinstance(each, dict) else each not in (None, "", []) for each in values)


def rollouts(view: ClassView) -> Iterator[Part]:
    """The `rollingUpdate` of each MachineDeployment class."""
    for worker in view.workers:
        path = ("strategy",) if view.version == "v1beta1" else ("rollout", "strategy")
        if not worker.pool:
            yield (*worker.pointer, *path, "rollingUpdate"), mapping(worker.value, *path, "rollingUpdate")


def rollout_problems(part: Part) -> Wrong:
    """maxUnavailable and maxSurge are numbers or percentages, and not both 0."""
    at, value = part
    for key in ("maxUnavailable", "maxSurge"):
        wrong = int_or_percent(value.get(key))
        if wrong:
            yield (*at, key), f"{key} {wrong}"
    if all(_is_zero(value.get(key)) for key in ("maxUnavailable", "maxSurge")):
        yield at, "maxUnavailable and maxSurge are both 0: nothing could ever be rolled out, so raise one of them"


def health_check_problems(part: Part) -> Wrong:
    """The bounds of a health check, of either version."""
    at, value = part
    seconds = mapping(value, "checks").get("nodeStartupTimeoutSeconds")
    if isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < STARTUP:
        yield (*at, "checks", "nodeStartupTimeoutSeconds"), _too_short(str(seconds))
    text = value.get("nodeStartupTimeout")
    if isinstance(text, str):
        yield from (((*at, "nodeStartupTimeout"), wrong) for wrong in [_timeout(text)] if wrong)
    for path in (("maxUnhealthy",), ("remediation", "triggerIf", "unhealthyLessThanOrEqualTo"),
                 ("remediation", "maxInFlight")):
        wrong = int_or_percent(mapping(value, *path[:-1]).get(path[-1]))
        if wrong:
            yield (*at, *path), f"{path[-1]} {wrong}"


def taints(view: ClassView) -> Iterator[tuple[Pointer, Values]]:
    """The taints that a class puts on machines, one by one."""
    yield from listed(view.control_plane, "taints", view.at("controlPlane"))
    for worker in view.workers:
        yield from listed(worker.value, "taints", worker.pointer)


def taint_problem(value: Values) -> str:
    """What is wrong with the key of a taint."""
    key = value.get("key")
    if not isinstance(key, str):
        return ""
    if key in ("node.cluster.x-k8s.io/uninitialized", "node.cluster.x-k8s.io/outdated-revision"):
        return f"the taint {key!r} is Cluster API's own: choose another key"
    if key.startswith("node.kubernetes.io/") and key != "node.kubernetes.io/out-of-service":
        return f"the taint {key!r} is Kubernetes' own, as all of node.kubernetes.io/ are but out-of-service"
    if key.startswith("node.cloudprovider.kubernetes.io/"):
        return f"the taint {key!r} is the cloud provider's own: choose another key"
    if key == "node-role.kubernetes.io/master":
        return f"the taint {key!r} is gone since Kubernetes 1.24: use node-role.kubernetes.io/control-plane"
    wrong = label_key(key)
    return f"the key of a taint {wrong}: {key[:80]!r}" if wrong else ""


def metadata(view: ClassView) -> Iterator[Part]:
    """The labels and annotations that a class puts on machines: the mappings that hold both."""
    yield view.at("controlPlane", "metadata"), mapping(view.control_plane, "metadata")
    path = ("template", "metadata") if view.version == "v1beta1" else ("metadata",)
    for worker in view.workers:
        yield (*worker.pointer, *path), mapping(worker.value, *path)


def namings(view: ClassView) -> Iterator[tuple[Pointer, str, str]]:
    """The naming templates of a class, with the kind of name: cluster, machineDeployment or machinePool."""
    old = view.version == "v1beta1"
    key = "namingStrategy" if old else "naming"
    own = ("infrastructureNamingStrategy",) if old else ("infrastructure", "naming")
    places = [
        (view.at(*own), mapping(view.spec, *own), "cluster"),
        (view.at("controlPlane", key), mapping(view.control_plane, key), "cluster"),
        *(
            ((*worker.pointer, key), mapping(worker.value, key), "machinePool" if worker.pool else "machineDeployment")
            for worker in view.workers
        ),
    ]
    for at, value, kind in places:
        template = value.get("template")
        if isinstance(template, str) and template:
            yield (*at, "template"), template, kind


def int_or_percent(value: object) -> str:
    """What is wrong with a number or a percentage; nothing is wrong with an absent one."""
    if isinstance(value, str) and not _PERCENT.fullmatch(value):
        return f"is {value[:40]!r}: write a number without quotes, or a percentage such as 25%"
    if isinstance(value, int) and value not in INT32:
        return f"is {value}, which does not fit into 32 bits"
    return ""


def seconds_of(text: str) -> float | None:
    """A duration as Go writes it (`1h30m`) in seconds; None where it is none."""
    if len(text) > 100 or not _DURATION.fullmatch(text):
        return None
    try:
        total = sum(float(number) * _SECONDS[unit] for number, unit in _PIECE.findall(text))
    except ValueError:
        return None
    return -total if text.startswith("-") else total


def _timeout(text: str) -> str:
    seconds = seconds_of(text)
    if seconds is None:
        return f"{text[:40]!r} is no duration: write one such as 10m or 1h30m"
    return _too_short(text) if int(seconds) and int(seconds) < STARTUP else ""


def _too_short(shown: str) -> str:
    return f"{shown} is too short for a node to start: at least {STARTUP} seconds, or 0 for no limit"


def _is_zero(value: object) -> bool:
    return value == 0 and not isinstance(value, (str, bool)) and value is not None
