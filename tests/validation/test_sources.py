"""Where the bundled schemas come from: a list, a folder or the Go module proxy, and a checksum over each file."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.validation.index import parse_index
from cluster_stacks.validation.make import make_crds
from cluster_stacks.validation.sources import (
    CrdSource,
    Lifecycle,
    Sources,
    local_reader,
    module_reader,
    parse_sources,
    verified,
)

CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  names: {kind: Widget}
  scope: Namespaced
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
"""
PATH = "config/crd/widgets.yaml"
SUM = hashlib.sha256(CRD.encode()).hexdigest()
SOURCE = CrdSource("Widgets", "widgets", "example.org/widgets", "v1.0.0", {"v1beta2": ("v1",)}, ((PATH, SUM),))


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `go` that answers with the content of a file, as `go mod download -json` does."""
    program, answer = tmp_path / "go", tmp_path / "answer.json"
    program.write_text(f"#!/bin/sh\ncat {answer}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return answer


def archive(folder: Path, name: str) -> Path:
    path = folder / "module.zip"
    with zipfile.ZipFile(path, "w") as module:
        module.writestr(f"example.org/widgets@v1.0.0/{name}", CRD)
    return path


def test_the_committed_list_can_be_read(root: Path) -> None:
    sources = parse_sources((root / "schemas" / "sources.yaml").read_bytes())
    assert sources.minors == ("1.34", "1.35", "1.36", "1.37")
    assert {source.folder for source in sources.crds} == {
        "cluster-api", "docker", "openstack", "orc", "hetzner", "aws", "azure", "gcp", "vsphere", "metal3", "kubevirt",
        "addon-helm", "flux", "argocd", "cluster-stack-operator",
    }
    assert all(len(sha256) == 64 for source in sources.crds for _, sha256 in source.files)
    assert all(source.version for source in sources.crds)


@pytest.mark.parametrize("text", ["[]", "crds: []", "crds: [{name: x}]\nkubernetes: {}", "kubernetes: 1\ncrds: []"])
def test_a_list_of_another_form(text: str) -> None:
    with pytest.raises(CannotTell, match="not a list of sources"):
        parse_sources(text.encode())


def test_a_local_folder(tmp_path: Path) -> None:
    read = local_reader(tmp_path)
    with pytest.raises(CannotTell, match=r"Widgets v1\.0\.0: cannot read .*widgets\.yaml: No such file"):
        read(SOURCE)
    (tmp_path / "widgets").mkdir()
    (tmp_path / "widgets" / "widgets.yaml").write_text(CRD)
    assert read(SOURCE) == {PATH: CRD.encode()}


def test_a_module(tmp_path: Path, go: Path) -> None:
    path = archive(tmp_path, PATH)
    # The error is that of a module that wants a newer Go: its archive is there all the same.
    go.write_text(json.dumps({"Version": "v1.0.0", "Zip": str(path), "Error": "requires go >= 1.99"}))
    assert module_reader(tmp_path)(SOURCE) == {PATH: CRD.encode()}


@pytest.mark.parametrize(("answer", "message"), [
    ({"Error": "reading https://proxy.example.org: 403 Forbidden\n\tmore"}, r"does not give .*\(403 Forbidden\): name"),
    ("nonsense", "does not give example.org/widgets@v1.0.0"),
])
def test_a_module_that_is_not_there(tmp_path: Path, go: Path, answer: object, message: str) -> None:
    go.write_text(answer if isinstance(answer, str) else json.dumps(answer))
    with pytest.raises(CannotTell, match=message):
        module_reader(tmp_path)(SOURCE)


def test_a_module_without_the_file(tmp_path: Path, go: Path) -> None:
    go.write_text(json.dumps({"Version": "v1.0.0", "Zip": str(archive(tmp_path, "other.yaml"))}))
    with pytest.raises(CannotTell, match="has no such file"):
        module_reader(tmp_path)(SOURCE)


def test_other_bytes_are_not_taken() -> None:
    assert verified(SOURCE, {PATH: CRD.encode()})
    with pytest.raises(CannotTell, match=r"widgets\.yaml has the sha256 [0-9a-f]{64}, and sources\.yaml says"):
        verified(SOURCE, {PATH: b"other"})


LIVES = (
    Lifecycle("v1", since="v0.9", deprecated="v1.0", unserved="v2.0"), Lifecycle("v1", ("Gadget",), since="v0.5"),
    Lifecycle("v0", removed="v1.0"),
)


def test_since_when_is_said_of_all_kinds_or_of_some() -> None:
    source = replace(SOURCE, lifecycle=LIVES)
    assert source.life_of("Widget", "v1") == LIVES[0]
    assert source.life_of("Gadget", "v1") == LIVES[1]
    assert source.life_of("Widget", "v2") is None


def test_since_when_stands_in_the_index() -> None:
    old = CRD.replace("storage: true,", "storage: true, deprecated: true,").encode()
    source = replace(SOURCE, lifecycle=LIVES, files=((PATH, hashlib.sha256(old).hexdigest()),))
    made, _ = make_crds(Sources((source,), "x", "1", ()), lambda _: {PATH: old})
    (info,) = parse_index(json.loads(made["crds/index.json"]))
    assert (info.since, info.deprecated_since, info.unserved_from) == ("v0.9", "v1.0", "v2.0")
    with pytest.raises(CannotTell, match=r"differ on whether example\.org/v1 Widget is deprecated"):
        make_crds(Sources((replace(SOURCE, lifecycle=LIVES),), "x", "1", ()), lambda _: {PATH: CRD.encode()})


def test_schemas_are_made_of_what_could_be_read() -> None:
    gone = CrdSource("Gone", "gone", "example.org/gone", "v1", {}, (("a", SUM),))
    sources = Sources((SOURCE, gone), "kubernetes-validate", "1", ())

    def read(source: CrdSource) -> dict[str, bytes]:
        if source is gone:
            raise CannotTell("Gone v1: not there")
        return {PATH: CRD.encode()}

    made, unread = make_crds(sources, read)
    assert list(made) == ["crds/example.org/widget_v1.json"], "an index of the rest only would be wrong"
    assert unread == ["Gone v1: not there"]
    made, unread = make_crds(Sources((SOURCE,), "x", "1", ()), read)
    assert "crds/index.json" in made
    assert not unread
    assert b'"v1beta2": ["v1"]' in made["crds/index.json"]
