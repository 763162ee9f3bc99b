"""`diff` end to end: what it compares with what, and that no format can be broken by what it shows."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli import _difference
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.diff import DiffResult, StackDiff
from cluster_stacks.releases.compare import Fate, ObjectChange, ReleaseComparison
from cluster_stacks.releases.difference import Difference
from cluster_stacks.releases.move import Move
from gitrepo_plugin import Files, GitRepo
from small_stack import STACK, files
from stacks_fixture import Cli


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit(files())
    return git_repo.checkout()


def topic(repo: GitRepo, edits: Files) -> None:
    repo.commit(edits, branch="topic", parent="main")


def test_with_the_published_release(repo: GitRepo, cli: Cli) -> None:
    assert cli("publish")[0] == 0
    topic(repo, files(version="v2", image="b"))
    code, out, _ = cli("diff", "--base", "main", "--head", "topic")
    assert code == 0
    assert out == """\
docker/scs/1-36: docker-scs-1-36-v2, compared with docker-scs-1-36-v1 (published)
~ clusterStack: v1 → v2
~ DevMachineTemplate docker-scs-1-36-v2-worker
  ~ spec.template.spec.backend.docker.customImage: "node:a" → "node:b"
  the move of a Cluster: accepted
    rolls control plane: backend.docker.customImage changed
    rolls machineDeployment default: backend.docker.customImage changed
"""


def test_with_the_first_environment_that_is_published_to(repo: GitRepo, cli: Cli) -> None:
    environments = "environments: [{name: b, branch: env/b, from: a}, {name: a, branch: env/a}]\n"
    repo.commit({".cluster-stacks.yaml": environments})
    repo.checkout()
    assert cli("publish")[0] == 0
    topic(repo, files(version="v2", image="b"))
    for options, origin in (((), "published"), (("--branch", "env/b"), "merge base")):
        out = cli("diff", "--base", "main", "--head", "topic", *options)[1]
        assert out.splitlines()[0].endswith(f"compared with docker-scs-1-36-v1 ({origin})")


def test_with_the_merge_base_where_nothing_is_published(repo: GitRepo, cli: Cli) -> None:
    topic(repo, files(version="v2", image="b"))
    repo.commit(files(version="v2", image="somebody else's"))
    code, out, _ = cli("diff", "--base", "main", "--head", "topic")
    assert (code, out.splitlines()[0]) == (
        0, "docker/scs/1-36: docker-scs-1-36-v2, compared with docker-scs-1-36-v1 (merge base)",
    )
    assert 'customImage: "node:a" → "node:b"' in out


def test_a_change_that_is_not_bumped_says_so(repo: GitRepo, cli: Cli) -> None:
    assert cli("publish")[0] == 0
    topic(repo, files(image="b"))
    out = cli("diff", "--base", "main", "--head", "topic")[1]
    assert "! v1 is published with other content: run `cluster-stacks bump docker/scs/1-36`" in out
    assert 'customImage: "node:a" → "node:b"' in out


@pytest.mark.parametrize("published", [True, False])
def test_a_new_minor_with_the_one_before(repo: GitRepo, cli: Cli, published: bool) -> None:
    if published:
        assert cli("publish")[0] == 0
    topic(repo, files("1-37"))
    out = cli("diff", "--base", "main", "--head", "topic")[1]
    origin = "previous minor, published" if published else "previous minor"
    assert out.splitlines()[0] == f"docker/scs/1-37: docker-scs-1-37-v1, compared with docker-scs-1-36-v1 ({origin})"
    assert "~ kubernetes: v1.36.1 → v1.37.1" in out
    assert "rolls all machines: Kubernetes v1.36.1 becomes v1.37.1" in out
    assert "DevMachineTemplate" not in out


def test_the_first_stack_and_one_that_goes(repo: GitRepo, cli: Cli) -> None:
    assert cli("publish")[0] == 0
    moved = {path.replace("docker", "openstack"): text for path, text in files().items()}
    topic(repo, {**dict.fromkeys(files()), **moved})
    assert cli("diff", "--base", "main", "--head", "topic")[1].split("\n\n") == [
        "docker/scs/1-36: removed, docker-scs-1-36-v1 stays published until it is retired",
        "openstack/scs/1-36: openstack-scs-1-36-v1 is the first\n",
    ]


def test_a_stack_by_name_is_compared_with_what_was_before_it(repo: GitRepo, cli: Cli) -> None:
    assert cli("publish")[0] == 0
    repo.commit(files(version="v2", image="b"))
    repo.checkout()
    assert cli("publish")[0] == 0
    out = cli("diff", "docker/scs/1-36", "--head", "main", "--base", "main")[1]
    assert out.splitlines()[:2] == [
        "docker/scs/1-36: docker-scs-1-36-v2, compared with docker-scs-1-36-v1 (published)",
        "! docker-scs-1-36-v2 is published",
    ]


def test_nothing_changed(cli: Cli) -> None:
    assert cli("diff", "--base", "main", "--head", "main") == (0, "", "no stack changed\n")
    assert cli("diff", "--base", "main", "--head", "main", "--format", "markdown")[1] == (
        "### cluster-stacks: no release changes\n"
    )


def test_a_stack_that_cannot_be_rendered_is_a_finding(repo: GitRepo, cli: Cli) -> None:
    topic(repo, {f"{STACK}/1-36/cluster-class/class.yaml": "a: <% nothing %>\n"})
    code, out, err = cli("diff", "--base", "main", "--head", "topic")
    assert (code, out) == (1, "")
    assert "class.yaml:1" in err


def test_a_branch_of_somebody_else_is_told(repo: GitRepo, cli: Cli) -> None:
    repo.commit({"x": "y"}, branch="rendered")
    topic(repo, files(version="v2", image="b"))
    code, out, err = cli("diff", "--base", "main", "--head", "topic")
    assert (code, "(merge base)" in out) == (0, True)
    assert "rendered is not compared with: cluster-stacks did not write it" in err


def test_a_damaged_release_on_the_branch_is_a_finding(repo: GitRepo, cli: Cli) -> None:
    assert cli("publish")[0] == 0
    repo.commit({"releases/docker/scs/1-36/v1/release.json": None}, branch="rendered")
    topic(repo, files(version="v2"))
    code, _, err = cli("diff", "--base", "main", "--head", "topic")
    assert code == 1
    assert "releases/docker/scs/1-36/v1 lost its release.json" in err


def test_json_follows_its_schema(repo: GitRepo, cli: Cli, root: Path) -> None:
    assert cli("publish")[0] == 0
    topic(repo, files(version="v2", image="b") | files("1-37"))
    code, out, _ = cli("diff", "--base", "main", "--head", "topic", "--format", "json")
    result = json.loads(out)
    jsonschema.validate(result, json.loads((root / "schemas/diff.schema.json").read_text()))
    first = result["stacks"][0]
    assert (code, first["move"]["verdict"], first["origin"]) == (0, "accepted", "published")
    assert first["objects"][0]["differences"] == [
        {"path": "spec.template.spec.backend.docker.customImage", "old": "node:a", "new": "node:b"},
    ]


def result(*texts: str, count: int = 1) -> DiffResult:
    found = tuple(Difference(f"p.{text}", "old", text) for text in texts)
    change = ObjectChange(Fate.CHANGED, "", "Kind", "name", found)
    comparison = ReleaseComparison({}, (change,), (), (), (), Move())
    stack = StackId("docker", "scs", "1-36")
    before = stack.release_name("v1")
    return DiffResult(tuple(
        StackDiff(stack, stack.release_name(f"v{n}"), before, "published", comparison=comparison) for n in range(count)
    ))


@pytest.mark.parametrize("text", ["```\n# title", "`" * 9, "</details>", "a | b", "\x1b[31m", "\u202e", "::error::x"])
def test_markdown_stays_whole_whatever_it_shows(text: str) -> None:
    shown = _difference.markdown(result(text))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    inside = shown.split("<details>")[1]
    fence = next(line for line in inside.splitlines() if line.endswith("`diff")).removesuffix("diff")
    assert inside.count(f"\n{fence}\n") == 1, "the fence ends where it is meant to"
    assert inside.rstrip().endswith("</details>")


@pytest.mark.parametrize(("lines", "count"), [(5000, 1), (50, 100), (3, 2000)])
def test_markdown_keeps_its_budget(lines: int, count: int) -> None:
    shown = _difference.markdown(result(*(f"value {n}" for n in range(lines)), count=count), budget=20_000)
    assert len(shown.encode()) <= 20_000
    assert shown.count("<details>") == shown.count("</details>")
    assert "see `cluster-stacks diff`" in shown


def test_colours_only_where_they_are_wanted(repo: GitRepo, cli: Cli) -> None:
    topic(repo, files(version="v2", image="b"))
    args = ("diff", "--base", "main", "--head", "topic")
    assert "\x1b[33m" in cli(*args, "--color", "always")[1]
    assert "\x1b" not in cli(*args)[1]
