"""The bundled schemas, made again and compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.operations import schemas


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
    told = capsys.readouterr().err
    assert "not checked: Gadgets v1: cannot read" in told
    assert told.endswith("1 files were compared; those of 1 sources could not be\n")
    (project / "kubernetes" / "1.36.json").write_text("other")
    assert run(["schemas", "check", "--crds", str(crds)]) == 1


def test_the_verb_that_compares(project: Path, crds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schemas", "check", "--crds", str(crds)]) == 1
    assert "schemas/crds/index.json is missing\n" in capsys.readouterr().out
    assert run(["schemas", "check", "--crds", str(crds), "--write"]) == 0
    assert run(["schemas", "check", "--crds", str(crds)]) == 0
    assert capsys.readouterr().err.endswith("3 files are what their sources give\n")
