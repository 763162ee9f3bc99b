"""Publishers as processes: many at once, and one that is killed at every step of its way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]
PUSH = {"remote": "origin", "push": True}
DRIVER = Path(__file__).parent / "publish_one.py"
STACK = "docker/scs/1-36"
MANY = 24
# A git that counts the calls that write or use the network (after any other, all is as before it), and kills who made
# one of them when that was run.
SHIM = """\
#!/bin/sh
case " $* " in
  *" fast-import "*|*" read-tree "*|*" update-index "*|*" write-tree "*|*" commit-tree "*|*" push "*|*" fetch "*|\\
  *" update-ref "*|*" notes "*|*" ls-remote "*) ;;
  *) exec {git} "$@" ;;
esac
number=$(($(cat "$COUNT") + 1))
echo $number > "$COUNT"
{git} "$@"
code=$?
[ $number = "$KILL_AT" ] && kill -9 $PPID
exit $code
"""


def start(repo: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(DRIVER), str(repo), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **(env or {})},
    )


def clones_at(repo: Any, remote: Any, folder: Path, commits: list[str]) -> list[Path]:
    """A clone of the remote for each commit of main, with that one checked out."""
    repo.git("push", "-q", "origin", "HEAD:main")
    clones = [folder / f"clone-{number}" for number in range(len(commits))]
    for clone, commit in zip(clones, commits, strict=True):
        repo.git("clone", "-q", str(remote.path), str(clone))
        type(repo)(clone).git("checkout", "-q", commit)
    return clones


def stacks_of(repo: Any, ref: str) -> dict[str, list[str]]:
    """The versions in each series.json of a branch, all of whose releases must be there, and in the catalogue."""
    found: dict[str, list[str]] = {}
    for path in repo.files(ref):
        if path.endswith("/series.json"):
            series = json.loads(repo.show(path, ref))
            found[series["stack"]["id"]] = [item["version"] for item in series["versions"]]
    for stack, versions in found.items():
        for version in versions:
            assert json.loads(repo.show(f"releases/{stack}/{version}/release.json", ref))["stack"]["id"] == stack
    catalogue = json.loads(repo.show("catalogue.json", ref))["stacks"]
    assert {item["stack"]["id"]: [r["version"] for r in item["releases"]] for item in catalogue} == found
    return found


@pytest.mark.slow
def test_many_at_once_and_none_is_lost(repo: Any, remote: Any, release: Make, tmp_path: Path) -> None:
    """Each in a clone of its own, with a stack of its own, from a source commit of its own; all push at once."""
    commits = [repo.commit(f"Change {number}") for number in range(MANY)]
    clones = clones_at(repo, remote, tmp_path, commits)
    names = [f"docker/scs-{number}/1-36" for number in range(MANY)]
    running = [start(clone, name, "v1") for clone, name in zip(clones, names, strict=True)]
    said = [(process.communicate(timeout=300), process.returncode) for process in running]
    assert [code for _, code in said] == [0] * MANY, said
    assert stacks_of(remote, "rendered") == {name: ["v1"] for name in names}
    # One commit each, one after the other, and never back to an older source.
    history = remote.git("rev-list", "--reverse", "rendered").split()
    assert len(history) == MANY
    dry = [commits.index(json.loads(remote.show("hydrator.metadata", commit))["drySha"]) for commit in history]
    assert dry == sorted(dry)
    assert dry[-1] == MANY - 1
    files = {f"delivery/flux/{name.replace('/', '-')}-v1.yaml" for name in names}
    assert files <= set(remote.files("rendered"))
    remote.git("fsck", "--strict", "--no-dangling")


@pytest.mark.slow
def test_many_with_one_version_and_several_contents(repo: Any, remote: Any, tmp_path: Path) -> None:
    """One of them is the first; the others are told, and nothing is blended."""
    clones = clones_at(repo, remote, tmp_path, [repo.commit(f"Other {number}") for number in range(6)])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _SAME_VERSION, str(DRIVER.parent), str(clone), str(number)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number, clone in enumerate(clones)
    ]
    said = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert sorted(code for _, code in said) == [0, 1, 1, 1, 1, 1], said
    won = next(number for number, (_, code) in enumerate(said) if code == 0)
    winner = type(repo)(clones[won]).git("rev-parse", "--short=7", "HEAD")
    for number, ((_, told), code) in enumerate(said):
        if code:
            own = type(repo)(clones[number]).git("rev-parse", "--short=7", "HEAD")
            assert f"has other content (from commit {winner}; this is {own})" in told
    assert remote.show(f"releases/{STACK}/v1/cluster-class/class.yaml", "rendered") == f"content {won}"
    assert remote.git("rev-list", "--count", "rendered") == "1"


_SAME_VERSION = """\
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import Repo, make_release
from cluster_stacks.model.errors import Refused
try:
    Repo(Path(sys.argv[2])).publish([make_release(content="content " + sys.argv[3])], remote="origin", push=True)
except Refused as error:
    sys.exit(str(error))
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["a release", "a note"])
def test_killed_at_every_step(
    repo: Any, remote: Any, release: Make, generation: Make, tmp_path: Path, what: str
) -> None:
    """SIGKILL after each step: the branch is the old one or the new one, and the next run ends as without it."""
    versions = ("v1", "v2") if what == "a release" else ("v1",)
    first = repo.publish([release(content="v1")], [generation()], **PUSH)
    source = repo.commit("Second")
    shim = tmp_path / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(git=shutil.which("git")))
    shim.chmod(0o755)
    whole = ""
    for step in range(1, 200):
        folder = tmp_path / f"step-{step}"
        shutil.copytree(remote.path, folder / "origin.git")
        shutil.copytree(repo.path, folder / "stacks")
        here, there = type(repo)(folder / "stacks"), type(repo)(folder / "origin.git")
        here.git("remote", "set-url", "origin", str(there.path))
        (folder / "count").write_text("0")
        killed = start(here.path, STACK, *versions, env={
            "PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}", "COUNT": str(folder / "count"),
            "KILL_AT": str(step), "TMPDIR": str(folder),
        })
        killed.communicate(timeout=60)
        after = there.git("rev-parse", "rendered")
        assert after == first.commit or (whole and there.git("rev-parse", "rendered^{tree}") == whole) or not whole
        stacks_of(there, "rendered")
        stacks_of(here, "rendered")
        healing = start(here.path, STACK, *versions)
        out, err = healing.communicate(timeout=60)
        assert healing.returncode == 0, (step, out, err)
        tree = there.git("rev-parse", "rendered^{tree}")
        whole = whole or tree
        assert tree == whole, step
        assert here.git("rev-parse", "rendered") == there.git("rev-parse", "rendered"), step
        assert there.git("rev-list", "--count", "rendered") == str(len(versions)), step
        assert here.git("status", "--porcelain") == ""
        if what == "a note":
            note = json.loads(there.git("notes", "--ref=hydrator.metadata", "show", "rendered"))
            assert note == {"drySha": source}, step
        shutil.rmtree(folder)
        if killed.returncode == 0:
            break
    assert killed.returncode == 0
    assert step > 4
