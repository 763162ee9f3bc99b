"""Where something must not be published: secrets, unsigned commits, addons that clusters would lose, others' files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo, metadata
from stacks_fixture import Cli

STACK = "providers/docker/scs"
ADDON = f"{STACK}/shared/cluster-addon/settings"
CLUSTERADDON = f"{STACK}/shared/clusteraddon.yaml"
RANDOM = "q7Zk2mXv9TbLw4RyHs8NcJd6PfGa3EuVo1KiBx5W"
TOKEN = "glpat" + "-" + RANDOM[:20]
SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: creds
  namespace: kube-system
stringData:
  cloud: "${CLOUD}"
  token: <% vars.word %>
"""
CONFIG = f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: files
data:
  plain: text
  config: |
    user: robot
    token: {TOKEN}
"""


@pytest.fixture
def repo(git_repo: GitRepo, root: Path) -> GitRepo:
    """The reference stack for one minor, one commit, checked out."""
    folders = (root / STACK / "shared", root / STACK / "1-36")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    found = re.search(r"kubernetes: (\S+)", (root / STACK / "1-36" / "metadata.yaml").read_text())
    assert found
    git_repo.commit(
        {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
        | {".cluster-stacks.yaml": "{}\n", f"{STACK}/1-36/metadata.yaml": metadata(kubernetes=found[1])}
    )
    return git_repo.checkout()


def test_secrets_are_refused_at_their_line_unless_allowed(repo: GitRepo, cli: Cli) -> None:
    repo.commit({
        f"{ADDON}/secret.yaml": SECRET, f"{ADDON}/config.yaml": CONFIG, CLUSTERADDON: _with_addon(repo),
        f"{STACK}/1-36/overlay.yaml": repo.read(f"{STACK}/1-36/overlay.yaml") + "  word: hunter2\n",
    })
    repo.checkout()
    for verb in (["publish"], ["validate", "--all"]):
        code, out, err = cli(*verb)
        assert code == 1
        assert f"{ADDON}/secret.yaml:8:" in out
        assert "CS565" in out
        assert f"{ADDON}/config.yaml:7:" in out
        assert "a GitLab token in ConfigMap 'files'" in out
        assert TOKEN not in out + err
        assert "hunter2" not in out + err
        assert "2 errors" in out
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""
    repo.commit({".cluster-stacks.yaml": "allowSecrets: [kube-system/creds, file*]\n"})
    repo.checkout()
    assert cli("publish")[0] == 0


def test_a_token_in_the_values_of_a_chart(repo: GitRepo, cli: Cli) -> None:
    chart = next(path for path in repo.git("ls-files").splitlines() if path.endswith("/Chart.yaml"))
    values = chart.replace("Chart.yaml", "values.yaml")
    text = repo.read(values) + f"# a leak: {TOKEN}\n"
    repo.commit({values: text})
    repo.checkout()
    code, out, _ = cli("publish")
    assert code == 1
    assert f"{values}:{len(text.splitlines())}:1" in out
    assert TOKEN not in out
    assert "CS567" in out
    repo.commit({".cluster-stacks.yaml": f"allowSecrets: ['{values}']\n"})
    repo.checkout()
    assert cli("publish")[0] == 0


def test_the_source_must_be_signed(repo: GitRepo, cli: Cli) -> None:
    code, out, _ = cli("publish", "--require-signed")
    assert code == 1
    assert "CS571" in out
    assert "is not signed" in out
    repo.commit({".cluster-stacks.yaml": "requireSigned: true\n"})
    repo.checkout()
    assert cli("publish")[0] == 1
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""


def test_an_addon_that_clusters_would_lose(repo: GitRepo, cli: Cli) -> None:
    path = f"{ADDON}/config.yaml"
    config = CONFIG.replace(TOKEN, "none")
    repo.commit({path: config, f"{ADDON}/addon.yaml": "namespace: default\n", CLUSTERADDON: _with_addon(repo)})
    repo.checkout()
    assert cli("publish")[0] == 0
    repo.commit({
        f"{ADDON}/addon.yaml": "namespace: kube-system\n",
        f"{STACK}/1-36/metadata.yaml": repo.read(f"{STACK}/1-36/metadata.yaml")
        .replace("clusterStack: v1", "clusterStack: v2").replace("clusterAddon: v1", "clusterAddon: v2"),
    })
    repo.checkout()
    before = repo.git("rev-parse", "rendered")
    code, out, _ = cli("publish")
    assert code == 1
    assert "CS111" in out
    assert "the addon settings moves from namespace default to kube-system" in out
    assert repo.git("rev-parse", "rendered") == before
    repo.commit({".cluster-stacks.yaml": (
        "waivers:\n  - {rule: CS111, stack: docker/scs/1-36, reason: replaced by hand, expires: 2999-12-31}\n"
    )})
    repo.checkout()
    code, out, _ = cli("publish")
    assert code == 0, out


def test_adopt(repo: GitRepo, cli: Cli) -> None:
    repo.git("update-ref", "refs/heads/rendered", repo.git(
        "commit-tree", "-m", "theirs", repo.git("mktree", stdin=f"100644 blob {_blob(repo)}\tCODEOWNERS\n".encode())
    ))
    code, out, _ = cli("publish")
    assert code == 1
    assert "--adopt" in out
    assert cli("publish", "--adopt")[0] == 0
    assert repo.git("show", "rendered:CODEOWNERS") == "theirs"


def test_an_older_commit_that_comes_late(repo: GitRepo, cli: Cli) -> None:
    """Of its stacks, what the branch lacks is added; what it was made from stays the newer commit."""
    own = {path: (repo.path / path).read_bytes() for path in repo.git("ls-files").splitlines() if "/1-36/" in path}
    repo.commit({path.replace("/1-36/", "/1-37/"): data for path, data in own.items()} | {
        f"{STACK}/1-37/metadata.yaml": metadata(kubernetes="v1.37.1"),
    })
    repo.checkout()
    assert cli("publish", "docker/scs/1-37")[0] == 0
    code, out, _ = cli("publish", "--head", "HEAD~1")
    assert code == 0
    assert "docker/scs/1-36 v1: new" in out
    assert f'"drySha": "{repo.git("rev-parse", "HEAD")}"' in repo.git("show", "rendered:hydrator.metadata")
    assert "nothing to do" in cli("publish", "--head", "HEAD~1")[1]


def _with_addon(repo: GitRepo) -> str:
    """clusteraddon.yaml with our addon in its first stage."""
    own = r"\1- name: settings\n\1  action: apply\n\g<0>"
    return re.sub(r"(?m)^( *)- name: ", own, repo.read(CLUSTERADDON), count=1)


def _blob(repo: GitRepo) -> str:
    return repo.git("hash-object", "-w", "--stdin", stdin=b"theirs")
