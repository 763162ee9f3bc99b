"""The addon layer: what is delivered, in which order, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import Version
from cluster_stacks.rendering.charts import chart_version

pytestmark = pytest.mark.usefixtures("tools")

Make = Callable[..., StackSource]
Render = Callable[[StackSource], Release]
Refuse = Callable[[StackSource], tuple[Finding, ...]]
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
HEAD = "apiVersion: v2\nname: x\nversion: 0.0.0\n"
UPSTREAM = "{name: up, version: 1.2.3, repository: 'https://charts.example.org'}"
UMBRELLA = HEAD + f"dependencies: [{UPSTREAM}]\n"
APPLY_A = "    - {name: a, action: apply}\n"
STAGES = "apiVersion: clusteraddonconfig.x-k8s.io/v1alpha1\naddonStages:\n  AfterControlPlaneInitialized:\n"


def addon(name: str, files: Mapping[str, Any]) -> dict[str, Any]:
    return {f"cluster-addon/{name}/{path}": text for path, text in files.items()}


def manifests(**addons: str) -> dict[str, Any]:
    """Addons of manifests with these dependencies: `b="a"` is addon b that depends on a."""
    files: dict[str, Any] = {}
    for name, wants in addons.items():
        files |= addon(name, {"a.yaml": MAP, "addon.yaml": f"dependsOn: [{wants}]\n"})
    return files


def facts(release: Release) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in release.facts["addons"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("chart", "values", "expected"),
    [
        (f"dependencies: [{UPSTREAM}]", "up: {a: 1}\n", {"a": 1}),
        (f"dependencies: [{UPSTREAM}]", "# nothing\n", {}),
        (f"dependencies: [{UPSTREAM}]", None, {}),
        (f"dependencies: [{UPSTREAM[:-1]}, alias: other}}]", "other: {a: 1}\n", {"a": 1}),
        (f"dependencies: [{UPSTREAM}]", "up: {global: {a: 1, b: 2}}\nglobal: {b: 3}\n", {"global": {"a": 1, "b": 3}}),
        (f"dependencies: [{UPSTREAM[:-1]}, condition: up.enabled}}]", "up: {a: 1}\n", None),
        (f"dependencies: [{UPSTREAM}, {UPSTREAM.replace('up', 'up2')}]", "up: {a: 1}\n", None),
    ],
)
def test_pass_through(make: Make, render: Render, chart: str, values: str | None, expected: object) -> None:
    files = {"Chart.yaml": HEAD + chart + "\n"} | ({} if values is None else {"values.yaml": values})
    found = facts(render(make(addon("x", files))))["x"]
    assert found["values"] == expected
    assert (found["chart"] is None) == (expected is None)


def test_a_chart_of_its_own_is_rendered_to_see_that_it_can(make: Make, render: Render, refuse: Refuse) -> None:
    template = MAP.replace("a}", "{{ .Values.name }}}")
    good = {"Chart.yaml": HEAD, "values.yaml": "name: a\n", "templates/a.yaml": template}
    found = facts(render(make(addon("x", good))))["x"]
    assert (found["chart"], found["renderer"]) == (None, "helm")
    (finding,) = refuse(make(addon("x", good | {"templates/a.yaml": "a: {{ fail \"no\" }}"})))
    assert (finding.rule, finding.line) == ("CS310", 1)


def test_vendored_charts_need_no_repository(make: Make, render: Render) -> None:
    files = {
        "Chart.yaml": HEAD + "dependencies: [{name: up, version: 1.x, repository: ''}]\n",
        "charts/up/Chart.yaml": "apiVersion: v2\nname: up\nversion: 1.2.3\n", "charts/up/templates/a.yaml": MAP,
    }
    release = render(make(addon("x", files)))
    assert facts(release)["x"]["chart"] is None
    assert "cluster-addon/x/charts/up/templates/a.yaml" in release.files


@pytest.mark.parametrize(
    ("files", "rule", "words"),
    [
        ({"Chart.yaml": HEAD + f"dependencies: [{UPSTREAM.replace('1.2.3', '1.x')}]"}, "CS331", "no exact version"),
        ({"Chart.yaml": HEAD + f"dependencies: [{UPSTREAM.replace('1.2.3', '^1.2.3')}]"}, "CS331", "no exact version"),
        ({"Chart.yaml": HEAD + f"dependencies: [{UPSTREAM.replace('https://', '@')}]"}, "CS331", "be fetched"),
        ({"Chart.yaml": HEAD + f"dependencies: [{UPSTREAM.replace('https://', 'file://../')}]"}, "CS331", "be fetched"),
        ({"Chart.yaml": HEAD + "dependencies: [{name: up, version: 1.2.3}]"}, "CS331", "be fetched"),
        ({"Chart.yaml": HEAD + "dependencies: {}"}, "CS331", "no list of charts"),
        ({"Chart.yaml": HEAD + "dependencies: {a: 1}"}, "CS331", "no list of charts"),
        ({"Chart.yaml": UMBRELLA, "values.yaml": "upp: {a: 1}\n"}, "CS331", "put them under 'up'"),
        ({"Chart.yaml": UMBRELLA, "values.yaml": "up: [1]\n"}, "CS331", "no mapping"),
        ({"a.yaml": MAP, "addon.yaml": "namespcae: x\n"}, "CS330", "namespace"),
        ({"a.yaml": MAP, "addon.yaml": "clusterValues: {a: cluster_name}\n"}, "CS330", "only the values of a chart"),
        ({"a.yaml": MAP, "addon.yaml": "namespace: <% no %>\n"}, "CS330", "namespace"),
        ({"Chart.yaml": UMBRELLA, "addon.yaml": "clusterValues: {a.b: cluster_name}\n"}, "CS330", "begins with 'up.'"),
        ({"Chart.yaml": HEAD, "addon.yaml": "clusterValues: {a.b: cluster_color}\n"}, "CS330", "cluster_color"),
        ({"a.yaml": "# nothing\n"}, "CS330", "makes no object"),
        ({"addon.yaml": "{}\n"}, "CS330", "makes no object"),
        ({"a.yaml": MAP + "---\n" + MAP}, "CS307", "twice"),
    ],
)
def test_what_is_wrong_with_an_addon(
    make: Make, refuse: Refuse, files: dict[str, str], rule: str, words: str
) -> None:
    findings = refuse(make(addon("x", files)))
    assert rule in {finding.rule for finding in findings}
    assert words in " ".join(finding.message for finding in findings)


def test_order_follows_dependencies(make: Make, render: Render) -> None:
    found = facts(render(make(manifests(c="b", b="a", a="", d="a"))))
    assert {name: item["order"] for name, item in found.items()} == {"a": 0, "b": 1, "d": 1, "c": 2}
    assert list(found) == ["a", "b", "d", "c"]


def test_order_follows_clusteraddon_yaml(make: Make, render: Render) -> None:
    stages = STAGES + """\
    - {name: b, action: apply}
    - {name: a, action: apply, waitForPreCondition: {objects: [{apiVersion: v1, kind: Node, name: x}]}}
  BeforeClusterUpgrade:
    - {name: b, action: delete}
"""
    release = render(make(manifests(a="b", b="") | {"clusteraddon.yaml": stages}))
    assert [(item["name"], item["order"], item["hook"]) for item in facts(release).values()] == [
        ("b", 0, "AfterControlPlaneInitialized"), ("a", 1, "AfterControlPlaneInitialized"),
    ]
    assert release.notes == (
        "a: waitForPreCondition at AfterControlPlaneInitialized; only cluster-stack-operator does that",
        "b: applied at BeforeClusterUpgrade; only cluster-stack-operator does that",
        "b: delete at BeforeClusterUpgrade; only cluster-stack-operator does that",
    )


def test_an_addon_that_clusters_ask_for_needs_no_stage(make: Make, render: Render) -> None:
    files = manifests(a="") | addon("b", {"a.yaml": MAP, "addon.yaml": "clusterLabels: {b: 'on'}\ndependsOn: [a]\n"})
    release = render(make(files | {"clusteraddon.yaml": STAGES + APPLY_A}))
    assert facts(release)["b"]["order"] == 1


@pytest.mark.parametrize(
    ("files", "file", "words"),
    [
        (manifests(a="b"), "a/addon.yaml", "'b' is no addon of this stack"),
        (manifests(a="a"), "a/addon.yaml", "depends on itself"),
        (manifests(a="b", b="c", c="a"), "a/addon.yaml", "'a', 'b', 'c' wait for one another"),
        (manifests(a="", b="") | {"clusteraddon.yaml": STAGES + APPLY_A}, "b", "is in no stage"),
        (manifests(a="") | {"clusteraddon.yaml": STAGES + APPLY_A + APPLY_A.replace("a,", "z,")},
         "clusteraddon.yaml", "'z' is no addon"),
        (manifests(a="") | {"clusteraddon.yaml": STAGES + APPLY_A * 2},
         "clusteraddon.yaml", "'a' is here twice"),
        (manifests(a="") | {"clusteraddon.yaml": STAGES.replace("After", "Sometime") + APPLY_A},
         "clusteraddon.yaml", "SometimeControlPlaneInitialized"),
        (manifests(a="") | {"clusteraddon.yaml": STAGES + APPLY_A.replace("apply", "explode")},
         "clusteraddon.yaml", "explode"),
        (manifests(a="b", b="") | {"clusteraddon.yaml": STAGES + APPLY_A + APPLY_A.replace("a,", "b,")},
         "a/addon.yaml", "'a' comes before 'b'"),
        (manifests(a="b") | addon("b", {"a.yaml": MAP, "addon.yaml": "clusterLabels: {b: x}\n"}),
         "a/addon.yaml", "wait for ever"),
    ],
)
def test_what_is_wrong_with_the_order(
    make: Make, refuse: Refuse, files: dict[str, str], file: str, words: str
) -> None:
    (finding,) = refuse(make(files))
    assert finding.rule == "CS330"
    assert finding.path.endswith(file)
    assert words in finding.message


@pytest.mark.parametrize(
    ("version", "expected"), [("v2", "2.0.0"), ("v1-alpha.0", "1.0.0-alpha.0"), ("v0-sha.ab_c", "0.0.0-sha.ab-c")]
)
def test_the_version_of_a_chart(version: str, expected: str) -> None:
    assert chart_version(Version.parse(version)) == expected
