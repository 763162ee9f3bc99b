"""A bump after any refused change: the check passes, a second bump does nothing, and nothing but versions moved."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cluster_stacks.operations.bump import bump
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import GitRepo
from versioning.model.asking import Scratch, examples, said
from versioning.model.edits import Files
from versioning.model.history import Commit, History, play
from versioning.model.strategies import histories

STYLES = ("plain", "crlf", "comments", "quotes", "flow", "class", "no end")
UNSTAGED = ("nothing", "metadata", "layer", "new file", "gone")
_VERSION = re.compile(rb"((?:clusterStack|clusterAddon|nodeImage|clusterClass):\s*[\"']?)v[\w.-]*")


@pytest.fixture(scope="module")
def scratch() -> Iterator[Scratch]:
    made = Scratch()
    yield made
    made.close()


def styled(files: Files, style: str) -> Files:
    """The same versions, as other people write them."""
    return {
        path: (mode, _styled(data, style) if path.endswith("/metadata.yaml") else data)
        for path, (mode, data) in files.items()
    }


def _styled(data: bytes, style: str) -> bytes:
    said = {key.decode(): value.decode() for key, value in re.findall(rb"(\w+): (v[\w.-]+)", data)}
    match style:
        case "crlf":
            return data.replace(b"\n", b"\r\n")
        case "comments":
            return b"# clusterStack: v7\n" + re.sub(rb"(v\d[\w.-]*)\n", rb"\1   # was v0, ours \n", data)
        case "quotes":
            return re.sub(rb": (v\d[\w.-]*)\n", rb": '\1'\n", data)
        case "flow":
            components = f"{{clusterAddon: \"{said['clusterAddon']}\", nodeImage:   {said['nodeImage']}}}"
            return re.sub(rb"(?s)components:.*", f"components: {components}\n".encode(), data)
        case "class":
            return data.replace(b"components:\n", f"components:\n    clusterClass: {said['clusterStack']}\n".encode())
        case "no end":
            return data.rstrip(b"\n")
        case _:
            return data


def refused(repo: GitRepo, question: Question) -> set[str]:
    """The stacks that have a wrong version, but for those that only a human can choose (after v0-sha.abc)."""
    return {row[0] for row in said(check(repo.path, question).findings) if row[2]}


def on_disk(repo: GitRepo) -> dict[str, bytes]:
    files = (path for path in repo.path.rglob("*") if ".git" not in path.parts and path.is_file())
    return {str(path.relative_to(repo.path)): path.read_bytes() for path in files}


def in_index(repo: GitRepo) -> dict[str, tuple[str, bytes]]:
    rows = [re.split(r"[ \t]", row) for row in repo.git("ls-files", "--stage", "-z").split("\0") if row]
    return {row[3]: (row[0], row[1].encode()) for row in rows}


def same_but_versions(before: bytes, after: bytes) -> None:
    assert _VERSION.sub(rb"\1", before) == _VERSION.sub(rb"\1", after)
    one, other = (_loaded(data) for data in (before, after))
    for versions in (one["versions"], other["versions"]):
        versions["clusterStack"] = ""
        versions["components"] = sorted(versions["components"])
    assert one == other


def _loaded(data: bytes) -> Any:
    return YAML(typ="safe", pure=True).load(io.BytesIO(data))


def placed(scratch: Scratch, history: History, style: str, *, staged: bool) -> tuple[GitRepo, str]:
    """The topic in the index or only in the work tree, with the merge base or itself committed; and main's id."""
    world = play(history)
    files = styled(world.state(world.topic), style)
    ids = scratch.commits([*world.commits, Commit(files, (world.topic,))])
    repo = scratch.repo
    repo.git("clean", "-qfdx")
    repo.git("checkout", "--quiet", "--force", "--detach", ids[world.base] if staged else ids[-1])
    if staged:
        repo.git("read-tree", "-u", "--reset", ids[-1])
    return repo, ids[world.main]


@examples(10)
@given(history=histories(), style=st.sampled_from(STYLES))
def test_on_the_work_tree(scratch: Scratch, history: History, style: str) -> None:
    repo, main = placed(scratch, history, style, staged=False)
    question = Question(base=main, worktree=True)
    wrong = refused(repo, question)
    before, index = on_disk(repo), repo.git("ls-files", "--stage")
    result = bump(repo.path, [], question)
    after = on_disk(repo)
    assert {f"providers/{made.stack}" for made in result.bumps} == wrong
    assert refused(repo, question) == set()
    assert before.keys() == after.keys()
    assert repo.git("ls-files", "--stage") == index
    for path, data in before.items():
        if path.rpartition("/")[0] in wrong and path.endswith("/metadata.yaml"):
            same_but_versions(data, after[path])
        else:
            assert after[path] == data
    assert bump(repo.path, [], question).bumps == ()
    assert on_disk(repo) == after


@examples(10)
@given(history=histories(), style=st.sampled_from(STYLES), unstaged=st.sampled_from(UNSTAGED))
def test_on_the_index(scratch: Scratch, history: History, style: str, unstaged: str) -> None:
    repo, main = placed(scratch, history, style, staged=True)
    edited = edit(repo, unstaged)
    question = Question(base=main, staged=True)
    wrong = refused(repo, question)
    before, index = on_disk(repo), in_index(repo)
    bump(repo.path, [], question)
    after, staged = on_disk(repo), in_index(repo)
    assert refused(repo, question) == set()
    assert {path for path in index if staged.get(path) != index[path]} == {f"{stack}/metadata.yaml" for stack in wrong}
    assert staged.keys() == index.keys()
    for path in before.keys() | after.keys():
        if path not in {f"{stack}/metadata.yaml" for stack in wrong} - edited:
            assert after.get(path) == before.get(path), path
    for path in {f"{stack}/metadata.yaml" for stack in wrong}:
        blobs = [repo.git("cat-file", "blob", listed[path][1].decode()).encode() for listed in (index, staged)]
        same_but_versions(*blobs)
        assert staged[path][0] == index[path][0]
    assert bump(repo.path, [], question).bumps == ()
    assert (on_disk(repo), in_index(repo)) == (after, staged)


def edit(repo: GitRepo, unstaged: str) -> set[str]:
    """Work that is not staged; the paths that it touches."""
    found = sorted(path for path in on_disk(repo) if path.endswith("/metadata.yaml"))
    layers = sorted(path for path in on_disk(repo) if "/cluster-" in path)
    paths = found if unstaged in ("metadata", "gone") else layers
    if unstaged == "nothing" or not paths:
        return set()
    if unstaged == "new file":
        path = f"{Path(paths[0]).parent}/unstaged.yaml"
        repo.write({path: "a: 9\n"})
        return {path}
    for path in paths:
        where = repo.path / path
        if unstaged == "gone":
            where.unlink()
        else:
            where.write_bytes(where.read_bytes() + b"\n# unstaged\n")
    return set(paths)
