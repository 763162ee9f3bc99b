"""Patches of a class, applied to its templates."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_stacks.validation.capi.exploring import Explorer
from cluster_stacks.validation.capi.patching import Generated, Patched, Values, generate, patched
from cluster_stacks.validation.capi.selecting import Target, names, targets
from cluster_stacks.validation.capi.standing import builtin_of
from cluster_stacks.validation.capi.templates import Unreadable, read, render
from cluster_stacks.validation.capi.view import ClassView, view_of
from cluster_stacks.validation.problem import Item

INFRASTRUCTURE = "infrastructure.cluster.x-k8s.io/v1beta2"
TEMPLATE = {"spec": {"template": {"spec": {"list": ["a"], "size": 1}}}}


def view(*patches: dict[str, Any], variables: dict[str, Any] | None = None) -> ClassView:
    machine = {"templateRef": {"apiVersion": INFRASTRUCTURE, "kind": "MachineTemplate", "name": "machine"}}
    spec = {
        "infrastructure": {"templateRef": {"apiVersion": INFRASTRUCTURE, "kind": "AnyClusterTemplate", "name": "c"}},
        "workers": {"machineDeployments": [{"class": "worker", "infrastructure": machine}]},
        "variables": [
            {"name": name, "required": False, "schema": {"openAPIV3Schema": schema}}
            for name, schema in (variables or {}).items()
        ],
        "patches": list(patches),
    }
    value = {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": "ClusterClass", "metadata": {"name": "c"}, "spec": spec}
    return view_of(Item(0, (), value))


def patch(name: str, *operations: dict[str, Any], enabled: str = "", **match: Any) -> dict[str, Any]:
    kind = "AnyClusterTemplate" if "infrastructureCluster" in match else "MachineTemplate"
    chosen = match or {"machineDeploymentClass": {"names": ["work*"]}}
    selector = {"apiVersion": INFRASTRUCTURE, "kind": kind, "matchResources": chosen}
    said = {"name": name, "definitions": [{"selector": selector, "jsonPatches": list(operations)}]}
    return {**said, "enabledIf": enabled} if enabled else said


def add(path: str, op: str = "add", **value: Any) -> dict[str, Any]:
    return {"op": op, "path": f"/spec/template/spec/{path}", **value}


def worker(class_view: ClassView) -> Target:
    return targets(class_view)[-1]


def run(class_view: ClassView, document: Any = TEMPLATE, **variables: Any) -> tuple[Patched, list[Generated]]:
    target = worker(class_view)
    values = Values.of({**variables, "builtin": builtin_of(class_view, target)})
    generated = [generate(each, target, values) for each in class_view.patches]
    return patched(document, generated), generated


def body(result: Patched) -> Any:
    return result.document["spec"]["template"]["spec"]


def test_patches_are_applied_in_order_and_see_what_those_before_made() -> None:
    first = patch("first", add("map", value={}))
    printed = "{{ .size }}-{{ .builtin.machineDeployment.class }}"
    second = patch("second", add("map/key", valueFrom={"template": printed}))
    result, _ = run(view(first, second), size=21000000)
    assert body(result) == {"list": ["a"], "size": 1, "map": {"key": "2.1e+07-worker"}}
    assert not result.failures
    assert [change.place[-1] for change in result.changes] == ["map", "key"]
    assert TEMPLATE == {"spec": {"template": {"spec": {"list": ["a"], "size": 1}}}}


def test_a_definition_is_applied_as_a_whole_or_not_at_all() -> None:
    result, _ = run(view(patch("p", add("new", value=1), add("no/way", value=1)), patch("q", add("list/-", value="b"))))
    assert body(result) == {"list": ["a", "b"], "size": 1}
    assert [(failure.cause, failure.pointer[-2:]) for failure in result.failures] == [("place", (1, "path"))]


def test_what_fails_because_something_failed_is_not_told_again() -> None:
    result, _ = run(view(patch("p", add("no/way", value={})), patch("q", add("no/way/further", value=1))))
    assert len(result.failures) == 1


@pytest.mark.parametrize(("condition", "enabled"), [
    ("{{ .on }}", True), ("yes", True), ("{{ not .on }}", False), ("{{ .typo }}", False), ("{{ ne .typo \"\" }}", True),
    ('"true"', False), ("{{ if .on }}true{{ end }}", True), ("{{ if .typo }}true{{ end }}", False),
])
def test_a_patch_is_on_where_its_condition_reads_as_true(condition: str, enabled: bool) -> None:
    _, generated = run(view(patch("p", add("new", value=1), enabled=condition)), on=True)
    assert generated[0].enabled is enabled


def test_a_condition_that_fails_is_a_failure() -> None:
    result, generated = run(view(patch("p", add("new", value=1), enabled="{{ index .size 3 }}")), size=1)
    assert generated[0].enabled is None
    assert [failure.pointer[-1] for failure in result.failures] == ["enabledIf"]


@pytest.mark.parametrize(("variable", "value"), [
    ("v", {"list": [{"a": 1}]}), ("v.list", [{"a": 1}]), ("v.list[0].a", 1), ("v.list[0]", {"a": 1}),
])
def test_a_variable_is_put_in_as_it_is(variable: str, value: Any) -> None:
    result, _ = run(view(patch("p", add("new", valueFrom={"variable": variable}))), v={"list": [{"a": 1}]})
    assert body(result)["new"] == value


@pytest.mark.parametrize(("variable", "said"), [
    ("nope", "there is no nope"), ("v.nope", "there is no v.nope"), ("v.list[1]", "v.list has no element 1, but 1"),
    ("v.text[0]", "v.text is no list"), ("v.text.x", "there is no v.text.x"), ("v[x]", "cannot be read"),
])
def test_a_variable_that_is_not_there_is_a_failure(variable: str, said: str) -> None:
    class_view = view(patch("p", add("new", valueFrom={"variable": variable})))
    result, _ = run(class_view, v={"list": [1], "text": "t"})
    assert [failure.cause for failure in result.failures] == ["variable"]
    assert said in result.failures[0].message


def test_only_what_is_selected_is_patched() -> None:
    result, generated = run(view(patch("p", add("new", value=1), infrastructureCluster=True)))
    assert generated[0] == Generated(False)
    assert result.document is TEMPLATE


@pytest.mark.parametrize(("pattern", "fits"), [("*", True), ("worker", True), ("work*", True), ("*ker", True),
                                               ("work", False), ("*work", False), ("", False)])
def test_names_of_worker_classes(pattern: str, fits: bool) -> None:
    assert names(pattern, "worker") is fits


@pytest.mark.parametrize(("text", "value"), [
    ("1.30", 1.3), ("0123", 83), ("yes", True), ("", None), ("~", None), ("'1.30'", "1.30"), ("a: b", {"a": "b"}),
    ("2.1e+07", 21000000), ("a/b:c", "a/b:c"), ("- a\n- 0x10\n", ["a", 16]), ("12:30", "12:30"),
])
def test_a_printed_text_is_read_as_kubernetes_reads_it(text: str, value: Any) -> None:
    found = read(text)
    assert found == value
    assert type(found) is type(value)


def test_numbers_are_floats_in_templates() -> None:
    assert render("{{ .n }}", Values.of({"n": 21000000}).go) == "2.1e+07"
    assert render("{{ .n | int }}", Values.of({"n": 21000000}).go) == "21000000"


def test_a_text_that_is_no_yaml_says_so() -> None:
    with pytest.raises(Unreadable):
        read("a: b: c")


def test_every_value_of_a_variable_is_tried() -> None:
    variables = {"mode": {"type": "string", "enum": ["a", "b", "c"], "default": "a"},
                 "other": {"type": "boolean", "default": False}}
    operation = add("new", valueFrom={"template": "{{ .mode }}"})
    class_view = view(patch("p", operation, enabled='{{ and .other (ne .mode "a") }}'), variables=variables)
    runs = list(Explorer(class_view).runs(worker(class_view), TEMPLATE))
    made = {body(run.result).get("new") for run in runs if run.result}
    assert made == {None, "b", "c"}
    assert runs[0].setting.choice == ()
