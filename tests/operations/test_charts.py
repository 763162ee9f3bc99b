"""Charts are downloaded when somebody asks, by the real helm from a repository of this machine, and are kept."""

from __future__ import annotations

import http.server
import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chart_files import about, packed, up
from cluster_stacks.cli.main import run
from cluster_stacks.operations.chart_cache import VARIABLE, cached_chart, chart_file, chart_folder
from gitrepo_plugin import GitRepo
from small_stack import files

pytestmark = pytest.mark.usefixtures("tools")

ADDON = "providers/docker/scs/1-36/cluster-addon"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )
    return folder


@pytest.fixture
def server(certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, str]]:
    """A folder of charts, and its address. Helm trusts its certificate."""
    served = tmp_path / "served"
    served.mkdir()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(served))) as made:
        made.socket = context.wrap_socket(made.socket, server_side=True)
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        yield served, f"https://localhost:{made.server_address[1]}"
        made.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "charts"))
    return tmp_path / "charts"


def serve(place: Path, *charts: tuple[str, bytes]) -> None:
    for name, data in charts:
        (place / name).write_bytes(data)
    entries = "".join(
        f"  {name.partition('-')[0]}:\n  - name: {name.partition('-')[0]}\n    version: 1.2.3\n    urls: [{name}]\n"
        for name, _ in charts
    )
    (place / "index.yaml").write_text(f"apiVersion: v1\nentries:\n{entries}")


def call(repo: GitRepo, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, str], list[str]]:
    capfd.readouterr()
    code = run(["charts", words[0], "--repo", str(repo.path), "--format", "json", *words[1:]])
    charts = json.loads(capfd.readouterr().out)["charts"]
    failed = [each["failed"] for each in charts if each["failed"]]
    return code, {each["name"]: each["state"] for each in charts}, failed


def test_fetch(
    git_repo: GitRepo, server: tuple[Path, str], folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place, address = server
    chart = f"{about('net')}dependencies: [{{name: up, version: 1.2.3, repository: '{address}'}}]\n"
    held = {f"{ADDON}/held/charts/up/{name}": text for name, text in up().items()}
    git_repo.commit(files() | held | {f"{ADDON}/net/Chart.yaml": chart, f"{ADDON}/held/Chart.yaml": chart})
    repo = git_repo.checkout()
    serve(place, ("up-1.2.3.tgz", packed(up())))
    assert call(repo, capfd, "list") == (0, {"up": "missing"}, [])
    assert not folder.exists()
    assert call(repo, capfd, "fetch") == (0, {"up": "downloaded"}, [])
    assert cached_chart(address, "up", "1.2.3") == packed(up())
    assert call(repo, capfd, "list") == (0, {"up": "there"}, [])
    # What is there is not asked for again, unless that is wanted; then it must be the same.
    (place / "index.yaml").rename(place / "gone.yaml")
    assert call(repo, capfd, "fetch") == (0, {"up": "there"}, [])
    code, states, failed = call(repo, capfd, "fetch", "--again")
    assert (code, states, "not a valid chart repository" in failed[0]) == (2, {"up": "failed"}, True)
    serve(place, ("up-1.2.3.tgz", packed(up(extra="other"))))
    code, _, failed = call(repo, capfd, "fetch", "--again")
    assert (code, "it is not what it was" in failed[0]) == (2, True)
    assert cached_chart(address, "up", "1.2.3") == packed(up())


@pytest.mark.parametrize(
    ("data", "words"),
    [(packed({"Chart.yaml": about("other")}), "it is other 1.2.3"), (b"<html>", "no packed chart")],
)
def test_what_was_downloaded_is_looked_at(
    git_repo: GitRepo, server: tuple[Path, str], folder: Path, capfd: pytest.CaptureFixture[str], data: bytes,
    words: str,
) -> None:
    place, address = server
    chart = f"{about('net')}dependencies: [{{name: up, version: 1.2.3, repository: '{address}'}}]\n"
    git_repo.commit(files() | {f"{ADDON}/net/Chart.yaml": chart})
    serve(place, ("up-1.2.3.tgz", data))
    code, _, failed = call(git_repo.checkout(), capfd, "fetch")
    assert (code, words in failed[0], folder.exists()) == (2, True, False)


def test_where_charts_stand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert chart_file("https://helm.cilium.io", "cilium", "v1.20.2") == "helm.cilium.io/cilium-1.20.2.tgz"
    assert chart_file("https://example.org:8443/a/b/", "up", "1.2.3") == "example.org_8443/a/b/up-1.2.3.tgz"
    assert chart_file("oci://example.org/a", "up", "1.2.3+x") == "oci+example.org/a/up-1.2.3+x.tgz"
    wrong = ("https://example.org/../a", "file:///a", "https://a:b@example.org", "https://example.org/?a=b", "a")
    for repository in wrong:
        assert chart_file(repository, "up", "1.2.3") is None, repository
    assert chart_file("https://example.org", "../up", "1.2.3") is None
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert chart_folder() == tmp_path / "cluster-stacks" / "charts"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    assert chart_folder() is None
