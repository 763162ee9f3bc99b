"""Charts of addons: inflated where they are there, judged for the minor, and found at the line that mends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chart_files import about, packed, up
from cluster_stacks.cli.main import run
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.operations.chart_cache import VARIABLE
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.validate import ValidateResult, validate_stacks
from gitrepo_plugin import GitRepo
from small_stack import files

pytestmark = pytest.mark.usefixtures("tools", "own_cache")

ADDON = "providers/docker/scs/1-36/cluster-addon/net"
DEPENDENCY = "dependencies:\n  - name: up\n    version: 1.2.3\n    repository: https://charts.example.org/a\n"
UMBRELLA = "apiVersion: v2\nname: net\nversion: 0.0.0\n" + DEPENDENCY


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of downloaded charts, and one of what they gave, for this test alone."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "charts"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "charts"


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit(files(image="node:v1.36.1"))
    return git_repo.checkout()


def download(folder: Path, chart: Mapping[str, str | bytes]) -> None:
    place = folder / "charts.example.org" / "a"
    place.mkdir(parents=True, exist_ok=True)
    (place / "up-1.2.3.tgz").write_bytes(packed(chart))


def add(repo: GitRepo, values: str = "up: {}\n", more: Mapping[str, Any] | None = None) -> None:
    repo.write({f"{ADDON}/Chart.yaml": UMBRELLA, f"{ADDON}/values.yaml": values})
    repo.write({f"{ADDON}/{name}": content for name, content in (more or {}).items()})


def judge(repo: GitRepo, **options: Any) -> ValidateResult:
    """What is found in addons."""
    result = validate_stacks(repo.path, (), Question(), **{"engine": "embedded", **options})
    return replace(result, findings=tuple(each for each in result.findings if "/cluster-addon/" in each.path))


def said(finding: Finding) -> tuple[str, str, str, int]:
    return finding.rule, finding.severity.value, finding.path.removeprefix(ADDON + "/"), finding.line


def test_a_chart_that_is_not_there_is_never_called_valid(repo: GitRepo) -> None:
    add(repo)
    result = judge(repo)
    assert result.notes[:2] == (
        "charts are not inflated, their objects not judged: net (up 1.2.3: neither vendored nor in the cache)",
        "`cluster-stacks charts fetch` downloads charts, so that they can be judged",
    )
    assert result.charts == ({
        "addon": "net", "charts": ["up 1.2.3"], "state": "not inflated",
        "why": "up 1.2.3: neither vendored nor in the cache", "objects": 0, "kubernetes": [],
        "stacks": ["docker/scs/1-36"],
    },)


@pytest.mark.parametrize("engine", ["embedded", "kubeconform"])
def test_a_downloaded_chart_is_inflated_as_it_is_installed(repo: GitRepo, own_cache: Path, engine: str) -> None:
    download(own_cache, up(templates_map__yaml=(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        'data: {space: {{ .Release.Namespace }}, v: {{ .Capabilities.KubeVersion }}, x: 5}\n'
    )))
    add(repo, more={"addon.yaml": "namespace: net-system\nreleaseName: other\n"})
    result = judge(repo, engine=engine)
    (finding,) = result.findings
    assert said(finding) == ("CS404", "error", "Chart.yaml", 5), finding.message
    assert finding.object is not None
    assert (finding.object.kind, finding.object.name, finding.object.pointer) == ("ConfigMap", "a", "/data/x")
    assert finding.message == (
        "data.x must be a text, not a whole number (5) "
        "(chart up 1.2.3, templates/map.yaml, ConfigMap 'a' at /data/x, Kubernetes 1.36)"
    )
    assert result.charts[0] == {
        "addon": "net", "charts": ["up 1.2.3"], "state": "inflated", "why": None, "objects": 2,
        "kubernetes": ["v1.36.1"],
        "stacks": ["docker/scs/1-36"],
    }


def test_a_mistake_in_the_values_is_found_in_their_line(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, up())
    add(repo, "up:\n  replicas: two\n  resources:\n    limits:\n      memory: 1Gi\n    limit: {}\n")
    assert [said(finding) for finding in judge(repo).findings] == [
        ("CS404", "error", "values.yaml", 2), ("CS402", "error", "values.yaml", 6),
    ]


def test_apis_that_the_minor_does_not_serve(repo: GitRepo, own_cache: Path) -> None:
    budget = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
    download(own_cache, up(templates_a__yaml=budget))
    add(repo)
    (finding,) = judge(repo).findings
    assert said(finding) == ("CS401", "error", "Chart.yaml", 5)
    assert "PodDisruptionBudget is known as policy/v1" in finding.message
    # The same where the chart asks the cluster first: Helm alone takes old versions for granted.
    asks = '{{ if .Capabilities.APIVersions.Has "policy/v1beta1" }}\n'
    download(own_cache, up(templates_a__yaml=asks + budget + "{{ end }}"))
    (finding,) = judge(repo).findings
    assert (finding.rule, finding.severity) == ("CS401", Severity.WARNING)
    # And a chart that asks for what is there gets it, by kind too.
    download(own_cache, up(templates_a__yaml=(
        '{{ if not (.Capabilities.APIVersions.Has "policy/v1/PodDisruptionBudget") }}\n' + budget + "{{ end }}"
    )))
    assert judge(repo).findings == ()


def test_minors_that_a_cluster_passes_through_are_warned_of(repo: GitRepo, own_cache: Path) -> None:
    text = repo.read("providers/docker/scs/1-36/cluster-class/class.yaml")
    repo.write({"providers/docker/scs/1-36/cluster-class/class.yaml": text.replace(
        "spec:\n  infra", "spec:\n  kubernetesVersions: [v1.35.2, v1.36.1]\n  infra", 1
    )})
    wrong = '{{ if eq .Capabilities.KubeVersion.Minor "35" }}dat: {}\n{{ end }}'
    download(own_cache, up(templates_a__yaml=MAP + wrong))
    add(repo)
    result = judge(repo)
    (finding,) = [each for each in result.findings if each.rule == "CS402"]
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith("Kubernetes 1.35)")
    assert result.charts[0]["kubernetes"] == ["v1.36.1", "v1.35.2"]


MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {plural: widgets, kind: Widget}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer}}}
"""
WIDGET = "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: SIZE}\n"


@pytest.mark.parametrize("place", ["crds_w__yaml", "templates_w__yaml"])
def test_custom_resources_of_the_chart_are_judged_by_its_own_crds(repo: GitRepo, own_cache: Path, place: str) -> None:
    asks = "{{ if .Capabilities.APIVersions.Has \"example.org/v1/Widget\" }}\nasked: true\n{{ end }}"
    chart = up(templates_a__yaml=WIDGET.replace("SIZE", "large"), templates_b__yaml=(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n" + asks
    ))
    download(own_cache, chart | up(**{place: CRD}) if place == "crds_w__yaml" else chart | up(**{place: CRD}) | {
        name: chart[name] for name in ("templates/a.yaml", "templates/b.yaml")
    })
    add(repo)
    # What folders crds/ define, templates may ask for.
    expected = [("CS404", "a")] + ([("CS402", "b")] if place == "crds_w__yaml" else [])
    found = [(each.rule, each.object and each.object.name) for each in judge(repo).findings]
    assert sorted(found) == sorted(expected)
    # Plain objects of another addon are judged by them too.
    repo.write({f"{ADDON}-x/widget.yaml": WIDGET.replace("SIZE", "{}")})
    finding = next(each for each in judge(repo).findings if each.path.endswith("widget.yaml"))
    assert (finding.rule, finding.line) == ("CS404", 4)
    result = judge(repo, engine="kubeconform")
    assert "1 objects of kinds that the addons themselves define were judged by the embedded engine" in result.notes


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        ('{"properties": {"replicas": {"type": "integer"}}}',
         "up:\n  image: {}\n  replicas: two\n", (3, "want integer")),
        ('{"additionalProperties": false, "properties": {"replicas": {}, "resources": {}, "image": {}}}',
         "up:\n  image: {}\n  imagee: {}\n", (3, "no such value")),
        ('{"required": ["name"]}', "up:\n  image: {}\n", (2, "missing property 'name'")),
        ('{"properties": {"image": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}}',
         "up:\n  replicas: 2\n  image: []\n", (3, "got array, want string; got array, want integer")),
    ],
)
def test_values_that_the_schema_refuses(
    repo: GitRepo, own_cache: Path, schema: str, values: str, expected: tuple[int, str]
) -> None:
    download(own_cache, up() | {"values.schema.json": schema})
    add(repo, values)
    result = judge(repo)
    finding = next(each for each in result.findings if each.rule == "CS441")
    assert (finding.path, finding.line) == (f"{ADDON}/values.yaml", expected[0])
    assert expected[1] in finding.message
    assert result.charts[0]["state"] == "not inflated"


def test_a_schema_is_asked_of_vendored_charts_too(repo: GitRepo) -> None:
    chart = up() | {"values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}'}
    add(repo, "up:\n  image: {}\n  replicas: two\n", {"charts/up-1.2.3.tgz": packed(chart)})
    assert [said(finding) for finding in judge(repo).findings] == [("CS441", "error", "values.yaml", 3)]


def test_a_schema_that_names_an_address_is_not_asked(repo: GitRepo, own_cache: Path) -> None:
    schema = '{"properties": {"image": {"$ref": "https://example.org/a.json"}}}'
    download(own_cache, up() | {"values.schema.json": schema})
    add(repo)
    result = judge(repo)
    assert result.findings == ()
    assert "net: its values were not judged by their schema, which names an address" in result.notes


def test_unknown_values(repo: GitRepo, own_cache: Path) -> None:
    inner = packed({"Chart.yaml": about("inner"), "values.yaml": "deep: 1\n"}, "inner")
    more = "dependencies: [{name: inner, version: 1.2.3, alias: in, condition: in.enabled}]"
    chart = up(templates_b__yaml='{{ .Values.optional }}{{ index .Values "by-name" }}{{ $.Values.dollar }}')
    chart["Chart.yaml"] = about("up", "1.2.3", more)
    download(own_cache, chart | {"charts/inner-1.2.3.tgz": inner})
    known = "optional: \"\"\n  by-name: \"\"\n  dollar: \"\"\n  global: {}\n  replicas: 2\n"
    add(repo, f"up:\n  {known}  replcias: 3\n  in:\n    enabled: true\n    dep: 1\n")
    found = judge(repo).findings
    assert [said(finding) for finding in found] == [
        ("CS442", "warning", "values.yaml", 7), ("CS442", "warning", "values.yaml", 10),
    ]
    assert [finding.message for finding in found] == [
        "the chart up 1.2.3 knows no value 'replcias': did you mean 'replicas'?",
        "the chart inner 1.2.3 knows no value 'dep': did you mean 'deep'?",
    ]


def test_values_of_a_chart_that_is_not_installed(repo: GitRepo, own_cache: Path) -> None:
    inner = packed({"Chart.yaml": about("inner"), "values.yaml": "deep: 1\n"}, "inner")
    chart: dict[str, str | bytes] = {
        **up(),
        "Chart.yaml": about("up", "1.2.3", "dependencies: [{name: inner, version: 1.2.3, condition: inner.enabled}]"),
        "values.yaml": "replicas: 1\nresources: {}\ninner: {enabled: false}\n", "charts/inner-1.2.3.tgz": inner,
    }
    download(own_cache, chart)
    add(repo, "up:\n  inner:\n    deep: 2\n")
    assert [said(finding) for finding in judge(repo).findings] == [("CS443", "warning", "values.yaml", 2)]
    add(repo, "up:\n  inner:\n    deep: 2\n    enabled: false\n")
    assert judge(repo).findings == ()


def test_facts_of_the_cluster_are_filled_in(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, up(templates_a__yaml=(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ required \"a name\" .Values.cluster.name }}}\n"
    )))
    add(repo, more={"addon.yaml": "clusterValues: {up.cluster.name: cluster_name}\n"})
    assert judge(repo).findings == ()


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ fail \"no way\" }}", "no way"), ("a: [{{ 1 }}", "YAML"), ("a: 1\na: 2\n", "gives no YAML"),
        ("{{ .Values.a.b }}", "nil pointer"),
    ],
)
def test_charts_that_do_not_render(repo: GitRepo, own_cache: Path, template: str, words: str) -> None:
    download(own_cache, up(templates_a__yaml=template))
    add(repo)
    result = judge(repo)
    (finding,) = result.findings
    assert (finding.rule, finding.path) == ("CS440", f"{ADDON}/Chart.yaml")
    assert words in finding.message
    assert "/tmp" not in finding.message
    assert result.charts[0]["why"] == "it does not render"


def test_what_is_vendored_is_found_where_it_stands(repo: GitRepo) -> None:
    vendored = {f"charts/up/{name}": text for name, text in up().items()}
    template = "charts/up/templates/deployment.yaml"
    add(repo, more=vendored | {template: vendored[template].replace("image:", "nosuch: 1\n          image:")})
    (finding,) = judge(repo).findings
    assert said(finding) == ("CS402", "error", template, 0)
    repo.write({f"{ADDON}/{template}": vendored[template]})
    assert judge(repo).findings == ()


def test_a_hostile_archive_is_one_finding(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, {"Chart.yaml": about("up"), "a": bytes(70 << 20)})
    add(repo)
    result = judge(repo)
    (finding,) = result.findings
    assert said(finding) == ("CS444", "error", "Chart.yaml", 5)
    assert "more than 64 MiB" in finding.message
    assert result.charts[0]["state"] == "not inflated"


@pytest.mark.slow
def test_many_values_and_much_output(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, up(templates_a__yaml='{{ range until 20000 }}\n---\na: 1\n{{ end }}'))
    add(repo, "up:\n" + "".join(f"  key{n}: {{}}\n" for n in range(20_000)))
    found = judge(repo).findings
    assert {finding.rule for finding in found} == {"CS440", "CS442"}
    assert len(found) <= 100
    assert any("more than 10,000 objects" in finding.message for finding in found)


def test_keys_in_packed_charts(repo: GitRepo) -> None:
    text = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n" * 4
    key = "-----BEGIN " + "PRIVATE KEY-----\n" + text + "-----END " + "PRIVATE KEY-----\n"
    inner = packed({"Chart.yaml": about("inner"), "files/a.pem": key}, "inner")
    add(repo, more={"charts/up-1.2.3.tgz": packed(up() | {"charts/inner-1.2.3.tgz": inner})})
    found = [each for each in judge(repo).findings if each.rule == "CS566"]
    assert [said(finding) for finding in found] == [("CS566", "error", "charts/up-1.2.3.tgz", 0)]
    assert "in charts/inner-1.2.3.tgz/files/a.pem of this archive" in found[0].message
    repo.write({".cluster-stacks.yaml": f"allowSecrets: [{ADDON}/charts/up-1.2.3.tgz]\n"})
    assert judge(repo).findings == ()


SECRET = """\
apiVersion: v1
kind: Secret
metadata: {name: a}
stringData: {password: "{{ .Values.password | default (randAlphaNum 9) }}"}
"""


def test_secrets_that_a_chart_makes_are_noted_and_those_of_values_warned_of(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, up(templates_a__yaml=SECRET))
    add(repo)
    assert [said(finding) for finding in judge(repo).findings] == [("CS565", "note", "Chart.yaml", 5)]
    add(repo, "up:\n  password: hunter22\n")
    assert [said(finding) for finding in judge(repo).findings] == [("CS565", "warning", "values.yaml", 2)]
    repo.write({".cluster-stacks.yaml": "allowSecrets: [a]\n"})
    assert judge(repo).findings == ()


def test_the_json_report_tells_of_charts(repo: GitRepo, own_cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    download(own_cache, up())
    add(repo)
    run(["validate", "--repo", str(repo.path), "--format", "json", "--engine", "embedded"])
    assert json.loads(capsys.readouterr().out)["summary"]["charts"][0]["state"] == "inflated"
    run(["validate", "--repo", str(repo.path), "--engine", "embedded", "--no-charts"])
    assert "not inflated, their objects not judged: net (not asked for)" in capsys.readouterr().err


def test_helm_runs_once_for_what_stacks_share(
    repo: GitRepo, own_cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    download(own_cache, up())
    add(repo)
    first = judge(repo)
    log = tmp_path / "log"
    helm = tmp_path / "helm"
    helm.write_text(f'#!/bin/sh\n[ "$1" = version ] || echo "$@" >> {log}\nexec {_real_helm()} "$@"\n')
    helm.chmod(0o755)
    monkeypatch.setenv("CLUSTER_STACKS_HELM", str(helm))
    assert judge(repo).findings == first.findings
    assert not log.exists()
    add(repo, "up: {replicas: 2}\n")
    judge(repo)
    assert len(log.read_text().splitlines()) == 1


def _real_helm() -> str:
    import shutil

    found = shutil.which("helm")
    assert found
    return found


def test_an_umbrella_of_several_charts_and_aliases(repo: GitRepo, own_cache: Path) -> None:
    place = own_cache / "oci+registry.example.org" / "b"
    place.mkdir(parents=True)
    (place / "down-2.0.0.tgz").write_bytes(packed(up() | {"Chart.yaml": about("down", "2.0.0")}, "down"))
    download(own_cache, up())
    more = "  - {name: down, version: 2.0.0, repository: 'oci://registry.example.org/b', alias: other}\n"
    values = "up: {}\nupp: {}\nglobal: {a: 1}\nother:\n  replicas: two\n  nosuch: 1\n"
    add(repo, values, {"Chart.yaml": UMBRELLA + more})
    result = judge(repo)
    found = {(*said(finding), finding.object.name if finding.object else "") for finding in result.findings}
    assert found == {
        ("CS404", "error", "values.yaml", 5, "net"), ("CS442", "warning", "values.yaml", 2, ""),
        ("CS442", "warning", "values.yaml", 6, ""), ("CS408", "error", "Chart.yaml", 5, "net"),
    }, "both charts call their Deployment as the release"
    message = next(found.message for found in result.findings if found.rule == "CS404")
    assert "(chart down 2.0.0, templates/deployment.yaml" in message
    assert result.charts[0]["charts"] == ["up 1.2.3", "down 2.0.0"]


def test_what_only_a_cluster_can_fill_is_not_inflated(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, up())
    add(repo, more={"overwrite.yaml": "values: |\n  up: {}\n"})
    assert judge(repo).charts[0]["why"] == "overwrite.yaml reads the Cluster"


def test_kustomizations_and_manifests_are_judged_for_the_minor(repo: GitRepo) -> None:
    budget = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: NAME}\n"
    repo.write({
        f"{ADDON}/budget.yaml": budget.replace("NAME", "a"),
        f"{ADDON}-k/kustomization.yaml": "resources: [budget.yaml]\n",
        f"{ADDON}-k/budget.yaml": budget.replace("NAME", "b"),
    })
    assert [(found.rule, found.path.rpartition("/")[0]) for found in judge(repo).findings] == [
        ("CS401", ADDON + "-k"), ("CS401", ADDON),
    ]


def test_publish_judges_what_is_vendored_and_nothing_else(
    repo: GitRepo, own_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = up() | {"values.yaml": "replicas: two\nresources: {}\n"}
    download(own_cache, broken)
    add(repo)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Add an addon")
    run(["publish", "--repo", str(repo.path)])
    said_first = "".join(capsys.readouterr())
    assert "deployment.yaml" not in said_first, "what a machine has downloaded says nothing of a release"
    repo.write({f"{ADDON}/charts/up-1.2.3.tgz": packed(broken)})
    repo.write({"providers/docker/scs/1-36/metadata.yaml": repo.read("providers/docker/scs/1-36/metadata.yaml").replace(
        "clusterStack: v1", "clusterStack: v2").replace("clusterAddon: v1", "clusterAddon: v2")})
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Vendor its chart")
    capsys.readouterr()
    assert run(["publish", "--repo", str(repo.path)]) == 1
    assert "templates/deployment.yaml, Deployment 'net' at /spec/replicas" in "".join(capsys.readouterr())


def test_a_chart_that_takes_all_memory(repo: GitRepo, own_cache: Path) -> None:
    download(own_cache, up(templates_a__yaml='{{ repeat 1000000000 (repeat 100 "x") }}'))
    add(repo)
    (finding,) = judge(repo).findings
    assert (finding.rule, "goroutine" in finding.message) == ("CS440", False)
