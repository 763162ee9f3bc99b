"""Schemas listed, added, and made again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.operations import schemas
from gitrepo_plugin import GitRepo

CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.org
  labels: {cluster.x-k8s.io/v1beta2: v1}
spec:
  group: example.org
  names: {kind: Widget}
  scope: Namespaced
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
OTHER = CRD.replace("Widget", "Gadget").replace("widgets", "gadgets")


@pytest.fixture
def crds(tmp_path: Path) -> Path:
    folder = tmp_path / "crds"
    (folder / "deep").mkdir(parents=True)
    (folder / "widgets.yaml").write_text(f"kind: Namespace\napiVersion: v1\n---\n{CRD}")
    (folder / "deep" / "gadgets.yml").write_text(OTHER)
    (folder / "README.md").write_text("not read: [")
    return folder


def test_crds_become_schemas_of_the_repository(git_repo: GitRepo, crds: Path) -> None:
    added = schemas.add(git_repo.path, [crds])
    assert [info.kind for info in added.kinds] == ["Gadget", "Widget"]
    assert added.files == (
        "schemas/crds/example.org/gadget_v1.json", "schemas/crds/example.org/widget_v1.json", "schemas/crds/index.json"
    )
    assert added.notes == ()
    assert schemas.add(git_repo.path, [crds]).files == ()
    index = json.loads(git_repo.read("schemas/crds/index.json"))
    assert [(kind["kind"], kind["source"], kind["contracts"]) for kind in index["kinds"]] == [
        ("Gadget", "gadgets.yml", {"v1beta2": ["v1"]}), ("Widget", "widgets.yaml", {"v1beta2": ["v1"]})
    ]


def test_kinds_that_were_there_stay(git_repo: GitRepo, crds: Path) -> None:
    schemas.add(git_repo.path, [crds / "widgets.yaml"])
    before = git_repo.read("schemas/crds/example.org/widget_v1.json")
    schemas.add(git_repo.path, [crds / "deep"])
    assert git_repo.read("schemas/crds/example.org/widget_v1.json") == before
    kinds = [known.info.kind for known in schemas.known_kinds(git_repo.path) if known.folder == "schemas/crds"]
    assert kinds == ["Gadget", "Widget"]


def test_where_they_are_written(git_repo: GitRepo, crds: Path) -> None:
    git_repo.write({".cluster-stacks.yaml": "schemas: [config/schemas]\n"})
    assert schemas.add(git_repo.path, [crds]).files[0].startswith("config/schemas/")
    elsewhere = schemas.add(git_repo.path, [crds], "other")
    assert elsewhere.notes == ("nothing reads other yet: add it to `schemas:` in .cluster-stacks.yaml",)
    for outside in ("../outside", "/tmp/outside"):
        with pytest.raises(CannotTell, match="is not in the repository"):
            schemas.add(git_repo.path, [crds], outside)


def test_one_bad_crd_and_nothing_is_written(git_repo: GitRepo, crds: Path) -> None:
    (crds / "zz.yaml").write_text(CRD.replace("type: integer", "format: int32"))
    with pytest.raises(Refused) as caught:
        schemas.add(git_repo.path, [crds])
    (finding,) = caught.value.findings
    assert (finding.rule, finding.line) == ("CS413", 1)
    assert finding.message == "Widget.spec.size: a type is missing: the schema is not structural"
    assert not (git_repo.path / "schemas").exists()


@pytest.mark.parametrize(("name", "message"), [
    ("README.md", "holds no CustomResourceDefinition"), ("x", "there is no"),
])
def test_files_without_a_crd(git_repo: GitRepo, crds: Path, name: str, message: str) -> None:
    (crds / "README.md").write_text("just: text\n")
    with pytest.raises(CannotTell, match=message):
        schemas.add(git_repo.path, [crds / name])


def test_no_repository(tmp_path: Path, crds: Path) -> None:
    with pytest.raises(CannotTell, match="is in no work tree of Git"):
        schemas.add(tmp_path, [crds])
    assert schemas.known_kinds(tmp_path)


def test_the_verbs(git_repo: GitRepo, crds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--repo", str(git_repo.path)]
    assert run(["schemas", "add", *where, str(crds)]) == 0
    told = capsys.readouterr()
    assert told.out == "Gadget example.org/v1\nWidget example.org/v1\n"
    assert told.err == "2 kinds, 3 files written\n"
    assert run(["schemas", "list", *where]) == 0
    told = capsys.readouterr()
    assert any(line.split()[:2] == ["Widget", "example.org/v1"] for line in told.out.splitlines())
    assert "DaemonSet" not in told.out
    assert "1.34, 1.35, 1.36, 1.37" in told.err
    assert run(["schemas", "list", *where, "--kubernetes", "1.36", "--format", "json"]) == 0
    kinds = {(kind["apiVersion"], kind["kind"]) for kind in json.loads(capsys.readouterr().out)["kinds"]}
    assert {("apps/v1", "Deployment"), ("example.org/v1", "Widget"), ("cluster.x-k8s.io/v1beta2", "Cluster")} <= kinds


@pytest.fixture
def project(tmp_path: Path, crds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project like this one, with one source and no schemas yet."""
    root = tmp_path / "schemas"
    root.mkdir()
    checksum = hashlib.sha256((crds / "deep" / "gadgets.yml").read_bytes()).hexdigest()
    (root / "sources.yaml").write_text(
        "kubernetes: {package: kubernetes-validate, version: 1.37.0, minors: []}\ncrds:\n"
        "  - {name: Gadgets, folder: deep, module: example.org/gadgets, version: v1, files: "
        f"[{{path: x/gadgets.yml, sha256: {checksum}}}]}}\n"
    )
    monkeypatch.setattr(schemas, "data_dir", lambda _: root)
    monkeypatch.setattr(schemas, "make_kubernetes", lambda _: {"kubernetes/1.36.json": b"{}"})
    return root


def test_schemas_are_made_and_compared(project: Path, crds: Path) -> None:
    first = schemas.check(crds)
    assert [what for _, what in first.differing] == ["is missing"] * 3
    assert not (project / "crds").exists()
    assert schemas.check(crds, rewrite=True).written
    assert schemas.check(crds).differing == ()
    (project / "crds" / "example.org" / "gadget_v1.json").write_text("{}")
    (project / "crds" / "extra.json").write_text("{}")
    assert schemas.check(crds).differing == (
        ("crds/example.org/gadget_v1.json", "is not what its source gives"), ("crds/extra.json", "comes from no source")
    )
    schemas.check(crds, rewrite=True)
    assert not (project / "crds" / "extra.json").exists()
    assert schemas.check(crds).differing == ()


def test_a_source_that_is_not_there_never_passes(project: Path, crds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schemas.check(crds, rewrite=True)
    (crds / "deep" / "gadgets.yml").unlink()
    compared = schemas.check(crds, rewrite=True)
    assert not compared.written
    assert len(compared.unread) == 1
    assert run(["schemas", "check", "--crds", str(crds)]) == 2
    assert "Gadgets v1: cannot read" in capsys.readouterr().err
    (project / "kubernetes" / "1.36.json").write_text("other")
    assert run(["schemas", "check", "--crds", str(crds)]) == 1


def test_the_verb_that_compares(project: Path, crds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schemas", "check", "--crds", str(crds)]) == 1
    assert "schemas/crds/index.json is missing\n" in capsys.readouterr().out
    assert run(["schemas", "check", "--crds", str(crds), "--write"]) == 0
    assert run(["schemas", "check", "--crds", str(crds)]) == 0
    assert capsys.readouterr().err.endswith("3 files are what their sources give\n")
