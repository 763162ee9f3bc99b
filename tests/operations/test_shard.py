"""`plan`, `render --shard` and `publish --from`: many jobs, one commit, and nothing that goes unnoticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitrepo_plugin import GitRepo
from small_stack import STACK, files
from stacks_fixture import Cli

SHARDS = 3
NAMES = ("a", "b", "c", "d", "e")


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    """Five stacks, in one commit."""
    git_repo.commit({path: text for name in NAMES for path, text in files(stack=f"{STACK}{name}").items()})
    return git_repo.checkout()


def matrix(cli: Cli) -> list[str]:
    code, out, _ = cli("plan", "--shards", str(SHARDS), "--format", "github-matrix")
    assert (code, out.count("\n")) == (0, 1)
    return [item["shard"] for item in json.loads(out)["include"]]


def render(cli: Cli, folder: Path) -> list[str]:
    """Every shard into a bundle, as jobs would."""
    bundles = []
    for shard in matrix(cli):
        path = folder / f"{shard.replace('/', '-of-')}.tar"
        code, _, err = cli("render", "--shard", shard, "-o", str(path))
        assert code == 0, err
        bundles.append(str(path))
    return bundles


def flat(text: str) -> str:
    """What was folded to the width of a terminal, in one line."""
    return " ".join(text.split())


def from_(bundles: list[str]) -> list[str]:
    return [word for path in bundles for word in ("--from", path)]


def test_one_commit_as_if_one_job_had_done_it(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    bundles = render(cli, tmp_path)
    assert len(bundles) > 1
    code, out, err = cli("publish", *from_(bundles))
    assert code == 0, err
    assert out.count(": new\n") == len(NAMES)
    assert repo.git("rev-list", "--count", "rendered") == "1"
    tree = repo.git("rev-parse", "rendered^{tree}")
    repo.git("update-ref", "-d", "refs/heads/rendered")
    assert cli("publish")[0] == 0
    assert repo.git("rev-parse", "rendered^{tree}") == tree


def test_only_what_the_branch_lacks(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    cli("publish")
    assert cli("plan", "--format", "github-matrix")[1] == '{"include":[]}\n'
    assert cli("plan")[2] == "0 of 5 stacks to render\n"
    repo.commit(files(version="v2", image="b", stack=f"{STACK}b"))
    repo.checkout()
    code, out, _ = cli("plan", "--shards", "3", "--format", "json")
    [shard] = json.loads(out)["shards"]
    assert (code, shard["stacks"]) == (0, ["docker/scsb/1-36"])
    [bundle] = render(cli, tmp_path)
    code, out, err = cli("publish", *from_([bundle]))
    assert (code, out.splitlines()[0]) == (0, "docker/scsb/1-36 v2: new"), err


def test_a_shard_that_is_missing(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    bundles = render(cli, tmp_path)
    code, out, err = cli("publish", *from_(bundles[1:]))
    assert code == 1
    assert "CS591" in out + err
    assert "no bundle of it was given" in flat(out + err)
    assert repo.git("branch", "--list", "rendered") == ""


def test_a_shard_that_is_given_twice(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    bundles = render(cli, tmp_path)
    copy = tmp_path / "copy.tar"
    copy.write_bytes(Path(bundles[0]).read_bytes())
    code, out, err = cli("publish", *from_([*bundles, str(copy)]))
    assert (code, "is to be given once" in flat(out + err)) == (1, True)
    code, out, err = cli("publish", *from_([*bundles, bundles[0]]))
    assert (code, "is given twice" in flat(out + err)) == (1, True)
    assert repo.git("branch", "--list", "rendered") == ""


def test_a_bundle_of_another_commit(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    bundles = render(cli, tmp_path)
    repo.commit(files(version="v2", image="b", stack=f"{STACK}b"))
    repo.checkout()
    code, out, err = cli("publish", *from_(bundles))
    assert (code, "was made from commit" in flat(out + err)) == (1, True)


def test_a_bundle_of_another_split(cli: Cli, tmp_path: Path) -> None:
    bundles = render(cli, tmp_path)
    other = tmp_path / "other.tar"
    assert cli("render", "--shard", "1/2", "-o", str(other))[0] == 0
    code, out, err = cli("publish", *from_([*bundles, str(other)]))
    assert (code, "different splits (2, 3 shards)" in flat(out + err)) == (1, True)


def test_a_stack_that_is_wrong_gives_no_bundle(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    repo.commit({f"{STACK}a/1-36/cluster-class/class.yaml": "a: <% nothing %>\n"})
    repo.checkout()
    path = tmp_path / "x.tar"
    code, out, _ = cli("render", "--shard", "1/1", "-o", str(path))
    assert (code, path.exists()) == (1, False)
    assert "class.yaml:1" in out
    assert [entry.name for entry in tmp_path.iterdir() if "x.tar" in entry.name] == []


@pytest.mark.parametrize(("args", "message"), [
    (("plan", "--shards", "0"), "--shards 0: from 1 to 256"),
    (("render", "--shard", "4/3", "-o", "x"), "'4/3' is no shard"),
    (("render", "--shard", "1/3", "-o", "none/such/x.tar"), "cannot write none/such/x.tar"),
    (("publish", "--from", "none.tar"), "cannot read the bundle none.tar"),
])
def test_what_cannot_be_told(cli: Cli, args: tuple[str, ...], message: str) -> None:
    code, _, err = cli(*args)
    assert (code, message in err) == (2, True), err


ENVIRONMENTS = """\
environments:
- {name: edge, branch: env/edge, channels: [alpha, stable]}
- {name: staging, branch: env/staging}
- {name: production, branch: env/production, from: staging}
"""


def test_environments_get_what_is_in_the_bundles(repo: GitRepo, cli: Cli, tmp_path: Path) -> None:
    repo.write({".cluster-stacks.yaml": ENVIRONMENTS})
    repo.git("add", "-A")
    repo.git("commit", "-qm", "Name environments")
    bundles = render(cli, tmp_path)
    missing = cli("publish", *from_(bundles[:1]))
    assert missing[0] == 1
    assert "CS591" in missing[1]
    code, out, err = cli("publish", *from_(bundles))
    assert code == 0, err
    assert out.count(": new\n") == 2 * len(NAMES)
    assert cli("plan")[2] == "0 of 5 stacks to render\n"
    repo.git("branch", "-D", "env/staging")
    assert cli("plan")[2] == "0 of 5 stacks to render\n", "what one environment has, the other takes from it"
    assert cli("plan", "--branch", "other")[2] == "5 of 5 stacks to render\n"


def test_all_of_a_shard(cli: Cli, tmp_path: Path) -> None:
    cli("publish")
    for options, count in (((), 0), (("--all",), 5)):
        assert cli("render", "--shard", "1/1", *options, "-o", str(tmp_path / "all"))[2].split()[2] == str(count)
    assert cli("render", "--all", "-o", str(tmp_path / "x"))[0] == 2
