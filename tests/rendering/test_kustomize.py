"""Layers that are kustomizations, with the real kustomize."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource

pytestmark = pytest.mark.usefixtures("tools")

Make = Callable[..., StackSource]
Refuse = Callable[[StackSource], tuple[Finding, ...]]
CLASS = "apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata: {name: docker-scs-1-36}\n"
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: <% vars.name %>\n  annotations: {mine: 'true'}\n"
FOLDER = {
    "kustomization.yaml": """\
        resources: [class.yaml, base]
        nameSuffix: -<% versions.cluster_stack %>
        """,
    "class.yaml": CLASS,
    "base/kustomization.yaml": "resources: [map.yaml]\nnamePrefix: docker-scs-1-36-v3-\n",
    "base/map.yaml": MAP,
}


def layer(files: dict[str, str], folder: str = "cluster-class") -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in files.items()}


def test_a_class_that_is_a_kustomization(make: Make, render: Callable[[StackSource], Release]) -> None:
    source = make(layer(FOLDER), class_=False, values={"name": "x"})
    release = render(source)
    assert [(o.name, o.source.removeprefix("providers/docker/scs/1-36/")) for o in release.objects] == [
        ("docker-scs-1-36-v3-x-v3", "cluster-class/base/map.yaml"),
        ("docker-scs-1-36-v3", "cluster-class/class.yaml"),
    ]
    assert release.objects[1].value["metadata"] == {"name": "docker-scs-1-36-v3"}
    assert release.objects[0].value["metadata"]["annotations"] == {"mine": "true"}  # type: ignore[index]
    assert set(release.facts["tools"]) == {"cluster-stacks", "kustomize"}  # type: ignore[call-overload]
    assert release.files == render(source).files


def test_an_addon_that_is_a_kustomization(make: Make, render: Callable[[StackSource], Release]) -> None:
    files = {
        "kustomization.yaml": "resources: [a.yaml]\nconfigMapGenerator: [{name: g, files: [key=data.txt]}]\n",
        "a.yaml": MAP, "data.txt": "<% stays %>",
    }
    release = render(make(layer(files, "cluster-addon/x"), values={"name": "a"}))
    addon = [o for o in release.objects if o.file == "cluster-addon/x/manifests.yaml"]
    assert [o.name.partition("-")[0] for o in addon] == ["a", "g"]
    assert addon[1].value["data"] == {"key": "<% stays %>"}
    assert release.facts["addons"][0]["renderer"] == "kustomize"  # type: ignore[index]


@pytest.mark.parametrize(
    ("kustomization", "place", "named"),
    [
        ("resources:\n  - https://example.invalid/x.yaml", (2, 5), "https://example.invalid/x.yaml"),
        ("resources: [github.com/example/repo?ref=v1]", (1, 13), "github.com/example/repo?ref=v1"),
        ("resources: ['git@example.invalid:a/b']", (1, 13), "git@example.invalid:a/b"),
        ("resources: [../../../../etc]", (1, 13), "../../../../etc"),
        ("resources: [/etc/passwd]", (1, 13), "/etc/passwd"),
        ("resources: [class.yaml, missing.yaml]", (1, 25), "missing.yaml"),
        ("bases: [../x]", (1, 9), "../x"),
        ("components: ['https://example.invalid//c']", (1, 14), "https://example.invalid//c"),
        ("patches: [{path: ../p.yaml}]", (1, 18), "../p.yaml"),
        ("patchesStrategicMerge: [../p.yaml]", (1, 25), "../p.yaml"),
        ("configMapGenerator:\n- {name: a, files: [k=https://example.invalid/f]}", (2, 21), "https://example.invalid/f"),
        ("secretGenerator: [{name: a, envs: [../.env]}]", (1, 36), "../.env"),
        ("generators: [https://example.invalid/g.yaml]", (1, 14), "https://example.invalid/g.yaml"),
        ("openapi: {path: https://example.invalid/o.json}", (1, 17), "https://example.invalid/o.json"),
        ("replacements: [{path: ../r.yaml}]", (1, 23), "../r.yaml"),
    ],
)
def test_what_reaches_outside(
    make: Make, refuse: Refuse, kustomization: str, place: tuple[int, int], named: str
) -> None:
    (finding,) = refuse(make(layer({"kustomization.yaml": kustomization + "\n", "class.yaml": CLASS}), class_=False))
    assert (finding.rule, finding.line, finding.column) == ("CS312", *place)
    assert finding.message.startswith(f"'{named}' is not in this folder")


def test_what_nested_kustomizations_reach(make: Make, refuse: Refuse) -> None:
    files = FOLDER | {"base/kustomization.yaml": "resources: [map.yaml, ../../cluster-addon]\n"}
    (finding,) = refuse(make(layer(files), class_=False, values={"name": "x"}))
    assert (finding.rule, finding.path.rpartition("/")[0][-4:]) == ("CS312", "base")


EXEC = """\
apiVersion: example.org/v1
kind: Generator
metadata:
  name: x
  annotations:
    config.kubernetes.io/function: |
      exec: {path: /bin/ls}
"""


@pytest.mark.parametrize(
    ("kustomization", "rule", "words"),
    [
        ("helmCharts: [{name: x}]", "CS312", "helmCharts is not rendered"),
        ("generators: [exec.yaml]", "CS311", "external plugins disabled"),
        ("transformers: [exec.yaml]", "CS311", "external plugins disabled"),
        ("resources: [class.yaml]\nfoo: 1", "CS311", "unknown field"),
        ("resources: [class.yaml, class.yaml]", "CS311", "does not build"),
        ("- 1", "CS311", "one mapping"), ("", "CS311", "one mapping"), ("resources: [<% no %>]", "CS300", "'no'"),
        ("resources: [", "CS202", "missing"),
    ],
)
def test_kustomizations_that_do_not_build(
    make: Make, refuse: Refuse, kustomization: str, rule: str, words: str
) -> None:
    files = {"kustomization.yaml": kustomization + "\n", "class.yaml": CLASS, "exec.yaml": EXEC}
    (finding,) = refuse(make(layer(files), class_=False))
    assert finding.rule == rule
    assert words in finding.message
    assert "/tmp" not in finding.message
