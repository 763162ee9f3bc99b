"""Policies: the ones that come with the tool by examples, and how files of a repository are read."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.cel import Program
from cluster_stacks.validation.policies.files import bundled, load_policies
from cluster_stacks.validation.policies.judge import problems
from cluster_stacks.validation.problem import Item

Object = dict[str, object]


def item(value: Object, scope: str = "cluster-addon/app") -> Item:
    return Item(0, (), value, scope)


def deployment(*images: str) -> Object:
    spec = {"template": {"spec": {"containers": [{"name": "a", "image": image} for image in images]}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, "spec": spec}


def chart(api_version: str, kind: str, spec: object) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "app"}, "spec": spec}


def proxy(spec: object) -> Object:
    return chart("addons.cluster.x-k8s.io/v1alpha1", "HelmChartProxy", spec)


def application(source: object) -> Object:
    return chart("argoproj.io/v1alpha1", "Application", {"source": source})


def of_class(kind: str, **annotations: str) -> Object:
    notes = {key.replace("_", "."): value for key, value in annotations.items()}
    return {"apiVersion": "cluster.x-k8s.io/v1beta2", "kind": kind, "metadata": {"name": "a", "annotations": notes}}


FLUX, ARGO = "kustomize.toolkit.fluxcd.io/prune", "argocd.argoproj.io/sync-options"
GOOD = [
    deployment("nginx:1.29.1"), deployment("registry:5000/nginx@sha256:0a1b"), deployment(), deployment(""),
    chart("batch/v1", "Job", {"template": {"spec": {}}}), chart("v1", "Pod", {"initContainers": [{"image": "a:1"}]}),
    {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "empty"}},
    proxy({"version": "1.20.2"}), proxy({"version": "v1.2.3-rc.1+build"}),
    application({"repoURL": "https://git.example", "path": "a", "targetRevision": "main"}),
    application({"chart": "cilium", "targetRevision": "1.20.2"}),
    chart("helm.toolkit.fluxcd.io/v2", "HelmRelease", {"chart": {"spec": {"chart": "a", "version": "1.2.3"}}}),
    chart("helm.toolkit.fluxcd.io/v2", "HelmRelease", {"chartRef": {"kind": "OCIRepository", "name": "a"}}),
    chart("source.toolkit.fluxcd.io/v1", "OCIRepository", {"ref": {"digest": "sha256:0a1b"}}),
    of_class("ClusterClass"), {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}},
    of_class("KubeadmConfigTemplate", **{FLUX: "disabled", ARGO: "Prune=false,Delete=false"}),
]  # fmt: skip
BAD = [
    ("pinned-images", deployment("nginx")), ("pinned-images", deployment("nginx:1.2", "registry:5000/nginx")),
    ("pinned-images", deployment("nginx:latest")), ("pinned-images", deployment("e.org/a:main")),
    ("pinned-images", chart("v1", "Pod", {"initContainers": [{"image": "a"}]})),
    ("pinned-images", chart("batch/v1", "CronJob", {"jobTemplate": {"spec": deployment("a")["spec"]}})),
    ("pinned-images", chart("infrastructure.cluster.x-k8s.io/v1beta2", "DevMachineTemplate", {
        "template": {"spec": {"backend": {"docker": {"customImage": "kindest/node:latest"}}}},
    })),
    ("pinned-charts", proxy({})), ("pinned-charts", proxy({"version": ">=1.0.0"})),
    ("pinned-charts", proxy({"version": "1.20"})), ("pinned-charts", proxy({"version": "^1.2.3"})),
    ("pinned-charts", application({"chart": "cilium"})),
    ("pinned-charts", application({"chart": "cilium", "targetRevision": "1.*"})),
    ("pinned-charts", chart("helm.toolkit.fluxcd.io/v2", "HelmRelease", {"chart": {"spec": {"version": "1.x"}}})),
    ("pinned-charts", chart("source.toolkit.fluxcd.io/v1", "OCIRepository", {"ref": {"tag": "latest"}})),
    ("prune-protection", of_class("ClusterClass", **{FLUX: "disabled"})),
    ("prune-protection", of_class("ClusterClass", **{ARGO: "Replace=true,Prune=false"})),
    ("prune-protection", of_class("KubeadmConfigTemplate", **{FLUX: "enabled"})),
]  # fmt: skip


@pytest.mark.parametrize("value", GOOD, ids=str)
def test_good_objects_keep_the_policies(value: Object) -> None:
    assert [problem.message for problem in problems([item(value, "cluster-class")], bundled())] == []


@pytest.mark.parametrize(("policy", "value"), BAD, ids=str)
def test_bad_objects_break_one(policy: str, value: Object) -> None:
    found = list(problems([item(value, "cluster-class")], bundled()))
    assert [problem.rule for problem in found] == ["CS450"]
    assert found[0].message.endswith(f"(policy {policy})")


def test_all_of_the_bundled_compile() -> None:
    for policy in bundled():
        assert policy.description
        for expression in policy.expressions():
            assert isinstance(expression.program, Program), (policy.name, expression.program)


OWN = b"""
apiVersion: cluster-stacks.io/v1alpha1
name: two-replicas
match:
  kinds: [Deploy*]
  layers: [addon]
rules:
  - expression: object.spec.?replicas.orValue(1) >= 2
    message: one replica is none during an update
    severity: warning
    fieldPath: .spec.replicas
"""


def test_a_policy_of_the_repository() -> None:
    policies = load_policies([("policies/replicas.yaml", OWN)])
    found = list(problems([item(deployment("a:1")), item(deployment("a:1"), "cluster-class")], policies))
    assert [(each.rule, each.severity, each.pointer) for each in found] == [
        ("CS450", Severity.WARNING, ("spec", "replicas"))
    ]
    assert found[0].message == "one replica is none during an update (policy two-replicas)"


def test_what_cannot_be_evaluated_is_a_finding() -> None:
    policies = load_policies([("policies/replicas.yaml", OWN)])
    found = list(problems([item({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}})], policies))
    assert [(each.rule, each.severity) for each in found] == [("CS451", Severity.ERROR)]
    assert "no such key: spec" in found[0].message


def test_policies_are_disabled_and_replaced_by_name() -> None:
    mine = OWN.replace(b"two-replicas", b"pinned-images")
    names = [policy.name for policy in load_policies([("policies/a.yaml", mine)], ["pinned-charts"])]
    assert sorted(names) == ["pinned-images", "prune-protection"]
    found = problems([item(deployment("nginx"))], load_policies([("policies/a.yaml", mine)]))
    assert [problem.message for problem in found] == ["one replica is none during an update (policy pinned-images)"]


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ((b"object.spec", b"objekt.spec"), (8, 17), "undeclared reference to 'objekt': did you mean object?"),
        ((b">= 2", b">="), (8, 17), "syntax error"),
        ((b" >= 2", b""), (8, 17), "must evaluate to a bool"),
        ((b"severity: warning", b"severity: fatal"), (10, 15), "fatal"),
        ((b"rules:", b"rule:"), (7, 1), "rule"),
        ((b"fieldPath: .spec", b"fieldPath: spec"), (11, 16), "spec"),
        ((b"[addon]", b"[addons]"), (6, 12), "addons"),
        ((b"name: two-replicas", b"name: pinned-images\nname: x"), (4, 1), "name"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_at_its_line(
    change: tuple[bytes, bytes], place: tuple[int, int], said: str
) -> None:
    with pytest.raises(Refused) as refused:
        load_policies([("policies/replicas.yaml", OWN.replace(*change))])
    finding = refused.value.findings[0]
    assert (finding.path, finding.line, finding.column) == ("policies/replicas.yaml", *place), finding
    assert said in finding.message


def test_two_of_one_name_and_unknown_names_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        load_policies([("policies/a.yaml", OWN), ("policies/b.yaml", OWN)], ["pinned-image"])
    assert [(each.rule, each.path) for each in refused.value.findings] == [
        ("CS451", "policies/b.yaml"), ("CS451", ".cluster-stacks.yaml")
    ]  # fmt: skip
    assert "did you mean pinned-images?" in refused.value.findings[1].message


def test_a_policy_that_takes_for_ever_is_a_finding() -> None:
    slow = OWN.replace(
        b"object.spec.?replicas.orValue(1) >= 2",
        b"object.spec.a.all(x, object.spec.a.all(y, object.spec.a.all(z, x + y + z > 0)))",
    )
    value: Object = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {}, "spec": {"a": [1] * 500}}
    found = list(problems([item(value)], load_policies([("policies/a.yaml", slow)])))
    assert [each.rule for each in found] == ["CS451"]


def test_the_place_is_the_field_whose_text_the_message_repeats() -> None:
    found = list(problems([item(deployment("app:1.2.3", "app:latest"))], bundled()))
    assert [problem.pointer for problem in found] == [("spec", "template", "spec", "containers", 1, "image")]
