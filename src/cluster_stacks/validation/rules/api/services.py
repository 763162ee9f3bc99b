"""Services have ports that can be told apart."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import dns_label, label_key, label_value
from cluster_stacks.validation.rules.api.containers import port_name
from cluster_stacks.validation.rules.api.parts import Fields, entries, fields, number, text
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS431", "bad-service", "a Service that the API server refuses",
    "A Service has ports unless it is headless or an ExternalName, each from 1 to 65535; of several each has a name, "
    "and no two have the same name, or port and protocol. Its type and its policies are ones that there are.",
    source="Kubernetes: core validation (ValidateService)",
)
_CHOICES = {
    "type": ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
    "sessionAffinity": ("None", "ClientIP"),
    "externalTrafficPolicy": ("Cluster", "Local"),
    "internalTrafficPolicy": ("Cluster", "Local"),
    "ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack"),
}
Found = Iterator[tuple[Pointer, str]]


def check(context: Context) -> Iterator[Problem]:
    """Finds ports, names and choices that no Service can have."""
    for item in context.items:
        if item.api_version == "v1" and item.kind == "Service":
            spec = fields(item.value, "spec")
            for at, message in (*_ports(spec), *_others(spec)):
                yield Problem(item.document, RULE.id, message, (*item.prefix, "spec", *at), item=item)


def _ports(spec: Fields) -> Found:
    ports = list(entries(spec, "ports"))
    if not ports and text(spec, "type") != "ExternalName" and spec.get("clusterIP") != "None":
        yield ("ports",), "the Service has no ports: name them, or make it headless with clusterIP: None"
    names: set[str] = set()
    pairs: set[tuple[str, int]] = set()
    for index, port in ports:
        name, value = text(port, "name"), number(port.get("port"))
        protocol = text(port, "protocol") or "TCP"
        if len(ports) > 1 and not name:
            yield ("ports", index, "name"), "of several ports each has a name"
        elif name and (wrong := dns_label(name)):
            yield ("ports", index, "name"), f"the port {name[:80]!r} {wrong}"
        elif name in names:
            yield ("ports", index, "name"), f"two ports are called {name[:80]!r}: rename one"
        names.add(name)
        if protocol not in ("TCP", "UDP", "SCTP"):
            yield ("ports", index, "protocol"), f"protocol {protocol[:80]!r} is none of TCP, UDP, SCTP"
        if value is not None and not 1 <= value <= 65535:
            yield ("ports", index, "port"), f"{value} is no port: 1 to 65535"
        elif value is not None and (protocol, value) in pairs:
            yield ("ports", index, "port"), f"{protocol} {value} is here a second time: remove or change it"
        pairs.add((protocol, value or 0))
        yield from _target(port, index)


def _target(port: Fields, index: int) -> Found:
    target = port.get("targetPort")
    if isinstance(target, str) and target and (wrong := port_name(target)):
        yield ("ports", index, "targetPort"), f"the port {target[:80]!r} {wrong}"
    value = number(target)
    if value is not None and value != 0 and not 1 <= value <= 65535:
        yield ("ports", index, "targetPort"), f"{value} is no port: 1 to 65535"


def _others(spec: Fields) -> Found:
    for key, allowed in _CHOICES.items():
        found = spec.get(key)
        if isinstance(found, str) and found and found not in allowed:
            yield (key,), f"{key} {found[:80]!r} is none of {', '.join(allowed)}"
    if text(spec, "type") == "ExternalName" and not text(spec, "externalName"):
        yield ("externalName",), "an ExternalName has the name that it stands for"
    for key, value in fields(spec, "selector").items():
        wrong = label_key(key) or (label_value(value) if isinstance(value, str) else "")
        if wrong:
            yield ("selector", key), f"the label {key[:80]!r} {wrong}"
