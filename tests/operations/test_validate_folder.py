"""The objects in any folder: which files count, what is none, and where findings stand."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.validate import ValidateResult
from cluster_stacks.operations.validate_folder import validate_folder

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
BAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n  lables:\n    x: y\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("branch")


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def judge(folder: Path, engine: str = "embedded", kubernetes: str | None = None) -> ValidateResult:
    return validate_folder(Path(), folder, engine=engine, kubernetes=kubernetes)


@pytest.mark.parametrize("engine", ["embedded", "kubeconform", "both"])
def test_findings_stand_in_the_file(folder: Path, engine: str) -> None:
    write(folder, a_yaml=f"{GOOD}---\n{BAD}", deep__b_json='{"apiVersion": "v1", "kind": "Secret", "metadata": {}}')
    result = judge(folder, engine)
    assert [(f.rule, f.path, f.line, f.column) for f in result.findings] == [
        ("CS402", "branch/a.yaml", 10, 3), ("CS407", "branch/deep/b.json", 1, 52)
    ]
    assert (result.files, result.documents) == (2, 3)
    assert set(result.judged.values()) == {3}


def test_charts_and_what_is_no_object_are_left_out_and_noted(folder: Path) -> None:
    write(
        folder, cilium__Chart_yaml="name: cilium\n", cilium__templates__x_yaml="{{ .Values }}", values_yaml="a: b\n",
        kustomization_yaml="apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n",
        metadata_yaml="apiVersion: metadata.clusterstack.x-k8s.io/v1alpha1\nversions: {}\n",
        release_json='{"name": "x"}',
    )
    result = judge(folder)
    assert (result.findings, result.documents) == ((), 0)
    assert result.notes == (
        "1 charts are not inflated, their objects not judged: cilium",
        "4 documents are no objects (kustomizations, values …) and were not judged",
    )


def test_what_claims_to_be_an_object_is_judged(folder: Path) -> None:
    write(folder, a_yaml="kind: ConfigMap\n", b_yaml="- 1\n", c_yaml="text\n")
    assert [finding.rule for finding in judge(folder).findings] == ["CS406"] * 3


def test_a_file_that_is_named_is_judged_whatever_it_holds(folder: Path) -> None:
    write(folder, values_yaml="a: b\n")
    result = judge(folder / "values.yaml")
    assert [(finding.rule, finding.path) for finding in result.findings] == [("CS406", "branch/values.yaml")]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(folder: Path) -> None:
    write(folder, a_yaml="a: [\n", b_yaml=BAD)
    assert [finding.rule for finding in judge(folder).findings] == ["CS202", "CS402"]


def test_links_and_hidden_folders_are_not_followed(folder: Path) -> None:
    write(folder, a_yaml=GOOD, **{".git__b_yaml": BAD})
    (folder / "link.yaml").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(".")
    assert judge(folder).documents == 1


def test_the_minor_is_on_the_path_or_said(folder: Path) -> None:
    workload = (
        "apiVersion: scheduling.k8s.io/v1alpha2\nkind: Workload\nmetadata: {name: a}\n"
        "spec: {podGroupTemplates: [{name: a, schedulingPolicy: {basic: {}}}]}\n"
    )
    write(folder, **{"1-36__v1__a_yaml": workload, "1-37__v1__a_yaml": workload})
    assert [finding.path for finding in judge(folder).findings] == ["branch/1-37/v1/a.yaml"]
    assert not judge(folder, kubernetes="1.36").findings
    assert len(judge(folder, kubernetes="1.37").findings) == 2


def test_the_same_object_twice_in_a_folder(folder: Path) -> None:
    write(folder, v1__a_yaml=GOOD, v1__b_yaml=GOOD, v2__a_yaml=GOOD)
    (finding,) = judge(folder).findings
    assert (finding.rule, finding.path, finding.line) == ("CS408", "branch/v1/b.yaml", 4)
    assert (finding.related[0].path, finding.related[0].line) == ("branch/v1/a.yaml", 4)


def test_nothing_there(folder: Path) -> None:
    with pytest.raises(CannotTell, match="there is no branch"):
        judge(folder)


def test_the_verb_needs_no_repository(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, a_yaml=GOOD)
    assert run(["validate", "--path", "branch"]) == 0
    assert capsys.readouterr().out == "nothing found in 1 file\n"
    write(folder, b_yaml=BAD)
    assert run(["validate", "--path", "branch", "--format", "github"]) == 1
    assert "file=branch/b.yaml,line=5" in capsys.readouterr().out


def test_json_follows_its_schema(folder: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, a_yaml=BAD, cilium__Chart_yaml="name: cilium\n")
    assert run(["validate", "--path", str(folder), "--engine", "embedded", "--format", "json"]) == 1
    result = json.loads(capsys.readouterr().out)
    jsonschema.validate(result, json.loads((root / "schemas/check.schema.json").read_text()))
    assert result["summary"]["notes"] == 0
    assert result["summary"]["remarks"] == ["1 charts are not inflated, their objects not judged: cilium"]
