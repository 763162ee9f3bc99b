"""References that lead somewhere, among any number of objects."""

from __future__ import annotations

import time
from typing import Any

from cluster_stacks.validation.capi.references import closure
from cluster_stacks.validation.problem import Item
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.running import template_missing, template_unused

GROUP = "infrastructure.cluster.x-k8s.io"


def template(name: str, version: str = "v1beta2", scope: str = "", **metadata: str) -> Item:
    value = {"apiVersion": f"{GROUP}/{version}", "kind": "DevClusterTemplate", "metadata": {"name": name, **metadata}}
    return Item(1, (), value, scope)


def a_class(name: str, **metadata: str) -> Item:
    reference = {"apiVersion": f"{GROUP}/v1beta2", "kind": "DevClusterTemplate", "name": name}
    spec: dict[str, Any] = {"infrastructure": {"templateRef": reference}}
    value = {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "metadata": {"name": "c", **metadata}}
    return Item(0, (), {**value, "spec": spec})


def led(*items: Item) -> list[bool]:
    return [found is not None for _, _, found in closure(Context(items, [None] * len(items))).led]


def test_the_version_of_the_api_does_not_matter() -> None:
    assert led(a_class("a"), template("a", "v1beta1")) == [True]


def test_the_namespace_and_the_scope_do() -> None:
    assert led(a_class("a", namespace="n"), template("a", namespace="n")) == [True]
    assert led(a_class("a"), template("a", namespace="n")) == [False]
    assert led(a_class("a"), template("a", scope="elsewhere")) == [False]


def test_thousands_of_objects_take_bounded_time() -> None:
    items = [template(f"template-{number}") for number in range(5_000)]
    classes = [a_class(f"class-{number}") for number in range(10)]
    templates = [template(f"class-{number}") for number in range(10)]
    alone, together = [*items, *classes], [*items, *classes, *templates]
    begun = time.perf_counter()
    assert len(list(template_missing.check(Context(alone, [None] * len(alone))))) == 10
    assert not list(template_unused.check(Context(alone, [None] * len(alone))))
    assert len(list(template_unused.check(Context(together, [None] * len(together))))) == template_unused.MOST
    assert time.perf_counter() - begun < 5
