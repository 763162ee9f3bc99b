"""A class layer that is a chart, with the real helm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.locate import locate
from cluster_stacks.rendering.release import render as render_release

pytestmark = pytest.mark.usefixtures("tools")

Make = Callable[..., StackSource]
Refuse = Callable[[StackSource], tuple[Finding, ...]]
CLASS = """\
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Version }}
  labels: {minor: "{{ .Capabilities.KubeVersion.Minor }}", at: "{{ .Values.at }}"}
"""
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}"
CHART = {
    "cluster-class/Chart.yaml": "apiVersion: v2\nname: docker-scs-1-36-cluster-class\nversion: v1\n",
    "cluster-class/values.yaml": "at: <% kubernetes.version %>\n",
    "cluster-class/templates/class.yaml": CLASS,
    "cluster-class/templates/_helpers.tpl": "{{ define \"x\" }}<% not jinja {{ end }}",
    "cluster-class/templates/two.yaml": """\
        {{- range $i, $name := list "a" "b" }}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: "{{ $.Release.Name }}-v3-{{ $name }}"}
        data: {raw: "<% stays %>"}
        {{- end }}
        """,
}


def chart(files: dict[str, str]) -> dict[str, str]:
    return CHART | {f"cluster-class/{name}": text for name, text in files.items()}


def test_a_chart_is_rendered_as_the_series(make: Make, render: Callable[[StackSource], Release]) -> None:
    source = make(chart({}), class_=False)
    release = render(source)
    assert [(o.kind, o.name, o.source.rpartition("/")[2], o.index) for o in release.objects] == [
        ("ClusterClass", "docker-scs-1-36-v3", "class.yaml", 0),
        ("ConfigMap", "docker-scs-1-36-v3-a", "two.yaml", 0), ("ConfigMap", "docker-scs-1-36-v3-b", "two.yaml", 1),
    ]
    assert release.objects[0].value["metadata"]["labels"] == {"minor": "36", "at": "v1.36.1"}  # type: ignore[index]
    assert release.objects[1].value["data"] == {"raw": "<% stays %>"}
    assert set(release.facts["tools"]) == {"cluster-stacks", "helm"}  # type: ignore[call-overload]
    assert release.files == render(source).files
    found = locate(source, release.objects[1], "/metadata/name", Settings())
    assert (found.path, found.line) == ("providers/docker/scs/1-36/cluster-class/templates/two.yaml", 0)


@pytest.mark.parametrize(
    ("files", "rule", "file", "place", "words"),
    [
        ({"templates/x.yaml": "a: 1\nb: {{ .Values.x.y }}"}, "CS310", "templates/x.yaml", (2, 14), "nil pointer"),
        ({"templates/x.yaml": "a: 1\n{{ fail \"no way\" }}"}, "CS310", "templates/x.yaml", (2, 4), "no way"),
        ({"templates/x.yaml": "a: 1\n{{ if }}"}, "CS310", "templates/x.yaml", (2, 1), "missing value for if"),
        ({"templates/x.yaml": "a: [{{ 1 }}"}, "CS310", "templates/x.yaml", (0, 0), "YAML"),
        ({"values.yaml": "at: [\n"}, "CS202", "values.yaml", (2, 1), "value is missing"),
        ({"values.yaml": "a: 1\nat: <% vars.no %>\n"}, "CS300", "values.yaml", (2, 13), "'no' is not defined"),
        ({"values.yaml": "- 1\n"}, "CS331", "values.yaml", (0, 0), "no mapping"),
        ({"Chart.yaml": "version: v1\n"}, "CS331", "Chart.yaml", (0, 0), "no mapping with a name"),
        ({"Chart.yaml": ""}, "CS331", "Chart.yaml", (0, 0), "no mapping with a name"),
        ({"Chart.yaml": "name: x\ntype: library\n"}, "CS310", "Chart.yaml", (0, 0), "library"),
        ({"templates/x.yaml": MAP}, "CS309", "templates/x.yaml", (0, 0), "name"),
        (
            {"Chart.yaml": "apiVersion: v2\nname: x\nversion: v1\ndependencies: [{name: y, version: 1.0.0, "
                           "repository: 'https://charts.example.invalid'}]\n"},
            "CS310", "Chart.yaml", (0, 0), "missing in charts/",
        ),
        ({"templates/x.yaml": '{{ repeat 1000000000 (repeat 100 "x") }}'}, "CS310", "Chart.yaml", (0, 0), "not render"),
    ],
)
def test_charts_that_do_not_render(
    make: Make, refuse: Refuse, files: dict[str, str], rule: str, file: str, place: tuple[int, int], words: str
) -> None:
    (finding,) = refuse(make(chart(files), class_=False))
    assert (finding.rule, finding.path) == (rule, f"providers/docker/scs/1-36/cluster-class/{file}")
    assert (finding.line, finding.column) == place
    assert words in finding.message
    assert "/tmp" not in finding.message


def test_objects_in_the_namespace_of_the_release_are_refused(make: Make, refuse: Refuse) -> None:
    text = CLASS + "  namespace: {{ .Release.Namespace }}\n"
    (finding,) = refuse(make(chart({"templates/class.yaml": text}), class_=False))
    assert (finding.rule, finding.object and finding.object.kind) == ("CS308", "ClusterClass")


def test_links_in_a_chart_are_not_followed(make: Make, refuse: Refuse) -> None:
    source = make(CHART | {"cluster-class/templates/x.yaml": ("120000", "/etc/passwd")}, class_=False)
    assert [finding.rule for finding in refuse(source)] == ["CS305"]


def test_helm_reaches_neither_network_nor_files_of_the_user(
    make: Make, render: Callable[[StackSource], Release], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HELM_NAMESPACE", "elsewhere")
    monkeypatch.setenv("HELM_PLUGINS", str(tmp_path))
    monkeypatch.setenv("SECRET", "secret")
    text = CLASS + '  annotations: {a: "{{ getHostByName "example.org" }}", b: "{{ lookup "v1" "Secret" "" "x" }}"}\n'
    release = render(make(chart({"templates/class.yaml": text}), class_=False))
    annotations = release.objects[0].value["metadata"]["annotations"]  # type: ignore[index]
    assert annotations == {"a": "", "b": "map[]"}


def test_a_missing_or_other_helm_is_no_finding(make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    source = make(CHART, class_=False)
    with pytest.raises(CannotTell, match=r"settings pin helm to 1\.2\.3"):
        render_release(source, Settings(tools={"helm": "1.2.3"}))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotTell, match="helm is not on PATH, and a layer is a chart"):
        render_release(source, Settings())
