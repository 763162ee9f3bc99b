"""CRDs added to a repository: from files, folders, charts and addresses, with a record of what they came from."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import io
import json
import ssl
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.operations import schemas
from cluster_stacks.operations.add_schemas import add
from cluster_stacks.runtime.fetch import fetch
from gitrepo_plugin import GitRepo
from widgets import CRD, OTHER


def test_crds_become_schemas_of_the_repository(git_repo: GitRepo, crds: Path) -> None:
    added = add(git_repo.path, [crds])
    assert [info.kind for info in added.kinds] == ["Gadget", "Widget"]
    assert added.files == (
        "schemas/crds/example.org/gadget_v1.json", "schemas/crds/example.org/widget_v1.json",
        "schemas/crds/index.json", "schemas/crds/sources.yaml",
    )
    assert added.notes == ()
    assert add(git_repo.path, [crds]).files == ()
    index = json.loads(git_repo.read("schemas/crds/index.json"))
    assert [(kind["kind"], kind["source"], kind["contracts"]) for kind in index["kinds"]] == [
        ("Gadget", "gadgets.yml", {"v1beta2": ["v1"]}), ("Widget", "widgets.yaml", {"v1beta2": ["v1"]})
    ]


def test_kinds_that_were_there_stay(git_repo: GitRepo, crds: Path) -> None:
    add(git_repo.path, [crds / "widgets.yaml"])
    before = git_repo.read("schemas/crds/example.org/widget_v1.json")
    add(git_repo.path, [crds / "deep"])
    assert git_repo.read("schemas/crds/example.org/widget_v1.json") == before
    kinds = [known.info.kind for known in schemas.known_kinds(git_repo.path) if known.folder == "schemas/crds"]
    assert kinds == ["Gadget", "Widget"]


def test_where_they_are_written(git_repo: GitRepo, crds: Path) -> None:
    git_repo.write({".cluster-stacks.yaml": "schemas: [config/schemas]\n"})
    assert add(git_repo.path, [crds]).files[0].startswith("config/schemas/")
    elsewhere = add(git_repo.path, [crds], "other")
    assert elsewhere.notes == ("nothing reads other yet: add it to `schemas:` in .cluster-stacks.yaml",)
    for outside in ("../outside", "/tmp/outside"):
        with pytest.raises(CannotTell, match="is not in the repository"):
            add(git_repo.path, [crds], outside)


def test_one_bad_crd_and_nothing_is_written(git_repo: GitRepo, crds: Path) -> None:
    (crds / "zz.yaml").write_text(CRD.replace("type: integer", "format: int32"))
    with pytest.raises(Refused) as caught:
        add(git_repo.path, [crds])
    (finding,) = caught.value.findings
    assert (finding.rule, finding.path, finding.line) == ("CS413", f"{crds}/zz.yaml", 1)
    assert finding.message == "Widget.spec.size: a type is missing: the schema is not structural"
    assert not (git_repo.path / "schemas").exists()


@pytest.mark.parametrize(("name", "message"), [
    ("README.md", "holds no CustomResourceDefinition"), ("x", "there is no"),
])
def test_files_without_a_crd(git_repo: GitRepo, crds: Path, name: str, message: str) -> None:
    (crds / "README.md").write_text("just: text\n")
    with pytest.raises(CannotTell, match=message):
        add(git_repo.path, [crds / name])


def test_no_repository(tmp_path: Path, crds: Path) -> None:
    with pytest.raises(CannotTell, match="is in no work tree of Git"):
        add(tmp_path, [crds])
    assert schemas.known_kinds(tmp_path)


def test_the_verbs(git_repo: GitRepo, crds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--repo", str(git_repo.path)]
    assert run(["schemas", "add", *where, str(crds)]) == 0
    told = capsys.readouterr()
    assert told.out == "Gadget example.org/v1\nWidget example.org/v1\n"
    assert told.err == "2 kinds, 4 files written\n"
    assert run(["schemas", "list", *where]) == 0
    told = capsys.readouterr()
    assert any(line.split()[:2] == ["Widget", "example.org/v1"] for line in told.out.splitlines())
    assert "DaemonSet" not in told.out
    assert "1.34, 1.35, 1.36, 1.37" in told.err
    assert run(["schemas", "list", *where, "--kubernetes", "1.36", "--format", "json"]) == 0
    kinds = {(kind["apiVersion"], kind["kind"]) for kind in json.loads(capsys.readouterr().out)["kinds"]}
    assert {("apps/v1", "Deployment"), ("example.org/v1", "Widget"), ("cluster.x-k8s.io/v1beta2", "Cluster")} <= kinds


# --- what they came from


def sources(repo: GitRepo) -> dict[str, tuple[str, list[str]]]:
    value = load(repo.path.joinpath("schemas/crds/sources.yaml").read_bytes(), "sources.yaml").value
    assert value["schemaVersion"] == 1
    return {source["origin"]: (source["sha256"], source["kinds"]) for source in value["sources"]}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_they_came_from_is_recorded(git_repo: GitRepo, crds: Path) -> None:
    git_repo.write({"crds/widget.yaml": CRD})
    add(git_repo.path, [git_repo.path / "crds" / "widget.yaml", crds / "deep"])
    assert sources(git_repo) == {
        "crds/widget.yaml": (sha256(CRD.encode()), ["Widget example.org/v1"]),
        "gadgets.yml": (sha256(OTHER.encode()), ["Gadget example.org/v1"]),
    }, "a path of the repository, or else the name of the file alone"


def test_a_kind_is_recorded_where_it_was_added_last(git_repo: GitRepo, crds: Path) -> None:
    add(git_repo.path, [crds])
    again = crds / "again.yaml"
    again.write_text(OTHER.replace("integer", "string"))
    assert add(git_repo.path, [again]).notes == ()
    assert {origin: kinds for origin, (_, kinds) in sources(git_repo).items()} == {
        "again.yaml": ["Gadget example.org/v1"], "widgets.yaml": ["Widget example.org/v1"],
    }
    again.write_text(OTHER)
    assert add(git_repo.path, [again]).notes == ("again.yaml is not what it was when it was added last",)


def test_a_record_of_another_form(git_repo: GitRepo, crds: Path) -> None:
    git_repo.write({"schemas/crds/sources.yaml": "[]\n"})
    with pytest.raises(CannotTell, match=r"schemas/crds/sources\.yaml is not what `schemas add` writes"):
        add(git_repo.path, [crds])


def test_a_checksum_that_is_asked_for(git_repo: GitRepo, crds: Path) -> None:
    file = crds / "deep" / "gadgets.yml"
    with pytest.raises(CannotTell, match=rf"has the sha256 {sha256(OTHER.encode())}, not 00: nothing is written"):
        add(git_repo.path, [file], sha256="00")
    with pytest.raises(CannotTell, match="of one file"):
        add(git_repo.path, [crds], sha256="00")
    with pytest.raises(CannotTell, match="of one file"):
        add(git_repo.path, [file, file], sha256="00")
    assert not (git_repo.path / "schemas").exists()
    assert add(git_repo.path, [file], sha256=sha256(OTHER.encode()).upper()).kinds


# --- charts

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: widgets\nversion: 1.2.3\n",
    "values.yaml": "crds: true\n",
    "crds/widget.yaml": CRD,
    "charts/inner/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 0.1.0\n",
    "charts/inner/crds/gadget.yaml": OTHER,
    "templates/deployment.yaml": "kind: {{ .Values.kind }}\n",
    "templates/crd.yaml": "{{- if .Values.crds }}\n" + CRD.replace("Widget", "Gizmo").replace("widgets", "gizmos")
    + "{{- end }}\n",
    "templates/filled.yaml": CRD.replace("name: widgets.example.org", 'name: {{ include "name" . }}'),
}
KINDS = ["Gadget", "Widget", "Gizmo"]
NOTE = "templates/filled.yaml is a template: add what `helm template --include-crds` makes of it"


def packed(files: dict[str, str], top: str = "widgets/") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(top + name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def test_the_crds_of_a_chart(git_repo: GitRepo, tmp_path: Path) -> None:
    for name, text in CHART.items():
        file = tmp_path / "widgets" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    added = add(git_repo.path, [tmp_path / "widgets"])
    assert [info.kind for info in added.kinds] == KINDS
    assert {info.source for info in added.kinds} == {"widgets 1.2.3"}
    assert added.notes == (NOTE,)
    assert len(sources(git_repo)) == 3


def test_the_crds_of_a_packed_chart(git_repo: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "widgets-1.2.3.tgz"
    file.write_bytes(packed(CHART))
    added = add(git_repo.path, [file], sha256=sha256(file.read_bytes()))
    assert [info.kind for info in added.kinds] == KINDS
    assert added.notes == (NOTE,)
    (recorded,) = sources(git_repo).items()
    assert recorded == ("widgets-1.2.3.tgz", (sha256(file.read_bytes()), [
        "Gadget example.org/v1", "Gizmo example.org/v1", "Widget example.org/v1",
    ]))


def test_a_chart_with_nothing_but_templates(git_repo: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "widgets.tgz"
    file.write_bytes(packed({name: CHART[name] for name in ("Chart.yaml", "templates/filled.yaml")}))
    with pytest.raises(CannotTell, match=r"holds no CustomResourceDefinition .*; templates/filled\.yaml is a template"):
        add(git_repo.path, [file])


@pytest.mark.parametrize(("data", "message"), [
    (b"\x1f\x8bnonsense", "is no packed chart"),
    (gzip.compress(b"text", mtime=0), "is no packed chart"),
    (packed({"crds/widget.yaml": CRD}), "one folder with a Chart.yaml"),
    (packed(CHART, "") + b"", "one folder with a Chart.yaml"),
    (packed({**CHART, "../../out.yaml": CRD}, "")[:200], "is no packed chart"),
])
def test_what_is_no_packed_chart(git_repo: GitRepo, tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "x.tgz"
    file.write_bytes(data)
    with pytest.raises(CannotTell, match=message):
        add(git_repo.path, [file])


def test_an_archive_that_unpacks_without_end(git_repo: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "bomb.tgz"
    with tarfile.open(file, "w:gz", compresslevel=1) as archive:
        info = tarfile.TarInfo("widgets/crds/zeros.yaml")
        info.size = 300 * 1024 * 1024
        archive.addfile(info, Zeros())
    with pytest.raises(CannotTell, match="unpacks to more than any chart holds"):
        add(git_repo.path, [file])


class Zeros(io.RawIOBase):
    def read(self, size: int = -1) -> bytes:
        return bytes(size)


def test_nothing_of_an_archive_leaves_its_folder(git_repo: GitRepo, tmp_path: Path) -> None:
    file = tmp_path / "x.tgz"
    with tarfile.open(file, "w:gz") as archive:
        for name, text in {**CHART, "crds/../../../out.yaml": CRD}.items():
            info = tarfile.TarInfo(f"widgets/{name}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("widgets/crds/link.yaml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
    assert [info.kind for info in add(git_repo.path, [file]).kinds] == KINDS


# --- addresses


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An https server on this machine, with a certificate that only this module's processes trust."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True,
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            answers = {"/widgets.yaml": CRD.encode(), "/chart.tgz": packed(CHART), "/large": b"#" * 2_000_000}
            places = {"/moved": "/widgets.yaml", "/plain": "http://localhost/x", "/file": "file:///etc/hostname"}
            self.send_response(302 if path in places else 200 if path in answers else 404)
            if path in places:
                self.send_header("Location", places[path])
            self.end_headers()
            self.wfile.write(answers.get(path, b""))

        def log_message(self, *args: object) -> None:
            pass

    listener = http.server.ThreadingHTTPServer(("localhost", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "cert"))
        patch.setenv("no_proxy", "*")
        yield f"https://localhost:{listener.server_port}"
    listener.shutdown()
    listener.server_close()


def test_an_address(git_repo: GitRepo, server: str) -> None:
    added = add(git_repo.path, [f"{server}/widgets.yaml?token=secret", f"{server}/chart.tgz"])
    assert [info.kind for info in added.kinds] == ["Widget", *KINDS]
    text = (git_repo.path / "schemas/crds/sources.yaml").read_text()
    assert "secret" not in text
    assert sources(git_repo)[f"{server}/chart.tgz"][0] in text
    assert add(git_repo.path, [f"{server}/moved"], sha256=sha256(CRD.encode())).kinds[0].source == f"{server}/moved"


@pytest.mark.parametrize(("path", "message"), [
    ("/gone", "/gone: the server answers 404"),
    ("/plain", "/plain leads to an address that is not https"),
    ("/file", "/file leads to an address that is not https|the server answers 302"),
])
def test_an_address_that_gives_nothing(git_repo: GitRepo, server: str, path: str, message: str) -> None:
    with pytest.raises(CannotTell, match=message):
        add(git_repo.path, [server + path])


@pytest.mark.parametrize(("url", "message"), [
    ("http://localhost/x.yaml?token=secret", r"^http://localhost/x\.yaml is not https: fetch it yourself"),
    ("oci://localhost/x", "is not https"), ("https:///x", "is not https"),
    ("https://me:secret@localhost/x", "^https://localhost/x holds credentials"),
    ("https://localhost:1/x", "cannot fetch https://localhost:1/x: "),
    ("https://localhost:port/x", "cannot fetch|is not https"),
])
def test_addresses_that_are_not_asked(git_repo: GitRepo, url: str, message: str) -> None:
    with pytest.raises(CannotTell, match=message) as caught:
        add(git_repo.path, [url])
    assert "secret" not in str(caught.value)


def test_an_answer_is_bounded(server: str) -> None:
    with pytest.raises(CannotTell, match="is larger than 1 MiB"):
        fetch(f"{server}/large", size=1024 * 1024)
    with pytest.raises(CannotTell, match=r"does not come to an end in time|cannot fetch"):
        fetch(f"{server}/large", seconds=0.0000001)


def test_an_untrusted_certificate(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(CannotTell, match=r"certificate verify failed|CERTIFICATE_VERIFY_FAILED"):
        fetch(f"{server}/widgets.yaml")
