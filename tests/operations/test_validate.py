"""Stacks rendered and judged: which ones, by whom, and where a finding stands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Severity
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.validate import ValidateResult, validate_stacks
from gitrepo_plugin import GitRepo, metadata

ENGINES = ["embedded", "kubeconform", "both"]
SETTINGS = "providers/docker/scs/shared/cluster-addon/settings/settings.yaml"
CLASS = """\
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: <% release_name %>
spec:
  infrastructure:
    templateRef:
      apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
      kind: DevClusterTemplate
      name: <% release_name %>-cluster
  controlPlane:
    templateRef:
      apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
      kind: DevClusterTemplate
      name: <% release_name %>-spare
"""
TEMPLATE = """\
#% for name in ["cluster", "spare"]
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
kind: DevClusterTemplate
metadata:
  name: <% release_name %>-<% name %>
spec:
  template:
    spec:
      backend:
        docker: {}
---
#% endfor
"""
WORKLOAD = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  minor: <% kubernetes.minor | to_json %>
"""
CHART = "apiVersion: v2\nname: cilium\nversion: 0.0.0\ndependencies:\n  - {name: cilium, version: 1.20.2, repository: https://charts.example.org}\n"


def files(name: str = "docker/scs", *minors: int) -> dict[str, Any]:
    folder = f"providers/{name}"
    found: dict[str, Any] = {
        f"{folder}/shared/cluster-class/class.yaml": CLASS,
        f"{folder}/shared/cluster-class/templates.yaml": TEMPLATE,
        f"{folder}/shared/cluster-addon/settings/settings.yaml": WORKLOAD,
        f"{folder}/shared/cluster-addon/cilium/Chart.yaml": CHART,
        f"{folder}/shared/cluster-addon/cilium/values.yaml": "cilium: {}\n",
    }
    return found | {f"{folder}/1-{m}/metadata.yaml": metadata("v1", f"v1.{m}.1") for m in minors or (35, 36)}


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit(files())
    return git_repo.checkout()


def judge(repo: GitRepo, *patterns: str, question: Question | None = None, **options: Any) -> ValidateResult:
    return validate_stacks(repo.path, patterns, question or Question(), **{"engine": "embedded", **options})


def places(result: ValidateResult) -> list[tuple[str, str, int]]:
    return [(found.rule, found.path.removeprefix("providers/docker/scs/"), found.line) for found in result.findings]


@pytest.mark.parametrize("engine", ENGINES)
def test_good_stacks_pass_and_everything_is_counted(repo: GitRepo, engine: str) -> None:
    result = judge(repo, engine=engine)
    assert result.findings == ()
    assert (result.stacks, result.documents) == (2, 8)
    assert set(result.judged.values()) == {8}
    assert result.notes[0] == (
        "charts are not inflated, their objects not judged: cilium (cilium 1.20.2: neither vendored nor in the cache)"
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_findings_stand_at_the_line_of_the_source(repo: GitRepo, engine: str) -> None:
    wrong = "dockr: {}\n        <%% if kubernetes.minor == '1.36' %%>inMemory: 5<%% endif %%>"
    bad = TEMPLATE.replace("docker: {}", wrong)
    repo.write({
        "providers/docker/scs/shared/cluster-class/templates.yaml": bad,
        "providers/docker/scs/shared/cluster-addon/settings/settings.yaml": WORKLOAD.replace(" | to_json", ""),
    })
    result = judge(repo, "docker/scs/1-36", engine=engine)
    assert places(result) == [
        ("CS404", "shared/cluster-addon/settings/settings.yaml", 6),
        *[("CS402", "shared/cluster-class/templates.yaml", 10)] * 2,
        *[("CS404", "shared/cluster-class/templates.yaml", 11)] * 2,
    ]
    finding = result.findings[1]
    assert finding.object is not None
    assert (finding.object.name, finding.object.pointer, finding.stack) == (
        "docker-scs-1-36-v1-cluster", "/spec/template/spec/backend/dockr", "docker/scs/1-36"
    )
    assert finding.message == "spec.template.spec.backend has no field 'dockr': did you mean 'docker'?"


def test_engines_find_the_same(repo: GitRepo) -> None:
    repo.write({"providers/docker/scs/shared/cluster-class/templates.yaml": TEMPLATE.replace("docker", "dockr")})
    found = [judge(repo, engine=engine).findings for engine in ENGINES]
    assert sorted(finding.rule for finding in found[0]) == ["CS402"] * 4 + ["CS651"] * 4
    assert found[0] == found[1] == found[2]


def test_each_minor_is_judged_by_its_own_kinds(git_repo: GitRepo) -> None:
    workload = (
        "apiVersion: scheduling.k8s.io/v1alpha2\nkind: Workload\nmetadata: {name: a}\n"
        "spec: {podGroupTemplates: [{name: a, schedulingPolicy: {basic: {}}}]}\n"
    )
    git_repo.commit({**files("docker/scs", 36, 37), SETTINGS: workload})
    git_repo.checkout()
    for engine in ENGINES:
        result = judge(git_repo, engine=engine)
        assert [(finding.rule, finding.stack) for finding in result.findings] == [("CS401", "docker/scs/1-37")]
        assert set(result.judged.values()) == {result.documents - 1}


def test_the_state_that_is_asked_for(repo: GitRepo) -> None:
    bad = {"providers/docker/scs/shared/cluster-class/templates.yaml": TEMPLATE.replace("docker", "dockr")}
    repo.stage(bad)
    repo.write({"providers/docker/scs/shared/cluster-class/templates.yaml": TEMPLATE})
    assert not judge(repo).findings
    assert len(judge(repo, question=Question(staged=True)).findings) == 8
    assert not judge(repo, question=Question(head="HEAD")).findings
    assert len(judge(repo, "docker/scs/1-35", question=Question(staged=True)).findings) == 4


def test_only_what_changed_where_the_index_or_a_base_is_named(git_repo: GitRepo) -> None:
    git_repo.commit({**files("docker/scs", 35, 36), **files("other/scs", 36)})
    git_repo.checkout()
    assert judge(git_repo, question=Question(staged=True)) == ValidateResult()
    git_repo.stage({"providers/docker/scs/1-35/README.md": "x"})
    assert judge(git_repo, question=Question(staged=True)).stacks == 1
    git_repo.stage({"providers/docker/scs/shared/cluster-class/class.yaml": CLASS + "\n"})
    assert judge(git_repo, question=Question(staged=True)).stacks == 2
    assert judge(git_repo, question=Question(staged=True), every=True).stacks == 3
    edit = {"providers/other/scs/shared/cluster-class/class.yaml": CLASS + "\n"}
    git_repo.commit(edit, branch="topic", parent="main")
    assert judge(git_repo, question=Question(base="main", head="topic")).stacks == 1
    assert judge(git_repo, question=Question(head="topic")).stacks == 3


def test_a_stack_that_cannot_be_rendered_costs_only_its_own_findings(repo: GitRepo) -> None:
    repo.write({
        "providers/docker/scs/1-35/cluster-class/more.yaml": "a: <% nothing %>\n",
        "providers/docker/scs/1-36/cluster-class/class.yaml": CLASS.replace("name: <% release_name %>-clus", "nam: x"),
    })
    result = judge(repo)
    assert [(finding.rule, finding.stack) for finding in result.findings] == [
        ("CS300", "docker/scs/1-35"), ("CS402", "docker/scs/1-36"),
    ]
    assert result.documents == 4


def test_a_bare_repository_is_judged_by_its_head(repo: GitRepo, tmp_path: Path) -> None:
    repo.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert validate_stacks(tmp_path / "bare.git", (), Question(), engine="embedded").documents == 8


def test_the_repository_brings_its_own_schemas(repo: GitRepo) -> None:
    spec = {"type": "object", "properties": {"size": {"type": "integer"}}}
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.org"},
        "spec": {"group": "example.org", "names": {"kind": "Widget"}, "scope": "Namespaced", "versions": [
            {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {
                "type": "object", "properties": {"spec": spec}}}},
        ]},
    }
    widget = "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: 1, colour: red}\n"
    repo.write({SETTINGS: widget, "widgets.json": json.dumps(crd)})
    before = judge(repo, "docker/scs/1-36")
    assert [finding.rule for finding in before.findings] == ["CS401"]
    assert before.findings[0].fix is not None
    assert run(["schemas", "add", "--repo", str(repo.path), str(repo.path / "widgets.json")]) == 0
    for engine in ENGINES:
        assert [f.rule for f in judge(repo, "docker/scs/1-36", engine=engine).findings] == ["CS402"]
    repo.write({".cluster-stacks.yaml": "schemas: [elsewhere]\n"})
    assert [finding.rule for finding in judge(repo, "docker/scs/1-36").findings] == ["CS401"]


def test_schemas_that_cannot_be_used_are_refused(repo: GitRepo) -> None:
    repo.write({"schemas/crds/index.json": "[]"})
    with pytest.raises(Refused, match="not an index of schemas"):
        judge(repo)


def test_the_cluster_api_version(repo: GitRepo) -> None:
    result = judge(repo, "docker/scs/1-36", capi="v1beta1")
    assert {finding.rule for finding in result.findings} == {"CS409"}
    assert len(result.findings) == 3
    assert not judge(repo, capi="v1beta2").findings


def test_an_engine_that_is_not_there(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTER_STACKS_KUBECONFORM", "/nowhere/kubeconform")
    with pytest.raises(CannotTell, match="CLUSTER_STACKS_KUBECONFORM names /nowhere/kubeconform, which cannot be run"):
        judge(repo, engine="auto")


def test_settings_name_the_engine(repo: GitRepo) -> None:
    repo.write({".cluster-stacks.yaml": "engine: embedded\n"})
    assert judge(repo, engine=None).engine == "the embedded engine"
    assert judge(repo, engine="kubeconform").engine.startswith("kubeconform v")


def test_the_verb(repo: GitRepo, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--repo", str(repo.path)]
    assert run(["validate", *where]) == 0
    told = capsys.readouterr()
    assert told.out == "nothing found in 2 stacks\n"
    assert told.err.splitlines()[0].startswith("kubeconform v")
    assert told.err.splitlines()[0].endswith("judged 8 of 8 objects")
    assert run(["validate", *where, "--staged"]) == 0
    assert capsys.readouterr().err == "no stack changed\n"
    repo.write({"providers/docker/scs/shared/cluster-class/templates.yaml": TEMPLATE.replace("docker", "dockr")})
    assert run(["validate", *where, "docker/scs/1-36"]) == 1
    assert "did you mean 'docker'?" in capsys.readouterr().out
    assert run(["validate", *where, "--format", "json", "--engine", "both"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["summary"]["judged"] == {"embedded": 8, "kubeconform": 8}
    assert (found["summary"]["documents"], found["summary"]["stacks"], found["summary"]["errors"]) == (8, 2, 4)
    assert run(["validate", *where, "nothing/like/it"]) == 2
    assert run(["validate", *where, "--path", ".", "docker/scs"]) == 2
    assert run(["validate", *where, "--kubernetes", "1.36"]) == 2


def test_a_hook_with_nothing_to_judge_loads_nothing(repo: GitRepo) -> None:
    code = (
        "import sys; from cluster_stacks.cli.main import run; code = run(['validate', '--staged']); "
        "print(code, sorted({'git', 'jsonschema', 'jsonschema_rs', 'jinja2', 'rich', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=repo.path, capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"


def test_warnings_do_not_fail(repo: GitRepo) -> None:
    old = TEMPLATE.replace("DevCluster", "DockerCluster").replace("backend:\n        docker: {}", "loadBalancer: {}")
    repo.write({
        "providers/docker/scs/shared/cluster-class/class.yaml": CLASS.replace("DevCluster", "DockerCluster"),
        "providers/docker/scs/shared/cluster-class/templates.yaml": old,
    })
    result = judge(repo, "docker/scs/1-36")
    assert {(finding.rule, finding.severity) for finding in result.findings} == {("CS410", Severity.WARNING)}
    assert run(["validate", "--repo", str(repo.path), "--engine", "embedded"]) == 0
