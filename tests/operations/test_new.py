"""`new stack`, `new minor`, `new addon`: what is made is right at once, and nothing is ever half made."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from cluster_stacks.cli.main import run
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations import creating
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.creating import NewFile, Plan, create
from cluster_stacks.operations.new import new_minor, new_stack
from cluster_stacks.operations.new_addon import ChartSource, new_addon
from cluster_stacks.operations.references import reference_names
from cluster_stacks.operations.validate import validate_stacks
from cluster_stacks.repository.effective import load_stack
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import WorktreeSnapshot
from cluster_stacks.versioning.rules import judge_state
from gitrepo_plugin import GitRepo, link, metadata
from reference_stacks import STACKS
from small_stack import STACK, files

WORKTREE = Question(worktree=True)
CHART = ChartSource("demo", "1.2.3", "https://charts.example.org")


def repository(repo: GitRepo, content: dict[str, str]) -> GitRepo:
    repo.commit({"README.md": "Ours.\n", **content})
    return repo.checkout()


def clean(repo: GitRepo) -> None:
    """What was made passes the rules of change and of state, and `validate`."""
    repo.git("switch", "--quiet", "--create", "topic")
    assert check(repo.path, Question(base="main", worktree=True)).findings == ()
    assert validate_stacks(repo.path, (), WORKTREE, engine="embedded").findings == ()


def tree(repo: GitRepo) -> dict[str, bytes]:
    found = (path for path in repo.path.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(repo.path).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("reference", STACKS)
def test_a_stack_from_each_reference(git_repo: GitRepo, reference: str) -> None:
    repo = repository(git_repo, {})
    like, _, minor = reference.rpartition("/")
    result = new_stack(repo.path, "acme/big", f"v{minor.replace('-', '.')}.99", like=like)
    assert result.what == f"acme/big/{minor}"
    assert result.origin.startswith(reference)
    versions = metadata(kubernetes=f"v{minor.replace('-', '.')}.99")
    assert repo.read(f"providers/acme/big/{minor}/metadata.yaml") == versions
    assert any("vars." in item.what for item in result.todo)
    clean(repo)
    assert set(result.files) == {path for path in tree(repo) if path.startswith("providers/")}


@pytest.mark.parametrize("reference", ["docker/scs", "openstack/scs"])
def test_a_minor_of_each_reference(git_repo: GitRepo, reference: str) -> None:
    repo = repository(git_repo, {})
    new_stack(repo.path, reference, "v1.36.4")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "a stack")
    result = new_minor(repo.path, reference)
    assert (result.what, result.origin) == (f"{reference}/1-37", f"{reference}/1-36")
    assert result.todo[0].what == "kubernetes is v1.37.0: write the patch that you want"
    clean(repo)


def test_the_same_kubernetes_leaves_nothing_to_edit(git_repo: GitRepo, root: Path) -> None:
    repo = repository(git_repo, {})
    assert new_stack(repo.path, "docker/scs", "1.36.4").todo == ()
    source = root / "providers/docker/scs"
    for path in sorted((source / "shared").rglob("*")):
        if path.is_file():
            copy = repo.path / "providers/docker/scs/shared" / path.relative_to(source / "shared")
            assert copy.read_bytes() == path.read_bytes()
            assert bool(copy.stat().st_mode & 0o100) == bool(path.stat().st_mode & 0o100), path


def test_a_minor_that_no_reference_has(git_repo: GitRepo) -> None:
    repo = repository(git_repo, {})
    assert "docker/scs/1-37" in new_stack(repo.path, "docker/scs", "v1.40.1").origin
    assert "docker/scs/1-35" in new_stack(repo.path, "docker/old", "v1.20.1").origin


@pytest.mark.parametrize(("name", "like", "said"), [
    ("acme/x", None, "--like: docker/scs or openstack/scs"),
    ("acme/x", "docker/sc", "did you mean docker/scs?"),
    ("Acme/x", None, "write PROVIDER/NAME in lower case"),
    ("docker/shared", None, "names no stack"),
    ("docker/scs", None, "is there already: `cluster-stacks new minor`"),
    ("../x", None, "names no stack"),
])
def test_a_stack_that_cannot_be(git_repo: GitRepo, name: str, like: str | None, said: str) -> None:
    repo = repository(git_repo, files())
    before = tree(repo)
    with pytest.raises(CannotTell, match=said.replace("(", "\\(")):
        new_stack(repo.path, name, "v1.36.4", like=like)
    assert tree(repo) == before


def test_the_references_are_bundled() -> None:
    assert reference_names() == ["docker/scs", "openstack/scs"]


def test_a_minor_is_a_copy_with_first_versions(git_repo: GitRepo) -> None:
    repo = repository(git_repo, {
        **files(version="v7"), f"{STACK}/1-36/overlay.yaml": "# ours\nfrom: 1-35\nvars: {size: 3, wanted: true}\n",
    })
    repo.write({f"{STACK}/1-36/cluster-class/link.yaml": link("machine.yaml"),
                f"{STACK}/1-36/notes/README.md": "for Kubernetes 1.36\n"})
    result = new_minor(repo.path, "docker/scs/1-37", kubernetes="v1.37.1")
    assert repo.read(f"{STACK}/1-37/metadata.yaml") == metadata(kubernetes="v1.37.1")
    assert repo.read(f"{STACK}/1-37/overlay.yaml") == "# ours\nvars: {size: 3, wanted: true}\n"
    assert (repo.path / STACK / "1-37/cluster-class/link.yaml").is_symlink()
    assert [(item.path.removeprefix(f"{STACK}/1-37/"), item.line) for item in result.todo] == [
        ("overlay.yaml", 2), ("notes/README.md", 1),
    ]


def test_a_minor_keeps_versions_where_asked(git_repo: GitRepo) -> None:
    repo = repository(git_repo, files(version="v7"))
    new_minor(repo.path, "docker/scs", keep_versions=True)
    assert repo.read(f"{STACK}/1-37/metadata.yaml") == metadata("v7", "v1.37.0")
    assert repo.read(f"{STACK}/1-37/overlay.yaml") == "from: 1-36\n"
    clean(repo)


@pytest.mark.parametrize(("target", "options", "said"), [
    ("docker/scs/1-36", {}, "is there already"),
    ("docker/scs/1-37", {"source": "1-63"}, "did you mean 1-36?"),
    ("docker/scs/1-37", {"kubernetes": "v1.38.0"}, "not of the minor 1-37: name 1-38"),
    ("docker/scs/1-37", {"kubernetes": "1.37"}, "is not a Kubernetes version"),
    ("docker/sc", {}, "did you mean docker/scs?"),
    ("docker/nothing/1-36", {}, "has no minor to copy"),
])
def test_a_minor_that_cannot_be(git_repo: GitRepo, target: str, options: dict[str, str], said: str) -> None:
    repo = repository(git_repo, files())
    before = tree(repo)
    with pytest.raises(CannotTell, match=said):
        new_minor(repo.path, target, **options)  # type: ignore[arg-type]  # only texts
    assert tree(repo) == before


def test_a_minor_of_a_broken_one_is_not_made(git_repo: GitRepo) -> None:
    repo = repository(git_repo, {**files(), f"{STACK}/1-36/overlay.yaml": "remove: [nothing]\n"})
    with pytest.raises(Refused):
        new_minor(repo.path, "docker/scs")
    assert not (repo.path / STACK / "1-37").exists()


def test_what_git_ignores_is_not_made(git_repo: GitRepo) -> None:
    repo = repository(git_repo, {**files(), ".gitignore": "1-37/\n"})
    before = tree(repo)
    with pytest.raises(CannotTell, match=r"look at \.gitignore"):
        new_minor(repo.path, "docker/scs")
    assert tree(repo) == before


@pytest.mark.parametrize("where", ["docker/scs", "docker/scs/1-37", "docker/scs/shared"])
@pytest.mark.parametrize("chart", [CHART, None])
def test_an_addon_of_a_reference(git_repo: GitRepo, where: str, chart: ChartSource | None) -> None:
    repo = repository(git_repo, {})
    new_stack(repo.path, "docker/scs", "v1.36.4")
    new_minor(repo.path, "docker/scs")
    new_addon(repo.path, where, "demo", chart=chart, namespace="demo")
    clean(repo)
    git = Git.discover(repo.path)
    snapshot = WorktreeSnapshot(git)
    for minor in ("1-36", "1-37"):
        source = load_stack(snapshot, StackId("docker", "scs", minor))
        assert judge_state(source) == []
        has = minor == "1-37" or "1-37" not in where
        assert ("cluster-addon/demo/addon.yaml" in source.files) is has
        assert (b"name: demo" in source.files["clusteraddon.yaml"].data) is has
    snapshot.close()


def test_the_next_minor_that_lacks_the_addon_is_told(git_repo: GitRepo) -> None:
    repo = repository(git_repo, {**files(), **files("1-37")})
    told = [item.what for item in new_addon(repo.path, "docker/scs/1-36", "demo").todo]
    assert told[1:] == ["docker/scs/1-37 comes after docker/scs/1-36 and lacks it: add it there too, or waive CS111"]
    assert len(new_addon(repo.path, "docker/scs/1-37", "demo").todo) == 1


def test_the_order_is_edited_by_two_lines(git_repo: GitRepo) -> None:
    order = "addonStages:\r\n  AfterControlPlaneInitialized:\r\n  - name: cilium   # first\r\n    action: apply"
    repo = repository(git_repo, {**files(), f"{STACK}/1-36/clusteraddon.yaml": order})
    repo.git("config", "core.autocrlf", "false")
    new_addon(repo.path, "docker/scs/1-36", "demo")
    assert (repo.path / STACK / "1-36/clusteraddon.yaml").read_bytes().decode() == (
        f"{order}\r\n  - name: demo\r\n    action: apply\r\n"
    )


@pytest.mark.parametrize("order", [
    "addonStages: {AfterControlPlaneInitialized: [{name: cilium, action: apply}]}\n",
    "addonStages:\n  AfterControlPlaneInitialized:\n#% if vars.x\n    - name: cilium\n      action: apply\n#% endif\n",
    "addonStages: {}\n",
])
def test_an_order_that_cannot_be_edited_is_told(git_repo: GitRepo, order: str) -> None:
    repo = repository(git_repo, {**files(), f"{STACK}/1-36/clusteraddon.yaml": order})
    before = tree(repo)
    with pytest.raises(CannotTell, match="by hand"):
        new_addon(repo.path, "docker/scs/1-36", "demo")
    assert tree(repo) == before


@pytest.mark.parametrize(("where", "name", "said"), [
    ("docker/scs/1-36", "cilium", "has an addon cilium already"),
    ("docker/scs/1-36", "Cilium", "cannot name an addon"),
    ("docker/scs", "demo", "has no shared/"),
    ("docker/scs/1-63", "demo", "did you mean docker/scs/1-36"),
])
def test_an_addon_that_cannot_be(git_repo: GitRepo, where: str, name: str, said: str) -> None:
    repo = repository(git_repo, files())
    with pytest.raises(CannotTell, match=said):
        new_addon(repo.path, where, name)


def test_a_failure_leaves_all_as_it_was(git_repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository(git_repo, {"a/order.yaml": "1\n"})
    before = tree(repo)
    plan = Plan("x/y/z", {"f": NewFile(b"1"), "g/h": NewFile(b"#!", "100755")}, {"a/order.yaml": b"2\n", "a/b": b"3"})

    def fail() -> None:
        assert len(tree(repo)) == len(before) + 3
        raise CannotTell("no")

    with pytest.raises(CannotTell, match="no"):
        create(repo.path, plan, fail)
    assert tree(repo) == before
    assert sorted(path.name for path in repo.path.iterdir()) == [".git", "README.md", "a"]
    monkeypatch.setattr(creating, "_permissions", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        create(repo.path, plan, lambda: None)
    assert sorted(path.name for path in repo.path.iterdir()) == [".git", "README.md", "a"]


def test_a_link_on_the_way_is_not_followed(git_repo: GitRepo, tmp_path: Path) -> None:
    repo = repository(git_repo, {})
    (tmp_path / "elsewhere").mkdir()
    (repo.path / "providers").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotTell, match="symbolic link"):
        new_stack(repo.path, "docker/scs", "v1.36.4")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_command(git_repo: GitRepo, root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    repo = repository(git_repo, {})
    schema = json.loads((root / "schemas/new.schema.json").read_bytes())
    at = ["--repo", str(repo.path)]
    assert run(["new", "stack", *at, "docker/scs", "--kubernetes", "v1.36.9", "--dry-run", "--format", "json"]) == 0
    result = json.loads(capfd.readouterr().out)
    jsonschema.validate(result, schema)
    assert not (repo.path / "providers").exists()
    assert run(["new", "stack", *at, "docker/scs", "--kubernetes", "v1.36.9"]) == 0
    out, err = capfd.readouterr()
    assert all(path in out for path in result["files"])
    assert "overlay.yaml:5: vars.kind_digest is sha256:" in out
    assert "cluster-stacks validate docker/scs/1-36" in err
    assert run(["new", "addon", *at, "docker/scs", "demo"]) == 2
    assert "--manifests" in capfd.readouterr().err
    chart = ["--version", ">1", "--repository", "https://x.example"]
    assert run(["new", "addon", *at, "docker/scs", "demo", *chart]) == 2
    assert "exact version" in capfd.readouterr().err
    assert run(["new", "addon", *at, "docker/scs", "demo", "--version", "1.2.3"]) == 2
    assert "--repository" in capfd.readouterr().err
