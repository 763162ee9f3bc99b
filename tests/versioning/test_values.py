"""Whether a value that a template reads has changed."""

from __future__ import annotations

import pytest

from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.version import FIRST, KubernetesVersion
from cluster_stacks.versioning.values import changed_reads, context_of


def at(patch: int) -> Metadata:
    return Metadata(FIRST, KubernetesVersion(1, 36, patch), FIRST, FIRST)


BEFORE = context_of(at(1), {"cni": {"version": "1.19", "mode": "vxlan"}, "one": 1, "order": {"a": 1, "b": 2}})
AFTER = context_of(
    at(2), {"cni": {"version": "1.20", "mode": "vxlan"}, "one": True, "order": {"b": 2, "a": 1}, "new": 1}
)


@pytest.mark.parametrize(
    ("read", "changed"),
    [
        ("kubernetes.version", True), ("kubernetes.number", True), ("kubernetes.minor", False), ("kubernetes", True),
        ("vars", True), ("vars.cni", True), ("vars.cni.version", True), ("vars.cni.mode", False),
        ("vars.cni.version.deeper", True), ("vars.cni.mode.upper", False), ("vars.one", True), ("vars.order", True),
        ("vars.order.a", False), ("vars.new", True), ("vars.missing", False), ("vars.missing.more", False),
        ("stack.id", False), ("versions.cluster_stack", False), ("release_name", False), ("images", False),
    ],
)
def test_a_name_means_all_below_it(read: str, changed: bool) -> None:
    assert changed_reads([read], BEFORE, AFTER) == ([read] if changed else [])


def test_a_key_with_a_dot_in_it_is_looked_for_in_the_whole_mapping() -> None:
    before, after = context_of(None, {"a.b": 1, "c": 1}), context_of(None, {"a.b": 2, "c": 1})
    assert changed_reads(["vars.a.b", "vars.c"], before, after) == ["vars.a.b"]


def test_without_earlier_metadata_kubernetes_is_new() -> None:
    assert changed_reads(["kubernetes.minor"], context_of(None, {}), context_of(at(1), {})) == ["kubernetes.minor"]
