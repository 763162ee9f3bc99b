"""Roles and their bindings are complete."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import dns_subdomain
from cluster_stacks.validation.rules.api.parts import Fields, entries, fields, text
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS428", "bad-role", "a role or a binding that the API server refuses",
    "A rule has verbs, and either apiGroups and resources or nonResourceURLs, these only in a ClusterRole. A binding "
    "refers to a Role or a ClusterRole of rbac.authorization.k8s.io. A ServiceAccount has no apiGroup, and in a "
    "ClusterRoleBinding a namespace; a User or a Group has that apiGroup.",
    source="Kubernetes: rbac validation",
)
GROUP = "rbac.authorization.k8s.io"
_ROLES = {"RoleBinding": ("Role", "ClusterRole"), "ClusterRoleBinding": ("ClusterRole",)}


def check(context: Context) -> Iterator[Problem]:
    """Finds rules that allow nothing and bindings that bind nothing."""
    for item, info in context.known():
        if info.group != GROUP:
            continue
        if info.kind in ("Role", "ClusterRole"):
            found = _rules(item.value, info.kind == "Role")
        elif info.kind in _ROLES:
            found = _binding(item.value, info.kind)
        else:
            continue
        for at, message in found:
            yield Problem(item.document, RULE.id, message, (*item.prefix, *at), item=item)


def _rules(role: Fields, namespaced: bool) -> Iterator[tuple[Pointer, str]]:
    for index, rule in entries(role, "rules"):
        at = ("rules", index)
        if rule.get("verbs") == []:
            yield (*at, "verbs"), "a rule without verbs allows nothing: name them, or remove the rule"
        if rule.get("nonResourceURLs"):
            if namespaced:
                yield (*at, "nonResourceURLs"), "nonResourceURLs are for a ClusterRole: a Role is of a namespace"
            if any(rule.get(key) for key in ("apiGroups", "resources", "resourceNames")):
                yield (*at, "nonResourceURLs"), "a rule is about resources or about nonResourceURLs: make it two"
            continue
        for key in ("apiGroups", "resources"):
            if not rule.get(key):
                example = ' ("" is the core group)' if key == "apiGroups" else ""
                yield at, f"a rule about resources has {key}{example}: this one has none"


def _binding(binding: Fields, kind: str) -> Iterator[tuple[Pointer, str]]:
    reference = fields(binding, "roleRef")
    if reference:
        # An empty group is filled in.
        if text(reference, "apiGroup") not in ("", GROUP):
            yield ("roleRef", "apiGroup"), f"roleRef.apiGroup is {GROUP}"
        if "kind" in reference and text(reference, "kind") not in _ROLES[kind]:
            kinds = " or ".join(_ROLES[kind])
            yield ("roleRef", "kind"), f"roleRef.kind of a {kind} is {kinds}, not {text(reference, 'kind')[:80]!r}"
        name = text(reference, "name")
        if reference.get("name") == "":
            yield ("roleRef", "name"), "roleRef.name is empty"
        elif "/" in name or "%" in name or name in (".", ".."):
            yield ("roleRef", "name"), f"roleRef.name {name[:80]!r} cannot be a role's: it holds / or %"
    for index, subject in entries(binding, "subjects"):
        for key, message in _subject(subject, kind):
            yield ("subjects", index, key), message


def _subject(subject: Fields, binding: str) -> Iterator[tuple[str, str]]:
    kind, name, group = text(subject, "kind"), text(subject, "name"), text(subject, "apiGroup")
    if subject.get("name") == "":
        yield "name", "a subject's name is empty"
    if kind == "ServiceAccount":
        if name and (wrong := dns_subdomain(name)):
            yield "name", f"the ServiceAccount {name[:80]!r} {wrong}"
        if group:
            yield "apiGroup", "a ServiceAccount has no apiGroup: leave it out"
        if binding == "ClusterRoleBinding" and not text(subject, "namespace"):
            yield "namespace", "a ServiceAccount in a ClusterRoleBinding has a namespace"
    elif kind in ("User", "Group"):
        if group not in ("", GROUP):
            yield "apiGroup", f"the apiGroup of a {kind} is {GROUP}"
    elif "kind" in subject:
        yield "kind", f"a subject is a ServiceAccount, a User or a Group, not {kind[:80]!r}"
